"""How old and how sure a fact is, in words: the same on the page, in what is copied and in what is downloaded."""

from datetime import date

from assistant.texts import say
from assistant.types import Citation
from index.types import Period


def describe_day(day: date, language: str) -> str:
    """`2. juli 2026`, `2 July 2026`."""
    month = say(language, "month_names").split()[day.month - 1]
    return say(language, "full_date", day=day.day, month=month, year=day.year)


def describe_period(citation: Citation, language: str) -> str:
    """When the cited fact is known to hold; empty for advice, which has no period."""
    return describe_span(Period(citation.valid_from, citation.valid_to, citation.undated), language)


def describe_span(period: Period, language: str) -> str:
    """When a fact is known to hold, in years where the period is whole years; empty for one without ends."""
    first, last = period.start, period.end
    in_years = (first is None or (first.month, first.day) == (1, 1)) and (
        last is None or (last.month, last.day) == (12, 31)
    )
    start, end = (edge and (str(edge.year) if in_years else describe_day(edge, language)) for edge in (first, last))
    if period.undated:
        return say(language, "source_undated")
    if start and end:
        return say(language, "period_at" if start == end else "period_between", start=start, end=end)
    if start:
        return say(language, "period_from", start=start)
    return say(language, "period_until", end=end) if end else ""


def describe_flags(citation: Citation, language: str) -> list[str]:
    """What to be careful with: that the fact may be out of date, and that no source confirms it."""
    stale = [say(language, "source_stale")] if citation.stale else []
    return [*stale, *([] if citation.confirmed else [say(language, "source_unconfirmed")])]
