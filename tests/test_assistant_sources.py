"""What the page shows of an answer's sources: passages in their surroundings, marked quotes, and no markup but ours."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assistant.cite import cite
from assistant.texts import LANGUAGES, say
from assistant.types import AlsoRead, Answer, Draft, Passage, Status
from assistant.ui.sources import render_sources
from index.catalog import Catalog
from index.chunk import split_document
from index.document import find_files, read_corpus, read_document
from index.registry import read_sources
from index.statements import plain

TODAY = date(2026, 3, 1)
EVIL = "<script>alert('&')</script>"
FUND, SHARES = "ordninger/etableringsfondet", "guide/aksjekapital"
_VOID = ("br", "hr", "img")


class Reader(HTMLParser):
    """The tags, links and shown text of a piece of HTML, and whether every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.classes: list[str] = []
        self.text = ""
        self.marked: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.is_balanced = not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in _VOID:
            self._open.append(tag)
        values = dict(attrs)
        self.attributes |= set(values)
        self.links += [str(values["href"])] if "href" in values else []
        self.ids += [str(values["id"])] if "id" in values else []
        self.classes += str(values.get("class", "")).split()
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self._open:
            self.marked[-1] += data


@pytest.fixture
def guide(corpus_dir: Path) -> Catalog:
    return read_guide(corpus_dir)


def read_guide(folder: Path) -> Catalog:
    corpus = read_corpus(folder)
    chunks = tuple(chunk for document in corpus.documents for chunk in split_document(document))
    return Catalog(corpus.documents, chunks, corpus.sources, corpus.terms, ())


def answer_from(guide: Catalog, *quoted: tuple[str, str], also: tuple[str, ...] = (), today: date = TODAY) -> Answer:
    """An answer that quotes the sentences that begin so, in order, and recommends the first passage of `also`."""
    drafts = []
    for doc_id, opening in quoted:
        document = next(document for document in guide.documents if document.doc_id == doc_id)
        chunk, statement = next(
            (chunk, statement)
            for chunk in guide.chunks
            if chunk.doc_id == doc_id
            for statement in chunk.statements
            if plain(document.text[statement.start :]).startswith(opening)
        )
        said = plain(document.text[statement.start : statement.end])
        drafts.append(Draft(said, Passage(len(drafts) + 1, document, chunk, 1.0), statement))
    read = tuple(
        AlsoRead(next(chunk.chunk_id for chunk in guide.chunks if chunk.doc_id == doc_id), doc_id, doc_id)
        for doc_id in also
    )
    return Answer("1", Status.ANSWERED, "", "nb", tuple(cite(drafts, guide.sources, "nb", today)), also_read=read)


def show(guide: Catalog, *quoted: tuple[str, str], also: tuple[str, ...] = (), language: str = "nb") -> Reader:
    return Reader(render_sources(answer_from(guide, *quoted, also=also), guide, 0, language))


def cards_in(html: str) -> list[str]:
    return html.split('<details class="source ')[1:]


def test_every_number_has_an_id_of_its_own_and_a_card_leads_back_to_the_answer(guide: Catalog) -> None:
    quoted = (FUND, "Etableringsfondet krever en"), (FUND, "Etableringsfondet krever et"), (SHARES, "Åpne")
    seen = Reader(render_sources(answer_from(guide, *quoted), guide, 4, "nb"))
    assert seen.ids == ["kilder-4", "kilde-4-1", "kilde-4-2", "kilde-4-3"]
    assert [link for link in seen.links if link.startswith("#")] == ["#svar-4-1", "#svar-4-3"]
    assert seen.is_balanced


def test_passages_stand_in_the_order_they_are_used_and_only_the_first_is_open(guide: Catalog) -> None:
    quoted = (SHARES, "Åpne"), (FUND, "Etableringsfondet dekker"), (SHARES, "Sett inn")
    cards = cards_in(render_sources(answer_from(guide, *quoted, also=(FUND,)), guide, 0, "nb"))
    assert [card.partition("<summary>")[0] for card in cards] == ['veiledning" open>', 'regel">', 'also regel">']
    assert "kilde-0-1" in cards[0]
    assert "kilde-0-3" in cards[0]
    assert "kilde-0-2" in cards[1]


def test_a_quote_stands_marked_with_its_number_among_the_sentences_around_it(guide: Catalog) -> None:
    seen = show(guide, (SHARES, "Pengene kan brukes"))
    assert seen.marked == ["Pengene kan brukes i driften."]
    assert "Aksjekapital er pengene eierne skyter inn i selskapet. Pengene kan brukes i driften.1" in seen.text
    assert "Åpne en konto" not in seen.text, "another section"
    assert "[^" not in seen.text


def test_a_list_stays_a_list_and_a_link_of_the_guide_becomes_words(guide: Catalog) -> None:
    html = render_sources(answer_from(guide, (SHARES, "Sett inn")), guide, 0, "nb")
    assert "<li>Åpne en konto i selskapets navn.</li>" in html.replace("\n", "")
    assert "<li><mark>Sett inn aksjekapitalen" in html
    assert "<p>Les også om tilskudd fra fylket.</p>" in html


def test_a_field_of_a_card_is_shown_whole(guide: Catalog) -> None:
    seen = show(guide, (FUND, "Etableringsfondet krever et"))
    assert seen.marked == ["Etableringsfondet krever et regnskap."]
    assert "Etableringsfondet krever en skriftlig plan." in seen.text
    assert "10 prosent" not in seen.text


def test_the_same_words_elsewhere_are_not_marked(
    corpus_dir: Path, write: Callable[[Path, str], Path], document_text: Callable[..., str]
) -> None:
    body = "## Først\n\nHer står det samme.[^lov-om-fond] Og litt til.[^råd]\n\nHer står det samme.[^råd]\n"
    write(corpus_dir / "guide/likt.md", document_text(title="Likt", body=body))
    guide = read_guide(corpus_dir)
    html = render_sources(answer_from(guide, ("guide/likt", "Her står")), guide, 0, "nb")
    assert '<p><mark>Her står det samme.</mark><sup class="at">1</sup> Og litt til.</p>' in html
    assert "<p>Her står det samme.</p>" in html


def test_of_a_long_section_a_part_is_shown_and_the_whole_can_be_asked_for(
    corpus_dir: Path, write: Callable[[Path, str], Path], document_text: Callable[..., str]
) -> None:
    items = "".join(f"- Punkt {n} {'er langt ' * 12}nok.[^lov-om-fond]\n" for n in range(40))
    write(corpus_dir / "guide/langt.md", document_text(title="Langt", body=f"## Punktene\n\n{items}"))
    guide = read_guide(corpus_dir)
    html = render_sources(answer_from(guide, ("guide/langt", "Punkt 20")), guide, 0, "nb")
    window, _, whole = html.partition('<details class="whole">')
    assert "Vis hele avsnittet" in whole
    assert window.count("…") == 2
    assert 2 < window.count("<li>Punkt") < 20
    assert "Punkt 0 " not in window
    assert [whole.count(f"Punkt {n} ") for n in (0, 20, 39)] == [1, 1, 1]
    assert (window.count("<mark>"), whole.count("<mark>")) == (1, 1)


def test_a_card_tells_class_place_source_period_and_checks(guide: Catalog) -> None:
    seen = show(guide, (FUND, "Søknadsfristen for etableringsfondet"))
    for told in (
        "Kilde 1", "Etableringsfondet", "Søknadsfrister", "Regel", "Kjent for 2026", "Sist kontrollert 1. februar 2026",
        "Neste kontroll 1. februar 2027", "Fjord fylkeskommune: Frister for tilskudd",
    ):  # fmt: skip
        assert told in seen.text
    assert "https://example.org/fylket#:~:text=15.%20mai%202026" in seen.links


def test_headings_above_the_passage_are_told_in_order(guide: Catalog) -> None:
    seen = show(guide, (FUND, "Du kan klage"))
    assert "Slik behandles søknaden › Klage" in seen.text
    assert seen.tags.index("h3") < seen.tags.index("h4")


def test_quotes_with_different_origins_have_a_line_each_with_their_number(guide: Catalog) -> None:
    html = render_sources(answer_from(guide, (SHARES, "Aksjekapital er"), (SHARES, "Pengene kan")), guide, 0, "nb")
    facts = html.partition('<ul class="facts">')[2].partition("</ul>")[0]
    assert facts.count("<li>") == 2
    assert '<b class="for">1</b> <span class="publisher">Lovdata</span>' in facts
    assert '<b class="for">2</b>  <span class="flag">Ikke bekreftet av noen kilde</span>' in facts


def test_what_is_old_or_unconfirmed_says_so_before_the_card_is_opened(guide: Catalog) -> None:
    def summary(today: date, *quoted: tuple[str, str]) -> str:
        html = render_sources(answer_from(guide, *quoted, today=today), guide, 0, "nb")
        return Reader(html.partition("<summary>")[2].partition("</summary>")[0]).text

    assert "utdatert" not in summary(TODAY, (FUND, "Søknadsfristen"))
    assert "Kan være utdatert" in summary(date(2027, 1, 1), (FUND, "Søknadsfristen"))
    assert "Ikke bekreftet av noen kilde" in summary(TODAY, (SHARES, "Aksjekapital er"), (SHARES, "Pengene kan"))


def test_different_periods_are_told_as_different(guide: Catalog) -> None:
    commune = "guide/tilskot-fra-kommunen"
    one = answer_from(guide, (commune, "Lag kan søkje"))
    changed = replace(one.citations[0], n=2, undated=False, valid_from=date(2020, 1, 1), valid_to=date(2020, 12, 31))
    html = render_sources(replace(one, citations=(*one.citations, changed)), guide, 0, "nb")
    assert "Kjent for ulike perioder · kontrollert" in html.partition("</summary>")[0]


def test_what_else_to_read_comes_last_and_closed_with_its_text_and_sources(guide: Catalog) -> None:
    html = render_sources(answer_from(guide, (FUND, "Etableringsfondet gir"), also=(SHARES,)), guide, 0, "nb")
    assert html.index("<h3 id=") < html.index("<h3>Les også</h3>")
    last = cards_in(html)[-1]
    assert last.startswith('also veiledning"><summary>')
    seen = Reader('<details class="source ' + last.removesuffix("</section>"))
    assert "Et aksjeselskap må ha minst 30 000 kroner i aksjekapital." in seen.text
    assert "Lovdata: Lov om fond" in seen.text
    assert (seen.marked, seen.ids, "#svar-0-1" in seen.links) == ([], [], False)


def test_a_refusal_has_only_what_to_read_and_nothing_without_it(guide: Catalog) -> None:
    refusal = answer_from(guide, also=(SHARES,))
    html = render_sources(refusal, guide, 4, "nb")
    assert html.startswith('<section class="sources" aria-labelledby="kilder-4"><h3 id="kilder-4">Les også</h3>')
    assert " open" not in html
    assert render_sources(replace(refusal, also_read=()), guide, 4, "nb") == ""


def test_only_a_template_is_offered_for_download(guide: Catalog) -> None:
    template = show(guide, ("maler/soknad-om-tilskudd", "Kopier"))
    assert {"/maler/soknad-om-tilskudd.docx", "/maler/soknad-om-tilskudd.md"} <= set(template.links)
    assert all(link.startswith(("https://", "#svar-")) for link in show(guide, (FUND, "Etableringsfondet gir")).links)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_its_language_and_marks_that_of_the_guide(guide: Catalog, language: str) -> None:
    html = render_sources(answer_from(guide, (FUND, "Etableringsfondet gir"), (SHARES, "Åpne")), guide, 0, language)
    for key in ("page_sources", "class_regel", "class_veiledning", "source_back", "advice_title"):
        assert say(language, key) in html
    assert ('lang="nb"' in html) == (language != "nb")
    assert ('<div class="passage" lang="nb">' in html) == (language != "nb")


def test_links_open_apart_and_tell_the_other_site_nothing(guide: Catalog) -> None:
    html = render_sources(answer_from(guide, (FUND, "Etableringsfondet gir")), guide, 0, "nb")
    assert html.count('<a href="https://') == html.count('target="_blank" rel="noopener noreferrer"') == 1
    assert "åpnes i ny fane" in html


def test_markup_in_the_guide_and_its_sources_is_shown_and_never_run(
    corpus_dir: Path, write: Callable[[Path, str], Path], document_text: Callable[..., str]
) -> None:
    sources = (corpus_dir / "kilder.yaml").read_text(encoding="utf-8")
    evil_source = sources.replace("Lovdata", f'"{EVIL}"').replace("Lov om fond", f'"{EVIL}"')
    write(corpus_dir / "kilder.yaml", evil_source)
    body = (
        f"## {EVIL}\n\nSkriv <b onclick='x()'>fett</b> & [bestem](javascript:x) {EVIL} selv.[^lov-om-fond]\n\n"
        f"{EVIL}\n\n| <i>a</i> | b |\n|--:|---|\n| {EVIL} | ![x](https://example.org/x.png) |\n\n"
        "```\n<script>x()</script>\n```\n"
    )
    write(corpus_dir / "maler/vond.md", document_text(title=f"'{EVIL.replace(chr(39), chr(39) * 2)}'", body=body))
    guide = read_guide(corpus_dir)
    seen = show(guide, ("maler/vond", "Skriv"))
    assert seen.marked == [f"Skriv <b onclick='x()'>fett</b> & bestem {EVIL} selv."]
    assert seen.text.count(EVIL) >= 7
    assert {"script", "b", "i", "img"} & set(seen.tags) == set()
    assert {"onclick", "style", "src"} & seen.attributes == set()
    assert seen.is_balanced


def test_passages_of_the_real_guide_can_be_cited_and_read() -> None:
    folder = Path(__file__).parent.parent / "corpus"
    sources, _ = read_sources(folder)
    periods = {source_id: source.period for source_id, source in sources.items()}
    for path in find_files(folder)[::6]:  # all of them take long; these are of every class
        document = read_document(path, folder, periods)
        chunks = split_document(document)
        guide = Catalog((document,), tuple(chunks), sources, (), ())
        drafts = [
            Draft("", Passage(1, document, chunk, 1.0), statement) for chunk in chunks for statement in chunk.statements
        ]
        citations = tuple(cite(drafts, guide.sources, "nb", TODAY))
        also = tuple(AlsoRead(c.chunk_id, c.doc_id, document.title) for c in chunks if not c.statements)
        html = render_sources(Answer("1", Status.ANSWERED, "", "nb", citations, also_read=also), guide, 0, "nb")
        seen = Reader(re.sub(r'<details class="whole">.*?</details>', "", html, flags=re.DOTALL))
        assert seen.marked == [plain(citation.quote) for citation in citations], document.doc_id
        assert "[^" not in seen.text
        assert "style" not in seen.attributes
        assert len(seen.ids) == len(set(seen.ids)) == len(citations) + 1
