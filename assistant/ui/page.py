"""The chat: question, streamed answer with `[n]`, and the sources beside it."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.answer import answer
from assistant.live import LiveEngine
from assistant.texts import say
from assistant.ui.sources import link_marks, render_sources

_UI = "nb"
_ASSETS = Path(__file__).parent
_PIECE_WORDS = 4
_PIECE_PAUSE_S = 0.02  # lets the browser draw between two pieces; a whole answer takes well under a second
_EXAMPLES = ("page_example_1", "page_example_2", "page_example_3", "page_example_4")

Messages = list[dict[str, Any]]
Update = tuple[Messages, str, str, list[str], list[str], Any]


def build_page(live: LiveEngine, concurrency: int) -> gr.Blocks:
    """The page as Gradio Blocks, to be mounted by the server."""

    def respond(question: str, messages: Messages, asked: list[str], cards: list[str]) -> Iterator[Update]:
        engine = live.current()
        result = answer(engine, [*asked, question])
        turn = len(cards)
        messages = [*messages, {"role": "user", "content": question}]
        asked = [*asked, question] if result.citations else asked
        lead = say(result.language, "understood", question=result.understood) + "\n\n" if result.understood else ""
        cards = [*cards, render_sources(result, engine.index.catalog, turn)]
        panel = _panel(cards)
        note = f"\n\n{result.receipt.note}" if result.receipt and result.receipt.note else ""
        for text in _pieces(lead + result.text + note):
            reply = {"role": "assistant", "content": link_marks(text, turn)}
            yield [*messages, reply], panel, "", asked, cards, gr.update(visible=False)
            time.sleep(_PIECE_PAUSE_S)

    page: gr.Blocks
    with gr.Blocks(title=say(_UI, "page_title"), analytics_enabled=False, fill_width=True) as page:
        gr.HTML(
            f"<header><h1>{say(_UI, 'page_title')}</h1><p>{say(_UI, 'page_intro')}</p>"
            f'<p class="notice">{say(_UI, "page_notice")}</p></header>'
        )
        asked = gr.State([])
        cards = gr.State([])
        with gr.Row(elem_id="columns"):
            with gr.Column(scale=3, min_width=300, elem_id="chat"):
                chat = gr.Chatbot(
                    label=say(_UI, "page_conversation"), show_label=False, elem_id="conversation", buttons=["copy"],
                    height="auto", layout="panel", feedback_options=None, group_consecutive_messages=False,
                )  # fmt: skip
                box = gr.Textbox(
                    label=say(_UI, "page_question"), placeholder=say(_UI, "page_placeholder"), lines=1, max_lines=6,
                    submit_btn=say(_UI, "page_ask"), elem_id="question", autofocus=True,
                )  # fmt: skip
                with gr.Group(elem_id="examples") as examples:
                    gr.HTML(f"<h2>{say(_UI, 'page_examples')}</h2>")
                    buttons = [gr.Button(say(_UI, key), size="sm", variant="secondary") for key in _EXAMPLES]
                clear = gr.Button(say(_UI, "page_clear"), size="sm", variant="secondary", elem_id="clear")
            with gr.Column(scale=2, min_width=300, elem_id="sources"):
                panel = gr.HTML(_panel([]))
        outputs = [chat, panel, box, asked, cards, examples]
        inputs = [box, chat, asked, cards]
        settings: dict[str, Any] = {
            "api_visibility": "private",
            "show_progress": "hidden",
            "concurrency_limit": concurrency,
        }
        box.submit(respond, inputs, outputs, **settings)
        for button in buttons:
            button.click(respond, [button, *inputs[1:]], outputs, **settings)
        clear.click(lambda: ([], _panel([]), "", [], [], gr.update(visible=True)), None, outputs, **settings)
    return page


def _pieces(text: str) -> Iterator[str]:
    """The text as it grows, a few words at a time; the last one is the whole."""
    words = text.split(" ")
    for end in range(_PIECE_WORDS, len(words), _PIECE_WORDS):
        yield " ".join(words[:end])
    yield text


def _panel(cards: list[str]) -> str:
    heading = f"<h2>{say(_UI, 'page_sources')}</h2>"
    return heading + ("".join(cards) if cards else f"<p>{say(_UI, 'page_no_sources')}</p>")


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def page_options() -> dict[str, Any]:
    """What Gradio wants at mounting: our theme, style and script, and none of its own links."""
    theme = gr.themes.Base(
        primary_hue="teal",
        neutral_hue="stone",
        font=["system-ui", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "Consolas", "monospace"],
        radius_size="md",
        text_size="md",
    )
    return {
        "theme": theme,
        # Not `css_paths`: Gradio rewrites those selectors so that none reaches outside its own container.
        "head": f"<style>{_asset('page.css')}</style><script>{_asset('page.js')}</script>",
        "footer_links": [],
        "enable_monitoring": False,
        "run_history": False,
        "show_error": False,
        "ssr_mode": False,
    }
