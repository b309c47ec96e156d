"""How dates, sections, figures, units and limits are written in bokmål, nynorsk and English."""

import re
from collections.abc import Iterable

_MONTH_NAMES = (
    "januar january", "februar february", "mars march", "april", "mai", "juni june",
    "juli july", "august", "september", "oktober october", "november", "desember december",
)  # fmt: skip
MONTHS = {name: str(number) for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
MAY = "5"  # the English month, which is also a verb
_COUNTS = (
    "ett eitt én one", "to two", "tre three", "fire four", "fem five", "seks six", "sju syv seven", "åtte eight",
    "ni nine", "ti ten", "elleve eleven", "tolv twelve", "tretten thirteen", "fjorten fourteen", "femten fifteen",
    "seksten sixteen", "sytten seventeen", "atten eighteen", "nitten nineteen", "tjue twenty",
)  # fmt: skip
_TENS = ("tretti thirty", "førti forty", "femti fifty", "seksti sixty", "sytti seventy", "åtti eighty", "nitti ninety")
NUMBER_WORDS = {
    **{word: str(number) for number, words in enumerate(_COUNTS, 1) for word in words.split()},
    **{word: str(number) for number, words in zip(range(30, 100, 10), _TENS, strict=True) for word in words.split()},
    **dict.fromkeys(("halv", "halve", "halvt", "halvparten"), "½"),
}
_SCALE_WORDS = {
    3: "tusen thousand",
    6: "million millioner millionar mill mill.",
    9: "milliard milliarder milliardar mrd mrd. billion",
}
SCALES = {word: power for power, words in _SCALE_WORDS.items() for word in words.split()}
_UNIT_WORDS = {
    "kroner": "kroner kronar krone kr kr. nok ,-",
    "euro": "euro eur €",
    "dollar": "dollar usd $",
    "prosent": "prosent % percent pst pst.",
    "prosentpoeng": "prosentpoeng",
    "år": "år års året year years årig årige",
    "måned": "måned måneder måneders månad månader månaders month months",
    "uke": "uke uker ukers veke veker week weeks",
    "virkedag": "virkedag virkedager virkedagar arbeidsdager arbeidsdagar yrkedager",
    "dag": "dag dager dagers dagar day days",
    "time": "time timer timar hour hours",
    "minutt": "minutt minutter minutes",
    "G": "g",
}
UNITS = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()}
_LIMIT_WORDS = {
    "min": "minst minimum",
    "max": "høyst høgst maks maksimalt maksimum inntil opptil maximum",
    "over": "over above",
    "under": "under below",
    "within": "innen innan senest seinast by within",
    "before": "før before",
    "after": "etter after",
    "from": "fra frå siden sidan from since mellom between",
    "to": "til until till",
    "earliest": "tidligst tidlegast",
    "about": "ca ca. cirka omtrent rundt nær nesten about around approximately nearly",
}
LIMITS = {word: limit for limit, words in _LIMIT_WORDS.items() for word in words.split()}


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


LIMIT_BEFORE = re.compile(
    rf"(?<![\wæøå])(?P<limit>{_any_of(LIMITS)})"
    r"(?:\s+(?:være|vere|be|få|get|på|om|den|the|til|of|a|de|et|en|rundt|kl\.?)){0,2}\s+$",
    re.I,
)
LIMIT_AFTER = re.compile(
    r"\s*(?:(?P<min>eller (?:mer|meir|flere|fleire)|og oppover|or more)|eller (?:mindre|færre)|or (?:less|fewer))\b",
    re.I,
)
UPPER_OF_RANGE = re.compile(
    r"\d\s*(?:kroner|prosent|%|år)?\s*(?:–|-)\s*$|(?:mellom|between)\b[^.;]*\b(?:og|and)\s*$", re.I
)
_PERIODS = "år|året|måned|måneden|månad|månaden|uke|uka|veke|veka|dag|time|timen|year|month|week|day|hour"
RATE = re.compile(
    rf"\s*(?:per|pr\.?|i|for hver|for kvar|a|an|each)\s+(?P<per>{_PERIODS}|person|deltaker|deltakar)\b", re.I
)
SECTION_NUMBER = r"\d+[A-Z]?(?:-\d+)?[a-z]?(?:\s[a-h](?=[\s.,;)]|$))?"
_MONTH = rf"(?:{'|'.join(MONTHS)}|May(?=,? \d)|(?<=\d )May|(?<=of )May)"
_JOIN = r"\s*(?:,|og|eller|and|or|til|to|–|-)\s*"
_DAY = r"\d{1,2}(?:\.|st|nd|rd|th)?"
_NUMBER = r"\d{1,3}(?:[\u00a0\u202f .]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,:/]\d+)*"
_ENGLISH_NUMBER = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.:/]\d+)*"
_NOT_A_YEAR = r"\s?(?:%|kr|NOK|prosent|kroner|timer|personer|ansatte|medlemm|euro|\d{3}\b)"
_UNIT = rf"(?P<unit>,-|%|(?:{_any_of(set(UNITS) - {',-', '%'})})(?![\wæøå]))"


def _scanner(number: str, number_words: Iterable[str]) -> re.Pattern[str]:
    """What finds the next date, section, figure, word or break; the groups say which."""
    parts = (
        rf"(?P<section>(?:§{{1,2}}|\b(?:paragraf(?:en|ene)?|sections?)\b)\s*{SECTION_NUMBER}"
        rf"(?:{_JOIN}{SECTION_NUMBER}(?=[\s.,;)]|$))*)",
        r"(?P<iso>\b\d{4}-\d\d-\d\d\b)|(?P<dotted>\b\d{1,2}\.\d{1,2}\.\d{4}\b)",
        rf"(?P<days>\b{_DAY}(?:{_JOIN}{_DAY})*)\s*(?:of )?(?P<month>{_MONTH})\b(?:,? (?P<year>\d{{4}}))?",
        rf"\b(?P<month_first>{_MONTH})(?: (?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?! \d{{3}}))?"
        r"(?:,? (?P<year_after>\d{4}))?\b",
        rf"(?P<only_year>(?<![\d.,:/])(?:19|20)\d\d(?!\d|[.,]\d|{_NOT_A_YEAR}))",
        r"(?:\b(?P<currency>NOK|EUR|USD|kr\.?|€|\$)\s?)?"
        rf"(?<!\w)(?P<number>{number}|\b(?:{_any_of(number_words)})(?![\wæøå]))"
        rf"(?:[\s-]?(?P<scale>{_any_of(SCALES)})(?![\wæøå]))?"
        rf"(?:[\s-]?(?P<foreign>danske|svenske|norske)?\s?{_UNIT})?",
        rf"\b(?:en|et|ein|eit|a|an)\s+(?P<one_of>{_PERIODS})\b",
        r"(?P<word>[^\W\d_]+(?:-[^\W\d_]+)*)|(?P<break>[.,;:()–?!])",
    )
    return re.compile("|".join(parts), re.I)


SCAN = _scanner(_NUMBER, NUMBER_WORDS)
SCAN_ENGLISH = _scanner(_ENGLISH_NUMBER, set(NUMBER_WORDS) - {"to"})

_BEFORE_FIGURE = r"(?= (?:\d|NOK|kr|én|ett|eitt|to|tre|fire|fem|seks|ti|halv|one|two|three|four|five|six|ten|half))"
# Phrases that mean what one word means.
PHRASES = tuple(
    (re.compile(pattern, re.I), word)
    for pattern, word in (
        (rf"\b(?:ikk(?:j)?e (?:mer|meir|flere|fleire) enn|no(?:t)? more than){_BEFORE_FIGURE}", "høyst"),
        (rf"\b(?:ikk(?:j)?e (?:mindre|færre) enn|no(?:t)? (?:less|fewer) than){_BEFORE_FIGURE}", "minst"),
        (r"\bat most\b|\ba maximum of\b", "høyst"),
        (r"\bat least\b|\ba minimum of\b", "minst"),
        (r"\b(?:ikk(?:j)?e )?(?:senere|seinare) enn\b|\bno(?:t)? later than\b|\bat the latest\b", "innen"),
        (r"\b(?:mer|meir|flere|fleire) enn\b|\bmore than\b|\bexceeding\b", "over"),
        (r"\b(?:mindre|færre) enn\b|\b(?:less|fewer) than\b", "under"),
        (r"\bup to\b|\bopp til\b|\binn til\b|\bopp mot\b", "inntil"),
        (r"\bfr[aå] og med\b|\bstarting\b", "fra"),
        (r"\btil og med\b", "til"),
        (r"\bmed mindre\b|\bbortsett fr[aå]\b", "unntatt"),
        (r"\bså lenge\b|\bforutsetning(?:en)?\b|\bføresetnad(?:en)?\b", "hvis"),
        (r"\bså langt (?:det er |som )?mulig\b|\bsom (?:hoved)?regel\b|\bas a rule\b", "vanligvis"),
        (r"\bper cent\b", "prosent"),
        (r"\bpercentage points?\b", "prosentpoeng"),
        (r"\b(?:have|has) to\b", "must"),
        (r"\bom lag\b", "omtrent"),
        (r"\bcan(?:no|')t\b", "can not"),
        (r"n't\b", " not"),
        (r"\bInnovation Norway\b", "Innovasjon Norge"),
        (r"\bNorway\b", "Norge"),
    )
)
ENGLISH_PHRASES = ((re.compile(r"\bno\b", re.I), "ingen"), (re.compile(r"\bhalf\b", re.I), "halvparten"))
# A public body, a fund or a law, whichever way its name is written.
BODY = re.compile(
    r".{2,}(?:direktoratet|tilsynet|etaten|departementet|banken|registeret|registrene|rådet|forvalteren|ombudet|loven?"
    r"|lova|forskriften|forskrifta|fondet|dir)$"
)
