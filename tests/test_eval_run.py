"""Runs: what is summed up over which questions, and that a file keeps it all."""

from pathlib import Path

import pytest

from assistant.types import Status
from eval.compare import MARGINS, compare, gate
from eval.questions import Question
from eval.report import write_report
from eval.run import Interval, Run, Score, interval, pair_gaps, read_run, summarise, write_run


def _question(name: str, language: str = "nb", status: str = "answered", pair: str = "") -> Question:
    facts = ("1",) if status == "answered" else ()
    return Question(name, ("Hva?",), "gründer", language, "plain", "fact", "test", status, facts, pair)


def _score(name: str, status: Status = Status.ANSWERED, **measures: float) -> Score:
    return Score(name, status.value, 0.9, ("guide/a#ingress",), "Svar. [1]", {"fallbacks": 0.0, **measures})


QUESTIONS = [
    _question("f1", pair="p"),
    _question("f2", "nn", pair="p"),
    _question("x1", status="no_evidence"),
    _question("x2", status="out_of_scope"),
]
RUN = Run(
    {"date": "2026-11-29T12:00:00", "split": "test"},
    (
        _score("f1", facts=1.0, **{"section success@5": 1.0, "section nDCG@10": 1.0}),
        _score("f2", Status.NO_EVIDENCE, facts=0.0, **{"section success@5": 0.0, "section nDCG@10": 0.5}),
        _score("x1", Status.NO_EVIDENCE),
        _score("x2", Status.PARTIAL),
    ),
)


def test_each_metric_is_a_mean_over_the_questions_it_applies_to() -> None:
    summary = summarise(RUN, QUESTIONS)
    assert (summary["facts"].value, summary["facts"].n) == (1 / 2, 2)
    assert (summary["section nDCG@10"].value, summary["fallbacks"].n) == (3 / 4, 4)


def test_refusals_count_what_must_be_refused_and_what_was() -> None:
    summary = summarise(RUN, QUESTIONS)
    assert (summary["refusal recall"].value, summary["refusal recall"].n) == (1 / 2, 2)
    assert (summary["refusal precision"].value, summary["refusal precision"].n) == (1 / 2, 2)


def test_nynorsk_gap_is_bokmal_minus_nynorsk_within_each_pair() -> None:
    assert pair_gaps(RUN, QUESTIONS, "section success@5") == [1.0]


def test_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    few, many = interval([0.0, 1.0] * 5), interval([0.0, 1.0] * 500)
    assert few.low < few.value == many.value == 1 / 2 < few.high
    assert many.high - many.low < (few.high - few.low) / 3


def test_run_file_keeps_every_score_and_the_conditions(tmp_path: Path) -> None:
    write_run(RUN, tmp_path / "runs" / "run.jsonl")
    assert read_run(tmp_path / "runs" / "run.jsonl") == RUN


def test_comparison_of_a_run_with_itself_finds_no_difference() -> None:
    for difference in compare(RUN, RUN):
        assert (difference.change.value, difference.p_value) == (0, 1)


def test_a_change_for_the_better_on_every_question_is_more_than_chance() -> None:
    before = Run({}, tuple(_score(f"f{i}", facts=i % 3 / 10) for i in range(30)))
    after = Run({}, tuple(_score(f"f{i}", facts=i % 3 / 10 + 0.5) for i in range(30)))
    (facts,) = (d for d in compare(before, after) if d.metric == "facts")
    assert facts.change.value == pytest.approx(0.5)
    assert facts.p_value < 0.001


def test_runs_without_a_common_question_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="no question in common"):
        compare(RUN, Run({}, (_score("other", facts=1.0),)))


def _summary(**changed: float) -> dict[str, Interval]:
    values = {**dict.fromkeys(MARGINS, 0.8), "fallbacks": 0.0, **changed}
    return {name: Interval(value, value, value, 10) for name, value in values.items()}


BASELINE = dict.fromkeys(MARGINS, 0.8)


def test_gate_is_open_within_the_margin_and_closed_beyond_it() -> None:
    assert gate(_summary(facts=0.8 - MARGINS["facts"]), BASELINE) == []
    (fault,) = gate(_summary(facts=0.8 - MARGINS["facts"] - 0.01), BASELINE)
    assert fault.startswith("facts: 0.770, baseline 0.800")


def test_a_citation_that_does_not_hold_closes_the_gate_however_few() -> None:
    (fault,) = gate(_summary(verified=0.799), BASELINE)
    assert fault.startswith("verified")


def test_a_metric_that_was_not_measured_closes_the_gate() -> None:
    summary = _summary()
    del summary["direct"]
    assert gate(summary, BASELINE) == ["direct: not measured, or not in the baseline"]


def test_an_answer_from_another_generator_than_asked_for_closes_the_gate() -> None:
    (fault,) = gate(_summary(fallbacks=0.01), BASELINE)
    assert "another generator" in fault


def test_report_holds_plots_and_the_worst_question_with_what_was_found_instead(tmp_path: Path) -> None:
    qrels = {"section": {"f1": {"guide/a#ingress": 2}, "f2": {"guide/<b>#x": 2}}, "document": {}}
    text = write_report(RUN, QUESTIONS, qrels, [RUN], tmp_path / "report.html").read_text(encoding="utf-8")
    assert text.count("<svg") == 7
    assert text.index("guide/&lt;b&gt;#x") < text.index("guide/a#ingress</td><td>guide/a#ingress")
    assert "@media print" in text
    assert "http://" not in text.replace("http://www.w3.org", "").replace("http://purl.org", "").replace(
        "http://creativecommons.org", ""
    )
