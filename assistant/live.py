"""The engine of a running program: follows the index pointer, and never mixes two versions within one answer."""

import threading
from pathlib import Path

from assistant.answer import Engine
from assistant.config import Config
from assistant.generate import load_generator
from index.embed import load_embedder
from index.load import open_index
from index.versions import read_pointer


class LiveEngine:
    """Holds the opened version; `current()` opens the next one when the pointer has moved."""

    def __init__(self, config: Config) -> None:
        self._home: Path = config.index
        self._lock = threading.Lock()
        self._embedder = load_embedder(config.model)
        self._generator = load_generator(config)
        self._engine = self._open()

    def current(self) -> Engine:
        """The engine on the version in use right now. Raises: as `open_index`."""
        version = read_pointer(self._home)
        with self._lock:
            if version != self._engine.index.manifest.version:
                self._engine = self._open()
            return self._engine

    def _open(self) -> Engine:
        index = open_index(self._home, self._embedder)
        return Engine(index, index.embedder, self._generator)
