"""Is every figure, date, name, condition and word of a sentence in the words it cites, in the same sense?

The steps: `patterns` and `lexicon` know how things are written, `facts` reads a sentence as tokens, `presence` asks
whether they stand in the quote, `binding` whether they belong together there as they do in the sentence.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.checks.binding import keeps_order, keeps_values_apart, steers_alike
from assistant.checks.facts import read_facts
from assistant.checks.lexicon import is_english
from assistant.checks.presence import has_names, has_values, has_words
from assistant.types import Draft
from index.statements import plain

MARK = re.compile(r"\s*\[\d+(?:\s*[,–-]\s*\d+)*\]")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\w+|\b[\w-]+\.(?:no|com|org|net|eu)\b|\]\(")


def verify(drafts: Sequence[Draft]) -> tuple[list[Draft], int]:
    """The sentences that their quotes bear out, and how many were taken out; an opening line needs a line below it."""
    kept = [draft for draft in drafts if draft.opens or is_supported(draft.text, quote_of(draft))]
    lines = [d for i, d in enumerate(kept) if not d.opens or (i + 1 < len(kept) and kept[i + 1].is_item)]
    return lines, len(drafts) - len(lines)


def quote_of(draft: Draft) -> str:
    """The words that a draft cites, exactly as they stand in the document; empty for an opening line."""
    if draft.passage is None or draft.statement is None:
        return ""
    return draft.passage.document.text[draft.statement.start : draft.statement.end]


@lru_cache(maxsize=4096)
def is_supported(sentence: str, quote: str) -> bool:
    """Whether the quote says what the sentence says, in bokmål, nynorsk or English.

    Every date, section, figure (with unit and limit), name and form of organisation must stand in the quote, with the
    same words; what negates, limits or conditions it must be the same; and nearly every other word must be there.
    """
    said_text, quote_text = plain(MARK.sub("", sentence)), plain(quote)
    if any(address not in quote for address in _ADDRESS.findall(MARK.sub("", sentence))):
        return False
    if said_text == quote_text:
        return True
    english = is_english(said_text)
    said, stands = read_facts(said_text), read_facts(quote_text)
    return (
        has_values(said, stands, english)
        and has_names(said, stands)
        and has_words(said, stands, english)
        and keeps_order(said, stands)
        and keeps_values_apart(said, stands)
        and steers_alike(said, stands, english)
    )
