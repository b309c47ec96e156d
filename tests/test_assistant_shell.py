"""The page's addresses: whose language they speak, what they load, and what of Gradio's own is left."""

import json
import re
import shutil
from pathlib import Path

import pytest

from assistant.guard.words import preferred_language
from assistant.ui import assets
from assistant.ui.assets import address_of, read_assets
from assistant.ui.shell import dress


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "nb"),
        ("nb-NO,nb;q=0.9,en;q=0.8", "nb"),
        ("nn-NO,nn;q=0.9,nb;q=0.8", "nn"),
        ("no", "nb"),
        ("en-GB,en;q=0.9,nb;q=0.3", "en"),
        ("nb;q=0.3,en;q=0.9", "en"),
        ("sv,de;q=0.9", "nb"),
        ("de,en;q=0.5", "en"),
        ("*", "nb"),
        ("en;q=ingenting,nn", "nn"),
        (";;;,,,=", "nb"),
    ],
)
def test_the_language_is_the_first_of_ours_that_the_browser_wants(header: str, language: str) -> None:
    assert preferred_language(header) == language


GRADIO = (
    '<html lang="en" style=""><head><base href="./" /><title>Gradio</title>'
    '<meta property="og:image" content="https://elsewhere.example/picture.jpg" />'
    '<script>window.gradio_config = {"title": "\\u003c/script>"};</script>'
    '<script>window.gradio_api_info = {"named_endpoints":{}};</script><script>run();</script>'
    '<script type="module" crossorigin src="./assets/index-x.js"></script>'
    '<style>body{}</style></head><body class="b" style="margin: 0"><gradio-app></gradio-app></body></html>'
)


def test_of_gradios_page_only_what_its_script_needs_is_left() -> None:
    html = dress(GRADIO, '<div class="abc"></div>', "nn", "../")
    assert '<html lang="nn"' in html
    assert '<base href="../">' in html and html.count("<base") == 1
    assert html.count("<title>") == 1 and "Gradio<" not in html
    assert "elsewhere.example" not in html and "run()" not in html
    assert html.index("<noscript>") < html.index('<div class="abc">') < html.index("<gradio-app ")
    [data] = re.findall(r"<script type=\"application/json\" data-gradio>(.*?)</script>", html)
    assert json.loads(data)["config"] == {"title": "</script>"}
    assert json.loads(data)["script"] == "assets/index-x.js"


def test_the_page_has_no_script_or_style_of_its_own_that_a_policy_would_have_to_allow() -> None:
    html = dress(GRADIO, "", "nb", "./")
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))|<style|\sstyle=|\son\w+=", html) == []


def test_gradios_script_is_fetched_early_only_where_one_can_ask() -> None:
    assert "modulepreload" in dress(GRADIO, "", "nb", "./")
    assert "modulepreload" not in dress(GRADIO, "", "nb", "./", asks=False)


def test_another_gradio_than_the_one_that_is_known_is_told_of() -> None:
    with pytest.raises(ValueError, match="another Gradio"):
        dress("<html></html>", "", "nb", "./")


def test_a_file_of_the_page_has_another_address_when_its_content_is_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = ("page.css", "page.js", "icon.svg")
    before = {name: address_of(name) for name in names}
    assert re.fullmatch(r"abc/page\.css\?v=[0-9a-f]{12}", before["page.css"])
    folder = shutil.copytree(Path(assets.__file__).parent, tmp_path / "ui")
    with (folder / "feedback.css").open("a") as file:  # one of the parts of the style sheet
        file.write("/* another */")
    monkeypatch.setattr(assets, "_FOLDER", folder)
    assets._versioned.cache_clear()
    try:
        assert {name for name in names if address_of(name) != before[name]} == {"page.css"}
    finally:
        assets._versioned.cache_clear()


def test_the_style_sheet_has_every_part_and_the_address_of_its_letters() -> None:
    css = read_assets()["page.css"].content.decode()
    assert ".source" in css and ".feedback" in css and ".about" in css
    assert f'url("{address_of("letters.woff2").removeprefix("abc/")}")' in css
    assert css.index(":root") < css.index(".feedback")


def test_no_file_of_the_page_names_another_host() -> None:
    for name, asset in read_assets().items():
        if asset.media_type.startswith("text/"):
            assert re.findall(rb"(?:url\(|fetch\(|import ).{0,3}https?://", asset.content) == [], name
