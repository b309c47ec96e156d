"""What belongs to a scheme: stories, templates and offices, each with the reason why it is shown."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.lists.cards import said, values_of
from assistant.lists.managers import managers_among
from assistant.lists.titles import short_title, titles_of
from assistant.lookup.facts import NAV
from assistant.lookup.guide import Lookup
from assistant.texts import say
from assistant.warn import bare_title
from index.analyse import words
from index.document import Document

_SHOWN = ("historie", "mal")
_MIN_NAME = 3  # letters of a name that is looked for in other texts


@dataclass(frozen=True)
class Related:
    """A document that belongs to a scheme: `why` is `lenke`, `nevner` (it names `name`) or `forvalter`."""

    doc_id: str
    doc_class: str
    title: str
    short: str
    why: str
    name: str = ""


def find_related(lookup: Lookup, scheme: Document) -> Iterator[Related]:
    """The stories and templates that the scheme links to, that link to it, or that name it; links first."""
    linked, own = lookup.links[scheme.doc_id], list(names_of(lookup, scheme))
    named = []
    for document in lookup.catalog.documents:
        if document.doc_class not in _SHOWN:
            continue
        if document.doc_id in linked or scheme.doc_id in lookup.links[document.doc_id]:
            yield _related(document, "lenke")
            continue
        text = "\n".join(chunk.search_text for chunk in lookup.chunks_of[document.doc_id])
        if name := next((name for name in own if has_name(text, name)), None):
            named.append(_related(document, "nevner", name))
    yield from named


def whom_to_ask(lookup: Lookup, scheme: Document) -> list[Related]:
    """The offices that run the scheme, in the order that the card names them; else those that link to it."""
    offices = {
        " ".join(words(bare_title(document))): document
        for document in lookup.catalog.documents
        if document.doc_class == "aktør"
    }
    running = managers_among(offices, scheme)
    if not running and managers_among([NAV.lower()], scheme):
        running = [name for name in offices if name.startswith(f"{NAV.lower()} ")]
    if not running:
        linking = (office for office in offices.values() if scheme.doc_id in lookup.links[office.doc_id])
        return [_related(office, "lenke") for office in linking]
    runs = " ".join(word for v in values_of(scheme, "forvalter") for word in words(said(scheme, v.statement)))
    running.sort(key=lambda name: (place if (place := runs.find(name)) >= 0 else len(runs), name))
    return [_related(offices[name], "forvalter") for name in running]


def describe_reason(related: Related, language: str) -> str:
    """Why it is shown, in words."""
    return say(language, f"scheme_why_{related.why}", name=related.name)


def names_of(lookup: Lookup, scheme: Document) -> list[str]:
    """What means this scheme and nothing else: its title, what stands in brackets there, and proper names of its own.

    A keyword is a proper name where it has a capital and no other scheme has it. Who runs schemes, and places, are no
    names of a scheme: a story is never shown for a mere likeness.
    """
    facts, find = lookup.facts, titles_of(lookup.catalog).find
    shared = Counter(word.lower() for document in facts.schemes for word in document.keywords)
    others = {*facts.choices["managers"], *facts.choices["places"]}
    brackets = re.findall(r"\((.*?)\)", scheme.title)
    own = (word for word in (*brackets, *scheme.keywords) if word[0].isupper() and shared[word.lower()] <= 1)
    names = dict.fromkeys((short_title(scheme), *(word for word in own if word not in others)))
    return [name for name in names if len(name) >= _MIN_NAME and find(name) is scheme]


def has_name(text: str, name: str) -> bool:
    """Whether the text has the name as words of its own, with an ending or not; an abbreviation in its own case."""
    case = re.I if not name.isupper() else re.NOFLAG
    return re.search(rf"(?<!\w){re.escape(name)}(?:s|et|en|a|ene|ane|er)?(?!\w)", text, case) is not None


def _related(document: Document, why: str, name: str = "") -> Related:
    short = said(document, document.ingress[0])
    return Related(document.doc_id, document.doc_class, document.title, short, why, name)
