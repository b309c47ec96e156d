"""Questions → answers → what was right in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Engine, answer
from assistant.types import Answer, Status
from eval.questions import Question


@dataclass(frozen=True)
class AnswerScore:
    """One answer judged: `facts` is the share of must-state facts in it; refusing must fit the question."""

    question_id: str
    status: str
    facts: float
    refusal_right: bool
    all_verified: bool
    num_words: int
    total_ms: float


def score_answers(engine: Engine, questions: Sequence[Question]) -> list[AnswerScore]:
    """One score per question, in order."""
    return [_score(question, answer(engine, question.turns)) for question in questions]


def _score(question: Question, result: Answer) -> AnswerScore:
    answered = result.status in (Status.ANSWERED, Status.PARTIAL)
    found = [bool(re.search(fact, result.text, re.IGNORECASE)) for fact in question.facts]
    return AnswerScore(
        question.question_id,
        result.status.value,
        sum(found) / len(found) if found else 0.0,
        answered != question.must_refuse,
        all(citation.verified for citation in result.citations),
        len(re.sub(r"\[\d+\]", "", result.text).split()),
        result.receipt.timings_ms["total"] if result.receipt else 0.0,
    )
