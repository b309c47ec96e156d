"""The maintainers' page in headless Chromium: by keyboard alone, without scripts, on a phone, in the dark."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from browser_guide import MARKS, Guide, fits_sideways, focused, serious_findings, tab_to
from conftest import FILES, write_corpus
from maintain_page import HASH, PASSWORD
from playwright.sync_api import Browser, Page, expect

from eval.browser import SIZES, open_page, running_server
from index.versions import list_versions, read_pointer

pytestmark = MARKS

HOME = "/vedlikehold"
EDITED = "guide/tilskudd-fra-fylket.md"


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Guide:
    """A guide in two versions: the second has another amount."""
    home = tmp_path_factory.mktemp("maintain")
    guide = Guide(write_corpus(home / "corpus"), home / "index")
    guide.build()
    (guide.corpus / EDITED).write_text(FILES[EDITED].replace("50 000", "60 000"), encoding="utf-8")
    guide.build()
    return guide


@pytest.fixture(scope="module")
def address(guide: Guide, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = tmp_path_factory.mktemp("store") / "abc.sqlite"
    with running_server({**guide.settings, "ABC_ADMIN_HASH": HASH, "ABC_STORE": str(store)}) as url:
        yield url


@contextmanager
def logged_in(browser: Browser, address: str, size: str = "desktop", theme: str = "light") -> Iterator[Page]:
    """The page as a maintainer sees it who has come with the keyboard alone."""
    with open_page(browser, address, size, theme, path=HOME) as page:
        expect(page.get_by_label("Passord")).to_be_focused()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{HOME}")
        yield page


def test_the_keyboard_alone_logs_in_goes_back_and_logs_out(browser: Browser, address: str, guide: Guide) -> None:
    older, newer = (found.version for found in list_versions(guide.index))
    assert read_pointer(guide.index) == newer
    with logged_in(browser, address) as page:
        tab_to(page, "form[action$=versjon] button")
        assert focused(page) == ["BUTTON", f"Gå tilbake til denne: {older}"]
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{HOME}?byttet#status")
        expect(page.get_by_role("status").filter(has_text="tatt i bruk")).to_be_visible()
        assert read_pointer(guide.index) == older
        tab_to(page, "form[action$=versjon] button")
        assert focused(page) == ["BUTTON", f"Ta i bruk denne: {newer}"]
        page.keyboard.press("Enter")
        expect(page.locator(".versions li", has_text=newer).get_by_text("Valgt")).to_be_visible()
        assert read_pointer(guide.index) == newer
        tab_to(page, "form[action$=logg-ut] button", "Shift+Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/logg-inn")
        page.goto(address + HOME)
        expect(page.get_by_label("Passord")).to_be_focused()


def test_a_wrong_password_is_told_beside_the_field(browser: Browser, address: str) -> None:
    with open_page(browser, address, path=HOME) as page:
        expect(page.get_by_label("Passord")).to_be_focused()
        page.keyboard.type("et feil passord")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("Passordet er feil.")
        expect(page.get_by_label("Passord")).to_be_focused()
        expect(page.get_by_label("Passord")).to_have_value("")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_beside_the_screen(
    browser: Browser, address: str, size: str, theme: str
) -> None:
    with open_page(browser, address, size, theme, path=HOME) as page:
        assert serious_findings(page) == []
        assert fits_sideways(page)
    with logged_in(browser, address, size, theme) as page:
        page.get_by_label("Tekst", exact=True).fill("---\ntittel: x\n---\n\n" + "Uten merke " * 30)
        page.get_by_role("button", name="Sjekk teksten").click()
        expect(page.locator(".findings")).to_be_visible()
        page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true; })")
        assert serious_findings(page) == []
        assert fits_sideways(page)


def test_no_script_that_is_pasted_in_runs(browser: Browser, address: str) -> None:
    with logged_in(browser, address) as page:
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        attack = "</textarea><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>"
        page.get_by_label("Tekst", exact=True).fill(attack)
        page.get_by_role("button", name="Sjekk teksten").click()
        expect(page.get_by_label("Tekst", exact=True)).to_have_value(attack)
        page.wait_for_timeout(200)
        assert dialogs == []


def test_even_a_script_that_got_in_would_not_run(browser: Browser, address: str) -> None:
    with logged_in(browser, address) as page:
        page.evaluate(
            """() => {
              const script = document.createElement("script");
              script.textContent = "window.ran = true";
              document.body.append(script);
              document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.ran = true'>");
            }"""
        )
        page.wait_for_timeout(200)
        assert page.evaluate("window.ran") is None


def test_a_build_is_started_followed_and_in_use(browser: Browser, address: str, guide: Guide) -> None:
    before = read_pointer(guide.index)
    (guide.corpus / EDITED).write_text(FILES[EDITED].replace("50 000", "70 000"), encoding="utf-8")
    with logged_in(browser, address) as page:
        page.get_by_role("button", name="Bygg nå").click()
        page.get_by_label("Tekst", exact=True).fill("noe jeg skriver imens")
        state = page.locator("[data-builds] .state")
        expect(state).to_contain_text("Byggingen er ferdig.", timeout=60_000)
        expect(page.get_by_label("Tekst", exact=True)).to_have_value("noe jeg skriver imens")
        expect(page.locator("[data-build-status]")).to_contain_text("ferdig")
        expect(page.get_by_role("button", name="Bygg nå")).to_be_enabled()
        expect(page.locator("[data-builds] .told")).to_contain_text("endret: 1")
        page.get_by_role("link", name="Last siden på nytt").click()
        after = read_pointer(guide.index)
        assert after > before
        expect(page.locator(".versions li", has_text=after).get_by_text("Valgt")).to_be_visible()


def test_all_of_it_works_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    try:
        page.goto(address + HOME)
        page.get_by_label("Passord").fill(PASSWORD)
        page.get_by_role("button", name="Logg inn").click()
        page.get_by_role("button", name="Vis hva som ville skje").click()
        while page.get_by_text("Prøven pågår").count():
            page.get_by_role("link", name="Last siden på nytt").click()
        expect(page.locator("[data-builds] .state")).to_have_text(re.compile("ferdig|stoppet"))
        page.get_by_label("Tekst", exact=True).fill(FILES["guide/aksjekapital.md"])
        page.get_by_role("button", name="Sjekk teksten").click()
        expect(page.get_by_text("Fant ingen feil")).to_be_visible()
        page.get_by_role("button", name="Logg ut").click()
        expect(page.get_by_label("Passord")).to_be_visible()
    finally:
        context.close()
