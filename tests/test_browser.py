"""The real page in headless Chromium, on a tiny guide and the shipped model."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.screenshots import ask, open_page, running_server
from index.build import build_index
from index.document import read_corpus
from index.embed import load_embedder

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="Debian's chromium is not installed"),
]

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
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
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
    build_index(read_corpus(corpus), home / "index", load_embedder())
    with running_server({"ABC_CORPUS": str(corpus), "ABC_INDEX": str(home / "index")}) as url:
        yield url


WATCH_REPLIES = """() => {
  window.replyLengths = [];
  new MutationObserver(() => {
    const replies = document.querySelectorAll("[data-testid=bot]");
    if (replies.length) window.replyLengths.push(replies[replies.length - 1].innerText.length);
  }).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


def test_question_streams_an_answer_whose_citation_opens_its_source(address: str) -> None:
    with open_page(address) as page:
        page.evaluate(WATCH_REPLIES)  # in the page itself: a poll from outside may miss what comes between two looks
        page.get_by_label("Spørsmålet ditt").fill(QUESTION)
        page.keyboard.press("Enter")
        page.get_by_text("30 000 kroner i aksjekapital").first.wait_for()
        page.locator('a[href="#kilde-0-1"]').first.wait_for()
        grown = [length for length in dict.fromkeys(page.evaluate("window.replyLengths")) if length]
        assert len(grown) >= 2, "the answer came in one piece"
        assert grown == sorted(grown)
        link = page.locator('a[href="#kilde-0-1"]').first
        link.click()
        card = page.locator("details.source.chosen")
        card.wait_for()
        assert card.locator("mark").first.inner_text() == SHORT_ANSWER
        assert "Lovdata: Aksjeloven" in card.inner_text()
        assert "Kjent for fra 2026" in card.inner_text()
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_citation_of_an_older_answer_opens_the_sources_of_that_answer(address: str) -> None:
    with open_page(address) as page:
        ask(page, QUESTION)
        ask(page, "Når må aksjekapitalen være betalt?")
        page.locator('a[href="#kilde-0-1"]').first.click()
        page.locator("#kilder-0 details.source.chosen").wait_for()
        assert page.locator("#kilder-0").is_visible()
        assert not page.locator("#kilder-1").is_visible()
        page.locator('a[href="#kilde-1-1"]').first.click()
        page.locator("#kilder-1 details.source.chosen").wait_for()
        assert not page.locator("#kilder-0").is_visible()


def test_refusal_shows_no_source_and_keeps_the_page_usable(address: str) -> None:
    with open_page(address) as page:
        ask(page, "Hvem vant fotballkampen i går kveld?")
        assert "Det kan jeg ikke svare på" in page.locator("[data-testid=bot]").last.inner_text()
        assert page.locator("details.source").count() == 0
        ask(page, QUESTION)
        assert page.locator("details.source").count() >= 1


def test_example_question_is_asked_at_a_click(address: str) -> None:
    with open_page(address) as page:
        page.get_by_role("button", name="Hvor mye aksjekapital må vi ha?").click()
        page.locator("[data-testid=bot]").last.wait_for()
        page.get_by_text("30 000 kroner").first.wait_for()
        assert "30 000 kroner" in page.locator("[data-testid=bot]").last.inner_text()


def test_page_is_norwegian_and_asks_no_other_host(address: str) -> None:
    with open_page(address) as page:
        hosts: list[str] = []
        page.on("request", lambda request: hosts.append(request.url.split("/")[2]))
        page.reload()
        ask(page, QUESTION)
        assert page.evaluate("document.documentElement.lang") == "nb"
        assert set(hosts) == {address.removeprefix("http://")}


def test_phone_page_does_not_scroll_sideways(address: str, tmp_path: Path) -> None:
    with open_page(address, "phone", "dark") as page:
        ask(page, QUESTION)
        page.screenshot(path=tmp_path / "phone.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_suggested_question_goes_into_the_box_and_is_answered_when_it_is_sent(address: str) -> None:
    with open_page(address) as page:
        ask(page, QUESTION)
        page.get_by_role("button", name=NEXT_QUESTION).click()
        assert page.get_by_label("Spørsmålet ditt").input_value() == NEXT_QUESTION
        page.keyboard.press("Enter")
        page.locator('a[href="#kilde-1-1"]').first.wait_for()
