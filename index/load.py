"""An index version → everything retrieval needs, checked against what the program expects."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.catalog import Catalog, read_catalog
from index.dense import PASSAGES, QUESTIONS, Dense, open_passages, read_matrices
from index.document import FOLDERS, Document
from index.embed import Embedder
from index.expand import Expander
from index.gaps import GapIndex
from index.keyword import KeywordIndex
from index.matrix import Matrix
from index.recall import RecallingEmbedder
from index.spell import Speller
from index.store import VectorStore
from index.types import Chunk, IndexFault, IndexMismatch, IndexMissing
from index.versions import REBUILD, Manifest, read_current

_FORCE = "Kjør: abc index build --force"
_PROBES = 20  # passages that must find themselves for the vectors to count as whole


@dataclass(frozen=True, eq=False)  # two are the same only when they are the one opened: arrays have no equality
class Index:
    """One opened version; it never changes, so an answer that started on it ends on it.

    `chunks_of` has the chunks of each document. Every array and score is in the order of `catalog.chunks`: `positions`
    is where each chunk id stands there, `of_class` has a 1 for each of a class, `spans` where each document's chunks
    begin and how many they are, and `owners` the place of the chunk that each question belongs to.
    `embedder` is the one it was opened with, which need not embed those questions again.
    """

    folder: Path
    manifest: Manifest
    catalog: Catalog
    store: VectorStore
    passages: Dense
    questions: Matrix
    keyword: KeywordIndex
    gaps: GapIndex
    expander: Expander
    speller: Speller
    documents: dict[str, Document]
    chunks_of: dict[str, tuple[Chunk, ...]]
    positions: dict[str, int]
    of_class: dict[str, npt.NDArray[np.float32]]
    spans: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]
    owners: npt.NDArray[np.intp]
    embedder: Embedder


def open_index(home: Path, embedder: Embedder, version: str = "", chroma_url: str = "") -> Index:
    """The version named, or the one in use; its passages are on the Chroma server at `chroma_url` where one is given.

    Raises:
        IndexMissing: there is none.
        IndexMismatch: another model or schema built it; both are named.
    """
    manifest = read_current(home, version)
    if manifest.model_fingerprint != embedder.fingerprint:
        built, asked = f"{manifest.model} ({manifest.model_fingerprint})", f"{embedder.name} ({embedder.fingerprint})"
        raise IndexMismatch(f"Indeksen er bygd med modellen {built}, men {asked} er valgt.", REBUILD)
    folder = home / manifest.version
    try:
        catalog = read_catalog(folder)
        keyword, gaps = KeywordIndex.load(folder / "keyword"), GapIndex.load(folder / "gaps")
        matrices = read_matrices(folder)
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise IndexMissing(f"Kan ikke lese versjonen {manifest.version}: {error}", _FORCE) from error
    store = VectorStore(folder, chroma_url)
    chunks = catalog.chunks
    positions = {chunk.chunk_id: place for place, chunk in enumerate(chunks)}
    return Index(
        folder,
        manifest,
        catalog,
        store,
        open_passages(store, chroma_url, positions, matrices[PASSAGES]),
        matrices[QUESTIONS],
        keyword,
        gaps,
        Expander(catalog.terms),
        Speller(keyword.vocabulary()),
        {document.doc_id: document for document in catalog.documents},
        {doc_id: tuple(own) for doc_id, own in groupby(chunks, lambda chunk: chunk.doc_id)},
        positions,
        _by_class(chunks),
        _spans(chunks),
        np.repeat(np.arange(len(chunks)), [len(chunk.questions) for chunk in chunks]),
        RecallingEmbedder(embedder, matrices[QUESTIONS]),
    )


def _by_class(chunks: Sequence[Chunk]) -> dict[str, npt.NDArray[np.float32]]:
    classes = np.array([chunk.doc_class for chunk in chunks])
    return {doc_class: (classes == doc_class).astype(np.float32) for doc_class in FOLDERS.values()}


def _spans(chunks: Sequence[Chunk]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Where each document's chunks begin, and how many there are; a document's chunks stand together."""
    _, starts, lengths = np.unique([chunk.doc_id for chunk in chunks], return_index=True, return_counts=True)
    order = np.argsort(starts)
    return starts[order], lengths[order]


def probe(index: Index) -> bool:
    """Whether Chroma still has every vector: a lost vector folder leaves the count right and finds nothing."""
    return not find_fault(index)


def find_fault(index: Index) -> str:
    """What is wrong with the vectors in Chroma and what to do, in Norwegian; empty where `probe` finds them whole."""
    chunks = index.catalog.chunks
    sample = [chunk.chunk_id for chunk in chunks[:: max(1, len(chunks) // _PROBES)]]
    try:
        is_whole = index.store.count() == len(chunks) and index.store.find_themselves(sample)
    except IndexFault as fault:
        return f"{fault} {fault.remedy}"
    return "" if is_whole else f"Indeksen har mistet vektorer. {_FORCE}"
