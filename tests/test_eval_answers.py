"""Every evaluation question, asked of the real guide: whatever the answer is, its promises hold."""

import re
from pathlib import Path

import pytest

from assistant.answer import Engine, answer
from assistant.crisis import HELP_NUMBERS
from assistant.types import Answer, Status
from eval.questions import read_questions
from index.build import build_index
from index.document import read_corpus
from index.embed import load_embedder
from index.load import open_index

CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    home, embedder = tmp_path_factory.mktemp("indeks"), load_embedder()
    build_index(read_corpus(CORPUS), home, embedder)
    return Engine(open_index(home, embedder), embedder)


@pytest.fixture(scope="module")
def answers(engine: Engine) -> list[Answer]:
    return [answer(engine, question.turns) for question in read_questions()]


def test_every_quote_stands_at_its_place_in_the_file(engine: Engine, answers: list[Answer]) -> None:
    files = {d.doc_id: (CORPUS / d.file).read_text(encoding="utf-8") for d in engine.index.catalog.documents}
    for result in answers:
        for citation in result.citations:
            assert citation.verified, citation
            assert files[citation.doc_id][citation.start : citation.end] == citation.quote


def test_every_mark_has_its_citation_and_every_citation_its_mark(answers: list[Answer]) -> None:
    for result in answers:
        marks = {int(number) for number in re.findall(r"\[(\d+)\]", result.text)}
        assert marks == {citation.n for citation in result.citations}, result.text


def test_an_answer_has_citations_and_a_refusal_has_none(answers: list[Answer]) -> None:
    for result in answers:
        is_answer = result.status in (Status.ANSWERED, Status.PARTIAL)
        cited = [c for c in result.citations if is_answer or c.doc_id != HELP_NUMBERS]  # a number to ring is no answer
        assert is_answer == bool(cited), result.text
    assert {result.status for result in answers} >= {Status.ANSWERED, Status.PARTIAL, Status.OUT_OF_SCOPE}


def test_five_requirements_of_the_grant_for_social_entrepreneurship_are_named(engine: Engine) -> None:
    result = answer(engine, ["Hvem kan søke tilskudd til sosialt entreprenørskap?"])
    for wanted in (
        "definere seg som sosial entreprenør",
        "nye måter",
        "utbytte",
        "forretningsmodellen",
        "Frivillighetsregisteret",
    ):
        assert wanted in result.text
    assert all(citation.doc_id == "ordninger/nav-sosialt-entreprenorskap" for citation in result.citations)


def test_the_weather_is_outside_the_guide(engine: Engine) -> None:
    assert answer(engine, ["Hvordan blir været i Oslo i morgen?"]).status is Status.OUT_OF_SCOPE


def test_schemes_of_unknown_status_stand_apart_in_a_list(engine: Engine) -> None:
    result = answer(engine, ["Hvilke tilskudd kan en stiftelse i Vestfold søke på?"])
    text, unsure = result.text.split("Det er ikke kjent om disse er åpne nå:")
    cards = {document.doc_id: document.card for document in engine.index.catalog.documents}
    for citation in result.citations:
        is_unsure = any(value.status == "ukjent" for value in cards[citation.doc_id])
        assert (f"[{citation.n}]" in unsure) == is_unsure
        assert (f"[{citation.n}]" in text) != is_unsure


def test_a_question_for_the_difference_sets_both_sides_up(engine: Engine) -> None:
    result = answer(engine, ["Hva er forskjellen på forening og stiftelse?"])
    assert {citation.doc_id for citation in result.citations} > {"guide/forening", "guide/stiftelse"}
    assert "\n|  | Forening | Stiftelse |\n" in result.text


@pytest.mark.parametrize(
    ("question", "least"),
    [("Hvilke tilskudd kan en forening i Vestfold søke på?", 20), ("Hvilke historier handler om rus?", 5)],
)
def test_a_question_for_a_list_gets_all_that_fit_with_the_count(engine: Engine, question: str, least: int) -> None:
    result = answer(engine, [question])
    count = int(result.text.split(" ", 1)[0])
    assert count == result.text.count("\n- ") >= least
