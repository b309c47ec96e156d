"""The build as a process of its own: started from the page, read while it runs, one at a time."""

import re
import subprocess
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.build.child import COMMAND, child_environment
from assistant.config import Config

MAX_LINES, MAX_CHARS = 400, 500
_DRY = "--dry-run"
_CONTROL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Told:
    """What the newest build has written; `exit_code` is None while it runs."""

    is_dry: bool
    lines: tuple[str, ...]
    exit_code: int | None


class Build:
    """The newest build that was started from the page, by any maintainer."""

    def __init__(self, config: Config, command: Sequence[str] = COMMAND) -> None:
        self._command, self._environment = tuple(command), child_environment(config)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._is_dry = False
        self._lines: deque[str] = deque(maxlen=MAX_LINES)

    def start(self, is_dry: bool, flags: Sequence[str] = ()) -> bool:
        """Starts a build, or what only shows what a build would do; whether it did, for only one runs at a time."""
        with self._lock:
            if self._runs():
                return False
            self._is_dry, self._lines = is_dry, deque(maxlen=MAX_LINES)
            self._process = subprocess.Popen(  # noqa: S603 - our own command, and nothing that a form has sent
                [*self._command, *([_DRY] if is_dry else []), *flags],
                env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True, encoding="utf-8", errors="replace",
            )  # fmt: skip
            self._reader = threading.Thread(target=self._collect, args=(self._process, self._lines), daemon=True)
            self._reader.start()
            return True

    def stop(self) -> None:
        """Ends the build that runs; what serves goes on serving."""
        with self._lock:
            if self._process is not None:
                self._process.terminate()

    def told(self) -> Told | None:
        """What the newest build has told; None before the first."""
        with self._lock:
            if self._process is None:
                return None
            exit_code = None if self._runs() else self._process.wait()
            return Told(self._is_dry, tuple(self._lines), exit_code)

    def _collect(self, process: "subprocess.Popen[str]", lines: deque[str]) -> None:
        with process:  # ends when it does
            for line in process.stdout or ():
                shown = _CONTROL.sub("", line.rstrip("\r\n").rpartition("\r")[2])  # a bar writes over itself
                with self._lock:  # lines can't be read while one is added
                    lines.append(shown[:MAX_CHARS])

    def _runs(self) -> bool:
        """Whether it writes still: what has ended is read to its end before that is told."""
        return self._reader is not None and self._reader.is_alive()
