"""What in a text identifies a person or an account: national numbers, accounts, e-mail and phone."""

import re
from collections.abc import Callable, Iterator

from stdnum.no import fodselsnummer, kontonr

_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
# People part long numbers with spaces of every kind, dots and dashes.
_ELEVEN = re.compile(r"(?<!\d)\d(?:[\s.\-\u2010-\u2015]{0,2}\d){10}(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:(?:\+|00)47\s?)?[2-9](?:\s?\d){7}(?!\d)")
_THOUSANDS = re.compile(r"\d{1,3}(?:\s\d{3})+")
_DATES = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:19|20)\d{2}\s(?:19|20)\d{2}")
_CURRENCY_AFTER = re.compile(r"\s*(?:kroner|kr\b(?!\.?\s*\d)|nok\b(?!\s*\d)|,-)", re.I)
_CURRENCY_BEFORE = re.compile(r"\b(?:kroner|kr\.?|nok)\s*$", re.I)

EMAIL, IDENTITY, ACCOUNT, PHONE = "e-postadresse", "fødselsnummer", "kontonummer", "telefonnummer"


def find_personal(text: str) -> Iterator[tuple[str, int, int]]:
    """`(kind, start, end)` of each find, kinds in Norwegian; organisation numbers, amounts and dates are none."""
    taken: set[int] = set()
    for kind, pattern, is_personal in _RULES:
        for match in pattern.finditer(text):
            if match.start() not in taken and is_personal(match[0]) and not _is_amount(text, match):
                taken.update(range(*match.span()))
                yield kind, match.start(), match.end()


def _is_amount(text: str, match: re.Match[str]) -> bool:
    return bool(_CURRENCY_AFTER.match(text, match.end()) or _CURRENCY_BEFORE.search(text[: match.start()]))


def _is_phone(digits: str) -> bool:
    """Eight digits that are neither an amount in thousands nor a date or two years."""
    return not (_THOUSANDS.fullmatch(digits) or _DATES.fullmatch(digits))


def _is_identity_number(digits: str) -> bool:
    """National identity numbers and D-numbers, by their control digits."""
    return bool(fodselsnummer.is_valid(re.sub(r"\D", "", digits)))


def _is_account(digits: str) -> bool:
    return bool(kontonr.is_valid(re.sub(r"\D", "", digits)))


_RULES: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    (EMAIL, _EMAIL, bool),
    (IDENTITY, _ELEVEN, _is_identity_number),
    (ACCOUNT, _ELEVEN, _is_account),
    (PHONE, _PHONE, _is_phone),
)
