"""The web server: one page in Norwegian, nothing beside it, and a chat that answers with sources."""

import json
import re
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import WordSumEmbedder
from starlette.testclient import TestClient

import assistant.answer
from assistant.config import Config
from assistant.evidence import Sufficiency
from assistant.server import PortTaken, create_app, open_port
from assistant.texts import say
from index.types import IndexMissing


@pytest.fixture(scope="module")
def client(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A browser on the page for the tiny guide."""
    home = shutil.copytree(built_home, tmp_path_factory.mktemp("guide") / "index")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "")  # so that what the server sets is taken back afterwards
        patch.delenv("GRADIO_ANALYTICS_ENABLED")
        patch.setattr("assistant.live.load_embedder", lambda name: WordSumEmbedder())
        with TestClient(create_app(Config(index=home, store=str(home / "abc.sqlite"), hosts="testserver"))) as client:
            yield client


@pytest.mark.parametrize(
    ("path", "wanted", "language"),
    [
        ("/", "nb-NO,nb", "nb"),
        ("/", "nn-NO,nn", "nn"),
        ("/", "en-GB", "en"),
        ("/om", "en", "en"),
        ("/nb", "en", "nb"),
        ("/nn/om", "en", "nn"),
        ("/en/sla-opp/", "nb", "en"),
        ("/sla-opp/frister", "nn", "nn"),
        ("/nn/sla-opp/etableringsfondet", "nb", "nn"),
        ("/nb/innebygd", "nb", "nb"),
    ],
)
def test_every_address_of_the_page_has_its_language(client: TestClient, path: str, wanted: str, language: str) -> None:
    response = client.get(path, headers={"Accept-Language": wanted})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert response.headers["content-language"] == language
    assert re.findall(r"<html\s[^>]*?lang=\"(\w+)\"", response.text) == [language]
    assert f'<div class="abc" data-language="{language}"' in response.text
    assert say(language, "page_notice").split(".")[0] in response.text.replace("&#39;", "'")


@pytest.mark.parametrize(
    "path", ["/se", "/nb/finnes-ikke", "/nb/om/mer", "/nb/sla-opp/a/b", "/abc/page.py", "/abc/..%2Fpage.py"]
)
def test_there_is_no_page_at_other_addresses(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/nb/om", "/en/", "/nb/sla-opp/etableringsfondet", "/nb/sla-opp/frister/"])
def test_everything_that_the_page_loads_is_there(client: TestClient, path: str) -> None:
    html = client.get(path).text
    [base] = re.findall(r'<base href="([^"]+)"', html)
    loaded = re.findall(r'<(?:link|script|img)\b[^>]*(?:href|src)="([^"]+)"', html)
    assert len(loaded) >= 5
    for address in loaded:
        response = client.get(str(client.base_url.join(path).join(base).join(address)))
        assert response.status_code == 200, address


def test_files_of_the_page_are_kept_for_ever_and_the_page_itself_is_not(client: TestClient) -> None:
    assert "immutable" in client.get("/abc/page.css").headers["cache-control"]
    assert client.get("/nb").headers["cache-control"] == "no-cache"


def test_the_page_is_sent_compressed_when_that_is_wanted(client: TestClient) -> None:
    response = client.get("/abc/page.css", headers={"Accept-Encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"


def test_the_page_loads_nothing_from_another_host(client: TestClient) -> None:
    html = client.get("/").text
    assert re.findall(r'<(?:script|link|img|iframe)\b[^>]*(?:src|href)="(?:https?:)?//[^"]*"', html) == []


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_there_are_no_pages_for_programmers(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def gradio(client: TestClient) -> dict[str, Any]:
    """What Gradio's script is told."""
    [data] = re.findall(r"<script type=\"application/json\" data-gradio>(.*?)</script>", client.get("/nb").text)
    return json.loads(data)


def test_the_page_sends_no_analytics_and_links_nowhere(client: TestClient) -> None:
    from gradio.analytics import analytics_enabled

    config = gradio(client)["config"]
    assert (config["analytics_enabled"], analytics_enabled()) == (False, False)
    assert config["footer_links"] == []
    assert config["show_error"] is False
    assert config["title"] == say("nb", "page_title")


def test_no_function_of_the_page_is_offered_as_an_api(client: TestClient) -> None:
    told = gradio(client)
    assert told["api_info"] == {"named_endpoints": {}, "unnamed_endpoints": {}}
    assert {row["api_visibility"] for row in told["config"]["dependencies"]} == {"private"}
    assert client.get("/gradio_api/info").status_code == 404


def send(client: TestClient, session: str, **data: Any) -> list[dict[str, Any]]:
    """Every piece that the page gets, as Gradio sends it (changes to the one before), after `data`; then the whole."""
    form = {"data": [], "event_data": data, "fn_index": 0, "session_hash": session}
    assert client.post("/gradio_api/queue/join", json=form).status_code == 200
    shown: list[dict[str, Any]] = []
    with client.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as events:
        for line in events.iter_lines():
            event = json.loads(line.removeprefix("data: ")) if line else {}
            if event.get("msg") == "process_completed":
                assert event["success"], event
                return [*shown, event["output"]["data"][0]]
            if event.get("msg") == "process_generating":
                shown.append(event["output"]["data"][0])
    raise AssertionError("the answer never ended")


QUESTION = "Hvor mye aksjekapital må vi ha?"


def test_a_question_gets_its_answer_in_pieces_and_at_last_with_its_sources(client: TestClient) -> None:
    pieces = send(client, "spør", id=7, question=QUESTION, turn=2, language="nb")
    assert len(pieces) >= 2
    whole = pieces[-1]
    assert (whole["id"], whole["state"], whole["asks"]) == (7, "done", [QUESTION])
    assert "Et aksjeselskap må ha minst 30 000 kroner i aksjekapital." in whole["html"]
    links = re.findall(r'href="#(kilde-2-\d+)"', whole["html"])
    assert links and all(f'id="{link}"' in whole["html"] for link in links)
    assert "Lov om fond" in whole["html"]
    assert whole["record"]["status"] == "answered"
    assert whole["link"] == {"spor": QUESTION}


def test_a_follow_up_is_read_with_the_questions_before_it(client: TestClient) -> None:
    before = "Når er søknadsfristen for etableringsfondet?"
    whole = send(client, "følg", id=1, question="Og hvor mye kan vi få?", turn=1, turns=[before], language="en")[-1]
    assert "etableringsfondet" in whole["record"]["understood"]
    assert whole["link"]["spor"] == whole["record"]["understood"]
    assert "I understand this as" in whole["html"]


def test_personal_data_are_in_nothing_that_the_page_gets(client: TestClient) -> None:
    number = "15066050251"
    pieces = send(client, "fnr", id=1, question=f"{number} {QUESTION}", turn=0, language="nb")
    assert number not in json.dumps(pieces)
    assert pieces[-1]["question"] == QUESTION


def test_the_filters_of_the_page_reach_the_answer_and_its_link(client: TestClient) -> None:
    asked = {"id": 1, "question": "Hvilke tilskudd finnes?", "turn": 0, "language": "nb"}
    whole = send(client, "alle", **asked)[-1]
    chosen = send(client, "valgt", **asked, filters={"form": "aksjeselskap"})[-1]
    assert whole["record"]["filters"] == {"form": "", "place": "", "phase": ""}
    assert chosen["record"]["filters"]["form"] == "aksjeselskap"
    assert chosen["record"]["text"] != whole["record"]["text"]
    assert chosen["link"] == {"spor": asked["question"], "form": "aksjeselskap"}


def test_a_filter_that_the_guide_has_not_is_told_with_those_that_it_has(client: TestClient) -> None:
    failed = send(client, "månen", id=1, question=QUESTION, turn=0, language="nb", filters={"phase": "pensjon"})[-1]
    assert failed["state"] == "failed"
    assert "pensjon" in failed["error"] and "oppstart" in failed["error"]


def test_a_question_outside_the_guide_is_refused_without_a_source(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    gather, outside = assistant.answer.gather, Sufficiency.OUT_OF_SCOPE
    monkeypatch.setattr(assistant.answer, "gather", lambda *a: replace(gather(*a), sufficiency=outside))
    whole = send(client, "utenfor", id=1, question=QUESTION, turn=0, language="nb")[-1]
    assert say("nb", "out_of_scope") in whole["html"]
    assert whole["asks"] == []
    assert "kilde-0-1" not in whole["html"]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"id": 1},
        {"id": 1, "question": ["x"], "turn": 0, "language": "nb"},
        {"id": 1, "question": QUESTION, "turn": 0, "language": "fr"},
        {"id": 1, "question": QUESTION, "turn": 0, "language": "nb", "filters": {"form": {"$ne": 1}}},
    ],
)
def test_what_can_not_be_read_gives_the_question_back_and_nothing_else(
    client: TestClient, data: dict[str, Any]
) -> None:
    assert send(client, "rart", **data)[-1] == {"id": data.get("id"), "state": "failed"}


def test_when_answering_breaks_the_page_is_told_and_the_log_does_not_have_the_question(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(engine: object, turns: list[str], **_: object) -> None:
        raise RuntimeError(f"i stykker: {turns}")

    monkeypatch.setattr("assistant.ui.page.answer", broken)
    assert send(client, "brudd", id=3, question=QUESTION, turn=0, language="nb")[-1] == {"id": 3, "state": "failed"}
    assert "RuntimeError" in caplog.text and "broken" in caplog.text
    assert QUESTION not in caplog.text


def test_without_an_index_the_server_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.live.load_embedder", lambda name: WordSumEmbedder())
    with pytest.raises(IndexMissing, match="ikke bygd noen indeks"):
        create_app(Config(index=tmp_path))


def test_a_port_in_use_is_refused_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"127\.0\.0\.1:{port}.*--port"):
            open_port("127.0.0.1", port)


def test_a_free_port_listens() -> None:
    with (
        open_port("127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname(), timeout=5) as caller,
    ):
        assert caller.getpeername() == listener.getsockname()


@pytest.mark.parametrize("kind", ["md", "docx"])
def test_a_template_is_downloaded_under_its_own_name(client: TestClient, kind: str) -> None:
    response = client.get(f"/maler/soknad-om-tilskudd.{kind}")
    assert response.status_code == 200
    assert response.headers["content-disposition"] == f'attachment; filename="soknad-om-tilskudd.{kind}"'
    assert response.content.startswith(b"# " if kind == "md" else b"PK")


@pytest.mark.parametrize("path", ["/maler/finnes-ikke.md", "/maler/soknad-om-tilskudd.exe", "/maler/..%2Fkilder.md"])
def test_what_is_no_template_is_not_found_in_norwegian(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "no_such_template" not in response.text
    assert "kilder" not in response.text


def test_why_the_hits_came_is_a_page_that_runs_nothing_of_the_question(client: TestClient) -> None:
    response = client.get("/hvorfor", params={"q": "<script>alert(1)</script> søknadsfristen for etableringsfondet"})
    assert response.status_code == 200
    assert "ordninger/etableringsfondet#frister" in response.text
    assert "<script" not in response.text


@pytest.mark.parametrize("question", ["", "  ", "x" * 3_000])
def test_why_nothing_was_asked_is_told_in_norwegian(client: TestClient, question: str) -> None:
    response = client.get("/hvorfor", params={"q": question})
    assert (response.status_code, response.text) == (400, say("nb", "empty"))


def test_the_api_is_beside_the_page_and_so_is_its_health(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": "Hvor mye aksjekapital må vi ha?"}).json()
    assert "30 000 kroner" in answer["text"]
    assert client.get("/helse").json()["index"] == answer["receipt"]["index"]
    assert client.get("/openapi.json").status_code == 404
    assert client.get("/api/openapi.json").json()["info"]["title"] == say("nb", "api_title")
