"""Sections found → their sentences, with how well each serves the question.

What weighs what is learned on the tuning half of the evaluation by `python -m eval.tune` (`learned.json`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from assistant.intent import split_typed
from assistant.retrieve import read_learned
from assistant.told import Told, before, tell
from assistant.types import Draft, Intent, Query, Scored
from index.embed import Embedder, match_tokens
from index.load import Index
from index.terms import Terms
from index.types import ADVICE

SENTENCE_FEATURES = (
    "words", "meaning", "tokens", "asked words", "asked meaning", "asked tokens", "shape", "section", "advice",
    "unknown",
)  # fmt: skip
_MAX_SECTIONS = 12  # that sentences are picked from
# What a sentence that answers such a question looks like.
_SHAPES = {
    Intent.AMOUNT: re.compile(r"\d[\d  ]*(?:kroner|prosent|euro|millioner)|gratis|\bG\b", re.I),
    Intent.DEADLINE: re.compile(r"frist|\b\d{1,2}\. [a-zæøå]+|innen\b", re.I),
    Intent.DURATION: re.compile(r"\b(?:\d+|ett|to|tre|fire|fem|seks) (?:år|måneder|uker|dager)", re.I),
    Intent.REPORTING: re.compile(r"rapport|revisor|regnskap", re.I),
}
# Where one question begins to ask a second thing: "…, og hvem betaler?"
_AND_ASKS = re.compile(
    r",?\s+(?:og|eller|men|and|or|but)\s+(?=(?:hva|kva|hvem|kven|hvor|kor|når|hvordan|korleis|hvilke\w*|hvorfor|kvifor"
    r"|kan|må|skal|får|er|har|trenger|treng|finnes|finst|gjelder|gjeld|what|who|how|when|where|which|why|can|must|do|does"
    r"|is|are)\b)",
    re.I,
)
_MIN_PART = 3  # words of a part that can be asked on its own
_NOT_KNOWN = re.compile(r"\bikke (?:kjent|oppgitt)\b|\bukjent\b", re.I)
_STEP = re.compile(r"^\s*\d+\.\s+$")


@dataclass(frozen=True)
class Candidate:
    """A sentence that may serve.

    `chance` is the share, of 1 over all candidates, that it is the one asked for; `behind` is how far its section was
    found below the best one, 0 and up.
    """

    draft: Draft
    chance: float
    behind: float


def find_sentences(query: Query, hits: Sequence[Scored], index: Index, embedder: Embedder) -> list[Candidate]:
    """Every sentence of the sections found best, the one that serves best first."""
    if not hits:
        return []
    told, scores = sentences_of(hits, index)
    if not told.drafts:
        return []
    weights = np.array(read_learned().sentence_weights)
    parts = [_softmax(describe_sentences(part, told, scores, index, embedder) @ weights) for part in parts_of(query)]
    chances = np.mean(parts, axis=0)
    order = np.argsort(-chances, kind="stable")
    best = max(scores.values())
    found = ((told.drafts[place], float(chances[place])) for place in order)
    return [Candidate(draft, chance, best - scores[_section(draft)]) for draft, chance in found]


def parts_of(query: Query) -> list[Query]:
    """The question, and each thing that it asks where it asks several; of a follow-up also what itself says.

    A part keeps what the asker tells before it. Measured on the tuning half, 2026-11-29: the answer of a follow-up is
    among the four likeliest sentences in 0.86 of them and not 0.64, and the first is right in 0.55 and not 0.45 of
    questions that ask two things.
    """
    said = split_typed(query.text)
    told = [sentence for sentence in said if not sentence.endswith("?")]
    asked = [part for sentence in said if sentence.endswith("?") for part in _AND_ASKS.split(sentence) if part]
    asked = [part for part in asked if len(part.split()) >= _MIN_PART]
    parts = [" ".join((*told, part)) for part in asked] if len(asked) > 1 else []
    return [query, *(replace(query, text=text) for text in (*parts, query.last_turn) if text)]


def _softmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    odds = np.exp(logits - logits.max())
    chances: npt.NDArray[np.float64] = odds / odds.sum()
    return chances


def sentences_of(hits: Sequence[Scored], index: Index) -> tuple[Told, dict[str, float]]:
    """Every sentence of the sections found best, of one at least, and the score of each section."""
    scores: dict[str, float] = {}
    for hit in hits:
        if len(scores) < _MAX_SECTIONS:
            scores.setdefault(hit.chunk.section_id, hit.score)
    doc_ids = dict.fromkeys(hit.chunk.doc_id for hit in hits)
    chunks = [chunk for doc_id in doc_ids for chunk in index.chunks_of[doc_id] if chunk.section_id in scores]
    chunks.sort(key=lambda chunk: index.positions[chunk.chunk_id])
    return tell(chunks, index), scores


def describe_sentences(
    query: Query, told: Told, scores: Mapping[str, float], index: Index, embedder: Embedder
) -> npt.NDArray[np.float64]:
    """`(len(told.drafts), len(SENTENCE_FEATURES))` float64.

    A sentence's own words, meaning and tokens, those of the question that it answers and that is nearest to the one
    asked, the shape that the question wants, how well its section was found, whether it is only advice, and
    whether it only says that something is not known.
    """
    drafts = told.drafts
    wording = index.expander.rewrite(index.speller.correct(query.text))
    terms = Terms.join([told.terms, index.keyword.asked_terms.at(told.places)])
    covered, covered_asked = np.split(index.keyword.cover(wording, terms), [len(drafts)])
    (wanted,) = embedder.encode_queries([wording])
    cosines, cosines_asked = told.vectors @ wanted, index.questions.rows(told.places) @ wanted
    own = [slice(end - count, end) for end, count in zip(np.cumsum(told.counts), told.counts, strict=True)]
    nearest = [
        told.questions[near.start + int(cosines_asked[near].argmax())] if near.start < near.stop else "" for near in own
    ]
    tokens = match_tokens(
        embedder.encode_tokens([wording]), embedder.encode_tokens([*(d.text for d in drafts), *nearest])
    )
    shape = _SHAPES.get(query.intent)
    best = max(scores.values())
    columns = (
        covered, cosines, tokens[: len(drafts)],
        [covered_asked[near].max(initial=0.0) for near in own],
        [cosines_asked[near].max() if near.start < near.stop else 0.0 for near in own],
        tokens[len(drafts) :],
        [bool(shape and shape.search(draft.text)) for draft in drafts],
        [scores[_section(draft)] - best for draft in drafts],
        [is_advice(draft) for draft in drafts],
        [says_unknown(draft) for draft in drafts],
    )  # fmt: skip
    return np.array(columns, np.float64).T


def _section(draft: Draft) -> str:
    return draft.passage.chunk.section_id if draft.passage else ""


def asked_for(draft: Draft) -> list[str]:
    """The questions that the sentence answers, as people ask them."""
    if draft.passage is None or draft.statement is None:
        return []
    chunk = draft.passage.chunk
    return [
        q.text for q in chunk.questions if q.statement is not None and chunk.statements[q.statement] == draft.statement
    ]


def is_advice(draft: Draft) -> bool:
    """Whether the sentence is the guide's own advice, which no source says."""
    return draft.statement is not None and any(mark.source_id == ADVICE for mark in draft.statement.marks)


def says_unknown(draft: Draft) -> bool:
    """Whether the sentence only says that something is not known."""
    return bool(_NOT_KNOWN.search(draft.text))


def is_step(draft: Draft) -> bool:
    """Whether the sentence opens an item of a numbered list."""
    if draft.passage is None or draft.statement is None:
        return False
    return bool(_STEP.match(before(draft.passage, draft.statement)))
