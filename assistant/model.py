"""The connection to a language model: one answer as text, streamed through LlamaIndex, within a deadline.

Nothing of an answer is used before all of it has come: what was cut off may have lost its exception.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from assistant.config import Config, ConfigError
from assistant.prompt import SCHEMA

MAX_CHARS = 12_000  # of an answer; a model that goes on has lost its way
_CONTEXT_TOKENS = 8192  # the prompt's twenty sentences take about two thousand
_REFUSED = (400, 404, 415, 422, 501)  # what servers say to a schema that they don't know
_CUT = ("length", "content_filter")


class GenerationError(Exception):
    """The model gave no whole answer; the message says what happened instead."""


@dataclass(frozen=True)
class Backend:
    """How to reach one model.

    `connect` opens a LlamaIndex LLM with a connection of its own, for one answer. `shape` are the arguments that ask
    for `SCHEMA`; empty where the server has no such thing. `ending` reads why the model stopped from the last raw piece
    of a stream: empty when it did not stop.
    """

    connect: Callable[[], AbstractAsyncContextManager[Any]]
    shape: Mapping[str, Any] = field(default_factory=dict)
    ending: Callable[[Any], str] = lambda raw: "stop"


class Connection:
    """Asks one backend, and remembers when it refused a schema."""

    def __init__(self, backend: Backend, timeout_s: float) -> None:
        self._backend, self._timeout_s = backend, timeout_s
        self._has_schema = bool(backend.shape)

    def ask(self, prompt: Callable[[bool], tuple[str, str]], in_schema: bool = True) -> str:
        """The whole answer to `prompt(structured)`, the rules and the question; `in_schema` asks for `SCHEMA`.

        A server that refuses the schema is asked for plain text, now and from then on. One that can't be reached or
        fails is asked once more. All attempts share the deadline.

        Raises:
            GenerationError: no whole answer came in time.
        """
        try:
            return asyncio.run(self._ask_in_time(prompt, in_schema))
        except TimeoutError:
            raise GenerationError(f"no whole answer within {self._timeout_s} s") from None
        except GenerationError:
            raise
        except Exception as error:  # whatever a server, its client or its answer does
            raise GenerationError(f"{type(error).__name__}: {error}") from error

    async def _ask_in_time(self, prompt: Callable[[bool], tuple[str, str]], in_schema: bool) -> str:
        async with asyncio.timeout(self._timeout_s):
            retried = False
            while True:
                structured = in_schema and self._has_schema
                try:
                    return await self._read(*prompt(structured), self._backend.shape if structured else {})
                except Exception as error:
                    if structured and _status(error) in _REFUSED:
                        self._has_schema = False
                    elif _is_passing(error) and not retried:
                        retried = True
                    else:
                        raise

    async def _read(self, rules: str, question: str, shape: Mapping[str, Any]) -> str:
        from llama_index.core.llms import ChatMessage, MessageRole  # seconds of import, only with a model

        messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=rules),
            ChatMessage(role=MessageRole.USER, content=question),
        ]
        text, ending = "", ""
        async with self._backend.connect() as llm:
            async for piece in await llm.astream_chat(messages, **shape):
                text += piece.delta or ""
                ending = self._backend.ending(piece.raw) or ending
                if len(text) > MAX_CHARS:
                    raise GenerationError(f"the answer is longer than {MAX_CHARS} characters")
        if not ending or ending in _CUT:
            raise GenerationError(f"the answer was cut off: {ending or 'the stream ended'}")
        return text


def _status(error: Exception) -> int:
    """The HTTP status that the server answered with, 0 where it gave none."""
    status = getattr(error, "status_code", 0)
    return status if isinstance(status, int) else 0


def _is_passing(error: Exception) -> bool:
    """Whether the same request may well succeed: the server was out of reach, or failed."""
    out_of_reach = (httpx.TransportError, ConnectionError)
    return _status(error) >= 500 or isinstance(error, out_of_reach) or isinstance(error.__cause__, out_of_reach)


def choose_backend(config: Config) -> Backend:
    """The backend that the settings name.

    Raises:
        ConfigError: the setting is neither `ollama:MODEL` nor `openai:MODEL`, or the address is missing.
    """
    kind, _, model = config.llm.partition(":")
    if kind == "ollama" and model:
        return _ollama(model, config.llm_url or "http://127.0.0.1:11434")
    if kind == "openai" and model and not config.llm_url:
        raise ConfigError(
            "ABC_LLM_URL må si hvor den OpenAI-kompatible tjeneren er, for eksempel http://127.0.0.1:8000/v1."
        )
    if kind == "openai" and model:
        return _openai(model, config.llm_url, config.llm_key)
    raise ConfigError(f"ABC_LLM må være «ollama:MODELL» eller «openai:MODELL», men er «{config.llm}».")


def _ollama(model: str, url: str) -> Backend:
    @asynccontextmanager
    async def connect() -> AsyncIterator[Any]:
        from llama_index.llms.ollama import Ollama
        from ollama import AsyncClient

        async with AsyncClient(host=url) as client:
            # A fixed context: asked for its own, Ollama reserves memory for the longest that the model can have.
            yield Ollama(
                model=model, base_url=url, temperature=0.0, context_window=_CONTEXT_TOKENS, async_client=client
            )

    return Backend(connect, {"format": SCHEMA}, lambda raw: (raw.get("done_reason") or "stop") if raw["done"] else "")


def _openai(model: str, url: str, key: str) -> Backend:
    @asynccontextmanager
    async def connect() -> AsyncIterator[Any]:
        from llama_index.llms.openai_like import OpenAILike

        async with httpx.AsyncClient(timeout=None) as client:  # noqa: S113 - the deadline is over the whole answer
            yield OpenAILike(
                model=model, api_base=url, api_key=key or "none", max_retries=0, is_chat_model=True, temperature=0.0,
                async_http_client=client,  # type: ignore[call-arg]
            )  # fmt: skip

    named = {"name": "answer", "schema": SCHEMA, "strict": True}
    shape = {"response_format": {"type": "json_schema", "json_schema": named}}
    return Backend(connect, shape, lambda raw: (raw.choices[0].finish_reason or "") if raw.choices else "")
