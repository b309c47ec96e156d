"""One answer → what is copied: the answer alone, or with its sources as text and as HTML."""

from datetime import date

from assistant.describe import describe_day
from assistant.export.blocks import Block, Heading, Paragraph, Span
from assistant.export.cited import describe_sources, group_citations
from assistant.export.frame import read_turn, tell_versions
from assistant.export.html import write_html
from assistant.export.plain import write_plain
from assistant.export.said import read_unmarked
from assistant.texts import say
from assistant.types import Answer
from assistant.warn import span_marks


def clean_text(answer: Answer) -> str:
    """The answer as plain text without numbers and markup."""
    return write_plain(read_unmarked(answer))


def text_with_sources(question: str, answer: Answer, language: str, today: date | None = None) -> str:
    """Question, answer with its numbers, sources, and what made it, as plain text; its frame in `language`."""
    return write_plain(_compose(question, answer, language, today or date.today()))


def html_with_sources(question: str, answer: Answer, language: str, today: date | None = None) -> str:
    """The same as a piece of HTML without a style."""
    return write_html(_compose(question, answer, language, today or date.today()), language)


def _compose(question: str, answer: Answer, language: str, today: date) -> list[Block]:
    """The numbers are those on the screen, and written out: a list would take new ones where it is pasted."""
    blocks = read_turn(question, answer, {c.n: c.n for c in answer.citations})
    if answer.citations:
        blocks.append(Heading(3, (Span(say(language, "page_sources")),)))
    for group in group_citations(answer.citations):
        marks = Span(f"{' '.join(span_marks(c.n for c in group))} ")
        blocks.append(Paragraph((marks, *describe_sources(group, language, is_numbered=True))))
    guide, versions = say(language, "page_title"), tell_versions([answer], language)
    made = say(language, "export_made", guide=guide, date=describe_day(today, language), versions=versions)
    return [*blocks, Paragraph((Span(made.strip()),))]
