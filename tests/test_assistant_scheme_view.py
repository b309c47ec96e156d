"""What the page shows of schemes: every value with source and age, as of a day, side by side, no markup but ours."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import lxml.html
import pytest
from conftest import CARD, catalog_of, make_text, read_guide
from scheme_page import MANIFEST, card_of, compared

from assistant.describe import describe_day, describe_span
from assistant.lookup.card import Card, Known, Rule, SourceLine
from assistant.lookup.guide import Lookup, open_lookup
from assistant.lookup.past import Change, as_of
from assistant.lookup.receipt import describe_unknown
from assistant.texts import LANGUAGES, load_texts, say
from assistant.ui.scheme import render_card, render_past, status_of
from index.frontmatter import CARD_FIELDS, UNKNOWN_VALUE
from index.types import ADVICE, Period

TODAY = date(2026, 3, 1)
FUND = "etableringsfondet"
EVIL = "<script>alert('&')</script>"
GUIDE = open_lookup(read_guide())
SCHEMES = [document.doc_id for document in GUIDE.facts.schemes]


@dataclass(frozen=True)
class Shown:
    """A rule on the page: its words, what stands about its origin, and where that leads."""

    text: str
    origin: str
    links: tuple[str, ...]


def tree(html: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(html)


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def shown(element: lxml.html.HtmlElement) -> Iterator[Shown]:
    """Each rule below the element; one that says no more than "not known" has no words of its own."""
    for group in element.find_class("group"):
        origin = group.find_class("origin")[0]
        links = tuple(link.get("href") for link in origin.iter("a"))
        told = [words(item.find("span")) for item in group.iter("li")] or [""]
        yield from (Shown(text, words(origin), links) for text in told)


def period_of(source: SourceLine, language: str) -> str:
    return describe_span(Period(source.valid_from, source.valid_to, source.undated), language)


def check_rule(rule: Rule, one: Shown, language: str) -> None:
    """The rule stands there in its own words, with every source, its period, and what to be careful with."""
    assert one.text == ("" if rule.text == UNKNOWN_VALUE else " ".join(rule.text.split()))
    for source in rule.sources:
        if source.id == ADVICE:
            assert say(language, "advice_title") in one.origin
            continue
        assert " ".join(f"{source.publisher}: {source.title}".split()) in one.origin
        assert period_of(source, language) in one.origin
        assert source.url is None or any(link.startswith(source.url) for link in one.links)
    assert (say(language, "source_stale") in one.origin) == rule.stale
    assert (say(language, "source_unconfirmed") in one.origin) == (not rule.confirmed)


def check_card(card: Card, language: str, today: date) -> None:
    page = tree(render_card(card, MANIFEST, language, today))
    sections = page.find_class("fact")
    assert len(sections) == len(card.fields) == len(CARD_FIELDS)
    for field, section in zip(card.fields, sections, strict=True):
        assert section.find(".//h3").get("id") == field.chunk_id
        rules = [value.rule for value in field.values]
        for rule, one in zip(rules, shown(section), strict=True):
            check_rule(rule, one, language)
        note = describe_unknown(field, card.checked, language)
        assert [words(one) for one in section.find_class("unknown")] == ([note] if note else [])
        assert len(section.find_class("history")) == bool(field.history)
    rules = [rule for section in card.sections for rule in section.rules]
    below = page.find_class("rules")
    told = [one for section in below for one in shown(section)]
    for rule, one in zip(rules, told, strict=True):
        check_rule(rule, one, language)
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(set(ids)) == len(ids)
    assert {section.id for section in card.sections} <= set(ids)
    places = [link.get("href").partition("#")[2] for link in page.find_class("contents")[0].iter("a")]
    assert set(places) <= set(ids)


@pytest.fixture
def lookup(corpus_dir: Path) -> Lookup:
    return open_lookup(catalog_of(corpus_dir))


# The card


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("today", [TODAY, date(2027, 3, 1)])
def test_every_value_and_rule_of_a_card_stands_there_with_sources_and_age(
    lookup: Lookup, language: str, today: date
) -> None:
    check_card(card_of(lookup, FUND, today), language, today)


def test_every_value_and_rule_of_every_scheme_of_the_guide_stands_there_with_sources_and_age() -> None:
    assert len(SCHEMES) == len(list((Path(__file__).parent.parent / "corpus" / "ordninger").glob("*.md")))
    for doc_id in SCHEMES:
        check_card(card_of(GUIDE, doc_id, date(2026, 12, 1)), "nb", date(2026, 12, 1))


def test_a_field_that_is_not_known_says_so_and_since_when_and_where_it_does_not_stand(lookup: Lookup) -> None:
    page = tree(render_card(card_of(lookup, FUND, TODAY), MANIFEST, "nb", TODAY))
    field = next(one for one in page.find_class("fact") if words(one).startswith("Kombinasjon"))
    assert "Ikke kjent (sist kontrollert 1. februar 2026)" in words(field)
    assert "Ikke bekreftet av noen kilde" in words(field)
    later = tree(render_card(card_of(lookup, FUND, date(2027, 1, 2)), MANIFEST, "nb", date(2027, 1, 2)))
    amount = next(one for one in later.find_class("fact") if words(one).startswith("Beløp"))
    assert "Ikke kjent etter 31. desember 2026" in words(amount)


def test_where_nothing_is_said_the_sources_are_those_it_does_not_stand_in() -> None:
    card = card_of(GUIDE, "nav-sosialt-entreprenorskap", TODAY)
    field = next(field for field in card.fields if field.name == "egenandel")
    assert field.known is Known.NOT
    page = tree(render_card(card, MANIFEST, "nb", TODAY))
    section = page.get_element_by_id(field.chunk_id).getparent().getparent()
    assert words(section.find_class("origin")[0]).startswith("Står ikke i: Nav:")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nav-sosialt-entreprenorskap", ("Ikke kjent om den er åpen", "sist kjent 2021")),
        ("nav-mentor", ("Åpen", "Kjent fra 2. juli 2026")),
        ("startoff", ("Stengt", "Kjent fra 2024")),
        ("imdi-frivillige-organisasjoner", ("Ikke kjent om den er åpen", "Sist kontrollert 23. november 2026")),
        ("bank-og-mikrolan", ("Ikke kjent om den er åpen", "Sist kontrollert 23. november 2026")),
    ],
)
def test_the_status_stands_on_top_with_its_age(name: str, told: tuple[str, str]) -> None:
    today = date(2026, 12, 1)
    card = card_of(GUIDE, name, today)
    assert status_of(card, "nb", today) == told
    head = tree(render_card(card, MANIFEST, "nb", today)).find("header")
    assert words(head.find_class("standing")[0]) == " ".join(told)


def test_the_history_of_a_field_has_each_year_newest_first() -> None:
    card = card_of(GUIDE, "nav-sosialt-entreprenorskap", TODAY)
    page = tree(render_card(card, MANIFEST, "nb", TODAY))
    for field in (field for field in card.fields if field.history):
        section = page.get_element_by_id(field.chunk_id).getparent().getparent()
        years = [words(one) for one in section.find_class("history")[0].iter("dt")]
        assert years == [describe_span(Period(year.valid_from, year.valid_to), "nb") for year in field.history]


def test_stories_templates_and_offices_tell_why_they_are_there_and_templates_can_be_had() -> None:
    card = card_of(GUIDE, "nav-arbeidstrening", TODAY)
    page = tree(render_card(card, MANIFEST, "nb", TODAY))
    told = [words(one) for section in page.find_class("beside") for one in section.iter("li")]
    assert len(told) == len(card.related) + len(card.ask) > 0
    for one, text in zip([*card.related, *card.ask], told, strict=True):
        assert one.title in text
        assert {"nevner": f"nevner «{one.name}»", "lenke": "lenket", "forvalter": "forvalter"}[one.why] in text
    links = {link.get("href") for link in page.iter("a") if link.get("download") is not None}
    templates = [one.doc_id for one in card.related if one.doc_class == "mal"]
    assert links == {f"{doc_id}.{kind}" for doc_id in templates for kind in ("docx", "md")}


def test_long_sections_are_one_part_of_the_page_and_an_empty_heading_holds_those_below() -> None:
    page = tree(render_card(card_of(GUIDE, "statsforvalteren-tilskudd", TODAY), MANIFEST, "nb", TODAY))
    titles = [words(one) for section in page.find_class("rules") for one in section.iter("h3", "h4")]
    assert titles.count("Hvilken ordning passer til hva?") == 1
    page = tree(render_card(card_of(GUIDE, "bank-og-mikrolan", TODAY), MANIFEST, "nb", TODAY))
    levels = [int(one.tag[1]) for one in page.iter("h1", "h2", "h3", "h4")]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert 4 in levels


def test_each_rule_each_field_and_the_card_can_be_copied(lookup: Lookup) -> None:
    card = card_of(lookup, FUND, TODAY)
    page = tree(render_card(card, MANIFEST, "nb", TODAY))
    assert (page.get("data-scheme"), page.get("data-language")) == (FUND, "nb")
    receipts = {one.get("data-rules") for one in page.iter("button") if one.get("data-copy") == "receipt"}
    known = {rule.id for rule in card.rules()} - {rule.id for rule in card.short}
    assert "" in receipts
    assert known <= {rule_id for some in receipts for rule_id in some.split()}
    requirements = next(field for field in card.fields if field.name == "krav")
    ids = [value.rule.id for value in requirements.values]
    assert {" ".join(ids), *ids} <= receipts
    named = [one.get("aria-label") or words(one) for one in page.iter("button") if one.get("data-copy")]
    assert set(named) == {"Kopier kvittering", "Kopier APA-referanse"}


def test_advice_and_what_no_source_confirms_has_no_reference_to_copy(lookup: Lookup) -> None:
    card = card_of(lookup, FUND, TODAY)
    page = tree(render_card(card, MANIFEST, "nb", TODAY))
    without = {rule.id for rule in card.rules() if not any(source.id != ADVICE for source in rule.sources)}
    assert without
    references = {one.get("data-rules") for one in page.iter("button") if one.get("data-copy") == "apa"}
    assert not without & {rule_id for some in references for rule_id in some.split()}


def test_the_card_can_be_asked_about_compared_and_printed(lookup: Lookup) -> None:
    page = tree(render_card(card_of(lookup, FUND, TODAY), MANIFEST, "nb", TODAY))
    buttons = {name: [b for b in page.iter("button") if b.get(name) is not None] for name in ("data-ask", "data-pick")}
    assert "Etableringsfondet" in buttons["data-ask"][0].get("data-ask")
    assert buttons["data-pick"][0].get("data-pick") == f"ordninger/{FUND}"
    assert MANIFEST.version in words(page.find_class("version")[0])


# As of a date


@pytest.mark.parametrize("day", [date(2016, 6, 1), date(2020, 12, 1), date(2023, 1, 1), date(2026, 12, 1)])
def test_a_card_as_of_a_day_shows_what_held_and_marks_what_differs(day: date) -> None:
    today = date(2026, 12, 1)
    for doc_id in SCHEMES[::4]:
        card = card_of(GUIDE, doc_id, today)
        past = as_of(card, day, today)
        page = tree(render_past(card, past, MANIFEST, "nb"))
        for field, section in zip(past.fields, page.find_class("fact"), strict=True):
            for change in Change:
                expected = [one.value.rule.text for one in field.values if one.change is change]
                groups = section.find_class(change.name.lower())
                told = [words(item.find("span")) for group in groups for item in group.iter("li")]
                assert told == [" ".join(text.split()) for text in expected]
                assert all(say("nb", f"scheme_change_{change.replace(' ', '_')}") in words(one) for one in groups)
            held = any(one.change in (Change.SAME, Change.ONLY_THEN) for one in field.values)
            assert (f"Ikke kjent for {describe_day(day, 'nb')}" in words(section)) == (not held)
            assert bool(section.find_class("head")[0].find_class("differs")) == field.differs
        assert f"{past.count} opplysninger" in words(page.find_class("then")[0])
        assert not page.find_class("rules")


def test_the_day_can_be_chosen_shared_and_left(lookup: Lookup) -> None:
    card = card_of(lookup, FUND, TODAY)
    now = tree(render_card(card, MANIFEST, "nn", TODAY))
    form = next(now.iter("form"))
    assert form.get("action") == f"nn/sla-opp/{FUND}"
    day = next(one for one in form.iter("input"))
    assert (day.get("type"), day.get("name"), day.get("value")) == ("date", "som-av", "2026-03-01")
    past = tree(render_past(card, as_of(card, date(2025, 1, 1), TODAY), MANIFEST, "nn"))
    links = [link.get("href") for link in next(past.iter("form")).iter("a")]
    assert links == [f"nn/sla-opp/{FUND}"]
    places = [link.get("href") for link in past.find_class("contents")[0].iter("a")]
    assert all(place.startswith(f"nn/sla-opp/{FUND}?som-av=2025-01-01#") for place in places)
    assert not past.find_class("standing")  # which is that of today
    copies = [one.get("data-day") for one in past.find("header").iter("button") if one.get("data-copy")]
    assert set(copies) == {"2025-01-01"}


# Side by side


def test_a_comparison_has_every_value_of_each_card_with_source_and_age_and_marks_what_differs() -> None:
    today = date(2026, 12, 1)
    names = ["nav-mentor", "nav-inkluderingstilskudd", "stiftelsen-dam"]
    page = tree(compared(GUIDE, names, "nb", today))
    cards = [card_of(GUIDE, name, today) for name in names]
    _, *rows = page.find(".//tbody").findall("tr")
    assert len(rows) == len(CARD_FIELDS)
    for place, row in enumerate(rows):
        cells = row.findall("td")
        assert [cell.get("data-head") for cell in cells] == [card.title for card in cards]
        for card, cell in zip(cards, cells, strict=True):
            for value, one in zip(card.fields[place].values, shown(cell), strict=True):
                check_rule(value.rule, one, "nb")
        differs = "Ulikt" in words(row.find("th"))
        assert differs != ("Likt" in words(row.find("th")))
        assert differs == (row.get("class") == "unlike")


def test_whether_they_combine_stands_on_top_with_whose_card_says_so() -> None:
    today = date(2026, 12, 1)
    page = tree(compared(GUIDE, ["nav-mentor", "nav-inkluderingstilskudd", "startoff"], "nb", today))
    top = page.find_class("combine")[0]
    pairs = [words(one) for one in top.find("ul").findall("li")]
    assert len(pairs) == 3
    assert pairs[0].startswith("Mentortilskudd fra Nav + Inkluderingstilskudd fra Nav")
    assert "Fra kortet til Mentortilskudd fra Nav: Mentor brukes ofte sammen med" in pairs[0]
    assert "Lovdata" in pairs[0]
    assert all("Ikke kjent: kortene sier ikke noe om akkurat disse to." in pair for pair in pairs[1:])


@pytest.mark.parametrize(
    ("names", "without"),
    [
        (["nav-mentor", "startoff"], "nb/sla-opp/startoff"),
        (["nav-mentor", "startoff", "frifond"], "nb/sla-opp/sammenlign?id=startoff&id=frifond"),
    ],
)
def test_one_can_be_taken_away_and_others_added(names: list[str], without: str) -> None:
    page = tree(compared(GUIDE, names, "nb", TODAY))
    assert page.find_class("remove")[0].get("href") == without
    form = next(page.iter("form"))
    assert [one.get("value") for one in form.iter("input")] == names
    choices = [one.get("value") for one in form.iter("option")]
    assert len(choices) == 1 + len(SCHEMES) - len(names)
    assert not set(names) & set(choices)


def test_to_four_schemes_no_more_can_be_added() -> None:
    names = ["nav-mentor", "startoff", "frifond", "stiftelsen-dam"]
    assert not list(tree(compared(GUIDE, names, "nb", TODAY)).iter("form"))


# Whatever stands in the guide


def test_nothing_of_the_guide_becomes_markup(corpus_dir: Path, write: Callable[[Path, str], Path]) -> None:
    sources = (corpus_dir / "kilder.yaml").read_text(encoding="utf-8")
    write(corpus_dir / "kilder.yaml", sources.replace("tittel: Lov om fond", f'tittel: "{EVIL}"'))
    card = CARD.replace("krever en skriftlig plan", f"krever {EVIL}")
    body = f"## Om {EVIL}\n\nDu kan klage {EVIL}.[^lov-om-fond]\n"
    text = make_text(title=f"'Fondet {EVIL.replace(chr(39), chr(39) * 2)}'", card=card, body=body)
    write(corpus_dir / "ordninger/etableringsfondet.md", text)
    write(corpus_dir / "ordninger/annet.md", make_text(title="Annet", card=CARD))
    lookup = open_lookup(catalog_of(corpus_dir))
    one = card_of(lookup, FUND, TODAY)
    assert EVIL in one.title
    pages = (
        render_card(one, MANIFEST, "en", TODAY),
        render_past(one, as_of(one, TODAY, TODAY), MANIFEST, "en"),
        compared(lookup, [FUND, "annet"], "en", TODAY),
    )
    for html in pages:
        assert "<script" not in html
        assert EVIL in tree(html).text_content()
        assert not re.search(r"\s(?:style|on\w+)=", html)


@pytest.mark.parametrize("language", ["nn", "en"])
def test_the_words_of_the_guide_say_that_they_are_bokmaal_and_ours_are_in_the_language_of_the_page(
    lookup: Lookup, language: str
) -> None:
    page = tree(render_card(card_of(lookup, FUND, TODAY), MANIFEST, language, TODAY))
    marked = [words(one) for one in page.iter() if one.get("lang") == "nb"]
    for text in (
        "Etableringsfondet",
        "Etableringsfondet krever et regnskap.",
        "Slik behandles søknaden",
        "Lov om fond",
    ):
        assert text in marked
    assert say(language, "scheme_copy_receipt") in words(page)
    assert say(language, "card_krav") in [words(one) for one in page.iter("h3")]


def test_the_fields_are_called_on_the_page_what_the_guide_calls_them() -> None:
    assert {name: say("nb", f"card_{name}") for name in CARD_FIELDS} == CARD_FIELDS
    assert {key for key in load_texts("nb") if key.startswith("card_")} == {f"card_{name}" for name in CARD_FIELDS}
