"""What a conversation asks for, where the guide has no names to help."""

import pytest

from assistant.types import Intent
from assistant.understand import understand


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
    assert query.text.startswith("Hvor mye")


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
