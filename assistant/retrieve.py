"""Query → scored chunks: cosines from Chroma and BM25 scores by field, fused to one absolute score.

What a signal weighs is learned on the tuning half of the evaluation by `python -m eval.tune` (`learned.json`).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.types import Intent, Query, Scored
from index.embed import Embedder
from index.keyword import FIELDS, KeywordScores
from index.load import Index
from index.matrix import Near
from index.types import Gap

LEARNED = Path(__file__).parent / "learned.json"
DENSE = ("cosine", "asked_cosine")
# A chunk's own signals, then the best that any chunk of its document has: a question names the scheme in one place and
# the matter in another. Then what it is: a story is no rule, unless a story is asked for.
OWN = (*FIELDS, *DENSE)
SHARED = ("stems", "grams", "asked_stems", "cosine", "asked_cosine")
KINDS = ("historie", "mal", "aktør")
SIGNALS = (*OWN, *(f"document {name}" for name in SHARED), *KINDS, "historie asked for")
LIMIT = 20  # chunks that an answer may rest on
NEAREST = 60  # records looked at of each kind; a chunk beyond them counts as no nearer than the last of them
Matrix = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Learned:
    """What was learned on the tuning half: weights of `SIGNALS`, of the refusal's features, and of a sentence's."""

    weights: tuple[float, ...]
    known_weights: tuple[float, ...]
    known_bias: float
    sentence_weights: tuple[float, ...]


@dataclass(frozen=True)
class Signals:
    """What a query found: `chunks`, `(len(SIGNALS), n)` float32 in the order of `catalog.chunks`.

    `answered` and `unanswered` are the likeness (words and meaning, at most 2) of the nearest questions that the guide
    answers, and of those that it is known not to answer, nearest first; `gap` is the first of the latter.
    """

    chunks: Matrix
    answered: Matrix
    unanswered: Matrix
    gap: Gap | None


@dataclass(frozen=True)
class Found:
    """The best chunks, best first, and the signals they were found by."""

    hits: tuple[Scored, ...]
    signals: Signals


@cache
def read_learned() -> Learned:
    """The weights in use. Raises: ValueError when they are for other signals than these."""
    rows = json.loads(LEARNED.read_text(encoding="utf-8"))
    if tuple(rows["weights"]) != SIGNALS:
        raise ValueError(f"{LEARNED} has weights for {list(rows['weights'])}, expected {list(SIGNALS)}: run eval.tune")
    weights, known, sentence = (tuple(rows[name].values()) for name in ("weights", "known", "sentence"))
    return Learned(weights, known, rows["known_bias"], sentence)


def retrieve(index: Index, embedder: Embedder, query: Query, limit: int = LIMIT) -> Found:
    """The `limit` best chunks, best first; equal scores in the order of the guide, the same in every run.

    Words are searched as typed, in the guide's own terms, and spelled as the guide spells them, and a chunk keeps the
    best; meaning in the guide's terms and spelling alone, which is as good and half the time (tuning half, 2026-11-29).
    """
    return rank(index, read_signals(index, embedder, query), read_learned().weights, limit)


def retrieve_all(index: Index, embedder: Embedder, queries: Sequence[Query], limit: int = LIMIT) -> list[Found]:
    """What `retrieve` finds for each query, for less than searching once for each."""
    weights = read_learned().weights
    return [rank(index, signals, weights, limit) for signals in _read_all(index, embedder, queries)]


def rank(
    index: Index, signals: Signals, weights: Sequence[float], limit: int = LIMIT, keep: Mask | None = None
) -> Found:
    """The `limit` chunks with the highest weighted sum of signals, of those to `keep`."""
    scores = np.array(weights, np.float32) @ signals.chunks
    best = np.argsort(-scores, kind="stable")
    best = (best if keep is None else best[keep[best]])[:limit]
    hits = (Scored(index.catalog.chunks[i], float(scores[i]), tuple(signals.chunks[:, i].tolist())) for i in best)
    return Found(tuple(hits), signals)


def read_signals(index: Index, embedder: Embedder, query: Query) -> Signals:
    """Every signal of every chunk, and the nearest questions with and without an answer."""
    return next(_read_all(index, embedder, [query]))


def _read_all(index: Index, embedder: Embedder, queries: Sequence[Query]) -> Iterator[Signals]:
    """The signals of each query; the vectors of all are searched for together."""
    if not queries:
        return
    corrected = [index.speller.correct(query.text) for query in queries]
    vectors = embedder.encode_queries([index.expander.rewrite(text) for text in corrected])
    passages = index.passages.search(vectors, NEAREST)
    questions = index.questions.search(vectors, NEAREST)
    for place, query in enumerate(queries):
        wordings = list(dict.fromkeys((query.text, index.expander.rewrite(query.text), corrected[place])))
        keyword = [index.keyword.score(wording) for wording in wordings]
        gaps = index.gaps.likeness(wordings, vectors[place])
        yield _as_signals(index, query, keyword, gaps, passages[place], questions[place])


def _as_signals(
    index: Index,
    query: Query,
    keyword: Sequence[KeywordScores],
    gaps: Matrix,
    passages: Near,
    questions: Near,
) -> Signals:
    """What the searches found for a query → its signals; of its wordings, a chunk keeps the best."""
    fields = np.max([scores.fields for scores in keyword], axis=0)
    cosines = [
        _by_chunk(index, passages.places, passages.cosines),
        _by_chunk(index, index.owners[questions.places], questions.cosines),
    ]
    own = np.vstack([fields, *cosines])
    starts, lengths = index.spans
    best = np.maximum.reduceat(own[[OWN.index(name) for name in SHARED]], starts, axis=1)
    kinds = [index.of_class[kind] for kind in KINDS]
    wanted = index.of_class["historie"] * np.float32(query.intent is Intent.STORY)
    said = np.max([scores.asked[questions.places] for scores in keyword], axis=0)
    return Signals(
        np.vstack([own, np.repeat(best, lengths, axis=1), *kinds, wanted]),
        -np.sort(-(said + questions.cosines)),
        -np.sort(-gaps)[:NEAREST],
        index.catalog.gaps[int(gaps.argmax())] if len(gaps) else None,
    )


def _by_chunk(index: Index, places: npt.NDArray[np.intp], cosines: Matrix) -> Matrix:
    """`(n,)` float32: the cosine of each chunk's nearest record, and of the farthest where it has none."""
    row = np.full(len(index.catalog.chunks), cosines.min() if len(cosines) else 0.0, np.float32)
    np.maximum.at(row, places, cosines)
    return row


def best_per_document(scored: Sequence[Scored]) -> list[Scored]:
    """Each document's best chunk, in the same order."""
    seen: dict[str, Scored] = {}
    for hit in scored:
        seen.setdefault(hit.chunk.doc_id, hit)
    return list(seen.values())
