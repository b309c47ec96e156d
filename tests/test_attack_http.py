"""The whole server under odd requests: nothing but our words comes back, and nothing of this machine."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from attacks import LEAKS, attempt, whole_server
from starlette.testclient import TestClient

from assistant.config import Config
from assistant.guard.origin import name_of
from assistant.texts import say

QUESTION = "Hvor mye aksjekapital må vi ha?"
SENT = ("/api/ask", "/api/ask/stream", "/api/feedback", "/samtale.md", "/samtale.docx", "/gradio_api/queue/join")
UP = (
    "..",
    "..%2f..",
    "%2e%2e",
    "..%5c..",
    "....//",
    "%252e%252e%252f",
    "/etc/passwd",
    "%00",
    "C:%5cwindows",
    "~root",
    "kilder.yaml",
)
FILES = (
    "/maler/{}.md", "/maler/{}.docx", "/abc/{}", "/abc/{}/page.css", "/assets/{}", "/deler/nb/sla-opp/{}",
    "/deler/{}/sla-opp",
    "/api/ordninger/{}", "/api/ordninger/{}/kvittering", "/gradio_api/file={}", "/file={}", "/static/{}", "/svelte/{}",
    "/gradio_api/file/{}", "/theme.css/{}", "/nb/sla-opp/{}", "/gradio_api/proxy={}",
    "/gradio_api/custom_component/{}/client/component/index.js",
)  # fmt: skip
BODIES = {
    "deep list": "[" * 30_000 + "]" * 30_000,
    "deep object": '{"question":' * 4_000,
    "cut off": '{"question": "Hv',
    "nothing": "",
    "zero byte": "\0",
    "half a character": '{"question":"\\ud800"}',
    "infinity": '{"question":1e999999}',
    "endless number": '{"question":' + "9" * 5_000 + "}",
    "no number": '{"question":NaN}',
    "prototype": '{"__proto__":{"question":"x"},"constructor":1}',
    "null": "null",
    "wrong kinds": '{"question":{"$ne":""},"turns":7,"filters":[],"session_hash":{},"fn_index":"x","data":{}}',
    "other function": '{"data":[],"fn_index":99,"session_hash":"x","event_data":null}',
}


@pytest.fixture(scope="module")
def client(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with whole_server(built_home, tmp_path_factory.mktemp("guide"), llm_key="hemmelig-nøkkel") as client:
        yield client


def assert_nothing_leaks(text: str) -> None:
    assert [leak for leak in LEAKS if leak in text] == []


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("up", UP)
def test_no_file_parameter_leads_out_of_its_folder(client: TestClient, path: str, up: str) -> None:
    attempt("path traversal")
    response = client.get(path.format(up), follow_redirects=False)
    is_page = response.text.startswith("<!doctype html>")  # "/abc/.." is "/" before it is sent, and that is the page
    assert response.status_code in (307, 400, 404, 422) or is_page
    assert "root:" not in response.text and "class " not in response.text
    assert_nothing_leaks(response.text)


@pytest.mark.parametrize(
    "path",
    [
        "/config", "/gradio_api/info", "/gradio_api/openapi.json", "/gradio_api/upload", "/gradio_api/startup-events",
        "/gradio_api/token", "/gradio_api/user", "/gradio_api/app_id/x", "/gradio_api/heartbeat/abc", "/monitoring",
        "/monitoring/summary", "/gradio_api/runs", "/gradio_api/deep_link", "/gradio_api/dev/reload", "/login",
        "/gradio_api/call/respond", "/gradio_api/run/respond", "/gradio_api/api/respond", "/gradio_api/reset",
        "/gradio_api/component_server", "/gradio_api/vibe-edit", "/gradio_api/process_recording",
        "/gradio_api/mcp/sse",
        "/gradio_api/stream/x", "/manifest.json", "/pwa_icon", "/static/js/x.js", "/openapi.json", "/docs",
        "/gradio_api/proxy=http://169.254.169.254/",
    ],
)  # fmt: skip
def test_of_gradio_only_what_the_page_uses_is_there(client: TestClient, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        attempt("closed routes")
        response = client.request(method, path)
        assert response.status_code == 404, method
        assert_nothing_leaks(response.text)


@pytest.mark.parametrize("path", SENT)
@pytest.mark.parametrize("kind", BODIES)
def test_no_body_breaks_a_route_or_makes_it_tell_of_itself(client: TestClient, path: str, kind: str) -> None:
    attempt("bodies")
    response = client.post(path, content=BODIES[kind].encode(), headers={"Content-Type": "application/json"})
    assert response.status_code in (200, 400, 413, 422)
    assert_nothing_leaks(response.text)


@pytest.mark.parametrize("path", SENT)
def test_multipart_and_forms_are_not_read(client: TestClient, path: str) -> None:
    for sent in (
        {"files": {"question": ("../../x.md", b"x")}},
        {"data": {"question": "x"}},
        {"files": {"a" * 500: b"x"}},
    ):
        attempt("multipart")
        response = client.post(path, **sent)  # type: ignore[arg-type]
        assert response.status_code in (400, 403, 415, 422)
        assert_nothing_leaks(response.text)


@pytest.mark.parametrize(
    ("path", "size"),
    [("/api/ask", 70_000), ("/gradio_api/queue/join", 300_000), ("/samtale.md", 3_000_000), ("/nb", 3_000_000)],
)
def test_a_body_that_is_too_large_is_refused_on_every_route(client: TestClient, path: str, size: int) -> None:
    def endless() -> Iterator[bytes]:
        yield from (b"x" * 10_000 for _ in range(size // 10_000 + 1))

    for content in (b"x" * size, endless()):
        attempt("large bodies")
        response = client.post(path, content=content, headers={"Content-Type": "application/json"})
        assert (response.status_code, response.json()) == (413, {"error": say("nb", "guard_large")})


def test_long_addresses_and_headers_are_refused_in_the_language_of_the_reader(client: TestClient) -> None:
    long = client.get(f"/en?{'a' * 9_000}")
    wide = client.get("/nb", headers={"X-A": "a" * 20_000, "Accept": "text/html", "Accept-Language": "en"})
    many = client.get("/nn", headers={f"X-{n}": "a" for n in range(100)})
    attempt("large heads", 3)
    assert (long.status_code, long.json()["error"]) == (414, say("en", "guard_long"))
    assert (wide.status_code, wide.text) == (431, say("nb", "guard_long"))
    assert (many.status_code, many.json()["error"]) == (431, say("nn", "guard_long"))


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "evil.example:80", "user@testserver", "testserver/x", "[::2]"]
)
def test_another_host_gets_400_and_a_word_on_what_to_do(client: TestClient, host: str) -> None:
    attempt("hosts")
    response = client.get("/nb/om", headers={"Host": host})
    assert response.status_code == 400
    assert "ABC_HOSTS" in response.text and "evil" not in response.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:7860", "127.0.0.1:1", "[::1]:7860", "testserver"])
def test_our_own_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/helse", headers={"Host": host}).status_code == 200
    assert name_of(host) in ("localhost", "127.0.0.1", "::1", "testserver")


@pytest.mark.parametrize(
    "path", ["/api/feedback", "/samtale.md", "/samtale.docx", "/gradio_api/queue/join", "/gradio_api/cancel", "/nb"]
)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_what_a_page_elsewhere_sends_is_refused(client: TestClient, path: str, headers: dict[str, str]) -> None:
    attempt("origins")
    assert client.post(path, json={}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/", "/nb", "/theme.css", "/gradio_api/app_id", "/gradio_api/queue/join", "/config", "/helse", "/abc/page.js"],
)
def test_no_page_elsewhere_may_read_ours(client: TestClient, path: str) -> None:
    for origin in ("https://evil.example", "http://localhost", "null"):
        attempt("origins", 2)
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        for response in (client.get(path, headers=headers), client.options(path, headers=headers)):
            assert [name for name in response.headers if name.startswith("access-control")] == []


def test_the_api_is_open_to_pages_elsewhere_on_purpose(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": QUESTION}, headers={"Origin": "https://kommune.example"})
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize(
    "path",
    ["/nb", "/nb/om", "/nb/innebygd", "/api/ordninger", "/helse", "/finnes-ikke", "/abc/page.js", "/hvorfor?q=fond"],
)
def test_every_response_has_the_headers_that_protect_and_none_that_boast(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy
    assert ("frame-ancestors *" in policy) == path.endswith("innebygd")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers and "x-powered-by" not in headers


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [("abc-12345678", True), ("x\u00e5" * 8, False), ("a b c d e f", False), ("kort", False), ("a" * 65, False)],
)
def test_a_sane_request_id_is_kept_and_another_replaced(client: TestClient, given: str, is_kept: bool) -> None:
    name = client.get("/helse", headers={"X-Request-ID": given.encode()}).headers["x-request-id"]
    assert (name == given) == is_kept
    assert len(name) >= 8


def test_the_receipt_has_the_request_id_on_both_ways_to_an_answer(client: TestClient) -> None:
    named = {"X-Request-ID": "sak-2026-0001"}
    assert (
        client.post("/api/ask", json={"question": QUESTION}, headers=named).json()["receipt"]["request"]
        == named["X-Request-ID"]
    )
    asked = {"id": 1, "question": QUESTION, "turn": 0, "language": "nb"}
    form = {"data": [], "event_data": asked, "fn_index": 0, "session_hash": "kvittering"}
    assert client.post("/gradio_api/queue/join", json=form, headers=named).status_code == 200
    stream = client.get("/gradio_api/queue/data?session_hash=kvittering").text
    assert '"request":"sak-2026-0001"' in stream


def test_what_breaks_is_said_in_our_words_and_logged_without_theirs(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "".join(["hemme", "lig"])  # lines of the source are in the log

    def broken(*_: object) -> None:
        raise RuntimeError(f"{QUESTION} {secret}")

    monkeypatch.setattr("assistant.server.explain", broken)
    response = client.get("/hvorfor", params={"q": QUESTION}, headers={"X-Request-ID": "brudd-0001"})
    assert (response.status_code, response.json()) == (500, {"error": say("nb", "guard_broken")})
    assert response.headers["x-request-id"] == "brudd-0001"
    assert "brudd-0001 RuntimeError" in caplog.text
    assert QUESTION not in caplog.text and "hemmelig" not in caplog.text


def test_no_question_address_or_secret_is_in_the_access_log(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "abc.access")
    client.get("/hvorfor", params={"q": "min hemmelige sak"})
    client.post("/api/ask", json={"question": "min hemmelige sak"})
    client.get("/nb/sla-opp/hemmelig-ting?q=sak")
    fields = [record.fields for record in caplog.records if record.name == "abc.access"]  # type: ignore[attr-defined]
    assert [(row["route"], row["status"]) for row in fields] == [("/hvorfor", 200), ("/api/ask", 200), ("page", 200)]
    assert all(set(row) == {"request_id", "route", "status", "ms"} for row in fields)
    assert "hemmelig" not in caplog.text and "testclient" not in caplog.text


def test_settings_show_no_secret() -> None:
    shown = repr(Config(llm_key="hemmelig", store="postgresql://abc:hemmelig@db/abc"))
    assert "hemmelig" not in shown


def test_what_is_counted_is_there_for_prometheus_and_says_nothing_of_anyone(client: TestClient) -> None:
    client.post("/api/ask", json={"question": QUESTION})
    client.get("/finnes-ikke-hemmelig", headers={"Host": "evil.example"})
    with TestClient(client.app, client=("127.0.0.1", 5000)) as local:
        text = local.get("/metrikk").text
    assert 'abc_answers_total{language="nb",status="answered"}' in text
    assert 'abc_requests_total{method="POST",route="/api/ask",status="200"}' in text
    assert "abc_answer_seconds_bucket" in text and "abc_requests_in_flight" in text
    assert 'abc_refused_total{status="400"}' in text
    assert "abc_index_info{" in text and "abc_model_failures_total" in text
    assert "aksjekapital" not in text and "hemmelig" not in text


@pytest.mark.parametrize(
    ("client_address", "headers"), [("203.0.113.9", {}), ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"})]
)
def test_the_figures_are_not_for_everybody(client: TestClient, client_address: str, headers: dict[str, str]) -> None:
    attempt("closed routes")
    with TestClient(client.app, client=(client_address, 5000)) as other:
        assert other.get("/metrikk", headers=headers).status_code == 404


def test_the_log_as_json_lines_has_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    from assistant.guard.log import JsonLines

    record = logging.LogRecord("abc.access", logging.INFO, "x", 1, "tekst", (), None)
    record.fields = {"request_id": "a\nb", "route": "/api/ask", "status": 200, "ms": 3.5}
    line = JsonLines().format(record)
    assert "\n" not in line
    assert {name: value for name, value in json.loads(line).items() if name != "at"} == {
        "level": "info",
        "logger": "abc.access",
        **record.fields,
    }
