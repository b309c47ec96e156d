"""How the server is: room on the disk, memory, and the last faults that our own code told of."""

import logging
import resource
import shutil
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

MAX_FAULTS, MAX_CHARS = 10, 300
_LOW_DISK_BYTES = 1_000_000_000
_KIB = 1_024


@dataclass(frozen=True)
class Fault:
    """One line of the log, and when."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Health:
    """Bytes free where the index is, of how many, and the most memory that this process has had."""

    disk_free: int
    disk_total: int
    is_disk_low: bool
    memory: int
    llm: str
    faults: tuple[Fault, ...]


class RecentFaults(logging.Handler):
    """The newest warnings and errors of our own loggers: those quote no question, which of others' can't be said."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._kept: deque[Fault] = deque(maxlen=MAX_FAULTS)
        for name in ("assistant", "index"):
            logging.getLogger(name).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        first, *_ = record.getMessage().splitlines() or [""]
        self._kept.append(Fault(datetime.fromtimestamp(record.created, UTC), first[:MAX_CHARS]))

    def newest_first(self) -> tuple[Fault, ...]:
        """What is kept."""
        return tuple(reversed(self._kept))


def read_health(home: Path, llm: str, faults: RecentFaults) -> Health:
    """The state of the machine as far as this process sees it; `llm` is the setting of that name."""
    disk = shutil.disk_usage(home)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB
    return Health(disk.free, disk.total, disk.free < _LOW_DISK_BYTES, memory, llm, faults.newest_first())
