"""A running program follows the index pointer from one request to the next, and never within one."""

import json
import logging
import re
import shutil
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

import assistant.live
from assistant.answer import Engine, answer
from assistant.config import Config, ConfigError
from assistant.live import LiveEngine
from index.build import build_index
from index.document import read_corpus
from index.embed import Embedder
from index.types import IndexMissing
from index.versions import point_to, roll_back

TODAY = date(2026, 3, 1)
QUESTION = "Hvor mye aksjekapital må vi ha?"


@pytest.fixture
def config(
    corpus_dir: Path, built_home: Path, index_home: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> Config:
    """Settings for the tiny guide, built once, with the arithmetic embedder for whatever model is named."""
    monkeypatch.setattr("assistant.live.load_embedder", lambda name: embedder)
    shutil.copytree(built_home, index_home)
    return Config(corpus=corpus_dir, index=index_home)


@pytest.fixture
def rebuild(config: Config, embedder: Embedder, write: Callable[[Path, str], Path]) -> Callable[[str], str]:
    """Builds a new version in which the share capital is another amount, and gives its name."""

    def change_and_build(amount: str) -> str:
        file = config.corpus / "guide/aksjekapital.md"
        write(file, re.sub(r"\d\d 000 kroner", f"{amount} kroner", file.read_text(encoding="utf-8")))
        return build_index(read_corpus(config.corpus), config.index, embedder).version

    return change_and_build


def settled(live: LiveEngine) -> Engine:
    """The engine once the switch that a request begins is over."""
    live.current()
    for thread in threading.enumerate():
        if thread.name == "open-index":
            thread.join()
    return live.current()


def test_a_new_version_answers_when_it_is_open(config: Config, rebuild: Callable[[str], str]) -> None:
    live = LiveEngine(config)
    before = answer(live.current(), [QUESTION], TODAY)
    version = rebuild("45 000")
    after = answer(settled(live), [QUESTION], TODAY)
    assert ("30 000 kroner" in before.text, "45 000 kroner" in after.text) == (True, True)
    assert before.receipt.index != after.receipt.index == version
    assert after.citations[0].quote == "Et aksjeselskap må ha minst 45 000 kroner i aksjekapital."


def test_a_request_that_began_on_the_old_version_ends_on_it(config: Config, rebuild: Callable[[str], str]) -> None:
    live = LiveEngine(config)
    engine = live.current()
    rebuild("45 000")
    assert settled(live) is not engine
    result = answer(engine, [QUESTION], TODAY)
    assert "30 000 kroner" in result.text
    assert result.receipt.index == engine.index.manifest.version


def test_a_rollback_is_picked_up_too(config: Config, rebuild: Callable[[str], str]) -> None:
    live = LiveEngine(config)
    first = live.current().index.manifest.version
    rebuild("45 000")
    settled(live)
    assert roll_back(config.index) == first
    assert "30 000 kroner" in answer(settled(live), [QUESTION], TODAY).text


def test_an_unmoved_pointer_opens_nothing_again(config: Config) -> None:
    live = LiveEngine(config)
    assert live.current() is settled(live)


def test_a_new_version_keeps_the_language_model(
    config: Config, rebuild: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = object()
    monkeypatch.setattr("assistant.live.load_generator", lambda config: generator)
    live = LiveEngine(config)
    version = rebuild("45 000")
    engine = settled(live)
    assert (engine.index.manifest.version, engine.generator) == (version, generator)


def test_many_requests_during_a_switch_each_get_one_whole_version(
    config: Config, rebuild: Callable[[str], str]
) -> None:
    live = LiveEngine(config)
    old = live.current().index.manifest.version
    with ThreadPoolExecutor(8) as pool:
        running = [pool.submit(lambda: answer(live.current(), [QUESTION], TODAY)) for _ in range(20)]
        new = rebuild("45 000")
        running += [pool.submit(lambda: answer(live.current(), [QUESTION], TODAY)) for _ in range(20)]
        results = [request.result() for request in running]
    amounts = {old: "30 000 kroner", new: "45 000 kroner"}
    assert all(amounts[result.receipt.index] in result.text for result in results)
    assert settled(live).index.manifest.version == new


def test_the_old_version_serves_while_the_new_one_is_opened_by_one(
    config: Config, rebuild: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    live, open_index = LiveEngine(config), assistant.live.open_index
    opened, may_end = [], threading.Event()

    def open_slowly(*arguments: object) -> object:
        opened.append(arguments)
        assert may_end.wait(10)
        return open_index(*arguments)

    monkeypatch.setattr(assistant.live, "open_index", open_slowly)
    rebuild("45 000")
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: answer(live.current(), [QUESTION], TODAY), range(40)))
    assert all("30 000 kroner" in result.text for result in results)
    may_end.set()
    assert "45 000 kroner" in answer(settled(live), [QUESTION], TODAY).text
    assert len(opened) == 1


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log has of errors."""
    return [record.message for record in caplog.records if record.levelno >= logging.ERROR]


def lose_the_catalog(folder: Path) -> None:
    (folder / "catalog.json").unlink()


def garble_the_vectors(folder: Path) -> None:
    (folder / "chroma" / "chroma.sqlite3").write_bytes(b"ikke en database" * 500)


def lose_the_vectors(folder: Path) -> None:
    shutil.rmtree(folder / "chroma")


def change_the_model(folder: Path) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "model_fingerprint": "en annen"}), "utf-8")


def lose_the_version(folder: Path) -> None:
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    "spoil", [lose_the_catalog, garble_the_vectors, lose_the_vectors, change_the_model, lose_the_version]
)
def test_a_version_that_can_not_be_opened_is_told_of_once_and_the_old_one_serves(
    config: Config, rebuild: Callable[[str], str], spoil: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    live = LiveEngine(config)
    old = live.current()
    spoil(config.index / rebuild("45 000"))
    assert [settled(live) is old for _ in range(3)] == [True] * 3
    [message] = told(caplog)
    assert f"versjonen {old.index.manifest.version} svarer fortsatt" in message
    assert "30 000 kroner" in answer(live.current(), [QUESTION], TODAY).text


def test_a_version_built_after_one_that_could_not_be_opened_is_served(
    config: Config, rebuild: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    live = LiveEngine(config)
    change_the_model(config.index / rebuild("45 000"))
    settled(live)
    version = rebuild("60 000")
    assert settled(live).index.manifest.version == version
    assert len(told(caplog)) == 1


def test_a_version_that_is_no_longer_used_lets_go_of_its_files(config: Config, rebuild: Callable[[str], str]) -> None:
    live = LiveEngine(config)
    index = weakref.ref(live.current().index)
    client = live.current().index.store._client
    rebuild("45 000")
    settled(live)
    assert (index(), client._closed) == (None, True)


def test_so_many_answer_at_once_and_no_more(config: Config) -> None:
    live = LiveEngine(config)
    inside, most, lock = [0], [0], threading.Lock()
    met = threading.Barrier(assistant.live._AT_ONCE)

    def take_a_turn(_: int) -> None:
        with live.turn() as engine:
            assert engine is live.current()
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            met.wait(10)
            with lock:
                inside[0] -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take_a_turn, range(4 * assistant.live._AT_ONCE)))
    assert most[0] == assistant.live._AT_ONCE


def test_warming_up_asks_no_language_model(
    config: Config, rebuild: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.live.load_generator", lambda config: object())  # any use of it raises
    live = LiveEngine(config)
    live.warm_up()
    version = rebuild("45 000")
    assert settled(live).index.manifest.version == version


def test_starting_without_an_index_says_that_there_is_none(config: Config, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="ikke bygd noen indeks"):
        LiveEngine(Config(index=tmp_path / "tom"))


def test_a_pointer_to_a_version_that_is_gone_is_named(config: Config, caplog: pytest.LogCaptureFixture) -> None:
    live = LiveEngine(config)
    old = live.current()
    point_to(config.index, "000009-borte")
    assert [settled(live) is old for _ in range(3)] == [True] * 3
    [message] = told(caplog)
    assert "000009-borte" in message


def test_a_language_model_that_can_not_be_understood_is_refused_at_the_start(config: Config) -> None:
    with pytest.raises(ConfigError, match="ABC_LLM"):
        LiveEngine(Config(index=config.index, llm="tull"))
