"""`[n]` marks as language models write them → sentences with numbers."""

import re

from index.statements import split_sentences

_MARKS = re.compile(r"\s*[\[【]\s*(\d+(?:\s*[,;–-]\s*\d+)*)\s*[\]】]")
_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)")
_MAX_RANGE = 20


def split_marked(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """Each sentence without its marks, and the passage numbers it cites; one that cites nothing has none."""
    found: list[tuple[str, tuple[int, ...]]] = []
    for line in text.splitlines():
        cursor = 0
        for match in _MARKS.finditer(line):
            pending = line[cursor : match.start()]
            numbers = _numbers(match[1])
            cursor = match.end()
            if not pending.strip(" .") and found:
                found[-1] = (found[-1][0], (*found[-1][1], *numbers))
                continue
            *loose, last = split_sentences(pending.strip(" -*")) or [""]
            found.extend((sentence, ()) for sentence in loose)
            if line[cursor : cursor + 1] in (".", "!", "?"):
                last += line[cursor]
                cursor += 1
            found.append((last, numbers))
        found.extend((sentence, ()) for sentence in split_sentences(line[cursor:].strip(" -*")))
    return [(sentence, numbers) for sentence, numbers in found if sentence.strip(" .")]


def _numbers(text: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for part in re.split(r"[,;]", text):
        if (span := _RANGE.search(part)) and int(span[2]) - int(span[1]) < _MAX_RANGE:
            numbers += range(int(span[1]), int(span[2]) + 1)
        elif part.strip().isdigit():
            numbers.append(int(part))
    return tuple(numbers)
