"""A guide, a question and a model that carry scripts: none of it runs in the page, and the policy would stop it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from attacks import attempt
from browser_guide import MARKS, Guide
from model_server import ModelServer
from playwright.sync_api import Browser, Page

from eval.browser import ask, open_page, running_server

pytestmark = MARKS

RUN = "document.documentElement.dataset.canary=1"
EVIL = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror='{RUN}'>",
    f"<svg/onload={RUN}>",
    f"<a href='javascript:{RUN}'>her</a>",
    f"[her](javascript:{RUN})",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<details open ontoggle={RUN}>",
    f'"><body onload={RUN}>',
    f"</textarea><script>{RUN}</script>",
    f"<style>@import 'javascript:{RUN}'</style>",
    f"<math><mtext><script>{RUN}</script></mtext></math>",
    "<!-- skjult tekst -->",
    "<base href='https://evil.example/'>",
    f"<form action='javascript:{RUN}'><button>Send</button></form>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "{{ 7*7 }} ${7*7} {% raw %}",
)
QUESTION = "Hvor mye aksjekapital må et aksjeselskap ha?"
BODY = """\
---
tittel: "Aksjekapital TITLE"
ingress: "Et aksjeselskap må ha minst 30 000 kroner i aksjekapital.[^lov@2026..]"
spørsmål: ["Hvor mye aksjekapital må et aksjeselskap ha?", "Hva er QUOTED?"]
stikkord: ["aksjekapital", "QUOTED"]
målgruppe: [gründer]
fase: [oppstart]
sted: [Norge]
gjelder: {fra: 2026-01-01, til: null}
sist_kontrollert: 2026-11-23
kontrolleres_igjen: 2999-01-01
---

## Aksjekapital HEADING

"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings that serve a guide that an attacker has written, as far as it can be read at all."""
    home = tmp_path_factory.mktemp("angrep")
    corpus = home / "corpus"
    (corpus / "guide").mkdir(parents=True)
    (corpus / "sporsmal" / "guide").mkdir(parents=True)
    quoted = EVIL[1].replace('"', "'")
    text = BODY.replace("TITLE", quoted).replace("QUOTED", quoted).replace("HEADING", EVIL[0])
    lines = (
        f"Aksjekapitalen i et aksjeselskap er {n + 30} 000 kroner {evil}.[^lov@2026..]" for n, evil in enumerate(EVIL)
    )
    (corpus / "guide" / "aksjekapital.md").write_text(text + "\n\n".join(lines) + "\n", encoding="utf-8")
    heading = f"## Aksjekapital {EVIL[0]}\n- {QUESTION}\n- Hva betyr {EVIL[1]}?\n"
    (corpus / "sporsmal" / "guide" / "aksjekapital.md").write_text(heading, encoding="utf-8")
    (corpus / "sporsmal" / "utenfor.md").write_text("## svarer ikke\n- Hvem vant kampen i går?\n", encoding="utf-8")
    (corpus / "begreper.yaml").write_text("[]\n", encoding="utf-8")
    (corpus / "kilder.yaml").write_text(
        f"lov:\n  utgiver: {json.dumps(EVIL[1])}\n  tittel: {json.dumps(EVIL[0])}\n  url: https://example.org/lov\n"
        "  publisert: '2026'\n  hentet: 2026-11-23\n  lisens: NLOD 2.0\n",
        encoding="utf-8",
    )
    guide = Guide(corpus, home / "index")
    guide.build()
    return {**guide.settings, "ABC_STORE": str(home / "abc.sqlite"), "ABC_CONTACT": EVIL[0]}


@pytest.fixture(scope="module")
def address(served: dict[str, str]) -> Iterator[str]:
    """A server of that guide."""
    with running_server(served) as url:
        yield url


@pytest.fixture
def model() -> Iterator[ModelServer]:
    """A language model that writes what it is told to."""
    server = ModelServer()
    yield server
    server.close()


@contextmanager
def watched(browser: Browser, address: str, path: str = "/nb") -> Iterator[Page]:
    """A page that must run nothing of the attacker's, break no rule of the policy, and ask no other host."""
    with open_page(browser, "about:blank") as page:
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text) if "Security Policy" in message.text else None)
        page.on(
            "request",
            lambda request: told.append(request.url) if not request.url.startswith((address, "blob:")) else None,
        )
        page.goto(address + path)
        yield page
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.dataset.canary") is None
        assert told == []


def test_nothing_of_an_evil_guide_runs_in_the_answer_its_sources_or_after_a_reload(
    browser: Browser, address: str
) -> None:
    attempt("scripts in the page", 4 * len(EVIL))
    with watched(browser, address) as page:
        turn = ask(page, QUESTION)
        assert "000 kroner" in turn.inner_text()
        for card in turn.locator("details.source summary").all():
            card.click()
        assert turn.locator("script, iframe, object, embed, form, base, meta, style, [onerror], [onload]").count() == 0
        assert turn.locator("a[href^='javascript']").count() == 0
        page.reload()
        page.locator("article.turn").wait_for()


def test_nothing_of_an_evil_question_runs(browser: Browser, address: str) -> None:
    attempt("scripts in the page", 2 * len(EVIL))
    with watched(browser, address) as page:
        for evil in ("".join(EVIL[:8]), "".join(EVIL[8:])):
            turn = ask(page, f"{evil} {QUESTION}")
            assert turn.locator("script, iframe, form, [onerror], [onload]").count() == 0
        page.evaluate("text => { location.hash = new URLSearchParams({spor: text}); }", "".join(EVIL[:6]))
        page.reload()
        page.locator("article.turn").nth(2).wait_for()


def test_nothing_that_a_language_model_writes_runs(
    browser: Browser, served: dict[str, str], model: ModelServer
) -> None:
    """The checks keep tags that no passage has out of the answer; while it is written, and after, none runs."""
    attempt("scripts in the page", len(EVIL))
    written = "Et aksjeselskap må ha minst 30 000 kroner i aksjekapital"
    model.reply = " ".join(f"{written} fra modellen {evil} [1]." for evil in EVIL)
    settings = {**served, "ABC_LLM": "openai:prøve", "ABC_LLM_URL": f"{model.url}/v1", "NO_PROXY": "127.0.0.1"}
    with running_server(settings) as address, watched(browser, address) as page:
        turn = ask(page, QUESTION)
        assert [path for path, _ in model.requests] == ["/v1/chat/completions"]
        assert written in turn.inner_text()
        assert "fra modellen" not in turn.inner_html()
        assert turn.locator("script, iframe, object, embed, form, base, meta, style, [onerror], [onload]").count() == 0
        assert turn.locator("a[href^='javascript']").count() == 0


@pytest.mark.parametrize(
    "path", ["/nb/om", "/nb/sla-opp", "/nb/sla-opp?q=", "/hvorfor?q=", "/nb/sla-opp/", "/deler/nb/sla-opp/"]
)
def test_nothing_of_an_evil_address_runs(browser: Browser, address: str, path: str) -> None:
    for evil in EVIL[:2]:
        attempt("scripts in the page")
        with watched(browser, address, path + (evil.replace("/", "%2F") if path.endswith(("=", "/")) else "")) as page:
            page.wait_for_load_state("networkidle")


def test_a_script_that_got_into_the_page_would_not_run(browser: Browser, address: str) -> None:
    """The last line: the policy itself, were all that escapes HTML to fail. It can't stop a page from being left."""
    attempt("scripts in the page", len(EVIL) + 1)
    staying = [evil for evil in EVIL if "refresh" not in evil]
    with open_page(browser, address) as page:
        page.evaluate("evil => { document.querySelector('.conversation').innerHTML = evil.join(''); }", staying)
        page.evaluate(
            f"() => {{ const s = document.createElement('script'); s.text = '{RUN}'; document.body.append(s); }}"
        )
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.dataset.canary") is None
        # Later, and so as the page itself: what the test evaluates is excepted from the policy.
        later = "try { done(new Function('return 1')()); } catch (error) { done(error.name); }"
        assert page.evaluate(f"() => new Promise(done => setTimeout(() => {{ {later} }}))") == "EvalError"


@pytest.mark.parametrize(("path", "is_shown"), [("/nb/innebygd", True), ("/nb", False), ("/nb/om", False)])
def test_only_the_embedded_page_may_stand_in_a_frame(browser: Browser, address: str, path: str, is_shown: bool) -> None:
    attempt("frames")

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<iframe src='{address}{path}'></iframe>".encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server, open_page(browser, "about:blank") as page:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        page.goto(f"http://localhost:{server.server_port}/")
        page.wait_for_load_state("networkidle")
        assert bool(page.frame_locator("iframe").locator("textarea").count()) is is_shown
        server.shutdown()


def test_the_views_that_ask_nothing_load_nothing_of_gradio(browser: Browser, address: str) -> None:
    with open_page(browser, "about:blank") as page:
        loaded: list[str] = []
        page.on("request", lambda request: loaded.append(request.url))
        page.goto(f"{address}/nb/om")
        page.wait_for_load_state("networkidle")
        assert [url for url in loaded if "/assets/" in url or "gradio" in url] == []
        page.locator(".views [data-view=spor]").click()
        ask(page, QUESTION)
        assert [url for url in loaded if "/assets/" in url]
