"""Deadlines: those to come by date, those known only for an earlier year apart; as records and as a calendar file."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from assistant.calendar import Entry, as_calendar
from assistant.lists.dates import Due, split_deadlines
from assistant.lists.window import Window
from assistant.lookup.card import Rule, read_rule
from assistant.lookup.facts import due_window
from assistant.lookup.guide import Lookup
from assistant.lookup.receipt import tell_rule, tell_version
from assistant.lookup.search import search_schemes
from assistant.lookup.state import State
from assistant.texts import say
from index.deadlines import next_day
from index.versions import Manifest


@dataclass(frozen=True)
class Deadline:
    """A deadline of a scheme; `is_earlier` is one that is past, and the next is not known."""

    day: date
    doc_id: str
    title: str
    is_earlier: bool
    rule: Rule


def find_deadlines(lookup: Lookup, state: State, today: date) -> list[Deadline]:
    """The next deadline of each scheme that text and filters leave, by date; then the earlier ones, by day of year."""
    others = search_schemes(lookup, replace(state, due_before=None, sort="navn"), today)
    documents = [lookup.documents[row.id] for row in others.rows]
    window = due_window(state.due_before, today) if state.due_before else Window(today, None, "")
    coming, earlier = split_deadlines(documents, window, today)

    def record(due: Due, is_earlier: bool) -> Deadline:
        day, document, statement = due
        rule = read_rule(lookup, document, statement, today)
        return Deadline(day, document.doc_id, document.title, is_earlier, rule)

    return [*(record(due, False) for due in coming), *(record(due, True) for due in earlier)]


def write_calendar(deadlines: list[Deadline], manifest: Manifest, language: str, today: date) -> bytes:
    """The deadlines as an iCalendar file: whole days, with the source.

    One that is known only for an earlier year is no deadline: it stands on the same day of the year to come as a
    reminder to check, tentative and so named. The same version of the guide gives the same file on the same day.
    """
    entries = [_entry(deadline, manifest, language, today) for deadline in deadlines]
    made = datetime.fromisoformat(manifest.built_at).astimezone(UTC)
    return as_calendar(entries, "frister", say(language, "calendar_name"), language, made)


def _entry(deadline: Deadline, manifest: Manifest, language: str, today: date) -> Entry:
    day, title, notes = deadline.day, say(language, "calendar_due", title=deadline.title), []
    if deadline.is_earlier:
        day = next_day(day.month, day.day, today)
        title = say(language, "calendar_check", title=deadline.title, year=deadline.day.year)
        notes.append(say(language, "calendar_earlier", date=deadline.day))
    notes += [*tell_rule(deadline.rule, language), tell_version(manifest, language, today)]
    name = f"{deadline.doc_id.replace('/', '-')}-{deadline.day.isoformat()}"
    return Entry(name, day, title, tuple(notes), "frist", is_tentative=deadline.is_earlier)
