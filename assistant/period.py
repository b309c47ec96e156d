"""When something is known to hold, and days, in words."""

from datetime import date

from assistant.lists.cards import MONTHS
from assistant.texts import say
from index.types import Period


def describe_span(period: Period, language: str) -> str:
    """When a fact is known to hold, in words; empty for what has no period, such as advice."""
    start, end = period.start, period.end
    if period.undated:
        return say(language, "source_undated")
    if start and end and start.year == end.year:
        span = str(start.year)
    elif start and end:
        span = say(language, "source_between", start=start.year, end=end.year)
    elif start:
        span = say(language, "source_from", start=start if (start.month, start.day) != (1, 1) else start.year)
    elif end:
        span = say(language, "source_until", end=end.year)
    else:
        return ""
    return f"{say(language, 'source_known')} {span}"


def long_day(day: date) -> str:
    """The day as it is written in Norwegian: 23. november 2026."""
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"
