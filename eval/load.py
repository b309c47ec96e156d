"""`python -m eval.load`: many people at once on a real `abc serve`, through the API's stream and through the page.

Each has a connection of their own, asks questions of our corpus (they are in the index, so their vectors need not be
made anew: that is 0.1 ms of an answer) and reads for a while before the next. Then all press Enter in the same instant.
"""

import argparse
import asyncio
import json
import math
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx

from assistant.config import read_config
from eval.browser import running_server
from index.document import read_corpus

AIMS_S = {"stream": 0.15, "page": 1.0}  # 95 of 100 have their first words within this
_TIMEOUT_S = 60
_PAGE_PATH = "/"


@dataclass(frozen=True)
class Person:
    """Somebody with the page open: a connection of their own, and what the server knows them by."""

    client: httpx.AsyncClient
    session: str


@dataclass(frozen=True)
class Timing:
    """Seconds from Enter to the first words and to the whole answer; `error` is what went wrong instead."""

    first_s: float
    whole_s: float
    error: str = ""


Ask = Callable[[Person, str], AsyncIterator[bool]]


async def ask_stream(person: Person, question: str) -> AsyncIterator[bool]:
    """One item as each part comes through `/api/ask/stream`: whether it is the last."""
    async with person.client.stream("POST", "/api/ask/stream", json={"question": question}) as response:
        response.raise_for_status()
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
                if name == "error":
                    raise ValueError("the stream told of an error")
                yield name == "answer"


async def ask_page(person: Person, question: str) -> AsyncIterator[bool]:
    """One item as each state of the page comes through Gradio's queue: whether it is the last."""
    asked = {"id": 1, "question": question, "turn": 0, "language": "nb"}
    form = {"data": [], "event_data": asked, "fn_index": 0, "session_hash": person.session}
    (await person.client.post("/gradio_api/queue/join", json=form)).raise_for_status()
    path = f"/gradio_api/queue/data?session_hash={person.session}"
    async with person.client.stream("GET", path) as response:
        response.raise_for_status()
        async for line in response.aiter_lines():
            event: dict[str, Any] = json.loads(line.removeprefix("data: ")) if line else {}
            if event.get("msg") == "process_completed" and not event["success"]:
                raise ValueError("the page's function failed")
            if event.get("msg") in ("process_generating", "process_completed"):
                yield event["msg"] == "process_completed"
            if event.get("msg") == "process_completed":
                return


WAYS: dict[str, Ask] = {"stream": ask_stream, "page": ask_page}


async def time_answer(ask: Ask, person: Person, question: str) -> Timing:
    """How long one answer took; whatever goes wrong is an error of the run and not of this program."""
    started = time.perf_counter()
    first = 0.0
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            async for is_last in ask(person, question):
                first = first or time.perf_counter() - started
                if is_last:
                    return Timing(first, time.perf_counter() - started)
        return Timing(first, 0.0, "the answer never ended")
    except (httpx.HTTPError, TimeoutError, ValueError) as error:
        return Timing(first, 0.0, repr(error))


async def ask_for_a_while(
    ask: Ask, people: Sequence[Person], questions: Sequence[str], seconds: float, reading_s: float, seed: int
) -> list[Timing]:
    """The timings of people who ask, read for `reading_s` in the mean, and ask again."""
    deadline = time.perf_counter() + seconds

    async def be(person: Person, number: int) -> list[Timing]:
        chance = random.Random(seed + number)
        timings: list[Timing] = []
        while True:
            await asyncio.sleep(chance.expovariate(1 / reading_s))
            if time.perf_counter() > deadline:
                return timings
            timings.append(await time_answer(ask, person, chance.choice(questions)))

    groups = await asyncio.gather(*(be(person, number) for number, person in enumerate(people)))
    return [timing for group in groups for timing in group]


async def ask_at_once(ask: Ask, people: Sequence[Person], questions: Sequence[str], seed: int) -> list[Timing]:
    """The timings when all press Enter in the same instant, each with a question of their own."""
    asked = random.Random(seed).sample(list(questions), len(people))
    pairs: list[Awaitable[Timing]] = [time_answer(ask, *pair) for pair in zip(people, asked, strict=True)]
    return list(await asyncio.gather(*pairs))


async def measure(address: str, questions: Sequence[str], options: argparse.Namespace) -> dict[str, list[Timing]]:
    """The timings of each way of asking, by its name and how people asked."""
    results: dict[str, list[Timing]] = {}
    async with AsyncExitStack() as stack:
        people = []
        for number in range(options.people):
            client = httpx.AsyncClient(base_url=address, timeout=_TIMEOUT_S)
            people.append(Person(await stack.enter_async_context(client), f"person{number}"))
            (await client.get(_PAGE_PATH)).raise_for_status()
        for way in options.ways:
            arguments = (WAYS[way], people, questions)
            results[f"{way}, reading"] = await ask_for_a_while(
                *arguments, options.seconds, options.reading, options.seed
            )
            bursts = [await ask_at_once(*arguments, options.seed + number) for number in range(options.bursts)]
            results[f"{way}, at once"] = [timing for burst in bursts for timing in burst]
    return results


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of the values do not exceed. Source: nearest rank."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def _row(name: str, timings: Sequence[Timing]) -> str:
    good = [timing for timing in timings if not timing.error]
    cells = [name, str(len(timings)), str(len(timings) - len(good))]
    for values in ([timing.first_s for timing in good], [timing.whole_s for timing in good]):
        spread = [percentile(values, share) * 1000 for share in (0.5, 0.95, 1)] if values else []
        cells.append(" / ".join(f"{value:.0f}" for value in spread) or "–")
    return f"| {' | '.join(cells)} |"


def misses(results: dict[str, list[Timing]]) -> list[str]:
    """What is not as it should be: any error, and first words that come too late to people who read."""
    found = []
    for name, timings in results.items():
        way, _, how = name.partition(", ")
        found += sorted({f"{name}: {timing.error}" for timing in timings if timing.error})
        first = [timing.first_s for timing in timings if not timing.error]
        if how == "reading" and first and percentile(first, 0.95) > AIMS_S[way]:
            found.append(f"{name}: first words p95 {percentile(first, 0.95):.2f} s, the aim is {AIMS_S[way]} s")
    return found


def main() -> int:
    """Prints the table; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(prog="python -m eval.load", description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--reading", type=float, default=5, help="mean seconds between an answer and the next question")
    parser.add_argument("--bursts", type=int, default=3)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    documents = read_corpus(read_config().corpus).documents
    questions = [question for document in documents for question in document.questions]
    with running_server({}) as address:
        results = asyncio.run(measure(address, questions, options))
        index = httpx.get(f"{address}/helse").json()["index"]
    print(f"{options.people} people, {options.reading:g} s of reading, index {index}, {os.cpu_count()} cores\n")
    print("| way | questions | errors | first words, ms: p50 / p95 / max | whole answer, ms: p50 / p95 / max |")
    print("|---|---|---|---|---|")
    print("\n".join(_row(name, timings) for name, timings in results.items()))
    missed = misses(results)
    print("\n".join(["", *missed]), end="\n" if missed else "")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
