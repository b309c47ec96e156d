"""`python -m eval.apart`: two processes of the chat on one Chroma server, against one with the index on its own disk.

The index in use is copied, and its passages put on a Chroma server that is started for it. Then so many people ask the
same questions, each the next one when the last is answered: of one process, and of two; in turns, so that what else
the machine does meets both.
"""

import argparse
import asyncio
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from assistant.config import read_config
from eval.browser import running_chroma, running_server
from eval.load import Ask, Person, Timing, ask_stream, percentile, time_answer
from index.carry import carry_versions
from index.document import read_corpus
from index.versions import build_lock, read_pointer

ALONE = "one process, index on its disk"
_TIMEOUT_S = 60


@dataclass(frozen=True)
class Round:
    """The answers of one round, and how long all of them took together."""

    timings: tuple[Timing, ...]
    seconds: float

    @property
    def per_s(self) -> float:
        """Answers in a second."""
        return len(self.timings) / self.seconds


async def ask_all(ask: Ask, people: Sequence[Person], questions: Sequence[str]) -> Round:
    """The round: each takes the next question as soon as the last is answered, until there are no more."""
    waiting = iter(questions)

    async def be(person: Person) -> list[Timing]:
        return [await time_answer(ask, person, question) for question in waiting]

    started = time.perf_counter()
    groups = await asyncio.gather(*map(be, people))
    return Round(tuple(timing for group in groups for timing in group), time.perf_counter() - started)


async def measure(addresses: Sequence[str], questions: Sequence[str], num_people: int) -> Round:
    """The round on these processes; each person keeps to one of them."""
    async with AsyncExitStack() as stack:
        people = []
        for number in range(num_people):
            client = httpx.AsyncClient(base_url=addresses[number % len(addresses)], timeout=_TIMEOUT_S)
            people.append(Person(await stack.enter_async_context(client), f"person{number}"))
            (await client.get("/helse")).raise_for_status()  # the connection stands before the clock starts
        return await ask_all(ask_stream, people, questions)


@contextmanager
def running_sites() -> Iterator[dict[str, list[str]]]:
    """The addresses of the processes of each way, by its name."""
    home = read_config().index
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        copy = Path(folder) / "index"
        version = read_pointer(home)
        shutil.copytree(home / version, copy / version, ignore=shutil.ignore_patterns("chroma"))
        shutil.copy(home / "current", copy)
        url = stack.enter_context(running_chroma(Path(folder) / "chroma"))
        with build_lock(copy):
            carry_versions(copy, url)
        plain = {"ABC_STORE": str(Path(folder) / "abc.sqlite")}
        alone = stack.enter_context(running_server(plain))
        remote = {**plain, "ABC_INDEX": str(copy), "ABC_CHROMA_URL": url}
        apart = [stack.enter_context(running_server(remote)) for _ in range(2)]
        yield {ALONE: [alone], "one process, Chroma server": apart[:1], "two processes, one Chroma server": apart}


def row(name: str, rounds: Sequence[Round], alone: Sequence[Round]) -> str:
    """A line of the table; the ratios are to the round of `alone` that was run beside it."""
    timings = [timing for one in rounds for timing in one.timings]
    whole = [timing.whole_s * 1000 for timing in timings if not timing.error]
    ratios = [one.per_s / other.per_s for one, other in zip(rounds, alone, strict=True)]
    cells = [
        name,
        str(len(timings)),
        str(len(timings) - len(whole)),
        f"{statistics.median(one.per_s for one in rounds):.1f}",
        f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})",
        " / ".join(f"{percentile(whole, share):.0f}" for share in (0.5, 0.95)) if whole else "–",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """Prints the table; 1 when an answer failed, or was found without the server."""
    parser = argparse.ArgumentParser(prog="python -m eval.apart", description=__doc__)
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--questions", type=int, default=200, help="in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    asked = [question for document in read_corpus(read_config().corpus).documents for question in document.questions]
    chance = random.Random(options.seed)
    with running_sites() as sites:
        rounds: dict[str, list[Round]] = {name: [] for name in sites}
        for _ in range(options.rounds):
            questions = chance.sample(asked, options.questions)
            for name, addresses in sites.items():
                rounds[name].append(asyncio.run(measure(addresses, questions, options.people)))
        last = [httpx.post(f"{a}/api/ask", json={"question": asked[0]}).json() for own in sites.values() for a in own]
    print(f"{options.people} people, {options.questions} questions in a round, {options.rounds} rounds, ", end="")
    print(f"index {last[0]['receipt']['index']}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}\n")
    print(
        "| way | answers | errors | answers a second | ratio | whole answer, ms: p50 / p95 |\n|---|---|---|---|---|---|"
    )
    print("\n".join(row(name, own, rounds[ALONE]) for name, own in rounds.items()))
    failed = any(timing.error for own in rounds.values() for one in own for timing in one.timings)
    return 1 if failed or any(answer["receipt"]["note"] for answer in last) else 0


if __name__ == "__main__":
    sys.exit(main())
