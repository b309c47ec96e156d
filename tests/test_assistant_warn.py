"""What a reader is told about the age and certainty of an answer: at most two sentences, and whom to check with."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from assistant.cite import cite
from assistant.texts import say
from assistant.types import Draft, Passage
from assistant.warn import warn
from index.document import Document, read_corpus
from index.statements import split_sentences
from index.types import Chunk

TODAY = date(2026, 3, 1)
SCHEME = "ordninger/etableringsfondet"
Warn = Callable[[Sequence[tuple[str, str]]], list[str]]


@pytest.fixture
def warned(corpus_dir: Path, document_text: Callable[..., str], write: Callable[[Path, str], Path]) -> Warn:
    """The warnings on an answer that cites one sentence per mark: of a guide text, or of the scheme's own rules."""

    def build(marked: Sequence[tuple[str, str]], today: date = TODAY, language: str = "nb") -> list[str]:
        card = (corpus_dir / f"{SCHEME}.md").read_text(encoding="utf-8").partition("kort:")[2].partition("---")[0]
        for doc_id in {doc_id for doc_id, _ in marked}:
            lines = [f"Setning {i} er en regel.[^{mark}]" for i, (d, mark) in enumerate(marked) if d == doc_id]
            own_card = f"kort:{card}" if doc_id.startswith("ordninger/") else ""
            text = document_text(title=doc_id, body="## Regler\n\n" + "\n".join(lines) + "\n", card=own_card)
            write(corpus_dir / f"{doc_id}.md", text)
        corpus = read_corpus(corpus_dir)
        documents = {document.doc_id: document for document in corpus.documents}
        drafts = [_draft(documents[doc_id], i) for i, (doc_id, _) in enumerate(marked)]
        return warn(cite(drafts, corpus.sources, language, today), documents, corpus.sources, language, today)

    return build


def _draft(document: Document, number: int) -> Draft:
    statement = next(s for s in document.statements() if document.text[s.start :].startswith(f"Setning {number} "))
    chunk = Chunk("c", document.doc_id, document.doc_class, "Regler", ("Regler",), 0, 1, (statement,), "")
    return Draft(document.text[statement.start : statement.end], Passage(1, document, chunk, 0.0), statement)


def test_a_fact_that_holds_needs_no_warning(warned: Warn) -> None:
    assert warned([("guide/a", "lov-om-fond"), ("guide/a", "råd")]) == []


def test_when_all_is_old_the_answer_says_so_of_all(warned: Warn) -> None:
    assert warned([("guide/a", "lov-om-fond@2021"), ("guide/a", "råd")]) == [
        "Dette er kjent til og med 2021. Sjekk kilden før dere handler."
    ]


def test_when_some_is_old_the_numbers_tell_which(warned: Warn) -> None:
    marked = [("guide/a", "lov-om-fond@2021"), ("guide/a", "lov-om-fond"), ("guide/a", "lov-om-fond@2021")]
    assert warned(marked) == ["Det som står i [1] og [3], er kjent til og med 2021. Sjekk kilden før dere handler."]


def test_three_numbers_in_a_row_are_a_span(warned: Warn) -> None:
    [warning] = warned([("guide/a", "lov-om-fond@2021")] * 3 + [("guide/a", "lov-om-fond")])
    assert "[1]–[3]" in warning


def test_several_doubts_share_two_sentences_and_say_once_whom_to_ask(warned: Warn) -> None:
    marked = [
        ("guide/a", "lov-om-fond@2019"),
        ("guide/a", "lov-om-fond@2021"),
        ("guide/a", "kommunen-frister@udatert"),
        ("guide/a", "ubekreftet"),
        ("guide/a", "lov-om-fond"),
    ]
    assert warned(marked) == [
        "Noe her er usikkert: kjent til og med 2019 [1] og 2021 [2]; uten dato [3]; "
        "ikke bekreftet av noen kilde [4]. Sjekk kilden før dere handler."
    ]


def test_many_years_are_told_as_a_span(warned: Warn) -> None:
    [warning] = warned([("guide/a", f"lov-om-fond@{year}") for year in (2017, 2018, 2019, 2021)])
    assert "2017–2021" in warning


def test_who_runs_a_scheme_is_whom_to_check_with(warned: Warn) -> None:
    assert warned([(SCHEME, "lov-om-fond@2021")]) == [
        "Dette er kjent til og med 2021. Sjekk hos Fjord fylkeskommune før dere søker."
    ]


def test_common_knowledge_has_no_source_to_check(warned: Warn) -> None:
    assert warned([("guide/a", "ubekreftet")]) == [say("nb", "unconfirmed", what=say("nb", "what_all"))]


def test_past_the_review_date_the_day_is_told(warned: Warn) -> None:
    [warning] = warned([("guide/a", "lov-om-fond")], today=date(2027, 6, 1))
    assert "2027-02-01" in warning


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_there_are_never_more_than_two_sentences(warned: Warn, language: str) -> None:
    marks = ("lov-om-fond@2019", "kommunen-frister@udatert", "ubekreftet", "fylket-frister@2021", "lov-om-fond")
    [warning] = warned([(SCHEME, mark) for mark in marks], language=language)
    assert len(split_sentences(warning)) == 2
