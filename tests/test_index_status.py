"""The state of the guide in figures, each of them counted by hand from the tiny guide."""

from datetime import date

import pytest

from index.document import read_corpus
from index.status import describe_status


@pytest.fixture
def status(corpus_dir):
    """The lines of STATUS.md as the corpus is now."""
    return lambda: describe_status(read_corpus(corpus_dir), date(2026, 6, 1)).splitlines()


def test_each_folder_is_a_row_of_documents_statements_facts_confirmed_and_advice(status):
    # guide/: 6 + 3 + 3 statements, 2 of them advice and 1 of the other 10 unconfirmed.
    assert "| `guide/` | 3 | 12 | 10 | 90.0% | 2 |" in status()
    # ordninger/: the ingress, 14 values and 2 sentences; one value is unconfirmed.
    assert f"| `ordninger/` | 1 | 17 | 17 | {16 / 17:.1%} | 0 |" in status()


def test_text_to_copy_is_not_counted_and_advice_alone_has_no_share(status):
    assert "| `maler/` | 1 | 2 | 0 | – | 2 |" in status()


def test_share_of_confirmed_facts_is_told_for_the_whole_guide(status):
    # Facts: 10 + 17 + 2 + 0 + 2. Unconfirmed: one in the guide, one on the card, one in the story.
    assert f"**{28 / 31:.1%}** av faktasetningene har en bekreftet kilde." in status()
    assert f"| i alt | 7 | 35 | 31 | {28 / 31:.1%} | 4 |" in status()


def test_value_that_is_not_known_is_a_gap(status):
    assert "- `ordninger/etableringsfondet`: ikke kjent: kombinasjon" in status()


def test_scheme_whose_status_is_not_known_is_a_gap(status, corpus_dir):
    path = corpus_dir / "ordninger" / "etableringsfondet.md"
    path.write_text(path.read_text(encoding="utf-8").replace("status: åpen", "status: ukjent"), encoding="utf-8")
    assert "- `ordninger/etableringsfondet`: ikke kjent: kombinasjon; status ukjent" in status()


def test_sources_whose_period_is_over_first_come_first(status, corpus_dir):
    path = corpus_dir / "guide" / "aksjekapital.md"
    old = path.read_text(encoding="utf-8").replace("i driften.[^ubekreftet]", "i driften.[^lov-om-fond@2019]")
    path.write_text(old, encoding="utf-8")
    oldest = [line for line in status() if line.startswith("- 20")]
    assert oldest[0] == "- 2019: Lovdata: Lov om fond (`lov-om-fond`, 1 setninger)"
    assert [line[:6] for line in oldest] == ["- 2019", "- 2026", "- 2026"]
