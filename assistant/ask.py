"""A question as it comes to the API: its shape, its limits, and what is said of one that has another shape."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException

from assistant.conversation.standalone import MAX_TURNS
from assistant.screen import MAX_CHARS
from assistant.texts import say

# Bytes. `MAX_TURNS` questions of `MAX_CHARS` are 40 000 characters; æ, ø and å are two bytes each, or six escaped.
MAX_BODY = 64 * 1024
LANGUAGE = "nb"  # of what the API says of itself; an answer has its own
_MAX_FILTER = 60  # characters


class AskFilters(BaseModel):
    """`Filters` as they come from outside; `choices.read_filters` knows which values the guide has."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    form: str = Field(default="", max_length=_MAX_FILTER)
    place: str = Field(default="", max_length=_MAX_FILTER)
    phase: str = Field(default="", max_length=_MAX_FILTER)


class Ask(BaseModel):
    """A question, alone or as the last turn of a conversation; one of the two."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    question: str | None = Field(default=None, max_length=MAX_CHARS)
    turns: list[str] | None = Field(default=None, min_length=1, max_length=MAX_TURNS)
    filters: AskFilters = AskFilters()

    @model_validator(mode="after")
    def _is_one_of_two(self) -> "Ask":
        if (self.question is None) == (self.turns is None):
            raise ValueError("either a question or turns")
        if any(len(turn) > MAX_CHARS for turn in self.turns or ()):
            raise PydanticCustomError("string_too_long", "a turn is too long")
        return self

    @property
    def conversation(self) -> list[str]:
        """Every turn, the question last."""
        return self.turns if self.turns is not None else [self.question or ""]


class Told(HTTPException):
    """Why there is no answer, with a Norwegian sentence that the user may see as its detail."""


class Problem(BaseModel):
    """Why there is no answer."""

    error: str


def what_is_wrong(errors: Sequence[Mapping[str, Any]]) -> tuple[int, str]:
    """The status, 400 for what is no JSON and 422 for JSON that is no `Ask`, and a sentence on it."""
    kinds = {error["type"]: error["msg"] for error in errors}
    if "json_invalid" in kinds:
        return 400, say(LANGUAGE, "api_no_json")
    if "string_too_long" in kinds:
        return 422, say(LANGUAGE, "too_long", limit=MAX_CHARS)
    if "too_long" in kinds:
        return 422, say(LANGUAGE, "api_too_many_turns", limit=MAX_TURNS)
    return 422, say(LANGUAGE, "api_wrong_shape")
