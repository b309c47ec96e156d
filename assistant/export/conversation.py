"""A conversation → a file to keep or send: every question and answer, and one list of all the sources."""

from collections.abc import Sequence
from datetime import date

from assistant.describe import describe_day
from assistant.export.blocks import Block, Heading, Item, Paragraph, Span
from assistant.export.cited import describe_sources, group_citations
from assistant.export.frame import read_turn, tell_versions
from assistant.export.markdown import write_markdown
from assistant.texts import say
from assistant.types import Answer

Turns = Sequence[tuple[str, Answer]]


def conversation_markdown(turns: Turns, language: str, today: date | None = None) -> str:
    """The conversation as Markdown; its frame in `language`, each answer in its own."""
    return write_markdown(_compose(turns, language, today or date.today()))


def conversation_word(turns: Turns, language: str, today: date | None = None) -> bytes:
    """The same as a Word file (.docx), where a number in an answer leads to its source."""
    from assistant.export.word import write_word

    return write_word(_compose(turns, language, today or date.today()), _title(language), language)


def _title(language: str) -> str:
    return say(language, "export_conversation", guide=say(language, "page_title"))


def _compose(turns: Turns, language: str, today: date) -> list[Block]:
    """The numbers are the document's own: one for each passage and source, however often it is cited."""
    cited = [citation for _, answer in turns for citation in answer.citations]
    groups = group_citations(cited)
    number_of = {id(citation): number for number, group in enumerate(groups, 1) for citation in group}
    notice = say(language, "export_notice", guide=say(language, "page_title"), date=describe_day(today, language))
    blocks: list[Block] = [Heading(1, (Span(_title(language)),)), Paragraph((Span(notice),))]
    for question, answer in turns:
        blocks += read_turn(question, answer, {c.n: number_of[id(c)] for c in answer.citations})
    if groups:
        blocks.append(Heading(2, (Span(say(language, "page_sources")),)))
    for number, group in enumerate(groups, 1):
        blocks.append(Item(describe_sources(group, language, is_numbered=False), number, is_source=True))
    told = tell_versions([answer for _, answer in turns], language)
    return [*blocks, Paragraph((Span(told),))] if told else blocks
