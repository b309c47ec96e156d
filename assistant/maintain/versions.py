"""The versions of the index as the page shows them, and another one taken into use."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.build.compare import read_changes
from assistant.build.difference import describe, summarise
from index.load import Index, probe
from index.types import IndexFault, IndexMissing
from index.versions import SCHEMA, Manifest, build_lock, list_versions, point_to, read_current, read_pointer

_MAX_CHANGES = 200
_PROBE_HOLDS_S = 600  # a probe takes a second, and a page is often loaded anew


@dataclass(frozen=True)
class Version:
    """One version on disk: whether the pointer names it, and this program could open it; `is_first` has none before."""

    manifest: Manifest
    is_current: bool
    is_older: bool
    is_usable: bool
    is_first: bool


@dataclass(frozen=True)
class Versions:
    """What serves, and every version on disk, newest first; `is_switching` while they differ."""

    serving: Manifest
    is_whole: bool
    is_switching: bool
    rows: tuple[Version, ...]


class Prober:
    """Whether a version is whole, asked at most every ten minutes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asking = threading.Lock()
        self._found: tuple[str, float, bool] | None = None

    def is_whole(self, index: Index) -> bool:
        """What the probe found, now or a while ago."""
        version = index.manifest.version
        with self._asking:
            if self._found is None or self._found[0] != version or self._clock() - self._found[1] > _PROBE_HOLDS_S:
                self._found = version, self._clock(), probe(index)
            return self._found[2]


def read_versions(index: Index, home: Path, prober: Prober) -> Versions:
    """The state of the versions in `home`, of which `index` serves."""
    serving = index.manifest
    try:
        pointed = read_pointer(home)
    except IndexFault:
        pointed = ""
    there = list_versions(home)
    rows = (
        Version(found, found.version == pointed, found.version < pointed, found.schema == SCHEMA, found is there[0])
        for found in reversed(there)
    )
    return Versions(serving, prober.is_whole(index), pointed != serving.version, tuple(rows))


@dataclass(frozen=True)
class Changes:
    """What a version changed from the one before: in one sentence, and a line for each, the weightiest first."""

    before: str
    after: str
    summary: str
    lines: tuple[str, ...]


def tell_changes(home: Path, version: str) -> Changes:
    """As `abc index diff`. Raises: IndexFault when the version or the one before is not there or can't be read."""
    there = [found.version for found in list_versions(home)]
    if version not in there[1:]:
        raise IndexMissing("Versjonen, eller den før den, finnes ikke lenger.", "Gå tilbake til vedlikeholdssiden.")
    before = there[there.index(version) - 1]
    changes = read_changes(home, before, version)
    return Changes(before, version, summarise(changes), tuple(describe(changes, _MAX_CHANGES)))


def use_version(home: Path, version: str) -> None:
    """Points to `version`. Raises: IndexFault when it is not there, can't be opened, or a build runs."""
    if version not in {found.version for found in list_versions(home)}:  # it comes from a form: never a path
        raise IndexMissing("Versjonen finnes ikke lenger.", "Last siden på nytt.")
    read_current(home, version)
    with build_lock(home):
        point_to(home, version)
