"""Servers beside the program, real ones that can go away: Chroma and PostgreSQL."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from eval.browser import running_chroma


class Chroma:
    """A Chroma server on loopback that has been started; stopped, it starts again on its port with what it has."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._stack = folder, ExitStack()
        self.url = self._stack.enter_context(running_chroma(folder))

    def stop(self) -> None:
        self._stack.close()

    def start(self) -> None:
        self._stack.enter_context(running_chroma(self._folder, urlsplit(self.url).port or 0))


def can_run_postgres() -> bool:
    """Whether PostgreSQL and what we reach it with are installed."""
    return shutil.which("initdb") is not None and find_spec("psycopg") is not None


@contextmanager
def running_postgres() -> Iterator[str]:
    """The URL of an empty PostgreSQL of our own."""
    owner = "postgres" if os.getuid() == 0 else None  # PostgreSQL refuses to run as root
    with tempfile.TemporaryDirectory() as home:
        if owner:
            shutil.chown(home, owner)

        def run(*command: str) -> None:
            subprocess.run(command, check=True, user=owner, cwd=home, stdout=subprocess.DEVNULL)

        run("initdb", "-D", f"{home}/db", "-A", "trust", "-U", "abc", "--no-sync")
        run("pg_ctl", "-D", f"{home}/db", "-o", f"-k {home} -c listen_addresses=", "-l", f"{home}/log", "-w", "start")
        try:
            yield f"postgresql://abc@/postgres?host={home}"
        finally:
            run("pg_ctl", "-D", f"{home}/db", "-m", "immediate", "stop")
