"""`abc ordninger`: the lookup on the command line, as tables and as JSON, with the same filters as the page."""

import argparse
import json
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.config import Config
from assistant.lookup.state import KEYS, State, StateError, make_state, read_day

if TYPE_CHECKING:
    from assistant.lookup.card import Card
    from assistant.lookup.guide import Lookup
    from index.versions import Manifest

OK, USAGE = 0, 2
_HELP = {
    "text": ("TEKST", "ord det letes etter"),
    "forms": ("FORM", "hvem som kan søke, for eksempel forening"),
    "themes": ("TEMA", "hva støtten går til, for eksempel rus"),
    "managers": ("HVEM", "hvem som forvalter ordningen"),
    "places": ("STED", "fylke eller kommune"),
    "phases": ("FASE", "idé, oppstart, drift eller vekst"),
    "statuses": ("STATUS", "åpen, stengt eller ukjent"),
    "confirmed": ("JA/NEI", "om alle verdier på kortet har en kilde"),
    "least": ("KRONER", "største beløp er minst så høyt"),
    "most": ("KRONER", "største beløp er høyst så høyt"),
    "due_before": ("DATO", "søknadsfrist før datoen"),
    "valid_on": ("DATO", "noe på kortet er kjent for datoen"),
    "sort": ("HVA", "treff, navn, frist eller beløp"),
}


def add_command(commands: Any) -> None:
    """Adds `ordninger` with its flags to the commands of the program."""
    parser = commands.add_parser(
        "ordninger",
        help="slå opp støtteordninger, kort og frister",
        description="Slår opp ordninger: en liste med filtre, ett kort, flere side om side, eller frister. "
        "Et filter kan oppgis flere ganger; da passer det som har en av verdiene.",
    )
    parser.add_argument("id", nargs="?", metavar="ID", help="vis kortet til denne ordningen")
    for key, field in KEYS.items():
        flag = "søk" if field == "text" else key
        name, text = _HELP[field]
        parser.add_argument(f"--{flag}", action="append", dest=key, default=[], metavar=name, help=text)
    parser.add_argument("--som-av", metavar="DATO", help="det som gjaldt på datoen, og hva som er annerledes nå")
    parser.add_argument("--sammenlign", nargs="+", metavar="ID", help="vis to til fire ordninger side om side")
    parser.add_argument("--kvittering", action="store_true", help="skriv kortet som tekst til saksmappa")
    parser.add_argument("--frister", action="store_true", help="vis søknadsfrister i stedet for ordninger")
    parser.add_argument("--ics", type=Path, metavar="FIL", help="skriv fristene til en kalenderfil")
    parser.add_argument("--json", action="store_true", help="skriv alt som JSON")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace, config: Config) -> int:
    try:
        data, lines = _look_up(options, config)
    except StateError as error:
        print(error, file=sys.stderr)
        return USAGE
    print(json.dumps(data, ensure_ascii=False) if options.json else "\n".join(lines))
    return OK


@dataclass(frozen=True)
class _Desk:
    """What every look-up needs: the guide made ready, its version, and the day."""

    lookup: "Lookup"
    manifest: "Manifest"
    today: date

    def card(self, doc_id: str) -> "Card":
        from assistant.lookup.card import read_card

        card = read_card(self.lookup, doc_id, self.today)
        if card is None:
            raise StateError("lookup_no_scheme", id=doc_id)
        return card


def _look_up(options: argparse.Namespace, config: Config) -> tuple[Any, list[str]]:
    """What was asked for, as JSON values and as the lines of a table or a card."""
    from assistant.lookup.guide import open_lookup
    from index.catalog import read_catalog
    from index.versions import read_current

    manifest = read_current(config.index)
    desk = _Desk(open_lookup(read_catalog(config.index / manifest.version)), manifest, date.today())
    pairs = [(key, value) for key in KEYS for value in getattr(options, key)]
    state = make_state(pairs, desk.lookup.facts.choices)
    day = read_day("som-av", options.som_av) if options.som_av else None
    if options.sammenlign:
        return _compare(desk, options.sammenlign)
    if options.id:
        return _card(desk, options.id, day, options.kvittering)
    if options.frister or options.ics:
        return _deadlines(desk, state, options.ics)
    return _list(desk, replace(state, valid_on=day) if day else state)


def _list(desk: _Desk, state: State) -> tuple[Any, list[str]]:
    from pydantic_core import to_jsonable_python

    from assistant.lookup.search import search_schemes
    from assistant.lookup.terminal import tell_list

    found = search_schemes(desk.lookup, state, desk.today)
    return to_jsonable_python(found), tell_list(found, len(desk.lookup.facts.schemes))


def _card(desk: _Desk, doc_id: str, day: date | None, as_receipt: bool) -> tuple[Any, list[str]]:
    from pydantic_core import to_jsonable_python

    from assistant.lookup.past import as_of
    from assistant.lookup.receipt import write_receipt
    from assistant.lookup.terminal import tell_card, tell_past

    card = desk.card(doc_id)
    if as_receipt:
        receipt = write_receipt(card, desk.manifest, "nb", desk.today)
        return to_jsonable_python(receipt), [receipt.text]
    if day:
        past = as_of(card, day, desk.today)
        return to_jsonable_python(past), tell_past(past)
    return to_jsonable_python(card), tell_card(card)


def _compare(desk: _Desk, doc_ids: list[str]) -> tuple[Any, list[str]]:
    from pydantic_core import to_jsonable_python

    from assistant.lookup.compare import compare_cards
    from assistant.lookup.terminal import tell_comparison

    compared = compare_cards(desk.lookup, [desk.card(doc_id) for doc_id in doc_ids])
    return to_jsonable_python(compared), tell_comparison(compared)


def _deadlines(desk: _Desk, state: State, target: Path | None) -> tuple[Any, list[str]]:
    from pydantic_core import to_jsonable_python

    from assistant.lookup.deadlines import find_deadlines, write_calendar
    from assistant.lookup.terminal import tell_deadlines

    found = find_deadlines(desk.lookup, state, desk.today)
    lines = tell_deadlines(found)
    if target:
        target.write_bytes(write_calendar(found, desk.manifest, "nb", desk.today))
        lines = [f"Skrev {len(found)} frister til {target}."]
    return {"count": len(found), "deadlines": to_jsonable_python(found)}, lines
