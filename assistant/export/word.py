"""Blocks → a Word file with real headings, lists, tables and links.

Imported only where a file is asked for: python-docx takes half a second.
"""

import io
import re
from collections.abc import Sequence
from functools import cache

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph as WordParagraph

from assistant.export.blocks import BREAK, Block, Heading, Item, Paragraph, Span, Spans, Table, one_line
from assistant.export.page import LINK_STYLE, SOURCE_STYLE, make_element, set_up
from assistant.texts import say

_LOCALES = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
_UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML can't hold
_MAX_NESTING = 2  # Word's own styles for lists go three levels deep
_MAX_HEADING = 9


def write_word(blocks: Sequence[Block], title: str, language: str) -> bytes:
    """The file (.docx), ready to print, with its title and language among its properties."""
    word = docx.Document()
    set_up(word, title, say(language, "page_title"), _LOCALES[language])
    writer = _Writer(word, language)
    for block in blocks:
        writer.add(block)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


class _Writer:
    """A Word document that grows; knows how far its last numbered list has come."""

    def __init__(self, word: WordDocument, language: str) -> None:
        self._word, self._language = word, language
        self._last_number, self._list_id = -1, 0
        self._style_id = cache(lambda name: word.styles[name].style_id)
        self._link_id = cache(self._relate)

    def add(self, block: Block) -> None:
        """Adds the block at the end."""
        match block:
            case Heading(level=level, spans=spans):
                self._add(f"Heading {min(level - 1, _MAX_HEADING)}" if level > 1 else "Title", spans)
            case Paragraph(spans=spans):
                self._add("Normal", spans)
            case Item():
                self._add_item(block)
            case Table():
                self._add_table(block)

    def _add(self, style: str, spans: Spans) -> WordParagraph:
        paragraph = self._word.add_paragraph()
        paragraph._p.style = self._style_id(style)
        self._fill(paragraph, spans)
        return paragraph

    def _add_item(self, item: Item) -> None:
        nesting = f" {min(item.level, _MAX_NESTING) + 1}" if item.level else ""
        if not item.number:
            self._add(f"List Bullet{nesting}", item.spans)
            return
        style = f"List Number{nesting}"
        paragraph = self._add(SOURCE_STYLE if item.is_source else style, item.spans)
        if item.number != self._last_number + 1:
            self._list_id = self._start_list(style, item.number)
        self._last_number = item.number
        place = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        place.get_or_add_ilvl().val, place.get_or_add_numId().val = 0, self._list_id
        if item.is_source:
            self._bookmark(paragraph, item.number)

    def _start_list(self, style: str, first: int) -> int:
        """The id of a new list in this style whose first number is `first`."""
        numbering = self._word.part.numbering_part.element
        own = self._word.styles[style].element.pPr.numPr.numId.val
        new = numbering.add_num(numbering.num_having_numId(own).abstractNumId.val)
        new.add_lvlOverride(ilvl=0).add_startOverride(first)
        return int(new.numId)

    def _bookmark(self, paragraph: WordParagraph, number: int) -> None:
        """Lets marks with this number lead here."""
        paragraph._p.insert(1, make_element("w:bookmarkStart", id=number, name=_bookmark_name(number)))
        paragraph._p.append(make_element("w:bookmarkEnd", id=number))

    def _add_table(self, table: Table) -> None:
        grid = self._word.add_table(rows=0, cols=max(map(len, table.rows)), style="Table Grid")
        for place, row in enumerate(table.rows):
            added = grid.add_row()
            if place == 0:  # comes again at the top of each page
                added._tr.get_or_add_trPr().append(make_element("w:tblHeader"))
            for column, (cell, spans) in enumerate(zip(added.cells, row, strict=False)):
                self._fill(cell.paragraphs[0], spans, table.is_head(place, column))
        self._word.add_paragraph()._p.style = self._style_id("No Spacing")  # two tables in a row would join

    def _fill(self, paragraph: WordParagraph, spans: Spans, is_head: bool = False) -> None:
        for span in spans:
            run = self._run(span, is_head)
            if span.href or span.source:
                link = self._link(span)
                link.append(run)
                paragraph._p.append(link)
            else:
                paragraph._p.append(run)

    def _run(self, span: Span, is_head: bool) -> BaseOxmlElement:
        run = make_element("w:r")
        if span == BREAK:
            run.append(make_element("w:br"))
            return run
        looks = make_element("w:rPr")  # in the order of the standard
        if span.href:
            looks.append(make_element("w:rStyle", val=LINK_STYLE))
        if span.is_bold or is_head:
            looks.append(make_element("w:b"))
        if span.language not in ("", self._language):
            looks.append(make_element("w:lang", val=_LOCALES[span.language]))
        text = make_element("w:t")
        text.set(qn("xml:space"), "preserve")
        text.text = _UNPRINTABLE.sub("", one_line(span.text))
        run.extend([looks, text] if len(looks) else [text])
        return run

    def _link(self, span: Span) -> BaseOxmlElement:
        if span.source:
            return make_element("w:hyperlink", anchor=_bookmark_name(span.source))
        link = make_element("w:hyperlink")
        link.set(qn("r:id"), self._link_id(span.href))
        return link

    def _relate(self, address: str) -> str:
        return self._word.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)


def _bookmark_name(number: int) -> str:
    return f"kilde_{number}"
