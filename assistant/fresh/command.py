"""`abc fersk`: what of the guide is past or near its review, by owner; as a table, as JSON and as a calendar."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.config import Config

if TYPE_CHECKING:
    from index.document import Document

OK, FAULT, USAGE = 0, 1, 2
DAYS = 60  # how near a review is, unless other is asked for


def add_command(commands: Any) -> None:
    """Adds `fersk` with its flags to the commands of the program."""
    parser = commands.add_parser(
        "fersk",
        help="vis hva i guiden som må leses på nytt",
        description="Viser hva som må gjøres for at guiden skal holde seg fersk, eier for eier og det verste først: "
        "kontroller som er forfalt eller nær, søknadsfrister som er passert, og kilder som er over to år gamle. "
        "Leser tekstene i corpus slik de er nå; det trengs ingen indeks.",
    )
    parser.add_argument("--dager", type=_count, default=DAYS, metavar="N", help=f"hvor nær en kontroll er ({DAYS})")
    parser.add_argument("--eier", default="", metavar="NAVN", help="bare dokumentene til denne eieren")
    parser.add_argument("--json", action="store_true", help="skriv alt som JSON")
    parser.add_argument("--ics", type=Path, metavar="FIL", help="skriv alle kontrolldatoer til en kalenderfil")
    parser.add_argument(
        "--feil-ved-utløpt",
        action="store_true",
        dest="fails",
        help="avslutt med 1 når en kontroll er forfalt, en frist er passert siden sist, eller en fil ikke kan leses",
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace, config: Config) -> int:
    from assistant.fresh.find import find_work
    from assistant.fresh.tell import as_json, review_calendar, tell_problems, tell_work
    from index.document import scan_corpus

    today = date.today()
    if sys.stderr.isatty():
        print("Leser corpus …", file=sys.stderr)
    corpus, problems = scan_corpus(config.corpus)
    print(*tell_problems(problems), sep="\n", end="\n" if problems else "", file=sys.stderr)
    if not corpus.documents:
        print(f"Fant ingen dokumenter å lese i {config.corpus}.", file=sys.stderr)
        return FAULT
    documents, owner = _owned_by(options.eier, corpus.documents)
    if not documents:
        owners = ", ".join(sorted({document.owner for document in corpus.documents}))
        print(f"Ingen dokumenter har eieren «{options.eier}». Eierne er: {owners}.", file=sys.stderr)
        return USAGE
    works = find_work(documents, corpus.sources, today, options.dager)
    if options.ics:
        options.ics.write_bytes(review_calendar(documents, today, owner))
    if options.json:
        print(json.dumps(as_json(works, problems, today, options.dager), ensure_ascii=False))
    elif options.ics:
        print(f"Skrev {len({d.review_by for d in documents})} kontrolldatoer til {options.ics}.")
    else:
        print(*tell_work(works, len(documents), today), sep="\n")
    return FAULT if options.fails and (problems or any(work.is_past for work in works)) else OK


def _owned_by(name: str, documents: "tuple[Document, ...]") -> "tuple[list[Document], str]":
    """The documents of the owner, in whatever case it is written, and the name as they have it; all without a name."""
    found = [document for document in documents if name.casefold() in ("", document.owner.casefold())]
    return found, found[0].owner if name and found else ""


def _count(text: str) -> int:
    if (number := int(text)) < 0:
        raise ValueError
    return number
