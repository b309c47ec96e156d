"""The shipped model: its fingerprint, the length of its vectors, what it finds near; and the way to other models."""

import json
import sys

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from index.embed import (
    MODEL_DIR,
    SHIPPED_MODEL,
    SentenceTransformerEmbedder,
    StaticEmbedder,
    as_sentence_transformer,
    fingerprint_files,
    load_embedder,
    match_tokens,
    normalise,
    save_static_model,
)
from index.types import IndexMismatch

TEXTS = ["Hvem kan søke om tilskudd?", "aksjekapital", "Kva krevst for å få lønstilskot?", "How much share capital?"]


@pytest.fixture(scope="module")
def shipped():
    return StaticEmbedder()


@pytest.fixture
def two_words(tmp_path):
    """A model of two words, «ja» and «nei», at right angles, saved as the shipped one is."""
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "ja": 1, "nei": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    save_static_model(tmp_path, np.array([[0, 0], [3, 0], [0, 4]], np.float32), tokenizer)
    return tmp_path


def test_shipped_model_is_named_and_loaded_by_its_name(shipped):
    assert shipped.name == SHIPPED_MODEL
    assert isinstance(load_embedder(), StaticEmbedder)
    assert load_embedder(SHIPPED_MODEL).fingerprint == shipped.fingerprint


def test_fingerprint_in_the_shipped_config_is_that_of_the_shipped_files(shipped):
    config = json.loads((MODEL_DIR / "config.json").read_text(encoding="utf-8"))
    assert config["fingerprint"] == fingerprint_files(MODEL_DIR) == shipped.fingerprint


def test_passages_and_queries_are_unit_vectors_of_the_configured_width(shipped):
    config = json.loads((MODEL_DIR / "config.json").read_text(encoding="utf-8"))
    for vectors in (shipped.encode_passages(TEXTS), shipped.encode_queries(TEXTS)):
        assert vectors.shape == (len(TEXTS), config["dimensions"])
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-6)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_text_without_words_is_the_zero_vector(shipped, text):
    assert not shipped.encode_passages([text]).any()


def test_no_texts_give_no_vectors(shipped):
    assert shipped.encode_passages([]).shape == (0, shipped.encode_passages(["x"]).shape[1])


def test_vector_does_not_depend_on_the_texts_beside_it(shipped):
    alone = np.concatenate([shipped.encode_passages([text]) for text in TEXTS])
    assert np.array_equal(shipped.encode_passages(TEXTS), alone)


@pytest.mark.parametrize(
    ("said", "near", "far"),
    [
        ("Hvem kan søke om tilskudd?", "Kven kan søkje om tilskot?", "Katten sover på sofaen."),
        ("Hvor mye penger trenger vi?", "Kor mykje pengar treng vi?", "Hunden løper i skogen."),
        ("Hva er et aksjeselskap?", "What is a limited company?", "Været blir fint i morgen."),
    ],
)
def test_the_same_in_nynorsk_or_english_is_nearer_than_something_else(shipped, said, near, far):
    query, same, other = shipped.encode_passages([said, near, far])
    assert query @ same > query @ other + 0.2


def test_normalise_gives_length_one_and_leaves_zero_alone():
    assert normalise(np.array([[3, 4], [0, 0]], np.float32)).tolist() == [
        [pytest.approx(3 / 5), pytest.approx(4 / 5)],
        [0, 0],
    ]


def test_saved_model_is_the_mean_of_its_word_vectors(two_words):
    embedder = StaticEmbedder(two_words)
    yes, no, both, neither = embedder.encode_passages(["ja", "nei", "ja nei", "kanskje"])
    assert yes.tolist() == pytest.approx([1, 0])
    assert no.tolist() == pytest.approx([0, 1])
    assert both.tolist() == pytest.approx([3 / 5, 4 / 5], abs=1e-3)  # the mean of (3, 0) and (0, 4), at length one
    assert neither.tolist() == [0, 0]


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_fingerprint_changes_with_a_byte_of_weights_or_tokenizer(two_words, name):
    before = fingerprint_files(two_words)
    assert before == StaticEmbedder(two_words).fingerprint
    (two_words / name).write_bytes((two_words / name).read_bytes() + b" ")
    assert fingerprint_files(two_words) != before


def test_other_model_without_sentence_transformers_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(IndexMismatch, match="Modellen «min/modell» krever tilleggspakkene «models»") as caught:
        load_embedder("min/modell")
    assert "pip install" in caught.value.remedy
    assert "bruk den innebygde modellen" in caught.value.remedy


def test_shipped_model_needs_no_sentence_transformers(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert load_embedder().encode_queries(["frist"]).any()


@pytest.mark.model
def test_shipped_model_gives_the_vectors_of_sentence_transformers(shipped):
    expected = as_sentence_transformer().encode([*TEXTS, ""])
    assert np.abs(shipped.encode_passages([*TEXTS, ""]) - expected).max() < 1e-6


@pytest.mark.model
def test_saved_sentence_transformer_is_loaded_by_its_folder_with_a_fingerprint_of_its_own(shipped, tmp_path):
    as_sentence_transformer().save(str(tmp_path / "modell"))
    embedder = load_embedder(str(tmp_path / "modell"))
    assert isinstance(embedder, SentenceTransformerEmbedder)
    assert embedder.name == str(tmp_path / "modell")
    assert embedder.fingerprint == SentenceTransformerEmbedder(embedder.name).fingerprint != shipped.fingerprint
    for encode in (embedder.encode_passages, embedder.encode_queries):
        assert np.abs(encode(TEXTS) - shipped.encode_passages(TEXTS)).max() < 1e-6


def test_each_token_of_a_text_has_its_vector_and_the_weight_of_its_length(two_words):
    tokens = StaticEmbedder(two_words).encode_tokens(["ja nei", "", "nei"])
    assert tokens.starts.tolist() == [0, 2, 3]
    assert tokens.vectors[tokens.places].round(2).tolist() == [[1, 0], [0, 1], [0, 0], [0, 1]]
    assert tokens.weights.round(1).tolist() == [3, 4, 0, 4]


def test_match_is_the_mean_over_the_query_of_the_nearest_token_weighted_by_length(two_words):
    model = StaticEmbedder(two_words)
    matched = match_tokens(model.encode_tokens(["ja nei"]), model.encode_tokens(["nei nei", "ja", "nei ja", ""]))
    assert matched.tolist() == pytest.approx([4 / 7, 3 / 7, 1, 0], abs=0.01)


def test_tokens_that_are_remembered_or_forgotten_give_the_same_vectors(two_words, monkeypatch):
    monkeypatch.setattr("index.embed._KEPT", 2)
    model = StaticEmbedder(two_words)
    texts = ["ja", "nei", "ja nei", "nei nei", "ja"]
    alone = [StaticEmbedder(two_words).encode_queries([text])[0] for text in texts]
    for _ in range(2):
        np.testing.assert_array_equal(model.encode_queries(texts), alone)
