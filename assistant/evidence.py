"""Scored chunks → the passages an answer may rest on, and how sure it is that the guide knows this at all."""

import math
import re
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from assistant.retrieve import SIGNALS, Found, Signals, best_per_document, read_learned
from assistant.types import Query, Scored
from index.keyword import FIELDS
from index.load import Index

# The chance that the guide answers the question, as learned by `python -m eval.tune` on the tuning half and read off
# the thresholds it prints: from the first on it answers, from the second on with a reservation, below it says no.
KNOWN_FROM, MAYBE_FROM = 0.7, 0.5
_VOTERS = 30  # nearest questions, with and without an answer, that say together whether this one has one
_SHARPNESS = 8.0  # how fast a vote loses weight with distance from the nearest
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NAME = re.compile(r"(?<=[\wæøå,] )[A-ZÆØÅ][\wæøåÆØÅ-]{2,}")
_NAME_START = 5  # letters of a name that must stand in the document: the rest may be an ending
FEATURES = (
    "vote",
    "votes of 20",
    "margin",
    "nearest",
    "score",
    "lead",
    "asked_cosine",
    "strange names",
    "strange years",
)


class Sufficiency(StrEnum):
    """How much of an answer the guide has."""

    KNOWN = "known"
    PARTLY = "partly"
    UNKNOWN = "unknown"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Evidence:
    """What an answer may rest on, best first; `known` is the chance, 0 to 1, that the guide answers the question."""

    sufficiency: Sufficiency
    known: float
    hits: tuple[Scored, ...]

    @property
    def documents(self) -> list[Scored]:
        """The best hit of each document."""
        return best_per_document(self.hits)


def gather(query: Query, found: Found, index: Index) -> Evidence:
    """What the answer may use, and how sure it is that it is an answer."""
    if not found.hits:
        return Evidence(Sufficiency.OUT_OF_SCOPE, 0.0, ())
    known = how_known(query, found, index)
    return Evidence(_judge(known, found), known, found.hits)


def how_known(query: Query, found: Found, index: Index) -> float:
    """The chance that the guide answers the question: a logistic regression on `describe`."""
    learned = read_learned()
    logit = float(np.dot(learned.known_weights, describe(query, found, index))) + learned.known_bias
    return 1 / (1 + math.exp(-logit))


def describe(query: Query, found: Found, index: Index) -> tuple[float, ...]:
    """`FEATURES` of what was found.

    The votes are the share of the nearest questions that the guide answers, near ones weighing more in the first;
    `margin` is how much nearer the nearest of them is than the nearest that it does not; strange names and years are
    those of the question that the best document does not have.
    """
    top, signals = found.hits[0], found.signals
    documents = best_per_document(found.hits)
    vote, share = _vote(signals)
    nearest, nearest_gap = (max(side.tolist(), default=0.0) for side in (signals.answered, signals.unanswered))
    text = index.documents[top.chunk.doc_id].text
    lowered = text.lower()
    names = [name for name in _NAME.findall(query.text) if name.lower()[:_NAME_START] not in lowered]
    years = [year for year in _YEAR.findall(query.text) if year not in text]
    return (
        vote,
        share,
        nearest - nearest_gap,
        nearest,
        top.score,
        top.score - (documents[1].score if len(documents) > 1 else 0.0),
        top.signals[SIGNALS.index("asked_cosine")],
        float(min(2, len(names))),
        float(min(2, len(years))),
    )


def _vote(signals: Signals) -> tuple[float, float]:
    """The weighted share of the nearest questions that have an answer, and the plain share of the first twenty."""
    likeness = np.concatenate([signals.answered, signals.unanswered])
    has_answer = np.arange(len(likeness)) < len(signals.answered)
    order = np.argsort(-likeness, kind="stable")[:_VOTERS]
    if not len(order):
        return 0.0, 0.0
    weights = np.exp(_SHARPNESS * (likeness[order] - likeness[order[0]]))
    return float(weights @ has_answer[order] / weights.sum()), float(has_answer[order[:20]].mean())


def _judge(known: float, found: Found) -> Sufficiency:
    if not any(found.hits[0].signals[: len(FIELDS)]):
        return Sufficiency.OUT_OF_SCOPE  # not a word of it stands in the guide
    if known >= KNOWN_FROM:
        return Sufficiency.KNOWN
    if known >= MAYBE_FROM:
        return Sufficiency.PARTLY
    gap = found.signals.gap
    is_outside = gap is not None and gap.doc_id is None
    return Sufficiency.OUT_OF_SCOPE if is_outside else Sufficiency.UNKNOWN
