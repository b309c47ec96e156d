"""From a file to a draft that no index reads, and from a rewritten draft to a document of the guide."""

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.cli import FAULT, OK, USAGE, main
from assistant.draft import bring
from assistant.draft.guess import guess
from assistant.draft.register import find_row, with_row, without_row
from assistant.draft.shape import Origin, write_draft
from assistant.draft.types import About, Block, Page, ReadFault, SourceText
from index.document import FOLDERS, read_corpus
from index.lint import lint

Write = Callable[[Path, str], Path]
TODAY = date(2026, 11, 29)
Abc = Callable[..., tuple[int, str, str]]
SAID = "Startlaget i Larvik hjelper unge til sin første jobb på sommeren. Startlaget holder åpent i Larvik hele året."
REWRITTEN = """\
tittel: Startlaget
ingress: "Startlaget gir sommerjobb til unge.[^startlaget@2025]"
spørsmål:
  - Hva er Startlaget?
stikkord: [sommerjobb]
målgruppe: [gründer]
fase: [drift]
sted: [Larvik]
gjelder: {fra: 2025-01-01, til: null}
sist_kontrollert: 2026-11-29
kontrolleres_igjen: 2099-11-29
---

<!-- Teksten under er kopiert. -->
<!-- side 1 -->

## Problemet

I Larvik trengte ungdom et sted å begynne.[^startlaget@2025]
Derfor finnes Startlaget.[^ubekreftet]
"""


@pytest.fixture(autouse=True)
def environment(corpus_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ABC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ABC_CORPUS", str(corpus_dir))


@pytest.fixture(autouse=True)
def read_as_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read here: each line a paragraph, «# » a heading, and a broken one says so."""

    def read(path: Path, first: int, last: int | None, tell: Callable[[int], None]) -> SourceText:
        lines = path.read_text(encoding="utf-8").splitlines()
        if "ØDELAGT" in lines:
            raise ReadFault("Fila er ødelagt.")
        blocks = (Block("heading", s[2:], 1) if s.startswith("# ") else Block("paragraph", s) for s in lines)
        return SourceText(About(), (Page(1, tuple(blocks)),), ())

    monkeypatch.setattr(bring, "read_file", read)


@pytest.fixture
def abc(capsys: pytest.CaptureFixture[str]) -> Abc:
    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = main(["import", *map(str, arguments)])
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def drafts(corpus_dir: Path) -> Path:
    return corpus_dir / "utkast"


@pytest.fixture
def draft(abc: Abc, write: Write, tmp_path: Path, drafts: Path) -> Path:
    """The draft of a file of two sentences."""
    assert abc(write(tmp_path / "startlaget.txt", f"# Startlaget i Larvik\n{SAID}"))[0] == OK
    return drafts / "startlaget.md"


@pytest.fixture
def finished(draft: Path, drafts: Path) -> Path:
    """The draft as an editor leaves it: rewritten, as a story, and with its source filled in."""
    head = draft.read_text(encoding="utf-8").partition("tittel:")[0]
    draft.write_text(head.replace("klasse: veiledning", "klasse: historie") + REWRITTEN, encoding="utf-8")
    register = (drafts / "kilder.yaml").read_text(encoding="utf-8")
    register = register.replace("'TODO: hvem har gitt ut «startlaget.txt»?'", "Startlaget").replace("TODO: ukjent", "")
    (drafts / "kilder.yaml").write_text(register, encoding="utf-8")
    return draft


# What a draft is


def test_every_sentence_of_a_draft_is_unconfirmed_and_its_page_is_marked(draft: Path) -> None:
    text = draft.read_text(encoding="utf-8")
    assert "<!-- UTKAST." in text
    assert "kopiert ord for ord fra «startlaget.txt»" in text
    body = text.split("<!-- side 1 -->")[1].split()
    assert body == " ".join(f"{said}.[^ubekreftet]" for said in SAID.removesuffix(".").split(". ")).split()


def test_nothing_of_a_draft_reaches_the_corpus_or_its_lint(draft: Path, corpus_dir: Path) -> None:
    assert draft.parent.name not in FOLDERS
    corpus = read_corpus(corpus_dir)
    assert not any("startlaget" in document.text.lower() for document in corpus.documents)
    assert "startlaget" not in corpus.sources
    assert not any("utkast" in problem.file for problem in lint(corpus_dir, corpus.documents[0].checked))


def test_text_can_not_pass_for_a_mark_a_tag_or_a_heading() -> None:
    said = "# Ikke en overskrift [^heftet] <script>x</script> <!-- UTKAST -->"
    source = SourceText(About(), (Page(None, (Block("paragraph", said), Block("table", rows=(("a|b",), ("c",))))),), ())
    text = write_draft(source, guess(source, "fil", ()), Origin("a--> b.txt", "0", "fil"), TODAY)
    assert "\\# Ikke en overskrift [ ^heftet] \\<script>x\\</script> \\<!-- UTKAST -->[^ubekreftet]" in text
    assert "| a\\|b |\n| --- |\n| c[^ubekreftet] |" in text
    assert "«a–> b.txt»" in text


def of(*texts: str) -> SourceText:
    return SourceText(About(), (Page(None, tuple(Block("paragraph", text) for text in texts)),), ())


@pytest.mark.parametrize(
    ("text", "doc_class", "language"),
    [
        ("Søknadsfristen for tilskuddet er 1. mars, og tilskudd gis ikke etter det.", "regel", "bokmål"),
        ("Gründeren startet i det små. Ideen var enkel, forteller hun. Jeg var ikke redd.", "historie", "bokmål"),
        ("Om oss: vi tilbyr råd. Kontakt oss i åpningstiden. Vi er her for dere.", "aktør", "bokmål"),
        ("Vedtekter. Fyll inn navnet. Partene gir sin underskrift, og ikke noe annet.", "mal", "bokmål"),
        ("Korleis de skal starte ei verksemd, og kva de treng frå kommunen.", "veiledning", "nynorsk"),
        ("How you should start a company, and what you need from the municipality.", "veiledning", "engelsk"),
    ],
)
def test_class_and_language_are_guessed_from_the_words(text: str, doc_class: str, language: str) -> None:
    guessed = guess(of(text), "fil", ())
    assert (guessed.doc_class, guessed.language) == (doc_class, language)


def test_a_place_that_is_named_twice_and_words_of_its_own_are_proposed(corpus_dir: Path) -> None:
    documents = read_corpus(corpus_dir).documents
    guessed = guess(of(SAID, "Tilskudd fra kommunen, som før."), "fil", documents)
    assert guessed.places == ("Larvik",)
    assert set(guessed.keywords[:2]) == {"larvik", "startlaget"}
    assert any("«Larvik» (2)" in reason for reason in guessed.reasons)


def test_a_rule_gets_a_card_to_fill_in_and_a_template_a_part_to_copy() -> None:
    rule = of("Søknadsfristen for tilskuddet er 1. mars, og tilskudd gis ikke etter det.")
    text = write_draft(rule, guess(rule, "fil", ()), Origin("fil", "0", "fil"), TODAY)
    assert 'kort:\n  forvalter:\n    - verdi: "TODO: Hvem forvalter ordningen?"' in text
    template = of("Vedtekter. Fyll inn navnet. Partene gir sin underskrift.")
    text = write_draft(template, guess(template, "fil", ()), Origin("fil", "0", "fil"), TODAY)
    assert "## Slik bruker du malen" in text
    assert text.endswith("## Mal\n\nVedtekter.\nFyll inn navnet.\nPartene gir sin underskrift.\n")


# Bringing in


def test_a_folder_gives_an_outcome_for_each_file_and_a_bad_one_stops_nothing(
    abc: Abc, write: Write, tmp_path: Path, drafts: Path
) -> None:
    folder = tmp_path / "inn"
    write(folder / "a.txt", "ØDELAGT")
    write(folder / "b/Å være først (2).txt", SAID)
    write(folder / "c/Å være først (2).txt", SAID + " Mer.")
    write(folder / "d.exe", "x")
    (folder / "e.txt").symlink_to(write(tmp_path / "utenfor.txt", "Hemmelig."))
    code, out, _ = abc(folder, "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == FAULT
    assert [(row["file"], row["status"], row["draft"]) for row in rows] == [
        ("a.txt", "feil", ""),
        ("d.exe", "hoppet over", ""),
        ("e.txt", "hoppet over", ""),
        ("b/Å være først (2).txt", "ny", "utkast/a-vaere-forst-2.md"),
        ("c/Å være først (2).txt", "ny", "utkast/a-vaere-forst-2-2.md"),
    ]
    assert "Hemmelig" not in "".join(path.read_text(encoding="utf-8") for path in drafts.rglob("*.*"))


def test_an_edited_draft_is_left_alone_until_it_is_to_be_replaced(abc: Abc, draft: Path, tmp_path: Path) -> None:
    draft.write_text(draft.read_text(encoding="utf-8") + "\nMitt eget.[^råd]\n", encoding="utf-8")
    code, out, _ = abc(tmp_path / "startlaget.txt")
    assert (code, "er ikke rørt" in out, "Mitt eget" in draft.read_text(encoding="utf-8")) == (OK, True, True)
    (tmp_path / "startlaget.txt").write_text("Nytt.", encoding="utf-8")
    assert "en annen enn den utkastet ble laget av" in abc(tmp_path / "startlaget.txt")[1]
    abc(tmp_path / "startlaget.txt", "--erstatt")
    assert "Nytt.[^ubekreftet]" in draft.read_text(encoding="utf-8")


def test_pages_of_one_file_are_drafts_of_their_own_with_one_source(
    abc: Abc, draft: Path, tmp_path: Path, drafts: Path
) -> None:
    abc(tmp_path / "startlaget.txt", "--sider", "3-5")
    part = (drafts / "startlaget-side-3-5.md").read_text(encoding="utf-8")
    assert "kilde: startlaget\n" in part
    assert (drafts / "kilder.yaml").read_text(encoding="utf-8").count("utgiver:") == 1
    assert abc(tmp_path / "startlaget.txt", "--sider", "5-3")[0] == USAGE


def test_wrong_use_is_told(abc: Abc, tmp_path: Path) -> None:
    assert abc()[0] == FAULT
    assert "finnes ikke" in abc(tmp_path / "borte.pdf")[2]
    assert "er ikke et utkast" in abc("--frigi", tmp_path / "borte.md")[2]


# What a draft lacks, and setting it free


def test_the_list_says_what_each_draft_lacks(abc: Abc, draft: Path) -> None:
    rows = [json.loads(line) for line in abc("--liste", "--json")[1].splitlines()]
    messages = [problem["message"] for problem in rows[0]["problems"]]
    assert sum("TODO står igjen" in message for message in messages) == 2
    assert sum("utkast-merket" in message for message in messages) == 1
    assert sum("står ordrett" in message for message in messages) == 2
    assert "Mangler (" in abc("--liste")[1]


def test_a_draft_is_refused_with_line_and_reason_and_nothing_changes(abc: Abc, draft: Path, corpus_dir: Path) -> None:
    before = {path: path.read_bytes() for path in corpus_dir.rglob("*") if path.is_file()}
    code, _, err = abc("--frigi", draft)
    line = draft.read_text(encoding="utf-8").split("\n").index(f"{SAID.split('. ')[0]}.[^ubekreftet]") + 1
    assert code == FAULT
    assert f"utkast/startlaget.md:{line}: «" in err
    assert {path: path.read_bytes() for path in corpus_dir.rglob("*") if path.is_file()} == before


def test_a_finished_draft_moves_into_the_guide_with_its_source(
    abc: Abc, finished: Path, corpus_dir: Path, drafts: Path
) -> None:
    before = (corpus_dir / "kilder.yaml").read_text(encoding="utf-8")
    code, out, err = abc("--frigi", finished)
    assert (code, err) == (OK, "")
    assert "1 setninger er fortsatt ubekreftet" in out
    assert "abc index build" in out
    corpus = read_corpus(corpus_dir)
    [document] = [document for document in corpus.documents if document.doc_id == "historier/startlaget"]
    assert "<!--" not in document.text
    assert "utkast" not in document.text
    after = (corpus_dir / "kilder.yaml").read_text(encoding="utf-8")
    assert corpus.sources["startlaget"].publisher == "Startlaget"
    assert without_row(after, "startlaget").rstrip() == before.rstrip()
    assert find_row((drafts / "kilder.yaml").read_text(encoding="utf-8"), "startlaget") == ""
    assert not finished.exists()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("I Larvik trengte ungdom et sted å begynne.", SAID.split(". ")[0] + ".", "står ordrett"),
        ("Derfor finnes Startlaget.[^ubekreftet]", "Derfor finnes Startlaget.", "mangler kildemerke"),
        ("[^startlaget@2025]\nDerfor", "[^ukjent@2025]\nDerfor", "ukjent kilde «ukjent»"),
        ("<!-- side 1 -->", "<!-- UTKAST. -->", "utkast-merket"),
        ("klasse: historie", "klasse: eventyr", "klasse må være en av"),
        ("utkast:\n", "kladd:\n", "blokken «utkast:»"),
    ],
)
def test_one_fault_is_enough_to_keep_a_draft_out(abc: Abc, finished: Path, old: str, new: str, expected: str) -> None:
    text = finished.read_text(encoding="utf-8")
    assert old in text
    finished.write_text(text.replace(old, new), encoding="utf-8")
    code, _, err = abc("--frigi", finished)
    assert (code, expected in err, finished.exists()) == (FAULT, True, True)


def test_a_document_that_is_there_is_never_overwritten(
    abc: Abc, finished: Path, corpus_dir: Path, write: Write, document_text: Callable[..., str]
) -> None:
    there = write(corpus_dir / "historier/startlaget.md", document_text())
    code, _, err = abc("--frigi", finished)
    assert (code, "finnes fra før" in err, there.read_text(encoding="utf-8")) == (FAULT, True, document_text())


# The register as text

REGISTER = "# Topp\n\nheftet:\n  utgiver: A\n\nb-kilde:\n  utgiver: B  # merknad\n\nd-kilde:\n  utgiver: D\n"


@pytest.mark.parametrize("source_id", ["a-kilde", "c-kilde", "e-kilde", "z-kilde"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_row_goes_in_and_out_of_the_register_without_touching_the_rest(source_id: str, newline: str) -> None:
    register = REGISTER.replace("\n", newline)
    added = with_row(register, f"{source_id}:\n  utgiver: Ny\n")
    assert find_row(added, source_id).split() == [f"{source_id}:", "utgiver:", "Ny"]
    assert without_row(added, source_id).rstrip() == register.rstrip()
    assert added.count("\n") == added.count(newline)
    ids = [line.rstrip(":\r") for line in added.split("\n") if line.rstrip().endswith("kilde:")]
    assert ids == sorted(ids)
