"""What is other between two versions → Norwegian lines that a maintainer understands at a glance, one per change."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from index.asked import GAPS
from index.change import MOVED, SECTION, Change, Edit, Kind
from index.deadlines import MONTHS
from index.difference import SOURCES
from index.reworded import changed_figures, figures_of

_CONTEXT = 3  # words shown on either side of what is other
_WHOLE = 60  # characters up to which a text is shown whole
_LONG = 110  # … and after which an excerpt is cut
_NAMED = 70  # … and a sentence that only says which one it is
_LAYOUT = "bare oppsettet er endret (mellomrom, lenker, rekkefølge eller setningen et spørsmål hører til)"
_NAMES = {"kroner": "tallet «kroner»", "dato": "datoen"}


def describe(changes: Sequence[Change], most: int | None = None) -> list[str]:
    """A line per change, in their order; of more than `most`, the first, and how many are left out."""
    shown = changes[:most]
    left = len(changes) - len(shown)
    return [*map(describe_change, shown), *([f"… og {left} endringer til"] if left else [])]


def summarise(changes: Sequence[Change]) -> str:
    """How much is other, in one sentence."""
    if not changes:
        return "Ingenting er endret."
    whole = [change for change in changes if change.kind is Kind.DOCUMENT]
    added, removed = (sum(bool(getattr(change, side)) for change in whole) for side in ("added", "removed"))
    edited = {c.place for c in changes if c.kind is not Kind.DOCUMENT or c.edits}
    num_edited = sum("." not in place for place in edited)  # the registers are files, and no documents
    return f"Dokumenter: {num_edited} endret, {added} lagt til, {removed} fjernet. Endringer i alt: {len(changes)}."


def describe_change(change: Change) -> str:
    """The line of one change: the place, what is other, before → after."""
    if change.kind is Kind.DOCUMENT:
        return f"{change.place}: {_document(change)}"
    if change.kind is Kind.LAYOUT:
        return f"{change.place}: {_LAYOUT}"
    if change.kind is Kind.QUESTIONS:
        return f"{change.place}: {_questions(change)}"
    if change.place == SOURCES:
        return f"{change.place}, {change.part}: {_source(change)}"
    told = _edits(change) if change.edits else _texts(change)
    return f"{change.place}{f', {change.part}' if change.part else ''}: {told}"


def _document(change: Change) -> str:
    if change.added:
        return f"nytt dokument, «{change.added[0]}»"
    if change.removed:
        return f"dokumentet «{change.removed[0]}» er fjernet"
    return f"het før {change.edits[0].before}"


def _questions(change: Change) -> str:
    counts = [f"{sign}{len(texts)}" for sign, texts in (("+", change.added), ("−", change.removed)) if texts]
    if change.part == GAPS:
        where = "som guiden ikke svarer på"
    else:
        where = "om dokumentet" if change.part == "spørsmål" else f"under {change.part or 'alle deler'}"
    texts = (*change.added, *change.removed)
    return f"{' '.join(counts)} spørsmål {where}{f': «{_cut(texts[0])}»' if len(texts) == 1 else ''}"


def _source(change: Change) -> str:
    count = _sentences(change.num_sentences)
    if change.added:
        return f"ny kilde, {change.added[0]}; {count} bygger på den"
    if change.removed:
        return f"kilden {change.removed[0]} er fjernet; {count} bygde på den"
    return f"{'; '.join(map(_plain, change.edits))}; {count} bygger på den"


def _sentences(count: int) -> str:
    return f"{count} setning{'' if count == 1 else 'er'}"


def _texts(change: Change) -> str:
    """Lists of words, or a sentence that came or went."""
    if change.kind is Kind.FINDING:
        return _signed(change.added, change.removed)
    came = bool(change.added)
    return f"{'nytt' if came else 'borte'}: «{_cut((change.added or change.removed)[0])}»"


def _edits(change: Change) -> str:
    first = change.edits[0]
    if first.what == SECTION:
        count = _sentences(len(change.added or change.removed))
        return f"ny del «{first.after}» ({count})" if first.after else f"delen «{first.before}» er fjernet ({count})"
    if first.what == MOVED:
        return f"«{_cut(change.within)}» er flyttet hit fra {first.before}"
    if change.kind is Kind.UPKEEP:
        return _plain(first)
    text = first if first.what == "" else None
    told = [_edit(edit) for edit in change.edits if text is None or not _is_told(edit, text)]
    return "; ".join(told) + (f" (i «{_cut(change.within, _NAMED)}»)" if change.within else "")


def _edit(edit: Edit) -> str:
    if edit.what == "kilde":
        return _marks(edit)
    if edit.what == "former":
        return _forms(edit)
    if edit.what:
        return _plain(edit)
    if figures := changed_figures(edit.before, edit.after):
        return ", ".join(f"{old} → {new}" for old, new in figures)
    before, after = _around(edit.before, edit.after)
    return f"«{before}» → «{after}»"


def _plain(edit: Edit) -> str:
    before, after = (_spaced(text) if edit.what == "kroner" else text for text in (edit.before, edit.after))
    return f"{_NAMES.get(edit.what, edit.what)} {before or '(tomt)'} → {after or '(tomt)'}".strip()


def _spaced(digits: str) -> str:
    return f"{int(digits):,}".replace(",", " ") if digits else ""


def _forms(edit: Edit) -> str:
    before, after = (set(text.split(", ")) - {""} for text in (edit.before, edit.after))
    return f"kan søke: {_signed(sorted(after - before), sorted(before - after))}"


def _signed(added: Sequence[str], removed: Sequence[str]) -> str:
    return ", ".join([*(f"+ {text}" for text in added), *(f"− {text}" for text in removed)])


def _is_told(edit: Edit, text: Edit) -> bool:
    """Whether the new text already says what the figure beside it was changed to."""
    if edit.what == "kroner":
        return edit.after in [re.sub(r"\D", "", figure) for figure in figures_of(text.after)]
    if edit.what == "dato" and edit.after:
        day = date.fromisoformat(edit.after)
        return f"{day.day}. {MONTHS[day.month - 1]}" in text.after
    return False


def _marks(edit: Edit) -> str:
    """The marks that came and went: `kilde dfo-1@2020 → @2021` where one source has another period."""
    before, after = edit.before.split(), edit.after.split()
    gone, come = [m for m in before if m not in after], [m for m in after if m not in before]
    if not gone or not come:
        return f"kilde {'+' if come else '−'} {' '.join(come or gone)}"
    if len(gone) == len(come) == 1 and "@" in come[0] and gone[0].split("@")[0] == come[0].split("@")[0]:
        return f"kilde {gone[0]} → @{come[0].split('@')[1]}"
    return f"kilde {' '.join(gone)} → {' '.join(come)}"


def _around(before: str, after: str) -> tuple[str, str]:
    """Both texts, cut to what is other with a few words on either side."""
    if max(len(before), len(after)) <= _WHOLE:
        return before, after
    old, new = before.split(), after.split()
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    return _excerpt(old, head, tail), _excerpt(new, head, tail)


def _excerpt(words: Sequence[str], head: int, tail: int) -> str:
    start, end = max(0, head - _CONTEXT), min(len(words), len(words) - tail + _CONTEXT)
    inside = _cut(" ".join(words[start:end]))
    return f"{'… ' if start else ''}{inside}{' …' if end < len(words) and not inside.endswith('…') else ''}"


def _cut(text: str, most: int = _LONG) -> str:
    return text if len(text) <= most else text[: text.rfind(" ", 0, most)] + " …"


def as_json(changes: Sequence[Change]) -> Iterator[dict[str, object]]:
    """Each change as JSON values, with its line."""
    for change in changes:
        yield {
            "kind": change.kind.name.lower(),
            "place": change.place,
            "part": change.part,
            "edits": [{"what": e.what, "before": e.before, "after": e.after} for e in change.edits],
            "added": list(change.added),
            "removed": list(change.removed),
            "within": change.within,
            "line": describe_change(change),
        }
