"""A plan in Norwegian, for the terminal and the maintainers' page."""

from collections.abc import Iterator

from assistant.build.difference import describe
from index.difference import compare_catalogs
from index.plan import Anew, Plan, Why

_MAX_CHANGES = 20
_MAX_NAMED = 12  # documents of each kind that are named; a first build adds them all
_WHY = {
    Why.TEXT: "teksten er endret",
    Why.QUESTIONS: "spørsmålene er endret",
    Why.SOURCES: "perioden til en kilde er endret",
}
_ANEW = {
    Anew.FIRST: "dette er den første versjonen",
    Anew.FORCED: "du ba om det med --force",
    Anew.CHUNKER: "programmet deler tekstene på en ny måte",
    Anew.MODEL: "en annen modell er valgt",
    Anew.SCHEMA: "programmet lagrer indeksen på en ny måte",
    Anew.BROKEN: "versjonen i bruk kan ikke leses",
}


def plan_lines(plan: Plan) -> Iterator[str]:
    """What a build adds, changes and removes, and why."""
    if plan.anew:
        yield f"Alt bygges på nytt: {' og '.join(_ANEW[reason] for reason in plan.anew)}."
    changed = [f"{doc_id}: {', '.join(_WHY[why] for why in reasons)}" for doc_id, reasons in plan.changed.items()]
    for label, names in (("lagt til", plan.added), ("endret", changed), ("fjernet", plan.removed)):
        yield f"{label}: {len(names)}"
        yield from (f"  {name}" for name in names[:_MAX_NAMED])
        if len(names) > _MAX_NAMED:
            yield f"  … og {len(names) - _MAX_NAMED} til"
    yield f"uendret: {plan.num_unchanged}"
    before = plan.previous.catalog if plan.previous else None
    if before is not None and (changes := compare_catalogs(before, plan.catalog)):
        yield from ("", "Dette er nytt:", *describe(changes, _MAX_CHANGES))
