"""Blocks → text without any markup, for a case file, an e-mail or a message."""

from collections.abc import Sequence

from assistant.export.blocks import Block, Heading, Item, Paragraph, Spans, Table

_INDENT = "  "


def write_plain(blocks: Sequence[Block]) -> str:
    """The blocks with a blank line between them, save for the items of a list; a table as its rows, each a list."""
    text = ""
    before: Block | None = None
    for block in blocks:
        if before is not None:
            text += "\n" if isinstance(block, Item) and _leads(before) else "\n\n"
        text += _write(block)
        before = block
    return text


def _leads(before: Block) -> bool:
    """Whether a list goes on from it: another item, or the line that opens the list."""
    return (isinstance(before, Item) and not before.is_source) or (
        isinstance(before, Paragraph) and _words(before.spans).endswith(":")
    )


def _write(block: Block) -> str:
    match block:
        case Heading(spans=spans) | Paragraph(spans=spans):
            return _words(spans)
        case Item(spans=spans):
            sign = f"{block.number}." if block.number else "•"
            indent = _INDENT * block.level
            return f"{indent}{sign} {_words(spans)}".replace("\n", f"\n{indent}{_INDENT}")
        case Table(rows=rows):
            return "\n\n".join(_write_row(rows[0], row) for row in rows[1:])


def _write_row(heads: Sequence[Spans], row: Sequence[Spans]) -> str:
    lines = [_words(row[0])]
    lines += [f"• {_words(head)}: {_words(cell)}" for head, cell in zip(heads[1:], row[1:], strict=False)]
    return "\n".join(lines)


def _words(spans: Spans) -> str:
    return "".join(span.text for span in spans)
