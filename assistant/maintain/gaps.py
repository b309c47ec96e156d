"""What founders ask that the guide can't answer, as the page shows it: the only place here that reads the store."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from assistant.feedback.keep import FeedbackStore
from assistant.feedback.report import AskedAbout, summarise
from assistant.feedback.types import Rating
from assistant.texts import say
from assistant.types import Status

_MAX_DAYS = 90  # a longer row of days can't be read on a phone
_MAX_REASONS = 3  # of one question, the most frequent first
_STATUSES = {
    Status.ANSWERED: "Besvart",
    Status.PARTIAL: "Delvis besvart",
    Status.CLARIFY: "Spurte tilbake",
    Status.NO_EVIDENCE: "Står ikke i guiden",
    Status.OUT_OF_SCOPE: "Utenfor temaet",
    Status.PERSONAL_DATA: "Hadde personopplysninger",
    Status.BLOCKED: "Stanset",
    Status.ERROR: "Feilet",
}


@dataclass(frozen=True)
class Group:
    """Questions of one kind: one of them, how many, why they are here, and the documents that were nearest."""

    question: str
    count: int
    why: str
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Gaps:
    """What the last `days` tell; counts by day (the oldest first), by status and by reason, and the groups.

    `title` says what is counted, and `helpful` how many of the `total` were to any help.
    """

    days: int
    title: str
    total: int
    helpful: int
    by_day: tuple[tuple[date, int], ...]
    by_status: tuple[tuple[str, int], ...]
    by_reason: tuple[tuple[str, int], ...]
    groups: tuple[Group, ...]


def read_gaps(store: FeedbackStore, now: datetime | None = None) -> Gaps:
    """What is kept, at most of `_MAX_DAYS`. Raises: StoreFault."""
    now = now or datetime.now(UTC)
    days = min(store.keep_days, _MAX_DAYS)
    kept = store.rows(days, now)
    report = summarise(kept, days)
    per_day = Counter(row.at.date() for row in kept)
    statuses = Counter(row.feedback.status for row in kept)
    return Gaps(
        days=days,
        title="Spørsmål med tilbakemelding",
        total=len(kept),
        helpful=report.helpful,
        by_day=tuple((day, per_day[day]) for day in (now.date() - timedelta(back) for back in range(days - 1, -1, -1))),
        by_status=tuple((name, statuses[status]) for status, name in _STATUSES.items() if statuses[status]),
        by_reason=tuple((say("nb", f"reason_{reason}"), count) for reason, count in report.reasons.items()),
        groups=tuple(_group(report.questions)),
    )


def _group(asked: Iterable[AskedAbout]) -> Iterator[Group]:
    """What was no help, each question once with all its reasons, the most frequent first."""
    of_question: dict[str, list[AskedAbout]] = {}
    for row in asked:
        if row.rating is Rating.NOT_HELPFUL:
            of_question.setdefault(row.question.casefold(), []).append(row)
    for rows in sorted(of_question.values(), key=lambda rows: -sum(row.count for row in rows)):
        why = ", ".join(say("nb", f"reason_{row.reason}").lower() for row in rows[:_MAX_REASONS])
        documents = dict.fromkeys(doc_id for row in rows for doc_id in row.documents)
        yield Group(rows[0].question, sum(row.count for row in rows), why[:1].upper() + why[1:], tuple(documents))
