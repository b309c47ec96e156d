"""The outermost layer: names each request, counts it, writes its line in the log, and lets no breakage out."""

import logging
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.faults import without_words
from assistant.guard.metrics import begin_request, end_request
from assistant.guard.request_id import HEADER, name_request
from assistant.guard.words import refuse

access_log = logging.getLogger("abc.access")
_log = logging.getLogger(__name__)
_PAGE, _OTHER = "page", "other"
_GONE = 499  # the caller went away before the answer began; nginx's number for it


class Watch:
    """Answers 500 in words for what broke, and closes web sockets, which nothing here uses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1003})
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request_id, started, status = name_request(scope), time.perf_counter(), 0

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        begin_request()
        try:
            await self._app(scope, receive, send_named)
        except Exception as error:
            _log.error("%s %s", request_id, without_words(error))
            if not status:
                await refuse(scope, receive, send_named, 500)
        finally:
            seconds, route = time.perf_counter() - started, _template(scope, status)
            end_request(route, scope["method"], status or _GONE, seconds)
            told = {"request_id": request_id, "route": route, "status": status or _GONE, "ms": round(seconds * 1000, 1)}
            access_log.info("%(request_id)s %(route)s %(status)d %(ms)s ms", told, extra={"fields": told})


def _template(scope: Scope, status: int) -> str:
    """The route that answered, without what was asked of it."""
    route = getattr(scope.get("route"), "path", "")
    if route:
        return f"{scope.get('root_path', '')}{route}"
    return _PAGE if status == 200 and scope["method"] in ("GET", "HEAD") else _OTHER
