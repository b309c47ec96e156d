"""Security headers on every response, and none that tells what the server is made of."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# No inline script or style and no `eval`: what could run is a file of our own host, whatever a text has in it. The hash
# is that of nothing at all: Gradio's script puts an empty `<style>` on the page.
_PAGE = (
    "default-src 'none'; script-src 'self'; "
    "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors {}"
)
_DATA = "default-src 'none'; frame-ancestors 'none'"
_EMBEDDED = "/innebygd"  # the one address that another page may have in a frame
_API = "/api/"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # an address may have a question in it
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SecurityHeaders:
    """Sets them on what passes; a stricter policy that a route has set itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                _protect(MutableHeaders(scope=message), scope["path"])
            await send(message)

        return await self._app(scope, receive, send_protected)


def policy_of(path: str, media_type: str) -> str:
    """The Content-Security-Policy of a response."""
    if not media_type.startswith("text/html"):
        return _DATA
    return _PAGE.format("*" if path.rstrip("/").endswith(_EMBEDDED) else "'none'")


def _protect(headers: MutableHeaders, path: str) -> None:
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", policy_of(path, headers.get("content-type", "")))
    if not path.startswith(_API):
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
