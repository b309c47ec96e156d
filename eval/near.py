"""The ways to find the passages nearest a question, beside comparing with every vector in full: time and recall."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from assistant.answer import Engine, understand_turns
from assistant.retrieve import NEAREST, rank, read_learned, read_signals
from index.dense import PASSAGES, read_matrices
from index.load import Index
from index.matrix import Matrix, Vectors

_KIND = "regel"  # what is filtered on: about a fifth of the guide, and less of it with a haystack around
_FILTERED = 50  # questions whose signals are held at once
_BATCH = 5_000  # records that Chroma is told of at once
Places = Sequence[npt.NDArray[np.intp]]
Asked = TypeVar("Asked")
Result = TypeVar("Result")


def compare_passages(index: Index, texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds a query, and recall against all vectors compared in full: our sketch, and Chroma's graph."""
    queries, matrix = index.embedder.encode_queries(texts), read_matrices(index.folder)[PASSAGES]
    truth, figures = compare_vectors(matrix, queries)
    found, own = _timed("chroma", _singly(queries), lambda query: _in_chroma(index, query))
    return figures | own | recall("chroma", truth, found)


def compare_vectors(matrix: Matrix, queries: Vectors) -> tuple[Places, dict[str, float]]:
    """The truly nearest, and how our sketch finds them."""
    nothing = np.zeros((0, 0), np.float32)
    full = Matrix(np.asarray(matrix.vectors, np.float32), matrix.hashes, nothing, nothing)
    singly = _singly(queries)
    truth, figures = _timed("full", singly, lambda query: full.search(query, NEAREST)[0].places)
    found, own = _timed("sketch", singly, lambda query: matrix.search(query, NEAREST)[0].places)
    return truth, figures | own | recall("sketch", truth, found)


def time_filters(engine: Engine, texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds to search, to rank, and with one kind of document alone: ours masks scores, Chroma has `where`."""
    index, weights = engine.index, read_learned().weights
    asked = [understand_turns(engine, [text]) for text in texts[:_FILTERED]]
    signals, figures = _timed("signals", asked, lambda query: read_signals(index, engine.embedder, query))
    keep = index.of_class[_KIND].astype(np.bool_)
    _, plain = _timed("rank", signals, lambda own: rank(index, own, weights))
    _, ours = _timed("rank, filtered", signals, lambda own: rank(index, own, weights, keep=keep))
    collection = index.store._collection  # the program needs no metadata there, so the store has no way to write it
    chunks = index.catalog.chunks
    for first in range(0, len(chunks), _BATCH):
        batch = chunks[first : first + _BATCH]
        collection.update(ids=[c.chunk_id for c in batch], metadatas=[{"class": c.doc_class} for c in batch])
    queries = index.embedder.encode_queries(texts)
    where = {"where": {"class": _KIND}, "n_results": NEAREST, "include": ["distances"]}
    _, chroma = _timed(
        "chroma, filtered", _singly(queries), lambda query: collection.query(query_embeddings=query, **where)
    )
    return figures | plain | ours | chroma


def recall(name: str, truth: Places, found: Places) -> dict[str, float]:
    """The share of the truly nearest 10 and 60 that were found among as many."""
    return {
        f"{name} recall@{k}": float(
            np.mean([len(np.intersect1d(a[:k], b[:k])) / k for a, b in zip(truth, found, strict=True)])
        )
        for k in (10, NEAREST)
    }


def spread(name: str, times: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {f"{name} p{share}": float(np.percentile(times, share)) for share in (50, 95)}


def _timed(
    name: str, queries: Sequence[Asked], search: Callable[[Asked], Result]
) -> tuple[list[Result], dict[str, float]]:
    """What each search found, and the processor's time for it; each query by itself, as people ask, and after a first.

    On a machine that does nothing else that is the time; where others work too, the clock would tell of them.
    """
    search(queries[0])
    found, times = [], []
    for query in queries:
        started = time.process_time()
        found.append(search(query))
        times.append((time.process_time() - started) * 1000)
    return found, spread(f"{name} ms", times)


def _in_chroma(index: Index, query: Vectors) -> npt.NDArray[np.intp]:
    return np.array([index.positions[own] for own in index.store.search(query, NEAREST)[0]], np.intp)


def _singly(queries: Vectors) -> list[Vectors]:
    return [queries[place : place + 1] for place in range(len(queries))]
