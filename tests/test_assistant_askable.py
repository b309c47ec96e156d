"""The question of each section is found and checked once per version, and kept with it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant.askable
from assistant.answer import Engine, answer
from assistant.askable import answered, check_all, question_for
from assistant.types import Query
from index.embed import Embedder
from index.load import Index, open_index

ASKED = "Hvor mye penger gir etableringsfondet?"
FILE = "askable.json"


@pytest.fixture
def index(built_home: Path, index_home: Path, embedder: Embedder) -> Iterator[Index]:
    """A version of its own, that may be written to."""
    shutil.copytree(built_home, index_home)
    opened = open_index(index_home, embedder)
    yield opened
    opened.store.close()


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[Query]:
    """The queries that were searched for to check a question."""
    queries: list[Query] = []
    retrieve_all = assistant.askable.retrieve_all

    def spy(index: Index, embedder: Embedder, asked: list[Query]) -> object:
        queries.extend(asked)
        return retrieve_all(index, embedder, asked)

    monkeypatch.setattr(assistant.askable, "retrieve_all", spy)
    return queries


def reopened(index: Index, embedder: Embedder) -> Index:
    return open_index(index.folder.parent, embedder)


def test_what_was_checked_is_suggested_without_another_search(
    index: Index, embedder: Embedder, searched: list[Query]
) -> None:
    live = answer(Engine(index, embedder), [ASKED]).follow_ups
    check_all(index)
    searched.clear()
    again = reopened(index, embedder)
    assert answer(Engine(again, embedder), [ASKED]).follow_ups == live != ()
    assert searched == []


def test_every_section_gets_the_same_question_as_when_it_is_asked_for(index: Index, embedder: Embedder) -> None:
    places = {(chunk.doc_id, chunk.section, "nb") for chunk in index.catalog.chunks}
    found = {place: question_for(*place, index) for place in places}
    sure = {q: answered([q], index, embedder) for q in found.values() if q}
    check_all(index)
    again = reopened(index, embedder)
    assert {place: question_for(*place, again) for place in places} == found
    assert {q: answered([q], again, embedder) for q in sure} == sure


def test_a_checked_version_is_not_checked_again(index: Index, embedder: Embedder, searched: list[Query]) -> None:
    check_all(index)
    searched.clear()
    check_all(reopened(index, embedder))
    assert searched == []


def test_other_weights_make_it_check_again(
    index: Index, embedder: Embedder, searched: list[Query], monkeypatch: pytest.MonkeyPatch
) -> None:
    check_all(index)
    searched.clear()
    monkeypatch.setattr(assistant.askable, "_weights", lambda: "andre")
    check_all(reopened(index, embedder))
    assert searched
    assert json.loads((index.folder / FILE).read_text(encoding="utf-8"))["learned"] == "andre"


@pytest.mark.parametrize("text", ["", "{", "[1", "{}", '{"learned": 1}'])
def test_a_broken_file_is_as_none(index: Index, embedder: Embedder, searched: list[Query], text: str) -> None:
    (index.folder / FILE).write_text(text, encoding="utf-8")
    assert answer(Engine(index, embedder), [ASKED]).follow_ups
    assert searched


def test_progress_ends_at_the_number_of_questions(index: Index) -> None:
    told: list[tuple[int, int]] = []
    check_all(index, progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 0
