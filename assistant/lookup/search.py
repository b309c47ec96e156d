"""Text, filters and order → the schemes that fit, with the counts of every filter, and rules and terms beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from assistant.cite import age_of
from assistant.lists.cards import largest_amount, said, state_of, values_of
from assistant.lookup.facts import (
    NEVER,
    Facet,
    Facts,
    Mask,
    combine,
    count_facets,
    due_days,
    is_confirmed,
    masks,
    next_days,
)
from assistant.lookup.guide import Lookup
from assistant.lookup.reading import read_typed
from assistant.lookup.state import SORTS, State, has_filter
from assistant.lookup.words import Scores
from index.registry import Term
from index.statements import plain
from index.types import Chunk

MAX_ROWS = 50  # schemes that a page shows at once
_MAX_BESIDE = 6  # rules, and terms, that are shown beside the schemes


@dataclass(frozen=True)
class Row:
    """A scheme in a list: `amount` is the largest in kroner, `deadline` the next one, or the last one if `is_past`.

    `stale` says that what is known of its status is past its period or its review.
    """

    id: str
    title: str
    short: str
    status: str
    forms: tuple[str, ...]
    places: tuple[str, ...]
    amount: int | None
    deadline: date | None
    is_past: bool
    stale: bool
    confirmed: bool


@dataclass(frozen=True)
class Beside:
    """A rule or a part of the guide (`kind` is its class), or a term (`begrep`) that `text` explains or replaces."""

    kind: str
    doc_id: str
    chunk_id: str
    title: str
    heading: str
    text: str


@dataclass(frozen=True)
class Found:
    """What fits: `count` schemes in all, the first of them as rows.

    `understood` are filters that were read out of the text. `num_no_amount` and `num_no_deadline` are schemes that are
    left out only since no amount or no coming deadline is known to tell by.
    """

    state: State
    count: int
    rows: tuple[Row, ...]
    facets: tuple[Facet, ...]
    understood: State
    beside: tuple[Beside, ...]
    num_no_amount: int
    num_no_deadline: int


def search_schemes(lookup: Lookup, state: State, today: date, limit: int | None = None) -> Found:
    """The schemes that fit text and filters, best first, or as `state.sort` says; `limit` rows of them at most."""
    facts = lookup.facts
    chosen = masks(facts, state, today)
    matched, scores, understood, rest = _match_text(lookup, state.text, today)
    fits = matched & combine(facts, chosen.values())
    order = _order(facts, fits, scores, state, today)

    def left_out_by(names: Sequence[str], known: Mask) -> int:
        others = matched & combine(facts, (mask for name, mask in chosen.items() if name not in names))
        return int(np.count_nonzero(others & ~known)) if any(name in chosen for name in names) else 0

    return Found(
        state,
        len(order),
        tuple(_row(facts, place, today) for place in order[:limit]),
        tuple(count_facets(facts, chosen, state, matched)),
        understood,
        tuple(_beside(lookup, rest or " ".join(understood.managers))),
        left_out_by(("least", "most"), facts.amounts >= 0),
        left_out_by(("due_before",), next_days(facts, today) < NEVER),
    )


def _match_text(lookup: Lookup, text: str, today: date) -> tuple[Mask, Scores, State, str]:
    """Which schemes the text means, how well, the filters that were read out of it, and the words that were left.

    Those that have most of its words are meant. Filters that leave nothing of them were no filters: the whole text is
    searched for then.
    """
    facts = lookup.facts
    understood, rest = read_typed(text, facts.choices, today)
    if has_filter(understood):
        matched, scores = _match_words(lookup, rest)
        matched = matched & combine(facts, masks(facts, understood, today).values())
        if matched.any():  # a scheme that has the place in its name comes before those of the whole country
            return matched, scores + _match_words(lookup, text)[1], understood, rest
    return *_match_words(lookup, text), State(), text


def _match_words(lookup: Lookup, text: str) -> tuple[Mask, Scores]:
    if not text.strip():
        every = np.ones(len(lookup.facts.schemes), np.bool_)
        return every, np.zeros(len(every), np.float32)
    scores, shares = lookup.schemes.search(_wordings(lookup, text))
    return (shares > 0) & (shares >= shares.max(initial=0.0)), scores


def _wordings(lookup: Lookup, text: str) -> list[str]:
    """The text as typed, and in the guide's own terms, spelled as the guide does."""
    rewrite = lookup.expander.rewrite
    return [text, *(said for wording in (text, lookup.schemes.correct(text)) if (said := rewrite(wording)) != text)]


def _order(facts: Facts, places: Mask, scores: Scores, state: State, today: date) -> list[int]:
    """The places of schemes in the order asked for; where the text decides nothing, open ones first, then by name."""
    left = np.flatnonzero(places)
    keys = {
        "navn": (left,),
        "beløp": (left, -facts.amounts[left]),
        "frist": (left, next_days(facts, today)[left]),
        "treff": (left, facts.openness[left], -scores[left].round(3)),
    }
    order: list[int] = left[np.lexsort(keys[state.sort or SORTS[0]])].tolist()
    return order


@lru_cache(maxsize=2_000)
def _row(facts: Facts, place: int, today: date) -> Row:
    """The row of one scheme; kept, since each keystroke shows much the same ones."""
    document = facts.schemes[place]
    days = due_days(facts, today)[place]
    amount = largest_amount(document)
    coming = next((day for day in days if day >= today), None)
    status = next(v.statement for v in values_of(document, "status") if v.status == state_of(document))
    return Row(
        id=document.doc_id,
        title=document.title,
        short=said(document, document.ingress[0]),
        status=state_of(document),
        forms=tuple(dict.fromkeys(f for v in values_of(document, "hvem_kan_søke") for f in v.forms)),
        places=document.places,
        amount=amount[0] if amount else None,
        deadline=coming or (days[-1] if days else None),
        is_past=coming is None and bool(days),
        stale=age_of(document, status, today).stale,
        confirmed=is_confirmed(document),
    )


def _beside(lookup: Lookup, text: str) -> list[Beside]:
    """The rules and parts of the guide that the text means, and the terms; nothing where nothing is typed."""
    if not text.strip():
        return []
    found = lookup.sections.search(_wordings(lookup, text))
    sections = [_as_section(lookup, lookup.chunks[place]) for place in _best(*found)]
    terms = [_as_term(lookup.catalog.terms[place]) for place in _best(*lookup.terms.search((text,)))]
    return [*terms, *sections]


def _best(scores: Scores, shares: Scores) -> list[int]:
    """The places of the best few of those that have most of the words."""
    most = shares.max(initial=0.0)
    left = np.flatnonzero((shares >= most) & (shares > 0))
    best: list[int] = left[np.argsort(-scores[left], kind="stable")][:_MAX_BESIDE].tolist()
    return best


def _as_section(lookup: Lookup, chunk: Chunk) -> Beside:
    document = lookup.documents[chunk.doc_id]
    first = plain(document.text[slice(*_span(chunk))])
    return Beside(chunk.doc_class, chunk.doc_id, chunk.chunk_id, document.title, chunk.heading_path[-1], first)


def _span(chunk: Chunk) -> tuple[int, int]:
    return (chunk.statements[0].start, chunk.statements[0].end) if chunk.statements else (chunk.start, chunk.start)


def _as_term(term: Term) -> Beside:
    return Beside("begrep", "", "", term.term, "", ", ".join(term.others))
