"""The API: the answer of the design, whole or in pieces, and Norwegian sentences for what goes wrong."""

import json
import logging
import re
import shutil
from collections.abc import Iterator
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

import anyio
import pytest
from conftest import WordSumEmbedder
from fastapi import FastAPI
from pydantic import TypeAdapter
from starlette.testclient import TestClient

import assistant.api
from assistant.answer import answer
from assistant.api import MAX_WAITING, create_api, health_routes, pieces
from assistant.ask import MAX_BODY
from assistant.config import Config
from assistant.conversation.standalone import MAX_TURNS
from assistant.live import LiveEngine
from assistant.record.questions import QuestionStore
from assistant.record.recorder import Recorder
from assistant.screen import MAX_CHARS
from assistant.texts import load_texts, say
from assistant.types import Answer, Citation, Filters, Status
from index.types import IndexFault

KEEPS_NOTHING = Recorder(QuestionStore("ingen.sqlite", keep_days=0))
QUESTION = "Hvor mye aksjekapital må vi ha?"
THE_ANSWER = "Et aksjeselskap må ha minst 30 000 kroner i aksjekapital. [1]"


@pytest.fixture(scope="module")
def live(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> LiveEngine:
    """The tiny guide."""
    home = shutil.copytree(built_home, tmp_path_factory.mktemp("guide") / "index")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.live.load_embedder", lambda name: WordSumEmbedder())
        return LiveEngine(Config(index=home))


@pytest.fixture(scope="module")
def client(live: LiveEngine) -> Iterator[TestClient]:
    """Someone else's page."""
    app = FastAPI(openapi_url=None)
    app.include_router(health_routes(live))
    app.mount("/api", create_api(live, 4, KEEPS_NOTHING))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def stream(client: TestClient, body: object) -> list[tuple[str, Any]]:
    """The events that come, by name, in order."""
    text = client.post("/api/ask/stream", json=body).text
    events = [dict(line.split(": ", 1) for line in event.splitlines()) for event in text.split("\n\n") if event]
    return [(event["event"], json.loads(event["data"])) for event in events]


def test_a_question_gets_the_answer_of_the_design(client: TestClient, live: LiveEngine) -> None:
    response = client.post("/api/ask", json={"question": QUESTION})
    assert response.status_code == 200
    result = TypeAdapter(Answer).validate_python(response.json())
    expected = answer(live.current(), [QUESTION])
    assert (result.text, result.citations) == (expected.text, expected.citations)
    assert THE_ANSWER in result.text
    assert response.json()["citations"][0]["class"] == "veiledning"


def test_the_last_turn_of_a_conversation_is_answered(client: TestClient, live: LiveEngine) -> None:
    turns = ["Hva er etableringsfondet?", "når er fristen?"]
    result = client.post("/api/ask", json={"turns": turns}).json()
    assert result["understood"] == answer(live.current(), turns).understood
    assert "etableringsfondet" in result["understood"].lower()


def test_the_filters_reach_the_answering(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def note(engine: object, turns: object, filters: Filters) -> Answer:
        seen.append(filters)
        return Answer("", Status.CLARIFY, "?", "nb")

    monkeypatch.setattr(assistant.api, "answer", note)
    filters = {"form": "aksjeselskap", "place": "Vestfold", "phase": "oppstart"}
    assert client.post("/api/ask", json={"question": QUESTION, "filters": filters}).status_code == 200
    assert seen == [Filters(**filters)]


def test_the_stream_is_the_text_in_pieces_and_then_the_whole_record(client: TestClient) -> None:
    *texts, (last, result) = stream(client, {"question": QUESTION})
    assert {name for name, _ in texts} == {"text"}
    assert last == "answer"
    assert "".join(piece["text"] for _, piece in texts) == result["text"]
    assert (
        TypeAdapter(Answer).validate_python(result).citations
        == TypeAdapter(Answer).validate_python(client.post("/api/ask", json={"question": QUESTION}).json()).citations
    )


def test_every_piece_that_is_streamed_is_a_whole_sentence_or_line() -> None:
    text = (
        "Vi fant to:\n- Første. [1]\n- Andre. [2]\n\nEt aksjeselskap er dyrt. [3] En forening er gratis. [4]\n\n"
        "|  | A | B |\n| --- | --- | --- |\n| Pris | Dyrt. [3] | Gratis. [4] |\n\n"
        "Noe er usikkert: uten dato [3] [4]; mer [1]."
    )
    assert list(pieces(text)) == [
        "Vi fant to:\n",
        "- Første. [1]\n",
        "- Andre. [2]\n\n",
        "Et aksjeselskap er dyrt. [3] ",
        "En forening er gratis. [4]\n\n",
        "|  | A | B |\n",
        "| --- | --- | --- |\n",
        "| Pris | Dyrt. [3] | Gratis. [4] |\n\n",
        "Noe er usikkert: uten dato [3] [4]; mer [1].",
    ]


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"{", 400, say("nb", "api_no_json")),
        (b"\xff\xfe", 400, say("nb", "api_no_json")),
        (b"[" * 30_000, 400, say("nb", "api_no_json")),
        (b"{" + b" " * MAX_BODY, 413, "Meldingen er for stor. Send høyst 64 KiB."),
        (b"[]", 422, say("nb", "api_wrong_shape")),
        (b"{}", 422, say("nb", "api_wrong_shape")),
        (b'{"turns": []}', 422, say("nb", "api_wrong_shape")),
        (b'{"question": "a", "turns": ["a"]}', 422, say("nb", "api_wrong_shape")),
        (b'{"question": "a", "ukjent": 1}', 422, say("nb", "api_wrong_shape")),
        (b'{"question": "\\ud800"}', 422, say("nb", "api_wrong_shape")),
        (json.dumps({"question": "a" * (MAX_CHARS + 1)}).encode(), 422, say("nb", "too_long", limit=MAX_CHARS)),
        (json.dumps({"turns": ["a" * (MAX_CHARS + 1)]}).encode(), 422, say("nb", "too_long", limit=MAX_CHARS)),
        (
            json.dumps({"turns": ["a"] * (MAX_TURNS + 1)}).encode(),
            422,
            say("nb", "api_too_many_turns", limit=MAX_TURNS),
        ),
        (
            b'{"question": "a", "filters": {"phase": "pensjon"}}',
            422,
            say("nb", "filter_unknown_phase", value="pensjon", known="oppstart"),
        ),
    ],
)
def test_what_can_not_be_read_is_refused_in_norwegian(
    client: TestClient, path: str, body: bytes, status: int, error: str
) -> None:
    response = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()) == (status, {"error": error})


def test_a_body_of_unknown_length_is_not_read_beyond_the_limit(client: TestClient) -> None:
    read = []

    def endless() -> Iterator[bytes]:
        while len(read) < 1_000:
            read.append(1)
            yield b" " * 1024

    response = client.post("/api/ask", content=endless(), headers={"Content-Type": "application/json"})
    assert response.status_code == 413


def test_the_longest_conversation_allowed_fits_in_the_largest_body() -> None:
    longest = json.dumps({"turns": ["blåbærsyltetøy " * (MAX_CHARS // 15)] * MAX_TURNS}, ensure_ascii=False)
    assert len(longest.encode()) < MAX_BODY


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/api/ask", 405), ("POST", "/api/annet", 404)])
def test_what_is_not_offered_is_told_in_norwegian(client: TestClient, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.json()["error"] in (say("nb", "api_wrong_method"), say("nb", "api_not_found"))


@pytest.mark.parametrize(
    ("fault", "status", "key"),
    [
        (RuntimeError(f"/hjem/abc/hemmelig.py: {QUESTION}"), 500, "api_broken"),
        (IndexFault("Chroma kan ikke lese /hjem/abc.", "Kjør: abc index build"), 503, "api_unavailable"),
    ],
)
def test_a_fault_shows_no_trace_and_its_log_no_question(
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
    status: int,
    key: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(assistant.api, "answer", fail)
    response = client.post("/api/ask", json={"question": QUESTION})
    assert (response.status_code, response.json()) == (status, {"error": say("nb", key)})
    assert stream(client, {"question": QUESTION}) == [("error", {"error": say("nb", key)})]
    errors = [record.message for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 2
    assert not any(QUESTION in message for message in errors)


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
def test_when_too_many_wait_the_next_is_asked_to_come_back(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    assert MAX_WAITING > 50
    monkeypatch.setattr(assistant.api, "MAX_WAITING", 0)
    response = client.post(path, json={"question": QUESTION})
    assert (response.status_code, response.json()) == (429, {"error": say("nb", "api_busy")})
    assert int(response.headers["retry-after"]) > 0


def test_an_asker_who_goes_away_while_waiting_is_not_answered(
    live: LiveEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered: list[object] = []
    monkeypatch.setattr(assistant.api, "answer", lambda *a, **k: answered.append(a))
    api, sent = create_api(live, 4, KEEPS_NOTHING), []

    async def ask_and_go() -> None:
        waiting, body = anyio.Event(), json.dumps({"question": QUESTION}).encode()
        messages = iter([{"type": "http.request", "body": body}])

        async def receive() -> Any:
            if message := next(messages, None):
                return message
            await waiting.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)
            waiting.set()

        scope = {
            "type": "http", "method": "POST", "path": "/ask/stream", "root_path": "", "query_string": b"",
            "headers": [(b"content-type", b"application/json")], "asgi": {"spec_version": "2.3"},
        }  # fmt: skip
        async with anyio.create_task_group() as tasks:
            with live.turn(), live.turn():  # nobody else's turn comes
                tasks.start_soon(api, scope, receive, send)
                with anyio.fail_after(10):
                    await waiting.wait()
                    await anyio.sleep(0.2)  # on a busy machine it takes a while to hear that the asker is gone
                    await anyio.wait_all_tasks_blocked()

    anyio.run(ask_and_go)
    assert answered == []
    assert [message["type"] for message in sent] == ["http.response.start"]


def test_any_site_may_ask_and_none_with_its_cookies(client: TestClient) -> None:
    headers = {
        "Origin": "https://eksempel.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    before = client.options("/api/ask", headers=headers)
    asked = client.post("/api/ask", json={"question": QUESTION}, headers={"Origin": headers["Origin"]})
    refused = client.post("/api/ask", json={}, headers={"Origin": headers["Origin"]})
    for response in (before, asked, refused):
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers
        assert "set-cookie" not in response.headers
    assert before.headers["access-control-allow-methods"] == "GET, POST"
    assert "access-control-allow-origin" not in client.get("/helse", headers={"Origin": headers["Origin"]}).headers


def references(schema: object) -> Iterator[str]:
    """The name of every model that is pointed to."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].removeprefix("#/components/schemas/")
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from references(part)


def test_the_api_describes_itself_in_norwegian_with_the_records_of_the_design(client: TestClient) -> None:
    schema = client.get("/api/openapi.json").json()
    assert schema["info"]["version"] == version("abc-assistenten")
    assert {"/ask", "/ask/stream"} <= set(schema["paths"])
    assert schema["servers"] == [{"url": "/api"}]
    models = schema["components"]["schemas"]
    assert set(references(schema)) <= set(models)
    assert set(models["Answer"]["properties"]) == {field.name for field in fields(Answer)}
    names = {field.name for field in fields(Citation)} - {"doc_class"} | {"class"}
    assert set(models["Citation"]["properties"]) == names
    assert models["Status"]["enum"] == [status.value for status in Status]
    assert set(models["AskFilters"]["properties"]) == {field.name for field in fields(Filters)}


def test_what_the_api_says_of_asking_is_ours_and_nothing_is_fastapis(client: TestClient) -> None:
    schema = client.get("/api/openapi.json").json()
    ours = {say("nb", key, limit=64, kept="") for key in load_texts("nb") if key.startswith("api_")}
    asking = json.dumps([schema["paths"]["/ask"], schema["paths"]["/ask/stream"]])
    said = {json.loads(f'"{text}"') for text in re.findall(r'"description": "((?:[^"\\]|\\.)*)"', asking)}
    assert said and said <= ours
    assert re.findall("Successful Response|Validation Error", json.dumps(schema)) == []


def test_every_status_of_a_question_is_described(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    for path in (paths["/ask"], paths["/ask/stream"]):
        assert set(path["post"]["responses"]) == {"200", "400", "413", "422", "429", "500", "503"}


def test_health_names_the_program_and_the_index(client: TestClient, live: LiveEngine) -> None:
    assert client.get("/helse").json() == {
        "status": "ok",
        "version": version("abc-assistenten"),
        "index": live.current().index.manifest.version,
    }
