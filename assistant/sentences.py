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
from assistant.types import Draft, Intent, Passage, Query, Scored
from index.document import Document
from index.embed import Embedder, match_tokens
from index.frontmatter import UNKNOWN_VALUE
from index.load import Index
from index.statements import plain
from index.types import ADVICE, Chunk, Statement

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
_ITEM = re.compile(r"^\s*(?:[-*]|\d+\.)\s+$")
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
    drafts, scores = sentences_of(hits, index)
    if not drafts:
        return []
    weights = np.array(read_learned().sentence_weights)
    parts = [_softmax(describe_sentences(part, drafts, scores, index, embedder) @ weights) for part in parts_of(query)]
    chances = np.mean(parts, axis=0)
    order = np.argsort(-chances, kind="stable")
    best = max(scores.values())
    return [Candidate(drafts[place], float(chances[place]), best - scores[_section(drafts[place])]) for place in order]


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


def sentences_of(hits: Sequence[Scored], index: Index) -> tuple[list[Draft], dict[str, float]]:
    """Every sentence of the sections found best that states something, and the score of each section."""
    scores: dict[str, float] = {}
    for hit in hits:
        if len(scores) < _MAX_SECTIONS:
            scores.setdefault(hit.chunk.section_id, hit.score)
    chunks = [chunk for chunk in index.catalog.chunks if chunk.section_id in scores]
    return [draft for draft in as_drafts(chunks, index.documents) if _states(draft)], scores


def as_drafts(chunks: Sequence[Chunk], documents: Mapping[str, Document]) -> list[Draft]:
    """Every statement of the chunks as a draft."""
    passages = [Passage(0, documents[chunk.doc_id], chunk, 0.0) for chunk in chunks]
    return [
        Draft(plain(passage.document.text[s.start : s.end]), passage, s, is_item=_is_item(passage, s))
        for passage in passages
        for s in passage.chunk.statements
    ]


def _states(draft: Draft) -> bool:
    """Whether it says something: a value that is not known does not, nor does a question to put to an office."""
    return draft.text != UNKNOWN_VALUE and not draft.text.endswith("?")


def describe_sentences(
    query: Query, drafts: Sequence[Draft], scores: Mapping[str, float], index: Index, embedder: Embedder
) -> npt.NDArray[np.float64]:
    """`(len(drafts), len(SENTENCE_FEATURES))` float64.

    A sentence's own words, meaning and tokens, those of the question that it answers and that is nearest to the one
    asked, the shape that the question wants, how well its section was found, whether it is only advice, and
    whether it only says that something is not known.
    """
    asked = [asked_for(draft) for draft in drafts]
    said = [draft.text for draft in drafts]
    texts = said + [question for questions in asked for question in questions]
    wording = index.expander.rewrite(index.speller.correct(query.text))
    covered = index.keyword.coverage(wording, texts)
    cosines = embedder.encode_queries(texts) @ embedder.encode_queries([wording])[0]
    shape = _SHAPES.get(query.intent)
    best = max(scores.values())
    rows, nearest, place = [], [], len(drafts)
    for number, (draft, questions) in enumerate(zip(drafts, asked, strict=True)):
        near = slice(place, place + len(questions))
        nearest.append(texts[place + int(cosines[near].argmax())] if questions else "")
        place += len(questions)
        rows.append(
            (
                covered[number], cosines[number],
                max(covered[near], default=0.0), max(cosines[near], default=0.0),
                float(bool(shape and shape.search(draft.text))), scores[_section(draft)] - best,
                float(is_advice(draft)), float(says_unknown(draft)),
            )
        )  # fmt: skip
    tokens = match_tokens(embedder.encode_tokens([wording]), embedder.encode_tokens(said + nearest))
    columns = np.array(rows, np.float64).T
    return np.array([*columns[:2], tokens[: len(said)], *columns[2:4], tokens[len(said) :], *columns[4:]]).T


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
    return bool(_STEP.match(_before(draft.passage, draft.statement)))


def _is_item(passage: Passage, statement: Statement) -> bool:
    """Whether the statement opens a list item of the document's text."""
    return bool(_ITEM.match(_before(passage, statement)))


def _before(passage: Passage, statement: Statement) -> str:
    """What stands before the statement on its line."""
    text = passage.document.text
    return text[text.rfind("\n", 0, statement.start) + 1 : statement.start]
