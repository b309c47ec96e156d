"""Two versions of the guide → everything that is other in the second, the most important first."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from index.asked import FOLDER, GAPS, OUTSIDE
from index.catalog import Catalog
from index.change import Change, Edit, Kind
from index.document import Document
from index.edited import AskedOf, compare_documents, compare_texts
from index.registry import Source
from index.statements import write_period
from index.types import INGRESS, Asked

SOURCES, TERMS = "kilder.yaml", "begreper.yaml"
_SOURCE_NAMES = {
    "publisher": "utgiver",
    "title": "tittel",
    "url": "url",
    "published": "publisert",
    "retrieved": "hentet",
    "licence": "lisens",
    "period": "gjelder",
}


def compare_catalogs(before: Catalog, after: Catalog) -> tuple[Change, ...]:
    """What is other in `after`: one record per change, by kind, then place; empty where nothing is."""
    old, new = _by_id(before), _by_id(after)
    moved = dict(_moved_ids(old, new))  # the id before → the id after
    found = [Change(Kind.DOCUMENT, moved[i], "", (Edit("id", i, moved[i]),)) for i in moved]
    found += [Change(Kind.DOCUMENT, i, "", removed=(old[i].title,)) for i in old if i not in new and i not in moved]
    fresh = new.keys() - old.keys() - set(moved.values())
    found += [Change(Kind.DOCUMENT, i, "", added=(new[i].title,)) for i in sorted(fresh)]
    asked_before, asked_after = _asked(before), _asked(after)
    for doc_id, document in old.items():
        if (now := moved.get(doc_id, doc_id)) in new:
            asked = asked_before.get(doc_id, {}), asked_after.get(now, {})
            found += compare_documents(document, new[now], *asked)
    found += [*_sources(before, after), *_terms(before, after), *_gaps(before, after, moved, old.keys() & new.keys())]
    return tuple(sorted(found, key=lambda change: (change.kind, change.place)))  # stable: in the order of the file


def _by_id(catalog: Catalog) -> dict[str, Document]:
    return {document.doc_id: document for document in catalog.documents}


def _moved_ids(old: Mapping[str, Document], new: Mapping[str, Document]) -> Iterator[tuple[str, str]]:
    """Documents that went by one id and came by another: of the same class, with the same title."""
    come = {(d.doc_class, d.title): i for i, d in new.items() if i not in old}
    for doc_id, document in old.items():
        if doc_id not in new and (now := come.pop((document.doc_class, document.title), None)):
            yield doc_id, now


def _asked(catalog: Catalog) -> dict[str, AskedOf]:
    """By document and part, the questions from the files beside the documents; a sentence by where it begins."""
    own = {document.doc_id: set(document.questions) for document in catalog.documents}
    found: dict[str, dict[str, tuple[Asked, ...]]] = {}
    for chunk in catalog.chunks:
        rows = (
            Asked(a.text, None if a.statement is None else chunk.statements[a.statement].start)
            for a in chunk.questions
            if chunk.section != INGRESS or a.text not in own[chunk.doc_id]
        )
        parts = found.setdefault(chunk.doc_id, {})
        if asked := tuple(dict.fromkeys((*parts.get(chunk.section, ()), *rows))):
            parts[chunk.section] = asked
    return dict(found)


def _sources(before: Catalog, after: Catalog) -> Iterator[Change]:
    carried_before, carried = _carried(before), _carried(after)
    for source_id in dict.fromkeys((*before.sources, *after.sources)):
        old, new = before.sources.get(source_id), after.sources.get(source_id)
        if old == new:
            continue
        num = (carried if new else carried_before)[source_id]
        if old and new:
            edits = (Edit(name, _value(old, key), _value(new, key)) for key, name in _SOURCE_NAMES.items())
            changed = tuple(edit for edit in edits if edit.before != edit.after)
            yield Change(Kind.SOURCE, SOURCES, source_id, changed, num_sentences=num)
        else:
            added, removed = ((_named(source),) if source else () for source in (new, old))
            yield Change(Kind.SOURCE, SOURCES, source_id, added=added, removed=removed, num_sentences=num)


def _carried(catalog: Catalog) -> Counter[str]:
    statements = (statement for chunk in catalog.chunks for statement in chunk.statements)
    return Counter(source_id for s in statements for source_id in {mark.source_id for mark in s.marks})


def _named(source: Source) -> str:
    return f"{source.publisher}: {source.title}"


def _value(source: Source, key: str) -> str:
    value = getattr(source, key)
    if value is None:
        return ""
    return write_period(value) if key == "period" else str(value)


def _terms(before: Catalog, after: Catalog) -> Iterator[Change]:
    old, new = ({term.term: term.others for term in catalog.terms} for catalog in (before, after))
    yield from compare_texts(Kind.FINDING, TERMS, "", old, new)
    for term in old.keys() & new.keys():
        yield from compare_texts(Kind.FINDING, TERMS, f"«{term}»", old[term], new[term])


def _gaps(before: Catalog, after: Catalog, moved: Mapping[str, str], kept: set[str]) -> Iterator[Change]:
    """Questions that the guide is known not to answer; those of a document that came or went go with it."""
    old, new = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for gap in before.gaps:
        old[moved.get(gap.doc_id or "", gap.doc_id or "")].append(gap.text)
    for gap in after.gaps:
        new[gap.doc_id or ""].append(gap.text)
    for doc_id in ("", *sorted(kept | set(moved.values()))):
        yield from compare_texts(Kind.QUESTIONS, doc_id or f"{FOLDER}/{OUTSIDE}.md", GAPS, old[doc_id], new[doc_id])
