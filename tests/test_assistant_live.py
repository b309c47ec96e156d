"""A running program follows the index pointer from one request to the next, and never within one."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from assistant.answer import answer
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
        write(file, file.read_text(encoding="utf-8").replace("30 000 kroner", f"{amount} kroner"))
        return build_index(read_corpus(config.corpus), config.index, embedder).version

    return change_and_build


def test_a_new_version_answers_the_next_request(config: Config, rebuild: Callable[[str], str]) -> None:
    live = LiveEngine(config)
    before = answer(live.current(), [QUESTION], TODAY)
    version = rebuild("45 000")
    after = answer(live.current(), [QUESTION], TODAY)
    assert ("30 000 kroner" in before.text, "45 000 kroner" in after.text) == (True, True)
    assert before.receipt.index != after.receipt.index == version
    assert after.citations[0].quote == "Et aksjeselskap må ha minst 45 000 kroner i aksjekapital."


def test_a_request_that_began_on_the_old_version_ends_on_it(config: Config, rebuild: Callable[[str], str]) -> None:
    live = LiveEngine(config)
    engine = live.current()
    rebuild("45 000")
    assert live.current() is not engine
    result = answer(engine, [QUESTION], TODAY)
    assert "30 000 kroner" in result.text
    assert result.receipt.index == engine.index.manifest.version


def test_a_rollback_is_picked_up_too(config: Config, rebuild: Callable[[str], str]) -> None:
    live = LiveEngine(config)
    first = live.current().index.manifest.version
    rebuild("45 000")
    live.current()
    assert roll_back(config.index) == first
    assert "30 000 kroner" in answer(live.current(), [QUESTION], TODAY).text


def test_an_unmoved_pointer_opens_nothing_again(config: Config) -> None:
    live = LiveEngine(config)
    assert live.current() is live.current()


def test_a_new_version_keeps_the_language_model(
    config: Config, rebuild: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = object()
    monkeypatch.setattr("assistant.live.load_generator", lambda config: generator)
    live = LiveEngine(config)
    rebuild("45 000")
    assert live.current().generator is generator


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
    assert results[-1].receipt.index == new


def test_starting_without_an_index_says_that_there_is_none(config: Config, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="ikke bygd noen indeks"):
        LiveEngine(Config(index=tmp_path / "tom"))


def test_a_pointer_to_a_version_that_is_gone_is_named(config: Config) -> None:
    live = LiveEngine(config)
    point_to(config.index, "000009-borte")
    with pytest.raises(IndexMissing, match="000009-borte"):
        live.current()


def test_a_language_model_that_can_not_be_understood_is_refused_at_the_start(config: Config) -> None:
    with pytest.raises(ConfigError, match="ABC_LLM"):
        LiveEngine(Config(index=config.index, llm="tull"))
