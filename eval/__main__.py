"""`python -m eval`: retrieval and answers on the evaluation questions, as a table on the terminal."""

import argparse
import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from assistant.config import read_config
from assistant.live import LiveEngine
from eval.answers import AnswerScore, score_answers
from eval.metrics import mean
from eval.questions import Question, check_judgements, read_qrels, read_questions
from eval.retrieval import RetrievalScore, rank_documents, score_retrieval


def main() -> None:
    """Prints one row per group of questions; `--worst` lists what went wrong, `--run` keeps every score."""
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    parser.add_argument("--split", choices=("tuning", "test", "all"), default="all")
    parser.add_argument("--worst", action="store_true", help="list the questions that missed something")
    parser.add_argument("--calibrate", action="store_true", help="show refusals by threshold, on the tuning half")
    parser.add_argument("--run", type=Path, metavar="FILE", help="write every score as JSON Lines")
    options = parser.parse_args()
    engine = LiveEngine(read_config()).current()
    questions, qrels = read_questions(), read_qrels()
    check_judgements(questions, qrels, {document.doc_id for document in engine.index.catalog.documents})
    if options.calibrate:
        print(calibrate([q for q in questions if q.split == "tuning"], lambda q: rank_documents(engine, q.turns)[1]))
        return
    chosen = [q for q in questions if options.split in ("all", q.split)]
    retrieval, answers = score_retrieval(engine, chosen, qrels), score_answers(engine, chosen)
    print(f"Index {engine.index.manifest.version}, {engine.index.manifest.num_chunks} chunks, split: {options.split}\n")
    print(table(chosen, retrieval, answers))
    if options.worst:
        print(worst(chosen, retrieval, answers))
    if options.run:
        scores: list[RetrievalScore | AnswerScore] = [*retrieval, *answers]
        rows = [json.dumps(asdict(score), ensure_ascii=False) for score in scores]
        options.run.write_text("\n".join(rows) + "\n", encoding="utf-8")


def table(questions: Sequence[Question], retrieval: Sequence[RetrievalScore], answers: Sequence[AnswerScore]) -> str:
    """The scores as Markdown, for all questions and by language, role and style."""
    groups: list[tuple[str, Callable[[Question], bool]]] = [("all", lambda _: True)]
    for field in ("language", "role", "style", "split"):
        values = dict.fromkeys(getattr(question, field) for question in questions)
        groups += [(value, partial(_has, field, value)) for value in values]
    lines = [
        "| questions | n | recall@5 | success@5 | MRR@10 | nDCG@10 | facts | refusals | verified | words | ms |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    by_retrieval = {score.question_id: score for score in retrieval}
    by_answer = {score.question_id: score for score in answers}
    for name, belongs in groups:
        members = [question for question in questions if belongs(question)]
        found = [by_retrieval[q.question_id] for q in members if q.question_id in by_retrieval]
        said = [by_answer[q.question_id] for q in members]
        stated = [by_answer[q.question_id] for q in members if not q.must_refuse]
        if not found:
            continue
        cells = [
            f"{mean([s.recall_at_5 for s in found]):.2f}",
            f"{mean([s.success_at_5 for s in found]):.2f}",
            f"{mean([s.mrr_at_10 for s in found]):.2f}",
            f"{mean([s.ndcg_at_10 for s in found]):.2f}",
            f"{mean([s.facts for s in stated]):.2f}",
            f"{mean([float(s.refusal_right) for s in said]):.2f}",
            f"{mean([float(s.all_verified) for s in said]):.2f}",
            f"{statistics.median(s.num_words for s in stated):.0f}",
            f"{statistics.median(s.total_ms for s in said):.0f}",
        ]
        lines.append(f"| {name} | {len(members)} | {' | '.join(cells)} |")
    refusals = [by_answer[q.question_id] for q in questions if q.must_refuse]
    refused = [s for s in answers if s.status in ("no_evidence", "out_of_scope")]
    if refusals and refused:
        recall = mean([float(s.refusal_right) for s in refusals])
        precision = mean([float(s.refusal_right) for s in refused])
        lines.append(f"\nRefusals: {len(refusals)} questions, recall {recall:.2f}, precision {precision:.2f}")
    return "\n".join(lines)


def _has(field: str, value: str, question: Question) -> bool:
    return bool(getattr(question, field) == value)


def worst(questions: Sequence[Question], retrieval: Sequence[RetrievalScore], answers: Sequence[AnswerScore]) -> str:
    """Every question with a missed document, a missed fact or a wrong refusal, and what was found instead."""
    by_retrieval = {score.question_id: score for score in retrieval}
    lines = [""]
    for question, said in zip(questions, answers, strict=True):
        found = by_retrieval.get(question.question_id)
        if (found and found.success_at_5 < 1) or not said.refusal_right or (found and said.facts < 1):
            ranked = ", ".join(found.ranked[:3]) if found else ""
            score = f"{found.best_score:.2f}" if found else ""
            lines.append(
                f"{question.question_id} {said.status} facts {said.facts:.2f} {score} | {question.turns[-1]} | {ranked}"
            )
    return "\n".join(lines)


def calibrate(questions: Sequence[Question], best_score: Callable[[Question], float]) -> str:
    """Refusal precision and recall for each threshold on the fused score of the best chunk."""
    scores = [(best_score(question), question.must_refuse) for question in questions]
    lines = ["| threshold | refused | refusal recall | refusal precision |", "|---|---|---|---|"]
    for step in range(24, 61, 2):
        threshold = step / 100
        refused = [must_refuse for score, must_refuse in scores if score < threshold]
        recall = sum(refused) / max(1, sum(must_refuse for _, must_refuse in scores))
        lines.append(f"| {threshold:.2f} | {len(refused)} | {recall:.2f} | {sum(refused) / max(1, len(refused)):.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
