"""What a build would change: the corpus beside the version in use, document by document, and why."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.metadata import version as package_version
from pathlib import Path

from index.catalog import Catalog, read_catalog
from index.document import NOTHING, Corpus, Document, Known, fingerprint_files
from index.embed import Embedder
from index.store import is_of_chroma
from index.types import Chunk, IndexFault, Mark
from index.versions import CHUNKER, SCHEMA, Manifest, find_damage, read_current, read_latest

MAX_DROPPED = 0.2  # a build that loses more than this share of the documents needs `force`


class Why(StrEnum):
    """Why a document is made anew."""

    TEXT = "text"
    QUESTIONS = "questions"
    SOURCES = "sources"  # the period of a source that it cites


class Anew(StrEnum):
    """Why nothing of the version in use can be used again, though documents may be the same."""

    FIRST = "first"
    FORCED = "forced"
    CHUNKER = "chunker"
    MODEL = "model"
    SCHEMA = "schema"
    BROKEN = "broken"


@dataclass(frozen=True)
class Previous:
    """The version that a build begins from; without a `catalog` where that can't be used.

    It `is_damaged` where it lost files beside those of Chroma, which are filled anew by themselves.
    """

    manifest: Manifest
    folder: Path
    catalog: Catalog | None
    is_damaged: bool = False


@dataclass(frozen=True, eq=False)
class Plan:
    """What a build would do. `catalog` is what the new version holds; `removed` are the documents that it lacks."""

    catalog: Catalog
    fingerprint: str
    previous: Previous | None
    anew: tuple[Anew, ...]
    added: tuple[str, ...]
    changed: dict[str, tuple[Why, ...]]
    removed: tuple[str, ...]

    @property
    def num_unchanged(self) -> int:
        """How many documents are as they were."""
        return len(self.catalog.documents) - len(self.added) - len(self.changed)

    @property
    def num_lost(self) -> int:
        """How many documents fewer there would be; of a version that can't be read, its number is known."""
        if self.previous is None or self.previous.catalog is not None:
            return len(self.removed)
        return max(0, self.previous.manifest.num_documents - len(self.catalog.documents))

    @property
    def is_lossy(self) -> bool:
        """Whether more documents would go than a slip may take."""
        return self.previous is not None and self.num_lost > MAX_DROPPED * self.previous.manifest.num_documents


def is_current(folder: Path, home: Path, embedder: Embedder) -> bool:
    """Whether the version in use was built from exactly these files, by this program and model."""
    try:
        manifest = read_current(home)
    except IndexFault:
        return False
    is_same = manifest.corpus == fingerprint_files(folder) and not _outdated(manifest, embedder)
    return is_same and not find_damage(home, manifest)


def read_previous(home: Path) -> Previous | None:
    """The version in use, or the newest where none is, as far as it can be read."""
    manifest = read_latest(home)
    if manifest is None:
        return None
    folder = home / manifest.version
    is_damaged = any(not is_of_chroma(file) for file in find_damage(home, manifest))
    try:
        return Previous(manifest, folder, read_catalog(folder), is_damaged)
    except (OSError, ValueError, KeyError, TypeError):
        return Previous(manifest, folder, None, is_damaged)


def known_documents(previous: Previous | None, embedder: Embedder, force: bool = False) -> Known:
    """What need not be read again; nothing where all is to be made anew."""
    if previous is None or previous.catalog is None or _reasons(previous, embedder, force):
        return NOTHING
    catalog = previous.catalog
    unanswered: dict[str | None, list[str]] = {}
    for gap in catalog.gaps:
        unanswered.setdefault(gap.doc_id, []).append(gap.text)
    used: dict[str, set[str]] = {document.doc_id: set() for document in catalog.documents}
    for chunk in catalog.chunks:
        used[chunk.doc_id].update(mark.source_id for statement in chunk.statements for mark in statement.marks)
    return Known(
        {d.file: replace(d, unanswered=tuple(unanswered.get(d.doc_id, ()))) for d in catalog.documents},
        {source_id: source.period for source_id, source in catalog.sources.items()},
        {doc_id: frozenset(ids) for doc_id, ids in used.items()},
    )


def plan_build(
    corpus: Corpus, previous: Previous | None, known: Known, embedder: Embedder, force: bool = False
) -> Plan:
    """What a build of `corpus`, read with `known`, would change."""
    before = previous.catalog if previous else None
    old = {document.doc_id: document for document in before.documents} if before else {}
    kept_chunks: dict[str, list[Chunk]] = {}
    for chunk in before.chunks if before else ():
        kept_chunks.setdefault(chunk.doc_id, []).append(chunk)
    chunks: list[Chunk] = []
    changed: dict[str, tuple[Why, ...]] = {}
    for document in corpus.documents:
        is_kept = known.documents.get(document.file) is document
        own = kept_chunks[document.doc_id] if is_kept else _split(document)
        chunks += own
        if document.doc_id in old and not is_kept:
            has_other_marks = _marks(own) != _marks(kept_chunks[document.doc_id])
            if why := _why(old[document.doc_id], document, has_other_marks):
                changed[document.doc_id] = why
    now = {document.doc_id for document in corpus.documents}
    return Plan(
        Catalog(corpus.documents, tuple(chunks), corpus.sources, corpus.terms, corpus.gaps()),
        corpus.fingerprint or _hash(repr(corpus)),
        previous,
        _reasons(previous, embedder, force),
        tuple(sorted(now - old.keys())),
        changed,
        tuple(sorted(old.keys() - now)),
    )


def refuse_loss(plan: Plan) -> None:
    """Raises: IndexFault when more documents would go than a slip may take."""
    if plan.is_lossy and plan.previous:
        raise IndexFault(
            f"{plan.num_lost} av {plan.previous.manifest.num_documents} dokumenter ville forsvinne fra indeksen.",
            "Sjekk at corpus-mappen er hel. Er det meningen, kjør: abc index build --force",
        )


def _outdated(manifest: Manifest, embedder: Embedder) -> list[Anew]:
    differs = {
        Anew.CHUNKER: manifest.chunker != CHUNKER,
        Anew.MODEL: manifest.model_fingerprint != embedder.fingerprint,
        Anew.SCHEMA: (manifest.schema, manifest.chromadb) != (SCHEMA, package_version("chromadb")),
    }
    return [reason for reason, applies in differs.items() if applies]


def _reasons(previous: Previous | None, embedder: Embedder, force: bool) -> tuple[Anew, ...]:
    if previous is None:
        return (Anew.FIRST,)
    reasons = [Anew.FORCED] if force else _outdated(previous.manifest, embedder)
    return tuple(reasons) or ((Anew.BROKEN,) if previous.catalog is None or previous.is_damaged else ())


def _why(old: Document, new: Document, has_other_marks: bool) -> tuple[Why, ...]:
    """What differs; nothing where only the way it is written on disk does."""
    if old.text != new.text:
        return (Why.TEXT,)
    reasons = {
        Why.QUESTIONS: old.digest.partition(".")[2] != new.digest.partition(".")[2],
        Why.SOURCES: has_other_marks,  # the same text: a source that it names has another period
    }
    return tuple(reason for reason, applies in reasons.items() if applies)


def _marks(chunks: Sequence[Chunk]) -> list[tuple[Mark, ...]]:
    return [statement.marks for chunk in chunks for statement in chunk.statements]


def _split(document: Document) -> list[Chunk]:
    from index.chunk import split_document  # with LlamaIndex, which a build without changes need not wait for

    return split_document(document)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
