"""Why each hit came: its rank and score on both sides, what each signal added, and which wordings were searched."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

import numpy as np

from assistant.answer import Engine, understand_turns
from assistant.evidence import FEATURES, describe, how_known
from assistant.retrieve import SIGNALS, rank, read_learned, read_signals
from index.keyword import FIELDS

_LIMIT = 10


@dataclass(frozen=True)
class ExplainedHit:
    """A hit with its rank and score from keywords alone and vectors alone, and what each signal added to its score."""

    section: str
    score: float
    keyword_rank: int
    keyword_score: float
    dense_rank: int
    dense_score: float
    added: dict[str, float]


@dataclass(frozen=True)
class Explanation:
    """The question as it was searched: typed, `rewritten`, `corrected`; the chance that the guide knows; the hits."""

    query: str
    rewritten: str
    corrected: str
    intent: str
    language: str
    known: float
    features: dict[str, float]
    hits: tuple[ExplainedHit, ...]

    def as_json(self) -> dict[str, Any]:
        """The record as plain JSON values."""
        return asdict(self)


def explain(engine: Engine, turns: Sequence[str]) -> Explanation:
    """Why the first hits of the last of `turns` are the first."""
    index = engine.index
    query = understand_turns(engine, turns)
    weights = np.array(read_learned().weights, np.float32)
    signals = read_signals(index, engine.embedder, query)
    is_dense = np.array(["cosine" in name for name in SIGNALS])
    is_keyword = ~is_dense & np.array([name in FIELDS or name.removeprefix("document ") in FIELDS for name in SIGNALS])
    sides = [(weights * side) @ signals.chunks for side in (is_keyword, is_dense)]
    ranks = [np.argsort(np.argsort(-scores, kind="stable")) + 1 for scores in sides]
    found = rank(index, signals, weights.tolist(), _LIMIT)
    places = [index.positions[hit.chunk.chunk_id] for hit in found.hits]
    return Explanation(
        query.text,
        index.expander.rewrite(query.text),
        index.speller.correct(query.text),
        query.intent.value,
        query.language,
        round(how_known(query, found, index), 3),
        dict(zip(FEATURES, np.round(describe(query, found, index), 3).tolist(), strict=True)),
        tuple(
            ExplainedHit(
                hit.chunk.section_id,
                round(hit.score, 3),
                int(ranks[0][place]),
                round(float(sides[0][place]), 3),
                int(ranks[1][place]),
                round(float(sides[1][place]), 3),
                dict(zip(SIGNALS, np.round(weights * hit.signals, 3).tolist(), strict=True)),
            )
            for hit, place in zip(found.hits, places, strict=True)
        ),
    )


def as_lines(explanation: Explanation) -> list[str]:
    """The explanation as text for a terminal."""
    lines = [
        f"Søkt som: {explanation.query}",
        f"og som:   {explanation.rewritten}",
        f"og som:   {explanation.corrected}",
        f"Type: {explanation.intent}, språk: {explanation.language}, kjent: {explanation.known}",
        "Kjent av: " + ", ".join(f"{name} {value}" for name, value in explanation.features.items()),
    ]
    for number, hit in enumerate(explanation.hits, 1):
        added = sorted(hit.added.items(), key=lambda pair: -abs(pair[1]))
        lines.append(
            f"{number:2}. {hit.score:.3f} {hit.section}  (ord: nr. {hit.keyword_rank}, {hit.keyword_score}; "
            f"mening: nr. {hit.dense_rank}, {hit.dense_score})"
        )
        lines.append("    " + ", ".join(f"{name} {value:+}" for name, value in added if value))
    return lines


_STYLE = (
    ":root{color-scheme:light dark}body{margin:1rem}pre{white-space:pre-wrap;font:0.9rem/1.5 ui-monospace,monospace}"
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
# The Content-Security-Policy of the page: this style, and nothing else.
PAGE_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; frame-ancestors 'none'"


def as_page(explanation: Explanation) -> str:
    """The explanation as a page of its own, for whoever wonders why."""
    lines = escape("\n".join(as_lines(explanation)))
    return (
        '<!doctype html><html lang="nb"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Hvorfor disse treffene?</title><style>{_STYLE}</style>"
        f"<h1>Hvorfor disse treffene?</h1><pre>{lines}</pre></html>"
    )
