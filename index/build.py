"""A plan → index version: embed what is new, store it aside; then point to it.

Safe to run twice, and to kill: the version in use is never written to, and what is cut off is removed by the next.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version as package_version
from pathlib import Path

import numpy as np

from index.catalog import Catalog, write_catalog
from index.dense import FOLDER, PASSAGES, read_matrices, texts_of
from index.document import NOTHING, Corpus
from index.embed import Embedder
from index.gaps import GapIndex
from index.keyword import KeywordIndex
from index.matrix import Matrix, hashes_of
from index.plan import Plan, Previous, plan_build, read_previous, refuse_loss
from index.store import BUILD_S, VectorStore, copy_folder, drop_from_server, on_server, remove_folder
from index.types import Chunk, IndexFault
from index.versions import (
    CHUNKER,
    SCHEMA,
    Manifest,
    build_lock,
    ensure_pointed,
    list_versions,
    new_version,
    point_to,
    remove_leftovers,
    remove_old,
    sizes_of,
    write_manifest,
)

_BATCH = 256
_MAX_PATCHED = 0.5  # share of the passages that may be new before Chroma is filled from the beginning
_LOOKED_AT = 50  # old and new passages that must find themselves in a copy for it to count as whole
_KEYWORD, _GAPS = "keyword", "gaps"


@dataclass(frozen=True, eq=False)
class Report:
    """What a build did: its plan, the version it made, and how many of its passages' vectors were there already."""

    plan: Plan
    manifest: Manifest
    num_reused: int

    @property
    def version(self) -> str:
        """The name of the version."""
        return self.manifest.version


def build_version(
    plan: Plan,
    folder: Path,
    embedder: Embedder,
    chroma_url: str = "",
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Makes the version in an empty folder, whole and checked, and points nowhere."""
    catalog, previous = plan.catalog, plan.previous if not plan.anew else None
    matrices, num_reused = _embed(catalog.chunks, embedder, previous, progress)
    for kind, matrix in matrices.items():
        matrix.save(folder / FOLDER, kind)
    _fill_chroma(folder, catalog.chunks, matrices[PASSAGES], previous, chroma_url)
    KeywordIndex.build(
        [chunk.search_text for chunk in catalog.chunks],
        [[asked.text for asked in chunk.questions] for chunk in catalog.chunks],
    ).save(folder / _KEYWORD)
    _keep_gaps(folder, catalog, embedder, previous)
    write_catalog(folder, catalog)
    manifest = Manifest(
        version=folder.name, schema=SCHEMA, corpus=plan.fingerprint, chunker=CHUNKER, model=embedder.name,
        model_fingerprint=embedder.fingerprint, chromadb=package_version("chromadb"),
        num_documents=len(catalog.documents), num_chunks=len(catalog.chunks),
        built_at=datetime.now().astimezone().isoformat(timespec="seconds"), files=sizes_of(folder),
    )  # fmt: skip
    write_manifest(folder, manifest)
    return Report(plan, manifest, num_reused)


def build_index(corpus: Corpus, home: Path, embedder: Embedder, force: bool = False, chroma_url: str = "") -> Report:
    """Plans and builds a version of `corpus`, and points to it; the version in use where that is the same.

    Raises:
        IndexFault: there is nothing to build, another build runs, or too many documents would be lost; the version in
            use stays.
    """
    if not corpus.documents:
        raise IndexFault("Det er ingen dokumenter å bygge en indeks av.", "Legg .md-filer i corpus-mappen.")
    with build_lock(home):
        previous = read_previous(home)
        plan = plan_build(corpus, previous, NOTHING, embedder, force)
        if previous and not plan.anew and previous.manifest.corpus == plan.fingerprint:
            ensure_pointed(home, previous.manifest.version)
            return Report(plan, previous.manifest, previous.manifest.num_chunks)
        if not force:
            refuse_loss(plan)
        with begin_version(plan, home, chroma_url) as folder:
            report = build_version(plan, folder, embedder, chroma_url)
            point_to(home, folder.name)
        tidy_up(home, chroma_url)
    return report


@contextmanager
def begin_version(plan: Plan, home: Path, chroma_url: str = "") -> Iterator[Path]:
    """The empty folder for a version, gone again when what is done with it fails; `build_lock` must be held.

    What was cut off before goes first: it may be what fills the disk.
    """
    remove_leftovers(home)
    _drop_unknown(home, chroma_url)
    with new_version(home, plan.fingerprint) as folder:
        yield folder


def tidy_up(home: Path, chroma_url: str = "") -> None:
    """Removes the versions that are too old, here and on the server."""
    remove_old(home)
    with suppress(IndexFault):  # what a server keeps too long takes space, and the next build tries again
        _drop_unknown(home, chroma_url)


def _drop_unknown(home: Path, chroma_url: str) -> None:
    """Takes what is no version here off the server: it is too old, or a build was cut off."""
    if chroma_url:
        known = {manifest.version for manifest in list_versions(home)}
        drop_from_server(home, chroma_url, on_server(home, chroma_url) - known)


def _embed(
    chunks: Sequence[Chunk], embedder: Embedder, previous: Previous | None, progress: Callable[[int, int], None]
) -> tuple[dict[str, Matrix], int]:
    """The vectors of each kind, and for how many passages one was there already."""
    known: dict[str, Matrix] = {}
    if previous is not None and previous.catalog is not None:
        try:
            known = read_matrices(previous.folder)
        except (OSError, EOFError, ValueError):
            known = {}  # what can't be read is embedded again
    texts = texts_of(chunks)
    hashes = {kind: np.unique(hashes_of(own), return_index=True, return_inverse=True) for kind, own in texts.items()}
    places = {kind: known[kind].find(own) if known else np.full(len(own), -1) for kind, (own, _, _) in hashes.items()}
    total, done = sum(int((own < 0).sum()) for own in places.values()), 0
    matrices = {}
    for kind, (unique, first, inverse) in hashes.items():
        encode = embedder.encode_passages if kind == PASSAGES else embedder.encode_queries
        new = np.flatnonzero(places[kind] < 0)
        made = [encode([])]
        for start in range(0, len(new), _BATCH):
            batch = new[start : start + _BATCH]
            made.append(encode([texts[kind][place] for place in first[batch]]))
            done += len(batch)
            progress(done, total)
        vectors = known[kind].rows(places[kind]) if known else np.zeros((len(unique), made[-1].shape[-1]), np.float32)
        vectors[new] = np.concatenate(made[1:] or made)
        matrices[kind] = Matrix.build(vectors[inverse], unique[inverse])
    num_reused = int((places[PASSAGES][hashes[PASSAGES][2]] >= 0).sum())
    return matrices, num_reused


def _fill_chroma(
    folder: Path, chunks: Sequence[Chunk], passages: Matrix, previous: Previous | None, chroma_url: str
) -> None:
    """Puts the passages in Chroma: into a copy of what the version in use has, where most are the same."""
    ids = [chunk.chunk_id for chunk in chunks]
    now = dict(zip(ids, passages.hashes.tolist(), strict=True))
    before = {} if chroma_url else _in_chroma(previous)
    new = [place for place, own in enumerate(ids) if before.get(own) != now[own]]
    gone = [own for own, text in before.items() if now.get(own) != text]
    is_patched = bool(before) and len(new) + len(gone) <= _MAX_PATCHED * len(ids)
    if is_patched and previous is not None and copy_folder(previous.folder, folder):
        with suppress(IndexFault), closing(VectorStore(folder)) as store:
            if store.count() == len(before):
                store.remove(gone)
                store.add([ids[place] for place in new], passages.rows(new))
                looked_at = [*ids[:: max(1, len(ids) // _LOOKED_AT)], *(ids[place] for place in new[:_LOOKED_AT])]
                if store.count() == len(ids) and store.find_themselves(list(dict.fromkeys(looked_at))):
                    return
        remove_folder(folder)  # what was copied is broken or has lost something: all of it is put in anew
    with closing(VectorStore(folder, chroma_url, BUILD_S)) as store:
        store.fill(ids, passages.rows(np.arange(len(ids))))


def _in_chroma(previous: Previous | None) -> dict[str, int]:
    """Chunk id → hash of what Chroma has in the version in use; nothing where that can't be told."""
    if previous is None or previous.catalog is None:
        return {}
    try:
        hashes = read_matrices(previous.folder)[PASSAGES].hashes.tolist()
    except (OSError, EOFError, ValueError):
        return {}
    return dict(zip((chunk.chunk_id for chunk in previous.catalog.chunks), hashes, strict=False))


def _keep_gaps(folder: Path, catalog: Catalog, embedder: Embedder, previous: Previous | None) -> None:
    """The questions without an answer, as they were made where they are the same as before."""
    gaps = None
    if previous and previous.catalog and previous.catalog.gaps == catalog.gaps:
        with suppress(OSError, EOFError, ValueError, KeyError):  # what can't be read is made anew
            gaps = GapIndex.load(previous.folder / _GAPS)
    (gaps or GapIndex.build([gap.text for gap in catalog.gaps], embedder)).save(folder / _GAPS)
