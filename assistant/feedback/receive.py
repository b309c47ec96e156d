"""`POST /api/feedback`: what the page sends about an answer → a row, or a word on why not."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import TypeAdapter

from assistant.feedback.keep import FeedbackStore
from assistant.feedback.types import Feedback
from assistant.record.types import StoreFault
from assistant.texts import say

MAX_BYTES = 65_536
# Threads of its own, and few: a database that hangs takes none from those who wait for an answer.
_THREADS = 2
_WAIT_S = 5
_log = logging.getLogger(__name__)
_reader = TypeAdapter(Feedback)


def feedback_routes(store: FeedbackStore) -> APIRouter:
    """The endpoint, which keeps feedback in `store`."""
    router = APIRouter()
    threads = ThreadPoolExecutor(_THREADS, "feedback")

    @router.post("/api/feedback", include_in_schema=False)
    async def receive(request: Request) -> Response:
        if not _is_ours(request):
            return _refuse(403, "nb", "feedback_elsewhere")
        if not store.is_on:
            return _refuse(403, "nb", "feedback_off")
        body = await read_body(request, MAX_BYTES)
        if body is None:
            return _refuse(413, "nb", "feedback_unreadable")
        try:
            feedback = _reader.validate_json(body)
        except ValueError:
            return _refuse(422, "nb", "feedback_unreadable")
        try:
            kept = asyncio.get_running_loop().run_in_executor(threads, store.add, feedback)
            await asyncio.wait_for(kept, _WAIT_S)
        except (StoreFault, TimeoutError) as fault:
            _log.warning("%s", str(fault) or "Tilbakemeldingen kan ikke lagres: for mange venter.")
            return _refuse(503, feedback.language, "feedback_failed")
        return Response(status_code=204)

    return router


def _is_ours(request: Request) -> bool:
    """Whether our own page may have sent it: a page elsewhere can send this kind of body only if we let it."""
    is_json = request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"
    return is_json and request.headers.get("sec-fetch-site", "same-origin") == "same-origin"


async def read_body(request: Request, max_bytes: int) -> bytes | None:
    """The body, or None as soon as it is too long."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > max_bytes:
            return None
    return body


def _refuse(status: int, language: str, key: str) -> JSONResponse:
    return JSONResponse({"error": say(language, key)}, status)
