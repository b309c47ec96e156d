"""`python -m eval.samples`: one answer of every kind, whole as the user gets it, written to eval/samples.md."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.answer import Engine, answer
from assistant.config import read_config
from assistant.live import LiveEngine
from assistant.types import Answer, Citation
from eval.questions import DATA
from index.statements import plain

QUESTIONS = DATA / "samples.jsonl"
SAMPLES = DATA.parent / "samples.md"


@dataclass(frozen=True)
class Sample:
    """What is asked, the last of `turns` counts, and what kind of answer it calls for."""

    kind: str
    turns: tuple[str, ...]


def main() -> None:
    """Asks every question and writes the file; the same corpus, program and day give the same file."""
    parser = argparse.ArgumentParser(prog="python -m eval.samples", description=__doc__)
    parser.add_argument("--today", type=date.fromisoformat, default=date.today(), help="the day to answer on")
    options = parser.parse_args()
    samples = read_samples(QUESTIONS)
    text = write_samples(LiveEngine(read_config()).current(), samples, options.today)
    SAMPLES.write_text(text, encoding="utf-8")
    print(f"{SAMPLES}: {len(samples)} answers")


def read_samples(path: Path) -> list[Sample]:
    """The questions in the order of the file. Raises: ValueError naming the wrong line."""
    samples: list[Sample] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            samples.append(Sample(row["kind"], tuple(row["turns"])))
        except (ValueError, KeyError) as error:
            raise ValueError(f"{path.name} line {number}: {error!r}") from error
        if not samples[-1].turns or samples[-1].kind in {sample.kind for sample in samples[:-1]}:
            raise ValueError(f"{path.name} line {number}: «{samples[-1].kind}» has no turns, or is there already")
    return samples


def write_samples(engine: Engine, samples: Sequence[Sample], today: date) -> str:
    """The whole file: what answered and when, then each question with its answer."""
    manifest = engine.index.manifest
    head = (
        "# Sample answers\n\n"
        f"{len(samples)} questions, one of each kind, as answered on {today} from corpus {manifest.corpus} "
        f"with {manifest.model}@{manifest.model_fingerprint}. Written by `python -m eval.samples --today {today}`; "
        "the questions are in `eval/data/samples.jsonl`."
    )
    answers = (describe(n, sample, answer(engine, sample.turns, today)) for n, sample in enumerate(samples, 1))
    return "\n\n".join([head, *answers]) + "\n"


def describe(number: int, sample: Sample, result: Answer) -> str:
    """One question and everything that its answer shows; no times, which differ from run to run."""
    asked = [f"**{'Asked' if turn is sample.turns[-1] else 'Asked before'}:** {turn}" for turn in sample.turns]
    understood = [f"**Understood as:** {result.understood}"] if result.understood else []
    facts = f"**Status:** {result.status} · {result.language}"
    if result.receipt:
        facts += f" · known {result.receipt.known:.2f} · {result.receipt.generator}"
    quoted = "\n".join(f"> {line}".rstrip() for line in result.text.split("\n"))
    parts = [f"## {number}. {sample.kind}", "  \n".join([*asked, *understood, facts]), quoted]
    if result.citations:
        rows = "\n".join(_row(citation) for citation in result.citations)
        parts.append(f"| n | from | publisher | known | quote |\n|---|---|---|---|---|\n{rows}")
    if result.warnings:
        parts.append("**Warnings:** " + " · ".join(result.warnings))
    if result.follow_ups:
        parts.append("**Ask next:** " + " · ".join(result.follow_ups))
    if result.also_read:
        parts.append("**Read also:** " + " · ".join(item.title for item in result.also_read))
    return "\n\n".join(parts)


def _row(citation: Citation) -> str:
    origin = " › ".join((citation.title, *citation.heading_path[1:]))
    publishers = ", ".join(dict.fromkeys(source.publisher for source in citation.sources))
    flags = [flag for flag, holds in (("stale", citation.stale), ("unconfirmed", not citation.confirmed)) if holds]
    dates = (citation.valid_from, citation.valid_to)
    period = "..".join(str(day or "") for day in dates) if any(dates) else ""
    known = " · ".join(("undated" if citation.undated else period, *flags)).strip(" ·")
    cells = (str(citation.n), f"{origin} ({citation.doc_class})", publishers, known, plain(citation.quote))
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


if __name__ == "__main__":
    main()
