"""Cards, dates, comparisons, receipts and calendars: each says what the card says, with its source and its age."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import CARD, WordSumEmbedder, catalog_of, make_text, read_guide
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from starlette.testclient import TestClient

from assistant.api import create_api
from assistant.cli import main
from assistant.config import Config
from assistant.live import LiveEngine
from assistant.lookup.card import Card, Known, SourceLine, read_card
from assistant.lookup.compare import compare_cards
from assistant.lookup.deadlines import find_deadlines, write_calendar
from assistant.lookup.guide import Lookup, open_lookup
from assistant.lookup.past import Change, as_of
from assistant.lookup.receipt import write_receipt
from assistant.lookup.refer import refer
from assistant.lookup.state import State, StateError
from assistant.record.questions import QuestionStore
from assistant.record.recorder import Recorder
from index.versions import Manifest

TODAY = date(2026, 3, 1)
FUND = "ordninger/etableringsfondet"
MANIFEST = Manifest("000001-abcdef12", 3, "korpus1", "h", "m", "f", "c", 1, 1, "2026-02-02T10:00:00+01:00")
GUIDE = open_lookup(read_guide())
SCHEMES = [document.doc_id for document in GUIDE.facts.schemes]


@pytest.fixture
def lookup(corpus_dir: Path) -> Lookup:
    return open_lookup(catalog_of(corpus_dir))


@pytest.fixture
def with_scheme(corpus_dir: Path, write: Callable[[Path, str], Path]) -> Callable[..., Lookup]:
    """The tiny guide with a second scheme, whose card is that of the fund with parts replaced."""

    def add(**replaced: str) -> Lookup:
        card = CARD.replace("Etableringsfondet", "Trygghetsfondet").replace("etableringsfondet", "trygghetsfondet")
        for field, value in replaced.items():
            card, count = re.subn(rf"  {field}:\n(?:    .*\n)+", f"  {field}:\n{value}", card)
            assert count == 1
        write(corpus_dir / "ordninger/trygghetsfondet.md", make_text(title="Trygghetsfondet", card=card))
        return open_lookup(catalog_of(corpus_dir))

    return add


def card_of(lookup: Lookup, doc_id: str = FUND, today: date = TODAY) -> Card:
    card = read_card(lookup, doc_id, today)
    assert card is not None
    return card


def value(text: str, source: str, **more: str) -> str:
    extra = "".join(f"      {key}: {word}\n" for key, word in more.items())
    return f'    - verdi: "{text}"\n{extra}      kilde: [{source}]\n'


# Cards


def test_every_value_of_a_card_has_its_source_its_period_and_its_id(lookup: Lookup) -> None:
    fields = {field.name: field for field in card_of(lookup).fields}
    assert len(fields) == 13
    amount = fields["beløp"].values[0]
    assert (amount.kroner, amount.rule.text) == (200_000, "Etableringsfondet gir inntil 200 000 kroner.")
    source = amount.rule.sources[0]
    assert (source.publisher, source.url) == ("Fjord fylkeskommune", "https://example.org/fylket")
    assert (source.valid_from, source.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))
    ids = [rule.id for rule in card_of(lookup).rules()]
    assert len(set(ids)) == len(ids)
    assert ids == [rule.id for rule in card_of(lookup).rules()]


def test_a_scheme_is_found_by_its_name_alone_and_another_document_is_no_scheme(lookup: Lookup) -> None:
    assert card_of(lookup, "etableringsfondet").id == FUND
    assert read_card(lookup, "guide/aksjekapital", TODAY) is None
    assert read_card(lookup, "finnes-ikke", TODAY) is None


def test_a_value_past_its_period_is_flagged_and_its_field_known_only_before(lookup: Lookup) -> None:
    later = {field.name: field for field in card_of(lookup, today=date(2027, 1, 2)).fields}
    assert (later["beløp"].known, later["beløp"].known_until) == (Known.BEFORE, date(2026, 12, 31))
    assert later["beløp"].values[0].rule.stale
    assert later["krav"].known is Known.NOW
    assert not later["krav"].values[0].rule.stale


def test_a_field_without_a_known_value_says_so(with_scheme: Callable[..., Lookup]) -> None:
    lookup = with_scheme(
        beløp=value("Beløpet i trygghetsfondet er ikke kjent.", "fylket-frister@2026"),
        varighet=value("Hvor lenge støtten varer, er ikke kjent.", "fylket-frister@2026"),
        egenandel=value("Egenandelen er ti prosent, men taket er ikke kjent.", "fylket-frister@2026"),
        søknad=value("Søknaden sendes på papir.", "kommunen-frister@udatert"),
    )
    known = {field.name: field.known for field in card_of(lookup, "trygghetsfondet").fields}
    assert known["beløp"] is known["varighet"] is known["kombinasjon"] is Known.NOT
    assert known["egenandel"] is Known.NOW
    assert known["søknad"] is Known.UNDATED


def test_values_of_several_years_are_a_history_newest_first(with_scheme: Callable[..., Lookup]) -> None:
    old, new = value("Trygghetsfondet ga 100 kroner.", "fylket-frister@2025"), value("Nå 200.", "fylket-frister@2026")
    fields = {field.name: field for field in card_of(with_scheme(beløp=old + new), "trygghetsfondet").fields}
    years = [(year.valid_from, [rule.text for rule in year.rules]) for year in fields["beløp"].history]
    assert years == [
        (date(2026, 1, 1), ["Nå 200."]),
        (date(2025, 1, 1), ["Trygghetsfondet ga 100 kroner."]),
    ]
    assert fields["krav"].history == ()


def test_sections_carry_the_ids_that_answers_cite(lookup: Lookup) -> None:
    sections = card_of(lookup).sections
    assert [section.heading_path[-1] for section in sections] == ["Slik behandles søknaden", "Klage"]
    assert {section.id for section in sections} <= {chunk.chunk_id for chunk in lookup.catalog.chunks}
    assert sections[1].rules[0].text == "Du kan klage på et avslag fra etableringsfondet."


def test_a_line_that_opens_a_list_leads_its_first_point() -> None:
    card = card_of(GUIDE, "nav-sosialt-entreprenorskap")
    section = next(s for s in card.sections if s.heading_path[-1] == "Hvordan definerer Nav sosialt entreprenørskap?")
    assert section.rules[0].lead == "Nav ser etter tre kjennetegn ved sosialt entreprenørskap:"
    assert [rule.is_item for rule in section.rules[:3]] == [True, True, True]
    assert [rule.lead for rule in section.rules[1:3]] == ["", ""]


def test_stories_and_templates_belong_by_a_link_or_by_name(
    corpus_dir: Path, write: Callable[[Path, str], Path]
) -> None:
    body = "## Problemet\n\nKafeen fikk penger fra {}.[^lov-om-fond]\n"
    link = "[fondet](../ordninger/etableringsfondet.md)"
    write(corpus_dir / "historier/lenket.md", make_text(title="Lenket", body=body.format(link)))
    write(corpus_dir / "historier/nevnt.md", make_text(title="Nevnt", body=body.format("Etableringsfondet")))
    write(corpus_dir / "historier/annen.md", make_text(title="Annen", body=body.format("et fond")))
    related = card_of(open_lookup(catalog_of(corpus_dir))).related
    assert [(one.doc_id, one.why) for one in related] == [
        ("historier/lenket", "lenke"),
        ("historier/nevnt", "nevner"),
    ]


def test_whom_to_ask_is_the_office_that_the_card_names(corpus_dir: Path, write: Callable[[Path, str], Path]) -> None:
    write(corpus_dir / "aktorer/fjord.md", make_text(title="Fjord fylkeskommune (kontakt)"))
    ask = card_of(open_lookup(catalog_of(corpus_dir))).ask
    assert [(one.doc_id, one.why) for one in ask] == [("aktorer/fjord", "forvalter")]


# As of a date


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SCHEMES), st.dates(date(2010, 1, 1), date(2028, 1, 1)), st.dates(date(2026, 1, 1)))
def test_what_held_on_a_day_is_what_the_dates_on_the_card_say(doc_id: str, day: date, today: date) -> None:
    document = GUIDE.documents[doc_id]

    def held(on: date) -> set[str]:
        return {
            document.text[v.statement.start : v.statement.end]
            for v in document.card
            for mark in v.statement.marks
            if not mark.period.undated
            and (mark.period.start or mark.period.end)
            and (mark.period.start or on) <= on <= (mark.period.end or on)
        }

    past = as_of(card_of(GUIDE, doc_id, today), day, today)
    values = [one for field in past.fields for one in field.values]
    texts = {change: {v.value.rule.text for v in values if v.change is change} for change in Change}
    known = {v.rule.text for f in card_of(GUIDE, doc_id, today).fields for v in f.values if not v.rule.says_unknown}
    assert texts[Change.SAME] == held(day) & held(today) & known
    assert texts[Change.ONLY_THEN] == (held(day) - held(today)) & known
    assert texts[Change.ONLY_NOW] == (held(today) - held(day)) & known
    assert past.count == sum(v.change in (Change.SAME, Change.ONLY_THEN) for v in values)
    assert all(f.differs == any(v.change in (Change.ONLY_THEN, Change.ONLY_NOW) for v in f.values) for f in past.fields)


# Side by side


def test_what_differs_is_marked_apart_from_the_names(with_scheme: Callable[..., Lookup]) -> None:
    lookup = with_scheme(egenandel=value("Trygghetsfondet krever at søkeren betaler 40 prosent selv.", "lov-om-fond"))
    compared = compare_cards(lookup, [card_of(lookup), card_of(lookup, "trygghetsfondet")])
    assert [line.name for line in compared.lines if line.differs] == ["egenandel"]
    assert compared.titles == ("Etableringsfondet", "Trygghetsfondet")


def test_combining_is_quoted_from_the_card_that_names_the_other(with_scheme: Callable[..., Lookup]) -> None:
    rule = "Trygghetsfondet kan ikke kombineres med etableringsfondet."
    lookup = with_scheme(kombinasjon=value(rule, "lov-om-fond"))
    pairs = compare_cards(lookup, [card_of(lookup), card_of(lookup, "trygghetsfondet")]).pairs
    assert [[said.text for said in pair.rules] for pair in pairs] == [[rule]]
    lookup = with_scheme(kombinasjon=value("Trygghetsfondet kan kombineres med lån.", "lov-om-fond"))
    pairs = compare_cards(lookup, [card_of(lookup), card_of(lookup, "trygghetsfondet")]).pairs
    assert [pair.rules for pair in pairs] == [()]


@pytest.mark.parametrize("names", [[FUND], [FUND, FUND], SCHEMES[:5]])
def test_only_two_to_four_different_schemes_are_compared(names: list[str]) -> None:
    lookup = GUIDE if len(names) > 2 else None
    cards = [card_of(lookup or GUIDE, name if lookup else SCHEMES[0]) for name in names]
    with pytest.raises(StateError, match="to til fire"):
        compare_cards(GUIDE, cards)


# Receipts


def test_a_receipt_of_one_rule_has_words_source_period_check_and_version(lookup: Lookup) -> None:
    card = card_of(lookup)
    rule = next(f for f in card.fields if f.name == "beløp").values[0].rule
    receipt = write_receipt(card, MANIFEST, "nb", TODAY, [rule.id])
    assert receipt.text.splitlines()[:4] == [
        "Etableringsfondet", "", "Beløp", "«Etableringsfondet gir inntil 200 000 kroner.»"
    ]  # fmt: skip
    told = (
        "Fjord fylkeskommune", "https://example.org/fylket", "1. februar 2026", "korpus1", MANIFEST.version,
        "Kjent for 2026", "Slått opp 1. mars 2026",
    )  # fmt: skip
    for text in (receipt.text, receipt.html):
        assert [words for words in told if words not in text] == []
        assert "skriftlig plan" not in text
    assert '<a href="https://example.org/fylket">' in receipt.html


def test_a_receipt_says_in_which_field_and_under_which_heading_each_rule_stands(lookup: Lookup) -> None:
    card = card_of(lookup)
    rules = [card.fields[4].values[0].rule, card.sections[1].rules[0]]
    lines = write_receipt(card, MANIFEST, "nb", TODAY, [rule.id for rule in rules]).text.splitlines()
    assert lines[lines.index("Krav") + 1] == f"«{rules[0].text}»"
    assert lines[lines.index("Slik behandles søknaden › Klage") + 1] == f"«{rules[1].text}»"


def test_a_receipt_as_of_a_day_has_what_held_then_and_says_what_is_not_known(
    with_scheme: Callable[..., Lookup],
) -> None:
    old, new = value("Fondet ga 100 kroner.", "fylket-frister@2025"), value("Nå 200.", "fylket-frister@2026")
    card = card_of(with_scheme(beløp=old + new), "trygghetsfondet")
    text = write_receipt(card, MANIFEST, "nb", TODAY, day=date(2025, 6, 1)).text
    assert "Det som er kjent for 1. juni 2025" in text
    assert "«Fondet ga 100 kroner.»" in text
    assert "Nå 200" not in text
    assert "Krav\nIkke kjent for 1. juni 2025" in text


@pytest.mark.parametrize(("language", "label"), [("nb", "Beløp"), ("nn", "Hvem"), ("en", "Amount")])
def test_a_receipt_is_in_the_language_of_the_page_and_marks_the_words_of_the_guide(
    lookup: Lookup, language: str, label: str
) -> None:
    html = write_receipt(card_of(lookup), MANIFEST, language, TODAY).html
    assert html.startswith(f'<div lang="{language}">')
    assert (label in html) == (language != "nn")
    assert ('<span lang="nb">«Etableringsfondet gir inntil 200 000 kroner.»</span>' in html) == (language != "nb")


def test_a_receipt_of_a_card_has_every_field_and_says_what_is_not_known(lookup: Lookup) -> None:
    receipt = write_receipt(card_of(lookup), MANIFEST, "nb", TODAY)
    assert "Ikke kjent (sist kontrollert 1. februar 2026)" in receipt.text
    assert "skriftlig plan" in receipt.text
    assert len(receipt.references) == len(set(receipt.references)) == 2


def test_a_receipt_of_a_rule_that_is_not_there_is_refused(lookup: Lookup) -> None:
    with pytest.raises(StateError, match="0000"):
        write_receipt(card_of(lookup), MANIFEST, "nb", TODAY, ["0000"])


def source(source_id: str = "kilde", **parts: object) -> SourceLine:
    values: dict[str, object] = {
        "publisher": "Nav",
        "title": "Mentor",
        "url": "https://www.nav.no/mentor",
        "published": "udatert",
        "retrieved": date(2026, 11, 23),
    }
    return SourceLine(id=source_id, valid_from=None, valid_to=None, undated=False, **{**values, **parts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "reference"),
    [
        ({}, "Nav. (u.å.). Mentor. Hentet 23. november 2026 fra https://www.nav.no/mentor"),
        ({"published": "trolig 2023"}, "Nav. (u.å.). Mentor. Hentet 23. november 2026 fra https://www.nav.no/mentor"),
        ({"published": "2021"}, "Nav. (2021). Mentor. https://www.nav.no/mentor"),
        ({"published": "28.03.2023"}, "Nav. (2023, 28. mars). Mentor. https://www.nav.no/mentor"),
        ({"published": "oktober 2022"}, "Nav. (2022, oktober). Mentor. https://www.nav.no/mentor"),
        ({"published": "ca. 2019"}, "Nav. (ca. 2019). Mentor. https://www.nav.no/mentor"),
        ({"published": "31.31.2023", "url": None}, "Nav. (u.å.). Mentor."),
        (
            {
                "source_id": "lov-1997-02-28-19",
                "publisher": "Lovdata",
                "title": "Lov om folketrygd (folketrygdloven)",
                "url": "https://lovdata.no/lov/1997-02-28-19",
            },
            "Folketrygdloven. (1997). Lov om folketrygd (LOV-1997-02-28-19). Lovdata. "
            "https://lovdata.no/lov/1997-02-28-19",
        ),
        (
            {
                "source_id": "forskrift-2021-11-23-3261",
                "publisher": "Lovdata",
                "title": "Forskrift om noe",
                "url": None,
            },
            "Forskrift om noe. (2021). Forskrift om noe (FOR-2021-11-23-3261). Lovdata.",
        ),
    ],
)
def test_a_source_is_referred_to_as_norwegian_apa_does_it(given: dict[str, object], reference: str) -> None:
    assert refer(source(**given)) == reference  # type: ignore[arg-type]


# Deadlines


def test_a_calendar_has_whole_days_steady_ids_and_marks_what_is_only_known_for_before(lookup: Lookup) -> None:
    today = date(2026, 3, 1)
    [coming] = Calendar.from_ical(write_calendar(find_deadlines(lookup, State(), today), MANIFEST, "nb", today)).events
    assert (coming.start, coming.end) == (date(2026, 5, 15), date(2026, 5, 16))
    assert coming["SUMMARY"] == "Søknadsfrist: Etableringsfondet"
    assert coming["STATUS"] == "CONFIRMED"
    assert "Fjord fylkeskommune" in coming["DESCRIPTION"]

    later = date(2026, 6, 1)
    found = find_deadlines(lookup, State(), later)
    assert [(one.day, one.is_earlier) for one in found] == [(date(2026, 5, 15), True)]
    [earlier] = Calendar.from_ical(write_calendar(found, MANIFEST, "nb", later)).events
    assert earlier.start == date(2027, 5, 15)
    assert earlier["STATUS"] == "TENTATIVE"
    assert earlier["SUMMARY"] == "Sjekk fristen: Etableringsfondet (bare kjent for 2026)"
    assert "ikke kjent" in earlier["DESCRIPTION"]
    assert earlier["UID"] == coming["UID"]


def test_a_calendar_of_the_whole_guide_can_be_read_and_has_each_deadline_once() -> None:
    today = date(2026, 11, 29)
    found = find_deadlines(GUIDE, State(), today)
    data = write_calendar(found, MANIFEST, "nn", today)
    events = Calendar.from_ical(data).events
    assert len({event["UID"] for event in events}) == len(events) == len(found) > 10
    assert all(event.end - event.start == timedelta(days=1) and event.start >= today for event in events)
    assert data == write_calendar(found, MANIFEST, "nn", today)
    days = [one.day for one in found if not one.is_earlier]
    assert days == sorted(days)


def test_deadlines_can_be_narrowed(lookup: Lookup) -> None:
    assert find_deadlines(lookup, State(due_before=date(2026, 5, 15)), TODAY) == []
    assert len(find_deadlines(lookup, State(due_before=date(2026, 5, 16), forms=("stiftelse",)), TODAY)) == 1
    assert find_deadlines(lookup, State(forms=("forening",)), TODAY) == []


# On the command line


@pytest.fixture
def abc(
    built_home: Path, index_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """`abc ordninger` on the tiny guide."""
    shutil.copytree(built_home, index_home)
    monkeypatch.setenv("ABC_INDEX", str(index_home))

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["ordninger", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_the_list_is_whole_with_its_count(abc: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = abc("--kan-søke", "stiftelse", "--sted", "Vestfold", "--json")
    data = json.loads(out)
    assert (code, data["count"], [row["id"] for row in data["rows"]]) == (0, 1, [FUND])
    assert json.loads(abc("--kan-søke", "forening", "--json")[1])["count"] == 0
    assert "1 av 1 ordninger." in abc()[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["etableringsfondet"], ["Hvem kan søke", "200 000 kroner", "Fjord fylkeskommune", "Kjent for 2026", "Klage"]),
        (["etableringsfondet", "--som-av", "2025-01-01"], ["per 2025-01-01", "gjelder nå, ikke kjent da"]),
        (["etableringsfondet", "--kvittering"], ["Referanser (APA 7)", "Slått opp"]),
        (["--frister"], ["Etableringsfondet", "15. mai 2026"]),
        (["--søk", "etabl"], ["Etableringsfondet", "1 av 1"]),
    ],
)
def test_each_view_can_be_read_and_given_as_json(
    abc: Callable[..., tuple[int, str, str]], arguments: list[str], words: list[str]
) -> None:
    code, out, err = abc(*arguments)
    assert (code, err) == (0, "")
    for word in words:
        assert word in out
    assert json.loads(abc(*arguments, "--json")[1])


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["finnes-ikke"], "finnes-ikke"),
        (["--sted", "Atlantis"], "Atlantis"),
        (["--som-av", "i fjor"], "som-av"),
        (["--sammenlign", FUND], "to til fire"),
    ],
)
def test_what_can_not_be_looked_up_is_told_with_an_exit_code(
    abc: Callable[..., tuple[int, str, str]], arguments: list[str], word: str
) -> None:
    code, out, err = abc(*arguments)
    assert (code, out) == (2, "")
    assert word in err
    assert "Traceback" not in err


def test_the_calendar_is_written_to_a_file(abc: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    target = tmp_path / "frister.ics"
    assert abc("--ics", str(target))[0] == 0
    assert len(Calendar.from_ical(target.read_bytes()).events) == 1


# Over HTTP


@pytest.fixture(scope="module")
def client(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home = shutil.copytree(built_home, tmp_path_factory.mktemp("guide") / "index")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.live.load_embedder", lambda name: WordSumEmbedder())
        app = FastAPI()
        recorder = Recorder(QuestionStore(str(home / "abc.sqlite"), keep_days=0))
        app.mount("/api", create_api(LiveEngine(Config(index=home)), 4, recorder))
        with TestClient(app) as client:
            yield client


def test_programs_get_the_list_the_card_and_the_calendar(client: TestClient) -> None:
    found = client.get("/api/ordninger", params={"kan-søke": "stiftelse", "q": "etabl"}).json()
    assert (found["count"], found["rows"][0]["id"]) == (1, FUND)
    assert {"field": "forms", "value": "stiftelse", "count": 1, "chosen": True} in found["facets"]
    card = client.get("/api/ordninger/etableringsfondet").json()
    assert card["fields"][0]["values"][0]["rule"]["sources"][0]["publisher"] == "Fjord fylkeskommune"
    assert client.get("/api/ordninger/etableringsfondet/som-av/2025-01-01").json()["count"] == 0
    assert "«" in client.get("/api/ordninger/etableringsfondet/kvittering").json()["text"]
    calendar = client.get("/api/frister.ics")
    assert calendar.headers["content-type"] == "text/calendar; charset=utf-8"
    assert len(Calendar.from_ical(calendar.content).events) == client.get("/api/frister").json()["count"] == 1


@pytest.mark.parametrize(
    ("path", "code", "word"),
    [
        ("/api/ordninger?farge=rød", 400, "farge"),
        ("/api/ordninger?sted=Atlantis", 400, "Atlantis"),
        ("/api/ordninger/finnes-ikke", 404, "finnes-ikke"),
        ("/api/ordninger/etableringsfondet/som-av/i-fjor", 400, "i-fjor"),
        ("/api/ordninger/etableringsfondet/kvittering?regel=0", 404, "«0»"),
        ("/api/sammenlign?id=etableringsfondet", 400, "to til fire"),
    ],
)
def test_what_programs_can_not_have_is_told_in_norwegian(client: TestClient, path: str, code: int, word: str) -> None:
    response = client.get(path)
    assert response.status_code == code
    assert word in response.json()["error"]


def test_the_interface_describes_its_filters_and_records(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()
    parameters = {p["name"]: p["schema"] for p in described["paths"]["/ordninger"]["get"]["parameters"]}
    assert {"q", "kan-søke", "sted", "frist-før", "gjelder", "antall"} <= set(parameters)
    assert "stiftelse" in parameters["kan-søke"]["items"]["enum"]
    assert {"Found", "Card", "PastCard", "Comparison", "CaseReceipt"} <= set(described["components"]["schemas"])
