"""What the guide lacks, in Norwegian, for a terminal."""

from collections.abc import Iterator, Sequence

from assistant.gaps.lacks import Lack
from assistant.gaps.raised import Raised
from assistant.texts import say
from assistant.types import Status

STATUS_WORDS = {
    Status.ANSWERED: "besvart",
    Status.PARTIAL: "svar på noe av det",
    Status.CLARIFY: "spurt tilbake",
    Status.NO_EVIDENCE: "ikke i guiden",
    Status.OUT_OF_SCOPE: "utenfor feltet",
    Status.PERSONAL_DATA: "hadde personopplysninger",
    Status.BLOCKED: "stanset",
    Status.ERROR: "feilet",
}
_MAX_MEMBERS = 5


def as_lines(lacks: Sequence[Lack], num_lacks: int, days: int) -> Iterator[str]:
    """The groups shown, of `num_lacks` in all, from the last `days`."""
    asked = "spørsmål" if num_lacks == 1 else "slags spørsmål"
    yield f"{num_lacks} {asked} uten et godt svar de siste {days} dagene. Flest ganger først, så nyest."
    for lack in lacks:
        yield ""
        yield f"{lack.lack_id}  {lack.count} ×  «{lack.question}»"
        yield f"          {describe_outcome(lack)}. Sist {lack.last.date().isoformat()}."
        yield f"          {describe_nearest(lack)}"
        others = [raised for raised in lack.members if raised.question_id != lack.lack_id]
        yield from (f"          også: «{raised.text}»{_times(raised)}" for raised in others[:_MAX_MEMBERS])
        if len(others) > _MAX_MEMBERS:
            yield f"          … og {len(others) - _MAX_MEMBERS} måter til (alle med --json)"
    if len(lacks) < num_lacks:
        yield ""
        yield f"… og {num_lacks - len(lacks)} til (alle med --alle eller --json)"
    if lacks:
        yield ""
        yield f"Lag utkast til ett av dem: abc gaps --utkast {lacks[0].lack_id}"


def describe_outcome(lack: Lack) -> str:
    """What became of the questions, and what people said of it."""
    statuses = [f"{STATUS_WORDS[status]} {count} ×" for status, count in lack.statuses.items()]
    reasons = [f"«{say('nb', f'reason_{reason}')}» {count} ×" for reason, count in lack.reasons.items()]
    return "; ".join((", ".join(statuses), *([f"folk sier {', '.join(reasons)}"] if reasons else [])))


def describe_nearest(lack: Lack) -> str:
    """Where in the guide they belong, or that they are a known gap."""
    if lack.known_gap:
        return f"Kjent mangel: «{lack.known_gap}» (nærmest {lack.nearest.doc_id})."
    where = f"{lack.nearest.doc_id}, «{lack.nearest.section}»"
    return f"Hører trolig til i {where}." if lack.nearest.is_near else f"Ikke i noe dokument ennå; nærmest er {where}."


def _times(raised: Raised) -> str:
    return f" {raised.num_unmet} ×" if raised.num_unmet > 1 else ""
