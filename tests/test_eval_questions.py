"""The evaluation questions are whole, judged, and not written off the guide's own questions."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from eval.questions import check_judgements, read_all_qrels, read_qrels, read_questions
from index.analyse import words
from index.chunk import split_document
from index.document import Corpus, read_corpus
from index.split import half_of
from index.statements import plain
from index.types import Chunk

CORPUS = Path(__file__).parent.parent / "corpus"
QUESTION = {
    "id": "f1", "turns": ["Hva?"], "role": "gründer", "language": "nb", "style": "plain", "type": "fact",
    "split": "test", "status": "answered", "facts": ["30 000"], "pair": "",
}  # fmt: skip


MAX_ALIKE = 0.6  # share of two questions' words, common ones left out, that they may have in common
COMMON = 0.01  # share of the guide's questions from which a word says nothing of what is asked


@pytest.fixture(scope="module")
def chunks(corpus: Corpus) -> list[Chunk]:
    return [chunk for document in corpus.documents for chunk in split_document(document)]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(CORPUS)


def test_every_question_is_judged_against_documents_and_sections_of_the_guide(chunks: list[Chunk]) -> None:
    questions = read_questions()
    check_judgements(questions, read_all_qrels(), chunks)
    assert {question.language for question in questions} == {"nb", "nn", "en"}
    assert sum(question.must_refuse for question in questions) >= 12


def test_every_document_is_the_answer_to_a_question(corpus: Corpus) -> None:
    answering = {
        doc_id for judged in read_all_qrels()["document"].values() for doc_id, grade in judged.items() if grade == 2
    }
    assert {document.doc_id for document in corpus.documents} - answering == set()


def test_every_fact_stands_in_a_document_that_answers(corpus: Corpus) -> None:
    texts = {document.doc_id: plain(document.text) for document in corpus.documents}
    qrels = read_all_qrels()["document"]
    for question in read_questions():
        answering = [texts[doc_id] for doc_id, grade in qrels.get(question.question_id, {}).items() if grade == 2]
        for fact in question.facts:
            found = any(re.search(fact, text, re.IGNORECASE) for text in answering)
            assert found, f"{question.question_id}: {fact} stands in none of its documents"


def test_no_question_nearly_repeats_one_that_the_guide_indexes(corpus: Corpus, chunks: list[Chunk]) -> None:
    texts = [asked.text for chunk in chunks for asked in chunk.questions] + [gap.text for gap in corpus.gaps()]
    indexed = [frozenset(words(text)) for text in texts]
    counts = Counter(word for own in indexed for word in own)
    common = {word for word, count in counts.items() if count > COMMON * len(indexed)}
    places: dict[str, list[int]] = {}
    for place, own in enumerate(indexed):
        for word in own - common:
            places.setdefault(word, []).append(place)
    for question in (q for q in read_questions() if len(q.turns) == 1):
        asked = frozenset(words(question.turns[0])) - common
        for place, count in Counter(place for word in asked for place in places.get(word, ())).items():
            alike = count / len(asked | (indexed[place] - common))
            assert count < 3 or alike <= MAX_ALIKE, f"{question.question_id}: {question.turns[0]} ~ {texts[place]}"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"split": "train"}, "unknown language or split"),
        ({"facts": ["("]}, "line 1"),
        ({"status": "no_evidence"}, "a refusal has no facts"),
        ({"turns": []}, "no turns"),
    ],
)
def test_broken_question_is_named_by_its_line(tmp_path: Path, change: dict[str, object], complaint: str) -> None:
    (tmp_path / "questions.jsonl").write_text(json.dumps({**QUESTION, **change}), encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        read_questions(tmp_path)


def test_two_questions_with_one_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text(f"{json.dumps(QUESTION)}\n{json.dumps(QUESTION)}", encoding="utf-8")
    with pytest.raises(ValueError, match="share an id"):
        read_questions(tmp_path)


def test_malformed_judgement_is_named_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "qrels.txt").write_text("f1 0 guide/a 2\nf1 guide/b 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        read_qrels(tmp_path / "qrels.txt")


def test_what_is_tuned_on_one_half_is_tested_on_the_other() -> None:
    qrels = read_all_qrels()["document"]
    sides: dict[str, set[str]] = {}
    for question in read_questions():
        answering = sorted(d for d, grade in qrels.get(question.question_id, {}).items() if grade == 2)
        if answering and not question.pair:
            assert question.split == half_of(answering[0]), question.question_id
        if question.pair:
            sides.setdefault(question.pair, set()).add(question.split)
    assert all(len(splits) == 1 for splits in sides.values())
