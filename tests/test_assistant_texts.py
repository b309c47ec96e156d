"""Every sentence a user can meet exists in all three languages, with the same blanks, and is used."""

import ast
import re
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest
import yaml

import assistant.texts
from assistant.texts import LANGUAGES, load_texts, say

FOLDER = Path(assistant.texts.__file__).parent


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_languages_are_bokmaal_nynorsk_and_english() -> None:
    assert set(LANGUAGES) == {"nb", "nn", "en"}
    assert set(LANGUAGES) <= {path.stem for path in FOLDER.glob("*.yaml")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice(language: str) -> None:
    keys = re.findall(r"^(\w+):", (FOLDER / f"{language}.yaml").read_text(encoding="utf-8"), re.M)
    assert [key for key, count in Counter(keys).items() if count > 1] == []
    assert set(keys) == set(load_texts(language))


def test_all_languages_have_the_same_keys() -> None:
    keys = {language: set(load_texts(language)) for language in LANGUAGES}
    assert keys["nb"] == keys["nn"]
    assert keys["nb"] == keys["en"]


@pytest.mark.parametrize("language", ["nn", "en"])
def test_every_text_has_the_same_blanks_in_every_language(language: str) -> None:
    expected = {key: blanks(text) for key, text in load_texts("nb").items()}
    assert {key: blanks(text) for key, text in load_texts(language).items()} == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_is_text(language: str) -> None:
    rows = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    assert [key for key, value in rows.items() if not isinstance(value, str)] == []


def test_only_a_note_that_one_language_needs_is_empty_in_the_others() -> None:
    empty = {language: {key for key, text in load_texts(language).items() if not text} for language in LANGUAGES}
    assert empty == {"nb": {"norwegian_quotes"}, "nn": {"norwegian_quotes"}, "en": set()}


def test_every_key_that_the_code_says_is_there() -> None:
    said = {key for key in _keys_in_calls() if isinstance(key, str)}
    assert len(said) > 10
    assert said <= set(load_texts("nb"))


def _keys_in_calls() -> list[object]:
    """The second argument of each `say(…)` in the package, where it is written out."""
    calls = []
    for path in FOLDER.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                calls += [argument.value for argument in node.args[1:2] if isinstance(argument, ast.Constant)]
    return calls


def test_say_fills_in_the_blanks() -> None:
    assert "«Fondet»" in say("nb", "no_evidence_near", topics="«Fondet»")


def test_an_unknown_key_raises() -> None:
    with pytest.raises(KeyError, match="finnes_ikke"):
        say("nb", "finnes_ikke")
