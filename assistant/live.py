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
        embedder = load_embedder(config.model)
        self._engine = Engine(open_index(self._home, embedder), embedder, load_generator(config))

    def current(self) -> Engine:
        """The engine on the version in use right now. Raises: as `open_index`."""
        version = read_pointer(self._home)
        with self._lock:
            if version != self._engine.index.manifest.version:
                index = open_index(self._home, self._engine.embedder)
                self._engine = Engine(index, self._engine.embedder, self._engine.generator)
            return self._engine
