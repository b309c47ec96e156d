"""What crosses from comparing two versions to whoever tells of it: one record per change."""

from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """What a change is about, the most important first."""

    DOCUMENT = 1  # a whole document came, went, or has another id
    FIGURE = 2  # an amount, a date, a share, a deadline
    CONDITION = 3  # who may, what must, what is not covered
    SOURCE = 4  # where a fact comes from, and for which period it is known
    UPKEEP = 5  # when the document holds and is read again, and by whom
    WORDING = 6  # sentences, headings and titles that say the same in other words
    QUESTIONS = 7  # how people ask, and what the guide does not answer
    FINDING = 8  # keywords, audience, terms: what helps to find the document
    LAYOUT = 9  # what no reader notices: spaces, links, order


SECTION, MOVED = "del", "plass"  # what an edit is about: a heading with all under it, and where a sentence stands


@dataclass(frozen=True)
class Edit:
    """One thing that was `before` and is `after`; `what` names it, empty for the text itself."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One change, told in one line; `place` is a document's id or the file of a register.

    `part` is the field, or the heading in «»; empty for the whole. `edits` are what is other in the one thing that
    `within` quotes (empty where `part` says it all); `added` and `removed` are whole texts that came or went, and
    `num_sentences` is how many rest on a source.
    """

    kind: Kind
    place: str
    part: str
    edits: tuple[Edit, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    within: str = ""
    num_sentences: int = 0
