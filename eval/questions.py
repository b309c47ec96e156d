"""The evaluation questions and their judgements, read and checked."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"
LANGUAGES = ("nb", "nn", "en")
SPLITS = ("tuning", "test")
ANSWERED = "answered"
REFUSALS = ("no_evidence", "out_of_scope")

Qrels = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Question:
    """What a person asks (`turns`, the last one counts), and what a right answer is."""

    question_id: str
    turns: tuple[str, ...]
    role: str
    language: str
    style: str
    type: str
    split: str
    status: str
    facts: tuple[str, ...]
    sections: tuple[str, ...] = ()
    pair: str = ""

    @property
    def must_refuse(self) -> bool:
        """Whether the right answer is that the guide does not know."""
        return self.status in REFUSALS


def read_questions(data: Path = DATA) -> list[Question]:
    """All questions in the order of the file. Raises: ValueError naming the line that is wrong."""
    questions = []
    for number, line in enumerate((data / "questions.jsonl").read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            question = Question(
                question_id=row["id"], turns=tuple(row["turns"]), role=row["role"], language=row["language"],
                style=row["style"], type=row["type"], split=row["split"], status=row["status"],
                facts=tuple(row["facts"]), sections=tuple(row["sections"]), pair=row["pair"],
            )  # fmt: skip
            for fact in question.facts:
                re.compile(fact)
        except (ValueError, KeyError, re.error) as error:
            raise ValueError(f"questions.jsonl line {number}: {error!r}") from error
        if question.language not in LANGUAGES or question.split not in SPLITS or not question.turns:
            raise ValueError(f"questions.jsonl line {number}: unknown language or split, or no turns")
        if question.status not in (ANSWERED, *REFUSALS) or question.must_refuse == bool(question.facts):
            raise ValueError(f"questions.jsonl line {number}: a refusal has no facts, an answer has some")
        questions.append(question)
    if len({question.question_id for question in questions}) != len(questions):
        raise ValueError("questions.jsonl: two questions share an id")
    return questions


def read_qrels(data: Path = DATA) -> Qrels:
    """Question id → document id → grade (2 answers, 1 helps), from TREC lines. Raises: ValueError."""
    qrels: Qrels = {}
    for number, line in enumerate((data / "qrels.txt").read_text(encoding="utf-8").splitlines(), 1):
        parts = line.split()
        if len(parts) != 4 or parts[3] not in ("1", "2"):
            raise ValueError(f"qrels.txt line {number}: expected `id 0 doc_id grade` with grade 1 or 2, found {line!r}")
        qrels.setdefault(parts[0], {})[parts[2]] = int(parts[3])
    return qrels


def check_judgements(questions: Sequence[Question], qrels: Qrels, doc_ids: set[str]) -> None:
    """Raises ValueError where a question to be answered has no document, or a judgement names one that isn't there."""
    for question in questions:
        judged = qrels.get(question.question_id, {})
        if question.must_refuse == bool(judged):
            raise ValueError(f"{question.question_id}: answers need a judged document, refusals must have none")
        if missing := sorted(set(judged) - doc_ids):
            raise ValueError(f"{question.question_id}: {missing[0]} is not in the corpus")
