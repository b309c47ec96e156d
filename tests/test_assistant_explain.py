"""Why a hit came: the parts add up to its score, and the terminal and the page say the same."""

import pytest

from assistant.answer import Engine
from assistant.explain import Explanation, as_lines, as_page, explain
from index.embed import Embedder
from index.load import Index


@pytest.fixture
def explanation(built_index: Index, embedder: Embedder) -> Explanation:
    return explain(Engine(built_index, embedder), ["startkapital <i> AS?"])


def test_what_each_signal_added_sums_up_to_the_score(explanation: Explanation) -> None:
    for hit in explanation.hits:
        assert sum(hit.added.values()) == pytest.approx(hit.score, abs=0.02)
        parts = hit.keyword_score + hit.dense_score
        assert parts == pytest.approx(
            sum(v for n, v in hit.added.items() if n not in ("mal", "aktør", "historie")), abs=0.02
        )


def test_ranks_on_each_side_are_those_among_all_chunks(explanation: Explanation, built_index: Index) -> None:
    count = len(built_index.catalog.chunks)
    assert all(1 <= rank <= count for hit in explanation.hits for rank in (hit.keyword_rank, hit.dense_rank))


def test_the_expansion_of_an_everyday_word_is_shown(explanation: Explanation) -> None:
    assert explanation.query == "startkapital <i> AS?"
    assert "aksjekapital" in explanation.rewritten


def test_the_page_shows_the_lines_and_runs_nothing_of_the_question(explanation: Explanation) -> None:
    page = as_page(explanation)
    assert "<i>" not in page
    assert all(hit.section in page for hit in explanation.hits)
    assert any("ord: nr." in line for line in as_lines(explanation))
