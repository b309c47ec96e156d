"""A refusal in the asker's language: as JSON for programs, as one line of text for someone who opened an address."""

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from assistant.texts import LANGUAGES, say

_FIRST = "nb"
_WORDS = {
    400: "guard_unreadable", 403: "guard_elsewhere", 404: "guard_not_found", 405: "guard_not_found",
    408: "guard_slow", 413: "guard_large", 414: "guard_long", 415: "guard_unreadable", 422: "guard_unreadable",
    429: "guard_often", 431: "guard_long", 500: "guard_broken", 503: "guard_busy",
}  # fmt: skip
RETRY_AFTER_S = 5
_UNREAD = (408, 413)  # the rest of such a request is never read, so the connection is of no more use


def preferred_language(header: str) -> str:
    """The first of our languages in an Accept-Language header; bokmål where there is none.

    Source: RFC 9110, 12.5.4. `no` is Norwegian whatever the form, and is taken as bokmål.
    """
    wishes = []
    for part in header.split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wishes.append((-float(weight or 1), tag.split("-")[0].lower()))
        except ValueError:
            continue
    for _, code in sorted(wishes, key=lambda wish: wish[0]):
        if code in LANGUAGES:
            return code
        if code == "no":
            return _FIRST
    return _FIRST


def language_of(scope: Scope) -> str:
    """The language of the address, else the one that the browser wants."""
    start = str(scope["path"]).split("/")[1:2]
    return (
        start[0] if start and start[0] in LANGUAGES else preferred_language(_headers(scope).get("accept-language", ""))
    )


def refusal(scope: Scope, status: int, retry_after_s: int = RETRY_AFTER_S, key: str = "") -> Response:
    """The response; `key` is another sentence than the usual one for the status."""
    said = say(language_of(scope), key or _WORDS.get(status, "guard_unreadable"))
    headers = {"Retry-After": str(retry_after_s)} if status in (429, 503) else {}
    if status in _UNREAD:
        headers["Connection"] = "close"
    if "text/html" in _headers(scope).get("accept", ""):
        return PlainTextResponse(said, status, headers)
    return JSONResponse({"error": said}, status, headers)


async def refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    """Answers with the refusal."""
    await refusal(scope, status)(scope, receive, send)


def _headers(scope: Scope) -> Headers:
    return Headers(scope=scope)
