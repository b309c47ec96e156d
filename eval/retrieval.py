"""Questions → ranked documents: the run that the retrieval metrics score."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Engine
from assistant.retrieve import best_per_document, retrieve
from assistant.understand import understand
from eval.metrics import mrr_at_k, ndcg_at_k, recall_at_k, success_at_k
from eval.questions import Qrels, Question

DEPTH = 50  # chunks retrieved per question; they collapse to fewer documents, and the metrics look at ten


@dataclass(frozen=True)
class RetrievalScore:
    """How one question's documents were ranked."""

    question_id: str
    ranked: tuple[str, ...]
    best_score: float
    recall_at_5: float
    success_at_5: float
    mrr_at_10: float
    ndcg_at_10: float


def rank_documents(engine: Engine, turns: Sequence[str]) -> tuple[list[str], float]:
    """Document ids, best first, and the fused score of the best chunk."""
    hits = retrieve(engine.index, engine.embedder, understand(turns).text, DEPTH)
    documents = [hit.chunk.doc_id for hit in best_per_document(hits)]
    return documents, hits[0].score if hits else 0.0


def score_retrieval(engine: Engine, questions: Sequence[Question], qrels: Qrels) -> list[RetrievalScore]:
    """One score per question that the guide answers, in order."""
    scores = []
    for question in questions:
        if question.must_refuse:
            continue
        grades = qrels[question.question_id]
        ranked, best = rank_documents(engine, question.turns)
        scores.append(
            RetrievalScore(
                question.question_id,
                tuple(ranked[:10]),
                best,
                recall_at_k(ranked, grades, 5),
                success_at_k(ranked, grades, 5),
                mrr_at_k(ranked, grades, 10),
                ndcg_at_k(ranked, grades, 10),
            )
        )
    return scores
