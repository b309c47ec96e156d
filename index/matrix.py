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

from index.arrays import read_array
from index.types import hash_text

Vectors = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.intp]

# From this many on, all are first compared in the few directions that tell most, and the best of those in full: of
# 71 000, 2.3 ms instead of 11.7, and of the 60 nearest 0.2 % are others (200 queries; 96 directions and 700 candidates
# lose 0.9 %, 128 and 400 0.6 %, Chroma's graph 3 %. 2026-11-30). As many candidates do for more: of the 60 nearest
# 0.3 % are others among 109 000 and 0.8 % among a million made ones, of the 10 nearest under 0.1 (`eval.scale`,
# 2026-11-30).
COARSE_FROM = 8_000
_DIRECTIONS = 128
_CANDIDATES = 700
_PARTS = ("", "-hashes", "-basis", "-coarse")
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
        parts = [read_array(folder / f"{kind}{part}.npy") for part in _PARTS]
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
        if not len(self._basis):
            # One by one: the last digit, and with it the order of equal ones, depends on how many are multiplied.
            return [_nearest(self.vectors @ query, limit) for query in queries]
        sketches = (queries @ self._basis) @ self._coarse.T
        return [self._look_closer(query, sketch, limit) for query, sketch in zip(queries, sketches, strict=True)]

    def _look_closer(self, query: Vectors, sketch: Vectors, limit: int) -> Near:
        candidates = np.sort(_highest(sketch, max(limit, _CANDIDATES)))
        near = _nearest(self.rows(candidates) @ query, limit)
        return Near(candidates[near.places], near.cosines)


def _nearest(cosines: Vectors, limit: int) -> Near:
    best = _highest(cosines, limit)
    best = best[np.lexsort((best, -cosines[best]))]
    return Near(best, cosines[best])


def _highest(scores: Vectors, limit: int) -> Places:
    """The places of the `limit` highest scores, in no order."""
    return np.argpartition(scores, -limit)[-limit:] if limit < len(scores) else np.arange(len(scores))


def hashes_of(texts: Iterable[str]) -> Hashes:
    """`(n,)`: a number for each text, the same for the same text."""
    return np.array([int(hash_text(text), 16) for text in texts], np.uint64)
