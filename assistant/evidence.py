"""Scored chunks → the passages an answer may rest on, or the finding that the guide does not know."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.retrieve import best_per_document
from assistant.types import Intent, Query, Scored

# The fused score of the best chunk, read off `python -m eval --calibrate` on the tuning half (2026-11-23). Everyday and
# long questions score low even when the guide answers them, so the middle band answers with a reservation.
KNOWN = 0.55  # from here on the guide answers
PARTLY = 0.28  # from here on it may answer, and says that it is not sure
IN_SCOPE = 0.20  # below this the question is about something else altogether

# A story is never a rule, and a template is no explanation: both count less unless they are asked for.
_CLASS_WEIGHTS = {"regel": 1.0, "veiledning": 1.0, "aktør": 0.9, "historie": 0.9, "mal": 0.9}
_SECOND_DOCUMENT = 0.85  # share of the best score from which another document may add to the answer
MAX_DOCUMENTS = 3


class Sufficiency(StrEnum):
    """How much of an answer the guide has."""

    KNOWN = "known"
    PARTLY = "partly"
    UNKNOWN = "unknown"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Evidence:
    """The hits in order of use: `main` belong to the document that answers, `beside` to those that add."""

    sufficiency: Sufficiency
    main: tuple[Scored, ...]
    beside: tuple[Scored, ...]
    near: tuple[Scored, ...]


def gather(query: Query, scored: Sequence[Scored]) -> Evidence:
    """What the answer may use; `near` are the best chunks of other documents, to read or to be pointed to."""
    ranked = sorted(scored, key=lambda hit: (-_weigh(query, hit), hit.chunk.chunk_id))
    if not ranked:
        return Evidence(Sufficiency.OUT_OF_SCOPE, (), (), ())
    top = ranked[0]
    documents = best_per_document(ranked)
    enough = [hit for hit in documents[1:MAX_DOCUMENTS] if _weigh(query, hit) >= _SECOND_DOCUMENT * _weigh(query, top)]
    used = {hit.chunk.doc_id for hit in enough}
    return Evidence(
        _judge(query, top),
        tuple(hit for hit in ranked if hit.chunk.doc_id == top.chunk.doc_id),
        tuple(hit for hit in ranked if hit.chunk.doc_id in used),
        tuple(documents[1:6]),
    )


def _weigh(query: Query, hit: Scored) -> float:
    wanted = "historie" if query.intent is Intent.STORY else None
    return hit.score * (1.1 if hit.chunk.doc_class == wanted else _CLASS_WEIGHTS[hit.chunk.doc_class])


def _judge(query: Query, top: Scored) -> Sufficiency:
    if top.score >= KNOWN:
        return Sufficiency.KNOWN
    shares_no_word = top.stems == 0 and top.grams == 0
    if query.is_outside or top.score < IN_SCOPE or (top.score < PARTLY and shares_no_word):
        return Sufficiency.OUT_OF_SCOPE
    return Sufficiency.PARTLY if top.score >= PARTLY else Sufficiency.UNKNOWN
