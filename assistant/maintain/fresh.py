"""How fresh the guide is, as the page shows it: what there is to do by owner, and the guide that serves in numbers."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.fresh.find import What, Work
from assistant.fresh.tell import by_owner, tell_task
from assistant.freshness import Standing, measure
from index.catalog import Catalog
from index.registry import Source

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_OLDER_AFTER = 8  # years: what is older is one row
_STANDINGS = {
    Standing.CURRENT: "Gjelder nå",
    Standing.PAST: "Perioden er over",
    Standing.OLD: "Perioden tok slutt for to år siden eller mer",
    Standing.UNDATED: "Kilden viser ingen dato",
    Standing.UNCONFIRMED: "Ikke bekreftet av en kilde",
    Standing.ADVICE: "Råd, uten periode",
}


@dataclass(frozen=True)
class Row:
    """A document, and what there is to do with it, in words, the worst first; `due` is when the first is due."""

    title: str
    file: str
    due: date
    is_past: bool
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class Owner:
    """What one owner has to do, the worst first, and how many documents of theirs have something that has run out."""

    name: str
    num_past: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Fresh:
    """What there is to do by owner, who has the worst first; counts by name, for the plots.

    `num_past` and `num_near` are documents with something run out, and others that are soon to be read again.
    """

    owners: tuple[Owner, ...]
    num_past: int
    num_near: int
    unreadable: tuple[str, ...]
    standings: tuple[tuple[str, int], ...]
    sources: tuple[tuple[str, int], ...]


def read_fresh(works: Sequence[Work], unreadable: Sequence[str], catalog: Catalog, today: date) -> Fresh:
    """The `works` of the texts as they lie, and the freshness of the guide that serves."""
    standings = measure(catalog, today).standings
    is_near = [any(task.what is What.REVIEW_NEAR for task in work.tasks) and not work.is_past for work in works]
    return Fresh(
        owners=tuple(_owners(works)),
        num_past=sum(work.is_past for work in works),
        num_near=sum(is_near),
        unreadable=tuple(unreadable),
        standings=tuple((name, standings.get(standing, 0)) for standing, name in _STANDINGS.items()),
        sources=tuple(_count_years(catalog.sources.values(), today.year)),
    )


def _owners(works: Sequence[Work]) -> Iterator[Owner]:
    for owner, own in by_owner(works):
        yield Owner(owner[:1].upper() + owner[1:], sum(work.is_past for work in own), tuple(map(_row, own)))


def _row(work: Work) -> Row:
    tasks = (tell_task(task) for task in work.tasks)
    return Row(
        work.document.title,
        work.document.file,
        work.tasks[0].due,
        work.is_past,
        tuple(task[:1].upper() + task[1:] for task in tasks),
    )


def _count_years(sources: Iterable[Source], this_year: int) -> Iterator[tuple[str, int]]:
    """How many sources were published in each year, the newest first, and how many do not say."""
    years = [_YEAR.findall(source.published) for source in sources]
    counts = Counter(int(found[-1]) for found in years if found)
    oldest = this_year - _OLDER_AFTER
    yield from ((str(year), counts[year]) for year in range(max(counts, default=this_year), oldest, -1))
    yield f"{oldest} eller før", sum(count for year, count in counts.items() if year <= oldest)
    yield "Uten årstall", years.count([])
