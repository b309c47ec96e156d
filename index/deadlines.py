"""The deadlines of a scheme's card: their days, those that return every year, and what is past."""

import re
from datetime import date

from index.document import Document
from index.statements import plain
from index.types import Statement

MONTHS = (
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip
_EVERY_YEAR = re.compile(
    rf"hvert (?:\w+)?år\b|\bårlig\b.*frist.*?(?=\d)|frist.*\bårlig\b.*?(?={'|'.join(MONTHS)})", re.I
)
_DAY = re.compile(rf"\b(\d{{1,2}})\. ({'|'.join(MONTHS)})\b(?! \d{{4}})", re.I)


def deadlines_of(document: Document, today: date) -> list[tuple[date, Statement]]:
    """Every dated deadline of the card, in order of date; one that returns every year stands with its next date."""
    found = []
    for value in (value for value in document.card if value.field == "frister"):
        text = plain(document.text[value.statement.start : value.statement.end])
        day = _DAY.search(text)
        if day and _EVERY_YEAR.search(text) and (value.deadline is None or value.deadline < today):
            found.append((next_day(MONTHS.index(day[2].lower()) + 1, int(day[1]), today), value.statement))
        elif value.deadline is not None:
            found.append((value.deadline, value.statement))
    return sorted(found, key=lambda pair: pair[0])


def passed_deadline(document: Document, today: date) -> tuple[date, Statement] | None:
    """The last dated deadline of the card where it is past; None where one is to come, or none has a date."""
    latest = max(deadlines_of(document, today), key=lambda pair: pair[0], default=None)
    return latest if latest and latest[0] < today else None


def next_day(month: int, day: int, today: date) -> date:
    """The first such day that is not past; the last of the month where the month is shorter."""
    years = (today.year, today.year + 1)
    return next(d for d in (last_day(year, month, day) for year in years) if d >= today)


def last_day(year: int, month: int, day: int = 31) -> date:
    """That day, or the last one of a shorter month."""
    for candidate in range(day, 27, -1):
        try:
            return date(year, month, candidate)
        except ValueError:
            continue
    return date(year, month, day)
