"""Sentences, their source marks, their periods, and where they stand in the text."""

from datetime import date

import pytest

from index.statements import (
    find_blocks,
    make_statement,
    nest_heading,
    parse_mark,
    parse_period,
    plain,
    split_sentences,
    split_statements,
)
from index.types import Mark, Period

PERIODS = {"lov-1": Period(date(2026, 1, 1)), "nav": None}


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2021", Period(date(2021, 1, 1), date(2021, 12, 31))),
        ("2020..2021", Period(date(2020, 1, 1), date(2021, 12, 31))),
        ("2026..", Period(date(2026, 1, 1), None)),
        ("..2023", Period(None, date(2023, 12, 31))),
        ("2026-09-01..", Period(date(2026, 9, 1), None)),
        ("2024-02-29", Period(date(2024, 2, 29), date(2024, 2, 29))),
        ("2020-11-19..2021", Period(date(2020, 11, 19), date(2021, 12, 31))),
        ("udatert", Period(undated=True)),
    ],
)
def test_period_is_read_as_written(written, period):
    assert parse_period(written) == period


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("..", "«..» er ingen periode"),
        ("i fjor", "«i fjor» er ingen periode"),
        ("21", "«21» er ingen periode"),
        ("2021-2022", "«2021-2022» er ingen periode"),
        ("2026-02-30", "«2026-02-30» er ingen dato"),
        ("0000", "«0000» er ingen dato"),
        ("2022..2021", "perioden «2022..2021» slutter før den begynner"),
    ],
)
def test_period_that_is_none_is_named_in_the_message(written, said):
    with pytest.raises(ValueError, match=said.replace(".", r"\.")):
        parse_period(written)


def test_mark_without_period_has_the_period_of_its_source():
    assert parse_mark("lov-1", PERIODS) == Mark("lov-1", Period(date(2026, 1, 1)))


def test_period_in_the_mark_goes_before_that_of_the_source():
    assert parse_mark("lov-1@2021", PERIODS) == Mark("lov-1", Period(date(2021, 1, 1), date(2021, 12, 31)))


@pytest.mark.parametrize("source_id", ["råd", "ubekreftet"])
def test_advice_and_unconfirmed_need_neither_register_nor_period(source_id):
    assert parse_mark(source_id, {}) == Mark(source_id, Period())


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("finnes-ikke", "ukjent kilde «finnes-ikke»"),
        ("nav", "kildemerket «nav» mangler periode; skriv nav@2021 eller nav@udatert"),
        ("lov-1@", "kildemerket «lov-1@» er ikke på formen"),
        ("Lov_1", "kildemerket «Lov_1» er ikke på formen"),
        ("lov-1@fjor", "«fjor» er ingen periode"),
        ("råd@fjor", "«fjor» er ingen periode"),
    ],
)
def test_mark_that_cannot_be_read_is_named_in_the_message(body, said):
    with pytest.raises(ValueError, match=said):
        parse_mark(body, PERIODS)


def test_statement_keeps_every_mark_in_order():
    statement = make_statement(3, 9, ("råd", "lov-1"), PERIODS)
    assert (statement.start, statement.end) == (3, 9)
    assert [mark.source_id for mark in statement.marks] == ["råd", "lov-1"]


def _statements(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(text[start:end], bodies) for start, end, bodies in split_statements(text, 0, len(text))]


def test_each_marked_sentence_is_a_statement_of_its_own():
    assert _statements("Fristen er 1. mai.[^a@2021] Søk i god tid.[^råd]") == [
        ("Fristen er 1. mai.", ("a@2021",)),
        ("Søk i god tid.", ("råd",)),
    ]


def test_marks_side_by_side_belong_to_the_same_sentence():
    assert _statements("Fristen er 1. mai.[^a@2021][^b]") == [("Fristen er 1. mai.", ("a@2021", "b"))]


def test_what_follows_the_last_mark_is_left_without_one():
    assert _statements("Fristen er 1. mai.[^a] Søk nå.") == [("Fristen er 1. mai.", ("a",)), ("Søk nå.", ())]


def test_text_without_marks_is_one_loose_piece_and_no_text_is_none():
    assert _statements("Søk nå. Vent ikke.") == [("Søk nå. Vent ikke.", ())]
    assert _statements("  \n ") == []


def test_statements_do_not_reach_outside_the_given_span():
    text = "Før.[^a] Inni.[^b] Etter.[^c]"
    start = text.index("Inni")
    spans = list(split_statements(text, start, text.index(" Etter")))
    assert spans == [(start, start + len("Inni."), ("b",))]


def _blocks(text: str, start: int = 0) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level, text[block.start : block.end]) for block in find_blocks(text, start)]


def test_blocks_are_headings_paragraphs_items_and_cells():
    text = (
        "## Hvem kan søke?\n\nLag og foreninger.\n\n- Ett krav\n- Et krav til\n\n1. Første steg\n\n"
        "| År | Beløp |\n|---|---|\n| 2021 | 500 kr |\n\n### Unntak\n\nIngen.\n"
    )
    assert _blocks(text) == [
        ("heading", 2, "Hvem kan søke?"),
        ("paragraph", 0, "Lag og foreninger."),
        ("item", 0, "Ett krav"),
        ("item", 0, "Et krav til"),
        ("item", 0, "Første steg"),
        ("header", 0, "År"),
        ("header", 0, "Beløp"),
        ("cell", 0, "2021"),
        ("cell", 0, "500 kr"),
        ("heading", 3, "Unntak"),
        ("paragraph", 0, "Ingen."),
    ]


def test_blocks_that_read_the_same_have_each_their_own_place():
    text = "Søk nå.\n\n- Søk nå.\n- Søk nå.\n\n| Søk nå. | Søk nå. |\n|---|---|\n| Søk nå. | Søk nå. |\n"
    starts = [block.start for block in find_blocks(text, 0)]
    assert starts == [i for i in range(len(text)) if text.startswith("Søk nå.", i)]


def test_block_over_several_lines_is_covered_from_first_to_last_word():
    text = "Én linje\nog én til\n\n> Et sitat\n> på to linjer\n"
    assert _blocks(text) == [
        ("paragraph", 0, "Én linje\nog én til"),
        ("paragraph", 0, "Et sitat\n> på to linjer"),
    ]


def test_cell_with_an_escaped_bar_has_its_true_place():
    text = "| Valg | Svar |\n|---|---|\n| ja \\| nei | ja |\n| `a\\|b` | ja \\| nei \\| vet ikke |\n"
    assert [text for _, _, text in _blocks(text)[2:]] == ["ja \\| nei", "ja", "`a\\|b`", "ja \\| nei \\| vet ikke"]


@pytest.mark.parametrize("code", ["```\n# kode\n```", "    kode\n    mer kode", "<div>\nkode\n</div>"])
def test_code_and_html_are_blocks_with_their_own_place(code):
    text = f"kode\n\n{code}\n\nkode\n"
    assert _blocks(text) == [("paragraph", 0, "kode"), ("code", 0, code.strip()), ("paragraph", 0, "kode")]


def test_heading_stands_under_the_nearest_above_it_of_a_lower_level():
    above = [(1, "Guide")]
    paths = []
    for level, heading in [(2, "A"), (4, "A1"), (3, "A2"), (4, "A3"), (2, "B"), (1, "C"), (3, "C1")]:
        above = nest_heading(above, level, heading)
        paths.append([name for _, name in above])
    assert paths == [
        ["Guide", "A"],
        ["Guide", "A", "A1"],
        ["Guide", "A", "A2"],
        ["Guide", "A", "A2", "A3"],
        ["Guide", "B"],
        ["C"],
        ["C", "C1"],
    ]


def test_blocks_before_the_start_are_not_seen_and_offsets_count_from_the_top_of_the_text():
    text = "Hode æøå\n\nKropp æøå\n"
    (block,) = find_blocks(text, text.index("Kropp"))
    assert (block.start, block.end) == (10, 19)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Søk nå. Vent ikke!", ["Søk nå.", "Vent ikke!"]),
        ("Fristen er 15. januar 2021. Søk nå.", ["Fristen er 15. januar 2021.", "Søk nå."]),
        ("Møt opp 17. Mai er fri.", ["Møt opp 17. Mai er fri."]),
        ("Ta med f.eks. Navs skjema. Lever det.", ["Ta med f.eks. Navs skjema.", "Lever det."]),
        ("Se kap. IV og nr. 2. Les så.", ["Se kap. IV og nr. 2. Les så."]),
        ("«Hvem kan søke?» Alle kan.", ["«Hvem kan søke?»", "Alle kan."]),
        ("Åpne døra. Øv deg. Ærlig talt.", ["Åpne døra.", "Øv deg.", "Ærlig talt."]),
        ("Mange søker. 3 av 4 får støtte.", ["Mange søker.", "3 av 4 får støtte."]),
        ("Taket er 30 000. 5 prosent er egenandel.", ["Taket er 30 000.", "5 prosent er egenandel."]),
        ("Fristen er 15. 5 dager senere er det for sent.", ["Fristen er 15. 5 dager senere er det for sent."]),
        ("uten punktum", ["uten punktum"]),
        ("", []),
    ],
)
def test_sentences_end_at_full_stops_but_not_at_abbreviations_and_ordinals(text, sentences):
    assert split_sentences(text) == sentences


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Søk nå.[^lov-1@2021][^råd] Vent.", "Søk nå. Vent."),
        ("Se [Nav](../aktorer/nav.md) og [Ås](https://example.org/ås).", "Se Nav og Ås."),
        ("**Viktig** og *kursiv* og `kode`", "Viktig og kursiv og kode"),
        ("3 * 2 er 6", "3 * 2 er 6"),
        ("Én linje\n  og én til ", "Én linje og én til"),
        ("Til [fyll inn mottaker].", "Til [fyll inn mottaker]."),
    ],
)
def test_plain_text_is_what_a_reader_sees(written, read):
    assert plain(written) == read


def test_code_on_a_last_line_without_an_end_stops_where_the_text_does() -> None:
    text = "Tekst.\n\n\tkode"
    [code] = [block for block in find_blocks(text, 0) if block.kind == "code"]
    assert text[code.start : code.end] == "kode"


@pytest.mark.parametrize("code", ["```\nkode\n```", "    kode", "<div>\nkode\n</div>"])
def test_code_on_a_last_line_without_a_newline_ends_where_the_text_does(code):
    text = f"## Mal\n\n{code}"
    block = find_blocks(text, 0)[-1]
    assert (block.kind, text[block.start : block.end], block.end) == ("code", code.strip(), len(text))
