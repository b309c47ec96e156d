"""What is typed → the filters that stand in it ("i Telemark", "over 100 000", "hos Nav"), and the words left over."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from assistant.lists.remainder import Rest
from assistant.lists.schemes import take_amount
from assistant.lists.vocabulary import BEFORE_MANAGER, FORMS, STATES
from assistant.lists.window import take_window
from assistant.lookup.state import State
from index.analyse import words

_DEADLINE = re.compile(r"frist|deadline", re.I)
_ARTICLES = r"(?:(?:et|eit|en|ein|ei|a|an|the|alle|all|små|lokale) )?"
_FOR_FORM = rf"(?:for|til|som|er|to) {_ARTICLES}"
_KIND = r"(?: (?:kommune|fylke|municipality|county))?"


def read_typed(text: str, choices: Mapping[str, Sequence[str]], today: date) -> tuple[State, str]:
    """The filters that the text names, as a state of its own, and the rest of the text; the text itself without any.

    A word is taken for a filter only where it stands as one: "i Telemark" is a place, "Telemark" is searched for.
    """
    rest = Rest(text, "nb")
    if not text.strip():
        return State(), ""
    before = rest.text
    found = _take_figures(rest, today)
    found = replace(found, managers=_take_names(rest, choices["managers"], rf"(?:(?:{BEFORE_MANAGER}) )?", ""))
    found = replace(found, places=_take_names(rest, choices["places"], "(?:i|in) ", _KIND))
    forms = [form for group, pattern in FORMS.items() if rest.take(_FOR_FORM + rf"(?:{pattern})") for form in group]
    status = next((name for name, pattern in STATES.items() if rest.take(pattern)), None)
    found = replace(found, forms=tuple(dict.fromkeys(forms)), statuses=(status,) if status else ())
    if rest.text == before:
        return State(), text
    return found, " ".join(rest.left()) + (" " if text[-1:].isspace() else "")


def _take_figures(rest: Rest, today: date) -> State:
    """A last day, where deadlines are spoken of, and limits in kroner."""
    window = None
    if _DEADLINE.search(rest.text):
        kept = rest.text
        window = take_window(rest, today)
        if window and (window.end is None or window.start > today):  # a filter has no first day
            rest.text, window = kept, None
    amount = take_amount(rest)
    return State(
        due_before=window.end + timedelta(days=1) if window and window.end else None,
        least=(amount.least or None) if amount else None,
        most=amount.most if amount else None,
    )


def _take_names(rest: Rest, names: Sequence[str], before: str, after: str) -> tuple[str, ...]:
    """The first of the names that stands in the text after `before`, and those joined to it with and or or."""
    by_words = {" ".join(words(name)): name for name in sorted(names, key=len, reverse=True)}
    if not by_words:
        return ()
    name = rf"(?:{'|'.join(map(re.escape, by_words))})"
    taken = rest.take(rf"{before}{name}{after}(?: (?:og|eller|and|or) (?:{before})?{name}{after})*")
    found = re.findall(rf"\b{name}\b", taken[0]) if taken else []
    return tuple(dict.fromkeys(by_words[one] for one in found))
