"""Runs the evaluation of a built version in a process of its own, since what evaluates imports what answers."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from typing import IO, Any

from assistant.build.outcome import Outcome, read_outcome
from assistant.config import Config
from index.types import IndexFault

GATE_REMEDY = (
    "Den forrige versjonen er fortsatt i bruk. Rett tekstene eller fasiten. Skal versjonen brukes likevel, kjør: "
    "abc index build --no-gate"
)


def run_gate(config: Config, version: str, against: str, progress: Callable[[int, int], None]) -> Outcome:
    """What the evaluation says of `version` beside `against`, which may be empty; neither is changed.

    Raises: IndexFault when it could not be measured.
    """
    command = [sys.executable, "-m", "eval.gate", "--version", version, "--json"]
    command += ["--against", against] if against else []
    environment = {**os.environ, "ABC_INDEX": str(config.index), "ABC_MODEL": config.model}
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors,
        subprocess.Popen(  # noqa: S603 - our own module, and names of versions
            command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8"
        ) as process,
    ):
        try:
            result = _follow(process.stdout or (), progress)
        except BaseException:  # also Ctrl+C: nobody would read the rest
            process.kill()
            raise
        status = process.wait()
        if result is None:
            raise IndexFault(f"Målingen av versjonen {version} stoppet: {_last_line(errors, status)}.", GATE_REMEDY)
    if "fault" in result:
        raise IndexFault(f"Versjonen {version} kan ikke måles. {result['fault']}", result["remedy"])
    return read_outcome(result)


def _follow(lines: Iterable[str], progress: Callable[[int, int], None]) -> dict[str, Any] | None:
    """Tells of progress line by line; the last object, None where the process ended without one."""
    for line in lines:
        row: dict[str, Any] = json.loads(line)
        if "done" not in row:
            return row
        progress(row["done"], row["total"])
    return None


def _last_line(errors: IO[str], status: int) -> str:
    """Why a process died, as far as it said."""
    errors.seek(0)
    said = errors.read().strip().splitlines()
    return said[-1].rstrip(".") if said else f"prosessen endte med kode {status}"
