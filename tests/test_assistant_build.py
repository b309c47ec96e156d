"""A build by steps: what is not changed is not done again, and the end is the same as from scratch."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.build import run
from assistant.build.outcome import Outcome
from assistant.build.run import Wanted, rebuild
from assistant.build.words import plan_lines
from assistant.cli import main
from assistant.config import Config
from index import plan as steps
from index.dense import PASSAGES, QUESTIONS, read_matrices
from index.frontmatter import CorpusError, Problem
from index.load import Index, open_index, probe
from index.plan import Plan, Why
from index.types import IndexFault
from index.versions import build_lock, list_versions, read_pointer

GUIDE, ASKED = "guide/aksjekapital.md", "sporsmal/guide/aksjekapital.md"


class Told:
    """Remembers what was told of a build."""

    def __init__(self) -> None:
        self.plans: list[Plan] = []
        self.warnings: list[Problem] = []
        self.outcomes: list[Outcome] = []

    def planned(self, plan: Plan, warnings: list[Problem]) -> None:
        self.plans.append(plan)
        self.warnings = warnings

    def measured(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    @contextmanager
    def progress(self, what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
        yield lambda done, total: None


@pytest.fixture
def config(corpus_dir: Path, index_home: Path, embedder, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setattr(run, "load_embedder", lambda model: embedder)
    return Config(corpus=corpus_dir, index=index_home)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def build(config: Config, told: Told):
    """Builds the corpus as it is now, without the gate unless it is wanted."""
    return lambda **wanted: rebuild(config, Wanted(**{"no_gate": True, **wanted}), told)


def edit(folder: Path, old: str, new: str, file: str = GUIDE) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def held(index: Index) -> dict[str, object]:
    """All that a version answers from, as values that can be compared."""
    query = "Hvor mye penger må vi ha?"
    matrices = read_matrices(index.folder)
    return {
        "catalog": index.catalog.documents,
        "chunks": index.catalog.chunks,
        "registers": (index.catalog.sources, index.catalog.terms, index.catalog.gaps),
        "vectors": [np.asarray(matrices[kind].vectors).tolist() for kind in (PASSAGES, QUESTIONS)],
        "keywords": index.keyword.score(query).fields.tolist(),
        "gaps": index.gaps.likeness([query], index.embedder.encode_queries([query])[0]).tolist(),
        "chroma": index.store.count(),
    }


EDITS = {
    "a sentence": lambda folder: edit(folder, "Pengene kan brukes", "Pengene kan ikke brukes"),
    "a title": lambda folder: edit(folder, "tittel: Aksjekapital", "tittel: Penger i selskapet"),
    "an amount on a card": lambda folder: edit(folder, "200 000", "250 000", "ordninger/etableringsfondet.md"),
    "the period of a source": lambda folder: edit(folder, "gjelder: 2026\n", "gjelder: 2025..2026\n", "kilder.yaml"),
    "a term": lambda folder: edit(folder, "startkapital", "startpenger", "begreper.yaml"),
    "a question": lambda folder: write_asked(folder, "## ingress\n- Hva må vi legge på bordet?\n"),
    "a question without an answer": lambda folder: write_asked(folder, "## svarer ikke\n- Hva tar banken?\n"),
    "a document gone": lambda folder: (folder / "guide" / "tilskot-fra-kommunen.md").unlink(),
}


def write_asked(folder: Path, text: str) -> None:
    (folder / ASKED).parent.mkdir(parents=True, exist_ok=True)
    (folder / ASKED).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("change", EDITS.values(), ids=EDITS)
def test_a_version_built_from_what_changed_is_the_one_built_from_scratch(
    build, config, embedder, tmp_path, change
) -> None:
    build()
    change(config.corpus)
    outcome = build()
    scratch = replace(config, index=tmp_path / "scratch")
    rebuild(scratch, Wanted(no_gate=True), Told())
    ours, whole = open_index(config.index, embedder), open_index(scratch.index, embedder)
    assert outcome.is_new
    assert held(ours) == held(whole)
    assert probe(ours)
    for index in (ours, whole):
        index.store.close()


def test_only_what_is_changed_is_read_and_split_again(build, config, told, monkeypatch) -> None:
    build()
    split: list[str] = []
    whole = steps._split
    monkeypatch.setattr(steps, "_split", lambda document: split.append(document.doc_id) or whole(document))
    edit(config.corpus, "Pengene kan brukes", "Pengene kan ikke brukes")
    outcome = build()
    assert split == ["guide/aksjekapital"]
    assert told.plans[-1].changed == {"guide/aksjekapital": (Why.TEXT,)}
    assert outcome.num_reused == outcome.num_chunks - 1


def test_each_document_says_why_it_is_made_anew(build, config, told) -> None:
    build()
    edit(config.corpus, "Pengene kan brukes", "Pengene kan ikke brukes")
    EDITS["the period of a source"](config.corpus)
    write_asked(config.corpus, "## ingress\n- Hva må vi legge på bordet?\n")
    build()
    changed = told.plans[-1].changed
    assert changed.pop("guide/aksjekapital") == (Why.TEXT,)
    assert changed
    assert set(changed.values()) == {(Why.SOURCES,)}
    write_asked(config.corpus, "## ingress\n- Hva må vi legge i kassa?\n")
    build()
    assert told.plans[-1].changed == {"guide/aksjekapital": (Why.QUESTIONS,)}
    assert "  guide/aksjekapital: spørsmålene er endret" in list(plan_lines(told.plans[-1]))


def test_nothing_is_built_where_nothing_is_changed(build, config, told) -> None:
    first = build()
    again = build()
    assert (again.version, again.is_new, len(told.plans)) == (first.version, False, 1)
    assert build(force=True).version != first.version


def test_a_dry_run_tells_what_would_happen_and_does_nothing(build, config, told) -> None:
    first = build()
    edit(config.corpus, "Pengene kan brukes", "Pengene kan ikke brukes")
    assert build(dry_run=True) is None
    assert read_pointer(config.index) == first.version
    assert len(list_versions(config.index)) == 1
    lines = list(plan_lines(told.plans[-1]))
    assert "  guide/aksjekapital: teksten er endret" in lines
    assert any("Pengene kan ikke brukes" in line for line in lines)


def test_an_error_stops_the_build_before_anything_is_made_and_a_warning_does_not(build, config, told) -> None:
    first = build()
    edit(config.corpus, "Pengene kan brukes i driften.", "Pengene kan brukes i driften. En setning uten merke.")
    with pytest.raises(CorpusError, match="mangler kildemerke"):
        build()
    assert read_pointer(config.index) == first.version
    edit(config.corpus, " En setning uten merke.", "")
    edit(config.corpus, "2027-02-01", "2026-02-02")
    assert build().is_new
    assert ["skulle vært kontrollert igjen" in problem.message for problem in told.warnings] == [True]


def test_a_link_to_a_document_that_is_gone_is_found_in_one_that_is_not_changed(build, config, write) -> None:
    edit(config.corpus, "Pengene kan brukes", "Pengene kan (se [kommunen](tilskot-fra-kommunen.md)) brukes")
    build()
    (config.corpus / "guide" / "tilskot-fra-kommunen.md").unlink()
    with pytest.raises(CorpusError, match="går ikke til noe dokument"):
        build()


def test_suggestions_of_documents_that_are_not_changed_are_not_tried_again(build, config, monkeypatch) -> None:
    build()
    tried: list[str] = []
    search = run.check_all.__globals__["retrieve_all"]

    def spy(index, embedder, queries):
        tried.extend(query.text for query in queries)
        return search(index, embedder, queries)

    monkeypatch.setitem(run.check_all.__globals__, "retrieve_all", spy)
    edit(config.corpus, "Hvor mye aksjekapital må vi ha?", "Hvor mye aksjekapital må de ha?")
    build()
    assert tried
    assert all("tilskudd" not in question for question in tried)


def outcome_of(version: str, against: str, is_open: bool) -> Outcome:
    reasons = () if is_open else ("Fakta er med i færre svar.",)
    return Outcome(version, against, is_open, reasons, (), 1, (), (), (), (), (), {})


def test_a_version_is_measured_before_it_is_used_and_one_that_is_worse_is_not_used_and_not_kept(
    build, config, told, monkeypatch
) -> None:
    measured: list[tuple[str, str, str]] = []
    is_open = True

    def gate(config, version, against, progress):
        measured.append((version, against, read_pointer(config.index)))
        return outcome_of(version, against, is_open)

    monkeypatch.setattr(run, "run_gate", gate)
    first = build(no_gate=False)
    assert measured == []  # there is nothing to be worse than
    edit(config.corpus, "Pengene kan brukes", "Pengene kan ikke brukes")
    second = build(no_gate=False)
    assert measured == [(second.version, first.version, first.version)]
    is_open = False
    edit(config.corpus, "Pengene kan ikke brukes", "Pengene kan aldri brukes")
    with pytest.raises(IndexFault, match="dårligere enn 000002") as caught:
        build(no_gate=False)
    assert "abc index build --no-gate" in caught.value.remedy
    assert [outcome.is_open for outcome in told.outcomes] == [True, False]
    assert read_pointer(config.index) == second.version
    assert [manifest.version for manifest in list_versions(config.index)] == [first.version, second.version]
    assert build().is_new  # without the gate


def test_a_version_that_was_used_without_being_measured_is_measured_by_the_next_build_against_the_last_that_passed(
    build, config, told, monkeypatch
) -> None:
    measured: list[tuple[str, str]] = []
    is_open = True

    def gate(config, version, against, progress):
        measured.append((version, against))
        return outcome_of(version, against, is_open)

    monkeypatch.setattr(run, "run_gate", gate)
    first = build(no_gate=False)
    for number in range(4):  # more than are kept
        edit(config.corpus, "Pengene kan" if not number else f"Pengene ({number - 1}) kan", f"Pengene ({number}) kan")
        last = build()
    assert (measured, last.is_new) == ([], True)
    again = build(no_gate=False)
    assert (measured, again.is_new, again.version) == ([(last.version, first.version)], False, last.version)
    build(no_gate=False)
    assert len(measured) == 1  # once is enough
    is_open = False
    edit(config.corpus, "Pengene (3) kan", "Pengene kan aldri")
    build()
    with pytest.raises(IndexFault, match=f"dårligere enn {last.version}"):
        build(no_gate=False)
    assert read_pointer(config.index) == last.version


def test_two_builds_at_once_are_one_and_a_refusal(build, config) -> None:
    first = build()
    edit(config.corpus, "Pengene kan brukes", "Pengene kan ikke brukes")
    with build_lock(config.index), pytest.raises(IndexFault, match="En annen bygging"):
        build()
    assert read_pointer(config.index) == first.version


def test_the_command_tells_as_json_what_came_of_it(config, monkeypatch, capsys) -> None:
    for name, value in (("CORPUS", config.corpus), ("INDEX", config.index)):
        monkeypatch.setenv(f"ABC_{name}", str(value))
    assert main(["index", "build", "--json", "--no-gate"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["version"], found["end"]) == (read_pointer(config.index), "built")
