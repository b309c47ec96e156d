"""What a person can say of an answer, and what is kept of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from assistant.screen import MAX_CHARS
from assistant.texts import LANGUAGES
from assistant.types import Status


class Rating(StrEnum):
    """Whether an answer was to any help."""

    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"


class Reason(StrEnum):
    """Why an answer was no help, in the order shown; `reason_…` in the texts says it. Rows hold these: only add."""

    WRONG = "wrong"
    MISSING_DETAIL = "missing_detail"
    WRONG_SCHEME = "wrong_scheme"
    UNCLEAR = "unclear"
    OUTDATED = "outdated"
    NOT_IN_SOURCE = "not_in_source"
    NO_ANSWER = "no_answer"
    OTHER = "other"


_Name = Annotated[str, Field(max_length=64, pattern=r"^[\w.-]*$")]
_DocumentId = Annotated[str, Field(max_length=200, pattern=r"^[\w-]+(/[\w-]+)+$")]


@dataclass(frozen=True)
class Feedback:
    """One verdict on one answer: which answer, from which index `version`, and the `documents` that it cited.

    Nothing says who gave it. `language` is that of the page, and `reason` is there when the answer was no help.
    """

    answer_id: _Name
    question: Annotated[str, Field(max_length=MAX_CHARS)]
    status: Status
    rating: Rating
    reason: Reason | None
    version: _Name
    documents: Annotated[tuple[_DocumentId, ...], Field(max_length=500)]
    language: str

    def __post_init__(self) -> None:
        """Raises: ValueError for what does not go together."""
        if (self.reason is None) != (self.rating is Rating.HELPFUL):
            raise ValueError("a reason is given when the answer was no help, and only then")
        if self.language not in LANGUAGES:
            raise ValueError(f"the language is one of {', '.join(LANGUAGES)}, not {self.language}")


@dataclass(frozen=True)
class Kept:
    """Feedback as it was kept: the question screened, each document once; `at` is UTC to the whole hour."""

    at: datetime
    feedback: Feedback
