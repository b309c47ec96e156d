"""Files → drafts on disk, one by one: a bad file stops nothing, and a draft that is there is not overwritten."""

import errno
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Literal

from assistant.draft.clean import MASKED, clean_text, mask
from assistant.draft.guess import guess
from assistant.draft.name import first_free, free_slug, slug_of
from assistant.draft.pending import DRAFTS, RAW, read_origins
from assistant.draft.read import SUFFIXES, read_file
from assistant.draft.register import REGISTER, find_row, propose_row, read_register, replace_text, with_row
from assistant.draft.shape import Origin, write_draft
from assistant.draft.types import ReadFault
from assistant.screen import take_unseen
from index.document import Corpus

_MAX_LINES = 20  # named in a note
_UNREADABLE = {errno.EACCES: "Fila kan ikke leses; sjekk rettighetene.", errno.EPERM: "Fila kan ikke leses."}

Progress = Callable[[int, int, str], None]  # files done, of how many, and what is being read
Status = Literal["ny", "erstattet", "finnes", "hoppet over", "feil"]


@dataclass(frozen=True)
class Outcome:
    """What came of one file; `message` says why in Norwegian where there is no new draft, `notes` what to look at."""

    file: str
    status: Status
    message: str = ""
    draft: str = ""
    doc_class: str = ""
    language: str = ""
    num_words: int = 0
    num_pages: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """How files are brought in: which pages, whether a draft that is there is replaced, and the day it is."""

    first: int
    last: int | None
    replace: bool
    today: date


def find_sources(path: Path) -> list[tuple[Path, str, str]]:
    """`(file, its name within the folder, why it is skipped or "")`, sorted; links are never followed out of it."""
    if not path.is_dir():
        return [(path, path.name, "")]
    found = []
    for parent, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        for name in sorted([*links, *(name for name in names if not name.startswith("."))]):
            file = Path(parent) / name
            found.append((file, file.relative_to(path).as_posix(), _why_skip(file, path)))
    return found


def _why_skip(file: Path, folder: Path) -> str:
    if file.is_symlink() and not file.resolve().is_relative_to(folder.resolve()):
        return "Lenke ut av mappen; hent inn fila selv om du vil ha den med."
    if file.is_symlink() and file.is_dir():
        return "Lenke til en mappe."
    if file.suffix.lower() not in SUFFIXES:
        return "Filtypen støttes ikke."
    return ""


def bring_in(path: Path, corpus_dir: Path, corpus: Corpus, wanted: Wanted, progress: Progress) -> Iterator[Outcome]:
    """What came of each file, as soon as its draft is written."""
    sources = find_sources(path)
    for done, (file, found_name, skipped) in enumerate(sources):
        name = _shown(found_name)
        progress(done, len(sources), name)
        if skipped:
            yield Outcome(name, "hoppet over", skipped)
            continue
        try:
            yield _bring_one(
                file, name, corpus_dir, corpus, wanted, partial(_tell_pages, progress, done, len(sources), name)
            )
        except ReadFault as fault:
            yield Outcome(name, "feil", str(fault))
        except OSError as error:
            if error.filename is None or Path(os.fsdecode(error.filename)) != file:
                raise  # the folder of drafts is at fault, not this file
            yield Outcome(name, "feil", _UNREADABLE.get(error.errno or 0, f"Fila kan ikke leses ({error.strerror})."))
    progress(len(sources), len(sources), "")


def _tell_pages(progress: Progress, done: int, total: int, name: str, num_pages: int) -> None:
    progress(done, total, f"{name}, side {num_pages}" if num_pages > 1 else name)


def _shown(name: str) -> str:
    """The name on one line, as text, and without personal data."""
    decoded = os.fsencode(name).decode("utf-8", "replace")
    return mask(" ".join(take_unseen(decoded).split()))[0]


def _bring_one(
    file: Path, name: str, corpus_dir: Path, corpus: Corpus, wanted: Wanted, tell: Callable[[int], None]
) -> Outcome:
    folder = corpus_dir / DRAFTS
    pages = f"side {wanted.first}–{wanted.last}" if wanted.last else ""
    origins, fingerprint = read_origins(folder), _fingerprint(file)
    label = f"{name}, {pages}" if pages else name
    there = next((slug for slug, origin in origins.items() if origin.file == label), "")
    if there and not wanted.replace:
        return _there(label, there, origins[there].fingerprint == fingerprint)
    text = clean_text(read_file(file, wanted.first, wanted.last, tell))
    slug = there or free_slug(f"{Path(name).stem} {pages}", folder)
    guessed = guess(text, Path(name).stem, corpus.documents)
    register = read_register(folder)
    same = (origin.source_id for origin in origins.values() if origin.fingerprint == fingerprint)
    source_id = next(same, "") or _free_id(slug_of(Path(name).stem), register, corpus.sources)
    if not find_row(register, source_id) and source_id not in corpus.sources:
        register = with_row(register, propose_row(source_id, guessed.title, name, text.about, wanted.today))
    (folder / RAW).mkdir(parents=True, exist_ok=True)
    replace_text(folder / RAW / f"{slug}.txt", text.said() + "\n")
    replace_text(folder / REGISTER, register)
    draft = write_draft(text, guessed, Origin(label, fingerprint, source_id), wanted.today)
    replace_text(folder / f"{slug}.md", draft)
    return Outcome(
        label, "erstattet" if there else "ny", draft=f"{DRAFTS}/{slug}.md", doc_class=guessed.doc_class,
        language=guessed.language, num_words=len(text.said().split()),
        num_pages=sum(page.number is not None for page in text.pages), notes=(*text.notes, *_masked_lines(draft)),
    )  # fmt: skip


def _there(label: str, slug: str, is_same: bool) -> Outcome:
    changed = "" if is_same else " Fila er en annen enn den utkastet ble laget av."
    message = f"Utkastet finnes, og er ikke rørt.{changed} Bruk --erstatt for å lage det på nytt."
    return Outcome(label, "finnes", message, f"{DRAFTS}/{slug}.md")


def _masked_lines(draft: str) -> Iterator[str]:
    body = draft.split("-->\n\n", 1)[-1]  # below the notes, which name the kinds themselves
    above = draft.count("\n", 0, len(draft) - len(body))
    lines = [str(n) for n, line in enumerate(body.splitlines(), above + 1) if MASKED.search(line)]
    if lines:
        more = f" … ({len(lines)} linjer)" if len(lines) > _MAX_LINES else ""
        yield f"Personopplysninger er tatt bort på linje {', '.join(lines[:_MAX_LINES])}{more} i utkastet."


def _fingerprint(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()[:16]


def _free_id(slug: str, register: str, sources: Mapping[str, object]) -> str:
    return first_free(slug, lambda name: name in sources or bool(find_row(register, name)))
