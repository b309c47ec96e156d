"""No text that someone can send or write makes a pattern slow: each is fed the repeats that make bad ones explode."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from types import ModuleType

import pytest
from attacks import attempt

import assistant
import index
from assistant.conversation.standalone import MAX_TURNS
from assistant.screen import MAX_CHARS, screen
from assistant.understand import understand
from index.personal import find_personal
from index.statements import plain, split_sentences

# Half of what may be asked. The worst patterns are quadratic and take 0.03 s for that, and 0.1 s for all that may be
# asked (2026-11-30: `facts.LIMIT_AFTER`, `facts.BODY`); a cubic one takes ten times that, and a worse one minutes.
LONG = MAX_CHARS // 2
MAX_S = 0.25  # of the processor
SKIPPED = ("assistant.__main__", "index.train", "assistant.ui.original")
UNITS = (
    "a", "1", " ", "\n", ".", "-", "[", "(", "|", "§", "æ", "kr ", "1 ", "a.", "1.", "[1]", "a-", "- ", " a", "a1",
    "[^", "](", "\t", "mai ", "2026 ", "000 ", "«", "**", "<", "a@", "@a.", "http://", "/", "+47 ", "1.1.", "a,", "%",
    "\u00ad", "12345678901 ",
)  # fmt: skip
END = "\u0000"


def modules() -> Iterator[ModuleType]:
    for package in (assistant, index):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.startswith(SKIPPED):
                yield importlib.import_module(found.name)


def patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled pattern of ours that reads text, by the module and name that it has."""
    return {
        f"{module.__name__}.{name}": value
        for module in modules()
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
    }


PATTERNS = patterns()


def test_the_patterns_are_found() -> None:
    assert len(PATTERNS) > 100


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_is_slow(name: str) -> None:
    for unit in UNITS:
        attempt("slow patterns")
        text = (unit * (LONG // len(unit)))[:LONG] + END
        started = time.process_time()
        PATTERNS[name].search(text)
        assert time.process_time() - started < MAX_S, unit


@pytest.mark.parametrize("unit", UNITS)
def test_no_question_is_slow_to_screen_and_to_understand(unit: str) -> None:
    attempt("slow patterns", 2)
    started = time.process_time()
    asked = screen((unit * MAX_CHARS)[: MAX_CHARS - 1] + END).text
    understand([asked] * MAX_TURNS)
    assert time.process_time() - started < 8 * MAX_S * MAX_TURNS


@pytest.mark.parametrize("unit", UNITS)
def test_no_line_of_a_guide_is_slow_to_read(unit: str) -> None:
    attempt("slow patterns", 3)
    text = (unit * LONG)[:LONG] + END
    started = time.process_time()
    plain(text), split_sentences(text), list(find_personal(text))
    assert time.process_time() - started < 3 * MAX_S
