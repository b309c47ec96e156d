"""What the asker says of themselves, turn by turn → facts; what is asked, doubted or not yet so is no fact."""

import re
from collections.abc import Sequence

from assistant.eligibility.conditions import COUNTED, KINDS, NUMBER, Kind, Range, Stated, read_number
from assistant.lists.schemes import find_form


def any_of(patterns: str) -> str:
    """One of the patterns between the bars; line ends are layout."""
    return "(?:" + re.sub(r"\s*\n\s*", "", patterns) + ")"


_WE = any_of("""vi|me|we|as|company|organi[sz]ation|association|foundation
|\\w*(?:bedrift|firma|selskap|forening|foreining|lag|stiftelse|stifting|organisasjon|verksemd|virksomhet)\\w*""")
_YEARS = rf"(?P<n>{NUMBER}) (?:år|years?)"
_SAID_COUNT = {
    unit: re.compile(
        rf"\b(?:har|er|med|på|og|have|are|with|and) (?P<n>{NUMBER}) (?:\w+ )?(?:{names})\b(?! under)", re.I
    )
    for unit, names in COUNTED.items()
}
_ONE_OF = ("en", "ein", "et", "a")  # "en ansatt" may be one of many
_SAID_AGE = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"^(?:\w+ ){{0,3}}?{_WE} (?:\w+ ){{0,3}}?{_YEARS} (?:gam\w+|old)\b",
        rf"\b(?:drevet|drive|dreve|eksistert|holdt på|halde på|existed|operated|running) (?:i|for|in) {_YEARS}\b",
        rf"\b(?:startet|starta|stiftet|stifta|etablert|founded|started) (?:for )?{_YEARS} (?:siden|sidan|ago)\b",
        rf"\b{_WE} på {_YEARS}\b",
    )
)
_ONLY_AGE = re.compile(rf"(?:(?:den|det|vi|me|we|it) (?:er|are|is) )?{_YEARS}(?: gam\w+| old)?", re.I)
_SAID_YEAR = re.compile(
    rf"\b{_WE} (?:\w+ ){{0,2}}?(?:startet|starta|stiftet|stifta|etablert|founded|started) (?:\w+ )?(?:i|in) "
    r"(?P<year>(?:19|20)\d\d)\b",
    re.I,
)
_ABOUT = re.compile(
    r"\b(?:ca|cirka|om lag|rundt|omtrent|nesten|about|around|almost|nearly|over|under|enn|than|minst|høyst)\b", re.I
)

_SPLIT = re.compile(
    r"[.;!?\n,]+|\b(?:men|but|eller|or|som|when|når|hvis|viss|dersom|om|siden|sidan|fordi|if|since|because|who|that)\b"
    r"|\b(?:og|and) (?=(?:vi|me|vedtektene|we|har|er|står)\b)",
    re.I,
)
# A clause that asks, or that is not so yet or no longer, says nothing of how things are.
_ASKS = re.compile(
    r"^\W*(?:og |and )?"
    + any_of("""(?:må|kan|får|skal|bør|treng\\w*|hva|kva|hvem|kven|hvor|kor|what|who|how|must|can|could|do|does
|should)\\b
|(?:er|har|are|is|have|blir|vil|will) (?:det|dette|vi|me|jeg|eg|man|en|et|ein|eit|we|i|it|the|an?|this)\\b"""),
    re.I,
)
_DOUBT = re.compile(
    r"\b"
    + any_of("""snart|planlegg\\w*|vurder\\w*|skal|vil|søkt|søker|holder på|held på|under registrering|ventar?|venter
|kanskje|tror|trur|nesten|må|bør|burde|kan|kunne|plan\\w*|soon|maybe|might|will|going to|must|should|think|tidlegare
|tidligere|før|var|was|hatt|used to|(?<!uten )(?<!utan )å|to be|slett\\w*|meldt ut|utmeldt|prøver|prøvar|trying""")
    + r"\b",
    re.I,
)
_UNSURE = re.compile(
    r"\b(?:usikk\w*|sikker|sikre|sikkert|vet ikke|veit ikkje|sure|don't know|lurer på|lurar på)\b", re.I
)
_NOT = re.compile(
    r"\b"
    + any_of(
        """ikke|ikkje|ingen|inga|aldri|uten|utan|mangler|manglar|h?verken|korkje|not|no|never|without|lack|neither"""
    )
    + r"\b|n't\b",
    re.I,
)
_OURS = re.compile(
    r"^\W*(?:(?:ja|nei|jo|yes|no|og|hei|hi|and)\b\W*)?"
    + any_of("""vi|me|jeg|eg|we|i|our|foreningen|foreninga|laget|bedriften|bedrifta|selskapet|stiftelsen|stiftinga
|organisasjonen|vedtekt\\w+|prosjektet|the project|eierne|eigarane|er|står|stend|har|are|is|ikke|ikkje|not|uten|utan
|without|registrert|registered""")
    + r"\b",
    re.I,
)
_WE_ARE = any_of("""(?: det)? (?:er|har|gjør|gjer|står|stemmer)(?: (?:vi|me|jeg|eg|de|den|det))?
| (?:vi|me|eg|jeg) er (?:det|registrert)| vi (?:har|gjør|står) det| we (?:are|do|have)| it is""")
_NOT_YET = any_of("""(?: ikke| ikkje| not)(?: ennå| enno| enda| yet)?
| det (?:er|har|gjør|gjer|står) (?:vi|me|jeg|eg|de|den) (?:ikke|ikkje)(?: ennå| enno| enda)?
| vi (?:er|har|gjør) (?:ikke det|det ikke)| we (?:are|do|have)(?: not|n't)| it (?:isn't|is not)""")
_YES = re.compile(rf"(?:ja|jo|jepp|japp|yes|yep)(?:,?{_WE_ARE})?\W*", re.I)
_NO = re.compile(rf"(?:nei|nope|no)(?:,?{_NOT_YET})?\W*", re.I)

# Where a form that follows is the asker's own, or the one that is asked about.
_BEFORE_OWN = (
    r"(?:^\W*(?:har |has |og |and |hei |hva med |kva med |what about )*"
    r"|\b(?:er|kan|får|can|could|may|does|do|is|are|am|driver|driv|run|starter|startar|stifter|as|organisert som"
    r"|registrert som) |\b(?:har|have) (?=(?:et |eit |an? )?(?:AS\b|as\b|enk|aksje|samvirk|limited|sole|coop)))"
)
_OWN_FORM = re.compile(
    rf"{_BEFORE_OWN}(?=(?P<article>(?:en|et|ein|eit|ei|an?|our|the|vår|vårt) )?(?:(?:ideel\w+|frivillige?(?! org)"
    r"|liten?"
    r"|lite|små|nystarta|nystartet|nytt?|lokalt?|private?|demokratisk|vanlig|small|local|new|non-?profit|private) )*"
    r"(?P<form>frivillig organisasjon|limited company|sole proprietor|private person|\w+))",
    re.I,
)
_ALSO = re.compile(r"\b(?:og|and) (?:(?:en|et|ein|eit|ei|an?) )?(?P<form>\w+)", re.I)
_DEFINITE = re.compile(
    r"^(forening|foreining|stiftelse|stifting|aksjeselskap|samvirkeforetak|samvirkeføretak|samvirke|enkeltpersonforetak"
    r"|enkeltpersonføretak|lag|kommune|arbeidsgiver)(?:en|er|ene|ne|et|a|n|r|ar|ane|s)?$",
    re.I,
)
_NAMES = re.compile(r"\b[Ss]tiftelsen [A-ZÆØÅ]\w+|\b[A-ZÆØÅ]\w+ kommune\b")


def read_turn(stated: Stated, turn: str, asked: Sequence[str], this_year: int) -> Stated:
    """`stated` with what `turn` adds; `asked` are the names of what we asked right before it."""
    answers, numbers = dict(stated.answers), dict(stated.numbers)
    if (reply := _read_reply(turn)) is not None:
        answers |= {kind.name: reply for kind in KINDS if kind.name in asked}
    if "age" in asked and (only := _ONLY_AGE.fullmatch(turn.strip(" .!"))):
        numbers["age"] = _years(only["n"])
    for clause in _clauses(turn):
        answers |= {kind.name: said for kind in KINDS if (said := _read_answer(kind, clause)) is not None}
        numbers |= _read_numbers(clause, this_year)
    return Stated(read_form(turn) or stated.form, answers, numbers)


def is_reply(turn: str) -> bool:
    """Whether the turn is a bare yes or no."""
    return _read_reply(turn) is not None


def _read_reply(turn: str) -> bool | None:
    """The yes or no that the whole turn is; a no may have a "but" behind it."""
    if _YES.fullmatch(turn.strip()):
        return True
    return False if _NO.fullmatch(re.split(r"\b(?:men|but)\b", turn)[0].strip()) else None


def _clauses(turn: str) -> list[str]:
    """The parts of the turn that can each say something; a sentence of someone unsure has none."""
    sentences = [s for s in re.split(r"(?<=[.!?\n])\s*", turn) if not _UNSURE.search(s)]
    return [clause.strip() for sentence in sentences for clause in _SPLIT.split(sentence) if clause.strip()]


def _read_answer(kind: Kind, clause: str) -> bool | None:
    if _ASKS.search(clause) or _DOUBT.search(clause) or not _OURS.search(clause):
        return None
    num_nots = len(_NOT.findall(clause))
    if re.search(kind.said, clause, re.I):
        said = num_nots == 0
        return said if num_nots < 2 and said in kind.reads else None
    return False if re.search(kind.denied, clause, re.I) and num_nots == 0 else None


def _read_numbers(clause: str, this_year: int) -> dict[str, Range]:
    """The figures of the clause by unit, from and to: who is two years old is two to three."""
    if _ABOUT.search(clause) or _NOT.search(clause):
        return {}
    found: dict[str, Range] = {}
    for unit, pattern in _SAID_COUNT.items():
        counted = None if _DOUBT.search(clause) and not _ASKS.search(clause) else pattern.search(clause)
        if counted and counted["n"].lower() not in _ONE_OF:
            found[unit] = (read_number(counted["n"]), read_number(counted["n"]))
    if year := _SAID_YEAR.search(clause):
        found["age"] = (max(0, this_year - int(year["year"]) - 1), this_year - int(year["year"]) + 1)
    elif age := next((match for pattern in _SAID_AGE if (match := pattern.search(clause))), None):
        found["age"] = _years(age["n"])
    return found


def _years(number: str) -> Range:
    return (read_number(number), read_number(number) + 1)


def read_form(turn: str) -> str | None:
    """The one form of organisation that the turn says the asker has or asks for; None where it names two, or none."""
    found: set[str] = set()
    for clause in _clauses(_NAMES.sub(" ", turn)):
        own = {_form_of(match["form"], match["article"]) for match in _OWN_FORM.finditer(clause)} - {None}
        also = {_form_of(match["form"], None) for match in _ALSO.finditer(clause)} - {None} if own else set()
        found |= {form for form in own | also if form}
    if len(found) > 1:
        found.discard("arbeidsgiver")
    return found.pop() if len(found) == 1 else None


_OTHERS = re.compile(r"(?:nabo|søster|moder|mor|paraply)(?=\w)", re.I)  # an association of someone else's


def _form_of(name: str, article: str | None) -> str | None:
    if re.fullmatch(r"privatperson|private person", name, re.I):
        return "privatperson"
    if _OTHERS.match(name):
        return None
    if name.lower() == "company" or (name == "as" and (article or "").strip().lower() not in ("et", "eit", "an", "a")):
        return None
    return find_form(_DEFINITE.sub(r"\1", name))
