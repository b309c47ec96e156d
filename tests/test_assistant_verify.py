"""A sentence passes only when the words it cites say every figure, date, name and negation of it."""

from collections.abc import Callable

import pytest

from assistant.types import Draft, Passage
from assistant.verify import is_supported, quote_of, verify
from index.load import Index

MakeDraft = Callable[..., Draft]


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Støtten er 10 000 kroner.", "Støtten er 100 000 kroner."),
        ("Støtten er 100 000 kroner.", "Støtten er 10 000 kroner."),
        ("Støtten er 1 000 kroner.", "Støtten er 1 000 000 kroner."),
        ("Støtten er 2,5 prosent.", "Støtten er 25 prosent."),
        ("Støtten er 2 millioner kroner.", "Støtten er 2 milliarder kroner."),
        ("Støtten er 30 kroner.", "Støtten er 30 prosent."),
        ("Støtten er 30 prosent.", "Støtten er 30 kroner."),
        ("Søk innen 3 uker.", "Søk innen 3 måneder."),
        ("Søk innen 3 dager.", "Søk innen 3 virkedager."),
        ("Støtten varer i 2 år.", "Støtten varer i 2 måneder."),
        ("Støtten er 50 000 kroner.", "Støtten blir fastsatt hvert år."),
    ],
)
def test_another_amount_or_unit_is_not_supported(sentence: str, quote: str) -> None:
    assert not is_supported(sentence, quote)


@pytest.mark.parametrize(
    "written",
    ["30 000 kroner", "30\u00a0000 kroner", "30\u202f000 kroner", "30.000 kroner", "30000 kroner", "30 000 kr"],
)
def test_the_same_amount_written_another_way_is_supported(written: str) -> None:
    assert is_supported(f"Kapitalen er {written}.", "Kapitalen er minst 30 000 kroner.")
    assert is_supported("Kapitalen er 30 000 kroner.", f"Kapitalen er {written} eller mer.")


def test_percent_sign_is_the_word_for_it() -> None:
    assert is_supported("Egenandelen er 10 %.", "Søkeren betaler en egenandel på 10 prosent.")


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Ordningen gjelder 2021.", "Ordningen gjelder 2024."),
        ("Fristen er 1. mars.", "Fristen er 1. april."),
        ("Fristen er 1. mars.", "Fristen er 11. mars."),
        ("Fristen er 15. mai 2024.", "Fristen er 15. mai 2021."),
        ("Fristen er i mars.", "Fristen er ikke fastsatt."),
    ],
)
def test_another_year_month_or_day_is_not_supported(sentence: str, quote: str) -> None:
    assert not is_supported(sentence, quote)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Du kan søke.", "Du kan ikke søke."),
        ("Du kan ikke søke.", "Du kan søke."),
        ("Du kan søkje.", "Du kan ikkje søkje."),
        ("Foreninger kan søke.", "Bare foreninger kan søke."),
        ("Alle kan søke.", "Ingen kan søke."),
        ("Du får støtte med rapport.", "Du får støtte uten rapport."),
        ("You can apply.", "Du kan ikke søke."),
    ],
)
def test_a_lost_or_added_negation_is_not_supported(sentence: str, quote: str) -> None:
    assert not is_supported(sentence, quote)


@pytest.mark.parametrize("sentence", ["Du kan ikkje søkje.", "You can not apply.", "Søke kan du ikke."])
def test_the_same_negation_in_another_language_or_place_is_supported(sentence: str) -> None:
    assert is_supported(sentence, "Du kan ikke søke.")


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Det står i aksjeloven § 3-1.", "Det står i aksjeloven § 3-2."),
        ("Det står i aksjeloven § 3-1.", "Det står i aksjeloven § 3-10."),
        ("Det står i § 5 a.", "Det står i § 5."),
        ("Det står i § 3-1.", "Det gjelder for 3-1."),
    ],
)
def test_another_section_is_not_supported(sentence: str, quote: str) -> None:
    assert not is_supported(sentence, quote)


def test_the_same_section_written_without_a_space_is_supported() -> None:
    assert is_supported("Se aksjeloven §3-1.", "Kravet står i aksjeloven § 3-1.")


@pytest.mark.parametrize("sentence", ["Støtten kommer fra Røde Kors.", "Dere søker hos Fjord fylkeskommune i Bergen."])
def test_an_invented_proper_name_is_not_supported(sentence: str) -> None:
    assert not is_supported(sentence, "Støtten kommer fra Fjord fylkeskommune.")


def test_a_name_of_the_quote_is_supported() -> None:
    assert is_supported("Dere søker hos Fjord fylkeskommune.", "Støtten kommer fra Fjord fylkeskommune.")


def test_the_number_of_a_mark_is_no_figure() -> None:
    assert is_supported("Foreninger kan søke [7].", "Foreninger kan søke fylket.")


def test_source_marks_and_emphasis_of_the_quote_do_not_disturb() -> None:
    assert is_supported("Kapitalen er 30 000 kroner.", "Kapitalen er **30 000** kroner.[^lov-om-fond@2026]")


@pytest.fixture
def make_draft(built_index: Index) -> MakeDraft:
    """A draft that says `text` and cites the ingress of `doc_id`."""
    documents = {document.doc_id: document for document in built_index.catalog.documents}

    def make(text: str, doc_id: str = "guide/aksjekapital", is_item: bool = False) -> Draft:
        chunk = next(chunk for chunk in built_index.catalog.chunks if chunk.doc_id == doc_id)
        return Draft(text, Passage(1, documents[doc_id], chunk, 1.0), chunk.statements[0], is_item)

    return make


def test_verify_keeps_what_is_supported_and_counts_what_is_not(make_draft: MakeDraft) -> None:
    right = make_draft("Kapitalen er 30 000 kroner.")
    kept, removed = verify([right, make_draft("Kapitalen er 20 000 kroner."), make_draft("Kapitalen er 1 krone.")])
    assert (kept, removed) == ([right], 2)


def test_quote_is_the_words_of_the_document_as_they_stand(make_draft: MakeDraft) -> None:
    assert quote_of(make_draft("Noe annet.")) == "Et aksjeselskap må ha minst 30 000 kroner i aksjekapital."
    assert quote_of(Draft("Kravene er:")) == ""


def test_a_line_that_opens_a_list_stays_above_its_list(make_draft: MakeDraft) -> None:
    lines = [Draft("Kravene er:"), make_draft("Kapitalen er 30 000 kroner.", is_item=True)]
    assert verify(lines) == (lines, 0)


def test_a_line_that_opens_a_list_goes_with_the_last_of_its_items(make_draft: MakeDraft) -> None:
    lines = [Draft("Kravene er:"), make_draft("Kapitalen er 20 000 kroner.", is_item=True)]
    assert verify(lines) == ([], 2)


def test_a_line_that_opens_a_list_goes_where_running_text_follows(make_draft: MakeDraft) -> None:
    sentence = make_draft("Kapitalen er 30 000 kroner.")
    assert verify([Draft("Kravene er:"), sentence]) == ([sentence], 1)


def test_a_sentence_that_cites_nothing_is_taken_out(make_draft: MakeDraft) -> None:
    sentence = make_draft("Kapitalen er 30 000 kroner.")
    assert verify([sentence, Draft("Dere får 900 000 kroner.")]) == ([sentence], 1)
