"""The view "Slå opp" in headless Chromium, on a tiny guide with three schemes."""

import re
from collections.abc import Iterator

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
from conftest import CARD, make_text, write_corpus
from playwright.sync_api import Browser, Locator, Page, expect

from eval.browser import ask, open_page, running_server

pytestmark = MARKS

UNKNOWN = ' "Ikke kjent"\n      kilde: [ubekreftet]\n'
FUND, YOUTH, SEA = "Etableringsfondet", "Ungdomsfondet", "Havfondet"
RULE = "Du kan klage på et avslag fra ungdomsfondet."


def scheme(title: str, places: str, card: str) -> str:
    """A scheme like `Etableringsfondet` in all but what is replaced."""
    name = title.lower()
    text = make_text(
        title=title,
        ingress=f"{title} gir støtte til nye virksomheter.[^lov-om-fond]",
        question=f"Hvem kan søke {name}?",
        keywords=name,
        card=card.replace(FUND, title).replace(FUND.lower(), name),
        body=f"## Klage på {name}\n\nDu kan klage på et avslag fra {name}.[^lov-om-fond]\n",
    )
    return text.replace("sted: [Norge]", f"sted: [{places}]")


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Guide:
    home = tmp_path_factory.mktemp("slaopp")
    corpus = write_corpus(home / "corpus")
    young = CARD.replace("er åpent i 2026", "er stengt i 2026").replace("status: åpen", "status: stengt")
    young = young.replace("Aksjeselskap og stiftelser", "Foreninger").replace("aksjeselskap, stiftelse", "forening")
    young = young.replace("15. mai 2026", "15. mai 2999").replace("2026-05-15", "2999-05-15")
    sea = re.sub(r' "Etableringsfondet gir inntil.*?(?=  frister)', UNKNOWN, CARD, flags=re.S)
    sea = re.sub(r' "Søknadsfristen.*?(?=  søknad)', UNKNOWN, sea, flags=re.S)
    for title, places, card in ((YOUTH, "Vestfold", young), (SEA, "Norge", sea)):
        (corpus / "ordninger" / f"{title.lower()}.md").write_text(scheme(title, places, card), encoding="utf-8")
    guide = Guide(corpus, home / "index")
    guide.build()
    return guide


@pytest.fixture(scope="module")
def address(guide: Guide) -> Iterator[str]:
    with running_server(guide.settings) as url:
        yield url


def shown(page: Page) -> list[str]:
    """The titles of the list."""
    return page.locator("[data-hit]").all_inner_texts()


def wait_for(page: Page, *titles: str) -> None:
    """Waits until the list has these, in any order."""
    for title in titles:
        expect(page.locator("[data-hit]").get_by_text(title, exact=True)).to_have_count(1)
    expect(page.locator("[data-hit]")).to_have_count(len(titles))


def facet(page: Page, label: str) -> Locator:
    return page.get_by_role("checkbox", name=re.compile(f"^{re.escape(label)} "))


def test_a_rule_is_found_by_three_key_presses_and_a_click(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/sla-opp") as page:
        for key in "ung":
            page.keyboard.press(key)  # the box has the keyboard when the view is opened
        page.get_by_role("link", name=YOUTH, exact=True).click()
        page.wait_for_url(f"{address}/nb/sla-opp/ungdomsfondet")
        expect(page.locator(".outlet")).to_contain_text(RULE)


def test_the_keyboard_goes_into_the_list_opens_the_first_and_clears(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/sla-opp") as page:
        wait_for(page, FUND, YOUTH, SEA)
        page.keyboard.press("ArrowDown")
        first = focused(page)
        page.keyboard.press("ArrowDown")
        assert focused(page) != first and focused(page)[0] == "A"
        page.keyboard.press("ArrowUp")
        assert focused(page) == first
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.activeElement.id") == "slaopp"
        page.keyboard.type("havfo")
        page.keyboard.press("Enter")  # sooner than the list has come
        expect(page.locator(".outlet h1")).to_have_text(SEA)
        assert focused(page) == ["H1", SEA]
        page.go_back()
        wait_for(page, SEA)
        page.locator("#slaopp").press("Escape")
        wait_for(page, FUND, YOUTH, SEA)
        assert page.url == f"{address}/nb/sla-opp"
        tab_to(page, "#kan-søke-2")
        page.keyboard.press("Space")
        wait_for(page, YOUTH)
        assert page.evaluate("document.activeElement.id") == "kan-søke-2"
        tab_to(page, "[data-hit]")
        page.keyboard.press("Enter")
        expect(page.locator(".outlet h1")).to_have_text(YOUTH)


def test_what_is_typed_and_chosen_stands_in_the_address_and_survives_reload_back_and_forward(
    browser: Browser, address: str
) -> None:
    with open_page(browser, address, path="/nb/sla-opp") as page:
        page.locator("#slaopp").press_sequentially("fondet")
        page.wait_for_url("**/nb/sla-opp?q=fondet")
        before = page.evaluate("history.length")
        facet(page, "Stengt").check()
        page.wait_for_url("**?q=fondet&status=stengt")
        assert page.evaluate("history.length") == before + 1
        wait_for(page, YOUTH)
        page.reload()
        wait_for(page, YOUTH)
        assert page.locator("#slaopp").input_value() == "fondet"
        expect(facet(page, "Stengt")).to_be_checked()
        page.go_back()
        wait_for(page, FUND, YOUTH, SEA)
        expect(facet(page, "Stengt")).not_to_be_checked()
        page.go_forward()
        wait_for(page, YOUTH)


def test_a_shared_address_shows_what_it_shares_in_the_language_of_each(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/sla-opp?q=fondet&kan-s%C3%B8ke=forening") as page:
        wait_for(page, YOUTH)
        page.get_by_role("link", name="English").click()
        page.wait_for_url("**/en/sla-opp?q=fondet&kan-s%C3%B8ke=forening")
        wait_for(page, YOUTH)
        expect(page.get_by_role("heading", name="1 of 3 schemes")).to_be_visible()
        assert page.locator("[data-hit]").get_attribute("lang") == "nb"
    with open_page(browser, address, path="/nb/sla-opp/ungdomsfondet") as page:
        expect(page.locator(".outlet h1")).to_have_text(YOUTH)
        assert page.title() == f"{YOUTH} – ABC for sosiale entreprenører"
        assert (
            page.locator(".languages a[hreflang=nn]").evaluate("a => a.href") == f"{address}/nn/sla-opp/ungdomsfondet"
        )


def test_filters_combine_are_shown_as_chips_and_are_taken_away(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/sla-opp?kan-s%C3%B8ke=stiftelse") as page:
        wait_for(page, FUND, SEA)
        page.locator("summary", has_text="Beløp i kroner").click()
        page.get_by_label("Minst").fill("100 000")
        page.keyboard.press("Tab")
        wait_for(page, FUND)
        expect(page.locator(".left-out")).to_contain_text("For 1 til er beløpet ikke kjent.")
        page.get_by_role("link", name=re.compile("Fjern Minst")).click()
        wait_for(page, FUND, SEA)
        assert page.get_by_label("Minst").is_visible(), "what is unfolded stays so"
        page.get_by_role("link", name="Fjern Stiftelse").click()
        wait_for(page, FUND, YOUTH, SEA)
        assert page.url == f"{address}/nb/sla-opp"


def test_what_was_read_out_of_the_text_can_be_taken_away(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/sla-opp") as page:
        page.locator("#slaopp").press_sequentially("fondet for foreninger")
        wait_for(page, YOUTH)
        page.get_by_role("link", name="Fjern Forening").click()
        wait_for(page, FUND, YOUTH, SEA)
        assert page.locator("#slaopp").input_value() == "fondet"


def test_an_empty_list_tells_what_to_take_away(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/sla-opp?kan-s%C3%B8ke=forening&status=%C3%A5pen") as page:
        page.get_by_role("link", name="Ta bort Forening: 2 ordninger passer").click()
        wait_for(page, FUND, SEA)


def test_a_screen_reader_hears_the_count_once_when_typing_stops(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/sla-opp") as page:
        wait_for(page, FUND, YOUTH, SEA)
        page.evaluate(WATCH_ANNOUNCEMENTS)
        page.locator("#slaopp").press_sequentially("ungdom", delay=40)
        wait_until(page, "window.announced.length > 0")
        assert page.evaluate("window.announced") == ["1 ordning passer"]


def test_an_answer_to_what_was_typed_before_is_dropped(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/sla-opp") as page:
        held = []
        page.route(re.compile(r"/deler/.*q=ung$"), lambda route: held.append(route))
        page.locator("#slaopp").fill("ung")
        wait_until(page, "document.querySelector('.outlet').ariaBusy === 'true'")
        page.locator("#slaopp").fill("havfondet")
        wait_for(page, SEA)
        for route in held:
            route.continue_()
        page.wait_for_timeout(200)
        wait_for(page, SEA)
        assert page.url.endswith("q=havfondet")


def test_a_server_that_is_gone_is_told_of_and_the_list_stays(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/sla-opp?q=ungdom") as page:
        wait_for(page, YOUTH)
        page.context.set_offline(True)
        page.locator("#slaopp").fill("hav")
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("Serveren svarer ikke")
        wait_for(page, YOUTH)
        assert page.url.endswith("q=ungdom")
        page.get_by_role("link", name=YOUTH, exact=True).click()
        assert page.url.endswith("q=ungdom")
        page.locator("#slaopp").fill("havf")
        page.wait_for_timeout(300)
        page.context.set_offline(False)
        page.get_by_role("button", name="Prøv igjen").click()
        wait_for(page, SEA)
        assert page.url.endswith("q=havf")
        expect(alert).to_be_hidden()


def test_personal_data_are_not_looked_up_and_leave_the_address(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/sla-opp") as page:
        page.locator("#slaopp").fill("ungdom 15066050251")
        expect(page.locator(".found > .warning")).to_contain_text("fødselsnummer")
        wait_for(page, YOUTH)
        page.wait_for_url("**?q=ungdom")
        assert page.locator("#slaopp").input_value() == "ungdom"
        assert "15066050251" not in page.content()


def test_deadlines_have_their_own_list_with_a_calendar_and_the_old_ones_apart(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/sla-opp") as page:
        page.get_by_role("link", name="Frister").click()
        page.wait_for_url("**/nb/sla-opp/frister")
        coming, earlier = page.locator("li.due:not(.earlier)"), page.locator("li.due.earlier")
        expect(coming).to_contain_text(["15. mai 2999"])
        expect(earlier).to_contain_text(["Fristen var 15. mai 2026"])
        expect(page.get_by_role("heading", name="Bare kjent for et tidligere år (1)")).to_be_visible()
        facet(page, "Forening").check()
        expect(earlier).to_have_count(0)
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile("kalenderen")).click()
        content = download.value.path().read_text(encoding="utf-8")
        assert "29990515" in content and FUND not in content


def test_schemes_are_picked_in_the_list_and_compared(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/sla-opp") as page:
        bar = page.get_by_role("region", name="Sammenlign")
        page.get_by_role("button", name=f"Sammenlign {FUND}").click()
        expect(bar).to_contain_text("Velg minst én ordning til")
        page.locator("#slaopp").fill("ungdom")
        wait_for(page, YOUTH)
        page.get_by_role("button", name=f"Sammenlign {YOUTH}").click()
        bar.get_by_role("link", name="Sammenlign (2)").click()
        page.wait_for_url("**/nb/sla-opp/sammenlign?id=etableringsfondet&id=ungdomsfondet")
        for title in (FUND, YOUTH):
            expect(page.locator(".outlet").get_by_text(title).first).to_be_visible()
        page.go_back()
        wait_for(page, YOUTH)
        expect(page.get_by_role("button", name=f"Sammenlign {YOUTH}")).to_have_attribute("aria-pressed", "true")
        bar.get_by_role("button", name="Tøm").click()
        expect(bar).to_be_hidden()


def test_the_list_is_come_back_to_from_a_card_where_one_was(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/sla-opp?q=fondet") as page:
        page.get_by_role("link", name=SEA, exact=True).click()
        expect(page.locator(".outlet h1")).to_have_text(SEA)
        page.get_by_role("link", name="Tilbake til lista").click()
        page.wait_for_url("**/nb/sla-opp?q=fondet")
        assert focused(page) == ["A", SEA]
        page.keyboard.press("Enter")
        expect(page.locator(".outlet h1")).to_have_text(SEA)
        page.locator("#slaopp").fill("ungdom")  # from a card too
        wait_for(page, YOUTH)
        page.go_back()
        expect(page.locator(".outlet h1")).to_have_text(SEA)


def test_the_chat_leads_to_the_scheme_and_the_list_and_they_lead_back(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        turn = ask(page, "Hvem kan søke ungdomsfondet?")
        turn.get_by_role("link", name="Se hele ordningen").click()
        expect(page.locator(".outlet h1")).to_have_text(YOUTH)
        page.go_back()
        expect(turn).to_be_visible()
        listed = ask(page, "Hvilke tilskudd kan en stiftelse søke?")
        listed.get_by_role("link", name="Åpne lista i Slå opp").click()
        page.wait_for_url("**/nb/sla-opp?kan-s%C3%B8ke=stiftelse")
        wait_for(page, FUND, SEA)
        page.get_by_role("button", name=re.compile("Spør om denne")).first.click()
        expect(page.locator("[data-panel=spor]")).to_be_visible()
        assert page.locator("textarea").input_value().startswith("Hvem kan søke ")
        assert focused(page)[0] == "TEXTAREA"
        assert page.url == f"{address}/nb"


def test_what_is_no_scheme_is_told_calmly_with_a_way_on(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/sla-opp/finnes-ikke") as page:
        expect(page.locator(".outlet")).to_contain_text("Fant ingen ordning med id «finnes-ikke».")
        page.get_by_role("link", name="Begynn på nytt").click()
        wait_for(page, FUND, YOUTH, SEA)


def test_on_a_phone_the_filters_are_behind_one_button(browser: Browser, address: str) -> None:
    with open_page(browser, address, "phone", path="/nb/sla-opp") as page:
        wait_for(page, FUND, YOUTH, SEA)
        assert page.evaluate("document.activeElement.id") != "slaopp", "the keyboard would hide the list"
        filters = page.locator(".filters")
        expect(filters).to_be_hidden()
        page.get_by_role("button", name="Filtre").click()
        expect(filters).to_be_visible()
        facet(page, "Forening").check()
        expect(page.get_by_role("button", name="Filtre (1)")).to_have_attribute("aria-expanded", "true")
        page.get_by_role("button", name="Vis lista (1)").click()
        expect(filters).to_be_hidden()
        wait_for(page, YOUTH)


def pick(page: Page) -> None:
    page.locator("[data-pick]").first.click()


def unfold(page: Page) -> None:
    if page.locator(".open-filters").is_visible():
        page.locator(".open-filters").click()
    page.evaluate("document.querySelectorAll('.filters details').forEach(part => { part.open = true; })")


STATES = {
    "list": ("/nb/sla-opp", unfold),
    "found": ("/en/sla-opp?q=fondet+for+foreninger&status=stengt", pick),
    "empty": ("/nb/sla-opp?q=fondet&kan-s%C3%B8ke=kommune", lambda page: None),
    "deadlines": ("/nn/sla-opp/frister", lambda page: None),
    "wrong": ("/nb/sla-opp?sted=Atlantis", lambda page: None),
}


def settled(page: Page) -> None:
    page.locator(".outlet > *").first.wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_serious(browser: Browser, address: str, state: str, theme: str) -> None:
    path, act = STATES[state]
    with open_page(browser, address, "desktop", theme, path=path) as page:
        settled(page)
        act(page)
        assert serious_findings(page) == []


@pytest.mark.parametrize("size", ["phone", "narrow"])
@pytest.mark.parametrize("state", STATES)
def test_nothing_scrolls_sideways_on_a_narrow_page(browser: Browser, address: str, state: str, size: str) -> None:
    path, act = STATES[state]
    with open_page(browser, address, size, path=path) as page:
        settled(page)
        act(page)
        assert fits_sideways(page)
        assert serious_findings(page) == []


def test_every_control_has_a_name_and_headings_come_in_order(browser: Browser, address: str) -> None:
    with open_page(browser, address, path="/nb/sla-opp?q=fond") as page:
        settled(page)
        unfold(page)
        nameless = page.evaluate(
            "[...document.querySelectorAll('button, a, select, summary, input')].filter(e => e.checkVisibility())"
            ".filter(e => !(e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText).trim())"
            ".map(e => e.outerHTML)"
        )
        assert nameless == []
        levels = page.evaluate(
            "[...document.querySelectorAll('h1, h2, h3, h4')].filter(e => e.checkVisibility()).map(e => +e.tagName[1])"
        )
        assert all(after <= before + 1 for before, after in zip([1, *levels], levels, strict=False))
