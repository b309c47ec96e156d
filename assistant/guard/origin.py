"""Which names the server answers to, and whose pages may send to it."""

import ipaddress
import re
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.guard.words import refusal, refuse

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_READS = ("GET", "HEAD", "OPTIONS")
_API = "/api/"  # open to programs and pages elsewhere: it keeps nothing, and knows nobody by a cookie; but for
_OURS = "/api/feedback"
ANY = "*"
_HOST = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,253}))(?::\d{1,5})?")


class Origins:
    """Refuses a host that isn't ours with 400, and what a page elsewhere sends to our page's routes with 403."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self._app, self._hosts = app, frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if len(headers.getlist("host")) > 1 or (ANY not in self._hosts and name_of(host) not in self._hosts):
            return await refusal(scope, 400, key="guard_host")(scope, receive, send)
        path = scope["path"]
        is_open = scope["method"] in _READS or (path.startswith(_API) and not path.startswith(_OURS))
        if not is_open and _is_from_elsewhere(headers, host):
            return await refuse(scope, receive, send, 403)
        return await self._app(scope, receive, send)


def own_hosts(setting: str, bound_to: str) -> tuple[str, ...]:
    """The names of the setting (with commas between), the address that is listened on, and loopback."""
    return (*_LOOPBACK, bound_to, *filter(None, (name.strip() for name in setting.split(","))))


def name_of(host: str) -> str:
    """The name in a Host header, without its port; empty where it is no host."""
    found = _HOST.fullmatch(host.lower())
    return (found[1] or found[2]) if found else ""


def is_loopback(address: str) -> bool:
    """Whether it is this machine's own."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _is_from_elsewhere(headers: Headers, host: str) -> bool:
    """What the browser says of the page that sends; a program says nothing, and has nothing to steal."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.lower().partition("://")[2] != host.lower()
