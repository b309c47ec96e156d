"""The passages on a real Chroma server: several guides on it, builds that are cut off, a server that goes away."""

import logging
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from conftest import WordSumEmbedder
from servers import Chroma

import index.build as build_steps
import index.dense
from assistant.config import ConfigError, read_config
from index.address import read_address
from index.build import Report, build_index
from index.carry import carry_versions
from index.dense import ChromaPassages
from index.document import read_corpus
from index.load import Index, find_fault, open_index
from index.store import VectorStore, drop_from_server, on_server
from index.types import IndexFault
from index.versions import KEEP, roll_back

Build = Callable[..., Report]


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:
    server = Chroma(tmp_path_factory.mktemp("chroma"))
    yield server
    server.stop()


@pytest.fixture
def build(chroma: Chroma, corpus_dir: Path, index_home: Path, embedder: WordSumEmbedder) -> Build:
    """Builds a version on the server, of the guide with another share capital where one is given."""

    def change_and_build(amount: str = "30 000", home: Path = index_home) -> Report:
        file = corpus_dir / "guide/aksjekapital.md"
        file.write_text(re.sub(r"\d\d 000 kroner", f"{amount} kroner", file.read_text("utf-8")), "utf-8")
        return build_index(read_corpus(corpus_dir), home, embedder, chroma_url=chroma.url)

    return change_and_build


@pytest.fixture
def opened(
    build: Build, chroma: Chroma, index_home: Path, embedder: WordSumEmbedder, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Index]:
    """The guide built and opened; a server that was away is tried at once."""
    monkeypatch.setattr(index.dense, "TRY_AGAIN_S", 0.0)
    build()
    opened = open_index(index_home, embedder, chroma_url=chroma.url)
    yield opened
    opened.store.close()


def places(opened: Index, embedder: WordSumEmbedder) -> list[int]:
    """The passages nearest a question, once an attempt that it may have begun is over."""
    (found,) = opened.passages.search(embedder.encode_queries(["fristen hos fylket"]), 5)
    for thread in threading.enumerate():
        if thread.name == "try-chroma":
            thread.join()
    return found.places.tolist()


def test_a_version_is_a_collection_that_finds_what_comparing_each_finds(opened: Index, chroma: Chroma, embedder):
    version = opened.manifest.version
    assert (on_server(opened.folder.parent, chroma.url), find_fault(opened)) == ({version}, "")
    assert not (opened.folder / "chroma").exists()
    local = open_index(opened.folder.parent, embedder)
    assert places(opened, embedder) == places(local, embedder)
    assert opened.passages.fault == ""


def test_two_guides_with_the_same_texts_have_each_their_own(build: Build, chroma: Chroma, tmp_path: Path):
    homes = [tmp_path / "en", tmp_path / "to"]
    (version,) = {build(home=home).version for home in homes}
    drop_from_server(homes[0], chroma.url, [version])
    assert [on_server(home, chroma.url) for home in homes] == [set(), {version}]


def test_as_many_versions_stay_on_the_server_as_on_disk_and_each_can_be_gone_back_to(
    build: Build, chroma: Chroma, index_home: Path, embedder
):
    versions = [build(f"{number}0 000").version for number in range(3, 7)]
    assert on_server(index_home, chroma.url) == set(versions[-KEEP:])
    for expected in (versions[2], versions[1]):
        assert roll_back(index_home) == expected
        older = open_index(index_home, embedder, chroma_url=chroma.url)
        with closing(older.store):
            assert (older.manifest.version, find_fault(older)) == (expected, "")


def test_what_a_build_that_was_cut_off_left_there_is_gone_with_the_next(
    build: Build, chroma: Chroma, index_home: Path, monkeypatch: pytest.MonkeyPatch
):
    first = build().version
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(build_steps, "write_catalog", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        build("45 000")
    assert len(on_server(index_home, chroma.url)) == 2
    second = build("60 000").version
    assert on_server(index_home, chroma.url) == {first, second}


def test_vectors_that_get_lost_on_the_way_stop_the_build(
    build: Build, chroma: Chroma, index_home: Path, monkeypatch: pytest.MonkeyPatch
):
    build()
    monkeypatch.setattr(VectorStore, "find_themselves", lambda store, ids: False)
    with pytest.raises(IndexFault, match="finner ikke vektorene"):
        build("45 000")
    assert (index_home / "current").read_text("utf-8").startswith("000001-")


def test_a_server_that_is_away_stops_a_build_before_anything_is_embedded(
    build: Build, index_home: Path, corpus_dir: Path, embedder
):
    build()
    embedder.seen.clear()
    (corpus_dir / "guide/aksjekapital.md").write_text(
        (corpus_dir / "guide/aksjekapital.md").read_text("utf-8").replace("30 000", "45 000"), "utf-8"
    )
    with pytest.raises(IndexFault, match=r"Chroma-serveren på http://127\.0\.0\.1:9 svarer ikke\.") as caught:
        build_index(read_corpus(corpus_dir), index_home, embedder, chroma_url="http://127.0.0.1:9")
    assert ("ABC_CHROMA_URL" in caught.value.remedy, embedder.seen) == (True, [])
    assert (index_home / "current").read_text("utf-8").startswith("000001-")


def test_versions_that_were_built_without_the_server_are_carried_there(
    chroma: Chroma, corpus_dir: Path, index_home: Path, embedder
):
    version = build_index(read_corpus(corpus_dir), index_home, embedder).version
    opened = open_index(index_home, embedder, chroma_url=chroma.url)
    with closing(opened.store):
        assert "ikke lagt på noen Chroma-server" in find_fault(opened)
        embedder.seen.clear()
        assert (carry_versions(index_home, chroma.url), embedder.seen) == ([version], [])
        assert (find_fault(opened), carry_versions(index_home, chroma.url)) == ("", [])


def test_a_collection_that_was_lost_is_said_carried_there_again_and_found(
    opened: Index, chroma: Chroma, embedder, caplog: pytest.LogCaptureFixture
):
    expected = places(opened, embedder)
    drop_from_server(opened.folder.parent, chroma.url, [opened.manifest.version])
    assert [places(opened, embedder) for _ in range(3)] == [expected] * 3
    assert "har ikke vektorene til denne versjonen" in opened.passages.fault
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert carry_versions(opened.folder.parent, chroma.url) == [opened.manifest.version]
    assert [places(opened, embedder) for _ in range(2)] == [expected] * 2
    assert (opened.passages.fault, find_fault(opened)) == ("", "")


def test_vectors_that_were_lost_in_silence_are_missed(opened: Index, embedder):
    expected = places(opened, embedder)
    opened.store.remove([chunk.chunk_id for chunk in opened.catalog.chunks[2:]])
    assert places(opened, embedder) == expected
    assert "har ikke lenger vektorene" in opened.passages.fault
    assert "mistet vektorer" in find_fault(opened)


def test_a_server_that_stops_and_comes_back_is_found_again(opened: Index, chroma: Chroma, embedder):
    expected = places(opened, embedder)
    chroma.stop()
    assert [places(opened, embedder) for _ in range(2)] == [expected] * 2
    assert ("svarer ikke" in opened.passages.fault, "svarer ikke" in find_fault(opened)) == (True, True)
    chroma.start()
    assert [places(opened, embedder) for _ in range(2)] == [expected] * 2
    assert (opened.passages.fault, find_fault(opened)) == ("", "")


def test_a_server_that_hangs_is_asked_once_and_then_let_be(opened: Index, embedder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(index.dense, "TRY_AGAIN_S", 60.0)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        store = VectorStore(opened.folder, f"http://127.0.0.1:{server.getsockname()[1]}", timeout_s=0.05)
        vectors = embedder.encode_passages([chunk.pooled_text for chunk in opened.catalog.chunks])
        dense = ChromaPassages(store, opened.positions, index.dense.Matrix.build(vectors, np.arange(len(vectors))))
        assert [dense.search(vectors[5][None], 1)[0].places.tolist() for _ in range(10)] == [[5]] * 10
        assert "svarer ikke i tide" in dense.fault
        server.setblocking(False)
        server.accept()[0].close()
        with pytest.raises(BlockingIOError):
            server.accept()
        store.close()


# The address


@pytest.fixture
def proxy() -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """The host of a proxy that lets nobody in, and the path and login of each request to it."""
    seen: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append((self.path, self.headers["Authorization"]))
            self.send_response(401)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("login", "header"),
    [("ola:hemmelig%40ord", "Basic b2xhOmhlbW1lbGlnQG9yZA=="), ("hemmelig", "Bearer hemmelig"), ("", None)],
)
def test_a_login_is_shown_to_the_proxy_and_to_nobody_else(
    opened: Index, embedder, proxy, login: str, header: str | None, caplog: pytest.LogCaptureFixture
):
    host, seen = proxy
    url = f"http://{login}@{host}/chroma/" if login else f"http://{host}/chroma/"
    behind = open_index(opened.folder.parent, embedder, chroma_url=url)
    assert places(behind, embedder)
    assert set(seen) == {(seen[0][0], header)}
    assert seen[0][0].startswith("/chroma/api/v2/")
    assert "slipper oss ikke inn" in behind.passages.fault
    behind.store.close()
    told = f"{caplog.text} {behind.passages.fault} {find_fault(behind)} {behind.store._address!r}"
    assert f"http://{host}/chroma" in told
    assert "hemmelig" not in told


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://chroma", "http://chroma:8000"),
        ("https://ola:ord@chroma.example/a/", "https://chroma.example:443/a"),
        ("http://[::1]:80", "http://[::1]:80"),
    ],
)
def test_an_address_has_the_usual_port_and_no_login(url: str, shown: str):
    assert read_address(url).url == shown


@pytest.mark.parametrize(
    "url",
    ["chroma:8000", "tull", "http://", "http://:hemmelig@", "ftp://chroma", "http://chroma:åtte", "http://a b",
     "http://chroma?x=hemmelig", "http://ola:hemmelig%0Aord@chroma", "http://nøkkelhemmelig@chroma"],
)  # fmt: skip
def test_an_address_that_can_not_be_read_is_a_setting_to_mend_and_is_not_repeated(url: str):
    with pytest.raises(ConfigError, match="ABC_CHROMA_URL må være en adresse") as caught:
        read_config({"ABC_CHROMA_URL": url})
    assert "hemmelig" not in str(caught.value)
