"""Query → scored chunks: cosine from Chroma, two BM25 scores, fused to one absolute score."""

from collections.abc import Sequence

import numpy as np

from assistant.types import Scored
from index.embed import Embedder
from index.load import Index

# The fused score: shares of the query that a chunk covers, plus meaning. Measured 2026-11-23: the weight of the
# cosine is flat from 0.3 to 0.5; the higher one helps English and everyday words, which have no shared term.
STEM_WEIGHT, GRAM_WEIGHT, COSINE_WEIGHT = 0.5, 0.5, 0.4
CANDIDATES = 50  # from each side, before fusion


def retrieve(index: Index, embedder: Embedder, query: str, limit: int = 20) -> list[Scored]:
    """The `limit` best chunks, best first; ties by chunk id, so that the order never changes between runs.

    The query is searched as typed and in the guide's own terms; a chunk keeps the better of its two scores.
    """
    best: dict[str, Scored] = {}
    for wording in dict.fromkeys((query, index.expander.rewrite(query))):
        for hit in _search(index, embedder, wording):
            known = best.get(hit.chunk.chunk_id)
            if known is None or hit.score > known.score:
                best[hit.chunk.chunk_id] = hit
    return sorted(best.values(), key=lambda s: (-s.score, s.chunk.chunk_id))[:limit]


def _search(index: Index, embedder: Embedder, query: str) -> list[Scored]:
    chunks = index.catalog.chunks
    vector = embedder.encode_queries([query])[0]
    by_stems, by_grams = index.keyword.score(query)
    keyword = STEM_WEIGHT * by_stems + GRAM_WEIGHT * by_grams
    cosines = index.store.search(vector, min(CANDIDATES, len(chunks)))
    likely = [chunks[i].chunk_id for i in np.argsort(-keyword, kind="stable")[:CANDIDATES]]
    cosines |= index.store.cosines(vector, [chunk_id for chunk_id in likely if chunk_id not in cosines])
    hits = []
    for chunk_id, cosine in cosines.items():
        i = index.positions[chunk_id]
        score = float(keyword[i]) + COSINE_WEIGHT * cosine
        hits.append(Scored(chunks[i], score, cosine, float(by_stems[i]), float(by_grams[i])))
    return hits


def best_per_document(scored: Sequence[Scored]) -> list[Scored]:
    """Each document's best chunk, in the same order."""
    seen: dict[str, Scored] = {}
    for hit in scored:
        seen.setdefault(hit.chunk.doc_id, hit)
    return list(seen.values())
