"""A version of the guide made ready for looking up: facts, word indexes, and what belongs to what; once per version."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from weakref import WeakKeyDictionary

from assistant.lists.cards import said
from assistant.lists.titles import stems_of
from assistant.lookup.facts import Facts, read_facts
from assistant.lookup.words import WordIndex
from index.catalog import Catalog
from index.document import Document
from index.expand import Expander
from index.frontmatter import CARD_FIELDS, UNKNOWN_VALUE
from index.types import INGRESS, Chunk

# What a word is worth where it stands; a name counts most, and what others call the scheme nearly as much.
_TITLE, _CALLED, _KEYWORD, _CALLED_BY_KEYWORD, _SHORT, _ASKED, _TEXT = 8.0, 6.0, 5.0, 3.0, 2.0, 1.5, 1.0
_RULES = ("regel", "veiledning")
_LINK = re.compile(r"\]\((?:\.\./(?P<folder>[a-z]+)/)?(?P<name>[a-z0-9-]+)\.md[)#]")


@dataclass(frozen=True, eq=False)
class Lookup:
    """One version of the guide, made ready; `links` has the ids of the documents that each document links to."""

    catalog: Catalog
    facts: Facts
    schemes: WordIndex
    chunks: tuple[Chunk, ...]
    sections: WordIndex
    terms: WordIndex
    expander: Expander
    documents: dict[str, Document]
    chunks_of: dict[str, tuple[Chunk, ...]]
    links: dict[str, frozenset[str]]


_OPENED: WeakKeyDictionary[Catalog, Lookup] = WeakKeyDictionary()


def open_lookup(catalog: Catalog) -> Lookup:
    """The guide made ready, once per version."""
    if catalog not in _OPENED:
        facts = read_facts(catalog)
        chunks = tuple(c for c in catalog.chunks if c.doc_class in _RULES and c.section not in (INGRESS, *CARD_FIELDS))
        called = [(stems_of(term.term), " ".join(term.others)) for term in catalog.terms]
        _OPENED[catalog] = Lookup(
            catalog,
            facts,
            WordIndex(_parts_of_scheme(document, called) for document in facts.schemes),
            chunks,
            WordIndex(_parts_of_section(chunk) for chunk in chunks),
            WordIndex(((_TITLE, term.term), (_CALLED, " ".join(term.others))) for term in catalog.terms),
            Expander(catalog.terms),
            {document.doc_id: document for document in catalog.documents},
            {doc_id: tuple(own) for doc_id, own in groupby(catalog.chunks, lambda chunk: chunk.doc_id)},
            {document.doc_id: _links_of(document) for document in catalog.documents},
        )
    return _OPENED[catalog]


def _parts_of_scheme(document: Document, called: Sequence[tuple[frozenset[str], str]]) -> list[tuple[float, str]]:
    """What a scheme is found by, and what people call that which its title and keywords name."""
    title, named = stems_of(document.title), [stems_of(keyword) for keyword in document.keywords]
    of_title = [others for term, others in called if term <= title]
    of_keywords = [others for term, others in called if any(term <= name for name in named)]
    values = " ".join(said(document, v.statement) for v in document.card)
    return [
        (_TITLE, document.title),
        (_CALLED, " ".join(of_title)),
        (_KEYWORD, " ".join(document.keywords)),
        (_CALLED_BY_KEYWORD, " ".join(of_keywords)),
        (_SHORT, " ".join(said(document, statement) for statement in document.ingress)),
        (_ASKED, " ".join(document.questions)),
        (_TEXT, values.replace(UNKNOWN_VALUE, "")),
    ]


def _parts_of_section(chunk: Chunk) -> list[tuple[float, str]]:
    return [
        (_KEYWORD, chunk.heading_path[-1]),
        (_SHORT, chunk.heading_path[0]),
        (_ASKED, " ".join(question.text for question in chunk.questions)),
        (_TEXT, chunk.search_text),
    ]


def _links_of(document: Document) -> frozenset[str]:
    """The ids of the documents that the text links to."""
    folder = document.doc_id.partition("/")[0]
    return frozenset(f"{link['folder'] or folder}/{link['name']}" for link in _LINK.finditer(document.text))
