"""«Kan vi få …?» → the conditions of that scheme, whole, each marked by what the asker has said; never a decision."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.compose import add_status, card_values
from assistant.eligibility.asking import asks_whether
from assistant.eligibility.conditions import Mark, Stated, admits, asks_age, judge, judge_applicants, kinds_of
from assistant.eligibility.stated import is_reply, read_form, read_turn
from assistant.evidence import Evidence, Sufficiency
from assistant.lists.schemes import find_form, find_place, holds_in
from assistant.named import asked_parts, name_parts, named_among
from assistant.texts import say
from assistant.types import NO_FILTERS, Draft, Filters, Query
from index.analyse import stem, words
from index.document import Document
from index.frontmatter import CardValue
from index.load import Index

_EXTRAS = {
    "beløp": re.compile(r"\b(?:hvor my\w+|kor mykj?e|how much|beløp\w*|hvor stor\w*)\b", re.I),
    "frister": re.compile(r"\b(?:frist\w*|deadline\w*|når må|when must)\b", re.I),
}
_SAME_FOR = re.compile(r"^\W*(?:og|men|enn|hva med|kva med|what about|and|but|hva hvis|kva om|og hvis|what if)\b", re.I)
_MAX_SAME_FOR = 9  # words of a turn that only asks the same for another form
_MAX_SEARCHED = 5  # documents found best that the scheme is looked for in


@dataclass(frozen=True)
class Assessment:
    """The marked conditions, and what stands below them: what we would need to know, and who decides.

    `heeded` is what was chosen and counts as said, since no turn says otherwise.
    """

    drafts: list[Draft]
    closing: str
    heeded: Filters


def assess(
    query: Query,
    turns: Sequence[str],
    evidence: Evidence,
    index: Index,
    today: date,
    chosen: Filters = NO_FILTERS,
) -> Assessment | None:
    """The conditions of the scheme that the asker wants to know if they can get; None where they ask no such thing.

    All of `turns`, the asker's own, count as what they have said; the last of them asks, or answers what we asked.
    A form and a place that are `chosen` count too, where no turn says another.
    """
    asking = [turn for turn in turns if asks_whether(turn)]
    if not asking:
        return None
    scheme = _find_scheme(asking[-1], evidence, index, None if turns[-1] == asking[-1] else query)
    if scheme is None:
        return None
    drafts = {field: card_values(scheme.doc_id, field, index) for field in ("hvem_kan_søke", "krav")}
    by_statement = {value.statement: value for value in scheme.card}
    applicants = [(by_statement[draft.statement], draft.text) for draft in drafts["hvem_kan_søke"] if draft.statement]
    requirements = [draft.text for draft in drafts["krav"]]
    stated, asked = _follow(turns, applicants, requirements, today.year, chosen.form or None)
    if asked is None or not (applicants or requirements):
        return None
    marks = judge_applicants(applicants, stated)
    marks += [judge(text, stated) for text in requirements]
    marked = [
        replace(draft, is_item=True, lead=say(query.language, f"mark_{mark}"))
        for draft, mark in zip(drafts["hvem_kan_søke"] + drafts["krav"], marks, strict=True)
    ]
    count = len(applicants)
    said = next(filter(None, (find_place(turn, index.catalog) for turn in reversed(turns))), "")
    heeded = Filters(form=chosen.form if stated.form == chosen.form else "", place="" if said else chosen.place)
    opening = _open(query.language, scheme, stated, applicants, marks, said, heeded)
    heading = [Draft(say(query.language, "requirements_open"))] if applicants and requirements else []
    answer = [*_closed(scheme, index), Draft(opening), *marked[:count], *heading, *marked[count:]]
    for field, pattern in _EXTRAS.items():
        values = card_values(scheme.doc_id, field, index) if pattern.search(turns[-1]) else []
        answer += [replace(draft, is_item=False) for draft in values]
    return Assessment(add_status(answer, index), _close(query.language, scheme, asked), heeded)


def _follow(
    turns: Sequence[str],
    applicants: Sequence[tuple[CardValue, str]],
    requirements: Sequence[str],
    this_year: int,
    form: str | None,
) -> tuple[Stated, list[str] | None]:
    """What all turns say, and what to ask now; None for the latter where the last turn is about something else."""
    stated = Stated(form)
    asked: list[str] | None = None
    for turn in turns:
        goes_on = asked is not None and (is_reply(turn) or _only_says(turn, this_year))
        stated = read_turn(stated, turn, asked or [], this_year)
        asked = _missing(stated, applicants, requirements) if asks_whether(turn) or goes_on else None
    return stated, asked


def _only_says(turn: str, this_year: int) -> bool:
    """Whether the turn tells something, or asks the same for another form: «og hva med en stiftelse?»."""
    if "?" not in turn:
        return read_turn(Stated(), turn, (), this_year) != Stated()
    return bool(_SAME_FOR.search(turn)) and len(words(turn)) <= _MAX_SAME_FOR and read_form(turn) is not None


def _missing(stated: Stated, applicants: Sequence[tuple[CardValue, str]], requirements: Sequence[str]) -> list[str]:
    """The facts to ask for: at most one that is no yes or no, so that a bare yes answers one question only."""
    listed = {form for value, _ in applicants for form in value.forms} - {"arbeidsgiver", "privatperson"}
    is_open = [text for text in requirements if judge(text, stated) is Mark.OPEN]
    ways_in = zip(applicants, judge_applicants(applicants, stated), strict=True)
    is_open += [text for (_, text), mark in ways_in if mark in (Mark.OPEN, Mark.NAMED)]
    if stated.form is not None and admits(applicants, stated.form) is Mark.FAILED:
        return []
    wanted: list[str] = []
    if stated.form is None and listed:
        wanted.append("form")
    elif "age" not in stated.numbers and any(asks_age(text) for text in is_open):
        wanted.append("age")
    kinds = [kind for text in is_open for kind in kinds_of(text) if kind.is_asked and kind.name not in stated.answers]
    settled = Counter(kind.name for text in is_open for kind in kinds if re.fullmatch(kind.whole, text))
    decides_most = Counter(kind.name for kind in kinds) + settled
    return wanted + [name for name, _ in decides_most.most_common(1)]


def _find_scheme(text: str, evidence: Evidence, index: Index, later: Query | None) -> Document | None:
    """The scheme that the question names, of those found best; else the one found first when we are sure of it.

    `later` is the query of a turn that only answers us: where it does not carry the question with it, what was found
    for it says nothing, and the scheme must be named.
    """
    found = [index.documents[hit.chunk.doc_id] for hit in evidence.documents[:_MAX_SEARCHED]]
    asked = asked_parts(text, index) - {stem(word) for word in words(text) if find_form(word)}
    names = named_among(asked, [document for document in index.catalog.documents if document.card], index)
    named = [document for document in found if document.doc_id in names]
    if later is not None and not named:
        named = [index.documents[doc_id] for doc_id in sorted(names)]
    if named:
        is_known = later is not None or evidence.sufficiency in (Sufficiency.KNOWN, Sufficiency.PARTLY)
        return named[0] if is_known and len(named) == 1 else None
    is_sure = evidence.sufficiency is Sufficiency.KNOWN and (later is None or later.is_follow_up)
    first = found[0] if found and is_sure else None
    return first if first and first.card and name_parts(" ".join((first.title, *first.keywords))) & asked else None


def _open(
    language: str,
    scheme: Document,
    stated: Stated,
    applicants: Sequence[tuple[CardValue, str]],
    marks: Sequence[Mark],
    said_place: str,
    heeded: Filters,
) -> str:
    """What the marks come to, as far as the card bears it out, and the line that opens the list."""
    said = []
    fit = admits(applicants, stated.form) if stated.form else Mark.OPEN
    if stated.form and fit is not Mark.OPEN:
        form = say(language, f"form_{stated.form.replace(' ', '_')}")
        said.append(say(language, f"form_{fit}", form=form))
    ways_in, requirements = marks[: len(applicants)], marks[len(applicants) :]
    is_barred = Mark.FAILED in ways_in and set(ways_in) <= {Mark.FAILED, Mark.OTHERS}
    if fit is not Mark.FAILED and (is_barred or Mark.FAILED in requirements):
        said.append(say(language, "eligibility_failed"))
    place = said_place or heeded.place
    if place and not holds_in(scheme, place):
        key = "eligibility_place" if said_place else "eligibility_place_chosen"
        said.append(say(language, key, places=", ".join(scheme.places), place=place))
    key = "eligibility_opening_chosen" if heeded.form else "eligibility_opening"
    text = " ".join((*said, say(language, key, title=scheme.title)))
    return text[0].upper() + text[1:]


def _closed(scheme: Document, index: Index) -> list[Draft]:
    """A scheme that is closed says so before anything else."""
    is_closed = any(value.status == "stengt" for value in scheme.card)
    return [replace(draft, is_item=False) for draft in card_values(scheme.doc_id, "status", index)] if is_closed else []


_ADMINISTERS = re.compile(
    r"(?P<who>[A-ZÆØÅ](?:[^,.;]|(?<=-),)*?) (?:forvalter|forvaltet|avgjør|vurderer|behandler|deler(?: selv)? ut"
    r"|godkjenner|lyser ut|kjøper|innvilger)\b"
)
_NO_NAME = re.compile(
    r"(?:Kommune|Fylkeskommune|Sekretariat)(?:n|ne|et)\b"
)  # a capital only where it opens the sentence
_ABOUT_MONEY = re.compile(r"\b(?:betales|bevilges|finansieres)\b")


def _close(language: str, scheme: Document, asked: Sequence[str]) -> str:
    """What to tell us for a better answer, and that only the one who administers the scheme decides."""
    questions = " ".join(say(language, f"ask_{name}") for name in asked)
    more = [say(language, "eligibility_tell", questions=questions)] if questions else []
    who = _administrator(scheme)
    decides = say(language, "eligibility_decides", who=who or say(language, "the_administrator"))
    return "\n\n".join((*more, decides))


def _administrator(scheme: Document) -> str | None:
    """The one organisation that the card says administers the scheme; None where it names several or none."""
    said = [scheme.text[v.statement.start : v.statement.end] for v in scheme.card if v.field == "forvalter"]
    found = [_ADMINISTERS.match(text) for text in said if not _ABOUT_MONEY.search(text)]
    names = {match["who"] if match else None for match in found}
    name = names.pop() if len(names) == 1 else None
    return name[0].lower() + name[1:] if name and _NO_NAME.match(name) else name
