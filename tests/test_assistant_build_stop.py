"""Ctrl+C while `abc serve --watch` builds: a real server, a real build and a page that listens, all over at once."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import FILES, write_corpus

from index.build import build_index
from index.document import read_corpus
from index.embed import load_embedder
from index.versions import build_lock, list_versions, read_pointer

CAPITAL = "guide/aksjekapital.md"
WAIT_S = 120  # the machine may be busy


@pytest.fixture
def home(tmp_path: Path) -> Path:
    build_index(read_corpus(write_corpus(tmp_path / "corpus")), tmp_path / "index", load_embedder())
    return tmp_path


@pytest.fixture
def server(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`abc serve --watch` when its page can be opened, with its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    settings = {
        "ABC_CORPUS": str(home / "corpus"),
        "ABC_INDEX": str(home / "index"),
        "ABC_STORE": str(home / "a.sqlite"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "serve", "--watch", "--port", port],
        env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,  # so that Ctrl+C can be sent to all of it, as a terminal does
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert "Chatten er klar" in process.stdout.readline()
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()


def states(address: str) -> Iterator[str]:
    with urllib.request.urlopen(f"{address}/redigering?sprak=nb", timeout=WAIT_S) as stream:
        for line in stream:
            if line.startswith(b"data: "):
                yield json.loads(line.removeprefix(b"data: "))["state"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_during_a_build_ends_both_and_leaves_nothing_half(
    server: tuple[subprocess.Popen[str], str], home: Path, number: signal.Signals
) -> None:
    process, address = server
    index = home / "index"
    serving = read_pointer(index)
    told = states(address)
    while next(told) != "unchanged":
        pass
    (home / "corpus" / CAPITAL).write_text(FILES[CAPITAL].replace("30 000", "31 000"), encoding="utf-8")
    assert next(told) == "building"
    if number == signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)  # to the server alone, as a service is stopped
    assert list(told) == []
    process.wait(WAIT_S)
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()
    with build_lock(index):  # which a build that went on would hold
        assert read_pointer(index) == serving
    build_index(read_corpus(home / "corpus"), index, load_embedder())
    whole = {manifest.version for manifest in list_versions(index)}
    assert whole == {folder.name for folder in index.iterdir() if folder.is_dir()}
    assert read_pointer(index) == max(whole)
