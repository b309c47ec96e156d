"""The tables of the database. A row has no place for an address, a session or a person."""

from datetime import datetime

from sqlalchemy import JSON
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Table(DeclarativeBase):
    """What all rows have; the time is without a zone, for SQLite has none."""

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class FeedbackRow(Table):
    """`Kept` as a row."""

    __tablename__ = "feedback"

    answer_id: Mapped[str]
    question: Mapped[str]
    status: Mapped[str]
    rating: Mapped[str]
    reason: Mapped[str | None]
    version: Mapped[str]
    documents: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[str]


class QuestionRow(Table):
    """`KeptQuestion` as a row; feedback on its answer has the same `answer_id`."""

    __tablename__ = "questions"

    answer_id: Mapped[str]
    question: Mapped[str]
    understood: Mapped[str]
    status: Mapped[str]
    known: Mapped[float | None]
    documents: Mapped[list[str]] = mapped_column(JSON)
    sections: Mapped[list[str]] = mapped_column(JSON)
    chunks: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[str]
    form: Mapped[str]
    place: Mapped[str]
    phase: Mapped[str]
    version: Mapped[str]
    channel: Mapped[str]
