"""Of all that Gradio serves, only what our page uses; nothing of what it says of itself when something is wrong."""

import logging
import re

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import MutableHeaders
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.guard.words import refuse

_log = logging.getLogger(__name__)
_READ = re.compile(r"/|/theme\.css|/assets/[\w.-]+\.(?:js|css|woff2?)|/gradio_api/(?:queue/data|app_id)")
_SENT = re.compile(r"/gradio_api/(?:queue/join|cancel)")


def narrow_gradio(app: FastAPI) -> None:
    """Puts the gate before the Gradio app that was mounted last."""
    mount = app.router.routes[-1]
    if not isinstance(mount, Mount):
        raise TypeError(f"expected Gradio's mount, found {mount!r}")
    if isinstance(mount.app, FastAPI):  # its own handler breaks on what it can't repeat as JSON
        mount.app.add_exception_handler(RequestValidationError, _unreadable)
    mount.app = _OnlyOurs(mount.app)


async def _unreadable(_: Request, __: Exception) -> Response:
    return Response(status_code=422)


class _OnlyOurs:
    """404 for every other address. Origins are not shown to Gradio: it would let the page of any of them read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        wanted = _SENT if scope["method"] == "POST" else _READ
        if scope["method"] not in ("GET", "HEAD", "POST") or not wanted.fullmatch(scope["path"]):
            return await refuse(scope, receive, send, 404)
        failed = 0

        async def send_unless_failed(message: Message) -> None:
            nonlocal failed
            if message["type"] == "http.response.start":
                failed = message["status"] if message["status"] >= 400 else 0
                _strip(MutableHeaders(scope=message))
            if not failed:
                await send(message)

        headers = [pair for pair in scope["headers"] if pair[0] != b"origin"]
        try:
            await self._app({**scope, "headers": headers}, receive, send_unless_failed)
        except Exception as error:
            if scope["method"] != "POST":
                raise
            _log.warning("Gradio could not read what was sent: %s", type(error).__name__)
            failed = 422
        return await refuse(scope, receive, send, failed) if failed else None


def _strip(headers: MutableHeaders) -> None:
    for name in [name for name in headers if name.startswith("access-control-")]:
        del headers[name]
