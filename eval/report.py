"""A run → one HTML file with plots, readable on a screen and on paper."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from io import StringIO
from pathlib import Path

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assistant.evidence import MAYBE_FROM
from eval.questions import Qrels, Question
from eval.run import Run, has_tag, only, summarise

GROUPS = ("language", "style", "type", "role")
_WORST = 40
Array = npt.NDArray[np.float64]
_BINS = 10
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a }
table { border-collapse: collapse; width: 100%; font-size: .85rem } caption { text-align: left; font-weight: 600 }
td, th { border-bottom: 1px solid #ccc; padding: .25rem .5rem; text-align: left; vertical-align: top }
td { overflow-wrap: anywhere }
table { margin: 1.5rem 0 }
figure { margin: 1.5rem 0; break-inside: avoid } svg { max-width: 100%; height: auto }
@media print { body { font-size: 10pt; max-width: none } tr { break-inside: avoid } }
"""


def write_report(
    run: Run, questions: Sequence[Question], qrels: Mapping[str, Qrels], history: Sequence[Run], path: Path
) -> Path:
    """Writes the report of `run`; `history` are all runs of the same split, oldest first."""
    summary = summarise(run, questions)
    rows = [(name, str(value), str(value.n)) for name, value in summary.items()]
    parts = [
        _table("Conditions", ("what", "value"), list(run.conditions.items())),
        _table("Metrics, mean with 95 % bootstrap interval", ("metric", "mean", "questions"), rows),
        *(as_figure(f"Section success@5 and facts by {field}", _by_tag(run, questions, field)) for field in GROUPS),
        as_figure("What the score of a refusal is worth: share answerable by score", _calibration(run, questions)),
        as_figure("Refusals by threshold", _thresholds(run, questions)),
        as_figure("Runs so far", _history(history)),
        _worst_table(run, questions, qrels["section"]),
    ]
    path.write_text(as_page(f"Evaluation {run.conditions['date']}, {run.conditions['split']}", parts), encoding="utf-8")
    return path


def as_page(title: str, parts: Sequence[str]) -> str:
    """A whole page of tables and figures."""
    body = "\n".join(parts)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>\n"
    )


def _by_tag(run: Run, questions: Sequence[Question], field: str) -> Callable[[Axes], None]:
    def draw(axes: Axes) -> None:
        values = sorted({getattr(q, field) for q in questions if not q.must_refuse})
        found = [summarise(only(run, questions, partial(has_tag, field, value)), questions) for value in values]
        for shift, metric in ((-0.2, "section success@5"), (0.2, "facts")):
            middle = np.array([f[metric].value for f in found])
            error = np.array([[f[metric].value - f[metric].low, f[metric].high - f[metric].value] for f in found])
            places = np.arange(len(values)) + shift
            axes.barh(places, middle, 0.36, xerr=error.T, label=metric, error_kw={"linewidth": 1})
        axes.set_yticks(range(len(values)), [f"{v} ({f['facts'].n})" for v, f in zip(values, found, strict=True)])
        axes.set_xlim(0, 1)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)

    return draw


def _calibration(run: Run, questions: Sequence[Question]) -> Callable[[Axes], None]:
    known, answerable = _known(run, questions)

    def draw(axes: Axes) -> None:
        bins = np.minimum((known * _BINS).astype(int), _BINS - 1)
        used = [b for b in range(_BINS) if (bins == b).any()]
        axes.plot([0, 1], [0, 1], color="#999", linewidth=1)
        axes.plot([known[bins == b].mean() for b in used], [answerable[bins == b].mean() for b in used], "o-")
        for b in used:
            place = (known[bins == b].mean(), answerable[bins == b].mean())
            axes.annotate(str((bins == b).sum()), place, xytext=(4, -10), textcoords="offset points")
        axes.set_xlabel("score")
        axes.set_ylabel("share that the guide answers")

    return draw


def _thresholds(run: Run, questions: Sequence[Question]) -> Callable[[Axes], None]:
    known, answerable = _known(run, questions)

    def draw(axes: Axes) -> None:
        thresholds = np.linspace(0, 1, 101)
        recall = [(known[answerable == 0] < t).mean() if (answerable == 0).any() else 0 for t in thresholds]
        precision = [(answerable[known < t] == 0).mean() if (known < t).any() else np.nan for t in thresholds]
        axes.plot(thresholds, recall, label="refusal recall")
        axes.plot(thresholds, precision, label="refusal precision")
        axes.axvline(MAYBE_FROM, color="#999", linewidth=1)
        axes.set_xlabel("threshold (the line is the one in use)")
        axes.legend()

    return draw


def _known(run: Run, questions: Sequence[Question]) -> tuple[Array, Array]:
    must_refuse = {q.question_id: q.must_refuse for q in questions}
    known = np.array([score.known for score in run.scores])
    return known, np.array([float(not must_refuse[score.question_id]) for score in run.scores])


def _history(history: Sequence[Run]) -> Callable[[Axes], None]:
    def draw(axes: Axes) -> None:
        for metric in ("section nDCG@10", "section success@5", "facts", "decided"):
            values = [np.mean([s.measures[metric] for s in run.scores if metric in s.measures]) for run in history]
            axes.plot(range(1, len(history) + 1), values, "o-", label=metric)
        axes.set_ylim(0, 1)
        axes.set_xlabel("run")
        axes.legend(loc="lower right")

    return draw


def _worst_table(run: Run, questions: Sequence[Question], qrels: Qrels) -> str:
    asked = {question.question_id: question for question in questions}
    judged = [score for score in run.scores if score.question_id in qrels]
    judged.sort(key=lambda s: (s.measures["section nDCG@10"], s.measures["facts"]))
    rows = [
        (
            score.question_id,
            " / ".join(asked[score.question_id].turns),
            ", ".join(qrels[score.question_id]),
            ", ".join(score.sections[:3]),
            f"{score.measures['section nDCG@10']:.2f}",
            score.status,
        )
        for score in judged[:_WORST]
    ]
    return _table("Worst questions", ("id", "question", "wanted", "found instead", "nDCG@10", "status"), rows)


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption><tr>{head}</tr>{body}</table>"


def as_figure(caption: str, draw: Callable[[Axes], None]) -> str:
    """A plot with its caption."""
    with mpl.rc_context({"svg.fonttype": "none", "font.family": "sans-serif", "axes.spines.top": False}):
        figure = Figure(figsize=(8, 3.2), layout="constrained")
        draw(figure.subplots())
        file = StringIO()
        figure.savefig(file, format="svg")
    svg = file.getvalue()
    return f"<figure><figcaption>{escape(caption)}</figcaption>{svg[svg.index('<svg') :]}</figure>"
