"""`abc serve --watch` as an editor meets it: real files, a real server, headless Chromium."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_guide import MARKS, WATCH_ANNOUNCEMENTS, Guide, fits_sideways, serious_findings
from conftest import FILES, write_corpus
from playwright.sync_api import Browser, Page, expect

from eval.browser import SIZES, ask, open_page, running
from index.versions import read_pointer

pytestmark = MARKS

CAPITAL = "guide/aksjekapital.md"
QUESTION = "Hvor mye aksjekapital må vi ha?"
CHANGE = "guide/aksjekapital, ingress: 30 000 kroner → 31 000 kroner"
SLOW_MS = 60_000  # a build is a process, and the machine may be busy


@pytest.fixture
def guide(tmp_path: Path) -> Guide:
    guide = Guide(write_corpus(tmp_path / "corpus"), tmp_path / "index")
    guide.build()
    return guide


@pytest.fixture
def address(guide: Guide, tmp_path: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "assistant", "serve", "--watch", "--port", "{port}"]
    with running(command, {**guide.settings, "ABC_STORE": str(tmp_path / "abc.sqlite")}) as url:
        yield url


def save(guide: Guide, old: str, new: str) -> None:
    (guide.corpus / CAPITAL).write_text(FILES[CAPITAL].replace(old, new), encoding="utf-8")


def expect_told(page: Page, state: str, *words: str) -> None:
    strip = page.locator("[data-watch]")
    expect(strip).to_have_attribute("data-state", state, timeout=SLOW_MS)
    for word in words:
        expect(strip).to_contain_text(word, timeout=SLOW_MS)


def test_an_edited_amount_is_told_and_answered_and_a_fault_changes_nothing(
    browser: Browser, address: str, guide: Guide
) -> None:
    with open_page(browser, address) as page:
        expect_told(page, "unchanged", "er lik filene")
        page.evaluate(WATCH_ANNOUNCEMENTS)
        expect(ask(page, QUESTION)).to_contain_text("30 000 kroner")
        save(guide, "30 000", "31 000")
        expect_told(page, "built", "Versjon 000002 er i bruk", CHANGE, "ikke prøvd på målesettet")
        expect(ask(page, QUESTION)).to_contain_text("31 000 kroner")
        serving = read_pointer(guide.index)

        save(guide, "sted: [Norge]", "sted: Norge")
        line = FILES[CAPITAL].splitlines().index("sted: [Norge]") + 1
        expect_told(page, "failed", "Forrige versjon svarer fortsatt", f"{CAPITAL}, linje {line}:")
        expect(ask(page, QUESTION)).to_contain_text("31 000 kroner")
        assert read_pointer(guide.index) == serving
        said = page.evaluate("window.announced")
        assert [CHANGE in text for text in said if text.startswith("Versjon")] == [True]
        assert any(text.startswith("Feil kl.") for text in said)

        page.get_by_role("button", name="Lukk meldingen").click()
        expect(page.locator("[data-watch]")).to_be_hidden()
        save(guide, "30 000", "31 000")  # as it was: the fault is gone, and nothing else is other
        expect_told(page, "unchanged", "Versjon 000002 er i bruk")
        expect(page.locator("[data-watch]")).to_be_visible()


def test_the_strip_fits_every_screen_and_keeps_nobody_out(browser: Browser, address: str, guide: Guide) -> None:
    save(guide, "sted: [Norge]", "sted: Norge")
    for size in SIZES:
        for theme in ("light", "dark"):
            with open_page(browser, address, size, theme, path="/en") as page:
                expect_told(page, "failed", "The previous version still answers", CAPITAL)
                assert fits_sideways(page)
                assert serious_findings(page) == []
