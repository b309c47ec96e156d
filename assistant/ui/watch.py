"""`/redigering`: tells the page of an editor what came of each save, as it happens; only where files are followed."""

import asyncio
import ipaddress
import json
from collections.abc import AsyncIterator, Callable
from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from assistant.build.result import End, Result
from assistant.build.watch import News
from assistant.texts import say

PATH = "/redigering"
_LOOK_S = 0.1
_MOST = 4  # lines: an editor looks for the one just made
_OWN_NAMES = {"localhost", "127.0.0.1", "::1"}


def watch_routes(news: Callable[[], News], stopped: Callable[[], bool]) -> APIRouter:
    """The one route: server-sent events for browsers on this machine, since they name files; ends when `stopped`."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def follow(request: Request, sprak: Literal["nb", "nn", "en"] = "nb") -> Response:
        if not _is_own(request):
            return Response(status_code=404)
        events = stream(news, sprak, stopped)
        return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    return router


def _is_own(request: Request) -> bool:
    """Whether a browser on this machine asks, and no page of another host through it."""
    try:
        is_here = request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
    return is_here and request.url.hostname in _OWN_NAMES


async def stream(news: Callable[[], News], language: str, stopped: Callable[[], bool]) -> AsyncIterator[str]:
    """What was told last, then each news, as events."""
    seen = 0
    while not stopped():
        latest = news()
        if latest.number != seen:
            seen = latest.number
            yield f"data: {json.dumps(tell(latest, language), ensure_ascii=False)}\n\n"
        await asyncio.sleep(_LOOK_S)


def tell(news: News, language: str) -> dict[str, object]:
    """The news in the language of the page: a sentence, the lines of the build below it, and what is still to do."""
    result = news.result
    if result is None:
        return {"number": news.number, "state": "building", "text": say(language, "watch_building")}
    seconds = f"{news.seconds:.1f}" if language == "en" else f"{news.seconds:.1f}".replace(".", ",")
    text = say(
        language, f"watch_{result.end}",
        version=result.version.split("-")[0], seconds=seconds, time=news.at.strftime(say(language, "watch_clock")),
    )  # fmt: skip
    lines = list(_lines(result, language))
    if left := len(lines) - _MOST:
        lines[_MOST:] = [say(language, "watch_more", count=left)] if left > 0 else []
    note = say(language, "watch_ungated") if result.end is End.BUILT else ""
    return {"number": news.number, "state": str(result.end), "text": text, "lines": lines, "note": note}


def _lines(result: Result, language: str) -> list[str]:
    """What is wrong with the texts, and where; else why there is no version; else what is other in it."""
    found = [
        say(language, "watch_error" if p.is_error else "watch_warning", file=p.file, line=p.line, message=p.message)
        for p in result.problems
    ]
    if result.end is End.FAILED:
        return found if any(p.is_error for p in result.problems) else [f"{result.fault} {result.remedy}".strip()]
    return [*result.changes, *found]
