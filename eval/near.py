"""The ways to find the passages nearest a question, beside comparing with every vector in full: time and recall."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.answer import Engine, understand_turns
from assistant.retrieve import NEAREST, rank, read_learned, read_signals
from index.dense import PASSAGES, ExactPassages, read_matrices
from index.load import Index
from index.matrix import Matrix, Vectors
from index.store import VectorStore

_KIND = "regel"  # what is filtered on: about a fifth of the guide, and less of it with a haystack around
_BATCH = 5_000  # records that Chroma is told of at once
Places = list[npt.NDArray[np.intp]]


def compare_passages(index: Index, texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds a query, and recall against all vectors compared in full: our sketch, and Chroma's graph."""
    queries = index.embedder.encode_queries(texts)
    sketched = read_matrices(index.folder)[PASSAGES]
    nothing = np.zeros((0, 0), np.float32)
    full = Matrix(np.asarray(sketched.vectors, np.float32), sketched.hashes, nothing, nothing)
    truth, figures = _timed("full", queries, lambda query: ExactPassages(full).search(query, NEAREST)[0].places)
    found, own = _timed("sketch", queries, lambda query: sketched.search(query, NEAREST)[0].places)
    figures |= own | recall("sketch", truth, found)
    positions, store = index.positions, index.store
    found, own = _timed("chroma", queries, lambda query: _places(store, positions, query))
    return figures | own | recall("chroma", truth, found)


def time_filters(engine: Engine, texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds a query with only one kind of document: ours is a mask on the scores, Chroma's its `where`."""
    index, weights = engine.index, read_learned().weights
    keep = index.of_class[_KIND].astype(np.bool_)
    signals = [read_signals(index, engine.embedder, understand_turns(engine, [text])) for text in texts[:50]]
    _, figures = _timed("rank", signals, lambda own: rank(index, own, weights))
    _, own = _timed("rank, filtered", signals, lambda own: rank(index, own, weights, keep=keep))
    collection = index.store._collection  # the program needs no metadata there, so the store has no way to write it
    chunks = index.catalog.chunks
    for first in range(0, len(chunks), _BATCH):
        batch = chunks[first : first + _BATCH]
        collection.update(ids=[c.chunk_id for c in batch], metadatas=[{"class": c.doc_class} for c in batch])
    queries = index.embedder.encode_queries(texts)
    where = {"where": {"class": _KIND}, "n_results": NEAREST, "include": ["distances"]}
    _, chroma = _timed("chroma, filtered", queries, lambda query: collection.query(query_embeddings=query, **where))
    return figures | own | chroma


def recall(name: str, truth: Places, found: Places) -> dict[str, float]:
    """The share of the truly nearest 10 and 60 that were found among as many."""
    return {
        f"{name} recall@{k}": float(np.mean([len(np.intersect1d(a[:k], b[:k])) / k for a, b in zip(truth, found, strict=True)]))
        for k in (10, NEAREST)
    }


def spread(name: str, times: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {f"{name} p{share}": float(np.percentile(times, share)) for share in (50, 95)}


def _timed(name, queries, search):
    """What each search found, and how long it took; each query by itself, as people ask."""
    search(_one(queries, 0))
    found, times = [], []
    for place in range(len(queries)):
        query = _one(queries, place)
        started = time.perf_counter()
        found.append(search(query))
        times.append((time.perf_counter() - started) * 1000)
    return found, spread(f"{name} ms", times)


def _one(queries, place):
    return queries[place : place + 1] if isinstance(queries, np.ndarray) else queries[place]


def _places(store, positions, query):
    return np.array([positions[i] for i in store.search(query, NEAREST)[0]], np.intp)
