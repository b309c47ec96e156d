"""A template → an answer of the maintainers' page: kept by nobody, and with nothing in it that runs."""

from functools import cache
from pathlib import Path

from fastapi import Request, Response
from jinja2 import Environment, PackageLoader
from starlette.responses import HTMLResponse, RedirectResponse

from assistant.maintain.form import TOKEN_FIELD

HOME = "/vedlikehold"
LOGIN, LOGOUT = f"{HOME}/logg-inn", f"{HOME}/logg-ut"
STYLE, SCRIPT = f"{HOME}/stil.css", f"{HOME}/bygging.js"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}  # fmt: skip


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("assistant.maintain", "."), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


def render(request: Request, template: str, status: int = 200, **values: object) -> Response:
    """The page of a template; what is put into it is escaped."""
    from assistant.ui.assets import address_of  # here, for the interface is imported only where it is asked for

    root = "../" * (request.url.path.count("/") - 1) or "./"
    shared = {"root": root, "token_field": TOKEN_FIELD, "shared_style": address_of("page.css")}
    html = _templates().get_template(template).render(**shared, **values)
    return HTMLResponse(html, status, HEADERS)


def redirect(request: Request, path: str) -> Response:
    """Sends on to another of these pages."""
    depth = request.url.path.count("/") - 1
    return RedirectResponse("../" * depth + path.removeprefix("/"), 303, HEADERS)


def read_style() -> Response:
    """The style sheet of these pages, beside that of all pages."""
    return _file("maintain.css", "text/css")


def read_script() -> Response:
    """The script that shows a build while it runs."""
    return _file("maintain.js", "text/javascript")


def _file(name: str, kind: str) -> Response:
    content = (Path(__file__).parent / name).read_bytes()
    return Response(content, media_type=f"{kind}; charset=utf-8", headers=HEADERS)
