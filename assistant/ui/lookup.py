"""The view "Slå opp": its frame on the page, and the fragments that fill it as one types, chooses and opens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from assistant.live import LiveEngine
from assistant.lookup.card import Card, read_card
from assistant.lookup.compare import compare_cards
from assistant.lookup.guide import Lookup, open_lookup
from assistant.lookup.past import as_of
from assistant.lookup.routes import LIMIT
from assistant.lookup.search import MAX_ROWS
from assistant.lookup.state import StateError, make_state, read_amount, read_day
from assistant.refuse import name_found
from assistant.screen import screen
from assistant.texts import load_texts, say
from assistant.ui.addresses import COMPARE, DEADLINES, LOOKUP, list_address
from assistant.ui.compare import render_comparison
from assistant.ui.found import render_deadlines, render_found, render_wrong
from assistant.ui.scheme import render_card, render_past
from assistant.ui.templates import templates
from index.versions import Manifest

_MAX_TEXT = 200  # characters that are searched for; nobody has typed more while looking up a rule
_NOT_FOUND = "lookup_no_scheme"
_HEADERS = {"Cache-Control": "no-cache"}  # another version of the guide may be in use at any moment
Language = Literal["nb", "nn", "en"]
Ids = Annotated[list[str] | None, Query(alias="id")]
Day = Annotated[str, Query(alias="som-av")]


def render_lookup(language: str) -> str:
    """The frame: the box, which stays while what is below it changes, and the bar of schemes to compare."""
    return (
        templates()
        .get_template("lookup.html")
        .render(
            t=load_texts(language),
            address=list_address(language),
            compare=f"{list_address(language)}/{COMPARE}",
            max_length=_MAX_TEXT,
        )
    )


def fragment_routes(live: LiveEngine) -> APIRouter:
    """What the frame fetches, each under `/deler` at the address that it shows; an error is such a fragment too."""
    router = APIRouter(prefix=f"/deler/{{language}}/{LOOKUP}", include_in_schema=False)

    def show(language: str, write: Callable[[_Desk], str]) -> HTMLResponse:
        index = live.current().index
        desk = _Desk(open_lookup(index.catalog), index.manifest, language, date.today())
        try:
            return HTMLResponse(write(desk), headers=_HEADERS)
        except StateError as error:
            status = 404 if error.text == _NOT_FOUND else 400
            return HTMLResponse(render_wrong(error.tell(language), language), status, _HEADERS)

    @router.get("")
    def schemes(request: Request, language: Language) -> HTMLResponse:
        return show(language, lambda desk: desk.list(request, by_deadline=False))

    @router.get(f"/{DEADLINES}")
    def deadlines(request: Request, language: Language) -> HTMLResponse:
        return show(language, lambda desk: desk.list(request, by_deadline=True))

    @router.get(f"/{COMPARE}")
    def compare(language: Language, ids: Ids = None) -> HTMLResponse:
        return show(language, lambda desk: desk.compare(ids or []))

    @router.get("/{name}")
    def scheme(language: Language, name: str, day: Day = "") -> HTMLResponse:
        return show(language, lambda desk: desk.scheme(name, day))

    return router


@dataclass(frozen=True)
class _Desk:
    """What everything that is looked up needs: the guide made ready, its version, the page's language, and the day."""

    lookup: Lookup
    manifest: Manifest
    language: str
    today: date

    def list(self, request: Request, *, by_deadline: bool) -> str:
        """The list of an address. Personal data in it are not searched for, and the page takes them out of it."""
        pairs = [(key, value) for key, value in request.query_params.multi_items() if key != LIMIT]
        state = make_state(pairs, self.lookup.facts.choices)
        typed = screen(state.text[:_MAX_TEXT])
        state, notice = replace(state, text=typed.text), ""
        if typed.found:
            found = name_found(typed.found, self.language)
            notice = say(self.language, "personal_data_removed", found=found)
        if by_deadline:
            return render_deadlines(self.lookup, state, self.language, self.today, notice)
        limit = read_amount(LIMIT, request.query_params.get(LIMIT, str(MAX_ROWS)))
        return render_found(self.lookup, state, self.language, self.today, limit, notice)

    def scheme(self, name: str, day: str) -> str:
        card = self._card(name)
        if not day:
            return render_card(card, self.manifest, self.language, self.today)
        past = as_of(card, read_day("som-av", day), self.today)
        return render_past(card, past, self.manifest, self.language)

    def compare(self, names: Sequence[str]) -> str:
        cards = [self._card(name) for name in names]
        compared = compare_cards(self.lookup, cards)
        every = [(document.doc_id, document.title) for document in self.lookup.facts.schemes]
        return render_comparison(compared, cards, every, self.manifest, self.language, self.today)

    def _card(self, name: str) -> Card:
        card = read_card(self.lookup, name, self.today)
        if card is None:
            raise StateError(_NOT_FOUND, id=name)
        return card
