"""A language model on loopback that speaks Ollama's and OpenAI's streaming formats, and misbehaves when told to."""

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ModelServer:
    """`reply` is what its model says; `behave` what else may happen, `times` how often; `requests` is what it got.

    Behaviours: answer, fail (500), refuse (400), refuse schema (400 only where one is asked for), reset (no answer),
    stall (nothing comes), trickle and trickle headers (a byte at a time, for ever), cut off (the stream ends in the
    middle), cut short (the model was stopped by its own limit).
    """

    def __init__(self) -> None:
        self.reply, self.behave, self.times = "", "answer", 10**6
        self.piece = 7  # characters per piece of the stream
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def next_behaviour(self, request: dict[str, Any]) -> str:
        """What happens to this request."""
        asks_schema = bool(request.get("response_format") or request.get("format"))
        if self.times <= 0 or (self.behave == "refuse schema" and not asks_schema):
            return "answer"
        self.times -= 1
        return "refuse" if self.behave == "refuse schema" else self.behave

    def lines(self, path: str, behaviour: str) -> Iterator[bytes]:
        """The stream of an answer, line by line."""
        pieces = [self.reply[i : i + self.piece] for i in range(0, len(self.reply), self.piece)]
        if behaviour in ("cut off", "trickle"):
            pieces = pieces[: len(pieces) // 2]
        ending = {"cut off": None, "trickle": None, "cut short": "length"}.get(behaviour, "stop")
        write = _ollama_line if path == "/api/chat" else _openai_line
        yield from (write(piece, None) for piece in pieces)
        if ending:
            yield write("", ending)


def _ollama_line(piece: str, ending: str | None) -> bytes:
    message = {"role": "assistant", "content": piece}
    row = {"model": "prøve", "created_at": "2026-03-01T00:00:00Z", "message": message, "done": ending is not None}
    return json.dumps(row | ({"done_reason": ending} if ending else {})).encode() + b"\n"


def _openai_line(piece: str, ending: str | None) -> bytes:
    choice = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": ending}
    row = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "prøve", "choices": [choice]}
    return b"data: " + json.dumps(row).encode() + b"\n\n" + (b"data: [DONE]\n\n" if ending else b"")


def _handler_for(model: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            model.requests.append((self.path, request))
            behaviour = model.next_behaviour(request)
            if behaviour == "reset":
                self.close_connection = True
            elif behaviour in ("fail", "refuse"):
                self.send_error(500 if behaviour == "fail" else 400)
            elif behaviour == "stall":
                model.stopped.wait(30)
            elif behaviour == "trickle headers":
                self._trickle(b"x")
            else:
                self._stream(behaviour)

        def _stream(self, behaviour: str) -> None:
            kind = "application/x-ndjson" if self.path == "/api/chat" else "text/event-stream"
            self.send_response(200)
            self.send_header("content-type", kind)
            self.end_headers()
            for line in model.lines(self.path, behaviour):
                self.wfile.write(line)
            if behaviour == "trickle":
                self._trickle(b" ")

        def _trickle(self, byte: bytes) -> None:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n" if byte == b"x" else b"")
            with suppress(OSError):  # the client has left
                while not model.stopped.wait(0.02):
                    self.wfile.write(byte)
                    self.wfile.flush()

        def log_message(self, *_: object) -> None:
            pass

    return Handler
