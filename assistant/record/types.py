"""What is kept of a question, and what can go wrong with keeping."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.types import NO_FILTERS, Answer, Filters, Status

_ID_DIGITS = 8


class StoreFault(Exception):
    """The database can't be written or read now; the message is a Norwegian sentence."""


class Channel(StrEnum):
    """Where a question came in."""

    PAGE = "page"
    API = "api"


@dataclass(frozen=True)
class Asking:
    """A question that was answered, as it is handed over to be kept: `turns` as typed, the question last.

    `sections` are those of the answer's citations, in the same order, and `version` is the index it was made from.
    """

    turns: tuple[str, ...]
    answer: Answer
    sections: tuple[str, ...]
    version: str
    channel: Channel


@dataclass(frozen=True)
class KeptQuestion:
    """A question as it was kept: screened, and nothing says by whom; `at` is UTC to the whole hour.

    `understood` is the question that stands alone where it differs from what was typed. `known` is how sure the answer
    was, from 0 to 1. Of what must not be kept there is the status, and no words, sources, filters or `answer_id`.
    """

    at: datetime
    question: str
    understood: str
    status: Status
    language: str
    channel: Channel
    version: str
    answer_id: str = ""
    known: float | None = None
    documents: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    chunks: tuple[str, ...] = ()
    filters: Filters = NO_FILTERS

    @property
    def standalone(self) -> str:
        """What was asked, as it can be read without the conversation before it."""
        return self.understood or self.question


def question_id(question: str) -> str:
    """The short id of a question, the same for the same words in every run and report."""
    return hashlib.sha256(question.casefold().encode()).hexdigest()[:_ID_DIGITS]
