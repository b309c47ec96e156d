"""How fresh a guide is: its documents by class, what is past review, and how old its sentences are known to be."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assistant.cite import newest_mark
from index.catalog import Catalog
from index.document import FOLDERS, Document
from index.types import ADVICE, UNCONFIRMED, Statement

_OLD = timedelta(days=2 * 365)


class Standing(StrEnum):
    """How a sentence stands today; each has one, by the newest of its marks."""

    CURRENT = "current"
    PAST = "past"  # its period has ended, less than two years ago
    OLD = "old"  # … two years ago or more
    UNDATED = "undated"
    UNCONFIRMED = "unconfirmed"
    ADVICE = "advice"


@dataclass(frozen=True)
class Group:
    """The documents of one class: how many, and how many of them are past their review date."""

    doc_class: str
    num_documents: int
    num_overdue: int


@dataclass(frozen=True)
class Freshness:
    """The state of a guide on one day; `overdue` are the documents past their review date, the longest waiting first.

    `groups` has a row for each class that has documents. `standings` counts every sentence once, and `num_sources` the
    sources that some sentence rests on.
    """

    groups: tuple[Group, ...]
    overdue: tuple[Document, ...]
    oldest_check: date
    newest_check: date
    num_sources: int
    standings: Mapping[Standing, int]


def measure(catalog: Catalog, today: date) -> Freshness:
    """How fresh the guide is on `today`. Raises: ValueError when it has no document."""
    overdue = [document for document in catalog.documents if document.is_overdue(today)]
    checks = [document.checked for document in catalog.documents]
    # A catalog's documents come without their sections; the chunks have every sentence, each once.
    statements = [statement for chunk in catalog.chunks for statement in chunk.statements]
    used = {mark.source_id for statement in statements for mark in statement.marks}
    return Freshness(
        groups=tuple(_count_classes(catalog.documents, overdue)),
        overdue=tuple(sorted(overdue, key=lambda document: (document.review_by, document.doc_id))),
        oldest_check=min(checks),
        newest_check=max(checks),
        num_sources=len(used & catalog.sources.keys()),
        standings=Counter(standing_of(statement, today) for statement in statements),
    )


def _count_classes(documents: Sequence[Document], overdue: Sequence[Document]) -> Iterator[Group]:
    all_of, late_of = (Counter(document.doc_class for document in some) for some in (documents, overdue))
    for doc_class in FOLDERS.values():
        if all_of[doc_class]:
            yield Group(doc_class, all_of[doc_class], late_of[doc_class])


def standing_of(statement: Statement, today: date) -> Standing:
    """How the sentence stands on `today`."""
    newest = newest_mark(statement.marks)
    if newest.source_id == ADVICE:
        return Standing.ADVICE
    if newest.source_id == UNCONFIRMED:
        return Standing.UNCONFIRMED
    if newest.period.undated:
        return Standing.UNDATED
    if newest.period.end is None or newest.period.end >= today:
        return Standing.CURRENT
    return Standing.OLD if is_old(newest.period.end, today) else Standing.PAST


def is_old(day: date, today: date) -> bool:
    """Whether the day is two years ago or more: what was known then may well be other now."""
    return day <= today - _OLD
