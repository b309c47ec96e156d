"""Which language a text is in, and which one the person asks to be answered in."""

import re
from collections import Counter

from index.analyse import words

GUIDE = "nb"  # what the guide itself is written in
# Words that only one language uses, as people type them; "no" are those of both Norwegian ones and not of English.
# The first line of each, question words and pronouns, counts double: nouns are borrowed, these are not.
_WORDS = {
    "nb": """jeg hva hvem hvordan hvor hvorfor hvilke hvilken hvilket hvis dere deres ikke noen noe
    fra være mye blir skal gjøre kommer trenger begynne bare selv søknaden forklar""",
    "nn": """eg kva kven korleis kvar kor kvifor ikkje nokon noko dykk dykkar dei nokre
    frå vere mykje verte vert gjere dersom kjem søkje søkjer tilskot verksemd verksemda pengar krev kvart ein
    eit ei føretak stifting foreining midlar skilnad meir berre sjølv treng byrje kostar gjeld gjev høve lagar
    attende saman vilkåra fleire eigendel kommunar kjelde haust""",
    "en": """what who how where why which when you your we the our us they it this that there i'm
    not some from be much is are do does can must need and of to my have has an any in or if with by
    could should would will apply grant grants money funding foundation company association fee amount
    long many people more please thanks thank hello about explain start application requirements""",
    "no": """vi og er en et på av som å til med om har kan må få får søke det den finnes finst også når da då""",
}
_DOUBLE = {word: language for language, text in _WORDS.items() for word in text.partition("\n")[0].split()}
_SINGLE = {word: language for language, text in _WORDS.items() for word in text.split()}
_ENDINGS = {
    "nn": re.compile(r".{3,}(?:ingar|ingane|asjonar|asjonane|arane|heiter|kjend|leiar|skjer?e|ande)$"),
    "en": re.compile(r".{4,}(?:tion|tions|ship|ness|ity|ments?)$"),
}
_NORWEGIAN_ENDINGS = re.compile(r".*(?:element|segment|argument|dokument|moment|departement|arrangement)s?$")
_NAMES = {"nynorsk": "nn", "bokmål": "nb", "bokmal": "nb", "norsk": "nb", "norwegian": "nb",
          "engelsk": "en", "english": "en"}  # fmt: skip
_NAMED = rf"(?:på|i|in)\s+(?P<name>{'|'.join(_NAMES)})"
_POLITE = r"(?:,?\s*(?:takk|please|er du snill|om du kan))"
_ASKED = (
    rf"\b(?:(?:kan|can|could) (?:du|you) )?(?:svare?|answer|reply|respond|skriv svaret)\s+"
    rf"(?:(?:meg|me)\s+)?{_NAMED}{_POLITE}?",
    rf"(?:^|(?<=[?.!,;(–-])\s*)\s*\(?{_NAMED}{_POLITE}?\)?\s*[?.!]*\s*$",
    rf"\b{_NAMED}{_POLITE}",
    rf"^\s*(?:for|på|in|til)?\s*(?P<name>{'|'.join(_NAMES)})\s*:",
)
_WISHES = tuple(re.compile(pattern, re.I) for pattern in _ASKED)


def detect_language(text: str, default: str = "nb") -> str:
    """`nb`, `nn` or `en`, by words that only that language uses; `default` where none is seen or they are as many."""
    votes: Counter[str] = Counter()
    for word in words(text):
        if word in _SINGLE:
            votes[_SINGLE[word]] += 2 if word in _DOUBLE else 1
        elif not _NORWEGIAN_ENDINGS.match(word):
            votes.update(language for language, ending in _ENDINGS.items() if ending.match(word))
    if votes["en"] > votes["nb"] + votes["nn"] + votes["no"]:
        return "en"
    if votes["nb"] != votes["nn"]:
        return "nb" if votes["nb"] > votes["nn"] else "nn"
    return "nb" if default == "en" and votes["no"] > votes["en"] else default


def take_wish(text: str) -> tuple[str, str | None]:
    """The text without a wish for the answer's language ("svar på engelsk"), and that language where there is one."""
    for wish in _WISHES:
        if found := wish.search(text):
            before, after = text[: found.start()].rstrip(" ,(–-"), text[found.end() :].lstrip(" ,.!?)")
            rest = f"{before} {after}".strip()
            return rest, _NAMES[found["name"].lower()]
    return text, None
