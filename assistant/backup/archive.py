"""The file of a backup: a zip with a list of its members, and a checksum for each. Nothing in one is trusted."""

import hashlib
import json
import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path, PurePosixPath

from assistant.backup.types import FORMAT, BackupFault, Contents, Member

CORPUS, INDEX, STORE = PARTS = ("corpus", "index", "store")
CHUNK = 1 << 20  # bytes read at a time
_CONTENTS = "sikkerhetskopi.json"
_MAX_CONTENTS = 64 << 20  # bytes; some 400 000 members
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError, TypeError)


@contextmanager
def new_archive(target: Path) -> Iterator[zipfile.ZipFile]:
    """An archive to write to; it is at `target` once it is whole, for its owner alone to read."""
    aside = target.with_name(f"{target.name}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    descriptor = os.open(aside, flags, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o600)  # what people asked is in it, and one that was cut off may have been open
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                yield archive
            file.flush()
            os.fsync(descriptor)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def add_member(archive: zipfile.ZipFile, name: str, chunks: Iterable[bytes]) -> Member:
    """Writes one file to the archive, as it was read."""
    size, digest = 0, hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as member:
        for chunk in chunks:
            member.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return Member(size, digest.hexdigest())


def add_contents(archive: zipfile.ZipFile, contents: Contents) -> None:
    """Writes the list, last of all."""
    archive.writestr(_CONTENTS, json.dumps(asdict(contents), ensure_ascii=False))


@contextmanager
def open_archive(source: Path) -> Iterator[tuple[zipfile.ZipFile, Contents]]:
    """The archive and its list, which agree with each other. Raises: BackupFault."""
    with source.open("rb") as file:
        with readable(source):
            archive = zipfile.ZipFile(file)
            contents = _read_contents(archive)
        with archive:
            yield archive, contents


def read_member(archive: zipfile.ZipFile, name: str, member: Member) -> Iterator[bytes]:
    """The file, chunk by chunk; never more than its list says. Raises: BackupFault at the end for what is not as it."""
    digest, left = hashlib.sha256(), member.size
    with readable(name), archive.open(name) as file:
        while chunk := file.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                break
            digest.update(chunk)
            yield chunk
    if left or digest.hexdigest() != member.sha256:
        raise BackupFault(f"Sikkerhetskopien er skadet: «{name}» er ikke slik den var. Ingenting er endret.")


def hash_file(path: Path) -> Member:
    """A file on disk as it would stand in the list."""
    with path.open("rb") as file:
        return Member(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


@contextmanager
def readable(what: object) -> Iterator[None]:
    """Turns what reading damaged files can raise into one fault."""
    try:
        yield
    except BackupFault:
        raise
    except _BROKEN:
        raise BackupFault(f"Sikkerhetskopien er skadet: «{what}» kan ikke leses. Ingenting er endret.") from None


def _read_contents(archive: zipfile.ZipFile) -> Contents:
    infos = {info.filename: info for info in archive.infolist()}
    listed = infos.pop(_CONTENTS, None)
    if listed is None or listed.file_size > _MAX_CONTENTS:
        raise BackupFault("Fila er ingen sikkerhetskopi fra abc sikkerhetskopi.")
    raw = json.loads(archive.read(listed))
    if raw["format"] != FORMAT:
        raise BackupFault(f"Sikkerhetskopien har format {raw['format']}, programmet leser format {FORMAT}.")
    contents = Contents(**{**raw, "members": {name: Member(**member) for name, member in raw["members"].items()}})
    if len(archive.infolist()) != len(infos) + 1 or infos.keys() != contents.members.keys():
        raise BackupFault("Sikkerhetskopien er skadet: den har andre filer enn den sier. Ingenting er endret.")
    for name, info in infos.items():
        if not _is_safe(info) or info.file_size != contents.members[name].size:
            raise BackupFault(f"Sikkerhetskopien er ikke til å stole på: «{name}» hører ikke hjemme i den.")
    return contents


def _is_safe(info: zipfile.ZipInfo) -> bool:
    """Whether the member is a plain file, open to all, of one of the parts, and stays inside it."""
    path, kind = PurePosixPath(info.filename), stat.S_IFMT(info.external_attr >> 16)
    is_plain = kind in (0, stat.S_IFREG) and not info.is_dir() and not info.flag_bits & 1
    is_inside = len(path.parts) > 1 and path.parts[0] in PARTS and ".." not in path.parts
    return is_plain and is_inside and str(path) == info.filename and not {"\\", "\0"} & set(info.filename)
