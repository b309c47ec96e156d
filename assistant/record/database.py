"""The database behind all that is kept: opened where it is used, its tables made, expired and deleted in one way."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy import Table as Made
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.elements import ColumnElement

from assistant.config import ConfigError
from assistant.record.tables import Table
from assistant.record.types import StoreFault

MAX_DAYS = 3_650
MAX_ROWS = 50_000  # of a table; the newest stay: whoever sends without end fills no disk
TIMEOUT_S = 2  # how long a database that is locked or away is waited for
_MAKING = 0xABC  # the lock that who makes a table holds
# What makes all that a transaction reads be of one moment; in SQLite that it is one, which else begins with a write.
_AT_ONE_MOMENT = {"sqlite": "BEGIN", "postgresql": "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"}
_CAUSES = (
    ("locked", "databasen er i bruk av et annet program"),
    ("readonly", "databasen kan ikke skrives"),
    ("unable to open", "databasen kan ikke åpnes"),
    ("not a database", "fila er ingen database"),
    ("malformed", "databasen er ødelagt"),
    ("disk is full", "disken er full"),
    ("connection", "databasen svarer ikke"),
)
AnyTable = TypeVar("AnyTable", bound=Table)


class Database:
    """The tables behind `store`, a database's URL or the path of an SQLite file; nothing is opened before it is used.

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
        """Whether anything is kept at all; where it is not, a page asks for no feedback."""
        return self.keep_days > 0

    def expire(self, now: datetime | None = None) -> int:
        """Deletes what is too old, which is everything where nothing is to be kept; how many rows that were."""
        now = _without_zone(now)
        with self._opened() as connection:
            return sum(_delete(connection, table, self._is_too_old(table, now)) for table in _existing(connection))

    def delete_all(self) -> dict[str, int]:
        """Deletes everything; how many rows that were of each table."""
        counts = dict.fromkeys(Table.metadata.tables, 0)
        with self._opened() as connection:
            counts.update((table.name, _delete(connection, table, true())) for table in _existing(connection))
        return counts

    def read_all(self, now: datetime | None = None) -> dict[str, list[dict[str, Any]]]:
        """Every row that may be kept, by table, oldest first, with times as text; no tables where nothing is kept."""
        if not self.is_on:
            return {}
        now = _without_zone(now)
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in Table.metadata.tables}
        with self._opened() as connection:
            if connection is None:
                return rows
            connection.exec_driver_sql(_AT_ONE_MOMENT[connection.dialect.name])
            for table in _existing(connection):
                kept = select(*_values_of(table)).where(not_(self._is_too_old(table, now))).order_by(table.c.id)
                found = connection.execute(kept).mappings()
                rows[table.name] = [{**row, "at": row["at"].isoformat()} for row in found]
        return rows

    def replace_all(
        self, rows: Mapping[str, Sequence[Mapping[str, Any]]], now: datetime | None = None
    ) -> dict[str, int]:
        """Deletes everything and puts these rows, as `read_all` gave them, in its place, in one step.

        How many there then are of each table: what has become too old is left out.
        Raises: ValueError, TypeError for rows that are not of ours.
        """
        now, tables = _without_zone(now), Table.metadata.tables
        for name, of_table in rows.items():
            if name not in tables or any(row.keys() != _names_of(tables[name]) for row in of_table):
                raise ValueError(name)
        counts: dict[str, int] = {}
        with _faults():
            self._make_file()
            with self._engine.begin() as connection:
                for table in tables.values():
                    _create(connection, table)
                    _delete(connection, table, true())
                    if of_table := rows.get(table.name, ()):
                        values = [{**row, "at": datetime.fromisoformat(row["at"])} for row in of_table]
                        connection.execute(insert(table), values)
                    too_old = _delete(connection, table, self._is_too_old(table, now))
                    counts[table.name] = len(rows.get(table.name, ())) - too_old
        return counts

    def _insert(self, table: type[Table], rows: Sequence[Mapping[str, Any]], now: datetime | None) -> None:
        """Adds the rows, and deletes what is too old in their table."""
        if not self.is_on:
            raise StoreFault("Lagring er slått av (ABC_KEEP_DAYS=0).")
        now = _without_zone(now)
        # To the hour, so that a row can't be matched with a line in a web server's log.
        at = now.replace(minute=0, second=0, microsecond=0)
        made = Table.metadata.tables[table.__tablename__]
        with _faults():
            self._make_file()
            with self._engine.begin() as connection:
                if not inspect(connection).has_table(made.name):
                    _create(connection, made)
                _delete(connection, made, self._is_too_old(made, now))
                connection.execute(insert(made), [{"at": at, **row} for row in rows])

    def _make_file(self) -> None:
        if self._file is not None and not self._file.exists():
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.touch(mode=0o600)  # what people asked is for its owner to read

    def _select(self, table: type[AnyTable], days: int, now: datetime | None) -> Sequence[Row[AnyTable]]:
        """What came in during the last `days`, newest first, and nothing that is older than may be kept."""
        since = _without_zone(now) - timedelta(days=min(days, self.keep_days))
        made = Table.metadata.tables[table.__tablename__]
        with self._opened() as connection:
            if made not in _existing(connection) or connection is None:
                return []
            return connection.execute(select(made).where(made.c.at > since).order_by(made.c.id.desc())).all()

    def _is_too_old(self, table: Made, now: datetime) -> ColumnElement[bool]:
        if not self.is_on:
            return true()
        newest = select(func.max(table.c.id)).scalar_subquery()
        return or_(table.c.at <= now - timedelta(days=self.keep_days), table.c.id <= newest - MAX_ROWS)

    @contextmanager
    def _opened(self) -> Iterator[Connection | None]:
        """A transaction where there is something to read, else None: reading makes no database."""
        with _faults():
            if self._file is not None and not self._file.exists():
                yield None
                return
            with self._engine.begin() as connection:
                yield connection


def _existing(connection: Connection | None) -> list[Made]:
    """The tables that have been made."""
    if connection is None:
        return []
    there = set(inspect(connection).get_table_names())
    return [table for name, table in Table.metadata.tables.items() if name in there]


def _values_of(table: Made) -> list[ColumnElement[Any]]:
    """All but the number of a row, which is the database's own."""
    return [column for column in table.columns if column.name != "id"]


def _names_of(table: Made) -> set[str]:
    return {str(column.key) for column in table.columns} - {"id"}


def _delete(connection: Connection | None, table: Made, condition: ColumnElement[bool]) -> int:
    return connection.execute(delete(table).where(condition)).rowcount if connection else 0


def _create(connection: Connection, table: Made) -> None:
    """Makes the table, unless another process has done so since we looked."""
    if connection.dialect.name == "postgresql":  # where two that make it at once fail, whatever "if not exists" says
        connection.execute(select(func.pg_advisory_xact_lock(_MAKING)))
    connection.execute(CreateTable(table, if_not_exists=True))
    for index in table.indexes:
        connection.execute(CreateIndex(index, if_not_exists=True))


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


@contextmanager
def _faults() -> Iterator[None]:
    """Turns what a database or a disk can do into one fault; neither parameters nor addresses come along."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        told = str(getattr(error, "orig", None) or error)
        cause = next((norwegian for english, norwegian in _CAUSES if english in told), type(error).__name__)
        raise StoreFault(
            f"Spørsmål og tilbakemeldinger kan ikke lagres eller leses: {cause}. Sjekk ABC_STORE."
        ) from None


def _without_zone(now: datetime | None) -> datetime:
    """UTC as rows have it; the time it is where none is given."""
    return (now or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
