"""The evaluation questions and their judgements, read and checked."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.types import Chunk

DATA = Path(__file__).parent / "data"
LANGUAGES = ("nb", "nn", "en")
SPLITS = ("tuning", "test")
ANSWERED = "answered"
REFUSALS = ("no_evidence", "out_of_scope")
_ANSWERS = 2  # the grade of what answers

QRELS = {"document": "qrels.txt", "section": "qrels-sections.txt"}

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
                facts=tuple(row["facts"]), pair=row["pair"],
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


def read_all_qrels(data: Path = DATA) -> dict[str, Qrels]:
    """The judgements at each level."""
    return {level: read_qrels(data / name) for level, name in QRELS.items()}


def read_qrels(path: Path) -> Qrels:
    """Question id → document or section id → grade (2 answers, 1 helps), from TREC lines. Raises: ValueError."""
    qrels: Qrels = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        parts = line.split()
        if len(parts) != 4 or parts[3] not in ("1", "2"):
            raise ValueError(
                f"{path.name} line {number}: expected `id 0 judged_id grade`, grade 1 or 2, found {line!r}"
            )
        qrels.setdefault(parts[0], {})[parts[2]] = int(parts[3])
    return qrels


def check_judgements(questions: Sequence[Question], qrels: Mapping[str, Qrels], chunks: Sequence[Chunk]) -> None:
    """Raises ValueError where an answerable question is not judged, or a judgement names what isn't in the guide."""
    there = _ids_of(chunks)
    for question in questions:
        for level, judged_ids in there.items():
            judged = qrels[level].get(question.question_id, {})
            if question.must_refuse == bool(judged):
                raise ValueError(f"{question.question_id}: answers need a judged {level}, refusals must have none")
            if missing := sorted(set(judged) - judged_ids):
                raise ValueError(f"{question.question_id}: {missing[0]} is not in the corpus")


def whole_judgements(qrels: Mapping[str, Qrels], chunks: Sequence[Chunk]) -> dict[str, Qrels]:
    """At each level, the judgements of the questions that have every judged id in the guide: half is no judgement."""
    there = _ids_of(chunks)
    return {
        level: {question_id: judged for question_id, judged in by_question.items() if judged.keys() <= there[level]}
        for level, by_question in qrels.items()
    }


def still_judged(questions: Sequence[Question], qrels: Mapping[str, Qrels], chunks: Sequence[Chunk]) -> list[Question]:
    """The questions that can be asked of this guide: those that one of its documents answers, and refusals.

    Where it answers fewer than half of them it is another guide, and what that must refuse is not known.
    """
    there = _ids_of(chunks)["document"]
    answered = {
        question_id
        for question_id, judged in qrels["document"].items()
        if any(grade == _ANSWERS and doc_id in there for doc_id, grade in judged.items())
    }
    is_ours = 2 * len(answered) >= len(qrels["document"])
    return [q for q in questions if q.question_id in answered or (q.must_refuse and is_ours)]


def missing_sections(qrels: Mapping[str, Qrels], chunks: Sequence[Chunk]) -> dict[str, tuple[str, ...]]:
    """Document id → the judged sections that it no longer has, or that went with it."""
    judged = {section_id for own in qrels["section"].values() for section_id in own}
    missing: dict[str, tuple[str, ...]] = {}
    for section_id in sorted(judged - _ids_of(chunks)["section"]):
        doc_id, _, section = section_id.partition("#")
        missing[doc_id] = (*missing.get(doc_id, ()), section)
    return missing


def _ids_of(chunks: Sequence[Chunk]) -> dict[str, set[str]]:
    return {"document": {chunk.doc_id for chunk in chunks}, "section": {chunk.section_id for chunk in chunks}}
