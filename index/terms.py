"""Short texts as the numbers of their terms, so that how much of a query each has is a sum over arrays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.arrays import read_array

_NUMBERS, _COUNTS = "term-numbers.npy", "term-counts.npy"


@dataclass(frozen=True, eq=False)
class Terms:
    """The different terms of several texts: the `numbers` of one text after the other, `counts` of each."""

    numbers: npt.NDArray[np.int32]
    counts: npt.NDArray[np.int32]

    @classmethod
    def read(cls, texts: Iterable[Iterable[str]], vocabulary: Mapping[str, int]) -> "Terms":
        """The terms of texts that the vocabulary has."""
        rows = [[vocabulary[term] for term in dict.fromkeys(terms) if term in vocabulary] for terms in texts]
        counts = np.fromiter(map(len, rows), np.int32, len(rows))
        return cls(np.fromiter((number for row in rows for number in row), np.int32, int(counts.sum())), counts)

    @classmethod
    def load(cls, folder: Path) -> "Terms":
        """The terms that `save` wrote, read from disk where they are used."""
        return cls(read_array(folder / _NUMBERS), np.load(folder / _COUNTS))

    def save(self, folder: Path) -> None:
        """Writes two arrays in `folder`."""
        np.save(folder / _NUMBERS, self.numbers)
        np.save(folder / _COUNTS, self.counts)

    @classmethod
    def join(cls, several: Sequence["Terms"]) -> "Terms":
        """The texts of all, one after the other."""
        return cls(np.concatenate([t.numbers for t in several]), np.concatenate([t.counts for t in several]))

    def at(self, places: npt.NDArray[np.intp]) -> "Terms":
        """The texts at these places."""
        counts = self.counts[places]
        # Every place of the rows, row by row: where each begins, and one more for each number in it.
        shift = self._starts[places] - (np.cumsum(counts) - counts)
        return Terms(self.numbers[np.repeat(shift, counts) + np.arange(int(counts.sum()))], counts)

    @cached_property
    def _starts(self) -> npt.NDArray[np.int64]:
        return np.cumsum(self.counts, dtype=np.int64) - self.counts

    def sum_of(self, weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """`(texts,)`: what the terms of each text weigh together; `weights` has one for each number."""
        owners = np.repeat(np.arange(len(self.counts)), self.counts)
        sums = np.bincount(owners, weights[self.numbers], len(self.counts))
        return np.asarray(sums, np.float64)
