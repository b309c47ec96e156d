"""A Chroma server: the calls of its client that the store makes, each given up after so many seconds.

Chroma's own `HttpClient` waits for ever, and asks the server for login, tenant and database before anything else.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx
from chromadb.api import ServerAPI
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.api.fastapi import FastAPI
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings, System
from chromadb.errors import NotFoundError

from index.address import Address
from index.types import IndexFault

_PAGE = 100  # collections asked for at a time
_LOGIN = {401, 403}
_CHECK = "Sjekk at Chroma-serveren går, og at ABC_CHROMA_URL er riktig."


class ChromaServer:
    """A client of the server at `address`; nothing is sent before it is asked of. Errors are Chroma's and httpx's."""

    def __init__(self, address: Address, timeout_s: float) -> None:
        settings = Settings(
            anonymized_telemetry=False,
            chroma_api_impl=f"{FastAPI.__module__}.{FastAPI.__name__}",
            chroma_server_host=address.url,
            chroma_server_http_port=0,  # asked for, and not used: the address has it
            chroma_server_headers=dict(address.headers),
        )
        self._system = System(settings)
        self._api = self._system.instance(ServerAPI)  # type: ignore[type-abstract]
        self._session: httpx.Client = self._api._session  # type: ignore[attr-defined]  # the way to any time limit
        self._session.timeout = httpx.Timeout(timeout_s)
        self.delete_collection = self._api.delete_collection
        self.get_max_batch_size = self._api.get_max_batch_size

    def create_collection(
        self, name: str, configuration: CreateCollectionConfiguration, embedding_function: None
    ) -> None:
        """As Chroma's client does; we have embeddings of our own."""
        self._api.create_collection(name, configuration=configuration)

    def get_collection(self, name: str, embedding_function: None) -> Collection:
        """As Chroma's client does; we have embeddings of our own."""
        return Collection(self._api, self._api.get_collection(name), embedding_function)

    def names(self) -> Sequence[str]:
        """The names of all collections."""
        found: list[str] = []
        while page := self._api.list_collections(limit=_PAGE, offset=len(found)):
            found += [collection.name for collection in page]
        return found

    def close(self) -> None:
        """Lets go of the connections."""
        self._session.close()
        self._system.stop()


@contextmanager
def server_faults(address: Address) -> Iterator[None]:
    """Turns what a server or the way there can do into one fault, which says where but no login. Raises: IndexFault."""
    try:
        yield
    except (IndexFault, OSError):  # an OSError is a file of ours: httpx has errors of its own
        raise
    except Exception as error:
        told, remedy = _explain(error)
        raise IndexFault(f"Chroma-serveren på {address.url} {told}.", remedy) from error


def _explain(error: Exception) -> tuple[str, str]:
    if isinstance(error, NotFoundError):
        return "har ikke vektorene til denne versjonen", "Legg dem dit med: abc index build"
    if isinstance(error, httpx.TimeoutException):
        return "svarer ikke i tide", _CHECK
    if isinstance(error, httpx.TransportError):
        return "svarer ikke", _CHECK
    cause = error.__context__  # Chroma's client raises a bare Exception in place of it
    status = cause.response.status_code if isinstance(cause, httpx.HTTPStatusError) else None
    if status in _LOGIN:
        return "slipper oss ikke inn", "Sjekk brukernavn og passord i ABC_CHROMA_URL."
    return f"kan ikke brukes ({f'HTTP {status}' if status else type(error).__name__})", _CHECK
