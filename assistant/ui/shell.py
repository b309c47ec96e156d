"""The HTML that Gradio serves → our page: its addresses, its language, what it loads, and nothing of Gradio's own."""

import re
from datetime import date

from fastapi import FastAPI, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL, Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.config import Config
from assistant.live import LiveEngine
from assistant.texts import LANGUAGES, load_texts
from assistant.ui.assets import FOLDER_OF_ADDRESSES, address_of, read_assets
from assistant.ui.markup import HOME, render_page

VIEWS = ("spor", "sla-opp(?:/[a-z0-9-]+)?", "om", "innebygd")  # patterns; what is looked up has an address of its own
_ADDRESS = re.compile(rf"/(?:(?P<language>{'|'.join(LANGUAGES)})(?:/|$))?(?P<view>{'|'.join(VIEWS)})?/?")
_TAGS = re.compile(
    r"<meta\b[^>]*(?:og:|twitter:)[^>]*>|<meta\s+name=\"viewport\"[^>]*>|<base\b[^>]*>|<title>.*?</title>", re.S
)
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def add_shell(app: FastAPI, live: LiveEngine, config: Config, *, is_watched: bool) -> None:
    """Serves the files of the page, and makes Gradio's pages ours."""

    @app.get(f"/{FOLDER_OF_ADDRESSES}/{{name}}", include_in_schema=False)
    def asset(name: str) -> Response:
        found = read_assets().get(name)
        if found is None:
            return Response(status_code=404)
        return Response(found.content, media_type=found.media_type, headers=_FOR_EVER)

    app.add_middleware(_Shell, live=live, config=config, is_watched=is_watched)


class _Shell:
    """Answers the page's addresses with Gradio's page, dressed; lets everything else through."""

    def __init__(self, app: ASGIApp, live: LiveEngine, config: Config, is_watched: bool) -> None:
        self._app, self._live, self._config, self._is_watched = app, live, config, is_watched

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = _ADDRESS.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if address is None or scope["method"] not in ("GET", "HEAD"):
            return await self._app(scope, receive, send)
        language = address["language"] or preferred_language(Headers(scope=scope).get("accept-language", ""))
        status, body = await _get(self._app, {**scope, "path": "/", "raw_path": b"/"}, receive)
        root = "../" * (scope["path"].count("/") - 1) or "./"
        markup = await run_in_threadpool(self._markup, language, str(URL(scope=scope).replace(path="", query="")))
        headers = {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "no-cache"}
        response = HTMLResponse(dress(body.decode(), markup, language, root), status, headers)
        return await response(scope, receive, send)

    def _markup(self, language: str, origin: str) -> str:
        config = self._config
        return render_page(
            self._live.current().index, language, today=date.today(), origin=origin,
            keep_days=config.keep_days, contact=config.contact, llm=config.llm, is_watched=self._is_watched,
        )  # fmt: skip


async def _get(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[int, bytes]:
    """The status and the body of what the application answers."""
    parts: list[bytes] = []
    status = [500]

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            status[0] = message["status"]
        else:
            parts.append(message.get("body", b""))

    await app({**scope, "method": "GET"}, receive, collect)
    return status[0], b"".join(parts)


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
            return HOME
    return HOME


def dress(html: str, markup: str, language: str, root: str) -> str:
    """Gradio's HTML with our head, and our markup before its own; `root` is the way from the address to the site's."""
    t = load_texts(language)
    head = (
        f'<base href="{root}"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{t['page_title']}</title>"
        f'<meta name="description" content="{t["page_intro"]}"><meta name="color-scheme" content="light dark">'
        f'<link rel="icon" href="{address_of("icon.svg")}" type="image/svg+xml">'
        f'<link rel="preload" href="{address_of("letters.woff2")}" as="font" type="font/woff2" crossorigin>'
        f'<link rel="stylesheet" href="{address_of("page.css")}">'
        f'<script defer src="{address_of("page.js")}"></script>'
    )
    without = f"<noscript><p>{t['page_noscript']}</p></noscript>"
    dressed = _TAGS.sub("", html).replace('lang="en"', f'lang="{language}"', 1).replace("<head>", f"<head>{head}", 1)
    return re.sub(r"<body[^>]*>", lambda body: body[0] + without + markup, dressed, count=1)
