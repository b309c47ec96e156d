"""A template of the guide → the text to copy, as Markdown or as a Word file."""

import io
import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.document import COPY_HEADING, Document
from index.statements import plain

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_COPY = re.compile(rf"^## {COPY_HEADING}\s*$", re.MULTILINE)
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def template_markdown(document: Document) -> str | None:
    """What stands under the heading `Mal`, under the document's title; None for a document that is no template."""
    found = _COPY.search(document.text) if document.doc_class == "mal" else None
    return f"# {document.title}\n\n{document.text[found.end() :].strip()}\n" if found else None


def template_word(document: Document) -> bytes | None:
    """The same as a Word file (.docx): headings, paragraphs, lists and tables; None as `template_markdown`."""
    text = template_markdown(document)
    if text is None:
        return None
    import docx  # half a second of import, only for those who download

    word = docx.Document()
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    place = 0
    style = ""
    while place < len(tokens):
        token = tokens[place]
        if token.type == "table_open":
            place = _add_table(word, tokens, place)
        elif token.type == "heading_open":
            word.add_heading(plain(tokens[place + 1].content), level=int(token.tag[1]) - 1)
            place += 2
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            style = "List Bullet" if token.type == "bullet_list_open" else "List Number"
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            style = ""
        elif token.type == "inline":
            _add_paragraph(word, token.content, style)
        elif token.type in ("fence", "code_block"):
            word.add_paragraph(token.content.rstrip())
        place += 1
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _add_paragraph(word: "WordDocument", content: str, style: str) -> None:
    paragraph = word.add_paragraph(style=style or None)
    for number, part in enumerate(_BOLD.split(content)):  # every other part stood between the stars
        if part:
            paragraph.add_run(re.sub(r"\s+", " ", part)).bold = number % 2 == 1


def _add_table(word: "WordDocument", tokens: list[Token], place: int) -> int:
    """Adds the table that opens at `place`; the place of its end."""
    rows: list[list[str]] = []
    while tokens[place].type != "table_close":
        if tokens[place].type == "tr_open":
            rows.append([])
        elif tokens[place].type == "inline":
            rows[-1].append(plain(tokens[place].content))
        elif tokens[place].type in ("td_open", "th_open") and tokens[place + 1].type != "inline":
            rows[-1].append("")
        place += 1
    table = word.add_table(rows=0, cols=max(map(len, rows)), style="Table Grid")
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=False):
            cell.text = value
    return place
