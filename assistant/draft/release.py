"""A finished draft → a document of the guide, with its source; refused while anything is in the way."""

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from assistant.draft.pending import DRAFTS, Draft, check_draft, read_draft
from assistant.draft.register import (
    REGISTER,
    find_row,
    read_exactly,
    read_register,
    replace_text,
    with_row,
    without_row,
)
from index.compare import find_conflicts, find_repeats
from index.document import Corpus, Document
from index.frontmatter import CorpusError, Problem
from index.types import UNCONFIRMED


@dataclass(frozen=True)
class Released:
    """Where the document lies now, the sources that came with it, and what is worth a look."""

    file: str
    sources: tuple[str, ...]
    warnings: tuple[Problem, ...]
    num_unconfirmed: int


def set_free(path: Path, corpus_dir: Path, corpus: Corpus, today: date) -> Released:
    """Moves the draft into the guide. Raises: CorpusError with everything in the way; nothing has changed then."""
    draft = read_draft(path)
    document, problems = check_draft(draft, corpus_dir, corpus, today)
    if document is None or any(problem.is_error for problem in problems):
        raise CorpusError([problem for problem in problems if problem.is_error])
    beside = replace(corpus, documents=(*corpus.documents, document))
    problems += [p for p in (*find_conflicts(beside), *find_repeats(beside)) if p.file == document.file]
    sources = _add_sources(document, corpus_dir, corpus)
    (corpus_dir / draft.folder).mkdir(exist_ok=True)
    replace_text(corpus_dir / document.file, _finished(draft))  # `check_draft` has seen that there is none
    path.unlink()
    folder = corpus_dir / DRAFTS
    register = read_register(folder)
    for source_id in sources:
        register = without_row(register, source_id)
    if sources:
        replace_text(folder / REGISTER, register)
    unconfirmed = sum(any(m.source_id == UNCONFIRMED for m in s.marks) for s in document.statements())
    return Released(document.file, tuple(sources), tuple(problems), unconfirmed)


def _add_sources(document: Document, corpus_dir: Path, corpus: Corpus) -> list[str]:
    """Puts the proposed sources that the document cites into the register of the guide, before it needs them."""
    proposed = read_register(corpus_dir / DRAFTS)
    cited = {mark.source_id for statement in document.statements() for mark in statement.marks}
    added = [source_id for source_id in sorted(cited - set(corpus.sources)) if find_row(proposed, source_id)]
    register = text = read_exactly(corpus_dir / REGISTER)
    for source_id in added:
        register = with_row(register, find_row(proposed, source_id))
    if register != text:
        replace_text(corpus_dir / REGISTER, register)
    return added


def _finished(draft: Draft) -> str:
    """The text without the draft's own lines and the holes that they leave."""
    head, mark, body = draft.bare().partition("\n---\n")
    head = re.sub(r"\n{2,}", "\n", head) + mark
    return head + "\n" + re.sub(r"\n{3,}", "\n\n", re.sub(r"(?m)[ \t]+$", "", body)).strip() + "\n"
