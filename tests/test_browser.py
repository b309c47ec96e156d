"""The real page in headless Chromium, on a tiny guide and the shipped model."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_guide import (
    MARKS,
    WATCH_ANNOUNCEMENTS,
    Guide,
    fits_sideways,
    focused,
    serious_findings,
    tab_to,
    wait_until,
)
from model_server import ModelServer
from playwright.sync_api import Browser, Page, expect

from eval.browser import ask, open_page, running_server

pytestmark = MARKS

QUESTION = "Hvor mye aksjekapital må et aksjeselskap ha?"
NEXT_QUESTION = "Når må aksjekapitalen være betalt?"
SHORT_ANSWER = (
    "Et aksjeselskap må ha minst 30 000 kroner i aksjekapital, og eierne skyter den inn når selskapet stiftes, "
    "som penger eller som andre verdier."
)
DOCUMENT = """\
---
tittel: Aksjekapital
ingress: "SHORT_ANSWER[^lov@2026..]"
spørsmål: [Hvor mye penger må vi ha for å starte AS?]
stikkord: [aksjekapital]
målgruppe: [gründer]
fase: [oppstart]
sted: [Norge]
gjelder: {fra: 2026-01-01, til: null}
sist_kontrollert: 2026-11-23
kontrolleres_igjen: 2999-01-01
---

## Når må pengene være betalt?

Hele aksjekapitalen må være betalt før aksjeselskapet meldes til Foretaksregisteret.[^lov@2026..]
Banken bekrefter at aksjekapitalen er betalt inn på aksjeselskapets konto.[^ubekreftet]
"""


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Guide:
    home = tmp_path_factory.mktemp("nettleser")
    corpus = home / "corpus"
    (corpus / "guide").mkdir(parents=True)
    (corpus / "guide" / "aksjekapital.md").write_text(DOCUMENT.replace("SHORT_ANSWER", SHORT_ANSWER), encoding="utf-8")
    (corpus / "sporsmal" / "guide").mkdir(parents=True)
    (corpus / "sporsmal" / "guide" / "aksjekapital.md").write_text(
        f"## Når må pengene være betalt?\n- {NEXT_QUESTION}\n", encoding="utf-8"
    )
    outside = "Hvem vant fotballkampen i går?", "Hvem vinner fotballkampen i kveld?", "Når begynner fotballkampen?"
    lines = "".join(f"- {question}\n" for question in outside)
    (corpus / "sporsmal" / "utenfor.md").write_text(f"## svarer ikke\n{lines}", encoding="utf-8")
    (corpus / "begreper.yaml").write_text("[]\n", encoding="utf-8")
    (corpus / "kilder.yaml").write_text(
        "lov:\n  utgiver: Lovdata\n  tittel: Aksjeloven\n  url: https://example.org/lov\n  publisert: '2026'\n"
        "  hentet: 2026-11-23\n  lisens: NLOD 2.0\n",
        encoding="utf-8",
    )
    guide = Guide(corpus, home / "index")
    guide.build()
    return guide


@pytest.fixture(scope="module")
def address(guide: Guide) -> Iterator[str]:
    with running_server(guide.settings) as url:
        yield url


OUTSIDE = "Hvem vant fotballkampen i går kveld?"
IDENTITY_NUMBER = "15066050251"
MAX_KIB = 450

WATCH_REPLIES = """() => {
  window.replyLengths = [];
  new MutationObserver(() => {
    const reply = document.querySelector("article.turn .reply");
    if (reply) window.replyLengths.push(reply.innerText.length);
  }).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


def test_question_streams_an_answer_whose_citation_opens_its_source_beside_it(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        page.evaluate(WATCH_REPLIES)  # in the page itself: a poll from outside may miss what comes between two looks
        turn = ask(page, f"{QUESTION} {NEXT_QUESTION}")
        grown = [length for length in dict.fromkeys(page.evaluate("window.replyLengths")) if length]
        assert len(grown) >= 2, "the answer came in one piece"
        link = turn.locator("a.cite").first
        link.click()
        card = turn.locator("details.source.chosen")
        expect(card.locator("mark").first).to_contain_text(SHORT_ANSWER)
        expect(card).to_contain_text("Lovdata")
        expect(card).to_contain_text("Aksjeloven")
        expect(card).to_contain_text("2026")
        assert focused(page)[0] == "SUMMARY"
        beside, answer = card.bounding_box(), turn.locator(".reply").bounding_box()
        assert beside is not None and answer is not None
        assert beside["x"] >= answer["x"] + answer["width"]


def test_on_a_phone_the_source_is_below_the_answer(browser: Browser, address: str) -> None:
    with open_page(browser, address, "phone") as page:
        turn = ask(page, QUESTION)
        turn.locator("a.cite").first.click()
        below, answer = turn.locator(".source.chosen").bounding_box(), turn.locator(".reply").bounding_box()
        assert below is not None and answer is not None
        assert below["y"] >= answer["y"] + answer["height"]


def test_the_keyboard_alone_goes_from_question_to_source_and_back(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        tab_to(page, "textarea")
        page.keyboard.type(QUESTION)
        page.keyboard.press("Enter")
        page.locator("article.turn .actions").wait_for()
        assert focused(page) == ["H2", QUESTION]
        tab_to(page, "a.cite")
        page.keyboard.press("Enter")
        assert focused(page)[0] == "SUMMARY"
        tab_to(page, "a.back")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.matches('a.cite#svar-0-1')")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.matches('a.cite#svar-0-1')")
        tab_to(page, "textarea")
        page.keyboard.type("Og når må den være betalt?")
        page.keyboard.press("Enter")
        page.locator("article.turn .actions").nth(1).wait_for()


def test_a_screen_reader_hears_once_that_the_answer_is_ready(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        page.evaluate(WATCH_ANNOUNCEMENTS)
        ask(page, QUESTION)
        wait_until(page, "window.announced.length > 0")
        page.wait_for_timeout(300)
        assert page.evaluate("window.announced") == ["Svaret er klart."]


def test_what_was_understood_of_a_follow_up_is_shown(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        ask(page, QUESTION)
        turn = ask(page, "Og når må den være betalt?")
        expect(turn.locator(".understood")).to_contain_text("aksjekapital")


def test_a_refusal_says_so_shows_no_source_and_keeps_the_page_usable(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        turn = ask(page, OUTSIDE)
        expect(turn.locator(".reply")).to_contain_text("Det kan jeg ikke svare på")
        assert turn.locator("details.source").count() == 0
        assert turn.get_by_role("button", name="Kopier med kilder").count() == 0
        assert ask(page, QUESTION).locator("details.source").count() >= 1


def test_personal_data_are_told_of_and_stay_nowhere_on_the_page(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        turn = ask(page, f"Jeg heter {IDENTITY_NUMBER}. {QUESTION}")
        expect(turn.locator(".warning")).to_contain_text("Vi fjernet")
        assert IDENTITY_NUMBER not in page.content()
        assert IDENTITY_NUMBER not in page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
        assert IDENTITY_NUMBER not in page.url
        alone = ask(page, IDENTITY_NUMBER)
        expect(alone.locator(".reply")).to_contain_text("bare personopplysninger")


def test_nothing_is_stored_before_the_first_question_and_never_a_cookie(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        page.locator("textarea").type("Hvor mye")
        page.locator(".choices summary").click()
        assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
        ask(page, QUESTION)
        assert page.evaluate("[Object.keys(sessionStorage), localStorage.length]") == [["abc-samtale"], 0]
        assert page.context.cookies() == []


def test_the_conversation_outlives_a_reload_with_its_sources_until_it_is_cleared(
    browser: Browser, address: str
) -> None:
    with open_page(browser, address) as page:
        ask(page, QUESTION)
        page.locator("textarea").fill("Og hva med")
        page.reload()
        turn = page.locator("article.turn")
        turn.locator("a.cite").first.click()
        expect(turn.locator(".source.chosen mark").first).to_contain_text(SHORT_ANSWER)
        assert page.locator("textarea").input_value() == "Og hva med"
        page.locator("textarea").fill("")
        ask(page, "Og når må den være betalt?")
        expect(page.locator("article.turn .understood")).to_contain_text("aksjekapital")
        page.get_by_role("button", name="Ny samtale").click()
        page.reload()
        assert page.locator("article.turn").count() == 0
        expect(page.get_by_role("heading", name="Hva lurer du på?")).to_be_visible()


def test_the_link_of_an_answer_asks_its_question_again(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        turn = ask(page, QUESTION)
        turn.get_by_role("button", name="Kopier lenke").click()
        link = page.evaluate("navigator.clipboard.readText()")
        assert link.startswith(f"{address}/nb#spor=")
        page.get_by_role("button", name="Ny samtale").click()
        page.goto("about:blank")
        page.goto(link)
        again = page.locator("article.turn")
        expect(again.locator(".reply")).to_contain_text("30 000 kroner")
        assert "spor=" not in page.url


def test_an_answer_is_copied_clean_and_with_its_sources(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        turn = ask(page, QUESTION)
        turn.get_by_role("button", name="Kopier", exact=True).click()
        expect(turn.get_by_role("button", name="Kopiert")).to_be_visible()
        clean = page.evaluate("navigator.clipboard.readText()")
        assert "30 000 kroner" in clean and "[1]" not in clean
        turn.get_by_role("button", name="Kopier med kilder").click()
        expect(turn.locator("[data-do=copySources]")).to_have_text("Kopiert")
        assert "Lovdata" in page.evaluate("navigator.clipboard.readText()")
        html = page.evaluate(
            "navigator.clipboard.read().then(items => items[0].getType('text/html')).then(blob => blob.text())"
        )
        assert "https://example.org/lov" in html


@pytest.mark.parametrize(("kind", "start"), [("Word", b"PK"), ("Markdown", b"# ")])
def test_the_conversation_is_downloaded(browser: Browser, address: str, kind: str, start: bytes) -> None:
    with open_page(browser, address) as page:
        ask(page, QUESTION)
        with page.expect_download() as download:
            page.get_by_role("button", name=kind).click()
        assert re.fullmatch(r"abc-samtale-\d{4}-\d\d-\d\d\.(docx|md)", download.value.suggested_filename)
        assert Path(download.value.path()).read_bytes().startswith(start)


def test_simpler_words_are_the_short_answer_of_the_guide(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        turn = ask(page, NEXT_QUESTION)
        button = turn.get_by_role("button", name="Enklere språk")
        assert button.get_attribute("aria-expanded") == "false"
        button.click()
        expect(turn.locator(".simple")).to_contain_text(SHORT_ANSWER)
        assert button.get_attribute("aria-expanded") == "true"


def test_an_example_and_a_suggested_question_go_into_the_box_and_are_asked_when_sent(
    browser: Browser, address: str
) -> None:
    with open_page(browser, address) as page:
        example = page.locator(".roles button").first
        words = example.inner_text()
        example.click()
        assert page.locator("textarea").input_value() == words
        assert page.locator("article.turn").count() == 0
        ask(page, QUESTION)
        page.get_by_role("button", name=NEXT_QUESTION).click()
        assert page.locator("textarea").input_value() == NEXT_QUESTION
        page.keyboard.press("Enter")
        page.locator("article.turn .actions").nth(1).wait_for()


def test_a_chosen_filter_is_shown_sent_and_taken_away(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        page.locator(".choices summary").click()
        page.get_by_label("Fase").select_option("oppstart")
        chip = page.locator(".chips button")
        assert chip.get_attribute("aria-label") == "Fjern Oppstart"
        turn = ask(page, QUESTION)
        turn.get_by_role("button", name="Kopier lenke").click()
        assert "phase=oppstart" in page.evaluate("navigator.clipboard.readText()")
        chip.click()
        assert page.locator(".chips button").count() == 0
        assert page.get_by_label("Fase").input_value() == ""


@pytest.mark.parametrize(
    ("wanted", "path", "language", "button"),
    [
        ("nb-NO", "/", "nb", "Spør"),
        ("nn-NO", "/", "nn", "Spør"),
        ("en-GB", "/", "en", "Ask"),
        ("de-DE", "/", "nb", "Spør"),
        ("en-GB", "/nb", "nb", "Spør"),
        ("nb-NO", "/en/om", "en", None),
    ],
)
def test_the_page_speaks_the_language_of_the_browser_or_of_its_address(
    browser: Browser, address: str, wanted: str, path: str, language: str, button: str | None
) -> None:
    with open_page(browser, address, language=wanted, path=path) as page:
        assert page.evaluate("document.documentElement.lang") == language
        if button:
            expect(page.locator("button.send")).to_have_text(button)


def test_the_language_is_switched_where_one_stands(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/om") as page:
        page.get_by_role("link", name="Nynorsk").click()
        page.wait_for_url("**/nn/om")
        expect(page.locator(".languages [aria-current]")).to_have_text("Nynorsk")
        expect(page.locator("[data-panel=om]")).to_be_visible()


def test_norwegian_sentences_in_an_english_page_say_that_they_are_norwegian(browser: Browser, address: str) -> None:
    with open_page(browser, address, language="en-GB") as page:
        turn = ask(page, "How much share capital must an aksjeselskap have?")
        assert turn.locator(".reply [lang=nb]", has_text="30 000").count() >= 1


def test_each_view_has_an_address_that_can_be_shared_and_gone_back_from(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        ask(page, QUESTION)
        page.get_by_role("link", name="Om", exact=True).click()
        assert page.url == f"{address}/nb/om"
        assert page.title().endswith(" – ABC for sosiale entreprenører")
        expect(page.locator("[data-panel=spor]")).to_be_hidden()
        page.reload()
        expect(page.locator("[data-panel=om] h1")).to_be_visible()
        page.go_back()
        expect(page.locator("article.turn")).to_be_visible()


def test_the_page_without_its_frame_is_for_other_pages_to_show(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/innebygd") as page:
        expect(page.locator("header.top")).to_be_hidden()
        expect(page.locator(".notice")).to_be_visible()
        ask(page, QUESTION)


def test_when_the_server_is_gone_the_question_stays(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        ask(page, QUESTION)
        page.context.set_offline(True)
        page.locator("textarea").fill(NEXT_QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator(".waiting")).to_contain_text("Vi leter fortsatt")
        expect(page.get_by_role("alert")).to_contain_text("Serveren svarer ikke", timeout=15_000)
        assert page.locator("textarea").input_value() == NEXT_QUESTION
        assert page.locator("article.turn").count() == 1
        page.context.set_offline(False)
        ask(page, NEXT_QUESTION)
        expect(page.get_by_role("alert")).to_be_hidden()


def test_a_slow_answer_says_so_and_can_be_stopped(browser: Browser, guide: Guide) -> None:
    model = ModelServer()
    model.behave = "stall"
    try:
        settings = {"ABC_LLM": "openai:treg", "ABC_LLM_URL": f"{model.url}/v1", "ABC_LLM_TIMEOUT_S": "60"}
        with running_server({**guide.settings, **settings}) as url, open_page(browser, url) as page:
            page.locator("textarea").fill(QUESTION)
            page.keyboard.press("Enter")
            expect(page.locator(".waiting")).to_contain_text("Leter i guiden")
            expect(page.locator(".waiting")).to_contain_text("Vi leter fortsatt")
            page.get_by_role("button", name="Stopp").click()
            expect(page.get_by_role("alert")).to_contain_text("Du stoppet svaret")
            assert page.locator("textarea").input_value() == QUESTION
            assert page.locator("article.turn").count() == 0
            expect(page.locator("button.send")).to_be_visible()
    finally:
        model.close()


def test_an_edited_guide_answers_on_the_page_that_is_open(browser: Browser, tmp_path: Path, guide: Guide) -> None:
    own = Guide(tmp_path / "corpus", tmp_path / "index")
    shutil.copytree(guide.corpus, own.corpus)
    shutil.copytree(guide.index, own.index)
    with running_server(own.settings) as url, open_page(browser, url) as page:
        ask(page, QUESTION)
        file = own.corpus / "guide" / "aksjekapital.md"
        file.write_text(file.read_text(encoding="utf-8").replace("30 000", "31 000"), encoding="utf-8")
        own.build()
        for _ in range(100):  # asking is what makes the server look; it opens the version aside
            if page.request.get(f"{url}/helse").json()["index"].startswith("000002"):
                break
            page.wait_for_timeout(100)
        expect(ask(page, QUESTION).locator(".reply")).to_contain_text("31 000 kroner")
        expect(page.locator("article.turn .reply").first).to_contain_text("30 000 kroner")


def test_the_page_is_light_and_asks_no_other_host(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        sizes: list[float] = []
        hosts: set[str] = set()
        session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
        page.reload()
        ask(page, QUESTION)
        assert hosts == {address.removeprefix("http://")}
        assert 100 < sum(sizes) / 1024 <= MAX_KIB


def open_source(page: Page) -> None:
    ask(page, QUESTION).locator("a.cite").first.click()


STATES = {
    "empty": ("/nb", lambda page: page.locator(".choices summary").click()),
    "answer": ("/nb", open_source),
    "follow-up": ("/nb", lambda page: (ask(page, QUESTION), ask(page, "Og når må den være betalt?"))),
    "refusal": ("/nb", lambda page: ask(page, OUTSIDE)),
    "personal data": ("/nn", lambda page: ask(page, f"Eg er {IDENTITY_NUMBER}. {QUESTION}")),
    "English": ("/en", open_source),
    "look up": ("/nb/sla-opp", lambda page: None),
    "about": ("/nb/om", lambda page: None),
    "embedded": ("/nb/innebygd", lambda page: None),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_serious(browser: Browser, address: str, state: str, theme: str) -> None:
    path, act = STATES[state]
    with open_page(browser, address, "desktop", theme, path=path) as page:
        act(page)
        assert serious_findings(page) == []


@pytest.mark.parametrize("size", ["phone", "narrow"])
@pytest.mark.parametrize("state", STATES)
def test_nothing_scrolls_sideways_on_a_narrow_page(browser: Browser, address: str, state: str, size: str) -> None:
    path, act = STATES[state]
    with open_page(browser, address, size, "dark", path=path) as page:
        act(page)
        assert fits_sideways(page)


def test_every_button_and_link_has_a_name_and_headings_come_in_order(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        open_source(page)
        names = page.evaluate(
            "[...document.querySelectorAll('button, a, select, summary')].filter(e => e.checkVisibility())"
            ".map(e => (e.getAttribute('aria-label') || e.innerText).trim())"
        )
        assert all(names)
        levels = page.evaluate(
            "[...document.querySelectorAll('h1, h2, h3, h4')].filter(e => e.checkVisibility()).map(e => +e.tagName[1])"
        )
        assert all(after <= before + 1 for before, after in zip([1, *levels], levels, strict=False))


def test_who_asks_for_less_motion_gets_none(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        page.emulate_media(reduced_motion="reduce")
        ask(page, QUESTION)
        moving = page.evaluate("document.getAnimations().filter(a => a.playState === 'running').length")
        assert moving == 0
