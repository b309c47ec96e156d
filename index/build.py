"""Corpus → index version: read, check, split, embed, store, then point to it. Safe to run twice, and to kill."""

import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
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
from index.gaps import GapIndex
from index.keyword import KeywordIndex
from index.recall import write_vectors
from index.store import PASSAGES, QUESTIONS, Record, VectorStore, records_of
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
        hashes = {document.doc_id: _hash(document.text + repr(document.asked)) for document in corpus.documents}
        registers = _hash(repr((corpus.sources, corpus.terms, corpus.outside)))
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
        records = records_of(chunks)
        vectors, num_reused = _embed(records, embedder, reusable, progress)
        _store(folder, chunks, records, vectors)
        GapIndex.build([gap.text for gap in corpus.gaps()], embedder).save(folder / "gaps")
        write_catalog(folder, Catalog(corpus.documents, tuple(chunks), corpus.sources, corpus.terms, corpus.gaps()))
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
    records: Mapping[str, Sequence[Record]],
    embedder: Embedder,
    known: dict[str, Vectors],
    progress: Callable[[int, int], None],
) -> tuple[dict[str, Vectors], int]:
    """The vectors of each kind, and for how many passages one was there already."""
    fresh = {
        kind: list({r.text_hash: r.text for r in rows if r.text_hash not in known}.items())
        for kind, rows in records.items()
    }
    total, done = sum(map(len, fresh.values())), 0
    vectors = dict(known)
    for kind, rows in fresh.items():
        encode = embedder.encode_passages if kind == PASSAGES else embedder.encode_queries
        for first in range(0, len(rows), _BATCH):
            batch = rows[first : first + _BATCH]
            made = encode([text for _, text in batch])
            vectors.update((text_hash, vector) for (text_hash, _), vector in zip(batch, made, strict=True))
            done += len(batch)
            progress(done, total)
    by_kind = {kind: np.array([vectors[r.text_hash] for r in rows], np.float32) for kind, rows in records.items()}
    return by_kind, sum(record.text_hash in known for record in records[PASSAGES])


def _store(
    folder: Path,
    chunks: Sequence[Chunk],
    records: Mapping[str, Sequence[Record]],
    vectors: Mapping[str, Vectors],
) -> None:
    with closing(VectorStore(folder / "chroma")) as store:
        for kind, rows in records.items():
            store.add(kind, rows, vectors[kind])
            if (count := store.count(kind)) != len(rows):
                raise IndexFault(f"Chroma har {count} av {len(rows)} vektorer.", "Prøv igjen: abc index build --force")
    write_vectors(folder, vectors[QUESTIONS])
    KeywordIndex.build(
        [chunk.search_text for chunk in chunks],
        [[asked.text for asked in chunk.questions] for chunk in chunks],
    ).save(folder / "keyword")


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
