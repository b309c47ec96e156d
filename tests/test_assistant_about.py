"""The view «Om»: figures that a plain loop agrees with, three languages, headings in order, nothing unescaped."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.config import read_config
from assistant.freshness import Standing, measure, standing_of
from assistant.texts import LANGUAGES, load_texts, say
from assistant.ui.about import render_about
from index.document import Corpus, read_corpus
from index.lint import lix
from index.load import Index
from index.statements import split_sentences
from index.types import Mark, Period, Statement

TODAY = date(2026, 11, 29)
LATER = date(2029, 1, 1)  # when every document of the tiny guide is past its review date
ORIGIN = "https://guide.example"
Render = Callable[..., str]


class _Page(HTMLParser):
    """The elements of a page in order, each closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == [], "an element is left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def view(built_index: Index) -> Render:
    """The view of the tiny guide, as bokmål today where nothing else is said."""

    def render(language: str = "nb", **changed: object) -> str:
        values = {"catalog": built_index.catalog, "today": TODAY, "origin": ORIGIN, "keep_days": 30, **changed}
        return render_about(manifest=built_index.manifest, language=language, **values)  # type: ignore[arg-type]

    return render


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def rows_of(html: str, caption: str) -> dict[str, list[str]]:
    """The rows of a table by their name."""
    table = html.split(f"<caption>{caption}</caption>")[1].split("</table>")[0]
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', table)
    return {name: re.findall(r"<td>(.*?)</td>", cells) for name, cells in rows}


def test_the_documents_are_counted_as_a_plain_loop_counts_them(view: Render, corpus_dir: Path) -> None:
    expected: dict[str, int] = {}
    for document in read_corpus(corpus_dir).documents:
        name = say("nb", f"class_{document.doc_class}")
        expected[name] = expected.get(name, 0) + 1
    expected["I alt"] = sum(expected.values())
    assert rows_of(view(), "Dokumentene") == {name: [str(number), "0"] for name, number in expected.items()}
    assert rows_of(view(today=LATER), "Dokumentene") == {n: [str(number)] * 2 for n, number in expected.items()}


def plain_standings(corpus: Corpus, today: date) -> dict[str, int]:
    """How the sentences of the tiny guide stand: each has one mark, so that nothing has to be weighed."""
    found = dict.fromkeys(Standing, 0)
    for document in corpus.documents:
        for statement in document.statements():
            [mark] = statement.marks
            by_name = {"råd": Standing.ADVICE, "ubekreftet": Standing.UNCONFIRMED}
            if mark.source_id in by_name:
                standing = by_name[mark.source_id]
            elif mark.period.undated:
                standing = Standing.UNDATED
            elif mark.period.end is None or today <= mark.period.end:
                standing = Standing.CURRENT
            else:
                standing = Standing.PAST if (today - mark.period.end).days < 730 else Standing.OLD
            found[standing] += 1
    return found


@pytest.mark.parametrize("today", [TODAY, date(2027, 6, 1), LATER])
def test_the_sentences_are_counted_as_a_plain_loop_counts_them(view: Render, corpus_dir: Path, today: date) -> None:
    expected = plain_standings(read_corpus(corpus_dir), today)
    shown = rows_of(view(today=today), "Setningene")
    assert {standing: int(shown[say("nb", f"about_rests_{standing}")][0]) for standing in Standing} == expected
    assert shown["I alt"] == [str(sum(expected.values())), "100 %"]


def test_the_sources_that_are_used_are_counted_and_an_unused_one_is_not(built_index: Index, view: Render) -> None:
    catalog = built_index.catalog
    more = {**catalog.sources, "ubrukt": next(iter(catalog.sources.values()))}
    assert "bygger på 3 kilder" in text_of(view(catalog=replace(catalog, sources=more)))


@pytest.mark.parametrize(
    ("marks", "standing"),
    [
        ([("lov", Period(date(2026, 1, 1)))], Standing.CURRENT),
        ([("lov", Period(end=TODAY))], Standing.CURRENT),
        ([("lov", Period(end=TODAY - timedelta(days=1)))], Standing.PAST),
        ([("lov", Period(end=TODAY - timedelta(days=729)))], Standing.PAST),
        ([("lov", Period(end=TODAY - timedelta(days=730)))], Standing.OLD),
        ([("gammel", Period(end=date(2015, 12, 31))), ("ny", Period(date(2026, 1, 1)))], Standing.CURRENT),
        ([("lov", Period(undated=True))], Standing.UNDATED),
        ([("ubekreftet", Period())], Standing.UNCONFIRMED),
        ([("råd", Period()), ("gammel", Period(end=date(2015, 12, 31)))], Standing.OLD),
        ([("råd", Period())], Standing.ADVICE),
    ],
)
def test_a_sentence_is_as_old_as_its_newest_source(marks: list[tuple[str, Period]], standing: Standing) -> None:
    assert standing_of(Statement(0, 1, tuple(Mark(*mark) for mark in marks)), TODAY) is standing


def test_documents_past_their_review_date_are_named_the_longest_waiting_first(built_index: Index, view: Render) -> None:
    first, second, *others = built_index.catalog.documents
    first = replace(first, title="Nest lengst", review_by=date(2026, 10, 2))
    second = replace(second, title="Lengst", review_by=date(2026, 10, 1))
    html = view(catalog=replace(built_index.catalog, documents=(first, second, *others)))
    named = [text_of(line) for line in re.findall(r"<li>(.*?)</li>", html.split("<details>")[1].split("</details>")[0])]
    classes = [say("nb", f"class_{document.doc_class}") for document in (second, first)]
    assert named == [
        f"Lengst ({classes[0]}), frist 1. oktober 2026",
        f"Nest lengst ({classes[1]}), frist 2. oktober 2026",
    ]
    assert f"<summary>{say('nb', 'about_overdue_list', count=2)}</summary>" in html


def test_a_document_is_not_overdue_on_its_review_date(built_index: Index) -> None:
    day = built_index.catalog.documents[0].review_by
    assert measure(built_index.catalog, day).overdue == ()
    assert len(measure(built_index.catalog, day + timedelta(days=1)).overdue) == len(built_index.catalog.documents)


def test_when_nothing_is_overdue_the_page_says_so(view: Render) -> None:
    assert say("nb", "about_overdue_none") in view()
    assert "<details" not in view()


def test_the_oldest_and_the_newest_check_are_told_and_one_day_only_once(built_index: Index, view: Render) -> None:
    assert "sist kontrollert 1. februar 2026." in text_of(view())
    first, *others = built_index.catalog.documents
    catalog = replace(built_index.catalog, documents=(replace(first, checked=date(2025, 5, 17)), *others))
    assert "sist kontrollert mellom 17. mai 2025 og 1. februar 2026." in text_of(view(catalog=catalog))


def test_the_version_and_its_day_are_told(built_index: Index, view: Render) -> None:
    manifest = replace(built_index.manifest, built_at="2026-11-28T23:30:00+01:00")
    html = render_about(built_index.catalog, manifest, "nb", today=TODAY, origin=ORIGIN, keep_days=30)
    assert f"Dette er utgave {manifest.version}, lagt inn 28. november 2026." in text_of(html)


def test_a_large_number_is_grouped_and_a_small_share_is_not_none(built_index: Index, view: Render) -> None:
    chunk = built_index.catalog.chunks[0]
    many = replace(chunk, statements=(Statement(0, 1, (Mark("lov-om-fond", Period()),)),) * 1_000)
    one = replace(chunk, statements=(Statement(0, 1, (Mark("råd", Period()),)),))
    shown = rows_of(view(catalog=replace(built_index.catalog, chunks=(many, one))), "Setningene")
    assert shown[say("nb", "about_rests_current")] == ["1\xa0000", "100 %"]
    assert shown[say("nb", "about_rests_advice")] == ["1", "under 1 %"]
    assert shown[say("nb", "about_rests_undated")] == ["0", "0 %"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_in_order_under_one_title(view: Render, language: str) -> None:
    page = _Page(view(language))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(lower <= upper + 1 for upper, lower in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids)) == levels.count(2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_view_is_shown_in_its_language(view: Render, language: str) -> None:
    shown = view(language, today=LATER, contact="post@example.org") + view(language, llm="ollama:modell", contact="")
    shown += view(language, keep_days=0)
    plain = re.sub(r"\s", " ", text_of(shown))
    unseen = {"about_percent_small", "about_checked_between"}  # other tests see these
    for key, text in load_texts(language).items():
        if key.startswith("about_") and key not in unseen:
            pieces = [piece for piece in re.split(r"\{\w+\}", text.replace("\xa0", " ")) if piece.strip()]
            assert [piece for piece in pieces if piece not in plain] == [], key
    assert f'<div class="about" lang="{language}">' in shown


def test_the_guides_own_words_are_marked_as_norwegian_in_english(view: Render) -> None:
    html = view("en", today=LATER)
    assert '<span lang="nb">Aksjekapital</span> (Guidance), due 1 February 2027' in text_of_times(html)
    assert re.search(r'<span lang="nb">«Inneholder data under norsk lisens[^<]*Lovdata\.»</span>', html)


def text_of_times(html: str) -> str:
    return re.sub(r"</?time[^>]*>", "", html)


def test_each_table_has_a_caption_and_heads_for_columns_and_rows(view: Render) -> None:
    page = _Page(view())
    count = {tag: sum(name == tag for name, _ in page.elements) for tag in ("table", "caption", "thead", "tfoot")}
    assert set(count.values()) == {2}
    assert {attributes.get("scope") for tag, attributes in page.elements if tag == "th"} == {"col", "row"}


def test_nothing_in_the_view_runs_or_is_fetched(view: Render) -> None:
    page = _Page(view(today=LATER, contact="https://example.org", llm="openai:modell"))
    assert {tag for tag, _ in page.elements} & {"script", "img", "iframe", "link", "style", "object", "form"} == set()
    names = {name for _, attributes in page.elements for name in attributes}
    assert names <= {"class", "lang", "id", "href", "rel", "scope", "datetime"}


EVIL = '<img src=x onerror="alert(1)">'


def test_titles_settings_and_addresses_are_escaped(built_index: Index, view: Render) -> None:
    documents = tuple(replace(document, title=EVIL) for document in built_index.catalog.documents)
    catalog = replace(built_index.catalog, documents=documents)
    manifest = replace(built_index.manifest, version=EVIL)
    html = render_about(
        catalog, manifest, "nb", today=LATER, origin=EVIL, keep_days=30, contact=EVIL, llm=f"ollama:{EVIL}"
    )
    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=") >= len(documents) + 3


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("post@example.org", '<a href="mailto:post@example.org">post@example.org</a>'),
        ("mailto:post@example.org", '<a href="mailto:post@example.org">post@example.org</a>'),
        (
            "https://example.org/?a=1&b=2",
            '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">https://example.org/?a=1&amp;b=2</a>',
        ),
        ("Ring oss & spør", "Ring oss &amp; spør"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("post@example.org?bcc=x@example.org", "post@example.org?bcc=x@example.org"),
    ],
)
def test_a_contact_is_a_link_only_where_it_is_an_address(view: Render, contact: str, shown: str) -> None:
    assert say("nb", "about_tell_contact", contact=shown) in view(contact=contact)
    assert view(contact=contact).count("<a ") == 1 + shown.count("<a ")


def test_without_a_contact_the_page_invents_none(view: Render) -> None:
    assert say("nb", "about_tell_someone") in view()
    assert re.findall(r'href="([^"]*)"', view()) == ["/api/openapi.json"]


def test_the_contact_is_a_setting_and_none_is_the_default() -> None:
    assert read_config({"ABC_CONTACT": "post@example.org"}).contact == "post@example.org"
    assert read_config({}).contact == ""


def test_what_leaves_the_machine_depends_on_the_language_model(view: Render) -> None:
    without, with_model = view(), view(llm="openai:norsk-7b:q4")
    assert say("nb", "about_sent_off") in without
    assert say("nb", "about_model_off") in without
    assert say("nb", "about_sent_on") in with_model
    assert say("nb", "about_model_on", model="norsk-7b:q4") in with_model
    assert say("nb", "about_sent_off") not in with_model


def test_what_is_kept_and_what_there_is_to_press_depend_on_whether_feedback_is_kept(view: Render) -> None:
    kept, not_kept = view(keep_days=14), view(keep_days=0)
    assert say("nb", "about_kept", days=14) in kept
    assert say("nb", "about_tell_buttons") in kept
    assert say("nb", "about_kept_off") in not_kept
    assert say("nb", "about_tell_buttons") not in not_kept
    assert say("nb", "about_tell_someone") in not_kept


def test_the_snippet_embeds_the_page_from_its_own_address(view: Render) -> None:
    [snippet] = re.findall(r"<pre><code>(.*?)</code></pre>", view("en"))
    [(tag, attributes)] = _Page(unescape(snippet)).elements
    assert (tag, attributes["src"]) == ("iframe", f"{ORIGIN}/innebygd")
    assert attributes["title"] == say("en", "page_title")


def test_the_words_of_the_licence_are_those_of_the_readme(view: Render) -> None:
    [words] = re.findall(r"«Inneholder data[^»]*»", (Path(__file__).parent.parent / "README.md").read_text("utf-8"))
    assert words in view()


def test_the_bokmaal_of_the_view_is_easy_to_read() -> None:
    texts = [text for key, text in load_texts("nb").items() if key.startswith("about_") and text.endswith(".")]
    assert lix([sentence for text in texts for sentence in split_sentences(text)]) < 45
