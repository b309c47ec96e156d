"""The file of sample answers: one question of each kind, and what the assistant answers, nothing else."""

from datetime import date
from pathlib import Path

import pytest

from assistant.answer import Engine, answer
from eval.samples import QUESTIONS, SAMPLES, Sample, read_samples, write_samples
from index.embed import Embedder
from index.load import Index

TODAY = date(2027, 1, 15)  # past the period of what the tiny guide knows of 2026
ASKED = [
    Sample("amount", ("Hvor mye penger gir etableringsfondet?",)),
    Sample("conversation", ("Hvem kan søke etableringsfondet?", "Og når er fristen?")),
    Sample("empty", ("???",)),
]


@pytest.fixture
def engine(built_index: Index, embedder: Embedder) -> Engine:
    return Engine(built_index, embedder)


def test_there_is_one_question_of_each_of_at_least_twenty_five_kinds() -> None:
    kinds = [sample.kind for sample in read_samples(QUESTIONS)]
    assert len(kinds) == len(set(kinds)) >= 25


def test_the_file_has_every_question_under_its_kind() -> None:
    text = SAMPLES.read_text(encoding="utf-8")
    for number, sample in enumerate(read_samples(QUESTIONS), 1):
        assert f"\n## {number}. {sample.kind}\n" in text
        assert f" {sample.turns[-1]}" in text


def test_each_answer_is_the_one_that_is_given(engine: Engine) -> None:
    text = write_samples(engine, ASKED, TODAY)
    for sample in ASKED:
        result = answer(engine, sample.turns, TODAY)
        assert "\n".join(f"> {line}".rstrip() for line in result.text.split("\n")) in text
        for told in (*result.warnings, *result.follow_ups, *(c.quote for c in result.citations)):
            assert told in text
    assert "15. mai 2026" in text
    assert "stale" in text


def test_the_same_day_gives_the_same_file(engine: Engine) -> None:
    assert write_samples(engine, ASKED, TODAY) == write_samples(engine, ASKED, TODAY)
    assert str(TODAY) in write_samples(engine, ASKED, TODAY)


@pytest.mark.parametrize(
    "line", ['{"kind": "a"}', "no JSON", '{"kind": "a", "turns": []}', '{"kind": "b", "turns": ["Hva?"]}']
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "samples.jsonl"
    path.write_text('{"kind": "b", "turns": ["Hva?"]}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        read_samples(path)
