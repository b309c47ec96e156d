"""Terms of texts → BM25 scores by term, in a few operations on arrays: what bm25s does text by text."""

from collections.abc import Sequence
from itertools import chain

import bm25s
import numpy as np
import numpy.typing as npt

# Measured 2026-11-23 on NorQuAD and on questions about regulations: flat around the usual values.
_K1, _B = 1.2, 0.75


def build_bm25(texts: Sequence[Sequence[str]]) -> tuple[bm25s.BM25, npt.NDArray[np.int32]]:
    """The index of texts given as terms, and in how many of them each term of its vocabulary stands.

    Source: bm25s' `method="lucene"` (Lù 2024), idf times tf / (tf + k1 (1 - b + b length / mean length)); 0.3 s for
    71 000 questions, where its own loop takes 1.4 (2026-11-29).
    """
    vocabulary: dict[str, int] = {}
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    flat = (vocabulary.setdefault(term, len(vocabulary)) for term in chain.from_iterable(texts))
    terms = np.fromiter(flat, np.int64, int(lengths.sum()))
    owners = np.repeat(np.arange(len(texts)), lengths)
    # Sorted by term, then by text; equal ones are one posting.
    postings, counts = np.unique(terms * len(texts) + owners, return_counts=True)
    of_term, of_text = np.divmod(postings, max(1, len(texts)))
    frequencies = np.bincount(of_term, minlength=len(vocabulary))
    idf = np.log1p((len(texts) - frequencies + 0.5) / (frequencies + 0.5))
    damping = _K1 * (1 - _B + _B * lengths / (lengths.mean() or 1))
    index = bm25s.BM25(k1=_K1, b=_B, method="lucene")
    index.scores = {
        "data": (idf[of_term] * counts / (counts + damping[of_text])).astype(np.float32),
        "indices": of_text.astype(np.int32),
        "indptr": np.concatenate([[0], np.cumsum(frequencies)]).astype(np.int32),
        "num_docs": len(texts),
    }
    index.vocab_dict = vocabulary
    index.unique_token_ids_set = set(vocabulary.values())
    return index, frequencies.astype(np.int32)
