"""A question → the list that it asks for: of what, narrowed to what; most questions ask for none."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from datetime import date

from assistant.lists.chosen import read_chosen
from assistant.lists.remainder import Rest
from assistant.lists.schemes import Condition, read_filter, read_scheme_filter
from assistant.types import Filters, Query
from index.catalog import Catalog
from index.document import Document

_SOME = r"(?:noen |nokon |nokre |noe |noko |any |some |the |en |ei |a |alle |all )?"
_OTHER = (
    r"(?:(?:andre|ulike|forskjellige|slags|typer|type|aktuelle|mulige|moglege|relevante|åpne|opne|stengte|kommende"
    r"|komande|løpende|neste|noen|nokre|nav|bufdir|eu|eøs|of|the|other|different|open|closed"
    r"|upcoming|rolling|kinds?|types?"
    r"|sorts?|økonomisk|økonomiske|available) )*"
)
_ASKS = (
    r"(?:hvilke|hvilken|kva for(?: nokre| ein| ei)?|kva slags|hva slags|kva|hva|alle|samtlige|which|what|all"
    r"|(?:(?:kan du |can you )?(?:list|vis|gi|lag|show|give)(?: opp| up| meg| oss| me| us)*(?: en| ei| a| an)? )?"
    r"(?:(?:liste|lista|oversikt|oversikten|list|overview) (?:over|på|med|of))"
    r"|(?:kan du |can you )?(?:list|liste|ramse|rams|nevn|nevne)(?: opp| up)?(?: alle| all)?"
    r"|vis(?: meg| oss)?|show(?: me| us)?)"
)
_IS_THERE = r"(?:finnes det|finst det|fins det|er det|har (?:dere|de|dykk|guiden)|are there|is there|do you have)"

# What is listed: the class of documents, and its name in the plural (or as a mass) as people say it.
_SCHEME = (
    r"(?P<first>[a-zæøå]{3,}?)?(?P<noun>tilskudd(?:ene|a|sordning\w*)?|tilskot(?:a|ene)?|tilskotsordning\w*"
    r"|(?:støtte|stønads|finansierings)?ordning(?:er|ar|ene|ane)|stønad(?:er|ar|ene|ane)?|støtte|finansiering"
    r"|midler|midlar|penger|pengar|lån|virkemidler|verkemiddel"
    r"|(?:støtte|finansierings)(?:muligheter|moglegheiter|kilder|kjelder)"
    r"|grants?|(?:funding|support) (?:options|opportunities|sources)"
    r"|schemes?|funding|subsid(?:y|ies)|loans?|funds|(?:financial )?support)"
)
_DEADLINE = r"(?:søknads|søknad|søkje|søke)?frist(?:er|ene|ar|ane)|(?:(?:application|grant|funding) )?deadlines"
_STORY = (
    r"(?:\w+)?histori(?:er|ene|ar|ane)|eksempel|eksempl(?:er|ene|a)|døme|fortelling(?:er|ene)|forteljing(?:ar|ane)"
    r"|stories|examples|case studies"
)
_TEMPLATE = r"(?P<first>[a-zæøå]{3,}?)?(?P<noun>mal(?:er|ene|ar|ane)|templates|sjekklister|sjekklistene|checklists)"
_ACTOR = r"aktør(?:er|ene|ar|ane)|hjelpere|hjelparar|støttespillere|støttespelarar|helpers|actors"
_MASS = ("støtte", "finansiering", "midler", "midlar", "penger", "pengar", "funding", "support", "financial support")
_WHAT_FIRST = ("lån", "loan", "loans")  # a noun that says what it is about by itself
_NO_THEME = ("virke", "verke", "støtte", "stønads", "tilskudds", "tilskots", "økonomi", "nav", "enkelt", "hoved")
_BARE = r"(?= (?:til|for|om|fra|frå|hos|hjå|i|med|innen|to|from|in|about|framover|fremover)\b)"

# Ways to ask for schemes without naming them: these count only with something that narrows the list.
_MONEY = r"(?:penger|pengar|midler|midlar|tilskudd|tilskot|støtte|stønad|funding|grants?|money)"
_WHAT_TO_APPLY_FOR = (
    r"^(?:(?:hva|kva|what) (?:kan|can)\b(?=.*\b(?:søke|søkje|apply)\b)"
    rf"|(?:hvor|kor|kvar|where) (?:kan|can)\b(?=.*\b{_MONEY}\b)"
    rf"|(?:hvem|kven|who) (?:kan gi|can give|gir|gjev|gives?|funds?|offers?)\b(?=.*\b{_MONEY}\b))"
)
_HELPS = r"(?:kan |can )(?:hjelpe|hjelpa|rettleie|veilede|help|støtte)"
_WHO_HELPS = (
    rf"^(?:hvem|kven|who|(?:hvilke|kva|which) (?:aktørar|organisasjon(?:er|ar)|organi[sz]ations)) {_HELPS}"
    rf"|^(?:hvem|kven|who)(?= (?:i|in) .* {_HELPS})"
)

# What must narrow a list that is not surely asked for, of what is chosen: half the guide is for any phase.
_MAKES_LIST = ("place", "form")
_ONE = 1  # a theme that only one document has is a question about that document


@dataclass(frozen=True)
class Asked:
    """A question for a list: of which class, narrowed to what, in order of deadline or not, and how surely.

    `useless` are chosen filters that can't narrow it.
    """

    doc_class: str
    conditions: tuple[Condition, ...]
    by_deadline: bool
    is_sure: bool
    useless: tuple[str, ...] = ()


def read_list(query: Query, catalog: Catalog, today: date) -> Asked | None:
    """The list that the question asks for; None where it asks for none, or for more than the documents can say.

    The filters of the query narrow it too.
    """
    readers: tuple[Callable[[Rest], tuple[str, bool] | None], ...] = (
        _head_of_deadlines, _head_of_stories, _head_of_templates, _head_of_actors, _head_of_schemes, _head_without_name,
    )  # fmt: skip
    whole = Rest(query.text, query.language)
    for read in readers:
        rest = copy(whole)
        head = read(rest)
        if head is None:
            continue
        doc_class, is_sure = head
        is_scheme = doc_class == "regel"
        conditions = read_scheme_filter(rest, catalog, today) if is_scheme else read_filter(rest, catalog, doc_class)
        if conditions is None:
            return None
        by_deadline = read is _head_of_deadlines or any(c.kind == "deadline" for c in conditions)
        asked = Asked(doc_class, tuple(conditions), by_deadline, is_sure)
        return _narrow(asked, query.filters, catalog)
    return None


def _narrow(asked: Asked, chosen: Filters, catalog: Catalog) -> Asked | None:
    """The list narrowed to what is chosen; None where it is none, but for a place or a form that may make it one."""
    added = read_chosen(chosen, asked.doc_class, {condition.kind for condition in asked.conditions}, catalog)
    narrowed = replace(asked, conditions=(*asked.conditions, *added.conditions), useless=added.useless)
    is_made = not asked.conditions and any(condition.kind in _MAKES_LIST for condition in added.conditions)
    return narrowed if _is_list(asked, catalog) or (is_made and _is_list(narrowed, catalog)) else None


def _is_list(asked: Asked, catalog: Catalog) -> bool:
    """Whether a list answers: not one that nothing narrows but is not asked for whole, nor of one matter alone.

    A word that is no known theme may only be read as one where it finds something.
    """
    if not asked.conditions:
        return asked.is_sure
    count, kinds = len(fitting(asked, catalog)), {condition.kind for condition in asked.conditions}
    if "words" in kinds and not count:
        return False
    if kinds <= {"theme", "words"} and count <= _ONE:
        return False
    return asked.is_sure or count > _ONE


def _head_of_deadlines(rest: Rest) -> tuple[str, bool] | None:
    when = r"(?:når|nå|when|hva|kva|what) (?:er|går|are)(?: de| dei| the)?"
    if rest.take(rf"(?:{_ASKS}|{when}|{_IS_THERE}) {_OTHER}{_SOME}{_OTHER}(?:{_DEADLINE})") or rest.take(
        rf"^{_OTHER}(?:{_DEADLINE})(?=$| )"
    ):
        rest.take(r"(?:må|bør) (?:vi|jeg|eg|me) (?:huske|hugse|passe på|vite om)|(?:should|must) we remember")
        return "regel", True
    return None


def _head_of_stories(rest: Rest) -> tuple[str, bool] | None:
    if rest.take(rf"(?:{_ASKS}) {_OTHER}{_SOME}(?:{_STORY})"):
        return "historie", True
    if rest.take(rf"(?:{_ASKS}) {_OTHER}(?:sosiale entreprenør(?:er|ar)|social (?:entrepreneurs|enterprises))"):
        return "historie", False
    if rest.take(rf"(?:{_IS_THERE}) {_OTHER}{_SOME}(?:{_STORY})") or rest.take(
        rf"^(?:{_STORY})(?:(?= (?:på|of)\b)|{_BARE})"
    ):
        return "historie", False
    return None


def _head_of_templates(rest: Rest) -> tuple[str, bool] | None:
    found = rest.take(rf"(?:{_ASKS}|{_IS_THERE}) {_OTHER}{_SOME}(?:{_TEMPLATE})") or rest.take(rf"^{_TEMPLATE}{_BARE}")
    if found is None:
        return None
    if found["first"]:
        rest.add(f"om {found['first']}")
    elif found["noun"].startswith(("sjekk", "check")):
        rest.add("om sjekkliste")
    return "mal", True


def _head_of_actors(rest: Rest) -> tuple[str, bool] | None:
    if rest.take(rf"(?:{_ASKS}|{_IS_THERE}) {_OTHER}{_SOME}(?:{_ACTOR})"):
        rest.take(r"som (?:kan )?(?:hjelpe|hjelper|hjelpa|støtte|støtter)|(?:who|that) (?:can )?helps?")
        return "aktør", True
    if rest.take(_WHO_HELPS):
        return "aktør", False
    return None


def _head_of_schemes(rest: Rest) -> tuple[str, bool] | None:
    found = rest.take(rf"(?:{_ASKS}) (?P<other>{_OTHER}){_SOME}{_SCHEME}")
    is_sure = found is not None and not (found["noun"] in _MASS and not found["first"])
    found = found or rest.take(rf"(?:{_IS_THERE}) (?P<other>{_OTHER}){_SOME}{_SCHEME}")
    found = found or rest.take(rf"^(?P<other>){_SCHEME}{_BARE}")
    if found is None:
        return None
    rest.add(found["other"])
    if found["first"] and found["first"] not in _NO_THEME:
        rest.add(f"til {found['first']}{found['noun']}")
    elif found["noun"] in _WHAT_FIRST:
        rest.add(f"til {found['noun']}")
    return "regel", is_sure


def _head_without_name(rest: Rest) -> tuple[str, bool] | None:
    return ("regel", False) if rest.take(_WHAT_TO_APPLY_FOR) else None


def fitting(asked: Asked, catalog: Catalog) -> list[Document]:
    """Every document of the class that fulfils all conditions, by title."""
    return [
        document
        for document in sorted(catalog.documents, key=lambda d: (d.title, d.doc_id))
        if document.doc_class == asked.doc_class and all(c.shows(document) is not None for c in asked.conditions)
    ]
