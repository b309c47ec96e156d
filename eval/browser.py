"""A real server and a real headless Chromium, for pictures, measurements and tests."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

from playwright.sync_api import Browser, Locator, Page, sync_playwright

SIZES = {"desktop": (1280, 900), "phone": (390, 844), "narrow": (320, 640)}
_START_TIMEOUT_S = 60
# Without these a headless Chromium asks its maker's servers for updates.
_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str] | None = None, port: int = 0) -> Iterator[str]:
    """The address of a server that `command` starts on the port it is given in place of `{port}`; stopped afterwards.

    The port is a free one where none is wanted.

    Raises: TimeoutError where it does not answer.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    words = [word.replace("{port}", str(port)) for word in command]
    server = subprocess.Popen(words, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not _answers(address):
            if server.poll() is not None or time.monotonic() > deadline:
                raise TimeoutError(f"the server at {address} did not start (exit status {server.poll()})")
            time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=10)


@contextmanager
def running_chroma(folder: Path, port: int = 0) -> Iterator[str]:
    """The address of a real Chroma server that keeps its collections in `folder`. Raises: TimeoutError."""
    chroma = str(Path(sys.executable).with_name("chroma"))
    with running([chroma, "run", "--host", "127.0.0.1", "--port", "{port}", "--path", str(folder)], port=port) as url:
        yield url


@contextmanager
def running_server(environment: Mapping[str, str]) -> Iterator[str]:
    """The address of a real `abc serve`. Raises: TimeoutError."""
    with running([sys.executable, "-m", "assistant", "serve", "--port", "{port}"], environment) as address:
        yield address


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own loopback address
            return True
    except HTTPError:  # Chroma has nothing at its root
        return True
    except OSError:
        return False


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless Chromium. Raises: FileNotFoundError where it is not installed."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise FileNotFoundError("Debian's chromium is not installed: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=_FLAGS)
        yield browser
        browser.close()


@contextmanager
def open_page(
    browser: Browser, address: str, size: str = "desktop", theme: str = "light", language: str = "nb-NO", path: str = ""
) -> Iterator[Page]:
    """The page for somebody who has never been there."""
    width, height = SIZES[size]
    context = browser.new_context(
        locale=language, viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light", permissions=["clipboard-read", "clipboard-write"],
    )  # fmt: skip
    page = context.new_page()
    try:
        page.goto(address + path)
        yield page
    finally:
        context.close()


def ask(page: Page, question: str) -> Locator:
    """Types the question and sends it; the whole turn, when it has come."""
    turns = page.locator("article.turn")
    before = turns.count()
    page.locator("textarea").fill(question)
    page.locator("button.send").click()
    turns.nth(before).locator(".actions").wait_for()
    return turns.nth(before)
