"""One file → one checked document; what is wrong is named with file, line and a Norwegian sentence."""

from datetime import date

import pytest

from index.document import find_files, parse_document, read_corpus, scan_corpus
from index.frontmatter import CARD_FIELDS, CorpusError
from index.types import Mark, Period

PERIODS = {"lov-om-fond": Period(date(2026, 1, 1)), "uten-periode": None}
GUIDE, SCHEME = "guide/aksjekapital.md", "ordninger/etableringsfondet.md"


def _change(corpus_dir, file, old, new):
    """The line, from 1, that `old` stood on before `new` took its place."""
    path = corpus_dir / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def _only_problem(corpus_dir):
    with pytest.raises(CorpusError) as caught:
        read_corpus(corpus_dir)
    (problem,) = caught.value.problems
    assert str(caught.value) == f"{problem.file}:{problem.line}: feil: {problem.message}"
    return problem


# What a good corpus gives


def test_corpus_holds_every_document_in_order_of_id_with_the_class_of_its_folder(corpus_dir):
    assert [(document.doc_id, document.doc_class) for document in read_corpus(corpus_dir).documents] == [
        ("aktorer/as-nav-kontor", "aktør"),
        ("guide/aksjekapital", "veiledning"),
        ("guide/tilskot-fra-kommunen", "veiledning"),
        ("guide/tilskudd-fra-fylket", "veiledning"),
        ("historier/kafe-over-asen", "historie"),
        ("maler/soknad-om-tilskudd", "mal"),
        ("ordninger/etableringsfondet", "regel"),
    ]


def test_front_matter_is_read_field_by_field(document_text):
    document = parse_document(document_text(title="Ærlig øving", keywords="æ, øv, Å"), "guide/oving.md", PERIODS)
    assert (document.doc_id, document.file, document.title) == ("guide/oving", "guide/oving.md", "Ærlig øving")
    assert (document.questions, document.keywords) == (("Hva er dette?",), ("æ", "øv", "Å"))
    assert (document.audience, document.phases, document.places) == (("gründer",), ("oppstart",), ("Norge",))
    assert document.period == Period(date(2026, 1, 1), None)
    assert (document.checked, document.review_by) == (date(2026, 2, 1), date(2027, 2, 1))


def test_the_owner_is_a_role_and_may_be_left_out(document_text):
    text = document_text()
    assert parse_document(text, "guide/a.md", PERIODS).owner == "uten eier"
    owned = text.replace("tittel:", "eier: Nav-rådgiver\ntittel:", 1)
    assert parse_document(owned, "guide/a.md", PERIODS).owner == "Nav-rådgiver"
    with pytest.raises(CorpusError, match="feltet «eier»: må være tekst, fant «7»"):
        parse_document(text.replace("tittel:", "eier: 7\ntittel:", 1), "guide/a.md", PERIODS)


def test_ingress_offsets_point_into_the_whole_file(document_text):
    text = document_text(ingress="Først dette.[^lov-om-fond@2021] Så dette.[^råd]")
    first, second = parse_document(text, "guide/a.md", PERIODS).ingress
    assert [text[s.start : s.end] for s in (first, second)] == ["Først dette.", "Så dette."]
    assert first.marks == (Mark("lov-om-fond", Period(date(2021, 1, 1), date(2021, 12, 31))),)


def test_ingress_in_single_quotes_has_the_same_offsets(document_text):
    text = document_text().replace('"', "'")
    (statement,) = parse_document(text, "guide/a.md", PERIODS).ingress
    assert text[statement.start : statement.end] == "Dette er en prøve."


def test_sections_carry_their_headings_and_true_spans(document_text):
    body = "Aller først.[^råd]\n\n## A\n\nTekst.[^råd]\n\n### A1\n\nTekst.[^råd]\n\n## B\n\nTekst.[^råd]\n"
    text = document_text(title="Topp", body=body)
    sections = parse_document(text, "guide/a.md", PERIODS).sections
    assert [section.headings for section in sections] == [("Topp",), ("Topp", "A"), ("Topp", "A", "A1"), ("Topp", "B")]
    assert [text[s.start : s.end] for s in sections[1:]] == [
        "## A\n\nTekst.[^råd]\n\n",
        "### A1\n\nTekst.[^råd]\n\n",
        "## B\n\nTekst.[^råd]\n",
    ]
    places = [statement.start for section in sections[1:] for statement in section.statements]
    assert places == [i for i in range(len(text)) if text.startswith("Tekst.", i)]


def test_card_values_keep_order_marks_and_what_a_program_filters_on(corpus_dir):
    (scheme,) = (d for d in read_corpus(corpus_dir).documents if d.doc_class == "regel")
    fields = [value.field for value in scheme.card]
    assert list(dict.fromkeys(fields)) == list(CARD_FIELDS)
    assert fields.count("krav") == 2
    by_field = {value.field: value for value in scheme.card}
    assert by_field["status"].status == "åpen"
    assert by_field["hvem_kan_søke"].forms == ("aksjeselskap", "stiftelse")
    assert by_field["beløp"].kroner == 200_000
    assert by_field["frister"].deadline == date(2026, 5, 15)
    statement = by_field["frister"].statement
    assert scheme.text[statement.start : statement.end] == "Søknadsfristen for etableringsfondet er 15. mai 2026."
    assert statement.marks == (Mark("fylket-frister", Period(date(2026, 1, 1), date(2026, 12, 31))),)


def test_only_a_scheme_has_a_card(corpus_dir):
    assert [d.doc_class for d in read_corpus(corpus_dir).documents if d.card] == ["regel"]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(corpus_dir):
    path = corpus_dir / GUIDE
    before = read_corpus(corpus_dir)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_corpus(corpus_dir) == before


def test_markdown_files_are_found_under_the_five_folders_only(corpus_dir, write, document_text):
    write(corpus_dir / "utkast" / "ny.md", document_text())
    write(corpus_dir / "README.md", "# Håndbok\n")
    write(corpus_dir / "guide" / "notat.txt", "ikke med")
    write(corpus_dir / "guide" / "til.markdown", document_text())
    found = [path.relative_to(corpus_dir).as_posix() for path in find_files(corpus_dir)]
    assert len(found) == 8
    assert "guide/til.markdown" in found


def test_folder_with_the_name_of_a_markdown_file_is_no_document(corpus_dir):
    before = read_corpus(corpus_dir)
    (corpus_dir / "guide" / "mappe.md").mkdir()
    assert corpus_dir / "guide" / "mappe.md" not in find_files(corpus_dir)
    assert read_corpus(corpus_dir) == before


# What a bad file is told


def test_missing_front_matter(corpus_dir):
    (corpus_dir / GUIDE).write_text("# Aksjekapital\n\nTekst.[^råd]\n", encoding="utf-8")
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line) == (GUIDE, 1)
    assert "må begynne med et YAML-hode" in problem.message


def test_front_matter_that_never_ends(corpus_dir):
    (corpus_dir / GUIDE).write_text("---\ntittel: Aksjekapital\n\nTekst.[^råd]\n", encoding="utf-8")
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line) == (GUIDE, 1)
    assert "mellom to linjer med ---" in problem.message


def test_front_matter_that_is_a_list(corpus_dir):
    (corpus_dir / GUIDE).write_text("---\n- tittel\n---\n\nTekst.[^råd]\n", encoding="utf-8")
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line) == (GUIDE, 2)
    assert "«felt: verdi»" in problem.message


def test_broken_yaml_is_named_with_its_line(corpus_dir):
    line = _change(corpus_dir, GUIDE, "fase: [oppstart]", "fase: [oppstart}")
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line) == (GUIDE, line)
    assert "ugyldig YAML" in problem.message
    assert "sjekk innrykk, kolon og anførselstegn" in problem.message


@pytest.mark.parametrize(
    "field",
    [
        "tittel", "ingress", "stikkord", "målgruppe", "fase", "sted", "gjelder", "sist_kontrollert",
        "kontrolleres_igjen",
    ],
)  # fmt: skip
def test_missing_field_is_named(corpus_dir, field):
    text = (corpus_dir / GUIDE).read_text(encoding="utf-8")
    kept = [line for line in text.splitlines(keepends=True) if not line.startswith(f"{field}:")]
    (corpus_dir / GUIDE).write_text("".join(kept), encoding="utf-8")
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line, problem.message) == (GUIDE, 1, f"feltet «{field}» mangler")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tittel: Aksjekapital", "tittel: ''", "feltet «tittel»: må være tekst, fant «»"),
        ("tittel: Aksjekapital", "tittel: 2026", "feltet «tittel»: må være tekst, fant «2026»"),
        ("stikkord: [aksjekapital, innskudd]", "stikkord: aksjekapital", "feltet «stikkord»: må være en liste"),
        ("målgruppe: [gründer]", "målgruppe: [bank]", "feltet «målgruppe»: «bank» er ikke en av gründer, nav"),
        ("fase: [oppstart]", "fase: [slutt]", "feltet «fase»: «slutt» er ikke en av idé, oppstart"),
        ("gjelder: {fra: 2026-01-01, til: null}", "gjelder: 2026", "feltet «gjelder»: må ha felter under seg"),
        (
            "gjelder: {fra: 2026-01-01, til: null}",
            "gjelder: {fra: 2026-01-01, til: 2025-01-01}",
            "feltet «gjelder»: slutter (2025-01-01) før den begynner (2026-01-01)",
        ),
        (
            "gjelder: {fra: 2026-01-01, til: null}",
            "gjelder: {start: 2026-01-01}",
            "feltet «gjelder»: kan bare ha «fra» og «til»",
        ),
        (
            "sist_kontrollert: 2026-02-01",
            "sist_kontrollert: i fjor",
            "feltet «sist_kontrollert»: må være en dato på formen 2026-11-23, fant «i fjor»",
        ),
        (
            "sist_kontrollert: 2026-02-01",
            "sist_kontrollert: '2026-02-30'",
            "feltet «sist_kontrollert»: må være en dato på formen 2026-11-23, fant «2026-02-30»",
        ),
        (
            "sist_kontrollert: 2026-02-01",
            "sist_kontrollert: 2026-02-01 12:00:00",
            "feltet «sist_kontrollert»: må være en dato på formen 2026-11-23, fant «2026-02-01 12:00:00»",
        ),
        (
            "spørsmål:\n  - Hvor mye aksjekapital må vi ha?",
            "spørsmål: []",
            "feltet «spørsmål»: må ha minst én tekst",
        ),
        ("sted: [Norge]", "sted: [Norge, no]", "feltet «sted»: har et ord som YAML leser som ja eller nei"),
        ("tittel: Aksjekapital", "tittel: Aksjekapital\nforfatter: Ola", "ukjent felt «forfatter»"),
        ("sted: [Norge]", "sted: [Norge]\nsted: [Ås]", "feltet «sted» står to ganger"),
    ],
)
def test_wrong_field_is_named_on_its_own_line(corpus_dir, old, new, said):
    line = _change(corpus_dir, GUIDE, old, new) + new.count("\n")
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line) == (GUIDE, line)
    assert said in problem.message


def test_date_that_no_calendar_has_is_a_problem_of_its_file_alone(corpus_dir):
    _change(corpus_dir, GUIDE, "sist_kontrollert: 2026-02-01", "sist_kontrollert: 2026-02-30")
    corpus, (problem,) = scan_corpus(corpus_dir)
    assert (problem.file, problem.is_error) == (GUIDE, True)
    assert len(corpus.documents) == 6


def test_bad_source_keeps_out_only_the_documents_that_build_on_it(corpus_dir):
    _change(corpus_dir, "kilder.yaml", "  publisert: udatert brosjyre\n", "")
    corpus, problems = scan_corpus(corpus_dir)
    assert [document.doc_id for document in corpus.documents] == [
        "guide/aksjekapital",
        "guide/tilskudd-fra-fylket",
        "maler/soknad-om-tilskudd",
        "ordninger/etableringsfondet",
    ]
    assert problems[0].message == "kilden «kommunen-frister»: mangler 'publisert'"


def test_card_outside_the_schemes_is_an_unknown_field(corpus_dir):
    line = _change(corpus_dir, GUIDE, "sted: [Norge]", "sted: [Norge]\nkort: {}")
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line) == (GUIDE, line + 1)
    assert "ukjent felt «kort»" in problem.message


def test_ingress_over_several_lines_cannot_be_quoted(corpus_dir):
    old = '"Et aksjeselskap må ha minst 30 000 kroner i aksjekapital.[^lov-om-fond]"'
    line = _change(corpus_dir, GUIDE, old, '"Et aksjeselskap må ha\n  minst 30 000 kroner.[^lov-om-fond]"')
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line) == (GUIDE, line)
    assert problem.message.startswith("ingress: skriv verdien på én linje")


def test_card_value_over_several_lines_cannot_be_quoted(corpus_dir):
    line = _change(corpus_dir, SCHEME, '"Etableringsfondet dekker ikke gjeld."', '"Etableringsfondet\n      dekker."')
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line) == (SCHEME, line)
    assert problem.message.startswith("kort.dekker_ikke: skriv verdien på én linje")


def test_escape_in_the_ingress_cannot_be_quoted(corpus_dir):
    line = _change(corpus_dir, GUIDE, "Et aksjeselskap må ha minst", r"Et \"aksjeselskap\" må ha minst")
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line) == (GUIDE, line)
    assert "ingress: skriv verdien på én linje" in problem.message


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (GUIDE, "i driften.[^ubekreftet]", "i driften.[^finnes-ikke]", "ukjent kilde «finnes-ikke»"),
        (GUIDE, "i driften.[^ubekreftet]", "i driften.[^Lov]", "kildemerket «Lov» er ikke på formen"),
        (GUIDE, "i driften.[^ubekreftet]", "i driften.[^lov-om-fond@fjor]", "«fjor» er ingen periode"),
        (
            GUIDE,
            "i driften.[^ubekreftet]",
            "i driften.[^kommunen-frister]",
            "«kommunen-frister» mangler periode; skriv kommunen-frister@2021 eller kommunen-frister@udatert",
        ),
        (GUIDE, "aksjekapital.[^lov-om-fond]", "aksjekapital.[^finnes-ikke]", "«ingress»: ukjent kilde «finnes-ikke»"),
    ],
)  # fmt: skip
def test_bad_source_mark_is_named_on_its_own_line(corpus_dir, file, old, new, said):
    line = _change(corpus_dir, file, old, new)
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line) == (file, line)
    assert said in problem.message


def test_the_same_bad_mark_twice_in_a_body_is_told_once(document_text):
    body = "## A\n\nEn.[^borte] To.[^borte]\n\n## B\n\nTre.[^ukjent]\n"
    with pytest.raises(CorpusError) as caught:
        parse_document(document_text(body=body), "guide/a.md", PERIODS)
    assert [problem.message for problem in caught.value.problems] == [
        "ukjent kilde «borte»; den står ikke i kilder.yaml",
        "ukjent kilde «ukjent»; den står ikke i kilder.yaml",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("status: åpen", "status: kanskje", "kort.status: status må være en av åpen, stengt, ukjent"),
        ("kroner: 200000", "kroner: mye", "kort.beløp: kroner må være et helt tall, ikke «mye»"),
        ("former: [aksjeselskap, stiftelse]", "former: [bank]", "kort.hvem_kan_søke: «bank» er ikke en av"),
        ("dato: 2026-05-15", "dato: snart", "kort.frister: må være en dato på formen 2026-11-23, fant «snart»"),
        ("dato: 2026-05-15", "kroner: 5", "kort.frister: ukjent felt «kroner»"),
        ("kilde: [ubekreftet]", "kilde: [finnes-ikke]", "kort.kombinasjon: ukjent kilde «finnes-ikke»"),
        ("kilde: [ubekreftet]", "kilde: []", "kort.kombinasjon: må ha minst én tekst"),
        ("kilde: [ubekreftet]", "kilde: ubekreftet", "kort.kombinasjon: må være en liste med tekster"),
    ],
)
def test_bad_card_value_is_named_on_the_line_where_the_value_begins(corpus_dir, old, new, said):
    _change(corpus_dir, SCHEME, old, new)
    field = said.removeprefix("kort.").split(":")[0]
    lines = (corpus_dir / SCHEME).read_text(encoding="utf-8").splitlines()
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line) == (SCHEME, lines.index(f"  {field}:") + 2)
    assert said in problem.message


def test_card_value_without_source_is_told_what_it_lacks(corpus_dir):
    line = _change(corpus_dir, SCHEME, "      kilde: [ubekreftet]\n", "")
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line) == (SCHEME, line - 1)
    assert problem.message == "kort.kombinasjon: mangler 'kilde'"


def test_card_must_have_every_field_and_no_other(corpus_dir):
    _change(corpus_dir, SCHEME, "  varighet:\n", "  lengde:\n")
    with pytest.raises(CorpusError) as caught:
        read_corpus(corpus_dir)
    assert [(problem.file, problem.message) for problem in caught.value.problems] == [
        (SCHEME, "kortet mangler feltet «varighet»"),
        (SCHEME, "kortet har et ukjent felt: «lengde»"),
    ]


def test_scheme_without_card_is_told_so(corpus_dir, write, document_text):
    write(corpus_dir / "ordninger" / "nytt.md", document_text())
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line, problem.message) == ("ordninger/nytt.md", 1, "feltet «kort» mangler")


def test_empty_card_lacks_every_field(corpus_dir, write, document_text):
    write(corpus_dir / "ordninger" / "nytt.md", document_text(card="kort: {}\n"))
    with pytest.raises(CorpusError) as caught:
        read_corpus(corpus_dir)
    assert [problem.message for problem in caught.value.problems] == [
        f"kortet mangler feltet «{field}»" for field in CARD_FIELDS
    ]


def test_card_field_that_is_no_list_is_named(corpus_dir):
    old = '    - verdi: "Ikke kjent"\n      kilde: [ubekreftet]\n'
    _change(corpus_dir, SCHEME, old, "    Ikke kjent\n")
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.message) == (SCHEME, "kort.kombinasjon må være en liste med «- verdi: …»")


def test_two_files_with_one_id_are_both_named(corpus_dir, write, document_text):
    text = document_text().replace("---\n", "---\nid: guide/aksjekapital\n", 1)
    write(corpus_dir / "guide" / "kopi.md", text)
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line) == ("guide/kopi.md", 1)
    assert f"id «guide/aksjekapital» brukes også av {GUIDE}" in problem.message


@pytest.mark.parametrize("name", ["guide/Søknad.md", "guide/to ord.md", "guide/mappe/fil.md"])
def test_file_name_that_makes_no_id_is_named(corpus_dir, write, document_text, name):
    write(corpus_dir / name, document_text())
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line) == (name, 1)
    assert f"id «{name.removesuffix('.md')}» må være mappe/filnavn med små bokstaver" in problem.message


def test_invalid_utf8_is_named_with_its_line_and_byte(corpus_dir):
    (corpus_dir / GUIDE).write_bytes(b"---\ntittel: Bl" + b"\xe5b\xe6r\n---\n")
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line) == (GUIDE, 2)
    assert "ikke gyldig UTF-8 (byte 14)" in problem.message


def test_every_problem_of_every_file_is_told_at_once(corpus_dir):
    _change(corpus_dir, GUIDE, "fase: [oppstart]", "fase: [slutt]")
    _change(corpus_dir, GUIDE, "i driften.[^ubekreftet]", "i driften.[^borte]")
    _change(corpus_dir, SCHEME, "status: åpen", "status: kanskje")
    with pytest.raises(CorpusError) as caught:
        read_corpus(corpus_dir)
    assert sorted(problem.file for problem in caught.value.problems) == [GUIDE, GUIDE, SCHEME]


def test_corpus_without_documents_is_an_error_that_names_the_folders(tmp_path, write):
    write(tmp_path / "kilder.yaml", "")
    write(tmp_path / "begreper.yaml", "")
    problem = _only_problem(tmp_path)
    assert (problem.file, problem.line) == (str(tmp_path), 1)
    assert problem.message == "fant ingen dokumenter; legg .md-filer i guide, ordninger, historier, maler, aktorer"


def test_empty_file_is_an_error_of_that_file(corpus_dir):
    (corpus_dir / GUIDE).write_bytes(b"")
    problem = _only_problem(corpus_dir)
    assert (problem.file, problem.line) == (GUIDE, 1)
    assert "må begynne med et YAML-hode" in problem.message
