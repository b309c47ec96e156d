"""Blocks → HTML as plain as can be, so that Word and Outlook paste it well."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

from assistant.export.blocks import BREAK, Block, Heading, Item, Paragraph, Span, Spans, Table


def write_html(blocks: Sequence[Block], language: str) -> str:
    """The blocks in one element that says their language."""
    parts = []
    for is_item, group in groupby(blocks, key=lambda block: isinstance(block, Item)):
        written = [_write(block, language) for block in group]
        parts += [f"<ul>{''.join(written)}</ul>"] if is_item else written
    return f'<div lang="{language}">{"".join(parts)}</div>'


def _write(block: Block, language: str) -> str:
    match block:
        case Heading(level=level, spans=spans):
            return _element(f"h{level}", spans, language)
        case Paragraph(spans=spans):
            return _element("p", spans, language)
        case Item(spans=spans):
            return _element("li", spans, language)
        case Table():
            return _write_table(block, language)


def _write_table(table: Table, language: str) -> str:
    """The table with a border of its own: without it, what is pasted has no lines."""
    rows = [
        "".join(
            _element("th" if table.is_head(row, column) else "td", cell, language) for column, cell in enumerate(cells)
        )
        for row, cells in enumerate(table.rows)
    ]
    body = "".join(f"<tr>{row}</tr>" for row in rows[1:])
    return f'<table border="1"><thead><tr>{rows[0]}</tr></thead><tbody>{body}</tbody></table>'


def _element(tag: str, spans: Spans, language: str) -> str:
    """The words in an element; the language of words in another one stands as far out as it can."""
    runs = [(spoken, "".join(map(_word, group))) for spoken, group in groupby(spans, lambda s: s.language or language)]
    if len(runs) == 1 and runs[0][0] != language:
        return f'<{tag} lang="{runs[0][0]}">{runs[0][1]}</{tag}>'
    words = (text if spoken == language else f'<span lang="{spoken}">{text}</span>' for spoken, text in runs)
    return f"<{tag}>{''.join(words)}</{tag}>"


def _word(span: Span) -> str:
    if span == BREAK:
        return "<br>"
    text = escape(span.text, quote=False)
    if span.href:
        return f'<a href="{escape(span.href)}">{text}</a>'
    return f"<strong>{text}</strong>" if span.is_bold else text
