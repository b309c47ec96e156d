"""The drafts that wait: where they come from, and what each still lacks before it may be set free."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from assistant.draft.register import REGISTER
from assistant.draft.shape import DRAFT_MARK, TODO, Origin
from index.analyse import words
from index.compare import find_copies
from index.document import FOLDERS, Corpus, Document, find_files, line_of, parse_document
from index.frontmatter import CorpusError, Problem, read_text
from index.lint import check_document
from index.registry import Source, read_sources
from index.statements import plain

DRAFTS = "utkast"  # no folder of the guide: nothing under it is ever indexed
RAW = "kildetekst"
_FOLDER_OF = {doc_class: folder for folder, doc_class in FOLDERS.items()}
_ABOUT_DRAFT = re.compile(r"(?m)^utkast:[^\n]*\n(?:[ \t][^\n]*\n)*")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_MIN_COPIED = 6  # words of a sentence; fewer are said the same way by anyone


@dataclass(frozen=True)
class Draft:
    """A draft as it stands: `about` is its `utkast` block, `folder` where it will live."""

    path: Path
    text: str
    about: dict[str, Any]
    folder: str

    @property
    def slug(self) -> str:
        """The name that it will have in the guide."""
        return self.path.stem

    def bare(self) -> str:
        """The text as the guide would have it, line by line: blank where the draft's own lines are."""
        return _COMMENT.sub(_blank, _ABOUT_DRAFT.sub(_blank, self.text, count=1))


@dataclass(frozen=True)
class Waiting:
    """A draft in the list: which class it is to be and where it comes from, as far as it says, and all it lacks."""

    path: Path
    doc_class: str
    origin: str
    problems: tuple[Problem, ...]

    @property
    def lacks(self) -> list[Problem]:
        """What is in the way; nothing where it may be set free."""
        return [problem for problem in self.problems if problem.is_error]


def _blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def find_drafts(folder: Path) -> list[Path]:
    """The drafts, sorted."""
    return sorted(path for path in folder.glob("*.md") if path.is_file())


def list_drafts(corpus_dir: Path, corpus: Corpus, today: date) -> Iterator[Waiting]:
    """Every draft with what it lacks, also those that can't be read."""
    for path in find_drafts(corpus_dir / DRAFTS):
        try:
            draft = read_draft(path)
            about, problems = draft.about, check_draft(draft, corpus_dir, corpus, today)[1]
        except CorpusError as error:
            about, problems = {}, list(error.problems)
        yield Waiting(path, str(about.get("klasse", "")), str(about.get("fra", "")), tuple(problems))


def read_draft(path: Path) -> Draft:
    """The draft. Raises: CorpusError where its own lines can't be read."""
    text = read_text(path, path.name)
    found = _ABOUT_DRAFT.search(text)
    try:
        about = yaml.safe_load(found[0])["utkast"] if found else None
    except yaml.YAMLError:
        about = None
    if not isinstance(about, dict):
        message = "blokken «utkast:» øverst mangler eller er ødelagt; hent inn fila på nytt med --erstatt"
        raise CorpusError([Problem(path.name, 1, message)])
    if about.get("klasse") not in _FOLDER_OF:
        line = line_of(text, max(0, text.find("klasse:")))
        message = f"klasse må være en av {', '.join(_FOLDER_OF)}, ikke «{about.get('klasse')}»"
        raise CorpusError([Problem(path.name, line, message)])
    return Draft(path, text, about, _FOLDER_OF[about["klasse"]])


def read_origins(folder: Path) -> dict[str, Origin]:
    """Where each draft that can be read comes from, by its name."""
    origins = {}
    for path in find_drafts(folder):
        try:
            about = read_draft(path).about
        except CorpusError:
            continue
        origins[path.stem] = Origin(*(str(about.get(key)) for key in ("fra", "fingeravtrykk", "kilde")))
    return origins


def proposed_sources(folder: Path) -> tuple[dict[str, Source], list[Problem]]:
    """The rows of the drafts' own register, and what is wrong with it; none where there is no register."""
    return read_sources(folder) if (folder / REGISTER).exists() else ({}, [])


def check_draft(draft: Draft, corpus_dir: Path, corpus: Corpus, today: date) -> tuple[Document | None, list[Problem]]:
    """The document that it would be, None where it can't be read as one; and what is in the way or worth a look."""
    file = f"{draft.folder}/{draft.slug}.md"
    folder = corpus_dir / DRAFTS
    proposed, problems = proposed_sources(folder)
    periods = {key: source.period for key, source in (proposed | corpus.sources).items()}
    problems += _unfinished(draft)
    if (corpus_dir / file).exists():
        problems.append(Problem(file, 1, "finnes fra før; gi utkastet et annet filnavn, eller rett dokumentet selv"))
    document = None
    try:
        document = parse_document(draft.bare(), file, periods)
    except CorpusError as error:
        problems += error.problems
    if document is not None:
        files = {path.relative_to(corpus_dir).as_posix() for path in find_files(corpus_dir)} | {file}
        problems += check_document(document, files, today)
        problems += _copied(document, folder / RAW)
        cited = {mark.source_id for statement in document.statements() for mark in statement.marks}
        problems += _unfinished_rows(cited - set(corpus.sources), proposed)
    shown = [replace(p, file=f"{DRAFTS}/{draft.path.name}") if p.file == file and p.line > 1 else p for p in problems]
    return document, sorted(shown, key=lambda p: (not p.is_error, p.file, p.line))


def _unfinished(draft: Draft) -> Iterator[Problem]:
    file = f"{DRAFTS}/{draft.path.name}"
    for number, line in enumerate(draft.text.split("\n"), start=1):
        if f"<!-- {DRAFT_MARK}" in line:
            yield Problem(file, number, "utkast-merket står igjen; slett linjen når hele teksten er skrevet om")
        elif TODO in line:
            yield Problem(file, number, f"{TODO} står igjen; fyll ut, eller ta bort linjen")


def _unfinished_rows(cited: set[str], proposed: dict[str, Source]) -> Iterator[Problem]:
    for source in (proposed[key] for key in sorted(cited & set(proposed))):
        if TODO in f"{source.publisher} {source.title} {source.published} {source.licence}":
            message = f"kilden «{source.source_id}» har {TODO} igjen; fyll ut utgiver, lisens og det andre som mangler"
            yield Problem(f"{DRAFTS}/{REGISTER}", 1, message)


def _copied(document: Document, raw: Path) -> Iterator[Problem]:
    """Sentences that stand word for word in what was brought in, whole or with a long run of the same words."""
    corpus = Corpus((document,), {}, ())
    found = {problem.line: problem for problem in find_copies(corpus, raw)}
    known = " ".join(f" {' '.join(words(path.read_text(encoding='utf-8')))} " for path in sorted(raw.glob("*.txt")))
    spans = [(s.start, s.end) for section in document.sections for s in section.statements]
    spans += [(s.start, s.end) for s in document.statements()]
    spans += [span for section in document.sections for span in section.loose]
    for start, end in spans:
        said = words(plain(document.text[start:end]))
        line = line_of(document.text, start)
        if len(said) >= _MIN_COPIED and line not in found and f" {' '.join(said)} " in known:
            shown = " ".join(said[:8])
            found[line] = Problem(document.file, line, f"«{shown} …» står ordrett i kilden; skriv med egne ord")
    yield from found.values()
