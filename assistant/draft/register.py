"""The registers of sources as text: rows are proposed, found and moved without touching the rest of the file."""

import os
import re
from datetime import date
from pathlib import Path

from assistant.draft.shape import TODO, dump
from assistant.draft.types import About

REGISTER = "kilder.yaml"
_HEAD = f"""\
# Foreslåtte kilder for utkastene i denne mappen. Fyll ut det som det står {TODO} ved.
# En kilde flyttes til ../kilder.yaml når et utkast som bruker den, settes fri.
"""
_ROW = r"(?m)^{}:[^\n]*\n(?:(?:[ \t\r][^\n]*)?\n)*(?:[ \t][^\n]+\Z)?"


def propose_row(source_id: str, title: str, file: str, about: About, today: date) -> str:
    """The row for the file's source; what nobody but a person can know stands as a task."""
    named = f" (fila oppgir «{about.author}»)" if about.author else ""
    row = {
        "utgiver": f"{TODO}: hvem har gitt ut «{file}»?{named}",
        "tittel": title,
        "url": None,
        "publisert": f"trolig {about.published}, etter datoen i fila" if about.published else "udatert",
        "hentet": today.isoformat(),
        "lisens": f"{TODO}: ukjent; sjekk hos utgiveren",
    }
    return dump({source_id: row})


def find_row(text: str, source_id: str) -> str:
    """The row of the source in a register, as it is written; empty where it has none."""
    found = re.search(_ROW.format(re.escape(source_id)), text)
    return found[0] if found else ""


def with_row(text: str, row: str) -> str:
    """The register with the row in the order of the ids, and everything else as it was."""
    newline = "\r\n" if "\r\n" in text else "\n"
    row = row.strip().replace("\n", newline) + newline
    source_id = row.split(":", 1)[0]
    before = [m for m in re.finditer(_ROW.format(r"[a-z0-9-]+"), text) if m[0].split(":", 1)[0] < source_id]
    if not before:
        first = re.search(r"(?m)^[a-z0-9-]+:", text)
        place = first.start() if first else len(text)
        gap = "" if text[:place].endswith(newline * 2) or not text[:place] else newline
        return f"{text[:place]}{gap}{row}{newline if first else ''}{text[place:]}"
    above, below = text[: before[-1].end()].rstrip(), text[before[-1].end() :]
    return f"{above}{newline * 2}{row}{newline if below else ''}{below}"


def without_row(text: str, source_id: str) -> str:
    """The register without the row of the source."""
    return re.sub(_ROW.format(re.escape(source_id)), "", text)


def read_register(folder: Path) -> str:
    """The register of drafts as text; one with a heading and no rows where there is none yet."""
    path = folder / REGISTER
    return read_exactly(path) if path.exists() else _HEAD


def read_exactly(path: Path) -> str:
    """The text with the line ends that it has."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def replace_text(path: Path, text: str) -> None:
    """Writes the whole file in one step that readers never see half done."""
    aside = path.with_name(f".{path.name}.new")
    try:
        with aside.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            aside.chmod(path.stat().st_mode & 0o777)
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
