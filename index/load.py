"""An index version → everything retrieval needs, checked against what the program expects."""

from dataclasses import dataclass
from pathlib import Path

from index.catalog import Catalog, read_catalog
from index.embed import Embedder
from index.expand import Expander
from index.keyword import KeywordIndex
from index.store import VectorStore
from index.types import IndexFault, IndexMismatch, IndexMissing
from index.versions import SCHEMA, Manifest, read_manifest, read_pointer

_FORCE = "Kjør: abc index build --force"
_PROBES = 20  # chunks that must find themselves for the vectors to count as whole
_REBUILD = "Bygg indeksen på nytt med: abc index build"


@dataclass(frozen=True)
class Index:
    """One opened version; it never changes, so an answer that started on it ends on it.

    `positions` is where each chunk id stands in `catalog.chunks`, the order that keyword scores come in.
    """

    manifest: Manifest
    catalog: Catalog
    store: VectorStore
    keyword: KeywordIndex
    expander: Expander
    positions: dict[str, int]


def open_index(home: Path, embedder: Embedder) -> Index:
    """The version in use.

    Raises:
        IndexMissing: there is none.
        IndexMismatch: another model or schema built it; both are named.
    """
    manifest = read_manifest(home, read_pointer(home))
    if manifest.schema != SCHEMA:
        raise IndexMismatch(f"Indeksen har format {manifest.schema}, programmet leser format {SCHEMA}.", _REBUILD)
    if manifest.model_fingerprint != embedder.fingerprint:
        built, asked = f"{manifest.model} ({manifest.model_fingerprint})", f"{embedder.name} ({embedder.fingerprint})"
        raise IndexMismatch(f"Indeksen er bygd med modellen {built}, men {asked} er valgt.", _REBUILD)
    folder = home / manifest.version
    try:
        catalog, keyword = read_catalog(folder), KeywordIndex.load(folder / "keyword")
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise IndexMissing(f"Kan ikke lese versjonen {manifest.version}: {error}", _FORCE) from error
    return Index(
        manifest,
        catalog,
        VectorStore(folder / "chroma"),
        keyword,
        Expander(catalog.terms),
        {chunk.chunk_id: place for place, chunk in enumerate(catalog.chunks)},
    )


def probe(index: Index) -> bool:
    """Whether Chroma still has every vector: a lost vector folder leaves the count right and finds nothing."""
    chunks = index.catalog.chunks
    try:
        if index.store.count() != index.manifest.num_chunks:
            return False
        return all(index.store.finds_itself(chunk.chunk_id) for chunk in chunks[:: max(1, len(chunks) // _PROBES)])
    except IndexFault:
        return False
