"""Kept questions and feedback → each question that people raised: how often, when, and what became of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assistant.feedback.types import Feedback, Kept, Rating, Reason
from assistant.intent import is_small_talk
from assistant.record.types import KeptQuestion, question_id
from assistant.types import NO_FILTERS, Filters, Status

UNMET = (Status.NO_EVIDENCE, Status.OUT_OF_SCOPE, Status.PARTIAL, Status.CLARIFY)


@dataclass(frozen=True)
class Raised:
    """A question in one wording. `language`, `filters` and `version` are those of the newest time that it was asked.

    `num_unmet` counts the times that it got no whole answer, and the complaints on those that it did get. `ids` are
    its own short id, and those of what was typed where feedback has that instead.
    """

    ids: tuple[str, ...]
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

    @property
    def question_id(self) -> str:
        """Its own short id."""
        return self.ids[0]

    def is_called(self, wanted: str) -> bool:
        """Whether `wanted` is the beginning of one of its ids."""
        return any(own.startswith(wanted) for own in self.ids)


@dataclass
class _Tally:
    """What is counted of one wording while its rows are read."""

    newest: KeptQuestion | None = None
    said: list[Kept] = field(default_factory=list)
    statuses: Counter[Status] = field(default_factory=Counter)


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
        ids=tuple(dict.fromkeys(question_id(words) for words in (text, *(feedback.question for feedback in said)))),
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
