"""How people ask for each section of a document: a file of questions beside it, `sporsmal/<folder>/<name>.md`.

    ## Kan vi betale med annet enn penger?      a heading of the document, a field of its card, or `ingress`
    - Jeg har null på konto, hva gjør jeg?       a question that this section answers
    > Arbeid kan aldri brukes                    how a sentence of the section begins
    - Kan timene mine telle som innskudd?        a question that this sentence answers
    ## svarer ikke
    - Hva tar en advokat for å hjelpe oss?       a question near the document that the guide does not answer

`sporsmal/utenfor.md` has those that are outside the guide's field altogether.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index.frontmatter import CorpusError, Problem, read_text

FOLDER = "sporsmal"
GAPS = "svarer ikke"
OUTSIDE = "utenfor"  # the file of questions that belong to no document


@dataclass(frozen=True)
class AskedFor:
    """Questions for one section, or for the sentence of it that begins with `opening`."""

    file: str
    line: int
    section: str
    opening: str
    questions: tuple[str, ...]


def gaps_in(rows: Iterable[AskedFor]) -> tuple[str, ...]:
    """The questions that the guide is known not to answer."""
    return tuple(question for row in rows if row.section == GAPS for question in row.questions)


def asked_file(folder: Path, doc_id: str) -> Path:
    """Where the questions of a document stand, if it has any."""
    return folder / FOLDER / f"{doc_id}.md"


def read_asked(folder: Path, doc_id: str) -> tuple[AskedFor, ...]:
    """The questions of a document, in the order of its file; none where there is no file. Raises: CorpusError."""
    path = asked_file(folder, doc_id)
    if not path.is_file():
        return ()
    file = path.relative_to(folder).as_posix()
    rows: list[AskedFor] = []
    problems: list[Problem] = []
    section = opening = ""
    start, questions = 1, list[str]()

    def close() -> None:
        if questions:
            rows.append(AskedFor(file, start, section, opening, tuple(questions)))
            questions.clear()

    for number, line in enumerate(read_text(path, file).split("\n"), 1):
        mark, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        if mark == "-" and rest and section:
            questions.append(rest)
        elif mark in ("##", ">") and rest:
            close()
            section, opening, start = (rest, "", number) if mark == "##" else (section, rest, number)
        elif mark not in ("", "#"):
            problems.append(
                Problem(file, number, "linjen må begynne med «## » (avsnitt), «> » (setning) eller «- » (spørsmål)")
            )
    close()
    if problems:
        raise CorpusError(problems)
    return tuple(rows)
