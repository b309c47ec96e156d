"""What in a text identifies a person or an account: national numbers, accounts, e-mail and phone."""

import re
import unicodedata
from collections.abc import Callable, Iterator

from stdnum import iban
from stdnum.exceptions import InvalidComponent, ValidationError
from stdnum.no import fodselsnummer, kontonr

_AT = r"\s?(?:@|[(\[{](?:at|a|krøllalfa)[)\]}]|\b(?:krøllalfa|alfakrøll)\b)\s?"
_DOT = r"(?:\.|\s?[(\[{]?\b(?:punktum|dot|prikk)\b[)\]}]?\s?)"
_EMAIL = re.compile(
    rf"\b[\w.+-]+{_AT}[\w-]+(?:{_DOT}[\w-]+)+\b|\b[\w.+-]+ at [\w-]+ (?:dot|punktum|prikk) \w{{2,}}\b", re.I
)
# People part long numbers with spaces of every kind, dots and dashes.
_PART = r"[\s./:_\-\u2010-\u2015\u2212]{0,3}"
_ELEVEN = re.compile(rf"(?<!\d)\d(?:{_PART}\d){{10}}(?!\d)")
_ACCOUNT = re.compile(r"(?<!\d)\d{4}[\s.\-]{0,2}\d{2}[\s.\-]{0,2}\d{5}(?!\d)")
_IBAN = re.compile(
    r"\b[a-z]{2}\d{2}(?:[\s-]?[a-z]{4})?(?:[\s-]?(?=[a-z0-9]{0,3}\d)[a-z0-9]{1,4}){2,8}(?![a-z0-9])", re.I
)
_PHONE = re.compile(
    r"(?<![\d+/])[2-9](?:\s?\d){7}(?!\d)"
    r"|(?<![\d+/])[2-9]\d(?:(?:-\d\d){3}|(?:\.\d\d){3}|\d-\d\d-\d{3}|\d\.\d\d\.\d{3})(?![\d.-]\d|\d)"
)
# With the code of a country: its length and its parts are of every kind.
_ABROAD = re.compile(r"(?<![\d:.])\(?(?:\+|00)\s?[1-9](?:[\s().\-]{0,2}\d){7,13}(?!\d)")
_ROUND = re.compile(r"[1-9]\d{0,2}0{5,}")
_THOUSANDS = re.compile(r"\d{1,3}(?:\s\d{3})+")
_DATES = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:19|20)\d{2}\s(?:19|20)\d{2}")
_CURRENCY_AFTER = re.compile(r"\s*(?:kroner|kr\b(?!\.?\s*\d)|nok\b(?!\s*\d)|,-)", re.I)
_CURRENCY_BEFORE = re.compile(r"\b(?:kroner|kr\.?|nok)\s*$", re.I)

EMAIL, IDENTITY, ACCOUNT, PHONE = "e-postadresse", "fødselsnummer", "kontonummer", "telefonnummer"


def find_personal(text: str) -> Iterator[tuple[str, int, int]]:
    """`(kind, start, end)` of each find, kinds in Norwegian; organisation numbers, amounts and dates are none."""
    taken: set[int] = set()
    plain = _fold(text)
    for kind, pattern, is_personal in _RULES:
        for match in pattern.finditer(plain):
            if not taken.intersection(range(*match.span())) and is_personal(match[0]) and not _is_amount(plain, match):
                taken.update(range(*match.span()))
                yield kind, match.start(), match.end()


def _fold(text: str) -> str:
    """The text with every digit, letter and sign of another script or width as the plain one, place by place."""
    return "".join(_fold_character(character) for character in text)


def _fold_character(character: str) -> str:
    if character.isascii():
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def _is_amount(text: str, match: re.Match[str]) -> bool:
    return bool(_CURRENCY_AFTER.match(text, match.end()) or _CURRENCY_BEFORE.search(text[: match.start()]))


def _is_phone(digits: str) -> bool:
    """Eight digits that are neither an amount, in thousands or round, nor a date or two years."""
    return not any(pattern.fullmatch(digits) for pattern in (_THOUSANDS, _ROUND, _DATES))


def _is_identity_number(digits: str) -> bool:
    """National identity numbers, D-numbers, those of synthetic people and emergency ones, by their control digits."""
    try:
        return bool(fodselsnummer.validate(re.sub(r"\D", "", digits)))
    except InvalidComponent:  # the control digits are right, and the date is none of a person known to stdnum
        return True
    except ValidationError:
        return False


def _is_account(digits: str) -> bool:
    return bool(kontonr.is_valid(re.sub(r"\D", "", digits)))


def _is_iban(digits: str) -> bool:
    return bool(iban.is_valid(re.sub(r"[\s-]", "", digits), check_country=False))


_RULES: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    (EMAIL, _EMAIL, bool),
    (IDENTITY, _ELEVEN, _is_identity_number),
    (ACCOUNT, _IBAN, _is_iban),
    (ACCOUNT, _ACCOUNT, _is_account),
    (PHONE, _ABROAD, bool),
    (PHONE, _PHONE, _is_phone),
)
