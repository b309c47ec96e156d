"""An answer as HTML: it grows in whole pieces, its numbers are links, and nothing in it is markup of its own."""

import itertools
import re
from dataclasses import replace
from datetime import date

import pytest

from assistant.texts import say
from assistant.types import Answer, Citation, Receipt, Status
from assistant.ui.reply import render_reply

TABLE = "| | Lån | Tilskudd |\n| --- | --- | --- |\n| Beløp | 50 000 kroner [1] | 20 000 \\| 30 000 kroner [2] |"


def cited(count: int) -> tuple[Citation, ...]:
    """As many citations, of which only the number matters here."""
    first = Citation(
        1, "ordninger/fond", "c", "Fondet", (), "regel", "", 0, 0, True, (), None, None, False, date(2026, 1, 1),
        False, True,
    )  # fmt: skip
    return tuple(replace(first, n=n) for n in range(1, count + 1))


def whole(text: str, page: str = "nb", **fields: object) -> str:
    *_, last = render_reply(Answer("a", Status.ANSWERED, text, "nb", cited(4), **fields), 3, page)  # type: ignore[arg-type]
    return last


def test_it_grows_by_whole_sentences_items_and_rows() -> None:
    answer = Answer("a", Status.ANSWERED, f"Én. [1] To. [2]\n\n- Tre [3]\n- Fire [4]\n\n{TABLE}", "nb", cited(4))
    grown = list(render_reply(answer, 0, "nb"))
    assert len(grown) == 2 + 2 + 2
    for earlier, later in itertools.pairwise(grown):
        assert re.sub("<[^>]+>", "", later).startswith(re.sub("<[^>]+>", "", earlier))
        assert later.count("<ul>") == later.count("</ul>")
        assert later.count("<table>") == later.count("</table>")


def test_a_number_leads_to_its_source_and_only_the_first_can_be_come_back_to() -> None:
    html = whole("Fondet gir 20 000 kroner. [1]\n\nSe også [1].")
    assert html.count('href="#kilde-3-1"') == 2
    assert html.count('id="svar-3-1"') == 1
    assert 'aria-label="Kilde 1"' in html


def test_a_number_that_no_source_has_is_mere_text() -> None:
    assert "<a" not in whole("Fondet gir 20 000 kroner. [9]")


def test_what_looks_like_markup_is_text() -> None:
    html = whole('<img src=x onerror="alert(1)"> & <b>fet</b> **stjerner** [lenke](http://x)')
    assert "<img" not in html and "<b>" not in html and "<a" not in html
    assert "&lt;img" in html and "**stjerner**" in html


def test_the_name_that_leads_an_item_is_bold_and_escaped() -> None:
    assert "<li><strong>Fond &lt;1&gt;:</strong> gir penger" in whole("- **Fond <1>:** gir penger [1]")


def test_a_table_has_heads_for_its_columns_and_rows() -> None:
    html = whole(TABLE)
    assert '<th scope="col">Lån</th>' in html
    assert '<th scope="row">Beløp</th>' in html
    assert '<td data-head="Tilskudd">20 000 | 30 000 kroner ' in html
    assert "---" not in html


def test_a_warning_and_a_reservation_look_like_what_they_are() -> None:
    lead = say("nb", "partial")
    html = whole(
        f"{lead}\n\nFondet gir 20 000 kroner. [1]\n\nKjent til og med 2021 [1].",
        warnings=("Kjent til og med 2021 [1].",),
    )
    assert html.count('<p class="warning">') == 2
    assert html.count('<p class="said">') == 1


def test_what_was_understood_comes_first_and_what_the_receipt_notes_last() -> None:
    receipt = Receipt("c", "i", "e", "g", 0, 1.0, {}, note="Språkmodellen svarte ikke.")
    html = whole("Svaret. [1]", understood="Når er fristen for <fondet>?", receipt=receipt)
    assert html.startswith('<p class="understood">')
    assert "&lt;fondet&gt;" in html
    assert html.endswith('<p class="frame">Språkmodellen svarte ikke.</p>')


@pytest.mark.parametrize(("page", "marked"), [("nb", False), ("nn", True), ("en", True)])
def test_the_guides_sentences_are_marked_where_the_page_has_another_language(page: str, marked: bool) -> None:
    assert ('lang="nb"' in whole("Fondet gir 20 000 kroner. [1]", page)) is marked


def test_in_an_english_answer_our_own_words_are_english_and_the_guides_norwegian() -> None:
    text = f"The requirements are:\n\n- Fondet er åpent. [1]\n\n{say('en', 'norwegian_quotes')}"
    *_, html = render_reply(Answer("a", Status.ANSWERED, text, "en", cited(4)), 0, "nb")
    assert '<span lang="en">The requirements are:</span>' in html
    assert "<li>Fondet er åpent. <a" in html
    assert '<p class="frame"><span lang="en">' in html


def test_sentences_of_a_language_model_have_the_language_of_the_answer() -> None:
    text = f"The fund gives 20 000 kroner. [1]\n\n{say('en', 'model_words')}"
    *_, html = render_reply(Answer("a", Status.ANSWERED, text, "en", cited(4)), 0, "en")
    assert "lang=" not in html
