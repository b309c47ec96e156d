"""Vectors of one kind on disk, compared with a query one by one: exact, and read from where they lie.

<kind>.npy        (n, dim) float32, of many float16      <kind>-hashes.npy  (n,) uint64, of the texts that were embedded
<kind>-basis.npy  (dim, few) float32    <kind>-coarse.npy  (n, few) float32, both empty where there are few vectors
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.types import hash_text

Vectors = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.intp]

# From this many on, all are first compared in the few directions that tell most, and the best of those in full: of
# 71 000, 1.7 ms instead of 11.7, and the 60 nearest are the same but for 0.2 % (200 queries; 48 directions lose 2 %,
# 1 000 candidates 0.6 %, Chroma's graph 3 %. 2026-11-29).
COARSE_FROM = 8_000
_DIRECTIONS = 96
_CANDIDATES = 2_000
_PARTS = ("", "-hashes", "-basis", "-coarse")
_SMALL = 1 << 16  # bytes; a smaller file is read at once, and an empty array can't be mapped at all
_SAMPLE = 5_000  # vectors that the directions are found from


@dataclass(frozen=True, eq=False)
class Near:
    """The records nearest a query, nearest first: `(k,)` places in the order they were written, and their cosines."""

    places: Places
    cosines: Vectors


class Matrix:
    """The vectors of one kind; `vectors` is `(n, dim)`, float16 where there are many to save half of the disk, and
    `hashes` says of which text each is."""

    def __init__(
        self, vectors: npt.NDArray[np.float32 | np.float16], hashes: Hashes, basis: Vectors, coarse: Vectors
    ) -> None:
        self.vectors, self.hashes, self._basis, self._coarse = vectors, hashes, basis, coarse

    @classmethod
    def build(cls, vectors: Vectors, hashes: Hashes) -> "Matrix":
        """A matrix held in memory. Source of the directions: principal component analysis without centring."""
        if len(vectors) < COARSE_FROM:
            nothing = np.zeros((0, 0), np.float32)
            return cls(vectors, hashes, nothing, nothing)
        sample = vectors[:: max(1, len(vectors) // _SAMPLE)]
        _, directions = np.linalg.eigh(sample.T @ sample)
        basis = np.ascontiguousarray(directions[:, : -_DIRECTIONS - 1 : -1], np.float32)
        return cls(vectors.astype(np.float16), hashes, basis, vectors @ basis)

    @classmethod
    def load(cls, folder: Path, kind: str) -> "Matrix":
        """The matrix that `save` wrote, read from disk where it is used. Raises: OSError, ValueError."""
        parts = [_read(folder / f"{kind}{part}.npy") for part in _PARTS]
        if len(parts[0]) != len(parts[1]) or len(parts[3]) not in (0, len(parts[0])):
            raise ValueError(f"{kind} has {len(parts[0])} vectors, {len(parts[1])} hashes and {len(parts[3])} sketches")
        return cls(*parts)

    def save(self, folder: Path, kind: str) -> None:
        """Writes the four files of `kind` in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: tuple[npt.NDArray[Any], ...] = (self.vectors, self.hashes, self._basis, self._coarse)
        for part, array in zip(_PARTS, arrays, strict=True):
            np.save(folder / f"{kind}{part}.npy", array)

    def __len__(self) -> int:
        return len(self.vectors)

    def rows(self, places: Sequence[int] | Places) -> Vectors:
        """`(len(places), dim)` float32: the vectors at these places."""
        found: Vectors = self.vectors[places].astype(np.float32)
        return found

    def find(self, hashes: Hashes) -> Places:
        """`(n,)`: where the vector of each text stands, -1 where there is none."""
        if not len(self):
            return np.full(len(hashes), -1, np.intp)
        order, known = self._sorted
        found = order[np.searchsorted(known, hashes).clip(max=len(order) - 1)]
        return np.where(self.hashes[found] == hashes, found, -1)

    @cached_property
    def _sorted(self) -> tuple[Places, Hashes]:
        order = np.argsort(self.hashes, kind="stable")
        return order, self.hashes[order]

    def search(self, queries: Vectors, limit: int) -> list[Near]:
        """The `limit` nearest of each query, equal ones in the order they were written."""
        return [self._nearest(query, limit) for query in queries]

    def _nearest(self, query: Vectors, limit: int) -> Near:
        if not len(self._basis):
            cosines: Vectors = self.vectors @ query
            best = _best(cosines, limit)
            return Near(best, cosines[best])
        candidates = np.sort(_best(self._coarse @ (query @ self._basis), _CANDIDATES))
        cosines = self.rows(candidates) @ query
        best = _best(cosines, limit)
        return Near(candidates[best], cosines[best])


def _read(path: Path) -> npt.NDArray[Any]:
    found: npt.NDArray[Any] = np.load(path, mmap_mode="r" if path.stat().st_size > _SMALL else None)
    return found


def _best(scores: Vectors, limit: int) -> Places:
    best = np.argpartition(-scores, limit)[:limit] if limit < len(scores) else np.arange(len(scores))
    return best[np.lexsort((best, -scores[best]))]


def hashes_of(texts: Iterable[str]) -> Hashes:
    """`(n,)`: a number for each text, the same for the same text."""
    return np.array([int(hash_text(text), 16) for text in texts], np.uint64)
