"""The page of a Word file: its size, type, language, properties and page numbers."""

from datetime import UTC, datetime

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor

SOURCE_STYLE = "Source"
LINK_STYLE = "Hyperlink"
_FONT = "Calibri"
_SIZES_PT = {"Title": 22, "Heading 1": 15, "Heading 2": 13, "Heading 3": 11}
_TEXT_PT = 11
_SPACE = Pt(7)
_INK = RGBColor(0x1F, 0x3B, 0x4D)
_LINK = RGBColor(0x0B, 0x5C, 0xAD)
_COMPATIBLE = "15"  # with Word 2013 and later; the library's own 14 opens in "compatibility mode"


def set_up(word: WordDocument, title: str, author: str, locale: str) -> None:
    """Makes an empty document an A4 one in its own language, with its title and, below each page, its number."""
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
    _set_type(word)
    _set_language(word, locale)
    about = word.core_properties
    about.title, about.author, about.last_modified_by = title, author, author
    about.comments, about.language = "", locale
    about.created = about.modified = datetime.now(UTC).replace(tzinfo=None)
    footer = section.footer.paragraphs[0]
    footer.add_run(f"{title}\t\t")
    footer._p.append(field := make_element("w:fldSimple", instr="PAGE"))
    field.append(make_element("w:r"))


def make_element(tag: str, **attributes: object) -> BaseOxmlElement:
    """An element as `w:lang`, its attributes in the same namespace."""
    return OxmlElement(tag, {qn(f"w:{name}"): str(value) for name, value in attributes.items()})


def _set_type(word: WordDocument) -> None:
    """One typeface throughout, and links that look like links."""
    for name, size in {"Normal": _TEXT_PT, **_SIZES_PT}.items():
        style = word.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()  # else the theme's typeface counts before ours
        style.font.name, style.font.size = _FONT, Pt(size)
        if name != "Normal":
            style.font.color.rgb = None  # else the theme's colour counts before ours
            style.font.color.rgb = _INK
            style.paragraph_format.space_after = _SPACE
    # As a default and not in "Normal", which would count before the tighter lines of a table.
    spacing = word.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:spacing')}")
    spacing.set(qn("w:after"), str(_SPACE.twips))
    source = word.styles.add_style(SOURCE_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    source.base_style = word.styles["List Number"]
    source.paragraph_format.keep_together = True
    source.paragraph_format.space_after = _SPACE
    source.element.pPr.append(make_element("w:contextualSpacing", val=0))  # else no space between two of the same
    link = word.styles.add_style(LINK_STYLE, WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb, link.font.underline = _LINK, True


def _set_language(word: WordDocument, locale: str) -> None:
    """What the spell check goes by, and that it has not been run yet."""
    word.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}").set(qn("w:val"), locale)
    settings = word.settings.element
    settings.find(qn("w:themeFontLang")).set(qn("w:val"), locale)
    settings.remove(settings.find(qn("w:proofState")))
    mode = next(e for e in settings.iter(qn("w:compatSetting")) if e.get(qn("w:name")) == "compatibilityMode")
    mode.set(qn("w:val"), _COMPATIBLE)
