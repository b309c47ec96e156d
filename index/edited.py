"""One document before and after → its changes, part by part."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from index.change import MOVED, SECTION, Change, Edit, Kind
from index.document import Document
from index.frontmatter import CARD_FIELDS
from index.parts import Parts, Said, take_apart
from index.reworded import changed_figures, pair_texts, weigh
from index.types import INGRESS, Asked

AskedOf = Mapping[str, tuple[Asked, ...]]  # questions by the part they are asked of
_Name = tuple[str, int]
_FIELD_KINDS = {
    "tittel": Kind.WORDING,
    "gjelder": Kind.UPKEEP,
    "sist_kontrollert": Kind.UPKEEP,
    "kontrolleres_igjen": Kind.UPKEEP,
    "eier": Kind.UPKEEP,
    "spørsmål": Kind.QUESTIONS,
}
_FACT_KINDS = {"kroner": Kind.FIGURE, "dato": Kind.FIGURE, "status": Kind.CONDITION, "former": Kind.CONDITION}
_FREE_FIELDS = ("forvalter", "hjemmel", "søknad", "rapportering")  # of the card; the others are conditions


@dataclass
class _Body:
    """How the parts of two versions go together, and what has found no counterpart under its own heading yet."""

    renamed: dict[str, str] = field(default_factory=dict)
    pairs: list[tuple[_Name, _Name]] = field(default_factory=list)
    gone: list[tuple[_Name, Said]] = field(default_factory=list)
    come: list[tuple[_Name, Said]] = field(default_factory=list)


def compare_documents(
    before: Document, after: Document, asked_before: AskedOf, asked_after: AskedOf
) -> Iterator[Change]:
    """The changes of one document; one that no other line tells is told as layout."""
    if before.text == after.text and asked_before == asked_after:
        return
    old, new, place = take_apart(before), take_apart(after), after.doc_id
    body = _match(old, new, {before.title: after.title})
    found = [*_fields(place, old.fields, new.fields), *_said(place, old, new, body)]
    found += _questions(place, asked_before, asked_after, body.renamed)
    yield from found or [Change(Kind.LAYOUT, place, "")]


def compare_texts(kind: Kind, place: str, part: str, before: Iterable[str], after: Iterable[str]) -> Iterator[Change]:
    """What came to and went from a list of texts, as one change; the order does not count."""
    old, new = dict.fromkeys(before), dict.fromkeys(after)
    added = tuple(text for text in new if text not in old)
    removed = tuple(text for text in old if text not in new)
    if added or removed:
        yield Change(kind, place, part, added=added, removed=removed)


def _fields(place: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        kind = _FIELD_KINDS.get(name, Kind.FINDING)
        if isinstance(old, list) and isinstance(new, list):
            yield from compare_texts(kind, place, name, map(str, old), map(str, new))
        elif old != new:
            yield Change(kind, place, name, (Edit("", _as_text(old), _as_text(new)),))


def _as_text(value: Any) -> str:
    if isinstance(value, dict):  # the period that a document holds for
        end = f"til {value['til']}" if value.get("til") else "uten slutt"
        return f"fra {value.get('fra') or 'ukjent dag'} {end}"
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _match(old: Parts, new: Parts, renamed: dict[str, str]) -> _Body:
    """Parts of the same name go together; of the others, those that say most nearly the same."""
    body = _Body(renamed)
    before, after = list(old.said), list(new.said)
    for name in before:
        if (counterpart := (renamed.get(name[0], name[0]), name[1])) in new.said:
            body.pairs.append((name, counterpart))
    lone_before = [name for name in before if name not in {left for left, _ in body.pairs}]
    lone_after = [name for name in after if name not in {right for _, right in body.pairs}]
    told_before, told_after = (
        [" ".join((name[0], *(s.text for s in parts.said[name]))) for name in names]
        for parts, names in ((old, lone_before), (new, lone_after))
    )
    for i, j in pair_texts(told_before, told_after):
        body.pairs.append((lone_before[i], lone_after[j]))
        body.renamed[lone_before[i][0]] = lone_after[j][0]
    return body


def _said(place: str, old: Parts, new: Parts, body: _Body) -> Iterator[Change]:
    for name, counterpart in body.pairs:
        if name[0] != counterpart[0] and counterpart[0] != new.fields["tittel"]:
            yield Change(Kind.WORDING, place, "overskrift", (Edit("", name[0], counterpart[0]),))
        left, right = _unequal(old.said[name], new.said[counterpart])
        pairs = _pair_said(left, right, is_value=counterpart[0] in CARD_FIELDS)
        for i, j in pairs:
            alone = len(old.said[name]) == len(new.said[counterpart]) == 1
            yield _edited(place, counterpart[0], left[i], right[j], alone)
        body.gone += [(name, said) for i, said in enumerate(left) if i not in dict(pairs)]
        body.come += [(counterpart, said) for j, said in enumerate(right) if all(j != other for _, other in pairs)]
    known_old, known_new = ({pair[side] for pair in body.pairs} for side in (0, 1))
    lost = [name for name in old.said if name not in known_old]
    fresh = [name for name in new.said if name not in known_new]
    body.gone += [(name, said) for name in lost for said in old.said[name]]
    body.come += [(name, said) for name in fresh for said in new.said[name]]
    yield from _moved(place, body, {*lost, *fresh})
    for name in lost:
        yield _whole(place, name, old.said[name], has_come=False)
    for name in fresh:
        yield _whole(place, name, new.said[name], has_come=True)


def _unequal(before: Sequence[Said], after: Sequence[Said]) -> tuple[list[Said], list[Said]]:
    """What stands in only one of them."""
    left, right = Counter(before), Counter(after)
    return list((left - right).elements()), list((right - left).elements())


def _pair_said(before: Sequence[Said], after: Sequence[Said], is_value: bool) -> list[tuple[int, int]]:
    """The only value of a field that is other is the same value changed, whatever it says now."""
    lone = is_value and len(before) == len(after) == 1
    old, new = ([said.text for said in some] for some in (before, after))
    return sorted(pair_texts(old, new, least=0) if lone else pair_texts(old, new))


def _edited(place: str, name: str, old: Said, new: Said, alone: bool) -> Change:
    """One value or sentence that is other, in its text, in what is written beside it, or in its sources."""
    edits, kinds = [], []
    if old.text != new.text:
        edits.append(Edit("", old.text, new.text))
        kinds.append(_kind(name, old.text, new.text))
    facts_before, facts_after = dict(old.facts), dict(new.facts)
    for key in dict.fromkeys((*facts_before, *facts_after)):
        if (was := facts_before.get(key, "")) != (now := facts_after.get(key, "")):
            edits.append(Edit(key, was, now))
            kinds.append(_FACT_KINDS[key])
    if old.marks != new.marks:
        edits.append(Edit("kilde", " ".join(old.marks), " ".join(new.marks)))
        kinds.append(Kind.SOURCE)
    # A sentence that is quoted before and after needs no telling which one it is.
    is_told = old.text != new.text and not changed_figures(old.text, new.text)
    return Change(min(kinds), place, _part(name), tuple(edits), within="" if alone or is_told else new.text)


def _kind(name: str, before: str, after: str) -> Kind:
    kind = weigh(before, after)
    return min(kind, Kind.CONDITION) if name in CARD_FIELDS and name not in _FREE_FIELDS else kind


def _part(name: str) -> str:
    return name if name in CARD_FIELDS or name == INGRESS else f"«{name}»"


def _moved(place: str, body: _Body, whole: set[_Name]) -> Iterator[Change]:
    """Sentences that now stand under another heading, then those that came and went."""
    for name, said in body.gone:
        target = next((row for row in body.come if row[1].text == said.text), None)
        if target is not None:
            body.come.remove(target)
            if name not in whole and target[0] not in whole:
                edit = Edit(MOVED, _part(name[0]), _part(target[0][0]))
                yield Change(Kind.WORDING, place, _part(target[0][0]), (edit,), within=said.text)
        elif name not in whole:
            yield Change(_kind(name[0], said.text, ""), place, _part(name[0]), removed=(said.text,))
    for name, said in body.come:
        if name not in whole:
            yield Change(_kind(name[0], "", said.text), place, _part(name[0]), added=(said.text,))


def _whole(place: str, name: _Name, said: Sequence[Said], has_come: bool) -> Change:
    """A heading with all that stands under it; `part` is empty, since the heading itself is what came or went."""
    kind = min((_kind(name[0], "", one.text) for one in said), default=Kind.WORDING)
    texts = tuple(one.text for one in said)
    edit = Edit(SECTION, "" if has_come else name[0], name[0] if has_come else "")
    return Change(kind, place, "", (edit,), added=texts if has_come else (), removed=() if has_come else texts)


def _questions(place: str, before: AskedOf, after: AskedOf, renamed: Mapping[str, str]) -> Iterator[Change]:
    if not before or not after:  # the file of questions came or went
        every = ([asked.text for own in some.values() for asked in own] for some in (before, after))
        yield from compare_texts(Kind.QUESTIONS, place, "", *every)
        return
    old = {renamed.get(part, part): questions for part, questions in before.items()}
    for part in dict.fromkeys((*old, *after)):
        own = ([asked.text for asked in some.get(part, ())] for some in (old, after))
        yield from compare_texts(Kind.QUESTIONS, place, _part(part), *own)
