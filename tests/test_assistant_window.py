"""The time that a question names, as days."""

from datetime import date

import pytest

from assistant.lists.remainder import Rest
from assistant.lists.window import Window, easter, take_window

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("før 1. mars", TODAY, date(2027, 2, 28)),
        ("innen 1. mars", TODAY, date(2027, 3, 1)),
        ("før mars", TODAY, date(2027, 2, 28)),
        ("innen mars", TODAY, date(2027, 3, 31)),
        ("før 15. mars 2028", TODAY, date(2028, 3, 14)),
        ("before March 1", TODAY, date(2027, 2, 28)),
        ("by the 1st of March", TODAY, date(2027, 3, 1)),
        ("før jul", TODAY, date(2026, 12, 23)),
        ("før nyttår", TODAY, date(2026, 12, 31)),
        ("før sommeren", TODAY, date(2027, 5, 31)),
        ("før påske", TODAY, date(2027, 3, 27)),
        ("i januar og februar", date(2027, 1, 1), date(2027, 2, 28)),
        ("etter 1. mars", date(2027, 3, 2), None),
        ("etter jul", date(2026, 12, 25), None),
        ("fra april", date(2027, 4, 1), None),
        ("i desember", date(2026, 12, 1), date(2026, 12, 31)),
        ("i november", TODAY, date(2026, 11, 30)),
        ("i oktober", date(2027, 10, 1), date(2027, 10, 31)),
        ("i mars 2026", date(2026, 3, 1), date(2026, 3, 31)),
        ("i vår", date(2027, 3, 1), date(2027, 5, 31)),
        ("til våren", date(2027, 3, 1), date(2027, 5, 31)),
        ("i høst", TODAY, date(2026, 11, 30)),
        ("i vinter", date(2026, 12, 1), date(2027, 2, 28)),
        ("this spring", date(2027, 3, 1), date(2027, 5, 31)),
        ("våren 2028", date(2028, 3, 1), date(2028, 5, 31)),
        ("de neste tre månedene", TODAY, date(2027, 2, 28)),
        ("dei neste tre månadene", TODAY, date(2027, 2, 28)),
        ("the next 3 months", TODAY, date(2027, 2, 28)),
        ("neste to uker", TODAY, date(2026, 12, 13)),
        ("det neste halvåret", TODAY, date(2027, 5, 29)),
        ("neste måned", date(2026, 12, 1), date(2026, 12, 31)),
        ("neste år", date(2027, 1, 1), date(2027, 12, 31)),
        ("i år", TODAY, date(2026, 12, 31)),
        ("i 2027", date(2027, 1, 1), date(2027, 12, 31)),
        ("framover", TODAY, None),
        ("upcoming", TODAY, None),
    ],
)
def test_a_time_is_read_as_days(question: str, start: date, end: date | None) -> None:
    rest = Rest(question, "nb")
    window = take_window(rest, TODAY)
    assert window is not None
    assert (window.start, window.end) == (start, end)
    assert rest.left() == []


@pytest.mark.parametrize(
    "question", ["i vår kommune", "i vår forening på mandag", "tilskudd til ungdom", "may we apply"]
)
def test_what_names_no_time_is_left(question: str) -> None:
    assert take_window(Rest(question, "nb"), TODAY) is None


@pytest.mark.parametrize("day", [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28)])
def test_easter_is_where_the_calendar_has_it(day: date) -> None:
    assert easter(day.year) == day


def test_a_winter_that_has_begun_is_the_rest_of_it() -> None:
    window = take_window(Rest("i vinter", "nb"), date(2027, 1, 15))
    assert window is not None
    assert (window.start, window.end) == (date(2027, 1, 15), date(2027, 2, 28))


def test_the_words_are_shown_as_they_are_written() -> None:
    window = take_window(Rest("Hvilke tilskudd har frist før 1. mars?", "nb"), TODAY)
    assert window is not None
    assert window.words == "før 1. mars"


def test_a_day_of_another_year_was_within_the_same_window() -> None:
    spring = Window(date(2027, 3, 1), date(2027, 5, 31), "i vår")
    assert spring.had(date(2021, 4, 15))
    assert not spring.had(date(2021, 9, 1))
    assert spring.has(date(2027, 5, 31))
    assert not spring.has(date(2027, 6, 1))


def test_a_leap_day_is_the_last_of_february_in_other_years() -> None:
    assert Window(date(2027, 2, 1), date(2027, 2, 28), "i februar").had(date(2024, 2, 29))
