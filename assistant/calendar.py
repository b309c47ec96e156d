"""Days to remember → an iCalendar file that calendars on phones and in offices read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

_HOST = "abc-assistenten"


@dataclass(frozen=True)
class Entry:
    """A whole day; `name` stays the same when the entry is written again, and a calendar then replaces it."""

    name: str
    day: date
    title: str
    notes: tuple[str, ...]
    category: str
    is_tentative: bool = False


def as_calendar(entries: Iterable[Entry], product: str, name: str, language: str, made: datetime) -> bytes:
    """The entries as a calendar with a name; the same entries made at the same time (UTC) give the same file."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{_HOST}//{product}//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_event(entry, made))
    return bytes(calendar.to_ical())


def _event(entry: Entry, made: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.name}@{_HOST}")
    event.add("dtstamp", made)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", entry.title)
    event.add("description", "\n".join(entry.notes))
    event.add("status", "TENTATIVE" if entry.is_tentative else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # the day is not taken
    event.add("categories", [entry.category])
    return event
