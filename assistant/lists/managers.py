"""Who runs a scheme, as a question names them and as the cards do."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from assistant.lists.cards import said, values_of
from assistant.lists.remainder import GAP, Rest
from assistant.lists.titles import stems_of
from assistant.lists.vocabulary import BEFORE_MANAGER, FILLERS, SAME_MANAGER
from index.analyse import words
from index.catalog import Catalog
from index.document import Document

_MAX_WORDS = 4  # of a name
_SPACE = r"\W+"
_ENDING = r"(?:s|n|en|et|ne|ene)?\b"


def take_manager(rest: Rest, catalog: Catalog, places: Sequence[str]) -> tuple[str, str] | None:
    """The name of who runs the scheme, in the words of the question and as the cards write it, taken out.

    It stands after "fra", "hos" or "har", or is an actor of the guide, and is no place; None where no card knows it.
    """
    schemes = [document for document in catalog.documents if document.card]
    for name in (*_names_after(rest.text), *_actors_in(rest.text, catalog)):
        written = None if name in places else _as_written(name, schemes)
        if written and any(manages(name, document) for document in schemes):
            rest.take(rf"(?:(?:{BEFORE_MANAGER}) )?{re.escape(name)}")
            return name, written
    return None


def manages(name: str, document: Document) -> bool:
    """Whether the title, or a value on who manages the scheme, has every word of the name."""
    return bool(managers_among([name], document))


def managers_among(names: Iterable[str], document: Document) -> list[str]:
    """Those of the names that manage the scheme."""
    stems = [stems_of(text) for text in _on_management(document)]
    return [name for name in names if any(wanted <= own for wanted in _stems_by_name(name) for own in stems)]


@lru_cache(maxsize=1000)
def _stems_by_name(name: str) -> list[frozenset[str]]:
    return [stems_of(known) for known in (name, *SAME_MANAGER.get(name, ()))]


def _as_written(name: str, schemes: Sequence[Document]) -> str | None:
    """The name with a capital, as a card has it, which a question may write in any case; None where no card does."""
    pattern = re.compile(rf"\b{_SPACE.join(map(re.escape, name.split()))}{_ENDING}", re.I)
    texts = (text for document in schemes for text in _on_management(document))
    found = (match[0] for text in texts for match in pattern.finditer(text))
    return next((written for written in found if written[0].isupper()), None)


def _on_management(document: Document) -> list[str]:
    return [document.title, *(said(document, value.statement) for value in values_of(document, "forvalter"))]


def _names_after(text: str) -> Iterator[str]:
    for match in re.finditer(rf"\b(?:{BEFORE_MANAGER}) (?=([^{GAP}]+))", text):
        following = match[1].split()[:_MAX_WORDS]
        if following and following[0] not in FILLERS:
            lengths = (n for n in range(len(following), 0, -1) if following[n - 1] not in FILLERS)
            yield from (" ".join(following[:length]) for length in lengths)


def _actors_in(text: str, catalog: Catalog) -> Iterator[str]:
    titles = (document.title for document in catalog.documents if document.doc_class == "aktør")
    for name in ("nav", *(" ".join(words(re.sub(r"\(.*?\)", "", title))) for title in titles)):
        if re.search(rf"\b{re.escape(name)}\b", text):
            yield name
