"""The engine of a running program: follows the index pointer, and never mixes two versions within one answer."""

import logging
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from assistant.answer import Engine, answer
from assistant.config import Config
from assistant.generate import load_generator
from assistant.lookup.guide import open_lookup
from assistant.told import tell_all
from index.embed import load_embedder
from index.load import open_index, probe
from index.types import IndexFault, IndexMissing
from index.versions import read_pointer

_log = logging.getLogger(__name__)
# Answers made at once without a language model: more only take Python's lock from each other. Of 50 questions at once
# half were answered in 0.41 s and all in 0.82 s; with 1 in 0.57 and 1.09 s, with 64 in 1.17 and 1.32 s (2 cores,
# 2026-11-29).
_AT_ONCE = 2
_WHATEVER = ""  # the version that the pointer names when it is opened


class LiveEngine:
    """Holds an opened version. When the pointer moves, the next is opened aside, and this one serves until it is.

    What can't be opened is told of once, in the log, and let be until the pointer moves again.
    """

    def __init__(self, config: Config) -> None:
        self._home, self._chroma_url = config.index, config.chroma_url
        self._embedder = load_embedder(config.model)
        self._generator = load_generator(config)
        at_once = config.concurrency if self._generator else min(_AT_ONCE, config.concurrency)
        self._turns = threading.Semaphore(at_once)
        self._opening = threading.Lock()  # held by the only one who opens or refuses a version
        self._refused: str | None = None
        self._engine = self._open(_WHATEVER)

    def current(self) -> Engine:
        """The engine on the newest version that could be opened; nobody waits for the next."""
        try:
            wanted = read_pointer(self._home)
        except (IndexFault, OSError):
            wanted = _WHATEVER  # opening it says what is wrong
        if not self._is_settled(wanted) and self._opening.acquire(blocking=False):
            threading.Thread(target=self._switch, args=(wanted,), name="open-index", daemon=True).start()
        return self._engine

    @contextmanager
    def turn(self) -> Iterator[Engine]:
        """The engine as in `current`, when it is this caller's turn to answer: few do at once, the others wait."""
        with self._turns:
            yield self.current()

    def warm_up(self) -> None:
        """Reads what is else read when it is first needed, so that the first who asks does not wait for it."""
        _warm_up(self._engine)

    def _is_settled(self, version: str) -> bool:
        return version in (self._engine.index.manifest.version, self._refused)

    def _switch(self, version: str) -> None:
        """Opens the version and serves it if it is whole; lets go of `_opening`, which the caller took."""
        try:
            if self._is_settled(version):
                return
            engine = self._open(version)
            # A server may be away for a while, and what it lacks is compared one by one: no reason to stay behind.
            if not self._chroma_url and not probe(engine.index):
                raise IndexMissing(f"Versjonen {version} har mistet vektorer.", "Kjør: abc index build --force")
            _warm_up(engine)
            self._engine, self._refused = engine, None
        except BaseException as fault:  # whatever it is, this is a thread of its own; Chroma's panics are no Exception
            self._refuse(version, fault)
        finally:
            self._opening.release()

    def _refuse(self, version: str, fault: BaseException) -> None:
        self._refused = version
        served = self._engine.index.manifest.version
        reason = f"{fault} {fault.remedy}" if isinstance(fault, IndexFault) else repr(fault)
        _log.error("Indeksen er ikke byttet, versjonen %s svarer fortsatt. %s", served, reason)

    def _open(self, version: str) -> Engine:
        index = open_index(self._home, self._embedder, version, self._chroma_url)
        closing = weakref.finalize(index, index.store.close)  # after the last answer that is made from it
        closing.atexit = False
        return Engine(index, index.embedder, self._generator)


def _warm_up(engine: Engine) -> None:
    """Reads the names and the lookup, and answers one of the guide's own questions, without the language model."""
    _ = engine.names
    open_lookup(engine.index.catalog)
    answer(replace(engine, generator=None), engine.index.catalog.documents[0].questions[:1])
    # A second for the whole guide, beside the first answers: each reads what it needs of it, and waits for no more.
    threading.Thread(target=tell_all, args=(engine.index,), name="tell", daemon=True).start()
