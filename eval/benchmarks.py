"""`python -m eval.benchmarks --data FOLDER`: the shipped model and the keyword index on public Norwegian texts.

The sets are for measuring only: nothing here is trained or tuned on them. `MODEL_CARD.md` says where they come from.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.metrics import mean
from index.embed import Embedder, load_embedder
from index.keyword import KeywordIndex

Matrix = npt.NDArray[np.float32]
# The mix for texts that no questions are known for, flat around these values (2026-11-23); the weights of
# `assistant/learned.json` are for sections pooled with their questions.
_STEMS, _GRAMS, _COSINE = np.float32(0.5), np.float32(0.5), np.float32(0.4)


@dataclass(frozen=True)
class Benchmark:
    """Passages, queries, and for each query the places of the passages that answer it."""

    name: str
    passages: tuple[str, ...]
    queries: tuple[str, ...]
    relevant: tuple[tuple[int, ...], ...]


def read_benchmarks(data: Path) -> list[Benchmark]:
    """NorQuAD passages, everyday questions about regulations, and translated sentences."""

    def rows(name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]

    chunks, questions = rows("norquad_chunks"), rows("norquad_questions")
    place = {row["id"]: i for i, row in enumerate(chunks)}
    sections, everyday = rows("lov_chunks"), rows("lov_hverdag_questions")
    section_place = {row["id"]: i for i, row in enumerate(sections)}
    laws = tuple(f"{row['short'] or row['title']}. {row['heading']}. {row['text']}" for row in sections)
    sentences = rows("ntrex_nob_nno_eng")
    bokmal = tuple(row["nob"] for row in sentences)
    same = tuple((i,) for i in range(len(sentences)))
    return [
        Benchmark(
            "NorQuAD",
            tuple(row["text"] for row in chunks),
            tuple(row["question"] for row in questions),
            tuple((place[row["chunk"]],) for row in questions),
        ),
        Benchmark(
            "everyday law questions",
            laws,
            tuple(row["question"] for row in everyday),
            tuple(tuple(section_place[gold] for gold in row["gold"]) for row in everyday),
        ),
        Benchmark("nynorsk to bokmål", bokmal, tuple(row["nno"] for row in sentences), same),
        Benchmark("English to bokmål", bokmal, tuple(row["eng"] for row in sentences), same),
    ]


def ndcg_at_10(scores: Matrix, relevant: Sequence[Sequence[int]]) -> float:
    """nDCG@10 with the best placed relevant passage counted; ties rank after it."""
    gains = []
    for row, wanted in zip(scores, relevant, strict=True):
        rank = int((row > max(row[i] for i in wanted)).sum()) + 1
        gains.append(1 / np.log2(rank + 1) if rank <= 10 else 0.0)
    return mean(gains)


def measure(benchmark: Benchmark, embedder: Embedder) -> dict[str, float]:
    """nDCG@10 of vectors alone, keywords alone, and both fused."""
    cosines = embedder.encode_queries(benchmark.queries) @ embedder.encode_passages(benchmark.passages).T
    index = KeywordIndex.build(benchmark.passages)
    stems, grams = np.array([index.score(query).fields[:2] for query in benchmark.queries]).swapaxes(0, 1)
    keyword = _STEMS * stems + _GRAMS * grams
    ways = {"dense": cosines, "keyword": keyword, "fused": keyword + _COSINE * cosines}
    return {name: ndcg_at_10(scores, benchmark.relevant) for name, scores in ways.items()}


def main() -> None:
    """Prints one row per benchmark."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    embedder = load_embedder()
    print("| nDCG@10 | queries | passages | dense | keyword | fused |\n|---|---|---|---|---|---|")
    for benchmark in read_benchmarks(options.data):
        found = measure(benchmark, embedder)
        sizes = f"{len(benchmark.queries)} | {len(benchmark.passages)}"
        figures = " | ".join(f"{found[way]:.3f}" for way in ("dense", "keyword", "fused"))
        print(f"| {benchmark.name} | {sizes} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
