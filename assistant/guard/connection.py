"""One connection: it says what it wants soon and in few bytes, or it is closed."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HEAD_S = 10  # to send the request line and its headers in
_MAX_HEAD = 64 * 1024  # bytes of them; what `limits.py` refuses in words is a quarter of it


class PatientConnection(HttpToolsProtocol):
    """uvicorn's connection, which by itself waits for ever for a request that was begun and keeps all it gets."""

    head_s: float = _HEAD_S
    _deadline: asyncio.TimerHandle | None = None
    _size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._deadline is not None:
            self._size += len(data)
            if self._size > _MAX_HEAD + len(data):
                return self.transport.close()
        super().data_received(data)
        return None

    def on_message_begin(self) -> None:
        self._await_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def _await_head(self) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(self.head_s, self._give_up)

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()

    def _stop_waiting(self, *_: Any) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline, self._size = None, 0
