"""The load test: what is counted as first words, as the whole answer, as an error and as a miss."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from eval.load import (
    Person,
    Timing,
    ask_at_once,
    ask_for_a_while,
    ask_page,
    ask_stream,
    misses,
    percentile,
    time_answer,
)

QUESTIONS = [f"Spørsmål {number}?" for number in range(8)]


def person(reply: str, status: int = 200) -> Person:
    """Somebody whose server says the same to everything."""
    transport = httpx.MockTransport(lambda request: httpx.Response(status, text=reply))
    return Person(httpx.AsyncClient(base_url="http://abc.example", transport=transport), "en økt")


STREAM = 'event: text\ndata: {"text": "a"}\n\nevent: text\ndata: {"text": "b"}\n\nevent: answer\ndata: {}\n\n'
PAGE = (
    'data: {"msg": "estimation"}\n\ndata: {"msg": "process_generating"}\n\n'
    'data: {"msg": "process_completed", "success": true}\n\n'
)


@pytest.mark.parametrize(
    ("ask", "reply", "parts"), [(ask_stream, STREAM, [False, False, True]), (ask_page, PAGE, [False, True])]
)
def test_parts_of_an_answer_come_one_by_one_and_the_last_is_known(ask, reply, parts):
    async def collect() -> list[bool]:
        return [is_last async for is_last in ask(person(reply), "Hva?")]

    assert asyncio.run(collect()) == parts


@pytest.mark.parametrize(
    ("ask", "reply", "status", "error"),
    [
        (ask_stream, STREAM, 429, "429"),
        (ask_stream, 'event: error\ndata: {"error": "Noe gikk galt"}\n\n', 200, "told of an error"),
        (ask_stream, 'event: text\ndata: {"text": "a"}\n\n', 200, "never ended"),
        (ask_page, PAGE, 503, "503"),
        (ask_page, 'data: {"msg": "process_completed", "success": false}\n\n', 200, "failed"),
        (ask_page, 'data: {"msg": "estimation"}\n\n', 200, "never ended"),
    ],
)
def test_what_goes_wrong_is_an_error_of_that_answer(ask, reply, status, error):
    timing = asyncio.run(time_answer(ask, person(reply, status), "Hva?"))
    assert error in timing.error


def test_a_whole_answer_comes_after_its_first_words():
    timing = asyncio.run(time_answer(ask_stream, person(STREAM), "Hva?"))
    assert timing.error == ""
    assert 0 < timing.first_s <= timing.whole_s


def test_all_ask_at_once_and_each_something_else():
    asked = []

    async def ask(person: Person, question: str) -> AsyncIterator[bool]:
        asked.append(question)
        while len(asked) < len(QUESTIONS):  # ends only when everybody has asked
            await asyncio.sleep(0)
        yield True

    timings = asyncio.run(ask_at_once(ask, [person("")] * len(QUESTIONS), QUESTIONS, seed=1))
    assert sorted(asked) == QUESTIONS
    assert [timing.error for timing in timings] == [""] * len(QUESTIONS)


def test_nobody_asks_after_the_time_is_up():
    async def ask(person: Person, question: str) -> AsyncIterator[bool]:
        raise AssertionError("asked")
        yield True

    assert asyncio.run(ask_for_a_while(ask, [person("")] * 3, QUESTIONS, seconds=0, reading_s=1e-6, seed=1)) == []


@pytest.mark.parametrize(("share", "value"), [(0.5, 2), (0.95, 4), (0.25, 1), (1, 4)])
def test_a_percentile_is_a_value_that_was_measured(share, value):
    assert percentile([4, 1, 3, 2], share) == value


def test_late_first_words_and_errors_are_missed_aims_and_a_burst_is_only_reported():
    late, good = [Timing(0.2, 0.3)] * 20, [Timing(0.1, 0.3)] * 20
    assert misses({"stream, reading": good, "page, reading": late, "stream, at once": late}) == []
    [missed] = misses({"stream, reading": late})
    assert "0.20 s" in missed
    assert misses({"page, at once": [*good, Timing(0, 0, "ReadTimeout()")]}) == ["page, at once: ReadTimeout()"]
