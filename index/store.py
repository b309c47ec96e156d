"""The vectors of the passages in Chroma: a folder per index version, or a collection per version on a Chroma server.

Chroma keeps them, finds them where there are too many to compare with each, and serves several machines; on one
machine with few, `index.matrix` reads the same vectors faster. Cosine distance, our own embeddings.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.address import Address, read_address
from index.types import IndexFault
from index.versions import name_installation, read_installation

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateCollectionConfiguration
    from chromadb.config import Settings

    from index.server import ChromaServer

Vectors = npt.NDArray[np.float32]

# Chroma's search is approximate: a graph half as dense (100, 16, 100) had recall@10 0.968 against exact search (781
# questions, 51 000 records, 2026-11-29), and at times a record did not find itself.
_CONFIGURATION: "CreateCollectionConfiguration" = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}
}
_FOLDER, _COLLECTION = "chroma", "passages"
_NEAR = 10  # nearest records among which one that is there finds itself: the search is approximate
_ZERO = 1e-3  # cosine distance that rounding may leave
_LOOKED_AT = 50  # records that must find themselves in what was filled for it to count as whole
_FORCE = "Kjør: abc index build --force"
# A search answers in milliseconds. Somebody waits for it, and without it the passages are compared one by one.
SEARCH_S = 1.0
BUILD_S = 60.0  # nobody waits, and a batch of thousands takes its time


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

    `url` is a Chroma server, which is waited for no longer than `timeout_s`; without one the version's own folder is
    used. Written once by `build`, then only read. Every method raises IndexFault when Chroma can't be used.
    """

    def __init__(self, version: Path, url: str = "", timeout_s: float = SEARCH_S) -> None:
        self._version, self._timeout_s = version, timeout_s
        self._address = read_address(url) if url else None

    @cached_property
    def _name(self) -> str:
        if not self._address:
            return _COLLECTION
        return f"{_prefix(read_installation(self._version.parent))}{self._version.name}"

    @cached_property
    def _client(self) -> "ClientAPI | ChromaServer":
        if self._address:
            return _connect(self._address, self._timeout_s)
        from chromadb.config import Settings

        with _readable():
            return _open_folder(self._version / _FOLDER, Settings(anonymized_telemetry=False))

    @cached_property
    def _collection(self) -> Any:
        with self._faults():
            return self._client.get_collection(self._name, embedding_function=None)

    def _faults(self) -> AbstractContextManager[None]:
        return _server_faults(self._address) if self._address else _readable()

    def fill(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Makes the collection anew with one vector per id; raises too where Chroma then has not all of them."""
        self._create()
        self.add(ids, vectors)
        if (count := self.count()) != len(ids):
            raise IndexFault(f"Chroma har {count} av {len(ids)} vektorer.", "Prøv igjen: abc index build --force")
        if not self.find_themselves(ids[:: max(1, len(ids) // _LOOKED_AT)]):
            raise IndexFault("Chroma finner ikke vektorene den har fått.", "Prøv igjen: abc index build --force")

    def _create(self) -> None:
        """Makes the empty collection; one of the same name was cut off, and goes."""
        from chromadb.errors import NotFoundError

        with self._faults():
            with suppress(NotFoundError):
                self._client.delete_collection(self._name)
            self._client.create_collection(self._name, configuration=_CONFIGURATION, embedding_function=None)

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Stores one vector per id, in batches that Chroma accepts."""
        with self._faults():
            size = self._client.get_max_batch_size()
            for first in range(0, len(ids), size):
                self._collection.add(ids=list(ids[first : first + size]), embeddings=vectors[first : first + size])

    def remove(self, ids: Sequence[str]) -> None:
        """Takes the vectors of these ids away."""
        with self._faults():
            size = self._client.get_max_batch_size()
            for first in range(0, len(ids), size):
                self._collection.delete(ids=list(ids[first : first + size]))

    def search(self, vectors: Vectors, limit: int) -> list[dict[str, float]]:
        """For each vector, id → cosine of the `limit` nearest, nearest first, as near as Chroma's graph finds them."""
        with self._faults():
            found = self._collection.query(query_embeddings=vectors, n_results=limit, include=["distances"])
        return [
            {i: 1.0 - float(d) for i, d in zip(ids, distances, strict=True)}
            for ids, distances in zip(found["ids"], found["distances"], strict=True)
        ]

    def count(self) -> int:
        """How many vectors Chroma says it has."""
        with self._faults():
            return int(self._collection.count())

    def find_themselves(self, ids: Sequence[str]) -> bool:
        """Whether each id's own vector finds a record at distance 0, as it does while the vectors are there."""
        with self._faults():
            own = self._collection.get(ids=list(ids), include=["embeddings"])["embeddings"]
        if len(own) != len(ids):
            return False
        nearest = self.search(np.asarray(own, np.float32), _NEAR)
        return all(max(found.values(), default=0) > 1 - _ZERO for found in nearest)

    def look_again(self) -> None:
        """Forgets which collection it was: a server that was away may have been filled anew."""
        self.__dict__.pop("_collection", None)

    def close(self) -> None:
        """Lets go of the folder, so that it can be moved or removed, or of the connections."""
        if "_client" in self.__dict__:
            self._client.close()  # type: ignore[union-attr]  # missing from the interface, there on every client


def on_server(home: Path, url: str) -> frozenset[str]:
    """The versions of `home` that the server has a collection of, whole or not. Raises: IndexFault, OSError."""
    address, prefix = read_address(url), _prefix(name_installation(home))
    with closing(_connect(address, BUILD_S)) as server, _server_faults(address):
        return frozenset(name.removeprefix(prefix) for name in server.names() if name.startswith(prefix))


def drop_from_server(home: Path, url: str, versions: Iterable[str]) -> None:
    """Takes these versions off the server. Raises: IndexFault."""
    address, prefix = read_address(url), _prefix(read_installation(home))
    with closing(_connect(address, BUILD_S)) as server, _server_faults(address):
        for version in versions:
            server.delete_collection(f"{prefix}{version}")


def _prefix(installation: str) -> str:
    """What the names of a guide's collections begin with: several guides may share a server."""
    return f"abc-{installation}-"


def _connect(address: Address, timeout_s: float) -> "ChromaServer":
    from index.server import ChromaServer

    return ChromaServer(address, timeout_s)


def _server_faults(address: Address) -> AbstractContextManager[None]:
    from index.server import server_faults

    return server_faults(address)


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
