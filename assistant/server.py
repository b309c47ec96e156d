"""The web server: the chat page in Norwegian on one address, with no request to any other host."""

import errno
import os
import re
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI, Request, Response
from starlette.middleware.base import RequestResponseEndpoint

from assistant.config import Config
from assistant.download import template_markdown, template_word
from assistant.explain import as_page, explain
from assistant.live import LiveEngine
from assistant.lookup.routes import lookup_routes
from assistant.screen import screen
from assistant.texts import say
from index.document import Document

# Gradio takes its language from the browser, and knows bokmål only as "nb".
_IN_NORWEGIAN = (
    "<script>Object.defineProperty(Navigator.prototype,'language',{get:()=>'nb'});"
    "Object.defineProperty(Navigator.prototype,'languages',{get:()=>['nb']});</script>"
)
_SHARE_TAGS = re.compile(r"<meta\b[^>]*(?:og:|twitter:)[^>]*>")  # Gradio's own name and picture
_DOWNLOADS: dict[str, Callable[[Document], str | bytes | None]] = {"md": template_markdown, "docx": template_word}
_MEDIA_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class PortTaken(Exception):
    """Another program listens on the port; the message is a Norwegian sentence."""


def create_app(config: Config) -> FastAPI:
    """The application. Raises: as `LiveEngine`."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read by gradio when it is imported
    import gradio as gr

    from assistant.ui.page import build_page, page_options

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware("http")
    async def speak_norwegian(request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        if request.url.path != "/" or "text/html" not in response.headers.get("content-type", ""):
            return response
        body = b"".join([part async for part in response.body_iterator])  # type: ignore[attr-defined]
        html = (
            _SHARE_TAGS.sub("", body.decode())
            .replace('lang="en"', 'lang="nb"', 1)
            .replace("<head>", f"<head>{_IN_NORWEGIAN}", 1)
        )
        return Response(html, response.status_code, media_type="text/html")

    live = LiveEngine(config)
    app.include_router(lookup_routes(live), prefix="/api")

    @app.get("/openapi.json")
    def hide() -> Response:
        return Response(status_code=404)  # else Gradio describes its own log-in pages here

    @app.get("/maler/{name}.{kind}")
    def download(name: str, kind: str) -> Response:
        documents = {document.doc_id: document for document in live.current().index.catalog.documents}
        document = documents.get(f"maler/{name}")
        write = _DOWNLOADS.get(kind)
        content = write(document) if document and write else None
        if content is None:
            return Response(say("nb", "no_such_template"), 404, media_type="text/plain; charset=utf-8")
        disposition = f'attachment; filename="{name}.{kind}"'
        return Response(content, media_type=_MEDIA_TYPES[kind], headers={"Content-Disposition": disposition})

    @app.get("/hvorfor")
    def why(q: str) -> Response:
        question = screen(q)
        if question.is_empty or question.is_too_long:
            return Response(say("nb", "empty"), 400, media_type="text/plain; charset=utf-8")
        return Response(as_page(explain(live.current(), [question.text])), media_type="text/html")

    page = build_page(live, config.concurrency)
    page.queue(default_concurrency_limit=config.concurrency)
    gr.mount_gradio_app(app, page, path="/", server_name=config.host, server_port=config.port, **page_options())
    return app


def open_port(host: str, port: int) -> socket.socket:
    """A listening socket. Raises: PortTaken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        reason = "porten er opptatt" if error.errno == errno.EADDRINUSE else error.strerror
        raise PortTaken(
            f"Kan ikke bruke {host}:{port} ({reason}). Stopp programmet som bruker porten, "
            "eller velg en annen: abc serve --port 7861"
        ) from None
    return listener


def serve(config: Config, listener: socket.socket, announce: Callable[[], None]) -> None:
    """Serves until it is stopped; `announce` is called when the page can be opened."""
    app = create_app(config)
    announce()
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])
