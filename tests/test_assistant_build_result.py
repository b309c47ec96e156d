"""`abc index build --json`: one record of how a build ended, what it changed and what is wrong, for a program."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import FILES, WordSumEmbedder

from assistant.build.result import Counts, End, Result, read_result
from assistant.cli import FAULT, OK, main
from index.frontmatter import Problem
from index.versions import build_lock, read_pointer

CAPITAL = "guide/aksjekapital.md"


class Build:
    """`abc index build --json --no-gate` on a folder of texts: the exit code, and what was printed."""

    def __init__(self, corpus: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.corpus, self.home, self._capsys = corpus, home, capsys

    def __call__(self, *flags: str) -> tuple[int, Result]:
        code = main(["index", "build", "--json", "--no-gate", *flags])
        said = self._capsys.readouterr()
        assert said.err == ""
        return code, read_result(said.out)

    def edit(self, old: str, new: str) -> None:
        (self.corpus / CAPITAL).write_text(FILES[CAPITAL].replace(old, new), encoding="utf-8")


@pytest.fixture
def build(
    corpus_dir: Path, index_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Build:
    monkeypatch.setenv("ABC_CORPUS", str(corpus_dir))
    monkeypatch.setenv("ABC_INDEX", str(index_home))
    monkeypatch.setattr("assistant.build.run.load_embedder", lambda name: WordSumEmbedder())
    return Build(corpus_dir, index_home, capsys)


def test_a_first_build_adds_everything_and_the_next_finds_nothing_to_do(build: Build) -> None:
    code, first = build()
    assert (code, first.end, first.version) == (OK, End.BUILT, read_pointer(build.home))
    assert (first.counts, first.changes, first.fault) == (Counts(7, 0, 0, 0), (), "")
    code, second = build()
    assert (code, second.end, second.version) == (OK, End.UNCHANGED, first.version)
    assert second.counts is None


def test_an_edited_amount_is_told_in_words(build: Build) -> None:
    build()
    build.edit("30 000", "31 000")
    code, result = build()
    assert (code, result.end, result.counts) == (OK, End.BUILT, Counts(0, 1, 0, 6))
    assert result.changes == ("guide/aksjekapital, ingress: 30 000 kroner → 31 000 kroner",)
    assert 0 < result.num_reused < result.num_chunks


def test_a_plan_names_no_version_and_makes_none(build: Build) -> None:
    code, result = build("--dry-run")
    assert (code, result.end, result.version, result.counts) == (OK, End.PLANNED, "", Counts(7, 0, 0, 0))
    assert not list(build.home.glob("*/manifest.json"))


def test_an_error_in_a_text_has_its_file_and_its_line(build: Build) -> None:
    build()
    build.edit("sted: [Norge]", "sted: Norge")
    code, result = build()
    assert (code, result.end, result.version) == (FAULT, End.FAILED, "")
    [problem] = result.problems
    line = FILES[CAPITAL].splitlines().index("sted: [Norge]") + 1
    assert (problem.file, problem.line, problem.is_error) == (CAPITAL, line, True)
    assert "sted" in problem.message
    assert result.fault == "1 feil i corpus. Ingenting er endret."


def test_a_build_that_must_wait_is_told_from_one_that_failed(build: Build) -> None:
    with build_lock(build.home):
        code, result = build()
    assert (code, result.end) == (FAULT, End.BUSY)
    assert "pågår" in result.fault


def test_what_would_be_lost_is_told_with_what_to_do(build: Build) -> None:
    build()
    for name in ("guide/aksjekapital.md", "guide/tilskudd-fra-fylket.md", "guide/tilskot-fra-kommunen.md"):
        (build.corpus / name).unlink()
    code, result = build()
    assert (code, result.end, result.counts) == (FAULT, End.FAILED, Counts(0, 0, 3, 4))
    assert "3 av 7 dokumenter" in result.fault
    assert "--force" in result.remedy


def test_the_json_has_every_field_whatever_came_of_the_build() -> None:
    result = Result(End.FAILED, problems=(Problem("guide/x.md", 12, "feltet mangler"),), fault="1 feil")
    data: dict[str, Any] = json.loads(json.dumps(result.as_json()))
    assert data == {
        "end": "failed", "version": "", "num_chunks": 0, "num_reused": 0, "seconds": 0.0, "counts": None, "changes": [],
        "problems": [{"file": "guide/x.md", "line": 12, "message": "feltet mangler", "is_error": True}],
        "measured": None, "fault": "1 feil", "remedy": "",
    }  # fmt: skip
    assert read_result(json.dumps(data)) == result
