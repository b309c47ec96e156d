"""The conversation that a page holds → a file to download; nothing of it is kept."""

import re
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from assistant.export.conversation import conversation_markdown, conversation_word
from assistant.texts import LANGUAGES, say
from assistant.types import Answer
from index.document import FOLDERS

MAX_BYTES = 1024 * 1024
MAX_TURNS = 50
# Lines, cells, marks and sources: at 0.2 ms each, two seconds at most for a Word file. The 17 lists of every scheme
# that a mebibyte holds have 4 600 (measured November 2026).
MAX_PARTS = 10_000
_PART = re.compile(r"[\n|\[]")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Turn:
    """A question as it was typed, and its answer as `Answer.as_json` gave it."""

    question: str
    answer: Answer


@dataclass(frozen=True)
class Conversation:
    """What a page sends: its own language, and the turns in order."""

    language: Literal["nb", "nn", "en"]
    turns: Annotated[list[Turn], Field(min_length=1, max_length=MAX_TURNS)]


class _Refused(Exception):
    """Why no file is written: the HTTP status, and the key of the text that says so."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(status, key)
        self.status, self.key = status, key


def export_routes() -> APIRouter:
    """`POST /samtale.md` and `POST /samtale.docx`, each with a `Conversation` as JSON."""
    router = APIRouter(include_in_schema=False)

    @router.post("/samtale.md")
    async def markdown(request: Request) -> Response:
        return await _answer(request, "md")

    @router.post("/samtale.docx")
    async def word(request: Request) -> Response:
        return await _answer(request, "docx")

    return router


async def _answer(request: Request, kind: str) -> Response:
    """The file, or in words why there is none."""
    try:
        conversation = _parse(await _read(request))
    except _Refused as refused:
        return JSONResponse({"error": say("nb", refused.key)}, refused.status)
    return await run_in_threadpool(_write, conversation, kind)


async def _read(request: Request) -> bytes:
    """The body; refused as soon as it is larger than we take."""
    # A form on another site can't send this type, so that none can make a file that looks like ours.
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise _Refused(415, "export_unreadable")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BYTES:
            raise _Refused(413, "export_too_big")
    return bytes(body)


def _parse(body: bytes) -> Conversation:
    try:
        conversation = TypeAdapter(Conversation).validate_json(body)
    except ValidationError:
        raise _Refused(422, "export_unreadable") from None
    answers = [turn.answer for turn in conversation.turns]
    if not all(map(_is_ours, answers)):
        raise _Refused(422, "export_unreadable")
    if sum(map(_count_parts, answers)) > MAX_PARTS:
        raise _Refused(413, "export_too_big")
    return conversation


def _is_ours(answer: Answer) -> bool:
    """Whether we have words for the languages and classes in it."""
    return answer.language in LANGUAGES and all(c.doc_class in FOLDERS.values() for c in answer.citations)


def _count_parts(answer: Answer) -> int:
    return len(_PART.findall(answer.text)) + sum(1 + len(citation.sources) for citation in answer.citations)


def _write(conversation: Conversation, kind: str) -> Response:
    today = date.today()
    turns = [(turn.question, turn.answer) for turn in conversation.turns]
    headers = {"Content-Disposition": f'attachment; filename="abc-samtale-{today}.{kind}"', "Cache-Control": "no-store"}
    if kind == "md":
        text = conversation_markdown(turns, conversation.language, today)
        return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)
    return Response(conversation_word(turns, conversation.language, today), media_type=_WORD, headers=headers)
