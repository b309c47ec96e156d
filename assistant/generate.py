"""An answer in a language model's own words: numbered sentences of the guide in, sentences that they bear out, out."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.checks.lexicon import is_english
from assistant.citations import Marked, read_marked
from assistant.config import Config
from assistant.evidence import Evidence
from assistant.language import detect_language
from assistant.model import Connection, GenerationError, choose_backend
from assistant.prompt import PROMPT_VERSION, build_prompt
from assistant.texts import say
from assistant.types import Draft, Filters, Passage, Query
from assistant.verify import is_supported, quote_of
from index.load import Index
from index.statements import plain

MAX_PASSAGES = 20
_THINKING = re.compile(r"<think>.*?</think>", re.S)
_ANSWERS_ANOTHER = ("Ja,", "Ja.", "Nei,", "Nei.")  # a yes or no to the question of its own heading


@dataclass(frozen=True)
class Generated:
    """Sentences to be verified, who wrote them, and what the user should know about that.

    `removed` counts sentences of a model that were thrown away before verification; `own_words` says that the
    sentences are the model's, in the language of the question, and not the guide's. `closing` is ours to say below
    them; it states no fact. `heeded` are the chosen filters that the sentences take account of themselves; where it is
    None, what they cite tells.
    """

    generator: str
    drafts: list[Draft]
    note: str | None = None
    removed: int = 0
    own_words: bool = False
    closing: str = ""
    heeded: Filters | None = None


class Generator(Protocol):
    """Writes an answer from the evidence."""

    def write(self, query: Query, extracted: list[Draft], evidence: Evidence, index: Index) -> Generated:
        """The drafts; `extracted` is what the extractive composer wrote, and what is used if the model fails."""
        ...


class LanguageModel:
    """A generator on a language model. It sees numbered sentences and may only say what one of them says."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection, self.name = connection, name

    def complete(self, rules: str, text: str) -> str:
        """The model's own words for a text, by the rules. Raises: GenerationError."""
        return self._connection.ask(lambda _: (rules, text), in_schema=False)

    def write(self, query: Query, extracted: list[Draft], evidence: Evidence, index: Index) -> Generated:
        numbered = _number(extracted, index)
        texts = [draft.text for draft in numbered]
        try:
            answer = self._connection.ask(lambda structured: build_prompt(query, texts, structured))
            sentences = _read_answer(answer)
        except GenerationError:
            return _fall_back(extracted, query, "generator_fell_back")
        if not sentences:
            return _fall_back(extracted, query, "generator_fell_back")
        if not _is_in(query.language, sentences):
            return _fall_back(extracted, query, "generator_other_language", len(sentences))
        drafts = [draft for sentence in sentences if (draft := _ground(sentence, numbered)) is not None]
        if not drafts:
            return _fall_back(extracted, query, "generator_rejected", len(sentences))
        removed = len(sentences) - len(drafts)
        drafts += _unsaid_status(drafts, extracted)
        return Generated(f"{self.name} ({PROMPT_VERSION})", drafts, removed=removed, own_words=True)


def _fall_back(extracted: list[Draft], query: Query, why: str, removed: int = 0) -> Generated:
    return Generated("extractive", extracted, say(query.language, why), removed)


def _number(extracted: Sequence[Draft], index: Index) -> list[Draft]:
    """The sentences of the extractive answer, then their neighbours in the same sections; `MAX_PASSAGES` at most."""
    chosen = [draft for draft in extracted if not draft.opens]
    sections = {draft.passage.chunk.section_id for draft in chosen if draft.passage}
    taken = {quote_of(draft) for draft in chosen}
    documents = index.documents
    for chunk in (chunk for chunk in index.catalog.chunks if chunk.section_id in sections):
        passage = Passage(0, documents[chunk.doc_id], chunk, 0.0)
        for statement in chunk.statements:
            draft = Draft(plain(passage.document.text[statement.start : statement.end]), passage, statement)
            if quote_of(draft) not in taken and not draft.text.startswith(_ANSWERS_ANOTHER):
                taken.add(quote_of(draft))
                chosen.append(draft)
    return chosen[:MAX_PASSAGES]


def _read_answer(text: str) -> list[Marked]:
    """The sentences of an answer in `SCHEMA`, or of plain text with marks where the server did not keep to it.

    Raises:
        GenerationError: it looks like JSON and is none, or of another shape.
    """
    text = _THINKING.sub("", text)
    bare = text.strip().removeprefix("```json").removeprefix("```").removesuffix("```").strip()
    if not bare.startswith(("{", "[{")):
        return read_marked(text)
    try:
        rows = json.loads(bare)
        return [found for row in rows["answer"] for found in _read_row(row)]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise GenerationError(f"the answer is no JSON of the shape asked for: {error!r}") from None


def _read_row(row: dict[str, object]) -> list[Marked]:
    """The sentences of one row; each rests on the row's passages, and on those that it marks itself."""
    numbers = row["passages"]
    if not isinstance(numbers, list) or not isinstance(row["sentence"], str):
        raise TypeError(f"expected a sentence and a list of numbers, found {row}")
    cited = tuple(n for n in numbers if isinstance(n, int))
    return [Marked(found.text, (*cited, *found.numbers), found.is_item) for found in read_marked(row["sentence"])]


def _is_in(language: str, sentences: Sequence[Marked]) -> bool:
    text = " ".join(sentence.text for sentence in sentences)
    if language == "en" or is_english(text):
        return language == "en" and is_english(text)
    return detect_language(text, default=language) in (language, "en")  # "to" alone makes no sentence English


def _ground(sentence: Marked, numbered: Sequence[Draft]) -> Draft | None:
    """The sentence on the first passage it cites that bears it out, or None."""
    cited = [numbered[n - 1] for n in sentence.numbers if 1 <= n <= len(numbered)]
    best = next((draft for draft in cited if is_supported(sentence.text, quote_of(draft))), None)
    return Draft(sentence.text, best.passage, best.statement, sentence.is_item) if best else None


def _unsaid_status(drafts: Sequence[Draft], extracted: Sequence[Draft]) -> list[Draft]:
    """What the extractive answer says of a quoted scheme that is closed, where the model left it out."""
    quoted = {draft.passage.document.doc_id for draft in drafts if draft.passage}
    said = {quote_of(draft) for draft in drafts}
    return [
        draft
        for draft in extracted
        if draft.passage is not None
        and draft.passage.chunk.section == "status"
        and draft.passage.document.doc_id in quoted
        and quote_of(draft) not in said
    ]


def load_generator(config: Config) -> LanguageModel | None:
    """The language model that the settings name, or None for the extractive composer alone. Raises: ConfigError."""
    if not config.llm:
        return None
    return LanguageModel(Connection(choose_backend(config), config.llm_timeout_s), config.llm)
