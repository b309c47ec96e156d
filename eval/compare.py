"""Two runs of the same questions: which is better, by how much, and whether that is more than chance."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import permutation_test

from eval.run import Interval, Run, interval

BASELINE = Path(__file__).parent / "baseline.json"
# How far a metric may fall below the baseline: about one standard error of its mean on the test half. What must hold
# for every answer may not fall at all.
MARGINS = {
    "section recall@5": 0.02, "section nDCG@10": 0.02, "document nDCG@10": 0.02, "facts": 0.02, "decided": 0.02,
    "direct": 0.03, "complete": 0.06, "refusal recall": 0.06, "refusal precision": 0.06, "citation recall": 0.01,
    "citation precision": 0.0, "verified": 0.0,
}  # fmt: skip
_RESAMPLES = 5_000
_DIGITS = 4  # of a metric in the baseline


@dataclass(frozen=True)
class Difference:
    """One metric in two runs: the mean change with its interval, and the p-value of a paired permutation test."""

    metric: str
    before: float
    after: float
    change: Interval
    p_value: float


def compare(before: Run, after: Run) -> list[Difference]:
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
            differences.append(_difference(metric, pairs))
    return differences


def _difference(metric: str, pairs: Sequence[tuple[float, float]]) -> Difference:
    left, right = (np.array(side) for side in zip(*pairs, strict=True))
    p_value = 1.0
    if len(pairs) > 1 and (left != right).any():
        p_value = permutation_test(
            (right, left), _mean_difference, permutation_type="samples", vectorized=True,
            n_resamples=_RESAMPLES, rng=np.random.default_rng(1),
        ).pvalue  # fmt: skip
    return Difference(
        metric, float(left.mean()), float(right.mean()), interval((right - left).tolist()), float(p_value)
    )


def _mean_difference(
    right: np.typing.NDArray[np.float64], left: np.typing.NDArray[np.float64], axis: int
) -> np.typing.NDArray[np.float64]:
    difference: np.typing.NDArray[np.float64] = np.mean(right - left, axis=axis)
    return difference


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
        elif round(summary[metric].value, _DIGITS) < round(baseline[metric] - margin, _DIGITS):
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
