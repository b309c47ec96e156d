"""Evidence → the sentences of an answer that reads as one, without a language model: pick, order, join."""

import re
from collections.abc import Mapping, Sequence

from assistant.evidence import Evidence, Sufficiency
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

MAX_WORDS = 85  # of running text; a list is never cut
_MAX_NEAREST = 3  # documents that an uncertain answer quotes, with this many sentences of each:
_PER_NEAREST = 2
_MAX_HELP = 2  # sentences from other sections, and none where the section itself has said this much:
_ENOUGH_WORDS = 55
_SERVES = 0.6  # share of the best sentence's score from which a sentence of the same section serves the question
_HELPS = 0.6  # the same for a sentence from another section
_SAME = 0.65  # share of the shorter sentence's stems from which two sentences say the same
_SENTENCE_WEIGHT = 0.5  # of a section's best sentence, beside the score that the section was found with
_COSINE_WEIGHT = 0.8
_OWN_WEIGHT, _ASKED_WEIGHT = 0.5, 0.6  # of a sentence itself, and of the question nearest to the one that was asked
_SHAPE_BONUS = 0.2
_SHORT_ANSWER_BONUS = 0.05  # the document's own short answer leads unless a section clearly fits better
_DEFINITION_BONUS = 0.25  # "hva er …" is what a short answer is written for
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
    Intent.LIST: (),
}
_YES_OR_NO = re.compile(r"(?:Ja|Nei)[,.] ")  # answers its own heading, so it can't stand elsewhere
_ITEM = re.compile(r"^\s*(?:[-*]|\d+\.)\s+$")


def compose(query: Query, evidence: Evidence, index: Index, embedder: Embedder) -> list[Draft]:
    """The answer's sentences in order, each with the statement it quotes; empty where no sentence serves."""
    documents = index.documents
    if evidence.sufficiency is Sufficiency.PARTLY:
        return _nearest(query, evidence, index, embedder, documents)
    top = evidence.main[0].chunk
    document = documents[top.doc_id]
    own = [chunk for chunk in index.catalog.chunks if chunk.doc_id == top.doc_id]
    scores = {hit.chunk.chunk_id: hit.score for hit in (*evidence.main, *evidence.beside)}
    drafts = _drafts(own + [hit.chunk for hit in evidence.beside], documents)
    if not drafts:
        return []
    ranked = _rank(query, drafts, index, embedder)
    fields = _FIELDS.get(query.intent, (query.intent.value,) if query.intent.value in CARD_FIELDS else ())
    chosen = _from_card(query, drafts, own, fields) if document.card and fields else []
    if not chosen:
        chosen = _from_section(query, drafts, ranked, own, scores)
        if query.intent is not Intent.DEFINITION:
            chosen = _add_help(chosen, drafts, ranked)
    return _add_status(chosen, index, documents)


def _drafts(chunks: Sequence[Chunk], documents: Mapping[str, Document]) -> list[Draft]:
    """Every statement of the chunks as a draft."""
    passages = [Passage(0, documents[chunk.doc_id], chunk, 0.0) for chunk in chunks]
    return [
        Draft(plain(passage.document.text[s.start : s.end]), passage, s, is_item=_is_item(passage, s))
        for passage in passages
        for s in passage.chunk.statements
    ]


def _nearest(
    query: Query, evidence: Evidence, index: Index, embedder: Embedder, documents: Mapping[str, Document]
) -> list[Draft]:
    """Not sure of the topic: the sentences that fit best from each of the nearest documents, as a list."""
    doc_ids = list(dict.fromkeys(hit.chunk.doc_id for hit in (*evidence.main, *evidence.near)))[:_MAX_NEAREST]
    chosen: list[Draft] = []
    for doc_id in doc_ids:
        drafts = _drafts([chunk for chunk in index.catalog.chunks if chunk.doc_id == doc_id], documents)
        ranked = _rank(query, drafts, index, embedder)
        best = [d for d in sorted(drafts, key=lambda d: -ranked[d]) if _stands_alone(d) and not _is_said(d, chosen)]
        chosen += [_as_item(draft) for draft in best[:_PER_NEAREST]]
    return _add_status(chosen, index, documents)


def _stands_alone(draft: Draft) -> bool:
    return draft.text != _UNKNOWN_VALUE and not _YES_OR_NO.match(draft.text)


def _rank(query: Query, drafts: Sequence[Draft], index: Index, embedder: Embedder) -> dict[Draft, float]:
    """How well each sentence serves the question: its words and meaning, or those of a question that it answers, and
    the shape asked for."""
    asked = [_asked_for(draft) for draft in drafts]
    texts = [draft.text for draft in drafts] + [question for questions in asked for question in questions]
    wording = index.expander.rewrite(query.text)
    vector = embedder.encode_queries([query.text])[0]
    likeness = index.keyword.coverage(wording, texts) + _COSINE_WEIGHT * (embedder.encode_queries(texts) @ vector)
    shape = _SHAPES.get(query.intent)
    ranked: dict[Draft, float] = {}
    place = len(drafts)
    for draft, own, questions in zip(drafts, likeness.tolist(), asked, strict=False):
        best = max(likeness[place : place + len(questions)].tolist(), default=0.0)
        place += len(questions)
        bonus = _SHAPE_BONUS if shape and shape.search(draft.text) else 0.0
        ranked[draft] = _OWN_WEIGHT * own + _ASKED_WEIGHT * best + bonus
    return ranked


def _asked_for(draft: Draft) -> list[str]:
    """The questions that the sentence answers, as people ask them."""
    if draft.passage is None or draft.statement is None:
        return []
    chunk = draft.passage.chunk
    return [
        q.text for q in chunk.questions if q.statement is not None and chunk.statements[q.statement] == draft.statement
    ]


def _from_card(query: Query, drafts: Sequence[Draft], own: Sequence[Chunk], fields: Sequence[str]) -> list[Draft]:
    """The whole of each card field asked for: one value as a sentence, several as a list."""
    chosen: list[Draft] = []
    for field in fields:
        chunk = next((c for c in own if c.heading_path[1:] == (CARD_FIELDS[field],)), None)
        values = [d for d in drafts if chunk and d.passage and d.passage.chunk == chunk and d.text != _UNKNOWN_VALUE]
        if field == "krav" and len(values) > 1:
            chosen.append(Draft(say(query.language, "requirements_open")))
        chosen += [_as_item(d) if len(values) > 1 else d for d in values]
    return chosen


def _from_section(
    query: Query, drafts: Sequence[Draft], ranked: dict[Draft, float], own: Sequence[Chunk], scores: dict[str, float]
) -> list[Draft]:
    """The section that answers, in its own order: its list whole, and its sentences as far as the words go."""
    # A long section is several chunks under one heading; the short answer, the first chunk, stands alone.
    groups: dict[tuple[bool, tuple[str, ...]], list[Chunk]] = {}
    for number, chunk in enumerate(own):
        groups.setdefault((number == 0, chunk.heading_path), []).append(chunk)
    found = [max(scores.get(chunk.chunk_id, 0.0) for chunk in group) for group in groups.values()]
    sections = [[d for d in drafts if d.passage and d.passage.chunk in group] for group in groups.values()]

    short_answer = _DEFINITION_BONUS if query.intent is Intent.DEFINITION else _SHORT_ANSWER_BONUS

    def fit(number: int) -> float:
        bonus = short_answer if number == 0 else 0.0
        return found[number] + bonus + _SENTENCE_WEIGHT * max((ranked[d] for d in sections[number]), default=-1.0)

    best = max(range(len(sections)), key=fit)
    section = sections[best]
    floor = _SERVES * max(ranked[d] for d in section)
    items = _whole_list(next(d for d in section if d.is_item), drafts) if any(d.is_item for d in section) else []
    if items and max(ranked[d] for d in section if d.is_item) < floor:
        items = []
    shape = _SHAPES.get(query.intent)
    fitting = [d for d in section if shape and shape.search(d.text)]
    is_whole = best == 0 and not fitting  # a short answer is read whole, unless one of its sentences is what was asked
    wanted = [d for d in section if not d.is_item and (is_whole or d in fitting or ranked[d] >= floor)]
    kept: list[Draft] = []
    for draft in sorted(wanted, key=lambda d: -ranked[d]):
        if sum(len(d.text.split()) for d in (*kept, draft)) <= MAX_WORDS and not _is_said(draft, kept):
            kept.append(draft)
    first_item = section.index(items[-1]) if items else len(section)
    before = [d for d in section if d in kept and section.index(d) < first_item]
    return [*before, *items, *(d for d in section if d in kept and d not in before)]


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


def _add_help(chosen: list[Draft], drafts: Sequence[Draft], ranked: dict[Draft, float]) -> list[Draft]:
    """Sentences from elsewhere that serve the question nearly as well, in reading order, advice last."""
    best = max((ranked[d] for d in chosen if d in ranked), default=0.0)
    words = sum(len(d.text.split()) for d in chosen)
    added: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: -ranked[d]):
        words_after = words + len(draft.text.split())
        if ranked[draft] < _HELPS * best or len(added) >= _MAX_HELP or words >= _ENOUGH_WORDS:
            break
        cannot_stand = draft.is_item or not _stands_alone(draft) or _is_said(draft, [*chosen, *added])
        if words_after <= MAX_WORDS and not cannot_stand:
            added.append(draft)
            words = words_after
    order = {draft: place for place, draft in enumerate(drafts)}
    added.sort(key=lambda d: (_is_advice(d), order[d]))
    return [*chosen, *(Draft(d.text, d.passage, d.statement) for d in added)]


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


def hits_used(drafts: Sequence[Draft]) -> set[str]:
    """The chunks that the sentences come from."""
    return {draft.passage.chunk.chunk_id for draft in drafts if draft.passage}


def near_titles(hits: Sequence[Scored], index: Index, limit: int) -> list[str]:
    """Titles of the nearest documents, for a refusal that points somewhere."""
    return list(dict.fromkeys(index.documents[hit.chunk.doc_id].title for hit in hits))[:limit]
