"""A guide with a haystack around it: what is made of another text can be read, and the figures are what they say."""

import gzip
import json
from pathlib import Path

import numpy as np

from eval.growth import PLOTS, as_table, write_plots
from eval.haystack import read_haystack, write_corpus
from eval.near import compare_vectors, recall
from index.document import read_corpus
from index.matrix import Matrix

AWKWARD = '# «Sitat» "to" [en](to) \\ slutt. Neste setning - her.'


def _haystack(folder: Path, num_documents: int) -> Path:
    rows = [
        {
            "doc": f"lov-{number}",
            "title": f'Lov nr. {number}: "om" noe',
            "ref": f"§ {part}",
            "heading": "",
            "text": AWKWARD,
        }
        for number in range(num_documents)
        for part in (1, 2)
    ]
    with gzip.open(folder / "rows.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return folder / "rows.jsonl.gz"


def test_haystack_is_whole_documents_of_about_the_size_and_the_same_each_time(tmp_path: Path) -> None:
    path = _haystack(tmp_path, 10)
    chosen = read_haystack(path, 5)
    assert [len(own) for own in chosen] == [2, 2, 2]
    assert chosen == read_haystack(path, 5)
    assert len(read_haystack(path, 1_000)) == 10


def test_guide_with_a_haystack_can_be_read_whatever_the_text_is(tmp_path: Path, corpus_dir: Path) -> None:
    alone = read_corpus(corpus_dir)
    write_corpus(corpus_dir, read_haystack(_haystack(tmp_path, 3), 6), tmp_path / "larger")
    larger = read_corpus(tmp_path / "larger")
    added = [document for document in larger.documents if document.doc_id.startswith("guide/haystack-")]
    assert len(larger.documents) == len(alone.documents) + len(added) == len(alone.documents) + 3
    assert [section.headings[-1] for section in added[0].sections] == ["§ 1", "§ 2"]
    assert [len(section.statements) for section in added[0].sections] == [2, 2]
    assert not any(section.loose for section in added[0].sections)


def test_recall_is_the_share_of_the_nearest_that_were_found() -> None:
    truth, found = [np.arange(60)], [np.r_[np.arange(9), 70, np.arange(10, 60)]]
    assert recall("x", truth, found) == {"x recall@10": 0.9, "x recall@60": 59 / 60}


def test_few_vectors_are_found_without_loss() -> None:
    vectors = np.random.default_rng(1).normal(size=(200, 8)).astype(np.float32)
    nothing = np.zeros((0, 0), np.float32)
    matrix = Matrix(vectors, np.arange(200, dtype=np.uint64), nothing, nothing)
    places, figures = compare_vectors(matrix, vectors[:5])
    assert len(places) == 5
    assert figures["sketch recall@10"] == figures["sketch recall@60"] == 1


def test_growth_is_a_row_for_each_figure_and_a_plot_for_each_group(tmp_path: Path) -> None:
    names = ["chunks", *(name for group in PLOTS.values() for name in group)]
    measured = [dict.fromkeys(names, 2.5), dict.fromkeys(names, 25_000.0)]
    assert "| build s | 2.5 | 25,000 |" in as_table(measured)
    page = write_plots(measured, tmp_path / "growth.html").read_text(encoding="utf-8")
    assert page.count("<svg") == len(PLOTS)
