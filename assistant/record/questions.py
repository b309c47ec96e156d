"""Asked questions in the database: one row each, of what may be kept of them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from assistant.record.database import Database
from assistant.record.redact import clean, must_forget
from assistant.record.tables import QuestionRow
from assistant.record.types import Asking, Channel, KeptQuestion
from assistant.types import Filters, Status


class QuestionStore(Database):
    """The questions that people asked; as `Database`."""

    def add(self, asked: Sequence[Asking], now: datetime | None = None) -> None:
        """Keeps what may be kept of the questions, in their order."""
        self._insert(QuestionRow, [_as_values(asking) for asking in asked], now)

    def rows(self, days: int, now: datetime | None = None) -> list[KeptQuestion]:
        """What was asked during the last `days`, newest first."""
        return [_read(row) for row in self._select(QuestionRow, days, now)]


def _as_values(asking: Asking) -> dict[str, Any]:
    answer = asking.answer
    turns = [clean(turn) for turn in asking.turns]
    understood = clean(answer.understood or "")
    values: dict[str, Any] = {
        "question": "", "understood": "", "answer_id": "", "known": None, "documents": [], "sections": [], "chunks": [],
        "form": "", "place": "", "phase": "",
        "status": answer.status, "language": answer.language, "version": asking.version, "channel": asking.channel,
    }  # fmt: skip
    if must_forget(answer.status, [*turns, understood]):
        return values
    return values | {
        "question": turns[-1],
        "understood": understood if understood != turns[-1] else "",
        "answer_id": answer.id,
        "known": answer.receipt.known if answer.receipt else None,
        "documents": _once(citation.doc_id for citation in answer.citations),
        "sections": _once(iter(asking.sections)),
        "chunks": _once(citation.chunk_id for citation in answer.citations),
        "form": answer.filters.form,
        "place": answer.filters.place,
        "phase": answer.filters.phase,
    }


def _once(names: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _read(row: Any) -> KeptQuestion:
    return KeptQuestion(
        at=row.at.replace(tzinfo=UTC),
        question=row.question,
        understood=row.understood,
        status=Status(row.status),
        language=row.language,
        channel=Channel(row.channel),
        version=row.version,
        answer_id=row.answer_id,
        known=row.known,
        documents=tuple(row.documents),
        sections=tuple(row.sections),
        chunks=tuple(row.chunks),
        filters=Filters(row.form, row.place, row.phase),
    )
