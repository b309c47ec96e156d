"""The questions of an index have their vectors already; only what is new is embedded."""

import numpy as np
import pytest

from index.matrix import Matrix, hashes_of
from index.recall import RecallingEmbedder

QUESTIONS = ["hva er frist", "hvem kan søke", "hva koster det"]


@pytest.fixture
def recalling(embedder):
    return RecallingEmbedder(embedder, Matrix.build(embedder.encode_queries(QUESTIONS), hashes_of(QUESTIONS)))


def test_known_and_new_texts_come_in_the_order_they_were_asked_for(recalling, embedder):
    texts = ["noe nytt", QUESTIONS[2], "mer nytt", QUESTIONS[0], QUESTIONS[2]]
    np.testing.assert_array_equal(recalling.encode_queries(texts), embedder.encode_queries(texts))


def test_known_questions_are_not_embedded_again(recalling, embedder, monkeypatch):
    asked = []
    monkeypatch.setattr(
        embedder, "_encode", lambda texts: asked.extend(texts) or np.zeros((len(texts), 64), np.float32)
    )
    recalling.encode_queries([QUESTIONS[1], "noe nytt"])
    assert asked == ["noe nytt"]


def test_only_new_texts_need_no_known_ones(embedder):
    nothing = RecallingEmbedder(embedder, Matrix.build(np.zeros((0, 64), np.float32), hashes_of([])))
    np.testing.assert_array_equal(nothing.encode_queries(["frist"]), embedder.encode_queries(["frist"]))


def test_an_opened_index_knows_the_questions_of_its_guide(built_index, embedder, monkeypatch):
    questions = [asked.text for chunk in built_index.catalog.chunks for asked in chunk.questions]
    vectors = embedder.encode_queries(questions)
    monkeypatch.setattr(embedder, "_encode", lambda texts: np.zeros((len(texts), 64), np.float32))
    np.testing.assert_array_equal(built_index.embedder.encode_queries(questions), vectors)
