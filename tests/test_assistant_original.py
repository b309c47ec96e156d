"""The link to the original: which words the browser is asked to look for, and which section of a law it opens at."""

import pytest

from assistant.types import SourceRef
from assistant.ui.original import find_original

PAGE = "https://example.org/frister"
LAW = SourceRef("lov", "Lovdata", "Lov om fond (fondsloven)", "https://lovdata.no/dokument/NL/lov/2001-01-01-1")


def source(url: str | None) -> SourceRef:
    return SourceRef("kilde", "Utgiver", "Tittel", url)


def address(url: str, *quotes: str) -> str:
    found = find_original(source(url), quotes)
    assert found is not None
    return found.address


@pytest.mark.parametrize(
    ("quote", "fragment"),
    [
        ("Fristen var 19. november 2020.", "#:~:text=19.%20november%202020"),
        ("Dere kan få inntil 50 000 kroner.", "#:~:text=50%20000%20kroner"),
        ("Rapporten skrives i skjemaet «Rapportering 2020».", "#:~:text=Rapportering%202020"),
        ("Det står i § 3-1.", "#:~:text=%C2%A7%203%2D1"),
        ("Foreninger kan søke.", ""),
        ("Fem foreninger søkte i mai.", ""),
    ],
)
def test_the_browser_looks_for_what_a_source_writes_just_as_we_do(quote: str, fragment: str) -> None:
    assert address(PAGE, quote) == PAGE + fragment


def test_words_of_several_quotes_are_looked_for_once_each_and_no_more_than_three() -> None:
    quotes = ("Det er 10 000 kroner.", "Det er 10 000 kroner, 20 000 kroner, 30 000 kroner og 40 000 kroner.")
    assert address(PAGE, *quotes).count("text=") == 3
    assert address(PAGE, *quotes[:1], *quotes[:1]).count("text=") == 1


def test_an_address_that_points_into_its_page_keeps_its_place() -> None:
    assert address(f"{PAGE}#krav", "Fristen er 1. mars 2026.") == f"{PAGE}#krav:~:text=1.%20mars%202026"


@pytest.mark.parametrize("name", ["fondsloven § 2", "fondslova § 2", "Fondsloven §2"])
def test_a_law_opens_at_the_section_that_the_quote_names_with_it(name: str) -> None:
    found = find_original(LAW, [f"Etter {name} må fondet ha et styre."])
    assert found is not None
    assert found.section == "2"
    assert found.address.startswith(f"{LAW.url}/%C2%A72")


@pytest.mark.parametrize(
    ("title", "url", "quote"),
    [
        (LAW.title, LAW.url, "Etter skatteloven § 2 betaler fondet skatt."),
        (LAW.title, LAW.url, "Det står i § 2."),
        ("Lov om endringer i fondsloven (fondsloven)", LAW.url, "Fondsloven § 2 gjelder."),
        (LAW.title, "https://example.org/lov", "Fondsloven § 2 gjelder."),
    ],
)
def test_another_law_an_amendment_and_another_site_open_at_no_section(title: str, url: str, quote: str) -> None:
    found = find_original(SourceRef("lov", "Lovdata", title, url), [quote])
    assert found is not None
    assert found.section == ""
    assert found.address.startswith(f"{url}#:~:text=") or found.address == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "//example.org/x",
        "/intern",
        'https://example.org/"onmouseover="alert(1)',
        "https://example.org/ x",
        "",
        None,
    ],
)
def test_only_a_plain_web_address_leads_anywhere(url: str | None) -> None:
    assert find_original(source(url), ["Fristen er 1. mars 2026."]) is None
