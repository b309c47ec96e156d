"""`python -m eval.lookup`: milliseconds a keystroke in the lookup, beside a plain scan, in the same run.

What is typed are titles, keywords and what people say for terms, letter by letter, whole and with two letters swapped.
The peer compares the same texts with the same letters, one after another (rapidfuzz `WRatio`), and has no filters, no
counts, no rules and no terms beside. A scheme counts as found when it is among the first five of its own name; in the
grown guide hundreds share each keyword, so that few can.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from rapidfuzz import fuzz, process

from assistant.config import read_config
from assistant.lookup.guide import Lookup, open_lookup
from assistant.lookup.search import MAX_ROWS, search_schemes
from assistant.lookup.state import State
from index.catalog import Catalog, read_catalog
from index.document import Document
from index.types import Chunk
from index.versions import read_current

SYNTHETIC = 5_000
_FIRST = 5
_ENDINGS = (" i Telemark", " for foreninger", " over 100 000 kroner")
_SECTIONS = 3  # of the body of a synthetic scheme


def grow(catalog: Catalog, num_schemes: int, seed: int = 7) -> Catalog:
    """The guide with schemes made of its own, mixed: each has the card and a few sections of one, words of others."""
    draw = random.Random(seed)
    schemes = [document for document in catalog.documents if document.card]
    titles = [word for document in schemes for word in document.title.split()]
    keywords = [word for document in schemes for word in document.keywords]
    own: dict[str, list[Chunk]] = {}
    for chunk in catalog.chunks:
        own.setdefault(chunk.doc_id, []).append(chunk)
    documents: list[Document] = []
    chunks: list[Chunk] = []
    for number in range(num_schemes - len(schemes)):
        model, doc_id = draw.choice(schemes), f"ordninger/prove-{number}"
        title = f"{' '.join(draw.sample(titles, 4))} {number}"
        documents.append(replace(model, doc_id=doc_id, title=title, keywords=tuple(draw.sample(keywords, 6))))
        chunks += [
            replace(chunk, doc_id=doc_id, chunk_id=f"{number}-{place}", questions=())
            for place, chunk in enumerate(own[model.doc_id][-_SECTIONS:])
        ]
    return replace(catalog, documents=(*catalog.documents, *documents), chunks=(*catalog.chunks, *chunks))


def typed(catalog: Catalog, num_names: int, seed: int = 7) -> list[tuple[str, str]]:
    """Names and the schemes that have them: whole, with two letters swapped, and with a filter after them."""
    draw = random.Random(seed)
    names = []
    for document in (d for d in catalog.documents if d.card):
        name = draw.choice((document.title, *document.keywords[:2]))
        swap = draw.randrange(1, max(2, len(name) - 1))
        wrong = name[:swap] + name[swap : swap + 2][::-1] + name[swap + 2 :]
        names.append((draw.choice((name, wrong, name + draw.choice(_ENDINGS))), document.doc_id))
    return draw.sample(names, min(num_names, len(names)))


def keystrokes(names: Sequence[tuple[str, str]]) -> Iterator[str]:
    """What stands in the field after each key."""
    for name, _ in names:
        yield from (name[:length] for length in range(1, len(name) + 1))


def scan(lookup: Lookup) -> Callable[[str], list[str]]:
    """The peer: the schemes whose title, keywords and short answer are likest the text."""
    schemes = lookup.facts.schemes
    texts = [
        f"{d.title} {' '.join(d.keywords)} {' '.join(d.text[s.start : s.end] for s in d.ingress)}".lower()
        for d in schemes
    ]
    return lambda text: [
        schemes[row[2]].doc_id for row in process.extract(text.lower(), texts, scorer=fuzz.WRatio, limit=MAX_ROWS)
    ]


def measure(search: Callable[[str], list[str]], names: Sequence[tuple[str, str]]) -> tuple[str, float]:
    """Milliseconds a keystroke, as median and 95th percentile, and the share of names whose scheme comes first."""
    times = []
    for text in keystrokes(names):
        started = time.perf_counter()
        search(text)
        times.append((time.perf_counter() - started) * 1000)
    found = [doc_id in search(name)[:_FIRST] for name, doc_id in names]
    p50, p95 = np.percentile(times, (50, 95))
    return f"{p50:.1f} | {p95:.1f} | {len(times)}", float(np.mean(found))


def main() -> None:
    """Prints a table: the guide as it is and grown, the lookup and the peer."""
    parser = argparse.ArgumentParser(prog="python -m eval.lookup", description=__doc__)
    parser.add_argument("--names", type=int, default=40, help="how many names are typed")
    options = parser.parse_args()
    home = read_config().index
    catalog = read_catalog(home / read_current(home).version)
    names, today = typed(catalog, options.names), date.today()
    print("| schemes | search | p50 ms | p95 ms | keystrokes | among the first five |\n|---|---|---|---|---|---|")
    for guide in (catalog, grow(catalog, SYNTHETIC)):
        lookup = open_lookup(guide)

        def ours(text: str, lookup: Lookup = lookup) -> list[str]:
            return [row.id for row in search_schemes(lookup, State(text=text), today, MAX_ROWS).rows]

        for label, search in (("lookup", ours), ("linear scan", scan(lookup))):
            row, found = measure(search, names)
            print(f"| {len(lookup.facts.schemes)} | {label} | {row} | {found:.2f} |", flush=True)


if __name__ == "__main__":
    main()
