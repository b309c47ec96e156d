"""What documents say against each other: the same words with other figures, the same paragraph twice, copied text."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

from index.analyse import stem, words
from index.document import Corpus, Document, line_of
from index.frontmatter import Problem
from index.statements import plain
from index.types import Period, Statement

_AMOUNT = re.compile(r"\d[\d  ]*(?:,\d+)?(?= (?:kroner|prosent|euro))")
_ALIKE = 0.8  # overlap of stems (Jaccard) from which two sentences are about the same
_RARE = 3  # sentences are compared when they share one of their rarest stems
_MIN_PARAGRAPH = 12  # words from which a repeated paragraph is worth a warning
COPIED_RUN = 12  # words in a row that count as copied


def find_conflicts(corpus: Corpus) -> Iterator[Problem]:
    """Two sentences of two documents that are alike, hold at the same time, and give different amounts."""
    rows: list[tuple[Document, Statement, frozenset[str], frozenset[str]]] = []
    for document in corpus.documents:
        for statement in document.statements():
            said = plain(document.text[statement.start : statement.end])
            amounts = frozenset(re.sub(r"[  ]", "", amount) for amount in _AMOUNT.findall(said))
            if amounts:
                rows.append((document, statement, amounts, frozenset(stem(w) for w in words(said) if not w.isdigit())))
    frequency = Counter(term for *_, terms in rows for term in terms)
    buckets: dict[str, list[int]] = defaultdict(list)
    for place, (*_, terms) in enumerate(rows):
        for term in sorted(terms, key=lambda t: (frequency[t], t))[:_RARE]:
            buckets[term].append(place)
    pairs = {pair for members in buckets.values() for pair in combinations(members, 2)}
    for left, right in sorted(pairs):
        (one, first, amounts, terms), (other, second, others, terms_too) = rows[left], rows[right]
        alike = len(terms & terms_too) >= _ALIKE * len(terms | terms_too)
        if one is not other and alike and amounts != others and _overlap(first, second):
            message = (
                f"oppgir {', '.join(sorted(amounts))}, mens {other.file}:{line_of(other.text, second.start)} oppgir "
                f"{', '.join(sorted(others))} i nesten samme setning og periode"
            )
            yield Problem(one.file, line_of(one.text, first.start), message, is_error=False)


def _overlap(first: Statement, second: Statement) -> bool:
    return any(_meets(a.period, b.period) for a in first.marks for b in second.marks)


def _meets(a: Period, b: Period) -> bool:
    return (a.start or date.min) <= (b.end or date.max) and (b.start or date.min) <= (a.end or date.max)


def find_repeats(corpus: Corpus) -> Iterator[Problem]:
    """A sentence that stands word for word in another place of the guide."""
    seen: dict[str, tuple[str, int]] = {}
    for document in corpus.documents:
        for statement in document.statements():
            said = plain(document.text[statement.start : statement.end])
            if len(said.split()) < _MIN_PARAGRAPH:
                continue
            line = line_of(document.text, statement.start)
            if said in seen:
                file, first = seen[said]
                yield Problem(document.file, line, f"setningen står også i {file}:{first}", is_error=False)
            seen.setdefault(said, (document.file, line))


def find_copies(corpus: Corpus, against: Path) -> Iterator[Problem]:
    """Twelve words in a row that also stand in a text file under `against`; laws' names are the usual innocent ones."""
    known = _runs(
        path.read_text(encoding="utf-8") for path in sorted(against.rglob("*")) if path.suffix in (".md", ".txt")
    )
    for document in corpus.documents:
        for statement in document.statements():
            copied = _runs([plain(document.text[statement.start : statement.end])]) & known
            if copied:
                line = line_of(document.text, statement.start)
                yield Problem(document.file, line, f"«{min(copied)}» står ordrett i en kildetekst; skriv med egne ord")


def _runs(texts: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for text in texts:
        spoken = words(text)
        found.update(" ".join(spoken[i : i + COPIED_RUN]) for i in range(len(spoken) - COPIED_RUN + 1))
    return found
