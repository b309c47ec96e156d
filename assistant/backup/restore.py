"""A backup → index, guide and questions as they were: laid out aside, checked, and then put in place in one go."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import ZipFile

from assistant.backup.archive import CORPUS, INDEX, STORE, hash_file, open_archive, read_member, readable
from assistant.backup.types import BackupFault, Contents, Member, Restored
from assistant.config import Config
from assistant.record.database import Database
from index.versions import build_lock, is_kept, point_to, read_latest, remove_all_but

_MAX_ROWS_SIZE = 1 << 29  # bytes; a row is under 2 kB, and there are at most 50 000 of a kind
Progress = Callable[[int, int], None]
Rows = dict[str, list[dict[str, Any]]]


def restore(config: Config, source: Path, with_corpus: bool, replaces: bool, progress: Progress) -> Restored:
    """Puts back what the backup holds; no build runs meanwhile. `progress` is told of bytes.

    What is replaced is moved away and not written over: a running chat has its files in memory. Raises: BackupFault,
    IndexFault, StoreFault, OSError; all is then as it was.
    """
    with open_archive(source) as (archive, contents):
        _check(contents)
        corpus = contents.of_part(CORPUS) if with_corpus else {}
        if corpus and _is_same(config.corpus, corpus):
            corpus = {}
        database = Database(config.store, config.keep_days)
        if not replaces:
            _refuse_to_replace(config, database, contents, corpus)
        with build_lock(config.index), ExitStack() as asides:
            home = asides.enter_context(_aside(config.index / "restore.new"))
            guide = asides.enter_context(_aside(config.corpus.resolve().parent / ".corpus.new")) if corpus else None
            laid_out = [(home, INDEX, contents.of_part(INDEX))] + ([(guide, CORPUS, corpus)] if guide else [])
            _lay_out(archive, laid_out, progress)
            with readable("spørsmålene"):
                rows = _read_rows(archive, contents)
            with ExitStack() as undo:
                _put_index(config.index, home, undo)
                if guide:
                    _put(guide / "new", config.corpus.resolve(), guide / "old", undo)
                kept = _put_rows(database, rows)
                point_to(config.index, contents.version)
                undo.pop_all()
            remove_all_but(config.index, {PurePosixPath(name).parts[0] for name in contents.of_part(INDEX)})
    return Restored(contents, with_corpus and bool(contents.of_part(CORPUS)), kept)


def _check(contents: Contents) -> None:
    """Raises: BackupFault where the index is not one."""
    strange = [name for name in contents.of_part(INDEX) if not is_kept(PurePosixPath(name))]
    if sum(member.size for member in contents.of_part(STORE).values()) > _MAX_ROWS_SIZE:
        raise BackupFault("Sikkerhetskopien har flere spørsmål enn programmet noen gang lagrer. Ingenting er endret.")
    if strange or f"{contents.version}/manifest.json" not in contents.of_part(INDEX):
        raise BackupFault(f"Sikkerhetskopien er skadet: {strange or contents.version}. Ingenting er endret.")


def _refuse_to_replace(config: Config, database: Database, contents: Contents, corpus: Mapping[str, Member]) -> None:
    there = []
    if read_latest(config.index):
        there.append(f"en indeks i {config.index}")
    if contents.rows and any(database.read_all().values()):
        there.append("spørsmål og tilbakemeldinger")
    if corpus and config.corpus.is_dir() and any(config.corpus.iterdir()):
        there.append(f"en annen guide i {config.corpus}")
    if there:
        raise BackupFault(
            f"Her er det allerede {', '.join(there)}. Erstatt alt sammen med --erstatt"
            f"{', eller behold guiden som er her, med --uten-corpus' if corpus else ''}."
        )


def _is_same(folder: Path, members: Mapping[str, Member]) -> bool:
    """Whether just these files stand in the folder, and are the same."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return files.keys() == members.keys() and all(
        path.stat().st_size == members[name].size and hash_file(path) == members[name] for name, path in files.items()
    )


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """An empty folder, and none afterwards: what a restore that was killed left there goes too."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lay_out(archive: ZipFile, parts: list[tuple[Path, str, dict[str, Member]]], progress: Progress) -> None:
    """Unpacks each part to `new` in its folder, checking every file. Raises: BackupFault."""
    done, total = 0, sum(member.size for _, _, members in parts for member in members.values())
    for folder, _, members in parts:
        if shutil.disk_usage(folder).free < (needed := sum(member.size for member in members.values())):
            raise BackupFault(f"Det er ikke plass til {needed // 10**6 + 1} MB i {folder.parent}. Ingenting er endret.")
    for folder, part, members in parts:
        for name, member in members.items():
            target = folder / "new" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                for chunk in read_member(archive, f"{part}/{name}", member):
                    file.write(chunk)
                    progress(done := done + len(chunk), total)


def _read_rows(archive: ZipFile, contents: Contents) -> Rows:
    rows: Rows = {}
    for name, member in contents.of_part(STORE).items():
        lines = b"".join(read_member(archive, f"{STORE}/{name}", member)).splitlines()
        rows[name.removesuffix(".jsonl")] = [dict(json.loads(line)) for line in lines]
    return rows


def _put_rows(database: Database, rows: Rows) -> dict[str, int] | None:
    if not rows or not database.is_on:
        return None
    try:
        return database.replace_all(rows)
    except (ValueError, TypeError):
        message = "Spørsmålene i sikkerhetskopien er på en form som programmet ikke leser. Ingenting er endret."
        raise BackupFault(message) from None


def _put_index(home: Path, aside: Path, undo: ExitStack) -> None:
    """Puts the versions in place; until the pointer moves, what was in use is."""
    for new in sorted((aside / "new").iterdir()):
        _put(new, home / new.name, aside / "old" / new.name, undo)


def _put(new: Path, place: Path, old: Path, undo: ExitStack) -> None:
    """Moves what is new to its place, and what stood there away."""
    old.parent.mkdir(exist_ok=True)
    with suppress(FileNotFoundError):
        place.rename(old)
        undo.callback(old.rename, place)
    new.rename(place)
    undo.callback(place.rename, new)
