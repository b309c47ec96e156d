"""The buttons under an answer: what they are called, what they send, and what they tell."""

import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import assistant.ui
from assistant.feedback.types import Rating, Reason
from assistant.texts import LANGUAGES, say
from assistant.ui.feedback import render_feedback
from eval.browser import open_page

ASSETS = Path(assistant.ui.__file__).parent


class Elements(HTMLParser):
    """Every element of a text, as its name and its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_a_button_in_the_language_of_the_page(language: str) -> None:
    html = render_feedback(3, language)
    for reason in Reason:
        assert f'data-reason="{reason}">{say(language, f"reason_{reason}")}</button>' in html
    assert html.count("<legend>") == html.count("<fieldset") == 2
    assert say(language, "feedback_kept") in html


def test_names_of_the_buttons_begin_with_what_they_show() -> None:
    for language in LANGUAGES:
        for key in ("feedback_yes", "feedback_no"):
            assert say(language, f"{key}_name").startswith(say(language, key))


def test_markup_has_no_script_and_no_id_of_another_answer() -> None:
    first, second = (Elements(render_feedback(turn, "nb")).found for turn in (0, 1))
    assert {name for _, attributes in first for name in attributes if name.startswith(("on", "style"))} == set()
    ids = [[a["id"] for _, a in found if "id" in a] for found in (first, second)]
    assert set(ids[0]) & set(ids[1]) == set()
    for found, own in zip((first, second), ids, strict=True):
        pointed = {a[name] for _, a in found for name in ("aria-controls", "aria-describedby") if name in a}
        assert pointed == set(own)
    assert all(a.get("type") == "button" for tag, a in first if tag == "button")


def test_style_uses_the_variables_of_the_page() -> None:
    css = (ASSETS / "feedback.css").read_text(encoding="utf-8")
    defined = set(re.findall(r"(--abc-[\w-]+):", (ASSETS / "page.css").read_text(encoding="utf-8")))
    assert set(re.findall(r"var\((--[\w-]+)\)", css)) <= defined
    assert re.findall(r"#[0-9a-f]{3,8}\b", css) == []


PAGE = """<!doctype html><html lang="nb"><meta charset="utf-8"><title>Prøve</title><style>{css}
body {{ background: var(--abc-card); font: 16px system-ui; }}</style>
<label>Spørsmålet ditt<input></label><main>{forms}</main>
<script>{script}
window.sent = [];
window.reply = {{ok: true}};
wireFeedback(document, function (payload) {{
  window.sent.push(payload);
  return window.reply === null ? Promise.reject(new Error("borte")) : Promise.resolve(window.reply);
}});</script>"""

needs_chromium = pytest.mark.skipif(shutil.which("chromium") is None, reason="Debian's chromium is not installed")


@pytest.fixture(scope="module")
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Two answers' buttons, wired to a server that says what `window.reply` is."""
    parts = {name: (ASSETS / name).read_text(encoding="utf-8") for name in ("page.css", "feedback.css", "feedback.js")}
    forms = render_feedback(0, "nb") + render_feedback(1, "nn")
    file = tmp_path_factory.mktemp("side") / "side.html"
    css = parts["page.css"] + parts["feedback.css"]
    file.write_text(PAGE.format(css=css, forms=forms, script=parts["feedback.js"]), encoding="utf-8")
    with open_page(browser, file.as_uri(), "phone") as page:
        yield page


@pytest.fixture
def page(opened: Page) -> Page:
    """The page as it is before anyone has pressed anything."""
    opened.reload()
    return opened


@pytest.mark.browser
@needs_chromium
def test_yes_is_sent_once_and_thanked_for(page: Page) -> None:
    form = page.locator("[data-feedback='0']")
    form.get_by_role("button", name=say("nb", "feedback_yes_name")).dblclick()
    form.get_by_text(say("nb", "feedback_thanks")).wait_for()
    assert page.evaluate("window.sent") == [{"turn": 0, "rating": Rating.HELPFUL, "reason": None, "language": "nb"}]
    assert form.get_by_role("button").count() == 0
    assert page.evaluate("document.activeElement.getAttribute('role')") == "status"
    assert page.locator("[data-feedback='1']").get_by_role("button").count() == 2


@pytest.mark.browser
@needs_chromium
def test_no_opens_the_reasons_and_a_reason_is_sent_by_keyboard_alone(page: Page) -> None:
    form = page.locator("[data-feedback='1']")
    no = form.get_by_role("button", name=say("nn", "feedback_no_name"))
    assert not form.get_by_role("group", name=say("nn", "feedback_why")).is_visible()
    no.focus()
    page.keyboard.press("Enter")
    assert no.get_attribute("aria-expanded") == "true"
    assert form.get_by_role("group", name=say("nn", "feedback_why")).is_visible()
    assert page.evaluate("window.sent") == []
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    form.get_by_text(say("nn", "feedback_thanks")).wait_for()
    chosen = {"turn": 1, "rating": Rating.NOT_HELPFUL, "reason": Reason.MISSING_DETAIL, "language": "nn"}
    assert page.evaluate("window.sent") == [chosen]


@pytest.mark.browser
@needs_chromium
def test_no_closes_the_reasons_again(page: Page) -> None:
    no = page.get_by_role("button", name=say("nb", "feedback_no_name"))
    no.click()
    no.click()
    assert no.get_attribute("aria-expanded") == "false"
    assert page.get_by_role("group", name=say("nb", "feedback_why")).count() == 0


@pytest.mark.browser
@needs_chromium
@pytest.mark.parametrize("reply", [{"ok": False, "status": 503}, None])
def test_what_was_not_saved_is_told_and_can_be_tried_again(page: Page, reply: object) -> None:
    page.evaluate(f"window.reply = {json.dumps(reply)}")
    yes = page.locator("[data-feedback='0']").get_by_role("button", name=say("nb", "feedback_yes_name"))
    yes.click()
    page.get_by_text(say("nb", "feedback_failed")).wait_for()
    page.evaluate("window.reply = {ok: true}")
    yes.click()
    page.get_by_text(say("nb", "feedback_thanks")).wait_for()
    assert len(page.evaluate("window.sent")) == 2


@pytest.mark.browser
@needs_chromium
def test_buttons_are_large_enough_and_nothing_scrolls_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.get_by_role("button", name=say("nb", "feedback_no_name")).click()
    sizes = page.evaluate(
        "[...document.querySelectorAll('button')].filter(b => b.offsetParent).map(b => [b.offsetWidth, b.offsetHeight])"
    )
    assert len(sizes) == 4 + len(Reason)
    assert all(min(size) >= 24 for size in sizes)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
