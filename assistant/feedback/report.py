"""Kept feedback → what the maintainers read: how many per reason and document, and the questions behind."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.feedback.types import Kept, Rating, Reason
from assistant.record.types import question_id
from assistant.texts import say
from assistant.types import Status

_MAX_SHOWN = 10  # questions per reason, and documents; JSON has them all
_MAX_DOCUMENTS = 3  # of a question


@dataclass(frozen=True)
class DocumentCount:
    """How often an answer that cited the document was no help, of how many verdicts."""

    doc_id: str
    not_helpful: int
    total: int


@dataclass(frozen=True)
class AskedAbout:
    """A question with one verdict, how often, and what the newest of its answers was and cited.

    `last` is when that was, as an ISO date; `question` is empty where nothing was left of it after screening.
    `question_id` is what `abc gaps` knows it by.
    """

    question_id: str
    question: str
    rating: Rating
    reason: Reason | None
    count: int
    status: Status
    documents: tuple[str, ...]
    version: str
    last: str


@dataclass(frozen=True)
class Report:
    """All of the last `days`; reasons, documents and questions with the most complaints first."""

    days: int
    helpful: int
    not_helpful: int
    reasons: dict[Reason, int]
    documents: tuple[DocumentCount, ...]
    questions: tuple[AskedAbout, ...]

    def as_json(self) -> dict[str, Any]:
        """The record as plain JSON values."""
        return asdict(self)


def summarise(kept: Sequence[Kept], days: int) -> Report:
    """The report on `kept`, newest first, from the last `days`."""
    given = [row.feedback for row in kept]
    complaints = [feedback for feedback in given if feedback.rating is Rating.NOT_HELPFUL]
    reasons = Counter(feedback.reason for feedback in complaints if feedback.reason)
    cited = Counter(doc_id for feedback in given for doc_id in feedback.documents)
    blamed = Counter(doc_id for feedback in complaints for doc_id in feedback.documents)
    documents = [DocumentCount(doc_id, blamed[doc_id], total) for doc_id, total in cited.items()]
    return Report(
        days,
        helpful=len(given) - len(complaints),
        not_helpful=len(complaints),
        reasons=dict(reasons.most_common()),
        documents=tuple(sorted(documents, key=lambda row: (-row.not_helpful, -row.total, row.doc_id))),
        questions=tuple(_group(kept)),
    )


def _group(kept: Sequence[Kept]) -> list[AskedAbout]:
    """The verdicts on the same question as one, the most frequent first, and among those the newest."""
    newest: dict[tuple[str, Reason | None], Kept] = {}
    counts: Counter[tuple[str, Reason | None]] = Counter()
    for row in kept:
        key = row.feedback.question.casefold(), row.feedback.reason
        newest.setdefault(key, row)
        counts[key] += 1
    return [
        AskedAbout(
            question_id=question_id(row.feedback.question),
            question=row.feedback.question,
            rating=row.feedback.rating,
            reason=row.feedback.reason,
            count=counts[key],
            status=row.feedback.status,
            documents=row.feedback.documents,
            version=row.feedback.version,
            last=row.at.date().isoformat(),
        )
        for key, row in sorted(newest.items(), key=lambda item: -counts[item[0]])
    ]


def as_lines(report: Report) -> list[str]:
    """The report in Norwegian, for a terminal."""
    lines = [
        f"{report.helpful + report.not_helpful} tilbakemeldinger de siste {report.days} dagene: "
        f"{report.helpful} til hjelp, {report.not_helpful} ikke."
    ]
    if blamed := [row for row in report.documents if row.not_helpful]:
        lines += ["", "Dokumenter i svar som ikke var til hjelp:"]
        lines += _shorten([f"  {row.not_helpful} av {row.total}  {row.doc_id}" for row in blamed])
    for reason, count in report.reasons.items():
        asked = [row for row in report.questions if row.reason is reason]
        lines += _list(f"{say('nb', f'reason_{reason}')} ({count}):", asked)
    if good := [row for row in report.questions if row.rating is Rating.HELPFUL]:
        lines += _list(f"Til hjelp ({report.helpful}):", good)
        lines += ["", "Gjør et godt svar til utkast til målespørsmål: abc gaps --stjerne ID"]
    return lines


def _list(heading: str, asked: Sequence[AskedAbout]) -> list[str]:
    return ["", heading, *_shorten([_describe(row) for row in asked])]


def _shorten(lines: Sequence[str]) -> list[str]:
    more = len(lines) - _MAX_SHOWN
    return [*lines[:_MAX_SHOWN], *([f"  … og {more} til (alle med --json)"] if more > 0 else [])]


def _describe(row: AskedAbout) -> str:
    times = f"{row.count} × " if row.count > 1 else ""
    question = f"«{row.question}»" if row.question else "(ordene er ikke lagret)"
    more = len(row.documents) - _MAX_DOCUMENTS
    documents = ", ".join(row.documents[:_MAX_DOCUMENTS]) or "ingen kilde"
    return f"  {row.question_id}  {times}{question}  {row.last}, {documents}{f' og {more} til' if more > 0 else ''}"
