"""`abc index diff`: what a version changed, in words; versions go by id, number, `nå` and `forrige`."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.config import Config

if TYPE_CHECKING:
    from index.catalog import Catalog
    from index.change import Change

OK = 0
NOW, PREVIOUS = "nå", "forrige"


def add_diff(steps: Any) -> None:
    """Adds `diff` with its flags to the steps of `abc index`."""
    parser = steps.add_parser(
        "diff",
        help="vis hva som er endret mellom to versjoner",
        description="Viser med ord hva som er endret fra versjon A til versjon B, det viktigste først. "
        "En versjon oppgis med navn, med nummer, eller som «nå» (den i bruk) eller «forrige».",
    )
    parser.add_argument("before", nargs="?", default=PREVIOUS, metavar="A", help="versjonen før (forrige)")
    parser.add_argument("after", nargs="?", default=NOW, metavar="B", help="versjonen etter (nå)")
    parser.add_argument("--json", action="store_true", help="skriv endringene som JSON")
    parser.set_defaults(run=run_diff)


def run_diff(options: argparse.Namespace, config: Config) -> int:
    """Prints what is other. Raises: IndexFault when a version is not there or can't be read."""
    from assistant.build.difference import as_json, describe, summarise

    before, after = (find_version(config.index, name) for name in (options.before, options.after))
    changes = read_changes(config.index, before, after)
    if options.json:
        data = {"before": before, "after": after, "count": len(changes), "changes": list(as_json(changes))}
        print(json.dumps(data, ensure_ascii=False))
    else:
        print(f"Fra {before} til {after}. {summarise(changes)}", *describe(changes), sep="\n")
    return OK


def read_changes(home: Path, before: str, after: str) -> "tuple[Change, ...]":
    """What is other in version `after`. Raises: IndexFault when either is not there or can't be read."""
    from index.difference import compare_catalogs

    return compare_catalogs(_read(home, before), _read(home, after))


def find_version(home: Path, name: str) -> str:
    """The id of the version that is named. Raises: IndexMissing that lists those there are."""
    from index.types import IndexMissing
    from index.versions import list_versions, read_pointer

    current = read_pointer(home)
    known = [manifest.version for manifest in list_versions(home)]
    if name == NOW:
        return current
    older = [version for version in known if version < current]
    if name == PREVIOUS:
        if not older:
            raise IndexMissing(f"Det finnes ingen versjon før {current}.", _listing(known))
        return older[-1]
    found = [version for version in known if version == name or _number(version) == name.lstrip("0")]
    if not found:
        raise IndexMissing(f"Det finnes ingen versjon «{name}».", _listing(known))
    return found[-1]


def _listing(known: list[str]) -> str:
    return f"Disse finnes: {', '.join(f'{_number(version)} ({version})' for version in known)}."


def _number(version: str) -> str:
    return version.split("-")[0].lstrip("0")


def _read(home: Path, version: str) -> "Catalog":
    from index.catalog import read_catalog
    from index.types import IndexMissing
    from index.versions import REBUILD, read_current

    folder = home / read_current(home, version).version
    try:
        return read_catalog(folder)
    except (OSError, ValueError) as error:
        raise IndexMissing(f"Kan ikke lese tekstene i versjon {version}: {error}", REBUILD) from error
