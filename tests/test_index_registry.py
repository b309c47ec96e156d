"""`kilder.yaml` and `begreper.yaml`: what a row becomes, and what a bad row is told."""

from datetime import date

import pytest

from index.registry import Source, Term, read_sources, read_terms
from index.types import Period


def _rows(read, folder):
    rows, problems = read(folder)
    assert problems == []
    return rows


def _only_problem(read, folder):
    _, (problem,) = read(folder)
    return problem


def _change(path, old, new):
    """The line, from 1, that `old` stood on before `new` took its place."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_source_is_read_field_by_field(corpus_dir):
    assert _rows(read_sources, corpus_dir)["fylket-frister"] == Source(
        source_id="fylket-frister",
        publisher="Fjord fylkeskommune",
        title="Frister for tilskudd",
        url="https://example.org/fylket",
        published="2026",
        retrieved=date(2026, 2, 1),
        licence="opphavsrett hos utgiver; bare fakta er brukt",
        period=Period(date(2026, 1, 1), date(2026, 12, 31)),
    )


def test_source_needs_neither_url_nor_period(corpus_dir):
    source = _rows(read_sources, corpus_dir)["kommunen-frister"]
    assert (source.url, source.period) == (None, None)


def test_date_of_a_source_may_be_quoted_or_not(corpus_dir):
    assert {source.retrieved for source in _rows(read_sources, corpus_dir).values()} == {date(2026, 2, 1)}


@pytest.mark.parametrize("field", ["utgiver", "tittel", "publisert", "hentet", "lisens"])
def test_source_without_a_needed_field_is_named_with_the_field(corpus_dir, field):
    path = corpus_dir / "kilder.yaml"
    first, rest = path.read_text(encoding="utf-8").split("fylket-frister:", 1)
    kept = [line for line in first.splitlines(keepends=True) if not line.startswith(f"  {field}:")]
    path.write_text("".join(kept) + "fylket-frister:" + rest, encoding="utf-8")
    problem = _only_problem(read_sources, corpus_dir)
    assert (problem.file, problem.message) == ("kilder.yaml", f"kilden «lov-om-fond»: mangler '{field}'")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("lov-om-fond:", "Lov om fond:", "kilden «Lov om fond»: id-en må ha små bokstaver"),
        ("https://example.org/lov", "example.org/lov", "url «example.org/lov» må begynne med https:// eller http://"),
        ("gjelder: 2026..", "gjelder: nå", "«nå» er ingen periode"),
        ("utgiver: Lovdata", "utgiver: ''", "må være tekst, fant «»"),
        ("hentet: '2026-02-01'\n  lisens: NLOD", "hentet: nylig\n  lisens: NLOD", "må være en dato på formen"),
    ],
)
def test_bad_value_of_a_source_is_named(corpus_dir, old, new, said):
    path = corpus_dir / "kilder.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    problem = _only_problem(read_sources, corpus_dir)
    assert problem.file == "kilder.yaml"
    assert said in problem.message


def test_every_bad_source_is_told_at_once(corpus_dir):
    path = corpus_dir / "kilder.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("lisens:", "licence:"), encoding="utf-8")
    sources, problems = read_sources(corpus_dir)
    assert sources == {}
    assert [problem.message.split("»")[0] for problem in problems] == [
        "kilden «lov-om-fond",
        "kilden «fylket-frister",
        "kilden «kommunen-frister",
    ]


def test_bad_source_is_named_on_its_own_line_and_the_others_are_kept(corpus_dir):
    line = _change(corpus_dir / "kilder.yaml", "fylket-frister:\n", "fylket-frister:\n  forfatter: Ola\n")
    sources, (problem,) = read_sources(corpus_dir)
    assert list(sources) == ["lov-om-fond", "kommunen-frister"]
    assert (problem.line, problem.message) == (line, "kilden «fylket-frister»: ukjent felt «forfatter»")


def test_source_that_stands_twice_is_named(corpus_dir):
    _change(corpus_dir / "kilder.yaml", "kommunen-frister:", "lov-om-fond:")
    problem = _only_problem(read_sources, corpus_dir)
    assert (problem.file, problem.message) == ("kilder.yaml", "kilden «lov-om-fond» står to ganger")


@pytest.mark.parametrize("day", ["2026-02-30", "'2026-02-30'", "2026-02-01 12:00:00"])
def test_date_that_no_calendar_has_and_a_time_of_day_are_problems_of_the_register(corpus_dir, day):
    _change(corpus_dir / "kilder.yaml", "hentet: 2026-02-01\n", f"hentet: {day}\n")
    sources, (problem,) = read_sources(corpus_dir)
    assert "kommunen-frister" not in sources
    assert (problem.file, problem.is_error) == ("kilder.yaml", True)


def test_term_gathers_every_other_way_to_say_it(corpus_dir):
    assert _rows(read_terms, corpus_dir) == (
        Term(
            "aksjekapital",
            ("startkapital", "penger på konto for å starte firma", "pengar i selskapet", "share capital"),
        ),
        Term("aksjeselskap", ("AS", "firma")),
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("- hverdagsord: [firma]", "begrep: mangler 'begrep'"),
        ("- begrep: ''", "begrep: må være tekst, fant «»"),
        ("- begrep: lag\n  nynorsk: foreining", "begrep: må være en liste med tekster, fant «foreining»"),
        ("- begrep: lag\n  synonym: [klubb]", "begrep: ukjent felt «synonym»"),
        ("- lag", "begrep: må ha felter under seg, fant «lag»"),
        (
            "- begrep: lag\n  engelsk: [no]",
            "begrep: har et ord som YAML leser som ja eller nei; sett det i anførselstegn: [False]",
        ),
    ],
)
def test_bad_term_is_named_on_its_own_line_and_the_others_are_kept(tmp_path, write, row, said):
    write(tmp_path / "begreper.yaml", f"- begrep: forening\n{row}\n- begrep: stiftelse\n")
    terms, (problem,) = read_terms(tmp_path)
    assert [term.term for term in terms] == ["forening", "stiftelse"]
    assert (problem.file, problem.line, problem.message) == ("begreper.yaml", 2, said)


@pytest.mark.parametrize(("read", "file"), [(read_sources, "kilder.yaml"), (read_terms, "begreper.yaml")])
def test_missing_register_is_named_with_its_folder(tmp_path, read, file):
    problem = _only_problem(read, tmp_path)
    assert (problem.file, problem.line, problem.message) == (file, 1, f"fila mangler i {tmp_path}")


@pytest.mark.parametrize(("read", "file"), [(read_sources, "kilder.yaml"), (read_terms, "begreper.yaml")])
def test_empty_register_is_an_empty_register(tmp_path, write, read, file):
    write(tmp_path / file, "# ingenting ennå\n")
    assert len(_rows(read, tmp_path)) == 0


@pytest.mark.parametrize(
    ("read", "file", "text"), [(read_sources, "kilder.yaml", "- a\n"), (read_terms, "begreper.yaml", "a: b\n")]
)
def test_register_of_another_shape_is_refused(tmp_path, write, read, file, text):
    write(tmp_path / file, text)
    problem = _only_problem(read, tmp_path)
    assert (problem.file, problem.line) == (file, 1)
    assert "har ikke den formen README-en beskriver" in problem.message


def test_broken_yaml_in_a_register_is_named_with_its_line(tmp_path, write):
    write(tmp_path / "kilder.yaml", "a:\n  utgiver: Nav\n  tittel: [uten slutt\nb: c\n")
    problem = _only_problem(read_sources, tmp_path)
    assert (problem.file, problem.line) == ("kilder.yaml", 4)
    assert "ugyldig YAML" in problem.message


def test_register_in_latin_1_is_named_with_its_line(tmp_path):
    (tmp_path / "begreper.yaml").write_bytes(b"- begrep: lag\n- begrep: l\xe5n\n")
    problem = _only_problem(read_terms, tmp_path)
    assert (problem.file, problem.line) == ("begreper.yaml", 2)
    assert "ikke gyldig UTF-8 (byte 25)" in problem.message
