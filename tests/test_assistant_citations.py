"""Marks in every form that language models write them, whole or in pieces, and what becomes of sentences without."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from assistant.citations import Marked, MarkReader, read_marked

CASES = [json.loads(line) for line in (Path(__file__).parent / "data/citation_marks.jsonl").open(encoding="utf-8")]
TEXTS = [case["text"] for case in CASES]


def expected(case: dict[str, Any]) -> list[Marked]:
    return [Marked(row["text"], tuple(row["numbers"]), row.get("is_item", False)) for row in case["sentences"]]


def read_in_pieces(pieces: list[str]) -> list[Marked]:
    reader = MarkReader()
    return [found for piece in pieces for found in reader.feed(piece)] + reader.close()


def cut(text: str, rng: random.Random) -> list[str]:
    """The text in pieces of 1 to 12 characters."""
    pieces = []
    while text:
        size = rng.randint(1, 12)
        pieces.append(text[:size])
        text = text[size:]
    return pieces


@pytest.mark.parametrize("case", CASES, ids=TEXTS)
def test_each_form_gives_its_sentences_and_numbers(case: dict[str, Any]) -> None:
    assert read_marked(case["text"]) == expected(case)


@pytest.mark.parametrize("case", CASES, ids=TEXTS)
def test_where_the_text_is_cut_changes_nothing(case: dict[str, Any]) -> None:
    rng = random.Random(case["text"])
    assert read_in_pieces(list(case["text"])) == expected(case)
    for _ in range(20):
        assert read_in_pieces(cut(case["text"], rng)) == expected(case)


@pytest.mark.parametrize("joint", [" ", "\n", "\n\n"])
def test_a_long_answer_in_pieces_is_the_answer_as_a_whole(joint: str) -> None:
    rng = random.Random(joint)
    for _ in range(20):
        text = joint.join(rng.sample(TEXTS, 40))
        assert read_in_pieces(cut(text, rng)) == read_in_pieces(list(text)) == read_marked(text)


def test_a_sentence_comes_out_before_the_text_is_at_its_end() -> None:
    reader = MarkReader()
    assert reader.feed("Foreninger kan søke [") == []
    assert reader.feed("1") == []
    assert reader.feed("]. " + "Fristen er neste år, og den er den samme for alle. " * 6)[0] == Marked(
        "Foreninger kan søke.", (1,)
    )
