"""Everything an index version holds beside its vectors: documents, chunks, sources and terms, in one file."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from index.document import Document
from index.registry import Source, Term
from index.types import Chunk, Gap

_FILE = "catalog.json"


@dataclass(frozen=True, eq=False)  # the same only when it is the one read: comparing all its texts would take long
class Catalog:
    """The texts of a version, as they were when it was built; an answer never reads the corpus itself."""

    documents: tuple[Document, ...]
    chunks: tuple[Chunk, ...]
    sources: dict[str, Source]
    terms: tuple[Term, ...]
    gaps: tuple[Gap, ...]


def write_catalog(folder: Path, catalog: Catalog) -> None:
    """Writes the catalog of a version, without what of a document the chunks and `gaps` carry."""
    bare = tuple(replace(d, sections=(), loose_ingress=(), asked=(), unanswered=()) for d in catalog.documents)
    (folder / _FILE).write_bytes(msgspec.json.encode(replace(catalog, documents=bare)))


def read_catalog(folder: Path) -> Catalog:
    """The catalog that `write_catalog` wrote. Raises: ValueError where the file holds something else."""
    data = (folder / _FILE).read_bytes()
    try:
        # 12 MB become 200 000 records that all stay: 0.08 s, 0.3 s while the collector looks through them again and
        # again, and 0.46 s with pydantic (2026-11-29).
        with _uncollected():
            return msgspec.json.decode(data, type=Catalog)
    except msgspec.DecodeError as error:
        raise ValueError(f"{_FILE}: {error}") from error


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing is searched for garbage meanwhile."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
