"""A million made passages, for the two searches alone: what an answer needs of documents can't be made."""

import resource
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from assistant.config import read_config
from eval.haystack import read_haystack
from eval.near import compare_vectors, spread
from eval.questions import read_questions
from index.analyse import stems
from index.embed import load_embedder
from index.matrix import Matrix, Vectors
from index.postings import Postings

_REAL = 20_000  # passages that the made ones are mixed from
_WORDS = 60  # of a made passage
_BLOCK = 50_000
_EVERY = 4  # of the test questions: comparing one with a million in full takes half a second


def search_synthetic(haystack: Path, size: int) -> dict[str, float]:
    """Time and recall of `size` vectors, each the mean of two real passages, and times of passages of random words.

    The model's vector of a text is the mean of its words', so the mean of two is that of both texts together: random
    directions, which no text has, would say nothing of the sketch.
    """
    threadpool_limits(1)
    embedder = load_embedder(read_config().model)
    texts = [passage["text"] for own in read_haystack(haystack, _REAL) for passage in own]
    asked = [question.turns[-1] for question in read_questions() if question.split == "test"][::_EVERY]
    chance = np.random.default_rng(1)
    figures = _search_words(texts, asked, size, chance)
    vectors = _mix(embedder.encode_passages(texts), size, chance)
    started = time.perf_counter()
    matrix = Matrix.build(vectors, np.arange(size, dtype=np.uint64))
    figures |= {"vectors": size, "matrix s": time.perf_counter() - started}
    del vectors
    figures |= compare_vectors(matrix, embedder.encode_queries(asked))[1]
    return figures | {"peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6}


def _mix(real: Vectors, size: int, chance: np.random.Generator) -> Vectors:
    mixed = np.empty((size, real.shape[1]), np.float32)
    for first in range(0, size, _BLOCK):
        block = mixed[first : first + _BLOCK]
        one, other = chance.integers(len(real), size=(2, len(block)))
        block[:] = real[one] + real[other]
        block /= np.maximum(np.linalg.norm(block, axis=1, keepdims=True), 1e-6)
    return mixed


def _search_words(
    texts: Sequence[str], asked: Sequence[str], size: int, chance: np.random.Generator
) -> dict[str, float]:
    vocabulary: dict[str, int] = {}
    spoken = np.array([vocabulary.setdefault(s, len(vocabulary)) for text in texts for s in stems(text)], np.int32)
    started = time.perf_counter()
    drawn = spoken[chance.integers(len(spoken), size=size * _WORDS)]  # as often as the guide says them
    postings = Postings.build(drawn, np.repeat(np.arange(size, dtype=np.int32), _WORDS), size, vocabulary)
    figures = {"words s": time.perf_counter() - started}
    times = []
    for question in asked:
        started = time.perf_counter()
        postings.score(stems(question))
        times.append((time.perf_counter() - started) * 1000)
    disk = postings.starts.nbytes + postings.texts.nbytes + postings.scores.nbytes
    return figures | spread("words ms", times) | {"words MB": disk / 1e6}
