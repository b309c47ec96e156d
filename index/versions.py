"""Index versions on disk: built aside, checked, then pointed to; the pointer is one line that can be taken back.

<home>/<version>/  chroma/  vectors/  keyword/  gaps/  catalog.json  askable.json  manifest.json  passed
<home>/current     the version in use
<home>/installation   what tells these versions from those of others on the same Chroma server
"""

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

from index.types import BuildRuns, IndexFault, IndexMismatch, IndexMissing

_NO_ROOM = 1 << 16  # bytes; what is left of a disk where a write of a few pages failed
KEEP = 3  # versions left after a build, the current one included
CHUNKER = "headings-3"  # change it whenever the same text would give other chunks
SCHEMA = 5  # change it whenever an older program could not read the files
_POINTER, _MANIFEST, _LOCK, _PASSED = "current", "manifest.json", "build.lock", "passed"
_INSTALLATION = "installation"
_PASSING = ("-journal", "-wal", "-shm")
_VERSION = re.compile(r"\d{6}-[0-9a-f]{8}")
_BUILD_HINT = "Kjør: abc index build"
REBUILD = "Bygg indeksen på nytt med: abc index build"


@dataclass(frozen=True)
class Manifest:
    """What built a version. Opening it with anything else is refused."""

    version: str
    schema: int
    corpus: str
    chunker: str
    model: str
    model_fingerprint: str
    chromadb: str
    num_documents: int
    num_chunks: int
    built_at: str
    files: dict[str, int] = field(default_factory=dict)  # path in the folder → bytes, when it was built


def read_pointer(home: Path) -> str:
    """The version in use. Raises: IndexMissing."""
    try:
        version = (home / _POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise IndexMissing(f"Det er ikke bygd noen indeks i {home}.", _BUILD_HINT) from None
    except ValueError:
        raise IndexMissing(f"Fila {home / _POINTER} er ødelagt.", _BUILD_HINT) from None
    if not _VERSION.fullmatch(version) or not (home / version / _MANIFEST).is_file():
        raise IndexMissing(f"Indeksen peker på versjon «{version}», som ikke finnes i {home}.", _BUILD_HINT)
    return version


def point_to(home: Path, version: str) -> None:
    """Makes `version` the one in use, in one step that readers never see half done."""
    aside = home / f"{_POINTER}.new"
    try:
        with aside.open("w", encoding="utf-8") as file:
            file.write(version + "\n")
            file.flush()
            os.fsync(file.fileno())
        aside.replace(home / _POINTER)
    finally:
        aside.unlink(missing_ok=True)


def ensure_pointed(home: Path, version: str) -> None:
    """Points to `version` unless that is the one in use already."""
    if _pointed_to(home) != version:
        point_to(home, version)


def read_manifest(home: Path, version: str) -> Manifest:
    """What built `version`. Raises: IndexMissing when it is not there or can't be read."""
    path = home / version / _MANIFEST
    try:
        manifest = Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexMissing(f"Kan ikke lese {path}: {error}", _BUILD_HINT) from error
    if manifest.version != version:
        raise IndexMissing(f"{path} sier versjon «{manifest.version}», men ligger i mappen «{version}».", _BUILD_HINT)
    return manifest


def read_current(home: Path, version: str = "") -> Manifest:
    """What built the version named, or the one in use. Raises: IndexMissing, and IndexMismatch for another schema."""
    manifest = read_manifest(home, version or read_pointer(home))
    if manifest.schema != SCHEMA:
        raise IndexMismatch(f"Indeksen har format {manifest.schema}, programmet leser format {SCHEMA}.", REBUILD)
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Writes the manifest, last of all: a folder without one is no version."""
    text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False)
    aside = folder / f"{_MANIFEST}.new"
    aside.write_text(text + "\n", encoding="utf-8")
    aside.replace(folder / _MANIFEST)


def sizes_of(folder: Path) -> dict[str, int]:
    """How long each file of a version is, by its path in the folder; without what a database has open for a moment."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith(_PASSING))
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}


def find_damage(home: Path, manifest: Manifest) -> list[str]:
    """The files of a version that are gone or shorter than when it was built; reading lets Chroma's only grow."""
    sizes = sizes_of(home / manifest.version)
    return [file for file, size in manifest.files.items() if sizes.get(file, -1) < size]


def list_versions(home: Path) -> list[Manifest]:
    """All versions whose manifest can be read, oldest first."""
    versions = []
    for path in sorted(home.glob(f"*/{_MANIFEST}")):
        if _VERSION.fullmatch(path.parent.name):
            with suppress(IndexMissing):
                versions.append(read_manifest(home, path.parent.name))
    return versions


def files_to_keep(home: Path) -> list[Path]:
    """The files of every version that is whole, and what names the installation; the pointer is for `point_to`.

    Raises: IndexMissing when the version in use is not whole.
    """
    versions = [manifest.version for manifest in list_versions(home) if not find_damage(home, manifest)]
    if (current := read_pointer(home)) not in versions:
        raise IndexMissing(f"Versjonen {current}, som er i bruk, er ikke hel.", REBUILD)
    files = [home / version / file for version in versions for file in sizes_of(home / version)]
    return [*files, home / _INSTALLATION] if (home / _INSTALLATION).is_file() else files


def is_kept(file: PurePosixPath) -> bool:
    """Whether a path below the index's folder is one that `files_to_keep` can give."""
    return str(file) == _INSTALLATION or (len(file.parts) > 1 and bool(_VERSION.fullmatch(file.parts[0])))


def mark_passed(home: Path, version: str) -> None:
    """Notes that the version has passed the evaluation, or had none to be held against."""
    (home / version / _PASSED).touch()


def last_passed(home: Path) -> str:
    """The newest version that has passed the evaluation; empty where none has."""
    passed = [manifest.version for manifest in list_versions(home) if has_passed(home, manifest.version)]
    return passed[-1] if passed else ""


def has_passed(home: Path, version: str) -> bool:
    """Whether `mark_passed` was called for the version."""
    return (home / version / _PASSED).is_file()


def read_latest(home: Path) -> Manifest | None:
    """What built the version in use, or the newest whole one where the pointer leads to none; None without any."""
    with suppress(IndexMissing):
        return read_manifest(home, read_pointer(home))
    return next(reversed(list_versions(home)), None)


def roll_back(home: Path, version: str = "") -> str:
    """Points to the version named, or to the one before the current, and returns it.

    Where the pointer leads to no version, the newest is what is gone back to. Raises: IndexMissing when there is none,
    with those there are.
    """
    whole = [manifest.version for manifest in list_versions(home)]
    if not whole:
        read_pointer(home)  # says that there is none
    current = _pointed_to(home)
    is_there = bool(current) and (home / current / _MANIFEST).is_file()
    wanted = [name for name in whole if name == version or (not version and (name < current or not is_there))]
    if not wanted:
        asked = (
            f"Det finnes ingen versjon «{version}»" if version else f"Det finnes ingen eldre versjon enn «{current}»"
        )
        raise IndexMissing(f"{asked} å gå tilbake til; her er {', '.join(whole)}.", "Se dem med: abc index versions")
    point_to(home, wanted[-1])
    return wanted[-1]


@contextmanager
def new_version(home: Path, fingerprint: str) -> Iterator[Path]:
    """The folder of a version to be, named to sort after every other; it is removed again when making it fails.

    The name is new even where the last version or its folder is broken: a running program does not open again what it
    has refused.
    """
    names = [_pointed_to(home), *(folder.name for folder in _folders(home))]
    number = max((int(name.split("-")[0]) for name in names if name), default=0) + 1
    folder = home / f"{number:06d}-{fingerprint[:8]}"
    folder.mkdir(parents=True)
    try:
        yield folder
    except BaseException as error:
        is_full = _is_full(home)
        if _pointed_to(home) != folder.name:  # what came last may have been to point to it
            shutil.rmtree(folder, ignore_errors=True)
        if is_full and isinstance(error, (OSError, IndexFault)):
            # Libraries say so in words of their own, or only that fewer bytes were written than they had.
            message = f"Disken er full: det er ikke plass til en ny versjon i {home}."
            raise IndexFault(message, "Rydd plass, og prøv igjen: abc index build") from error
        raise


def _is_full(folder: Path) -> bool:
    state = os.statvfs(folder)
    return state.f_bavail * state.f_frsize < _NO_ROOM or (state.f_files > 0 and state.f_favail == 0)


def remove_leftovers(home: Path) -> list[str]:
    """Deletes what builds that were cut off left behind, which may be what fills the disk; their names."""
    return remove_all_but(home, {manifest.version for manifest in list_versions(home)})


def remove_old(home: Path) -> list[str]:
    """Deletes all but the newest `KEEP` versions and the last that passed, and what is no version; their names."""
    return remove_all_but(home, {last_passed(home), *(manifest.version for manifest in list_versions(home)[-KEEP:])})


def remove_all_but(home: Path, keep: Container[str]) -> list[str]:
    """Deletes what is named as a version, but for these and the one in use; their names."""
    current = _pointed_to(home)  # a running program may use it, broken or not
    old = [folder for folder in _folders(home) if folder.name not in keep and folder.name != current]
    for folder in old:
        shutil.rmtree(folder)
    return [folder.name for folder in old]


def _folders(home: Path) -> list[Path]:
    """What is named as a version, whole or not."""
    return [path for path in home.glob("*") if _VERSION.fullmatch(path.name) and path.is_dir()]


def _pointed_to(home: Path) -> str:
    """What the pointer says, whether it is there or not; empty where it says no version."""
    try:
        version = (home / _POINTER).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, ValueError):
        return ""
    return version if _VERSION.fullmatch(version) else ""


def read_installation(home: Path) -> str:
    """What the versions of `home` are known by on a Chroma server. Raises: IndexMissing when none was put on one."""
    try:
        return (home / _INSTALLATION).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        message = f"Versjonene i {home} er ikke lagt på noen Chroma-server."
        raise IndexMissing(message, "Legg dem dit med: abc index build") from None


def name_installation(home: Path) -> str:
    """As `read_installation`, named now where it was not; `build_lock` must be held."""
    with suppress(IndexMissing):
        return read_installation(home)
    name = secrets.token_hex(4)
    (home / _INSTALLATION).write_text(f"{name}\n", encoding="ascii")
    return name


@contextmanager
def build_lock(home: Path) -> Iterator[None]:
    """Holds the only build of `home`. Raises: BuildRuns."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / _LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildRuns("En annen bygging av indeksen pågår.", "Vent til den er ferdig, og prøv igjen.") from None
        yield
