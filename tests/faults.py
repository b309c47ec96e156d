"""A guide and its index that tests may harm: `abc` as processes that can be killed or starved, and a running chat."""

import ctypes
import multiprocessing
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from multiprocessing.process import BaseProcess
from pathlib import Path

from assistant.answer import answer
from assistant.config import Config
from assistant.live import LiveEngine
from index.versions import list_versions

ROOT = Path(__file__).parent.parent
FILE, QUESTION = "guide/aksjekapital.md", "Hvor mye aksjekapital må vi ha?"
OLD, NEW = "30 000", "45 000"
_AMOUNT = re.compile(r"minst (\d\d 000) kroner")
_PATIENCE_S = 120  # for a process that hangs; none takes near as long
# Processes are forked from one that has imported everything: each is a whole `python -m assistant`, without the 2 s.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    ["assistant.cli", "assistant.live", "assistant.build.run", "assistant.build.words", "index.chunk", "chromadb"]
)


@dataclass(frozen=True)
class Ran:
    """How a command ended (negative: the signal it died of), and all that it said."""

    code: int
    said: str


@dataclass(frozen=True)
class Site:
    """A corpus and an index in a folder of their own."""

    folder: Path

    @property
    def corpus(self) -> Path:
        return self.folder / "corpus"

    @property
    def index(self) -> Path:
        return self.folder / "index"

    @cached_property
    def chat(self) -> LiveEngine:
        """The engine of a chat that was started when this was first asked for, and runs since."""
        return LiveEngine(Config(corpus=self.corpus, index=self.index))

    def edit(self, amount: str) -> None:
        """Makes the share capital another amount."""
        file = self.corpus / FILE
        file.write_text(re.sub(r"\d\d 000 kroner", f"{amount} kroner", file.read_text("utf-8")), "utf-8")

    def start(self, *arguments: str, before: Callable[[], None] | None = None) -> BaseProcess:
        """`abc` with the arguments as a process and group of its own; `before` is called in it, ahead of `abc`."""
        process = _PROCESSES.Process(target=_run_abc, args=(arguments, self.folder, before))
        process.start()
        return process

    def end(self, process: BaseProcess) -> Ran:
        """Waits for a process that was started."""
        process.join(_PATIENCE_S)
        if process.exitcode is None:
            kill(process)
            raise TimeoutError(f"still running after {_PATIENCE_S} s")
        return Ran(process.exitcode, _log_of(self.folder, process.pid or 0).read_text("utf-8"))

    def abc(self, *arguments: str, before: Callable[[], None] | None = None) -> Ran:
        """`abc` with the arguments, from start to end."""
        return self.end(self.start(*arguments, before=before))

    def build(self, *flags: str, before: Callable[[], None] | None = None) -> Ran:
        """`abc index build`."""
        return self.abc("index", "build", "--no-gate", *flags, before=before)

    def asked(self) -> str:
        """The amount that `abc ask` answers with, or all it says where it answers with none."""
        ran = self.abc("ask", QUESTION)
        return found[1] if (found := _AMOUNT.search(ran.said)) else ran.said

    def chatted(self) -> str:
        """The amount that the running chat answers with, once a switch that it may have begun is over."""
        for _ in range(2):
            self.chat.current()
            for thread in threading.enumerate():
                if thread.name == "open-index":
                    thread.join()
        said = answer(self.chat.current(), [QUESTION]).text
        return found[1] if (found := _AMOUNT.search(said)) else said

    def litter(self) -> set[str]:
        """What stands in the index folder and is neither a whole version nor belongs beside them."""
        belongs = {"current", "build.lock", *(manifest.version for manifest in list_versions(self.index))}
        return {path.name for path in self.index.iterdir()} - belongs


def kill(process: BaseProcess) -> None:
    """Ends the process and its group at once, as a power cut would."""
    pid = process.pid or 0
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:  # it had not come to lead a group yet, or is gone
        process.kill()
    process.join()


def drop_powers() -> None:
    """Makes permission bits bind this process even when root runs it."""
    libc = ctypes.CDLL(None, use_errno=True)
    header, nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    if libc.capset(header, nothing):
        raise OSError(ctypes.get_errno(), "capset")


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Takes the right to write from the folder and everything in it."""
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)


def _run_abc(arguments: tuple[str, ...], folder: Path, before: Callable[[], None] | None) -> None:
    os.setsid()
    log = os.open(_log_of(folder, os.getpid()), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(ABC_CORPUS=str(folder / "corpus"), ABC_INDEX=str(folder / "index"))
    if before:
        before()
    sys.argv = ["abc", *arguments]
    runpy.run_module("assistant", run_name="__main__", alter_sys=True)


def _log_of(folder: Path, pid: int) -> Path:
    return folder / f"{pid}.log"


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """An empty file system of 8 MB and 400 files in a folder that is made; only root may."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,nr_inodes=400", "abc", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled(disk: Path, free_bytes: int | None = None, free_files: int | None = None) -> Iterator[None]:
    """Leaves so much room on the disk, or room for so many files, and no more."""
    ballast = disk / "ballast"
    ballast.mkdir()
    state = os.statvfs(disk)
    for number in range(state.f_ffree - 1 - free_files if free_files is not None else 0):
        (ballast / str(number)).touch()
    with (ballast / "bytes").open("wb") as file:
        if free_bytes is not None:
            os.posix_fallocate(file.fileno(), 0, max(1, state.f_bavail * state.f_bsize - free_bytes))
    try:
        yield
    finally:
        shutil.rmtree(ballast)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Comes back when it is so. Raises: TimeoutError."""
    until = time.monotonic() + _PATIENCE_S
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.001)
