"""How often, and how much at once, one client may ask: many people can share an address, so it is a lot."""

import ipaddress
import math
import time
from collections import Counter

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.guard.words import refusal, refuse

# What makes an answer or a file; a page and its parts, and the lookup as one types, cost a tenth of that.
_WORK = ("/api/ask", "/gradio_api/queue/join", "/hvorfor", "/samtale.", "/maler/")
_CHEAPER = 10
MAX_OPEN = 400  # requests of one client at once: 200 people who wait for an answer have one or two each


class RateLimits:
    """429 with Retry-After for a client that asks too often, 503 for one that has too much under way.

    `per_minute` is how many answers; 0 sets no limit. Addresses are kept in memory, and for a minute.
    """

    def __init__(self, app: ASGIApp, per_minute: int) -> None:
        self._app = app
        self._is_on = per_minute > 0
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._work = RateLimitItemPerMinute(max(per_minute, 1), namespace="work")
        self._other = RateLimitItemPerMinute(max(per_minute, 1) * _CHEAPER, namespace="other")
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._is_on:
            return await self._app(scope, receive, send)
        client = client_of(scope)
        item = self._work if scope["path"].startswith(_WORK) else self._other
        if not self._limiter.hit(item, client):
            again = math.ceil(self._limiter.get_window_stats(item, client).reset_time - time.time())
            return await refusal(scope, 429, max(again, 1))(scope, receive, send)
        if self._open[client] >= MAX_OPEN:
            return await refuse(scope, receive, send, 503)
        self._open[client] += 1
        try:
            return await self._app(scope, receive, send)
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]


def client_of(scope: Scope) -> str:
    """What a client is counted by: its address, or the 64 bits of IPv6 that one subscriber has at least."""
    address = (scope.get("client") or ("",))[0]
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return str(address)
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
