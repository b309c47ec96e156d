"""The trainer on a handful of rows: a model that loads, the same for the same seed, from all of the guide or a half."""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.embed import StaticEmbedder
from index.pairs import read_guide, read_texts
from index.split import TEST, TUNING, half_of

pytestmark = pytest.mark.model

COUNT = 30
ROWS: dict[str, Any] = {
    "lover_forskrifter": lambda i: {
        "heading": f"Frist {i}", "short": "Fondsloven", "title": "Lov om fond", "doc": f"lov-{i % 3}",
        "text": f"Søknaden sendes innen frist {i}. Fristen kan ikke forlenges.",
    },
    "offentlige_veiledninger": lambda i: {"heading": f"Steg {i}", "title": "Veileder", "text": f"Gjør steg {i} først."},
    "libreoffice_hjelp": lambda i: {"heading": f"Meny {i}", "title": "Hjelp", "text": f"Velg meny {i} i vinduet."},
    "nav_nb_nn_en": lambda i: {"nb": f"Du har krav {i}", "nn": f"Du har krav {i} no", "en": f"You have claim {i}"},
    "programvare_en_nb_nn": lambda i: {"src": "LibreOffice", "en": f"Open {i}", "nb": f"Åpne {i}", "nn": f"Opne {i}"},
    "nynorsk_maskinoversatt": lambda i: {"nn": f"Kva er frist {i}", "nb": f"Hva er frist {i}"},
    "engelske_ordglosser": lambda i: {"en_gloss": f"deadline number {i}", "nb": f"fristen nummer {i}"},
    "tatoeba_nb_en": lambda i: {"nb": f"Jeg ser {i}", "en": f"I see {i}"},
    "ud_setninger": lambda i: {"text": f"Dette er setning nummer {i}, og den er lang nok."},
    "avissetninger_cc0": lambda i: {"text": f"Avisen skriver i dag at saken {i} er ferdig behandlet."},
    "ordpar_en_no": lambda i: {"en": f"grant{i}", "no": [f"tilskudd{i}"], "gloss": "money given"},
}  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name, row in ROWS.items():
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row(i), ensure_ascii=False) + "\n" for i in range(COUNT))
    return tmp_path


def train(data: Path, corpus_dir: Path, out: Path, patch: pytest.MonkeyPatch, *more: str) -> StaticEmbedder:
    from index.train import main

    arguments = ["--data", str(data), "--corpus", str(corpus_dir), "--out", str(out), "--steps", "4", "--seed", "3"]
    patch.setattr(sys, "argv", ["index.train", *arguments, *more])
    main()
    return StaticEmbedder(out)


def test_trained_model_loads_and_the_same_seed_and_tokenizer_give_the_same_model(
    data: Path, corpus_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.train import DIMENSIONS

    first = train(data, corpus_dir, tmp_path / "en", monkeypatch)
    same = ("--tokenizer", str(tmp_path / "en" / "tokenizer.json"))
    second = train(data, corpus_dir, tmp_path / "to", monkeypatch, *same)
    assert first.fingerprint == second.fingerprint
    vectors = first.encode_passages(["Når er fristen?", "tilskudd"])
    assert vectors.shape == (2, DIMENSIONS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-5)


@pytest.mark.parametrize("half", [None, TUNING, TEST])
def test_the_whole_guide_is_learned_from_or_the_half_that_is_asked_for(corpus_dir: Path, half: str | None) -> None:
    from index.document import read_corpus

    documents = read_corpus(corpus_dir).documents
    learned = {text for pair in read_guide(corpus_dir, half)["own"] for text in pair}
    for document in documents:
        is_learned = any(question in learned for question in document.questions)
        assert is_learned == (half in (None, half_of(document.doc_id))), document.doc_id


def test_texts_that_share_eight_words_with_a_benchmark_are_left_out(data: Path, tmp_path: Path) -> None:
    benchmarks = tmp_path / "benchmarks"
    benchmarks.mkdir()
    held_out = "Avisen skriver i dag at saken 7 er ferdig behandlet."
    (benchmarks / "norquad_contexts.jsonl").write_text(json.dumps({"text": held_out}) + "\n", encoding="utf-8")
    (benchmarks / "ntrex_nob_nno_eng.jsonl").write_text("", encoding="utf-8")
    news = read_texts(data, benchmarks)["news"]
    assert held_out not in news
    assert len(news) == COUNT - 1
