"""The whole list that a question asks for → drafts, from cards and front matter, with the count; never a top-k."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from assistant.lists.cards import largest_amount, quoted, state_of
from assistant.lists.contrast import compare
from assistant.lists.dates import split_deadlines
from assistant.lists.schemes import Condition
from assistant.lists.wanted import Asked, fitting, read_list
from assistant.lists.window import Window
from assistant.texts import say
from assistant.types import Draft, Query
from index.catalog import Catalog
from index.deadlines import deadlines_of
from index.document import Document
from index.types import Statement


def list_whole(query: Query, catalog: Catalog, today: date) -> list[Draft] | None:
    """The whole list or the comparison that the question asks for; None where cards and front matter hold none."""
    if (compared := compare(query, catalog)) is not None:
        return compared
    asked = read_list(query, catalog, today)
    if asked is None:
        return None
    if asked.by_deadline:
        return _list_by_deadline(asked, query.language, catalog, today)
    return _list_by_state(asked, query.language, catalog, today)


def _shown(document: Document, conditions: Sequence[Condition]) -> Statement:
    """The value of the card that the question is about, else the first sentence of the short answer."""
    for kind in ("deadline", "amount", "rolling", "form"):
        for condition in (condition for condition in conditions if condition.kind == kind):
            if (statement := condition.shows(document)) is not None:
                return statement
    return document.ingress[0]


def _list_by_state(asked: Asked, language: str, catalog: Catalog, today: date) -> list[Draft] | None:
    """Open schemes first, then those not known to be open, those that are closed last; other classes by title."""
    chosen = fitting(asked, catalog)
    opening = _opening(asked, len(chosen), language, catalog, today)
    if not chosen:
        return _nearest(asked, opening, language, catalog)
    asks_state = any(condition.kind == "status" for condition in asked.conditions)
    lines = {"åpen": "", "ukjent": say(language, "list_unsure"), "stengt": say(language, "list_closed"), "": ""}
    drafts: list[Draft] = []
    for state, line in lines.items():
        items = [_item(d, _shown(d, asked.conditions), catalog) for d in chosen if state_of(d) == state]
        drafts += _group("" if asks_state else line, items)
    return _under(opening, drafts)


def _list_by_deadline(asked: Asked, language: str, catalog: Catalog, today: date) -> list[Draft] | None:
    """Deadlines to come by date; then, apart and so marked, those that are known only for an earlier year."""
    limit = next((c for c in asked.conditions if c.window is not None), None)
    coming, earlier = _deadlines(asked, limit.window if limit else None, catalog, today)
    opening = _opening(asked, len(coming), language, catalog, today)
    drafts = [*coming, *_group(say(language, "list_earlier", count=len(earlier)), earlier)]
    if drafts:
        return _under(opening, drafts)
    others, _ = _deadlines(asked, None, catalog, today)
    if others and limit:
        name = describe(limit, language)
        return _under(opening, _group(say(language, "list_without", condition=name, count=len(others)), others))
    return _nearest(asked, opening, language, catalog)


def _deadlines(asked: Asked, window: Window | None, catalog: Catalog, today: date) -> tuple[list[Draft], list[Draft]]:
    """What fits but for the window: deadlines within it by date, and those of earlier years, by day of the year."""
    others = replace(asked, conditions=tuple(c for c in asked.conditions if c.kind != "deadline"))
    coming, earlier = split_deadlines(fitting(others, catalog), window or Window(today, None, ""), today)
    return [_item(d, s, catalog) for _, d, s in coming], [_item(d, s, catalog) for _, d, s in earlier]


def _nearest(asked: Asked, opening: str, language: str, catalog: Catalog) -> list[Draft] | None:
    """Nothing fits: the list without the condition that leaves fewest; None where no single one stands in the way."""
    found = []
    for left_out in asked.conditions:
        fewer = replace(asked, conditions=tuple(c for c in asked.conditions if c is not left_out))
        if fewer.conditions and (chosen := fitting(fewer, catalog)):
            found.append((len(chosen), describe(left_out, language), fewer, chosen))
    if not found:
        return None
    count, name, fewer, chosen = min(found, key=lambda row: row[:2])
    line = say(language, "list_without", condition=name.strip("«»"), count=count)
    return _under(opening, _group(line, [_item(d, _shown(d, fewer.conditions), catalog) for d in chosen]))


def _item(document: Document, statement: Statement, catalog: Catalog) -> Draft:
    return quoted(document, statement, catalog, lead=document.title)


def _group(line: str, items: Sequence[Draft]) -> list[Draft]:
    return [*([Draft(line)] if line and items else []), *items]


def _under(opening: str, drafts: Sequence[Draft]) -> list[Draft]:
    """The list under its opening line; a line that opens a group is joined to it, so that both have items below."""
    if drafts[0].opens:
        return [Draft(f"{opening}\n\n{drafts[0].text}"), *drafts[1:]]
    return [Draft(opening), *drafts]


def _opening(asked: Asked, count: int, language: str, catalog: Catalog, today: date) -> str:
    total = sum(document.doc_class == asked.doc_class for document in catalog.documents)
    narrowed = " · ".join(describe(condition, language) for condition in asked.conditions)
    keys: dict[str, Callable[..., str]] = {
        "regel": partial(say, language, "list_schemes"),
        "historie": partial(say, language, "list_stories"),
        "mal": partial(say, language, "list_templates"),
        "aktør": partial(say, language, "list_actors"),
    }
    if not narrowed:
        narrowed = say(language, "filter_upcoming") if asked.by_deadline else say(language, "filter_none")
    if unknown := _count_unknown(asked, catalog, today):
        narrowed += f"; {say(language, 'list_no_date' if asked.by_deadline else 'list_no_amount', count=unknown)}"
    if asked.useless:
        narrowed += f"; {say(language, 'filter_useless', value=', '.join(asked.useless))}"
    text = keys[asked.doc_class](count=count, total=total, filter=narrowed)
    return text if count else f"{text.rstrip(':')}."


def _count_unknown(asked: Asked, catalog: Catalog, today: date) -> int:
    """How many more might be listed, but the guide knows no date, or no amount, to tell by."""
    kind = "deadline" if asked.by_deadline else "amount"
    if not asked.by_deadline and all(condition.kind != kind for condition in asked.conditions):
        return 0
    others = replace(asked, conditions=tuple(c for c in asked.conditions if c.kind != kind))
    known = partial(deadlines_of, today=today) if asked.by_deadline else largest_amount
    return sum(not known(document) for document in fitting(others, catalog))


def describe(condition: Condition, language: str) -> str:
    """The condition in the reader's language, as it stands in the filter of a list."""
    value = condition.value
    if condition.kind == "deadline":
        return say(language, "filter_deadline", value=value)
    if condition.kind == "manager":
        return say(language, "filter_manager", value=value)
    if condition.kind == "phase":
        return say(language, "filter_phase", value=value)
    if condition.kind == "country":
        return say(language, "filter_country", value=value)
    if condition.kind == "rolling":
        return say(language, "filter_rolling")
    if condition.kind in ("theme", "words"):
        return f"«{value}»"
    return value
