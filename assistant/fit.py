"""Does a document fit what was chosen beside the question? It does, it does not, or it does not say."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from weakref import WeakKeyDictionary

from assistant.eligibility.conditions import Mark, admits, forms_in
from assistant.lists.cards import said, values_of
from assistant.lists.schemes import holds_in
from assistant.lists.vocabulary import COUNTIES
from assistant.types import Filters
from index.catalog import Catalog
from index.document import Document

# Who may apply, but no form of organisation that a text can be written for.
ROLES = frozenset({"kommune", "arbeidsgiver", "privatperson"})
BY_TITLE = ("veiledning", "mal")  # texts for one form say so in their title
_BY_PHASE = ("regel", "historie")  # what a text explains holds in every phase, and so does whom to ask
_MUNICIPALITIES = frozenset(part for parts in COUNTIES.values() for part in parts)
Fits = Mapping[str, bool | None]


def each(filters: Filters) -> Iterator[tuple[str, str]]:
    """Kind and value of what is chosen."""
    return ((kind, value) for kind, value in asdict(filters).items() if value)


_FOUND: WeakKeyDictionary[Catalog, dict[tuple[str, str], Fits]] = WeakKeyDictionary()


def fits(catalog: Catalog, kind: str, value: str) -> Fits:
    """Whether each document fits, by id; None where it does not say. Found once for a guide.

    It fits a place where it holds, a form that its card admits or its title names (a template: or names none), a phase
    that it is marked for. It does not where its card shuts the form out or its title names others, and a scheme or
    story of other phases.
    """
    found = _FOUND.setdefault(catalog, {})
    if (kind, value) not in found:  # reading every card takes a tenth of a second
        found[kind, value] = {document.doc_id: _fits(document, kind, value) for document in catalog.documents}
    return found[kind, value]


def _fits(document: Document, kind: str, value: str) -> bool | None:
    if kind == "place":
        # What is of one municipality names its county too, and is not for the municipality beside it.
        is_beside = {value, document.places[0]} <= _MUNICIPALITIES and value not in document.places
        return holds_in(document, value) and not is_beside
    if kind == "phase":
        return value in document.phases or (False if document.doc_class in _BY_PHASE else None)
    if document.card:
        applicants = [(v, said(document, v.statement)) for v in values_of(document, "hvem_kan_søke")]
        return {Mark.OPEN: None, Mark.FAILED: False}.get(admits(applicants, value), True)
    named = forms_in(document.title) - ROLES if document.doc_class in BY_TITLE else set()
    if not named:
        return True if document.doc_class == "mal" else None  # a template for one form only says so
    return value in named
