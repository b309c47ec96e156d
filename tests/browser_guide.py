"""What the browser tests have alike: a guide on disk that a real server serves, and looking as people do."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from index.build import build_index
from index.document import read_corpus
from index.embed import load_embedder

MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="Debian's chromium is not installed"),
]
WATCH_ANNOUNCEMENTS = """() => {
  window.announced = [];
  for (const region of document.querySelectorAll("[role=status], [role=log], [aria-live]"))
    new MutationObserver(() => region.textContent.trim() && window.announced.push(region.textContent))
      .observe(region, {childList: true, subtree: true, characterData: true});
}"""


@dataclass(frozen=True)
class Guide:
    """A tiny guide on disk with an index, and the settings that serve it."""

    corpus: Path
    index: Path

    @property
    def settings(self) -> dict[str, str]:
        return {"ABC_CORPUS": str(self.corpus), "ABC_INDEX": str(self.index)}

    def build(self) -> None:
        build_index(read_corpus(self.corpus), self.index, load_embedder())


def focused(page: Page) -> Any:
    """What has the keyboard: the tag and the text of it."""
    return page.evaluate("[document.activeElement.tagName, document.activeElement.textContent.trim()]")


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Presses Tab until what has the keyboard fits the selector."""
    for _ in range(90):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} can't be reached by the keyboard")


def wait_until(page: Page, expression: str) -> None:
    """Waits until the expression is true in the page; its own policy lets no waiting function be made from a text."""
    for _ in range(400):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"never true: {expression}")


def serious_findings(page: Page) -> list[str]:
    """What axe finds that keeps people out."""
    return [
        f"{finding['id']}: {node['html']} {node['failureSummary']}"
        for finding in Axe().run(page).response["violations"]
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]


def fits_sideways(page: Page) -> bool:
    """Whether nothing has to be scrolled to sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
