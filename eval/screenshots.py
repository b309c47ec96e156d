"""`python -m eval.screenshots`: the real page in headless Chromium, as pictures, for a person to look at."""

import argparse
from itertools import product
from pathlib import Path

from eval.browser import ask, open_page, running_browser, running_server

_SCHEME = "/nb/sla-opp/nav-sosialt-entreprenorskap"
VIEWS = {
    "empty": "/nb",
    "about": "/nb/om",
    "lookup": "/nb/sla-opp?kan-søke=forening&sted=Vestfold",
    "scheme": _SCHEME,
    "past": f"{_SCHEME}?som-av=2020-03-01",
    "side-by-side": "/nb/sla-opp/sammenlign?id=nav-mentor&id=nav-inkluderingstilskudd",
    "deadlines": "/nb/sla-opp/frister",
}
THEMES = ("light", "dark")
QUESTIONS = {
    "answer": "Hvem kan søke tilskudd til sosialt entreprenørskap?",
    "refusal": "Hva tar en advokat i timen?",
    "list": "Hvilke tilskudd kan en forening i Vestfold søke?",
    "comparison": "Hva er forskjellen på aksjeselskap og forening?",
    "conditions": "Vi er en stiftelse. Kan vi få momskompensasjon?",
}
_SCROLL_MS = 800  # a smooth scroll ends within this


def main() -> None:
    """Writes one picture per state, size and theme."""
    parser = argparse.ArgumentParser(prog="python -m eval.screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with running_server({}) as address, running_browser() as browser:
        for size, theme in product(("desktop", "phone"), THEMES):
            for name, path in VIEWS.items():
                with open_page(browser, address, size, theme, path=path) as page:
                    page.wait_for_load_state("networkidle")  # what is looked up is fetched
                    page.screenshot(path=options.out / f"{name}-{size}-{theme}.png")
            for name, question in QUESTIONS.items():
                with open_page(browser, address, size, theme) as page:
                    turn = ask(page, question)
                    page.screenshot(path=options.out / f"{name}-{size}-{theme}.png")
                    if name == "answer":
                        turn.locator("a.cite").nth(3).click()
                        page.wait_for_timeout(_SCROLL_MS)
                        page.screenshot(path=options.out / f"source-{size}-{theme}.png")
    print(f"{options.out}: {len(list(options.out.glob('*.png')))} pictures")


if __name__ == "__main__":
    main()
