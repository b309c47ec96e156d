"""A text pasted in → what is wrong with it, by line, as `abc validate` would say; nothing of it is kept."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.catalog import Catalog
from index.document import FOLDERS, find_files, parse_document
from index.frontmatter import CorpusError, Problem
from index.lint import check_document
from index.registry import read_sources

MAX_CHARS = 200_000
MAX_NAME = 120
_MAX_SHOWN = 200


@dataclass(frozen=True)
class Finding:
    """What is wrong with one line, and the line."""

    line: int
    text: str
    message: str
    is_error: bool


@dataclass(frozen=True)
class Checked:
    """A text as it was sent, and what was found, by line; `left_out` are findings too many to show."""

    file: str
    text: str
    findings: tuple[Finding, ...]
    left_out: int


def check_text(text: str, file: str, corpus: Path, catalog: Catalog, today: date) -> Checked:
    """What is wrong with `text` as the file `file` of `corpus`, or of the guide that serves where that is not here."""
    text, file = text.replace("\r\n", "\n"), file.strip()
    problems = sorted(_find(text, file, corpus, catalog, today), key=lambda problem: (problem.line, problem.message))
    lines = text.splitlines()
    findings = [
        Finding(
            found.line, lines[found.line - 1] if 0 < found.line <= len(lines) else "", found.message, found.is_error
        )
        for found in problems[:_MAX_SHOWN]
    ]
    return Checked(file, text, tuple(findings), len(problems) - len(findings))


def _find(text: str, file: str, corpus: Path, catalog: Catalog, today: date) -> list[Problem]:
    if len(text) > MAX_CHARS:
        return [Problem(file, 1, f"teksten er på {len(text)} tegn; her kan den være på {MAX_CHARS}")]
    folder, _, name = file.partition("/")
    if folder not in FOLDERS or not name.endswith(".md") or len(file) > MAX_NAME:
        return [Problem(file, 1, f"filnavnet må være mappe/navn.md, med en av mappene {', '.join(FOLDERS)}")]
    sources = {**catalog.sources, **read_sources(corpus)[0]}
    files = {document.file for document in catalog.documents} | {file}
    files |= {path.relative_to(corpus).as_posix() for path in find_files(corpus)}
    try:
        document = parse_document(text, file, {source_id: source.period for source_id, source in sources.items()})
        return list(check_document(document, files, today))
    except CorpusError as error:
        return error.problems
    except RecursionError:
        return [Problem(file, 1, "teksten har for mange ledd inne i hverandre til å leses")]
