"""What to ask next: questions that the guide answers, in the same language, each from a section not yet told."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import assistant.askable
from assistant.answer import Engine, answer
from assistant.evidence import Sufficiency
from assistant.language import detect_language
from assistant.retrieve import retrieve, retrieve_all
from assistant.types import Answer, Query, Status
from assistant.understand import understand
from index.build import build_index
from index.document import read_corpus
from index.embed import Embedder
from index.load import Index, open_index

TODAY = date(2026, 3, 1)
ASKED = "Hvor mye penger gir etableringsfondet?"
QUESTIONS = [
    ASKED,
    "Når er søknadsfristen for etableringsfondet?",
    "Hvem kan søke etableringsfondet?",
    "Hvor mye aksjekapital må vi ha?",
]
BAD = [
    "Vi er tre venner som vil starte. Hva må vi ha?",  # a story
    "Kva er aksjekapital?",  # another language
    "Hva er reglane for aksjekapital?",  # so is this, though none of its words decides it
    "What is share capital?",
    "aksjekapital minstekrav",  # no question
    "Hva er aksjekapital når vi er mange eiere som vil gå inn med ulike beløp til ulike tider av året?",  # too long
    "Hvem ringer vi når en av eierne ikke orker å leve?",  # nothing to suggest
]


@pytest.fixture
def engine(built_index: Index, embedder: Embedder) -> Engine:
    return Engine(built_index, embedder)


@pytest.fixture
def asked_badly(
    corpus_dir: Path, index_home: Path, embedder: Embedder, write: Callable[[Path, str], Path]
) -> Iterator[Engine]:
    """An engine on a guide whose questions for one section are all unfit to be shown."""
    rows = "".join(f"- {question}\n" for question in BAD)
    write(corpus_dir / "sporsmal/guide/aksjekapital.md", f"# Slik spør folk\n\n## Hva er aksjekapital?\n{rows}")
    build_index(read_corpus(corpus_dir), index_home, embedder)
    index = open_index(index_home, embedder)
    yield Engine(index, embedder)
    index.store.close()


def sections_of(result: Answer, engine: Engine) -> set[str]:
    cited = {citation.chunk_id for citation in result.citations}
    return {chunk.section_id for chunk in engine.index.catalog.chunks if chunk.chunk_id in cited}


def section_for(question: str, engine: Engine) -> str:
    return retrieve(engine.index, engine.embedder, understand([question])).hits[0].chunk.section_id


def test_something_is_suggested(engine: Engine) -> None:
    assert answer(engine, [ASKED], TODAY).follow_ups


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_suggested_is_answered_when_it_is_asked(engine: Engine, question: str) -> None:
    for suggested in answer(engine, [question], TODAY).follow_ups:
        assert answer(engine, [suggested], TODAY).status is Status.ANSWERED


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_suggestion_leads_to_a_section_of_its_own_that_was_not_told(engine: Engine, question: str) -> None:
    result = answer(engine, [question], TODAY)
    sections = [section_for(suggested, engine) for suggested in result.follow_ups]
    assert len(set(sections)) == len(sections) <= 3
    assert sections_of(result, engine).isdisjoint(sections)
    assert question not in result.follow_ups


def test_after_the_amount_of_a_scheme_its_deadline_is_next(engine: Engine) -> None:
    first = answer(engine, [ASKED], TODAY).follow_ups[0]
    assert section_for(first, engine) == "ordninger/etableringsfondet#frister"


@pytest.mark.parametrize("question", QUESTIONS)
def test_suggestions_are_in_the_language_of_the_question(engine: Engine, question: str) -> None:
    assert {detect_language(suggested) for suggested in answer(engine, [question], TODAY).follow_ups} <= {"nb"}


def test_what_the_guide_is_not_sure_to_answer_is_not_suggested(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    gather = assistant.askable.gather
    monkeypatch.setattr(
        assistant.askable, "gather", lambda *a, **k: replace(gather(*a, **k), sufficiency=Sufficiency.PARTLY)
    )
    assert answer(engine, [ASKED], TODAY).follow_ups == ()


def test_a_candidate_is_searched_for_once_per_version(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    first = answer(engine, [ASKED], TODAY).follow_ups
    searched: list[Query] = []
    monkeypatch.setattr(
        assistant.askable, "retrieve_all", lambda index, embedder, queries: searched.extend(queries) or []
    )
    assert answer(engine, [ASKED], TODAY).follow_ups == first
    assert searched == []


def test_questions_searched_for_together_find_what_each_finds_alone(engine: Engine) -> None:
    queries = [understand([question]) for question in QUESTIONS]
    together = retrieve_all(engine.index, engine.embedder, queries)
    assert [found.hits for found in together] == [retrieve(engine.index, engine.embedder, q).hits for q in queries]


def test_stories_other_languages_and_keywords_are_not_suggested(asked_badly: Engine) -> None:
    suggested: set[str] = set()
    for question in (*QUESTIONS, "Når må pengene være på konto?"):
        suggested |= set(answer(asked_badly, [question], TODAY).follow_ups)
    assert suggested
    assert suggested.isdisjoint(BAD)


def test_nothing_is_suggested_to_someone_in_danger(
    corpus_dir: Path,
    index_home: Path,
    embedder: Embedder,
    write: Callable[[Path, str], Path],
    document_text: Callable[..., str],
) -> None:
    numbers = document_text(title="Hjelpetelefoner", body="## Hvem kan hjelpe?\n\n- Ring 113.[^lov-om-fond]\n")
    write(corpus_dir / "aktorer/hjelpetelefoner.md", numbers)
    build_index(read_corpus(corpus_dir), index_home, embedder)
    index = open_index(index_home, embedder)
    result = answer(Engine(index, embedder), ["En deltaker vil ta livet sitt"], TODAY)
    index.store.close()
    assert (result.status, result.follow_ups, result.also_read) == (Status.ANSWERED, (), ())
