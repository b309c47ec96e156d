"""`python -m eval.speed`: whole processes timed against the peer, in turns, in one run.

Both read the same corpus, and both indexes exist before the clock starts. Ours gives a verified answer with citations;
the peer gives five passages.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

QUESTION = "Hvem kan søke tilskudd til sosialt entreprenørskap?"


def time_process(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Seconds from start to exit. Raises: CalledProcessError when the program fails."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, *command], env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.perf_counter() - started


def spread(times: Sequence[float]) -> str:
    """Median with minimum and maximum, in seconds."""
    return f"{statistics.median(times):.2f} ({min(times):.2f}–{max(times):.2f})"


def main() -> None:
    """Prints the times and their ratio."""
    parser = argparse.ArgumentParser(prog="python -m eval.speed", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "ABC_INDEX": str(Path(folder) / "ours"), "HF_HUB_OFFLINE": "1"}
        peer = str(Path(folder) / "peer")
        our_build = time_process(["-m", "assistant", "index", "build"], environment)
        peer_build = time_process(["-m", "eval.peers", "build", peer], environment)
        ours, theirs = [], []
        for _ in range(options.runs):
            ours.append(time_process(["-m", "assistant", "ask", QUESTION, "--json"], environment))
            theirs.append(time_process(["-m", "eval.peers", "ask", peer, QUESTION], environment))
    ratios = [b / a for a, b in zip(ours, theirs, strict=True)]
    print(f"| seconds, {options.runs} pairs | ours | LlamaIndex + Chroma + MiniLM | ratio |\n|---|---|---|---|")
    answer_ratio = f"{statistics.median(ratios):.1f} ({min(ratios):.1f}–{max(ratios):.1f})"
    print(f"| process start to answer | {spread(ours)} | {spread(theirs)} | {answer_ratio} |")
    print(f"| build the index, once | {our_build:.1f} | {peer_build:.1f} | {peer_build / our_build:.1f} |")


if __name__ == "__main__":
    main()
