"""Metrics by hand, and once against the library that defines them."""

import random
from math import log2

import ir_measures
import pytest
from ir_measures import RR, R, Success, nDCG

from eval.metrics import mean, mrr_at_k, ndcg_at_k, recall_at_k, success_at_k

RANKED = ["a", "b", "c", "d"]


def test_recall_counts_the_relevant_documents_among_the_first_k() -> None:
    assert recall_at_k(RANKED, {"b": 2, "d": 1, "x": 1}, 3) == 1 / 3
    assert recall_at_k(RANKED, {"b": 2, "d": 1, "x": 1}, 4) == 2 / 3


def test_reciprocal_rank_looks_at_the_first_relevant_document_only() -> None:
    assert mrr_at_k(RANKED, {"c": 1, "d": 2}, 10) == 1 / 3
    assert mrr_at_k(RANKED, {"c": 1}, 2) == 0


def test_gain_is_discounted_by_rank_and_divided_by_the_best_order() -> None:
    gained = 1 / log2(2) + 2 / log2(3)
    best = 2 / log2(2) + 1 / log2(3)
    assert ndcg_at_k(["one", "two"], {"one": 1, "two": 2}, 10) == pytest.approx(gained / best)


def test_mean_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        mean([])


def test_metrics_equal_those_of_ir_measures() -> None:
    chance = random.Random(3)
    documents = [f"d{i}" for i in range(30)]
    for number in range(20):
        grades = {doc_id: chance.choice((1, 2)) for doc_id in chance.sample(documents, 4)}
        ranked = chance.sample(documents, 20)
        qrels = [ir_measures.Qrel(str(number), doc_id, grade) for doc_id, grade in grades.items()]
        run = [ir_measures.ScoredDoc(str(number), doc_id, -float(rank)) for rank, doc_id in enumerate(ranked)]
        theirs = ir_measures.calc_aggregate([nDCG @ 10, R @ 5, Success @ 5, RR @ 10], qrels, run)
        assert ndcg_at_k(ranked, grades, 10) == pytest.approx(theirs[nDCG @ 10])
        assert recall_at_k(ranked, grades, 5) == pytest.approx(theirs[R @ 5])
        assert success_at_k(ranked, grades, 5) == pytest.approx(theirs[Success @ 5])
        assert mrr_at_k(ranked, grades, 10) == pytest.approx(theirs[RR @ 10])
