"""How large and how slow a request may be: read whole, within a size and a time, before anything else sees it."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ask import MAX_BODY
from assistant.guard.words import refuse

_MAX_ADDRESS = 8 * 1024  # bytes; a question of 2 000 characters in one is 6 000 when every one is æ, ø or å
_MAX_HEADERS = 16 * 1024  # bytes, and
_MAX_FIELDS = 64  # of them; Chromium sends 16
_BODY_S = 20  # to send a body in; 64 KiB take 9 s on 56 kbit/s
# Bytes by the beginning of the path. A conversation of 50 turns to Gradio's queue is 200 KiB at most; a route may well
# take less than it may get here.
_BODIES = {"/api/": MAX_BODY, "/gradio_api/": 256 * 1024}
_MAX_OTHER = 2 * 1024 * 1024


class RequestLimits:
    """Refuses with 414, 431, 413 or 408, in words. Responses pass untouched."""

    def __init__(self, app: ASGIApp, body_s: float = _BODY_S) -> None:
        self._app, self._body_s = app, body_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        if (status := _too_long(scope)) or (status := _announced(scope)):
            return await refuse(scope, receive, send, status)
        if not _has_body(scope):
            return await self._app(scope, receive, send)
        try:
            async with asyncio.timeout(self._body_s):
                body = await _read(receive, max_body(scope["path"]))
        except TimeoutError:
            return await refuse(scope, receive, send, 408)
        if body is None:
            return await refuse(scope, receive, send, 413)
        return await self._app(scope, _replay(body, receive), send)


def max_body(path: str) -> int:
    """How many bytes may be sent to the path."""
    return next((size for start, size in _BODIES.items() if path.startswith(start)), _MAX_OTHER)


def _too_long(scope: Scope) -> int:
    if len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"]) > _MAX_ADDRESS:
        return 414
    size = sum(len(name) + len(value) for name, value in scope["headers"])
    return 431 if size > _MAX_HEADERS or len(scope["headers"]) > _MAX_FIELDS else 0


def _announced(scope: Scope) -> int:
    """413 when more is announced than may come."""
    for name, value in scope["headers"]:
        if name == b"content-length" and (not value.isdigit() or int(value) > max_body(scope["path"])):
            return 413
    return 0


def _has_body(scope: Scope) -> bool:
    names = {name for name, value in scope["headers"] if value != b"0"}
    return not names.isdisjoint((b"content-length", b"transfer-encoding"))


async def _read(receive: Receive, size: int) -> list[Message] | None:
    """The messages of the body, or None as soon as it is too large."""
    messages: list[Message] = []
    left = size
    while True:
        message = await receive()
        messages.append(message)
        left -= len(message.get("body", b""))
        if left < 0:
            return None
        if not message.get("more_body"):
            return messages


def _replay(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def receive_again() -> Message:
        return next(waiting, None) or await receive()

    return receive_again
