"""Evidence → the sentences of an answer that reads as one, without a language model: pick, order, join."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from assistant.evidence import Evidence, Sufficiency
from assistant.retrieve import read_learned
from assistant.texts import say
from assistant.types import Draft, Intent, Passage, Query, Scored
from assistant.verify import quote_of
from index.analyse import stems
from index.document import Document
from index.embed import Embedder
from index.frontmatter import CARD_FIELDS
from index.load import Index
from index.statements import plain
from index.types import ADVICE, Chunk, Statement

MAX_WORDS = 90  # of running text; a list is never cut
_MAX_SECTIONS = 8  # that sentences are picked from
_SAME_QUESTION = 0.6  # share of a question's weight that another must have for its yes or no to answer both
_MAX_NEAREST = 4  # sentences of an uncertain answer
_SAME = 0.65  # share of the shorter sentence's stems from which two sentences say the same
# How far below the sentence that answers best another may be and still serve the question, on the scale of `_rank`: in
# the same section, in the same document, in another, and the best item of a list when a list is wanted.
_SERVES, _ADDS, _HELPS, _LISTS = 0.5, 0.3, 0.1, 0.5
_MAX_HELP = 3  # sentences beside the one that answers best, or its list
_LIST_VOTES = 2  # of the five best sentences that must be items of one list for it to lead the answer

SENTENCE_FEATURES = ("words", "meaning", "asked words", "asked meaning", "shape", "section")
_UNKNOWN_VALUE = "Ikke kjent"

# What a sentence that answers such a question looks like.
_SHAPES = {
    Intent.AMOUNT: re.compile(r"\d[\d  ]*(?:kroner|prosent|euro|millioner)|gratis|\bG\b", re.I),
    Intent.DEADLINE: re.compile(r"frist|\b\d{1,2}\. [a-zæøå]+|innen\b", re.I),
    Intent.DURATION: re.compile(r"\b(?:\d+|ett|to|tre|fire|fem|seks) (?:år|måneder|uker|dager)", re.I),
    Intent.REPORTING: re.compile(r"rapport|revisor|regnskap", re.I),
}
# The fields of a scheme's card that answer a kind of question together, first things first.
_FIELDS = {
    Intent.WHO_CAN_APPLY: ("hvem_kan_søke", "krav"),
    Intent.REQUIREMENTS: ("krav", "hvem_kan_søke"),
}
_LIST_INTENTS = (Intent.LIST, Intent.STEPS, Intent.REQUIREMENTS, Intent.APPLICATION)
_YES_OR_NO = re.compile(r"(?:Ja|Nei)[,.] ")  # answers its own heading, so it can't stand elsewhere
_ITEM = re.compile(r"^\s*(?:[-*]|\d+\.)\s+$")


def compose(query: Query, evidence: Evidence, index: Index, embedder: Embedder) -> list[Draft]:
    """The answer's sentences in order, each with the statement it quotes; empty where no sentence serves."""
    drafts, scores = sentences_of(evidence.hits, index)
    drafts = [draft for draft in drafts if _fits_question(draft, query, index)]
    if not drafts:
        return []
    ranked = _rank(query, drafts, scores, index, embedder)
    if evidence.sufficiency is Sufficiency.PARTLY:
        chosen = _nearest(drafts, ranked)
    else:
        chosen = _from_card(query, evidence.hits, index) or _write(query, drafts, ranked, index)
    return _add_status(chosen, index, index.documents)


def _fits_question(draft: Draft, query: Query, index: Index) -> bool:
    """Whether a sentence that says yes or no says it to this question: its heading must be much the same one."""
    if not _YES_OR_NO.match(draft.text) or draft.passage is None:
        return True
    asked = (draft.passage.chunk.heading_path[-1], *_asked_for(draft))
    return float(index.keyword.coverage(query.text, asked).max()) >= _SAME_QUESTION


def sentences_of(hits: Sequence[Scored], index: Index) -> tuple[list[Draft], dict[str, float]]:
    """Every sentence of the sections found best, and the score of each section."""
    scores: dict[str, float] = {}
    for hit in hits:
        if len(scores) < _MAX_SECTIONS:
            scores.setdefault(hit.chunk.section_id, hit.score)
    chunks = [chunk for chunk in index.catalog.chunks if chunk.section_id in scores]
    return [draft for draft in _drafts(chunks, index.documents) if draft.text != _UNKNOWN_VALUE], scores


def _drafts(chunks: Sequence[Chunk], documents: Mapping[str, Document]) -> list[Draft]:
    """Every statement of the chunks as a draft."""
    passages = [Passage(0, documents[chunk.doc_id], chunk, 0.0) for chunk in chunks]
    return [
        Draft(plain(passage.document.text[s.start : s.end]), passage, s, is_item=_is_item(passage, s))
        for passage in passages
        for s in passage.chunk.statements
    ]


def _nearest(drafts: Sequence[Draft], ranked: Mapping[Draft, float]) -> list[Draft]:
    """Not sure of the topic: the sentences that fit best, as a list."""
    chosen: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: -ranked[d]):
        if len(chosen) < _MAX_NEAREST and not _is_said(draft, chosen):
            chosen.append(_as_item(draft))
    return chosen


def _rank(
    query: Query, drafts: Sequence[Draft], scores: Mapping[str, float], index: Index, embedder: Embedder
) -> dict[Draft, float]:
    """How well each sentence serves the question; `scores` are those its section was found with.

    What weighs what is learned on the tuning half (`python -m eval.tune`).
    """
    weights = np.array(read_learned().sentence_weights)
    features = describe_sentences(query, drafts, scores, index, embedder)
    return dict(zip(drafts, (features @ weights).tolist(), strict=True))


def describe_sentences(
    query: Query, drafts: Sequence[Draft], scores: Mapping[str, float], index: Index, embedder: Embedder
) -> npt.NDArray[np.float64]:
    """`(len(drafts), len(SENTENCE_FEATURES))` float64.

    A sentence's own words and meaning, those of the question that it answers and that is nearest to the one asked, the
    shape that the question wants, and how well its section was found.
    """
    asked = [_asked_for(draft) for draft in drafts]
    texts = [draft.text for draft in drafts] + [question for questions in asked for question in questions]
    wording = index.expander.rewrite(query.text)
    covered = index.keyword.coverage(wording, texts)
    cosines = embedder.encode_queries(texts) @ embedder.encode_queries([wording])[0]
    shape = _SHAPES.get(query.intent)
    best = max(scores.values())
    rows, place = [], len(drafts)
    for number, (draft, questions) in enumerate(zip(drafts, asked, strict=True)):
        near = slice(place, place + len(questions))
        place += len(questions)
        section = draft.passage.chunk.section_id if draft.passage else ""
        rows.append(
            (
                covered[number], cosines[number],
                max(covered[near], default=0.0), max(cosines[near], default=0.0),
                float(bool(shape and shape.search(draft.text))), scores[section] - best,
            )
        )  # fmt: skip
    return np.array(rows, np.float64)


def _asked_for(draft: Draft) -> list[str]:
    """The questions that the sentence answers, as people ask them."""
    if draft.passage is None or draft.statement is None:
        return []
    chunk = draft.passage.chunk
    return [
        q.text for q in chunk.questions if q.statement is not None and chunk.statements[q.statement] == draft.statement
    ]


def _from_card(query: Query, hits: Sequence[Scored], index: Index) -> list[Draft]:
    """Who can apply and what is required, whole from the card of the scheme that was found best; else nothing."""
    fields = _FIELDS.get(query.intent, ())
    own = [hit.chunk for hit in hits[:_MAX_SECTIONS] if hit.chunk.doc_id == hits[0].chunk.doc_id]
    if not any(chunk.section in fields for chunk in own):
        return []
    chosen: list[Draft] = []
    for field in fields:
        values = _card_values(own[0].doc_id, field, index)
        if field == "krav" and len(values) > 1:
            chosen.append(Draft(say(query.language, "requirements_open")))
        chosen += values
    return chosen


def _card_values(doc_id: str, field: str, index: Index) -> list[Draft]:
    """The whole of a field of a card: one value as a sentence, several as a list."""
    chunks = [c for c in index.catalog.chunks if c.doc_id == doc_id and c.section == field]
    values = [draft for draft in _drafts(chunks, index.documents) if draft.text != _UNKNOWN_VALUE]
    return [_as_item(draft) for draft in values] if len(values) > 1 else values


def _write(query: Query, drafts: Sequence[Draft], ranked: Mapping[Draft, float], index: Index) -> list[Draft]:
    """The sentence that answers best, or the list it stands in, then what else serves, nearest first."""
    order = sorted(drafts, key=lambda d: -ranked[d])
    # A rule leads before advice that fits hardly better.
    lead = next((d for d in order if not _is_advice(d) and ranked[order[0]] - ranked[d] <= _HELPS), order[0])
    items = [d for d in order if d.is_item]
    wants_list = query.wants_list or query.intent in _LIST_INTENTS
    if wants_list and items and ranked[lead] - ranked[items[0]] < _LISTS:
        lead = items[0]
    votes = [d for d in order[:5] if d.is_item and _place(d) == _place(lead)]
    is_list = lead.is_item and (wants_list or len(votes) > _LIST_VOTES)
    if lead.passage and lead.passage.chunk.section in CARD_FIELDS:
        chosen = _card_values(lead.passage.document.doc_id, lead.passage.chunk.section, index)
        chosen.sort(key=lambda d: d.statement != lead.statement)  # the value that was asked for opens the list
    else:
        chosen = _whole_list(lead, drafts) if is_list else [Draft(lead.text, lead.passage, lead.statement)]
    return [*chosen, *_add_help(chosen, lead, order, ranked)]


def _add_help(
    chosen: Sequence[Draft], lead: Draft, order: Sequence[Draft], ranked: Mapping[Draft, float]
) -> list[Draft]:
    """Other sentences that serve the question nearly as well, from the same section first, advice last."""
    words = sum(len(d.text.split()) for d in chosen)
    added: list[Draft] = []
    for draft in order:
        if draft.passage is None or lead.passage is None or any(draft.statement == d.statement for d in chosen):
            continue
        same_section, same_document = _place(draft) == _place(lead), draft.passage.document == lead.passage.document
        reach = _SERVES if same_section else _ADDS if same_document else _HELPS
        if ranked[lead] - ranked[draft] > reach:
            continue
        fits = len(added) < _MAX_HELP and words + len(draft.text.split()) <= MAX_WORDS
        if fits and not _is_said(draft, [*chosen, *added]):
            added.append(draft)
            words += len(draft.text.split())
    added.sort(key=lambda d: (_is_advice(d), _place(d) != _place(lead), order.index(d)))
    return [Draft(d.text, d.passage, d.statement) for d in added]


def _whole_list(item: Draft, drafts: Sequence[Draft]) -> list[Draft]:
    """Every item of the list that `item` stands in, under the line that opens it where there is one.

    A long list may be split over several chunks; they share the heading.
    """
    place = _place(item)
    items = [d for d in drafts if d.is_item and _place(d) == place]
    opening = _opening_line(items[0])
    return [Draft(opening), *items] if opening else items


def _place(draft: Draft) -> tuple[str, tuple[str, ...]] | None:
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


def _add_status(chosen: list[Draft], index: Index, documents: Mapping[str, Document]) -> list[Draft]:
    """A quoted scheme that is closed, or not known to be open, says so in every answer."""
    quoted = dict.fromkeys(draft.passage.document.doc_id for draft in chosen if draft.passage)
    added = []
    for document in (documents[doc_id] for doc_id in quoted):
        states = {value.status for value in document.card if value.status}
        if states & {"ukjent", "stengt"}:
            own = (c for c in index.catalog.chunks if c.doc_id == document.doc_id)
            status = [c for c in own if c.heading_path[1:] == (CARD_FIELDS["status"],)]
            added += [d for d in _drafts(status, documents) if all(d.text != other.text for other in chosen)]
    return [*chosen, *added]


def _is_said(draft: Draft, chosen: Sequence[Draft]) -> bool:
    words = set(stems(draft.text))
    return any(
        len(words & other) >= _SAME * min(len(words), len(other)) for other in (set(stems(d.text)) for d in chosen)
    )


def _is_advice(draft: Draft) -> bool:
    return draft.statement is not None and any(mark.source_id == ADVICE for mark in draft.statement.marks)


def _is_item(passage: Passage, statement: Statement) -> bool:
    """Whether the statement opens a list item of the document's text."""
    text = passage.document.text
    line = text.rfind("\n", 0, statement.start) + 1
    return bool(_ITEM.match(text[line : statement.start]))


def _as_item(draft: Draft) -> Draft:
    return Draft(draft.text, draft.passage, draft.statement, is_item=True)


def render(drafts: Sequence[Draft]) -> tuple[str, list[Draft]]:
    """The text with `[n]` after each sentence, lists as lists, and the quoted drafts in order of their number."""
    parts: list[str] = []
    cited: list[Draft] = []
    was_item = False
    for draft in drafts:
        sentence = draft.text
        if not draft.opens:
            numbers = [i for i, other in enumerate(cited, 1) if quote_of(other) == quote_of(draft)]
            if not numbers:
                cited.append(draft)
            sentence += f" [{numbers[0] if numbers else len(cited)}]"
        if draft.is_item:
            parts.append(f"\n- {sentence}")
        elif draft.opens or was_item:
            parts.append(f"\n\n{sentence}")
        else:
            parts.append(f" {sentence}")
        was_item = draft.is_item
    return "".join(parts).strip(), cited
