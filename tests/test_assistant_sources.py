"""What the page shows of an answer: links on its numbers, marked quotes, and no markup but ours."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assistant.answer import Engine, answer
from assistant.types import AlsoRead, Answer, Citation, SourceRef
from assistant.ui.sources import describe_period, link_marks, render_sources
from index.build import build_index
from index.document import read_corpus
from index.embed import Embedder
from index.load import Index, open_index

TODAY = date(2026, 3, 1)
EVIL = "<script>alert('&')</script>"


class Reader(HTMLParser):
    """The tags, links and shown text of a piece of HTML, and whether every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.ids: list[str | None] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.marked: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.is_balanced = not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open.append(tag)
        values = dict(attrs)
        self.attributes |= set(values)
        if "href" in values:
            self.links.append(values["href"])
        if "id" in values:
            self.ids.append(values["id"])

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self._open:
            self.marked.append(data)


@pytest.fixture
def result(built_index: Index, embedder: Embedder) -> Answer:
    return answer(Engine(built_index, embedder), ["Hvem kan søke etableringsfondet?"], TODAY)


def test_numbers_become_links_to_the_cards_of_their_own_turn() -> None:
    seen = Reader(link_marks("En plan. [1] Et regnskap. [12]", 3))
    assert seen.links == ["#kilde-3-1", "#kilde-3-12"]
    assert seen.text == "En plan. [1] Et regnskap. [12]"


def test_the_borders_of_a_table_and_the_name_of_an_item_stay() -> None:
    assert link_marks("|  | Fond |\n| --- | --- |\n| Krav | En * plan \\| to. [1] |", 0).split("\n") == [
        "|  | Fond |",
        "| --- | --- |",
        '| Krav | En &#42; plan &#124; to. <a class="cite" href="#kilde-0-1">[1]</a> |',
    ]
    assert link_marks("- **Fond_et:** En **plan**.", 0) == "- **Fond&#95;et:** En &#42;&#42;plan&#42;&#42;."


def test_markup_in_an_answer_is_shown_and_never_run() -> None:
    seen = Reader(link_marks(f"{EVIL} <img src=x onerror=alert(1)> [1]", 0))
    assert (seen.tags, seen.attributes) == (["a"], {"class", "href"})
    assert EVIL in seen.text


def test_every_number_of_an_answer_links_to_an_id_on_a_card(result: Answer, built_index: Index) -> None:
    links = Reader(link_marks(result.text, 2)).links
    cards = Reader(render_sources(result, built_index.catalog, 2))
    assert links
    assert {str(link).removeprefix("#") for link in links} <= set(cards.ids)
    assert len(cards.ids) == len(set(cards.ids))


def test_the_quoted_words_and_only_they_are_marked_in_their_passage(
    result: Answer, built_index: Index, embedder: Embedder
) -> None:
    seen = Reader(render_sources(result, built_index.catalog, 0))
    assert seen.marked == [citation.quote for citation in result.citations]
    assert seen.is_balanced

    one = replace(result, citations=result.citations[1:2])
    others = Reader(render_sources(one, built_index.catalog, 0))
    assert others.marked == ["Etableringsfondet krever en skriftlig plan."]
    assert "Etableringsfondet krever et regnskap." in others.text


def test_quotes_of_one_passage_share_a_card(result: Answer, built_index: Index) -> None:
    seen = Reader(render_sources(result, built_index.catalog, 0))
    assert len(result.citations) == 3
    assert seen.tags.count("details") == len({citation.chunk_id for citation in result.citations}) == 2


def test_a_card_shows_source_class_period_and_when_it_was_checked(result: Answer, built_index: Index) -> None:
    seen = Reader(render_sources(result, built_index.catalog, 0))
    for shown in ("Etableringsfondet", "Regel", "Lovdata: Lov om fond", "2026-02-01", "Kjent for fra 2026"):
        assert shown in seen.text
    assert "https://example.org/lov" in seen.links


def test_what_else_to_read_is_listed(result: Answer, built_index: Index) -> None:
    assert result.also_read
    seen = Reader(render_sources(result, built_index.catalog, 0))
    assert all(item.title in seen.text for item in result.also_read)


def test_only_a_template_is_offered_for_download(result: Answer, built_index: Index, embedder: Embedder) -> None:
    template = answer(Engine(built_index, embedder), ["Har dere en mal for søknad?"], TODAY)
    assert template.citations[0].doc_id == "maler/soknad-om-tilskudd"
    links = Reader(render_sources(template, built_index.catalog, 0)).links
    assert {"/maler/soknad-om-tilskudd.docx", "/maler/soknad-om-tilskudd.md"} <= set(links)
    assert all(
        str(link).startswith("https://") for link in Reader(render_sources(result, built_index.catalog, 0)).links
    )


def test_an_answer_without_sources_has_no_card(built_index: Index) -> None:
    refusal = Answer("1", "no_evidence", "Det står ikke i guiden.", "nb")
    seen = Reader(render_sources(refusal, built_index.catalog, 4))
    assert seen.tags == ["section"]
    assert seen.ids == ["kilder-4"]


def test_markup_in_titles_headings_and_sources_is_shown_and_never_run(result: Answer, built_index: Index) -> None:
    source = SourceRef("kilde", EVIL, EVIL, "https://example.org/")
    citations = tuple(
        replace(citation, title=EVIL, heading_path=("x", EVIL), sources=(source,)) for citation in result.citations
    )
    evil = replace(result, citations=citations, also_read=(AlsoRead("x", "y", EVIL),))
    seen = Reader(render_sources(evil, built_index.catalog, 0))
    assert "script" not in seen.tags
    assert seen.text.count(EVIL) >= 4
    assert seen.is_balanced


def test_markup_in_the_corpus_is_shown_and_never_run(
    corpus_dir: Path,
    index_home: Path,
    embedder: Embedder,
    write: Callable[[Path, str], Path],
    document_text: Callable[..., str],
) -> None:
    ingress = "Skriv <b onclick='x()'>fett</b> & bestem <script>alert(1)</script> selv.[^lov-om-fond]"
    write(corpus_dir / "guide/uvettig.md", document_text(title="Uvettig tekst", ingress=ingress))
    build_index(read_corpus(corpus_dir), index_home, embedder)
    index = open_index(index_home, embedder)
    result = answer(Engine(index, embedder), ["Uvettig tekst: bestem selv"], TODAY)
    html = link_marks(result.text, 0) + render_sources(result, index.catalog, 0)
    index.store.close()
    seen = Reader(html)
    assert "Skriv <b onclick='x()'>fett</b> & bestem <script>alert(1)</script> selv." in seen.marked
    assert "script" not in seen.tags
    assert "onclick" not in seen.attributes


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "//example.org/x",
        "/intern",
        'https://example.org/"onmouseover="alert(1)',
        "https://example.org/ x",
        "",
        None,
    ],
)
def test_only_a_plain_web_address_becomes_a_link(result: Answer, built_index: Index, url: str | None) -> None:
    source = SourceRef("kilde", "Utgiver", "Tittel", url)
    cited = replace(result, citations=(replace(result.citations[0], sources=(source,)),))
    html = render_sources(cited, built_index.catalog, 0)
    assert Reader(html).links == []
    assert "Utgiver: Tittel" in Reader(html).text


def test_links_open_apart_and_tell_the_other_site_nothing(result: Answer, built_index: Index) -> None:
    html = render_sources(result, built_index.catalog, 0)
    assert html.count("<a href=") == html.count('target="_blank" rel="noopener noreferrer"') > 0


def test_a_stale_or_unconfirmed_fact_is_flagged_on_its_card(result: Answer, built_index: Index) -> None:
    def flags(**changes: bool) -> int:
        changed = replace(result, citations=(replace(result.citations[0], **changes),))
        return Reader(render_sources(changed, built_index.catalog, 0)).tags.count("strong")

    assert flags(stale=False, confirmed=True) == 0
    assert flags(stale=True, confirmed=True) == 1
    assert flags(stale=True, confirmed=False) == 2


def citation_for(start: date | None, end: date | None, undated: bool = False) -> Citation:
    return Citation(
        n=1,
        doc_id="guide/x",
        chunk_id="1",
        title="X",
        heading_path=("X",),
        doc_class="regel",
        quote="Y.",
        start=0,
        end=2,
        verified=True,
        sources=(),
        valid_from=start,
        valid_to=end,
        undated=undated,
        checked=TODAY,
        stale=False,
        confirmed=True,
    )


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2021, 1, 1), date(2021, 12, 31), "Kjent for 2021"),
        (date(2020, 1, 1), date(2021, 12, 31), "Kjent for 2020–2021"),
        (date(2026, 1, 1), None, "Kjent for fra 2026"),
        (date(2026, 9, 1), None, "Kjent for fra 2026-09-01"),
        (None, date(2023, 12, 31), "Kjent for til og med 2023"),
        (None, None, ""),
    ],
)
def test_a_period_is_told_in_words(start: date | None, end: date | None, words: str) -> None:
    assert describe_period(citation_for(start, end)) == words


def test_an_undated_source_is_told_as_undated() -> None:
    assert describe_period(citation_for(None, None, undated=True)) == "Kilden viser ingen dato"
