"""HTML → its blocks, without scripts, what is hidden, and the frame around the text; Markdown and plain text too."""

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from lxml import etree, html  # type: ignore[import-untyped]
from markdown_it import MarkdownIt

from assistant.draft.types import About, Block, Note, Page, Piece

_NO_TEXT = {
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas", "head", "select", "button",
    "input", "textarea", "audio", "video", "math",
}  # fmt: skip
_FRAME = {"nav", "footer", "aside", "dialog"}
_PARTING = {
    "p", "div", "section", "article", "main", "body", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "figure",
    "figcaption", "header", "address", "details", "summary", "form", "fieldset", "br", "hr", "table", "li", "center",
    "html", "tr", "td", "th",
}  # fmt: skip
_MAX_HEADING = 70  # letters, in plain text
_HEADING = re.compile(r"h([1-6])")
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])", re.I
)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"[.#][\w-]+")  # a selector that one attribute answers
_FRONT = re.compile(r"\A---\n(?P<head>.*?)\n---\n", re.S)
_TITLE = re.compile(r"^(?:title|tittel):\s*[\"']?(.+?)[\"']?\s*$", re.M)


def read_html(text: str) -> Iterator[Piece]:
    """What the page says of itself, its text as one page, and what was left out."""
    root = html.document_fromstring((text.strip() or "<p></p>").encode(), parser=html.HTMLParser(encoding="utf-8"))
    meta = {node.get("name") or node.get("property") or "": node.get("content") or "" for node in root.iter("meta")}
    published = meta.get("article:published_time") or meta.get("date") or meta.get("DC.date") or ""
    title = meta.get("og:title") or " ".join((root.findtext(".//title") or "").split())
    yield About(title, meta.get("og:site_name") or meta.get("author") or "", published[:10])
    walker = _Walker({name for node in root.iter("style") for name in _hiding_names(node.text or "")})
    mains = [*root.iter("main")] or [*root.iter("article")]
    for node in mains or [root]:
        walker.walk(node)
        walker.close()
    yield Page(None, tuple(walker.blocks))
    if walker.hidden:
        yield Note(f"{walker.hidden} usynlige tegn er tatt bort (skjult på nettsiden).")


def read_markdown(text: str) -> Iterator[Piece]:
    """As `read_html`: Markdown may hold HTML, so it takes the same way."""
    front = _FRONT.match(text)
    named = _TITLE.search(front["head"]) if front else None
    body = text[front.end() :] if front else text
    rendered = MarkdownIt("commonmark").enable("table").render(body)
    for piece in read_html(rendered):
        yield About(named[1] if named else "") if isinstance(piece, About) else piece


def read_plain(text: str) -> Iterator[Piece]:
    """The paragraphs between blank lines; a form feed begins a new page."""
    pages = text.split("\f")
    yield About()
    for number, page in enumerate(pages, start=1):
        parts = [said for part in re.split(r"\n\s*\n", page) if (said := " ".join(part.split()))]
        blocks = (_plain_block(part, below) for part, below in zip_longest(parts, parts[1:], fillvalue=""))
        yield Page(number if len(pages) > 1 else None, tuple(blocks))


def _plain_block(text: str, below: str) -> Block:
    """A short line over a longer one that ends as a sentence does is a heading."""
    is_heading = len(text) <= _MAX_HEADING and text[:1].isupper() and not text.endswith(tuple(".,:;!"))
    if is_heading and len(below) > len(text) and below.endswith(tuple(".!?:")):
        return Block("heading", text, 2)
    return Block("paragraph", text)


def _hiding_names(style: str) -> Iterator[str]:
    for selectors, rule in _RULE.findall(re.sub(r"/\*.*?\*/", "", style, flags=re.S)):
        if _HIDING.search(rule):
            yield from (name.strip() for name in selectors.split(",") if _SIMPLE.fullmatch(name.strip()))


class _Walker:
    """Gathers blocks from a tree; `hidden` counts the letters that nobody sees."""

    def __init__(self, hiding: set[str]) -> None:
        self.blocks: list[Block] = []
        self.hidden = 0
        self._hiding = hiding
        self._text: list[str] = []
        self._kind: tuple[str, int] = ("paragraph", 0)

    def walk(self, node: Any) -> None:
        """Everything in the node, not what follows it."""
        if isinstance(node, etree._Comment | etree._ProcessingInstruction) or node.tag in _NO_TEXT | _FRAME:
            return
        if self._is_hidden(node):
            self.hidden += len("".join("".join(node.itertext()).split()))
            return
        heading = _HEADING.fullmatch(node.tag)
        if node.tag == "table" and not any(True for _ in node.iterdescendants("table")):
            self.close()
            self._add_table(node)
            return
        if parts := heading or node.tag in _PARTING:
            self.close()
        outer = self._kind
        if heading:
            self._kind = ("heading", int(heading[1]))
        elif node.tag == "li":
            self._kind = ("item", 0)
        self._text.append(node.text or "")
        for child in node:
            self.walk(child)
            self._text.append(child.tail or "")
        if parts:
            self.close()
        self._kind = outer

    def close(self) -> None:
        """Ends the block that is being gathered."""
        text = " ".join("".join(self._text).split())
        if text:
            kind, level = self._kind
            self.blocks.append(Block("heading", text, level) if kind == "heading" else _block(kind, text))
        self._text = []

    def _is_hidden(self, node: Any) -> bool:
        names = {f".{name}" for name in (node.get("class") or "").split()} | {f"#{node.get('id')}"}
        return bool(
            node.get("hidden") is not None
            or node.get("aria-hidden") == "true"
            or _HIDING.search(node.get("style") or "")
            or names & self._hiding
        )

    def _add_table(self, table: Any) -> None:
        inside = _Walker(self._hiding)
        rows = []
        for row in table.iter("tr"):
            cells = []
            for cell in row.iterchildren("td", "th"):
                inside.blocks = []
                inside.walk(cell)
                inside.close()
                cells.append(" ".join(block.text for block in inside.blocks))
            rows.append(tuple(cells))
        self.hidden += inside.hidden
        if any(cell for row in rows for cell in row):
            self.blocks.append(Block("table", rows=tuple(rows)))


def _block(kind: str, text: str) -> Block:
    return Block("item", text) if kind == "item" else Block("paragraph", text)
