"""`abc passord`: asks for the maintainers' password twice, and prints the hash that the settings hold."""

import argparse
import sys
import warnings
from getpass import GetPassWarning, getpass
from typing import Any

from assistant.config import Config

OK, FAULT = 0, 1


def add_command(commands: Any) -> None:
    """Adds `passord` to the commands of the program."""
    parser = commands.add_parser(
        "passord",
        help="lag passordet til vedlikeholdssiden",
        description="Spør to ganger om et passord, og skriver hashen som skal stå i ABC_ADMIN_HASH.",
    )
    parser.set_defaults(run=_run)


def _run(_: argparse.Namespace, __: Config) -> int:
    from assistant.maintain.password import MAX_CHARS, MIN_CHARS, hash_password

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", GetPassWarning)  # it would show what is typed
            first, second = getpass("Nytt passord: "), getpass("En gang til: ")
    except (GetPassWarning, EOFError):
        return _refuse("Passordet kan ikke leses uten at det vises. Kjør abc passord i en terminal.")
    if first != second:
        return _refuse("Passordene er ikke like. Prøv igjen.")
    if not MIN_CHARS <= len(first) <= MAX_CHARS:
        return _refuse(f"Passordet må ha mellom {MIN_CHARS} og {MAX_CHARS} tegn. Fire tilfeldige ord er et godt valg.")
    print("Sett denne i ABC_ADMIN_HASH, og start serveren på nytt:", file=sys.stderr)
    print(hash_password(first))
    return OK


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return FAULT
