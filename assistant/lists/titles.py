"""What the rules and guide texts go by in a question: their titles, what stands in brackets there, their keywords."""

import re
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from index.analyse import stem, words
from index.catalog import Catalog
from index.document import Document
from index.expand import Expander

_CLASSES = ("veiledning", "regel")
_COVERED = 0.6  # of a title's words that its name in a question must have
_MIN_PREFIX = 6  # letters of a word that may be the beginning of a title's: "samvirke"
_ARTICLE = re.compile(
    r"^(?:(?:det å ha|å ha|å være|en|et|ei|ein|eit|a|an|the|begge|både|both|vanlige?|vanleg|ordinært?|regular) )+", re.I
)
_TITLE_HEAD = re.compile(r"\s*(?:\(|:| fra | for | gjennom | mens | i Vestfold| i Telemark|(?<=[A-ZÆØÅ]{2}),).*$")
_GENERIC_WORDS = """
tilskudd tilskot støtte ordning midler penger avtale lån nav kommune søknad skatt grant funding sosial entreprenør
gründer bedrift firma selskap virksomhet
"""
_GENERIC = frozenset(map(stem, _GENERIC_WORDS.split()))
_PREFIXED = frozenset({"nav"})  # "Navs tilskudd til …" is known without


@dataclass(frozen=True)
class _Known:
    """A document by the stems of its title, of each bracket in it, and of each keyword that is a name."""

    document: Document
    head: frozenset[str]
    brackets: tuple[frozenset[str], ...]
    keywords: tuple[frozenset[str], ...]

    def rank(self, wanted: frozenset[str]) -> int | None:
        """How well the name fits: 0 the title itself, 1 most of it, 2 a keyword; None not at all."""
        if wanted - _PREFIXED == self.head or wanted in self.brackets:
            return 0
        word = min(wanted)
        begins = len(wanted) == len(self.head) == 1 and len(word) >= _MIN_PREFIX and min(self.head).startswith(word)
        if begins or (wanted <= self.head and len(wanted) >= _COVERED * len(self.head)):
            return 1
        return 2 if wanted in self.keywords else None


class Titles:
    """Finds the document that a name means."""

    def __init__(self, catalog: Catalog) -> None:
        self._expander = Expander(catalog.terms)
        self._known = [
            _Known(
                document,
                stems_of(short_title(document)) - _PREFIXED,
                tuple(map(stems_of, re.findall(r"\((.*?)\)", document.title))),
                tuple(stems_of(word) for word in document.keywords if word[0].isupper()),
            )
            for document in catalog.documents
            if document.doc_class in _CLASSES
        ]

    def find(self, name: str) -> Document | None:
        """The rule or guide text that the name means: by its title, or by a name among its keywords alone."""
        bare = _ARTICLE.sub("", name.strip(" «»\"'"))
        names = {stems_of(bare), stems_of(self._expander.rewrite(bare))}
        wanted = [stems for stems in names if stems and not stems <= _GENERIC]
        ranked: dict[int, list[Document]] = {}
        for known in self._known:
            if ranks := [rank for rank in map(known.rank, wanted) if rank is not None]:
                ranked.setdefault(min(ranks), []).append(known.document)
        best = ranked.get(min(ranked, default=0), [])
        if len(best) > 1 and min(ranked) > 0:
            return None
        return min(best, key=lambda document: (len(document.title), document.doc_id), default=None)


_TITLES: WeakKeyDictionary[Catalog, Titles] = WeakKeyDictionary()


def titles_of(catalog: Catalog) -> Titles:
    """The titles of a guide, read once."""
    if catalog not in _TITLES:
        _TITLES[catalog] = Titles(catalog)
    return _TITLES[catalog]


def short_title(document: Document) -> str:
    """The title without what stands in brackets, who gives it and where."""
    return _TITLE_HEAD.sub("", document.title)


def stems_of(text: str) -> frozenset[str]:
    """The stems of the words of a text."""
    return frozenset(stem(word) for word in words(text))
