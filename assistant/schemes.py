"""Questions for a whole list or a comparison → all that fits, from cards and front matter, never a top-k."""

import re
from collections.abc import Sequence

from assistant.texts import say
from assistant.types import Draft, Passage, Query
from index.analyse import stem, words
from index.catalog import Catalog
from index.document import Document
from index.statements import plain
from index.types import Chunk, Statement

_WHOLE = r"(?:hvilke|hvilken|kva(?: for| slags)?|hva slags|alle|which|what|list|oversikt over)"
_SCHEMES = re.compile(
    rf"\b{_WHOLE}\b.*\b(?:tilskudd\w*|tilskot\w*|ordning\w*|støtteordning\w*|stønad\w*|støtte|midler|midlar|penger|pengar"
    r"|grants?|schemes?|funding)\b",
    re.I,
)
_STORIES = re.compile(
    rf"\b(?:{_WHOLE}|finnes det|finst det|vis)\b.*"
    r"\b(?:historie\w*|eksemp\w*|fortelling\w*|forteljing\w*|stories|examples)\b",
    re.I,
)
_TOPIC = re.compile(r"\b(?:om|med|innen|innan|about|on|with)\b\s+(?P<topic>.+?)\W*$", re.I)
_COMPARE = re.compile(
    r"\b(?:forskjell\w*|skilnad\w*|difference)\s+(?:på|mellom|between)\s+(?P<one>.+?)\s+(?:og|and)\s+(?P<other>.+?)\W*$",
    re.I,
)
# How people name a form of organisation; the longest that stands in the question decides.
_FORMS = {
    "aksjeselskap": ("aksjeselskap", "as", "ideelt as", "ideelt aksjeselskap", "ideelle aksjeselskap", "company"),
    "forening": ("forening", "foreining", "lag", "frivillig organisasjon", "frivillige organisasjoner", "association",
                 "frivillige organisasjonar", "idrettslag", "foreninger", "foreiningar"),
    "stiftelse": ("stiftelse", "stifting", "stiftelser", "stiftingar", "foundation"),
    "samvirkeforetak": ("samvirkeforetak", "samvirke", "samvirkeføretak", "cooperative"),
    "enkeltpersonforetak": ("enkeltpersonforetak", "enk", "enkeltpersonføretak", "sole proprietor"),
    "kommune": ("kommune", "kommunen", "kommuner", "municipality", "kommunar"),
    "arbeidsgiver": ("arbeidsgiver", "arbeidsgivere", "arbeidsgjevar", "employer"),
}  # fmt: skip
EVERYWHERE = "Norge"
# The municipalities that the guide names, by county: what holds for the county holds there too.
_COUNTIES = {
    "Vestfold": ("Sandefjord", "Larvik", "Tønsberg", "Færder", "Horten", "Holmestrand"),
    "Telemark": ("Skien", "Porsgrunn", "Bamble", "Kragerø", "Notodden", "Midt-Telemark"),
}
_MIN_TOPIC = 3  # letters of a word that can be the topic of a story


def list_whole(query: Query, catalog: Catalog) -> list[Draft] | None:
    """The whole list that the question asks for, or None where it asks for none that cards and front matter hold."""
    if compared := _COMPARE.search(query.text):
        return _compare((compared["one"], compared["other"]), catalog)
    if _STORIES.search(query.text):
        return _list_stories(query, catalog)
    form, place = find_form(query.text), find_place(query.text, catalog)
    if _SCHEMES.search(query.text) and (form or place):
        return _list_schemes(query, catalog, form, place)
    return None


def find_form(text: str) -> str | None:
    """The form of organisation that the text names."""
    asked = " ".join(words(text))
    named = [(name, form) for form, names in _FORMS.items() for name in names if re.search(rf"\b{name}\b", asked)]
    return max(named, key=lambda pair: len(pair[0]))[1] if named else None


def find_place(text: str, catalog: Catalog) -> str | None:
    """The county or municipality that the text names, of those that the guide knows."""
    known = {place for document in catalog.documents for place in document.places} - {EVERYWHERE}
    known |= {*_COUNTIES, *(place for places in _COUNTIES.values() for place in places)}
    asked = set(words(text))
    return next((place for place in sorted(known, key=len, reverse=True) if set(words(place)) <= asked), None)


def places_around(place: str) -> set[str]:
    """The place, and the county that it lies in."""
    return {place, *(county for county, places in _COUNTIES.items() if place in places)}


def _list_schemes(query: Query, catalog: Catalog, form: str | None, place: str | None) -> list[Draft] | None:
    schemes = [document for document in catalog.documents if document.card]
    where = {EVERYWHERE, *(places_around(place) if place else ())}
    chosen: list[Draft] = []
    unsure: list[Draft] = []
    for document in sorted(schemes, key=lambda d: d.title):
        if place and not where & set(document.places):
            continue
        values = [value for value in document.card if value.field == "hvem_kan_søke"]
        fitting = [value for value in values if form is None or form in value.forms]
        states = {value.status for value in document.card}
        if fitting and "stengt" not in states:
            (unsure if "ukjent" in states else chosen).append(_item(document, fitting[0].statement, catalog))
    if not chosen and not unsure:
        return None
    words_for_filter = " · ".join(word for word in (form, place) if word)
    count = len(chosen) + len(unsure)
    opening = say(query.language, "list_schemes", count=count, total=len(schemes), filter=words_for_filter)
    not_known = say(query.language, "list_unsure")
    if not chosen:
        return [Draft(f"{opening} {not_known}"), *unsure]
    return [Draft(opening), *chosen, *([Draft(not_known)] if unsure else []), *unsure]


def _compare(names: Sequence[str], catalog: Catalog) -> list[Draft] | None:
    """The short answers of the two documents that the names belong to, side by side; None unless both are found."""
    drafts: list[Draft] = []
    for name in names:
        document = _named(name, catalog)
        if document is None:
            return None
        drafts.append(Draft(f"{document.title}:"))
        drafts += [_item(document, statement, catalog) for statement in document.ingress]
        unsure = [v.statement for v in document.card if v.status in ("ukjent", "stengt")]
        drafts += [_item(document, statement, catalog) for statement in unsure]
    return drafts


def _named(name: str, catalog: Catalog) -> Document | None:
    """The rule or guide text whose title has every word of the name and the fewest others."""
    wanted = {stem(word) for word in words(name)}
    titles = {document.doc_id: [stem(word) for word in words(document.title)] for document in catalog.documents}
    fitting = [
        document
        for document in catalog.documents
        if document.doc_class in ("veiledning", "regel") and wanted <= set(titles[document.doc_id])
    ]
    return min(fitting, key=lambda document: (len(titles[document.doc_id]), document.doc_id), default=None)


def _list_stories(query: Query, catalog: Catalog) -> list[Draft] | None:
    found = _TOPIC.search(query.text)
    topic = [stem(word) for word in words(found["topic"])] if found else []
    topic = [word for word in topic if len(word) >= _MIN_TOPIC]
    stories = [document for document in catalog.documents if document.doc_class == "historie"]
    fitting = [document for document in stories if topic and _is_about(document, topic)]
    if not fitting:
        return None
    chosen = [_item(document, document.ingress[0], catalog) for document in fitting]
    shown = found["topic"] if found else ""
    opening = say(query.language, "list_stories", count=len(chosen), total=len(stories), filter=shown)
    return [Draft(opening), *chosen]


def _is_about(document: Document, topic: Sequence[str]) -> bool:
    """Every word of the topic is, or begins, a word of the story's title, keywords or short answer."""
    short = " ".join(plain(document.text[s.start : s.end]) for s in document.ingress)
    own = {stem(word) for word in words(" ".join((document.title, *document.keywords, short)))}
    return all(any(word.startswith(wanted) for word in own) for wanted in topic)


def _item(document: Document, statement: Statement, catalog: Catalog) -> Draft:
    chunk = _chunk_of(document, statement, catalog)
    return Draft(
        plain(document.text[statement.start : statement.end]), Passage(0, document, chunk, 0.0), statement, True
    )


def _chunk_of(document: Document, statement: Statement, catalog: Catalog) -> Chunk:
    return next(c for c in catalog.chunks if c.doc_id == document.doc_id and c.start <= statement.start < c.end)
