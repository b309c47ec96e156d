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
        with TestClient(create_app(Config(index=home))) as client:
            yield client


def test_the_page_is_in_norwegian(client: TestClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert re.findall(r"<html\s[^>]*?lang=\"(\w+)\"", response.text) == ["nb"]
    assert "'languages',{get:()=>['nb']}" in response.text
    assert int(response.headers["content-length"]) == len(response.content)


def test_the_page_loads_nothing_from_another_host(client: TestClient) -> None:
    html = client.get("/").text
    assert re.findall(r'<(?:script|link|img|iframe)\b[^>]*(?:src|href)="(?:https?:)?//[^"]*"', html) == []


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_there_are_no_pages_for_programmers(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_page_sends_no_analytics_and_links_nowhere(client: TestClient) -> None:
    from gradio.analytics import analytics_enabled

    config = client.get("/config").json()
    assert (config["analytics_enabled"], analytics_enabled()) == (False, False)
    assert config["footer_links"] == []
    assert config["show_error"] is False
    assert config["title"] == say("nb", "page_title")


def test_no_function_of_the_page_is_offered_as_an_api(client: TestClient) -> None:
    info = client.get("/gradio_api/info").json()
    assert (info["named_endpoints"], info["unnamed_endpoints"]) == ({}, {})
    assert {row["api_visibility"] for row in client.get("/config").json()["dependencies"]} == {"private"}


def send(client: TestClient, question: str, session: str) -> list[Any]:
    """What the chat shows at last after `question` is sent: messages, source panel and what the page keeps."""
    form = {"data": [question, [], None, None], "fn_index": 0, "session_hash": session}
    assert client.post("/gradio_api/queue/join", json=form).status_code == 200
    with client.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as events:
        for line in events.iter_lines():
            event = json.loads(line.removeprefix("data: ")) if line else {}
            if event.get("msg") == "process_completed":
                assert event["success"], event
                return event["output"]["data"]
    raise AssertionError("the answer never ended")


def test_a_question_gets_its_whole_answer_with_links_to_the_sources_beside_it(client: TestClient) -> None:
    messages, panel, box, *_ = send(client, "Hvor mye aksjekapital må vi ha?", "spør")
    assert [message["role"] for message in messages] == ["user", "assistant"]
    shown = messages[1]["content"][0]["text"]
    assert "Et aksjeselskap må ha minst 30 000 kroner i aksjekapital." in shown
    [link] = re.findall(r'href="#([^"]+)"', shown)
    assert f'id="{link}"' in panel
    assert "Lovdata: Lov om fond" in panel
    assert box == ""


def test_a_question_outside_the_guide_is_refused_without_a_source(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    gather, outside = assistant.answer.gather, Sufficiency.OUT_OF_SCOPE
    monkeypatch.setattr(assistant.answer, "gather", lambda *a: replace(gather(*a), sufficiency=outside))
    messages, panel, *_ = send(client, "Hvor mye aksjekapital må vi ha?", "utenfor")
    assert messages[1]["content"][0]["text"] == say("nb", "out_of_scope")
    assert "<details" not in panel


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
