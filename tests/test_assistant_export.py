"""What a user takes away: the answer with its numbers, every source they point to, and no markup but ours."""

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from markdown_it import MarkdownIt

from assistant.answer import Engine, answer
from assistant.export.clipboard import clean_text, html_with_sources, text_with_sources
from assistant.export.conversation import conversation_markdown, conversation_word
from assistant.export.markdown import read_markdown, write_markdown
from assistant.texts import say
from assistant.types import Answer, Citation, Receipt, SourceRef
from index.embed import Embedder
from index.load import Index

TODAY = date(2026, 3, 1)
LAW = SourceRef("lov", "Lovdata", "Lov om fond", "https://example.org/lov")
EVIL = "<script>alert('&')</script> [x](javascript:y) *a* `b` | # c"
QUESTION = "Hvem kan søke etableringsfondet?"


def cite(n: int, quote: str, **changes: object) -> Citation:
    """A citation of the fund's requirements, as it is in force."""
    usual = Citation(
        n=n, doc_id="ordninger/fond", chunk_id="1", title="Fondet", heading_path=("Fondet", "Krav"), doc_class="regel",
        quote=quote, start=0, end=len(quote), verified=True, sources=(LAW,), valid_from=date(2026, 1, 1), valid_to=None,
        undated=False, checked=date(2026, 2, 1), stale=False, confirmed=True,
    )  # fmt: skip
    return replace(usual, **changes)  # type: ignore[arg-type]


def reply(text: str, *citations: Citation, **changes: object) -> Answer:
    """An answer in bokmål with this text."""
    receipt = Receipt("guide7", "000001", "modell", "extractive", 0, 1.0, {})
    return replace(Answer("1", "answered", text, "nb", citations, receipt=receipt), **changes)  # type: ignore[arg-type]


PLAN, LEDGER = cite(1, "Fondet krever en plan."), cite(2, "Fondet krever et regnskap.")
OLD = cite(3, "Fristen er 1. mai.", valid_to=date(2026, 12, 31), stale=True)
ANSWER = reply(
    "Fondet krever en plan. [1]\n\n- Fondet krever et regnskap. [2]\n- Fristen er 1. mai. [3]", PLAN, LEDGER, OLD
)


class Reader(HTMLParser):
    """The tags, links and words of a piece of HTML, and the words in each language but the outermost."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.foreign: dict[str, str] = {}
        self._open: list[str | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self.attributes |= set(values)
        self.links += [values["href"]] if "href" in values else []
        if tag != "br":
            self._open.append(values.get("lang"))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        for language in filter(None, self._open[1:]):
            self.foreign[language] = self.foreign.get(language, "") + data


def open_word(turns: Sequence[tuple[str, Answer]], language: str = "nb") -> WordDocument:
    return docx.Document(io.BytesIO(conversation_word(turns, language, TODAY)))


def lines_of(word: WordDocument, style: str) -> list[str]:
    return [paragraph.text for paragraph in word.paragraphs if paragraph.style and paragraph.style.name == style]


@pytest.fixture
def found(built_index: Index, embedder: Embedder) -> Answer:
    """A real answer of the tiny guide, with quotes of two passages."""
    return answer(Engine(built_index, embedder), [QUESTION], TODAY)


def test_a_clean_copy_has_the_sentences_and_nothing_else() -> None:
    assert clean_text(ANSWER) == "Fondet krever en plan.\n\n• Fondet krever et regnskap.\n• Fristen er 1. mai."


def test_a_clean_copy_of_a_real_answer_has_every_quote_and_no_number(found: Answer) -> None:
    text = clean_text(found)
    assert len(found.citations) == 3
    assert all(citation.quote in text for citation in found.citations)
    assert not re.search(r"[\[\]*|]", text)


@pytest.mark.parametrize(
    ("language", "warning", "clean"),
    [
        ("nb", "Det som står i [1]–[3], er kjent til og med 2026.", "Noe av dette er kjent til og med 2026."),
        ("nb", "Det som står i [1] og [3], er kjent til og med 2026.", "Noe av dette er kjent til og med 2026."),
        ("nn", "Det som står i [2], er kjent til og med 2026.", "Noko av dette er kjent til og med 2026."),
        ("en", "What [1], [2] and [3] says is known.", "Some of this is known."),
        ("nb", "Usikkert: til 2025 [1] [2] og 2026 [3]; uten dato [1]–[3].", "Usikkert: til 2025 og 2026; uten dato."),
    ],
)  # fmt: skip
def test_a_warning_about_numbers_reads_without_them(language: str, warning: str, clean: str) -> None:
    warned = replace(ANSWER, text=f"En plan. [1]\n\n{warning}", language=language, warnings=(warning,))
    assert clean_text(warned) == f"En plan.\n\n{clean}"


def test_a_table_is_copied_as_a_list_for_each_row() -> None:
    table = reply("Side om side:\n\n|  | Fond | Lån |\n| --- | --- | --- |\n| Krav | En plan \\| to. [1] | – |", PLAN)
    assert clean_text(table) == "Side om side:\n\nKrav\n• Fond: En plan | to.\n• Lån: –"


def test_a_refusal_is_copied_as_it_is() -> None:
    refusal = Answer("1", "no_evidence", "Det står ikke i guiden [se 1].", "nb")
    assert clean_text(refusal) == "Det står ikke i guiden [se 1]."
    assert say("nb", "page_sources") not in text_with_sources("Hva?", refusal, "nb", TODAY)


def test_a_copy_with_sources_lists_each_passage_and_source_once_with_all_its_numbers() -> None:
    assert text_with_sources(QUESTION, ANSWER, "nb", TODAY).split("\n\n") == [
        QUESTION,
        "Fondet krever en plan. [1]",
        "• Fondet krever et regnskap. [2]\n• Fristen er 1. mai. [3]",
        "Kilder",
        "[1] [2] Fondet › Krav · Regel\n[1] «Fondet krever en plan.»\n[2] «Fondet krever et regnskap.»\n"
        "Lovdata: Lov om fond, https://example.org/lov\nKjent fra 2026 · Sist kontrollert 1. februar 2026",
        "[3] Fondet › Krav · Regel\n«Fristen er 1. mai.»\nLovdata: Lov om fond, https://example.org/lov\n"
        "Kjent for 2026 · Sist kontrollert 1. februar 2026 · Kan være utdatert",
        "Svaret er satt sammen av en maskin fra guiden «ABC for sosiale entreprenører» og hentet 1. mars 2026. "
        "Maskinen kan ta feil, og svaret er ikke et vedtak. Guideversjon guide7, indeks 000001.",
    ]


def test_what_no_source_confirms_says_so_in_place_of_a_source() -> None:
    alone = cite(1, "Vi tror det.", sources=(), confirmed=False, valid_from=None)
    text = text_with_sources(QUESTION, reply("Vi tror det. [1]", alone), "nb", TODAY)
    assert "«Vi tror det.»\nSist kontrollert 1. februar 2026 · Ikke bekreftet av noen kilde" in text


def test_a_source_named_as_its_publisher_is_named_once() -> None:
    site = SourceRef("x", "Kafeen", "Kafeen", None)
    text = text_with_sources(QUESTION, reply("Åpent. [1]", cite(1, "Åpent.", sources=(site,))), "nb", TODAY)
    assert "«Åpent.»\nKafeen\nKjent fra 2026" in text


def test_copied_html_has_plain_elements_only_and_links_to_the_sources() -> None:
    seen = Reader(html_with_sources(QUESTION, ANSWER, "nb", TODAY))
    assert set(seen.tags) == {"div", "h2", "p", "ul", "li", "h3", "strong", "a", "br"}
    assert seen.attributes == {"lang", "href"}
    assert seen.links == ["https://example.org/lov"] * 2
    assert seen.text.count("[3]") == 2


def test_a_copied_table_has_lines_and_heads() -> None:
    html = html_with_sources(QUESTION, reply("|  | Fond |\n| --- | --- |\n| Krav | En plan. [1] |", PLAN), "nb", TODAY)
    assert (
        '<table border="1"><thead><tr><th></th><th>Fond</th></tr></thead>'
        "<tbody><tr><th>Krav</th><td>En plan. [1]</td></tr></tbody></table>" in html
    )


def test_quotes_in_an_english_copy_are_marked_as_norwegian_and_the_frame_is_english() -> None:
    warning = "What [1] says is known up to and including 2026."
    english = replace(ANSWER, language="en", text=f"Fondet krever en plan. [1]\n\n{warning}", warnings=(warning,))
    html = html_with_sources("Who can apply?", english, "en", TODAY)
    seen = Reader(html)
    assert html.startswith('<div lang="en"><h2>Who can apply?</h2><p lang="nb">Fondet krever en plan. [1]</p>')
    assert set(seen.foreign) == {"nb"}
    assert "«Fondet krever en plan.»" in seen.foreign["nb"]
    assert "Known from 2026 · Last checked 1 February 2026" in seen.text
    assert f"<p>{warning}</p>" in html


def test_the_words_of_a_language_model_are_in_the_language_of_the_answer() -> None:
    own = replace(ANSWER, language="en", text=f"It takes a plan. [1]\n\n{say('en', 'model_words')}")
    assert "<p>It takes a plan. [1]</p>" in html_with_sources("What?", own, "en", TODAY)


def test_personal_data_in_a_question_is_in_no_copy_and_no_file() -> None:
    question = "Jeg er 01010750160, hvem kan søke?"
    assert all(
        "01010750160" not in text
        for text in (
            text_with_sources(question, ANSWER, "nb", TODAY),
            html_with_sources(question, ANSWER, "nb", TODAY),
            conversation_markdown([(question, ANSWER)], "nb", TODAY),
            *(paragraph.text for paragraph in open_word([(question, ANSWER)]).paragraphs),
        )
    )


def test_markup_in_question_answer_and_sources_is_shown_and_never_run() -> None:
    source = SourceRef("x", EVIL, f"{EVIL}!", "javascript:alert(1)")
    evil = reply(f"{EVIL} [1]", cite(1, "Et sitat.", title=EVIL, heading_path=(EVIL, EVIL), sources=(source,)))
    seen = Reader(html_with_sources(EVIL, evil, "nb", TODAY))
    assert set(seen.tags) == {"div", "h2", "p", "h3", "strong", "br"}
    assert seen.text.count(EVIL) == 6
    markdown = conversation_markdown([(EVIL, evil)], "nb", TODAY)
    shown = Reader(MarkdownIt("commonmark").enable("table").render(markdown))
    assert set(shown.tags) == {"h1", "h2", "p", "ol", "li", "strong", "br"}
    assert shown.text.count(EVIL) == 6
    assert shown.links == []


@pytest.mark.parametrize(
    "text",
    ["1. mai", "- strek", "# nei", "+ pluss", "= likhet", "> sitat", "a*b*c", "_x_", "[1]: https://x.no", "[1](y)",
     "&amp;", "<b>", "~~~", "a\\b", "    innrykk", "12) tolv", "| a | b", "![x](y)", "---"],
)  # fmt: skip
def test_signs_of_markdown_in_a_sentence_are_words_in_the_file(text: str) -> None:
    said = f"- {text}" if text.startswith(("- ", "| ")) else text
    markdown = conversation_markdown([("Hva?", reply(f"Først.\n\n{said}", PLAN))], "nb", TODAY)
    seen = Reader(MarkdownIt("commonmark").enable("table").render(markdown))
    assert " ".join(text.split()) in " ".join(seen.text.split())
    assert seen.tags.count("ul") == said.startswith("- ")
    assert not {"pre", "blockquote", "em", "hr", "img", "code", "table"} & set(seen.tags)


def test_sources_are_numbered_through_the_whole_conversation_each_once() -> None:
    again = reply("Fristen er 1. mai. [1] Fondet krever en plan. [2]", replace(OLD, n=1), replace(PLAN, n=2))
    text = conversation_markdown([(QUESTION, ANSWER), ("Og fristen?", again)], "nb", TODAY)
    assert "Fondet krever en plan. [1]\n\n- Fondet krever et regnskap. [1]\n- Fristen er 1. mai. [2]" in text
    assert "Fristen er 1. mai. [2] Fondet krever en plan. [1]" in text
    assert re.findall(r"^(\d+)\. ", text, re.M) == ["1", "2"]
    assert text.count("«Fondet krever en plan.»") == text.count("«Fristen er 1. mai.»") == 1


def test_the_numbers_in_a_warning_follow_those_of_the_document() -> None:
    first = reply("Et annet krav. [1]", cite(1, "Et annet krav.", heading_path=("Fondet", "Annet")))
    warning = "Det som står i [1]–[3], er kjent til og med 2026."
    warned = replace(ANSWER, text=f"{ANSWER.text}\n\n{warning}", warnings=(warning,))
    text = conversation_markdown([("Hva?", first), (QUESTION, warned)], "nb", TODAY)
    assert "Det som står i [2] og [3], er kjent til og med 2026." in text


def test_advice_told_in_two_languages_is_one_source() -> None:
    bokmaal, nynorsk = (
        reply("Ta det med ro. [1]", cite(1, "Ta det med ro.", sources=(SourceRef("råd", "ABC-guiden", title, None),)))
        for title in ("Vårt råd", "Rådet vårt")
    )
    assert conversation_markdown([("Hva?", bokmaal), ("Kva?", nynorsk)], "nb", TODAY).count("Rådet vårt") == 0


def test_a_conversation_shows_what_was_understood_noted_and_refused() -> None:
    followed = replace(ANSWER, understood="Hvem kan søke fondet?")
    noted = replace(ANSWER, receipt=Receipt("g", "i", "m", "x", 0, 1.0, {}, note=say("nb", "generator_fell_back")))
    refused = Answer("2", "out_of_scope", say("nb", "out_of_scope"), "nb")
    text = conversation_markdown([("Og nå?", followed), ("Igjen?", noted), ("Et dikt?", refused)], "nb", TODAY)
    assert "## Og nå?\n\nJeg forstår det som: Hvem kan søke fondet?\n" in text
    assert say("nb", "generator_fell_back") in text
    assert f"## Et dikt?\n\n{say('nb', 'out_of_scope')}\n" in text
    assert "Guideversjon guide7, indeks 000001. Guideversjon g, indeks i." in text


def test_a_question_too_long_or_empty_still_has_a_heading() -> None:
    refused = Answer("2", "blocked", say("nb", "empty"), "nb")
    text = conversation_markdown([("x" * 3_000, refused), (" ", refused)], "nb", TODAY)
    assert f"## {'x' * 2_000}…\n" in text
    assert f"## {say('nb', 'export_empty_question')}\n" in text


def test_a_word_file_has_title_headings_lists_and_numbered_sources(found: Answer) -> None:
    word = open_word([(QUESTION, ANSWER), ("Hvem kan søke?", found)])
    assert lines_of(word, "Title") == [word.core_properties.title] == ["Samtale med ABC for sosiale entreprenører"]
    assert lines_of(word, "Heading 1") == [QUESTION, "Hvem kan søke?", "Kilder"]
    assert lines_of(word, "List Bullet")[:2] == ["Fondet krever et regnskap. [1]", "Fristen er 1. mai. [2]"]
    sources = lines_of(word, "Source")
    assert sources[0].startswith("Fondet › Krav · Regel\n«Fondet krever en plan.»\n«Fondet krever et regnskap.»\n")
    assert all(any(f"«{citation.quote}»" in source for source in sources) for citation in found.citations)


def test_each_number_in_a_word_file_leads_to_its_source_and_each_address_is_a_link() -> None:
    word = open_word([(QUESTION, ANSWER)])
    links = list(word.element.iter(qn("w:hyperlink")))
    anchors = [link.get(qn("w:anchor")) for link in links if link.get(qn("w:anchor"))]
    bookmarks = {mark.get(qn("w:name")) for mark in word.element.iter(qn("w:bookmarkStart"))}
    assert anchors == ["kilde_1", "kilde_1", "kilde_2"]
    assert set(anchors) == bookmarks
    addresses = {word.part.rels[link.get(qn("r:id"))].target_ref for link in links if link.get(qn("r:id"))}
    assert addresses == {"https://example.org/lov"}


@pytest.mark.parametrize(("language", "locale"), [("nb", "nb-NO"), ("nn", "nn-NO"), ("en", "en-GB")])
def test_a_word_file_tells_its_language_and_that_of_words_in_another(language: str, locale: str) -> None:
    word = open_word([("Who?", replace(ANSWER, language="en"))], language)
    defaults = word.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    assert (defaults.get(qn("w:val")), word.core_properties.language) == (locale, locale)
    spoken = {lang.get(qn("w:val")) for lang in word.element.iter(qn("w:lang"))}
    assert spoken == {"nb-NO", "en-GB"} - {locale}


def test_a_word_file_has_the_table_with_its_head_on_every_page() -> None:
    table = reply("|  | Fond |\n| --- | --- |\n| Krav | En plan. [1] |", PLAN)
    [shown] = open_word([(QUESTION, table)]).tables
    assert [[cell.text for cell in row.cells] for row in shown.rows] == [["", "Fond"], ["Krav", "En plan. [1]"]]
    assert [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in shown.rows] == [True, False]


def test_names_of_rows_are_heads_only_under_an_empty_corner() -> None:
    for corner, is_head in (("", True), ("Post", False)):
        html = html_with_sources("Hva?", reply(f"| {corner} | År 1 |\n| --- | --- |\n| Lønn | 1 |"), "nb", TODAY)
        assert ("<th>Lønn</th>" in html) is is_head


def test_a_word_file_has_a_page_number() -> None:
    footer = open_word([(QUESTION, ANSWER)]).sections[0].footer
    assert [field.get(qn("w:instr")) for field in footer._element.iter(qn("w:fldSimple"))] == ["PAGE"]


def test_what_xml_cannot_hold_is_left_out_of_a_word_file() -> None:
    assert "En plan." in lines_of(open_word([("Hva?", reply("En\x00\x0bplan.\ufffe"))]), "Normal")


def test_numbered_lists_of_a_template_each_begin_at_their_own_number() -> None:
    from assistant.export.word import write_word

    blocks = read_markdown("1. Én\n2. To\n\nSå:\n\n1. Ny\n   - Under\n\n5. Fem\n")
    word = docx.Document(io.BytesIO(write_word(blocks, "Mal", "nb")))
    ids = [paragraph._p.pPr.numPr.numId.val for paragraph in word.paragraphs if paragraph._p.pPr.numPr is not None]
    assert ids[0] == ids[1] != ids[2]
    assert lines_of(word, "List Bullet 2") == ["Under"]


def test_markdown_reads_as_the_blocks_it_was_written_from() -> None:
    text = "# Mal\n\nEt **viktig** ord.\\\nNy linje.\n\n- Én\n   - Under\n- To\n\n|  | A |\n| --- | --- |\n| B | C |\n"
    blocks = read_markdown(text)
    assert read_markdown(write_markdown(blocks)) == blocks
    assert write_markdown(blocks) == text
