"""Everything an index version holds beside its vectors: documents, chunks, sources and terms, in one file."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

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
    data = TypeAdapter(Catalog).dump_json(
        catalog, exclude={"documents": {"__all__": {"sections", "loose_ingress", "asked", "unanswered"}}}
    )
    (folder / _FILE).write_bytes(data)


def read_catalog(folder: Path) -> Catalog:
    """The catalog that `write_catalog` wrote."""
    return TypeAdapter(Catalog).validate_json((folder / _FILE).read_bytes())
