"""The web server: the chat page in Norwegian on one address, with no request to any other host."""

import errno
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import uvicorn
from fastapi import APIRouter, FastAPI, Response
from starlette.middleware.gzip import GZipMiddleware

from assistant.api import MAX_WAITING, create_api, health_routes
from assistant.config import Config
from assistant.download import template_markdown, template_word
from assistant.explain import PAGE_POLICY, as_page, explain
from assistant.export.routes import export_routes
from assistant.feedback.keep import FeedbackStore
from assistant.feedback.receive import feedback_routes
from assistant.guard.connection import PatientConnection
from assistant.guard.gradio_routes import narrow_gradio
from assistant.guard.guard import add_guards
from assistant.guard.log import start_log
from assistant.guard.ready import operating_routes
from assistant.live import LiveEngine
from assistant.maintain.routes import maintain_routes
from assistant.record.questions import QuestionStore
from assistant.record.recorder import Recorder
from assistant.screen import screen
from assistant.texts import say
from index.document import Document

if TYPE_CHECKING:
    from assistant.build.watch import Watch

_DOWNLOADS: dict[str, Callable[[Document], str | bytes | None]] = {"md": template_markdown, "docx": template_word}
_MEDIA_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

_STOP_S = 20  # for answers under way when the server is told to stop
_MAX_CONNECTIONS = 4_000  # a browser opens six


class PortTaken(Exception):
    """Another program listens on the port; the message is a Norwegian sentence."""


def create_app(config: Config, *, is_watched: bool = False) -> FastAPI:
    """The application; where files are watched, each save is built. `state.stopped` is set for its streams to end.

    Raises: as `LiveEngine`, and FileNotFoundError where there are no files to watch.
    """
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read by gradio when it is imported
    import gradio as gr

    from assistant.ui.lookup import fragment_routes
    from assistant.ui.page import build_page, page_options
    from assistant.ui.shell import add_shell

    recorder = Recorder(QuestionStore(config.store, config.keep_days))

    live = LiveEngine(config)
    live.warm_up()
    watch = _watch(config, live) if is_watched else None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with recorder.running(), watch.running() if watch else nullcontext():
            yield

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.include_router(health_routes(live))
    app.include_router(operating_routes(live, config.metrics))
    store = FeedbackStore(config.store, config.keep_days)
    app.include_router(feedback_routes(store))  # before the API, which has the rest of `/api` and is for everybody
    app.mount("/api", create_api(live, config.concurrency, recorder))

    app.include_router(_file_routes(live))
    app.include_router(fragment_routes(live))
    app.include_router(maintain_routes(live, config))
    if watch:
        from assistant.ui.watch import watch_routes

        app.include_router(watch_routes(watch.news, lambda: app.state.stopped.is_set()))
    add_shell(app, live, config, is_watched=is_watched)
    app.add_middleware(GZipMiddleware)
    add_guards(app, config)
    app.include_router(export_routes())
    page = build_page(live, config.concurrency, recorder, asks_feedback=store.is_on)
    page.queue(default_concurrency_limit=config.concurrency, max_size=MAX_WAITING)
    gr.mount_gradio_app(app, page, path="/", server_name=config.host, server_port=config.port, **page_options())
    mounted: Any = app.routes[-1]
    app.state.stopped = mounted.app.stop_event  # what Gradio's own streams end by when it serves alone
    narrow_gradio(app)
    return app


def _file_routes(live: LiveEngine) -> APIRouter:
    """Templates to download, and why the hits of a question came."""
    router = APIRouter()

    @router.get("/openapi.json")
    def hide() -> Response:
        return Response(status_code=404)  # else Gradio describes its own log-in pages here

    @router.get("/maler/{name}.{kind}")
    def download(name: str, kind: str) -> Response:
        documents = {document.doc_id: document for document in live.current().index.catalog.documents}
        document = documents.get(f"maler/{name}")
        write = _DOWNLOADS.get(kind)
        content = write(document) if document and write else None
        if content is None:
            return Response(say("nb", "no_such_template"), 404, media_type="text/plain; charset=utf-8")
        disposition = f'attachment; filename="{name}.{kind}"'
        return Response(content, media_type=_MEDIA_TYPES[kind], headers={"Content-Disposition": disposition})

    @router.get("/hvorfor")
    def why(q: str) -> Response:
        question = screen(q)
        if question.is_empty or question.is_too_long:
            return Response(say("nb", "empty"), 400, media_type="text/plain; charset=utf-8")
        content, policy = as_page(explain(live.current(), [question.text])), {"Content-Security-Policy": PAGE_POLICY}
        return Response(content, media_type="text/html", headers=policy)

    return router


def _watch(config: Config, live: LiveEngine) -> "Watch":
    from assistant.build.child import ChildBuild
    from assistant.build.watch import Watch

    return Watch(config.corpus, ChildBuild(config), lambda: live.current().index.manifest.version)


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


class _Server(uvicorn.Server):
    """Ends the streams that open pages hold: Ctrl+C would else wait for them, up to 15 s for each of Gradio's."""

    def __init__(self, app: FastAPI, settings: uvicorn.Config) -> None:
        super().__init__(settings)
        self._stopped = app.state.stopped

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopped.set()
        await super().shutdown(sockets)


def serve(config: Config, listener: socket.socket, announce: Callable[[], None], *, is_watched: bool = False) -> None:
    """Serves until it is told to stop; answers under way are then finished, within `_STOP_S`.

    `announce` is called when the page can be opened.
    """
    start_log(config.log)
    app = create_app(config, is_watched=is_watched)
    announce()
    settings = uvicorn.Config(
        app, http=PatientConnection, ws="none", log_level="warning", log_config=None, access_log=False,
        server_header=False, proxy_headers=bool(config.proxies), forwarded_allow_ips=config.proxies or None,
        timeout_graceful_shutdown=_STOP_S, limit_concurrency=_MAX_CONNECTIONS,
    )  # fmt: skip
    # uvicorn sends itself the signal again when it has stopped; to be stopped is no fault, so the exit status is 0.
    signal.signal(signal.SIGTERM, lambda *_: None)
    _Server(app, settings).run(sockets=[listener])
