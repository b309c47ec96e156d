"""Do values belong to the same words in a sentence as in its quote, and is it negated and conditioned alike?"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from assistant.checks.facts import OPERATORS, VALUES, Token, Value
from assistant.checks.lexicon import FIXED, IMPERATIVES, is_known

_BREAKS = {";": 4, ".": 4, ":": 3, ",": 2, "men": 3, "mens": 3, "but": 3, "og": 1, "eller": 1, "and": 1, "or": 1}
_BEFORE, _AFTER = 4, 8  # tokens beside an operator that say what it is about
_SHORT = 6  # letters that tell words apart there; nynorsk often differs in the last ones
# Operators that a sentence may bring although the quote has none, and those it may leave out.
_MAY_ADD, _MAY_DROP = ("hedge", "may"), ("all", "must", "over", "under")
_ALWAYS_STAYS = ("if", "except")  # even where its own clause is left out
# What makes a duty without "må": a demand, a deadline, a passive.
_DUTY = re.compile(r"krav\w*|vilkår\w*|\w*frist\w*|(?!deres|alles|felles|finnes)\w{3,}es|\w{3,}ast")


class _Piece(NamedTuple):
    """A value with the words, names and other values before and after it."""

    value: Value
    before: frozenset[Value]
    after: frozenset[Value]


def keeps_order(said: Sequence[Token], stands: Sequence[Token]) -> bool:
    """Whether a sentence of the very same words has the very same values in the same places."""
    words, others = ([t.value for t in tokens if t.kind not in VALUES] for tokens in (said, stands))
    return words != others or [t.value for t in said] == [t.value for t in stands]


def keeps_values_apart(said: Sequence[Token], stands: Sequence[Token]) -> bool:
    """Whether each value keeps the words it stands with, where the quote has several values of the same sort.

    The quote is cut at the strongest break between two such values. A value of the sentence must share a word with its
    own piece, and may take from the others only what stands before the first of all, which holds for the rest too:
    "et AS må ha 30 000 kroner og en stiftelse 100 000".
    """
    for sort in {_sort_of(token) for token in said if token.kind in VALUES}:
        pieces = _cut(stands, sort)
        if len({piece.value for piece in pieces}) < 2:
            continue
        for value, before, after in _cut(said, sort):
            words = before | after
            own = {word for piece in pieces if piece.value == value for word in piece.before | piece.after}
            others = [piece for piece in pieces if piece.value != value]
            strange = words & {word for piece in others for word in piece.before | piece.after} - own
            elided = _elided(pieces[0], words & own) if pieces[0].value != value else frozenset()
            if strange and (not words & own or strange - elided):
                return False
    return True


def _elided(first: _Piece, shared: frozenset[Value]) -> frozenset[Value]:
    """What holds for the later values too: what stands before the first.

    The plain words behind it do so too once a form of organisation, a name or another value says which one is meant.
    """
    if any(_is_label(word) for word in shared):
        return first.before | {word for word in first.after if not _is_label(word)}
    return first.before


def _is_label(word: Value) -> bool:
    return len(word) > 1 or word[0] in FIXED


def _sort_of(token: Token) -> tuple[str, str]:
    """Values of one sort could be exchanged for each other: amounts in kroner, years, days, sections."""
    if token.kind == "date":
        return "date", "day" if token.value[0] or token.value[1] else "year"
    return token.kind, token.value[1] if token.kind == "figure" else ""


def _cut(tokens: Sequence[Token], sort: tuple[str, str]) -> list[_Piece]:
    """Each value of the sort with what belongs to it."""
    places = [i for i, t in enumerate(tokens) if t.kind in VALUES and _sort_of(t) == sort]
    cuts = [0]
    for left, right in pairwise(places):
        strength = {i: _BREAKS.get(tokens[i].value[-1], 0) for i in range(left + 1, right)}
        strongest = max(strength.values(), default=0)
        breaks = [i for i, found in strength.items() if found == strongest and found]
        cuts.append(max(breaks, default=(left + right + 1) // 2))
    cuts.append(len(tokens))
    return [
        _Piece(tokens[at].value, _labels(tokens[start:at], sort), _labels(tokens[at:end], sort))
        for at, start, end in zip(places, cuts, cuts[1:], strict=False)
    ]


def _labels(tokens: Sequence[Token], sort: tuple[str, str]) -> frozenset[Value]:
    named = {t.value[:1] for t in tokens if t.has_meaning}
    return frozenset(named | {t.value for t in tokens if t.kind in VALUES and _sort_of(t) != sort})


def steers_alike(said: Sequence[Token], stands: Sequence[Token], english: bool) -> bool:
    """Whether what negates, limits or conditions the sentence is in the quote about the same words, and the reverse."""
    return all(_steers_alike(kind, said, stands, english) for kind in OPERATORS)


def _steers_alike(kind: str, said: Sequence[Token], stands: Sequence[Token], english: bool) -> bool:
    """The same for one kind of operator.

    A clause of the quote that the sentence leaves out may take its operators along. What an English sentence leaves
    out can't be told, so there every operator must stay.
    """
    here, there = _clauses(kind, said, english), _clauses(kind, stands, False)
    unpaired = list(there)
    for words in here:
        fitting = [other for other in unpaired if not words or not other or words & other]
        if fitting:
            unpaired.remove(max(fitting, key=lambda other: len(words & other)))
        elif not _may_bring(kind, words, there, stands):
            return False
    if kind in _MAY_DROP or (kind == "may" and any(t.kind == "hedge" for t in said)):
        return True
    told = frozenset(t.value[0][:_SHORT] for t in said if t.has_meaning)
    return not any(english or kind in _ALWAYS_STAYS or 2 * len(w & told) >= len(w) for w in unpaired)


def _may_bring(kind: str, words: frozenset[str], there: Sequence[frozenset[str]], stands: Sequence[Token]) -> bool:
    """Whether a sentence may have the operator although no clause of the quote is left to pair it with."""
    if kind == "must":  # "må ha plan og må ha regnskap" for "må ha plan og regnskap"
        is_softer = any(t.kind in ("may", "should") for t in stands)
        return not is_softer and (any(words & other for other in there) or _is_duty(stands))
    if kind == "may":
        return not any(t.kind in ("must", "should") for t in stands)
    return kind in _MAY_ADD


def _clauses(kind: str, tokens: Sequence[Token], english: bool) -> list[frozenset[str]]:
    """The words near each operator of a kind, within its clause; of an English one those with a Norwegian equal."""
    found = []
    for place in (place for place, token in enumerate(tokens) if token.kind == kind):
        start = next((i + 1 for i in range(place, -1, -1) if tokens[i].kind == "break"), 0)
        end = next((i for i in range(place, len(tokens)) if tokens[i].kind == "break"), len(tokens))
        near = [t for t in tokens[max(start, place - _BEFORE) : min(end, place + _AFTER)] if t.has_meaning]
        told = [t for t in near if not english or t.kind == "name" or is_known(t.value[-1])]
        found.append(frozenset(t.value[0][:_SHORT] for t in told))
    return found


def _is_duty(stands: Sequence[Token]) -> bool:
    """Whether the quote tells someone to do something without "må": "Søk innen …", "Rapporten sendes …"."""
    words = [t.value[-1] for t in stands if t.kind == "word"]
    is_told = bool(words) and words[0] in IMPERATIVES
    return is_told or any(_DUTY.fullmatch(word) for word in words) or any(t.limit in ("min", "within") for t in stands)
