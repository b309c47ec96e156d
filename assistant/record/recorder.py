"""The thread that keeps what is asked: never in the way of an answer, whatever the database does."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from assistant.faults import without_words
from assistant.record.questions import QuestionStore
from assistant.record.types import Asking, Channel, StoreFault
from assistant.types import Answer
from index.load import Index

MAX_WAITING = 1_000  # questions that wait while the database is away; more are lost
_BATCH = 100
_RETRY_S = 10.0
_DAY_S = 86_400.0
_STOP_S = 5.0  # for what waits when the server stops
_log = logging.getLogger(__name__)


class Recorder:
    """Writes questions to `store` from a bounded queue while it is `running`, and deletes each day what is too old."""

    def __init__(self, store: QuestionStore) -> None:
        self._store = store
        self._waiting: deque[Asking] = deque()
        self._changed = threading.Condition()
        self._is_stopping = False
        self._is_told = False  # that the database can't be used: once, until it can again
        self._num_lost = 0

    @property
    def keep_days(self) -> int:
        """For how long questions are kept; 0 where none are."""
        return self._store.keep_days

    def keep(self, turns: Sequence[str], answer: Answer, index: Index, channel: Channel) -> None:
        """Has the last of `turns` kept when there is time for it; waits for nothing."""
        if not self.keep_days:
            return
        chunks = (index.catalog.chunks[index.positions[citation.chunk_id]] for citation in answer.citations)
        sections = tuple(chunk.section_id for chunk in chunks)
        asking = Asking(tuple(turns), answer, sections, index.manifest.version, channel)
        with self._changed:
            if len(self._waiting) < MAX_WAITING:
                self._waiting.append(asking)
                self._changed.notify()
            else:
                self._num_lost += 1

    @contextmanager
    def running(self) -> Iterator[None]:
        """Keeps what comes in until the block is left; what waits then is written if it can be at once."""
        thread = threading.Thread(target=self._run, name="record", daemon=True)
        thread.start()
        try:
            yield
        finally:
            with self._changed:
                self._is_stopping = True
                self._changed.notify()
            thread.join(_STOP_S)

    def _run(self) -> None:
        expires_at = time.monotonic()
        while True:
            if time.monotonic() >= expires_at:
                expires_at = time.monotonic() + (_DAY_S if self._try(self._store.expire) else _RETRY_S)
            with self._changed:
                wait_s = expires_at - time.monotonic()
                self._changed.wait_for(lambda: self._waiting or self._is_stopping, max(0.0, wait_s))
                batch = [*self._waiting][:_BATCH]
            if batch and self._try(lambda asked=batch: self._store.add(asked)):  # type: ignore[misc]
                self._drop(len(batch))
            elif self._is_stopping:
                return
            elif batch:
                with self._changed:
                    self._changed.wait_for(lambda: self._is_stopping, _RETRY_S)

    def _drop(self, count: int) -> None:
        with self._changed:
            for _ in range(count):
                self._waiting.popleft()

    def _try(self, use: Callable[[], object]) -> bool:
        """Whether the database could be used; what can't be helped by trying again counts as done."""
        try:
            use()
        except StoreFault as fault:
            if not self._is_told:
                _log.warning("%s Opptil %d spørsmål venter; resten går tapt.", fault, MAX_WAITING)
            self._is_told = True
            return False
        except Exception as error:  # a bug of ours: the thread goes on, and the question is in no log
            _log.error("%s", without_words(error))
        else:
            if self._is_told:
                _log.warning("Lagringen av spørsmål virker igjen; %d gikk tapt.", self._num_lost)
                self._num_lost, self._is_told = 0, False
        return True
