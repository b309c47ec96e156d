"""What a text seems to be: title, class, language, keywords, places, audience and phase, each with what led to it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from assistant.draft.clean import MASKED
from assistant.draft.types import SourceText
from assistant.language import detect_language
from assistant.lists.vocabulary import COUNTIES, EVERYWHERE
from index.analyse import stem, words
from index.document import Document

LANGUAGES = {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk"}
_SAMPLE = 40_000  # characters that the language is told by
_NUM_KEYWORDS = 8
_SHORT = 2_000  # characters; in a shorter text a word is said once
_MAX_PLACES = 4
_MIN_MENTIONS = 2  # of a place, or of a word, before it counts as what the text is about
_MIN_CUES = 3  # words of a class before the text is anything but guidance
_MAX_TITLE = 120
_CLASS_CUES = {
    "regel": r"tilskudd\w*|tilskot\w*|støtteordning\w*|søknadsfrist\w*|tildel\w*|stønad\w*|grants?|egenandel\w*",
    "historie": r"historien?|gründeren?|gründerne|startet|fortel(?:ler|te)|drømmen?|drøymde|ideen|founder|story",
    "mal": r"vedtekte[rn]e?|fyll inn|undertegnede|partene|underskrift|avtaleparten\w*|malen?|template|signatur",
    "aktør": r"kontakt oss|om oss|vi tilbyr|vi tilbyd|åpningstid\w*|opningstid\w*|besøksadresse|about us|contact us",
}
_AUDIENCE_CUES = {
    "nav": r"nav(?:-\w+)?",
    "kommune": r"kommun\w+",
    "støttespiller": r"investor\w*|givere?|stiftelsen\w*",
}
_PHASE_CUES = {
    "idé": r"idé\w*|idefase\w*|behovet",
    "oppstart": r"oppstart\w*|etabler\w*|stift(?:e|es|er)|registrer\w*|starte opp",
    "drift": r"drift\w*|regnskap\w*|rapport(?:ere|ering)\w*|ansatte?|tilsette?",
    "vekst": r"vekst\w*|skaler\w*|utvid\w*|spre(?:dning|iing)",
}


@dataclass(frozen=True)
class Guess:
    """What is proposed; `reasons` says in Norwegian which words led to it."""

    title: str
    doc_class: str
    language: str
    keywords: tuple[str, ...]
    places: tuple[str, ...]
    audience: tuple[str, ...]
    phases: tuple[str, ...]
    reasons: tuple[str, ...]


def guess(source: SourceText, name: str, documents: Sequence[Document]) -> Guess:
    """The guess for a text from a file called `name`, seen beside the documents that the guide has."""
    said = source.said()
    lowered = said.lower()
    doc_class, class_cues = _guess_class(lowered)
    places = _find_places(said, documents)
    audience = {key: cues for key, pattern in _AUDIENCE_CUES.items() if (cues := _count(pattern, lowered)).total() > 2}
    phases = {key: cues for key, pattern in _PHASE_CUES.items() if (cues := _count(pattern, lowered)).total() > 2}
    language = LANGUAGES[detect_language(said[:_SAMPLE])]
    reasons = [
        f"klasse {doc_class}: {_list_cues(class_cues)}",
        f"språk {language}, etter småordene",
        f"sted: {_list_cues(places)}",
        *(f"målgruppe {key}: {_list_cues(cues)}" for key, cues in audience.items()),
        *(f"fase {key}: {_list_cues(cues)}" for key, cues in phases.items()),
    ]
    return Guess(
        title=_find_title(source, name),
        doc_class=doc_class,
        language=language,
        keywords=_find_keywords(said, documents),
        places=tuple(places) or (EVERYWHERE,),
        audience=("gründer", *audience),
        phases=tuple(phases),
        reasons=tuple(reasons),
    )


def _find_title(source: SourceText, name: str) -> str:
    """The outermost heading of the first page with one, what the file calls itself, or its name."""
    headings = [block for page in source.pages[:2] for block in page.blocks if block.kind == "heading"]
    first = min(headings, key=lambda block: block.level, default=None)
    found = (first.text if first else "") or source.about.title or name.replace("_", " ").replace("-", " ")
    return found[:_MAX_TITLE].strip()


def _guess_class(lowered: str) -> tuple[str, Counter[str]]:
    found = {key: _count(pattern, lowered) for key, pattern in _CLASS_CUES.items()}
    likeliest = max(found, key=lambda key: found[key].total())
    # A long text has a few words of every class.
    needed = max(_MIN_CUES, len(lowered) / 3000)
    return (likeliest, found[likeliest]) if found[likeliest].total() >= needed else ("veiledning", Counter())


def _count(pattern: str, lowered: str) -> Counter[str]:
    return Counter(match[0] for match in re.finditer(rf"\b(?:{pattern})\b", lowered))


def _list_cues(cues: Counter[str]) -> str:
    return ", ".join(f"«{word}» ({count})" for word, count in cues.most_common(4)) or "ingen ord pekte et annet sted"


def _find_places(said: str, documents: Iterable[Document]) -> Counter[str]:
    known = {*COUNTIES, *(part for parts in COUNTIES.values() for part in parts)}
    known |= {place for document in documents for place in document.places}
    known.discard(EVERYWHERE)
    mentions = Counter(match[0] for match in re.finditer("|".join(rf"\b{re.escape(p)}\b" for p in sorted(known)), said))
    return Counter({p: n for p, n in mentions.most_common(_MAX_PLACES) if n >= _MIN_MENTIONS})


def _find_keywords(said: str, documents: Sequence[Document]) -> tuple[str, ...]:
    """Words that stand often here and in few documents of the guide, as they are written most."""
    spread = Counter(term for document in documents for term in {stem(word) for word in words(document.text)})
    written: dict[str, Counter[str]] = {}
    for word in words(re.sub(MASKED, "", said)):
        if len(word) > 4 and word.isalpha():
            written.setdefault(stem(word), Counter())[word] += 1

    def weight(term: str) -> float:
        return written[term].total() * log((len(documents) + 1) / (spread[term] + 1))

    needed = _MIN_MENTIONS if len(said) > _SHORT else 1
    often = [term for term, forms in written.items() if forms.total() >= needed]
    best = sorted(often, key=lambda term: (-weight(term), term))[:_NUM_KEYWORDS]
    return tuple(written[term].most_common(1)[0][0] for term in best)
