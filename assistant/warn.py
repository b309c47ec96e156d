"""The age and certainty of what an answer cites → what the reader must be told about it, in few words."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby

from assistant.cite import RULE_CLASSES
from assistant.texts import say
from assistant.types import Citation
from index.analyse import words
from index.document import Document
from index.registry import Source
from index.statements import plain
from index.types import ADVICE

_RUNS = "forvalter"  # the field of a card that says who runs the scheme
_LAW = "Lovdata"  # publishes the rules of everyone, and answers for none of them
_MAX_YEARS = 3  # that are told one by one
# A sentence that tells of its own doubt needs no warning that says it again.
_SAYS_SO = re.compile(r"\bikke (?:kjent|bekreftet|funnet)\b|\bubekreftet\b", re.I)


def warn(
    citations: Sequence[Citation],
    documents: Mapping[str, Document],
    sources: Mapping[str, Source],
    language: str,
    today: date,
) -> list[str]:
    """What the reader must know about the age and certainty of the cited facts: at most two short sentences, or none.

    One kind of doubt has a sentence of its own; several share one. Then whom to check with, where anyone can say.
    """
    facts = [c for c in citations if any(source.id != ADVICE for source in c.sources) or not c.confirmed]
    doubts = _doubts(facts, documents, today)
    if not doubts:
        return []
    doubted = [citation for doubt in doubts for citation in doubt.cited]
    if len(doubts) == 1:
        is_all = {c.n for c in doubted} == {c.n for c in facts}
        some = say(language, "what_some", marks=_marks(doubted, language))
        values = {"what": say(language, "what_all") if is_all else some, doubts[0].blank: doubts[0].since}
        sentence = say(language, doubts[0].key, **values)
    else:
        sentence = say(language, "some_unsure", parts=_parts(doubts, language))
    return [" ".join(part for part in (sentence, _check(doubted, documents, sources, language)) if part)]


@dataclass(frozen=True)
class _Doubt:
    """A kind of doubt, by the key of its text; `since` is the year or day that fills its blank, where it has one."""

    key: str
    cited: tuple[Citation, ...]
    blank: str = ""
    since: object = ""


def _doubts(facts: Sequence[Citation], documents: Mapping[str, Document], today: date) -> list[_Doubt]:
    """What is not sure, oldest first."""
    ended: dict[object, list[Citation]] = {}
    overdue: dict[object, list[Citation]] = {}
    for citation in facts:
        if citation.stale and citation.valid_to is not None and citation.valid_to < today:
            ended.setdefault(citation.valid_to.year, []).append(citation)
        elif citation.stale:
            overdue.setdefault(documents[citation.doc_id].review_by, []).append(citation)
    years = sorted(ended, key=str)
    if len(years) > _MAX_YEARS:
        ended = {f"{years[0]}–{years[-1]}": [c for year in years for c in ended[year]]}
    doubts = [_Doubt("known_until", tuple(ended[year]), "year", year) for year in sorted(ended, key=str)]
    doubts += [_Doubt("review_passed", tuple(overdue[day]), "date", day) for day in sorted(overdue, key=str)]
    undated = tuple(c for c in facts if c.undated and not c.stale and c.doc_class in RULE_CLASSES)
    unconfirmed = tuple(c for c in facts if not c.confirmed and not c.stale and not _SAYS_SO.search(c.quote))
    return [*doubts, *(_Doubt(k, c) for k, c in (("undated", undated), ("unconfirmed", unconfirmed)) if c)]


def _parts(doubts: Sequence[_Doubt], language: str) -> str:
    """`kjent til og med 2017 [2] og 2021 [1] [4]; uten dato [3]`: each kind once, with what it is about."""
    parts = []
    for key, group in groupby(doubts, key=lambda doubt: doubt.key):
        told = [" ".join(str(word) for word in (d.since, *span_marks(c.n for c in d.cited)) if word) for d in group]
        parts.append(say(language, f"part_{key}", what=join_names(told, language)))
    return "; ".join(parts)


def _check(
    doubted: Sequence[Citation], documents: Mapping[str, Document], sources: Mapping[str, Source], language: str
) -> str:
    """Whom to check with: who runs the scheme, or each of several; else the office that is the source, or the source.

    What is only unconfirmed common knowledge has no source to check.
    """
    offices = {bare_title(d) for d in documents.values() if d.doc_class == "aktør"}
    names = offices | {source.publisher for source in sources.values()} - {_LAW}
    schemes = dict.fromkeys(c.doc_id for c in doubted if documents[c.doc_id].card)
    authorities = {_authority(documents[doc_id], doubted, names) for doc_id in schemes} - {""}
    if len(authorities) > 1:
        return say(language, "check_each")
    if authorities:
        return say(language, "check_rule", who=authorities.pop())
    publishers = Counter(s.publisher for c in doubted for s in c.sources if s.id != ADVICE)
    asked = [set(words(office)) for office in offices]
    for publisher, _ in publishers.most_common():
        if any(set(words(publisher)) <= office for office in asked):
            return say(language, "check_fact", who=publisher)
    return say(language, "check_source") if publishers else ""


def _authority(scheme: Document, doubted: Sequence[Citation], names: Collection[str]) -> str:
    """Who runs the scheme: the first name in its card, else who published most of what is doubted in it."""
    runs = " ".join(plain(scheme.text[v.statement.start : v.statement.end]) for v in scheme.card if v.field == _RUNS)
    named = [
        (found.start(), -len(name), name) for name in names if name in runs and (found := _whole(name).search(runs))
    ]
    if named:
        return min(named)[-1]
    cited = Counter(s.publisher for c in doubted if c.doc_id == scheme.doc_id for s in c.sources if s.url)
    return next((publisher for publisher, _ in cited.most_common() if publisher != _LAW), "")


@cache
def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


def bare_title(document: Document) -> str:
    """The title without what stands in brackets after it: an organisation's name."""
    return document.title.partition(" (")[0]


def _marks(citations: Sequence[Citation], language: str) -> str:
    return join_names(span_marks(citation.n for citation in citations), language)


def span_marks(numbers: Iterable[int]) -> list[str]:
    """`[1]`, `[3]–[5]`: the numbers in order, three or more in a row as one."""
    rows: list[list[int]] = []
    for n in sorted(set(numbers)):
        if rows and n == rows[-1][-1] + 1:
            rows[-1].append(n)
        else:
            rows.append([n])
    return [s for row in rows for s in ([f"[{row[0]}]–[{row[-1]}]"] if len(row) > 2 else [f"[{n}]" for n in row])]


def join_names(names: Sequence[str], language: str) -> str:
    """`A`, `A og B`, `A, B og C`."""
    *first, last = names
    return f"{', '.join(first)} {say(language, 'and')} {last}" if first else last
