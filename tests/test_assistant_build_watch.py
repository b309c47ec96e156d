"""Following the files of a guide: what counts as a save, one build at a time, and what an editor is told."""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from queue import Queue

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.build.child import ChildBuild
from assistant.build.result import End, Result
from assistant.build.watch import News, Watch, is_read
from assistant.config import Config
from assistant.ui.watch import PATH, stream, tell, watch_routes
from index.frontmatter import Problem

VERSION = "000012-0123abcd"
BUILT = Result(End.BUILT, VERSION, changes=("guide/aksjekapital, ingress: 30 000 kroner → 31 000 kroner",))
WAIT_S = 30


class FakeBuild:
    """Begins when it is asked to, and ends with what the test says."""

    def __init__(self) -> None:
        self.begun: Queue[None] = Queue()
        self.ends: Queue[Result] = Queue()

    def run(self) -> Result:
        self.begun.put(None)
        return self.ends.get(timeout=WAIT_S)

    def stop(self) -> None:
        self.ends.put(Result(End.FAILED))

    def finish(self, result: Result = BUILT) -> None:
        """Waits until a build has begun, and ends it."""
        self.begun.get(timeout=WAIT_S)
        self.ends.put(result)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.build.watch._TRY_AGAIN_MS", 50)


@contextmanager
def following(corpus: Path, serving: str = VERSION) -> Iterator[tuple[Watch, FakeBuild]]:
    build = FakeBuild()
    watch = Watch(corpus, build, lambda: serving)
    with watch.running():
        yield watch, build


def ended(watch: Watch) -> Result:
    until(lambda: watch.news().result is not None)
    result = watch.news().result
    assert result is not None
    return result


@pytest.mark.parametrize(
    "name",
    ["guide/a.md", "ordninger/sub/a.markdown", "sporsmal/guide/a.md", "kilder.yaml", "begreper.yaml", "maler/sub"],
)
def test_what_a_guide_is_read_from_counts(name: str) -> None:
    assert is_read(Path("/corpus"), f"/corpus/{name}")


@pytest.mark.parametrize(
    "name",
    [
        "utkast/a.md", "STATUS.md", "README.md", "guide/.a.md.swp", "guide/a.md~", "guide/.#a.md", "guide/a.md.tmp",
        "guide/kilder.yaml", "utkast/kilder.yaml",
    ],
)  # fmt: skip
def test_drafts_and_what_editors_leave_do_not_count(name: str) -> None:
    assert not is_read(Path("/corpus"), f"/corpus/{name}")


def test_it_builds_when_it_begins_and_after_a_save(corpus_dir: Path) -> None:
    with following(corpus_dir) as (watch, build):
        build.finish(Result(End.UNCHANGED, VERSION))
        assert ended(watch).end is End.UNCHANGED
        aside = corpus_dir / "guide" / ".aksjekapital.md.tmp"  # as editors do: written aside, then renamed
        aside.write_text("ny tekst", encoding="utf-8")
        aside.replace(corpus_dir / "guide" / "aksjekapital.md")
        build.finish()
        until(lambda: watch.news().result == BUILT)
    assert build.begun.empty()


def test_saves_during_a_build_are_one_build_after_it(corpus_dir: Path) -> None:
    with following(corpus_dir) as (watch, build):
        build.begun.get(timeout=WAIT_S)
        for number in range(5):
            (corpus_dir / "guide" / f"ny-{number}.md").write_text("tekst", encoding="utf-8")
        assert build.begun.empty()
        build.ends.put(Result(End.UNCHANGED, VERSION))
        build.finish()
        until(lambda: watch.news().result == BUILT)
    assert build.begun.empty()


def test_while_another_build_runs_it_tries_again_without_a_save(corpus_dir: Path) -> None:
    with following(corpus_dir) as (watch, build):
        build.finish(Result(End.BUSY, fault="En annen bygging pågår."))
        build.finish()
        assert ended(watch) == BUILT


def test_a_version_counts_when_questions_are_answered_from_it(
    corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.build.watch._OPEN_TIMEOUT_S", 0)
    with following(corpus_dir, serving="000011-0123abcd") as (watch, build):
        build.finish()
        result = ended(watch)
    assert result.end is End.FAILED
    assert VERSION in result.fault


def test_leaving_ends_the_build_that_runs_and_tells_nothing_of_it(corpus_dir: Path) -> None:
    with following(corpus_dir) as (watch, build):
        build.begun.get(timeout=WAIT_S)
    assert watch.news().result is None
    assert "watch" not in {thread.name for thread in threading.enumerate()}


def test_without_a_folder_to_follow_it_does_not_begin(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="borte"):
        Watch(tmp_path / "borte", FakeBuild(), lambda: VERSION)


# The process


def child(program: str) -> ChildBuild:
    return ChildBuild(Config(), (sys.executable, "-c", program))


def test_a_process_that_prints_no_result_has_failed_with_what_it_complained_of() -> None:
    result = child("import sys; sys.exit('Fila er full.')").run()
    assert (result.end, result.fault) == (End.FAILED, "Fila er full.")
    assert "abc index build" in result.remedy


def test_a_process_that_says_nothing_is_named_by_how_it_ended() -> None:
    assert child("raise SystemExit(7)").run().fault == "Byggingen endte med kode 7."


def test_stopping_ends_the_process_and_lets_no_other_begin(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    build = child(f"import pathlib, time; pathlib.Path({str(begun)!r}).touch(); time.sleep(600)")
    thread = threading.Thread(target=build.run)
    thread.start()
    until(begun.exists)
    build.stop()
    thread.join(WAIT_S)
    assert not thread.is_alive()
    begun.unlink()
    assert build.run().end is End.FAILED
    assert not begun.exists()


# What the page is told

AT = datetime(2026, 11, 29, 14, 3, 22)


def test_a_new_version_is_told_with_its_changes_and_that_the_gate_is_off() -> None:
    assert tell(News(3, AT, 0.84, BUILT), "nb") == {
        "number": 3,
        "state": "built",
        "text": "Versjon 000012 er i bruk kl. 14.03.22 (0,8 s):",
        "lines": ["guide/aksjekapital, ingress: 30 000 kroner → 31 000 kroner"],
        "note": "Versjonen er ikke prøvd på målesettet. Kjør abc index build før den publiseres.",
    }
    assert tell(News(3, AT, 0.84, BUILT), "en")["text"] == "Version 000012 is in use at 14:03:22 (0.8 s):"


def test_a_fault_in_a_text_is_told_with_its_line_and_that_the_old_version_answers() -> None:
    problems = tuple(Problem("guide/x.md", line, "feltet «sted» mangler") for line in range(12, 19))
    told = tell(News(3, AT, 0.8, Result(End.FAILED, problems=problems, fault="7 feil i corpus.")), "nn")
    assert told["text"] == "Feil kl. 14.03.22. Den førre versjonen svarer framleis."
    lines = told["lines"]
    assert isinstance(lines, list)
    assert lines[0] == "guide/x.md, linje 12: feltet «sted» mangler"
    assert lines[4:] == ["… og 3 til"]
    assert told["note"] == ""


def test_another_fault_is_told_with_what_to_do() -> None:
    told = tell(News(3, AT, 0.8, Result(End.FAILED, fault="Disken er full.", remedy="Rydd.")), "nb")
    assert told["lines"] == ["Disken er full. Rydd."]


def test_the_stream_sends_what_is_new_and_ends_when_the_server_stops() -> None:
    news = [News(1, AT), News(1, AT), News(2, AT, 0.8, BUILT)]
    stopping = iter([False, False, False, True])

    async def collect() -> list[str]:
        return [event async for event in stream(lambda: news.pop(0), "nb", lambda: next(stopping))]

    events = asyncio.run(collect())
    assert [json.loads(event.removeprefix("data: "))["state"] for event in events] == ["building", "built"]
    assert all(event.endswith("\n\n") for event in events)


@pytest.mark.parametrize(
    ("client", "host", "status"),
    [
        ("127.0.0.1", "127.0.0.1:7860", 200),
        ("::1", "localhost:7860", 200),
        ("192.0.2.7", "127.0.0.1:7860", 404),
        ("127.0.0.1", "guide.example.org", 404),
    ],
)
def test_only_a_browser_on_this_machine_is_told(client: str, host: str, status: int) -> None:
    app = FastAPI()
    app.include_router(watch_routes(lambda: News(1, AT), lambda: True))
    browser = TestClient(app, base_url=f"http://{host}", client=(client, 50000))
    assert browser.get(PATH, params={"sprak": "nb"}).status_code == status
