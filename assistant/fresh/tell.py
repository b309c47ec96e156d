"""What there is to do → a table per owner, JSON values, and a calendar of review dates."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import Any

from assistant.calendar import Entry, as_calendar
from assistant.fresh.find import Task, What, Work
from index.document import Document
from index.frontmatter import Problem

_MAX_SOURCES = 2  # named in a line; JSON has them all
_WIDEST = 46  # characters for the id of a document
_TOLD = {
    What.REVIEW_PAST: "les dokumentet på nytt; det skulle vært gjort {day}",
    What.DEADLINE_PAST: "sett inn neste søknadsfrist; den siste i kortet gikk ut {day}",
    What.REVIEW_NEAR: "les dokumentet på nytt innen {day}",
    What.PERIOD_PAST: "finn ut hva som gjelder nå; dette er bare kjent til og med {day}",
    What.SOURCE_OLD: "let etter nyere kilder; {sentences} bygger på kilder over to år: {sources}",
    What.DEADLINE_KNOWN: "se om en ny søknadsfrist er kjent; den siste i kortet var {day}",
}


def by_owner(works: Sequence[Work]) -> list[tuple[str, list[Work]]]:
    """The work of each owner, in its order; owners in the order of the worst they have."""
    owners: dict[str, list[Work]] = {}
    for work in works:
        owners.setdefault(work.document.owner, []).append(work)
    return list(owners.items())


def tell_work(works: Sequence[Work], num_documents: int, today: date) -> list[str]:
    """A table per owner: by when (`!` where it has run out), which document, and what to do; then the sum."""
    lines: list[str] = []
    width = min(_WIDEST, max((len(work.document.doc_id) for work in works), default=0))
    for owner, own in by_owner(works):
        num_past = sum(work.is_past for work in own)
        lines += [f"{owner[:1].upper()}{owner[1:]}: {_documents(len(own))}, {num_past} utløpt", ""]
        for work in own:
            for number, task in enumerate(work.tasks):
                mark = "!" if task.due < today else " "
                name = work.document.doc_id if number == 0 else ""
                lines.append(f"{mark} {task.due}  {name:<{width}}  {tell_task(task)}")
        lines.append("")
    num_past = sum(work.is_past for work in works)
    sums = f"{_documents(len(works))} av {num_documents} har noe å gjøre, {num_past} er utløpt."
    return [*lines, sums if works else f"Ingenting å gjøre: alle {num_documents} dokumenter er ferske."]


def tell_task(task: Task) -> str:
    """What to do, and why."""
    named = ", ".join(f"{source_id} ({count})" for source_id, count in task.sources[:_MAX_SOURCES])
    if (left := len(task.sources) - _MAX_SOURCES) > 0:
        named += f" og {left} til"
    sentences = f"{task.num_sentences} setning{'' if task.num_sentences == 1 else 'er'}"
    return _TOLD[task.what].format(day=task.day, sentences=sentences, sources=named)


def tell_problems(problems: Sequence[Problem]) -> Iterator[str]:
    """A line for each file that could not be read, with the first fault in it."""
    for file, own in groupby(sorted(problems, key=lambda p: (p.file, p.line)), key=lambda p: p.file):
        first, *others = own
        more = f" (og {len(others)} feil til)" if others else ""
        yield f"{file}:{first.line}: kan ikke leses og er ikke med: {first.message}{more}"


def as_json(works: Sequence[Work], problems: Sequence[Problem], today: date, days: int) -> dict[str, Any]:
    """Everything that was found, as JSON values."""
    owners = [{"owner": owner, "documents": [_work_json(work) for work in own]} for owner, own in by_owner(works)]
    return {
        "today": today.isoformat(),
        "days": days,
        "count": len(works),
        "num_past": sum(work.is_past for work in works),
        "owners": owners,
        "unreadable": [{"file": p.file, "line": p.line, "message": p.message} for p in problems],
    }


def _work_json(work: Work) -> dict[str, Any]:
    document = work.document
    return {
        "doc_id": document.doc_id,
        "title": document.title,
        "review_by": document.review_by.isoformat(),
        "checked": document.checked.isoformat(),
        "is_past": work.is_past,
        "tasks": [
            {
                "what": task.what.name.lower(),
                "due": task.due.isoformat(),
                "day": task.day.isoformat() if task.day else None,
                "num_sentences": task.num_sentences,
                "sources": dict(task.sources),
                "text": tell_task(task),
            }
            for task in work.tasks
        ],
    }


def review_calendar(documents: Iterable[Document], today: date, owner: str = "") -> bytes:
    """A calendar with an event for each review date, and in it the documents; those that are late say so."""
    days: dict[date, list[Document]] = {}
    for document in documents:
        days.setdefault(document.review_by, []).append(document)
    entries = [_entry(day, own, today, owner) for day, own in sorted(days.items())]
    made = datetime.combine(today, time(), UTC)
    return as_calendar(entries, "kontroll", f"Kontroll av guiden{f': {owner}' if owner else ''}", "nb", made)


def _entry(day: date, documents: Sequence[Document], today: date, owner: str) -> Entry:
    what = f"«{documents[0].title}»" if len(documents) == 1 else _documents(len(documents))
    title = f"{'Forfalt: les' if day < today else 'Les'} {what} i guiden på nytt"
    notes = tuple(f"{document.doc_id}: {document.title} ({document.owner})" for document in documents)
    name = "-".join(["kontroll", *owner.lower().split(), day.isoformat()])
    return Entry(name, day, title, notes, "kontroll")


def _documents(count: int) -> str:
    return f"{count} dokument{'' if count == 1 else 'er'}"
