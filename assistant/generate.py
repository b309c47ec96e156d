"""The only call to a language model: numbered passages in, sentences with `[n]` out, through LlamaIndex."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.citations import split_marked
from assistant.config import Config, ConfigError
from assistant.evidence import Evidence
from assistant.prompt import PROMPT_VERSION, build_prompt
from assistant.texts import say
from assistant.types import Draft, Query
from assistant.verify import is_supported, quote_of
from index.load import Index


@dataclass(frozen=True)
class Generated:
    """Sentences to be verified, who wrote them, and what the user should know about that.

    `removed` counts sentences of a model that were thrown away whole, before verification; `own_words` says that the
    sentences are the model's and not the guide's. `closing` is ours to say below the sentences; it states no fact.
    """

    generator: str
    drafts: list[Draft]
    note: str | None = None
    removed: int = 0
    own_words: bool = False
    closing: str = ""


class Generator(Protocol):
    """Writes an answer from the evidence."""

    def write(self, query: Query, extracted: list[Draft], evidence: Evidence, index: Index) -> Generated:
        """The drafts; `extracted` is what the extractive composer wrote, and what is used if the model fails."""
        ...


class LanguageModel:
    """A generator on any LlamaIndex LLM. It sees numbered quotes and may only say what they say."""

    def __init__(self, llm: Any, name: str) -> None:
        self._llm, self.name = llm, name

    def complete(self, prompt: str) -> str:
        """The model's text for a prompt. Raises: whatever its server or client does."""
        return str(self._llm.complete(prompt))

    def write(self, query: Query, extracted: list[Draft], evidence: Evidence, index: Index) -> Generated:
        numbered = [draft for draft in extracted if not draft.opens]
        try:
            text = self.complete(build_prompt(query, [draft.text for draft in numbered]))
        except Exception:  # whatever a server or its client does, the user still gets the extractive answer
            return Generated("extractive", extracted, say(query.language, "generator_fell_back"))
        drafts = [_ground(sentence, numbers, numbered) for sentence, numbers in split_marked(text)]
        if not any(draft.statement and is_supported(draft.text, quote_of(draft)) for draft in drafts):
            note = say(query.language, "generator_rejected" if drafts else "generator_fell_back")
            return Generated("extractive", extracted, note, len(drafts))
        return Generated(f"{self.name} ({PROMPT_VERSION})", drafts)


def _ground(sentence: str, numbers: Sequence[int], numbered: Sequence[Draft]) -> Draft:
    """The sentence on the first passage it cites that bears it out; one that cites nothing real rests on nothing."""
    cited = [numbered[n - 1] for n in numbers if 1 <= n <= len(numbered)]
    best = next((draft for draft in cited if is_supported(sentence, quote_of(draft))), cited[0] if cited else None)
    if best is None:
        return Draft(sentence, None, None)
    return Draft(sentence, best.passage, best.statement)


def load_generator(config: Config) -> LanguageModel | None:
    """The language model that the settings name, or None for the extractive composer alone.

    Raises:
        ConfigError: the setting is neither `ollama:MODEL` nor `openai:MODEL`.
    """
    if not config.llm:
        return None
    kind, _, model = config.llm.partition(":")
    if kind == "ollama" and model:
        from llama_index.llms.ollama import Ollama  # seconds of import, only for those who ask for it

        url = config.llm_url or "http://127.0.0.1:11434"
        return LanguageModel(
            Ollama(model=model, base_url=url, request_timeout=config.llm_timeout_s, temperature=0.0), config.llm
        )
    if kind == "openai" and model and not config.llm_url:
        raise ConfigError(
            "ABC_LLM_URL må si hvor den OpenAI-kompatible tjeneren er, for eksempel http://127.0.0.1:8000/v1."
        )
    if kind == "openai" and model:
        from llama_index.llms.openai_like import OpenAILike

        llm = OpenAILike(
            model=model, api_base=config.llm_url, api_key=config.llm_key or "none", timeout=config.llm_timeout_s,
            max_retries=1, is_chat_model=True, temperature=0.0,
        )  # fmt: skip
        return LanguageModel(llm, config.llm)
    raise ConfigError(f"ABC_LLM må være «ollama:MODELL» eller «openai:MODELL», men er «{config.llm}».")
