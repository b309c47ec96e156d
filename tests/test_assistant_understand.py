"""Which language a question is in, what kind of answer it wants, and what a follow-up means on its own."""

import pytest

from assistant.types import Intent
from assistant.understand import detect_language, find_intent, understand


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
    ("text", "intent"),
    [
        ("Når er søknadsfristen?", Intent.DEADLINE),
        ("What is the deadline for the fund?", Intent.DEADLINE),
        ("Hvor mye kan en forening få?", Intent.AMOUNT),
        ("Kor mykje pengar kan laget få?", Intent.AMOUNT),
        ("How much can an association get?", Intent.AMOUNT),
        ("Hvem kan søke fondet?", Intent.WHO_CAN_APPLY),
        ("Kven kan søkje fondet?", Intent.WHO_CAN_APPLY),
        ("Hvilke krav stiller fylket?", Intent.REQUIREMENTS),
        ("What are the requirements?", Intent.REQUIREMENTS),
        ("Hvor lenge varer støtten?", Intent.DURATION),
        ("Må vi levere rapport etterpå?", Intent.REPORTING),
        ("Kan støtten kombineres med lån?", Intent.COMBINATION),
        ("Hva dekkes ikke av fondet?", Intent.NOT_COVERED),
        ("Hvor stor egenandel er det?", Intent.OWN_SHARE),
        ("Hva er hjemmelen for fondet?", Intent.LEGAL_BASIS),
        ("Hvem forvalter fondet?", Intent.ADMINISTRATOR),
        ("Hvordan søker man på fondet?", Intent.APPLICATION),
        ("Hvordan stifter man et aksjeselskap?", Intent.STEPS),
        ("Hva er et samvirkeforetak?", Intent.DEFINITION),
        ("Hvilke tilskudd finnes?", Intent.LIST),
        ("Fortell om en kafé som har lyktes", Intent.STORY),
        ("Takk for hjelpen", Intent.GENERAL),
    ],
)
def test_intent_is_the_kind_of_answer_that_is_wanted(text: str, intent: Intent) -> None:
    assert find_intent(text) is intent


def test_a_single_question_is_searched_as_it_stands() -> None:
    query = understand(["Og når er fristen?"])
    assert (query.text, query.is_follow_up) == ("Og når er fristen?", False)


@pytest.mark.parametrize(
    "follow_up",
    ["Og når er fristen?", "Hva med fristen?", "Når er fristen for det?", "Hva er fristen for denne ordningen?"],
)
def test_a_follow_up_becomes_standalone_with_the_topic_of_the_turn_before(follow_up: str) -> None:
    query = understand(["Hvem kan søke etableringsfondet?", follow_up])
    assert query.is_follow_up
    assert "etableringsfondet" in query.text
    assert "fristen" in query.text


def test_a_follow_up_wants_what_it_asks_for_itself() -> None:
    assert understand(["Hvem kan søke fondet?", "Og når er fristen?"]).intent is Intent.DEADLINE


def test_a_follow_up_that_names_only_another_thing_wants_the_same_of_it() -> None:
    query = understand(["Når er fristen for fondet?", "Hva med kommunen?"])
    assert query.intent is Intent.DEADLINE
    assert "kommunen" in query.text


def test_a_follow_up_of_a_follow_up_keeps_the_first_topic() -> None:
    query = understand(["Hvem kan søke etableringsfondet?", "Og når er fristen?", "Og hva med beløpet?"])
    assert query.is_follow_up
    assert "etableringsfondet" in query.text
    assert "beløpet" in query.text


@pytest.mark.parametrize(
    ("first", "second", "language"),
    [
        ("Kven får pengar frå fondet?", "Og fristen?", "nn"),
        ("Who can get money from the fund?", "Deadline for that?", "en"),
        ("Hvem får penger fra fondet?", "Og fristen?", "nb"),
    ],
)
def test_a_follow_up_without_a_language_of_its_own_keeps_the_one_before(first: str, second: str, language: str) -> None:
    assert understand([first, second]).language == language


@pytest.mark.parametrize(
    "topic", ["Hvor mye aksjekapital må et aksjeselskap ha?", "Hvilken skatt betaler en stiftelse?"]
)
def test_a_new_topic_is_no_follow_up(topic: str) -> None:
    query = understand(["Hvem kan søke etableringsfondet?", topic])
    assert (query.text, query.is_follow_up) == (topic, False)
    assert query.intent is understand([topic]).intent


def test_a_follow_up_after_a_new_topic_belongs_to_the_new_one() -> None:
    query = understand(["Hvem kan søke etableringsfondet?", "Hva er aksjekapital?", "Og hvor mye er det?"])
    assert "aksjekapital" in query.text
    assert "etableringsfondet" not in query.text


@pytest.mark.parametrize(
    ("text", "wants_list"),
    [
        ("Hvilke steg må vi gjennom?", True),
        ("Gi meg hele lista", True),
        ("Kva punkt må vere med, alle saman?", True),
        ("What documents do we need to enclose?", True),
        ("Når er fristen for alle?", False),
        ("Hvor mye kan vi få?", False),
    ],
)
def test_a_question_for_all_of_something_wants_a_list(text: str, wants_list: bool) -> None:
    assert understand([text]).wants_list is wants_list
