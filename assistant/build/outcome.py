"""What the evaluation says of a version beside the one before it, as a record and as lines for the terminal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from textwrap import shorten
from typing import Any

from pydantic import TypeAdapter

NAMES = {
    "verified": "sitater som står ordrett i guiden",
    "citation precision": "setninger som sitatet dekker",
    "decided": "svarer og avslår riktig",
    "facts": "fakta som er med i svaret",
    "complete": "lister som er hele",
    "direct": "svaret kommer først",
    "section success@5": "riktig avsnitt blant de fem første",
    "citation recall": "fakta som står i et sitat",
    "section recall@5": "riktige avsnitt som er funnet",
    "section nDCG@10": "rekkefølgen på avsnittene",
    "document nDCG@10": "rekkefølgen på dokumentene",
}
_SHOWN = 20  # questions, or documents, of a kind in the terminal; all are in the record
_WIDTH = 100  # of a question in the terminal; some are a whole story
_NEW = "ny"  # before, where there was nothing
_QUESTIONS = "eval/data/questions.jsonl"


@dataclass(frozen=True)
class Measured:
    """A metric over the `n` questions it applies to in both versions; no `before` and no `p_value` for the first."""

    metric: str
    before: float | None
    after: float
    n: int
    p_value: float | None


@dataclass(frozen=True)
class Changed:
    """A question that went better or worse: each measure that moved, before and after, and the first section found.

    `unsaid` are the facts of a right answer that the documents judged to answer no longer say.
    """

    question_id: str
    text: str
    measures: dict[str, tuple[float, float]]
    section_before: str
    section_after: str
    unsaid: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """Whether a version may be used, with the reasons against it, and what moved by question.

    `against` is empty where it was held against nothing. `reworded` have other words that are measured alike:
    a figure that no question asks for shows in them alone. `num_questions` were asked, the `left_out` not, since no
    document answers them any more; `missing` has the judged sections that are gone, by document.
    """

    version: str
    against: str
    is_open: bool
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    num_questions: int
    metrics: tuple[Measured, ...]
    worse: tuple[Changed, ...]
    better: tuple[Changed, ...]
    reworded: tuple[str, ...]
    left_out: tuple[str, ...]
    missing: dict[str, tuple[str, ...]]

    def as_json(self) -> dict[str, Any]:
        """The record as plain JSON values."""
        data: dict[str, Any] = _outcomes().dump_python(self, mode="json")
        return data


def read_outcome(data: Mapping[str, Any]) -> Outcome:
    """The outcome that `as_json` gave. Raises: ValueError."""
    return _outcomes().validate_python(data)


@cache
def _outcomes() -> TypeAdapter[Outcome]:
    return TypeAdapter(Outcome)


def percent(value: float) -> str:
    """A share as a reader writes it."""
    return f"{100 * value:.1f} %".replace(".", ",").replace(",0 %", " %")


def as_lines(outcome: Outcome) -> list[str]:
    """The outcome for the terminal: the count, what moved, the questions, worse first, and why it is refused."""
    return [
        _count(outcome),
        *outcome.notes,
        *_table([m for m in outcome.metrics if m.before != m.after]),
        *_questions("Dårligere", outcome.worse),
        *_questions("Bedre", outcome.better),
        *_reworded(outcome),
        *_missing(outcome),
        *_verdict(outcome),
    ]


def _count(outcome: Outcome) -> str:
    asked = f"Målesettet: {outcome.num_questions} spørsmål."
    if not outcome.against:
        return asked
    if not outcome.worse and not outcome.better:
        return f"{asked} Alt er likt."
    return f"{asked} Bedre: {len(outcome.better)}, dårligere: {len(outcome.worse)}, ellers likt."


def _table(metrics: Sequence[Measured]) -> Iterator[str]:
    if not metrics:
        return
    width = max(map(len, NAMES.values()))
    yield f"  {'':{width}}  {'før':>8}  {'etter':>8}  spørsmål"
    for m in metrics:
        before = _NEW if m.before is None else percent(m.before)
        yield f"  {NAMES[m.metric]:{width}}  {before:>8}  {percent(m.after):>8}  {m.n:>8}"


def _questions(title: str, changed: Sequence[Changed]) -> Iterator[str]:
    if changed:
        yield f"{title}:"
    for question in changed[:_SHOWN]:
        yield f"  {question.question_id}  {shorten(question.text, _WIDTH, placeholder=' …')}"
        moved = [f"{NAMES[name]} {percent(a)} → {percent(b)}" for name, (a, b) in question.measures.items()]
        yield f"      {'; '.join(moved)}"
        if question.section_before != question.section_after:
            yield f"      første avsnitt: {question.section_before} → {question.section_after}"
        if question.unsaid:
            facts = ", ".join(f"«{fact}»" for fact in question.unsaid)
            yield f"      Guiden sier ikke lenger {facts}. Er endringen riktig, rett fasiten i {_QUESTIONS}."
    if len(changed) > _SHOWN:
        yield f"  … og {len(changed) - _SHOWN} til"


def _reworded(outcome: Outcome) -> Iterator[str]:
    if names := outcome.reworded:
        shown = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
        yield f"Svaret har fått andre ord, men måles likt, på {len(names)} spørsmål: {shown}"


def _missing(outcome: Outcome) -> Iterator[str]:
    if not outcome.num_questions:  # a note says that the set is of another guide
        return
    if outcome.left_out:
        yield f"{len(outcome.left_out)} spørsmål er ikke stilt, for guiden svarer ikke lenger på dem."
    if outcome.missing:
        count = sum(map(len, outcome.missing.values()))
        yield f"Målesettet viser til {count} avsnitt som ikke finnes, og måler ikke søket på spørsmålene om dem:"
    for doc_id, sections in list(outcome.missing.items())[:_SHOWN]:
        yield f"  {doc_id}: {', '.join(section.replace('_', ' ') for section in sections)}"
    if len(outcome.missing) > _SHOWN:
        yield f"  … og avsnitt i {len(outcome.missing) - _SHOWN} dokumenter til"


def _verdict(outcome: Outcome) -> list[str]:
    if outcome.is_open:
        return ["Versjonen består målingen."]
    return ["Versjonen består ikke målingen:", *(f"  {reason}" for reason in outcome.reasons)]
