"""The measurement of several processes: every question once, and ratios to the round run beside."""

import asyncio
from collections.abc import AsyncIterator

import httpx

from eval.apart import Round, ask_all, row
from eval.load import Person, Timing

QUESTIONS = [f"Spørsmål {number}?" for number in range(7)]


def test_every_question_is_asked_once_by_whoever_is_free():
    asked: list[tuple[str, str]] = []

    async def ask(person: Person, question: str) -> AsyncIterator[bool]:
        asked.append((person.session, question))
        await asyncio.sleep(0)
        yield True

    people = [Person(httpx.AsyncClient(), name) for name in ("en", "to", "tre")]
    done = asyncio.run(ask_all(ask, people, QUESTIONS))
    assert sorted(question for _, question in asked) == QUESTIONS
    assert {session for session, _ in asked} == {"en", "to", "tre"}
    assert (len(done.timings), {timing.error for timing in done.timings}) == (len(QUESTIONS), {""})


def test_a_row_has_errors_apart_and_each_round_beside_the_one_alone():
    good, bad = Timing(0.1, 0.2), Timing(0.0, 0.0, "ReadTimeout()")
    alone = [Round((good,) * 4, 2.0), Round((good,) * 4, 4.0)]
    apart = [Round((good,) * 4, 1.0), Round((good, good, good, bad), 1.0)]
    assert row("to", apart, alone) == "| to | 8 | 1 | 4.0 | 3.00 (2.00–4.00) | 200 / 200 |"
