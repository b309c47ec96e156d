"""The HTML that Gradio serves → our page: its addresses, its language, what it loads, and nothing of Gradio's own."""

import json
import re
from datetime import date

from fastapi import FastAPI, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL, Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.config import Config
from assistant.guard.words import preferred_language
from assistant.live import LiveEngine
from assistant.texts import LANGUAGES, load_texts
from assistant.ui.assets import FOLDER_OF_ADDRESSES, address_of, read_assets
from assistant.ui.markup import render_page
from assistant.ui.page import CONNECT

VIEWS = ("spor", "sla-opp(?:/[a-z0-9-]+)?", "om", "innebygd")  # patterns; what is looked up has an address of its own
_ADDRESS = re.compile(rf"/(?:(?P<language>{'|'.join(LANGUAGES)})(?:/|$))?(?P<view>{'|'.join(VIEWS)})?/?")
# What our page needs of Gradio's: two values of its first script, and the address of the script that reads them.
_CONFIG = re.compile(r"<script>window\.gradio_config = (.*?);</script>", re.S)
_API_INFO = re.compile(r"<script>window\.gradio_api_info = (.*?);</script>", re.S)
_SCRIPT = re.compile(r'<script type="module"[^>]*\bsrc="\./(assets/[^"]+\.js)"')
_NO_MARKUP = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
_ASKS = (None, "spor", "innebygd")  # the views that have the box for a question
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
        page = dress(body.decode(), markup, language, root, asks=address["view"] in _ASKS)
        return await HTMLResponse(page, status, headers)(scope, receive, send)

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


def dress(html: str, markup: str, language: str, root: str, *, asks: bool = True) -> str:
    """Our page, with what Gradio's HTML says of its own script; `root` is the way from the address to the site's.

    There is no inline script or style in it. A page that `asks` has Gradio's script fetched at once; others wait until
    someone goes to the view that asks.
    """
    t = load_texts(language)
    gradio = {
        "config": json.loads(_find(_CONFIG, html)),
        "api_info": json.loads(_find(_API_INFO, html)),
        "script": _find(_SCRIPT, html),
        "connect": CONNECT,
    }
    data = json.dumps(gradio, ensure_ascii=False).translate(_NO_MARKUP)
    early = f'<link rel="modulepreload" href="{gradio["script"]}" crossorigin>' if asks else ""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><base href="{root}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{t['page_title']}</title>"
        f'<meta name="description" content="{t["page_intro"]}"><meta name="color-scheme" content="light dark">'
        f'<link rel="icon" href="{address_of("icon.svg")}" type="image/svg+xml">'
        f'<link rel="preload" href="{address_of("letters.woff2")}" as="font" type="font/woff2" crossorigin>'
        f'<link rel="stylesheet" href="{address_of("page.css")}">'
        f'<script type="application/json" data-gradio>{data}</script>'
        f'<script defer src="{address_of("page.js")}"></script>{early}</head>'
        f"<body><noscript><p>{t['page_noscript']}</p></noscript>{markup}"
        '<gradio-app control_page_title="true" embed="false" eager="true"></gradio-app></body></html>'
    )


def _find(pattern: re.Pattern[str], html: str) -> str:
    found = pattern.search(html)
    if found is None:
        raise ValueError(f"expected {pattern.pattern} in Gradio's page; it may be another Gradio than this one knows")
    return found[1]
