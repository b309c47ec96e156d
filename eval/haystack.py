"""A guide with a haystack around it: passages of another text as documents that the ordinary build reads."""

import gzip
import json
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from index.statements import split_sentences

_SOURCE = "haystack"
_ROW = f"""
{_SOURCE}:
  utgiver: Haystack
  tittel: Haystack
  url: null
  publisert: udatert
  hentet: '2026-11-30'
  lisens: se fila den er laget av
  gjelder: udatert
"""
_MARKUP = "#>-+*|<=~`_ "  # what makes something else of a line that begins with it
Passage = Mapping[str, str]


def read_haystack(path: Path, size: int, seed: int = 1) -> list[list[Passage]]:
    """About `size` passages of whole documents, drawn by seed, document by document.

    A line of the gzipped file is a passage: `doc`, `title`, `ref`, `heading` and `text`; a document's stand together.
    """
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    documents = [list(own) for _, own in groupby(rows, key=lambda row: row["doc"])]
    random.Random(seed).shuffle(documents)
    chosen: list[list[Passage]] = []
    while documents and sum(map(len, chosen)) < size:
        chosen.append(documents.pop())
    return chosen


def write_corpus(guide: Path, haystack: Sequence[Sequence[Passage]], folder: Path) -> None:
    """The guide's corpus in `folder`, with one document more for each of the haystack."""
    shutil.copytree(guide, folder)
    with (folder / "kilder.yaml").open("a", encoding="utf-8") as sources:
        sources.write(_ROW)
    for number, passages in enumerate(haystack):
        text = "\n".join(_as_lines(passages))
        (folder / "guide" / f"{_SOURCE}-{number}.md").write_text(text, encoding="utf-8")


def _as_lines(passages: Sequence[Passage]) -> Iterator[str]:
    title = _plain(passages[0]["title"])
    yield from ("---", f'tittel: "{title}"', f'ingress: "{title}.[^{_SOURCE}]"', "spørsmål:", f'  - "{title}"')
    yield from ("stikkord: []", "målgruppe: []", "fase: []", "sted: []", "gjelder: {fra: null, til: null}")
    yield from ("sist_kontrollert: 2026-11-30", "kontrolleres_igjen: 2027-11-30", "---", "")
    for heading, own in groupby(passages, key=lambda row: _plain(f"{row['ref']} {row['heading']}") or title):
        yield from (f"## {heading}", "")
        for passage in own:
            yield from (" ".join(f"{said}[^{_SOURCE}]" for said in split_sentences(_plain(passage["text"]))), "")


def _plain(text: str) -> str:
    """The text on one line, with nothing that YAML or Markdown reads as more than text."""
    return " ".join(text.replace("\\", " ").replace('"', " ").replace("[", "(").replace("]", ")").split()).lstrip(
        _MARKUP
    )
