"""`GET /api/ordninger`, `/api/ordninger/{id}` and `/api/frister.ics`: the lookup as an interface for other programs."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from assistant.ask import Told
from assistant.live import LiveEngine
from assistant.lookup.card import Card, read_card
from assistant.lookup.compare import Comparison, compare_cards
from assistant.lookup.deadlines import Deadline, find_deadlines, write_calendar
from assistant.lookup.facts import Facts
from assistant.lookup.guide import Lookup, open_lookup
from assistant.lookup.past import PastCard, as_of
from assistant.lookup.receipt import CaseReceipt, write_receipt
from assistant.lookup.search import Found, search_schemes
from assistant.lookup.state import CHOICES, KEYS, State, StateError, make_state, read_day
from assistant.texts import say
from index.frontmatter import FORMS, PHASES, STATUSES
from index.versions import Manifest

_KNOWN = {"forms": FORMS, "phases": PHASES, "statuses": STATUSES}
LIMIT = "antall"  # key in the address for how many rows


@dataclass(frozen=True)
class Deadlines:
    """Deadlines with their count: those to come by date, then those known only for an earlier year."""

    count: int
    deadlines: list[Deadline]


def lookup_routes(live: LiveEngine) -> APIRouter:
    """The routes, to be included under `/api`; each answers from the version that is in use when it is asked."""
    router = APIRouter(tags=["slå opp"])
    _add_lists(router, live)
    _add_cards(router, live)
    return router


def _add_lists(router: APIRouter, live: LiveEngine) -> None:
    """Schemes and deadlines, narrowed by filters."""
    parameters = {"parameters": [_parameter(key) for key in KEYS]}

    @router.get("/ordninger", openapi_extra=parameters, summary="Ordningene som passer, med antall per filter")
    def schemes(request: Request, antall: Annotated[int | None, Query(ge=0)] = None) -> Found:
        lookup, _ = _open(live)
        return search_schemes(lookup, _state(request, lookup.facts), date.today(), antall)

    @router.get("/frister", openapi_extra=parameters, summary="Søknadsfrister, de kommende først")
    def deadlines(request: Request) -> Deadlines:
        lookup, _ = _open(live)
        found = find_deadlines(lookup, _state(request, lookup.facts), date.today())
        return Deadlines(len(found), found)

    @router.get(
        "/frister.ics",
        openapi_extra=parameters,
        summary="Søknadsfristene som kalenderfil",
        response_class=Response,
        responses={200: {"content": {"text/calendar": {}}}},
    )
    def calendar(request: Request) -> Response:
        lookup, manifest = _open(live)
        found = find_deadlines(lookup, _state(request, lookup.facts), date.today())
        headers = {"Content-Disposition": 'attachment; filename="frister.ics"'}
        content = write_calendar(found, manifest, "nb", date.today())
        return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def _add_cards(router: APIRouter, live: LiveEngine) -> None:
    """One scheme, or a few side by side."""
    not_found: dict[int | str, dict[str, Any]] = {404: {"description": "ingen ordning har id-en"}}

    @router.get("/sammenlign", summary="To til fire ordninger side om side", responses=not_found)
    def compare(id: Annotated[list[str], Query()]) -> Comparison:  # noqa: A002 - the name in the address
        lookup, _ = _open(live)
        try:
            return compare_cards(lookup, [_card(lookup, one) for one in id])
        except StateError as error:
            raise Told(400, error.tell("nb")) from None

    @router.get("/ordninger/{name}", summary="Hele kortet til en ordning", responses=not_found)
    def scheme(name: str) -> Card:
        return _card(_open(live)[0], name)

    @router.get("/ordninger/{name}/som-av/{dag}", summary="Det som gjaldt på en dato", responses=not_found)
    def past(name: str, dag: str) -> PastCard:
        try:
            day = read_day("som-av", dag)
        except StateError as error:
            raise Told(400, error.tell("nb")) from None
        return as_of(_card(_open(live)[0], name), day, date.today())

    @router.get("/ordninger/{name}/kvittering", summary="Kortet, eller noen regler, som tekst", responses=not_found)
    def receipt(
        name: str,
        regel: Annotated[list[str] | None, Query()] = None,
        som_av: Annotated[date | None, Query(alias="som-av")] = None,
        språk: Literal["nb", "nn", "en"] = "nb",
    ) -> CaseReceipt:
        lookup, manifest = _open(live)
        try:
            return write_receipt(_card(lookup, name), manifest, språk, date.today(), regel or (), som_av)
        except StateError as error:
            raise Told(404, error.tell(språk)) from None


def _open(live: LiveEngine) -> tuple[Lookup, Manifest]:
    index = live.current().index
    return open_lookup(index.catalog), index.manifest


def _card(lookup: Lookup, name: str) -> Card:
    card = read_card(lookup, name, date.today())
    if card is None:
        raise Told(404, say("nb", "lookup_no_scheme", id=name))
    return card


def _state(request: Request, facts: Facts) -> State:
    pairs = [(key, value) for key, value in request.query_params.multi_items() if key != LIMIT]
    try:
        return make_state(pairs, facts.choices)
    except StateError as error:
        raise Told(400, error.tell("nb")) from None


def _parameter(key: str) -> dict[str, Any]:
    """The key of an address as OpenAPI describes it; places, managers and themes depend on the guide."""
    field = KEYS[key]
    kinds: dict[str, dict[str, Any]] = {
        **{name: {"type": "integer", "minimum": 0} for name in ("least", "most")},
        **{name: {"type": "string", "format": "date"} for name in ("due_before", "valid_on")},
    }
    schema = kinds.get(field, {"type": "string"})
    if field in CHOICES:
        schema = {"type": "array", "items": {**schema, **({"enum": list(_KNOWN[field])} if field in _KNOWN else {})}}
    return {"name": key, "in": "query", "required": False, "schema": schema}
