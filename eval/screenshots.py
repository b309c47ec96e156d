"""`python -m eval.screenshots`: the real page in headless Chromium, as pictures, for a person to look at."""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

SIZES = {"desktop": (1280, 900), "phone": (390, 844), "narrow": (320, 640)}
VIEWS = {"empty": "/nb", "lookup": "/nb/sla-opp", "about": "/nb/om"}
THEMES = ("light", "dark")
QUESTIONS = {
    "answer": "Hvem kan søke tilskudd til sosialt entreprenørskap?",
    "refusal": "Hva tar en advokat i timen?",
    "list": "Hvilke tilskudd kan en forening i Vestfold søke?",
    "comparison": "Hva er forskjellen på aksjeselskap og forening?",
    "conditions": "Vi er en stiftelse. Kan vi få momskompensasjon?",
}
_START_TIMEOUT_S = 60
_SCROLL_MS = 800  # a smooth scroll ends within this
# Without these a headless Chromium asks its maker's servers for updates.
_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@contextmanager
def running_server(environment: dict[str, str]) -> Iterator[str]:
    """The address of a real `abc serve` on a free port, stopped afterwards. Raises: TimeoutError."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "assistant", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not _answers(address):
            if server.poll() is not None or time.monotonic() > deadline:
                raise TimeoutError(f"the server at {address} did not start (exit status {server.poll()})")
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=10)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own loopback address
            return True
    except OSError:
        return False


@contextmanager
def open_page(
    address: str, size: str = "desktop", theme: str = "light", language: str = "nb-NO", path: str = ""
) -> Iterator[Page]:
    """The page in a fresh Chromium profile. Raises: FileNotFoundError where Chromium is not installed."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise FileNotFoundError("Debian's chromium is not installed: sudo apt-get install chromium")
    width, height = SIZES[size]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium, headless=True, args=_FLAGS, locale=language,
            viewport={"width": width, "height": height}, color_scheme="dark" if theme == "dark" else "light",
            permissions=["clipboard-read", "clipboard-write"],
        )  # fmt: skip
        page = context.new_page()
        page.goto(address + path)
        yield page
        context.close()


def ask(page: Page, question: str) -> Locator:
    """Types the question and sends it; the whole turn, when it has come."""
    turns = page.locator("article.turn")
    before = turns.count()
    page.locator("textarea").fill(question)
    page.locator("button.send").click()
    turns.nth(before).locator(".actions").wait_for()
    return turns.nth(before)


def main() -> None:
    """Writes one picture per state, size and theme."""
    parser = argparse.ArgumentParser(prog="python -m eval.screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with running_server({}) as address:
        for size, theme in product(("desktop", "phone"), THEMES):
            for name, path in VIEWS.items():
                with open_page(address, size, theme, path=path) as page:
                    page.screenshot(path=options.out / f"{name}-{size}-{theme}.png")
            for name, question in QUESTIONS.items():
                with open_page(address, size, theme) as page:
                    turn = ask(page, question)
                    page.screenshot(path=options.out / f"{name}-{size}-{theme}.png")
                    if name == "answer":
                        turn.locator("a.cite").nth(3).click()
                        page.wait_for_timeout(_SCROLL_MS)
                        page.screenshot(path=options.out / f"source-{size}-{theme}.png")
    print(f"{options.out}: {len(list(options.out.glob('*.png')))} pictures")


if __name__ == "__main__":
    main()
