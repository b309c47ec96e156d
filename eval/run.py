"""One evaluation run: every question scored, under stated conditions, kept as a file and summed up by group."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answer import Engine
from assistant.generate import Generator
from assistant.retrieve import LEARNED
from assistant.types import Status
from eval.answers import score_answer
from eval.questions import Qrels, Question
from eval.retrieval import rank, score_ranking
from index.types import hash_text
from index.versions import Manifest

REFUSED = (Status.NO_EVIDENCE.value, Status.OUT_OF_SCOPE.value)
_LAYERS, _PROGRAM = ("index", "assistant", "eval"), (".py", ".yaml")
_RESAMPLES = 2_000
_SEED = 1


@dataclass(frozen=True)
class Score:
    """One question in a run: how it ended, what it found, and each metric that applies to it."""

    question_id: str
    status: str
    known: float
    sections: tuple[str, ...]
    text: str
    measures: dict[str, float]


@dataclass(frozen=True)
class Run:
    """Scores in the order of the questions, and what they were measured on."""

    conditions: dict[str, str]
    scores: tuple[Score, ...]


@dataclass(frozen=True)
class Interval:
    """A mean over `n` questions, with the 95 % bootstrap interval around it."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f}–{self.high:.2f})"


def run_questions(
    engine: Engine,
    questions: Sequence[Question],
    qrels: Mapping[str, Qrels],
    conditions: Mapping[str, str],
    progress: Callable[[], object],
) -> Run:
    """Asks every question, as retrieval and as a whole answer; an error rises, none is counted as a zero."""
    scores = []
    for question in questions:
        ranking = rank(engine, question)
        result, measures = score_answer(engine, question)
        if not question.must_refuse:
            measures |= score_ranking(question, ranking, qrels)
        known = result.receipt.known if result.receipt else 0.0
        scores.append(Score(question.question_id, result.status.value, known, ranking.sections, result.text, measures))
        progress()
    return Run(dict(conditions), tuple(scores))


def conditions_of(
    manifest: Manifest,
    generator: Generator | None,
    questions: Sequence[Question],
    qrels: Mapping[str, Qrels],
    split: str,
) -> dict[str, str]:
    """What a run of these questions, begun now, is measured on: the version, the program, the questions, and when."""
    return {
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "corpus": manifest.corpus,
        "embedding": f"{manifest.model}@{manifest.model_fingerprint}",
        "chunks": str(manifest.num_chunks),
        "generator": type(generator).__name__ if generator else "extractive",
        "program": _hash_program(),
        "split": split,
        "questions": str(len(questions)),
        "judged": hash_text(repr((questions, qrels))),
    }


def _hash_program() -> str:
    """Sixteen hex digits of all that decides an answer beside the version: our code, its texts, what was learned."""
    root = Path(__file__).parent.parent
    files = [path for layer in _LAYERS for path in (root / layer).rglob("*") if path.suffix in _PROGRAM]
    digest = hashlib.sha256()
    for path in (*sorted(files), LEARNED):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def write_run(run: Run, path: Path) -> None:
    """The conditions on the first line, then one score a line; a run that is there is replaced whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [run.conditions, *(asdict(score) for score in run.scores)]
    aside = path.with_name(f"{path.name}.new")
    aside.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    aside.replace(path)


def read_run(path: Path) -> Run:
    """The run that `write_run` wrote."""
    conditions, *rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return Run(conditions, tuple(Score(**{**row, "sections": tuple(row["sections"])}) for row in rows))


def summarise(run: Run, questions: Sequence[Question], with_intervals: bool = True) -> dict[str, Interval]:
    """Every metric of the run by name: means over the questions it applies to, and those that need the whole set."""
    by_name: dict[str, list[float]] = {}
    for score in run.scores:
        for name, value in score.measures.items():
            by_name.setdefault(name, []).append(value)
    must_refuse = {question.question_id: question.must_refuse for question in questions}
    by_name["refusal recall"] = [float(s.status in REFUSED) for s in run.scores if must_refuse[s.question_id]]
    by_name["refusal precision"] = [float(must_refuse[s.question_id]) for s in run.scores if s.status in REFUSED]
    by_name["nynorsk gap"] = pair_gaps(run, questions, "section success@5")
    summed = {name: interval(values, with_intervals) for name, values in by_name.items() if values}
    if lengths := by_name.get("words"):
        summed["words, median"] = interval(lengths, with_intervals, np.median)
    return summed


def pair_gaps(run: Run, questions: Sequence[Question], metric: str) -> list[float]:
    """Bokmål minus nynorsk for each pair of questions that ask for one fact in both."""
    measured = {score.question_id: score.measures.get(metric) for score in run.scores}
    pairs: dict[str, dict[str, float]] = {}
    for question in questions:
        value = measured.get(question.question_id)
        if question.pair and value is not None:
            pairs.setdefault(question.pair, {})[question.language] = value
    return [pair["nb"] - pair["nn"] for pair in pairs.values() if len(pair) == 2]


def interval(
    values: Sequence[float], resample: bool = True, statistic: Callable[..., np.floating[Any]] = np.mean
) -> Interval:
    """The mean, or another statistic, with its percentile bootstrap interval (Efron and Tibshirani 1993), by seed."""
    middle = float(statistic(values))
    if not resample or len(set(values)) < 2:
        return Interval(middle, middle, middle, len(values))
    from scipy.stats import bootstrap  # of the tests' extra: what serves has it not, and makes no interval

    found = bootstrap(
        (np.array(values),), statistic, n_resamples=_RESAMPLES, method="percentile", rng=np.random.default_rng(_SEED)
    ).confidence_interval
    return Interval(middle, float(found.low), float(found.high), len(values))


def has_tag(field: str, value: str, question: Question) -> bool:
    """Whether a question's tag of that name has the value."""
    return bool(getattr(question, field) == value)


def only(run: Run, questions: Sequence[Question], belongs: Callable[[Question], bool]) -> Run:
    """The run of some of its questions."""
    chosen = {question.question_id for question in questions if belongs(question)}
    return Run(run.conditions, tuple(score for score in run.scores if score.question_id in chosen))
