"""Drafts → Markdown: a number after each sentence, lists and tables as such."""

from collections.abc import Sequence
from itertools import groupby

from assistant.types import Draft


def render(drafts: Sequence[Draft]) -> tuple[str, list[Draft]]:
    """The text with `[n]` after each sentence, lists and tables as such, and the quoted drafts in order of number."""
    parts: list[str] = []
    cited: list[Draft] = []
    was_item = False
    for is_table, group in groupby(drafts, key=lambda draft: bool(draft.column)):
        if is_table:
            parts.append(f"\n\n{_table(list(group), cited)}")
            was_item = True
            continue
        for draft in group:
            sentence = _marked(draft, cited)
            if draft.is_item:
                lead = f"**{draft.lead}:** " if draft.lead else ""
                parts.append(f"\n- {lead}{sentence}")
            elif draft.opens or was_item:
                parts.append(f"\n\n{sentence}")
            else:
                parts.append(f" {sentence}")
            was_item = draft.is_item
    return "".join(parts).strip(), cited


def _marked(draft: Draft, cited: list[Draft]) -> str:
    """The sentence with the number of its quote, which joins `cited` when it is new."""
    if draft.opens:
        return draft.text
    numbers = [n for n, other in enumerate(cited, 1) if _place_of_quote(other) == _place_of_quote(draft)]
    if not numbers:
        cited.append(draft)
    return f"{draft.text} [{numbers[0] if numbers else len(cited)}]"


def _place_of_quote(draft: Draft) -> tuple[str, int] | None:
    """Where the quote stands; the same words of two documents are two quotes."""
    if draft.passage is None or draft.statement is None:
        return None
    return draft.passage.document.doc_id, draft.statement.start


def _table(cells: Sequence[Draft], cited: list[Draft]) -> str:
    """The cells as a Markdown table, columns and rows in the order they come in; those that quote nothing are heads."""
    columns = list(dict.fromkeys(cell.column for cell in cells))
    rows: dict[str, dict[str, list[str]]] = {}
    for cell in (cell for cell in cells if not cell.opens):
        said = _marked(cell, cited).replace("|", "\\|")
        rows.setdefault(cell.row, {}).setdefault(cell.column, []).append(said)
    lines = [["", *columns], ["---"] * (len(columns) + 1)]
    lines += [[row, *(" ".join(said.get(column, ["–"])) for column in columns)] for row, said in rows.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
