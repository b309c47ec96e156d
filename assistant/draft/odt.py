"""An OpenDocument text → its pages: headings, lists, tables and the page breaks that were noted when it was saved."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from assistant.draft.archive import check_archive
from assistant.draft.types import About, Block, Page, Piece, ReadFault

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_UNSAID = {f"{_TEXT}note", f"{_TEXT}tracked-changes", f"{_OFFICE}annotation"}


def read_odt(path: Path) -> Iterator[Piece]:
    """What the file says of itself, and its pages. Raises: ReadFault."""
    check_archive(path)
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        with zipfile.ZipFile(path) as archive:
            content = etree.fromstring(archive.read("content.xml"), parser)
            meta = etree.fromstring(archive.read("meta.xml"), parser) if "meta.xml" in archive.namelist() else content
    except (KeyError, etree.XMLSyntaxError, zipfile.BadZipFile, zipfile.error):
        raise ReadFault("Fila er ødelagt, eller er ikke en OpenDocument-tekst. Lagre den på nytt som .odt.") from None
    title, author, day = (meta.findtext(f".//{_DC}{name}", "") for name in ("title", "creator", "date"))
    yield About(title, author, day[:10])
    pages: list[list[Block]] = [[]]
    body = content.find(f".//{_OFFICE}text")
    if body is not None:
        _walk(body, pages, is_item=False)
    for number, blocks in enumerate(pages, start=1):
        yield Page(number if len(pages) > 1 else None, tuple(blocks))


def _walk(parent: Any, pages: list[list[Block]], is_item: bool) -> None:
    for part in parent:
        if part.tag == f"{_TEXT}soft-page-break":
            pages.append([])
        elif part.tag in (f"{_TEXT}h", f"{_TEXT}p"):
            text = _said(part)
            if part.tag == f"{_TEXT}h":
                block = Block("heading", text, int(part.get(f"{_TEXT}outline-level", "1")))
            else:
                block = Block("item" if is_item else "paragraph", text)
            pages[-1] += [block] if text else []
            pages += [[] for _ in part.iter(f"{_TEXT}soft-page-break")]
        elif part.tag == f"{_TABLE}table":
            rows = tuple(tuple(map(_said, row.iter(f"{_TABLE}table-cell"))) for row in part.iter(f"{_TABLE}table-row"))
            pages[-1].append(Block("table", rows=rows))
        elif part.tag not in _UNSAID:
            _walk(part, pages, is_item or part.tag == f"{_TEXT}list-item")


def _said(part: Any) -> str:
    if not isinstance(part.tag, str) or part.tag in _UNSAID:
        return ""
    if part.tag in (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"):
        return " "
    text = (part.text or "") + "".join(_said(child) + (child.tail or "") for child in part)
    is_block = part.tag in (f"{_TEXT}p", f"{_TEXT}h")
    return (
        " ".join(text.split()) + (" " if is_block and part.getparent().tag.startswith(_TABLE) else "")
        if (is_block or part.tag.startswith(_TABLE))
        else text
    )
