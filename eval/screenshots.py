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
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
THEMES = ("light", "dark")
QUESTIONS = {
    "answer": "Hvem kan søke tilskudd til sosialt entreprenørskap?",
    "refusal": "Hva tar en advokat i timen?",
    "comparison": "Hva er forskjellen på aksjeselskap og forening?",
    "conditions": "Vi er en stiftelse. Kan vi få momskompensasjon?",
}
_START_TIMEOUT_S = 60
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
def open_page(address: str, size: str = "desktop", theme: str = "light") -> Iterator[Page]:
    """The page in a fresh Chromium profile. Raises: FileNotFoundError where Chromium is not installed."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise FileNotFoundError("Debian's chromium is not installed: sudo apt-get install chromium")
    width, height = SIZES[size]
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium, headless=True, args=_FLAGS, locale="en-US",
            viewport={"width": width, "height": height}, color_scheme="dark" if theme == "dark" else "light",
        )  # fmt: skip
        page = context.new_page()
        page.goto(address)
        page.get_by_label("Spørsmålet ditt").wait_for()
        yield page
        context.close()


def ask(page: Page, question: str) -> None:
    """Types the question, sends it, and waits until the answer has stopped growing."""
    page.get_by_label("Spørsmålet ditt").fill(question)
    page.get_by_role("button", name="Spør", exact=True).click()
    reply = page.locator("[data-testid=bot]").last
    reply.wait_for()
    before, same = "", 0
    while same < 3:
        time.sleep(0.2)
        now = reply.inner_text()
        same = same + 1 if now == before else 0
        before = now


def main() -> None:
    """Writes one picture per state, size and theme."""
    parser = argparse.ArgumentParser(prog="python -m eval.screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with running_server({}) as address:
        for size in SIZES:
            for theme in THEMES:
                with open_page(address, size, theme) as page:
                    page.screenshot(path=options.out / f"empty-{size}-{theme}.png")
                for name, question in QUESTIONS.items():
                    with open_page(address, size, theme) as page:
                        ask(page, question)
                        page.evaluate("scrollTo(0, 0)")
                        page.screenshot(path=options.out / f"{name}-{size}-{theme}.png")
                        if name == "answer":
                            page.locator('a[href^="#kilde-"]').nth(3).click()
                            time.sleep(0.8)
                            page.screenshot(path=options.out / f"source-{size}-{theme}.png")
    print(f"{options.out}: {len(list(options.out.glob('*.png')))} pictures")


if __name__ == "__main__":
    main()
