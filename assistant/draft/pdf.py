"""A PDF → its pages, one at a time: text in reading order, headings by their size, tables by their lines."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.page import Page as PdfPage
from pdfplumber.pdf import PDF

from assistant.draft.layout import Row, Table, as_blocks
from assistant.draft.types import About, Note, Page, Piece, ReadFault

_SAMPLED = 10  # pages that tell which size the running text has
_SEEN_FROM = 2.0  # points; a smaller letter is not meant to be read
_WHITE = ((1,), (1, 1, 1), (0, 0, 0, 0))
_FEW = 20  # letters a page from which a PDF of pictures counts as having text


def read_pdf(path: Path, first: int, last: int) -> Iterator[Piece]:
    """What the file says of itself, its pages `first` to `last`, and what was left out. Raises: ReadFault."""
    with _open(path) as pdf:
        total = len(pdf.pages)
        if not total:
            raise ReadFault("PDF-en har ingen sider.")
        if first > total:
            raise ReadFault(f"PDF-en har bare {total} sider.")
        yield _about(pdf.metadata)
        if last < total or first > 1:
            last = min(last, total)
            yield Note(
                f"Bare side {first}–{last} av {total} er tatt med. Hent resten i egne utkast med --sider FRA-TIL."
            )
        chosen = pdf.pages[first - 1 : last]
        body = _body_size(chosen)
        letters, hidden, pictures = 0, 0, []
        for page in chosen:
            shown = _take_hidden(page)
            hidden += len(page.chars) - len(shown.chars)
            letters += len(shown.chars)
            if page.images and len(shown.chars) < _FEW:
                pictures.append(page.page_number)
            yield Page(page.page_number, _blocks(shown, body))
            page.close()
    if letters < _FEW * len(pictures):
        raise ReadFault(
            "PDF-en ser ut til å være skannet: sidene er bilder uten tekst. Kjør tekstgjenkjenning (OCR) og prøv igjen."
        )
    if not letters:
        raise ReadFault("PDF-en har ingen tekst.")
    if pictures:
        yield Note(f"Disse sidene er bilder uten tekst: {', '.join(map(str, pictures))}.")
    if hidden:
        yield Note(f"{hidden} usynlige tegn er tatt bort (hvit eller svært liten skrift, eller utenfor siden).")


def _open(path: Path) -> PDF:
    try:
        return pdfplumber.open(path)
    except Exception as error:  # whatever the parser trips over, the file is at fault
        inner = error.args[0] if error.args else error
        if isinstance(inner, PDFPasswordIncorrect | PDFEncryptionError):
            raise ReadFault("PDF-en er beskyttet med passord. Lagre en kopi uten passord, og hent inn den.") from None
        raise ReadFault("PDF-en er ødelagt eller ikke fullstendig. Last den ned på nytt, og prøv igjen.") from None


def _about(metadata: dict[str, Any]) -> About:
    title, author, made = (str(metadata.get(key) or "") for key in ("Title", "Author", "CreationDate"))
    day = made.removeprefix("D:")[:8]
    return About(title, author, f"{day[:4]}-{day[4:6]}-{day[6:]}" if len(day) == 8 and day.isdigit() else "")


def _body_size(pages: list[PdfPage]) -> float:
    sizes = Counter(round(char["size"], 1) for page in islice(pages, _SAMPLED) for char in page.chars)
    return float(sizes.most_common(1)[0][0]) if sizes else 0.0


def _take_hidden(page: PdfPage) -> PdfPage:
    """The page without letters that nobody sees."""
    grounds = [thing for thing in (*page.rects, *page.curves) if thing.get("fill")] + page.images

    def is_shown(thing: dict[str, Any]) -> bool:
        if thing["object_type"] != "char" or thing["text"].isspace():
            return True
        if thing["size"] < _SEEN_FROM or thing["x1"] < 0 or thing["x0"] > page.width:
            return False
        if thing["bottom"] < 0 or thing["top"] > page.height:
            return False
        color = thing.get("non_stroking_color")
        is_white = color is not None and tuple(color if isinstance(color, tuple | list) else (color,)) in _WHITE
        return not is_white or any(_is_inside(thing, ground) for ground in grounds)

    return page.filter(is_shown)


def _is_inside(thing: dict[str, Any], box: dict[str, Any]) -> bool:
    x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return bool(box["x0"] <= x <= box["x1"] and box["top"] <= y <= box["bottom"])


def _blocks(page: PdfPage, body: float) -> Any:
    tables = []
    for found in page.find_tables() if page.edges else ():
        cells = tuple(tuple(" ".join((cell or "").split()) for cell in row) for row in found.extract())
        if len(cells) > 1 and len(cells[0]) > 1 and any(cell for row in cells for cell in row):
            x0, top, x1, bottom = found.bbox
            tables.append(Table(x0, top, x1, bottom, cells))
    boxes = [{"x0": t.x0, "top": t.top, "x1": t.x1, "bottom": t.bottom} for t in tables]
    rest = page.filter(lambda thing: thing["object_type"] != "char" or not any(_is_inside(thing, box) for box in boxes))
    words = rest.extract_words(extra_attrs=["size", "fontname"], x_tolerance_ratio=0.15)
    return as_blocks([Row.of(word) for word in words], tables, page.width, body)
