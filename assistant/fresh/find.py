"""Documents and sources → what an editor has to do with each, and by when; the worst first."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from assistant.cite import newest_mark
from assistant.freshness import Standing, is_old, standing_of
from index.deadlines import passed_deadline
from index.document import Document
from index.registry import Source
from index.types import Statement

_STORY = "historie"  # tells what was, and is not wrong for being old: only its review counts
_BEHIND = (Standing.PAST, Standing.OLD)


class What(IntEnum):
    """What there is to do, the worst first."""

    REVIEW_PAST = 1  # should have been read again by now
    DEADLINE_PAST = 2  # the last deadline of the card has gone by since the last check
    REVIEW_NEAR = 3  # is to be read again within the days asked for
    PERIOD_PAST = 4  # the facts are known only for a time that is over
    SOURCE_OLD = 5  # sentences rest on sources that are two years old or more
    DEADLINE_KNOWN = 6  # the last deadline was past at the last check already: the next was not known


PAST = (What.REVIEW_PAST, What.DEADLINE_PAST)  # what has run out since someone last looked


@dataclass(frozen=True)
class Task:
    """One thing to do by `due`. `day` is what has gone by: the review date, the deadline, the end of the period.

    `sources` has how many sentences rest on each old source, most first, and `num_sentences` how many do on any.
    """

    what: What
    due: date
    day: date | None = None
    num_sentences: int = 0
    sources: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Work:
    """A document with all there is to do with it, the worst first."""

    document: Document
    tasks: tuple[Task, ...]

    @property
    def is_past(self) -> bool:
        """Whether something has run out since the document was last checked."""
        return any(task.what in PAST for task in self.tasks)


def find_work(documents: Iterable[Document], sources: Mapping[str, Source], today: date, days: int) -> list[Work]:
    """The documents there is something to do with: the worst first, then by when, then by id."""
    found = [Work(document, tuple(_tasks(document, sources, today, days))) for document in documents]
    return sorted(
        (work for work in found if work.tasks),
        key=lambda work: (work.tasks[0].what, work.tasks[0].due, work.document.doc_id),
    )


def _tasks(document: Document, sources: Mapping[str, Source], today: date, days: int) -> Iterator[Task]:
    """In the order of `What`; what has no date of its own waits for the next review."""
    review = document.review_by
    passed = passed_deadline(document, today)
    is_news = passed is not None and passed[0] >= document.checked
    next_look = max(today, review)
    if document.is_overdue(today):
        yield Task(What.REVIEW_PAST, review, review)
    if passed and is_news:
        yield Task(What.DEADLINE_PAST, passed[0], passed[0])
    if today <= review <= today + timedelta(days=days):
        yield Task(What.REVIEW_NEAR, review, review)
    if document.doc_class != _STORY:
        if end := _end(document, today):
            yield Task(What.PERIOD_PAST, next_look, end)
        yield from _old_sources(document, sources, today, next_look)
    if passed and not is_news:
        yield Task(What.DEADLINE_KNOWN, next_look, passed[0])


def _end(document: Document, today: date) -> date | None:
    """The day after which nothing in the document is known: of `gjelder`, or of the last fact where all have ended."""
    if document.period.end and document.period.end < today:
        return document.period.end
    facts = [s for s in document.statements() if standing_of(s, today) is not Standing.ADVICE]
    if not facts or any(standing_of(s, today) not in _BEHIND for s in facts):
        return None
    return max(end for s in facts if (end := newest_mark(s.marks).period.end))


def _old_sources(document: Document, sources: Mapping[str, Source], today: date, due: date) -> Iterator[Task]:
    """Old is a source that is known for a time two years ago, and one that nobody has read for two years."""
    counts: Counter[str] = Counter()
    num_sentences = 0
    for statement in document.statements():
        old = _old_in(statement, sources, today)
        counts.update(old)
        num_sentences += bool(old)
    if counts:
        by_number = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
        yield Task(What.SOURCE_OLD, due, num_sentences=num_sentences, sources=tuple(by_number))


def _old_in(statement: Statement, sources: Mapping[str, Source], today: date) -> set[str]:
    """The sources of a sentence that nothing newer stands beside."""
    named = {mark.source_id for mark in statement.marks if mark.source_id in sources}
    unread = {source_id for source_id in named if is_old(sources[source_id].retrieved, today)}
    return named if standing_of(statement, today) is Standing.OLD or unread == named else set()
