"""What a chunk tells, read once for a version: its sentences, and the questions that each answers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from assistant.types import Draft, Passage
from index.document import Document
from index.embed import Vectors
from index.frontmatter import UNKNOWN_VALUE
from index.load import Index
from index.statements import plain
from index.terms import Terms
from index.types import Chunk, Statement

_ITEM = re.compile(r"^\s*(?:[-*]|\d+\.)\s+$")


@dataclass(frozen=True, eq=False)
class Told:
    """The sentences of one chunk or of several that state something, and what of them depends on no question.

    `terms` and `vectors` are those of the sentences. `questions` are the texts of those that the sentences answer,
    sentence by sentence, `counts` how many each has, and `places` where they stand among all questions of the guide.
    """

    drafts: tuple[Draft, ...]
    terms: Terms
    vectors: Vectors
    questions: tuple[str, ...]
    counts: npt.NDArray[np.intp]
    places: npt.NDArray[np.intp]


# By chunk. A guide has some 8 000 sentences: 20 MB once all were asked for, and 2 ms of an answer.
_TOLD: WeakKeyDictionary[Index, dict[str, Told]] = WeakKeyDictionary()


def tell(chunks: Sequence[Chunk], index: Index) -> Told:
    """The sentences of the chunks, at least one, in their order."""
    known = _TOLD.setdefault(index, {})
    if new := [chunk for chunk in chunks if chunk.chunk_id not in known]:
        known.update((chunk.chunk_id, told) for chunk, told in zip(new, _read(new, index), strict=True))
    own = [known[chunk.chunk_id] for chunk in chunks]
    return Told(
        tuple(draft for told in own for draft in told.drafts),
        Terms.join([told.terms for told in own]),
        np.concatenate([told.vectors for told in own]),
        tuple(question for told in own for question in told.questions),
        np.concatenate([told.counts for told in own]),
        np.concatenate([told.places for told in own]),
    )


def tell_all(index: Index) -> None:
    """Reads what every chunk tells, a document at a time: embedding all at once takes 0.3 GB."""
    for chunks in index.chunks_of.values():
        tell(chunks, index)


def _read(chunks: Sequence[Chunk], index: Index) -> Iterator[Told]:
    """What each of the chunks tells; their sentences are embedded together."""
    stating = [_answering(chunk, index.documents) for chunk in chunks]
    texts = [draft.text for own in stating for draft, _ in own]
    terms, vectors = index.keyword.read_terms(texts), index.embedder.encode_queries(texts)
    start = 0
    for chunk, own in zip(chunks, stating, strict=True):
        end = start + len(own)
        numbers = [number for _, asked in own for number in asked]
        yield Told(
            tuple(draft for draft, _ in own),
            terms.at(np.arange(start, end)),
            vectors[start:end],
            tuple(chunk.questions[number].text for number in numbers),
            np.array([len(asked) for _, asked in own], np.intp),
            np.array(numbers, np.intp) + np.searchsorted(index.owners, index.positions[chunk.chunk_id]),
        )
        start = end


def _answering(chunk: Chunk, documents: Mapping[str, Document]) -> list[tuple[Draft, list[int]]]:
    """The sentences of a chunk that state something, each with the numbers of the questions that it answers."""
    asked: list[list[int]] = [[] for _ in chunk.statements]
    for number, question in enumerate(chunk.questions):
        if question.statement is not None:
            asked[question.statement].append(number)
    return [(d, own) for d, own in zip(as_drafts([chunk], documents), asked, strict=True) if _states(d)]


def as_drafts(chunks: Sequence[Chunk], documents: Mapping[str, Document]) -> list[Draft]:
    """Every statement of the chunks as a draft."""
    passages = [Passage(0, documents[chunk.doc_id], chunk, 0.0) for chunk in chunks]
    return [
        Draft(plain(passage.document.text[s.start : s.end]), passage, s, is_item=_is_item(passage, s))
        for passage in passages
        for s in passage.chunk.statements
    ]


def _states(draft: Draft) -> bool:
    """Whether it says something: a value that is not known does not, nor does a question to put to an office."""
    return draft.text != UNKNOWN_VALUE and not draft.text.endswith("?")


def _is_item(passage: Passage, statement: Statement) -> bool:
    """Whether the statement opens a list item of the document's text."""
    return bool(_ITEM.match(before(passage, statement)))


def before(passage: Passage, statement: Statement) -> str:
    """What stands before the statement on its line."""
    text = passage.document.text
    return text[text.rfind("\n", 0, statement.start) + 1 : statement.start]
