"""What the guide lacks: questions without a good answer, grouped by meaning, and what of the guide is nearest."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np

from assistant.answer import Engine, understand_turns
from assistant.feedback.types import Reason
from assistant.gaps.alike import group_alike, without_common
from assistant.gaps.raised import UNMET, Raised
from assistant.office import fit_documents
from assistant.retrieve import Found, retrieve
from assistant.types import Status
from index.load import Index
from index.types import INGRESS

MAX_GROUPED = 2_000  # wordings; the newest: their cosines are 16 MB
# Both set by eye on some thirty made-up questions (2026-11-29). Fit with a document parts those that belong in one from
# those that do not, in most cases; likeness to a known gap takes a near question for the same now and then.
_NEAR_FROM = 4.2
_KNOWN_FROM = 1.05
_ANSWERS = ("veiledning", "regel", "mal")  # the classes that answer a question about what holds


@dataclass(frozen=True)
class Nearest:
    """What of the guide is nearest to a question; `is_near` where it is near enough to belong there."""

    doc_id: str
    title: str
    section: str
    is_near: bool

    @property
    def section_id(self) -> str:
        """As `Chunk.section_id`."""
        return f"{self.doc_id}#{self.section}".replace(" ", "_")


@dataclass(frozen=True)
class Lack:
    """Questions that ask for the same and get no good answer; `question` is the most central of `members`.

    `count` is how often, `known_gap` the question in the guide's own list of those it does not answer.
    """

    lack_id: str
    question: str
    language: str
    count: int
    last: datetime
    statuses: dict[Status, int]
    reasons: dict[Reason, int]
    members: tuple[Raised, ...]
    nearest: Nearest
    known_gap: str | None

    @property
    def is_settled(self) -> bool:
        """Whether the guide need not answer: it is known not to, or the matter is not its own."""
        return self.known_gap is not None or set(self.statuses) == {Status.OUT_OF_SCOPE}

    def as_json(self) -> dict[str, Any]:
        """The record as plain JSON values."""
        return {**asdict(self), "last": self.last.isoformat(), "members": [_as_json(raised) for raised in self.members]}


def group_lacks(raised: Sequence[Raised], engine: Engine) -> Iterator[list[Raised]]:
    """The questions without a good answer by what they ask for: most asked first, then newest; each most central first.

    Of very many wordings the newest are grouped.
    """
    unmet = sorted((r for r in raised if r.num_unmet), key=lambda r: r.last, reverse=True)[:MAX_GROUPED]
    guides_own = [asked.text for chunk in engine.index.catalog.chunks for asked in chunk.questions]
    usual = engine.embedder.encode_queries(guides_own)
    vectors = without_common(engine.embedder.encode_queries([r.text for r in unmet]), usual)
    groups = []
    for places in group_alike(vectors):
        own = vectors[places]
        counts = np.array([unmet[place].num_unmet for place in places], np.float32)
        central = own @ (counts @ own)
        groups.append([unmet[places[at]] for at in np.argsort(-central, kind="stable")])
    return iter(sorted(groups, key=lambda group: (-_count(group), -_last(group).timestamp())))


def groups_called(wanted: str, groups: Sequence[list[Raised]]) -> list[list[Raised]]:
    """The groups with a question whose id begins with `wanted`."""
    return [group for group in groups if any(raised.is_called(wanted) for raised in group)]


def describe_lack(group: Sequence[Raised], engine: Engine) -> Lack:
    """The group with its numbers, and what of the guide is nearest to its most central question."""
    central = group[0]
    query = understand_turns(engine, [central.text])
    found = retrieve(engine.index, engine.embedder, query)
    is_unmet = any(status in UNMET for raised in group for status in raised.statuses)
    return Lack(
        lack_id=central.question_id,
        question=central.text,
        language=central.language,
        count=_count(group),
        last=_last(group),
        statuses=dict(sum((Counter(raised.statuses) for raised in group), Counter()).most_common()),
        reasons=dict(sum((Counter(raised.reasons) for raised in group), Counter()).most_common()),
        members=tuple(group),
        nearest=_find_nearest(query.text, found, engine.index),
        known_gap=_find_known(found) if is_unmet else None,
    )


def _find_nearest(text: str, found: Found, index: Index) -> Nearest:
    fit = fit_documents(text, found, index)
    doc_id = max((d for d in fit if index.documents[d].doc_class in _ANSWERS), key=lambda d: fit[d])
    sections = (hit.chunk.section for hit in found.hits if hit.chunk.doc_id == doc_id)
    title = index.documents[doc_id].title
    return Nearest(doc_id, title, next(sections, INGRESS), is_near=fit[doc_id] >= _NEAR_FROM)


def _find_known(found: Found) -> str | None:
    likeness = max(found.signals.unanswered.tolist(), default=0.0)
    return found.signals.gap.text if found.signals.gap and likeness >= _KNOWN_FROM else None


def _count(group: Sequence[Raised]) -> int:
    return sum(raised.num_unmet for raised in group)


def _last(group: Sequence[Raised]) -> datetime:
    return max(raised.last for raised in group)


def _as_json(raised: Raised) -> dict[str, Any]:
    return {**asdict(raised), "last": raised.last.isoformat()}
