"""The question that stands for each section when more is suggested, and whether the guide answers it when it is asked.

A version always gives the same, so that each is searched for once: `abc index build` does it for what is new when the
version is in use, and until then they are checked as they are asked.
"""

import json
import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakKeyDictionary

from assistant.crisis import is_crisis
from assistant.evidence import Sufficiency, gather
from assistant.language import detect_language
from assistant.outside import find_outside
from assistant.retrieve import LEARNED, retrieve_all
from assistant.texts import LANGUAGES
from assistant.understand import understand
from index.analyse import stems
from index.embed import Embedder
from index.load import Index
from index.types import hash_text

_FILE = "askable.json"
_BATCH = 32  # questions searched for together
_MAX_CHARS = 90
_MIN_STEM = 4  # letters of a stem that can name a topic
_PLAIN = 0.5  # share of a Norwegian question's stems that its section must have for it to be plain words
# A question that anyone can ask: it begins as one, and tells no story.
_SHARED = "Når|Kan|Må|Får|Er|Skal|Bør"
_BEGINNINGS = {
    "nb": f"Hva|Hvem|Hvor|Hvordan|Hvorfor|Hvilke[nt]?|Finnes|Trenger|Gjelder|{_SHARED}",
    "nn": f"Kva|Kven|Kor|Korleis|Kvar|Kvifor|Finst|Treng|Gjeld|{_SHARED}",
    "en": "What|Who|How|Where|Why|Which|When|Can|Do|Does|Is|Are|Must|Should",
}
_WELL_FORMED = {language: re.compile(rf"(?:{words})\b[^.!?]+\?") for language, words in _BEGINNINGS.items()}
# Words and endings of nynorsk, which a short question may have without any word that decides its language.
_NYNORSK = re.compile(
    r"\b(?:\w{3,}(?:ane|ingar|sjonar|ørar|leg)|\w+[kndrgl]ast|\w*(?:pengar|midlar|tilskot|føretak|verksemd|eigar)\w*|re[kg]na?"
    r"|ein|eit|dei|noka|noko|frå|attende|byrja\w*)\b",
    re.I,
)
Place = tuple[str, str, str]  # document, section, language


@dataclass(frozen=True)
class Askable:
    """A question to suggest, and the id of the section that it stands for."""

    section: str
    question: str


@dataclass(frozen=True)
class _Known:
    """What was found out about a version: the question of each place, and whether each is answered by its section."""

    questions: dict[Place, Askable | None] = field(default_factory=dict)
    is_answered: dict[Askable, bool] = field(default_factory=dict)
    is_whole: bool = False


_KNOWN: WeakKeyDictionary[Index, _Known] = WeakKeyDictionary()


def question_for(doc_id: str, section: str, language: str, index: Index) -> Askable | None:
    """The question for the section that reads best alone; None where none reads well."""
    questions = _known(index).questions
    place = (doc_id, section, language)
    if place not in questions:
        questions[place] = _best_question(doc_id, section, language, index)
    return questions[place]


def answered(candidates: Sequence[Askable], index: Index, embedder: Embedder) -> list[str]:
    """The questions whose section answers them best when they are asked, where the guide is sure to know."""
    known = _known(index).is_answered
    new = {c: understand([c.question]) for c in candidates if c not in known}
    for (candidate, query), found in zip(new.items(), retrieve_all(index, embedder, [*new.values()]), strict=True):
        is_sure = gather(query, found, index).sufficiency is Sufficiency.KNOWN
        known[candidate] = is_sure and found.hits[0].chunk.section_id == candidate.section
    return [candidate.question for candidate in candidates if known[candidate]]


def check_all(
    index: Index,
    before: Path | None = None,
    changed: Container[str] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Finds and checks the question of every section in every language, and keeps them with the version.

    What was found for the version in folder `before` holds for the documents that are not `changed` since.
    """
    if _read(index.folder) is not None:
        return
    kept = _read(before) if before else None
    known = _KNOWN[index] = _without(kept, changed, index) if kept else _Known()
    places = {(chunk.doc_id, chunk.section, language): None for chunk in index.catalog.chunks for language in LANGUAGES}
    asked = [askable for place in places if (askable := question_for(*place, index))]
    found = [askable for askable in asked if askable not in known.is_answered]
    for first in range(0, len(found), _BATCH):
        answered(found[first : first + _BATCH], index, index.embedder)
        progress(min(first + _BATCH, len(found)), len(found))
    rows = [
        [*place, askable and [askable.section, askable.question, known.is_answered[askable]]]
        for place, askable in known.questions.items()
    ]
    aside = index.folder / f"{_FILE}.new"
    aside.write_text(json.dumps({"learned": _weights(), "rows": rows}, ensure_ascii=False), encoding="utf-8")
    aside.replace(index.folder / _FILE)


def _known(index: Index) -> _Known:
    """What is known so far: a version is in use before `check_all` is through with it, and its file comes later."""
    known = _KNOWN.get(index)
    if known is None or not known.is_whole:
        found = _read(index.folder)
        known = _KNOWN[index] = found or known or _Known()
    return known


def _without(kept: _Known, changed: Container[str], index: Index) -> _Known:
    """What was kept of the documents that are still there and unchanged."""
    questions = {
        place: askable
        for place, askable in kept.questions.items()
        if place[0] in index.documents and place[0] not in changed
    }
    stay = {askable for askable in questions.values() if askable}
    return _Known(questions, {askable: yes for askable, yes in kept.is_answered.items() if askable in stay})


def _read(version: Path) -> _Known | None:
    """What `check_all` kept; None where it did not, or where other weights than these would judge otherwise."""
    try:
        kept = json.loads((version / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if kept.get("learned") != _weights():
        return None
    known = _Known(is_whole=True)
    for doc_id, section, language, row in kept["rows"]:
        askable = Askable(row[0], row[1]) if row else None
        known.questions[doc_id, section, language] = askable
        if askable:
            known.is_answered[askable] = row[2]
    return known


def _weights() -> str:
    return hash_text(LEARNED.read_text(encoding="utf-8"))


def _best_question(doc_id: str, section: str, language: str, index: Index) -> Askable | None:
    """The first that reads well, those that name the topic before others, then by their share of the guide's words."""
    document = index.documents[doc_id]
    chunks = [chunk for chunk in index.chunks_of[doc_id] if chunk.section == section]
    topic = _content(" ".join((document.title, *document.keywords)))
    said = topic | _content(" ".join(chunk.search_text for chunk in chunks))
    ranked: list[tuple[bool, float, bool, str]] = []
    for question in (q for chunk in chunks for q in chunk.questions if _is_question(q.text, language)):
        content = _content(question.text)
        plain = len(content & said) / max(1, len(content))
        if plain >= _PLAIN or language != "nb":
            ranked.append((topic.isdisjoint(content), -plain, question.statement is not None, question.text))
    best = next((text for *_, text in sorted(ranked) if _reads_well(text, language)), None)
    return Askable(chunks[0].section_id, best) if best else None


def _content(text: str) -> set[str]:
    return {stem for stem in stems(text) if len(stem) >= _MIN_STEM}


def _is_question(text: str, language: str) -> bool:
    return len(text) <= _MAX_CHARS and bool(_WELL_FORMED[language].fullmatch(text))


def _reads_well(question: str, language: str) -> bool:
    if detect_language(question) != language or (language == "nb" and _NYNORSK.search(question)):
        return False
    return not is_crisis(question) and find_outside(question) is None
