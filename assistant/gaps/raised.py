"""Kept questions and feedback → each question that people raised: how often, when, and what became of it."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assistant.feedback.types import Feedback, Kept, Rating, Reason
from assistant.intent import is_small_talk
from assistant.record.types import KeptQuestion
from assistant.types import NO_FILTERS, Filters, Status

UNMET = (Status.NO_EVIDENCE, Status.OUT_OF_SCOPE, Status.PARTIAL, Status.CLARIFY)
_ID_DIGITS = 8


@dataclass(frozen=True)
class Raised:
    """A question in one wording. `language`, `filters` and `version` are those of the newest time that it was asked.

    `num_unmet` counts the times that it got no whole answer, and the complaints on those that it did get.
    """

    question_id: str
    text: str
    language: str
    num_asked: int
    num_unmet: int
    last: datetime
    statuses: dict[Status, int]
    reasons: dict[Reason, int]
    num_helpful: int
    filters: Filters = NO_FILTERS
    version: str = ""


@dataclass
class _Tally:
    """What is counted of one wording while its rows are read."""

    newest: KeptQuestion | None = None
    said: list[Kept] = field(default_factory=list)
    statuses: Counter[Status] = field(default_factory=Counter)


def id_of(question: str) -> str:
    """The short id of a question, the same for the same words in every run and report."""
    return hashlib.sha256(question.casefold().encode()).hexdigest()[:_ID_DIGITS]


def collect(questions: Iterable[KeptQuestion], feedback: Iterable[Kept]) -> list[Raised]:
    """Every wording that has words left, from rows that are newest first; feedback joins its answer by `answer_id`."""
    tallies: dict[str, _Tally] = {}
    by_answer: dict[str, str] = {}
    for row in questions:
        if row.standalone and not is_small_talk(row.standalone):
            key = row.standalone.casefold()
            by_answer.setdefault(row.answer_id, key)
            tally = tallies.setdefault(key, _Tally())
            tally.newest = tally.newest or row
            tally.statuses[row.status] += 1
    by_answer.pop("", None)
    for kept in feedback:
        if key := by_answer.get(kept.feedback.answer_id) or kept.feedback.question.casefold():
            tallies.setdefault(key, _Tally()).said.append(kept)
    return [_as_raised(tally) for tally in tallies.values()]


def _as_raised(tally: _Tally) -> Raised:
    said: Sequence[Feedback] = [kept.feedback for kept in tally.said]
    complaints = [feedback for feedback in said if feedback.rating is Rating.NOT_HELPFUL]
    on_answers = sum(feedback.status not in UNMET for feedback in complaints)
    asked = tally.statuses or Counter(feedback.status for feedback in said)  # the answer may have been kept no longer
    text = tally.newest.standalone if tally.newest else said[0].question
    return Raised(
        question_id=id_of(text),
        text=text,
        language=tally.newest.language if tally.newest else said[0].language,
        num_asked=asked.total(),
        num_unmet=sum(asked[status] for status in UNMET) + on_answers,
        last=max([kept.at for kept in tally.said] + ([tally.newest.at] if tally.newest else [])),
        statuses=dict(asked.most_common()),
        reasons=dict(Counter(feedback.reason for feedback in complaints if feedback.reason).most_common()),
        num_helpful=len(said) - len(complaints),
        filters=tally.newest.filters if tally.newest else NO_FILTERS,
        version=tally.newest.version if tally.newest else said[0].version,
    )
