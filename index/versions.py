"""Index versions on disk: built aside, checked, then pointed to; the pointer is one line that can be taken back.

<home>/<version>/  chroma/  vectors/  keyword/  gaps/  catalog.json  askable.json  manifest.json
<home>/current     the version in use
"""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from index.types import IndexFault, IndexMismatch, IndexMissing

KEEP = 3  # versions left after a build, the current one included
CHUNKER = "headings-3"  # change it whenever the same text would give other chunks
SCHEMA = 4  # change it whenever an older program could not read the files
_POINTER, _MANIFEST, _LOCK = "current", "manifest.json", "build.lock"
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


def read_pointer(home: Path) -> str:
    """The version in use. Raises: IndexMissing."""
    try:
        version = (home / _POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise IndexMissing(f"Det er ikke bygd noen indeks i {home}.", _BUILD_HINT) from None
    except ValueError:
        raise IndexMissing(f"Fila {home / _POINTER} er ødelagt.", _BUILD_HINT) from None
    if not (home / version / _MANIFEST).is_file():
        raise IndexMissing(f"Indeksen peker på versjon «{version}», som ikke finnes i {home}.", _BUILD_HINT)
    return version


def point_to(home: Path, version: str) -> None:
    """Makes `version` the one in use, in one step that readers never see half done."""
    aside = home / f"{_POINTER}.new"
    with aside.open("w", encoding="utf-8") as file:
        file.write(version + "\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(home / _POINTER)


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


def list_versions(home: Path) -> list[Manifest]:
    """All versions whose manifest can be read, oldest first."""
    versions = []
    for path in sorted(home.glob(f"*/{_MANIFEST}")):
        if _VERSION.fullmatch(path.parent.name):
            with suppress(IndexMissing):
                versions.append(read_manifest(home, path.parent.name))
    return versions


def roll_back(home: Path, version: str = "") -> str:
    """Points to the version named, or to the one before the current, and returns it.

    Raises: IndexMissing when there is none, with those there are.
    """
    current = read_pointer(home)
    whole = [manifest.version for manifest in list_versions(home)]
    wanted = [name for name in whole if name == version or (not version and name < current)]
    if not wanted:
        asked = (
            f"Det finnes ingen versjon «{version}»" if version else f"Det finnes ingen eldre versjon enn «{current}»"
        )
        raise IndexMissing(f"{asked} å gå tilbake til; her er {', '.join(whole)}.", "Se dem med: abc index versions")
    point_to(home, wanted[-1])
    return wanted[-1]


def remove_old(home: Path) -> list[str]:
    """Deletes what a build that was cut off left behind, and all but the newest `KEEP` versions; their names."""
    current = read_pointer(home)
    whole = [manifest.version for manifest in list_versions(home)]
    keep = {*whole[-KEEP:], current}
    old = [
        folder
        for folder in home.iterdir()
        if _VERSION.fullmatch(folder.name) and folder.is_dir() and folder.name not in keep
    ]
    for folder in old:
        shutil.rmtree(folder)
    return [folder.name for folder in old]


@contextmanager
def build_lock(home: Path) -> Iterator[None]:
    """Holds the only build of `home`. Raises: IndexFault when another build runs."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / _LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexFault("En annen bygging av indeksen pågår.", "Vent til den er ferdig, og prøv igjen.") from None
        yield
