"""Spelling tolerance: what was meant, where it is near enough to a word of the guide."""

import pytest

from index.spell import Speller

KNOWN = Speller(["frist", "søknadsfrist", "tilskudd", "aksjekapital", "bank", "og", "30"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tilskud", "tilskudd"),  # a letter missing
        ("tillskudd", "tilskudd"),  # one too many
        ("tilsukdd", "tilskudd"),  # two swapped
        ("søknadfrits", "søknadsfrist"),  # two mistakes in a long word
    ],
)
def test_a_slip_of_the_finger_finds_the_word(typed: str, meant: str) -> None:
    assert KNOWN.correct(f"Når er {typed}?") == f"når er {meant}"


@pytest.mark.parametrize("query", ["Når er fristen?", "bnak", "katten sover", "tilbud", "Kor mykje er 300 000?"])
def test_what_is_known_short_or_too_far_away_stays_as_typed(query: str) -> None:
    assert KNOWN.correct(query) == query
