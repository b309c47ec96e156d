"""`abc sikkerhetskopi` and `abc gjenopprett`: all that is kept as one file, and back again."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.config import Config

if TYPE_CHECKING:
    from assistant.backup.types import Contents, Restored

OK, FAULT = 0, 1


def add_command(commands: Any) -> None:
    """Adds `sikkerhetskopi` and `gjenopprett` with their flags to the commands of the program."""
    saving = commands.add_parser(
        "sikkerhetskopi",
        help="ta en sikkerhetskopi av alt som er lagret",
        description="Skriver indeksversjonene, spørsmålene og tilbakemeldingene og guiden i corpus til én fil. "
        "Fila inneholder det folk har spurt om: bare eieren kan lese den, og den må slettes når spørsmålene skal det.",
    )
    saving.set_defaults(run=_save)
    restoring = commands.add_parser(
        "gjenopprett",
        help="legg tilbake en sikkerhetskopi",
        description="Prøver hver fil i sikkerhetskopien, og legger så alt tilbake i ett. Der det er noe fra før, "
        "endres ingenting uten --erstatt.",
    )
    restoring.set_defaults(run=_restore)
    for parser, replaced in ((saving, "en fil som finnes"), (restoring, "det som er her fra før")):
        parser.add_argument("file", type=Path, metavar="FIL", help="sikkerhetskopien, for eksempel abc.zip")
        parser.add_argument("--uten-corpus", action="store_true", dest="no_corpus", help="la guiden i corpus være")
        parser.add_argument("--erstatt", action="store_true", dest="replaces", help=f"erstatt {replaced}")
        parser.add_argument("--json", action="store_true", help="skriv resultatet som JSON")


def _save(options: argparse.Namespace, config: Config) -> int:
    from assistant.backup.save import save
    from assistant.backup.types import BackupFault
    from assistant.record.types import StoreFault

    try:
        with _bar("Kopierer") as progress:
            contents = save(config, options.file, not options.no_corpus, options.replaces, progress)
    except (BackupFault, StoreFault) as fault:
        print(fault, file=sys.stderr)
        return FAULT
    size = options.file.stat().st_size
    if contents.rows:
        note = "Det folk har spurt om, står i fila. Slett den når spørsmålene skal være slettet."
    else:
        note = "Spørsmål og tilbakemeldinger er ikke med, for lagring er slått av (ABC_KEEP_DAYS=0)."
    result = {"file": str(options.file), "bytes": size, **_as_json(contents), "notes": [note]}
    _show(options, result, f"Skrev {options.file} ({size / 1e6:.1f} MB): {_described(contents)}.")
    return OK


def _restore(options: argparse.Namespace, config: Config) -> int:
    from assistant.backup.restore import restore
    from assistant.backup.types import BackupFault
    from assistant.record.types import StoreFault

    try:
        with _bar("Legger tilbake") as progress:
            restored = restore(config, options.file, not options.no_corpus, options.replaces, progress)
    except (BackupFault, StoreFault) as fault:
        print(fault, file=sys.stderr)
        return FAULT
    notes = list(_notes(restored, options.replaces, config))
    put_back = {"rows": restored.rows, "corpus": restored.has_corpus, "notes": notes}
    result = {"file": str(options.file), **_as_json(restored.contents), **put_back}
    _show(options, result, f"{options.file} er lagt tilbake: {_described(restored.contents)}.")
    return OK


def _notes(restored: "Restored", replaces: bool, config: Config) -> Iterator[str]:
    """What the user must know or do now."""
    from index.versions import SCHEMA

    contents = restored.contents
    if contents.schema != SCHEMA:
        yield (
            f"Indeksen i kopien har format {contents.schema}, programmet leser format {SCHEMA}. "
            "Bygg den på nytt med: abc index build"
        )
    elif config.chroma_url:
        yield "Chroma-serveren er ikke med i en sikkerhetskopi. Legg på den det den mangler, med: abc index build"
    if restored.rows is None:
        yield "Spørsmål og tilbakemeldinger er ikke lagt tilbake: de er ikke i kopien, eller ABC_KEEP_DAYS er 0."
    elif (num_old := sum(contents.rows.values()) - sum(restored.rows.values())) > 0:
        yield f"{num_old} spørsmål og tilbakemeldinger var for gamle til å legges tilbake (ABC_KEEP_DAYS)."
    if replaces:
        yield "Start chatten på nytt hvis den kjører."


def _described(contents: "Contents") -> str:
    rows = contents.rows
    num_texts = len(contents.of_part("corpus"))
    return (
        f"indeksversjon {contents.version}, {rows.get('questions', 0)} spørsmål, {rows.get('feedback', 0)} "
        f"tilbakemeldinger og {num_texts} filer i corpus, slik de var {contents.created}"
    )


def _as_json(contents: "Contents") -> dict[str, Any]:
    return {
        "version": contents.version,
        "schema": contents.schema,
        "program": contents.program,
        "created": contents.created,
        "rows": dict(contents.rows),
        "corpus_files": len(contents.of_part("corpus")),
    }


def _show(options: argparse.Namespace, result: dict[str, Any], line: str) -> None:
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        print(line, *result["notes"], sep="\n")


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Shows how many bytes are done."""
    from tqdm import tqdm

    with tqdm(desc=what, unit="B", unit_scale=True, disable=None, leave=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress
