"""`[n]` marks as language models write them → sentences with numbers, while the text still streams in."""

import re
from dataclasses import dataclass

from index.statements import split_sentences

_LOOKAHEAD = 160  # characters; no mark, and nothing else that decides where a sentence ends, is longer
_MAX_RANGE = 20
_MAX_PASSAGE = 999  # a larger number in brackets is a year or an amount
_LABEL = r"(?:(?:kilde|kjelde|utdrag|source|passage|ref|nr|no)\.?\s?|[\^#])"
_NUMBER = rf"{_LABEL}?\s?[\"«“]?\d{{1,8}}[\"»”]?"
_JOIN = r"\s?(?:[,;&–-]|og|and|to|til)\s?"
_NUMBERS = rf"\s?{_NUMBER}(?:{_JOIN}{_NUMBER}){{0,7}}\s?"
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_MARK = re.compile(
    rf"[ \t]{{0,4}}(?:[\[【［]{_NUMBERS}(?::\d{{1,3}})?(?:†[^\]】\n]{{0,60}})?[\]】］]"
    rf"|(?<!\bm)(?<!\bkm)(?<!\bcm)(?<!kvm)[{_SUPERSCRIPTS}]{{1,3}}(?:[,˒ ]{{1,2}}[{_SUPERSCRIPTS}]{{1,3}}){{0,7}}"
    # In round brackets only where nothing but a mark can stand: labelled, or right at the end of a sentence.
    rf"|\(\s?{_LABEL}{_NUMBERS}\)|(?<=[.!?])[ \t]{{0,4}}\({_NUMBERS}\)|\({_NUMBERS}\)(?=[.!?](?:\s|$)))",
    re.I,
)
_LEDD = re.compile(
    r"(?:§{1,2}\s?\d[\d-]*(?:\s?[a-z])?|\b(?:ledd|bokstav|nr\.?|punkt|kapittel|kap\.|alternativ))\s?$", re.I
)
_RANGE = re.compile(r"(\d+)\D*?\s?(?:[–-]|to\b|til\b)\s?\D*?(\d+)", re.I)
_BULLET = re.compile(r"\s*(?:#{1,6}\s+|[-*•–]\s+|\d{1,2}[.)]\s+(?=[A-ZÆØÅ«]))?")
_END = re.compile(r"[.!?]")
_BLANK = re.compile(r"\s*")
_NOTHING = " .,;:!?*-–•\t"


@dataclass(frozen=True)
class Marked:
    """A sentence without its marks, the passage numbers it cites (maybe none), and whether it is a list item."""

    text: str
    numbers: tuple[int, ...]
    is_item: bool = False


class MarkReader:
    """Reads a text in pieces of any size. Where the pieces are cut never changes what comes out.

    What ends a sentence is decided only when `_LOOKAHEAD` characters behind it are known, or the text is at its end.
    """

    def __init__(self) -> None:
        self._buffer, self._in_item, self._at_line_start = "", False, True

    def feed(self, piece: str) -> list[Marked]:
        """The sentences that are certainly finished now."""
        self._buffer += piece
        return self._read(_LOOKAHEAD)

    def close(self) -> list[Marked]:
        """The sentences that were left; the last may be cut short."""
        return self._read(0)

    def _read(self, lookahead: int) -> list[Marked]:
        found: list[Marked] = []
        while self._buffer:
            marked, end, at_line_start, in_item = self._next()
            if len(self._buffer) - end < lookahead or end == 0:
                break
            self._buffer, self._at_line_start, self._in_item = self._buffer[end:], at_line_start, in_item
            if marked.text.strip(_NOTHING):
                found.append(marked)
        return found

    def _next(self) -> tuple[Marked, int, bool, bool]:
        """The first sentence, where it and its marks end, and the state of the line there."""
        text, in_item = self._buffer, self._in_item
        start = _BLANK.match(text).end() if not self._at_line_start else 0  # type: ignore[union-attr]
        numbers: tuple[int, ...] = ()
        if self._at_line_start:
            bullet = _BULLET.match(text)
            start = bullet.end() if bullet else 0
            in_item = bool(bullet and bullet[0].strip() and not bullet[0].strip().startswith("#"))
            numbers, start = _take_marks(text, start)  # "[1] Foreninger kan søke." cites before it speaks
            start += bool(numbers and text[start : start + 1] == ".")
        newline = text.find("\n", start)
        line = text[start : newline if newline >= 0 else len(text)]
        mark = _find_mark(text, start, start + len(line))
        segment = text[start : mark.start()] if mark else line
        sentences = split_sentences(segment)
        if len(sentences) > 1:
            end = start + segment.index(sentences[0]) + len(sentences[0])
            return Marked(sentences[0], numbers, in_item), end, False, in_item
        end = start + len(segment)
        said = segment.strip().lstrip(",; ")
        before, (after, end) = end, _take_marks(text, end)
        if end > before and _END.match(text, end):
            said, end = said + text[end], end + 1
        late, end = _take_marks(text, end)
        own_line, end = _take_own_line(text, end)
        blank = _BLANK.match(text, end)
        end = blank.end() if blank else end
        at_line_start = "\n" in text[start:end]
        return Marked(said, (*numbers, *after, *late, *own_line), in_item), end, at_line_start, in_item


def _find_mark(text: str, start: int, end: int) -> re.Match[str] | None:
    return next((m for m in _MARK.finditer(text, start, end) if _is_mark(m)), None)


def _is_mark(match: re.Match[str]) -> bool:
    """Whether it points to a passage: no year, no amount, no "§ 3-1 (2)"."""
    figures = [int(figure) for figure in re.findall(r"\d+", _as_digits(match[0].partition("†")[0]))]
    bare = match[0].lstrip()
    is_ledd = bare.startswith("(") and bool(_LEDD.search(match.string[: match.start()].rstrip()))
    return min(figures) <= _MAX_PASSAGE and not is_ledd


def _take_marks(text: str, start: int) -> tuple[tuple[int, ...], int]:
    """The numbers of the marks that follow each other from `start`, and where they end."""
    numbers: list[int] = []
    while (match := _MARK.match(text, start)) and _is_mark(match):
        numbers += _numbers(match[0])
        start = match.end()
        if glue := re.compile(r"[ \t]?(?:,|;|og|and)[ \t]?(?=[\[【［])").match(text, start):
            start = glue.end()
    return tuple(numbers), start


def _take_own_line(text: str, start: int) -> tuple[tuple[int, ...], int]:
    """The numbers of marks that fill the next line alone: they belong to the sentence before."""
    blank = re.compile(r"\s{0,20}\n\s{0,20}").match(text, start)
    if blank is None:
        return (), start
    numbers, end = _take_marks(text, blank.end())
    if numbers and re.compile(r"[ \t.]{0,4}(?:\n|$)").match(text, end):
        return numbers, end
    return (), start


def _numbers(mark: str) -> list[int]:
    """The numbers of one mark; a range that is endless or runs backwards cites nothing."""
    if superscripts := re.findall(rf"[{_SUPERSCRIPTS}]+", mark):
        return [int(_as_digits(figure)) for figure in superscripts]
    numbers: list[int] = []
    for part in re.split(r"[,;&]|\bog\b|\band\b", mark.partition("†")[0].partition(":")[0]):
        if span := _RANGE.search(part):
            first, last = int(span[1]), int(span[2])
            numbers += range(first, last + 1) if last - first < _MAX_RANGE else ()
        elif figure := re.search(r"\d+", part):
            numbers.append(int(figure[0]))
    return numbers


def _as_digits(text: str) -> str:
    return text.translate(str.maketrans(_SUPERSCRIPTS, "0123456789"))


def read_marked(text: str) -> list[Marked]:
    """Each sentence of a whole text; headings and list signs are gone."""
    reader = MarkReader()
    return [*reader.feed(text), *reader.close()]
