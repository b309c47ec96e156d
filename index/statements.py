"""Sentences and where they come from: `Setningen.[^kilde@2021]` → statements with source marks and periods."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markdown_it import MarkdownIt

from index.types import ADVICE, UNCONFIRMED, Mark, Period, Statement

_MARKS = re.compile(r"(?:\[\^[^\]\s]+\])+")
_MARK = re.compile(r"\[\^([^\]\s]+)\]")
_MARK_BODY = re.compile(r"(?P<source>[a-zæøå0-9-]+)(?:@(?P<period>\S+))?")
_DAY = r"\d{4}(?:-\d{2}-\d{2})?"
_PERIOD = re.compile(rf"(?P<only>{_DAY})|(?P<start>{_DAY})?\.\.(?P<end>{_DAY})?")
_LINK = re.compile(r"\[([^\]^]+)\]\([^)\s]*\)")
_EMPHASIS = re.compile(r"\*\*|__|`|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")
_SPACES = re.compile(r"\s+")
# Blocks alone are wanted: what stands inside a line is not parsed.
_MARKDOWN = MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"])
# A full stop that does not end a sentence: abbreviations, ordinals and single initials.
_SENTENCE_BREAK = re.compile(r"[.!?][»)]?\s+(?=[A-ZÆØÅ«])|\.\s+(?=\d)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:f\.eks|bl\.a|dvs|ca|nr|kap|jf|mv|osv|pkt|art|evt|inkl|ekskl|mill|mrd|kl|tlf|st|prop|meld|[A-ZÆØÅ])"
    r"|(?<!\d)\d{1,2})\.$",
    re.I,
)


@dataclass(frozen=True)
class Block:
    """A paragraph, list item, table cell or heading: its kind, its level (headings), and its place in the text."""

    kind: str
    level: int
    start: int
    end: int


def parse_period(value: str) -> Period:
    """The period written as `2021`, `2020..2021`, `2026..`, `..2023`, with dates, or `udatert`.

    Raises:
        ValueError: the text is no period, with what was expected in Norwegian.
    """
    if value == "udatert":
        return Period(undated=True)
    match = _PERIOD.fullmatch(value)
    if match is None or value == "..":
        raise ValueError(f"«{value}» er ingen periode; skriv for eksempel 2021, 2020..2021, 2026.. eller udatert")
    first, last = (match["only"], match["only"]) if match["only"] else (match["start"], match["end"])
    start = _day(first, "01-01") if first else None
    end = _day(last, "12-31") if last else None
    if start and end and start > end:
        raise ValueError(f"perioden «{value}» slutter før den begynner")
    return Period(start, end)


def write_period(period: Period) -> str:
    """The period as an editor writes it: what `parse_period` reads back."""
    if period.undated:
        return "udatert"
    start, end = (
        "" if day is None else str(day.year if (day.month, day.day) == edge else day)
        for day, edge in ((period.start, (1, 1)), (period.end, (12, 31)))
    )
    return start if start and start == end else f"{start}..{end}"


def _day(value: str, rest: str) -> date:
    try:
        return date.fromisoformat(value if len(value) > 4 else f"{value}-{rest}")
    except ValueError:
        raise ValueError(f"«{value}» er ingen dato; skriv ÅÅÅÅ eller ÅÅÅÅ-MM-DD") from None


def parse_mark(body: str, periods: Mapping[str, Period | None]) -> Mark:
    """The mark `kilde-id` or `kilde-id@periode`; without a period the source's own applies.

    Raises:
        ValueError: malformed, an unknown source, or a source without any period; in Norwegian.
    """
    match = _MARK_BODY.fullmatch(body)
    if match is None:
        raise ValueError(f"kildemerket «{body}» er ikke på formen kilde-id eller kilde-id@periode")
    source, written = match["source"], match["period"]
    if source in (ADVICE, UNCONFIRMED):
        return Mark(source, parse_period(written) if written else Period())
    if source not in periods:
        raise ValueError(f"ukjent kilde «{source}»; den står ikke i kilder.yaml")
    period = parse_period(written) if written else periods[source]
    if period is None:
        raise ValueError(f"kildemerket «{source}» mangler periode; skriv {source}@2021 eller {source}@udatert")
    return Mark(source, period)


def find_blocks(text: str, start: int) -> list[Block]:
    """The blocks of the Markdown in `text[start:]`, in order, with offsets into `text`."""
    offsets = [start]
    for line in text[start:].split("\n"):
        offsets.append(min(offsets[-1] + len(line) + 1, len(text)))  # the last line may have no end
    blocks, kind, level, cursor = [], "paragraph", 0, start
    for token in _MARKDOWN.parse(text[start:]):
        if token.type == "heading_open":
            kind, level = "heading", int(token.tag[1])
        elif token.type in ("th_open", "td_open"):
            kind = "header" if token.type == "th_open" else "cell"
        elif token.type == "list_item_open":
            kind = "item"
        elif token.type in ("bullet_list_close", "ordered_list_close", "heading_close", "td_close", "th_close"):
            kind, level = "paragraph", 0
        elif token.type in ("fence", "code_block", "html_block") and token.map:
            first, last = _trim(text, offsets[token.map[0]], offsets[token.map[1]])
            cursor = last
            blocks.append(Block("code", 0, first, last))
        elif token.type == "inline" and token.content and token.map:
            lines = token.content.split("\n")
            opening = max(offsets[token.map[0]], cursor)
            first = text.find(lines[0], opening)
            if first < 0:  # a table cell, where the parser has taken the backslash off a bar
                lines = [line.replace("|", "\\|") for line in lines]
                first = text.find(lines[0], opening)
            last = text.find(lines[-1], max(first, offsets[token.map[1] - 1] if len(lines) > 1 else first))
            cursor = last + len(lines[-1])
            blocks.append(Block(kind, level, first, cursor))
    return blocks


def nest_heading(above: Sequence[tuple[int, str]], level: int, heading: str) -> list[tuple[int, str]]:
    """The headings over a text, outermost first, when a heading of `level` comes after those `above`."""
    return [*((depth, name) for depth, name in above if depth < level), (level, heading)]


def split_statements(text: str, start: int, end: int) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """`(start, end, mark bodies)` for each marked sentence in `text[start:end]`, then what is left without a mark."""
    cursor = start
    for match in _MARKS.finditer(text, start, end):
        first, last = _trim(text, cursor, match.start())
        yield first, last, tuple(_MARK.findall(match.group()))
        cursor = match.end()
    first, last = _trim(text, cursor, end)
    if first < last:
        yield first, last, ()


def make_statement(start: int, end: int, bodies: Iterable[str], periods: Mapping[str, Period | None]) -> Statement:
    """The statement with its marks read. Raises: ValueError as `parse_mark`."""
    return Statement(start, end, tuple(parse_mark(body, periods) for body in bodies))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def split_sentences(text: str) -> list[str]:
    """The sentences of a plain text; abbreviations, ordinals and initials do not end one."""
    sentences, cursor = [], 0
    for match in _SENTENCE_BREAK.finditer(text):
        head = text[cursor : match.start() + 1]
        if not _ABBREVIATION.search(head):
            sentences.append(text[cursor : match.end()].strip())
            cursor = match.end()
    tail = text[cursor:].strip()
    return [*sentences, tail] if tail else sentences


def plain(text: str) -> str:
    """The text as a reader sees it: without source marks, link addresses, emphasis and line breaks."""
    return _SPACES.sub(" ", _EMPHASIS.sub("", _LINK.sub(r"\1", _MARKS.sub("", text)))).strip()
