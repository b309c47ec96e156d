"""`python -m eval.scale HAYSTACK.jsonl.gz`: the guide at up to a hundred times its size, and how it grows.

The haystack goes through the ordinary build and the ordinary answers; what is found in it counts as a miss.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from threadpoolctl import threadpool_limits
from tqdm import tqdm

from assistant.answer import Engine
from assistant.config import read_config
from eval.growth import as_table, write_plots
from eval.haystack import read_haystack, write_corpus
from eval.near import compare_passages, spread, time_filters
from eval.questions import read_all_qrels, read_questions
from eval.retrieval import rank
from eval.run import run_questions, summarise
from index.build import build_index
from index.document import read_corpus
from index.embed import load_embedder
from index.load import open_index
from index.versions import sizes_of

SIZES = (0, 10_000, 118_231)
METRICS = (
    "section recall@5", "section nDCG@10", "document recall@5", "document nDCG@10", "facts", "refusal recall",
    "refusal precision",
)  # fmt: skip
_PARTS = ("vectors", "chroma", "keyword", "gaps", "catalog.json")  # of a version, in the order that a build ends them
Figures = dict[str, float]


def main() -> None:
    """Prints a table as sizes are done, and writes the curves."""
    parser = argparse.ArgumentParser(prog="python -m eval.scale", description=__doc__)
    parser.add_argument("haystack", type=Path, help="gzipped JSON lines with doc, title, ref, heading and text")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="passages of the haystack")
    parser.add_argument("--questions", type=int, default=0, help="of the test half, every so many; 0 is all")
    parser.add_argument("--synthetic", type=int, default=0, help="made passages, for the searches alone")
    parser.add_argument("--out", type=Path, default=Path("var/eval/scale.html"))
    options = parser.parse_args()
    if options.synthetic:
        from eval.synthetic import search_synthetic

        print(json.dumps(alone(search_synthetic, options.haystack, options.synthetic), indent=1))
        return
    measured = []
    with tqdm(options.sizes, disable=not sys.stderr.isatty()) as sizes:
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                built = alone(build, options.haystack, size, Path(folder))
                asked = alone(ask, Path(folder), options.questions)
            measured.append({**built, **asked})
            tqdm.write(json.dumps(measured[-1]), sys.stderr)
    print(as_table(measured))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.with_suffix(".json").write_text(json.dumps({"date": str(date.today()), "sizes": measured}, indent=1))
    print(write_plots(measured, options.out))


def alone(work: object, *arguments: object) -> Figures:
    """What `work` measures in a process of its own, whose peak of memory is then its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        found: Figures = pool.submit(work, *arguments).result()  # type: ignore[arg-type]
    return found


def build(haystack: Path, size: int, folder: Path) -> Figures:
    """Builds the version in `folder`: chunks, peak of memory, disk, and seconds until each part stood, one by one.

    The first, the vectors, have the splitting too.
    """
    write_corpus(read_config().corpus, read_haystack(haystack, size) if size else [], folder / "corpus")
    before = time.time()
    corpus = read_corpus(folder / "corpus")
    read = time.time()
    report = build_index(corpus, folder / "index", load_embedder(read_config().model))
    done = time.time()
    version = folder / "index" / report.version
    ends = [max(path.stat().st_mtime for path in (version / part, *(version / part).rglob("*"))) for part in _PARTS]
    steps = {f"{part} s": end - start for part, start, end in zip(_PARTS, (read, *ends), ends, strict=False)}
    sizes: dict[str, int] = {}
    for file, length in sizes_of(version).items():
        part = file.partition("/")[0]
        sizes[part] = sizes.get(part, 0) + length
    return {
        "chunks": report.manifest.num_chunks,
        "documents": report.manifest.num_documents,
        "read s": read - before,
        **steps,
        "build s": done - before,
        "build peak MB": peak_mb(),
        **{f"{part} MB": sizes[part] / 1e6 for part in _PARTS},
        "disk MB": sum(sizes.values()) / 1e6,
    }


def ask(folder: Path, num_questions: int) -> Figures:
    """Opens the version and asks it the test half: quality, times and memory; then the ways to find passages."""
    threadpool_limits(1)  # as in serving
    embedder = load_embedder(read_config().model)
    started = time.perf_counter()
    engine = Engine(open_index(folder / "index", embedder), embedder)
    figures = {"open s": time.perf_counter() - started}
    questions = [question for question in read_questions() if question.split == "test"]
    questions = questions[:: max(1, len(questions) // num_questions)] if num_questions else questions
    rank(engine, questions[0])  # what is made at the first question is no part of the next
    run = run_questions(engine, questions, read_all_qrels(), {}, lambda: None)
    summary = summarise(run, questions, with_intervals=False)
    figures |= {name: summary[name].value for name in METRICS}
    for name in ("retrieve ms", "answer ms"):
        figures |= spread(name, [score.measures[name] for score in run.scores if name in score.measures])
    figures["serve peak MB"] = peak_mb()
    texts = [question.turns[-1] for question in questions]
    return figures | compare_passages(engine.index, texts) | time_filters(engine, texts)


def peak_mb() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    main()
