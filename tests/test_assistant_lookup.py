"""Search and filters: whatever is chosen, the list is what a plain loop over the cards finds, and so is each count."""

from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest
from conftest import read_guide
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.lists.cards import largest_amount, own_words, state_of
from assistant.lists.managers import manages
from assistant.lists.schemes import holds_in, is_on_theme
from assistant.lookup.guide import Lookup, open_lookup
from assistant.lookup.search import Found, search_schemes
from assistant.lookup.state import CHOICES, SORTS, State, StateError, make_state, write_state
from assistant.lookup.words import WordIndex
from index.deadlines import deadlines_of
from index.document import Document
from index.statements import plain

TODAY = date(2026, 11, 29)
SLOW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LOOKUP: Lookup = open_lookup(read_guide())
DAYS = st.dates(date(2015, 1, 1), date(2029, 1, 1))


@st.composite
def states(draw: st.DrawFn, text: str = "") -> State:
    """Any combination of filters, each often left out."""
    chosen = {
        field: tuple(draw(st.lists(st.sampled_from(LOOKUP.facts.choices[field]), max_size=2, unique=True)))
        if draw(st.booleans())
        else ()
        for field in CHOICES
    }
    amounts = st.none() | st.integers(0, 5_000_000)
    days = st.none() | DAYS
    return State(
        text=text,
        least=draw(amounts),
        most=draw(amounts),
        due_before=draw(days),
        valid_on=draw(days),
        sort=draw(st.sampled_from(("", *SORTS))),
        **chosen,
    )


def fits(document: Document, state: State) -> bool:
    """What the filters mean, one scheme at a time, straight from the card."""
    amount = largest_amount(document)
    forms = {form for value in document.card if value.field == "hvem_kan_søke" for form in value.forms}
    periods = [mark.period for value in document.card for mark in value.statement.marks]
    confirmed = all(
        any(mark.source_id != "ubekreftet" for mark in value.statement.marks)
        for value in document.card
        if plain(document.text[value.statement.start : value.statement.end]) != "Ikke kjent"
    )
    checks = [
        not state.forms or forms & set(state.forms),
        not state.themes or any(is_on_theme(theme, own_words(document)) for theme in state.themes),
        not state.managers or any(manages(name.lower().replace("-", " "), document) for name in state.managers),
        not state.places or any(holds_in(document, place) for place in state.places),
        not state.phases or set(document.phases) & set(state.phases),
        not state.statuses or state_of(document) in state.statuses,
        not state.confirmed or ("ja" if confirmed else "nei") in state.confirmed,
        state.least is None or (amount is not None and amount[0] >= state.least),
        state.most is None or (amount is not None and amount[0] <= state.most),
    ]
    if state.due_before:
        last = state.due_before - timedelta(days=1)
        first = TODAY if last >= TODAY else date.min
        checks.append(any(first <= day <= last for day, _ in deadlines_of(document, TODAY)))
    if state.valid_on:
        on = state.valid_on
        checks.append(
            any((p.start or p.end) and not p.undated and (p.start or on) <= on <= (p.end or on) for p in periods)
        )
    return all(checks)


def by_loop(state: State) -> set[str]:
    return {d.doc_id for d in LOOKUP.catalog.documents if d.card and fits(d, state)}


def search(text: str = "", **filters: object) -> Found:
    return search_schemes(LOOKUP, State(text=text, **filters), TODAY)  # type: ignore[arg-type]


def ids(found: Found) -> list[str]:
    return [row.id.removeprefix("ordninger/") for row in found.rows]


@SLOW
@given(states())
def test_every_combination_of_filters_gives_what_a_plain_loop_gives(state: State) -> None:
    found = search_schemes(LOOKUP, state, TODAY)
    assert {row.id for row in found.rows} == by_loop(state)
    assert found.count == len(found.rows)


@settings(SLOW, max_examples=40)
@given(states(), st.sampled_from(("", "tilskudd til ungdom", "lønnstilskott", "støtte i Telemark")), st.data())
def test_the_count_of_a_filter_is_what_choosing_it_gives(state: State, text: str, data: st.DataObject) -> None:
    state = State(**{**vars(state), "text": text})
    facet = data.draw(st.sampled_from(search_schemes(LOOKUP, state, TODAY).facets))
    chosen = State(**{**vars(state), facet.field: (facet.value,)})
    assert search_schemes(LOOKUP, chosen, TODAY).count == facet.count
    assert facet.chosen == (facet.value in getattr(state, facet.field))


@SLOW
@given(states(text="vta & mer = 50 %"))
def test_the_address_gives_the_state_back(state: State) -> None:
    assert make_state(parse_qsl(write_state(state)), LOOKUP.facts.choices) == state


def test_the_address_has_norwegian_keys_and_only_what_is_chosen() -> None:
    assert write_state(State()) == ""
    query = write_state(State(text="rus", forms=("forening",), places=("Vestfold", "Telemark"), least=1000))
    assert query == "q=rus&kan-s%C3%B8ke=forening&sted=Vestfold&sted=Telemark&minst=1000"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("farge=rød", ["farge", "kan-søke", "sted"]),
        ("sted=Atlantis", ["Atlantis", "sted", "Telemark"]),
        ("status=halvåpen", ["halvåpen", "åpen, stengt, ukjent"]),
        ("gjelder=2020-13-01", ["gjelder", "2020-13-01", "2026-12-31"]),
        ("minst=mye", ["minst", "mye", "kroner"]),
        ("minst=-5", ["minst"]),
        ("sorter=farge", ["sorter", "navn"]),
    ],
)
def test_what_an_address_can_not_have_is_told_in_norwegian(query: str, words: list[str]) -> None:
    with pytest.raises(StateError) as caught:
        make_state(parse_qsl(query), LOOKUP.facts.choices)
    for word in words:
        assert word in str(caught.value)
    assert caught.value.tell("en") != caught.value.tell("nn") != str(caught.value)


def test_values_are_read_in_any_case_and_amounts_with_spaces() -> None:
    state = make_state(parse_qsl("sted=vestfold&kan-søke=Forening&minst=100 000&q="), LOOKUP.facts.choices)
    assert state == State(forms=("forening",), places=("Vestfold",), least=100_000)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("vta", {"nav-vta-skjermet-virksomhet", "nav-vta-ordinaer-virksomhet"}),
        ("skattefu", {"skattefunn"}),
        ("lønnstilskott", {"nav-midlertidig-lonnstilskudd", "nav-varig-lonnstilskudd"}),
        ("lønstilskot", {"nav-midlertidig-lonnstilskudd", "nav-varig-lonnstilskudd"}),
        ("wage subsidy", {"nav-midlertidig-lonnstilskudd", "nav-varig-lonnstilskudd"}),
        ("momskompesasjon", {"momskompensasjon"}),
        ("grasrot", {"grasrotandelen"}),
        ("DT-0131", {"nav-sosialt-entreprenorskap"}),
        ("kvp", {"nav-kvalifiseringsprogrammet"}),
    ],
)
def test_a_name_an_abbreviation_a_beginning_or_a_mistake_finds_the_scheme(typed: str, first: set[str]) -> None:
    assert first <= set(ids(search(typed))[: len(first)])


def test_every_scheme_is_found_first_by_its_own_title() -> None:
    missed = [d.title for d in LOOKUP.facts.schemes if f"ordninger/{ids(search(d.title))[0]}" != d.doc_id]
    assert missed == []


def test_a_place_in_the_text_is_understood_as_a_filter_and_shown() -> None:
    found = search("støtte til frivillige i Telemark")
    assert found.understood == State(places=("Telemark",))
    assert {row.id for row in found.rows} <= by_loop(State(places=("Telemark",)))
    assert "vestfold-tilskudd-til-inkludering" not in ids(found)
    assert "imdi-frivillige-organisasjoner" in ids(found)[:5]


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("tilskudd for foreninger", State(forms=("forening",))),
        ("over 500 000 kroner", State(least=500_001)),
        ("inntil 50 000 kr", State(most=50_000)),
        ("frist før jul", State(due_before=date(2026, 12, 24))),
        ("hos Husbanken", State(managers=("Husbanken",))),
        ("i Vestfold og Telemark", State(places=("Vestfold", "Telemark"))),
        ("stengte ordninger", State(statuses=("stengt",))),
        ("Telemark", State()),
        ("forening", State()),
        ("2026", State()),
    ],
)
def test_words_are_filters_only_where_they_stand_as_such(typed: str, understood: State) -> None:
    found = search(typed)
    assert found.understood == understood
    if understood != State():
        assert {row.id for row in found.rows} == by_loop(understood)


def test_a_filter_in_the_text_that_leaves_nothing_is_searched_for_as_words() -> None:
    found = search("skattefunn for kommuner")
    assert found.understood == State()
    assert ids(found)[0] == "skattefunn"


def test_terms_and_rules_stand_beside_the_schemes() -> None:
    beside = search("vta").beside
    assert beside[0].kind == "begrep"
    assert beside[0].title == "varig tilrettelagt arbeid"
    rules = [one for one in beside if one.kind == "regel"]
    chunks = {chunk.chunk_id: chunk for chunk in LOOKUP.catalog.chunks}
    assert rules
    assert all(chunks[one.chunk_id].doc_id == one.doc_id for one in rules)
    assert search("").beside == ()


def test_who_runs_schemes_is_what_stands_beside_where_the_text_names_nothing_else() -> None:
    beside = search("over 100 000 hos Nav").beside
    assert beside
    assert all("nav" in f"{one.title} {one.heading} {one.text}".lower() for one in beside)


def test_only_places_of_the_country_are_filters() -> None:
    assert {"Danmark", "Sverige"}.isdisjoint(LOOKUP.facts.choices["places"])


def test_what_is_left_out_for_want_of_an_amount_is_counted() -> None:
    found = search(least=1000)
    without = [d for d in LOOKUP.facts.schemes if largest_amount(d) is None]
    assert found.num_no_amount == len(without)
    assert search().num_no_amount == 0


def test_lists_are_in_the_order_asked_for() -> None:
    amounts = [row.amount for row in search(sort="beløp").rows]
    known = [amount for amount in amounts if amount is not None]
    assert known == sorted(known, reverse=True) == amounts[: len(known)]
    deadlines = [row.deadline for row in search(sort="frist").rows if not row.is_past and row.deadline]
    assert deadlines == sorted(deadlines)
    titles = [row.title for row in search(sort="navn").rows]
    assert titles == sorted(titles)
    assert [row.status for row in search().rows][-1] == "stengt"


def test_a_limit_shortens_the_rows_and_not_the_count() -> None:
    found = search_schemes(LOOKUP, State(), TODAY, limit=3)
    assert (len(found.rows), found.count) == (3, len(LOOKUP.facts.schemes))


@SLOW
@given(st.text(max_size=60))
def test_anything_can_be_typed(text: str) -> None:
    assert search(text).count <= len(LOOKUP.facts.schemes)


def shares(index: WordIndex, query: str) -> list[float]:
    return [round(float(share), 2) for share in index.search([query])[1]]


def test_only_the_last_word_may_be_just_begun() -> None:
    index = WordIndex([[(1.0, "fond ungdom")], [(1.0, "fondet sport")]])
    assert shares(index, "ungd") == [1.0, 0.0]
    assert shares(index, "un fond") == [0.5, 0.5]
    assert shares(index, "un ") == [0.0, 0.0]


def test_the_very_word_weighs_more_than_its_forms_and_its_beginning() -> None:
    index = WordIndex([[(1.0, "hagene")], [(1.0, "hage")], [(1.0, "hagestue")]])
    scores, _ = index.search(["hage"])
    assert scores[1] > scores[0] > scores[2] > 0


def test_an_empty_guide_finds_nothing() -> None:
    scores, _ = WordIndex([]).search(["noe"])
    assert len(scores) == 0


def _facets_of(found: Found, field: str) -> Iterator[tuple[str, int]]:
    return ((facet.value, facet.count) for facet in found.facets if facet.field == field)


def test_counts_of_one_filter_do_not_depend_on_its_own_choice() -> None:
    assert dict(_facets_of(search(statuses=("åpen",)), "statuses")) == dict(_facets_of(search(), "statuses"))
    assert sum(count for _, count in _facets_of(search(), "statuses")) == len(LOOKUP.facts.schemes)
