"""`python -m eval.maintain`: what it costs to build anew, to change one file, and to change nothing, beside the peer.

Ours is `abc index build --no-gate` as a process of its own. The peer is LlamaIndex' IngestionPipeline with upserts over
the same files, all-MiniLM-L6-v2 and Chroma, on the same machine in the same run, in turns. Both are timed from start to
end of the process; what a process costs that does nothing is taken off in a column of its own.
"""

import argparse
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from assistant.config import read_config
from eval.speed import time_process
from index.document import find_files
from index.registry import REGISTERS

_EDITED = re.compile(r"^stikkord: \[", re.M)
_TITLE = re.compile(r"^(tittel: [\"']?)", re.M)
_NEW_WORD = "stikkord: [endret, "


@dataclass(frozen=True)
class Costs:
    """Seconds of whole processes: a full build, one changed file, no change, and one that only starts."""

    full: float
    changed: float
    unchanged: float
    start: float


def measure(corpus: Path, build: Sequence[str], idle: Sequence[str], settings: Mapping[str, str]) -> Costs:
    """Three builds of a copy of `corpus` by the command, and `idle`, the same program with nothing to do."""
    environment = {**os.environ, **settings, "HF_HUB_OFFLINE": "1"}
    full = time_process(build, environment)
    path = find_files(corpus)[0]
    text = path.read_text(encoding="utf-8")
    path.write_text(_EDITED.sub(_NEW_WORD, text, count=1), encoding="utf-8")
    changed = time_process(build, environment)
    path.write_text(text, encoding="utf-8")
    time_process(build, environment)
    unchanged = time_process(build, environment)
    return Costs(full, changed, unchanged, time_process(idle, environment))


def write_corpus(source: Path, folder: Path, num_documents: int) -> None:
    """So many documents: those of `source`, again and again under other names and titles, without question files."""
    files = find_files(source)
    for register in REGISTERS:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / register, folder / register)
    for path, turn in islice(_again(files), num_documents):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(source)
        if turn:
            text = _TITLE.sub(rf"\1Nummer {turn} av ", text, count=1)
            name = name.with_stem(f"{name.stem}-{turn}")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _again(files: Sequence[Path]) -> Iterator[tuple[Path, int]]:
    for turn in count():
        yield from ((path, turn) for path in files)


def report(name: str, ours: Costs, theirs: Costs | None) -> Iterator[str]:
    """A row per kind of build: both times, their ratio, and the ratio without what it costs to start."""
    for label in ("full", "changed", "unchanged"):
        own = getattr(ours, label)
        line = f"| {name}: {label} | {own:.2f} ({own - ours.start:.2f}) |"
        if theirs is None:
            yield f"{line} not run | | |"
            continue
        other = getattr(theirs, label)
        beyond = (other - theirs.start) / max(own - ours.start, 0.01)
        yield f"{line} {other:.2f} ({other - theirs.start:.2f}) | {other / own:.1f} | {beyond:.1f} |"


def main() -> None:
    """Measures the guide, then guides of other sizes."""
    parser = argparse.ArgumentParser(prog="python -m eval.maintain", description=__doc__)
    parser.add_argument("--documents", type=int, nargs="*", default=[300, 3_000], help="sizes besides the guide itself")
    parser.add_argument("--peer-up-to", type=int, default=300, help="the largest of them that the peer builds too")
    parser.add_argument("--without-guide", action="store_true", help="leave the guide itself out")
    options = parser.parse_args()
    source = read_config().corpus
    print("| seconds (beyond start) | ours | LlamaIndex + Chroma + MiniLM | ratio | ratio beyond start |")
    print("|---|---|---|---|---|", flush=True)
    for size in (*([] if options.without_guide else [None]), *options.documents):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if size is None:
                shutil.copytree(source, folder / "corpus")
            else:
                write_corpus(source, folder / "corpus", size)
            settings = {"ABC_CORPUS": str(folder / "corpus"), "ABC_INDEX": str(folder / "ours")}
            own = ["-m", "assistant", "index"]
            ours = measure(folder / "corpus", [*own, "build", "--no-gate"], [*own, "versions"], settings)
            theirs = None
            if size is None or size <= options.peer_up_to:
                peer = ["-m", "eval.peers", "ingest", str(folder / "peer")]
                theirs = measure(folder / "corpus", peer, [*peer[:2], "nothing", *peer[3:]], settings)
            for line in report(f"{size} documents" if size else "the guide", ours, theirs):
                print(line, flush=True)


if __name__ == "__main__":
    main()
