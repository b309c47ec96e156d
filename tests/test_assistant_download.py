"""Templates leave the guide as they stand: the text to copy, with its lists, tables and blanks."""

import io
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from assistant.download import template_markdown, template_word
from index.document import Document, read_corpus

CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.fixture(scope="module")
def templates() -> dict[str, Document]:
    return {document.doc_id: document for document in read_corpus(CORPUS).documents if document.doc_class == "mal"}


def test_every_template_can_be_had_as_markdown_and_as_word(templates: dict[str, Document]) -> None:
    for document in templates.values():
        text, word = template_markdown(document), template_word(document)
        assert text is not None
        assert text.startswith(f"# {document.title}\n")
        assert "[^" not in text
        assert "Slik bruker du malen" not in text
        assert word is not None
        assert docx.Document(io.BytesIO(word)).paragraphs[0].text == document.title


def test_word_file_has_the_tables_and_lists_of_the_template(templates: dict[str, Document]) -> None:
    document = replace(
        next(iter(templates.values())),
        text="---\n---\n\n## Slik bruker du malen\n\nTekst.\n\n## Mal\n\n**Parter**\n\n- [fyll inn navn]\n\n"
        "1. Først\n\n"
        "| Mål | Frist |\n|---|---|\n| [fyll inn] | 1. mai |\n",
    )
    word = template_word(document)
    assert word is not None
    read = docx.Document(io.BytesIO(word))
    styles = {paragraph.text: paragraph.style.name for paragraph in read.paragraphs if paragraph.style}
    assert styles["[fyll inn navn]"] == "List Bullet"
    assert styles["Først"] == "List Number"
    assert [cell.text for cell in read.tables[0].rows[1].cells] == ["[fyll inn]", "1. mai"]
    assert read.paragraphs[1].runs[0].bold


def test_other_documents_are_no_templates() -> None:
    document = next(d for d in read_corpus(CORPUS).documents if d.doc_class == "veiledning")
    assert template_markdown(document) is None
    assert template_word(document) is None
