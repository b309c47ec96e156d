"""A file → its text, read by a child process within limits of time, memory and size."""

import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant.draft.types import About, Note, Page, ReadFault, SourceText, from_json

MAX_PAGES = 200
MAX_CHARS = 500_000
MAX_BYTES = 100_000_000
TIMEOUT_S = 120
_POLL_S = 0.2
SUFFIXES = {
    ".pdf": "pdf", ".docx": "docx", ".odt": "odt", ".html": "html", ".htm": "html", ".xhtml": "html", ".md": "md",
    ".markdown": "md", ".txt": "txt", ".text": "txt",
}  # fmt: skip
_NAMES = {"pdf": "PDF", "docx": "Word", "odt": "OpenDocument", "html": "HTML", "md": "Markdown", "txt": "tekst"}
_CHILD = ("-m", "assistant.draft.child")
_ROOT = Path(__file__).parents[2]
_INHERITED = ("PATH", "HOME", "LD_LIBRARY_PATH", "LANG")  # no setting of ours, and no key, reaches a parser
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def read_file(path: Path, first: int, last: int | None, tell: Callable[[int], None]) -> SourceText:
    """The text of the file; of a PDF, pages `first` to `last`, at most `MAX_PAGES`.

    `tell` hears how many pages have been read, now and then.

    Raises:
        ReadFault: no draft can be made of it.
        OSError: it can't be opened.
    """
    if not path.is_file():
        raise ReadFault("Dette er ikke en vanlig fil." if path.exists() else "Fila finnes ikke.")
    with path.open("rb") as file:
        head = file.read(2048)
    if not head.strip():
        raise ReadFault("Fila er tom.")
    if (size := path.stat().st_size) > MAX_BYTES:
        raise ReadFault(f"Fila er {size // 1_000_000} MB, over grensen på {MAX_BYTES // 1_000_000} MB. Del den opp.")
    kind = _find_kind(path, head)
    notes = []
    if SUFFIXES.get(path.suffix.lower(), kind) != kind:
        notes.append(f"Fila heter {path.suffix}, men er lest som {_NAMES[kind]}.")
    last = min(last or first + MAX_PAGES - 1, first + MAX_PAGES - 1)
    rows, is_late = _run_child([str(path.resolve()), kind, str(first), str(last)], tell)
    return _gather(rows, notes, is_late)


def _find_kind(path: Path, head: bytes) -> str:
    """How the file is to be read: by what it holds where that shows, else by its name."""
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK"):
        return _kind_of_archive(path)
    if head.startswith(_OLD_OFFICE):
        raise ReadFault(
            "Fila er en eldre Office-fil, eller en Word-fil med passord. Lagre den som .docx uten passord i Word."
        )
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    kind = SUFFIXES.get(path.suffix.lower())
    if kind in ("pdf", "docx", "odt"):
        raise ReadFault(f"Fila heter {path.suffix}, men er ikke en {_NAMES[kind]}-fil. Last den ned på nytt.")
    if kind is None:
        raise ReadFault(
            "Filtypen støttes ikke. Lagre den som PDF, Word (.docx), OpenDocument (.odt), HTML, Markdown eller tekst."
        )
    return kind


def _kind_of_archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise ReadFault("Fila er ødelagt eller ikke fullstendig. Åpne den og lagre den på nytt.") from None
    if "word/document.xml" in names:
        return "docx"
    if "content.xml" in names:
        return "odt"
    raise ReadFault("Fila er en pakket fil uten Word- eller OpenDocument-tekst. Pakk den ut, og hent inn innholdet.")


def _run_child(arguments: list[str], tell: Callable[[int], None]) -> tuple[list[dict[str, Any]], bool]:
    """What the child wrote, row by row, and whether it was stopped because its time was up."""
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    with tempfile.TemporaryFile() as written:
        child = subprocess.Popen(  # noqa: S603 (our own module; the file's name is one argument)
            [sys.executable, *_CHILD, *arguments], stdin=subprocess.DEVNULL, stdout=written,
            stderr=subprocess.DEVNULL, cwd=_ROOT, env=environment, start_new_session=True,
        )  # fmt: skip
        stop = time.monotonic() + TIMEOUT_S
        try:
            while child.poll() is None and time.monotonic() < stop:
                with suppress(subprocess.TimeoutExpired):
                    child.wait(_POLL_S)
                tell(sum(b'"page"' in row for row in _rows(written.fileno())))
            is_late = child.poll() is None
        finally:
            child.kill()
            child.wait()
        return [json.loads(row) for row in _rows(written.fileno())], is_late


def _rows(file: int) -> list[bytes]:
    """The whole lines of a file that may still be written to."""
    written = os.pread(file, os.fstat(file).st_size, 0)
    return written[: written.rfind(b"\n") + 1].splitlines()


def _gather(rows: list[dict[str, Any]], notes: list[str], is_late: bool) -> SourceText:
    about, pages, has_ended = About(), list[Page](), False
    for row in rows:
        if "fault" in row:
            raise ReadFault(row["fault"])
        if has_ended := "end" in row:
            break
        match from_json(row):
            case About() as about:
                pass
            case Page() as page:
                pages.append(page)
            case Note(text):
                notes.append(text)
    pages, is_cut = _within(pages)
    if not any(page.blocks for page in pages):
        if is_late:
            raise ReadFault(f"Lesingen tok over {TIMEOUT_S} sekunder og er stanset. Del opp fila, og prøv igjen.")
        raise ReadFault("Fila har ingen tekst." if has_ended else "Fila er ødelagt, og kan ikke leses.")
    where = f" Siste side i utkastet er {pages[-1].number}." if pages[-1].number else ""
    if is_cut:
        notes.append(f"Teksten er kuttet ved {MAX_CHARS // 1000} 000 tegn.{where}")
    elif is_late:
        notes.append(f"Lesingen ble stanset etter {TIMEOUT_S} sekunder.{where}")
    elif not has_ended:
        notes.append(f"Lesingen stanset før fila var ferdig lest; resten kan være ødelagt.{where}")
    return SourceText(about, tuple(pages), tuple(notes))


def _within(pages: list[Page]) -> tuple[list[Page], bool]:
    """The pages, up to the block that goes over the limit, and whether there was one."""
    kept: list[Page] = []
    size = 0
    for page in pages:
        for place, block in enumerate(page.blocks):
            size += sum(map(len, block.said()))
            if size > MAX_CHARS:
                return [*kept, Page(page.number, page.blocks[:place])], True
        kept.append(page)
    return kept, False
