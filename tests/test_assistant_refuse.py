"""Not knowing, said so that it helps: what is nearest, whom to ask, and never a guess, a diagnosis or a verdict."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import assistant.answer
from assistant.answer import Engine, answer
from assistant.evidence import Sufficiency
from assistant.refuse import name_found
from assistant.texts import say
from assistant.types import Status
from index.build import build_index
from index.document import read_corpus
from index.embed import Embedder
from index.load import Index, open_index
from index.personal import ACCOUNT, EMAIL, IDENTITY, PHONE

TODAY = date(2026, 3, 1)
MakeEngine = Callable[[Mapping[str, str]], Engine]


@pytest.fixture
def make_engine(
    corpus_dir: Path, index_home: Path, embedder: Embedder, write: Callable[[Path, str], Path]
) -> Iterator[MakeEngine]:
    """An engine on the tiny guide with some files more."""
    opened: list[Index] = []

    def build(files: Mapping[str, str]) -> Engine:
        for name, text in files.items():
            write(corpus_dir / name, text)
        build_index(read_corpus(corpus_dir), index_home, embedder)
        opened.append(open_index(index_home, embedder))
        return Engine(opened[-1], embedder)

    yield build
    for index in opened:
        index.store.close()


@pytest.fixture
def office(document_text: Callable[..., str]) -> Callable[..., str]:
    """A document on an office, of one place or of the whole country."""

    def build(name: str, place: str = "Norge", helps: str = "Kontoret gir råd.[^lov-om-fond]") -> str:
        text = document_text(
            title=name,
            ingress=f"{name} gir råd.[^lov-om-fond]",
            question=f"Hva gjør {name}?",
            keywords=name.lower(),
            body=f"## Hva de kan hjelpe med\n\n{helps}\n",
        )
        return text.replace("sted: [Norge]", f"sted: [{place}]")

    return build


def judge(monkeypatch: pytest.MonkeyPatch, sufficiency: Sufficiency) -> None:
    """Lets the evidence of every question be judged this way, whatever the thresholds are."""
    gather = assistant.answer.gather
    monkeypatch.setattr(assistant.answer, "gather", lambda *a, **k: replace(gather(*a, **k), sufficiency=sufficiency))


def test_the_two_nearest_topics_are_named_and_no_two_about_the_same(
    make_engine: MakeEngine, document_text: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    judge(monkeypatch, Sufficiency.UNKNOWN)
    twin = document_text(title="Aksjekapital i korte trekk", keywords="aksjekapital, innskudd")
    result = answer(make_engine({"guide/aksjekapital-kort.md": twin}), ["Hva er renta på aksjekapital?"], TODAY)
    assert result.status is Status.NO_EVIDENCE
    assert result.text.startswith(say("nb", "no_evidence"))
    assert result.text.count("Aksjekapital") == 1
    assert result.citations == ()


def test_the_office_that_the_question_is_about_is_the_one_to_ask(
    make_engine: MakeEngine, office: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    judge(monkeypatch, Sufficiency.UNKNOWN)
    engine = make_engine({"aktorer/patentstyret.md": office("Patentstyret")})
    result = answer(engine, ["Hva gjør Patentstyret om kvelden?"], TODAY)
    assert say("nb", "ask_actor", actor="Patentstyret") in result.text
    assert "aktorer/patentstyret" in [item.doc_id for item in result.also_read]


def test_what_stands_in_brackets_after_a_title_is_no_part_of_the_name(
    make_engine: MakeEngine, office: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    judge(monkeypatch, Sufficiency.UNKNOWN)
    engine = make_engine({"aktorer/fondet.md": office("Kavlifondet (kontakt)")})
    result = answer(engine, ["Hva gjør Kavlifondet om kvelden?"], TODAY)
    assert say("nb", "ask_actor", actor="Kavlifondet") in result.text


@pytest.mark.parametrize(("place", "asked"), [("Larvik", "Larvik kommune"), ("Sandefjord", "Sandefjord kommune")])
def test_a_question_about_a_place_is_for_the_office_of_that_place(
    make_engine: MakeEngine, office: Callable[..., str], monkeypatch: pytest.MonkeyPatch, place: str, asked: str
) -> None:
    judge(monkeypatch, Sufficiency.UNKNOWN)
    offices = {f"aktorer/{p.lower()}.md": office(f"{p} kommune", p) for p in ("Larvik", "Sandefjord")}
    result = answer(make_engine(offices), [f"Hvem er næringssjef i {place} kommune?"], TODAY)
    assert say("nb", "ask_actor", actor=asked) in result.text


def test_an_office_of_one_place_is_not_named_to_who_asks_about_no_place(
    make_engine: MakeEngine, office: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    judge(monkeypatch, Sufficiency.UNKNOWN)
    engine = make_engine({"aktorer/larvik.md": office("Larvik kommune", "Larvik")})
    result = answer(engine, ["Hvem er næringssjef i kommunen?"], TODAY)
    assert "Larvik" not in result.text


def test_when_no_office_fits_the_one_that_guides_anyone_is_named_if_it_is_there(
    make_engine: MakeEngine, office: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    judge(monkeypatch, Sufficiency.UNKNOWN)
    engine = make_engine({"aktorer/altinn.md": office("Altinn")})
    result = answer(engine, ["Zzqx qqwv?"], TODAY)
    assert say("nb", "ask_anyone", actor="Altinn") in result.text


def test_no_office_is_ever_invented(built_index: Index, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    judge(monkeypatch, Sufficiency.UNKNOWN)
    assert answer(Engine(built_index, embedder), ["Zzqx qqwv?"], TODAY).text == say("nb", "no_evidence")


def test_a_question_on_health_gets_no_advice_but_the_number_that_the_guide_quotes(
    make_engine: MakeEngine, office: Callable[..., str]
) -> None:
    line = "- Ring 113 ved livsfare.[^lov-om-fond]\n- Ring 116 117 for legevakt.[^lov-om-fond]"
    engine = make_engine({"aktorer/hjelpetelefoner.md": office("Hjelpetelefoner", helps=line)})
    result = answer(engine, ["Jeg har vondt i kneet, hva bør jeg gjøre?"], TODAY)
    assert result.status is Status.OUT_OF_SCOPE
    assert result.text == f"{say('nb', 'out_of_scope_health')}\n\nRing 116 117 for legevakt. [1]"
    assert [citation.quote for citation in result.citations] == ["Ring 116 117 for legevakt."]


def test_without_a_source_for_the_number_no_number_is_given(built_index: Index, embedder: Embedder) -> None:
    result = answer(Engine(built_index, embedder), ["Jeg har vondt i kneet, hva bør jeg gjøre?"], TODAY)
    assert (result.text, result.citations) == (say("nb", "out_of_scope_health"), ())


@pytest.mark.parametrize("sufficiency", list(Sufficiency))
def test_a_verdict_on_a_case_is_refused_however_sure_retrieval_is(
    built_index: Index, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, sufficiency: Sufficiency
) -> None:
    judge(monkeypatch, sufficiency)
    result = answer(Engine(built_index, embedder), ["Kan dere avgjøre om vi får penger fra etableringsfondet?"], TODAY)
    assert (result.status, result.citations) == (Status.OUT_OF_SCOPE, ())
    assert result.text.startswith(say("nb", "out_of_scope_case"))


@pytest.mark.parametrize(
    ("sufficiency", "status"),
    [(Sufficiency.KNOWN, Status.ANSWERED), (Sufficiency.PARTLY, Status.OUT_OF_SCOPE)],
)
def test_what_only_looks_to_be_about_something_else_is_answered_when_the_guide_is_sure(
    built_index: Index, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, sufficiency: Sufficiency, status: Status
) -> None:
    judge(monkeypatch, sufficiency)
    question = "Hvor mye aksjekapital må vi ha når været er dårlig?"
    assert answer(Engine(built_index, embedder), [question], TODAY).status is status


def test_a_greeting_is_greeted(built_index: Index, embedder: Embedder) -> None:
    result = answer(Engine(built_index, embedder), ["Hei!"], TODAY)
    assert (result.status, result.text) == (Status.CLARIFY, say("nb", "small_talk"))


def test_a_refusal_says_that_personal_data_was_removed(built_index: Index, embedder: Embedder) -> None:
    result = answer(Engine(built_index, embedder), ["Er du en robot? kari@example.no"], TODAY)
    assert result.warnings == (say("nb", "personal_data_removed", found="en e-postadresse"),)
    assert result.text.endswith(result.warnings[0])


def test_what_was_removed_is_named_in_the_language_of_the_answer() -> None:
    found = (EMAIL, PHONE, IDENTITY, ACCOUNT)
    named = {language: name_found(found, language) for language in ("nb", "nn", "en")}
    assert named["nb"] == "en e-postadresse, et telefonnummer, et fødselsnummer og et kontonummer"
    assert named["nn"] == "ei e-postadresse, eit telefonnummer, eit fødselsnummer og eit kontonummer"
    assert named["en"] == "an e-mail address, a phone number, a national identity number and an account number"
