"""Questions for the difference between things → a table of what their cards, or like sections, say side by side."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from assistant.lists.cards import quoted, said, values_of
from assistant.lists.remainder import respell
from assistant.lists.titles import Titles, short_title, stems_of, titles_of
from assistant.lists.vocabulary import FILLERS
from assistant.texts import say
from assistant.types import Draft, Query
from index.analyse import stem, words
from index.catalog import Catalog
from index.document import Document
from index.frontmatter import CARD_FIELDS
from index.types import INGRESS, Chunk, Statement

_MAX_NAMES = 4
_MAX_CELL = 40  # words; a first sentence may be longer
_FIELDS = (
    "forvalter", "status", "hvem_kan_søke", "krav", "beløp", "frister", "egenandel", "varighet", "kombinasjon",
)  # fmt: skip

# How a comparison is asked for, and what stands between its names.
_ASKED = (
    (r"(?:forskjell\w*|skilnad\w*|differences?)(?: er det| er)? (?P<names>(?:i|in) .+)", r"og|and|eller|or"),
    (r"(?:forskjell\w*|skilnad\w*|differences?)(?: er det| er)? (?:på|mellom|millom|between) (?P<names>.+)",
     r"og|and|eller|or"),
    (r"(?P<names>.+?),? (?:hva|kva|what) (?:er|is) (?:the )?(?:forskjellen|skilnaden|difference)", r"og|and|eller|or"),
    (r"(?:sammenlign\w*|samanlikn\w*|compare) (?P<names>.+)", r"og|and|eller|or|med|with|mot|to"),
    (r"(?:hva|kva) skil(?:ler|jer) (?P<names>.+)", r"fra|frå|og"),
    (r"how (?:is|are|does|do) (?P<names>.+)", r"differ from|different from|differs from"),
    (r"(?P<names>.+)", r"vs|versus|kontra"),
)  # fmt: skip
_MAY_COMPARE = re.compile(
    r"forskjell|forskell|skilnad|skil[lj]er|differ|sammenlign|samanlikn|compare|\b(?:vs|versus|kontra|eller|or)\b", re.I
)
_CHOICE = re.compile(r"\b(?:eller|or)\b", re.I)
_CHOICE_CUES_WORDS = """
lønner løner best beste bedre betre bør velge velje velger vel lurest smartest should choose better pays skal
passer høver passar
"""
_CHOICE_CUES = frozenset(_CHOICE_CUES_WORDS.split())
_CHOICE_FILLERS_WORDS = """
seg hvilken hvilket kva hva which is bli bruke starte starta stifte stifta opprette opprettast etablere være
start set up form go mest oss for som blir
"""
_CHOICE_FILLERS = _CHOICE_CUES | frozenset(_CHOICE_FILLERS_WORDS.split())
_FIELD_NAMES = {
    "frister": r"(?:søknads)?frist\w*|deadlines?",
    "beløp": r"beløp\w*|summen|støttesats\w*|amounts?",
    "krav": r"krav\w*|vilkår\w*|requirements?",
    "egenandel": r"egenandel\w*|eigendel\w*|own (?:share|contribution)",
    "varighet": r"varighet\w*|duration",
    "hvem_kan_søke": r"(?:hvem|kven) som kan (?:søke|søkje)",
}
_CONTRAST = re.compile(r"skiller|forskjell", re.I)  # a heading over what differs between things
_HEADING_FILLERS_WORDS = """
hva hvem hvor hvordan når det dere vi du en et å for i på om og kan må er til den som skal av
"""
_HEADING_FILLERS = frozenset(_HEADING_FILLERS_WORDS.split())


def compare(query: Query, catalog: Catalog) -> list[Draft] | None:
    """The table of what was asked to be compared; None where that is no comparison of two to four known things."""
    if not _MAY_COMPARE.search(query.text):
        return None
    asked = re.sub(r"\bvs\.", "vs", respell(query.text)).strip(" ?.!")
    field, named = _read(asked, titles_of(catalog))
    ids = {document.doc_id for document in named}
    if not 2 <= len(named) <= _MAX_NAMES or len(ids) < len(named):
        return None
    cells = list(_cells(named, field, query.language, catalog))
    if not cells:
        return None
    names = " · ".join(short_title(document) for document in named)
    heads = [Draft("", is_item=True, column=short_title(document)) for document in named]
    return [Draft(say(query.language, "compare_open", names=names)), *heads, *cells]


def _read(asked: str, titles: Titles) -> tuple[str | None, list[Document]]:
    """The field of the card that is compared, where one is named, and the documents; none if one of them is unknown."""
    for pattern, between in _ASKED:
        found = re.search(pattern, asked, re.I)
        if found is None or not re.search(rf" (?:{between})\b|,", found["names"], re.I):
            continue
        clause = re.split(r"[?!;]|, (?=(?:hva|kva|which|what|hvilk)\w*)", found["names"])[0]
        field, rest = _take_field(clause)
        names = [
            part for part in re.split(rf"\s*,\s*(?:og |and )?|\s+(?:{between})\s+", rest.strip(), flags=re.I) if part
        ]
        if named := _resolve(names, titles):
            return field, named
    return None, _choice(asked, titles)


def _take_field(clause: str) -> tuple[str | None, str]:
    for field, pattern in _FIELD_NAMES.items():
        lead = rf"^(?:(?:i|in|på) )?(?:{pattern}) (?:i|for|til|på|hos|mellom|between|of|in|med) "
        if re.match(lead, clause, re.I):
            return field, re.sub(lead, "", clause, flags=re.I)
    return None, clause


def _resolve(names: Sequence[str], titles: Titles) -> list[Document]:
    """The documents of the names, all of them or none; "midlertidig og varig lønnstilskudd" share their last word."""
    if not 2 <= len(names) <= _MAX_NAMES:
        return []
    first, last = names[0].split(), names[-1].split()
    found = []
    for name in names:
        tries = (name, f"{name} {last[-1]}", f"{' '.join(first[:-1])} {name}")
        document = next((d for d in (titles.find(text) for text in tries) if d is not None), None)
        if document is None:
            return []
        found.append(document)
    return found


def _choice(asked: str, titles: Titles) -> list[Document]:
    """The documents of "AS eller forening, hva lønner seg?", where nothing more than the choice is asked."""
    parts = [part.strip() for part in re.split(r"\s*[,–:?]\s*|\s+(?:eller|or)\s+", asked, flags=re.I) if part.strip()]
    if not _CHOICE.search(asked) or not _CHOICE_CUES & set(words(asked)):
        return []
    found: list[Document] = []
    for part in parts:
        typed = part.split()
        spans = [(a, b) for a in range(len(typed)) for b in range(len(typed), a, -1) if b - a <= 4]
        for a, b in sorted(spans, key=lambda span: span[0] - span[1]):
            if any(word.lower() in _CHOICE_FILLERS for word in typed[a:b]):
                continue
            document = titles.find(" ".join(typed[a:b]))
            if document is not None:
                found.append(document)
                typed = typed[:a] + typed[b:]
                break
        if any(word not in FILLERS | _CHOICE_FILLERS for word in words(" ".join(typed))):
            return []
    return found


def _cells(named: Sequence[Document], field: str | None, language: str, catalog: Catalog) -> Iterator[Draft]:
    if all(document.card for document in named):
        yield from _card_cells(named, (field,) if field else _FIELDS, catalog)
        return
    if field is not None:
        return
    short = say(language, "compare_short")
    for document in named:
        for statement in _short(document, document.ingress):
            yield quoted(document, statement, catalog, row=short, column=short_title(document))
    seen: set[frozenset[str]] = set()
    for heading, cells in (*_contrasted(named, catalog), *_alike(named, catalog)):
        topic = _topic(heading, named)
        if all(not (topic <= other or other <= topic) for other in seen):
            seen.add(topic)
            yield from cells


def _card_cells(named: Sequence[Document], fields: Sequence[str], catalog: Catalog) -> Iterator[Draft]:
    for field in fields:
        for document in named:
            statements = [value.statement for value in values_of(document, field)]
            for statement in _short(document, statements):
                yield quoted(document, statement, catalog, row=CARD_FIELDS[field], column=short_title(document))


def _short(document: Document, statements: Sequence[Statement]) -> list[Statement]:
    """The first statement and what else a cell has room for."""
    chosen: list[Statement] = []
    length = 0
    for statement in statements:
        length += len(said(document, statement).split())
        if chosen and length > _MAX_CELL:
            break
        chosen.append(statement)
    return chosen


def _contrasted(named: Sequence[Document], catalog: Catalog) -> Iterator[tuple[str, list[Draft]]]:
    """Sections of other guide texts on what differs, with the sentences that name each of the compared."""
    own = {document.doc_id for document in named}
    documents = {document.doc_id: document for document in catalog.documents}
    others = (chunk for chunk in catalog.chunks if chunk.doc_class == "veiledning" and chunk.doc_id not in own)
    chunks = [chunk for chunk in others if _CONTRAST.search(" ".join(chunk.heading_path))]
    for (doc_id, path), parts in groupby(chunks, key=lambda chunk: (chunk.doc_id, chunk.heading_path)):
        source, statements = documents[doc_id], [s for chunk in parts for s in chunk.statements]
        cells = []
        for document in named:
            name = stems_of(short_title(document))
            about = [s for s in statements if name <= stems_of(said(source, s))]
            cells += [
                quoted(source, s, catalog, row=path[-1], column=short_title(document)) for s in _short(source, about)
            ]
        if len({cell.column for cell in cells}) > 1:
            yield path[-1], cells


def _alike(named: Sequence[Document], catalog: Catalog) -> Iterator[tuple[str, list[Draft]]]:
    """Sections that several of the compared have under headings that ask the same, with a sentence on that of each."""
    sections = {document.doc_id: _sections(document, catalog) for document in named}
    names = frozenset[str]().union(*(stems_of(short_title(document)) for document in named))
    for chunk in sections[named[0].doc_id]:
        topic = _topic(chunk.heading_path[-1], named)
        alike: dict[str, Chunk] = {}
        for document in named:
            same = [c for c in sections[document.doc_id] if _asks_same(topic, _topic(c.heading_path[-1], named))]
            alike |= {document.doc_id: same[0]} if same else {}
        heading = min((part.heading_path[-1] for part in alike.values()), key=len, default="")
        if names & stems_of(heading):
            continue
        found = ((d, _on(_topic(heading, named), alike[d.doc_id], d)) for d in named if d.doc_id in alike)
        cells = [quoted(d, s, catalog, row=heading, column=short_title(d)) for d, s in found if s is not None]
        if len(cells) > 1:
            yield heading, cells


def _asks_same(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and (one <= other or other <= one)


def _on(topic: frozenset[str], chunk: Chunk, document: Document) -> Statement | None:
    """The first sentence of a section that names what is asked about; it may ask for more besides."""
    return next((s for s in chunk.statements if topic & stems_of(said(document, s))), None)


def _sections(document: Document, catalog: Catalog) -> list[Chunk]:
    """The first chunk of each section of the text, in order; not the short answer and not the card."""
    seen: dict[tuple[str, ...], Chunk] = {}
    for chunk in catalog.chunks:
        if chunk.doc_id == document.doc_id and chunk.statements and chunk.section not in (INGRESS, *CARD_FIELDS):
            seen.setdefault(chunk.heading_path, chunk)
    return [chunk for path, chunk in seen.items() if len(path) > 1 and path[-1] != "Neste steg"]


def _topic(heading: str, named: Sequence[Document]) -> frozenset[str]:
    """What a heading asks about: its words but the small ones and the names of what is compared."""
    names = frozenset[str]().union(*(stems_of(short_title(document)) for document in named))
    return frozenset(stem(word) for word in words(heading) if word not in _HEADING_FILLERS) - names
