"""Texts → the numbers of their words, and of the terms that each word stands for: each word is analysed once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from index.analyse import words
from index.postings import Postings
from index.terms import Terms


@dataclass(frozen=True, eq=False)
class Spoken:
    """The words of several texts: their `numbers` in a vocabulary, and the text that each stands in, `owners`."""

    numbers: npt.NDArray[np.int64]
    owners: npt.NDArray[np.int64]

    @classmethod
    def read(cls, texts: Iterable[str], vocabulary: dict[str, int]) -> "Spoken":
        """The words of the texts; those that the vocabulary lacks are put into it."""
        rows = [words(text) for text in texts]
        lengths = np.fromiter(map(len, rows), np.int64, len(rows))
        numbers = (vocabulary.setdefault(word, len(vocabulary)) for word in chain.from_iterable(rows))
        return cls(
            np.fromiter(numbers, np.int64, int(lengths.sum())), np.repeat(np.arange(len(rows), dtype=np.int64), lengths)
        )

    def as_terms(self, table: Terms) -> "Spoken":
        """The terms of every word, of which `table` has those of each word of the vocabulary."""
        found = table.at(self.numbers)
        return Spoken(found.numbers.astype(np.int64), np.repeat(self.owners, found.counts))


def join(first: Spoken, second: Spoken, owners: npt.NDArray[np.int64]) -> Spoken:
    """Both, the second as part of the texts that `owners` names for each of its own."""
    return Spoken(
        np.concatenate([first.numbers, second.numbers]), np.concatenate([first.owners, owners[second.owners]])
    )


def analyse_words(spoken: Sequence[str], analyse: Callable[[str], Sequence[str]]) -> tuple[Terms, dict[str, int]]:
    """The terms of each word, and the vocabulary that numbers them."""
    vocabulary: dict[str, int] = {}
    rows = [[vocabulary.setdefault(term, len(vocabulary)) for term in analyse(word)] for word in spoken]
    counts = np.fromiter(map(len, rows), np.int32, len(rows))
    return Terms(np.fromiter(chain.from_iterable(rows), np.int32, int(counts.sum())), counts), vocabulary


def post(spoken: Spoken, table: Terms, vocabulary: dict[str, int], num_texts: int) -> Postings:
    """The postings of the texts by the terms that `table` has of each word."""
    terms = spoken.as_terms(table)
    return Postings.build(terms.numbers, terms.owners, num_texts, vocabulary)
