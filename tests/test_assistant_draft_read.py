"""Files of every make → blocks and pages; what is hidden, broken, locked or too large is told and goes no further."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from reportlab.lib import colors, pdfencrypt
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

from assistant.draft import archive, read
from assistant.draft.child import read_pieces
from assistant.draft.clean import clean_text
from assistant.draft.read import read_file
from assistant.draft.types import About, Block, Note, Page, ReadFault, SourceText

STYLES = getSampleStyleSheet()


def pieces(path: Path, kind: str, first: int = 1, last: int = 200) -> SourceText:
    """What the reader of the kind gives, read here and not in a child."""
    found = list(read_pieces(path, kind, first, last))
    [about] = [piece for piece in found if isinstance(piece, About)]
    notes = tuple(piece.text for piece in found if isinstance(piece, Note))
    return SourceText(about, tuple(piece for piece in found if isinstance(piece, Page)), notes)


def read_here(path: Path, first: int = 1, last: int | None = None) -> SourceText:
    return read_file(path, first, last, lambda num_pages: None)


def write_pdf(path: Path, num_pages: int) -> Path:
    story = []
    for number in range(1, num_pages + 1):
        story += [
            Paragraph(f"Kapittel {number}", STYLES["Heading1"]),
            Paragraph("Foreninger kan søke om sosial- og helse&shy;tilskudd. Fristen er 1. mars.", STYLES["BodyText"]),
            Table(
                [["Type", "Beløp"], ["Oppstart", "50 000 kroner"]], style=[("GRID", (0, 0), (-1, -1), 1, colors.black)]
            ),
            PageBreak(),
        ]
    SimpleDocTemplate(str(path), title="Håndbok", author="Fjord kommune").build(story)
    return path


@pytest.fixture
def canvas(tmp_path: Path) -> tuple[Path, Canvas]:
    path = tmp_path / "fil.pdf"
    return path, Canvas(str(path))


def test_a_pdf_keeps_pages_headings_and_tables(tmp_path: Path) -> None:
    text = pieces(write_pdf(tmp_path / "fil.pdf", 2), "pdf")
    assert [page.number for page in text.pages] == [1, 2]
    heading, paragraph, table = text.pages[1].blocks
    assert heading == Block("heading", "Kapittel 2", 1)
    assert paragraph.text == "Foreninger kan søke om sosial- og helsetilskudd. Fristen er 1. mars."
    assert table.rows == (("Type", "Beløp"), ("Oppstart", "50 000 kroner"))
    assert (text.about.title, text.about.author) == ("Håndbok", "Fjord kommune")


def test_only_the_pages_asked_for_are_read_and_the_rest_is_told(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "fil.pdf", 5)
    text = pieces(path, "pdf", 2, 3)
    assert [page.number for page in text.pages] == [2, 3]
    assert text.notes == ("Bare side 2–3 av 5 er tatt med. Hent resten i egne utkast med --sider FRA-TIL.",)
    with pytest.raises(ReadFault, match="bare 5 sider"):
        pieces(path, "pdf", 9, 10)


def test_two_columns_are_read_one_after_the_other(canvas: tuple[Path, Canvas]) -> None:
    path, page = canvas
    for row in range(8):
        page.drawString(50, 700 - 14 * row, f"venstre linje nummer {row} her")
        page.drawString(330, 700 - 14 * row, f"høyre linje nummer {row} her")
    page.save()
    said = pieces(path, "pdf").said()
    assert said.index("venstre linje nummer 7") < said.index("høyre linje nummer 0")


def test_text_that_nobody_sees_in_a_pdf_is_left_out_and_told(canvas: tuple[Path, Canvas]) -> None:
    path, page = canvas
    page.drawString(50, 700, "Fristen for å søke er første mars.")
    page.setFillGray(1)
    page.drawString(50, 650, "HVITT")
    page.setFillGray(0)
    page.rect(40, 590, 300, 40, fill=1)
    page.setFillGray(1)
    page.drawString(50, 600, "Hvit tittel på svart bunn")
    page.save()
    text = pieces(path, "pdf")
    assert "HVITT" not in text.said()
    assert "Hvit tittel på svart bunn" in text.said()
    assert text.notes == ("5 usynlige tegn er tatt bort (hvit eller svært liten skrift, eller utenfor siden).",)


def test_a_scanned_pdf_is_told_from_an_empty_one(tmp_path: Path) -> None:
    from PIL import Image

    picture = tmp_path / "side.png"
    Image.new("RGB", (60, 80), "grey").save(picture)
    scanned, empty = Canvas(str(tmp_path / "skannet.pdf")), Canvas(str(tmp_path / "tom.pdf"))
    scanned.drawImage(str(picture), 0, 0, 595, 842)
    scanned.save()
    empty.showPage()
    empty.save()
    with pytest.raises(ReadFault, match="ser ut til å være skannet"):
        pieces(tmp_path / "skannet.pdf", "pdf")
    with pytest.raises(ReadFault, match="har ingen tekst"):
        pieces(tmp_path / "tom.pdf", "pdf")


def test_a_locked_pdf_asks_for_a_copy_without_password(tmp_path: Path) -> None:
    path = tmp_path / "låst.pdf"
    page = Canvas(str(path), encrypt=pdfencrypt.StandardEncryption("hemmelig", canPrint=0))
    page.drawString(50, 700, "Hei")
    page.save()
    with pytest.raises(ReadFault, match="beskyttet med passord"):
        pieces(path, "pdf")


def test_half_a_pdf_is_told_as_broken(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "fil.pdf", 2)
    path.write_bytes(b"%PDF-1.4\n" + b"\0" * 500)
    with pytest.raises(ReadFault, match="ødelagt"):
        pieces(path, "pdf")


@pytest.fixture
def word() -> "docx.document.Document":
    return docx.Document()


def save(word: "docx.document.Document", path: Path) -> Path:
    word.save(str(path))
    return path


def test_a_word_file_keeps_headings_lists_tables_and_pages(word: "docx.document.Document", tmp_path: Path) -> None:
    word.add_heading("Starte kafé", 0)
    word.add_heading("Bakgrunn", 1)
    word.add_paragraph("Kafeen åpnet.")
    word.add_paragraph("Et punkt", style="List Bullet")
    word.add_page_break()
    table = word.add_table(2, 2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ("År", "Salg", "2020", "Mye"), strict=True):
        cell.text = text
    text = pieces(save(word, tmp_path / "fil.docx"), "docx")
    assert [page.number for page in text.pages] == [1, 2]
    assert text.pages[0].blocks == (
        Block("heading", "Starte kafé", 1), Block("heading", "Bakgrunn", 1), Block("paragraph", "Kafeen åpnet."),
        Block("item", "Et punkt"),
    )  # fmt: skip
    assert text.pages[1].blocks == (Block("table", rows=(("År", "Salg"), ("2020", "Mye"))),)


def test_hidden_and_deleted_text_of_word_is_left_out_and_inserted_text_kept(
    word: "docx.document.Document", tmp_path: Path
) -> None:
    paragraph = word.add_paragraph("Synlig. ")
    paragraph.add_run("skjult").font.hidden = True
    for name, text_tag, text in (("w:ins", "w:t", "Satt inn."), ("w:del", "w:delText", "Slettet.")):
        change, run, said = OxmlElement(name), OxmlElement("w:r"), OxmlElement(text_tag)
        said.text = text
        run.append(said)
        change.append(run)
        paragraph._p.append(change)
    text = pieces(save(word, tmp_path / "fil.docx"), "docx")
    assert text.said() == "Synlig. Satt inn."
    assert text.notes == ("6 skjulte tegn er tatt bort (skjult skrift i Word).",)


def test_a_bomb_is_not_unpacked(
    word: "docx.document.Document", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(word, tmp_path / "bombe.docx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/stor.xml", b"0" * 6_000_000)
    with pytest.raises(ReadFault, match="pakker ut til 6 MB fra 1 MB"):
        pieces(path, "docx")
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1000)
    with pytest.raises(ReadFault, match="er ikke åpnet"):
        pieces(save(docx.Document(), tmp_path / "vanlig.docx"), "docx")


def test_an_opendocument_text_keeps_headings_lists_and_tables(tmp_path: Path) -> None:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:text>"
        '<text:h text:outline-level="2">Økonomi</text:h><text:p>To<text:s/>ord.<text:note>Fotnote</text:note></text:p>'
        "<text:list><text:list-item><text:p>Punkt</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>A</text:p></table:table-cell></table:table-row>"
        "</table:table></office:text></office:body></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "fil.odt", "w") as file:
        file.writestr("content.xml", content)
    [page] = pieces(tmp_path / "fil.odt", "odt").pages
    assert page.blocks == (
        Block("heading", "Økonomi", 2), Block("paragraph", "To ord."), Block("item", "Punkt"),
        Block("table", rows=(("A",),)),
    )  # fmt: skip


HTML = """<html><head><title>Om fondet</title><style>.skjul, #x {display: none}</style></head><body>
<nav>Meny</nav><script>alert('script')</script>
<h1>Fondet</h1><p onclick="steal()">Fondet gir <b>støtte</b>.</p>
<p class="skjul">skjult en</p><p style="visibility:hidden">skjult to</p><p hidden>skjult tre</p>
<ul><li>Punkt</li></ul><table><tr><th>A</th></tr><tr><td>1</td></tr></table></body></html>"""


def test_a_web_page_loses_scripts_frame_and_what_is_hidden(write: Callable[[Path, str], Path], tmp_path: Path) -> None:
    text = pieces(write(tmp_path / "side.html", HTML), "html")
    assert text.pages[0].blocks == (
        Block("heading", "Fondet", 1), Block("paragraph", "Fondet gir støtte."), Block("item", "Punkt"),
        Block("table", rows=(("A",), ("1",))),
    )  # fmt: skip
    assert text.about.title == "Om fondet"
    assert text.notes == ("25 usynlige tegn er tatt bort (skjult på nettsiden).",)


def test_markdown_is_read_without_its_front_matter_and_its_html(
    write: Callable[[Path, str], Path], tmp_path: Path
) -> None:
    path = write(tmp_path / "fil.md", "---\ntitle: Min tittel\n---\n# En\n\nTo <script>x</script>\n\n- tre\n")
    text = pieces(path, "md")
    assert text.about.title == "Min tittel"
    assert text.pages[0].blocks == (Block("heading", "En", 1), Block("paragraph", "To"), Block("item", "tre"))


def test_plain_text_in_an_old_encoding_is_read_with_its_headings_and_pages(tmp_path: Path) -> None:
    (tmp_path / "fil.txt").write_bytes(
        "Økonomi og drift\n\nHer står en lengre\nsetning om økonomi.\fSide to.".encode("cp1252")
    )
    first, second = pieces(tmp_path / "fil.txt", "txt").pages
    assert first.blocks == (
        Block("heading", "Økonomi og drift", 2), Block("paragraph", "Her står en lengre setning om økonomi."),
    )  # fmt: skip
    assert (second.number, second.blocks) == (2, (Block("paragraph", "Side to."),))


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("tom.pdf", b" \n", "er tom"),
        ("tekst.pdf", b"Dette er tekst", "heter .pdf, men er ikke en PDF-fil"),
        ("gammel.doc", b"\xd0\xcf\x11\xe0 rest", "eldre Office-fil, eller en Word-fil med passord"),
        ("bilde.png", b"\x89PNG", "Filtypen støttes ikke"),
        ("pakke.docx", b"PK\x03\x04 rest", "ødelagt"),
    ],
)
def test_what_can_not_be_read_is_told_before_a_parser_sees_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, expected: str
) -> None:
    monkeypatch.setattr(read, "_CHILD", ("-c", "raise SystemExit"))
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ReadFault, match=expected):
        read_here(tmp_path / name)


def test_a_zip_of_other_things_is_no_document(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "fil.docx", "w") as file:
        file.writestr("lønn.csv", "1")
    with pytest.raises(ReadFault, match="uten Word- eller OpenDocument-tekst"):
        read_here(tmp_path / "fil.docx")


def test_content_goes_before_suffix_and_the_child_reads_it(tmp_path: Path) -> None:
    text = read_here(write_pdf(tmp_path / "rapport.docx", 1))
    assert text.pages[0].blocks[0].text == "Kapittel 1"
    assert text.notes == ("Fila heter .docx, men er lest som PDF.",)


def run_instead(monkeypatch: pytest.MonkeyPatch, *lines: object, then: str = "") -> None:
    """Lets another program take the child's place: it writes the lines, and then does as it is told."""
    written = "".join(json.dumps(line) + "\n" for line in lines)
    monkeypatch.setattr(read, "_CHILD", ("-c", f"print({written!r}, end='', flush=True)\n{then}"))


PAGE = {"page": 1, "blocks": [["paragraph", "Side en.", 0, []]]}


def test_a_parser_that_hangs_is_stopped_and_the_pages_it_gave_are_kept(
    write: Callable[[Path, str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "fil.txt", "Tekst")
    monkeypatch.setattr(read, "TIMEOUT_S", 0.3)
    run_instead(monkeypatch, then="import time; time.sleep(600)")
    with pytest.raises(ReadFault, match="er stanset"):
        read_here(path)
    monkeypatch.setattr(read, "TIMEOUT_S", 5)
    run_instead(monkeypatch, PAGE, then="import time; time.sleep(600)")
    text = read_here(path)
    assert text.said() == "Side en."
    assert text.notes == ("Lesingen ble stanset etter 5 sekunder. Siste side i utkastet er 1.",)


def test_a_parser_that_dies_takes_nothing_with_it(
    write: Callable[[Path, str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "fil.txt", "Tekst")
    run_instead(monkeypatch, then="import os; os.abort()")
    with pytest.raises(ReadFault, match="ødelagt"):
        read_here(path)
    run_instead(monkeypatch, PAGE, then="print('{\"page\": 2, \"blo', end='')")
    assert "stanset før fila var ferdig lest" in read_here(path).notes[0]


def test_the_child_gets_no_setting_and_no_key(
    write: Callable[[Path, str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ABC_LLM_KEY", "hemmelig")
    then = "import os, json; print(json.dumps({'page': 1, 'blocks': [['paragraph', str(dict(os.environ)), 0, []]]}))"
    run_instead(monkeypatch, then=then)
    assert "hemmelig" not in read_here(write(tmp_path / "fil.txt", "Tekst")).said()


def test_a_text_over_the_limit_is_cut_at_a_block_and_told(
    write: Callable[[Path, str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "MAX_CHARS", 20)
    run_instead(monkeypatch, PAGE, {**PAGE, "page": 2}, {**PAGE, "page": 3}, {"end": True})
    text = read_here(write(tmp_path / "fil.txt", "Tekst"))
    assert text.said() == "Side en.\nSide en."
    assert "kuttet" in text.notes[0]


def text_of(*pages: tuple[str, ...]) -> SourceText:
    blocks = (tuple(Block("paragraph", text) for text in page) for page in pages)
    return SourceText(About(), tuple(Page(number, page) for number, page in enumerate(blocks, start=1)), ())


def test_personal_data_and_characters_without_width_are_taken_out_and_told() -> None:
    clean = clean_text(text_of(("Skriv til kari@example.org\u200b eller ring 92 34 56 78.",)))
    assert clean.said() == "Skriv til [e-postadresse fjernet] eller ring [telefonnummer fjernet]."
    assert clean.notes[0].startswith("1 usynlige tegn")
    assert {"e-postadresse (1)" in " ".join(clean.notes), "telefonnummer (1)" in " ".join(clean.notes)} == {True}


def test_lines_that_every_page_begins_or_ends_with_are_taken_out() -> None:
    pages = [("Fjord kommune", f"Tekst nummer {n} her.", f"Side {n} av 4") for n in range(1, 5)]
    clean = clean_text(text_of(*pages))
    assert clean.said().split("\n") == [f"Tekst nummer {n} her." for n in range(1, 5)]
    assert clean.notes == ("8 topp- og bunntekster som går igjen på sidene, er tatt bort.",)
