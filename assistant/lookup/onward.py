"""An answer of the chat → where the lookup goes on from it: a whole scheme, the same list, schemes compared."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.lists.contrast import compare
from assistant.lists.remainder import Rest
from assistant.lists.schemes import Condition, take_amount
from assistant.lists.wanted import Asked, read_list
from assistant.lookup.compare import LEAST, MOST
from assistant.lookup.deadlines import find_deadlines
from assistant.lookup.facts import Facts
from assistant.lookup.guide import Lookup, open_lookup
from assistant.lookup.search import search_schemes
from assistant.lookup.state import EVERYTHING, State, choose
from assistant.narrow import settle
from assistant.types import Answer
from assistant.understand import understand
from index.catalog import Catalog

_CARDS = "cards"  # the generator of an answer that is made of the data of the guide
# Kind of condition → field of the state, for those that have a list of values.
_FIELDS = {
    "form": "forms", "theme": "themes", "manager": "managers", "place": "places", "phase": "phases",
    "status": "statuses",
}  # fmt: skip


@dataclass(frozen=True)
class Onward:
    """Where to go on: one scheme whole, several compared, or without any the list of `state`, deadlines or schemes."""

    doc_ids: tuple[str, ...] = ()
    state: State = EVERYTHING
    by_deadline: bool = False


def find_onward(answer: Answer, question: str, catalog: Catalog, today: date) -> Onward | None:
    """Where the lookup shows more of what is answered; None where the answer does not begin with a scheme.

    A list is offered only where it is the very list of the answer. `question` is what was typed, without personal data.
    """
    if not answer.citations or answer.citations[0].doc_class != "regel":
        return None
    cited = tuple(dict.fromkeys(citation.doc_id for citation in answer.citations))
    if answer.receipt is not None and answer.receipt.generator == _CARDS:
        query = replace(understand([answer.understood or question]), language=answer.language)
        query = replace(query, filters=settle(answer.filters, query, catalog))
        if compare(query, catalog) is not None:
            return Onward(cited) if _may_compare(cited, catalog) else None
        if (asked := read_list(query, catalog, today)) is not None:
            return _same_list(open_lookup(catalog), asked, cited, today)
    return Onward(cited[:1])


def _may_compare(doc_ids: Sequence[str], catalog: Catalog) -> bool:
    schemes = {document.doc_id for document in catalog.documents if document.card}
    return LEAST <= len(doc_ids) <= MOST and schemes.issuperset(doc_ids)


def _same_list(lookup: Lookup, asked: Asked, cited: Sequence[str], today: date) -> Onward | None:
    """The list as filters of the lookup, where these leave the schemes that the answer lists, and no others."""
    state = read_asked(asked, lookup.facts, today)
    if state is None:
        return None
    if asked.by_deadline:
        listed = {deadline.doc_id for deadline in find_deadlines(lookup, state, today)}
    else:
        listed = {row.id for row in search_schemes(lookup, state, today).rows}
    return Onward(state=state, by_deadline=asked.by_deadline) if listed == set(cited) else None


def read_asked(asked: Asked, facts: Facts, today: date) -> State | None:
    """The filters that the list of a question is narrowed to; None where the lookup has no such filter."""
    state = EVERYTHING
    for condition in asked.conditions:
        narrowed = _narrow(state, condition, facts, today)
        if narrowed is None:
            return None
        state = narrowed
    return state


def _narrow(state: State, condition: Condition, facts: Facts, today: date) -> State | None:
    """The state with one more filter; None where there is none for the condition, or it is taken."""
    kind, value, window = condition.kind, condition.value, condition.window
    if window is not None:
        if window.start > today:
            return None  # a filter has no first day
        return replace(state, due_before=window.end + timedelta(days=1) if window.end else None)
    if kind == "amount":
        amount = take_amount(Rest(value, "nb"))
        return replace(state, least=amount.least or None, most=amount.most) if amount else None
    if kind == "words" and not state.text:
        return replace(state, text=value)
    field = _FIELDS.get(kind)
    if field is None or getattr(state, field):
        return None
    known = {choice.casefold(): choice for choice in facts.choices[field]}
    values = [known.get(part.casefold()) for part in value.split(", ")]
    return None if None in values else choose(state, field, tuple(values))
