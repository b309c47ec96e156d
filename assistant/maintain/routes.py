"""`/vedlikehold`: the maintainers' page and what can be done there; each request is let in or turned away here."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from assistant.config import Config
from assistant.live import LiveEngine
from assistant.maintain.access import Access, Visitor
from assistant.maintain.check import MAX_CHARS, check_text
from assistant.maintain.form import has_token, read_form
from assistant.maintain.frame import HOME, SCRIPT, STYLE, read_script, read_style, redirect, render
from assistant.maintain.gaps import Asked
from assistant.maintain.health import RecentFaults
from assistant.maintain.job import Build
from assistant.maintain.login import add_login, to_login
from assistant.maintain.page import Site, show_build, show_page
from assistant.maintain.texts import Texts
from assistant.maintain.versions import Prober, tell_changes, use_version
from assistant.record.types import StoreFault
from index.types import IndexFault

_MAX_BODY = 6 * MAX_CHARS + 8_192  # an å is six characters in a form
_SWITCHED = "Versjonen er tatt i bruk. Neste spørsmål blir besvart fra den."
_RUNS = "En bygging pågår alt. Vent til den er ferdig."
_NOT_ASKED = "Spørsmålet er ikke lagret lenger, så det ble ikke laget noe utkast."
_FLAGS = {"uten_prove": "--no-gate", "likevel": "--force"}  # of a build, by the field that asks for it
_Endpoint = Callable[[Request], Awaitable[Response]]
_Show = Callable[[Request, Visitor], Response]
_Do = Callable[[Request, Visitor, Mapping[str, str]], Response]


def maintain_routes(live: LiveEngine, config: Config) -> APIRouter:
    """The routes; none where the settings give no way in. Raises: ConfigError."""
    router, access = APIRouter(include_in_schema=False), Access(config)
    if not access.is_on:
        return router
    site = Site(live, config, Asked(config), Texts(config.corpus), Build(config), Prober(), RecentFaults())
    add_login(router, access)
    router.add_api_route(STYLE, read_style)
    router.add_api_route(SCRIPT, read_script)

    def shown(path: str, show: _Show) -> None:
        router.add_api_route(path, _for_visitors(access, show), methods=["GET"])

    def sent(path: str, do: _Do) -> None:
        router.add_api_route(path, _for_forms(access, do), methods=["POST"])
        router.add_api_route(path, _back, methods=["GET"])  # a page that a form has led to is loaded anew

    shown(HOME, lambda request, visitor: show_page(request, visitor, site, told=_told(request)))
    shown(f"{HOME}/bygging", lambda request, _: show_build(request, site))
    shown(f"{HOME}/endringer", lambda request, _: _changes(request, site))
    sent(f"{HOME}/bygg", lambda request, visitor, fields: _build(request, visitor, site, fields))
    sent(f"{HOME}/stopp", lambda request, *_: _stop(request, site))
    sent(f"{HOME}/versjon", lambda request, visitor, fields: _use(request, visitor, site, fields))
    sent(f"{HOME}/utkast", lambda request, visitor, fields: _draft(request, visitor, site, fields))
    sent(f"{HOME}/sjekk", lambda request, visitor, fields: _check(request, visitor, site, fields))
    return router


def _for_visitors(access: Access, show: _Show) -> _Endpoint:
    """Shows it to whoever is let in."""

    async def endpoint(request: Request) -> Response:
        visitor = access.visitor(request)
        return await run_in_threadpool(show, request, visitor) if visitor else to_login(request)

    return endpoint


def _for_forms(access: Access, do: _Do) -> _Endpoint:
    """Does it for whoever is let in and has sent our own form."""

    async def endpoint(request: Request) -> Response:
        if (visitor := access.visitor(request)) is None:
            return to_login(request)
        fields = await read_form(request, _MAX_BODY)
        if not has_token(request, fields, visitor.form_token):
            return render(request, "refused.html", 403)
        return await run_in_threadpool(do, request, visitor, fields)

    return endpoint


async def _back(request: Request) -> Response:
    return redirect(request, HOME)


def _told(request: Request) -> str:
    return _SWITCHED if "byttet" in request.query_params else ""


def _changes(request: Request, site: Site) -> Response:
    try:
        told = tell_changes(site.config.index, request.query_params.get("versjon", ""))
    except IndexFault as fault:
        return render(request, "changes.html", 404, fault=f"{fault} {fault.remedy}")
    return render(request, "changes.html", told=told)


def _build(request: Request, visitor: Visitor, site: Site, fields: Mapping[str, str]) -> Response:
    flags = [flag for name, flag in _FLAGS.items() if name in fields]
    if not site.build.start(is_dry=fields.get("hva") != "bygg", flags=flags):
        return show_page(request, visitor, site, fault=_RUNS)
    return redirect(request, f"{HOME}#bygg")


def _stop(request: Request, site: Site) -> Response:
    site.build.stop()
    return redirect(request, f"{HOME}#bygg")


def _use(request: Request, visitor: Visitor, site: Site, fields: Mapping[str, str]) -> Response:
    try:
        use_version(site.config.index, fields.get("versjon", ""))
    except IndexFault as fault:
        return show_page(request, visitor, site, fault=f"{fault} {fault.remedy}")
    site.live.current()  # sees the pointer, and opens the version
    return redirect(request, f"{HOME}?byttet#status")


def _draft(request: Request, visitor: Visitor, site: Site, fields: Mapping[str, str]) -> Response:
    try:
        path = site.asked.draft(fields.get("id", ""), site.live.current())
    except (StoreFault, OSError) as fault:
        return show_page(request, visitor, site, fault=f"Utkastet ble ikke laget. {fault}")
    if path is None:
        return show_page(request, visitor, site, fault=_NOT_ASKED)
    return show_page(request, visitor, site, drafted=str(path))


def _check(request: Request, visitor: Visitor, site: Site, fields: Mapping[str, str]) -> Response:
    catalog = site.live.current().index.catalog
    checked = check_text(
        fields.get("tekst", ""), fields.get("fil", ""), site.config.corpus, catalog, date.today()
    )  # fmt: skip
    return show_page(request, visitor, site, checked=checked)
