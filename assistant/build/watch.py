"""Follows the files of a guide and has them built when one is saved; tells what came of it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePath
from typing import Protocol

from watchfiles import watch

from assistant.build.result import End, Result
from index.asked import FOLDER as ASKED
from index.document import FOLDERS
from index.registry import REGISTERS

_QUIET_MS = 200  # an editor writes aside, renames, sets rights: a save is over when nothing happens for so long
_LONGEST_MS = 2_000  # … or, where something always does, after this
_TRY_AGAIN_MS = 1_000  # while another build runs
_OPEN_TIMEOUT_S = 60
_LOOK_S = 0.05


@dataclass(frozen=True)
class News:
    """What was told last; `number` is another for each. No `result` while a build runs.

    `seconds` is from when the save was seen until the version answered questions.
    """

    number: int
    at: datetime
    seconds: float = 0.0
    result: Result | None = None


class Build(Protocol):
    """What is built with."""

    def run(self) -> Result:
        """What a build of the files as they lie came to."""
        ...

    def stop(self) -> None:
        """Ends the build that runs, and lets no other begin."""
        ...


class Watch:
    """Builds when it begins and after each save, one build at a time: saves during a build are one build after it.

    `serving` names the version that the next question is answered from.
    """

    def __init__(self, corpus: Path, build: Build, serving: Callable[[], str]) -> None:
        self._corpus, self._build, self._serving = corpus.resolve(strict=True), build, serving
        self._stopped = threading.Event()
        self._news = News(1, datetime.now())

    def news(self) -> News:
        """What was told last."""
        return self._news

    @contextmanager
    def running(self) -> Iterator[None]:
        """Follows the files until it is left; a build that then runs is ended, and the version in use stays."""
        thread = threading.Thread(target=self._follow, name="watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            self._build.stop()
            thread.join()

    def _follow(self) -> None:
        is_due = True  # files may have been saved since the version in use was built
        try:
            for saved in watch(
                self._corpus, watch_filter=lambda _, path: is_read(self._corpus, path),
                step=_QUIET_MS, debounce=_LONGEST_MS, rust_timeout=_TRY_AGAIN_MS, yield_on_timeout=True,
                stop_event=self._stopped, raise_interrupt=False,
            ):  # fmt: skip
                if saved or is_due:
                    is_due = self._rebuild()
        except OSError as error:  # too many folders for the system, or the folder is gone
            fault = f"Kan ikke følge {self._corpus}: {error.strerror or error}."
            self._tell(result=Result(End.FAILED, fault=fault, remedy="Start programmet på nytt."))

    def _rebuild(self) -> bool:
        """Builds, and tells of it; whether that is still to be done, because another build runs."""
        self._tell()
        started = time.perf_counter()
        result = self._build.run()
        if self._stopped.is_set():
            return False
        if result.end is End.BUSY:
            return True
        if result.version and not self._is_served(result.version):
            fault = f"Versjon {result.version} er bygd, men kan ikke åpnes."
            result = replace(result, end=End.FAILED, fault=fault, remedy="Kjør: abc index build --force")
        self._tell(time.perf_counter() - started, result)
        return False

    def _is_served(self, version: str) -> bool:
        """Whether questions are answered from the version, which is opened when it is looked for."""
        deadline = time.monotonic() + _OPEN_TIMEOUT_S
        while self._serving() != version:
            if time.monotonic() > deadline or self._stopped.wait(_LOOK_S):
                return False
        return True

    def _tell(self, seconds: float = 0.0, result: Result | None = None) -> None:
        self._news = News(self._news.number + 1, datetime.now(), seconds, result)


def is_read(corpus: Path, path: str) -> bool:
    """Whether a guide is read from the file. What has no ending may be a folder that came or went."""
    place = PurePath(path).relative_to(corpus)
    if len(place.parts) == 1:
        return place.name in (*REGISTERS, *FOLDERS, ASKED)
    is_text = place.suffix in ("", ".md", ".markdown") and not place.name.startswith(".")
    return place.parts[0] in (*FOLDERS, ASKED) and is_text and not place.name.endswith("~")
