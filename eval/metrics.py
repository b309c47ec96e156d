"""Retrieval metrics on ranked document ids; pure functions, floats in [0, 1]."""

from collections.abc import Mapping, Sequence
from math import log2


def recall_at_k(ranked: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """The share of the relevant documents among the first `k`. Source: as `R@k` in ir_measures."""
    return sum(doc_id in grades for doc_id in ranked[:k]) / len(grades)


def success_at_k(ranked: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """1 where any relevant document is among the first `k`, else 0. Source: as `Success@k` in ir_measures."""
    return float(any(doc_id in grades for doc_id in ranked[:k]))


def mrr_at_k(ranked: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """One over the rank of the first relevant document among `k`, else 0. Source: as `RR@k` in ir_measures."""
    return next((1 / rank for rank, doc_id in enumerate(ranked[:k], 1) if doc_id in grades), 0.0)


def ndcg_at_k(ranked: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """Gain by grade, discounted by log2(rank + 1), over the best possible order.

    Source: Järvelin and Kekäläinen 2002, with the grade itself as gain, as `nDCG@k` in ir_measures (trec_eval).
    """
    best = sorted(grades.values(), reverse=True)[:k]
    ideal = sum(gain / log2(rank + 1) for rank, gain in enumerate(best, 1))
    return sum(grades.get(doc_id, 0) / log2(rank + 1) for rank, doc_id in enumerate(ranked[:k], 1)) / ideal


def mean(values: Sequence[float]) -> float:
    """The mean. Raises: ValueError for no values: an empty set is a mistake, not a zero."""
    if not values:
        raise ValueError("no values to take the mean of")
    return sum(values) / len(values)
