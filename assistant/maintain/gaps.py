"""What people ask, and what of it the guide can't answer, as the page shows it."""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from assistant.answer import Engine
from assistant.config import Config
from assistant.feedback.keep import FeedbackStore
from assistant.feedback.report import summarise
from assistant.feedback.types import Kept
from assistant.gaps.drafts import draft_lack, find_draft
from assistant.gaps.lacks import Lack, describe_lack, group_lacks, groups_called
from assistant.gaps.raised import UNMET, Raised, collect
from assistant.gaps.report import STATUS_WORDS, describe_nearest, describe_outcome
from assistant.record.questions import QuestionStore
from assistant.record.types import KeptQuestion
from assistant.texts import say

MAX_DAYS = 90  # a longer row of days can't be read on a phone
MAX_SHOWN = 20


@dataclass(frozen=True)
class Row:
    """Questions that ask for the same, in words, and the draft that is begun of an answer, if any is."""

    lack: Lack
    outcome: str
    nearest: str
    draft: Path | None


@dataclass(frozen=True)
class Gaps:
    """What the last `days` tell; counts by day (the oldest first), by status and by reason.

    `rows` are the first of `num_lacks` groups. `num_verdicts` is how often people said something of an answer.
    """

    days: int
    num_asked: int
    by_day: tuple[tuple[date, int], ...]
    unmet_by_day: tuple[tuple[date, int], ...]
    by_status: tuple[tuple[str, int], ...]
    num_verdicts: int
    num_helpful: int
    by_reason: tuple[tuple[str, int], ...]
    num_lacks: int
    rows: tuple[Row, ...]


class Asked:
    """The questions and the feedback that are kept; what was found last is used until something is new.

    Raises: ConfigError; all methods StoreFault where the database can't be read.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._questions = QuestionStore(config.store, config.keep_days)
        self._feedback = FeedbackStore(config.store, config.keep_days)
        self._days = min(config.keep_days, MAX_DAYS)
        self._grouping = threading.Lock()
        self._found: tuple[str, list[Raised], list[list[Raised]], list[Lack]] | None = None

    @property
    def is_on(self) -> bool:
        """Whether anything is kept at all."""
        return self._questions.is_on

    def read(self, engine: Engine, now: datetime | None = None) -> Gaps:
        """What is kept, at most of `MAX_DAYS`."""
        now = now or datetime.now(UTC)
        asked, said = self._rows(now)
        groups, lacks = self._group(collect(asked, said), engine)
        report = summarise(said, self._days)
        statuses = Counter(row.status for row in asked)
        return Gaps(
            days=self._days,
            num_asked=len(asked),
            by_day=tuple(self._count_days(asked, now)),
            unmet_by_day=tuple(self._count_days((row for row in asked if row.status in UNMET), now)),
            by_status=tuple((_begin(words), statuses[s]) for s, words in STATUS_WORDS.items() if statuses[s]),
            num_verdicts=len(said),
            num_helpful=report.helpful,
            by_reason=tuple((say("nb", f"reason_{reason}"), count) for reason, count in report.reasons.items()),
            num_lacks=len(groups),
            rows=tuple(map(self._row, lacks)),
        )

    def draft(self, lack_id: str, engine: Engine) -> Path | None:
        """The draft that is written of an answer; None where the questions are there no longer."""
        groups, _ = self._group(collect(*self._rows(datetime.now(UTC))), engine)
        found = groups_called(lack_id, groups) if lack_id else []
        return draft_lack(describe_lack(found[0], engine), self._config, date.today()) if len(found) == 1 else None

    def _rows(self, now: datetime) -> tuple[list[KeptQuestion], list[Kept]]:
        return self._questions.rows(self._days, now), self._feedback.rows(self._days, now)

    def _group(self, raised: list[Raised], engine: Engine) -> tuple[list[list[Raised]], list[Lack]]:
        """All groups, and the first of them described."""
        version = engine.index.manifest.version
        with self._grouping:
            if self._found is None or self._found[:2] != (version, raised):
                groups = list(group_lacks(raised, engine))
                self._found = version, raised, groups, [describe_lack(group, engine) for group in groups[:MAX_SHOWN]]
            return self._found[2:]

    def _row(self, lack: Lack) -> Row:
        outcome = _begin(describe_outcome(lack))
        return Row(lack, outcome, describe_nearest(lack), find_draft(lack, self._config))

    def _count_days(self, asked: Iterable[KeptQuestion], now: datetime) -> Iterator[tuple[date, int]]:
        counts = Counter(row.at.date() for row in asked)
        days = (now.date() - timedelta(back) for back in range(self._days - 1, -1, -1))
        return ((day, counts[day]) for day in days)


def _begin(text: str) -> str:
    return text[:1].upper() + text[1:]
