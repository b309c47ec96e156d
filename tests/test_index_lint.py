"""What a corpus is told beyond what stops its reading: marks, links, headings, advice with figures, stale files."""

from datetime import date
from functools import partial
from pathlib import Path

import pytest

from index.lint import lint, lix

TODAY = date(2026, 6, 1)
OWN_CORPUS = Path(__file__).parent.parent / "corpus"
FILE = "guide/ny.md"


@pytest.fixture
def lint_body(corpus_dir, write, document_text):
    """The errors of one new document with the given body: `(line text, message)` each; nothing else has any."""

    def run(body, file=FILE, is_error=True, **parts):
        text = document_text(body=body, **parts)
        write(corpus_dir / file, text)
        lines = text.splitlines()
        found = [problem for problem in lint(corpus_dir, TODAY) if problem.is_error == is_error]
        assert is_error <= ({problem.file for problem in found} <= {file})
        return [(lines[problem.line - 1], problem.message) for problem in found if problem.file == file]

    return run


@pytest.fixture
def warn_body(lint_body):
    """As `lint_body`, for the warnings of the new document."""
    return partial(lint_body, is_error=False)


def test_own_corpus_has_no_errors():
    errors = [problem for problem in lint(OWN_CORPUS, date.today()) if problem.is_error]
    assert "\n".join(map(str, errors)) == ""


def test_good_corpus_has_no_errors(corpus_dir):
    assert [problem for problem in lint(corpus_dir, TODAY) if problem.is_error] == []


def test_sentence_without_mark_at_the_end_of_a_paragraph(lint_body):
    assert lint_body("## A\n\nMed merke.[^råd] Uten merke.\n") == [
        ("Med merke.[^råd] Uten merke.", "setningen «Uten merke.» mangler kildemerke etter punktumet")
    ]


def test_sentence_without_mark_in_front_of_one_with(lint_body):
    assert lint_body("## A\n\nUten merke. Med merke.[^råd]\n") == [
        (
            "Uten merke. Med merke.[^råd]",
            "setningen «Uten merke.» mangler kildemerke; hver setning skal ha sitt eget",
        )
    ]


def test_list_item_and_table_cell_without_mark(lint_body):
    body = "## A\n\n- Ett krav.[^råd]\n- Et krav til.\n\n| År |\n|---|\n| Året 2021 |\n"
    assert [line for line, _ in lint_body(body)] == ["- Et krav til.", "| Året 2021 |"]


def test_ingress_without_mark(lint_body):
    ((line, message),) = lint_body("## A\n\nTekst.[^råd]\n", ingress="Uten merke.")
    assert line == 'ingress: "Uten merke."'
    assert message == "setningen «Uten merke.» mangler kildemerke etter punktumet"


def test_heading_table_header_and_line_that_opens_a_list_need_no_mark(lint_body):
    body = "## Hva er 2026?\n\nDette trenger dere:\n\n- Et krav.[^råd]\n\n| År |\n|---|\n| I år.[^råd] |\n"
    assert lint_body(body) == []


def test_line_with_a_figure_needs_a_mark_even_where_it_opens_a_list(lint_body):
    ((line, message),) = lint_body("## A\n\nDere må ha 30 000 kroner til dette:\n\n- Et krav.[^råd]\n")
    assert line == "Dere må ha 30 000 kroner til dette:"
    assert "mangler kildemerke" in message


def test_ingress_may_not_end_in_a_colon_instead_of_a_mark(lint_body):
    ((_, message),) = lint_body("## A\n\nTekst.[^råd]\n", ingress="Dette trenger dere:")
    assert "«Dette trenger dere:» mangler kildemerke" in message


def test_text_to_copy_needs_no_marks_but_the_rest_of_a_template_does(lint_body):
    body = "## Slik bruker du malen\n\nFyll inn.\n\n## Mal\n\nVi søker om 40 000 kroner.\n\n### Vedlegg\n\nBudsjett.\n"
    assert [line for line, _ in lint_body(body, "maler/ny.md")] == ["Fyll inn."]


def test_heading_called_mal_outside_the_templates_is_no_exception(lint_body):
    assert [line for line, _ in lint_body("## Mal\n\nVi søker om penger.\n")] == ["Vi søker om penger."]


@pytest.mark.parametrize(
    "figure", ["30 000 kroner", "10 prosent", "25 %", "§ 3-1", "året 2021", "1. mars", "500 kr"]
)  # fmt: skip
def test_advice_with_a_figure_needs_a_source(lint_body, figure):
    sentence = f"Husk {figure} når dere søker."
    assert lint_body(f"## A\n\n{sentence}[^råd]\n") == [
        (f"{sentence}[^råd]", f"rådet «{sentence}» har tall, dato eller paragraf; slikt må ha en kilde")
    ]
    assert lint_body(f"## A\n\n{sentence}[^lov-om-fond]\n") == []


def test_advice_may_count_steps_and_people(lint_body):
    assert lint_body("## A\n\n1. Spør minst 3 personer før dere søker.[^råd]\n") == []


def test_advice_with_a_figure_in_a_card_is_found(corpus_dir):
    path = corpus_dir / "ordninger" / "etableringsfondet.md"
    text = path.read_text(encoding="utf-8").replace("kilde: [fylket-frister@2026]", "kilde: [råd]", 1)
    path.write_text(text, encoding="utf-8")
    (problem,) = (problem for problem in lint(corpus_dir, TODAY) if problem.is_error)
    assert "200 000 kroner" in text.splitlines()[problem.line - 1]
    assert "rådet «Etableringsfondet gir inntil 200 000 kroner.»" in problem.message


def test_heading_without_text_under_it(lint_body):
    assert lint_body("## Tom\n\n## Full\n\nTekst.[^råd]\n") == [
        ("## Tom", "overskriften «Tom» har ingen tekst under seg")
    ]


def test_heading_with_text_only_under_its_own_subheading_is_fine(lint_body):
    assert lint_body("## A\n\n### A1\n\nTekst.[^råd]\n") == []


@pytest.mark.parametrize("target", ["finnes-ikke.md", "../guide/borte.md", "../kilder.yaml", "aksjekapital"])
def test_link_that_leads_to_no_document(lint_body, target):
    assert lint_body(f"## A\n\nSe [dette]({target}).[^råd]\n") == [
        (f"Se [dette]({target}).[^råd]", f"lenken til «{target}» går ikke til noe dokument")
    ]


@pytest.mark.parametrize(
    "target",
    [
        "aksjekapital.md", "../ordninger/etableringsfondet.md", "aksjekapital.md#konto", "https://example.org/x",
        "mailto:post@example.org",
    ],
)  # fmt: skip
def test_link_to_a_document_or_out_of_the_guide_is_fine(lint_body, target):
    assert lint_body(f"## A\n\nSe [dette]({target}).[^råd]\n") == []


def test_punctuation_alone_is_no_statement(lint_body):
    ((line, message),) = lint_body("## A\n\nTekst.[^råd] …[^råd]\n")
    assert line == "Tekst.[^råd] …[^råd]"
    assert message == "kildemerket står uten en setning foran seg"


@pytest.mark.parametrize("body", ["[^råd]", "- Et krav.[^råd]\n- [^råd]", "Tekst.[^råd] [^lov-om-fond]"])
def test_mark_without_a_sentence_in_front_of_it(lint_body, body):
    assert lint_body(f"## A\n\n{body}\n") == [(body.splitlines()[-1], "kildemerket står uten en setning foran seg")]


@pytest.mark.parametrize("mark", ["[^lov om fond]", "[^ råd]", "[^råd ]"])
def test_mark_with_a_space_in_it(lint_body, mark):
    found = lint_body(f"## A\n\nTekst.{mark}\n")
    assert (f"Tekst.{mark}", f"kildemerket «{mark}» kan ikke ha mellomrom") in found


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("```\nUten merke.\n```", "Uten merke."),
        ("~~~\nUten merke.\n~~~", "~~~ Uten merke. ~~~"),
        ("    Uten merke.", "Uten merke."),
        ("<div>\nUten merke.\n</div>", "<div> Uten merke. </div>"),
    ],
    ids=["fence", "tildes", "indented", "html"],
)
def test_code_and_html_need_marks_as_other_text_does(lint_body, block, said):
    found = lint_body(f"## A\n\nTekst.[^råd]\n\n{block}\n\nTekst.[^råd]\n")
    assert [(line, message) for line, message in found if "HTML" not in message] == [
        (block.splitlines()[0], f"setningen «{said}» mangler kildemerke etter punktumet")
    ]


def test_sentence_that_begins_with_a_digit_does_not_lend_its_mark_to_the_one_before(lint_body):
    assert lint_body("## A\n\nMange søker. 3 av 4 får støtte.[^lov-om-fond]\n") == [
        (
            "Mange søker. 3 av 4 får støtte.[^lov-om-fond]",
            "setningen «Mange søker.» mangler kildemerke; hver setning skal ha sitt eget",
        )
    ]


def test_link_to_a_document_that_cannot_be_read_is_no_dead_link(corpus_dir, write, document_text):
    write(corpus_dir / "guide" / "brutt.md", "uten hode\n")
    write(corpus_dir / FILE, document_text(body="## A\n\nSe [dette](brutt.md).[^råd]\n"))
    errors = [problem for problem in lint(corpus_dir, TODAY) if problem.is_error]
    assert [problem.file for problem in errors] == ["guide/brutt.md"]


def test_link_to_a_folder_with_the_name_of_a_document_is_dead(corpus_dir, lint_body):
    (corpus_dir / "guide" / "mappe.md").mkdir()
    ((_, message),) = lint_body("## A\n\nSe [dette](mappe.md).[^råd]\n")
    assert message == "lenken til «mappe.md» går ikke til noe dokument"


def test_long_sentence_is_shortened_in_the_message(lint_body):
    ((_, message),) = lint_body(f"## A\n\n{'å' * 61}\n")
    assert message == f"setningen «{'å' * 57} …» mangler kildemerke etter punktumet"


def _warnings(corpus_dir, today, said):
    """`(file, line text)` of each warning that says so, and no error does."""
    found = [problem for problem in lint(corpus_dir, today) if said in problem.message]
    assert not any(problem.is_error for problem in found)
    texts = [(corpus_dir / problem.file).read_text(encoding="utf-8").splitlines() for problem in found]
    return [(problem.file, lines[problem.line - 1]) for problem, lines in zip(found, texts, strict=True)]


def test_file_past_its_review_date_is_a_warning_and_no_error(corpus_dir):
    said = "skulle vært kontrollert igjen 2027-02-01"
    assert _warnings(corpus_dir, date(2027, 2, 1), said) == []
    found = _warnings(corpus_dir, date(2027, 2, 2), said)
    assert len(found) == 7
    assert {line for _, line in found} == {"kontrolleres_igjen: 2027-02-01"}


def test_card_whose_last_deadline_has_passed_is_a_warning(corpus_dir):
    said = "den siste fristen i kortet (2026-05-15) er passert"
    assert _warnings(corpus_dir, date(2026, 5, 15), said) == []
    ((file, line),) = _warnings(corpus_dir, date(2026, 5, 16), said)
    assert file == "ordninger/etableringsfondet.md"
    assert "Søknadsfristen for etableringsfondet er 15. mai 2026." in line


def test_warning_and_error_are_told_apart_in_words(corpus_dir, write, document_text):
    write(corpus_dir / FILE, document_text(body="## A\n\nUten merke.\n"))
    told = [str(problem).split(": ")[1] for problem in lint(corpus_dir, date(2027, 2, 2)) if problem.file == FILE]
    assert sorted(told) == ["advarsel", "feil"]


def test_long_sentence_is_a_warning_from_thirty_one_words_on(warn_body):
    assert warn_body(f"## A\n\n{'et ' * 29}ord.[^råd]\n") == []
    (found,) = warn_body(f"## A\n\n{'et ' * 30}ord.[^råd]\n")
    assert found[0] == f"{'et ' * 30}ord.[^råd]"
    assert "har over 30 ord" in found[1]


def test_lix_is_words_per_sentence_plus_the_percentage_of_words_over_six_letters():
    assert lix(["Vi er her nå."]) == 4 / 1 + 100 * 0 / 4
    assert lix(["Vi hjelper virksomheter.", "Søk nå."]) == 5 / 2 + 100 * 2 / 5


def test_text_that_is_heavy_to_read_is_a_warning_at_its_heaviest_sentence(warn_body):
    heavy = "Virksomheten rapporterer regnskapsopplysninger."
    ((line, message),) = warn_body(f"## A\n\n{heavy}[^råd]\n", ingress="Lett tekst.[^råd]")
    assert line == f"{heavy}[^råd]"
    assert f"LIX er {5 / 2 + 100 * 3 / 5:.0f}, over 50; tyngst er «{heavy}»" in message


@pytest.mark.parametrize("broken", ["sÃ¸knad", "â€œsitatâ€", "bl\ufffdb\ufffdr"])
def test_broken_character_encoding_is_an_error(lint_body, broken):
    found = lint_body(f"## A\n\nDette er {broken}.[^råd]\n")
    assert {line for line, _ in found} == {f"Dette er {broken}.[^råd]"}
    assert all("er ødelagt tegnkoding" in message for _, message in found)


def test_identity_number_is_an_error_and_a_phone_number_only_a_warning(lint_body, warn_body):
    body = "## A\n\nSkriv 13097248022 her.[^råd]\n\nRing oss på 22 33 44 55.[^råd]\n"
    ((line, message),) = lint_body(body)
    assert line == "Skriv 13097248022 her.[^råd]"
    assert message == "ser ut som et fødselsnummer; guiden skal ikke ha personopplysninger"
    ((line, message),) = warn_body(body)
    assert line == "Ring oss på 22 33 44 55.[^råd]"
    assert message.startswith("ser ut som et telefonnummer")


def test_phone_number_of_an_office_is_nothing_to_warn_of(warn_body):
    assert warn_body("## A\n\nRing oss på 22 33 44 55.[^råd]\n", "aktorer/nytt.md") == []


def test_two_documents_that_give_different_amounts_in_the_same_sentence_are_a_warning(corpus_dir, write, document_text):
    for name, amount in (("a", "5 000"), ("b", "6 000")):
        body = f"## A\n\nLag kan få inntil {amount} kroner i året.[^lov-om-fond]\n"
        write(corpus_dir / "guide" / f"{name}.md", document_text(body=body))
    ((file, line),) = _warnings(corpus_dir, TODAY, "oppgir 5000, mens guide/b.md:17 oppgir 6000")
    assert (file, line) == ("guide/a.md", "Lag kan få inntil 5 000 kroner i året.[^lov-om-fond]")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Lag kan få 5 000 kroner i året.[^lov-om-fond@2021]", "Lag kan få 6 000 kroner i året.[^lov-om-fond@2022]"),
        ("Lag kan få 5 000 kroner i året.[^lov-om-fond]", "Lag kan få 5000 kroner i året.[^lov-om-fond]"),
        ("Lag kan få 5 000 kroner i året.[^lov-om-fond]", "Gebyret for en hund er 6 000 kroner.[^lov-om-fond]"),
    ],
)
def test_other_years_same_amount_or_another_matter_is_no_conflict(corpus_dir, write, document_text, first, second):
    write(corpus_dir / "guide" / "a.md", document_text(body=f"## A\n\n{first}\n"))
    write(corpus_dir / "guide" / "b.md", document_text(body=f"## A\n\n{second}\n"))
    assert _warnings(corpus_dir, TODAY, "oppgir") == []


def test_long_sentence_that_stands_in_two_places_is_a_warning(corpus_dir, write, document_text):
    twelve, eleven = (
        "en to tre fire fem seks sju åtte ni ti elleve tolv",
        "en to tre fire fem seks sju åtte ni ti elleve",
    )
    for name in ("a", "b"):
        write(corpus_dir / "guide" / f"{name}.md", document_text(body=f"## A\n\n{twelve}[^råd] {eleven}[^råd]\n"))
    assert _warnings(corpus_dir, TODAY, "setningen står også i guide/a.md:17") == [
        ("guide/b.md", f"{twelve}[^råd] {eleven}[^råd]")
    ]


def test_twelve_words_in_a_row_from_a_source_text_are_copied(corpus_dir, tmp_path, write, document_text):
    write(tmp_path / "kilder" / "lov.txt", "Én, to tre fire fem seks sju åtte ni ti elleve tolv tretten.")
    write(
        corpus_dir / "guide" / "a.md",
        document_text(body="## A\n\nTo tre fire fem seks sju åtte ni ti elleve tolv tretten.[^råd]\n"),
    )
    write(
        corpus_dir / "guide" / "b.md",
        document_text(body="## A\n\nTre fire fem seks sju åtte ni ti elleve tolv tretten.[^råd]\n"),
    )
    found = [problem for problem in lint(corpus_dir, TODAY, tmp_path / "kilder") if "ordrett" in problem.message]
    assert [(problem.file, problem.line) for problem in found] == [("guide/a.md", 17)]
    assert "«to tre fire fem seks sju åtte ni ti elleve tolv tretten» står ordrett" in found[0].message
    assert not any("ordrett" in problem.message for problem in lint(corpus_dir, TODAY))


def test_what_stops_the_reading_is_told_along_with_the_rest_by_file_and_line(corpus_dir, write, document_text):
    write(corpus_dir / "guide" / "b.md", document_text(body="## A\n\nUten merke.\n\nOgså uten.\n"))
    write(corpus_dir / "guide" / "a.md", "uten hode\n")
    found = [problem for problem in lint(corpus_dir, TODAY) if problem.is_error]
    assert [problem.file for problem in found] == ["guide/a.md", "guide/b.md", "guide/b.md"]
    assert found[1].line + 2 == found[2].line


def test_an_owner_with_an_address_is_a_person(corpus_dir, write, document_text):
    text = document_text().replace("tittel:", "eier: kari@example.org\ntittel:", 1)
    write(corpus_dir / FILE, text)
    message = "eieren ser ut som: e-postadresse; skriv en rolle eller et kontor, aldri en person"
    assert [(p.line, p.message) for p in lint(corpus_dir, TODAY) if p.is_error] == [(2, message)]


def test_a_deadline_that_returns_every_year_is_never_passed(corpus_dir):
    path = corpus_dir / "ordninger" / "etableringsfondet.md"
    text = path.read_text(encoding="utf-8")
    every = "Søknadsfristen for etableringsfondet er 15. mai hvert år."
    path.write_text(text.replace("Søknadsfristen for etableringsfondet er 15. mai 2026.", every), encoding="utf-8")
    assert [p for p in lint(corpus_dir, date(2026, 6, 1)) if "fristen i kortet" in p.message] == []
