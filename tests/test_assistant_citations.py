"""`[n]` in every form that language models write it, and what becomes of sentences without."""

import pytest

from assistant.citations import split_marked


@pytest.mark.parametrize(
    "text",
    [
        "Foreninger kan søke [1].",
        "Foreninger kan søke. [1]",
        "Foreninger kan søke.[1]",
        "Foreninger kan søke[1].",
        "Foreninger kan søke 【1】.",
        "Foreninger kan søke.【1】",
        "Foreninger kan søke [ 1 ].",
        "- Foreninger kan søke. [1]",
        "* Foreninger kan søke [1].",
        "Foreninger kan søke.\n[1]",
        "  Foreninger kan søke [1]. ",
    ],
)
def test_one_mark_in_any_form_and_place_belongs_to_its_sentence(text: str) -> None:
    assert split_marked(text) == [("Foreninger kan søke.", (1,))]


@pytest.mark.parametrize(
    ("marks", "numbers"),
    [
        ("[1, 2]", (1, 2)),
        ("[1,2]", (1, 2)),
        ("[1; 2]", (1, 2)),
        ("【1, 2】", (1, 2)),
        ("[1-3]", (1, 2, 3)),
        ("[1–3]", (1, 2, 3)),
        ("[1, 3-4]", (1, 3, 4)),
        ("[1][2]", (1, 2)),
        ("[1] [2]", (1, 2)),
        ("[1]【2】[3, 4]", (1, 2, 3, 4)),
    ],
)
def test_several_marks_after_a_sentence_all_belong_to_it(marks: str, numbers: tuple[int, ...]) -> None:
    assert split_marked(f"Foreninger kan søke. {marks}") == [("Foreninger kan søke.", numbers)]
    [(sentence, found)] = split_marked(f"Foreninger kan søke {marks}.")
    assert (sentence.rstrip("."), found) == ("Foreninger kan søke", numbers)


def test_each_sentence_has_its_own_marks_before_the_full_stop() -> None:
    text = "Foreninger kan søke [1]. Fristen er 1. mars [2]."
    assert split_marked(text) == [("Foreninger kan søke.", (1,)), ("Fristen er 1. mars.", (2,))]


def test_each_sentence_has_its_own_marks_after_the_full_stop() -> None:
    text = "Foreninger kan søke. [1] Fristen er 1. mars. [2]"
    assert split_marked(text) == [("Foreninger kan søke.", (1,)), ("Fristen er 1. mars.", (2,))]


def test_marks_on_both_sides_of_the_full_stop_belong_to_the_same_sentence() -> None:
    assert split_marked("Foreninger kan søke [1]. [2]") == [("Foreninger kan søke.", (1, 2))]


def test_a_question_or_an_exclamation_keeps_its_sign() -> None:
    assert split_marked("Kan vi søke [1]? Ja [2]!") == [("Kan vi søke?", (1,)), ("Ja!", (2,))]


@pytest.mark.parametrize("text", ["Foreninger kan søke.", "Foreninger kan søke [1", "Foreninger kan søke (1)."])
def test_a_sentence_without_a_readable_mark_cites_nothing(text: str) -> None:
    assert [numbers for _, numbers in split_marked(text)] == [()]


def test_a_mark_covers_only_the_sentence_that_it_ends() -> None:
    text = "Alle får støtte. Foreninger kan søke [1]. Fristen er ute."
    assert split_marked(text) == [("Alle får støtte.", ()), ("Foreninger kan søke.", (1,)), ("Fristen er ute.", ())]


def test_every_line_of_a_list_is_a_sentence() -> None:
    assert split_marked("- en plan [2]\n- et regnskap [3]") == [("en plan", (2,)), ("et regnskap", (3,))]


def test_a_number_outside_the_passages_is_passed_on_as_it_stands() -> None:
    assert split_marked("Foreninger kan søke [0, 99].") == [("Foreninger kan søke.", (0, 99))]


@pytest.mark.parametrize("marks", ["[1-500]", "[1-99999999]", "[3-1]"])
def test_an_endless_or_backward_range_cites_nothing(marks: str) -> None:
    assert split_marked(f"Foreninger kan søke {marks}.") == [("Foreninger kan søke.", ())]


def test_brackets_that_are_no_mark_stay_in_the_sentence() -> None:
    assert split_marked("Skriv [fyll inn navn] her [1].") == [("Skriv [fyll inn navn] her.", (1,))]


def test_an_abbreviation_or_ordinal_before_a_mark_does_not_end_the_sentence() -> None:
    assert split_marked("Støtten er ca. 50 kroner fra 1. mars [1].") == [
        ("Støtten er ca. 50 kroner fra 1. mars.", (1,))
    ]


@pytest.mark.parametrize("text", ["", " \n ", "[1]", "[1]."])
def test_no_sentence_gives_nothing(text: str) -> None:
    assert split_marked(text) == []
