"""What is wrong with a corpus: file, line and a Norwegian sentence for each fault."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from index.compare import find_conflicts, find_copies, find_repeats
from index.deadlines import MONTHS, passed_deadline
from index.document import Document, Section, check_asked, find_files, line_of, scan_corpus
from index.frontmatter import Problem
from index.personal import ACCOUNT, IDENTITY, find_personal
from index.statements import plain, split_sentences
from index.types import ADVICE, Statement

_LINK = re.compile(r"\]\((?!https?://|mailto:)([^)#\s]+)(?:#[^)]*)?\)")
_FIGURE = re.compile(rf"\d[\d ]*(?:kroner|kr\b|prosent|%)|§|\b(?:19|20)\d\d\b|\b\d{{1,2}}\. (?:{'|'.join(MONTHS)})")
_MOJIBAKE = re.compile(r"Ã[\x80-\xbf¥¦¸…†˜]|â€|Â[ \xa0§«»]|\ufffd")
_BROKEN_MARK = re.compile(r"\[\^[^\]\n]*\s[^\]\n]*\]")
# What a reader can't see and a machine reads: a hidden word, an order to a language model, text that turns direction.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e01ef]"
)
_HIDDEN = re.compile(r"<!--|<[a-zA-Z/][^>\n]*>|display\s*:\s*none|visibility\s*:\s*hidden", re.I)
# Words to a machine and not to a reader, in the languages that models are spoken to in.
_ORDER = re.compile(
    r"\b(?:ignore|disregard|ignorer|se bort fra|sjå bort frå)\b.{0,40}\b(?:instruction|instruks|previous|tidlegare)"
    r"|\b(?:system ?prompt|language model|språkmodell(?:en)? (?:skal|må))\b|<\|",
    re.I,
)
_WORD = re.compile(r"\w")
_MAX_WORDS = 30
_MAX_LIX = 50  # Björnsson 1968: above 50 is heavy reading
_LONG_WORD = 6


def lint(folder: Path, today: date, against: Path | None = None) -> list[Problem]:
    """Every fault of the corpus in `folder`, errors and warnings, by file and line; empty when there is none.

    `against` is a folder of texts that no sentence may be copied from.
    """
    corpus, problems = scan_corpus(folder)
    files = {path.relative_to(folder).as_posix() for path in find_files(folder)}
    for document in corpus.documents:
        problems += check_document(document, files, today)
    problems += [*find_conflicts(corpus), *find_repeats(corpus)]
    if against is not None:
        problems += find_copies(corpus, against)
    return sorted(problems, key=lambda p: (p.file, p.line))


def check_document(document: Document, files: Container[str], today: date) -> Iterator[Problem]:
    """Faults of one document that its own reading did not stop at; `files` are those that a link may go to."""
    yield from _check_loose(document, document.loose_ingress, colon_allowed=False)
    yield from _check_statements(document, document.ingress)
    yield from _check_statements(document, (value.statement for value in document.card))
    for section in document.sections:
        if document.is_copy(section):
            continue
        yield from _check_heading(document, section)
        yield from _check_statements(document, section.statements)
        headers = {(b.start, b.end) for b in section.blocks if b.kind == "header"}
        yield from _check_loose(document, (span for span in section.loose if span not in headers), colon_allowed=True)
    yield from check_links(document, files)
    yield from check_asked(document, document.asked)
    yield from _check_text(document)
    yield from _check_dates(document, today)
    yield from _check_owner(document)


def check_links(document: Document, files: Container[str]) -> Iterator[Problem]:
    """Links of one document that go to none of `files`."""
    text, file = document.text, document.file
    for match in _LINK.finditer(text):
        target = (Path(file).parent / match[1]).as_posix()
        parts: list[str] = []
        for part in target.split("/"):
            parts = parts[:-1] if part == ".." else [*parts, part]
        if "/".join(parts) not in files:
            yield Problem(file, line_of(text, match.start()), f"lenken til «{match[1]}» går ikke til noe dokument")


def _check_text(document: Document) -> Iterator[Problem]:
    text, file = document.text, document.file
    for match in _BROKEN_MARK.finditer(text):
        yield Problem(file, line_of(text, match.start()), f"kildemerket «{match[0]}» kan ikke ha mellomrom")
    for match in _MOJIBAKE.finditer(text):
        yield Problem(file, line_of(text, match.start()), f"«{match[0]}» er ødelagt tegnkoding; skriv tegnet på nytt")
    for match in _UNSEEN.finditer(text):
        message = f"usynlig tegn (U+{ord(match[0]):04X}); skriv ordet på nytt uten det"
        yield Problem(file, line_of(text, match.start()), message)
    for match in _HIDDEN.finditer(text):
        message = f"«{_short(match[0])}» er HTML eller skjult tekst; guiden har bare det leseren ser"
        yield Problem(file, line_of(text, match.start()), message)
    for match in _ORDER.finditer(text):
        message = f"«{_short(match[0])}» ser ut som en ordre til en språkmodell; guiden snakker til leseren"
        yield Problem(file, line_of(text, match.start()), message, is_error=False)
    spoken = [(s, plain(text[s.start : s.end])) for s in document.statements()]
    for statement, said in spoken:
        for kind, _, _ in find_personal(said):
            is_error = kind in (IDENTITY, ACCOUNT)
            if is_error or document.doc_class != "aktør":  # an office has a public number
                message = f"ser ut som et {kind}; guiden skal ikke ha personopplysninger"
                yield Problem(file, line_of(text, statement.start), message, is_error)
    for statement, said in spoken:
        if len(said.split()) > _MAX_WORDS:
            line = line_of(text, statement.start)
            yield Problem(file, line, f"setningen «{_short(said)}» har over {_MAX_WORDS} ord", is_error=False)
    if spoken and (heavy := lix([said for _, said in spoken])) > _MAX_LIX:
        statement, said = max(spoken, key=lambda pair: lix([pair[1]]))
        message = f"LIX er {heavy:.0f}, over {_MAX_LIX}; tyngst er «{_short(said)}»"
        yield Problem(file, line_of(text, statement.start), message, is_error=False)


def lix(sentences: Sequence[str]) -> float:
    """Readability: words per sentence plus the percentage of words over six letters. Source: Björnsson 1968."""
    spoken = [word for sentence in sentences for word in sentence.split()]
    long = sum(len(word.strip(".,;:()«»?!")) > _LONG_WORD for word in spoken)
    return len(spoken) / len(sentences) + 100 * long / len(spoken)


def _check_dates(document: Document, today: date) -> Iterator[Problem]:
    if document.is_overdue(today):
        line = line_of(document.text, document.text.find("kontrolleres_igjen"))
        message = f"skulle vært kontrollert igjen {document.review_by}"
        yield Problem(document.file, line, message, is_error=False)
    if passed := passed_deadline(document, today):
        day, statement = passed
        line = line_of(document.text, statement.start)
        yield Problem(document.file, line, f"den siste fristen i kortet ({day}) er passert", is_error=False)


def _check_owner(document: Document) -> Iterator[Problem]:
    for kind, _, _ in find_personal(document.owner):
        message = f"eieren ser ut som: {kind}; skriv en rolle eller et kontor, aldri en person"
        yield Problem(document.file, line_of(document.text, document.text.find("\neier:") + 1), message)


def _check_heading(document: Document, section: Section) -> Iterator[Problem]:
    has_child = any(
        len(other.headings) > len(section.headings) and other.headings[: len(section.headings)] == section.headings
        for other in document.sections
    )
    if not section.blocks and not has_child:
        line = line_of(document.text, section.start)
        yield Problem(document.file, line, f"overskriften «{section.headings[-1]}» har ingen tekst under seg")


def _check_loose(document: Document, spans: Iterable[tuple[int, int]], colon_allowed: bool) -> Iterator[Problem]:
    for start, end in spans:
        loose = plain(document.text[start:end])
        if not _WORD.search(loose) or (colon_allowed and loose.endswith(":") and not _FIGURE.search(loose)):
            continue
        line = line_of(document.text, start)
        yield Problem(document.file, line, f"setningen «{_short(loose)}» mangler kildemerke etter punktumet")


def _check_statements(document: Document, statements: Iterable[Statement]) -> Iterator[Problem]:
    for statement in statements:
        said = plain(document.text[statement.start : statement.end])
        line = line_of(document.text, statement.start)
        if not _WORD.search(said):
            yield Problem(document.file, line, "kildemerket står uten en setning foran seg")
        elif len(sentences := split_sentences(said)) > 1:
            message = f"setningen «{_short(sentences[0])}» mangler kildemerke; hver setning skal ha sitt eget"
            yield Problem(document.file, line, message)
        if any(mark.source_id == ADVICE for mark in statement.marks) and _FIGURE.search(said):
            message = f"rådet «{_short(said)}» har tall, dato eller paragraf; slikt må ha en kilde"
            yield Problem(document.file, line, message)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rstrip() + " …"
