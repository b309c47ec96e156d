"""Cards and comparisons in headless Chromium: copied, gone about by keyboard, on a phone, on paper."""

import re
import shutil
from collections.abc import Iterator
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import read_guide
from playwright.sync_api import Browser, Page, expect
from scheme_page import MANIFEST, card_of, make_app, serving

from assistant.lookup.guide import open_lookup
from eval.browser import open_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="Debian's chromium is not installed"),
]

TODAY = date(2026, 12, 1)
GRANT = "nav-sosialt-entreprenorskap"
CARD = f"/nb/sla-opp/{GRANT}"
PAST = f"{CARD}?som-av=2020-12-01"
PAIR = "/nb/sla-opp/sammenlign?id=nav-mentor&id=nav-inkluderingstilskudd"
FOUR = f"{PAIR}&id={GRANT}&id=stiftelsen-dam"
PAGES = {"card": CARD, "as of a day": PAST, "two": PAIR, "four": FOUR, "nynorsk": CARD.replace("nb", "nn", 1)}
# Cards that take two pages on paper, for all that is on them.
LONG = {GRANT, "statsforvalteren-tilskudd", "telemark-fylkeskommunale-tilskudd"}
HTML_COPIED = "navigator.clipboard.read().then(items => items[0].getType('text/html')).then(blob => blob.text())"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(make_app(read_guide(), TODAY)) as url:
        yield url


def field_of(name: str) -> tuple[str, list[str]]:
    """The id of a field of the grant on the page, and the words of its values."""
    field = next(f for f in card_of(open_lookup(read_guide()), GRANT, TODAY).fields if f.name == name)
    return field.chunk_id, [value.rule.text for value in field.values]


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until what has the keyboard fits the selector."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} can't be reached by the keyboard")


def num_pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser: Browser, address: str, name: str) -> None:
    with open_page(browser, address, path=PAGES[name]) as page:
        page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true; })")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            found = [
                f"{finding['id']}: {node['html'][:200]} {node['failureSummary']}"
                for finding in Axe().run(page).response["violations"]
                for node in finding["nodes"]
            ]
            assert found == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways_on_a_narrow_page(browser: Browser, address: str, name: str) -> None:
    with open_page(browser, address, "phone", path=PAGES[name]) as page:
        contents = page.locator("[data-contents]")
        if contents.count():
            contents.click()
        for width in (390, 320, 800):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_all_buttons_are_big_enough_to_hit(browser: Browser, address: str) -> None:
    with open_page(browser, address, "phone", path=CARD) as page:
        boxes = page.locator("button").evaluate_all(
            "all => all.filter(b => b.checkVisibility()).map(b => b.getBoundingClientRect())"
            ".map(b => [b.width, b.height])"
        )
        assert len(boxes) > 50
        assert min(width for width, _ in boxes) >= 24
        assert min(height for _, height in boxes) >= 24


def test_the_keyboard_alone_goes_to_a_rule_and_copies_its_receipt(browser: Browser, address: str) -> None:
    field_id, rules = field_of("krav")
    with open_page(browser, address, path=CARD) as page:
        page.evaluate(
            """() => {
              window.announced = [];
              const region = document.querySelector(".scheme [role=status]");
              new MutationObserver(() => region.textContent && window.announced.push(region.textContent))
                .observe(region, {childList: true});
            }"""
        )
        tab_to(page, f"[data-to='{field_id}']")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.textContent") == "Krav"
        assert page.url.endswith(f"{CARD}#{field_id}")
        for _ in range(3):  # of the field, its reference, then of the first rule
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".scheme [role=status]")).to_have_text("Kopiert")
        text = page.evaluate("navigator.clipboard.readText()")
        assert text.splitlines()[2:5:2] == ["Krav", f"«{rules[0]}»"]
        for told in ("Kjent for 2021", "Sist kontrollert 23. november 2026", MANIFEST.corpus, MANIFEST.version):
            assert told in text
        assert rules[1] not in text
        assert "<strong>Krav</strong>" in page.evaluate(HTML_COPIED)
        assert page.evaluate("document.activeElement.dataset.copy") == "receipt"
        page.wait_for_timeout(300)
        assert page.evaluate("window.announced") == ["Kopiert"]


def test_a_field_the_card_and_the_references_are_copied_each_for_itself(browser: Browser, address: str) -> None:
    field_id, rules = field_of("krav")
    with open_page(browser, address, path=CARD) as page:

        def copied(name: str, where: str) -> str:
            button = page.locator(where).get_by_role("button", name=name, exact=True).first
            button.click()
            expect(button).to_have_attribute("data-told", "copied")
            return str(page.evaluate("navigator.clipboard.readText()"))

        head = f".head:has([id='{field_id}'])"
        of_field = copied("Kopier kvittering", head)
        assert all(f"«{rule}»" in of_field for rule in rules)
        references = copied("Kopier APA-referanse", head).splitlines()
        assert len(references) == 3
        assert references[-1].startswith("Nav. (2021). Tilskudd til sosiale entreprenører for 2021.")
        whole = copied("Kopier kvittering", "header .doing")
        assert of_field.splitlines()[2] in whole
        assert "Egenandel\nIkke kjent (sist kontrollert 23. november 2026)" in whole


def test_what_is_copied_as_of_a_day_says_so_and_is_in_the_language_of_the_page(browser: Browser, address: str) -> None:
    with open_page(browser, address, path=PAST.replace("nb", "nn", 1)) as page:
        page.locator("header .doing [data-copy=receipt]").click()
        expect(page.locator(".scheme [role=status]")).to_have_text("Kopiert")
        text = page.evaluate("navigator.clipboard.readText()")
        assert "Det som er kjent for 1. desember 2020" in text
        assert "Søknadsfristar\nIkkje kjent for 1. desember 2020" in text


def test_when_the_receipt_does_not_come_that_is_told(browser: Browser, address: str) -> None:
    with open_page(browser, address, path=CARD) as page:
        page.context.set_offline(True)
        page.locator("header [data-copy=receipt]").click()
        expect(page.locator(".scheme [role=status]")).to_contain_text("Kvitteringen kom ikke fra serveren")


def test_when_the_browser_lets_nothing_be_copied_that_is_told(browser: Browser, address: str) -> None:
    with open_page(browser, address, path=CARD) as page:
        page.evaluate("() => { navigator.clipboard.write = () => Promise.reject(new Error('no')); }")
        page.locator("header [data-copy=receipt]").click()
        expect(page.locator(".scheme [role=status]")).to_have_text("Nettleseren lot oss ikke kopiere")


def test_on_a_phone_the_contents_open_lead_to_a_rule_and_close(browser: Browser, address: str) -> None:
    with open_page(browser, address, "phone", path=CARD) as page:
        page.emulate_media(reduced_motion="reduce")
        contents, first = page.locator("[data-contents]"), page.locator(".contents a[data-to]").last
        expect(first).to_be_hidden()
        contents.click()
        section = page.locator(".rules h3").nth(6)
        page.get_by_role("navigation").get_by_role("link", name=section.inner_text()).click()
        expect(first).to_be_hidden()
        expect(section).to_be_focused()
        expect(section).to_be_in_viewport()
        heading, bar = section.bounding_box(), contents.bounding_box()
        assert heading is not None and bar is not None
        assert heading["y"] >= bar["y"] + bar["height"]  # what stays on top does not hide it
        contents.click()
        page.keyboard.press("Escape")
        expect(first).to_be_hidden()
        expect(contents).to_be_focused()


def test_a_day_is_chosen_shown_and_left(browser: Browser, address: str) -> None:
    with open_page(browser, address, path=CARD) as page:
        page.get_by_label("Vis det som gjaldt").fill("2020-12-01")
        page.get_by_role("button", name="Vis", exact=True).click()
        page.wait_for_url(f"**{PAST}")
        expect(page.get_by_role("heading", name="Det som er kjent for 1. desember 2020")).to_be_visible()
        expect(page.locator(".only_then").first).to_contain_text("gjaldt da, ikke kjent nå")
        page.get_by_role("link", name="Tilbake til i dag").click()
        page.wait_for_url(f"**{CARD}")


def test_schemes_are_added_to_a_comparison_and_taken_away(browser: Browser, address: str) -> None:
    with open_page(browser, address, path=PAIR) as page:
        page.get_by_label("Legg til en ordning").select_option("startoff")
        page.get_by_role("button", name="Legg til").click()
        page.wait_for_url("**id=startoff")
        assert page.locator("thead th").count() == 4
        page.get_by_role("link", name="Fjern Mentortilskudd fra Nav").click()
        page.wait_for_url("**/sammenlign?id=nav-inkluderingstilskudd&id=startoff")
        assert page.locator("thead th").count() == 3


def test_in_a_wide_comparison_the_fields_stay_in_sight(browser: Browser, address: str) -> None:
    with open_page(browser, address, path=FOUR) as page:
        page.set_viewport_size({"width": 800, "height": 700})
        name, cell = page.locator("tbody th").first, page.locator("tbody td").last
        before = name.bounding_box()
        page.locator(".wide").evaluate("wide => { wide.scrollLeft = 300; }")
        assert page.locator(".wide").evaluate("wide => wide.scrollLeft") == 300
        assert name.bounding_box() == before
        expect(cell).to_be_attached()


def test_on_a_phone_each_value_stands_under_the_name_of_its_scheme(browser: Browser, address: str) -> None:
    with open_page(browser, address, "phone", path=PAIR) as page:
        row = page.locator("tbody tr").nth(2)
        first, second = row.locator("td").nth(0), row.locator("td").nth(1)
        above, below = first.bounding_box(), second.bounding_box()
        assert above is not None and below is not None
        assert below["y"] >= above["y"] + above["height"]
        name = second.evaluate("cell => getComputedStyle(cell, '::before').content")
        assert name == '"Inkluderingstilskudd fra Nav"'
        expect(row.locator(".differs, .same").first).to_be_visible()
        expect(page.get_by_role("rowheader").first).to_be_visible()  # a table still, to one who only hears it


def test_on_paper_is_only_the_card_in_black_on_white(browser: Browser, address: str) -> None:
    with open_page(browser, address, "desktop", "dark", path=CARD) as page:
        page.emulate_media(media="print", color_scheme="dark")
        for hidden in ("header.top", "form.search", ".contents", "header .doing", ".copies >> nth=0", ".rules"):
            expect(page.locator(hidden)).to_be_hidden()
        for there in ("h1", ".fact >> nth=12", ".origin >> nth=0", ".printed", ".version"):
            expect(page.locator(there)).to_be_visible()
        colours = page.evaluate(
            """() => [...document.querySelectorAll(".scheme :is(h1, h3, li, .origin, .flag, .unknown)")]
              .filter(e => e.checkVisibility()).map(e => getComputedStyle(e).color)"""
        )
        assert set(colours) == {"rgb(0, 0, 0)"}
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_card_is_one_page_on_paper_and_two_schemes_side_by_side_as_well(browser: Browser, address: str) -> None:
    names = [document.doc_id.partition("/")[2] for document in open_lookup(read_guide()).facts.schemes]
    assert set(names) >= LONG
    with open_page(browser, address, path=PAIR) as page:
        assert num_pages(page.pdf(prefer_css_page_size=True)) == 1
        pages = {}
        for name in {*names[::5], *LONG}:
            page.goto(f"{address}/nb/sla-opp/{name}")
            pages[name] = num_pages(page.pdf(prefer_css_page_size=True))
    assert pages == {name: 2 if name in LONG else 1 for name in pages}
