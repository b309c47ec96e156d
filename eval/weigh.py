"""Two versions' runs → whether the newer may be used, why not, and which questions went better and worse."""

import re
from collections.abc import Mapping, Sequence

from assistant.build.outcome import NAMES, Changed, Measured, Outcome, percent
from eval.compare import ALPHA, MARGINS, PROMISES, Difference, broken_promises, compare, falls, is_beyond_margin
from eval.questions import Qrels, Question, missing_sections
from eval.run import Run, Score, summarise
from index.catalog import Catalog
from index.statements import plain

# What a person would see of one question, the weightiest first: the first that moved says whether it went better.
SEEN = (*PROMISES, "decided", "facts", "complete", "direct", "section success@5", "citation recall")
_NAMED = 10  # questions named in a reason


def weigh(
    version: str,
    against: str,
    before: Run | None,
    after: Run,
    questions: Sequence[Question],
    qrels: Mapping[str, Qrels],
    catalog: Catalog,
    notes: Sequence[str],
) -> Outcome:
    """The rule of closing: no promise broken, and nothing fallen since the version before."""
    old = {score.question_id: score for score in before.scores} if before else {}
    pairs = [(old[score.question_id], score) for score in after.scores if score.question_id in old]
    differences = compare(before, after, with_intervals=False) if before and pairs else []
    reasons = [*_broken(after), *map(_fallen, falls(differences))]
    worse, better = _changed(pairs, {q.question_id: q for q in questions}, qrels["document"], catalog)
    asked = {score.question_id for score in after.scores}
    moved = {changed.question_id for changed in (*worse, *better)}
    if not asked:
        notes = ["Målesettet sier ingenting om denne guiden, så versjonen er ikke målt."]
    return Outcome(
        version=version,
        against=against if before else "",
        is_open=not reasons,
        reasons=tuple(reasons),
        notes=tuple(notes),
        num_questions=len(asked),
        metrics=tuple(_metrics(differences, after, questions)),
        worse=worse,
        better=better,
        reworded=tuple(b.question_id for a, b in pairs if a.text != b.text and b.question_id not in moved),
        left_out=tuple(q.question_id for q in questions if q.question_id not in asked),
        missing=missing_sections(qrels, catalog.chunks),
    )


def _broken(run: Run) -> list[str]:
    """The promises that are broken, with the questions where they are."""
    return [
        f"«{NAMES[promise]}» skal være 100 %, men er det ikke i {len(ids)} svar: {', '.join(ids[:_NAMED])}."
        for promise, ids in broken_promises(run).items()
    ]


def _fallen(difference: Difference) -> str:
    if is_beyond_margin(difference.metric, difference.before, difference.after):
        why = f"mer enn de {percent(MARGINS[difference.metric])} som tåles"
    else:
        why = f"mer enn tilfeldigheter forklarer (p = {difference.p_value:.3f}, grensen er {ALPHA})".replace(".", ",")
    return (
        f"«{NAMES[difference.metric]}» falt fra {percent(difference.before)} til {percent(difference.after)} "
        f"av {difference.change.n} spørsmål, {why}."
    )


def _metrics(differences: Sequence[Difference], after: Run, questions: Sequence[Question]) -> list[Measured]:
    """Each metric that has a name, in the order of the names; without a version before it, as it is."""
    if differences:
        found = {d.metric: Measured(d.metric, d.before, d.after, d.change.n, d.p_value) for d in differences}
    else:
        summary = summarise(after, questions, with_intervals=False)
        found = {name: Measured(name, None, value.value, value.n, None) for name, value in summary.items()}
    return [found[name] for name in NAMES if name in found]


def _changed(
    pairs: Sequence[tuple[Score, Score]],
    questions: Mapping[str, Question],
    answering: Qrels,
    catalog: Catalog,
) -> tuple[tuple[Changed, ...], tuple[Changed, ...]]:
    """The questions that went worse and those that went better, the weightiest first."""
    texts = {document.doc_id: document.text for document in catalog.documents}
    sides: dict[bool, list[tuple[tuple[int, float], Changed]]] = {False: [], True: []}
    for old, new in pairs:
        moved = {
            name: (old.measures[name], new.measures[name])
            for name in SEEN
            if name in old.measures and name in new.measures and old.measures[name] != new.measures[name]
        }
        if not moved:
            continue
        first, (was, now) = next(iter(moved.items()))
        question = questions[new.question_id]
        own = [texts[doc_id] for doc_id in answering.get(new.question_id, {}) if doc_id in texts]
        unsaid = _unsaid(question, own) if now < was else ()
        sections = _first(old), _first(new)
        changed = Changed(question.question_id, question.turns[-1], moved, *sections, unsaid)
        sides[now > was].append(((SEEN.index(first), -abs(now - was)), changed))
    worse, better = ([c for _, c in sorted(sides[side], key=lambda s: s[0])] for side in (False, True))
    return tuple(worse), tuple(better)


def _unsaid(question: Question, texts: Sequence[str]) -> tuple[str, ...]:
    """The facts of a right answer that none of the texts says."""
    said = [plain(text) for text in texts]
    return tuple(fact for fact in question.facts if not any(re.search(fact, text, re.IGNORECASE) for text in said))


def _first(score: Score) -> str:
    return score.sections[0] if score.sections else ""
