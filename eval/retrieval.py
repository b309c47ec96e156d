"""Questions → ranked sections and documents: the run that the retrieval metrics score."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answer import Engine, understand_turns
from assistant.retrieve import retrieve
from eval.metrics import mrr_at_k, ndcg_at_k, recall_at_k, success_at_k
from eval.questions import Qrels, Question
from index.types import Chunk

LEVELS = ("section", "document")
DEPTH = 60  # chunks retrieved per question; they collapse to fewer documents, and the metrics look at ten
_KEPT = 10  # ranks that a run file keeps


@dataclass(frozen=True)
class Ranking:
    """What one question found, best first, at both levels, and the milliseconds it took."""

    sections: tuple[str, ...]
    documents: tuple[str, ...]
    retrieve_ms: float


def rank(engine: Engine, question: Question) -> Ranking:
    """The sections and documents that the assistant finds for a question."""
    started = time.perf_counter()
    found = retrieve(engine.index, engine.embedder, understand_turns(engine, question.turns), DEPTH)
    return as_ranking([hit.chunk for hit in found.hits], (time.perf_counter() - started) * 1000)


def as_ranking(chunks: Sequence[Chunk], retrieve_ms: float) -> Ranking:
    """Chunks, best first, as sections and documents, each at the place of its best chunk."""
    return Ranking(
        tuple(dict.fromkeys(chunk.section_id for chunk in chunks))[:_KEPT],
        tuple(dict.fromkeys(chunk.doc_id for chunk in chunks))[:_KEPT],
        retrieve_ms,
    )


def score_ranking(question: Question, ranking: Ranking, qrels: Mapping[str, Qrels]) -> dict[str, float]:
    """Each retrieval metric of one question, by its name after the level; none of a level it isn't judged at."""
    measures = {"retrieve ms": ranking.retrieve_ms}
    for level, ranked in zip(LEVELS, (ranking.sections, ranking.documents), strict=True):
        grades = qrels[level].get(question.question_id)
        if grades is None:
            continue
        for k in (1, 5, 10):
            measures[f"{level} recall@{k}"] = recall_at_k(ranked, grades, k)
        measures[f"{level} success@5"] = success_at_k(ranked, grades, 5)
        measures[f"{level} MRR@10"] = mrr_at_k(ranked, grades, 10)
        measures[f"{level} nDCG@10"] = ndcg_at_k(ranked, grades, 10)
    return measures
