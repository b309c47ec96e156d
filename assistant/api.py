"""The API beside the page, for those who have the assistant in a page of their own.

`POST /api/ask` gives the answer of the design; `POST /api/ask/stream` gives it as it can be shown. Errors are
`{"error": "a Norwegian sentence"}`; what can't be shown of them goes to the log, and no question does.
"""

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from importlib.metadata import version as package_version
from typing import Annotated, Any

from anyio import CapacityLimiter, from_thread, to_thread
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.answer import answer
from assistant.ask import LANGUAGE, MAX_BODY, Ask, Problem, Told, what_is_wrong
from assistant.choices import FilterError, read_filters
from assistant.faults import without_words
from assistant.guard.metrics import count_answer
from assistant.guard.request_id import sign
from assistant.live import LiveEngine
from assistant.lookup.routes import lookup_routes
from assistant.record.recorder import Recorder
from assistant.record.types import Channel
from assistant.texts import load_texts, say
from assistant.types import Answer, Filters
from index.load import Index
from index.types import IndexFault

MAX_WAITING = 256  # at 18 ms an answer the last one waits 5 s (2026-11-29)
_RETRY_AFTER_S = "5"
_ERRORS = {
    400: "api_no_json", 404: "api_not_found", 405: "api_wrong_method", 413: "api_too_large", 422: "api_wrong_shape",
    429: "api_busy", 500: "api_broken", 503: "api_unavailable",
}  # fmt: skip
_FASTAPI_WORDS = ("Successful Response", "Validation Error")
_SENTENCE_END = re.compile(r"(?<=\d\] )(?![\[;,.a-zæøå])")
_LINE = re.compile(r"[^\n]+\n*")
_log = logging.getLogger(__name__)


class _Api(FastAPI):
    """Describes itself in Norwegian: what pydantic takes from our docstrings is English."""

    def openapi(self) -> dict[str, Any]:
        schema = super().openapi()
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        for name, model in schema["components"]["schemas"].items():
            model["description"] = load_texts(LANGUAGE).get(f"api_model_{name}", "")
        for path in schema["paths"].values():
            for operation in path.values():
                for status, response in operation["responses"].items():
                    if response["description"] in _FASTAPI_WORDS:
                        response["description"] = (
                            say(LANGUAGE, "api_ok") if status == "200" else _say_error(int(status))
                        )
        return schema


class _BodyLimit:
    """Stops reading a body that is larger than `MAX_BODY`; Starlette's own limit answers in English."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size = 0

        async def receive_some() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > MAX_BODY:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_some, send)


def create_api(live: LiveEngine, concurrency: int, recorder: Recorder) -> FastAPI:
    """The application to be mounted at `/api`; `concurrency` is how many threads may wait for their turn.

    `recorder` keeps what is asked.
    """
    kept = say(LANGUAGE, "about_kept" if recorder.keep_days else "about_kept_off", days=recorder.keep_days)
    api = _Api(
        title=say(LANGUAGE, "api_title"), description=say(LANGUAGE, "api_about", kept=kept),
        version=package_version("abc-assistenten"), docs_url=None, redoc_url=None,
        exception_handlers={
            RequestValidationError: _tell_what_is_wrong, HTTPException: _tell, 500: _tell,
        },
    )  # fmt: skip
    api.add_middleware(_BodyLimit)
    api.add_middleware(
        CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "POST"], expose_headers=["Retry-After"]
    )
    api.include_router(_ask_routes(live, CapacityLimiter(concurrency), recorder))
    api.include_router(lookup_routes(live))
    return api


def health_routes(live: LiveEngine) -> APIRouter:
    """`GET /helse`: that it runs, and on what; for whoever watches over the server."""
    router = APIRouter(include_in_schema=False)

    @router.get("/helse")
    def health() -> dict[str, str]:
        index = live.current().index.manifest.version
        return {"status": "ok", "version": package_version("abc-assistenten"), "index": index}

    return router


def pieces(text: str) -> Iterator[str]:
    """The text in parts that can be shown one after the other: whole sentences, and whole lines of a table."""
    for line in _LINE.findall(text):
        yield from [line] if line.startswith("|") else filter(None, _SENTENCE_END.split(line))


def _ask_routes(live: LiveEngine, threads: CapacityLimiter, recorder: Recorder) -> APIRouter:
    async def refuse_when_full() -> None:
        if threads.statistics().tasks_waiting >= MAX_WAITING:
            raise HTTPException(429)

    def choose(ask: Ask) -> Filters:
        try:
            return read_filters(ask.filters.model_dump(), live.current().index.catalog, LANGUAGE)
        except FilterError as error:
            raise Told(422, str(error)) from None

    router = APIRouter(dependencies=[Depends(refuse_when_full)], responses=_describe_errors())

    @router.post(
        "/ask",
        operation_id="ask",
        summary=say(LANGUAGE, "api_ask"),
        description=say(LANGUAGE, "api_ask_about"),
        response_model=Answer,
        response_description=say(LANGUAGE, "api_model_Answer"),
    )
    async def ask_whole(ask: Ask, filters: Annotated[Filters, Depends(choose)], request: Request) -> JSONResponse:
        index, result = await _answer(live, ask, filters, threads, request)
        keep = BackgroundTask(recorder.keep, ask.conversation, result, index, Channel.API)
        return JSONResponse(result.as_json(), background=keep)

    @router.post(
        "/ask/stream",
        operation_id="askStream",
        summary=say(LANGUAGE, "api_stream"),
        description=say(LANGUAGE, "api_stream_about"),
        response_class=EventSourceResponse,
        response_description=say(LANGUAGE, "api_stream_about"),
        responses={200: {"content": {"text/event-stream": {"itemSchema": {"oneOf": _EVENTS}}}}},
    )
    async def ask_in_pieces(
        ask: Ask, filters: Annotated[Filters, Depends(choose)], request: Request
    ) -> AsyncIterator[ServerSentEvent]:
        try:
            index, result = await _answer(live, ask, filters, threads, request)
        except HTTPException as problem:
            yield _event("error", {"error": _say_problem(problem)})
            return
        for piece in pieces(result.text):
            yield _event("text", {"text": piece})
        yield _event("answer", result.as_json())
        recorder.keep(ask.conversation, result, index, Channel.API)

    return router


async def _answer(
    live: LiveEngine, ask: Ask, filters: Filters, threads: CapacityLimiter, request: Request
) -> tuple[Index, Answer]:
    """The answer and the version that it is made from, made in a thread.

    One whose asker has gone away is not begun. Raises: HTTPException.
    """

    def make() -> tuple[Index, Answer]:
        with live.turn() as engine:
            from_thread.check_cancelled()
            return engine.index, answer(engine, ask.conversation, filters=filters)

    try:
        index, result = await to_thread.run_sync(make, limiter=threads)
        count_answer(result)
        return index, sign(result, request.headers)
    except IndexFault as fault:
        _log.error("%s %s", fault, fault.remedy)
        raise HTTPException(503) from None
    except Exception as error:
        _log.error("%s", without_words(error))
        raise HTTPException(500) from None


def _event(name: str, data: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(event=name, raw_data=json.dumps(data, ensure_ascii=False))


async def _tell(_: Request, problem: Exception) -> JSONResponse:
    status = problem.status_code if isinstance(problem, HTTPException) else 500
    said = _say_problem(problem) if isinstance(problem, HTTPException) else _say_error(status)
    headers = {"Retry-After": _RETRY_AFTER_S} if status in (429, 503) else None
    return JSONResponse({"error": said}, status, headers)


async def _tell_what_is_wrong(_: Request, problem: RequestValidationError) -> JSONResponse:
    status, said = what_is_wrong(problem.errors())
    return JSONResponse({"error": said}, status)


def _say_problem(problem: HTTPException) -> str:
    return problem.detail if isinstance(problem, Told) else _say_error(problem.status_code)


def _say_error(status: int) -> str:
    return say(LANGUAGE, _ERRORS.get(status, "api_broken"), limit=MAX_BODY // 1024)


def _describe_errors() -> dict[int | str, dict[str, Any]]:
    """The errors of a question as OpenAPI has them, the same for both ways of asking."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": _say_error(status), "content": content} for status in (400, 413, 422, 429, 500, 503)
    }


def _describe_event(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    data = {"type": "string", "contentMediaType": "application/json", "contentSchema": schema}
    return {"properties": {"event": {"const": name}, "data": data}}


_EVENTS = [
    _describe_event("text", {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}),
    _describe_event("answer", {"$ref": "#/components/schemas/Answer"}),
    _describe_event("error", {"$ref": "#/components/schemas/Problem"}),
]
