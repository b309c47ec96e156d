"""The view "Slå opp" as HTML: what each control leads to, in three languages, and what can't be looked up."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qsl

import pytest
from conftest import read_guide
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.lists.whole import list_whole
from assistant.lookup.deadlines import find_deadlines
from assistant.lookup.guide import open_lookup
from assistant.lookup.onward import Onward, find_onward
from assistant.lookup.search import search_schemes
from assistant.lookup.state import CHOICES, EVERYTHING, State, make_state
from assistant.texts import LANGUAGES, say
from assistant.types import Answer, Citation, Receipt, Status
from assistant.ui.addresses import compare_address, list_address, onward_address, scheme_address
from assistant.ui.chosen import KEY_OF, name_of
from assistant.ui.found import render_deadlines, render_found
from assistant.ui.lookup import fragment_routes, render_lookup
from assistant.understand import understand

TODAY = date(2026, 11, 29)
LOOKUP = open_lookup(read_guide())
TOTAL = len(LOOKUP.facts.schemes)
TYPED = "støtte til frivillige i Telemark"


class Page(HTMLParser):
    """The elements of a fragment, each its tag, its attributes and the text within it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = (tag, {name: value or "" for name, value in attrs}, [])
        self.elements.append(element)
        if tag not in ("input", "img", "br", "meta"):
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, _, texts in self._open:
            texts.append(data)

    def all(self, tag: str, **wanted: str) -> list[tuple[dict[str, str], str]]:
        """The elements with the tag and these attributes, where `class_` is one of the classes."""
        return [
            (attrs, " ".join("".join(texts).split()))
            for name, attrs, texts in self.elements
            if name == tag
            and all(
                value in attrs.get("class", "").split()
                if key == "class_"
                else attrs.get(key.replace("_", "-")) == value
                for key, value in wanted.items()
            )
        ]


def page(state: State = EVERYTHING, language: str = "nb", limit: int = 50) -> Page:
    return Page(render_found(LOOKUP, state, language, TODAY, limit))


def deadlines(state: State = EVERYTHING, language: str = "nb") -> Page:
    return Page(render_deadlines(LOOKUP, state, language, TODAY))


def state_at(address: str) -> State:
    """The state of an address of the list."""
    return make_state(parse_qsl(address.partition("?")[2]), LOOKUP.facts.choices)


def count(state: State) -> int:
    return search_schemes(LOOKUP, state, TODAY).count


def values(html: Page) -> Iterator[tuple[str, str, int]]:
    """Key, value and count of each value of a filter that can be ticked."""
    labels = [text for _, text in html.all("label") if text and text.split()[-1].isdigit()]
    boxes = html.all("input", type="checkbox")
    for (attrs, _), label in zip(boxes, labels, strict=True):
        yield attrs["name"], attrs["value"], int(label.split()[-1])


@pytest.mark.parametrize("state", [EVERYTHING, State(text="tilskudd til ungdom", statuses=("åpen",), least=1000)])
def test_every_value_of_a_filter_can_be_ticked_and_says_how_many_it_leaves(state: State) -> None:
    shown = list(values(page(state)))
    assert {(key, value) for key, value, _ in shown} == {
        (KEY_OF[field], value) for field in CHOICES for value in LOOKUP.facts.choices[field]
    }
    for key, value, number in shown:
        field = next(name for name in CHOICES if KEY_OF[name] == key)
        assert count(replace(state, **cast(dict[str, Any], {field: (value,)}))) == number, (key, value)


def test_a_form_that_is_sent_as_it_stands_asks_for_what_is_chosen() -> None:
    state = State(
        forms=("forening",), places=("Telemark",), least=1000, most=900_000, due_before=date(2027, 5, 1),
        valid_on=date(2026, 1, 1), sort="navn",
    )  # fmt: skip
    html = page(state)
    pairs = [(a["name"], a["value"]) for a, _ in html.all("input") if a.get("type") != "checkbox" or "checked" in a]
    [(select, _)] = html.all("select")
    chosen = [(select["name"], attrs["value"]) for attrs, _ in html.all("option") if "selected" in attrs]
    query = "&".join(f"{key}={value}" for key, value in (*pairs, *chosen) if value)
    assert make_state(parse_qsl(query), LOOKUP.facts.choices) == state
    assert {attrs["form"] for attrs, _ in html.all("input")} == {"lookup"}


def test_every_link_of_the_list_can_be_looked_up() -> None:
    everything = State(text="vta", forms=("kommune",), themes=("eldre",), least=5_000)
    for html in (page(State(text=TYPED)), page(everything), page(limit=1), deadlines(State(places=("Vestfold",)))):
        links = [attrs["href"] for attrs, _ in html.all("a", data_view="sla-opp")]
        assert links
        for href in links:
            path, _, query = href.partition("?")
            name = re.fullmatch(r"nb/sla-opp(?:/([a-z0-9-]+)(?:#\w+)?)?", path)
            assert name, href
            if name[1] in (None, "frister"):
                pairs = [(key, value) for key, value in parse_qsl(query) if key != "antall"]
                make_state(pairs, LOOKUP.facts.choices)
            else:
                assert f"ordninger/{name[1]}" in LOOKUP.documents


def test_a_chip_leads_to_the_list_without_it() -> None:
    state = State(text="tilskudd", forms=("forening", "kommune"), least=1000, due_before=date(2027, 1, 1))
    chips = {attrs["aria-label"]: state_at(attrs["href"]) for attrs, _ in page(state).all("a") if "aria-label" in attrs}
    assert chips == {
        "Fjern Forening": replace(state, forms=("kommune",)),
        "Fjern Kommune": replace(state, forms=("forening",)),
        "Fjern Minst 1\u00a0000 kr": replace(state, least=None),
        "Fjern Frist før 1. januar 2027": replace(state, due_before=None),
    }


def test_what_was_read_out_of_the_text_is_taken_away_one_by_one() -> None:
    html = page(State(text=f"{TYPED} over 100 000", statuses=("åpen",)))
    assert say("nb", "lookup_understood") in " ".join(text for _, text in html.all("span"))
    without = {attrs["aria-label"]: state_at(attrs["href"]) for attrs, _ in html.all("a") if "aria-label" in attrs}
    assert without["Fjern Telemark"] == State(text="frivillige", statuses=("åpen",), least=100_001)
    assert without["Fjern Mer enn 100\u00a0000 kr"] == State(
        text="frivillige", statuses=("åpen",), places=("Telemark",)
    )


def test_a_row_says_what_is_known_and_what_is_not() -> None:
    hits = dict(
        zip([attrs["id"] for attrs, _ in page().all("a", data_hit="")], page().all("li", class_="hit"), strict=True)
    )
    rows = {row.id.rpartition("/")[2]: row for row in search_schemes(LOOKUP, EVERYTHING, TODAY).rows}
    for hit, (_, text) in hits.items():
        row = rows[hit.removeprefix("treff-")]
        assert row.title in text and row.short in text
        assert (say("nb", "source_stale") in text) == row.stale
        assert (say("nb", "lookup_some_unconfirmed") in text) == (not row.confirmed)
        assert ("Største beløpIkke kjent" in text) == (row.amount is None)
        assert ("Sist kjente frist" in text) == row.is_past
        if row.deadline is None:
            assert "Ingen kjent dato" in text or "Løpende, hele året" in text


def test_status_is_told_in_words() -> None:
    for status, words in (("åpen", "Åpen"), ("stengt", "Stengt"), ("ukjent", "Ukjent status")):
        assert {text for _, text in page(State(statuses=(status,))).all("span", class_="status")} == {words}


def test_what_is_left_out_for_want_of_an_amount_or_a_deadline_is_told() -> None:
    found = search_schemes(LOOKUP, State(least=1000, due_before=date(2027, 1, 1)), TODAY)
    [(_, text)] = page(found.state).all("p", class_="left-out")
    assert str(found.num_no_amount) in text and str(found.num_no_deadline) in text
    assert page().all("p", class_="left-out") == []


def test_an_empty_list_tells_what_each_choice_stands_in_the_way_of() -> None:
    state = State(text="vta", forms=("kommune",))
    assert len(page(state).all("div", class_="empty")) == 1
    ways = {label: state_at(attrs["href"]) for attrs, label in page(state).all("a") if label.startswith("Ta bort")}
    assert len(ways) == 2
    for label, without in ways.items():
        assert f": {count(without)} ordning" in label
    many = page(State(text="vta", forms=("kommune",), themes=("eldre",)))
    assert [label for _, label in many.all("a") if label.startswith("Ta bort")] == [
        "Ta bort alle filtrene: 6 ordninger passer"
    ]
    [(_, nothing)] = page(State(text="qqqqqqqqqq", forms=("kommune",))).all("div", class_="empty")
    assert "Søkeordene «qqqqqqqqqq»" in nothing


def test_the_first_rows_are_shown_and_a_link_shows_the_rest() -> None:
    html = page(limit=3)
    assert len(html.all("li", class_="hit")) == 3
    assert html.all("h2", class_="count")[0][1] == f"{TOTAL} av {TOTAL} ordninger"
    assert [attrs["href"] for attrs, text in html.all("a") if text == f"Vis alle {TOTAL}"] == [
        f"nb/sla-opp?antall={TOTAL}"
    ]
    assert all(not text.startswith("Vis alle") for _, text in page(limit=TOTAL).all("a"))


def test_terms_and_rules_stand_beside_and_lead_on() -> None:
    html = page(State(text="vta"))
    [(_, terms)] = html.all("ul", class_="terms")
    assert "varig tilrettelagt arbeid" in terms and "VTA" in terms
    rules = [attrs["href"] for attrs, _ in html.all("a") if "#" in attrs["href"]]
    chunks = {chunk.chunk_id: chunk.doc_id for chunk in LOOKUP.catalog.chunks}
    assert rules
    for href in rules:
        path, _, chunk_id = href.partition("#")
        assert scheme_address("nb", chunks[chunk_id]) == path
    assert page(State(text="v")).all("div", class_="beside") == []


def test_a_question_goes_from_each_scheme_and_term_to_the_chat() -> None:
    asked = [attrs["data-ask"] for attrs, _ in page(State(text="vta")).all("button") if "data-ask" in attrs]
    assert "Hva er varig tilrettelagt arbeid?" in asked
    assert all(any(row.title in one for one in asked) for row in search_schemes(LOOKUP, State(text="vta"), TODAY).rows)


def test_deadlines_to_come_stand_apart_from_those_of_earlier_years() -> None:
    state = State(places=("Vestfold",))
    found, html = find_deadlines(LOOKUP, state, TODAY), deadlines(state)
    earlier = [text for _, text in html.all("li", class_="earlier")]
    assert len(html.all("li", class_="due")) == len(found)
    assert len(earlier) == sum(one.is_earlier for one in found) > 0
    assert all(text.startswith("Fristen var") for text in earlier)
    assert [attrs["href"] for attrs, _ in html.all("a") if "ics" in attrs["href"]] == ["api/frister.ics?sted=Vestfold"]
    others = count(state) - len(found)
    assert f"{others} andre ordninger" in html.all("p", class_="left-out")[0][1]


def test_an_address_of_deadlines_keeps_what_is_chosen() -> None:
    state = State(text="rus", statuses=("åpen",))
    views = {text: attrs["href"] for attrs, text in page(state).all("a") if text in ("Ordninger", "Frister")}
    assert views == {
        "Ordninger": list_address("nb", state),
        "Frister": list_address("nb", state, by_deadline=True),
    }
    chips = [attrs["href"] for attrs, _ in deadlines(state).all("a") if attrs.get("aria-label") == "Fjern Åpen"]
    assert chips == [list_address("nb", State(text="rus"), by_deadline=True)]


@pytest.mark.parametrize("language", ["nn", "en"])
def test_the_page_speaks_its_language_and_marks_the_words_of_the_guide(language: str) -> None:
    for html in (page(State(text="vta"), language), deadlines(language=language)):
        texts = {text for _, text in html.all("summary")}
        assert say(language, "lookup_forms") in texts and say("nb", "lookup_forms") not in texts
        titles = html.all("a", data_hit="")
        assert titles and all(attrs["lang"] == "nb" for attrs, _ in titles)
    assert all("lang" not in attrs for attrs, _ in page().all("a", data_hit=""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_of_every_filter_has_a_name(language: str) -> None:
    for field in CHOICES:
        names = [name_of(field, value, language) for value in LOOKUP.facts.choices[field]]
        assert all(names) and len(set(names)) == len(names)


def test_what_is_typed_is_never_markup() -> None:
    bad = '<qqqqqq>"'
    html = render_found(LOOKUP, State(text=bad, forms=("kommune",)), "nb", TODAY, 9)
    assert "<qqq" not in html and f"Søkeordene «{bad}»" in unescape(html)
    assert "<qqq" not in render_deadlines(LOOKUP, State(text=bad), "en", TODAY)


@pytest.mark.parametrize("state", [EVERYTHING, State(text=TYPED, least=5), State(text="vta", forms=("kommune",))])
def test_no_id_stands_twice(state: State) -> None:
    for html in (page(state), deadlines(state)):
        ids = Counter(attrs["id"] for _, attrs, _ in html.elements if "id" in attrs)
        assert ids and max(ids.values()) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_frame_has_a_box_with_a_name_in_the_language(language: str) -> None:
    html = Page(render_lookup(language))
    assert (html.all("label")[0][0]["for"], html.all("input")[0][0]["id"]) == ("slaopp", "slaopp")
    assert html.all("label")[0][1] == say(language, "lookup_label")


@pytest.fixture(scope="module")
def client() -> TestClient:
    """The fragments alone, of the real guide."""
    manifest = SimpleNamespace(version="000001", corpus="abc", built_at="2026-11-29T00:00:00+00:00")
    engine = SimpleNamespace(index=SimpleNamespace(catalog=LOOKUP.catalog, manifest=manifest))
    app = FastAPI()
    app.include_router(fragment_routes(cast(Any, SimpleNamespace(current=lambda: engine))))
    return TestClient(app)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("", 200, f"{TOTAL} av {TOTAL} ordninger"),
        ("?q=vta&antall=2", 200, "6 av"),
        ("/frister?status=stengt", 200, "kommende frist"),
        ("/skattefunn", 200, "Skattefunn"),
        ("/sammenlign?id=skattefunn&id=ordninger/momskompensasjon", 200, "Momskompensasjon"),
        ("?sted=Atlantis", 400, "«Atlantis» er ikke noe «sted» kan være"),
        ("?farge=rød", 400, "Ukjent filter «farge»"),
        ("/frister?frist-f%C3%B8r=i%20morgen", 400, "må være en dato"),
        ("?antall=mange", 400, "må være et helt tall"),
        ("/finnes-ikke", 404, "Fant ingen ordning"),
        ("/sammenlign?id=finnes-ikke&id=skattefunn", 404, "Fant ingen ordning"),
        ("/sammenlign?id=skattefunn", 400, "Velg to til fire ordninger"),
        ("/sammenlign", 400, "Velg to til fire ordninger"),
        ("/skattefunn?som-av=2020-03-40", 400, "må være en dato"),
        ("/skattefunn?som-av=2026-03-01", 200, "2026"),
    ],
)
def test_every_address_of_the_view_has_a_fragment_and_errors_are_such_too(
    client: TestClient, path: str, status: int, words: str
) -> None:
    response = client.get(f"/deler/nb/sla-opp{path}")
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert response.headers["cache-control"] == "no-cache"
    assert words.lower() in unescape(response.text).lower()
    if status != 200:
        assert [attrs["href"] for attrs, _ in Page(response.text).all("a")] == ["nb/sla-opp"]


def test_an_error_is_told_in_the_language_of_the_page(client: TestClient) -> None:
    assert "Fann inga ordning" in client.get("/deler/nn/sla-opp/finst-ikkje").text
    assert "Found no scheme" in client.get("/deler/en/sla-opp/is-not-there").text
    assert client.get("/deler/de/sla-opp").status_code == 422


def test_personal_data_are_not_searched_for_and_not_sent_back(client: TestClient) -> None:
    html = client.get("/deler/nb/sla-opp", params={"q": "vta 15066050251"}).text
    assert "15066050251" not in html
    assert 'data-query="q=vta"' in html and "fødselsnummer" in html


@dataclass(frozen=True)
class Said:
    """A question and the answer of the cards to it, with what they cite."""

    question: str
    answer: Answer


def cite(doc_ids: list[str]) -> tuple[Citation, ...]:
    return tuple(
        Citation(
            n, doc_id, "c", "", (), LOOKUP.documents[doc_id].doc_class, "", 0, 0, True, (), None, None, False, TODAY,
            False, True,
        )
        for n, doc_id in enumerate(doc_ids, 1)
    )  # fmt: skip


def said_by_cards(question: str) -> Said:
    """The answer as `list_whole` writes it."""
    query = understand([question])
    drafts = list_whole(query, LOOKUP.catalog, TODAY)
    assert drafts is not None
    cited = cite([draft.passage.document.doc_id for draft in drafts if draft.passage])
    receipt = Receipt("", "", "", "cards", 0, 1.0, {})
    return Said(question, Answer("a", Status.ANSWERED, "", query.language, cited, receipt=receipt))


def onward(said: Said) -> Onward | None:
    return find_onward(said.answer, said.question, LOOKUP.catalog, TODAY)


@pytest.mark.parametrize(
    ("question", "state"),
    [
        ("Hvilke tilskudd kan en forening i Vestfold søke?", State(forms=("forening",), places=("Vestfold",))),
        ("Hvilke ordninger gir over 100 000 kroner?", State(least=100_001)),
        ("Hvilke tilskudd har Bufdir?", State(managers=("Bufdir",))),
        ("Kva tilskot finst for ungdom?", State(themes=("barn og unge",))),
        ("Which schemes are open now?", State(statuses=("åpen",))),
        ("Hvilke tilskudd finnes i oppstartsfasen?", State(phases=("oppstart",))),
        ("List opp alle ordninger", EVERYTHING),
    ],
)
def test_the_list_of_an_answer_is_the_same_list_in_the_lookup(question: str, state: State) -> None:
    said = said_by_cards(question)
    assert onward(said) == Onward(state=state)
    cited = {citation.doc_id for citation in said.answer.citations}
    assert {row.id for row in search_schemes(LOOKUP, state, TODAY).rows} == cited


def test_a_list_of_deadlines_leads_to_the_deadlines() -> None:
    assert onward(said_by_cards("Hvilke søknadsfrister kommer?")) == Onward(by_deadline=True)
    before = onward(said_by_cards("Hvilke frister er det før mars?"))
    assert before == Onward(state=State(due_before=date(2027, 3, 1)), by_deadline=True)
    assert onward_address("nn", before) == "nn/sla-opp/frister?frist-f%C3%B8r=2027-03-01"


@pytest.mark.parametrize(
    "question",
    [
        "Hvilke frister er det i mars?",  # a filter has no first day
        "Hvilke ordninger har løpende søknadsfrist?",  # no such filter
        "Hvilke historier fra Vestfold har dere?",
    ],
)
def test_a_list_that_the_lookup_can_not_show_is_not_offered(question: str) -> None:
    assert onward(said_by_cards(question)) is None


def test_a_list_that_is_another_in_the_lookup_is_not_offered() -> None:
    said = said_by_cards("Hvilke tilskudd har Bufdir?")
    fewer = replace(said.answer, citations=said.answer.citations[:1])
    assert onward(Said(said.question, fewer)) is None


def test_an_answer_about_a_scheme_leads_to_its_card_and_others_nowhere() -> None:
    scheme, guide = "ordninger/skattefunn", "guide/aksjekapital"
    about = Answer("a", Status.ANSWERED, "", "nb", cite([scheme, guide]))
    assert onward(Said("Hva er Skattefunn?", about)) == Onward((scheme,))
    assert onward_address("nb", Onward((scheme,))) == "nb/sla-opp/skattefunn"
    assert onward(Said("Hva er aksjekapital?", replace(about, citations=cite([guide, scheme])))) is None
    assert onward(Said("Hva er dette?", replace(about, citations=()))) is None


def test_schemes_that_an_answer_compares_are_compared() -> None:
    said = said_by_cards("Hva er forskjellen på midlertidig lønnstilskudd og varig lønnstilskudd?")
    found = onward(said)
    assert found is not None
    assert set(found.doc_ids) == {"ordninger/nav-midlertidig-lonnstilskudd", "ordninger/nav-varig-lonnstilskudd"}
    assert onward_address("en", found) == compare_address("en", found.doc_ids)
    assert compare_address("en", ["ordninger/a", "b"]) == "en/sla-opp/sammenlign?id=a&id=b"
