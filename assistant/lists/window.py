"""The time that a question names → the days it means, as of today."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.lists.remainder import Rest
from index.deadlines import MONTHS, last_day, next_day

_ENGLISH = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH_NUMBER = {name: number % 12 + 1 for number, name in enumerate((*MONTHS, *_ENGLISH))}
_FIRST_MONTH = {
    **dict.fromkeys(("vår", "våren", "spring"), 3),
    **dict.fromkeys(("sommer", "sommeren", "sumar", "sumaren", "summer", "sommerferien", "sommarferien"), 6),
    **dict.fromkeys(("høst", "høsten", "haust", "hausten", "autumn", "fall"), 9),
    **dict.fromkeys(("vinter", "vinteren", "winter"), 12),
}
_FEASTS = {"jul": (12, 24), "christmas": (12, 24), "nyttår": (1, 1), "new year": (1, 1)}
_EASTER = ("påske", "påska", "påsken", "easter")
_NUMBERS = {
    "en": 1, "ein": 1, "et": 1, "eit": 1, "one": 1, "to": 2, "two": 2, "tre": 3, "three": 3, "fire": 4, "four": 4,
    "fem": 5, "five": 5, "seks": 6, "six": 6,
}  # fmt: skip
_DAYS_IN = {"d": 1, "u": 7, "v": 7, "w": 7}  # by the first letter of dag, uke, veke, week

_DATE = (
    rf"(?:the |den )?(?:(?P<day>\d{{1,2}})(?: ?(?:st|nd|rd|th))? )?(?:of )?(?P<month>{'|'.join(_MONTH_NUMBER)})"
    r"(?: (?P<late>\d{1,2})(?: ?(?:st|nd|rd|th))?\b(?! \d))?(?: (?P<year>20\d\d))?"
)
_SEASON = rf"(?P<season>{'|'.join(_FIRST_MONTH)})(?: (?P<year>20\d\d))?"
_FEAST = rf"(?P<feast>{'|'.join((*_FEASTS, *_EASTER))})"
_BEFORE = r"(?P<how>før|innen|innan|til og med|seinast|senest|before|by|until)(?: utgangen av)?(?: den| the)?"
_AFTER = r"(?P<how>etter|after|fra|frå|fra og med|from)(?: den| the)?"
_IN = r"(?:i|in|om|til|for|på|this|during|i løpet av)(?: the| denne)?"
_UNIT = r"(?P<unit>dag|uke|veke|måned|månad|halvår|år|day|week|month|year)\w*"
_NEXT = r"(?:i )?(?:løpet av )?(?:de |dei |det |the )?(?:neste|næraste|nærmeste|kommende|komande|next|coming)"
_UPCOMING = (
    r"framover|fremover|i tida som kjem|som kommer|som kjem|kommer(?: nå| snart)?|kjem|kommende|komande|upcoming|coming"
    r"|ikke (?:har |er )?gått ut|ikkje (?:har |er )?gått ut|fremdeles åpne|nærmer seg|nærmar seg|snart|soon|neste|next"
)


@dataclass(frozen=True)
class Window:
    """Days from `start` to `end`, both within; no `end` is for good. `words` is how the question says it."""

    start: date
    end: date | None
    words: str

    def has(self, day: date) -> bool:
        """Whether the day is within."""
        return self.start <= day and (self.end is None or day <= self.end)

    def had(self, day: date) -> bool:
        """Whether the same day of another year is within, where the window has an end."""
        if self.end is None or (self.end - self.start).days > 366:
            return False
        return any(self.has(last_day(year, day.month, day.day)) for year in (self.start.year, self.end.year))


def take_window(rest: Rest, today: date) -> Window | None:
    """The days that the question names, taken out of it; None where it names none."""
    readers = (_before, _after, _within, _coming, _year, _upcoming)
    return next((window for window in (read(rest, today) for read in readers) if window is not None), None)


def _before(rest: Rest, today: date) -> Window | None:
    found = rest.take(rf"{_BEFORE} (?:{_DATE}|(?:{_SEASON.replace('<year>', '<of>')})|{_FEAST})")
    if not found:
        return None
    includes = found["how"] not in ("før", "before")
    if found["month"]:
        month, day = _MONTH_NUMBER[found["month"]], found["day"] or found["late"]
        first, soonest = int(day) if day else 31 if includes else 1, today if includes else today + timedelta(days=1)
        limit = last_day(int(found["year"]), month, first) if found["year"] else next_day(month, first, soonest)
    else:
        limit = _start_of(found["season"], found["feast"], found["of"], today)
        includes = False
    end = limit if includes else limit - timedelta(days=1)
    return Window(today if end >= today else date.min, end, _shown(found[0]))


def _after(rest: Rest, today: date) -> Window | None:
    found = rest.take(rf"{_AFTER} (?:{_DATE}|(?:{_SEASON.replace('<year>', '<of>')})|{_FEAST})")
    if not found:
        return None
    later = found["how"] in ("etter", "after")
    if found["month"]:
        month, day = _MONTH_NUMBER[found["month"]], found["day"] or found["late"]
        first = int(day) if day else 31 if later else 1
        limit = last_day(int(found["year"]), month, first) if found["year"] else next_day(month, first, today)
    else:
        limit = _start_of(found["season"], found["feast"], found["of"], today)
    return Window(limit + timedelta(days=1) if later else limit, None, _shown(found[0]))


def _start_of(season: str | None, feast: str | None, year: str | None, today: date) -> date:
    if feast in _EASTER:
        return next(day for day in map(easter, (today.year, today.year + 1)) if day >= today)
    month, day = _FEASTS[feast] if feast else (_FIRST_MONTH[season or ""], 1)
    return date(int(year), month, day) if year else next_day(month, day, today)


def easter(year: int) -> date:
    """Easter Sunday. Source: the anonymous Gregorian computus (Nature, 20 April 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    f = (b - (b + 8) // 25 + 1) // 3
    g = (19 * a + b - d - f + 15) % 30
    i, k = divmod(c, 4)
    h = (32 + 2 * e + 2 * i - g - k) % 7
    m = (a + 11 * g + 22 * h) // 451
    month, day = divmod(g + h - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _within(rest: Rest, today: date) -> Window | None:
    """`i mars`, `i vår`, `våren 2027`; "i vår kommune" is no season."""
    months = "|".join(_MONTH_NUMBER)
    found = rest.take(rf"{_IN} (?P<month>{months})(?: (?:og|til|and|to) (?P<last>{months}))?(?: (?P<year>20\d\d))?")
    if found:
        first, last = _MONTH_NUMBER[found["month"]], _MONTH_NUMBER[found["last"] or found["month"]]
        return _months(first, (last - first) % 12 + 1, found["year"], today, found[0])
    found = rest.take(rf"(?:{_IN} )?(?P<season>{'|'.join(_FIRST_MONTH)}) (?P<year>20\d\d)") or rest.take(
        rf"{_IN} (?P<season>{'|'.join(_FIRST_MONTH)})(?P<year>)(?= *(?:$|¤)| (?:for|fra|frå|hos|som|og|i)\b)"
    )
    return _months(_FIRST_MONTH[found["season"]], 3, found["year"], today, found[0]) if found else None


def _months(first: int, count: int, year: str | None, today: date, words: str) -> Window:
    """`count` months from the month `first`: of that year, or those that come next, the present ones among them."""
    for number in (int(year),) if year else (today.year - 1, today.year, today.year + 1):
        last = first + count - 1
        start, end = date(number, first, 1), last_day(number + (last - 1) // 12, (last - 1) % 12 + 1)
        if year or end >= today:
            return Window(start if year else max(start, today), end, _shown(words))
    raise ValueError(f"no month {first} after {today}")


def _coming(rest: Rest, today: date) -> Window | None:
    if found := rest.take(rf"{_NEXT} (?P<count>\d{{1,3}}|{'|'.join(_NUMBERS)}) {_UNIT}"):
        count = _NUMBERS.get(found["count"]) or int(found["count"])
        return Window(today, _add(today, count, found["unit"]), _shown(found[0]))
    if found := rest.take(r"(?:i |in |til |for )?(?:neste|next) (?P<unit>måned|månad|month|år|year)\w*"):
        year = today.year + 1
        if found["unit"] in ("år", "year"):
            return Window(date(year, 1, 1), date(year, 12, 31), _shown(found[0]))
        return _months(today.month % 12 + 1, 1, str(today.year + today.month // 12), today, found[0])
    if found := rest.take(rf"{_NEXT} {_UNIT}"):
        return Window(today, _add(today, 1, found["unit"]), _shown(found[0]))
    if found := rest.take(r"(?:i )?(?:denne måneden|denne månaden|this month)"):
        return Window(today, last_day(today.year, today.month), _shown(found[0]))
    return None


def _add(today: date, count: int, unit: str) -> date:
    if unit[0] in _DAYS_IN:
        return today + timedelta(days=count * _DAYS_IN[unit[0]])
    months = today.month - 1 + count * (1 if unit[0] == "m" else 6 if unit == "halvår" else 12)
    return last_day(today.year + months // 12, months % 12 + 1, today.day)


def _year(rest: Rest, today: date) -> Window | None:
    if found := rest.take(r"(?:i |in |for )?(?:i år|dette året|this year|resten av året|20\d\d)"):
        number = re.search(r"20\d\d", found[0])
        year = int(number[0]) if number else today.year
        return Window(date(year, 1, 1) if number else today, date(year, 12, 31), _shown(found[0]))
    return None


def _upcoming(rest: Rest, today: date) -> Window | None:
    found = rest.take(rf"(?:som )?(?:{_UPCOMING})")
    return Window(today, None, _shown(found[0])) if found else None


def _shown(said: str) -> str:
    """The words with the full stop of a Norwegian date back in place."""
    return re.sub(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)})\b", r"\1. \2", said.strip())
