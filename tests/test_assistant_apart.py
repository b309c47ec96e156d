"""Two processes of the chat on one Chroma server and one PostgreSQL: the same answers, also when a server is away."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import write_corpus
from faults import wait_until
from servers import Chroma, can_run_postgres, running_postgres

from assistant.config import Config
from assistant.feedback.keep import FeedbackStore
from assistant.texts import say
from eval.browser import running_server

QUESTION = "Hvor mye aksjekapital må vi ha?"
FEEDBACK = {
    "answer_id": "0123456789abcdef", "question": QUESTION, "status": "answered", "rating": "not_helpful",
    "reason": "wrong", "version": "000001-abc", "documents": ["guide/aksjekapital"], "language": "nn",
}  # fmt: skip


@dataclass(frozen=True)
class Site:
    """A guide served by two processes; `database` ends PostgreSQL when it is closed."""

    folder: Path
    chroma: Chroma
    database: ExitStack
    environment: dict[str, str]
    addresses: list[str]

    def ask(self, question: str = QUESTION) -> list[dict[str, Any]]:
        """The answer of each process."""
        asked = [httpx.post(f"{a}/api/ask", json={"question": question}, timeout=30) for a in self.addresses]
        return [response.raise_for_status().json() for response in asked]

    def notes(self, question: str = QUESTION) -> list[str | None]:
        """What each process says of how it found the answer."""
        return [answer["receipt"]["note"] for answer in self.ask(question)]

    def build(self, amount: str) -> None:
        """Builds a version with another share capital, as a maintainer does."""
        file = self.folder / "corpus/guide/aksjekapital.md"
        file.write_text(re.sub(r"\d\d 000 kroner", f"{amount} kroner", file.read_text("utf-8")), "utf-8")
        run_abc(self.environment, "index", "build", "--no-gate")


def run_abc(environment: dict[str, str], *arguments: str) -> str:
    """What `abc` says."""
    command = [sys.executable, "-m", "assistant", *arguments]
    path = {"PATH": str(Path(sys.executable).parent)}
    ran = subprocess.run(command, env={**path, **environment}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    write_corpus(folder / "corpus")
    with ExitStack() as stack:
        chroma = Chroma(folder / "chroma")
        stack.callback(chroma.stop)
        database = stack.enter_context(ExitStack())
        store = database.enter_context(running_postgres()) if can_run_postgres() else str(folder / "abc.sqlite")
        environment = {
            "ABC_CORPUS": str(folder / "corpus"), "ABC_INDEX": str(folder / "index"),
            "ABC_CHROMA_URL": chroma.url, "ABC_STORE": store,
        }  # fmt: skip
        run_abc(environment, "index", "build")
        addresses = [stack.enter_context(running_server(environment)) for _ in range(2)]
        yield Site(folder, chroma, database, environment, addresses)


def test_both_give_the_same_answer_and_have_no_vectors_of_their_own(site: Site) -> None:
    one, other = site.ask()
    assert "30 000 kroner" in one["text"]
    assert [{**answer, "receipt": None} for answer in (one, other)] == [{**one, "receipt": None}] * 2
    assert (one["receipt"]["note"], other["receipt"]["note"]) == (None, None)
    assert "Indeksen er hel." in run_abc(site.environment, "index", "status")
    assert not list((site.folder / "index").rglob("chroma*"))


def test_while_chroma_is_away_both_answer_the_same_and_say_so_in_the_language_of_the_question(site: Site) -> None:
    before = site.ask()
    site.chroma.stop()
    during = site.ask()
    assert [answer["text"] for answer in during] == [answer["text"] for answer in before]
    assert site.notes() == [say("nb", "search_away")] * 2
    assert site.notes("What is the share capital we need?") == [say("en", "search_away")] * 2
    site.chroma.start()
    wait_until(lambda: site.notes() == [None, None])
    assert site.ask()[0]["text"] == before[0]["text"]


def test_a_new_version_and_a_rollback_are_seen_by_both_also_while_chroma_is_away(site: Site) -> None:
    def all_say(amount: str) -> bool:
        return all(f"{amount} kroner" in answer["text"] for answer in site.ask())

    site.build("45 000")
    wait_until(lambda: all_say("45 000"))
    assert site.notes() == [None, None]
    site.chroma.stop()
    run_abc(site.environment, "index", "rollback")
    wait_until(lambda: all_say("30 000"))
    site.chroma.start()
    wait_until(lambda: site.notes() == [None, None])


def test_feedback_to_either_is_kept_in_one_database_and_missed_aloud_while_that_is_away(site: Site) -> None:
    if not can_run_postgres():
        pytest.skip("PostgreSQL or psycopg is not installed")
    send = [lambda a=address: httpx.post(f"{a}/api/feedback", json=FEEDBACK, timeout=30) for address in site.addresses]
    assert [one().status_code for one in send] == [204, 204]
    assert len(FeedbackStore(site.environment["ABC_STORE"], Config.keep_days).rows(30)) == 2
    site.database.close()
    refused = [one() for one in send]
    assert [(one.status_code, one.json()["error"]) for one in refused] == [(503, say("nn", "feedback_failed"))] * 2
    assert all("kroner" in answer["text"] for answer in site.ask())
