"""`abc tilbakemelding`: what people thought of the answers, for those who keep the guide, and how to delete it."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from assistant.config import Config

if TYPE_CHECKING:
    from assistant.feedback.keep import FeedbackStore

OK, FAULT = 0, 1


def add_command(commands: Any) -> None:
    """Adds `tilbakemelding` with its flags to the commands of the program."""
    parser = commands.add_parser(
        "tilbakemelding",
        help="les hva folk synes om svarene",
        description="Viser tilbakemeldingene på svarene: hvorfor de ikke var til hjelp, og spørsmålene bak.",
    )
    parser.add_argument("--dager", type=_positive, metavar="N", help="bare de siste N dagene (alt som er lagret)")
    parser.add_argument("--json", action="store_true", help="skriv hele rapporten som JSON")
    parser.add_argument("--slett", action="store_true", help="slett alt som er lagret, også spørsmålene; spør først")
    parser.add_argument("--ja", action="store_true", help="slett uten å spørre")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace, config: Config) -> int:
    from assistant.feedback.keep import FeedbackStore
    from assistant.feedback.report import as_lines, summarise
    from assistant.record.types import StoreFault

    store = FeedbackStore(config.store, config.keep_days)
    days = min(options.dager or config.keep_days, config.keep_days)  # what is older is as good as deleted
    try:
        if options.slett:
            return _delete(store, options.ja)
        report = summarise(store.rows(days), days)
    except StoreFault as fault:
        print(fault, file=sys.stderr)
        return FAULT
    if options.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        print(*(as_lines(report) if store.is_on else ["Tilbakemelding er slått av (ABC_KEEP_DAYS=0)."]), sep="\n")
    return OK


def _delete(store: "FeedbackStore", is_sure: bool) -> int:
    if not is_sure:
        print("Slette alle spørsmål og tilbakemeldinger for godt? [ja/nei] ", end="", file=sys.stderr, flush=True)
        is_sure = sys.stdin.readline().strip().lower() == "ja"
    if not is_sure:
        print("Ingenting er slettet. Skriv «ja» for å slette, eller bruk --ja.", file=sys.stderr)
        return FAULT
    deleted = store.delete_all()
    print(f"Slettet {deleted['questions']} spørsmål og {deleted['feedback']} tilbakemeldinger.")
    print("Utkast som er laget av spørsmål, ligger igjen i corpus/utkast og var/drafts.")
    return OK


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError
    return number
