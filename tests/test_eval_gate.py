"""The gate of a build: a version that got worse is refused with the question named, and nothing else is."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from conftest import FILES

from assistant.build.gate import run_gate
from assistant.build.outcome import NAMES, Changed, Measured, Outcome, as_lines, read_outcome
from assistant.config import Config
from eval.compare import ALPHA, MARGINS, PROMISES, READ, compare, falls
from eval.gate import RUN, judge
from eval.questions import Question, missing_sections, read_all_qrels
from eval.run import Run, Score, read_run
from eval.weigh import SEEN, weigh
from index.build import build_index
from index.catalog import Catalog
from index.document import read_corpus
from index.embed import load_embedder
from index.types import IndexFault

CAPITAL, COUNTY = "guide/aksjekapital", "guide/tilskudd-fra-fylket"
# Question id → what is asked, what a right answer says, and the section that says it.
ASKED = {
    "f1": ("Hvor mye aksjekapital må vi ha?", "30 000", f"{CAPITAL}#ingress"),
    "f2": ("Når er fristen hos fylket?", r"1\. mars", f"{COUNTY}#ingress"),
    "f3": ("Hvor mye kan vi få i tilskudd fra fylkeskommunen?", "50 000", f"{COUNTY}#Hvor_mye_kan_vi_få?"),
}
# Of the extra `test`, which is not there where the guide is served.
TESTS_ONLY = ("scipy", "sklearn", "ir_measures", "matplotlib", "torch", "threadpoolctl", "pytest")


def _row(name, turn, status, facts):
    return {
        "id": name, "turns": [turn], "role": "gründer", "language": "nb", "style": "plain", "type": "fact",
        "split": "test", "status": status, "facts": facts, "pair": "",
    }  # fmt: skip


@pytest.fixture
def data(tmp_path, write):
    """Three questions that the tiny guide answers, and one that it must refuse."""
    rows = [_row(name, turn, "answered", [fact]) for name, (turn, fact, _) in ASKED.items()]
    rows.append(_row("x1", "Hvordan blir været i Oslo i morgen?", "out_of_scope", []))
    folder = tmp_path / "data"
    write(folder / "questions.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    judged = {name: section for name, (_, _, section) in ASKED.items()}
    write(folder / "qrels.txt", "".join(f"{n} 0 {s.partition('#')[0]} 2\n" for n, s in judged.items()))
    write(folder / "qrels-sections.txt", "".join(f"{n} 0 {s} 2\n" for n, s in judged.items()))
    return folder


@pytest.fixture
def build(corpus_dir, index_home, embedder):
    """Builds the corpus with texts of a document replaced, and gives the version."""

    def run(document="", *changes, force=False):
        for old, new in changes:
            path = corpus_dir / f"{document}.md"
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new), encoding="utf-8")
        return build_index(read_corpus(corpus_dir), index_home, embedder, force).version

    return run


@pytest.fixture
def gate(index_home, embedder, data):
    """The outcome of a version against another."""

    def run(version, against=""):
        outcome = judge(index_home, embedder, version, against, data, lambda done, total: None)
        assert read_outcome(json.loads(json.dumps(outcome.as_json()))) == outcome
        return outcome

    return run


def test_a_version_that_got_worse_is_refused_with_the_question_named(build, gate):
    old = build()
    outcome = gate(build(CAPITAL, ("30 000", "25 000")), old)
    assert not outcome.is_open
    (worse,) = outcome.worse
    assert (worse.question_id, worse.text, worse.measures["facts"]) == ("f1", ASKED["f1"][0], (1, 0))
    assert (worse.section_before, worse.unsaid) == (ASKED["f1"][2], ("30 000",))
    assert any("«fakta som er med i svaret» falt fra 100 % til 66,7 % av 3 spørsmål" in why for why in outcome.reasons)
    said = "\n".join(as_lines(outcome))
    assert "Målesettet: 4 spørsmål. Bedre: 0, dårligere: 1, ellers likt." in said
    assert "Guiden sier ikke lenger «30 000»" in said
    assert "Versjonen består ikke målingen:" in said


def test_a_version_that_got_better_passes(build, gate):
    old = build(CAPITAL, ("30 000", "25 000"))
    outcome = gate(build(CAPITAL, ("25 000", "30 000")), old)
    assert outcome.is_open
    assert [question.question_id for question in outcome.better] == ["f1"]
    assert as_lines(outcome)[-1] == "Versjonen består målingen."


def test_a_version_that_answers_alike_passes_and_says_so(build, gate):
    old = build()
    outcome = gate(build("historier/kafe-over-asen", ("Kafé Over Åsen ansetter", "Kaféen ansetter")), old)
    assert (outcome.is_open, outcome.worse, outcome.better) == (True, (), ())
    assert as_lines(outcome)[0] == "Målesettet: 4 spørsmål. Alt er likt."


def test_an_answer_in_other_words_that_no_question_measures_is_named(build, gate):
    old = build()
    outcome = gate(build(COUNTY, ("inntil 50 000 kroner.", "inntil 50 000 kroner i 2026.")), old)
    assert "f3" in outcome.reworded
    assert any(line.startswith("Svaret har fått andre ord, men måles likt, på") for line in as_lines(outcome))


def test_the_first_version_is_held_against_nothing(build, gate):
    outcome = gate(build())
    assert outcome.is_open
    assert {m.before for m in outcome.metrics} == {None}
    assert {m.metric: m.after for m in outcome.metrics}["facts"] == 1
    assert "Det er ingen tidligere versjon å sammenligne med." in outcome.notes


def test_an_older_version_that_cannot_be_opened_is_told_of_and_not_held_against(build, gate, index_home):
    old = build()
    new = build(CAPITAL, ("30 000", "25 000"))
    manifest = index_home / old / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"schema": ', '"schema": 9'), encoding="utf-8")
    outcome = gate(new, old)
    assert (outcome.is_open, outcome.against) == (True, "")
    assert f"Versjonen {old} kan ikke måles" in outcome.notes[0]


def test_a_renamed_heading_leaves_its_question_out_of_the_search_measures_only(build, gate):
    old = build()
    outcome = gate(build(COUNTY, ("## Hvor mye kan vi få?", "## Hvor mye kan vi få i tilskudd?")), old)
    assert outcome.is_open
    assert outcome.missing == {COUNTY: ("Hvor_mye_kan_vi_få?",)}
    counts = {m.metric: m.n for m in outcome.metrics}
    assert (counts["section success@5"], counts["document nDCG@10"], counts["facts"]) == (2, 3, 3)
    assert f"  {COUNTY}: Hvor mye kan vi få?" in as_lines(outcome)


def test_what_a_guide_no_longer_answers_is_not_asked_nor_when_most_is_gone_what_it_must_refuse(build, gate, corpus_dir):
    old = build()
    (corpus_dir / f"{COUNTY}.md").unlink()
    text = (corpus_dir / f"{CAPITAL}.md").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if "tilskudd-fra-fylket" not in line]
    (corpus_dir / f"{CAPITAL}.md").write_text("\n".join(kept) + "\n", encoding="utf-8")
    outcome = gate(build(force=True), old)
    assert outcome.is_open
    assert (outcome.left_out, outcome.num_questions) == (("f2", "f3", "x1"), 1)
    assert any(line.startswith("3 spørsmål er ikke stilt") for line in as_lines(outcome))


def test_a_guide_that_no_question_is_about_passes_unmeasured(build, gate, corpus_dir):
    for name in FILES:
        if name.startswith(("guide/", "sporsmal/")):
            (corpus_dir / name).unlink()
    outcome = gate(build(force=True))
    assert (outcome.is_open, outcome.num_questions) == (True, 0)
    assert as_lines(outcome)[1:] == [
        "Målesettet sier ingenting om denne guiden, så versjonen er ikke målt.",
        "Versjonen består målingen.",
    ]


def test_a_kept_run_is_used_again_only_under_the_conditions_it_was_made_under(build, gate, index_home, data):
    version = build()
    gate(version)
    path = index_home / version / RUN
    whole = path.read_text(encoding="utf-8")
    conditions, *rows = whole.splitlines()
    forged = [row.replace('"facts": 1.0', '"facts": 0.5') for row in rows]
    assert forged != rows

    def facts_with(**changed):
        path.write_text("\n".join([json.dumps({**json.loads(conditions), **changed}), *forged]), encoding="utf-8")
        return {m.metric: m.after for m in gate(version).metrics}["facts"]

    assert facts_with() == 1 / 2
    for changed in ({"program": "other"}, {"judged": "other"}, {"corpus": "other"}, {"date": "2026-01-01T12:00:00"}):
        assert facts_with(**changed) == 1
        assert read_run(path).conditions["program"] != "other"
    path.write_text(whole[: len(whole) // 2], encoding="utf-8")  # as a disk that filled up leaves it
    assert {m.metric: m.after for m in gate(version).metrics}["facts"] == 1


def test_an_unreadable_question_is_a_fault_that_names_the_line(build, gate, data, write):
    version = build()
    write(data / "questions.jsonl", "{}\n")
    with pytest.raises(IndexFault, match=r"questions\.jsonl line 1"):
        gate(version)


def _score(name, **measures):
    return Score(name, "answered", 0.9, ("guide/a#ingress",), "Svar.", measures)


def _runs(metric, worse, better=0, same=600):
    changes = [(1.0, 0.0)] * worse + [(0.0, 1.0)] * better + [(1.0, 1.0)] * same
    return (
        Run({}, tuple(_score(f"f{i}", **{metric: pair[side]}) for i, pair in enumerate(changes))) for side in (0, 1)
    )


def test_what_is_read_may_fall_by_chance_and_no_more():
    assert 2 / 2**7 < ALPHA < 2 / 2**6  # all signs alike, either way
    for metric in READ:
        assert falls(compare(*_runs(metric, worse=6), with_intervals=False)) == []
        (fall,) = falls(compare(*_runs(metric, worse=7), with_intervals=False))
        assert (fall.metric, fall.p_value) == (metric, 2 / 2**7)
    assert falls(compare(*_runs("facts", worse=20, better=12), with_intervals=False)) == []


def test_ranking_may_fall_within_its_margin_but_not_beyond():
    metric = "section recall@5"
    inside, beyond = int(MARGINS[metric] * 600), int(MARGINS[metric] * 600) + 2
    assert falls(compare(*_runs(metric, inside, same=600 - inside), with_intervals=False)) == []
    assert falls(compare(*_runs(metric, beyond, same=600 - beyond), with_intervals=False)) != []


def test_a_broken_promise_closes_the_first_version_too():
    asked = [Question(f"f{i}", ("Hva?",), "", "nb", "", "fact", "test", "answered", ("1",)) for i in range(10_000)]
    for promise in PROMISES:
        run = Run({}, (*(_score(f"f{i}", **{promise: 1.0}) for i in range(9_999)), _score("f9999", **{promise: 0.99})))
        outcome = weigh("B", "", None, run, asked, {"section": {}, "document": {}}, Catalog((), (), {}, (), ()), [])
        (reason,) = outcome.reasons
        assert NAMES[promise] in reason
        assert "f9999" in reason


def test_the_weightiest_measure_that_moved_says_whether_a_question_went_better():
    assert SEEN.index("facts") < SEEN.index("direct")
    assert set(SEEN) | set(MARGINS) - {"refusal recall", "refusal precision"} == set(NAMES)


def test_judged_sections_are_missing_by_document(data):
    assert missing_sections(read_all_qrels(data), []) == {
        CAPITAL: ("ingress",),
        COUNTY: ("Hvor_mye_kan_vi_få?", "ingress"),
    }


def test_lines_show_the_worse_first_and_at_most_twenty_of_a_kind():
    changed = [Changed(f"f{i}", "Hva?", {"facts": (1.0, 0.5)}, "a#x", "b#y", ()) for i in range(23)]
    metrics = (Measured("facts", 0.8, 0.75, 40, 0.01), Measured("decided", 1.0, 1.0, 40, 1.0))
    outcome = Outcome(
        "B", "A", True, (), (), 40, metrics, tuple(changed), (replace(changed[0], question_id="g"),), (), (), {}
    )
    lines = as_lines(outcome)
    assert lines.index("Dårligere:") < lines.index("  … og 3 til") < lines.index("Bedre:")
    assert sum(line.startswith("      første avsnitt: a#x → b#y") for line in lines) == 21
    assert next(line.split()[-5:] for line in lines if NAMES["facts"] in line) == ["80", "%", "75", "%", "40"]
    assert not any(NAMES["decided"] in line for line in lines)


@pytest.fixture
def served(corpus_dir, tmp_path):
    """The home of a version built with the shipped model, as another process can open it, and the version."""
    home = tmp_path / "served"
    return home, build_index(read_corpus(corpus_dir), home, load_embedder()).version


def test_the_gate_runs_without_what_only_tests_have(served, data):
    home, version = served
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({TESTS_ONLY}))\n"
        f"from eval.gate import main; sys.argv[1:] = ['--version', {version!r}, '--against', {version!r}, "
        f"'--data', {str(data)!r}, '--json']; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "ABC_INDEX": str(home)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    *progress, outcome = map(json.loads, done.stdout.splitlines())
    assert progress[-1] == {"done": 8, "total": 8}
    assert read_outcome(outcome).num_questions == 4
    assert (home / version / RUN).is_file()


def test_a_build_runs_the_gate_in_a_process_of_its_own_and_hears_how_far_it_is(served):
    home, version = served
    heard = []
    outcome = run_gate(Config(index=home), version, "", lambda done, total: heard.append((done, total)))
    assert (outcome.version, outcome.is_open) == (version, True)
    assert heard[-1][0] == heard[-1][1] > 0


def test_a_version_that_is_not_there_is_a_fault_with_what_to_do(index_home):
    with pytest.raises(IndexFault, match="Versjonen 000009-00000000 kan ikke måles") as fault:
        run_gate(Config(index=index_home), "000009-00000000", "", lambda done, total: None)
    assert "abc index build" in fault.value.remedy


@pytest.mark.parametrize(
    ("last_words", "said"), [("echo MemoryError >&2; exit 1", "stoppet: MemoryError"), ("kill -9 $$", "kode -9")]
)
def test_a_gate_that_dies_is_a_fault_and_no_outcome(tmp_path, write, monkeypatch, last_words, said):
    python = write(tmp_path / "python", f'#!/bin/sh\necho \'{{"done": 1, "total": 9}}\'\n{last_words}\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    heard = []
    with pytest.raises(IndexFault, match=said) as fault:
        run_gate(Config(index=tmp_path), "B", "A", lambda done, total: heard.append(done))
    assert heard == [1]
    assert "--no-gate" in fault.value.remedy
