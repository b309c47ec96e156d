"""A sentence → its facts in order: dates, sections, figures with unit and limit, names, words, and what steers them."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.checks.lexicon import GLUE, canonical, is_english, is_known
from assistant.checks.patterns import (
    BODY,
    ENGLISH_PHRASES,
    LIMIT_AFTER,
    LIMIT_BEFORE,
    LIMITS,
    MAY,
    MONTHS,
    NUMBER_WORDS,
    PHRASES,
    RATE,
    SCALES,
    SCAN,
    SCAN_ENGLISH,
    SECTION_NUMBER,
    UNITS,
    UPPER_OF_RANGE,
)

Value = tuple[str, ...]
VALUES = ("date", "section", "figure")
_OPERATOR_WORDS = {
    "not": "ikke ikkje ingen inga inkje intet aldri verken korkje uten utan not never none nobody neither nor without",
    "only": "bare berre kun only utelukkende utelukkande solely",
    "all": "alle alt enhver alltid samtlige samtlege all everyone always",
    "except": "unntatt unnateke unntaket unless except",
    "if": "hvis dersom såfremt forutsatt føresett if provided",
    "must": "må måtte skal skulle plikt plikter plikta krever kreves krev krevst pålagt forutsetter føreset "
    "obligatorisk trenger trengs treng must shall requires required need needs",
    "may": "kan mulig mogleg mulighet can could may might eligible able possible",
    "should": "bør burde anbefaler anbefales tilrår should recommended recommend",
    "hedge": "vanligvis vanlegvis normalt ofte oftest sjelden sjeldan trolig truleg kanskje usually normally often "
    "rarely probably perhaps",
}
_LOOSE_LIMITS = ("min", "max", "over", "under")  # that limit no figure: "minst hver tredje måned"
OPERATORS = (*_OPERATOR_WORDS, *_LOOSE_LIMITS)
_OPERATOR_OF = {word: kind for kind, words in _OPERATOR_WORDS.items() for word in words.split()}
_JOINING = ("og", "eller", "til", "and", "or", "to", "–", ",")
_PER_UNITS = ("kroner", "euro", "prosent", "time", "G")
_GENITIVE_FROM = 5  # letters of a name that may end in a genitive s


@dataclass(frozen=True)
class Token:
    """One fact or word: `kind` is one of `VALUES` or `OPERATORS`, or name, word or break.

    `value` is what must be equal: (day, month, year), (number,), (amount, unit, per), (name,), (canonical, as written).
    `limit` is what a date or figure is a limit of; `opens` is a word whose capital may only be that of a sentence.
    """

    kind: str
    value: Value
    limit: str = ""
    opens: bool = False

    @property
    def is_glue(self) -> bool:
        """Whether the word says nothing by itself."""
        return self.value[0] in GLUE or self.value[-1] in GLUE

    @property
    def has_meaning(self) -> bool:
        """Whether it is a name, or a word that says something."""
        return self.kind == "name" or (self.kind == "word" and not self.is_glue)


def read_facts(text: str) -> tuple[Token, ...]:
    """The tokens of a plain text, in order."""
    english = is_english(text)
    for pattern, word in PHRASES + (ENGLISH_PHRASES if english else ()):
        text = pattern.sub(word, text)
    tokens: list[Token] = []
    is_first = True
    for match in (SCAN_ENGLISH if english else SCAN).finditer(text):
        if match["break"]:
            tokens.append(Token("break", (match[0],)))
            is_first = is_first or match[0] in ".?!:"
            continue
        found = _read_word(match[0], is_first) if match["word"] else _read_values(match, text, english)
        if not match["word"] and found[0].limit:  # the word belongs to the value now
            tokens = _without_loose(tokens, found[0].limit)
        tokens += found
        is_first = False
    return _share_units(tokens)


def _without_loose(tokens: list[Token], limit: str) -> list[Token]:
    """The tokens without the limit word among the last three."""
    place = next((i for i in range(len(tokens) - 1, max(-1, len(tokens) - 4), -1) if tokens[i].kind == limit), None)
    return tokens if place is None else tokens[:place] + tokens[place + 1 :]


def _read_word(word: str, is_first: bool) -> list[Token]:
    lowered = word.lower()
    if operator := _OPERATOR_OF.get(lowered):
        return [Token(operator, (lowered,))]
    if (limit := LIMITS.get(lowered)) in _LOOSE_LIMITS:
        return [Token(str(limit), (lowered,))]
    head, _, tail = lowered.partition("-")
    if head in ("ikke", "ikkje", "non") and tail and lowered != "non-profit":
        return [Token("not", (head,)), *_read_word(word.partition("-")[2], False)]
    if word == "AS":
        return [Token("word", (canonical("aksjeselskap"),))]
    if word != "I" and _is_name(word, is_first):
        parts = word.split("-") if any(part[:1].isupper() for part in word.split("-")) else [word]
        return [_read_part(part, len(parts) > 1) for part in parts if part]
    return [Token("word", (canonical(lowered), lowered), opens=is_first and word[0].isupper())]


def _read_part(part: str, is_compound: bool) -> Token:
    """One part of a name: of "Vestfold-kommuner" the second is an ordinary word."""
    lowered = part.lower()
    if is_compound and part[0].islower():
        return Token("word", (canonical(lowered), lowered))
    return Token("name", (_name_of(lowered),))


def _is_name(word: str, is_first: bool) -> bool:
    """Whether it is a proper name: by its capitals where a sentence does not give them, or as a law or public body."""
    head = word.lower().partition("-")[0]
    is_compound = "-" in word and word[0].isupper() and len(head) > 1 and not is_known(head)
    has_capital = word[0].isupper() and not is_first
    return has_capital or is_compound or any(c.isupper() for c in word[1:]) or bool(BODY.match(word.lower()))


def _name_of(word: str) -> str:
    if word.endswith("lova"):
        return canonical(word)
    return word.removesuffix("s") if len(word) >= _GENITIVE_FROM else word


def _read_values(match: re.Match[str], text: str, english: bool) -> list[Token]:
    """The dates, sections or figure of one match, with their limit."""
    limit = _find_limit(text, match)
    if match["section"]:
        numbers = re.findall(SECTION_NUMBER, match["section"].lstrip("§ "))
        return [Token("section", (re.sub(r"\s", "", number),)) for number in numbers]
    if match["iso"]:
        year, month, day = match["iso"].split("-")
        return [_date(day, month, year, limit)]
    if match["dotted"]:
        day, month, year = match["dotted"].split(".")
        return [_date(day, month, year, limit)]
    if match["month"]:
        month = MONTHS.get(match["month"].lower(), MAY)
        return [_date(day, month, match["year"] or "", limit) for day in re.findall(r"\d+", match["days"])]
    if match["month_first"]:
        month = MONTHS.get(match["month_first"].lower(), MAY)
        return [_date(match["day_after"] or "", month, match["year_after"] or "", limit)]
    if match["only_year"]:
        return [_date("", "", match["only_year"], limit)]
    if match["one_of"]:
        return [Token("figure", ("1", UNITS.get(match["one_of"].lower(), ""), ""), limit)]
    return [_figure(match, text, english, limit)]


def _date(day: str, month: str, year: str, limit: str) -> Token:
    return Token("date", (day.lstrip("0"), month.lstrip("0"), year), limit)


def _figure(match: re.Match[str], text: str, english: bool, limit: str) -> Token:
    """A figure in full: "2,5 millioner kroner" is 2500000 kroner; with "per måned" where that follows."""
    written, scale = match["number"].lower(), (match["scale"] or "").lower()
    unit = UNITS.get((match["unit"] or match["currency"] or "").lower(), "")
    rate = RATE.match(text, match.end()) if unit in _PER_UNITS else None
    foreign = (match["foreign"] or "norske").lower()
    if written in NUMBER_WORDS:
        amount = NUMBER_WORDS[written]
    elif english:
        amount = written.replace(",", "")
    else:
        amount = re.sub(r"[\u00a0\u202f .](?=\d{3}(?!\d))", "", written).replace(",", ".")
    if scale and re.fullmatch(r"\d+(?:\.\d+)?", amount):
        amount = f"{Decimal(amount).scaleb(SCALES[scale]).normalize():f}"
    per = canonical(rate["per"].lower()) if rate else ""
    return Token("figure", (amount, unit if foreign == "norske" else f"{foreign} {unit}", per), limit)


def _find_limit(text: str, match: re.Match[str]) -> str:
    """What the value is a limit of: "inntil", "fra"; the second of "mellom … og …" is the upper one."""
    if after := LIMIT_AFTER.match(text, match.end()):
        return "min" if after["min"] else "max"
    head = text[max(0, match.start() - 40) : match.start()]
    if found := LIMIT_BEFORE.search(head):
        return LIMITS[found["limit"].lower()]
    return "to" if UPPER_OF_RANGE.search(head) else ""


def _share_units(tokens: list[Token]) -> tuple[Token, ...]:
    """The tokens where "10 til 15 prosent" is 10 percent and 15 percent: a bare figure takes the next one's unit."""
    shared = list(tokens)
    for place in range(len(shared) - 2, -1, -1):
        token, after = shared[place], place + 1
        if token.kind != "figure" or token.value[1]:
            continue
        if shared[after].kind in ("word", "break") and shared[after].value[-1] in _JOINING:
            after += 1
        if after < len(shared) and shared[after].kind == "figure" and shared[after].value[1]:
            shared[place] = replace(token, value=(token.value[0], *shared[after].value[1:]))
    return tuple(shared)
