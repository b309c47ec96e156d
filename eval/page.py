"""`python -m eval.page`: how soon the page can be used and answers, and what it loads, beside `gr.ChatInterface`.

Both serve the same engine from a process of their own and are opened in turn by a cold headless Chromium. Usable is
when the box takes text; first words are counted from Enter, in the browser.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from playwright.sync_api import Browser, Page

from eval.browser import running, running_browser, running_server

_PEER = """
import gradio as gr
from assistant.answer import answer
from assistant.config import read_config
from assistant.live import LiveEngine
live = LiveEngine(read_config())
live.warm_up()
def respond(question, history):
    text = answer(live.current(), [question]).text
    words = text.split(" ")
    for end in range(4, len(words) + 4, 4):
        yield " ".join(words[:end])
gr.ChatInterface(respond).launch(server_port={port}, quiet=True)
"""
_READING_MS = 2_000
_REPLY, _PEER_REPLY = "article.turn .reply", "[data-testid=bot]"
QUESTIONS = (
    "Hvor mye aksjekapital må et aksjeselskap ha?",
    "Hvem kan søke tilskudd til sosialt entreprenørskap?",
    "Når er fristen for momskompensasjon?",
    "Hva er en effektkontrakt?",
    "Må vi ha revisor i stiftelsen?",
)


@dataclass(frozen=True)
class Opened:
    """One cold opening: seconds until it can be used, what it loaded with one answer, seconds from Enter to words."""

    usable_s: float
    kib: float
    requests: int
    first_words_s: float


def open_once(browser: Browser, address: str, reply: str, question: str) -> Opened:
    """Opens the page with an empty cache and asks; `reply` selects the text of the last answer."""
    context = browser.new_context(locale="nb-NO")
    page = context.new_page()
    sizes: list[float] = []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator("textarea").first.fill("h")
    usable_s = time.perf_counter() - started
    page.wait_for_timeout(_READING_MS)
    first_words_s = _first_words(page, question, reply)
    page.wait_for_timeout(_READING_MS)  # the rest of the answer comes
    context.close()
    return Opened(usable_s, sum(sizes) / 1024, len(sizes), first_words_s)


def _first_words(page: Page, question: str, reply: str) -> float:
    """Seconds, by the clock of the browser: a look from outside may come late."""
    page.evaluate(
        """(reply) => {
          window.firstWords = new Promise((resolve) => new MutationObserver((_, self) => {
            const found = document.querySelector(reply);
            if (!found || found.innerText.trim().length < 9) return;
            self.disconnect();
            resolve(performance.now() - window.sentAt);
          }).observe(document.body, {childList: true, subtree: true, characterData: true}));
          document.addEventListener("keydown", (event) => {
            if (event.key === "Enter") window.sentAt = performance.now();
          }, {capture: true});
        }""",
        reply,
    )
    box = page.locator("textarea").first
    box.fill(question)
    box.press("Enter")
    milliseconds: float = page.evaluate("window.firstWords")
    return milliseconds / 1000


def describe(name: str, opened: Sequence[Opened]) -> str:
    """A row of the table: medians with the extremes."""

    def spread(values: Sequence[float], scale: float, form: str) -> str:
        middle, low, high = statistics.median(values), min(values), max(values)
        return f"{middle * scale:{form}} ({low * scale:{form}}–{high * scale:{form}})"

    usable = spread([one.usable_s for one in opened], 1, ".2f")
    loaded = f"{opened[0].kib:.0f} | {opened[0].requests}"
    return f"| {name} | {usable} | {spread([one.first_words_s for one in opened], 1000, '.0f')} | {loaded} |"


def main() -> None:
    """Prints the table, and the ratios of the medians."""
    parser = argparse.ArgumentParser(prog="python -m eval.page", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    peer_command = [sys.executable, "-c", _PEER]
    no_reports = {"GRADIO_ANALYTICS_ENABLED": "False"}
    with running_server({}) as ours, running(peer_command, no_reports) as peer, running_browser() as browser:
        pairs = [
            (open_once(browser, f"{ours}/nb", _REPLY, question), open_once(browser, peer, _PEER_REPLY, question))
            for question in islice(cycle(QUESTIONS), runs)
        ]
    mine, theirs = ([pair[side] for pair in pairs] for side in (0, 1))
    print("| page | usable, s | first words, ms | KiB | requests |\n|---|---|---|---|---|")
    print(describe("ours", mine))
    print(describe("plain gr.ChatInterface", theirs))
    parts: dict[str, Callable[[Opened], float]] = {
        "usable": lambda one: one.usable_s, "first words": lambda one: one.first_words_s,
    }  # fmt: skip
    for name, part in parts.items():
        ratio = statistics.median(map(part, theirs)) / statistics.median(map(part, mine))
        print(f"{name}: {ratio:.1f} times sooner than the peer")


if __name__ == "__main__":
    main()
