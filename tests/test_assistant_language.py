"""Which language a question is in, however short or misspelled, and which one is asked for."""

import pytest

from assistant.language import detect_language, take_wish


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hvordan søker jeg om tilskudd?", "nb"),
        ("Hva er ikke dekket?", "nb"),
        ("Hvilke frister må dere huske?", "nb"),
        ("Korleis søkjer eg om tilskot?", "nn"),
        ("Kva er ikkje dekt?", "nn"),
        ("Kven får pengar frå kommunen?", "nn"),
        ("How do we apply for the grant?", "en"),
        ("Who can get money from the fund?", "en"),
        ("What is the deadline?", "en"),
    ],
)
def test_language_is_found_by_words_that_only_it_uses(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_a_name_alone_is_in_the_default_language() -> None:
    assert detect_language("Etableringsfondet") == "nb"
    assert detect_language("Etableringsfondet", default="nn") == "nn"


def test_as_many_words_of_two_languages_is_the_default_language() -> None:
    assert detect_language("hvordan korleis") == "nb"
    assert detect_language("hvordan korleis", default="nn") == "nn"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("kor mykje?", "nn"),
        ("kven?", "nn"),
        ("søkje midlar", "nn"),
        ("stifte føretak", "nn"),
        ("Treng vi revisor? Korleis finn vi ein?", "nn"),
        ("kva er deadline for grant", "nn"),
        ("kvar finn eg application form", "nn"),
        ("who?", "en"),
        ("how much?", "en"),
        ("AS vs foundation", "en"),
        ("registration fee", "en"),
        ("Can an AS apply to Nav?", "en"),
        ("is it free", "en"),
        ("waht is the dedline for aplying", "en"),
        ("hvem?", "nb"),
        ("AS vs stiftelse", "nb"),
        ("hvordn søkr vi om støtte", "nb"),
        ("hva er deadline", "nb"),
        ("hvor mye funding kan vi få", "nb"),
        ("moms", "nb"),
        ("dokument arrangement element", "nb"),
        ("Hvad er fristen, og hvordan ansøger man?", "nb"),
        ("Vad är ett aktiebolag?", "nb"),
        ("Was ist eine Stiftung?", "nb"),
    ],
)
def test_short_misspelled_mixed_and_foreign_questions_have_a_language_too(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "rest", "language"),
    [
        ("Hvem kan søke? Svar på engelsk", "Hvem kan søke?", "en"),
        ("Hvem kan søke? svar meg på nynorsk, takk", "Hvem kan søke?", "nn"),
        ("Hvem kan søke? (på engelsk)", "Hvem kan søke?", "en"),
        ("Hvem kan søke, på nynorsk takk", "Hvem kan søke", "nn"),
        ("på nynorsk: Hvem kan søke?", "Hvem kan søke?", "nn"),
        ("For nynorsk: Hvem kan søke?", "Hvem kan søke?", "nn"),
        ("Who can apply? Answer in Norwegian", "Who can apply?", "nb"),
        ("Hvem kan søke? In English please", "Hvem kan søke?", "en"),
        ("Can you answer in English? Hvem kan søke", "Hvem kan søke", "en"),
        ("på engelsk", "", "en"),
    ],
)
def test_a_wish_for_a_language_is_taken_out_of_the_question(text: str, rest: str, language: str) -> None:
    assert take_wish(text) == (rest, language)


@pytest.mark.parametrize(
    "text",
    [
        "Kan vi søke på engelsk?",
        "Må vedtektene være på norsk?",
        "Finnes skjemaet på nynorsk?",
        "Can the report be in English?",
        "Har dere kurs i norsk for innvandrere?",
    ],
)
def test_a_question_about_a_language_is_no_wish(text: str) -> None:
    assert take_wish(text) == (text, None)
