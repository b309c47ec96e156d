"""How people ask: the file beside a document, what is wrong with it, and where its questions lead."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.asked import read_asked
from index.chunk import split_document
from index.document import Document, check_asked, read_corpus
from index.frontmatter import CorpusError
from index.types import Gap

FILE = "sporsmal/guide/aksjekapital.md"
TEXT = """\
# Aksjekapital: slik spør folk

## ingress
- Hva er det minste vi må legge på bordet?

## Hva er aksjekapital?
- Kva er pengane til eigarane?
> Pengene kan brukes
- Kan vi bruke dem til husleia?
- May we spend it?

## svarer ikke
- Hva tar banken for en slik konto?
"""


@pytest.fixture
def aksjekapital(corpus_dir: Path, write: Callable[[Path, str], Path]) -> Callable[[str], Document]:
    """The document with its questions as given."""

    def read(text: str) -> Document:
        write(corpus_dir / FILE, text)
        return next(d for d in read_corpus(corpus_dir).documents if d.doc_id == "guide/aksjekapital")

    return read


def test_a_question_leads_to_its_section_and_to_the_sentence_that_answers(
    aksjekapital: Callable[[str], Document],
) -> None:
    chunks = {chunk.section: chunk for chunk in split_document(aksjekapital(TEXT))}
    asked = {q.text: q.statement for q in chunks["Hva er aksjekapital?"].questions}
    assert asked == {"Kva er pengane til eigarane?": None, "Kan vi bruke dem til husleia?": 1, "May we spend it?": 1}
    short = [q.text for q in chunks["ingress"].questions]
    assert short == ["Hvor mye aksjekapital må vi ha?", "Hva er det minste vi må legge på bordet?"]
    assert chunks["Når må pengene være på konto?"].questions == ()


def test_questions_are_no_part_of_the_text_that_is_quoted(aksjekapital: Callable[[str], Document]) -> None:
    document = aksjekapital(TEXT)
    assert "husleia" not in document.text
    assert all("husleia" not in chunk.search_text for chunk in split_document(document))


def test_a_question_for_a_field_of_a_card_leads_to_that_field(corpus_dir: Path) -> None:
    (scheme,) = (d for d in read_corpus(corpus_dir).documents if d.doc_class == "regel")
    deadlines = next(chunk for chunk in split_document(scheme) if chunk.section == "frister")
    assert [(q.text, q.statement) for q in deadlines.questions] == [
        ("Når må vi ha sendt papirene til etableringsfondet?", None),
        ("Når er søknadsfristen for etableringsfondet?", 0),
    ]


def test_what_the_guide_does_not_answer_is_a_gap_near_its_document_or_outside_the_field(
    aksjekapital: Callable[[str], Document], corpus_dir: Path, write: Callable[[Path, str], Path]
) -> None:
    aksjekapital(TEXT)
    write(corpus_dir / "sporsmal" / "utenfor.md", "## svarer ikke\n- Blir det regn?\n")
    assert read_corpus(corpus_dir).gaps() == (
        Gap("Hva tar banken for en slik konto?", "guide/aksjekapital"),
        Gap("Blir det regn?", None),
    )


def test_a_document_without_a_file_of_questions_has_none(corpus_dir: Path) -> None:
    assert read_asked(corpus_dir, "guide/finnes-ikke") == ()


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("## Fantes før\n- Hva?\n", 1, "«Fantes før» er verken en overskrift, et felt på kortet eller «ingress»"),
        ("## ingress\nHva?\n", 2, "linjen må begynne med"),
    ],
)
def test_a_question_that_leads_nowhere_is_named_by_file_and_line(
    aksjekapital: Callable[[str], Document], text: str, line: int, complaint: str
) -> None:
    with pytest.raises(CorpusError) as caught:
        aksjekapital(text)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (FILE, line)
    assert complaint in problem.message


def test_questions_for_a_sentence_that_was_written_anew_stand_for_its_section_and_it_is_told(
    aksjekapital: Callable[[str], Document],
) -> None:
    document = aksjekapital(TEXT.replace("> Pengene kan brukes", "> Pengene kan nyttes"))
    chunks = {chunk.section: chunk for chunk in split_document(document)}
    asked = {q.text: q.statement for q in chunks["Hva er aksjekapital?"].questions}
    assert asked == {
        "Kva er pengane til eigarane?": None,
        "Kan vi bruke dem til husleia?": None,
        "May we spend it?": None,
    }
    (problem,) = check_asked(document, document.asked)
    assert (problem.file, problem.line, problem.is_error) == (FILE, 8, False)
    assert "begynner lenger med «Pengene kan nyttes»; det likeste er «Pengene kan brukes" in problem.message
