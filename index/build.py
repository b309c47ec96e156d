"""Corpus → index version: read, check, split, embed, store, then point to it. Safe to run twice, and to kill."""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version as package_version
from pathlib import Path

import numpy as np

from index.catalog import Catalog, write_catalog
from index.chunk import CHUNKER, split_document
from index.document import Corpus
from index.embed import Embedder, Vectors
from index.keyword import KeywordIndex
from index.store import VectorStore
from index.types import Chunk, IndexFault
from index.versions import (
    SCHEMA,
    Manifest,
    build_lock,
    list_versions,
    point_to,
    read_manifest,
    read_pointer,
    remove_old,
    write_manifest,
)

MAX_DROPPED = 0.2  # a build that loses more than this share of the documents needs `force`
_BATCH = 256
_DOCUMENTS = "documents.txt"  # one line per document: the hash of its text, and its id


@dataclass(frozen=True)
class Report:
    """What a build did: documents by name, and how many vectors were reused."""

    version: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    num_chunks: int
    num_reused: int


def build_index(
    corpus: Corpus,
    home: Path,
    embedder: Embedder,
    force: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Builds a version of `corpus` under `home` and points to it; an identical one is not built again.

    Raises:
        IndexFault: another build runs, or too many documents would be lost; the version in use stays.
    """
    if not corpus.documents:
        raise IndexFault("Det er ingen dokumenter å bygge en indeks av.", "Legg .md-filer i corpus-mappen.")
    with build_lock(home):
        hashes = {document.doc_id: _hash(document.text) for document in corpus.documents}
        registers = _hash(repr((corpus.sources, corpus.terms)))
        fingerprint = _hash(repr((sorted(hashes.items()), registers)))
        previous = _previous(home)
        before = _document_hashes(home, previous)
        report = _compare(before, hashes)
        same = (fingerprint, CHUNKER, embedder.fingerprint, SCHEMA)
        if (
            previous
            and not force
            and (previous.corpus, previous.chunker, previous.model_fingerprint, previous.schema) == same
        ):
            return Report(previous.version, (), (), (), len(hashes), previous.num_chunks, previous.num_chunks)
        if not force and before and len(report[2]) > MAX_DROPPED * len(before):
            raise IndexFault(
                f"{len(report[2])} av {len(before)} dokumenter ville forsvinne fra indeksen.",
                "Sjekk at corpus-mappen er hel. Er det meningen, kjør: abc index build --force",
            )
        name = _new_name(home, fingerprint)
        folder = home / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        chunks = [chunk for document in corpus.documents for chunk in split_document(document)]
        reusable = _reusable_vectors(home, previous, embedder)
        vectors, num_reused = _embed(chunks, embedder, reusable, progress)
        _store(folder, chunks, vectors)
        write_catalog(folder, Catalog(corpus.documents, tuple(chunks), corpus.sources, corpus.terms))
        (folder / _DOCUMENTS).write_text("".join(f"{h} {i}\n" for i, h in hashes.items()), encoding="utf-8")
        write_manifest(
            folder,
            Manifest(
                version=name, schema=SCHEMA, corpus=fingerprint, chunker=CHUNKER, model=embedder.name,
                model_fingerprint=embedder.fingerprint, chromadb=package_version("chromadb"),
                num_documents=len(hashes), num_chunks=len(chunks),
                built_at=datetime.now().astimezone().isoformat(timespec="seconds"),
            ),
        )  # fmt: skip
        point_to(home, name)
        remove_old(home)
    return Report(name, *report, num_chunks=len(chunks), num_reused=num_reused)


def _compare(
    before: dict[str, str], now: dict[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], int]:
    added = tuple(i for i in now if i not in before)
    changed = tuple(i for i, h in now.items() if i in before and before[i] != h)
    removed = tuple(i for i in before if i not in now)
    return added, changed, removed, len(now) - len(added) - len(changed)


def _embed(
    chunks: Sequence[Chunk], embedder: Embedder, known: dict[str, Vectors], progress: Callable[[int, int], None]
) -> tuple[Vectors, int]:
    fresh = [chunk for chunk in chunks if chunk.content_hash not in known]
    vectors = dict(known)
    for first in range(0, len(fresh), _BATCH):
        batch = fresh[first : first + _BATCH]
        made = embedder.encode_passages([chunk.search_text for chunk in batch])
        vectors.update((chunk.content_hash, vector) for chunk, vector in zip(batch, made, strict=True))
        progress(first + len(batch), len(fresh))
    return np.array([vectors[chunk.content_hash] for chunk in chunks], np.float32), len(chunks) - len(fresh)


def _store(folder: Path, chunks: Sequence[Chunk], vectors: Vectors) -> None:
    with closing(VectorStore(folder / "chroma")) as store:
        store.add(chunks, vectors)
        if (count := store.count()) != len(chunks):
            raise IndexFault(f"Chroma har {count} av {len(chunks)} tekstbiter.", "Prøv igjen: abc index build --force")
    KeywordIndex.build([chunk.search_text for chunk in chunks]).save(folder / "keyword")


def _previous(home: Path) -> Manifest | None:
    """The version in use, or None where there is none to compare with."""
    try:
        return read_manifest(home, read_pointer(home))
    except IndexFault:
        return None


def _document_hashes(home: Path, manifest: Manifest | None) -> dict[str, str]:
    if manifest is None:
        return {}
    try:
        lines = (home / manifest.version / _DOCUMENTS).read_text(encoding="utf-8").splitlines()
        return {doc_id: digest for digest, doc_id in (line.split(" ", 1) for line in lines)}
    except (OSError, ValueError):
        return {}  # the list is only for the report and the guard against lost documents


def _reusable_vectors(home: Path, manifest: Manifest | None, embedder: Embedder) -> dict[str, Vectors]:
    same_model = manifest is not None and manifest.model_fingerprint == embedder.fingerprint
    if manifest is None or not same_model or manifest.chromadb != package_version("chromadb"):
        return {}
    with suppress(IndexFault), closing(VectorStore(home / manifest.version / "chroma")) as store:
        return store.vectors_by_hash()
    return {}  # what can't be read is embedded again


def _new_name(home: Path, fingerprint: str) -> str:
    """A name that sorts after every other: the number of the version, and the corpus it holds."""
    numbers = [int(manifest.version.split("-")[0]) for manifest in list_versions(home)]
    return f"{max(numbers, default=0) + 1:06d}-{fingerprint[:8]}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
