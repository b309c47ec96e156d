"""How fresh the guide is, as the page shows it: the only place here that asks for it."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.freshness import Standing, measure
from index.catalog import Catalog
from index.document import Document
from index.registry import Source

_SOON = timedelta(days=30)
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
class Fresh:
    """Documents past their review date and soon to be, the longest waiting first; counts by name, for the plots."""

    overdue: tuple[Document, ...]
    soon: tuple[Document, ...]
    next_review: date
    standings: tuple[tuple[str, int], ...]
    sources: tuple[tuple[str, int], ...]


def read_fresh(catalog: Catalog, today: date) -> Fresh:
    """The freshness of the guide that serves."""
    found = measure(catalog, today)
    by_review = sorted(catalog.documents, key=lambda document: (document.review_by, document.doc_id))
    return Fresh(
        overdue=found.overdue,
        soon=tuple(document for document in by_review if today <= document.review_by <= today + _SOON),
        next_review=by_review[0].review_by,
        standings=tuple((name, found.standings.get(standing, 0)) for standing, name in _STANDINGS.items()),
        sources=tuple(_count_years(catalog.sources.values(), today.year)),
    )


def _count_years(sources: Iterable[Source], this_year: int) -> Iterable[tuple[str, int]]:
    """How many sources were published in each year, the newest first, and how many do not say."""
    years = [_YEAR.findall(source.published) for source in sources]
    counts = Counter(int(found[-1]) for found in years if found)
    oldest = this_year - _OLDER_AFTER
    yield from ((str(year), counts[year]) for year in range(max(counts, default=this_year), oldest, -1))
    yield f"{oldest} eller før", sum(count for year, count in counts.items() if year <= oldest)
    yield "Uten årstall", years.count([])
