"""The cards and comparisons of a guide on pages of their own, with the real styles, script and API of the lookup."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html import escape
from threading import Thread
from types import SimpleNamespace
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, Query, Response
from fastapi.responses import HTMLResponse

from assistant.lookup.card import Card, read_card
from assistant.lookup.compare import compare_cards
from assistant.lookup.guide import Lookup, open_lookup
from assistant.lookup.past import as_of
from assistant.lookup.routes import lookup_routes
from assistant.ui.assets import read_assets
from assistant.ui.compare import render_comparison
from assistant.ui.scheme import render_card, render_past
from index.catalog import Catalog
from index.versions import Manifest

MANIFEST = Manifest("000001-abcdef12", 3, "korpus1", "h", "m", "f", "c", 1, 1, "2026-02-02T10:00:00+01:00")
_PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><base href="/"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="abc/page.css"></head><body>
<div class="abc" data-language="{language}" lang="{language}"><header class="top">Toppen</header><main id="innhold">
<section class="view" data-panel="sla-opp"><form class="search"><input aria-label="Søk"></form><div data-shown></div>
</section></main></div><template>{fragment}</template><script>{script}
const panel = document.querySelector("[data-panel]");
wireSchemes(panel, (address) => location.assign(address));
panel.querySelector("[data-shown]").append(document.querySelector("template").content);
</script></body></html>"""


def card_of(lookup: Lookup, name: str, today: date) -> Card:
    """The card of a scheme that is there."""
    card = read_card(lookup, name, today)
    assert card is not None
    return card


def compared(lookup: Lookup, names: list[str], language: str, today: date) -> str:
    """The comparison as HTML."""
    cards = [card_of(lookup, name, today) for name in names]
    schemes = [(document.doc_id, document.title) for document in lookup.facts.schemes]
    return render_comparison(compare_cards(lookup, cards), cards, schemes, MANIFEST, language, today)


def make_app(catalog: Catalog, today: date) -> FastAPI:
    """The addresses of the view that hold a card or a comparison, and the API that receipts come from."""
    app, lookup = FastAPI(), open_lookup(catalog)
    index = SimpleNamespace(catalog=catalog, manifest=MANIFEST)
    live: Any = SimpleNamespace(current=lambda: SimpleNamespace(index=index))
    app.include_router(lookup_routes(live), prefix="/api")

    @app.get("/abc/{name}")
    def asset(name: str) -> Response:
        return Response(read_assets()[name].content, media_type=read_assets()[name].media_type)

    @app.get("/{language}/sla-opp/sammenlign")
    def side(language: str, id: Annotated[list[str], Query()]) -> HTMLResponse:  # noqa: A002 - the name in the address
        return _page("Sammenlign", language, compared(lookup, id, language, today))

    @app.get("/{language}/sla-opp/{name}")
    def scheme(language: str, name: str, som_av: Annotated[date | None, Query(alias="som-av")] = None) -> HTMLResponse:
        card = card_of(lookup, name, today)
        if som_av:
            return _page(card.title, language, render_past(card, as_of(card, som_av, today), MANIFEST, language))
        return _page(card.title, language, render_card(card, MANIFEST, language, today))

    return app


def _page(title: str, language: str, fragment: str) -> HTMLResponse:
    script = read_assets()["page.js"].content.decode()
    own = script[script.index("function wireSchemes") :].partition("\n}\n")[0] + "\n}\n"
    return HTMLResponse(_PAGE.format(language=language, title=escape(title), fragment=fragment, script=own))


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The address of the app on a free port, stopped afterwards."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
