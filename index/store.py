"""The vectors in Chroma: one collection per index version, cosine distance, our own embeddings."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import numpy.typing as npt
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.config import Settings
from chromadb.errors import ChromaError

from index.types import Chunk, IndexFault

Vectors = npt.NDArray[np.float32]

COLLECTION = "chunks"
# Chroma's search is approximate: recall@10 against exact search was 0.9998 (641 questions, 2 625 chunks, 2026-11-23).
_CONFIGURATION: CreateCollectionConfiguration = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}
}
_ZERO = 1e-3  # cosine distance that rounding may leave


@contextmanager
def _readable() -> Iterator[None]:
    """Chroma's own errors as ours. Raises: IndexFault."""
    try:
        yield
    except ChromaError as error:
        raise IndexFault(f"Chroma kan ikke lese vektorene ({error}).", "Kjør: abc index build --force") from error


class VectorStore:
    """The vectors of one index version in a folder. Written once by `build`, then only read."""

    def __init__(self, folder: Path) -> None:
        with _readable():
            self._client = chromadb.PersistentClient(path=folder, settings=Settings(anonymized_telemetry=False))
            self._collection: Any = self._client.get_or_create_collection(
                COLLECTION, configuration=_CONFIGURATION, embedding_function=None
            )

    def add(self, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        """Stores one vector per chunk, in batches that Chroma accepts."""
        size = self._client.get_max_batch_size()
        for first in range(0, len(chunks), size):
            batch = chunks[first : first + size]
            self._collection.add(
                ids=[chunk.chunk_id for chunk in batch],
                embeddings=vectors[first : first + size],
                metadatas=[{"doc_id": c.doc_id, "class": c.doc_class, "hash": c.content_hash} for c in batch],
            )

    def search(self, vector: npt.NDArray[np.float32], limit: int) -> dict[str, float]:
        """Chunk id → cosine for the `limit` nearest chunks, nearest first."""
        with _readable():
            found = self._collection.query(query_embeddings=[vector], n_results=limit, include=["distances"])
        return {i: 1.0 - float(d) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)}

    def cosines(self, vector: npt.NDArray[np.float32], chunk_ids: Sequence[str]) -> dict[str, float]:
        """Chunk id → cosine for the named chunks."""
        if not chunk_ids:
            return {}
        with _readable():
            found = self._collection.get(ids=list(chunk_ids), include=["embeddings"])
        return dict(zip(found["ids"], (np.asarray(found["embeddings"], np.float32) @ vector).tolist(), strict=True))

    def vectors_by_hash(self) -> dict[str, Vectors]:
        """Content hash → vector, to be used again where the text is the same."""
        with _readable():
            found = self._collection.get(include=["embeddings", "metadatas"])
        return {m["hash"]: v for m, v in zip(found["metadatas"], found["embeddings"], strict=True)}

    def count(self) -> int:
        """How many chunks Chroma says it has."""
        with _readable():
            return int(self._collection.count())

    def finds_itself(self, chunk_id: str) -> bool:
        """Whether the chunk's own vector finds a chunk at distance 0, as it does while the vectors are there."""
        with _readable():
            found = self._collection.get(ids=[chunk_id], include=["embeddings"])
        if not len(found["embeddings"]):
            return False
        nearest = self.search(np.asarray(found["embeddings"][0], np.float32), 1)
        return any(cosine > 1 - _ZERO for cosine in nearest.values())

    def close(self) -> None:
        """Lets go of the folder, so that it can be moved or removed."""
        self._client.close()  # type: ignore[attr-defined]  # missing from the interface, there on every client
