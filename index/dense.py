"""Query vectors → the nearest passages and questions of a version, by the way that is best for how many there are."""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from index.matrix import Matrix, Near, Vectors
from index.store import VectorStore
from index.types import Chunk, IndexFault

PASSAGES, QUESTIONS = "passages", "questions"
FOLDER = "vectors"
# Up to here comparing with every vector takes about as long as Chroma's graph, finds more of the nearest and needs no
# second to open. Of the processor, for one of 133 questions: among 2 600 passages 0.3 ms where Chroma takes 1.1, among
# 109 000 3.5 where it takes 2.1 (99.9 and 99.7 % of the 10 nearest found); it grows with them, Chroma hardly does
# (`eval.scale`, 2026-11-30).
EXACT_UP_TO = 100_000
TRY_AGAIN_S = 2.0  # between two attempts at a Chroma that failed
_FORCE = "Kjør: abc index build --force"
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
    """The passages as Chroma finds them; while it can't, they are compared one by one, and `fault` says so.

    Only those who ask when it fails wait for it: whether it is back is found out aside, now and then.
    """

    def __init__(self, store: VectorStore, places: Mapping[str, int], matrix: Matrix) -> None:
        self._store, self._places, self._matrix = store, places, matrix
        self.fault = ""
        self._trying, self._next_try = threading.Lock(), 0.0

    def search(self, queries: Vectors, limit: int) -> list[Near]:
        """As the protocol says."""
        if self.fault:
            if time.monotonic() > self._next_try and self._trying.acquire(blocking=False):
                threading.Thread(target=self._try_again, args=(queries,), name="try-chroma", daemon=True).start()
            return self._matrix.search(queries, limit)
        try:
            return self._ask(queries, limit)
        except IndexFault as fault:
            if not self.fault:  # once, not for each question
                _log.error("%s %s", fault, fault.remedy)
            self._put_off(fault)
            return self._matrix.search(queries, limit)

    def _ask(self, queries: Vectors, limit: int) -> list[Near]:
        found = self._store.search(queries, limit)
        for near in found:
            if len(near) < min(limit, len(self._places)) or not near.keys() <= self._places.keys():
                raise IndexFault("Chroma har ikke lenger vektorene til denne versjonen.", _FORCE)
        return [
            Near(np.array([self._places[i] for i in near], np.intp), np.array([*near.values()], np.float32))
            for near in found
        ]

    def _put_off(self, fault: IndexFault) -> None:
        self._next_try = time.monotonic() + TRY_AGAIN_S
        self.fault = str(fault)

    def _try_again(self, queries: Vectors) -> None:
        """Lets go of `_trying`, which the caller took."""
        try:
            self._store.look_again()
            self._ask(queries, 1)
            self.fault = ""
            _log.warning("Chroma svarer igjen.")
        except IndexFault as fault:
            self._put_off(fault)
        finally:
            self._trying.release()


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
