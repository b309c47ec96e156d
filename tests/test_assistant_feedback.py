"""Feedback: kept without who gave it, for as long as it is to be kept, and never in the way of an answer."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import WordSumEmbedder
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.answer import Engine, answer
from assistant.cli import FAULT, OK, USAGE, main
from assistant.config import Config, ConfigError
from assistant.feedback.keep import FeedbackStore
from assistant.feedback.receive import feedback_routes
from assistant.feedback.report import as_lines, summarise
from assistant.feedback.types import Feedback, Kept, Rating, Reason
from assistant.record import database
from assistant.record.types import StoreFault, question_id
from assistant.server import create_app
from assistant.texts import LANGUAGES, load_texts, say
from assistant.types import Status
from index.load import Index

NOW = datetime(2026, 11, 29, 13, 37, 42, tzinfo=UTC)
HELPFUL, NOT_HELPFUL = Rating.HELPFUL, Rating.NOT_HELPFUL


def complaint(question: str = "Hvem kan søke?", reason: Reason | None = Reason.WRONG, *documents: str) -> Feedback:
    """A verdict on an answer: no help for `reason`, or some help where there is none."""
    rating = NOT_HELPFUL if reason else HELPFUL
    return Feedback("ab12", question, Status.ANSWERED, rating, reason, "000001-abc", documents, "nb")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "abc.sqlite"


@pytest.fixture
def store(file: Path) -> FeedbackStore:
    return FeedbackStore(str(file), keep_days=30)


# What is kept


def test_feedback_is_kept_with_its_hour_and_read_back_newest_first(store: FeedbackStore) -> None:
    first, second = complaint("Første?", Reason.OUTDATED, "ordninger/fond", "guide/as"), complaint("Andre?", None)
    store.add(first, NOW)
    store.add(second, NOW)
    hour = datetime(2026, 11, 29, 13, tzinfo=UTC)
    assert store.rows(30, NOW) == [Kept(hour, second), Kept(hour, first)]


def test_personal_data_never_reaches_the_file(store: FeedbackStore, file: Path) -> None:
    store.add(complaint("Ring meg på 92345678 eller kari@example.org om fondet\u200b?"))
    [kept] = store.rows(30)
    assert kept.feedback.question == "Ring meg på eller om fondet?"
    assert b"92345678" not in file.read_bytes()
    assert b"kari" not in file.read_bytes()


def test_a_row_has_no_place_for_who_gave_it(store: FeedbackStore, file: Path) -> None:
    store.add(complaint())
    with sqlite3.connect(file) as raw:
        columns = [row[1] for row in raw.execute("PRAGMA table_info(feedback)")]
    assert set(columns) == {
        "id", "at", "answer_id", "question", "status", "rating", "reason", "version", "documents", "language",
    }  # fmt: skip


def test_only_its_owner_can_read_the_file(store: FeedbackStore, file: Path) -> None:
    store.add(complaint())
    assert file.stat().st_mode & 0o777 == 0o600


# For how long


def test_what_is_older_than_the_settings_say_is_deleted_at_the_next_write(store: FeedbackStore) -> None:
    store.add(complaint("Gammelt?"), NOW - timedelta(days=31))
    store.add(complaint("Nylig?"), NOW - timedelta(days=29))
    store.add(complaint("Nytt?"), NOW)
    assert [row.feedback.question for row in store.rows(365, NOW)] == ["Nytt?", "Nylig?"]


def test_what_is_deleted_is_overwritten(store: FeedbackStore, file: Path) -> None:
    store.add(complaint("Hemmelighetsfull"))
    assert b"Hemmelighetsfull" in file.read_bytes()
    assert store.delete_all() == {"feedback": 1, "questions": 0}
    assert store.rows(30) == []
    assert b"Hemmelighetsfull" not in b"".join(path.read_bytes() for path in file.parent.iterdir())


def test_no_more_than_the_newest_rows_are_kept(store: FeedbackStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MAX_ROWS", 3)
    for number in range(10):
        store.add(complaint(str(number)), NOW)
    store.expire(NOW)
    assert [row.feedback.question for row in store.rows(30, NOW)] == ["9", "8", "7"]


def test_nothing_is_stored_where_nothing_is_to_be_kept(file: Path) -> None:
    store = FeedbackStore(str(file), keep_days=0)
    assert not store.is_on
    with pytest.raises(StoreFault, match="slått av"):
        store.add(complaint())
    assert (store.expire(), set(store.delete_all().values()), store.rows(30)) == (0, {0}, [])
    assert not file.parent.exists()


def test_turning_feedback_off_deletes_what_was_kept(store: FeedbackStore, file: Path) -> None:
    store.add(complaint())
    assert FeedbackStore(str(file), keep_days=0).expire() == 1
    assert store.rows(30) == []


# Databases that can't be used


def test_a_locked_database_is_a_fault_and_works_when_it_is_free(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "TIMEOUT_S", 0)
    store = FeedbackStore(str(file), keep_days=30)
    store.add(complaint())
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreFault, match="i bruk av et annet program"):
            store.add(complaint())
        with pytest.raises(StoreFault, match="i bruk av et annet program"):
            store.rows(30)
    other.close()
    store.add(complaint())
    assert len(store.rows(30)) == 2


def test_a_read_only_database_can_be_read_and_says_that_it_can_not_be_written(store: FeedbackStore, file: Path) -> None:
    store.add(complaint())
    read_only = FeedbackStore(f"sqlite:///file:{file}?mode=ro&uri=true", keep_days=30)
    with pytest.raises(StoreFault, match="kan ikke skrives"):
        read_only.add(complaint())
    assert len(read_only.rows(30)) == 1


def test_a_file_that_is_removed_under_way_is_made_anew(store: FeedbackStore, file: Path) -> None:
    store.add(complaint("Før"))
    shutil.rmtree(file.parent)
    assert store.rows(30) == []
    store.add(complaint("Etter"))
    assert [row.feedback.question for row in store.rows(30)] == ["Etter"]


def test_a_file_that_is_no_database_is_a_fault(store: FeedbackStore, file: Path) -> None:
    file.parent.mkdir()
    file.write_text("dette er ingen database" * 100)
    for use in (lambda: store.add(complaint()), lambda: store.rows(30), store.delete_all, store.expire):
        with pytest.raises(StoreFault, match="ingen database"):
            use()


def test_a_place_where_no_file_can_be_made_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "fil").touch()
    with pytest.raises(StoreFault, match="ABC_STORE"):
        FeedbackStore(str(tmp_path / "fil" / "abc.sqlite"), keep_days=30).add(complaint())


def test_a_fault_tells_neither_question_nor_password(tmp_path: Path, store: FeedbackStore, file: Path) -> None:
    file.parent.mkdir()
    with sqlite3.connect(file) as raw:
        raw.execute("CREATE TABLE feedback (id INTEGER PRIMARY KEY, at TIMESTAMP)")
    with pytest.raises(StoreFault) as fault:
        store.add(complaint("Hemmelighetsfull"))
    assert "Hemmelighetsfull" not in str(fault.value)
    assert (fault.value.__cause__, fault.value.__suppress_context__) == (None, True)
    with pytest.raises(ConfigError) as refused:
        FeedbackStore("mysql://kari:passord@vert/db", keep_days=30)
    assert "passord" not in str(refused.value)


@pytest.mark.parametrize(
    ("setting", "days"),
    [("mysql://vert/db", 30), ("sqlite://", 30), (":memory:", 30), ("", 30), ("postgresql://vert:xx/db", 30),
     ("abc.sqlite", -1), ("abc.sqlite", 10**9)],
)  # fmt: skip
def test_settings_that_can_not_hold_are_refused_by_name(setting: str, days: int) -> None:
    with pytest.raises(ConfigError, match=r"ABC_(STORE|KEEP_DAYS)"):
        FeedbackStore(setting, days)


WRITER = """
import sys
from datetime import UTC, datetime
from assistant.feedback.keep import FeedbackStore
from assistant.feedback.types import Feedback, Rating
from assistant.types import Status
store = FeedbackStore(sys.argv[1], 30)
for _ in range(20):
    store.add(Feedback("ab12", "Hvem?", Status.ANSWERED, Rating.HELPFUL, None, "1", (), "nb"))
"""


def test_two_processes_write_to_the_same_new_file_at_once(store: FeedbackStore, file: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(file)]) for _ in range(2)]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert len(store.rows(30)) == 40


def test_postgresql_keeps_deletes_and_may_go_away(postgres: str) -> None:
    store = FeedbackStore(postgres, keep_days=30)
    assert (store.rows(30), store.expire()) == ([], 0)
    store.add(complaint("Gammelt?"), NOW - timedelta(days=31))
    store.add(complaint("Nytt?", Reason.OTHER, "guide/as"), NOW)
    assert store.rows(365, NOW) == [
        Kept(datetime(2026, 11, 29, 13, tzinfo=UTC), complaint("Nytt?", Reason.OTHER, "guide/as"))
    ]
    assert store.delete_all() == {"feedback": 1, "questions": 0}
    with pytest.raises(StoreFault, match="svarer ikke"):
        FeedbackStore(f"{postgres}/borte", keep_days=30).add(complaint())


# The endpoint


def body(**changes: Any) -> dict[str, Any]:
    return {
        "answer_id": "0123456789abcdef", "question": "Hvem kan søke?", "status": "answered", "rating": "not_helpful",
        "reason": "wrong", "version": "000001-abc", "documents": ["ordninger/etableringsfondet"], "language": "nb",
        **changes,
    }  # fmt: skip


def client_of(store: FeedbackStore) -> TestClient:
    app = FastAPI()
    app.include_router(feedback_routes(store))
    return TestClient(app)


def test_feedback_sent_by_the_page_is_kept(store: FeedbackStore) -> None:
    sent = client_of(store).post("/api/feedback", json=body(), headers={"Sec-Fetch-Site": "same-origin"})
    assert (sent.status_code, sent.content) == (204, b"")
    [row] = store.rows(30)
    assert (row.feedback.question, row.feedback.reason) == ("Hvem kan søke?", Reason.WRONG)
    assert row.feedback.documents == ("ordninger/etableringsfondet",)


@pytest.mark.parametrize(
    "changes",
    [
        {"rating": "bra"}, {"reason": "sint"}, {"reason": None}, {"rating": "helpful"}, {"status": "ferdig"},
        {"language": "de"}, {"question": "x" * 2_001}, {"question": None}, {"documents": ["<b>/x"]},
        {"documents": ["guide/as"] * 501}, {"documents": "guide/as"}, {"version": "x" * 65}, {"answer_id": "a b"},
    ],
)  # fmt: skip
def test_what_is_not_in_the_right_form_is_refused_in_norwegian(store: FeedbackStore, changes: dict[str, Any]) -> None:
    sent = client_of(store).post("/api/feedback", json=body(**changes))
    assert (sent.status_code, sent.json()) == (422, {"error": say("nb", "feedback_unreadable")})
    assert store.rows(30) == []


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 20_000])
def test_what_is_no_json_object_is_refused(store: FeedbackStore, content: bytes) -> None:
    sent = client_of(store).post("/api/feedback", content=content, headers={"Content-Type": "application/json"})
    assert (sent.status_code, list(sent.json())) == (422, ["error"])


def test_too_long_a_body_is_refused(store: FeedbackStore) -> None:
    assert client_of(store).post("/api/feedback", json=body(more="x" * 70_000)).status_code == 413


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Content-Type": "text/plain"}],
)
def test_a_page_elsewhere_can_not_send_feedback(store: FeedbackStore, headers: dict[str, str]) -> None:
    headers = {"Content-Type": "application/json", **headers}
    sent = client_of(store).post("/api/feedback", content=json.dumps(body()), headers=headers)
    assert (sent.status_code, sent.json()) == (403, {"error": say("nb", "feedback_elsewhere")})
    assert store.rows(30) == []


def test_the_endpoint_says_that_feedback_is_off(file: Path) -> None:
    sent = client_of(FeedbackStore(str(file), keep_days=0)).post("/api/feedback", json=body())
    assert (sent.status_code, sent.json()) == (403, {"error": say("nb", "feedback_off")})
    assert not file.parent.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_database_that_can_not_be_used_is_told_calmly_in_the_language_of_the_page(
    tmp_path: Path, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "fil").touch()
    broken = FeedbackStore(str(tmp_path / "fil" / "abc.sqlite"), keep_days=30)
    sent = client_of(broken).post("/api/feedback", json=body(language=language))
    assert (sent.status_code, sent.json()) == (503, {"error": say(language, "feedback_failed")})
    assert "ABC_STORE" in caplog.text
    assert "Hvem kan søke" not in caplog.text


def test_the_server_starts_and_answers_with_a_database_that_is_broken(
    built_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
    monkeypatch.setattr("assistant.live.load_embedder", lambda name: WordSumEmbedder())
    file = tmp_path / "abc.sqlite"
    file.write_text("dette er ingen database" * 100)
    home = shutil.copytree(built_home, tmp_path / "index")
    with TestClient(create_app(Config(index=home, store=str(file), hosts="testserver"))) as client:
        assert client.post("/api/feedback", json=body()).status_code == 503
        assert client.get("/hvorfor", params={"q": "Hvem kan søke etableringsfondet?"}).status_code == 200


def test_feedback_on_a_real_answer_has_the_right_form(store: FeedbackStore, built_index: Index) -> None:
    question = "Hvem kan søke etableringsfondet?"
    told = answer(Engine(built_index, built_index.embedder), [question], NOW.date()).as_json()
    sent = body(
        answer_id=told["id"], question=question, status=told["status"], version=told["receipt"]["index"],
        documents=[citation["doc_id"] for citation in told["citations"]],
    )  # fmt: skip
    assert client_of(store).post("/api/feedback", json=sent).status_code == 204
    assert store.rows(30)[0].feedback.documents == ("ordninger/etableringsfondet",)


# The report


@pytest.fixture
def kept() -> list[Kept]:
    """Newest first: two alike about the fund, one about another document, and a helpful one."""
    fund, company = "ordninger/fond", "guide/as"
    given = [
        complaint("HVEM kan søke?", Reason.OUTDATED, fund, company),
        complaint("Hvor mye?", Reason.UNCLEAR, company),
        complaint("Hvem kan søke?", Reason.OUTDATED, fund),
        complaint("Hvem kan søke?", None, fund),
    ]
    return [Kept(NOW - timedelta(days=number), feedback) for number, feedback in enumerate(given)]


def test_report_counts_per_reason_and_per_document(kept: list[Kept]) -> None:
    report = summarise(kept, 30)
    assert (report.helpful, report.not_helpful) == (1, 3)
    assert list(report.reasons.items()) == [(Reason.OUTDATED, 2), (Reason.UNCLEAR, 1)]
    counts = [(row.doc_id, row.not_helpful, row.total) for row in report.documents]
    assert counts == [("ordninger/fond", 2, 3), ("guide/as", 2, 2)]


def test_report_takes_the_same_question_with_the_same_verdict_as_one(kept: list[Kept]) -> None:
    rows = [(row.question, row.reason, row.count, row.last) for row in summarise(kept, 30).questions]
    assert rows == [
        ("HVEM kan søke?", Reason.OUTDATED, 2, "2026-11-29"),
        ("Hvor mye?", Reason.UNCLEAR, 1, "2026-11-28"),
        ("Hvem kan søke?", None, 1, "2026-11-26"),
    ]


def test_report_shows_the_questions_behind_in_norwegian(kept: list[Kept]) -> None:
    lines = as_lines(summarise(kept, 30))
    assert lines[0] == "4 tilbakemeldinger de siste 30 dagene: 1 til hjelp, 3 ikke."
    assert "  2 av 3  ordninger/fond" in lines
    assert f"{say('nb', 'reason_outdated')} (2):" in lines
    assert f"  {question_id('hvem kan søke?')}  2 × «HVEM kan søke?»  2026-11-29, ordninger/fond, guide/as" in lines
    assert "Til hjelp (1):" in lines


def test_report_on_very_much_is_cut_and_says_so() -> None:
    lines = as_lines(summarise([Kept(NOW, complaint(f"Spørsmål {number}?")) for number in range(25)], 30))
    assert sum("«Spørsmål" in line for line in lines) == 10
    assert lines[-1] == "  … og 15 til (alle med --json)"


def test_every_reason_has_words_in_every_language() -> None:
    for language in LANGUAGES:
        said = {key for key in load_texts(language) if key.startswith("reason_")}
        assert said == {f"reason_{reason}" for reason in Reason}


# The command

Abc = Callable[..., tuple[int, str, str]]


@pytest.fixture
def abc(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, file: Path) -> Abc:
    """Runs `abc tilbakemelding`: its exit code, what it wrote, and what it complained about."""
    for name in [name for name in os.environ if name.startswith("ABC_")]:
        monkeypatch.delenv(name)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("ABC_STORE", str(file))

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(["tilbakemelding", *arguments])
        except SystemExit as stop:
            code = stop.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_command_has_norwegian_help(abc: Abc) -> None:
    code, out, _ = abc("--help")
    assert code == OK
    assert all(word in out for word in ("bruk: abc tilbakemelding", "--dager", "--slett", "--ja", "--json"))


def test_command_reports_without_making_a_database(abc: Abc, file: Path) -> None:
    assert abc() == (OK, "0 tilbakemeldinger de siste 30 dagene: 0 til hjelp, 0 ikke.\n", "")
    assert not file.parent.exists()


def test_command_reports_the_last_days_as_text_and_as_json(abc: Abc, store: FeedbackStore) -> None:
    store.add(complaint("Gammelt?"), datetime.now(UTC) - timedelta(days=9))
    store.add(complaint("Nytt?", Reason.OTHER, "guide/as"))
    assert "«Gammelt?»" in abc()[1]
    assert "«Gammelt?»" not in abc("--dager", "5")[1]
    report = json.loads(abc("--dager", "5", "--json")[1])
    assert (report["days"], report["not_helpful"], report["reasons"]) == (5, 1, {"other": 1})
    assert report["documents"] == [{"doc_id": "guide/as", "not_helpful": 1, "total": 1}]
    assert report["questions"][0]["question"] == "Nytt?"


def test_command_shows_nothing_older_than_what_may_be_kept(abc: Abc, store: FeedbackStore) -> None:
    store.add(complaint("Gammelt?"), datetime.now(UTC) - timedelta(days=31))
    assert "«Gammelt?»" not in abc("--dager", "90")[1]


@pytest.mark.parametrize("days", ["0", "-3", "mange"])
def test_days_that_are_none_are_wrong_use(abc: Abc, days: str) -> None:
    assert abc("--dager", days)[0] == USAGE


@pytest.mark.parametrize(("reply", "code", "left"), [("ja\n", OK, 0), ("nei\n", FAULT, 1), ("", FAULT, 1)])
def test_everything_is_deleted_after_a_yes_only(
    abc: Abc, store: FeedbackStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reply: str, code: int, left: int
) -> None:
    store.add(complaint())
    (tmp_path / "svar").write_text(reply)
    with (tmp_path / "svar").open() as typed:
        monkeypatch.setattr("sys.stdin", typed)
        assert abc("--slett")[0] == code
    assert len(store.rows(30)) == left


def test_a_script_deletes_without_being_asked(abc: Abc, store: FeedbackStore) -> None:
    store.add(complaint())
    code, out, err = abc("--slett", "--ja")
    assert (code, out.splitlines()[0], err) == (OK, "Slettet 0 spørsmål og 1 tilbakemeldinger.", "")
    assert store.rows(30) == []


def test_command_says_that_feedback_is_off(abc: Abc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABC_KEEP_DAYS", "0")
    assert abc() == (OK, "Tilbakemelding er slått av (ABC_KEEP_DAYS=0).\n", "")


def test_command_tells_a_broken_database_in_one_line(abc: Abc, file: Path) -> None:
    file.parent.mkdir()
    file.write_text("dette er ingen database" * 100)
    code, out, err = abc()
    assert (code, out, err.count("\n")) == (FAULT, "", 1)
    assert "ingen database" in err
