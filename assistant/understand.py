"""A question and the turns before it → a query: what is asked, in which language, and what kind of answer it wants."""

import re
from collections import Counter
from collections.abc import Sequence

from assistant.types import Intent, Query
from index.analyse import words

# Words that only one of the three languages uses, as people type them.
_LANGUAGE_WORDS = {
    "nb": "jeg hva hvem hvordan hvor hvorfor hvilke hvilken hvilket ikke noen noe fra være mye dere deres blir skal "
    "gjøre hvis kommer",
    "nn": "eg kva kven korleis kvar kor kvifor ikkje nokon noko frå vere mykje dykk dykkar blir verte vert skal gjere "
    "dersom kjem søkje tilskot verksemd verksemda pengar krev kvart ein eit",
    "en": "what who how where why which not some from be much you your we the is are do does can must get need and "
    "of to my have apply grant when money funding",
}
_LANGUAGE_VOTES = {
    word: language
    for language, text in _LANGUAGE_WORDS.items()
    for word in text.split()
    if sum(word in other.split() for other in _LANGUAGE_WORDS.values()) == 1
}

# In order: the first kind with a match decides. Each pattern is what a question of that kind looks like.
_INTENTS: tuple[tuple[Intent, tuple[str, ...]], ...] = (
    (Intent.STORY, (r"eksemp\w+|histori\w+|erfaring\w*|fortell\w*|andre som har|noen som har|stor(y|ies)|example\w*",)),
    (Intent.DEADLINE, (r"\w*frist\w*|deadline\w*|siste dag|søkedato", r"når (må|kan|skal) (vi|jeg|eg|me) søke")),
    (Intent.OWN_SHARE, (r"egenandel\w*|eigendel\w*|eget bidrag|betale selv|egenfinansiering|own contribution",)),
    (
        Intent.AMOUNT,
        (
            r"(hvor|kor) (my[ek]\w*|mykje|stor\w*)|how (much|high)|\w*beløp\w*|\w*sats\w*|gebyr\w*|prosent|maks\w*|fee",
            r"(hva|kva|what) .*kost\w*|kost[ea]r?|costs?|pris\w*",
        ),
    ),
    (Intent.DURATION, (r"(hvor|kor) lenge|varighet\w*|hvor mange (år|måneder|uker)|how long",)),
    (Intent.REPORTING, (r"rapport\w*|revisor\w*|regnskap til|report\w*",)),
    (Intent.COMBINATION, (r"kombiner\w*|samtidig med|i tillegg til|combin\w*",)),
    (Intent.NOT_COVERED, (r"dekkes ikke|dekker ikke|ikke brukes til|dekkjer ikkje|not cover\w*",)),
    (Intent.LEGAL_BASIS, (r"hjemmel\w*|hjemla|(hvilken|kva) (lov|forskrift)|hvilke[nt]? paragraf|legal basis",)),
    (
        Intent.ADMINISTRATOR,
        (r"hvem (forvalter|behandler|avgjør|bestemmer|deler ut)|kven (forvaltar|avgjer)|who decides",),
    ),
    (Intent.REQUIREMENTS, (r"krav\w*|vilkår\w*|kriteri\w*|betingelse\w*|kreve[rs]|krevst|requirement\w*|conditions?",)),
    (
        Intent.WHO_CAN_APPLY,
        (
            r"(hvem|kven) (kan|har|får|skal)|who can|eligible|can we (get|apply)|can an? \w+ apply",
            r"(kan|får|har) (vi|jeg|me|eg|dere|en|et|ein|eit|vår) .*(søk|få|rett)\w*",
        ),
    ),
    (Intent.APPLICATION, (r"(hvordan|korleis|hvor|kor|kvar) .*søk\w*|how .*apply|søknadsskjema|hva må .*søknad\w*",)),
    (Intent.STEPS, (r"hvordan|korleis|steg|fr[ae]mgangsmåte|how (do|can|to)",)),
    (Intent.DEFINITION, (r"(hva|kva) (er|betyr|menes|meiner|tyder|står)|what (is|are|does)|defin\w+",)),
    (Intent.LIST, (r"hvilke|kva for|kva slags|which|list\w*|alle|oversikt",)),
)
_COMPILED = tuple((intent, re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.I)) for intent, patterns in _INTENTS)

_FOLLOW_UP = re.compile(
    r"^(og|men|enn|hva med|kva med|what about|and|da|så|eller)\b"
    r"|\b(da|det|den|dette|denne|disse|de|dem|der|ordningen|tilskuddet|støtten|it|that|this|they)\s*\??$"
    r"|^\W*(hvor mye|kor mykje|når|hvem|kven|hvor|hvordan|korleis|how much|when)( da| det)?\W*$"
    r"|\b(denne|dette|den|det|disse) (ordningen|tilskuddet|støtten|tiltaket|avtalen|formen)\b",
    re.I,
)
# Words that could stand in a question about anything.
_TOPICLESS_WORDS = """
hva hvem hvordan hvor hvorfor hvilke hvilken når kva kven korleis kvar kor kvifor er blir kan må
skal får har vi jeg eg me dere de den det dette denne då da så og også for til i på om med av som en
et ein eit mye mykje lenge stor stort få søke søkje søker brukes brukast gjelder gjeld koster kostar
krav kravene krava vilkår frist fristen frister beløp beløpet prosent sats satsen driften drift
egenandel rapport rapportere hjemmel hjemmelen ja nei what who how when much long is are can do we
it that the a deadline amount
"""
_TOPICLESS = frozenset(_TOPICLESS_WORDS.split())
_LEAD = re.compile(r"^\W*(og|men|enn|så)?\W*(hva med|kva med|what about|and|enn)?\b\W*", re.I)


_WANTS_LIST = re.compile(
    r"\b(?:alle|alt|hele|heile|all|every|whole|full|complete)\b.{0,40}\b(?:liste\w*|lista|punkt\w*|steg\w*|krav\w*|list"
    r"|steps?|points?|items?|requirements?|things|saman|sammen)\b"
    r"|\b(?:hvilke|kva for|kva|hva slags|which|what) (?:steg|punkt\w*|krav|papir\w*|dokument\w*|vedlegg|opplysning\w*"
    r"|ting|steps|documents|papers|requirements|conditions|items|points|things|boxes)\b"
    r"|\b(?:skriv|ram[sz]) opp\b|\blist (?:up|out|all|the)\b|\bstegene\b|\bstega\b|\bpunktvis\b",
    re.I,
)


def understand(turns: Sequence[str]) -> Query:
    """The query of the last turn; a follow-up borrows its topic from the turns before it."""
    text = turns[-1]
    language = detect_language(text)
    intent = find_intent(text)
    if len(turns) == 1 or not (_FOLLOW_UP.search(text) or _has_no_topic(text)):
        return Query(text, language, intent, wants_list=bool(_WANTS_LIST.search(text)))
    before = understand(turns[:-1])
    language = detect_language(text, default=before.language)
    rest = _LEAD.sub("", text).strip(" ?.!")
    if intent is Intent.GENERAL:  # "og hva med stiftelse?" asks the same of something else
        intent = before.intent
    return Query(f"{before.text.rstrip(' ?.!')} – {rest}?", language, intent, True, bool(_WANTS_LIST.search(text)))


def _has_no_topic(text: str) -> bool:
    """Whether every word of the question could stand in a question about anything: "Når er fristen?"."""
    return set(words(text)) <= _TOPICLESS


def detect_language(text: str, default: str = "nb") -> str:
    """`nb`, `nn` or `en`, by words that only that language uses; `default` where none is seen."""
    votes = Counter(_LANGUAGE_VOTES[word] for word in words(text) if word in _LANGUAGE_VOTES)
    if not votes:
        return default
    best, count = votes.most_common(1)[0]
    return default if votes[default] == count else best


def find_intent(text: str) -> Intent:
    """What kind of answer the question wants; `GENERAL` where no pattern says."""
    return next((intent for intent, pattern in _COMPILED if pattern.search(text)), Intent.GENERAL)
