"""Query vectors → the nearest passages and questions of a version, by the way that is best for how many there are."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from index.matrix import Matrix, Near, Vectors
from index.store import VectorStore
from index.types import Chunk, IndexFault

PASSAGES, QUESTIONS = "passages", "questions"
FOLDER = "vectors"
# Up to here comparing with every vector is exact and as fast as Chroma's graph, which is approximate.
EXACT_UP_TO = 200_000
_log = logging.getLogger(__name__)


class Dense(Protocol):
    """What finds the passages nearest a query; `fault` says in Norwegian why it can't do so as it should."""

    fault: str

    def search(self, queries: Vectors, limit: int) -> list[Near]:
        """The `limit` nearest of each query; places are those of `catalog.chunks`."""
        ...


class ExactPassages:
    """The passages compared one by one."""

    fault = ""

    def __init__(self, matrix: Matrix) -> None:
        self.search = matrix.search


class ChromaPassages:
    """The passages as Chroma finds them; while it can't, they are compared one by one, and `fault` says so."""

    def __init__(self, store: VectorStore, places: Mapping[str, int], matrix: Matrix) -> None:
        self._store, self._places, self._matrix = store, places, matrix
        self.fault = ""

    def search(self, queries: Vectors, limit: int) -> list[Near]:
        """As the protocol says."""
        try:
            found = self._store.search(queries, limit)
        except IndexFault as fault:
            if not self.fault:  # once, not for each question
                _log.error("%s", fault)
            self.fault = str(fault)
            return self._matrix.search(queries, limit)
        self.fault = ""
        return [
            Near(np.array([self._places[i] for i in near], np.intp), np.array([*near.values()], np.float32))
            for near in found
        ]


def open_passages(store: VectorStore, url: str, places: Mapping[str, int], matrix: Matrix) -> Dense:
    """The way to search: Chroma where it is a server or there are many, else each by itself."""
    if url or len(matrix) > EXACT_UP_TO:
        return ChromaPassages(store, places, matrix)
    return ExactPassages(matrix)


def read_matrices(version: Path) -> dict[str, Matrix]:
    """The matrices of a version by kind. Raises: OSError, ValueError."""
    return {kind: Matrix.load(version / FOLDER, kind) for kind in (PASSAGES, QUESTIONS)}


def texts_of(chunks: Sequence[Chunk]) -> dict[str, list[str]]:
    """What is embedded of each kind, in the order of the chunks."""
    return {
        PASSAGES: [chunk.pooled_text for chunk in chunks],
        QUESTIONS: [asked.text for chunk in chunks for asked in chunk.questions],
    }
