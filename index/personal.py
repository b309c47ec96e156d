"""What in a text identifies a person or an account: national numbers, accounts, e-mail and phone."""

import re
from collections.abc import Callable, Iterator

from stdnum.no import fodselsnummer, kontonr

_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_ELEVEN = re.compile(r"(?<!\d)(?:\d{6}[ .-]?\d{5}|\d{4}[ .]?\d{2}[ .]?\d{5})(?!\d)")
_PHONE = re.compile(
    r"(?<![\d.,])(?:(?:\+|00)47[ ]?)?(?:[2-9]\d(?: \d\d){3}|[49]\d\d \d\d \d\d\d|[2-9]\d{7})(?![\d.,]*\d)"
)
_CURRENCY_AFTER = re.compile(r"\s*(?:kroner|kr\b|nok\b|,-)", re.I)
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


def _is_identity_number(digits: str) -> bool:
    """National identity numbers and D-numbers, by their control digits."""
    return bool(fodselsnummer.is_valid(re.sub(r"\D", "", digits)))


def _is_account(digits: str) -> bool:
    return bool(kontonr.is_valid(re.sub(r"\D", "", digits)))


_RULES: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    (EMAIL, _EMAIL, bool),
    (IDENTITY, _ELEVEN, _is_identity_number),
    (ACCOUNT, _ELEVEN, _is_account),
    (PHONE, _PHONE, bool),
)
