"""The corpus as it lies → a new version in use, step by step, each told as it happens."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from assistant.askable import check_all
from assistant.config import Config
from index.build import (
    Plan,
    build_version,
    is_current,
    known_documents,
    plan_build,
    read_previous,
    refuse_loss,
    switch_to,
)
from index.document import Corpus, Known, find_files, read_corpus
from index.embed import load_embedder
from index.frontmatter import CorpusError, Problem
from index.lint import check_document, check_links
from index.load import open_index
from index.versions import build_lock, read_pointer


@dataclass(frozen=True)
class Wanted:
    """How to build: only say what would happen; build though much is lost or nothing is changed; without the gate."""

    dry_run: bool = False
    force: bool = False
    no_gate: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of it: the version in use afterwards, and whether it is a new one; `seconds` until it was in use."""

    version: str
    is_new: bool
    num_chunks: int
    num_reused: int
    seconds: float


class Told(Protocol):
    """What follows a build; a program that shows nothing has methods that do nothing."""

    def planned(self, plan: Plan, warnings: list[Problem]) -> None:
        """What the build will change, before anything is made."""
        ...

    def progress(self, what: str, unit: str) -> AbstractContextManager[Callable[[int, int], None]]:
        """Something that is told how much is done, of how much."""
        ...


def rebuild(config: Config, wanted: Wanted, told: Told) -> Outcome | None:
    """Builds what is changed and switches to it; None where only the plan was wanted.

    Raises:
        CorpusError: the corpus has errors; nothing is built.
        IndexFault: another build runs, too much would be lost, or the gate is closed; the version in use stays.
    """
    started = time.perf_counter()
    embedder = load_embedder(config.model)
    with build_lock(config.index):
        if not wanted.force and not wanted.dry_run and is_current(config.corpus, config.index, embedder):
            return Outcome(read_pointer(config.index), False, 0, 0, time.perf_counter() - started)
        previous = read_previous(config.index)
        known = known_documents(previous, embedder, wanted.force)
        corpus = read_corpus(config.corpus, known)
        problems = _check(corpus, known, config, date.today())
        if errors := [problem for problem in problems if problem.is_error]:
            raise CorpusError(errors)
        plan = plan_build(corpus, previous, known, embedder, wanted.force)
        told.planned(plan, problems)
        if not wanted.force:
            refuse_loss(plan)
        if wanted.dry_run:
            return None
        with told.progress("Bygger", " biter") as progress:
            report = build_version(plan, config.index, embedder, config.chroma_url, progress)
        switch_to(report.version, config.index, config.chroma_url)
        seconds = time.perf_counter() - started
        before = previous.folder if previous and not plan.anew else None
        index = open_index(config.index, embedder, report.version, config.chroma_url)
        with closing(index.store), told.progress("Prøver forslag", " spørsmål") as progress:
            check_all(index, before, {*plan.added, *plan.changed}, progress)
    return Outcome(report.version, True, report.manifest.num_chunks, report.num_reused, seconds)


def _check(corpus: Corpus, known: Known, config: Config, today: date) -> list[Problem]:
    """What is wrong with the documents that were read anew, and links of the others that no longer go anywhere."""
    files = {path.relative_to(config.corpus).as_posix() for path in find_files(config.corpus)}
    problems: list[Problem] = []
    for document in corpus.documents:
        is_kept = known.documents.get(document.file) is document
        problems += check_links(document, files) if is_kept else check_document(document, files, today)
    return sorted(problems, key=lambda problem: (problem.file, problem.line))
