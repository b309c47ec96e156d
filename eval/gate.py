"""`python -m eval.gate --version NEW`: may a built version be used? Every question, beside the version before it.

Runs where the guide is served: without the extra `test`, so nothing here makes an interval.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from tqdm import tqdm

from assistant.answer import Engine
from assistant.build.outcome import Outcome, as_lines
from assistant.config import read_config
from eval.questions import DATA, Qrels, Question, read_all_qrels, read_questions, still_judged, whole_judgements
from eval.run import Run, conditions_of, read_run, run_questions, write_run
from eval.weigh import weigh
from index.catalog import read_catalog
from index.embed import Embedder, load_embedder
from index.load import open_index
from index.types import IndexFault
from index.versions import read_current

RUN = "evaluation.jsonl"  # the run of a version, kept in its folder
Progress = Callable[[int, int], None]


def main() -> int:
    """Prints progress and outcome; 0 where the version may be used, 1 where it may not or can't be measured."""
    parser = argparse.ArgumentParser(prog="python -m eval.gate", description=__doc__)
    parser.add_argument("--version", required=True, help="the version built aside")
    parser.add_argument("--against", default="", help="the version in use")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of questions and judgements")
    parser.add_argument("--json", action="store_true", help="progress as JSON lines, then the outcome as one")
    options = parser.parse_args()
    config = read_config()
    with tqdm(desc="Måler", unit=" spørsmål", disable=options.json or None, leave=False) as bar:

        def progress(done: int, total: int) -> None:
            if options.json:
                print(json.dumps({"done": done, "total": total}), flush=True)
            bar.total = total
            bar.update(done - bar.n)

        try:
            outcome = judge(
                config.index, load_embedder(config.model), options.version, options.against, options.data, progress
            )
        except IndexFault as fault:
            said = json.dumps({"fault": str(fault), "remedy": fault.remedy}, ensure_ascii=False)
            print(said if options.json else f"{fault} {fault.remedy}")
            return 1
    as_json = json.dumps(outcome.as_json(), ensure_ascii=False)
    print(as_json if options.json else "\n".join(as_lines(outcome)))
    return int(not outcome.is_open)


def judge(home: Path, embedder: Embedder, version: str, against: str, data: Path, progress: Progress) -> Outcome:
    """What the questions of `data` say of a version beside another, or alone where `against` is empty.

    A version before it that this program can't open is not held against it. Raises: IndexFault.
    """
    try:
        questions, qrels = read_questions(data), read_all_qrels(data)
    except (OSError, ValueError) as error:
        raise IndexFault(f"Målesettet i {data} kan ikke leses: {error}.", "Rett fila, og bygg igjen.") from error
    done, total = 0, len(questions) * (2 if against else 1)

    def tell(count: int = 1) -> None:
        nonlocal done
        done += count
        progress(done, total)

    after, before, notes = measure(home, embedder, version, questions, qrels, tell), None, []
    if against:
        try:
            before = measure(home, embedder, against, questions, qrels, tell)
        except IndexFault as fault:
            notes.append(f"Versjonen {against} kan ikke måles, så de to er ikke sammenlignet. {fault}")
    else:
        notes.append("Det er ingen tidligere versjon å sammenligne med.")
    return weigh(version, against, before, after, questions, qrels, read_catalog(home / version), notes)


def measure(
    home: Path,
    embedder: Embedder,
    version: str,
    questions: Sequence[Question],
    qrels: Mapping[str, Qrels],
    tell: Callable[..., None],
) -> Run:
    """The run of a version without a language model: the one kept with it where all is as it was, else a new one.

    Answers follow the calendar, so a run holds for the day it was made on. `tell` hears how many more are done.
    """
    conditions = conditions_of(read_current(home, version), None, questions, qrels, "all")
    path = home / version / RUN
    kept = _read_kept(path, conditions)
    if kept is not None:
        tell(len(questions))
        return kept
    index = open_index(home, embedder, version)
    with closing(index.store):
        asked = still_judged(questions, qrels, index.catalog.chunks)
        tell(len(questions) - len(asked))
        judged = whole_judgements(qrels, index.catalog.chunks)
        run = run_questions(Engine(index, index.embedder), asked, judged, conditions, tell)
    write_run(run, path)
    return run


def _read_kept(path: Path, conditions: Mapping[str, str]) -> Run | None:
    """The run in the file where it was made under these conditions on this day."""
    try:
        kept = read_run(path)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return kept if _on_the_day(kept.conditions) == _on_the_day(conditions) else None


def _on_the_day(conditions: Mapping[str, str]) -> dict[str, str]:
    return {**conditions, "date": conditions["date"].partition("T")[0]}


if __name__ == "__main__":
    sys.exit(main())
