"""How old and how sure a citation is, in words."""

from datetime import date

import pytest

from assistant.describe import describe_day, describe_flags, describe_period
from assistant.types import Citation


def citation_for(
    start: date | None = None,
    end: date | None = None,
    undated: bool = False,
    stale: bool = False,
    confirmed: bool = True,
) -> Citation:
    return Citation(
        n=1, doc_id="guide/x", chunk_id="1", title="X", heading_path=("X",), doc_class="regel", quote="Y.", start=0,
        end=2, verified=True, sources=(), valid_from=start, valid_to=end, undated=undated, checked=date(2026, 3, 1),
        stale=stale, confirmed=confirmed,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2021, 1, 1), date(2021, 12, 31), "Kjent for 2021"),
        (date(2020, 1, 1), date(2021, 12, 31), "Kjent for 2020–2021"),
        (date(2026, 7, 2), date(2028, 12, 31), "Kjent for 2. juli 2026–31. desember 2028"),
        (date(2026, 1, 1), None, "Kjent fra 2026"),
        (date(2026, 9, 1), None, "Kjent fra 1. september 2026"),
        (None, date(2023, 12, 31), "Kjent til og med 2023"),
        (None, date(2023, 6, 30), "Kjent til og med 30. juni 2023"),
        (None, None, ""),
    ],
)
def test_a_period_is_told_in_years_where_it_is_whole_years(start: date | None, end: date | None, words: str) -> None:
    assert describe_period(citation_for(start, end), "nb") == words


def test_an_undated_source_is_told_as_undated() -> None:
    assert describe_period(citation_for(undated=True), "nb") == "Kilden viser ingen dato"


@pytest.mark.parametrize(("language", "words"), [("nb", "2. juli 2026"), ("nn", "2. juli 2026"), ("en", "2 July 2026")])
def test_a_day_is_written_as_the_language_writes_it(language: str, words: str) -> None:
    assert describe_day(date(2026, 7, 2), language) == words


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_month_has_a_name(language: str) -> None:
    assert len({describe_day(date(2026, month, 1), language) for month in range(1, 13)}) == 12


def test_age_and_doubt_are_told_apart() -> None:
    assert describe_flags(citation_for(), "nb") == []
    assert describe_flags(citation_for(stale=True), "nb") == ["Kan være utdatert"]
    assert describe_flags(citation_for(confirmed=False), "nb") == ["Ikke bekreftet av noen kilde"]
    assert len(describe_flags(citation_for(stale=True, confirmed=False), "en")) == 2
