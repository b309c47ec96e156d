"""Sentences of an answer without a language model: all of them quotes, lists whole, numbers in order."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import WordSumEmbedder

import assistant.compose
from assistant.compose import _lay_out, _name_topic, card_values, compose, put_answer_first
from assistant.evidence import Evidence, Sufficiency, gather
from assistant.render import render
from assistant.retrieve import Found, read_signals, retrieve
from assistant.sentences import Candidate
from assistant.texts import say
from assistant.told import as_drafts
from assistant.types import Draft, Intent, Passage, Query, Scored
from assistant.understand import understand
from assistant.verify import quote_of, verify
from eval.answers import marked_sentences
from index.build import build_index
from index.document import read_corpus
from index.embed import Embedder
from index.load import Index, open_index
from index.statements import plain

SCHEME = "ordninger/etableringsfondet"
Open = Callable[..., Index]
Compose = Callable[..., list[Draft]]


@pytest.fixture
def open_guide(
    corpus_dir: Path, index_home: Path, embedder: Embedder, write: Callable[[Path, str], Path]
) -> Iterator[Open]:
    """Builds the tiny guide with some files replaced, and opens it."""
    opened: list[Index] = []

    def build_and_open(files: Mapping[str, str] | None = None) -> Index:
        for name, text in (files or {}).items():
            write(corpus_dir / name, text)
        build_index(read_corpus(corpus_dir), index_home, embedder)
        opened.append(open_index(index_home, embedder))
        return opened[-1]

    yield build_and_open
    for index in opened:
        index.store.close()


@pytest.fixture(scope="module")
def guide(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """The tiny guide as it is, shared by the tests that only read it."""
    embedder = WordSumEmbedder()
    index = open_index(shutil.copytree(built_home, tmp_path_factory.mktemp("guide") / "index"), embedder)
    yield index
    index.store.close()


@pytest.fixture
def scheme_text(corpus_dir: Path) -> str:
    return (corpus_dir / f"{SCHEME}.md").read_text(encoding="utf-8")


@pytest.fixture
def drafts_for(embedder: Embedder) -> Compose:
    """The drafts that a question gets where the guide is taken to know, wherever the thresholds are."""

    def run(index: Index, question: str, sufficiency: Sufficiency = Sufficiency.KNOWN) -> list[Draft]:
        query = understand([question])
        evidence = gather(query, retrieve(index, embedder, query), index)
        return compose(query, replace(evidence, sufficiency=sufficiency), index, embedder)

    return run


QUESTIONS = [
    "Hvem kan søke etableringsfondet?",
    "Hvor mye aksjekapital må vi ha?",
    "Når må pengene være på konto?",
    "Kven kan søkje kommunen om tilskot?",
    "Hvem har startet kafé?",
    "Har dere en mal for søknad?",
    "Hvem kan vi spørre i Ås?",
]


@pytest.mark.parametrize("sufficiency", [Sufficiency.KNOWN, Sufficiency.PARTLY])
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_sentence_is_a_statement_of_its_document(
    guide: Index, drafts_for: Compose, question: str, sufficiency: Sufficiency
) -> None:
    drafts = drafts_for(guide, question, sufficiency)
    assert any(not draft.opens for draft in drafts)
    for draft in drafts:
        if draft.opens:
            continue
        assert draft.statement in draft.passage.chunk.statements
        assert draft.text == plain(quote_of(draft))
    assert verify(drafts) == (drafts, 0)


def test_an_uncertain_answer_quotes_more_than_one_document_and_nothing_twice(guide: Index, drafts_for: Compose) -> None:
    for question in QUESTIONS:
        texts = [draft.text for draft in drafts_for(guide, question, Sufficiency.PARTLY) if not draft.opens]
        assert len(set(texts)) == len(texts)
        assert "Ikke kjent" not in texts
    drafts = drafts_for(guide, "Når er søknadsfristen?", Sufficiency.PARTLY)
    assert len({draft.passage.document.doc_id for draft in drafts if not draft.opens}) > 1


def test_all_requirements_of_a_card_are_listed_in_its_order(
    open_guide: Open, drafts_for: Compose, scheme_text: str
) -> None:
    demands = [f"Etableringsfondet krever dokument {letter}." for letter in "abcdefghijklmnopqrstuvwxyz"]
    values = "".join(f'    - verdi: "{demand}"\n      kilde: [lov-om-fond]\n' for demand in demands)
    start, end = scheme_text.index("  krav:\n") + len("  krav:\n"), scheme_text.index("  beløp:\n")
    index = open_guide({f"{SCHEME}.md": scheme_text[:start] + values + scheme_text[end:]})
    items = [draft.text for draft in drafts_for(index, "Hvilke krav har etableringsfondet?") if draft.is_item]
    assert items == demands


def test_all_deadlines_of_a_card_are_listed(open_guide: Open, drafts_for: Compose, scheme_text: str) -> None:
    first = '    - verdi: "Søknadsfristen for etableringsfondet er 15. mai 2026."\n'
    second = "Etableringsfondet har også frist 1. oktober 2026."
    value = f'    - verdi: "{second}"\n      dato: 2026-10-01\n      kilde: [fylket-frister@2026]\n'
    index = open_guide({f"{SCHEME}.md": scheme_text.replace(first, value + first)})
    items = [draft.text for draft in drafts_for(index, "Når er søknadsfristen for etableringsfondet?") if draft.is_item]
    assert items == ["Søknadsfristen for etableringsfondet er 15. mai 2026.", second]  # what was asked for first


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("Når er søknadsfristen for etableringsfondet?", "Søknadsfristen for etableringsfondet er 15. mai 2026."),
        ("Hvor mye gir etableringsfondet?", "Etableringsfondet gir inntil 200 000 kroner."),
        ("Hvor lenge varer støtten fra etableringsfondet?", "Støtten fra etableringsfondet varer i ett år."),
        ("Hvem forvalter etableringsfondet?", "Fjord fylkeskommune forvalter etableringsfondet."),
        ("Hva dekker ikke etableringsfondet?", "Etableringsfondet dekker ikke gjeld."),
    ],
)
def test_a_question_about_a_card_field_gets_its_value_first(
    guide: Index, drafts_for: Compose, question: str, value: str
) -> None:
    assert drafts_for(guide, question)[0].text == value


def test_an_unknown_card_value_is_never_given_as_an_answer(guide: Index, drafts_for: Compose) -> None:
    drafts = drafts_for(guide, "Kan etableringsfondet kombineres med annen støtte?")
    assert "Ikke kjent" not in [draft.text.rstrip(".") for draft in drafts]


@pytest.mark.parametrize("status", ["ukjent", "stengt"])
@pytest.mark.parametrize(
    "question", ["Hvor mye gir etableringsfondet?", "Når er søknadsfristen for etableringsfondet?"]
)
def test_a_scheme_that_may_be_closed_says_so_whatever_is_asked(
    open_guide: Open, drafts_for: Compose, scheme_text: str, status: str, question: str
) -> None:
    says = "Ingen vet om det blir flere utlysninger herfra."
    changed = scheme_text.replace("Etableringsfondet er åpent i 2026.", says).replace("åpen\n", f"{status}\n")
    assert says in [draft.text for draft in drafts_for(open_guide({f"{SCHEME}.md": changed}), question)]


def test_an_open_scheme_does_not_tell_its_status_unasked(guide: Index, drafts_for: Compose) -> None:
    texts = [draft.text for draft in drafts_for(guide, "Hvor mye gir etableringsfondet?")]
    assert "Etableringsfondet er åpent i 2026." not in texts


def test_a_list_in_the_text_is_given_whole_under_the_line_that_opens_it(
    open_guide: Open, drafts_for: Compose, document_text: Callable[..., str]
) -> None:
    body = (
        "## Hva må være med i vedtektene?\n\n"
        "Vedtektene må ha disse punktene:\n\n"
        "- foretaksnavn[^lov-om-fond]\n- virksomhet[^lov-om-fond]\n- aksjekapital[^lov-om-fond]\n"
    )
    index = open_guide({"guide/vedtekter.md": document_text(title="Vedtekter", body=body)})
    drafts = drafts_for(index, "Hva må være med i vedtektene?")
    items = [place for place, draft in enumerate(drafts) if draft.is_item]
    assert [drafts[place].text for place in items] == ["foretaksnavn", "virksomhet", "aksjekapital"]
    assert items == list(range(items[0], items[0] + 3))
    above = drafts[items[0] - 1]
    assert (above.text, above.opens) == ("Vedtektene må ha disse punktene:", True)


def test_the_same_sentence_is_not_said_twice(
    open_guide: Open, drafts_for: Compose, document_text: Callable[..., str]
) -> None:
    sentence = "Vedtektene skal oppbevares i ti år.[^lov-om-fond]"
    text = document_text(title="Vedtekter", ingress=sentence, body=f"## Oppbevaring\n\n{sentence}\n\n{sentence}\n")
    drafts = drafts_for(open_guide({"guide/vedtekter.md": text}), "Hvor lenge skal vedtektene oppbevares?")
    assert [draft.text for draft in drafts].count("Vedtektene skal oppbevares i ti år.") == 1


def test_nothing_to_say_is_no_sentence(guide: Index, embedder: Embedder) -> None:
    template = next(c for c in guide.catalog.chunks if c.doc_class == "mal" and not c.statements)
    only_template = replace(guide, catalog=replace(guide.catalog, chunks=(template,)))
    evidence = Evidence(Sufficiency.KNOWN, 1.0, (Scored(template, 1.0, ()),))
    assert compose(understand(["Hva står i malen?"]), evidence, only_template, embedder) == []


def test_nothing_found_is_nothing_known(guide: Index) -> None:
    query = Query("hei", "nb", Intent.GENERAL)
    evidence = gather(query, Found((), read_signals(guide, WordSumEmbedder(), query)), guide)
    assert (evidence.hits, evidence.known) == ((), 0)
    assert evidence.sufficiency == "out_of_scope"


@pytest.fixture
def quotes(guide: Index) -> dict[str, Draft]:
    """Every statement of the tiny guide as a draft, by its text."""
    documents = {document.doc_id: document for document in guide.catalog.documents}
    drafts: dict[str, Draft] = {}
    for chunk in guide.catalog.chunks:
        passage = Passage(0, documents[chunk.doc_id], chunk, 1.0)
        for statement in chunk.statements:
            text = plain(passage.document.text[statement.start : statement.end])
            drafts[text] = Draft(text, passage, statement)
    return drafts


PLAN, ACCOUNTS, AMOUNT = (
    "Etableringsfondet krever en skriftlig plan.",
    "Etableringsfondet krever et regnskap.",
    "Etableringsfondet gir inntil 200 000 kroner.",
)


def test_sentences_are_numbered_in_the_order_they_stand(quotes: dict[str, Draft]) -> None:
    text, cited = render([quotes[AMOUNT], quotes[PLAN]])
    assert text == f"{AMOUNT} [1] {PLAN} [2]"
    assert cited == [quotes[AMOUNT], quotes[PLAN]]


def test_the_same_quote_has_the_same_number(quotes: dict[str, Draft]) -> None:
    again = Draft("Fondet krever en plan.", quotes[PLAN].passage, quotes[PLAN].statement)
    text, cited = render([quotes[PLAN], quotes[AMOUNT], again])
    assert text.endswith("Fondet krever en plan. [1]")
    assert cited == [quotes[PLAN], quotes[AMOUNT]]


def test_a_list_stands_on_lines_of_its_own_below_a_line_without_a_number(quotes: dict[str, Draft]) -> None:
    items = [Draft(d.text, d.passage, d.statement, is_item=True) for d in (quotes[PLAN], quotes[ACCOUNTS])]
    text, cited = render([quotes[AMOUNT], Draft("Kravene er:"), *items, quotes["Etableringsfondet dekker ikke gjeld."]])
    assert text.split("\n") == [
        f"{AMOUNT} [1]",
        "",
        "Kravene er:",
        f"- {PLAN} [2]",
        f"- {ACCOUNTS} [3]",
        "",
        "Etableringsfondet dekker ikke gjeld. [4]",
    ]
    assert len(cited) == 4


def test_the_name_that_leads_an_item_stands_in_bold_before_its_quote(quotes: dict[str, Draft]) -> None:
    item = replace(quotes[PLAN], is_item=True, lead="Etableringsfondet")
    text, cited = render([Draft("Ordningene er:"), item])
    assert text == f"Ordningene er:\n- **Etableringsfondet:** {PLAN} [1]"
    assert list(marked_sentences(text)) == [(PLAN, [1])]
    assert cited == [item]


def test_cells_stand_in_a_table_under_their_heads(quotes: dict[str, Draft]) -> None:
    heads = [Draft("", is_item=True, column=name) for name in ("Fond", "Lån")]
    cells = [
        replace(quotes[PLAN], is_item=True, row="Krav", column="Fond"),
        replace(quotes[ACCOUNTS], is_item=True, row="Krav", column="Fond"),
        replace(quotes[AMOUNT], is_item=True, row="Beløp", column="Lån"),
    ]
    text, _ = render([Draft("Side om side:"), *heads, *cells])
    assert text.splitlines() == [
        "Side om side:",
        "",
        "|  | Fond | Lån |",
        "| --- | --- | --- |",
        f"| Krav | {PLAN} [1] {ACCOUNTS} [2] | – |",
        f"| Beløp | – | {AMOUNT} [3] |",
    ]
    assert list(marked_sentences(text)) == [(PLAN, [1]), (ACCOUNTS, [2]), (AMOUNT, [3])]


def test_no_sentences_are_no_text() -> None:
    assert render([]) == ("", [])


def test_what_comes_from_elsewhere_is_a_list_of_its_own_below_the_answer(quotes: dict[str, Draft]) -> None:
    lead, beside = quotes[PLAN], quotes[ACCOUNTS]
    elsewhere = [quotes[AMOUNT], quotes["Etableringsfondet dekker ikke gjeld."]]
    laid = _lay_out([beside, *elsewhere], lead, "nb")
    assert [draft.text for draft in laid] == [beside.text, say("nb", "also_open"), *(d.text for d in elsewhere)]
    assert [(draft.opens, draft.is_item) for draft in laid] == [(False, False), (True, False), *[(False, True)] * 2]


def test_one_sentence_from_elsewhere_needs_no_list(quotes: dict[str, Draft]) -> None:
    assert _lay_out([quotes[AMOUNT]], quotes[PLAN], "nb") == [quotes[AMOUNT]]


def test_an_item_that_leans_on_its_document_is_named_after_it(quotes: dict[str, Draft]) -> None:
    plain_item = quotes[PLAN]
    leaning = replace(plain_item, text="Kravet gjelder alle.")
    assert _name_topic(leaning).lead == plain_item.passage.document.title
    assert _name_topic(plain_item).lead == ""


def test_a_yes_to_another_question_is_not_put_before_the_conditions(
    open_guide: Open, embedder: Embedder, scheme_text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    its_own, another = "Kan støtten brukes til leie av båt?", "Kan vi få etableringsfondet?"
    body = f"\n## {its_own}\n\nJa, det er mulig i dette tilfellet.[^lov-om-fond@2026]\n"
    index = open_guide({f"{SCHEME}.md": scheme_text + body})
    yes = next(d for d in as_drafts(index.chunks_of[SCHEME], index.documents) if d.text.startswith("Ja, "))
    conditions = card_values(SCHEME, "krav", index)
    monkeypatch.setattr(assistant.compose, "find_sentences", lambda *_: [Candidate(yes, 0.9, 0.0)])
    for question, first in ((its_own, yes.text), (another, conditions[0].text)):
        query = understand([question])
        evidence = gather(query, retrieve(index, embedder, query), index)
        assert put_answer_first(conditions, query, evidence, index, embedder)[0].text == first


def test_a_story_does_not_speak_for_others_unless_it_is_asked_for(guide: Index, drafts_for: Compose) -> None:
    stories = [d.doc_id for d in guide.catalog.documents if d.doc_class == "historie"]
    first = drafts_for(guide, "Hvor mye aksjekapital må vi ha?")[0]
    assert first.passage.document.doc_id not in stories
    asked = drafts_for(guide, "Fortell om noen som har startet kafé")[0]
    assert asked.passage.document.doc_id in stories
