"""A Word file → its pages: headings by style, lists, tables, and the page breaks that Word has noted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from assistant.draft.archive import check_archive
from assistant.draft.types import About, Block, Note, Page, Piece, ReadFault

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MAX_BASES = 10  # styles built on each other


def read_word(path: Path) -> Iterator[Piece]:
    """What the file says of itself, its pages, and what was left out. Raises: ReadFault."""
    check_archive(path)
    try:
        document = docx.Document(str(path))
    except Exception:  # whatever the parser trips over, the file is at fault
        raise ReadFault(
            "Word-fila er ødelagt eller har et format som ikke støttes. Åpne den i Word, og lagre den som .docx."
        ) from None
    yield _about(document)
    pages, hidden = _pages(document)
    if hidden:
        yield Note(f"{hidden} skjulte tegn er tatt bort (skjult skrift i Word).")
    for number, blocks in enumerate(pages, start=1):
        yield Page(number if len(pages) > 1 else None, tuple(blocks))


def _about(document: Document) -> About:
    core = document.core_properties
    made = core.modified or core.created
    return About(core.title or "", core.author or "", made.date().isoformat() if made else "")


def _pages(document: Document) -> tuple[list[list[Block]], int]:
    pages: list[list[Block]] = [[]]
    hidden = 0
    for item in _inner(document.element.body, document):
        if isinstance(item, Table):
            rows = tuple(tuple(_cells(row)) for row in item.rows)
            pages[-1].append(Block("table", rows=rows))
        elif text := " ".join((said := _text(item._p))[0].split()):
            hidden += said[1]
            before, after = _breaks(item)
            pages += [[] for _ in range(before)]
            pages[-1].append(_as_block(item, text))
            pages += [[] for _ in range(after)]
            continue
        else:
            hidden += said[1]
        pages += [[] for _ in range(sum(map(_is_break, item._element.iter())))]
    return pages, hidden


def _inner(parent: Any, document: Document) -> Iterator[Paragraph | Table]:
    """Paragraphs and tables in order, those in content controls too."""
    for part in parent:
        if part.tag == qn("w:p"):
            yield Paragraph(part, document._body)
        elif part.tag == qn("w:tbl"):
            yield Table(part, document._body)
        elif part.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins")):
            yield from _inner(part, document)


def _cells(row: Any) -> Iterator[str]:
    seen = None
    for cell in row.cells:
        if cell._tc is not seen:  # a merged cell comes once for each column
            yield " ".join(" ".join(_text(p._p)[0] for p in cell.paragraphs).split())
        seen = cell._tc


def _text(element: Any) -> tuple[str, int]:
    """What is seen of a paragraph, tracked insertions too, and how many letters are hidden."""
    said, hidden = [], 0
    for part in element.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:noBreakHyphen")):
        run = part.getparent()
        if run.tag != qn("w:r") or next(part.iterancestors(_FALLBACK), None) is not None:
            continue  # a tab stop of the paragraph, or a text box once more for older programs
        text = {qn("w:t"): part.text or "", qn("w:noBreakHyphen"): "-"}.get(part.tag, " ")
        vanish = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
        if vanish is not None and vanish.get(qn("w:val")) not in ("0", "false"):
            hidden += len(text)
        else:
            said.append(text)
    return "".join(said), hidden


def _is_break(part: Any) -> bool:
    """Whether a new page begins here; Word notes one of its own making once, and one that was asked for twice."""
    return part.tag == qn("w:lastRenderedPageBreak") or (
        part.tag == qn("w:br") and part.get(qn("w:type")) == "page" and not _is_noted(part)
    )


def _is_noted(part: Any) -> bool:
    return any(later.tag == qn("w:lastRenderedPageBreak") for later in part.getparent().itersiblings())


def _breaks(paragraph: Paragraph) -> tuple[int, int]:
    """The page breaks before the paragraph's first letter, and those after it."""
    before, after, has_begun = 0, 0, False
    for part in paragraph._p.iter():
        has_begun = has_begun or (part.tag == qn("w:t") and bool((part.text or "").strip()))
        if _is_break(part):
            before, after = (before, after + 1) if has_begun else (before + 1, after)
    return before, after


def _as_block(paragraph: Paragraph, text: str) -> Block:
    style: Any = paragraph.style
    for _ in range(_MAX_BASES):
        if style is None:
            break
        name = (style.name or "").lower()
        if name == "title":
            return Block("heading", text, 1)
        if name.startswith(("heading ", "overskrift ")) and name.split()[-1].isdigit():
            return Block("heading", text, int(name.split()[-1]))
        if name.startswith("list"):
            return Block("item", text)
        style = style.base_style
    is_listed = paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None
    return Block("item" if is_listed else "paragraph", text)
