"""When the guide knows: the nearest questions with and without an answer decide, and words from elsewhere count."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.evidence import FEATURES, KNOWN_FROM, MAYBE_FROM, Sufficiency, describe, gather
from assistant.retrieve import SIGNALS, read_learned, retrieve
from assistant.understand import understand
from index.build import build_index
from index.document import read_corpus
from index.embed import Embedder
from index.load import Index, open_index

ASKED = "Hvor mange fikk nei av etableringsfondet i fjor?"


@pytest.fixture
def index(
    corpus_dir: Path, index_home: Path, embedder: Embedder, write: Callable[[Path, str], Path]
) -> Iterator[Index]:
    """The tiny guide with gaps: one near a scheme, two outside the field."""
    questions = corpus_dir / "sporsmal" / "ordninger" / "etableringsfondet.md"
    questions.write_text(questions.read_text(encoding="utf-8") + f"\n## svarer ikke\n- {ASKED}\n", encoding="utf-8")
    write(corpus_dir / "sporsmal" / "utenfor.md", "## svarer ikke\n- Blir det regn i morgen?\n- Hvem vant kampen?\n")
    build_index(read_corpus(corpus_dir), index_home, embedder)
    opened = open_index(index_home, embedder)
    yield opened
    opened.store.close()


@pytest.fixture
def look(index: Index, embedder: Embedder) -> Callable[[str], tuple[dict[str, float], Sufficiency]]:
    def run(question: str) -> tuple[dict[str, float], Sufficiency]:
        query = understand([question])
        found = retrieve(index, embedder, query)
        features = dict(zip(FEATURES, describe(query, found, index), strict=True))
        return features, gather(query, found, index).sufficiency

    return run


Look = Callable[[str], tuple[dict[str, float], Sufficiency]]


def test_a_question_that_is_known_to_have_no_answer_is_refused(look: Look) -> None:
    features, sufficiency = look(ASKED)
    assert features["margin"] < 0
    assert sufficiency is Sufficiency.UNKNOWN


def test_a_question_of_another_field_is_outside(look: Look) -> None:
    assert look("Blir det regn i morgen?")[1] is Sufficiency.OUT_OF_SCOPE


def test_a_question_the_guide_answers_is_known_beside_the_gaps(look: Look) -> None:
    features, sufficiency = look("Når er søknadsfristen for etableringsfondet?")
    assert features["margin"] > 0
    assert sufficiency is Sufficiency.KNOWN


def test_a_question_without_a_word_of_the_guide_is_outside(look: Look) -> None:
    assert look("Zzqx?")[1] is Sufficiency.OUT_OF_SCOPE


def test_names_and_years_that_the_best_document_lacks_are_counted(look: Look) -> None:
    features, _ = look("Hvem kan søke etableringsfondet i Trondheim i 2031?")
    assert (features["strange names"], features["strange years"]) == (1, 1)
    assert look("Hvem kan søke etableringsfondet i Fjord i 2026?")[0]["strange years"] == 0


def test_what_was_learned_fits_the_signals_and_features_in_use() -> None:
    learned = read_learned()
    assert (len(learned.weights), len(learned.known_weights)) == (len(SIGNALS), len(FEATURES))
    assert 0 < MAYBE_FROM < KNOWN_FROM < 1
