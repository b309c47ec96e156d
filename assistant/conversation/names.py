"""What the guide has names for: its titles, keywords and terms, found in a question as people type them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from assistant.lists.schemes import find_form, find_place
from index.analyse import stem
from index.catalog import Catalog

_WORD = re.compile(r"[\wæøåÆØÅ&+]+(?:-[\wæøåÆØÅ]+)*")
_ARTICLE = re.compile(r"\b(?:en|et|ei|ein|eit|a|an|the)\s+$", re.I)
_SHORT = 2  # a name this short, written in capitals, is an ordinary word ("da", "as") when it is not
_MAX_FORM = 3  # words of a name that is a form of organisation and nothing more
_MAX_SAID = 4  # words of what people say for a term; a longer one is a sentence
# What people say that begins like this is a question or a wish, not a name.
_CLAUSE = re.compile(
    r"(?:hv\w+|vi|jeg|eg|er|har|den|det|de|noen|nokon|bli|si|lage|finne|kva|kven|kor\w*|når|må|kan|få|ta|gå|ha|gjøre|søke|søkje|bruke|how|who|what|when)\b",
    re.I,
)
_INFINITIVE = re.compile(r"\b(?:å|(?:need|want|have|how|able|like) to)\s+$", re.I)
_VERBS = frozenset(("stifte", "stifter", "stiftar", "stifta", "stiftet"))  # have the stem of a name
_MONEY = re.compile(r"tilskudd|tilskot|støtte|stønad|fond|midler|midlar|kompensasjon|stipend|grant\b", re.I)
# Names that could be the matter of any question: what is asked about a topic, not a topic of its own.
_GENERIC = """
tilskudd tilskot støtte stønad penger pengar midler midlar søknad søke søking søknadsfrist frist frister deadline
rapportering rapport rapporter egenandel egenfinansiering egeninnsats beløp sats krav vilkår prosjekt målgruppe
utbetaling utlysning gebyr skjema eksempler kriterier barn ungdom frivillige vedtak navn deltaker ordning regler
kontaktperson rangering veileder rådgivning grant funding application budget amount eierne formål bruker brukere
brukar støtteordning tilskuddsordning støtteordninger tilskuddsordninger ordninger grants schemes
"""
_GENERIC_STEMS = frozenset(map(stem, _GENERIC.split()))


class Kind(IntEnum):
    """What a name names; the higher, the sooner it is what a conversation is about."""

    GENERIC = 0
    PLACE = 1
    FORM = 2
    THING = 3
    SCHEME = 4


@dataclass(frozen=True)
class Named:
    """A name in a text, as typed: `text[start:end]`, an article before it included."""

    text: str
    kind: Kind
    start: int
    end: int


@dataclass(frozen=True)
class Names:
    """Every name by the stems of its words."""

    by_stems: dict[tuple[str, ...], Kind]
    capitals: frozenset[str]
    longest: int

    def find(self, text: str) -> list[Named]:
        """The names in the text, in order, the longest where several begin at a word; none overlap."""
        found, tokens, place = [], list(_WORD.finditer(text)), 0
        while place < len(tokens):
            for length in range(min(self.longest, len(tokens) - place), 0, -1):
                matched = tokens[place : place + length]
                kind = self.by_stems.get(_key([token[0] for token in matched]))
                start, end = matched[0].start(), matched[-1].end()
                article = _ARTICLE.search(text[:start])
                is_verb = length == 1 and _INFINITIVE.search(text[:start])
                if kind is not None and not is_verb and (article or self._is_meant(text[start:end])):
                    start = article.start() if article else start
                    found.append(Named(text[start:end], kind, start, end))
                    place += length - 1
                    break
            place += 1
        return found

    def _is_meant(self, typed: str) -> bool:
        return typed.lower() not in _VERBS and (typed.lower() not in self.capitals or typed.isupper())


NO_NAMES = Names({}, frozenset(), 0)


def read_names(catalog: Catalog) -> Names:
    """The names of a guide: schemes and actors by title, then keywords, terms and what people say for them."""
    kinds: dict[tuple[str, ...], Kind] = {}
    capitals = set()
    for name, kind in _all_names(catalog):
        key = _key(_WORD.findall(name))
        kinds[key] = max(kind, kinds.get(key, kind))
        if len(name) <= _SHORT and name.isupper():
            capitals.add(name.lower())
    kinds.pop((), None)
    return Names(kinds, frozenset(capitals), max(map(len, kinds), default=0))


def short_title(title: str) -> str:
    """A title as people say it: without what stands after a colon or in brackets."""
    return re.sub(r"\s*\(.*?\)", "", title.removeprefix("Mal: ").split(":")[0]).strip()


def _all_names(catalog: Catalog) -> Iterator[tuple[str, Kind]]:
    for document in catalog.documents:
        is_named = document.card or document.doc_class in ("aktør", "historie")
        title = short_title(document.title)
        yield title, max(_kind_of(title, catalog), Kind.SCHEME) if is_named else _kind_of(title, catalog)
        yield from _said((*document.keywords, *document.places), Kind.GENERIC, catalog)
    for term in catalog.terms:
        kind = _kind_of(term.term, catalog)
        yield from _said((term.term, *term.others), kind if kind is Kind.SCHEME else Kind.GENERIC, catalog)


def _said(names: Iterable[str], least: Kind, catalog: Catalog) -> Iterator[tuple[str, Kind]]:
    """Those that are names and not whole clauses; of kind `least` or above, unless they are generic."""
    for name in names:
        if len(name.split()) <= _MAX_SAID and not _CLAUSE.match(name):
            kind = _kind_of(name, catalog)
            yield name, max(kind, least) if kind is not Kind.GENERIC else kind


def _kind_of(name: str, catalog: Catalog) -> Kind:
    key = _key(_WORD.findall(name))
    if set(key) <= _GENERIC_STEMS:
        return Kind.GENERIC
    if len(key) <= _MAX_FORM and find_form(name):
        return Kind.FORM
    if _MONEY.search(name):
        return Kind.SCHEME
    return Kind.PLACE if name.istitle() and find_place(name, catalog) == name else Kind.THING


def _key(typed: list[str]) -> tuple[str, ...]:
    return tuple(stem(word.lower()) for word in typed)
