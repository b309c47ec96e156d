"""`abc index diff`: versions by id, number and word, and a clear message for one that is not there."""

import json
import shutil
from pathlib import Path

import pytest
from conftest import WordSumEmbedder

from assistant.build.compare import find_version
from assistant.cli import FAULT, OK, main
from index.build import build_index
from index.document import read_corpus
from index.types import IndexMissing
from index.versions import list_versions, roll_back

FUND = "ordninger/etableringsfondet"


@pytest.fixture
def home(corpus_dir: Path, built_home: Path, index_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two versions: the tiny guide, and the same with another amount."""
    shutil.copytree(built_home, index_home)
    path = corpus_dir / f"{FUND}.md"
    path.write_text(path.read_text(encoding="utf-8").replace("200 000 kroner", "250 000 kroner"), encoding="utf-8")
    build_index(read_corpus(corpus_dir), index_home, WordSumEmbedder())
    monkeypatch.setenv("ABC_INDEX", str(index_home))
    return index_home


def test_without_names_the_version_in_use_is_compared_with_the_one_before(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["index", "diff"]) == OK
    old, new = (manifest.version for manifest in list_versions(home))
    assert capsys.readouterr().out.splitlines() == [
        f"Fra {old} til {new}. Dokumenter: 1 endret, 0 lagt til, 0 fjernet. Endringer i alt: 1.",
        f"{FUND}, beløp: 200 000 kroner → 250 000 kroner",
    ]


def test_the_other_way_round_the_amount_goes_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", "diff", "nå", "1", "--json"]) == OK
    data = json.loads(capsys.readouterr().out)
    assert data["count"] == len(data["changes"]) == 1
    assert data["changes"][0]["line"] == f"{FUND}, beløp: 250 000 kroner → 200 000 kroner"
    assert (data["before"], data["after"]) == (find_version(home, "nå"), find_version(home, "1"))


def test_a_version_goes_by_its_id_its_number_and_its_word(home: Path) -> None:
    old, new = (manifest.version for manifest in list_versions(home))
    assert [find_version(home, name) for name in (old, "1", "000001", "forrige")] == [old] * 4
    assert [find_version(home, name) for name in (new, "2", "nå")] == [new] * 3


def test_a_version_that_is_not_there_is_answered_with_those_that_are(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = (manifest.version for manifest in list_versions(home))
    assert main(["index", "diff", "7"]) == FAULT
    assert capsys.readouterr().err == f"Det finnes ingen versjon «7». Disse finnes: 1 ({old}), 2 ({new}).\n"


def test_where_nothing_is_older_there_is_no_previous(home: Path) -> None:
    current = roll_back(home)
    with pytest.raises(IndexMissing, match=f"ingen versjon før {current}"):
        find_version(home, "forrige")


def test_a_version_whose_texts_are_gone_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = find_version(home, "1")
    (home / old / "catalog.json").unlink()
    assert main(["index", "diff"]) == FAULT
    assert f"Kan ikke lese tekstene i versjon {old}" in capsys.readouterr().err
