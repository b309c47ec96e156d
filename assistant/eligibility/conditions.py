"""Is a condition of a scheme met by what the asker has said? A doubt leaves it open."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf

from assistant.lists.schemes import find_form
from index.frontmatter import CardValue

Range = tuple[float, float]  # from the first, to the second


class Mark(StrEnum):
    """How a condition stands against what was said; `NAMED` is a form that fits where the sentence asks for more."""

    MET = "met"
    FAILED = "failed"
    OPEN = "open"
    NAMED = "named"
    OTHERS = "others"


@dataclass(frozen=True)
class Stated:
    """What the asker has said so far: form of organisation, yes or no by kind, and figures by unit."""

    form: str | None = None
    answers: dict[str, bool] = field(default_factory=dict)
    numbers: dict[str, Range] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """A fact that conditions ask for; the text `ask_` + name is its question.

    `condition` is how one that asks for it reads, and `whole` is one that asks for nothing else. `said` is how people
    say it and `denied` how they say the opposite; `reads` are the answers that free text is safe for, the others come
    only as a yes or no to our own question.
    """

    name: str
    condition: str
    whole: str
    said: str
    denied: str = r"(?!)"
    met_by: bool = True
    reads: tuple[bool, ...] = (True, False)
    is_ban: bool = False  # the condition itself says "not"
    is_asked: bool = True


_MUST = r"[^:]*?(?:må|skal) (?:stå|være registrert) i "
_NUMBERED = r"(?:(?:Krav|Vilkår) \d+[^:]*: )?"
KINDS = (
    Kind(
        "voluntary_register",
        r"(?<!kontonummer )\bi (?:både )?Frivillighetsregisteret",
        rf"{_NUMBERED}{_MUST}Frivillighetsregisteret(?: for å [^,]+)?\.",
        r"\b(?:i|in)(?: the)? (?:(?:frivilligh?ei?ts?|frivillig)regist\w+|voluntary regist\w+)",
    ),
    Kind(
        "unit_register",
        r"\A(?!.*\bregnes fra\b)(?:.*\bi (?:både Frivillighetsregisteret og )?Enhetsregisteret\b"
        r"|.*\b(?:med|må ha) organisasjonsnummer)",
        rf"{_MUST}Enhetsregisteret\.|\w+ må ha organisasjonsnummer\b[^,]*\.",
        r"\b(?:i|in)(?: the)? (?:enhets|einings)regist\w+|\b(?:har|have|fått) (?:\w+ ){0,2}?(?:organisasjonsnummer"
        r"|org\.? ?nr|organi[sz]ation number)",
    ),
    Kind(
        "dividend_ban",
        r"[Vv]edtektene\b.*\butbytte|forbud mot å betale ut utbytte",
        rf"{_NUMBERED}Vedtektene (?:forbyr utbytte|må slå fast at eierne ikke kan få utbytte)\."
        r"|\S+ har forbud mot å betale ut utbytte\.",
        r"^(?:\w+ ){0,2}?(?:vedtekt\w+|bylaws|articles|vi har|me har|we have)\b.*"
        r"(?:\bforby\w*|\bforbod|forbud|\bprohibit\w*|\bban\w*|\bforbid\w*).*(?:utbytt?e\w*|dividends?)"
        r"|\b(?:vi|me|vedtekt\w+) har (?:\w+ )?utbytt?e?(?:forbud|forbod)",
    ),
    Kind(
        "pays_dividend",
        r"\butbytte\b",
        r"(?!)",
        r"^(?:\w+ ){0,2}?(?:(?:betal\w*|del\w*|tar|tek|får|pays?|take) (?:\w+ ){0,3}?(?:utbytt?e|dividends?))\b",
        met_by=False,
        reads=(True,),
        is_ban=True,
        is_asked=False,
    ),
    Kind(
        "nonprofit",
        r"\bFormålet er ideelt\b",
        rf"{_NUMBERED}Formålet er ideelt\.",
        r"\bideel(?:l|t|le)\b|\bnon-?profit\b",
        denied=r"\bkommersiel\w+|\bfor-profit\b",
    ),
    Kind(
        "commercial",
        r"\bfortjenestebasert\b",
        r"(?!)",
        r"\bkommersiel\w+|(?<!non-)\bfor-profit\b",
        met_by=False,
        reads=(True,),
        is_ban=True,
        is_asked=False,
    ),
    Kind(
        "project_started",
        r"\bProsjektet kan ikke (?:være i gang|starte)\b",
        r"Prosjektet kan ikke være i gang før [^,]+\.",
        r"\bprosjektet (?:\w+ ){0,3}?(?:i gang|starta?|startet|begynt|byrja)\b"
        r"|\b(?:startet|starta|begynt|byrja|i gang med) (?:\w+ ){0,2}?prosjektet\b|\bproject (?:has|is) (?:already )?"
        r"(?:started|begun|under ?way)\b",
        met_by=False,
        is_ban=True,
    ),
    Kind(
        "debts",
        r"\b(?:betalingsanmerkninger|[Ii]nkasso|inkassosaker)\b",
        r"Verken [^,]* kan ha betalingsanmerkninger når [^,]*\.|.*\b[Ii]nkasso\w*, utlegg (?:og|eller) lønnstrekk .*",
        r"\b(?:har|have|got) (?:\w+ ){0,2}?(?:betalingsanmerkning\w*|betalingsmerknad\w*|inkasso\w*|debt collection)",
        met_by=False,
        reads=(True,),
        is_ban=True,
    ),
    Kind(
        "majority_owner",
        r"\betablert virksomhet kan (?:ikke )?eie mer enn\b",
        r"(?:En|Ingen) etablert virksomhet kan (?:ikke )?eie mer enn (?:50 prosent|halvparten) av [^,]+\.",
        r"(?!)",
        met_by=False,
        is_ban=True,
    ),
    Kind(
        "nav_agreement",
        r"\bkrever en (?:skriftlig )?avtale mellom .*\bNav\b",
        r"\w+ krever en avtale mellom deltakeren, arbeidsgiveren og Nav\.",
        r"\bavtale\w* med (?:\w+ )?nav\b|\bagreement with (?:\w+ )?nav\b",
        reads=(False,),
    ),
)

_COUNTING = ("en", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv")
_COUNTING_EN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORDS = dict(zip(_COUNTING, range(1, 13), strict=True)) | {
    "ett": 1, "ein": 1, "eitt": 1, "syv": 7,
    **dict(zip(_COUNTING_EN, range(1, 11), strict=True)),
}  # fmt: skip
NUMBER = rf"\d+|{'|'.join(_WORDS)}"
COUNTED = {
    "employees": r"ansatte?|tilsette?|employees?|people on staff",
    "members": r"medlemm?er|medlem|members?",
    "full_time": r"årsverk|full-time equivalents?",
}


_PAST = r"måtte|kunne|krevde|skulle|var|ga|ble"
# A condition that leaves room: not meeting it to the letter decides nothing.
_HEDGED = re.compile(
    rf"\b(?:{_PAST}|normalt|vanligvis|bør|helst|hovedregel\w*|de fleste|unntaksvis|hvis|dersom|ikke kjent|lokal\w*"
    r"|nasjonal\w*|som regnes som|med lavere)\b",
    re.I,
)
_BAN = re.compile(r"\b(?:ikke|ingen|verken|forbud|forbyr)\b", re.I)
_FORM_WORDS = r"(?:aksjeselskap|stiftelse|forening|samvirkeforetak|enkeltpersonforetak|(?:fylkes)?kommune|arbeidsgiver"\
              r"|privatperson|frivillige? organisasjon|ansvarlige? selskap)(?:er|r|ene|ne|et|en)?"  # fmt: skip
_PURE = rf"(?:Bare )?(?:(?:en|et|offentlige|private|og|eller)\s+|,\s*|{_FORM_WORDS}\s*)+"
_PURE_WHO = re.compile(rf"{_PURE}kan (?:søke|få|bruke)\b(?P<rest>.*)", re.I)
_REFUSED_WHO = re.compile(rf"(?P<who>{_PURE})(?:kan|får)(?: derfor)? ikke\b.*", re.I)
_REFUSES = re.compile(r"\b(?:kan|kunne|får|fikk)(?: derfor| normalt)? ikke\b", re.I)
_MORE = re.compile(r"\b(?:når|som|hvis|dersom|der|men|om at|i \w+registeret|alene|sammen|med|uten|til og med)\b", re.I)
_PLURAL = re.compile(r"(?<=[a-zæøå])(?:er|r|ene|ne)\b")
# A value that lists forms and leaves room for others.
_ROOM = re.compile(r"\b(?:vanlig\w*|blant|også|for eksempel|først og fremst|normalt|aktuelle|gjengitt)\b", re.I)
_ONLY = re.compile(r"^Bare\b|\beneste\b")
_OPEN_TO_ALL = frozenset({"arbeidsgiver", "privatperson"})  # says nothing of the form of an organisation


def judge_applicants(values: Sequence[tuple[CardValue, str]], stated: Stated) -> list[Mark]:
    """How each value of "who can apply" stands; they are ways in, so one for other forms concerns `OTHERS`."""
    listed = {form for value, _ in values for form in value.forms}
    is_clear = stated.form is not None and (stated.form in listed or _is_shut(values, stated.form))
    return [_judge_applicant(value, text, stated, is_clear, listed) for value, text in values]


def _judge_applicant(value: CardValue, text: str, stated: Stated, is_clear: bool, listed: set[str]) -> Mark:
    form, judged = stated.form, judge(text, stated)
    if judged is Mark.FAILED or form is None:
        return judged
    if refused := _REFUSED_WHO.fullmatch(text):
        return Mark.FAILED if form in forms_in(refused["who"]) else Mark.OTHERS
    if form in value.forms:
        pure = _PURE_WHO.fullmatch(text)
        return Mark.MET if pure and not _MORE.search(pure["rest"]) else Mark.NAMED
    if not value.forms or not is_clear:
        return Mark.OPEN
    return Mark.FAILED if _ONLY.search(text) and form not in listed else Mark.OTHERS


def forms_in(text: str) -> set[str]:
    """Every form of organisation that the words name."""
    named = {find_form(word) for word in re.findall(r"\w+", f"{text} {_PLURAL.sub('', text)}")}
    return {form for form in named if form} | ({"privatperson"} if "rivatperson" in text else set())


def admits(values: Sequence[tuple[CardValue, str]], form: str) -> Mark:
    """Whether the form is among those that can apply, by all values of "who can apply" together.

    `MET` where a value says so plainly, `NAMED` where it asks for more, `FAILED` where none names it and none is left
    that might; else `OPEN`.
    """
    marks = judge_applicants(values, Stated(form))
    if any(form in value.forms for value, _ in values):
        return Mark.OPEN if Mark.FAILED in marks else Mark.MET if Mark.MET in marks else Mark.NAMED
    return Mark.FAILED if _is_shut(values, form) else Mark.OPEN


def _is_shut(values: Sequence[tuple[CardValue, str]], form: str) -> bool:
    """Whether every value either lists other forms or plainly refuses."""
    listed = {name for value, _ in values for name in value.forms}
    if not listed or form in listed or listed & _OPEN_TO_ALL:
        return False
    return all((value.forms and not _ROOM.search(text)) or _refuses(text, form) for value, text in values)


def _refuses(text: str, form: str) -> bool:
    """Whether the value only says who can't apply, without a reservation about this form."""
    return bool(_REFUSES.search(text)) and (form not in forms_in(text) or bool(_REFUSED_WHO.fullmatch(text)))


def judge(text: str, stated: Stated) -> Mark:
    """How a requirement stands against what was said."""
    marks = {_judge_kind(kind, text, stated.answers.get(kind.name)) for kind in kinds_of(text)}
    marks |= {_judge_number(unit, text, known) for unit, known in stated.numbers.items()}
    return next((mark for mark in (Mark.FAILED, Mark.MET) if mark in marks), Mark.OPEN)


def kinds_of(text: str) -> list[Kind]:
    """The kinds of fact that a condition asks for; one that bans something has only the kinds that are bans."""
    banned = bool(_BAN.search(text))
    found = [kind for kind in KINDS if re.search(kind.condition, text)]
    return [kind for kind in found if kind.is_ban or not banned or re.fullmatch(kind.whole, text)]


def _judge_kind(kind: Kind, text: str, answer: bool | None) -> Mark:
    if answer is None:
        return Mark.OPEN
    if answer == kind.met_by:
        return Mark.MET if re.fullmatch(kind.whole, text) and " og være " not in text else Mark.OPEN
    return Mark.OPEN if _HEDGED.search(text) else Mark.FAILED


_YOUNGER = re.compile(rf"\b(?:yngre enn|under|unntaksvis(?: under)?) (?P<n>{NUMBER})\b(?! prosent)", re.I)
_OLDER = re.compile(rf"\beksistert i minst (?P<n>{NUMBER}) år\b", re.I)
_ABOUT_FIRMS = re.compile(r"\b(?:bedriften|foretaket|selskapet|virksomheten|aldersgrensen)\b", re.I)
_LIMIT = re.compile(
    rf"\b(?P<way>minst|inntil|høyst|maksimalt) (?P<n>{NUMBER}) (?P<kind>\w+ende )?"
    rf"(?:{'|'.join(f'(?P<{unit}>{names})' for unit, names in COUNTED.items())})\b(?P<more> under \d+ år)?"
)
_WHOLE_LIMIT = re.compile(r"[^,]*\b(?:må|skal|kan)\b[^,]*\.")


def _judge_number(unit: str, text: str, known: Range) -> Mark:
    if unit == "age":
        return _judge_age(text, known)
    low, high = known
    for limit in _LIMIT.finditer(text):
        if not limit[unit] or re.search(rf"\b(?:{_PAST})\b", text):
            continue
        number, is_least = read_number(limit["n"]), limit["way"] == "minst"
        fails, fits = (high < number, low >= number) if is_least else (low > number, high <= number)
        if fails and not _HEDGED.search(text):
            return Mark.FAILED
        if fits and not limit["kind"] and not limit["more"] and _WHOLE_LIMIT.fullmatch(text) and " og " not in text:
            return Mark.MET
    return Mark.OPEN


def _judge_age(text: str, known: Range) -> Mark:
    low, high = known
    if longest := _OLDER.search(text):
        return (
            Mark.FAILED
            if high <= read_number(longest["n"])
            else Mark.MET
            if low >= read_number(longest["n"])
            else Mark.OPEN
        )
    limits = [read_number(match["n"]) for match in _YOUNGER.finditer(text)] if _ABOUT_FIRMS.search(text) else []
    if limits and low >= max(limits):
        return Mark.FAILED
    return Mark.MET if limits and high <= min(limits) and " og " not in text else Mark.OPEN


def asks_age(text: str) -> bool:
    """Whether the condition has a limit for how old the organisation is."""
    return _judge_age(text, (inf, inf)) is not Mark.OPEN


def read_number(text: str) -> float:
    """The number that digits or a counting word say."""
    return float(_WORDS.get(text.lower(), 0) or text)
