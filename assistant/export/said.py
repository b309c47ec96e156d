"""The text of an answer → blocks, each `[n]` a pointer to a source, and each part in its own language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from assistant.eligibility.conditions import Mark
from assistant.export.blocks import Block, Item, Paragraph, Span, Spans, Table
from assistant.language import GUIDE
from assistant.texts import say
from assistant.types import Answer
from assistant.warn import join_names, span_marks

_MARK = re.compile(r"\[(\d{1,4})\]")
_RUN = re.compile(r"\[\d{1,4}\](?:(?:–|,? (?:(?:og|and) )?)\[\d{1,4}\])*")  # `[1]`, `[1]–[3] [5]`, `[1], [3] og [4]`
_RUN_PART = re.compile(r"\[(\d{1,4})\](?:–\[(\d{1,4})\])?")
_CELL = re.compile(r"(?<!\\)\|")  # the border of a table's cell
_LEAD = re.compile(r"- \*\*(?P<name>.+?):\*\* ")


def read_said(answer: Answer, numbers: Mapping[int, int]) -> list[Block]:
    """The answer's text, where `numbers` tells the source that each mark points to; a mark of none is mere text."""
    reader = _Reader(answer, numbers)
    blocks: list[Block] = []
    for is_table, group in groupby(answer.text.split("\n"), key=lambda line: line.startswith("| ")):
        lines = [line for line in group if line]
        blocks += [reader.table(lines)] if is_table else map(reader.block, lines)
    return blocks


def read_unmarked(answer: Answer) -> list[Block]:
    """The answer's text without a mark; what a warning says of marked sentences, it says of some of them."""
    if not answer.citations:
        return read_said(answer, {})
    before, after = _around_marks(answer.language)
    of_marks = re.compile(rf"{re.escape(before)}{_RUN.pattern}{re.escape(after)}")
    text = of_marks.sub(say(answer.language, "what_some_unmarked"), answer.text)
    return read_said(replace(answer, text=re.sub(rf" ?{_RUN.pattern}", "", text)), {})


def _around_marks(language: str) -> tuple[str, str]:
    """What a warning says right before and after the marks that it is about."""
    before, _, after = say(language, "what_some", marks="\n").partition("\n")
    return before, after


class _Reader:
    """Knows which words of an answer are the guide's and which are ours, and what its marks point to."""

    def __init__(self, answer: Answer, numbers: Mapping[int, int]) -> None:
        self._answer, self._numbers = answer, numbers
        self._ours = {"", say(answer.language, "compare_short")} | {say(answer.language, f"mark_{m}") for m in Mark}
        own_words = say(answer.language, "model_words") in answer.text
        self._quoted = answer.language if own_words else GUIDE

    def block(self, line: str) -> Block:
        """A list item or a paragraph."""
        if lead := _LEAD.match(line):
            name = Span(f"{lead['name']}:", is_bold=True, language=self._name_language(lead["name"]))
            return Item((name, Span(" "), *self._words(line[lead.end() :])))
        if line.startswith("- "):
            return Item(self._words(line[2:]))
        return Paragraph(self._words(line))

    def table(self, lines: Sequence[str]) -> Table:
        """The table without the line that only draws a rule; names and headings head its columns and rows."""
        rows = [
            [cell.strip().replace("\\|", "|") for cell in _CELL.split(line)[1:-1]]
            for place, line in enumerate(lines)
            if place != 1
        ]
        return Table(
            tuple(
                tuple(
                    self._words(cell) if row and column else (Span(cell, language=self._name_language(cell)),)
                    for column, cell in enumerate(cells)
                )
                for row, cells in enumerate(rows)
            )
        )

    def _name_language(self, name: str) -> str:
        return self._answer.language if name in self._ours else GUIDE

    def _words(self, text: str) -> Spans:
        """The words with their marks; what has a mark and is no warning is quoted."""
        is_quoted = _MARK.search(text) and text not in self._answer.warnings
        language = self._quoted if is_quoted else self._answer.language
        spans: list[Span] = []
        done = 0
        for run in _RUN.finditer(text):
            spans += [Span(text[done : run.start()], language=language), *self._point(run, language)]
            done = run.end()
        return tuple(span for span in (*spans, Span(text[done:], language=language)) if span.text)

    def _point(self, run: re.Match[str], language: str) -> list[Span]:
        """The marks that follow each other, by the numbers of their sources, each once."""
        ends = [(int(first), int(last or first)) for first, last in _RUN_PART.findall(run[0])]
        if not all(n in self._numbers for pair in ends for n in pair):
            return [Span(run[0], language=language)]
        cited = [n for first, last in ends for n in range(first, last + 1) if n in self._numbers]
        marks = span_marks(self._numbers[n] for n in cited)
        is_named = run.string[: run.start()].endswith(_around_marks(self._answer.language)[0])
        told = join_names(marks, self._answer.language) if is_named else " ".join(marks)
        parts = _MARK.split(told)  # text and numbers in turn
        return [
            Span(f"[{part}]" if place % 2 else part, language=language, source=int(part) if place % 2 else 0)
            for place, part in enumerate(parts)
            if part
        ]
