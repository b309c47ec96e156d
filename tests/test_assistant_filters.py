"""What is chosen beside a question: what can be, what it narrows, when it gives way, and that the answer says so."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import CARD, WordSumEmbedder, make_text, write_corpus
from pydantic import TypeAdapter

import assistant.answer
import assistant.narrow
from assistant.answer import Engine, answer
from assistant.choices import Choice, FilterError, filter_choices, filter_names, read_filters
from assistant.evidence import Sufficiency
from assistant.fit import fits
from assistant.lists.vocabulary import ABROAD, COUNTIES
from assistant.lists.wanted import fitting, read_list
from assistant.narrow import judge, settle
from assistant.office import find_office
from assistant.retrieve import Found
from assistant.types import NO_FILTERS, Answer, Filters, Query
from assistant.understand import understand
from index.build import build_index
from index.document import read_corpus
from index.load import open_index

TODAY = date(2026, 3, 1)


def scheme(name: str, place: str, forms: str, phase: str) -> str:
    """A scheme of a county that differs from the next only in its name and whom it is for."""
    card = CARD.replace("Etableringsfondet", f"Fylkesfondet {name}").replace(
        "etableringsfondet", f"fylkesfondet {name}"
    )
    card = card.replace("[aksjeselskap, stiftelse]", f"[{forms}]")
    card = card.replace("Aksjeselskap og stiftelser kan søke", f"{forms.capitalize()} kan søke")
    text = make_text(title=f"Fylkesfondet {name}", question="Hva er fylkesfondet?", keywords="fylkesfond", card=card)
    return text.replace("sted: [Norge]", f"sted: [{place}]").replace("fase: [oppstart]", f"fase: [{phase}]")


def elsewhere(text: str, *places: str) -> str:
    return text.replace("sted: [Norge]", f"sted: [{', '.join(places)}]")


FILES = {
    "ordninger/fylkesfondet-vestfold.md": scheme("Havbris", "Vestfold", "forening", "oppstart, drift"),
    "ordninger/fylkesfondet-telemark.md": scheme("Fjellro", "Telemark", "aksjeselskap", "vekst"),
    "guide/stifte-forening.md": make_text(
        title="Stifte forening",
        ingress="Dere stifter laget med et møte.[^lov-om-fond]",
        question="Hvordan stifter dere?",
        keywords="stifte, møte",
        body="## Møtet\n\nDere stifter med et møte der dere velger styre.[^lov-om-fond]\n",
    ),
    "guide/stifte-aksjeselskap.md": make_text(
        title="Stifte aksjeselskap",
        ingress="Dere stifter selskapet med et dokument.[^lov-om-fond]",
        question="Hvordan stifter dere?",
        keywords="stifte, dokument",
        body="## Dokumentet\n\nDere stifter med et dokument der dere velger styre.[^lov-om-fond]\n",
    ),
    "historier/oslo-kafe.md": elsewhere(
        make_text(
            title="Kakebua",
            ingress="Kakebua ansetter ungdom.[^lov-om-fond]",
            question="Hva er Kakebua?",
            keywords="kafé",
            body="## Kake\n\nKakebua selger kake i en park.[^lov-om-fond]\n",
        ),
        "Oslo",
    ),
    "aktorer/skien-kommune.md": elsewhere(
        make_text(title="Skien kommune", question="Hvem er Skien kommune?", keywords="skien"), "Skien", "Telemark"
    ),
    "aktorer/kapital.md": elsewhere(make_text(title="Kapital", question="Hvem er Kapital?"), "Danmark"),
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The tiny guide with two schemes that differ in county, form and phase, and two ways to found something."""
    folder: Path = tmp_path_factory.mktemp("filters")
    corpus = write_corpus(folder / "corpus")
    for name, text in FILES.items():
        (corpus / name).write_text(text, encoding="utf-8")
    (corpus / "sporsmal/ordninger/etableringsfondet.md").unlink()
    embedder = WordSumEmbedder()
    build_index(read_corpus(corpus), folder / "index", embedder)
    index = open_index(folder / "index", embedder)
    yield Engine(index, embedder)
    index.store.close()


Ask = Callable[..., Answer]


@pytest.fixture
def ask(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Asks with evidence that is judged as known, whatever the thresholds are."""
    gather = assistant.answer.gather
    for module in (assistant.answer, assistant.narrow):
        monkeypatch.setattr(module, "gather", lambda *a: replace(gather(*a), sufficiency=Sufficiency.KNOWN))
    return lambda question, **chosen: answer(engine, [question], TODAY, Filters(**chosen))


def cited(result: Answer) -> set[str]:
    return {citation.doc_id.split("/")[1] for citation in result.citations}


def asked_with(question: str, **chosen: str) -> Query:
    return replace(understand([question]), filters=Filters(**chosen))


# What can be chosen


def test_the_choices_are_what_the_guide_has(engine: Engine) -> None:
    choices = filter_choices(engine.index.catalog)
    assert [choice.value for choice in choices.form] == ["aksjeselskap", "forening", "stiftelse"]
    assert [choice.value for choice in choices.phase] == ["oppstart", "drift", "vekst"]
    assert [choice.value for choice in choices.place][:3] == ["Vestfold", *COUNTIES["Vestfold"][:2]]
    assert choices.place[-1] == Choice("Oslo", {"nb": "Oslo", "nn": "Oslo", "en": "Oslo"})
    assert not {choice.value for choice in choices.place} & {*ABROAD, "Norge"}


def test_a_choice_has_a_name_in_every_language_and_a_municipality_its_county(engine: Engine) -> None:
    choices = filter_choices(engine.index.catalog)
    assert choices.form[1].names == {"nb": "Forening", "nn": "Foreining", "en": "Association (forening)"}
    assert next(choice.county for choice in choices.place if choice.value == "Skien") == "Telemark"


@pytest.mark.parametrize(
    ("data", "filters"),
    [
        ({}, NO_FILTERS),
        ({"form": "", "place": None}, NO_FILTERS),
        ({"form": "AS", "place": " skien ", "phase": "Growth"}, Filters("aksjeselskap", "Skien", "vekst")),
        ({"form": "Foreining"}, Filters("forening")),
    ],
)
def test_what_someone_chose_is_read_in_any_case_and_language(engine: Engine, data: object, filters: Filters) -> None:
    assert read_filters(data, engine.index.catalog) == filters


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"form": "gmbh"}, r"Ukjent organisasjonsform «gmbh»\. Velg en av: aksjeselskap, forening, stiftelse\."),
        ({"place": "Danmark"}, r"Ukjent sted «Danmark»\. Velg ett av: Vestfold, Færder, .*, Oslo\."),
        ({"phase": 3}, r"Ukjent fase «3»\. Velg en av: oppstart, drift, vekst\."),
        ({"sted": "Oslo"}, r"Filtre oppgis med feltene form, place, phase\."),
        (["forening"], r"Filtre oppgis med feltene form, place, phase\."),
        ({"form": "arbeidsgiver"}, r"Ukjent organisasjonsform"),
    ],
)
def test_an_unknown_value_names_what_there_is_to_choose(engine: Engine, data: object, message: str) -> None:
    with pytest.raises(FilterError, match=f"^{message}"):
        read_filters(data, engine.index.catalog)


def test_an_unknown_value_is_told_in_the_language_of_the_page(engine: Engine) -> None:
    with pytest.raises(FilterError, match="Unknown phase “x”"):
        read_filters({"phase": "x"}, engine.index.catalog, "en")


def test_what_is_chosen_is_named_in_the_language() -> None:
    assert filter_names(Filters("forening", "Skien", "vekst"), "nn") == ["Foreining", "Skien", "Vekst"]


# What fits


@pytest.mark.parametrize(
    ("doc_id", "kind", "value", "expected"),
    [
        ("ordninger/fylkesfondet-vestfold", "place", "Larvik", True),
        ("ordninger/fylkesfondet-vestfold", "place", "Telemark", False),
        ("ordninger/etableringsfondet", "place", "Oslo", True),
        ("aktorer/skien-kommune", "place", "Telemark", True),
        ("aktorer/skien-kommune", "place", "Skien", True),
        ("aktorer/skien-kommune", "place", "Notodden", False),
        ("ordninger/fylkesfondet-vestfold", "form", "forening", True),
        ("ordninger/fylkesfondet-vestfold", "form", "aksjeselskap", False),
        ("guide/stifte-forening", "form", "stiftelse", False),
        ("guide/aksjekapital", "form", "forening", None),
        ("maler/soknad-om-tilskudd", "form", "forening", True),
        ("historier/oslo-kafe", "form", "forening", None),
        ("ordninger/fylkesfondet-vestfold", "phase", "vekst", False),
        ("guide/aksjekapital", "phase", "vekst", None),
        ("guide/aksjekapital", "phase", "oppstart", True),
    ],
)
def test_a_document_fits_or_not_or_does_not_say(
    engine: Engine, doc_id: str, kind: str, value: str, expected: bool | None
) -> None:
    assert fits(engine.index.catalog, kind, value)[doc_id] is expected


# Whole lists


@pytest.mark.parametrize(
    ("question", "chosen", "titles"),
    [
        ("Hvilke tilskudd finnes?", {"place": "Vestfold"}, ["Etableringsfondet", "Fylkesfondet Havbris"]),
        ("Hvilke tilskudd finnes?", {"form": "forening"}, ["Fylkesfondet Havbris"]),
        ("Hvilke tilskudd finnes?", {"phase": "vekst"}, ["Fylkesfondet Fjellro"]),
        ("Hvilke tilskudd finnes i Telemark?", {"place": "Vestfold"}, ["Etableringsfondet", "Fylkesfondet Fjellro"]),
        ("Hvilke tilskudd kan en stiftelse søke?", {"form": "forening"}, ["Etableringsfondet"]),
        ("Hvilke historier har dere?", {"place": "Oslo"}, ["Kakebua"]),
        ("Hvilke historier har dere?", {"place": "Skien"}, ["Kafé Over Åsen"]),  # none of its own: the whole country
        ("Hvilke aktører finnes?", {"place": "Telemark"}, ["Skien kommune"]),
        ("Hvilke maler finnes?", {"place": "Oslo", "form": "forening"}, ["Søknad om tilskudd"]),
        ("Hvor kan vi søke om penger?", {"place": "Vestfold"}, ["Etableringsfondet", "Fylkesfondet Havbris"]),
    ],
)
def test_a_list_is_narrowed_by_what_is_chosen(
    engine: Engine, question: str, chosen: dict[str, str], titles: list[str]
) -> None:
    catalog = engine.index.catalog
    asked = read_list(asked_with(question, **chosen), catalog, TODAY)
    assert asked is not None
    assert [document.title for document in fitting(asked, catalog)] == titles


@pytest.mark.parametrize("question", ["Hvor kan vi søke om penger?", "Hvem kan hjelpe oss?"])
def test_a_phase_alone_makes_no_list_of_what_asks_for_none(engine: Engine, question: str) -> None:
    assert read_list(asked_with(question, phase="oppstart"), engine.index.catalog, TODAY) is None


def test_the_count_line_names_the_filters_and_those_that_can_not_be_used(ask: Ask) -> None:
    schemes = ask("Hvilke tilskudd finnes?", form="forening", place="Vestfold", phase="drift")
    assert schemes.text.startswith("1 av 3 ordninger i guiden passer (filter: forening · Vestfold · fase: drift):")
    assert schemes.filters == Filters("forening", "Vestfold", "drift")
    stories = ask("Hvilke historier har dere?", form="forening", place="Skien")
    assert "(filter: Skien, hele landet; «forening» kan ikke brukes her):" in stories.text
    assert stories.filters == Filters(place="Skien")


def test_deadlines_are_narrowed_too(ask: Ask) -> None:
    result = ask("Hvilke søknadsfrister kommer?", form="aksjeselskap", place="Telemark")
    assert cited(result) == {"etableringsfondet", "fylkesfondet-telemark"}


# Retrieval


def test_what_the_question_itself_says_settles_it(engine: Engine) -> None:
    chosen = Filters("forening", "Vestfold", "drift")

    def left(question: str) -> Filters:
        return settle(chosen, understand([question]), engine.index.catalog)

    assert left("Når er fristen?") == chosen
    assert left("Når er fristen i Skien?") == replace(chosen, place="")
    assert left("Hva må et aksjeselskap ha?") == replace(chosen, form="")
    assert left("Hva kan kommunen gi oss?") == chosen
    assert left("What counts as income?") == chosen
    assert left("Hva kan vi få i oppstart?") == replace(chosen, phase="")


@pytest.mark.parametrize(
    ("chosen", "county"),
    [
        ({"place": "Vestfold"}, "vestfold"),
        ({"place": "Skien"}, "telemark"),
        ({"form": "forening"}, "vestfold"),
        ({"form": "aksjeselskap"}, "telemark"),
        ({"phase": "vekst"}, "telemark"),
    ],
)
def test_of_documents_that_answer_as_well_the_filter_takes_its_own(
    ask: Ask, chosen: dict[str, str], county: str
) -> None:
    result = ask("Hvor lenge varer støtten fra fylkesfondet?", **chosen)
    assert cited(result) == {f"fylkesfondet-{county}"}
    assert result.filters == Filters(**chosen)
    assert "Filter" not in result.text


def test_texts_for_another_form_give_way_to_those_for_the_form_chosen(ask: Ask) -> None:
    assert cited(ask("Hvordan stifter dere?", form="forening")) == {"stifte-forening"}
    assert cited(ask("Hvordan stifter dere?", form="aksjeselskap")) == {"stifte-aksjeselskap"}


@pytest.mark.parametrize(
    ("question", "chosen", "line"),
    [
        ("Hva selger Kakebua?", {"place": "Vestfold"}, "Filteret «Vestfold» passer ikke her; svaret er uten det."),
        (
            "Hva selger Kakebua?",
            {"place": "Vestfold", "phase": "vekst"},
            "Filtrene «Vestfold» og «Vekst» passer ikke her; svaret er uten dem.",
        ),
        ("Kva sel Kakebua?", {"place": "Vestfold"}, "Filteret «Vestfold» passar ikkje her; svaret er utan det."),
        ("What is Kakebua?", {"phase": "vekst"}, "The filter «Growth» does not fit here"),
        ("Hvordan stifter dere?", {"form": "stiftelse"}, "Filteret «Stiftelse» passer ikke her"),
    ],
)
def test_a_filter_that_would_cost_the_answer_is_set_aside_and_said_so(
    ask: Ask, question: str, chosen: dict[str, str], line: str
) -> None:
    result, without = ask(question, **chosen), ask(question)
    assert [c.quote for c in result.citations] == [c.quote for c in without.citations]
    assert line in result.text
    assert any(warning.startswith(line) for warning in result.warnings)
    assert result.filters == NO_FILTERS


def test_a_filter_never_makes_the_guide_surer_or_less_sure(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    gather = assistant.answer.gather

    def unsure_of_less(query: Query, found: Found, index: object) -> object:
        return replace(gather(query, found, engine.index), sufficiency=Sufficiency.PARTLY)

    monkeypatch.setattr(assistant.answer, "gather", lambda *a: replace(gather(*a), sufficiency=Sufficiency.KNOWN))
    monkeypatch.setattr(assistant.narrow, "gather", unsure_of_less)
    plain = answer(engine, ["Hvor lenge varer støtten fra fylkesfondet?"], TODAY)
    for place in ("Vestfold", "Telemark"):
        chosen = answer(engine, ["Hvor lenge varer støtten fra fylkesfondet?"], TODAY, Filters(place=place))
        assert chosen.status is plain.status
        assert chosen.receipt and plain.receipt
        assert chosen.receipt.known == plain.receipt.known


def test_what_is_used_is_what_the_cited_documents_bear_out(engine: Engine) -> None:
    general, local = "guide/aksjekapital", "ordninger/fylkesfondet-vestfold"
    chosen, catalog = Filters("forening", "Vestfold", "vekst"), engine.index.catalog
    assert judge(chosen, [general], catalog) == (Filters(place="Vestfold"), NO_FILTERS)
    assert judge(chosen, [general, local], catalog) == (Filters(place="Vestfold"), Filters(phase="vekst"))
    assert judge(chosen, [local, general], catalog) == (Filters("forening", "Vestfold"), Filters(phase="vekst"))
    assert judge(chosen, [], catalog) == (NO_FILTERS, NO_FILTERS)


# Whom to ask


@pytest.mark.parametrize(
    ("place", "question", "its_fit", "expected"),
    [
        ("", "Hvem kan vi spørre?", 3.0, "aktorer/as-nav-kontor"),
        ("Skien", "Hvem kan vi spørre?", 3.0, "aktorer/skien-kommune"),
        ("Skien", "Hvem kan vi spørre?", 2.0, "aktorer/as-nav-kontor"),  # near, but not the one to ask
        ("Telemark", "Hvem kan vi spørre?", 3.0, "aktorer/as-nav-kontor"),  # one municipality is not the county
        ("Notodden", "Hvem kan vi spørre?", 3.0, "aktorer/as-nav-kontor"),
        ("Larvik", "Hvem kan vi spørre i Skien?", 2.0, "aktorer/skien-kommune"),
    ],
)
def test_an_office_of_the_place_chosen_comes_before_one_that_fits_about_as_well(
    engine: Engine, place: str, question: str, its_fit: float, expected: str
) -> None:
    fit = dict.fromkeys(engine.index.documents, 0.0)
    fit |= {"aktorer/as-nav-kontor": 2.9 if its_fit < 2.6 else 3.5, "aktorer/skien-kommune": its_fit}
    office = find_office(asked_with(question, place=place), fit, engine.index)
    assert office is not None
    assert office.doc_id == expected


# Eligibility


def marks_of(result: Answer) -> list[str]:
    return re.findall(r"^- \*\*(\S)", result.text, re.M)


def test_a_chosen_form_counts_as_stated_and_the_answer_says_so(ask: Ask) -> None:
    result = ask("Kan vi få etableringsfondet?", form="stiftelse")
    assert "Ja, en stiftelse står blant dem som kan søke" in result.text
    assert "det dere har skrevet og valgt:" in result.text
    assert "Hvilken organisasjonsform" not in result.text
    assert marks_of(result)[0] == "✓"
    assert result.filters == Filters("stiftelse")


def test_a_form_that_can_not_apply_is_told_so_and_not_filtered_away(ask: Ask) -> None:
    result = ask("Kan vi få etableringsfondet?", form="forening")
    assert "En forening står ikke blant dem som kan søke." in result.text
    assert "Filter" not in result.text
    assert result.filters == Filters("forening")


def test_what_the_asker_says_of_themselves_wins(ask: Ask) -> None:
    result = ask("Kan et AS få etableringsfondet?", form="forening")
    assert "et aksjeselskap står blant dem" in result.text
    assert "valgt" not in result.text
    assert result.filters == NO_FILTERS


@pytest.mark.parametrize(
    ("place", "is_told"), [("Telemark", True), ("Skien", True), ("Larvik", False), ("Vestfold", False)]
)
def test_a_chosen_place_outside_the_scheme_is_told(ask: Ask, place: str, is_told: bool) -> None:
    result = ask("Kan en forening få fylkesfondet Havbris?", place=place)
    assert marks_of(result)
    assert (f"Guiden oppgir Vestfold som stedet for ordningen, og dere har valgt {place}." in result.text) is is_told
    assert result.filters == Filters(place=place)


# The answer


def test_nothing_chosen_is_as_before(ask: Ask) -> None:
    result = ask("Hvor lenge varer støtten fra fylkesfondet?")
    assert result.filters == NO_FILTERS
    assert "Filter" not in result.text


def test_the_answer_id_depends_on_what_is_chosen(ask: Ask) -> None:
    chosen = ({}, {"place": "Vestfold"}, {"place": "Telemark"}, {"phase": "vekst"}, {"form": "forening"})
    ids = [ask("Hvor lenge varer støtten fra fylkesfondet?", **one).id for one in chosen]
    assert len(set(ids)) == len(ids)


def test_the_filters_are_in_the_json_and_are_read_back(ask: Ask) -> None:
    result = ask("Hvor lenge varer støtten fra fylkesfondet?", place="Vestfold")
    assert result.as_json()["filters"] == {"form": "", "place": "Vestfold", "phase": ""}
    assert TypeAdapter(Answer).validate_python(result.as_json()) == result


def test_a_filter_is_never_part_of_the_question(engine: Engine, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    retrieve = assistant.answer.retrieve
    monkeypatch.setattr(
        assistant.answer, "retrieve", lambda index, embedder, q: (seen.append(q.text), retrieve(index, embedder, q))[1]
    )
    result = ask("Hvor lenge varer støtten fra fylkesfondet?", form="forening", place="Vestfold", phase="drift")
    assert seen == ["Hvor lenge varer støtten fra fylkesfondet?"]
    assert result.understood is None


def test_an_answer_to_someone_in_danger_says_nothing_of_filters(ask: Ask) -> None:
    result = ask("Jeg vil dø", place="Vestfold", phase="vekst", form="forening")
    assert "ilter" not in result.text
    assert result.filters == NO_FILTERS
