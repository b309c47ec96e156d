"""The corpus as it lies → a new version in use, step by step, each told as it happens."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from assistant.askable import check_all
from assistant.build.gate import GATE_REMEDY, run_gate
from assistant.build.outcome import Outcome
from assistant.config import Config
from index.build import begin_version, build_version, tidy_up
from index.carry import carry_versions
from index.document import Corpus, Known, read_corpus
from index.embed import load_embedder
from index.frontmatter import CorpusError, Problem
from index.lint import check_document, check_links
from index.load import open_index
from index.plan import Plan, is_current, known_documents, plan_build, read_previous, refuse_loss
from index.types import IndexFault
from index.versions import (
    build_lock,
    has_passed,
    last_passed,
    mark_passed,
    point_to,
    read_pointer,
)


@dataclass(frozen=True)
class Wanted:
    """How to build: only say what would happen; build though much is lost or nothing is changed; without the gate."""

    dry_run: bool = False
    force: bool = False
    no_gate: bool = False


@dataclass(frozen=True)
class Built:
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

    def measured(self, outcome: Outcome) -> None:
        """What the evaluation says of the new version, before it is in use."""
        ...

    def progress(self, what: str, unit: str) -> AbstractContextManager[Callable[[int, int], None]]:
        """Something that is told how much is done, of how much."""
        ...


def rebuild(config: Config, wanted: Wanted, told: Told) -> Built | None:
    """Builds what is changed and switches to it; None where only the plan was wanted.

    Raises:
        CorpusError: the corpus has errors; nothing is built.
        IndexFault: another build runs, too much would be lost, or the gate is closed; the version in use stays.
    """
    started = time.perf_counter()
    embedder = load_embedder(config.model)
    with build_lock(config.index):
        if config.chroma_url and not wanted.dry_run:
            _carry(config, told)
        if not wanted.force and not wanted.dry_run and is_current(config.corpus, config.index, embedder):
            version = read_pointer(config.index)
            if not wanted.no_gate and not has_passed(config.index, version):
                _pass_late(config, version, told)
            return Built(version, False, 0, 0, time.perf_counter() - started)
        previous = read_previous(config.index)
        known = known_documents(previous, embedder, wanted.force)
        corpus = read_corpus(config.corpus, known)
        problems = _check(corpus, known, date.today())
        if errors := [problem for problem in problems if problem.is_error]:
            raise CorpusError(errors)
        plan = plan_build(corpus, previous, known, embedder, wanted.force)
        told.planned(plan, problems)
        if not wanted.force:
            refuse_loss(plan)
        if wanted.dry_run:
            return None
        with begin_version(plan, config.index, config.chroma_url) as folder:
            with told.progress("Bygger", " biter") as progress:
                report = build_version(plan, folder, embedder, config.chroma_url, progress)
            # What can't be opened is not switched to.
            index = open_index(config.index, embedder, folder.name, config.chroma_url)
            if not wanted.no_gate or previous is None:
                _pass_gate(config, folder.name, told)
            point_to(config.index, folder.name)
        tidy_up(config.index, config.chroma_url)
        seconds = time.perf_counter() - started
        before = previous.folder if previous and not plan.anew else None
        with closing(index.store), told.progress("Prøver forslag", " spørsmål") as progress:
            check_all(index, before, {*plan.added, *plan.changed}, progress)
    return Built(report.version, True, report.manifest.num_chunks, report.num_reused, seconds)


def _carry(config: Config, told: Told) -> None:
    """Sees to it that the Chroma server has what was built before, so that going back is possible there too."""
    with told.progress("Ser etter versjonene på Chroma-serveren", " versjoner") as progress:
        carry_versions(config.index, config.chroma_url, progress)


def _pass_gate(config: Config, version: str, told: Told) -> None:
    """Holds a version against the last that passed, if there is one, and marks it.

    Raises: IndexFault where it is worse, or can't be measured.
    """
    if against := last_passed(config.index):
        with told.progress("Måler", " spørsmål") as progress:
            outcome = run_gate(config, version, against, progress)
        told.measured(outcome)
        if not outcome.is_open:
            raise IndexFault(f"Den nye versjonen er dårligere enn {against}.", GATE_REMEDY)
    mark_passed(config.index, version)


def _pass_late(config: Config, version: str, told: Told) -> None:
    """As `_pass_gate`, for a version in use that never passed; where it is worse, the last that did is used again."""
    against = last_passed(config.index)
    try:
        _pass_gate(config, version, told)
    except IndexFault:
        if against:
            point_to(config.index, against)
        raise


def _check(corpus: Corpus, known: Known, today: date) -> list[Problem]:
    """What is wrong with the documents that were read anew, and links of the others that no longer go anywhere."""
    files = {document.file for document in corpus.documents}
    problems: list[Problem] = []
    for document in corpus.documents:
        is_kept = known.documents.get(document.file) is document
        problems += check_links(document, files) if is_kept else check_document(document, files, today)
    return sorted(problems, key=lambda problem: (problem.file, problem.line))
