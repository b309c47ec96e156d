"""Whom to ask: the office that fits, what it is and how to reach it; only when that is what is asked."""

from datetime import date

from assistant.answer import Engine, answer
from assistant.types import Status
from index.embed import Embedder
from index.load import Index

TODAY = date(2026, 3, 1)


def test_a_question_for_whom_to_ask_gets_the_office_with_its_quotes(built_index: Index, embedder: Embedder) -> None:
    office = next(d for d in built_index.catalog.documents if d.doc_class == "aktør")
    result = answer(
        Engine(built_index, embedder), [f"Hvem kan vi spørre? {' '.join(office.keywords)} {office.title}?"], TODAY
    )
    assert result.status is Status.ANSWERED
    assert result.text.startswith(f"Spør {office.title.partition(' (')[0]}:\n- ")
    assert {citation.doc_id for citation in result.citations} == {office.doc_id}
    assert all(citation.verified for citation in result.citations)


def test_a_question_for_something_else_gets_no_office(built_index: Index, embedder: Embedder) -> None:
    assert not answer(Engine(built_index, embedder), ["Hvor mye gir etableringsfondet?"], TODAY).text.startswith(
        "Spør "
    )
