"""The index versions, the questions and the guide → one file that all of it can be put back from."""

import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

from assistant.backup.archive import CHUNK, CORPUS, INDEX, STORE, add_contents, add_member, new_archive
from assistant.backup.types import FORMAT, BackupFault, Contents
from assistant.config import Config
from assistant.record.database import Database
from index.versions import build_lock, files_to_keep, read_manifest, read_pointer

Progress = Callable[[int, int], None]


def save(config: Config, target: Path, with_corpus: bool, replaces: bool, progress: Progress) -> Contents:
    """What is in the backup that now is at `target`; no build runs meanwhile. `progress` is told of bytes.

    Raises: BackupFault, IndexFault, StoreFault, OSError; `target` is then as it was.
    """
    if target.exists() and not replaces:
        raise BackupFault(f"{target} finnes fra før. Velg et annet navn, eller skriv over den med --erstatt.")
    if not target.parent.is_dir():
        raise BackupFault(f"Mappen {target.parent} finnes ikke.")
    if any(target.resolve().is_relative_to(folder.resolve()) for folder in (config.index, config.corpus)):
        raise BackupFault("Legg sikkerhetskopien utenfor indeksen og corpus, så den ikke blir en del av dem.")
    read_pointer(config.index)  # says that there is no index, before a folder is made for one
    with build_lock(config.index):
        files = [(f"{INDEX}/{path.relative_to(config.index).as_posix()}", path) for path in files_to_keep(config.index)]
        if with_corpus:
            files += [(f"{CORPUS}/{path.relative_to(config.corpus).as_posix()}", path) for path in _all_in(config)]
        rows = Database(config.store, config.keep_days).read_all()
        return _write(config, target, files, rows, progress)


def _write(
    config: Config,
    target: Path,
    files: Sequence[tuple[str, Path]],
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    progress: Progress,
) -> Contents:
    total, done, members = sum(path.stat().st_size for _, path in files), 0, {}
    with new_archive(target) as archive:
        for name, path in files:
            members[name] = add_member(archive, name, _read(path))
            done += members[name].size
            progress(done, max(done, total))
        for table, of_table in rows.items():
            name = f"{STORE}/{table}.jsonl"
            members[name] = add_member(archive, name, (_as_line(row) for row in of_table))
        manifest = read_manifest(config.index, read_pointer(config.index))
        contents = Contents(
            format=FORMAT,
            program=package_version("abc-assistenten"),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            version=manifest.version,
            schema=manifest.schema,
            rows={table: len(of_table) for table, of_table in rows.items()},
            members=members,
        )
        add_contents(archive, contents)
    return contents


def _all_in(config: Config) -> list[Path]:
    return [path for path in sorted(config.corpus.rglob("*")) if path.is_file()]


def _as_line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row).encode("ascii") + b"\n"


def _read(path: Path) -> Iterator[bytes]:
    """The bytes of a file; of a database, those of one moment: a chat that opens Chroma's may write to it."""
    with tempfile.TemporaryDirectory() as folder:
        if path.suffix == ".sqlite3":
            path = _copy_database(path, Path(folder) / path.name)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _copy_database(path: Path, copy: Path) -> Path:
    address = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)
    return copy
