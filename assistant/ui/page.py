"""The page in Gradio: our own markup in three languages, a question in, an answer out as it grows."""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import gradio as gr
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from assistant.answer import answer
from assistant.choices import FilterError, read_filters
from assistant.conversation.standalone import MAX_TURNS
from assistant.export.clipboard import clean_text, html_with_sources, text_with_sources
from assistant.faults import without_words
from assistant.guard.metrics import count_answer
from assistant.guard.request_id import sign
from assistant.live import LiveEngine
from assistant.record.recorder import Recorder
from assistant.record.types import Channel
from assistant.screen import screen
from assistant.texts import say
from assistant.types import Answer
from assistant.ui.markup import HOME, render_turn
from assistant.ui.reply import render_reply
from index.load import Index

_PIECE_PAUSE_S = 0.02  # lets the browser draw between two pieces; a whole answer takes well under a second
_MAX_PIECES = 5  # before the whole; Gradio's queue costs about 4 ms of the processor for each (2026-11-29)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """What the page sends: a question, its number in the conversation, those it may follow, and the filters.

    `language` is the page's. `id` comes back with each piece of the answer: the page then knows what it answers.
    """

    id: int
    question: str
    turn: int
    language: Literal["nb", "nn", "en"]
    turns: tuple[str, ...] = ()
    filters: dict[str, str] = field(default_factory=dict)


_ASKED = TypeAdapter(Asked)
CONNECT = "window.abcConnect(trigger, props, watch)"  # `connect.js` knows this text, so that nothing need run as code


def build_page(live: LiveEngine, concurrency: int, recorder: Recorder, *, asks_feedback: bool) -> gr.Blocks:
    """What Gradio carries of the page, to be mounted by the server: a question in, an answer out piece by piece, stop.

    The markup is not Gradio's (`shell.py` puts it beside this), so this one component shows nothing.
    """

    async def respond(event: gr.EventData, request: gr.Request) -> AsyncIterator[dict[str, Any]]:
        async for piece in reply(live, event._data, request.headers, recorder, asks_feedback=asks_feedback):
            yield piece

    settings: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "trigger_mode": "multiple"}
    page: gr.Blocks
    with gr.Blocks(title=say(HOME, "page_title"), analytics_enabled=False) as page:
        wire = gr.HTML(js_on_load=CONNECT, html_template="")
        asking = wire.submit(respond, None, wire, concurrency_limit=concurrency, **settings)
        wire.stop(None, None, None, cancels=[asking], **settings)
    return page


async def reply(
    live: LiveEngine, data: object, headers: Mapping[str, str], recorder: Recorder, *, asks_feedback: bool
) -> AsyncIterator[dict[str, Any]]:
    """What the page gets: the answer as it grows, then the whole turn with its sources.

    A question that breaks something ends in a piece that says so; the page then gives the question back.
    """
    number = data.get("id") if isinstance(data, dict) else None
    try:
        asked = _ASKED.validate_python(data)
        index, result = await run_in_threadpool(_answer, live, asked)
        result = sign(result, headers)
        count_answer(result)
        grown = list(render_reply(result, asked.turn, asked.language))
        for text in grown[:: math.ceil(len(grown) / _MAX_PIECES)]:
            yield {"id": number, "state": "growing", "html": text}
            await asyncio.sleep(_PIECE_PAUSE_S)
        yield {"id": number, "state": "done", **_whole(asked, result, index, asks_feedback)}
        recorder.keep([*asked.turns, asked.question], result, index, Channel.PAGE)
    except FilterError as error:  # a link may have a filter that a newer version of the guide has not
        yield {"id": number, "state": "failed", "error": str(error)}
    except Exception as error:  # at the edge: whatever broke, the page must not wait for ever
        _log.error("%s", without_words(error))
        yield {"id": number, "state": "failed"}


def _answer(live: LiveEngine, asked: Asked) -> tuple[Index, Answer]:
    """The answer, and the version that it is made from."""
    with live.turn() as engine:
        filters = read_filters(asked.filters, engine.index.catalog, asked.language)
        return engine.index, answer(engine, [*asked.turns[1 - MAX_TURNS :], asked.question], filters=filters)


def _whole(asked: Asked, result: Answer, index: Index, asks_feedback: bool) -> dict[str, Any]:
    """The finished turn: its HTML, and what the page keeps to go on from it. Personal data are not in it."""
    question = screen(asked.question).text
    return {
        "question": question,
        "html": render_turn(
            question,
            result,
            index,
            asked.turn,
            asked.language,
            asks_feedback=asks_feedback and result.receipt is not None,
        ),
        "asks": [question] if result.citations else [],
        "record": result.as_json(),
        "copies": {
            "text": clean_text(result),
            "sourced_text": text_with_sources(question, result, asked.language),
            "sourced_html": html_with_sources(question, result, asked.language),
        },
        "link": {"spor": result.understood or question, **asked.filters},
    }


def page_options() -> dict[str, Any]:
    """What Gradio wants at mounting: none of its own links, and nothing that stores or reports."""
    return {
        "theme": gr.themes.Base(
            font=["Atkinson Hyperlegible Next", "system-ui", "sans-serif"], font_mono=["monospace"]
        ),
        "footer_links": [],
        "enable_monitoring": False,
        "run_history": False,
        "show_error": False,
        "ssr_mode": False,
    }
