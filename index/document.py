"""One Markdown file → one checked `Document`; a folder of them → a `Corpus`."""

import codecs
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from rapidfuzz import process

from index.asked import FOLDER as ASKED
from index.asked import GAPS, OUTSIDE, AskedFor, asked_file, gaps_in, read_asked
from index.frontmatter import (
    AUDIENCES,
    PHASES,
    CardValue,
    CorpusError,
    FrontMatter,
    Problem,
    as_date,
    as_period,
    as_some_texts,
    as_text,
    as_texts,
    one_of,
    read_text,
)  # fmt: skip
from index.registry import REGISTERS, Source, Term, read_sources, read_terms
from index.statements import Block, find_blocks, make_statement, nest_heading, plain, split_statements
from index.types import ADVICE, INGRESS, UNCONFIRMED, Gap, Period, Statement

FOLDERS = {
    "guide": "veiledning",
    "ordninger": "regel",
    "historier": "historie",
    "maler": "mal",
    "aktorer": "aktør",
}
NO_OWNER = "uten eier"
COPY_HEADING = "Mal"  # under this heading of a template stands text to copy, which carries no source marks
_MAX_READS = 5  # of a corpus that is changed while it is read
T = TypeVar("T")
_DOC_ID = re.compile(r"[a-z]+/[a-z0-9-]+")


@dataclass(frozen=True)
class Section:
    """The blocks under one heading: characters `start` to `end`, from the heading to the next one."""

    headings: tuple[str, ...]
    start: int
    end: int
    blocks: tuple[Block, ...]
    statements: tuple[Statement, ...]
    loose: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Document:
    """One file of the corpus. `text` is the whole file, and every offset points into it.

    `owner` is the role or office that keeps it. `questions` ask for the document as a whole; `asked`, from a file
    beside it, for a section or a sentence of it, and `unanswered` are those that it is known not to answer. `digest` is
    of both files as they lay on disk.
    """

    doc_id: str
    doc_class: str
    file: str
    text: str
    title: str
    ingress: tuple[Statement, ...]
    questions: tuple[str, ...]
    keywords: tuple[str, ...]
    audience: tuple[str, ...]
    phases: tuple[str, ...]
    places: tuple[str, ...]
    period: Period
    checked: date
    review_by: date
    card: tuple[CardValue, ...]
    owner: str = NO_OWNER  # has a default, so that a catalog from before there were owners can be read
    sections: tuple[Section, ...] = ()
    loose_ingress: tuple[tuple[int, int], ...] = ()
    asked: tuple[AskedFor, ...] = ()
    unanswered: tuple[str, ...] = ()
    digest: str = ""

    def is_overdue(self, today: date) -> bool:
        """Whether the day that it should have been read again by is past."""
        return self.review_by < today

    def statements(self) -> Iterator[Statement]:
        """Every sentence with source marks: of the short answer, the card and the body; not of text to copy."""
        yield from self.ingress
        yield from (value.statement for value in self.card)
        yield from (s for section in self.sections if not self.is_copy(section) for s in section.statements)

    def said_in(self, section: str) -> list[str]:
        """The sentences of the short answer, of a field of the card, or under a heading, as they are read."""
        if section == INGRESS:
            found = list(self.ingress)
        else:
            found = [value.statement for value in self.card if value.field == section]
            found += [s for part in self.sections if part.headings[-1] == section for s in part.statements]
        return [plain(self.text[s.start : s.end]) for s in found]

    def is_copy(self, section: Section) -> bool:
        """Whether the section is the part of a template that is copied, which carries no marks."""
        return self.doc_class == "mal" and COPY_HEADING in section.headings[1:2]


@dataclass(frozen=True)
class Corpus:
    """Every document (by id), source and term, as read from one folder; `outside` are questions of other fields.

    `fingerprint` is that of the files it was read from.
    """

    documents: tuple[Document, ...]
    sources: dict[str, Source]
    terms: tuple[Term, ...]
    outside: tuple[str, ...] = ()
    fingerprint: str = ""

    def gaps(self) -> tuple[Gap, ...]:
        """Every question that the guide is known not to answer."""
        near = [Gap(text, document.doc_id) for document in self.documents for text in document.unanswered]
        return (*near, *(Gap(text, None) for text in self.outside))


@dataclass(frozen=True)
class Known:
    """What was read before: documents by file, each without its sections; the periods that sources then had."""

    documents: Mapping[str, Document]
    periods: Mapping[str, Period | None]
    sources_of: Mapping[str, frozenset[str]]  # the ids that the marks of each document name

    def keeps(self, file: str, digest: str, periods: Mapping[str, Period | None]) -> Document | None:
        """The document of `file` where reading it again would give the same."""
        document = self.documents.get(file)
        if document is None or document.digest != digest:
            return None
        used = self.sources_of[document.doc_id]
        is_same = all(i in periods and periods[i] == self.periods.get(i) for i in used - {ADVICE, UNCONFIRMED})
        return document if is_same else None


NOTHING = Known({}, {}, {})


def read_corpus(folder: Path, known: Known = NOTHING) -> Corpus:
    """Everything under `folder`, documents in order of id; those that are `known` and unchanged are not read again.

    All of it lay still from the first file read to the last: what was changed meanwhile is read again.

    Raises:
        CorpusError: with every problem found in any file, not only the first.
    """
    if not folder.is_dir():
        raise CorpusError([Problem(str(folder), 1, "mappen finnes ikke; sett ABC_CORPUS til mappen med guiden")])
    for _ in range(_MAX_READS):
        with suppress(FileNotFoundError):  # it was there when the folder was listed
            corpus, problems = scan_corpus(folder, known)
            if fingerprint_files(folder) == corpus.fingerprint:
                break
    else:
        message = "filer endres mens de leses; vent til redigeringen er ferdig, og prøv igjen"
        raise CorpusError([Problem(str(folder), 1, message)])
    if not corpus.documents and not problems:
        raise CorpusError([Problem(str(folder), 1, f"fant ingen dokumenter; legg .md-filer i {', '.join(FOLDERS)}")])
    if problems:
        raise CorpusError(problems)
    return corpus


def scan_corpus(folder: Path, known: Known = NOTHING) -> tuple[Corpus, list[Problem]]:
    """What can be read under `folder`, and every problem that kept the rest out."""
    problems: list[Problem] = []
    fingerprint = fingerprint_files(folder)  # first, so that what is changed meanwhile is seen the next time
    sources, source_problems = read_sources(folder)
    terms, term_problems = read_terms(folder)
    problems += [*source_problems, *term_problems]
    periods = {source_id: source.period for source_id, source in sources.items()}
    documents: dict[str, Document] = {}
    for path in find_files(folder):
        document = _collect(problems, partial(_read_or_keep, path, folder, periods, known))
        if document is None:
            continue
        if (first := documents.get(document.doc_id)) is not None:
            problems.append(
                Problem(
                    document.file, 1, f"id «{document.doc_id}» brukes også av {first.file}; gi en av dem en annen id"
                )
            )
            continue
        documents[document.doc_id] = document
    outside = _collect(problems, partial(read_asked, folder, OUTSIDE)) or ()
    ordered = tuple(documents[key] for key in sorted(documents))
    return Corpus(ordered, sources, terms, gaps_in(outside), fingerprint), problems


def find_files(folder: Path) -> list[Path]:
    """The Markdown files of the five folders, sorted."""
    found = (path for name in FOLDERS for path in (folder / name).rglob("*"))
    return sorted(path for path in found if path.suffix in (".md", ".markdown") and path.is_file())


def fingerprint_files(folder: Path) -> str:
    """Sixteen hex digits over every file that a corpus is read from: the same as long as nothing is changed."""
    digest = hashlib.sha256()
    registers = [folder / name for name in REGISTERS]
    for path in (*find_files(folder), *sorted((folder / ASKED).rglob("*.md")), *registers):
        digest.update(f"{path.relative_to(folder).as_posix()} {_digest(path)}\n".encode())
    return digest.hexdigest()[:16]


def _digest(path: Path) -> str:
    """Of what `read_text` reads: line ends and a byte order mark say nothing. Empty where there is no file."""
    try:
        data = path.read_bytes().replace(b"\r\n", b"\n").removeprefix(codecs.BOM_UTF8)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    return hashlib.sha256(data).hexdigest()[:16]


def _read_or_keep(path: Path, folder: Path, periods: Mapping[str, Period | None], known: Known) -> Document:
    file = path.relative_to(folder).as_posix()
    if (before := known.documents.get(file)) is not None:
        digest = f"{_digest(path)}.{_digest(asked_file(folder, before.doc_id))}"
        if (kept := known.keeps(file, digest, periods)) is not None:
            return kept
    return read_document(path, folder, periods)


def read_document(path: Path, folder: Path, periods: Mapping[str, Period | None]) -> Document:
    """The checked document of one file and of its questions. Raises: CorpusError with every problem of the file."""
    file = path.relative_to(folder).as_posix()
    own = _digest(path)  # before the text, so that what is changed meanwhile is read again the next time
    document = parse_document(read_text(path, file), file, periods)
    digest = f"{own}.{_digest(asked_file(folder, document.doc_id))}"
    asked = read_asked(folder, document.doc_id)
    if problems := [problem for problem in check_asked(document, asked) if problem.is_error]:
        raise CorpusError(problems)
    return replace(document, asked=asked, unanswered=gaps_in(asked), digest=digest)


def check_asked(document: Document, asked: Sequence[AskedFor]) -> Iterator[Problem]:
    """Questions for a section that the document does not have, which is an error, or for a sentence, which is not.

    Whoever changes an amount changes the beginning of a sentence: until its questions are told of it, they stand for
    the whole section (`index.chunk`).
    """
    for row in (row for row in asked if row.section != GAPS):
        said = document.said_in(row.section)
        if not said:
            yield Problem(
                row.file, row.line, f"«{row.section}» er verken en overskrift, et felt på kortet eller «{INGRESS}»"
            )
        elif row.opening and all(not sentence.startswith(row.opening) for sentence in said):
            nearest, _, _ = process.extractOne(row.opening, [sentence[: len(row.opening)] for sentence in said])
            message = (
                f"ingen setning i «{row.section}» begynner lenger med «{row.opening}»; det likeste er «{nearest}». "
                "Rett linjen. Til da gjelder spørsmålene hele avsnittet"
            )
            yield Problem(row.file, row.line, message, is_error=False)


def parse_document(text: str, file: str, periods: Mapping[str, Period | None]) -> Document:
    """The document that `text` is; `file` is its place in the corpus. Raises: CorpusError."""
    front = FrontMatter(text, file)
    folder, _, name = file.partition("/")
    doc_id = front.read("id", as_text, f"{folder}/{Path(name).with_suffix('').as_posix()}")
    if not _DOC_ID.fullmatch(doc_id):
        front.complain("id", f"id «{doc_id}» må være mappe/filnavn med små bokstaver a–z, sifre og bindestrek")
    title = front.read("tittel", as_text)
    ingress, loose_ingress = front.read_ingress(periods)
    period = front.read("gjelder", as_period)
    card = front.read_card(periods) if folder == "ordninger" else ()
    front.refuse_unknown(card=folder == "ordninger")
    sections = _read_sections(text, front.body_start, title or "", file, periods, front.problems)
    values = {
        "questions": front.read("spørsmål", as_some_texts),
        "keywords": front.read("stikkord", as_texts),
        "audience": front.read("målgruppe", one_of(AUDIENCES)),
        "phases": front.read("fase", one_of(PHASES)),
        "places": front.read("sted", as_texts),
        "checked": front.read("sist_kontrollert", as_date),
        "review_by": front.read("kontrolleres_igjen", as_date),
        "owner": front.read("eier", as_text, NO_OWNER).strip(),
    }
    if front.problems:
        raise CorpusError(front.problems)
    return Document(
        doc_id=doc_id, doc_class=FOLDERS[folder], file=file, text=text, title=title, ingress=ingress,
        loose_ingress=loose_ingress, period=period, card=card, sections=sections, **values,
    )  # fmt: skip


def _read_sections(
    text: str, start: int, title: str, file: str, periods: Mapping[str, Period | None], problems: list[Problem]
) -> tuple[Section, ...]:
    blocks = find_blocks(text, start)
    above = [(1, title)]
    groups: list[tuple[tuple[str, ...], int, list[Block]]] = [((title,), start, [])]
    for block in blocks:
        if block.kind == "heading":
            above = nest_heading(above, max(2, block.level), text[block.start : block.end])
            path = tuple(heading for _, heading in above)
            groups.append((path, text.rfind("\n", 0, block.start) + 1, []))
        else:
            groups[-1][2].append(block)
    sections = []
    for number, (headings, first, members) in enumerate(groups):
        end = groups[number + 1][1] if number + 1 < len(groups) else len(text)
        if number == 0 and not members:
            continue
        statements, loose = [], []
        for block in members:
            for left, right, bodies in split_statements(text, block.start, block.end):
                if not bodies:
                    loose.append((left, right))
                    continue
                try:
                    statements.append(make_statement(left, right, bodies, periods))
                except ValueError as error:
                    if all(problem.message != str(error) for problem in problems):  # once per file is enough
                        problems.append(Problem(file, line_of(text, left), str(error)))
        sections.append(Section(headings, first, end, tuple(members), tuple(statements), tuple(loose)))
    return tuple(sections)


def line_of(text: str, offset: int) -> int:
    """The line, from 1, that `offset` is on."""
    return text.count("\n", 0, offset) + 1


def _collect(problems: list[Problem], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except CorpusError as error:
        problems += error.problems
        return None
