"""Everyday words, abbreviations, nynorsk and English become the guide's own terms."""

import pytest

from index.expand import Expander
from index.registry import Term, read_terms

TERMS = (
    Term("aksjeselskap", ("AS", "firma", "limited company")),
    Term("aksjekapital", ("startkapital", "penger på konto for å starte firma", "pengar i selskapet")),
    Term("samvirkeforetak", ("SA", "co-op")),
    Term("arbeidsavklaringspenger", ("AAP", "attføringspenger")),
)


@pytest.fixture
def expander():
    return Expander(TERMS)


@pytest.mark.parametrize(
    ("query", "rewritten"),
    [
        ("Må vi ha startkapital?", "Må vi ha aksjekapital?"),
        ("Hva koster startkapitalen?", "Hva koster aksjekapital?"),  # inflected
        ("STARTKAPITAL", "aksjekapital"),
        ("Kan et AS søke?", "Kan et aksjeselskap søke?"),
        ("Kan eg få aap?", "Kan eg få arbeidsavklaringspenger?"),  # three letters are enough in small letters
        ("Treng vi pengar i selskapet no?", "Treng vi aksjekapital no?"),
        ("What is a limited company?", "What is a aksjeselskap?"),
        ("Starte en co-op i Ås", "Starte en samvirkeforetak i Ås"),
        ("AS eller SA?", "aksjeselskap eller samvirkeforetak?"),
    ],
)
def test_known_word_is_replaced_by_its_term_and_the_rest_stays(expander, query, rewritten):
    assert expander.rewrite(query) == rewritten


def test_longest_phrase_goes_before_the_words_in_it(expander):
    assert expander.rewrite("Penger på konto for å starte firma?") == "aksjekapital?"
    assert expander.rewrite("Vi vil starte firma.") == "Vi vil starte aksjeselskap."


@pytest.mark.parametrize("query", ["så lenge som as you like", "Hva sa hun?"])
def test_two_letters_are_an_abbreviation_only_in_capitals(expander, query):
    assert expander.rewrite(query) == query


@pytest.mark.parametrize("query", ["", "?", "Når er fristen?", "Hva er aksjekapital?", "  to  mellomrom  "])
def test_query_without_a_known_word_is_given_back_as_it_was(expander, query):
    assert expander.rewrite(query) == query


def test_first_of_two_terms_with_the_same_everyday_word_is_used():
    assert Expander((Term("lag", ("klubb",)), Term("forening", ("klubb",)))).rewrite("Vår klubb") == "Vår lag"


def test_term_is_never_rewritten_to_itself():
    assert Expander((Term("frist", ("fristen", "frister")),)).rewrite("Fristen er ute") == "Fristen er ute"


def test_no_terms_change_nothing():
    assert Expander(()).rewrite("Et AS") == "Et AS"


def test_terms_of_the_corpus_reach_the_opened_index(corpus_dir, built_index):
    assert (built_index.catalog.terms, []) == read_terms(corpus_dir)
    assert built_index.expander.rewrite("Trenger et firma startkapital?") == "Trenger et aksjeselskap aksjekapital?"
