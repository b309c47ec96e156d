"""Feedback in the database: one row each, of what may be kept of it."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from assistant.feedback.types import Feedback, Kept, Rating, Reason
from assistant.record.database import Database
from assistant.record.redact import clean, must_forget
from assistant.record.tables import FeedbackRow
from assistant.types import Status


class FeedbackStore(Database):
    """What people think of answers; as `Database`."""

    def add(self, feedback: Feedback, now: datetime | None = None) -> None:
        """Keeps the feedback, its question screened and each document once."""
        question = clean(feedback.question)
        values = {**asdict(feedback), "question": question, "documents": list(dict.fromkeys(feedback.documents))}
        if must_forget(feedback.status, [question]):
            values |= {"question": "", "documents": [], "answer_id": ""}
        self._insert(FeedbackRow, [values], now)

    def rows(self, days: int, now: datetime | None = None) -> list[Kept]:
        """What came in during the last `days`, newest first."""
        return [_read(row) for row in self._select(FeedbackRow, days, now)]


def _read(row: Any) -> Kept:
    reason = None if row.reason is None else Reason(row.reason)
    return Kept(
        row.at.replace(tzinfo=UTC),
        Feedback(
            answer_id=row.answer_id,
            question=row.question,
            status=Status(row.status),
            rating=Rating(row.rating),
            reason=reason,
            version=row.version,
            documents=tuple(row.documents),
            language=row.language,
        ),
    )
