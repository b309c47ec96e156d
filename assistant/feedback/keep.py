"""Feedback on disk: one row each, in SQLite or PostgreSQL, for as many days as the settings say."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import (
    JSON,
    Connection,
    Engine,
    Row,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    or_,
    select,
    true,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry, NullPool
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.elements import ColumnElement

from assistant.config import ConfigError
from assistant.feedback.types import Feedback, Kept, Rating, Reason, StoreFault
from assistant.screen import screen
from assistant.types import Status

MAX_DAYS = 3_650
MAX_ROWS = 50_000  # the newest stay: whoever sends without end fills no disk
TIMEOUT_S = 2  # how long a database that is locked or away is waited for
_CAUSES = (
    ("locked", "databasen er i bruk av et annet program"),
    ("readonly", "databasen kan ikke skrives"),
    ("unable to open", "databasen kan ikke åpnes"),
    ("not a database", "fila er ingen database"),
    ("malformed", "databasen er ødelagt"),
    ("disk is full", "disken er full"),
    ("connection", "databasen svarer ikke"),
)


class _Base(DeclarativeBase):
    pass


class _Row(_Base):
    """`Kept` as a row; the time is without a zone, for SQLite has none."""

    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    answer_id: Mapped[str]
    question: Mapped[str]
    status: Mapped[str]
    rating: Mapped[str]
    reason: Mapped[str | None]
    version: Mapped[str]
    documents: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[str]


class FeedbackStore:
    """The rows behind `store`, a database's URL or the path of an SQLite file; nothing is opened before it is used.

    Raises: ConfigError for settings that can't hold; all methods StoreFault when the database can't be used.
    """

    def __init__(self, store: str, keep_days: int) -> None:
        if not 0 <= keep_days <= MAX_DAYS:
            raise ConfigError(f"Innstillingen ABC_KEEP_DAYS må være mellom 0 og {MAX_DAYS}, men er {keep_days}.")
        self.keep_days = keep_days
        url = _read_url(store)
        is_file = url.get_backend_name() == "sqlite" and "uri" not in url.query
        self._file = Path(url.database or "") if is_file else None
        self._engine = _open(url)

    @property
    def is_on(self) -> bool:
        """Whether feedback is kept at all; where it is not, a page asks for none."""
        return self.keep_days > 0

    def add(self, feedback: Feedback, now: datetime | None = None) -> None:
        """Keeps the feedback, its question screened and each document once, and deletes what is too old."""
        if not self.is_on:
            raise StoreFault("Tilbakemelding er slått av (ABC_KEEP_DAYS=0).")
        now = _without_zone(now)
        # To the hour, so that a row can't be matched with a line in a web server's log.
        at = now.replace(minute=0, second=0, microsecond=0)
        documents = list(dict.fromkeys(feedback.documents))
        values = {**asdict(feedback), "documents": documents, "question": screen(feedback.question).text}
        with _faults():
            if self._file is not None and not self._file.exists():
                self._file.parent.mkdir(parents=True, exist_ok=True)
                self._file.touch(mode=0o600)  # what people asked is for its owner to read
            with self._engine.begin() as connection:
                if not _has_table(connection):
                    _create(connection)
                connection.execute(delete(_Row).where(self._is_too_old(now)))
                connection.execute(insert(_Row).values(at=at, **values))

    def rows(self, days: int, now: datetime | None = None) -> list[Kept]:
        """What came in during the last `days`, newest first."""
        since = _without_zone(now) - timedelta(days=days)
        newest_first = select(_Row).where(_Row.at > since).order_by(_Row.id.desc())
        with self._opened() as connection:
            found = connection.execute(newest_first).all() if connection else []
        return [_read(row) for row in found]

    def expire(self, now: datetime | None = None) -> int:
        """Deletes what is too old, which is everything where nothing is to be kept; how many that were."""
        return self._delete(self._is_too_old(_without_zone(now)))

    def delete_all(self) -> int:
        """Deletes everything; how many that were."""
        return self._delete(true())

    def _delete(self, condition: ColumnElement[bool]) -> int:
        with self._opened() as connection:
            return connection.execute(delete(_Row).where(condition)).rowcount if connection else 0

    def _is_too_old(self, now: datetime) -> ColumnElement[bool]:
        if not self.is_on:
            return true()
        newest = select(func.max(_Row.id)).scalar_subquery()
        return or_(_Row.at <= now - timedelta(days=self.keep_days), _Row.id <= newest - MAX_ROWS)

    @contextmanager
    def _opened(self) -> Iterator[Connection | None]:
        """A transaction where there is something to read, else None: reading makes no database."""
        with _faults():
            if self._file is not None and not self._file.exists():
                yield None
                return
            with self._engine.begin() as connection:
                yield connection if _has_table(connection) else None


def _read_url(store: str) -> URL:
    try:
        url = make_url(store) if "://" in store else URL.create("sqlite", database=store)
        backend = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):
        backend = ""
    # Never the value itself: it may hold a password.
    if backend not in ("sqlite", "postgresql"):
        raise ConfigError(
            "Innstillingen ABC_STORE må være en filsti, eller en adresse med sqlite:// eller postgresql://."
        )
    if backend == "sqlite" and url.database in (None, "", ":memory:"):
        raise ConfigError("Innstillingen ABC_STORE må peke på en fil når den er sqlite.")
    return url


def _open(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        # A connection for each use, so that a file that is moved away under a running server is made anew.
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": TIMEOUT_S})
        event.listen(engine, "connect", _overwrite_what_is_deleted)
        return engine
    wait = {
        "connect_timeout": TIMEOUT_S,
        "tcp_user_timeout": TIMEOUT_S * 1_000,
        "options": f"-c statement_timeout={TIMEOUT_S * 1_000}",
    }
    try:
        return create_engine(url, pool_pre_ping=True, pool_timeout=TIMEOUT_S, hide_parameters=True, connect_args=wait)
    except ModuleNotFoundError as error:
        remedy = "Installer den: pip install 'abc-assistenten[postgres]'"
        raise ConfigError(f"Innstillingen ABC_STORE krever pakken {error.name}. {remedy}") from None


def _overwrite_what_is_deleted(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _has_table(connection: Connection) -> bool:
    return inspect(connection).has_table(_Row.__tablename__)


def _create(connection: Connection) -> None:
    """Makes the table, unless another process has done so since we looked."""
    table = _Base.metadata.tables[_Row.__tablename__]
    connection.execute(CreateTable(table, if_not_exists=True))
    for index in table.indexes:
        connection.execute(CreateIndex(index, if_not_exists=True))


@contextmanager
def _faults() -> Iterator[None]:
    """Turns what a database or a disk can do into one fault; neither parameters nor addresses come along."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        told = str(getattr(error, "orig", None) or error)
        cause = next((norwegian for english, norwegian in _CAUSES if english in told), type(error).__name__)
        raise StoreFault(f"Tilbakemeldingene kan ikke lagres eller leses: {cause}. Sjekk ABC_STORE.") from None


def _read(row: Row[_Row]) -> Kept:
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


def _without_zone(now: datetime | None) -> datetime:
    """UTC as rows have it; the time it is where none is given."""
    return (now or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
