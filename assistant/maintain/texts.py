"""The corpus as it lies beside the index, for what the page tells of it: read anew only where a file is changed."""

import threading
from datetime import date
from pathlib import Path

from assistant.draft.pending import Waiting, list_drafts
from assistant.fresh.command import DAYS
from assistant.fresh.find import Work, find_work
from assistant.fresh.tell import tell_problems
from index.document import Corpus, fingerprint_files, scan_corpus
from index.frontmatter import Problem


class Texts:
    """What `abc fersk` and `abc import --liste` say of `folder`; reading a whole guide takes seconds, and is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reading = threading.Lock()
        self._read: tuple[Corpus, list[Problem]] | None = None

    def work(self, today: date) -> tuple[list[Work], list[str]]:
        """What there is to do, the worst first, and a line for each file that can't be read."""
        corpus, problems = self._current()
        return find_work(corpus.documents, corpus.sources, today, DAYS), list(tell_problems(problems))

    def drafts(self, today: date) -> list[Waiting]:
        """The drafts that wait."""
        return list(list_drafts(self._folder, self._current()[0], today))

    def _current(self) -> tuple[Corpus, list[Problem]]:
        with self._reading:
            if self._read is None or self._read[0].fingerprint != fingerprint_files(self._folder):
                self._read = scan_corpus(self._folder)
            return self._read
