"""The state of the guide in figures: `corpus/STATUS.md`, made from the corpus and never written by hand."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from index.document import FOLDERS, Corpus, Document
from index.frontmatter import UNKNOWN_VALUE
from index.types import ADVICE, UNCONFIRMED, Statement

_OLDEST = 15


def describe_status(corpus: Corpus, today: date) -> str:
    """The whole of STATUS.md, in Norwegian."""
    rows = [(document, statement) for document in corpus.documents for statement in document.statements()]
    facts = [(d, s) for d, s in rows if not _has(s, ADVICE)]
    confirmed = [(d, s) for d, s in facts if not _has(s, UNCONFIRMED)]
    lines = [
        "# Status for guiden",
        "",
        f"Laget av `abc validate --status` {today}. Ikke rediger fila for hånd.",
        "",
        "| mappe | dokumenter | setninger med merke | fakta | bekreftet | råd |",
        "|---|---|---|---|---|---|",
    ]
    for folder, doc_class in FOLDERS.items():
        members = [document for document in corpus.documents if document.doc_class == doc_class]
        lines.append(f"| `{folder}/` | {len(members)} | {_counts(members)} |")
    lines += [
        f"| i alt | {len(corpus.documents)} | {_counts(corpus.documents)} |",
        "",
        f"**{len(confirmed) / max(1, len(facts)):.1%}** av faktasetningene har en bekreftet kilde.",
        f"{len(corpus.terms)} begreper med {sum(len(term.others) for term in corpus.terms)} andre ord for dem.",
        f"{len({m.source_id for _, s in confirmed for m in s.marks})} kilder er i bruk.",
        "",
        "## Det eldste vi bygger på",
        "",
        "Perioden en kilde er brukt for, når den er slutt. De eldste først.",
        "",
        *_oldest(corpus, confirmed),
        "",
        "## Hull",
        "",
        "Verdier i kortene som ikke er kjent, og ordninger vi ikke vet om er åpne.",
        "",
        *_gaps(corpus),
    ]
    return "\n".join(lines) + "\n"


def _has(statement: Statement, source_id: str) -> bool:
    return any(mark.source_id == source_id for mark in statement.marks)


def _counts(documents: Sequence[Document]) -> str:
    statements = [statement for document in documents for statement in document.statements()]
    advice = sum(_has(s, ADVICE) for s in statements)
    unconfirmed = sum(_has(s, UNCONFIRMED) for s in statements)
    facts = len(statements) - advice
    share = f"{(facts - unconfirmed) / facts:.1%}" if facts else "–"
    return f"{len(statements)} | {facts} | {share} | {advice}"


def _oldest(corpus: Corpus, confirmed: Sequence[tuple[Document, Statement]]) -> list[str]:
    used = Counter((m.period.end, m.source_id) for _, s in confirmed for m in s.marks if m.period.end)
    oldest = sorted(used, key=lambda key: (key[0] or date.max, key[1]))[:_OLDEST]
    return [
        f"- {end.year}: {corpus.sources[source_id].publisher}: {corpus.sources[source_id].title} "
        f"(`{source_id}`, {used[end, source_id]} setninger)"
        for end, source_id in oldest
        if end
    ]


def _gaps(corpus: Corpus) -> list[str]:
    lines = []
    for document in corpus.documents:
        missing = [
            value.field
            for value in document.card
            if document.text[value.statement.start : value.statement.end] == UNKNOWN_VALUE
        ]
        states = {value.status for value in document.card if value.status}
        notes = [f"ikke kjent: {', '.join(missing)}"] if missing else []
        notes += ["status ukjent"] if "ukjent" in states else []
        if notes:
            lines.append(f"- `{document.doc_id}`: {'; '.join(notes)}")
    return lines
