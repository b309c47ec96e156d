"""The vectors of the passages in Chroma: a folder per index version, or a collection per version on a Chroma server.

Chroma keeps them, finds them where there are too many to compare with each, and serves several machines; on one
machine with few, `index.matrix` reads the same vectors faster. Cosine distance, our own embeddings.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from index.types import IndexFault

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateCollectionConfiguration
    from chromadb.config import Settings

Vectors = npt.NDArray[np.float32]

# Chroma's search is approximate: a graph half as dense (100, 16, 100) had recall@10 0.968 against exact search (781
# questions, 51 000 records, 2026-11-29), and at times a record did not find itself.
_CONFIGURATION: "CreateCollectionConfiguration" = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}
}
_FOLDER, _COLLECTION = "chroma", "passages"
_NEAR = 10  # nearest records among which one that is there finds itself: the search is approximate
_ZERO = 1e-3  # cosine distance that rounding may leave
_FORCE = "Kjør: abc index build --force"


@contextmanager
def _readable() -> Iterator[None]:
    """Whatever Chroma raises, as our fault; its core panics with what is no `Exception`. Raises: IndexFault."""
    try:
        yield
    except IndexFault:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise IndexFault(f"Chroma kan ikke lese eller skrive vektorene ({error}).", _FORCE) from error


def _open_folder(folder: Path, settings: "Settings") -> "ClientAPI":
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient

    try:
        return chromadb.PersistentClient(path=folder, settings=settings)
    except BaseException:
        # Chroma has kept what it failed to start, and would give that to the next who opens the folder.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise


class VectorStore:
    """The passages of one index version; Chroma is opened when it is first needed, which takes a second.

    `url` is a Chroma server; without one the version's own folder is used. Written once by `build`, then only read.
    Every method raises IndexFault when Chroma can't be used.
    """

    def __init__(self, version: Path, url: str = "") -> None:
        self._folder, self._url = version / _FOLDER, url
        self._name = f"{_COLLECTION}-{version.name}" if url else _COLLECTION

    @cached_property
    def _client(self) -> "ClientAPI":
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        with _readable():
            if not self._url:
                return _open_folder(self._folder, settings)
            place = urlsplit(self._url)
            is_safe = place.scheme == "https"
            port = place.port or (443 if is_safe else 8000)
            return chromadb.HttpClient(host=place.hostname or "", port=port, ssl=is_safe, settings=settings)

    @cached_property
    def _collection(self) -> Any:
        with _readable():
            return self._client.get_collection(self._name, embedding_function=None)

    def create(self) -> None:
        """Makes the empty collection that vectors are added to; one of the same name was cut off, and goes."""
        with _readable():
            if self._name in [collection.name for collection in self._client.list_collections()]:
                self._client.delete_collection(self._name)
            self._client.create_collection(self._name, configuration=_CONFIGURATION, embedding_function=None)

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Stores one vector per id, in batches that Chroma accepts."""
        with _readable():
            size = self._client.get_max_batch_size()
            for first in range(0, len(ids), size):
                self._collection.add(ids=list(ids[first : first + size]), embeddings=vectors[first : first + size])

    def remove(self, ids: Sequence[str]) -> None:
        """Takes the vectors of these ids away."""
        with _readable():
            size = self._client.get_max_batch_size()
            for first in range(0, len(ids), size):
                self._collection.delete(ids=list(ids[first : first + size]))

    def search(self, vectors: Vectors, limit: int) -> list[dict[str, float]]:
        """For each vector, id → cosine of the `limit` nearest, nearest first, as near as Chroma's graph finds them."""
        with _readable():
            found = self._collection.query(query_embeddings=vectors, n_results=limit, include=["distances"])
        return [
            {i: 1.0 - float(d) for i, d in zip(ids, distances, strict=True)}
            for ids, distances in zip(found["ids"], found["distances"], strict=True)
        ]

    def count(self) -> int:
        """How many vectors Chroma says it has."""
        with _readable():
            return int(self._collection.count())

    def find_themselves(self, ids: Sequence[str]) -> bool:
        """Whether each id's own vector finds a record at distance 0, as it does while the vectors are there."""
        with _readable():
            own = self._collection.get(ids=list(ids), include=["embeddings"])["embeddings"]
        if len(own) != len(ids):
            return False
        nearest = self.search(np.asarray(own, np.float32), _NEAR)
        return all(max(found.values(), default=0) > 1 - _ZERO for found in nearest)

    def drop(self) -> None:
        """Takes the version's collection off a server; a folder goes with its version."""
        if self._url:
            with _readable():
                self._client.delete_collection(self._name)

    def close(self) -> None:
        """Lets go of the folder, so that it can be moved or removed."""
        if "_client" in self.__dict__:
            self._client.close()  # type: ignore[attr-defined]  # missing from the interface, there on every client


def copy_folder(old: Path, new: Path) -> bool:
    """Whether the vectors of version folder `old` are now those of `new` too; nothing may be writing them."""
    if not (old / _FOLDER).is_dir():
        return False
    shutil.copytree(old / _FOLDER, new / _FOLDER)
    return True


def remove_folder(version: Path) -> None:
    """Removes the vectors of a version folder, to begin anew."""
    shutil.rmtree(version / _FOLDER)


def is_of_chroma(file: str) -> bool:
    """Whether a file of a version, by its path there, is one of Chroma's."""
    return file.startswith(f"{_FOLDER}/")
