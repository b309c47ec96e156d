"""BM25 as shares of the query in [0, 1]: counted by hand where that can be done."""

from math import log

import numpy as np
import pytest

from index.analyse import stem, stems, stems_and_grams, words
from index.keyword import KeywordIndex

# Okapi BM25 with k1 = 1.2 and b = 0.75. In a chunk of average length a term that stands once scores
# idf · 1 / (1 + 1.2), so a query of that term alone scores 1 / 2.2 = 5 / 11 of its ideal, whatever its idf.
ONCE = 5 / 11


def _idf(num_chunks, frequency):
    return log(1 + (num_chunks - frequency + 0.5) / (frequency + 0.5))


# Words → terms


def test_words_are_lower_case_and_keep_norwegian_letters_and_numbers():
    assert words("Ås Kommune gir 30 000 kr til ØVING-en, idé!") == [
        "ås",
        "kommune",
        "gir",
        "30",
        "000",
        "kr",
        "til",
        "øving",
        "en",
        "idé",
    ]


def test_forms_of_a_word_have_one_stem():
    assert {stem(word) for word in ("tilskudd", "tilskuddet", "tilskuddene")} == {"tilskudd"}
    assert stems("Fristen og fristene") == [stem("frist"), stem("og"), stem("frist")]


def test_grams_are_five_letters_of_the_stem_with_its_ends_marked():
    assert stems_and_grams("tilskuddet om") == [
        "tilskudd",
        "#_tils",
        "#tilsk",
        "#ilsku",
        "#lskud",
        "#skudd",
        "#kudd_",
        "om",
    ]


def test_words_of_four_letters_or_fewer_have_no_grams():
    assert stems_and_grams("lag") == ["lag"]


# Scores


def test_one_term_in_an_average_chunk_scores_five_elevenths():
    by_stems = KeywordIndex.build(["frist søknad", "lån bank"]).score("frist").fields[0]
    assert by_stems.tolist() == [pytest.approx(ONCE), 0]


def test_term_that_stands_twice_scores_more_but_never_one():
    by_stems = KeywordIndex.build(["frist frist", "lån bank"]).score("frist").fields[0]
    assert by_stems[0] == pytest.approx(2 / (2 + 1.2))


def test_shorter_chunk_scores_higher_for_the_same_term():
    # Lengths 1 and 3, average 2: the length factors are 1 - 0.75 + 0.75 · 1/2 and 1 - 0.75 + 0.75 · 3/2.
    by_stems = KeywordIndex.build(["frist", "frist lån bank"]).score("frist").fields[0]
    assert by_stems.tolist() == pytest.approx([1 / (1 + 1.2 * 5 / 8), 1 / (1 + 1.2 * 11 / 8)])


def test_equally_rare_terms_share_the_score_equally():
    by_stems = KeywordIndex.build(["frist søknad", "lån bank"]).score("frist bank").fields[0]
    assert by_stems.tolist() == pytest.approx([ONCE / 2, ONCE / 2])


def test_unknown_term_counts_in_full_and_weighs_most():
    by_stems = KeywordIndex.build(["frist søknad", "lån bank"]).score("frist sjiraff").fields[0]
    known, unknown = _idf(2, 1), _idf(2, 0)
    assert unknown > known
    assert by_stems[0] == pytest.approx(ONCE * known / (known + unknown))


def test_word_said_twice_in_the_query_counts_once():
    index = KeywordIndex.build(["frist søknad", "lån bank"])
    assert index.score("frist frist lån").fields[0].tolist() == index.score("frist lån").fields[0].tolist()


@pytest.mark.parametrize("query", ["", "?!", "sjiraff", "giraffe zebra"])
def test_query_without_a_known_term_scores_nothing(query):
    by_stems, by_grams = KeywordIndex.build(["frist søknad", "lån bank"]).score(query).fields[:2]
    assert by_stems.tolist() == by_grams.tolist() == [0, 0]


def test_scores_lie_between_zero_and_one_for_every_chunk_and_query(built_index):
    chunks = built_index.catalog.chunks
    for chunk in chunks:
        for scores in built_index.keyword.score(chunk.search_text).fields:
            assert scores.shape == (len(chunks),)
            assert scores.dtype == np.float32
            assert 0 <= scores.min() <= scores.max() < 1


def test_every_chunk_finds_itself_first(built_index):
    texts = [chunk.pooled_text for chunk in built_index.catalog.chunks]
    for scores in (built_index.keyword.score(text).fields[:2] for text in texts):
        assert all(by.max() > 0.3 for by in scores)
    best = [texts[int(built_index.keyword.score(text).fields[0].argmax())] for text in texts]
    assert best == texts


def test_one_of_two_near_identical_sentences_answers():
    index = KeywordIndex.build(
        [
            "Søknadsfristen for tilskuddet fra fylket er 1. mars.",
            "Søknadsfristen for tilskuddet fra kommunen er 1. april.",
        ]
    )
    for scores in index.score("Når er fristen hos kommunen?").fields[:2]:
        assert scores[1] > scores[0]


@pytest.mark.parametrize(
    ("query", "chunk"),
    [
        ("frist", "Søknadsfristen er i mars."),  # part of a compound
        ("lønnstilskudd", "Tilskudd til lønn."),  # the compound, in parts
        ("tilskot", "Tilskudd fra fylket."),  # nynorsk
        ("arbeidsgjevar", "En arbeidsgiver."),
        ("opplæringa", "Opplæringen varer i ett år."),
    ],
)
def test_five_grams_find_compounds_and_nynorsk_forms(query, chunk):
    by_grams = KeywordIndex.build([chunk, "Katten sover."]).score(query).fields[1]
    assert by_grams[0] > by_grams[1] == 0


def test_five_grams_find_what_stems_miss():
    by_stems, by_grams = (
        KeywordIndex.build(["Aksjekapitalen er satt inn.", "Katten sover."]).score("startkapital").fields[:2]
    )
    assert by_stems.tolist() == [0, 0]
    assert by_grams[0] > 0


# Coverage


def test_coverage_is_the_share_of_the_query_that_a_text_has():
    index = KeywordIndex.build(["frist lån", "søke bank"])
    texts = ["Frist.", "Bank og frist.", "Katt.", ""]
    assert index.coverage("frist bank", texts)[[1, 2, 3]].tolist() == pytest.approx([1, 0, 0])
    # Stems: one of two equally rare terms. Five-grams: «frist» has two more of its own, «bank» is too short for any.
    assert index.coverage("frist bank", texts)[0] == pytest.approx((1 / 2 + 4 / 5) / 2)


def test_coverage_of_an_empty_query_is_zero():
    assert KeywordIndex.build(["frist"]).coverage("", ["frist"]).tolist() == [0]


# On disk


def test_saved_index_scores_as_the_one_in_memory(tmp_path):
    texts = ["Søknadsfristen er 1. mars.", "Søknadsfristen er 1. april.", "Øvelse gjør mester i Ås."]
    index = KeywordIndex.build(texts)
    index.save(tmp_path / "keyword")
    again = KeywordIndex.load(tmp_path / "keyword")
    for query in ("frist i mars", "øvelser", "ukjent sjiraff", ""):
        for before, after in zip(index.score(query).fields, again.score(query).fields, strict=True):
            assert before.tolist() == after.tolist()
        assert index.coverage(query, texts).tolist() == again.coverage(query, texts).tolist()
