"""Where on the page something can be looked up: addresses from its root, in one language."""

from collections.abc import Sequence
from urllib.parse import urlencode

from assistant.lookup.onward import Onward
from assistant.lookup.state import EVERYTHING, State, write_state

LOOKUP = "sla-opp"
DEADLINES, COMPARE = "frister", "sammenlign"


def list_address(language: str, state: State = EVERYTHING, *, by_deadline: bool = False) -> str:
    """The list of schemes, or of their deadlines, with what is searched for and chosen."""
    path = "/".join((language, LOOKUP, *((DEADLINES,) if by_deadline else ())))
    query = write_state(state)
    return f"{path}?{query}" if query else path


def scheme_address(language: str, doc_id: str) -> str:
    """The card of a scheme."""
    return f"{language}/{LOOKUP}/{bare_id(doc_id)}"


def compare_address(language: str, doc_ids: Sequence[str]) -> str:
    """Schemes side by side."""
    return f"{language}/{LOOKUP}/{COMPARE}?{urlencode([('id', bare_id(doc_id)) for doc_id in doc_ids])}"


def onward_address(language: str, onward: Onward) -> str:
    """Where an answer of the chat leads to."""
    match onward.doc_ids:
        case ():
            return list_address(language, onward.state, by_deadline=onward.by_deadline)
        case (doc_id,):
            return scheme_address(language, doc_id)
        case doc_ids:
            return compare_address(language, doc_ids)


def bare_id(doc_id: str) -> str:
    """The id of a scheme without its folder, as an address has it."""
    return doc_id.rpartition("/")[2]
