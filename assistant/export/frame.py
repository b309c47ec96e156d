"""A question and its answer as blocks, and which versions of the guide answered."""

from collections.abc import Mapping, Sequence

from assistant.export.blocks import Block, Heading, Paragraph, Span
from assistant.export.said import read_said
from assistant.screen import MAX_CHARS, screen
from assistant.texts import say
from assistant.types import Answer


def read_turn(question: str, answer: Answer, numbers: Mapping[int, int]) -> list[Block]:
    """The question as a heading, without personal data; what it was understood as; the answer, as `read_said`."""
    language = answer.language
    asked = screen(question[:MAX_CHARS]).text + ("…" if len(question) > MAX_CHARS else "")
    blocks: list[Block] = [Heading(2, (Span(asked or say(language, "export_empty_question"), language=language),))]
    if answer.understood:
        blocks.append(_frame(say(language, "understood", question=answer.understood), language))
    blocks += read_said(answer, numbers)
    if answer.receipt and answer.receipt.note:
        blocks.append(_frame(answer.receipt.note, language))
    return blocks


def _frame(text: str, language: str) -> Paragraph:
    return Paragraph((Span(text, language=language),))


def tell_versions(answers: Sequence[Answer], language: str) -> str:
    """The versions of the guide and of its index that answered; empty where nothing was looked up."""
    receipts = [answer.receipt for answer in answers if answer.receipt]
    told = [say(language, "export_version", corpus=r.corpus, index=r.index) for r in receipts]
    return " ".join(dict.fromkeys(told))
