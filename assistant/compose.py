"""Evidence → the sentences of an answer that reads as one, without a language model: pick, order, join."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.conversation.names import short_title
from assistant.evidence import Evidence, Sufficiency
from assistant.sentences import (
    Candidate,
    asked_for,
    find_sentences,
    is_advice,
    is_step,
    says_unknown,
)
from assistant.texts import say
from assistant.told import as_drafts
from assistant.types import Draft, Intent, Query
from index.analyse import stems
from index.embed import Embedder
from index.frontmatter import CARD_FIELDS, UNKNOWN_VALUE
from index.load import Index
from index.statements import plain

MAX_WORDS = 95  # of running text; a list is never cut
# An answer goes on until the chance that it has the sentence asked for is this high: sure answers are short.
_ENOUGH = 0.95
_MIN_CHANCE = 0.013  # of a sentence that may be added
_MAX_HELP = 6  # sentences beside the one that answers best, or its list
_SAME_QUESTION = 0.6  # share of a question's weight that another must have for its yes or no to answer both
_MAX_NEAREST = 4  # sentences of an uncertain answer
_SAME = 0.65  # share of the shorter sentence's stems from which two sentences say the same
_LEADS = 2.0  # times as likely as the best sentence that can open an answer another must be to do so nevertheless
_UNKNOWN_LEADS = 20.0  # the same for one that only says that something is not known
_LIST_CHANCE = 0.1  # of all sentences of a list together, from which it leads when a list is wanted
_MIN_LIST = 2  # items
_ANSWERS = 0.3  # chance from which a sentence is put before the conditions that a card lists
_BEHIND = 0.2  # of the best section, that the one with the steps or the field asked for may be to lead nevertheless
# A list answers as a whole when its sentences are this likely together, and none of them more than a part of that.
_LIKELY_LIST, _ONE_ITEM = 0.7, 0.5
# The fields of a scheme's card that answer a kind of question together, first things first.
_FIELDS = {
    Intent.WHO_CAN_APPLY: ("hvem_kan_søke", "krav"),
    Intent.REQUIREMENTS: ("krav", "hvem_kan_søke"),
}
_LIST_INTENTS = (Intent.LIST, Intent.STEPS, Intent.REQUIREMENTS, Intent.APPLICATION)
# A sentence that leans on the one before it in its document, so that it can't open an answer.
_LEANS = re.compile(
    r"(?:andre|også|det samme|slike?|et slikt|en slik|dette|denne|disse|derfor|dermed|likevel|da|deretter|altså|men|her"
    r"|unntaket|kravet|beløpet|regelen|loven|eldre)\b",
    re.I,
)
_ANSWERS_ITSELF = ("Ja, ", "Ja. ", "Nei, ", "Nei. ")  # such a sentence answers its heading, and can't stand elsewhere
Place = tuple[str, tuple[str, ...]]


def compose(query: Query, evidence: Evidence, index: Index, embedder: Embedder) -> list[Draft]:
    """The answer's sentences in order, each with the statement it quotes; empty where no sentence serves."""
    found = _find_fitting(query, evidence, index, embedder)
    if not found:
        return []
    is_sure = evidence.sufficiency is not Sufficiency.PARTLY
    chosen = _write(query, found, index) if is_sure else _nearest(found)
    return add_status(chosen, index)


def put_answer_first(
    drafts: Sequence[Draft], query: Query, evidence: Evidence, index: Index, embedder: Embedder
) -> list[Draft]:
    """What a card gives for a question, after the sentence that answers it, where one of the same document does."""
    own = {draft.passage.document.doc_id for draft in drafts if draft.passage}
    quoted = {draft.statement for draft in drafts}
    best = next(iter(_find_fitting(query, evidence, index, embedder)), None)
    if best is None or best.chance < _ANSWERS or not _can_open(best.draft, query) or best.draft.statement in quoted:
        return list(drafts)
    if best.draft.passage is None or best.draft.passage.document.doc_id not in own:
        return list(drafts)
    return [Draft(best.draft.text, best.draft.passage, best.draft.statement), *drafts]


def _find_fitting(query: Query, evidence: Evidence, index: Index, embedder: Embedder) -> list[Candidate]:
    """The sentences that may serve, likeliest first, without a yes or no to another question."""
    found = find_sentences(query, evidence.hits, index, embedder)
    return [candidate for candidate in found if _fits_question(candidate.draft, query, index)]


def _fits_question(draft: Draft, query: Query, index: Index) -> bool:
    """Whether a sentence that says yes or no says it to this question: its heading must be much the same one."""
    if not draft.text.startswith(_ANSWERS_ITSELF) or draft.passage is None:
        return True
    asked = (draft.passage.chunk.heading_path[-1], *asked_for(draft))
    return float(index.keyword.coverage(query.text, asked).max()) >= _SAME_QUESTION


def _nearest(found: Sequence[Candidate]) -> list[Draft]:
    """Not sure of the topic: the sentences that fit best, as a list."""
    chosen: list[Draft] = []
    for candidate in found:
        if len(chosen) < _MAX_NEAREST and not _is_said(candidate.draft, chosen):
            chosen.append(_as_item(candidate.draft))
    return chosen


def _from_card(query: Query, lead: Draft, index: Index) -> list[Draft]:
    """The whole of the card's field that leads, what was asked for first; of who can apply and must what, both."""
    if lead.passage is None:
        return []
    doc_id, section = lead.passage.document.doc_id, lead.passage.chunk.section
    fields = _FIELDS.get(query.intent, ())
    if section not in fields:
        return sorted(card_values(doc_id, section, index), key=lambda d: d.statement != lead.statement)
    chosen: list[Draft] = []
    for field in fields:
        values = card_values(doc_id, field, index)
        if field == "krav" and len(values) > 1:
            chosen.append(Draft(say(query.language, "requirements_open")))
        chosen += values
    return chosen


def card_values(doc_id: str, field: str, index: Index) -> list[Draft]:
    """The whole of a field of a card: one value as a sentence, several as a list."""
    chunks = [c for c in index.chunks_of[doc_id] if c.section == field]
    values = [draft for draft in as_drafts(chunks, index.documents) if draft.text != UNKNOWN_VALUE]
    return [_as_item(draft) for draft in values] if len(values) > 1 else values


def _write(query: Query, found: Sequence[Candidate], index: Index) -> list[Draft]:
    """The sentence that answers best, or the list it stands in, then what else serves, likeliest first."""
    lead = _choose_lead(query, found)
    drafts = [candidate.draft for candidate in found]
    if lead.draft.passage and lead.draft.passage.chunk.section in CARD_FIELDS:
        chosen = _from_card(query, lead.draft, index)
        if lead.draft.passage.chunk.section == query.intent:
            return chosen  # the card's own answer to just this
    elif lead.draft.is_item and (_wants_list(query) or _asks_for_all(lead, found)):
        chosen = _whole_list(lead.draft, drafts)
    else:
        chosen = [Draft(lead.draft.text, lead.draft.passage, lead.draft.statement)]
    enough = 1.0 if _wants_list(query) and len(chosen) == 1 else _ENOUGH  # one sentence is no list
    return [*chosen, *_lay_out(_add_help(chosen, lead, found, enough), lead.draft, query.language)]


def _lay_out(added: Sequence[Draft], lead: Draft, language: str) -> list[Draft]:
    """What stands beside the sentence that leads goes on from it; what comes from elsewhere is a list of its own."""
    beside = [draft for draft in added if _place(draft) == _place(lead)]
    elsewhere = [draft for draft in added if _place(draft) != _place(lead)]
    if len(elsewhere) < _MIN_LIST:
        return [*beside, *elsewhere]
    return [*beside, Draft(say(language, "also_open")), *(_name_topic(_as_item(draft)) for draft in elsewhere)]


def _name_topic(draft: Draft) -> Draft:
    """The item under the name of its document, where it leans on what stands before it there and does not say it."""
    title = short_title(draft.passage.document.title) if draft.passage else ""
    is_clear = not _LEANS.match(draft.text) or set(stems(title)) & set(stems(draft.text))
    return draft if is_clear else replace(draft, lead=title)


def _wants_list(query: Query) -> bool:
    return query.wants_list or query.intent in _LIST_INTENTS


def _choose_lead(query: Query, found: Sequence[Candidate]) -> Candidate:
    """The likeliest sentence, a rule before advice; for a list, an item of the one that is likeliest as a whole."""
    if meant := [c for c in found if c.behind <= _BEHIND and _is_meant(c.draft, query)]:
        return min(meant, key=lambda c: (c.behind, -c.chance))
    if _wants_list(query):
        items = [
            c
            for c in found
            if c.draft.is_item and _size(found, _place(c.draft)) >= _MIN_LIST and _is_rule(c.draft, query)
        ]
        best = max(items, key=lambda c: _chance_of(found, _place(c.draft)), default=None)
        enough = _LIST_CHANCE if query.wants_list else found[0].chance
        if best and _chance_of(found, _place(best.draft)) >= enough:
            return best
    opener = next((candidate for candidate in found if _can_open(candidate.draft, query)), found[0])
    reach = _UNKNOWN_LEADS if says_unknown(found[0].draft) else _LEADS
    return opener if opener.chance * reach >= found[0].chance else found[0]


def _can_open(draft: Draft, query: Query) -> bool:
    """Whether the sentence can come first: not advice, a story, something unknown, or one that leans on another."""
    return not (is_advice(draft) or says_unknown(draft) or _LEANS.match(draft.text)) and _is_rule(draft, query)


def _is_meant(draft: Draft, query: Query) -> bool:
    """Whether the sentence is a step where steps are asked for, or of the card's field for what is asked."""
    if query.intent in (Intent.STEPS, Intent.APPLICATION) and is_step(draft):
        return _is_rule(draft, query)
    return draft.passage is not None and draft.passage.chunk.section in _FIELDS.get(query.intent, ())


def _is_rule(draft: Draft, query: Query) -> bool:
    """Whether the sentence may speak for others: a story only tells what some did, unless that is asked for."""
    is_story = draft.passage is not None and draft.passage.document.doc_class == "historie"
    return not is_story or query.intent is Intent.STORY


def _chance_of(found: Sequence[Candidate], place: Place | None) -> float:
    return sum(candidate.chance for candidate in found if _place(candidate.draft) == place)


def _size(found: Sequence[Candidate], place: Place | None) -> int:
    return sum(candidate.draft.is_item and _place(candidate.draft) == place for candidate in found)


def _asks_for_all(lead: Candidate, found: Sequence[Candidate]) -> bool:
    """Whether the list that leads is likely as a whole, and none of its items alone."""
    together = _chance_of(found, _place(lead.draft))
    return together >= _LIKELY_LIST and lead.chance < _ONE_ITEM * together


def _add_help(chosen: Sequence[Draft], lead: Candidate, found: Sequence[Candidate], enough: float) -> list[Draft]:
    """Other sentences, likeliest first, until the answer has what was asked for well enough or is long enough.

    Those of the section that leads come first, in the order they stand in; advice comes last.
    """
    words = sum(len(d.text.split()) for d in chosen)
    quoted = {d.statement for d in chosen}
    sure = sum(c.chance for c in found if c.draft.statement in quoted)
    added: list[Draft] = []
    for candidate in found:
        draft = candidate.draft
        if sure >= enough or candidate.chance < _MIN_CHANCE or len(added) == _MAX_HELP:
            break
        if draft.statement in quoted or _is_said(draft, [*chosen, *added]):
            continue
        if words + len(draft.text.split()) <= MAX_WORDS:
            added.append(Draft(draft.text, draft.passage, draft.statement))
            words += len(draft.text.split())
            sure += candidate.chance
    first = [_place(lead.draft), *(_place(draft) for draft in added)]
    added.sort(key=lambda d: (is_advice(d), first.index(_place(d)), d.statement.start if d.statement else 0))
    return added


def _whole_list(item: Draft, drafts: Sequence[Draft]) -> list[Draft]:
    """Every item of the list that `item` stands in, under the line that opens it where there is one.

    A long list may be split over several chunks; they share the heading.
    """
    place = _place(item)
    items = [d for d in drafts if d.is_item and _place(d) == place]
    items.sort(key=lambda d: d.statement.start if d.statement else 0)
    opening = _opening_line(items[0])
    return [Draft(opening), *items] if opening else items


def _place(draft: Draft) -> Place | None:
    chunk = draft.passage.chunk if draft.passage else None
    return (chunk.doc_id, chunk.heading_path) if chunk else None


def _opening_line(first: Draft) -> str:
    """The line ending in a colon right above a list, or the section's own heading."""
    if first.passage is None or first.statement is None:
        return ""
    lines = first.passage.document.text[: first.statement.start].rstrip(" -*0123456789.\n").rsplit("\n", 1)
    if lines[-1].endswith(":"):
        return plain(lines[-1])
    return f"{first.passage.chunk.heading_path[-1].rstrip('?:. ')}:"


def add_status(chosen: list[Draft], index: Index) -> list[Draft]:
    """A quoted scheme that is closed, or not known to be open, says so in every answer."""
    quoted = dict.fromkeys(draft.passage.document.doc_id for draft in chosen if draft.passage)
    added = []
    for document in (index.documents[doc_id] for doc_id in quoted):
        states = {value.status for value in document.card if value.status}
        if states & {"ukjent", "stengt"}:
            status = [c for c in index.chunks_of[document.doc_id] if c.section == "status"]
            added += [d for d in as_drafts(status, index.documents) if all(d.text != other.text for other in chosen)]
    return [*chosen, *added]


def _is_said(draft: Draft, chosen: Sequence[Draft]) -> bool:
    words = set(stems(draft.text))
    return any(
        len(words & other) >= _SAME * min(len(words), len(other)) for other in (set(stems(d.text)) for d in chosen)
    )


def _as_item(draft: Draft) -> Draft:
    return Draft(draft.text, draft.passage, draft.statement, is_item=True)
