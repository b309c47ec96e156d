"""`python -m eval`: retrieval and answers on the evaluation questions: table, report, gate, comparison."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from threadpoolctl import threadpool_limits
from tqdm import tqdm

from assistant.config import read_config
from assistant.live import LiveEngine
from eval.compare import compare, differences_table, gate, read_baseline, write_baseline
from eval.questions import SPLITS, Question, check_judgements, read_all_qrels, read_questions
from eval.report import write_report
from eval.run import Interval, Run, conditions_of, has_tag, only, read_run, run_questions, summarise, write_run

RUNS = Path("var/eval")
COLUMNS = (
    "section recall@5", "section success@5", "section nDCG@10", "document success@5", "document nDCG@10",
    "facts", "direct", "decided", "words",
)  # fmt: skip
GROUPS = ("language", "role", "style", "type")


def main() -> int:
    """Measures one split and prints it by group; 1 where the gate is closed."""
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    parser.add_argument("--split", choices=(*SPLITS, "all"), default="test")
    parser.add_argument("--gate", action="store_true", help="exit 1 when a metric falls below eval/baseline.json")
    parser.add_argument("--report", action="store_true", help=f"write an HTML report with plots to {RUNS}")
    parser.add_argument("--peers", action="store_true", help="the same questions by plain programs, in one table")
    parser.add_argument("--worst", action="store_true", help="list the questions that missed something")
    parser.add_argument("--set-baseline", action="store_true", help="make this run the baseline")
    parser.add_argument("--compare", nargs=2, type=Path, metavar="RUN", help="two run files, before and after")
    options = parser.parse_args()
    threadpool_limits(1)  # as in serving: two threads on small vectors cost more than they give
    if options.compare:
        before, after = (read_run(path) for path in options.compare)
        print(differences_table(compare(before, after)))
        return 0
    engine = LiveEngine(read_config()).current()
    questions, qrels = read_questions(), read_all_qrels()
    check_judgements(questions, qrels, engine.index.catalog.chunks)
    chosen = [q for q in questions if options.split in ("all", q.split)]
    if options.peers:
        from eval.peers import run_peers  # torch, LlamaIndex and a model, for this alone

        print(run_peers(engine, chosen, qrels))
        return 0
    with tqdm(total=len(chosen), desc="Questions", disable=not sys.stderr.isatty()) as bar:
        conditions = conditions_of(engine.index.manifest, engine.generator, chosen, qrels, options.split)
        run = run_questions(engine, chosen, qrels, conditions, bar.update)
    path = RUNS / f"{run.conditions['date'].replace(':', '')}-{options.split}.jsonl"
    write_run(run, path)
    summary = summarise(run, chosen)
    print(", ".join(f"{name} {value}" for name, value in run.conditions.items()), "\n")
    print(summary_table(summary), "\n")
    print(group_table(run, chosen))
    if options.worst:
        print(worst(run, chosen))
    if options.report:
        history = [read_run(other) for other in sorted(RUNS.glob(f"*-{options.split}.jsonl"))]
        print(f"\n{write_report(run, chosen, qrels, history, path.with_suffix('.html'))}")
    if options.set_baseline:
        write_baseline(run, summary)
    if options.gate:
        faults = gate(summary, read_baseline())
        print("\n" + ("\n".join(faults) if faults else "Gate: open"))
        return int(bool(faults))
    return 0


def summary_table(summary: Mapping[str, Interval]) -> str:
    """Every metric of the run with its interval and the number of questions behind it."""
    lines = ["| metric | mean (95 %) | n |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {name} | {value} | {value.n} |" for name, value in summary.items())])


def group_table(run: Run, questions: Sequence[Question]) -> str:
    """The main metrics for all questions and by each tag."""
    groups: list[tuple[str, Callable[[Question], bool]]] = [("all", lambda _: True)]
    for field in GROUPS:
        values = dict.fromkeys(getattr(question, field) for question in questions if not question.must_refuse)
        groups += [(value, partial(has_tag, field, value)) for value in values]
    lines = [f"| questions | n | {' | '.join(COLUMNS)} |", f"|---|---|{'---|' * len(COLUMNS)}"]
    for name, belongs in groups:
        members = only(run, questions, belongs)
        found = summarise(members, questions, with_intervals=False)
        cells = [f"{found[column].value:.2f}" if column in found else "" for column in COLUMNS]
        lines.append(f"| {name} | {len(members.scores)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def worst(run: Run, questions: Sequence[Question]) -> str:
    """Every question with a missed section, a missed fact or a wrong refusal, and what was found instead."""
    asked = {question.question_id: question for question in questions}
    lines = [""]
    for score in run.scores:
        measures = score.measures
        if min(measures["decided"], measures.get("section success@5", 1), measures.get("facts", 1)) < 1:
            missed = " ".join(n for n in ("decided", "section success@5", "facts") if measures.get(n, 1) < 1)
            question = asked[score.question_id]
            lines.append(
                f"{score.question_id} {score.status} {score.known:.2f} missed: {missed} | {question.turns[-1]} | "
                f"{', '.join(score.sections[:3])}"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
