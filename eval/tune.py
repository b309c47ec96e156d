"""`python -m eval.tune`: learns what each signal weighs and when to refuse, on the tuning half of the questions alone.

No test question is looked at. The shipped model has learned from the guide's own questions, of every document, as it
has when a user asks; `--model FOLDER` measures with another, such as one that has not seen the documents behind these
questions (`index.train --half test`): what a document newer than the model would meet.
"""

import argparse
import json
import re
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from assistant.answer import Engine, understand_turns
from assistant.config import read_config
from assistant.evidence import FEATURES, describe
from assistant.retrieve import LEARNED, OWN, SIGNALS, Signals, rank, read_signals
from assistant.sentences import SENTENCE_FEATURES, describe_sentences, sentences_of
from assistant.types import Draft, Query
from eval.metrics import mean
from eval.questions import Qrels, Question, read_all_qrels, read_questions
from eval.retrieval import DEPTH, as_ranking, score_ranking
from index.build import build_index
from index.document import read_corpus
from index.embed import MODEL_DIR, StaticEmbedder
from index.load import Index, open_index
from index.split import TUNING

_SHARPNESS = 12.0  # of the softmax over candidates; it only sets the scale of the weights against `_RIDGE`
_RIDGE = 0.001
_CANDIDATES = 150  # per question, by the plain mean of their own signals, besides those that are relevant
_FOLDS = 2
_REFUSAL_FOLDS = 10
_INVERSE_RIDGE = 0.1  # of the refusal's logistic regression, on standardised features
Vector = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A tuning question with every signal of every chunk, and which chunks are judged to answer it."""

    question: Question
    query: Query
    signals: Signals
    relevant: npt.NDArray[np.bool_]


def main() -> None:
    """Prints cross-validated figures and the weights; `--write` puts them to use."""
    parser = argparse.ArgumentParser(prog="python -m eval.tune", description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL_DIR, help="folder of another static model")
    parser.add_argument("--write", action="store_true", help=f"write {LEARNED.name}")
    options = parser.parse_args()
    embedder, qrels = StaticEmbedder(options.model), read_all_qrels()
    with tempfile.TemporaryDirectory() as home:
        build_index(read_corpus(read_config().corpus), Path(home), embedder)
        index = open_index(Path(home), embedder)
        engine = Engine(index, embedder)
        examples = [
            _example(question, engine, qrels["section"]) for question in read_questions() if question.split == TUNING
        ]
    answerable = [example for example in examples if not example.question.must_refuse]
    print(_cross_validate(index, answerable, qrels))
    weights = learn_fusion(answerable)
    sentence = learn_sentences(index, embedder, answerable, weights, qrels["section"])
    known, bias, figures = learn_refusal(index, examples, weights)
    print(figures)
    learned = {
        "made": f"eval.tune, {date.today()}, {len(answerable)} answerable questions of {len(examples)}",
        "weights": dict(zip(SIGNALS, np.round(weights, 4).tolist(), strict=True)),
        "known": dict(zip(FEATURES, np.round(known, 4).tolist(), strict=True)),
        "known_bias": round(bias, 4),
        "sentence": dict(zip(SENTENCE_FEATURES, np.round(sentence, 4).tolist(), strict=True)),
    }
    print(json.dumps(learned, ensure_ascii=False, indent=1))
    if options.write:
        LEARNED.write_text(json.dumps(learned, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _example(question: Question, engine: Engine, qrels: Qrels) -> Example:
    query = understand_turns(engine, question.turns)
    judged = qrels.get(question.question_id, {})
    relevant = np.array([chunk.section_id in judged for chunk in engine.index.catalog.chunks])
    return Example(question, query, read_signals(engine.index, engine.embedder, query), relevant)


def learn_fusion(examples: Sequence[Example]) -> Vector:
    """The weight of each of `SIGNALS`: those under which a softmax over the chunks falls on the relevant ones."""
    cuts = []
    for example in examples:
        likely = np.argsort(-example.signals.chunks[: len(OWN)].mean(axis=0), kind="stable")[:_CANDIDATES]
        keep = np.union1d(likely, np.flatnonzero(example.relevant))
        cuts.append((example.signals.chunks[:, keep].T.astype(np.float64), example.relevant[keep]))
    return _learn_softmax(cuts)


def learn_sentences(
    index: Index, embedder: StaticEmbedder, examples: Sequence[Example], weights: Vector, qrels: Qrels
) -> Vector:
    """The log-odds each of `SENTENCE_FEATURES` adds: a softmax over sentences falls on those with a must-state fact."""
    cuts = []
    for example in examples:
        judged = qrels[example.question.question_id]
        hits = rank(index, example.signals, weights.tolist(), DEPTH).hits
        told, scores = sentences_of(hits, index)
        states = np.array([_states_fact(draft, example.question, judged) for draft in told.drafts])
        if states.any():
            cuts.append((describe_sentences(example.query, told, scores, index, embedder), states))
    return _SHARPNESS * _learn_softmax(cuts)


def _states_fact(draft: Draft, question: Question, judged: Mapping[str, int]) -> bool:
    is_judged = draft.passage is not None and draft.passage.chunk.section_id in judged
    return is_judged and any(re.search(fact, draft.text, re.IGNORECASE) for fact in question.facts)


def _learn_softmax(cuts: Sequence[tuple[Vector, npt.NDArray[np.bool_]]]) -> Vector:
    """Weights of `(candidates, features)` under which a softmax over the candidates falls on those that are right.

    Source: the listwise loss of ListNet (Cao et al. 2007) with the right candidates as one, and a ridge.
    """

    def loss(weights: Vector) -> tuple[float, Vector]:
        total, gradient = 0.0, np.zeros(len(weights))
        for features, right in cuts:
            scores = _SHARPNESS * (features @ weights)
            every, best = logsumexp(scores), logsumexp(scores[right])
            total += float(every - best)
            gradient += features.T @ np.exp(scores - every) - features[right].T @ np.exp(scores[right] - best)
        ridge = _RIDGE * _SHARPNESS
        return (
            total / len(cuts) + float(ridge * weights @ weights),
            _SHARPNESS * gradient / len(cuts) + 2 * ridge * weights,
        )

    found: Vector = minimize(loss, np.full(cuts[0][0].shape[1], 0.1), jac=True, method="L-BFGS-B").x
    return found


def _cross_validate(index: Index, examples: Sequence[Example], qrels: Mapping[str, Qrels]) -> str:
    """Retrieval on each fold with weights from the others; the questions of one document stay in one fold."""
    measured: dict[str, list[float]] = {}
    for fold in range(_FOLDS):
        weights = learn_fusion([e for e in examples if _fold(e, qrels) != fold])
        for example in (e for e in examples if _fold(e, qrels) == fold):
            found = rank(index, example.signals, weights.tolist(), DEPTH)
            scores = score_ranking(example.question, as_ranking([hit.chunk for hit in found.hits], 0.0), qrels)
            for name, value in scores.items():
                measured.setdefault(name, []).append(value)
    return "\n".join(f"{name}: {mean(values):.3f}" for name, values in measured.items() if not name.endswith("ms"))


def _fold(example: Example, qrels: Mapping[str, Qrels]) -> int:
    judged = qrels["document"].get(example.question.question_id, {example.question.question_id: 0})
    return zlib.crc32(min(judged).encode()) % _FOLDS


def learn_refusal(index: Index, examples: Sequence[Example], weights: Vector) -> tuple[Vector, float, str]:
    """The weight of each of `FEATURES`, the bias, and cross-validated refusals by threshold."""
    found = (rank(index, example.signals, weights.tolist(), DEPTH) for example in examples)
    features = np.array([describe(e.query, f, index) for e, f in zip(examples, found, strict=True)])
    known = np.array([not example.question.must_refuse for example in examples])
    middle, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    model = LogisticRegression(C=_INVERSE_RIDGE)
    folds = StratifiedKFold(_REFUSAL_FOLDS, shuffle=True, random_state=1)
    chance = cross_val_predict(model, (features - middle) / spread, known, cv=folds, method="predict_proba")[:, 1]
    lines = [f"AUC {roc_auc_score(known, chance):.3f}"]
    lines += ["| threshold | refusal recall | refusal precision | near misses |", "|---|---|---|---|"]
    near = np.array([example.question.status == "no_evidence" for example in examples])
    for threshold in np.arange(0.2, 0.85, 0.05):
        refused = chance < threshold
        recall, precision = refused[~known].mean(), (~known[refused]).mean()
        lines.append(f"| {threshold:.2f} | {recall:.2f} | {precision:.2f} | {refused[near].mean():.2f} |")
    model.fit((features - middle) / spread, known)
    coefficients = model.coef_[0] / spread
    return coefficients, float(model.intercept_[0] - coefficients @ middle), "\n".join(lines)


if __name__ == "__main__":
    main()
