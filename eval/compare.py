"""Two runs of the same questions: which is better, by how much, and whether that is more than chance."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.run import Interval, Run, interval

BASELINE = Path(__file__).parent / "baseline.json"
# How far a metric may fall below the baseline: about one standard error of its mean on the test half. What must hold
# for every answer may not fall at all.
MARGINS = {
    "section recall@5": 0.02, "section nDCG@10": 0.02, "document nDCG@10": 0.02, "facts": 0.02, "decided": 0.02,
    "direct": 0.03, "complete": 0.06, "refusal recall": 0.06, "refusal precision": 0.06, "citation recall": 0.01,
    "citation precision": 0.0, "verified": 0.0,
}  # fmt: skip
# What must hold for every answer, whatever it was before.
PROMISES = tuple(metric for metric, margin in MARGINS.items() if not margin)
# What the reader of an answer meets: from one version of the guide to the next it may not fall by more than chance
# either. Ranking alone may: every new document pushes others a little down.
READ = ("facts", "direct", "complete", "decided")
# Of the paired test, for READ: seven questions worse and none better. Four metrics that move together are tested.
ALPHA = 0.02
_RESAMPLES = 5_000
_EXACT = 12  # questions that changed, up to which every sign is tried
_DIGITS = 4  # of a metric in the baseline


@dataclass(frozen=True)
class Difference:
    """One metric in two runs: the mean change with its interval, and the p-value of a paired permutation test."""

    metric: str
    before: float
    after: float
    change: Interval
    p_value: float


def compare(before: Run, after: Run, with_intervals: bool = True) -> list[Difference]:
    """Every metric that both runs have, over the questions that both have. Raises: ValueError when none is shared."""
    old = {score.question_id: score.measures for score in before.scores}
    new = {score.question_id: score.measures for score in after.scores}
    shared = [question_id for question_id in old if question_id in new]
    if not shared:
        raise ValueError("the two runs have no question in common")
    metrics = dict.fromkeys(name for question_id in shared for name in old[question_id])
    differences = []
    for metric in metrics:
        pairs = [(old[i][metric], new[i][metric]) for i in shared if metric in old[i] and metric in new[i]]
        if pairs:
            differences.append(_difference(metric, pairs, with_intervals))
    return differences


def _difference(metric: str, pairs: Sequence[tuple[float, float]], with_intervals: bool) -> Difference:
    left, right = (np.array(side) for side in zip(*pairs, strict=True))
    change = interval((right - left).tolist(), with_intervals)
    return Difference(metric, float(left.mean()), float(right.mean()), change, _sign_flip_p(right - left))


def _sign_flip_p(changes: npt.NDArray[np.float64]) -> float:
    """The two-sided p-value of a paired permutation test: how often signs drawn by lot give as large a sum.

    Exact for few changes, else by seed. Source: Fisher 1935; (b + 1) / (m + 1) of Phipson and Smyth 2010. Ours, since
    scipy is not there where the guide is served.
    """
    moved = changes[changes != 0]
    if len(moved) <= _EXACT:
        signs = (np.arange(2 ** len(moved))[:, None] >> np.arange(len(moved)) & 1) * 2 - 1
        return float(_is_as_large(signs @ moved, moved).mean())
    signs = np.random.default_rng(1).choice((-1, 1), (_RESAMPLES, len(moved)))
    return float((_is_as_large(signs @ moved, moved).sum() + 1) / (_RESAMPLES + 1))


def _is_as_large(sums: npt.NDArray[np.float64], moved: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = np.abs(sums) >= abs(moved.sum()) - 1e-9  # in another order of adding it is the same
    return found


def falls(differences: Sequence[Difference]) -> list[Difference]:
    """What is worse by more than its margin or, of what is read, by more than chance; the promises are not weighed."""
    return [
        d
        for d in differences
        if d.metric in MARGINS.keys() - PROMISES
        and (
            is_beyond_margin(d.metric, d.before, d.after)
            or (d.metric in READ and d.after < d.before and d.p_value < ALPHA)
        )
    ]


def is_beyond_margin(metric: str, before: float, after: float) -> bool:
    """Whether the metric fell by more than its margin."""
    return round(after, _DIGITS) < round(before - MARGINS[metric], _DIGITS)


def broken_promises(run: Run) -> dict[str, list[str]]:
    """Promise → the questions whose answer breaks it; empty when all hold."""
    broken = {metric: [s.question_id for s in run.scores if s.measures.get(metric, 1) < 1] for metric in PROMISES}
    return {metric: question_ids for metric, question_ids in broken.items() if question_ids}


def differences_table(differences: Sequence[Difference]) -> str:
    """The differences as Markdown."""
    lines = ["| metric | before | after | change (95 %) | p |", "|---|---|---|---|---|"]
    for d in differences:
        change = f"{d.change.value:+.3f} ({d.change.low:+.3f} to {d.change.high:+.3f})"
        lines.append(f"| {d.metric} | {d.before:.3f} | {d.after:.3f} | {change} | {d.p_value:.3f} |")
    return "\n".join(lines)


def gate(summary: Mapping[str, Interval], baseline: Mapping[str, float]) -> list[str]:
    """What fell more than its margin below the baseline, or is missing; empty when the gate is open."""
    faults = []
    for metric, margin in MARGINS.items():
        if metric not in summary or metric not in baseline:
            faults.append(f"{metric}: not measured, or not in the baseline")
        elif is_beyond_margin(metric, baseline[metric], summary[metric].value):
            faults.append(f"{metric}: {summary[metric].value:.3f}, baseline {baseline[metric]:.3f}, margin {margin}")
    if summary["fallbacks"].value:
        faults.append("fallbacks: an answer was made by another generator than the one asked for")
    return faults


def read_baseline(path: Path = BASELINE) -> dict[str, float]:
    """Metric → value that a change may not fall below."""
    baseline: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))["metrics"]
    return baseline


def write_baseline(run: Run, summary: Mapping[str, Interval], path: Path = BASELINE) -> None:
    """Makes this run what the next ones are held against."""
    metrics = {metric: round(summary[metric].value, _DIGITS) for metric in MARGINS if metric in summary}
    path.write_text(json.dumps({"conditions": run.conditions, "metrics": metrics}, indent=1) + "\n", encoding="utf-8")
