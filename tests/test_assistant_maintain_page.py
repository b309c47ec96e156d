"""The maintainers' page: what it shows, what can be done there, and that nothing of it is for others."""

import json
import logging
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import FILES, make_text, write_corpus
from maintain_page import HASH, HOME, LOGIN, PROXY, SECRET, log_in, make_client, serving_guide, token_in
from starlette.testclient import TestClient

from assistant.cli import main
from assistant.config import Config
from assistant.feedback.keep import FeedbackStore
from assistant.feedback.types import Feedback, Rating, Reason
from assistant.gaps.lacks import describe_lack, group_lacks
from assistant.gaps.raised import collect
from assistant.gaps.report import as_lines
from assistant.live import LiveEngine
from assistant.maintain import gaps as page_gaps
from assistant.maintain import versions
from assistant.maintain.check import MAX_CHARS, check_text
from assistant.maintain.fresh import read_fresh
from assistant.maintain.gaps import Asked
from assistant.maintain.health import MAX_FAULTS, RecentFaults
from assistant.maintain.job import MAX_LINES, Build
from assistant.maintain.plots import bars, columns
from assistant.maintain.texts import Texts
from assistant.record.questions import QuestionStore
from assistant.record.types import Asking, Channel, question_id
from assistant.types import Answer, Status
from index.versions import build_lock, list_versions, read_pointer

LAWYER = "Hva koster det å leie en advokat?"
ATTACK = '</textarea></pre><script>alert(1)</script><img src=x onerror="alert(1)">'
NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def config(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The tiny guide in two versions, the second one in use."""
    folder = tmp_path_factory.mktemp("maintain")
    home = shutil.copytree(built_home, folder / "index")
    first = read_pointer(home)
    second = f"{int(first[:6]) + 1:06}{first[6:]}"
    shutil.copytree(home / first, home / second)
    manifest = home / second / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(first, second), encoding="utf-8")
    (home / "current").write_text(second, encoding="utf-8")
    return Config(corpus=write_corpus(folder / "corpus"), index=home, store=str(folder / "abc.sqlite"))


@pytest.fixture(scope="module")
def live(config: Config) -> Iterator[LiveEngine]:
    with serving_guide(config.index) as live:
        yield live


@pytest.fixture(scope="module")
def client(live: LiveEngine, config: Config) -> TestClient:
    """A browser that is logged in."""
    return log_in(make_client(live, config, admin_hash=HASH))


def send(client: TestClient, path: str, **fields: str) -> tuple[int, str]:
    """The status of a form, and the page or the address that it leads to."""
    token = token_in(client.get(HOME).text)
    response = client.post(f"{HOME}/{path}", data={"skjema": token, **fields})
    return response.status_code, response.headers.get("location") or response.text


def section(html: str, name: str) -> str:
    """The words of a section of the page."""
    found = re.search(rf'<section aria-labelledby="{name}">(.*?)</section>', html, re.S)
    assert found, html
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_the_page_says_what_serves_and_that_it_is_whole(client: TestClient, config: Config) -> None:
    page = client.get(HOME)
    assert page.status_code == 200
    told = section(page.text, "status")
    for words in (read_pointer(config.index), "Dokumenter 7", "Valgt", "Gå tilbake til denne"):
        assert words in told
    assert "Indeksen er hel." in page.text
    assert "Ingen siden serveren startet." in section(page.text, "helse")


def test_going_back_moves_the_pointer_and_forth_again(client: TestClient, config: Config) -> None:
    older, newer = (found.version for found in list_versions(config.index))
    assert send(client, "versjon", versjon=older) == (303, "../vedlikehold?byttet#status")
    assert read_pointer(config.index) == older
    page = client.get(f"{HOME}?byttet").text
    assert "Versjonen er tatt i bruk" in page
    assert f"Ta i bruk denne : {newer}" in section(page, "status")
    assert send(client, "versjon", versjon=newer)[0] == 303
    assert read_pointer(config.index) == newer


@pytest.mark.parametrize("version", ["", "../../etc", "000099-00000000", "current", ATTACK])
def test_a_version_that_is_not_there_is_not_taken_into_use(version: str, client: TestClient, config: Config) -> None:
    before = read_pointer(config.index)
    status, page = send(client, "versjon", versjon=version)
    assert status == 409
    assert "Versjonen finnes ikke lenger." in page
    assert read_pointer(config.index) == before


def test_while_a_build_runs_elsewhere_the_pointer_is_let_be(client: TestClient, config: Config) -> None:
    older, newer = (found.version for found in list_versions(config.index))
    with build_lock(config.index):
        status, page = send(client, "versjon", versjon=older)
    assert status == 409
    assert "En annen bygging av indeksen pågår." in page
    assert read_pointer(config.index) == newer


def test_an_index_without_its_vectors_is_told_of(
    client: TestClient, live: LiveEngine, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "probe", lambda index: False)
    page = log_in(make_client(live, config, admin_hash=HASH)).get(HOME).text
    assert "Se på dette:" in page
    assert "Indeksen har mistet vektorer" in section(page, "status")


def test_the_probe_is_not_made_at_each_look(live: LiveEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(versions, "probe", lambda index: not asked.append(index))
    prober = versions.Prober(lambda: now)
    now = 0.0
    assert prober.is_whole(live.current().index) and prober.is_whole(live.current().index)
    assert len(asked) == 1
    now = 601.0
    assert prober.is_whole(live.current().index)
    assert len(asked) == 2


PATHS = ["bygg", "stopp", "versjon", "utkast", "sjekk"]


@pytest.mark.parametrize("path", PATHS)
def test_without_logging_in_nothing_is_done_or_shown(path: str, live: LiveEngine, config: Config) -> None:
    client, before = make_client(live, config, admin_hash=HASH), read_pointer(config.index)
    for response in (client.get(f"{HOME}/{path}"), client.post(f"{HOME}/{path}", data={"versjon": before})):
        assert response.status_code == 303
        assert response.content == b""
    for where in (HOME, f"{HOME}/bygging", f"{HOME}/endringer?versjon={before}"):
        assert client.get(where).headers["location"].endswith("vedlikehold/logg-inn")
    assert before not in client.get(LOGIN).text


@pytest.mark.parametrize("path", PATHS)
def test_without_its_token_a_form_does_nothing(path: str, client: TestClient, config: Config) -> None:
    older, newer = (found.version for found in list_versions(config.index))
    for token in ("", "0" * 64):
        response = client.post(f"{HOME}/{path}", data={"skjema": token, "versjon": older, "tekst": "x"})
        assert response.status_code == 403
        assert "Ingenting er gjort" in response.text
    assert read_pointer(config.index) == newer


def test_a_proxys_user_needs_the_token_as_well(live: LiveEngine, config: Config) -> None:
    client = make_client(live, config, admin_header="X-Remote-User", admin_secret=SECRET)
    older, newer = (found.version for found in list_versions(config.index))
    assert client.post(f"{HOME}/versjon", data={"versjon": older}, headers=PROXY).status_code == 403
    page = client.get(HOME, headers=PROXY).text
    assert "Logg ut" not in page
    other = {**PROXY, "X-Remote-User": "ola"}
    fields = {"versjon": older, "skjema": token_in(page)}
    assert client.post(f"{HOME}/versjon", data=fields, headers=other).status_code == 403
    assert read_pointer(config.index) == newer


def test_a_text_that_is_in_order_is_said_to_be(client: TestClient) -> None:
    text = FILES["guide/aksjekapital.md"].replace("\n", "\r\n")  # as a browser sends it
    status, page = send(client, "sjekk", fil="guide/aksjekapital.md", tekst=text)
    assert status == 200
    assert "Fant ingen feil i guide/aksjekapital.md." in section(page, "sjekk")


def test_what_is_wrong_is_shown_with_its_line(client: TestClient) -> None:
    text = make_text(body="## Innhold\n\nDette mangler et merke.\nDette har et ukjent.[^finnes-ikke]\n")
    number = text.splitlines().index("Dette har et ukjent.[^finnes-ikke]") + 1
    _, page = send(client, "sjekk", fil="guide/utkast.md", tekst=text)
    told = section(page, "sjekk")
    assert f"Linje {number}, feil: " in told or f"Linje {number - 1}, feil: " in told
    assert "finnes-ikke" in told
    assert "1 feil og 0 advarsler i guide/utkast.md" in told


def test_nothing_of_the_text_is_kept(client: TestClient, config: Config) -> None:
    def files() -> set[Path]:
        return {path for folder in (config.corpus, config.index) for path in folder.rglob("*") if path.is_file()}

    before = files()
    send(client, "sjekk", fil="guide/helt-ny.md", tekst="noe som ikke skal lagres")
    assert files() - before <= {config.index / "build.lock"}
    assert "noe som ikke skal lagres" not in client.get(HOME).text


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("guide/utkast.md", ATTACK),
        (f"guide/{ATTACK}.md", "x"),
        (ATTACK, ATTACK),
        ("guide/x.md", make_text(title=ATTACK)),
    ],
)
def test_scripts_in_a_text_are_shown_and_not_run(file: str, text: str, client: TestClient) -> None:
    _, page = send(client, "sjekk", fil=file, tekst=text)
    assert "<script>alert" not in page
    assert "<img" not in page
    assert page.count("</textarea>") == 1
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("file", ["", "utkast.md", "../guide/x.md", "kilder.yaml", "guide/x", "/etc/passwd", "x" * 999])
def test_a_file_name_that_could_be_in_no_guide_is_told(file: str, live: LiveEngine, config: Config) -> None:
    checked = check_text("x", file, config.corpus, live.current().index.catalog, date(2026, 12, 1))
    assert [found.message.split(",")[0] for found in checked.findings] == ["filnavnet må være mappe/navn.md"]


@pytest.mark.parametrize("text", ["x" * (MAX_CHARS + 1), "", "---\na: " + "[" * 20_000, "> " * 20_000, "\0\ud800"])
def test_no_text_is_too_strange_to_be_told_of(text: str, live: LiveEngine, config: Config) -> None:
    checked = check_text(text, "guide/x.md", config.corpus, live.current().index.catalog, date(2026, 12, 1))
    assert checked.findings


def test_a_form_without_end_is_not_read(client: TestClient) -> None:
    token = token_in(client.get(HOME).text)
    response = client.post(f"{HOME}/sjekk", data={"skjema": token, "tekst": "x" * (7 * MAX_CHARS)})
    assert response.status_code == 403


def test_where_the_corpus_is_not_on_the_server_the_guide_that_serves_is_checked_against(
    live: LiveEngine, tmp_path: Path
) -> None:
    catalog = live.current().index.catalog
    text = FILES["guide/aksjekapital.md"]
    assert check_text(text, "guide/ny.md", tmp_path / "none", catalog, date(2026, 12, 1)).findings == ()


def build_with(config: Config, program: str) -> Build:
    """A build that is this Python program."""
    return Build(config, [sys.executable, "-c", program])


def wait_for(build: Build) -> tuple[tuple[str, ...], int | None]:
    """What the build has told when it is over and all of it is read."""
    assert build._reader is not None
    build._reader.join(30)
    told = build.told()
    assert told is not None
    return told.lines, told.exit_code


def test_a_build_tells_what_it_writes_and_how_it_ended(config: Config) -> None:
    build = build_with(config, "import sys; print('én'); print('to', file=sys.stderr); sys.exit(1)")
    assert build.told() is None
    assert build.start(is_dry=False)
    lines, exit_code = wait_for(build)
    assert set(lines) == {"én", "to"}
    assert exit_code == 1


def test_only_one_build_runs_at_a_time_and_it_can_be_stopped(config: Config) -> None:
    build = build_with(config, "import time; print('i gang', flush=True); time.sleep(60)")
    assert build.start(is_dry=True)
    assert not build.start(is_dry=False)
    told = build.told()
    assert told is not None and told.is_dry and told.exit_code is None
    build.stop()
    assert wait_for(build)[1] != 0
    assert build.start(is_dry=False)
    build.stop()
    wait_for(build)


def test_a_build_that_writes_without_end_takes_no_memory_without_end(config: Config) -> None:
    build = build_with(config, "print(*('x' * 9_999 for _ in range(1_000)), sep='\\n'); print('10 %\\r\\x1b[1m20 %')")
    build.start(is_dry=False)
    lines, _ = wait_for(build)
    assert len(lines) == MAX_LINES
    assert max(map(len, lines)) == 500
    assert lines[-1] == "20 %"


def test_a_build_has_the_settings_of_the_server_and_none_of_its_secrets(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ABC_ADMIN_HASH", HASH)
    build = build_with(config, "import os; print(*(f'{k}={v}' for k, v in os.environ.items() if k[:4] == 'ABC_'))")
    build.start(is_dry=False)
    (line,), _ = wait_for(build)
    assert f"ABC_CORPUS={config.corpus}" in line
    assert f"ABC_INDEX={config.index}" in line
    assert "ADMIN" not in line


def test_a_real_build_is_started_from_the_page_and_shown(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[bool, list[str]]] = []

    def start(self: Build, is_dry: bool, flags: list[str]) -> bool:
        started.append((is_dry, flags))
        return len(started) < 3

    monkeypatch.setattr(Build, "start", start)
    assert send(client, "bygg", hva="bygg") == (303, "../vedlikehold#bygg")
    assert send(client, "bygg", hva="vis", uten_prove="on", likevel="on")[0] == 303
    assert started == [(False, []), (True, ["--no-gate", "--force"])]
    status, page = send(client, "bygg", hva="bygg")
    assert status == 409
    assert "En bygging pågår alt" in page


def test_what_a_build_writes_is_shown_as_it_is(live: LiveEngine, config: Config) -> None:
    client = log_in(make_client(live, replace(config, corpus=config.corpus / "none"), admin_hash=HASH))
    send(client, "bygg", hva="bygg")
    for _ in range(600):
        fragment = client.get(f"{HOME}/bygging").text
        if 'data-build="done"' in fragment:
            break
        threading.Event().wait(0.1)
    assert "Byggingen stoppet. Den gamle versjonen er fortsatt i bruk." in fragment
    assert "1 feil i corpus. Ingenting er endret." in fragment
    assert 'data-build="done"' in client.get(HOME).text


def test_a_version_tells_what_it_changed_from_the_one_before(client: TestClient, config: Config) -> None:
    older, newer = (found.version for found in list_versions(config.index))
    links = re.findall(r'href="[./]*(vedlikehold/endringer\?versjon=[^"]+)"', client.get(HOME).text)
    assert links == [f"vedlikehold/endringer?versjon={newer}"]
    page = client.get(f"/{links[0]}")
    assert page.status_code == 200
    assert f"Fra {older} til {newer}, det viktigste først. Ingenting er endret." in page.text


@pytest.mark.parametrize("version", ["", "000099-00000000", "../../etc", "000001", ATTACK])
def test_what_an_unknown_version_changed_is_not_told(version: str, client: TestClient) -> None:
    page = client.get(f"{HOME}/endringer", params={"versjon": version})
    assert page.status_code == 404
    assert "finnes ikke lenger" in page.text
    assert "<script>alert" not in page.text


def test_what_there_is_to_do_is_what_abc_fersk_says(
    live: LiveEngine, config: Config, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    corpus = write_corpus(tmp_path)
    late = corpus / "guide" / "aksjekapital.md"
    late.write_text(late.read_text(encoding="utf-8").replace("2027-02-01", "2026-11-02"), encoding="utf-8")
    monkeypatch.setenv("ABC_CORPUS", str(corpus))
    main(["fersk", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["num_past"] >= 1
    client = log_in(make_client(live, replace(config, corpus=corpus), admin_hash=HASH))
    shown = section(client.get(HOME).text, "ferskhet").lower()
    for owner in told["owners"]:
        assert owner["owner"].lower() in shown
        for document in owner["documents"]:
            assert document["title"].lower() in shown
            assert all(task["text"].lower() in shown for task in document["tasks"])


def test_work_is_told_by_owner_and_by_when(config: Config, live: LiveEngine) -> None:
    late = date(2027, 2, 2)
    fresh = read_fresh(*Texts(config.corpus).work(late), live.current().index.catalog, late)
    assert fresh.num_past == sum(owner.num_past for owner in fresh.owners) == 7
    assert all(row.is_past for owner in fresh.owners for row in owner.rows)
    near = date(2027, 1, 20)
    fresh = read_fresh(*Texts(config.corpus).work(near), live.current().index.catalog, near)
    assert fresh.num_near == 7 - fresh.num_past


def test_texts_are_read_again_when_one_is_changed(tmp_path: Path) -> None:
    texts, today = Texts(write_corpus(tmp_path)), date(2027, 2, 2)
    before = texts.work(today)
    (tmp_path / "guide" / "aksjekapital.md").write_text("ødelagt", encoding="utf-8")
    works, unreadable = texts.work(today)
    assert len(works) == len(before[0]) - 1
    assert [line.split(":")[0] for line in unreadable] == ["guide/aksjekapital.md"]


def test_drafts_that_wait_are_shown_with_what_they_lack(live: LiveEngine, config: Config, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    client = log_in(make_client(live, replace(config, corpus=corpus), admin_hash=HASH))
    assert "Ingen utkast." in section(client.get(HOME).text, "utkast")
    (corpus / "utkast").mkdir()
    (corpus / "utkast" / "x.md").write_text(f"---\nutkast: [\n---\n{ATTACK}\n", encoding="utf-8")
    page = client.get(HOME).text
    assert "x.md" in section(page, "utkast")
    assert "Mangler 1 Linje 1: blokken «utkast:» øverst mangler eller er ødelagt" in section(page, "utkast")
    assert "git tar ikke vare på mappen" in section(page, "utkast")


def test_sources_are_counted_by_the_year_they_were_published(live: LiveEngine) -> None:
    catalog = live.current().index.catalog
    years = dict(read_fresh([], [], catalog, date(2026, 12, 1)).sources)
    assert years["2026"] == 2
    assert years["Uten årstall"] == 1
    assert list(years)[-2:] == ["2018 eller før", "Uten årstall"]


def verdict(question: str, reason: Reason | None, status: Status = Status.ANSWERED) -> Feedback:
    return Feedback(
        answer_id="a", question=question, status=status, version="000001-00000000", documents=("guide/aksjekapital",),
        rating=Rating.NOT_HELPFUL if reason else Rating.HELPFUL, reason=reason, language="nb",
    )  # fmt: skip


def ask(store: str, question: str, status: Status, now: datetime | None = None) -> None:
    answer = Answer(question_id(question), status, "", "nb")
    QuestionStore(store, 30).add([Asking((question,), answer, (), "1", Channel.PAGE)], now)


@pytest.fixture
def asked(config: Config, tmp_path: Path) -> Config:
    """Three questions, one of them asked twice without an answer, and what somebody said of another."""
    store = str(tmp_path / "abc.sqlite")
    ask(store, "Hvor mye aksjekapital må vi ha?", Status.ANSWERED, NOW - timedelta(days=3))
    ask(store, LAWYER, Status.NO_EVIDENCE, NOW - timedelta(days=3))
    ask(store, LAWYER.upper(), Status.NO_EVIDENCE, NOW)
    ask(store, f"Hva med {ATTACK}?", Status.PARTIAL, NOW - timedelta(days=1))
    said = replace(verdict("Hvor mye aksjekapital må vi ha?", Reason.OUTDATED), answer_id="b")
    FeedbackStore(store, 30).add(said, NOW)
    FeedbackStore(store, 30).add(verdict("Hvor mye aksjekapital må vi ha?", None), NOW)
    return replace(config, store=store, corpus=write_corpus(tmp_path / "corpus"))


def test_all_that_was_asked_is_counted_by_day_status_and_reason(asked: Config, live: LiveEngine) -> None:
    gaps = Asked(asked).read(live.current(), NOW)
    assert (gaps.num_asked, gaps.num_verdicts, gaps.num_helpful, len(gaps.by_day)) == (4, 2, 1, 30)
    days = {day: count for day, count in gaps.by_day if count}
    assert days == {date(2026, 11, 28): 2, date(2026, 11, 30): 1, date(2026, 12, 1): 1}
    assert sum(count for _, count in gaps.unmet_by_day) == 3
    assert gaps.by_day[-1][0] == NOW.date()
    assert dict(gaps.by_status) == {"Besvart": 1, "Svar på noe av det": 1, "Ikke i guiden": 2}
    assert dict(gaps.by_reason) == {"Utdatert": 1}


def test_groups_are_those_of_abc_gaps_in_the_same_words(asked: Config, live: LiveEngine) -> None:
    engine = live.current()
    gaps = Asked(asked).read(engine, NOW)
    raised = collect(QuestionStore(asked.store, 30).rows(30, NOW), FeedbackStore(asked.store, 30).rows(30, NOW))
    lacks = [describe_lack(group, engine) for group in group_lacks(raised, engine)]
    assert [row.lack for row in gaps.rows] == lacks
    told = "\n".join(as_lines(lacks, len(lacks), 30))
    for row in gaps.rows:
        assert row.nearest in told
        assert row.outcome.lower() in told.lower()


def test_what_is_found_is_found_again_only_where_something_is_new(
    asked: Config, live: LiveEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    grouped = []
    monkeypatch.setattr(page_gaps, "group_lacks", lambda raised, engine: grouped.append(raised) or iter([]))
    shown = Asked(asked)
    shown.read(live.current(), NOW)
    shown.read(live.current(), NOW)
    assert len(grouped) == 1
    ask(asked.store, "Noe nytt?", Status.NO_EVIDENCE, NOW)
    shown.read(live.current(), NOW)
    assert len(grouped) == 2


def test_a_draft_is_written_from_the_page_and_its_place_told(live: LiveEngine, asked: Config, tmp_path: Path) -> None:
    asked = replace(asked, index=shutil.copytree(asked.index, tmp_path / "index"))
    ask(asked.store, LAWYER, Status.NO_EVIDENCE)  # today: the page shows what is kept now
    client = log_in(make_client(live, asked, admin_hash=HASH))
    status, page = send(client, "utkast", id=question_id(LAWYER))
    assert status == 200
    [path] = [*(asked.corpus / "utkast").glob("*.md"), *(tmp_path / "drafts").glob("*.md")]
    assert LAWYER in path.read_text(encoding="utf-8")
    assert f"Utkastet ligger i {path} ." in section(page, "mangler")
    assert f"Utkast: {path}" in section(page, "mangler")
    assert question_id(LAWYER) in (tmp_path / "drafts" / "eval.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("lack_id", ["", "ffffffff", "../../etc"])
def test_no_draft_is_written_of_what_is_not_kept(lack_id: str, live: LiveEngine, asked: Config, tmp_path: Path) -> None:
    client = log_in(make_client(live, asked, admin_hash=HASH))
    status, page = send(client, "utkast", id=lack_id)
    assert status == 409
    assert "ikke lagret lenger" in page
    assert not (asked.corpus / "utkast").exists()


def test_what_people_asked_is_shown_and_not_run(live: LiveEngine, config: Config, tmp_path: Path) -> None:
    path = str(tmp_path / "asked.sqlite")
    ask(path, f"Hva med {ATTACK}?", Status.NO_EVIDENCE)
    page = log_in(make_client(live, config, admin_hash=HASH, store=path)).get(HOME).text
    told = section(page, "mangler")
    assert "1 spørsmål og 0 tilbakemeldinger" in told
    assert "Ikke i guiden 1 ×." in told
    assert "<script>alert" not in page
    assert "<img" not in page


def test_a_database_that_can_not_be_read_takes_only_its_own_section(
    live: LiveEngine, config: Config, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.sqlite"
    broken.write_text("dette er ingen database, men en lang nok tekst til å ligne på en", encoding="utf-8")
    page = log_in(make_client(live, config, admin_hash=HASH, store=str(broken))).get(HOME)
    assert page.status_code == 200
    assert "fila er ingen database" in section(page.text, "mangler")
    assert "fila er ingen database" in section(page.text, "helse")


def test_where_nothing_is_kept_that_is_told(live: LiveEngine, config: Config) -> None:
    page = log_in(make_client(live, config, admin_hash=HASH, keep_days=0)).get(HOME).text
    assert "slått av (ABC_KEEP_DAYS=0)" in section(page, "mangler")


def test_the_last_faults_are_those_of_our_own_code_one_line_each() -> None:
    faults = RecentFaults()
    try:
        logging.getLogger("uvicorn.error").error("et spørsmål fra noen")
        logging.getLogger("assistant.live").info("bare til opplysning")
        for number in range(MAX_FAULTS + 1):
            logging.getLogger("assistant.live").error("feil %d\nlinje to", number)
        texts = [fault.text for fault in faults.newest_first()]
        assert texts == [f"feil {number}" for number in range(MAX_FAULTS, 0, -1)]
    finally:
        for name in ("assistant", "index"):
            logging.getLogger(name).removeHandler(faults)


def test_the_key_of_the_language_model_is_on_no_page(live: LiveEngine, config: Config) -> None:
    settings = {"llm": "openai:en-modell", "llm_key": "sk-hemmelig"}
    page = log_in(make_client(live, config, admin_hash=HASH, **settings)).get(HOME).text
    assert "openai:en-modell" in section(page, "helse")
    assert "sk-hemmelig" not in page
    assert HASH not in page


def test_bars_are_as_long_as_their_counts_and_names_are_escaped() -> None:
    svg = ElementTree.fromstring(bars("Hvor <mange>?", [("a & b", 4), ("c", 1), ("d", 0)]))
    assert svg[0].text == "Hvor <mange>?"
    widths = [float(rect.attrib["width"].rstrip("%")) for rect in svg.iter("rect")]
    assert widths == [82, 20.5, 0]
    assert [text.text for text in svg.iter("text")] == ["a & b", "4", "c", "1", "d", "0"]
    assert ">3\N{NO-BREAK SPACE}980<" in bars("Mange", [("a", 3_980)])


def test_columns_stand_on_the_line_and_the_highest_reaches_the_top() -> None:
    days = [(date(2026, 11, 29), 2), (date(2026, 11, 30), 0), (date(2026, 12, 1), 1)]
    svg = ElementTree.fromstring(columns("Per dag", days))
    rects = [(float(rect.attrib["y"]), float(rect.attrib["height"])) for rect in svg.iter("rect")]
    assert rects == [(20, 120), (80, 60)]
    assert [text.text for text in svg.iter("text")] == ["29.11.", "1.12.", "Mest på en dag: 2"]


@pytest.mark.parametrize("rows", [[], [(date(2026, 12, 1), 0)]])
def test_plots_of_nothing_are_drawn(rows: list[tuple[date, int]]) -> None:
    assert not list(ElementTree.fromstring(columns("Ingenting", rows)).iter("rect"))
    assert not list(ElementTree.fromstring(bars("Ingenting", [])).iter("rect"))
