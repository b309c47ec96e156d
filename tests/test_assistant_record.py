"""What is kept of questions: not who asked, not what must be forgotten, and never in the way of an answer."""

import json
import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import WordSumEmbedder
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.answer import Engine, answer
from assistant.api import create_api
from assistant.config import Config
from assistant.feedback.keep import FeedbackStore
from assistant.feedback.types import Feedback, Rating, Reason
from assistant.live import LiveEngine
from assistant.record import database, recorder
from assistant.record.questions import QuestionStore
from assistant.record.recorder import Recorder
from assistant.record.types import Asking, Channel, KeptQuestion, StoreFault
from assistant.server import create_app
from assistant.types import Answer, Filters, Status
from index.load import Index
from index.personal import find_personal

NOW = datetime(2026, 11, 29, 13, 37, 42, tzinfo=UTC)
QUESTION = "Hvor mye aksjekapital må vi ha?"


def asking(*turns: str, status: Status = Status.NO_EVIDENCE, understood: str | None = None) -> Asking:
    """A question that was answered, the last of `turns`."""
    result = Answer("ab12", status, "Svaret.", "nb", understood=understood, filters=Filters(place="Vestfold"))
    return Asking(turns or (QUESTION,), result, (), "000001-abc", Channel.API)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "abc.sqlite"


@pytest.fixture
def store(file: Path) -> QuestionStore:
    return QuestionStore(str(file), keep_days=30)


def wait_until(is_so: Callable[[], object]) -> None:
    """Waits for another thread."""
    for _ in range(500):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to be so")


# What is kept


def test_a_question_is_kept_with_its_hour_what_it_rests_on_and_its_filters(
    store: QuestionStore, built_index: Index
) -> None:
    result = answer(Engine(built_index, built_index.embedder), [QUESTION], NOW.date())
    sections = ("guide/aksjekapital#ingress",) * len(result.citations)
    store.add([Asking((QUESTION,), result, sections, "000001-abc", Channel.PAGE)], NOW)
    [kept] = store.rows(30, NOW)
    assert (kept.at, kept.question, kept.understood) == (datetime(2026, 11, 29, 13, tzinfo=UTC), QUESTION, "")
    assert (kept.status, kept.answer_id, kept.language) == (Status.ANSWERED, result.id, "nb")
    assert (kept.documents, kept.sections) == (("guide/aksjekapital",), ("guide/aksjekapital#ingress",))
    assert kept.chunks == tuple(dict.fromkeys(citation.chunk_id for citation in result.citations))
    assert result.receipt is not None
    assert kept.known == result.receipt.known
    assert (kept.channel, kept.version) == (Channel.PAGE, "000001-abc")


def test_a_follow_up_is_kept_with_the_question_that_stands_alone(store: QuestionStore) -> None:
    store.add([asking("Hva er fondet?", "og fristen?", understood="Hva er fristen for fondet?")])
    [kept] = store.rows(30)
    assert (kept.question, kept.understood) == ("og fristen?", "Hva er fristen for fondet?")
    assert kept.standalone == "Hva er fristen for fondet?"
    assert kept.filters == Filters(place="Vestfold")


def test_a_row_has_no_place_for_who_asked(store: QuestionStore, file: Path) -> None:
    store.add([asking()])
    with sqlite3.connect(file) as raw:
        columns = {row[1] for row in raw.execute("PRAGMA table_info(questions)")}
    assert columns == {
        "id", "at", "answer_id", "question", "understood", "status", "known", "documents", "sections", "chunks",
        "language", "form", "place", "phase", "version", "channel",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "turns"),
    [
        (Status.PERSONAL_DATA, ("Kari Nordmann",)),
        (Status.BLOCKED, ("veldig langt",)),
        (Status.ANSWERED, ("Jeg vil ikke leve mer",)),
        (Status.ANSWERED, ("Jeg vil\u200b ikke leve mer",)),
        (Status.NO_EVIDENCE, ("Han slår meg", "hva gjør jeg da?")),
    ],
)
def test_of_what_must_be_forgotten_only_the_status_is_kept(
    store: QuestionStore, status: Status, turns: tuple[str, ...]
) -> None:
    store.add([asking(*turns, status=status)], NOW)
    hour = datetime(2026, 11, 29, 13, tzinfo=UTC)
    assert store.rows(30, NOW) == [KeptQuestion(hour, "", "", status, "nb", Channel.API, "000001-abc")]


def test_feedback_on_what_must_be_forgotten_has_no_words_either(file: Path) -> None:
    store = FeedbackStore(str(file), keep_days=30)
    said = Feedback(
        "ab12",
        "Jeg vil ikke leve mer",
        Status.ANSWERED,
        Rating.NOT_HELPFUL,
        Reason.OTHER,
        "1",
        ("aktorer/hjelp",),
        "nb",
    )
    store.add(said)
    [kept] = store.rows(30)
    assert (kept.feedback.question, kept.feedback.documents, kept.feedback.answer_id) == ("", (), "")
    assert kept.feedback.reason is Reason.OTHER


PERSONAL = st.sampled_from(
    ["92345678", "923 45 678", "+47 923 45 678", "kari@example.org", "kari (at) example.org", "15 07 85 123 45",
     "1234 56 78903", "NO93 8601 1117 947", "９２３４５６７８", "92-34-56-78"]
)  # fmt: skip
ANY = st.one_of(PERSONAL, st.text(max_size=12), st.sampled_from(["ring", "kr", "9", "234", "\u200b", "@", " ", "+47"]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ANY, min_size=1, max_size=8), st.lists(ANY, max_size=4), st.sampled_from(["", " "]))
def test_personal_data_never_reach_any_row(
    tmp_path: Path, question: list[str], understood: list[str], between: str
) -> None:
    file = tmp_path / "abc.sqlite"
    typed = between.join(question)
    QuestionStore(str(file), 30).add([asking("Hei", typed, understood=between.join(understood))])
    said = Feedback("ab12", typed, Status.ANSWERED, Rating.HELPFUL, None, "1", (), "nb")
    FeedbackStore(str(file), 30).add(said)
    with sqlite3.connect(file) as raw:
        [asked] = raw.execute("SELECT question, understood FROM questions ORDER BY id DESC LIMIT 1")
        [rated] = raw.execute("SELECT question FROM feedback ORDER BY id DESC LIMIT 1")
    for text in (*asked, *rated):
        assert list(find_personal(text)) == []


# For how long


def test_what_is_too_old_is_neither_read_nor_left_after_expiry(store: QuestionStore, file: Path) -> None:
    store.add([asking("Gammelt")], NOW - timedelta(days=31))
    store.add([asking("Nylig")], NOW - timedelta(days=29, minutes=1))
    later = NOW + timedelta(days=10)
    assert [row.question for row in store.rows(365, NOW)] == ["Nylig"]
    assert store.rows(365, later) == []
    assert store.expire(later) == 2
    assert b"Nylig" not in file.read_bytes()


def test_a_running_recorder_deletes_what_is_too_old_though_nobody_asks(store: QuestionStore, file: Path) -> None:
    store.add([asking("Gammelt")], datetime.now(UTC) - timedelta(days=31))
    with Recorder(QuestionStore(str(file), 30)).running():
        wait_until(lambda: b"Gammelt" not in file.read_bytes())


def test_expiry_comes_again_every_day(store: QuestionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[object] = []
    monkeypatch.setattr(recorder, "_DAY_S", 0.001)
    monkeypatch.setattr(store, "expire", lambda: times.append(1))
    with Recorder(store).running():
        wait_until(lambda: len(times) > 3)


def test_zero_days_keep_nothing_and_delete_what_was_kept(store: QuestionStore, file: Path, built_index: Index) -> None:
    store.add([asking("Før")])
    off = QuestionStore(str(file), keep_days=0)
    keeper = Recorder(off)
    keeper.keep([QUESTION], asking().answer, built_index, Channel.API)
    with keeper.running():
        wait_until(lambda: b"aksjekapital" not in file.read_bytes())
    with sqlite3.connect(file) as raw:
        assert raw.execute("SELECT count(*) FROM questions").fetchone() == (0,)
    with pytest.raises(StoreFault, match="slått av"):
        off.add([asking()])


def test_no_more_than_the_newest_questions_are_kept(store: QuestionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MAX_ROWS", 3)
    store.add([asking(str(number)) for number in range(10)])
    store.expire()
    assert [row.question for row in store.rows(30)] == ["9", "8", "7"]


def test_one_call_deletes_questions_and_feedback(store: QuestionStore, file: Path) -> None:
    store.add([asking(), asking()])
    FeedbackStore(str(file), 30).add(Feedback("a", "Hva?", Status.ANSWERED, Rating.HELPFUL, None, "1", (), "nb"))
    assert store.delete_all() == {"feedback": 1, "questions": 2}
    assert b"aksjekapital" not in file.read_bytes()


# Never in the way


def test_questions_are_written_when_the_recorder_stops(store: QuestionStore, built_index: Index) -> None:
    keeper = Recorder(store)
    for number in range(250):
        keeper.keep([f"Spørsmål {number}?"], asking().answer, built_index, Channel.API)
    with keeper.running():
        pass
    assert [row.question for row in store.rows(30)][-1] == "Spørsmål 0?"
    assert len(store.rows(30)) == 250


def test_eight_threads_lose_nothing(store: QuestionStore, file: Path, built_index: Index) -> None:
    keeper, result = Recorder(store), asking().answer
    feedback = FeedbackStore(str(file), 30)

    def ask(name: int) -> None:
        for number in range(20):
            keeper.keep([f"{name} {number}"], result, built_index, Channel.API)
        feedback.add(Feedback("a", "Hva?", Status.ANSWERED, Rating.HELPFUL, None, "1", (), "nb"))

    with keeper.running():
        threads = [threading.Thread(target=ask, args=(name,)) for name in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len({row.question for row in store.rows(30)}) == 8 * 20
    assert len(feedback.rows(30)) == 8


def test_a_locked_database_is_told_of_once_and_gets_what_waited_when_it_is_free(
    store: QuestionStore, file: Path, built_index: Index, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(database, "TIMEOUT_S", 0)
    monkeypatch.setattr(recorder, "_RETRY_S", 0.01)
    monkeypatch.setattr(recorder, "MAX_WAITING", 3)
    store.add([asking("Først")])
    keeper = Recorder(QuestionStore(str(file), 30))
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with keeper.running():
        wait_until(lambda: "i bruk av et annet program" in caplog.text)
        for number in range(5):
            keeper.keep([f"Hemmelig {number}"], asking().answer, built_index, Channel.API)
        time.sleep(0.1)  # several tries
        other.execute("COMMIT")
        other.close()
        wait_until(lambda: "virker igjen" in caplog.text)
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == 2
    assert len(store.rows(30)) == 4
    assert "2 gikk tapt" in warnings[1]
    assert "Hemmelig" not in caplog.text


@pytest.mark.parametrize("kind", ["no database", "no folder", "read-only"])
def test_a_database_that_never_works_delays_nobody_and_lets_the_server_stop(
    tmp_path: Path, built_index: Index, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    monkeypatch.setattr(recorder, "_RETRY_S", 0.01)
    file = tmp_path / "abc.sqlite"
    where = str(file)
    if kind == "no database":
        file.write_text("dette er ingen database" * 100)
    elif kind == "no folder":
        file.touch()
        where = str(file / "abc.sqlite")
    else:
        QuestionStore(where, 30).add([asking()])
        where = f"sqlite:///file:{file}?mode=ro&uri=true"
    keeper = Recorder(QuestionStore(where, 30))
    with keeper.running():
        for _ in range(recorder.MAX_WAITING + 5):
            keeper.keep([QUESTION], asking().answer, built_index, Channel.API)
        wait_until(lambda: "ABC_STORE" in caplog.text)
    assert len(keeper._waiting) == recorder.MAX_WAITING
    assert sum("ABC_STORE" in record.getMessage() for record in caplog.records) == 1
    assert not any(thread.name == "record" for thread in threading.enumerate())


def test_a_full_disk_is_a_fault_that_says_so(store: QuestionStore, file: Path) -> None:
    store.add([asking()])
    full = QuestionStore(str(file), 30)

    def stop_growing(connection: sqlite3.Connection, _: object) -> None:
        [pages] = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    database.event.listen(full._engine, "connect", stop_growing)
    with pytest.raises(StoreFault, match="disken er full"):
        full.add([asking("x" * 2_000) for _ in range(100)])
    assert len(store.rows(30)) == 1


def test_a_bug_stops_neither_the_thread_nor_the_next_question(
    store: QuestionStore, built_index: Index, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    add = store.add

    def fail_once(asked: object) -> None:
        monkeypatch.setattr(store, "add", add)
        raise RuntimeError(asked)

    monkeypatch.setattr(store, "add", fail_once)
    keeper = Recorder(store)
    with keeper.running():
        keeper.keep(["Hemmelig?"], asking().answer, built_index, Channel.API)
        wait_until(lambda: "RuntimeError" in caplog.text)
        keeper.keep(["Neste?"], asking().answer, built_index, Channel.API)
        wait_until(lambda: store.rows(30))
    assert [row.question for row in store.rows(30)] == ["Neste?"]
    assert "Hemmelig" not in caplog.text


def test_postgresql_keeps_questions_from_eight_threads_and_may_go_away(
    postgres: str, built_index: Index, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store = QuestionStore(postgres, 30)
    assert (store.rows(30), store.expire()) == ([], 0)

    def write(name: int) -> None:
        QuestionStore(postgres, 30).add([asking(f"{name} {number}") for number in range(10)], NOW)

    threads = [threading.Thread(target=write, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({row.question for row in store.rows(30, NOW)}) == 80
    assert store.expire(NOW + timedelta(days=31)) == 80
    monkeypatch.setattr(recorder, "_RETRY_S", 0.01)
    away = Recorder(QuestionStore(f"{postgres}/borte", 30))
    with away.running():
        away.keep([QUESTION], asking().answer, built_index, Channel.API)
        wait_until(lambda: "svarer ikke" in caplog.text)
    assert postgres not in caplog.text


# Where answers are made


@pytest.fixture
def home(built_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
    monkeypatch.setattr("assistant.live.load_embedder", lambda name: WordSumEmbedder())
    return shutil.copytree(built_home, tmp_path / "index")


def test_both_ways_of_asking_the_api_are_kept(home: Path, store: QuestionStore) -> None:
    keeper, app = Recorder(store), FastAPI()
    app.mount("/api", create_api(LiveEngine(Config(index=home)), 4, keeper))
    with keeper.running(), TestClient(app) as client:
        told = client.post("/api/ask", json={"question": QUESTION}).json()
        client.post("/api/ask/stream", json={"turns": ["Hva er etableringsfondet?", "når er fristen?"]})
    last, first = store.rows(30)
    assert (first.question, first.answer_id, first.channel) == (QUESTION, told["id"], Channel.API)
    assert first.sections == ("guide/aksjekapital#ingress",)
    assert last.question == "når er fristen?"
    assert "etableringsfondet" in last.understood.lower()


def test_the_server_keeps_what_is_asked_and_answers_where_it_can_not(home: Path, file: Path) -> None:
    with TestClient(create_app(Config(index=home, store=str(file), hosts="testserver"))) as client:
        assert client.post("/api/ask", json={"question": QUESTION}).status_code == 200
    assert [row.question for row in QuestionStore(str(file), 30).rows(30)] == [QUESTION]
    file.write_text("dette er ingen database" * 100)
    with TestClient(create_app(Config(index=home, store=str(file), hosts="testserver"))) as client:
        assert client.post("/api/ask", json={"question": QUESTION}).json()["status"] == "answered"


def test_the_page_hands_over_what_is_asked_after_the_answer(home: Path, store: QuestionStore) -> None:
    import anyio

    from assistant.ui.page import reply

    keeper, live = Recorder(store), LiveEngine(Config(index=home))
    sent = {"id": 1, "question": QUESTION, "turn": 0, "language": "nb"}

    async def ask() -> list[tuple[str, int]]:
        return [
            (piece["state"], len(keeper._waiting)) async for piece in reply(live, sent, {}, keeper, asks_feedback=True)
        ]

    assert anyio.run(ask)[-1] == ("done", 0)
    with keeper.running():
        pass
    assert [(row.question, row.channel) for row in store.rows(30)] == [(QUESTION, Channel.PAGE)]


def test_the_command_line_keeps_nothing(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from assistant.cli import main

    monkeypatch.setenv("ABC_INDEX", str(home))
    monkeypatch.setenv("ABC_STORE", str(file))
    main(["ask", QUESTION, "--json"])
    assert json.loads(capsys.readouterr().out)["status"] == "answered"
    assert not file.exists()
