"""The vectors in Chroma: a folder per index version, cosine distance, our own embeddings."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import numpy.typing as npt
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.config import Settings
from chromadb.errors import ChromaError

from index.types import Chunk, IndexFault, hash_text

Vectors = npt.NDArray[np.float32]

PASSAGES, QUESTIONS = KINDS = ("passages", "questions")
# Chroma's search is approximate: a graph half as dense (100, 16, 100) had recall@10 0.968 against exact search (781
# questions, 51 000 records, 2026-11-29), was built in 18 s instead of 24, and at times a record did not find itself.
_CONFIGURATION: CreateCollectionConfiguration = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}
}
# Up to here comparing with every vector is faster (2 600 of 448 dimensions: 0.2 ms a query against 1.8 ms, and 0.14 s
# to read them from Chroma once; reading 51 000 would take seconds. 2026-11-29).
EXACT_UP_TO = 4_000
_ASIDE = 4  # searches at once beside the threads that ask for them
_NUMBER = "."
_NEAR = 10  # nearest records among which one that is there finds itself: the search is approximate
_ZERO = 1e-3  # cosine distance that rounding may leave


@dataclass(frozen=True)
class Record:
    """What one vector stands for; `text_hash` tells whether the vector can be used again."""

    record_id: str
    text: str

    @property
    def text_hash(self) -> str:
        """The hash of the text that was embedded."""
        return hash_text(self.text)


def records_of(chunks: Sequence[Chunk]) -> dict[str, list[Record]]:
    """The records of each kind, in the order of the chunks; a question's id is its chunk's and a number."""
    return {
        PASSAGES: [Record(chunk.chunk_id, chunk.pooled_text) for chunk in chunks],
        QUESTIONS: [
            Record(f"{chunk.chunk_id}{_NUMBER}{number}", asked.text)
            for chunk in chunks
            for number, asked in enumerate(chunk.questions)
        ],
    }


def owner_of(record_id: str) -> tuple[str, int]:
    """The chunk that a question's record belongs to, and the question's place there."""
    chunk_id, _, number = record_id.partition(_NUMBER)
    return chunk_id, int(number)


def _nearest(ids: Sequence[str], vectors: Vectors, vector: Vectors, limit: int) -> dict[str, float]:
    """Record id → cosine of the `limit` nearest, found by comparing with every one."""
    if not ids:
        return {}
    cosines = vectors @ vector
    best = np.argpartition(-cosines, limit)[:limit] if limit < len(ids) else np.arange(len(ids))
    best = best[np.argsort(-cosines[best], kind="stable")]
    return {ids[place]: float(cosines[place]) for place in best}


@contextmanager
def _readable() -> Iterator[None]:
    """Chroma's own errors as ours. Raises: IndexFault."""
    try:
        yield
    except ChromaError as error:
        raise IndexFault(f"Chroma kan ikke lese vektorene ({error}).", "Kjør: abc index build --force") from error


class VectorStore:
    """The vectors of one index version in a folder: a collection of passages, and one of the questions they answer.

    Written once by `build`, then only read.
    """

    def __init__(self, folder: Path) -> None:
        with _readable():
            self._client = chromadb.PersistentClient(path=folder, settings=Settings(anonymized_telemetry=False))
            self._collections: dict[str, Any] = {
                kind: self._client.get_or_create_collection(kind, configuration=_CONFIGURATION, embedding_function=None)
                for kind in KINDS
            }
        self._aside = ThreadPoolExecutor(_ASIDE, thread_name_prefix="chroma")
        self._held: dict[str, tuple[list[str], Vectors] | None] = {}

    def add(self, kind: str, records: Sequence[Record], vectors: Vectors) -> None:
        """Stores one vector per record, in batches that Chroma accepts."""
        size = self._client.get_max_batch_size()
        for first in range(0, len(records), size):
            batch = records[first : first + size]
            self._collections[kind].add(
                ids=[record.record_id for record in batch],
                embeddings=vectors[first : first + size],
                metadatas=[{"hash": record.text_hash} for record in batch],
            )

    def search(self, kind: str, vectors: Vectors, limit: int) -> list[dict[str, float]]:
        """For each vector, record id → cosine of the `limit` nearest records, nearest first.

        Few records are compared one by one, which is exact and faster than Chroma's graph; of many, Chroma finds them.
        """
        if kind not in self._held:
            self._held[kind] = self._read(kind) if self.count(kind) <= EXACT_UP_TO else None
        if (held := self._held[kind]) is not None:
            return [_nearest(*held, vector, limit) for vector in vectors]
        return self._search_chroma(kind, vectors, limit)

    def search_soon(self, kind: str, vectors: Vectors, limit: int) -> Future[list[dict[str, float]]]:
        """What `search` finds, while the caller does something else: Chroma searches outside Python's lock."""
        return self._aside.submit(self.search, kind, vectors, limit)

    def _search_chroma(self, kind: str, vectors: Vectors, limit: int) -> list[dict[str, float]]:
        with _readable():
            found = self._collections[kind].query(query_embeddings=vectors, n_results=limit, include=["distances"])
        return [
            {i: 1.0 - float(d) for i, d in zip(ids, distances, strict=True)}
            for ids, distances in zip(found["ids"], found["distances"], strict=True)
        ]

    def _read(self, kind: str) -> tuple[list[str], Vectors]:
        """Every record's id and vector."""
        with _readable():
            found = self._collections[kind].get(include=["embeddings"])
        return found["ids"], np.asarray(found["embeddings"], np.float32)

    def vectors_by_hash(self) -> dict[str, Vectors]:
        """Text hash → vector, to be used again where the text is the same."""
        vectors: dict[str, Vectors] = {}
        for collection in self._collections.values():
            with _readable():
                found = collection.get(include=["embeddings", "metadatas"])
            vectors.update((m["hash"], v) for m, v in zip(found["metadatas"], found["embeddings"], strict=True))
        return vectors

    def count(self, kind: str) -> int:
        """How many records of a kind Chroma says it has."""
        with _readable():
            return int(self._collections[kind].count())

    def finds_itself(self, kind: str, record_id: str) -> bool:
        """Whether the record's own vector finds a record at distance 0, as it does while the vectors are there."""
        with _readable():
            found = self._collections[kind].get(ids=[record_id], include=["embeddings"])
        if not len(found["embeddings"]):
            return False
        (nearest,) = self._search_chroma(kind, np.asarray(found["embeddings"], np.float32), _NEAR)
        return any(cosine > 1 - _ZERO for cosine in nearest.values())

    def close(self) -> None:
        """Lets go of the folder, so that it can be moved or removed."""
        self._aside.shutdown()
        self._client.close()  # type: ignore[attr-defined]  # missing from the interface, there on every client
