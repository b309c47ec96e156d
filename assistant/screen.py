"""What a person typed → text that may be searched: no personal data, no invisible characters, not too long."""

import re
import unicodedata
from dataclasses import dataclass

from index.personal import find_personal

MAX_CHARS = 2_000
_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class Screened:
    """The text without what must not travel further; `found` names the kinds that were taken out."""

    text: str
    found: tuple[str, ...]
    is_empty: bool
    is_too_long: bool


def screen(text: str) -> Screened:
    """The question, cleaned. Organisation numbers, amounts and dates stay."""
    if len(text) > MAX_CHARS:
        return Screened("", (), is_empty=False, is_too_long=True)
    clean = "".join(c for c in unicodedata.normalize("NFC", text) if c in "\n\t" or unicodedata.category(c)[0] != "C")
    finds = list(find_personal(clean))
    kept = "".join(c for place, c in enumerate(clean) if not any(start <= place < end for _, start, end in finds))
    shown = " ".join(kept.split())
    kinds = tuple(dict.fromkeys(kind for kind, _, _ in finds))
    return Screened(shown, kinds, is_empty=not _WORD.search(shown), is_too_long=False)
