"""Which documents a text names: by a word, or a pair of words, that no other title of their class has."""

import re
from collections import Counter
from collections.abc import Collection
from itertools import pairwise

from index.analyse import stem, words
from index.document import Document
from index.load import Index

_MAX_SPOKEN = 8  # documents that a word is asked about in, above which it names none of them
_MIN_NAME = 4  # letters of a word that can name something on its own; an acronym may be shorter


def name_parts(text: str) -> set[str]:
    """Stems of what can name something, alone or two and two: «momskompensasjon», «oppstartstilskudd 1», «KVP»."""
    spoken = words(text)
    alone = {stem(w) for w in spoken if w.isalpha() and (len(w) >= _MIN_NAME or re.search(rf"\b{w.upper()}\b", text))}
    return alone | {f"{one} {other}" for one, other in pairwise(map(stem, spoken))}


def asked_parts(text: str, index: Index) -> set[str]:
    """`name_parts` of the text as typed and in the guide's own terms."""
    return name_parts(text) | name_parts(index.expander.rewrite(text))


def named_among(asked: set[str], documents: Collection[Document], index: Index) -> set[str]:
    """Those of the documents whose title has a part that none of the others has and few questions ask with."""
    parts = {document.doc_id: name_parts(document.title) for document in documents}
    shared = Counter(part for own in parts.values() for part in own)
    questions = [" ".join(document.questions).lower() for document in index.catalog.documents]
    names = {
        part
        for part in asked
        if shared[part] == 1 and (" " in part or sum(part in text for text in questions) <= _MAX_SPOKEN)
    }
    return {doc_id for doc_id, own in parts.items() if own & names}
