"""`python -m eval.sample`: random fact sentences of the guide, by seed, with where they stand and what they rest on."""

import argparse
import random

from assistant.config import read_config
from index.document import line_of, read_corpus
from index.statements import plain
from index.types import ADVICE


def main() -> None:
    """Prints file, line, sources and sentence, one fact a line; the same seed and corpus give the same lines."""
    parser = argparse.ArgumentParser(prog="python -m eval.sample", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=30)
    options = parser.parse_args()
    corpus = read_corpus(read_config().corpus)
    facts = [
        (document, statement)
        for document in corpus.documents
        for statement in document.statements()
        if all(mark.source_id != ADVICE for mark in statement.marks)
    ]
    for document, statement in random.Random(options.seed).sample(facts, options.count):
        sources = ", ".join(mark.source_id for mark in statement.marks)
        said = plain(document.text[statement.start : statement.end])
        print(f"{document.file}:{line_of(document.text, statement.start)} [{sources}] {said}")


if __name__ == "__main__":
    main()
