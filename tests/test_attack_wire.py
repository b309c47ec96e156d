"""On the wire: slow, endless and broken clients are let go, too many are told to wait, a stop lets answers end."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest
import uvicorn
from attacks import attempt
from browser_guide import Guide
from conftest import write_corpus
from model_server import ModelServer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp

import assistant.guard.ready
from assistant.guard.connection import PatientConnection
from assistant.guard.limits import RequestLimits
from assistant.guard.rate import RateLimits, client_of
from assistant.guard.ready import Readiness
from assistant.guard.watch import Watch
from assistant.texts import say

SOON_S = 0.3
PATIENCE_S = 20  # of a test that waits for what must come


class Hasty(PatientConnection):
    """Waits a little for the head of a request."""

    head_s = SOON_S


def listening() -> tuple[socket.socket, int]:
    listener = socket.create_server(("127.0.0.1", 0))
    return listener, listener.getsockname()[1]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A small server behind our connection and limits."""

    async def echo(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    app: ASGIApp = Starlette(routes=[Route("/", echo, methods=["GET", "POST"])])
    app = Watch(RequestLimits(app, body_s=SOON_S))
    listener, number = listening()
    server = uvicorn.Server(uvicorn.Config(app, http=Hasty, ws="none", lifespan="off", log_config=None))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    yield number
    server.should_exit = True
    thread.join()


def talk(port: int, parts: Sequence[bytes]) -> bytes:
    """What the server says before it hangs up, when these parts are sent and then nothing."""
    attempt("slow and broken clients")
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as caller:
        heard = b""
        try:
            for part in parts:
                caller.sendall(part)
            while piece := caller.recv(65_536):
                heard += piece
        except (ConnectionResetError, BrokenPipeError):
            pass
        return heard


@pytest.mark.parametrize("parts", [[], [b"GET / HT"], [b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "], [b"\r\n"]])
def test_who_does_not_say_what_they_want_is_let_go(port: int, parts: list[bytes]) -> None:
    assert talk(port, parts) == b""


@pytest.mark.parametrize("start", [b"GET / HTTP/1.1\r\nX: ", b"GET /", b"GET / HTTP/1.1\r\n"])
def test_an_endless_head_is_not_kept(port: int, start: bytes) -> None:
    line = b"X-A: a\r\n" * 1_000 if start.endswith(b"\n") else b"a" * 8_000
    assert talk(port, [start, *[line] * 400]) == b""


def test_a_body_that_never_ends_is_answered_in_words_and_the_connection_closed(port: int) -> None:
    heard = talk(port, [b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc"])
    assert heard.startswith(b"HTTP/1.1 408") and b"connection: close" in heard.lower()
    assert say("nb", "guard_slow").encode() in heard


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\nHost: x\r\nX y: z\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
    ],
)
def test_what_can_be_read_in_two_ways_or_none_is_refused(port: int, head: bytes) -> None:
    heard = talk(port, [head])
    assert heard[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 408", b"HTTP/1.1 413", b"")
    assert b"Traceback" not in heard


def test_a_client_that_keeps_its_connection_is_served_again(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        assert [client.post("/", content=b"x" * size).text for size in (1, 100_000)] == ["1", "100000"]


def limited(per_minute: int, client: str = "198.51.100.7") -> TestClient:
    async def work(request: Request) -> PlainTextResponse:
        return PlainTextResponse("ok")

    app = Starlette(routes=[Route("/{path:path}", work)])
    return TestClient(RateLimits(app, per_minute), client=(client, 1))


def test_who_asks_too_often_is_told_politely_when_to_come_back() -> None:
    client = limited(3)
    answers = [client.get("/api/ask", headers={"Accept-Language": "nn"}) for _ in range(5)]
    attempt("floods", 5)
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[3].json() == {"error": say("nn", "guard_often")}
    assert 1 <= int(answers[3].headers["retry-after"]) <= 60
    assert client.get("/nb").status_code == 200  # the page costs less than an answer


def test_another_address_is_not_held_back_by_the_first_and_0_sets_no_limit() -> None:
    assert [limited(1).get("/api/ask").status_code for _ in range(2)] == [200, 200]
    free = limited(0)
    assert {free.get("/api/ask").status_code for _ in range(50)} == {200}


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_an_ipv6_subscriber_is_one_client_whatever_address_is_taken(address: str, counted_as: str) -> None:
    assert client_of({"client": (address, 1)}) == counted_as


def test_one_address_can_not_have_everything_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.guard.rate.MAX_OPEN", 2)

    async def run() -> list[int]:
        release, statuses = asyncio.Event(), []

        async def slow(scope: object, receive: object, send: object) -> None:
            await release.wait()

        guard = RateLimits(slow, 1_000)  # type: ignore[arg-type]
        scope = {"type": "http", "path": "/api/ask", "headers": [], "client": ("198.51.100.7", 1)}

        async def send(message: dict[str, int]) -> None:
            statuses.append(message.get("status", 0))

        waiting = [asyncio.create_task(guard(dict(scope), None, send)) for _ in range(2)]  # type: ignore[arg-type]
        await asyncio.sleep(0)
        await guard(dict(scope), None, send)  # type: ignore[arg-type]
        release.set()
        await asyncio.gather(*waiting)
        return [status for status in statuses if status]

    attempt("floods", 3)
    assert asyncio.run(run()) == [503]


def test_it_is_not_ready_when_the_index_no_longer_finds_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    probed: list[bool] = []
    verdicts = [True, False]

    class Live:
        def current(self) -> "Live":
            return self

        index = manifest = property(lambda self: self)
        version = "1"

    def probe(_: object) -> bool:
        probed.append(verdicts[len(probed)])
        return probed[-1]

    monkeypatch.setattr(assistant.guard.ready, "probe", probe)
    ready = Readiness(Live(), every_s=3_600)  # type: ignore[arg-type]
    assert [ready.is_ready() for _ in range(20)] == [True] * 20
    assert len(probed) == 1, "a request must not cost a probe"
    Live.version = "2"
    deadline = time.monotonic() + PATIENCE_S
    while ready.is_ready():
        assert time.monotonic() < deadline
    assert len(probed) == 2


@pytest.fixture
def model() -> Iterator[ModelServer]:
    server = ModelServer()
    yield server
    server.close()


def test_when_it_is_stopped_answers_under_way_end_new_ones_are_refused_and_the_status_is_0(
    tmp_path: Path, model: ModelServer
) -> None:
    guide = Guide(write_corpus(tmp_path / "corpus"), tmp_path / "index")
    guide.build()
    model.behave = "stall"  # until its time is up: then the guide's own words are the answer
    listener, port = listening()
    listener.close()
    settings = {
        "ABC_LLM": "openai:prøve",
        "ABC_LLM_URL": f"{model.url}/v1",
        "ABC_LLM_TIMEOUT_S": "1",
        "ABC_LOG": "json",
    }
    command = [sys.executable, "-m", "assistant", "serve", "--port", str(port)]
    environment = {**os.environ, **guide.settings, **settings, "ABC_STORE": str(tmp_path / "abc.sqlite")}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None and "klar" in server.stdout.readline()
        address, statuses = f"http://127.0.0.1:{port}", []
        asked = {"question": "Hvor mye aksjekapital må vi ha?"}
        asking = threading.Thread(
            target=lambda: statuses.append(httpx.post(f"{address}/api/ask", json=asked, timeout=60).status_code)
        )
        asking.start()
        until(lambda: "abc_requests_in_flight 2.0" in httpx.get(f"{address}/metrikk").text)
        server.send_signal(signal.SIGTERM)
        until(lambda: refuses(port))
        assert server.poll() is None, "it did not wait for the answer"
        asking.join(PATIENCE_S)
        told = server.communicate(timeout=PATIENCE_S)[1]
        assert (statuses, server.returncode) == ([200], 0)
        assert '"route": "/api/ask"' in told and "aksjekapital" not in told
    finally:
        server.kill()
        server.wait()


def until(happened: object) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return True
    return False
