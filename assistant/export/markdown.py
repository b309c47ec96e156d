"""Blocks ↔ Markdown: what is written here reads as the same blocks, whatever signs stand in their words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from assistant.export.blocks import BREAK, Block, Heading, Item, Paragraph, Span, Spans, Table, join_lines, one_line

_SIGN = re.compile(r"[\\`*_\[\]<>|~]|&(?=#?\w+;)")
_LINE_START = re.compile(r"\A(\d*)([-+#=.)])")
_NESTED = "   "


def write_markdown(blocks: Sequence[Block]) -> str:
    """The blocks as CommonMark with tables."""
    parts = []
    for is_item, group in groupby(blocks, key=lambda block: isinstance(block, Item)):
        written = list(map(_write, group))
        parts += ["\n".join(written)] if is_item else written
    return "\n\n".join(parts) + "\n"


def _write(block: Block) -> str:
    match block:
        case Heading(level=level, spans=spans):
            return f"{'#' * level} {_words(spans)}"
        case Paragraph(spans=spans):
            return _words(spans)
        case Item(spans=spans):
            sign = f"{block.number}. " if block.number else "- "
            indent = _NESTED * block.level
            return f"{indent}{sign}{_words(spans)}".replace("\n", f"\n{indent}{' ' * len(sign)}")
        case Table(rows=rows):
            lines = [f"| {' | '.join(map(_words, row))} |" for row in rows]
            return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])


def _words(spans: Spans) -> str:
    written = ""
    for span in spans:
        if span == BREAK:
            written += "\\\n"
        elif span.source:
            written += span.text
        elif span.href:
            written += f"<{span.href}>" if span.text == span.href else f"[{_escape(span.text, '')}](<{span.href}>)"
        else:
            words = _escape(span.text, written)
            written += f"**{words}**" if span.is_bold else words
    return written


def _escape(text: str, before: str) -> str:
    """The text with a backslash before each sign that would be read as markup after what is written `before`."""
    escaped = _SIGN.sub(r"\\\g<0>", one_line(text))
    if not before or before.endswith("\n"):
        return _LINE_START.sub(r"\1\\\2", escaped.lstrip(), count=1)
    # After a mark, these would make it a link.
    return f"\\{escaped}" if before.endswith("]") and escaped[:1] in ("(", ":") else escaped


def read_markdown(text: str) -> list[Block]:
    """The blocks of a text of the guide; a link to another page of the guide is mere words."""
    return list(_read(SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text)), 0))


def _read(node: SyntaxTreeNode, level: int) -> Iterator[Block]:
    for child in node.children:
        match child.type:
            case "heading":
                yield Heading(int(child.tag[1]), _read_words(child))
            case "paragraph":
                yield Paragraph(_read_words(child))
            case "bullet_list" | "ordered_list":
                yield from _read_list(child, level)
            case "table":
                rows = (row for part in child.children for row in part.children)
                yield Table(tuple(tuple(map(_read_words, row.children)) for row in rows))
            case "fence" | "code_block":
                yield Paragraph(join_lines([(Span(line),) for line in child.content.rstrip().split("\n")]))
            case _:
                yield from _read(child, level)


def _read_list(node: SyntaxTreeNode, level: int) -> Iterator[Block]:
    first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else 0
    for place, item in enumerate(node.children):
        number = first and first + place
        for part, block in enumerate(_read(item, level + 1)):
            yield Item(block.spans, number, level) if part == 0 and isinstance(block, Paragraph) else block


def _read_words(node: SyntaxTreeNode, is_bold: bool = False) -> Spans:
    spans: list[Span] = []
    for child in node.children:
        match child.type:
            case "softbreak":
                spans.append(Span(" "))
            case "hardbreak":
                spans.append(BREAK)
            case "link":
                address = str(child.attrs["href"])
                href = address if address.startswith(("https://", "http://")) else ""
                spans += [replace(span, href=href) for span in _read_words(child, is_bold)]
            case _ if child.children:
                spans += _read_words(child, is_bold or child.type == "strong")
            case _ if child.content:
                spans.append(Span(child.content, is_bold))
    return tuple(spans)
