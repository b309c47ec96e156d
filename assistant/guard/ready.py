"""`GET /klar` and `GET /metrikk`: whether answers can be trusted now, and what was counted; for who runs the server."""

import threading
import time

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from assistant.guard.metrics import MEDIA_TYPE, write_metrics
from assistant.guard.origin import is_loopback
from assistant.guard.words import refusal
from assistant.live import LiveEngine
from index.load import Index, probe

_EVERY_S = 300  # between two probes of the same version; one takes 30 ms (2026-11-30)
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


class Readiness:
    """The verdict of the last self-retrieval probe; a new one is made aside, and nobody waits for it."""

    def __init__(self, live: LiveEngine, every_s: float = _EVERY_S) -> None:
        self._live, self._every_s = live, every_s
        self._probing = threading.Lock()
        self._version, self._is_whole, self._until = "", False, 0.0
        self._probe(live.current().index)

    def is_ready(self) -> bool:
        """Whether the version in use was whole when it was last looked at."""
        index = self._live.current().index
        is_due = time.monotonic() > self._until or index.manifest.version != self._version
        if is_due and self._probing.acquire(blocking=False):
            threading.Thread(target=self._probe_aside, args=(index,), name="probe-index", daemon=True).start()
        return self._is_whole

    def _probe_aside(self, index: Index) -> None:
        try:
            self._probe(index)
        finally:
            self._probing.release()

    def _probe(self, index: Index) -> None:
        self._is_whole = probe(index)
        self._version, self._until = index.manifest.version, time.monotonic() + self._every_s


def operating_routes(live: LiveEngine, allowed: str) -> APIRouter:
    """The routes; `allowed` are the addresses beside loopback that may read the figures, with commas between."""
    router = APIRouter(include_in_schema=False)
    readiness = Readiness(live)
    readers = frozenset(filter(None, (address.strip() for address in allowed.split(","))))

    @router.get("/klar")
    def ready() -> JSONResponse:
        is_ready = readiness.is_ready()
        index = live.current().index.manifest.version
        return JSONResponse({"status": "ready" if is_ready else "not ready", "index": index}, 200 if is_ready else 503)

    @router.get("/metrikk")
    def metrics(request: Request) -> Response:
        if not _may_read(request, readers):
            return refusal(request.scope, 404)
        return Response(write_metrics(live.current().index.manifest), media_type=MEDIA_TYPE)

    return router


def _may_read(request: Request, readers: frozenset[str]) -> bool:
    """Whether it comes from this machine or an address of the setting, and not through a proxy we don't know."""
    client = request.client.host if request.client else ""
    if client in readers:
        return True
    return is_loopback(client) and not any(name in request.headers for name in _FORWARDED)
