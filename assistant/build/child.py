"""A build as a process of its own, so that what serves never writes to an index."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence

from assistant.build.result import End, Result, read_result
from assistant.config import Config

COMMAND = (sys.executable, "-m", "assistant", "index", "build")
_REMEDY = "Prøv i et terminalvindu: abc index build"


class ChildBuild:
    """Builds without the gate, which takes far longer than an editor waits, and reads what came of it."""

    def __init__(self, config: Config, command: Sequence[str] = (*COMMAND, "--json", "--no-gate")) -> None:
        self._command, self._environment = tuple(command), child_environment(config)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._is_stopped = False

    def run(self) -> Result:
        """What a build of the files as they lie came to; a process that says nothing else has failed."""
        with self._lock:
            if self._is_stopped:
                return Result(End.FAILED)
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command, env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace",
                start_new_session=True,  # Ctrl+C is for the server, which then stops this; else it looks like a fault
            )  # fmt: skip
        out, complaints = self._process.communicate()
        try:
            return read_result(out)
        except ValueError:
            said = complaints.strip().splitlines()[-1:] or [f"Byggingen endte med kode {self._process.returncode}."]
            return Result(End.FAILED, fault=said[0], remedy=_REMEDY)

    def stop(self) -> None:
        """Ends the build that runs, and lets no other begin."""
        with self._lock:
            self._is_stopped = True
            if self._process is not None:
                self._process.terminate()


def child_environment(config: Config) -> Mapping[str, str]:
    """That of this program with the settings it runs on, less what a build has no use for."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("ABC_ADMIN_")}
    folders = {"ABC_CORPUS": str(config.corpus), "ABC_INDEX": str(config.index), "ABC_MODEL": config.model}
    return {**ours, **folders, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
