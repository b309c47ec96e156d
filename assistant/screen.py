"""What a person typed → text that may be searched: no personal data, no invisible characters, not too long."""

import re
import unicodedata
from dataclasses import dataclass

from index.personal import find_personal

MAX_CHARS = 2_000
_WORD = re.compile(r"\w")
# What shows nothing and is no control character: variation selectors, joiners and fillers.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


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
    clean = take_unseen(text)
    finds = list(find_personal(clean))
    kept = "".join(c for place, c in enumerate(clean) if not any(start <= place < end for _, start, end in finds))
    kept = " ".join(kept.split())
    kinds = tuple(dict.fromkeys(kind for kind, _, _ in finds))
    return Screened(kept, kinds, is_empty=not _WORD.search(kept), is_too_long=False)


def take_unseen(text: str) -> str:
    """The text in composed form (NFC), without characters that show nothing."""
    shown = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    return "".join(c for c in shown if c in "\n\t" or unicodedata.category(c)[0] != "C")
