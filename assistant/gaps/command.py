"""`abc gaps`: what people ask that the guide can't answer, and drafts of what would answer it."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.config import Config

if TYPE_CHECKING:
    from assistant.answer import Engine
    from assistant.gaps.lacks import Lack
    from assistant.gaps.raised import Raised

OK, FAULT, USAGE = 0, 1, 2
_MAX_SHOWN = 20
_ALL = "alle"


def add_command(commands: Any) -> None:
    """Adds `gaps` with its flags to the commands of the program."""
    parser = commands.add_parser(
        "gaps",
        help="se hva folk spør om som guiden ikke svarer på",
        description="Samler spørsmål uten et godt svar etter mening, og lager utkast. ID er den korte koden foran "
        "spørsmålet, her og i abc tilbakemelding. Utkast er aldri i bruk før et menneske har gjort dem ferdige.",
    )
    parser.add_argument("--dager", type=_positive, metavar="N", help="bare de siste N dagene (alt som er lagret)")
    parser.add_argument("--alle", action="store_true", help=f"vis alle, ikke bare de {_MAX_SHOWN} første")
    parser.add_argument("--json", action="store_true", help="skriv alt som JSON")
    parser.add_argument("--utkast", metavar="ID|alle", help="lag utkast til dokument og til målespørsmål")
    parser.add_argument("--stjerne", metavar="ID", help="svaret er godt: lag utkast til målespørsmål av det")
    parser.add_argument("--rett", nargs=2, metavar=("ID", "SVAR"), help="det riktige svaret: lag utkast av det")
    parser.add_argument("--slett", action="store_true", help="alt slettes ett sted: abc tilbakemelding --slett")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace, config: Config) -> int:
    if options.slett:
        print("Spørsmål og tilbakemeldinger slettes sammen. Kjør: abc tilbakemelding --slett", file=sys.stderr)
        return USAGE
    from assistant.feedback.keep import FeedbackStore
    from assistant.gaps.raised import collect
    from assistant.record.questions import QuestionStore
    from assistant.record.types import StoreFault

    questions = QuestionStore(config.store, config.keep_days)
    if not questions.is_on:
        print("Lagring er slått av (ABC_KEEP_DAYS=0).")
        return OK
    days = min(options.dager or config.keep_days, config.keep_days)  # what is older is as good as deleted
    try:
        asked = questions.rows(days)
        raised = collect(asked, FeedbackStore(config.store, config.keep_days).rows(days))
    except StoreFault as fault:
        print(fault, file=sys.stderr)
        return FAULT
    if options.stjerne or options.rett:
        wanted, correction = options.rett or (options.stjerne, "")
        return _judge(wanted, correction, raised, config)
    return _report(options, raised, days, config)


def _report(options: argparse.Namespace, raised: "Sequence[Raised]", days: int, config: Config) -> int:
    from tqdm import tqdm

    from assistant.gaps.lacks import describe_lack, group_lacks, groups_called
    from assistant.gaps.report import as_lines
    from assistant.live import LiveEngine

    engine = LiveEngine(config).current()
    groups = list(group_lacks(raised, engine))
    shown = groups
    if options.utkast and options.utkast != _ALL:
        shown = groups_called(options.utkast, groups)
        if len(shown) != 1:
            return _refuse(options.utkast, len(shown))
    elif not (options.json or options.alle or options.utkast):
        shown = groups[:_MAX_SHOWN]
    bar = tqdm(shown, desc="Leter i guiden", unit=" spørsmål", disable=None, leave=False)
    lacks = [describe_lack(group, engine) for group in bar]
    if options.utkast:
        open_lacks = [lack for lack in lacks if not lack.is_settled] if options.utkast == _ALL else lacks
        return _write(open_lacks, len(lacks) - len(open_lacks), config)
    if options.json:
        print(json.dumps({"days": days, "lacks": [lack.as_json() for lack in lacks]}, ensure_ascii=False))
    else:
        print(*as_lines(lacks, len(groups), days), sep="\n")
    return OK


def _write(lacks: "Sequence[Lack]", num_settled: int, config: Config) -> int:
    from assistant.gaps.drafts import draft_lack, eval_file

    for lack in lacks:
        print(f"{lack.lack_id}  «{lack.question}» → {draft_lack(lack, config, date.today())}")
    print(f"{len(lacks)} målespørsmål som utkast i {eval_file(config)}")
    if num_settled:
        print(f"Hoppet over {num_settled} som er utenfor feltet eller en kjent mangel. Ta én av dem med --utkast ID.")
    return OK


def _judge(wanted: str, correction: str, raised: "Sequence[Raised]", config: Config) -> int:
    """Drafts a question for the evaluation from a good answer, or from the right one where `correction` has it."""
    found = [r for r in raised if r.is_called(wanted)]
    if len(found) != 1:
        return _refuse(wanted, len(found))
    from assistant.gaps.drafts import eval_file
    from assistant.gaps.lacks import describe_lack
    from assistant.gaps.propose import add_question, as_question
    from assistant.live import LiveEngine
    from index.split import half_of

    [question] = found
    engine = LiveEngine(config).current()
    said, sections = _answer_now(question, engine)
    answer = correction or said
    if correction and not sections:
        near = describe_lack([question], engine).nearest
        sections = (near.section_id,) if near.is_near else ()
    if not sections and not correction:
        print("Guiden svarer ikke på dette nå. Er det rette svaret kjent, bruk --rett ID SVAR.", file=sys.stderr)
        return FAULT
    split = half_of(sections[0].partition("#")[0]) if sections else ""
    kind = "rettet" if correction else "stjerne"
    row = as_question(question, kind=kind, answer=answer, sections=sections, split=split)
    add_question(eval_file(config), row)
    print(f"«{question.text}»\n\n{answer}\n")
    if engine.index.manifest.version != question.version:
        print("Svaret er laget på nytt med dagens guide, som er en annen enn da det ble spurt.")
    print(f"Målespørsmål {row['id']} ligger som utkast i {eval_file(config)}")
    return OK


def _answer_now(question: "Raised", engine: "Engine") -> tuple[str, tuple[str, ...]]:
    """What the guide answers today, as the words that it cites, and their sections, first cited first."""
    from assistant.answer import answer
    from index.statements import plain

    result = answer(engine, [question.text], filters=question.filters)
    index = engine.index
    chunks = (index.catalog.chunks[index.positions[citation.chunk_id]] for citation in result.citations)
    quotes = dict.fromkeys(plain(citation.quote) for citation in result.citations)
    return "\n".join(quotes), tuple(dict.fromkeys(chunk.section_id for chunk in chunks))


def _refuse(wanted: str, num_found: int) -> int:
    what = "Flere spørsmål begynner med" if num_found else "Fant ikke"
    print(f"{what} {wanted}. Se kodene med: abc gaps --alle, eller abc tilbakemelding", file=sys.stderr)
    return FAULT


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError
    return number
