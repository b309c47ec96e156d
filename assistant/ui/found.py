"""What was found → HTML: filters with counts, what is chosen, schemes or deadlines, and what stands beside."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from markupsafe import Markup

from assistant.describe import describe_day, describe_span
from assistant.lists.cards import rolling_deadline
from assistant.lookup.card import Rule
from assistant.lookup.deadlines import find_deadlines
from assistant.lookup.guide import Lookup
from assistant.lookup.reading import read_typed
from assistant.lookup.search import Beside, Found, Row, search_schemes
from assistant.lookup.state import SORTS, State, write_state
from assistant.texts import load_texts, say
from assistant.ui.addresses import list_address, scheme_address
from assistant.ui.chosen import Chip, kroner, name_of, read_chips, read_groups, read_understood
from assistant.ui.passage import guide_language
from assistant.ui.templates import templates
from index.types import ADVICE, Period

_MIN_BESIDE = 2  # letters typed before rules and terms are shown: one letter begins a tenth of them
_MAX_TERMS = 3  # the rules stand below them
_MAX_HELP = 6  # ways out of an empty list


@dataclass(frozen=True)
class Hit:
    """A row as it is shown: what is not known is told as such, and a deadline that is past is no coming one."""

    name: str
    row: Row
    address: str
    status: str
    who: str
    where: str
    amount: str
    deadline: str
    question: str


@dataclass(frozen=True)
class Aside:
    """A rule or a term beside the schemes: what is told of it, where it leads, and a question about it."""

    one: Beside
    text: str
    address: str
    question: str


def render_found(lookup: Lookup, state: State, language: str, today: date, limit: int, notice: str = "") -> str:
    """The schemes that fit, the first `limit` of them; `notice` is told above."""
    found = search_schemes(lookup, state, today, limit)
    said = count_words(found.count, language)
    return (
        templates()
        .get_template("found.html")
        .render(
            **_frame(lookup, found, language, today, by_deadline=False),
            notice=notice,
            heading=say(language, "lookup_count", count=found.count, total=len(lookup.facts.schemes)),
            said=said,
            hits=[_hit(lookup, row, language) for row in found.rows],
            sorts=SORTS,
            rest=found.count - len(found.rows),
            ways_out=list(_ways_out(lookup, state, language, today)) if not found.count else [],
            terms=list(_terms(found, language)),
            rules=list(_rules(lookup, found, language)),
        )
    )


def render_deadlines(lookup: Lookup, state: State, language: str, today: date, notice: str = "") -> str:
    """The deadlines to come by date, then apart those that are known only for an earlier year."""
    found = search_schemes(lookup, state, today, 0)
    every = search_schemes(lookup, replace(state, due_before=None), today)
    deadlines = find_deadlines(lookup, state, today)
    coming = [one for one in deadlines if not one.is_earlier]
    said = say(language, "lookup_coming_one" if len(coming) == 1 else "lookup_coming", count=len(coming))
    return (
        templates()
        .get_template("deadlines.html")
        .render(
            **_frame(lookup, found, language, today, by_deadline=True),
            notice=notice,
            heading=said,
            said=said,
            coming=coming,
            earlier=[one for one in deadlines if one.is_earlier],
            num_undated=sum(row.deadline is None for row in every.rows),
            calendar=f"api/frister.ics?{write_state(state)}".rstrip("?"),
            sources=partial(_sources, language=language),
        )
    )


def render_wrong(message: str, language: str) -> str:
    """A sentence on why there is nothing to show, and the way back to the whole list."""
    return (
        templates()
        .get_template("wrong.html")
        .render(t=load_texts(language), message=message, address=list_address(language))
    )


def count_words(count: int, language: str) -> str:
    """How many schemes fit, as it is also read aloud."""
    return say(language, "lookup_said_one" if count == 1 else "lookup_said", count=count)


def _frame(lookup: Lookup, found: Found, language: str, today: date, *, by_deadline: bool) -> dict[str, object]:
    """What the list and the deadlines have alike."""
    state = found.state
    _, rest = read_typed(state.text, lookup.facts.choices, today)
    chips = list(read_chips(state, language))
    return {
        "t": load_texts(language),
        "guide": Markup(guide_language(language)),  # noqa: S704 - ours
        "found": found,
        "state": state,
        "query": write_state(state),
        "by_deadline": by_deadline,
        "groups": read_groups(found, lookup.facts, language),
        "chips": chips,
        "understood": list(read_understood(found, rest, language)),
        "address": partial(list_address, language, by_deadline=by_deadline),
        "cleared": list_address(language, State(sort=state.sort), by_deadline=by_deadline),
        "views": [
            (view == by_deadline, list_address(language, state, by_deadline=view), say(language, name))
            for view, name in ((False, "lookup_schemes"), (True, "lookup_deadlines"))
        ],
        "say": partial(say, language),
        "day": partial(describe_day, language=language),
        "scheme": partial(scheme_address, language),
    }


def _hit(lookup: Lookup, row: Row, language: str) -> Hit:
    document = lookup.documents[row.id]
    if row.deadline is not None:
        day = describe_day(row.deadline, language)
        deadline = say(language, "lookup_last_known", day=day) if row.is_past else day
    else:
        deadline = say(language, "lookup_rolling" if rolling_deadline(document) else "lookup_deadline_unknown")
    return Hit(
        row.id.rpartition("/")[2],
        row,
        scheme_address(language, row.id),
        name_of("statuses", row.status, language),
        ", ".join(name_of("forms", form, language) for form in row.forms),
        ", ".join(name_of("places", place, language) for place in row.places),
        kroner(row.amount, language) if row.amount is not None else say(language, "lookup_amount_unknown"),
        deadline,
        say(language, "lookup_question_scheme", title=row.title),
    )


def _ways_out(lookup: Lookup, state: State, language: str, today: date) -> Iterator[tuple[str, str, State]]:
    """The choices that leave some schemes when they are taken away, with how many; those that leave most come first."""
    chips = list(read_chips(state, language))
    if state.text:
        chips.append(Chip(say(language, "lookup_chip_text", value=state.text), replace(state, text="")))
    every = Chip(say(language, "lookup_empty_filters"), State(text=state.text, sort=state.sort))
    for ways in (chips, (every,)):  # where no single choice stands in the way, all of them may
        counts = [(search_schemes(lookup, chip.without, today, 0).count, chip) for chip in ways]
        left = sorted((pair for pair in counts if pair[0]), key=lambda pair: -pair[0])[:_MAX_HELP]
        yield from ((chip.label, count_words(count, language), chip.without) for count, chip in left)
        if left:
            return


def _terms(found: Found, language: str) -> Iterator[Aside]:
    terms = [one for one in _beside(found) if one.kind == "begrep"]
    for one in terms[:_MAX_TERMS]:
        others = ", ".join(name for name in one.text.split(", ") if name.casefold() != one.title.casefold())
        question = say(language, "lookup_question_term", title=one.title)
        yield Aside(one, others, list_address(language, State(text=one.title)), question)


def _rules(lookup: Lookup, found: Found, language: str) -> Iterator[Aside]:
    """Rules of schemes, which lead to their place on the card; parts of the guide, which lead to a question."""
    for one in sorted(_beside(found), key=lambda one: one.kind != "regel"):
        if one.kind == "regel":
            yield Aside(one, one.text, f"{scheme_address(language, one.doc_id)}#{one.chunk_id}", "")
        elif one.kind != "begrep":
            asked = next(c.questions for c in lookup.chunks_of[one.doc_id] if c.chunk_id == one.chunk_id)
            yield Aside(one, one.text, "", asked[0].text if asked else f"{one.title}: {one.heading}")


def _beside(found: Found) -> tuple[Beside, ...]:
    return found.beside if len(found.state.text) >= _MIN_BESIDE else ()


def _sources(rule: Rule, language: str) -> Iterator[tuple[str, str]]:
    """Who says the rule, and when it is known for."""
    for source in rule.sources:
        name = say(language, "advice_title") if source.id == ADVICE else f"{source.publisher}: {source.title}"
        yield name, describe_span(Period(source.valid_from, source.valid_to, source.undated), language)
