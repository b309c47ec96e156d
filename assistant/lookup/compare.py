"""Two to four cards side by side: what differs, and on top what their cards say about combining them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.lists.titles import short_title, stems_of, titles_of
from assistant.lists.vocabulary import FILLERS
from assistant.lookup.card import Card, Field, Rule, Value
from assistant.lookup.guide import Lookup
from assistant.lookup.related import has_name
from assistant.lookup.state import StateError
from index.analyse import stem

LEAST, MOST = 2, 4
_FILLER_STEMS = frozenset(map(stem, FILLERS))
_COMBINING = "kombinasjon"


@dataclass(frozen=True)
class Pair:
    """Two schemes, and the rules of either's card on combining that name the other; none is not known."""

    first: str
    second: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Line:
    """One field of all the cards, in their order; `differs` where they do not all say the same."""

    name: str
    label: str
    cells: tuple[Field, ...]
    differs: bool


@dataclass(frozen=True)
class Comparison:
    """Cards side by side."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    pairs: tuple[Pair, ...]
    lines: tuple[Line, ...]


def compare_cards(lookup: Lookup, cards: Sequence[Card]) -> Comparison:
    """The cards side by side. Raises: StateError unless they are two to four different ones."""
    if len({card.id for card in cards}) < len(cards) or not LEAST <= len(cards) <= MOST:
        raise StateError("lookup_too_many", count=len({card.id for card in cards}))
    names = [stems_of(card.title) for card in cards]
    pairs = tuple(_pair(lookup, first, second) for first, second in combinations(cards, 2))
    rows = list(zip(*(card.fields for card in cards), strict=True))
    lines = tuple(Line(cells[0].name, cells[0].label, cells, _differs(cells, names)) for cells in rows)
    return Comparison(tuple(c.id for c in cards), tuple(c.title for c in cards), pairs, lines)


def _differs(cells: Sequence[Field], names: Sequence[frozenset[str]]) -> bool:
    said = [frozenset(_gist(v, name) for v in cell.values) for cell, name in zip(cells, names, strict=True)]
    return len(set(said)) > 1


def _gist(value: Value, name: frozenset[str]) -> tuple[object, ...]:
    """What a value says, apart from the name of its scheme and the words between."""
    if value.status:
        return (value.status,)
    return value.forms, value.kroner, value.deadline, stems_of(value.rule.text) - name - _FILLER_STEMS


def _pair(lookup: Lookup, first: Card, second: Card) -> Pair:
    rules = [rule for card, other in ((first, second), (second, first)) for rule in _on_combining(lookup, card, other)]
    return Pair(first.id, second.id, tuple(rules))


def _on_combining(lookup: Lookup, card: Card, other: Card) -> list[Rule]:
    """The rules of the card on combining that name the other scheme, by its title or a keyword that finds it."""
    document, find = lookup.documents[other.id], titles_of(lookup.catalog).find
    keywords = [word for word in document.keywords if (found := find(word)) is None or found is document]
    names = [short_title(document), *(word for word in keywords if _is_name(word, document.title))]
    values = next(field.values for field in card.fields if field.name == _COMBINING)
    return [v.rule for v in values if not v.rule.says_unknown and any(has_name(v.rule.text, name) for name in names)]


def _is_name(keyword: str, title: str) -> bool:
    """Whether a keyword means the scheme: the title has it, as "Mentortilskudd" has "mentor"."""
    return keyword.lower() in title.lower() and not stems_of(keyword) <= _FILLER_STEMS
