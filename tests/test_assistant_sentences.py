"""Which sentences may serve a question, and how likely each is to be the one asked for."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.conversation.names import read_names
from assistant.retrieve import retrieve
from assistant.sentences import SENTENCE_FEATURES, Candidate, describe_sentences, find_sentences, parts_of, sentences_of
from assistant.understand import understand
from index.build import build_index
from index.document import read_corpus
from index.embed import Embedder
from index.load import Index, open_index

Find = Callable[[str], list[Candidate]]


@pytest.fixture
def find(built_index: Index, embedder: Embedder) -> Find:
    def run(question: str) -> list[Candidate]:
        query = understand([question])
        return find_sentences(query, retrieve(built_index, embedder, query).hits, built_index, embedder)

    return run


def test_chances_add_up_to_one_and_the_likeliest_comes_first(find: Find) -> None:
    chances = [candidate.chance for candidate in find("Hvor mye gir etableringsfondet?")]
    assert sum(chances) == pytest.approx(1)
    assert chances == sorted(chances, reverse=True)


def test_the_sentence_that_answers_is_the_likeliest(find: Find) -> None:
    best = find("Hvor mye gir etableringsfondet?")[0].draft
    assert best.text == "Etableringsfondet gir inntil 200 000 kroner."


def test_an_unknown_value_and_a_question_state_nothing(
    corpus_dir: Path,
    index_home: Path,
    embedder: Embedder,
    write: Callable[[Path, str], Path],
    document_text: Callable[..., str],
) -> None:
    body = "## Hva kan vi spørre banken om?\n\n- Hva er renten?[^råd]\n- Banken svarer på telefon.[^lov-om-fond]\n"
    write(corpus_dir / "guide/bank.md", document_text(title="Banken", body=body))
    build_index(read_corpus(corpus_dir), index_home, embedder)
    index = open_index(index_home, embedder)
    query = understand(["Hva kan vi spørre banken om?"])
    texts = [draft.text for draft in sentences_of(retrieve(index, embedder, query).hits, index)[0].drafts]
    index.store.close()
    assert "Banken svarer på telefon." in texts
    assert "Ikke kjent" not in texts
    assert not any(text.endswith("?") for text in texts)


def test_every_sentence_has_each_feature_in_its_range(built_index: Index, embedder: Embedder) -> None:
    query = understand(["Hvor mye gir etableringsfondet?"])
    told, scores = sentences_of(retrieve(built_index, embedder, query).hits, built_index)
    features = describe_sentences(query, told, scores, built_index, embedder)
    assert features.shape == (len(told.drafts), len(SENTENCE_FEATURES))
    likeness = features[:, : SENTENCE_FEATURES.index("shape")]
    assert np.all((likeness >= -1.001) & (likeness <= 1.001))
    assert np.all(features[:, SENTENCE_FEATURES.index("section")] <= 0)


def test_nothing_found_is_no_sentence(built_index: Index, embedder: Embedder) -> None:
    assert find_sentences(understand(["Hvem?"]), [], built_index, embedder) == []


@pytest.mark.parametrize(
    ("turns", "texts"),
    [
        (["Hvor mye gir fondet?"], ["Hvor mye gir fondet?"]),
        (
            ["Vi er et AS. Hvor mye gir fondet, og når er fristen for oss?"],
            [
                "Vi er et AS. Hvor mye gir fondet, og når er fristen for oss?",
                "Vi er et AS. Hvor mye gir fondet",
                "Vi er et AS. når er fristen for oss?",
            ],
        ),
        (["Kan vi få støtte, og hvorfor?"], ["Kan vi få støtte, og hvorfor?"]),  # one word is no question of its own
    ],
)
def test_a_question_that_asks_two_things_is_also_looked_at_part_by_part(turns: list[str], texts: list[str]) -> None:
    assert [part.text for part in parts_of(understand(turns))] == texts


def test_a_follow_up_is_also_looked_at_as_it_was_said(built_index: Index) -> None:
    query = understand(["Hvor mye gir etableringsfondet?", "og når er fristen?"], read_names(built_index.catalog))
    assert query.is_follow_up
    assert [part.text for part in parts_of(query)] == [query.text, "og når er fristen?"]
