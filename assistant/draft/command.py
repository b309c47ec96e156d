"""`abc import`: texts from outside → drafts, what the drafts lack, and setting one free."""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.config import Config

if TYPE_CHECKING:
    from assistant.draft.bring import Outcome, Progress
    from index.frontmatter import Problem

OK, FAULT = 0, 1
_MAX_SHOWN = 20  # problems of a draft that is refused
_MAX_LISTED = 6  # problems of each draft in the list
_MAX_NAME = 44  # letters of a name in the table
_PAGES = re.compile(r"([1-9]\d{0,5})-([1-9]\d{0,5})")


def add_command(commands: Any) -> None:
    """Adds `import` with its flags to the commands of the program."""
    parser = commands.add_parser(
        "import",
        help="hent inn en tekst som utkast",
        description="Gjør PDF, Word, OpenDocument, HTML, Markdown og tekst om til utkast i corpus/utkast. "
        "Ingenting der kan siteres før du har skrevet det om og satt det fri med --frigi.",
    )
    parser.add_argument("path", nargs="?", type=Path, metavar="FIL|MAPPE", help="fila eller mappen som hentes inn")
    parser.add_argument("--sider", type=_pages, metavar="FRA-TIL", help="bare disse sidene av en PDF (de 200 første)")
    parser.add_argument(
        "--erstatt", action="store_true", help="lag utkast som finnes, på nytt; endringer i dem går tapt"
    )
    parser.add_argument("--liste", action="store_true", help="vis utkastene, og hva hvert av dem mangler")
    parser.add_argument(
        "--frigi", type=Path, metavar="UTKAST", help="sett et ferdig utkast fri: flytt det inn i guiden"
    )
    parser.add_argument("--json", action="store_true", help="skriv som JSON, én linje per fil")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace, config: Config) -> int:
    if sum((options.path is not None, options.liste, options.frigi is not None)) != 1:
        print("Oppgi en fil eller mappe, --liste, eller --frigi UTKAST.", file=sys.stderr)
        return FAULT
    if options.liste:
        return _list(options, config)
    return _release(options, config) if options.frigi else _bring(options, config)


def _bring(options: argparse.Namespace, config: Config) -> int:
    from assistant.draft.bring import Wanted, bring_in
    from index.document import scan_corpus

    if not options.path.exists():
        print(f"{options.path} finnes ikke.", file=sys.stderr)
        return FAULT
    first, last = options.sider or (1, None)
    corpus, _ = scan_corpus(config.corpus)
    wanted = Wanted(first, last, options.erstatt, date.today())
    with _progress() as progress:
        outcomes = list(bring_in(options.path, config.corpus, corpus, wanted, progress))
    if options.json:
        for outcome in outcomes:
            print(json.dumps(asdict(outcome), ensure_ascii=False))
    else:
        print(*_describe(outcomes, config.corpus, options.path.is_dir()), sep="\n")
    return FAULT if any(outcome.status == "feil" for outcome in outcomes) else OK


def _describe(outcomes: "Sequence[Outcome]", corpus: Path, is_folder: bool) -> Iterator[str]:
    if not outcomes:
        yield "Mappen er tom."
    if is_folder and outcomes:
        yield from _table(outcomes)
    for outcome in outcomes:
        if outcome.message:
            yield f"{outcome.file}: {outcome.message}"
        elif not is_folder:
            pages = f", {outcome.num_pages} sider" if outcome.num_pages else ""
            size = f"{outcome.num_words} ord{pages}"
            yield f"Utkast: {corpus / outcome.draft} ({outcome.doc_class}, {outcome.language}, {size})."
        yield from (f"{outcome.file}: {note}" if is_folder else f"Merk: {note}" for note in outcome.notes)
    if any(outcome.status in ("ny", "erstattet") for outcome in outcomes):
        yield "Alt er merket som ubekreftet. Skriv om med egne ord, og se hva som mangler med: abc import --liste"


def _table(outcomes: "Iterable[Outcome]") -> Iterator[str]:
    rows = [("FIL", "UTFALL", "UTKAST", "ORD", "SIDER")]
    rows += [(o.file, o.status, o.draft or "–", str(o.num_words or "–"), str(o.num_pages or "–")) for o in outcomes]
    short = [[cell if len(cell) <= _MAX_NAME else f"{cell[: _MAX_NAME - 1]}…" for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*short, strict=True)]
    for name, status, draft, num_words, num_pages in short:
        texts = f"{name:<{widths[0]}}  {status:<{widths[1]}}  {draft:<{widths[2]}}"
        yield f"{texts}  {num_words:>{widths[3]}}  {num_pages:>{widths[4]}}"


def _list(options: argparse.Namespace, config: Config) -> int:
    from assistant.draft.pending import DRAFTS, list_drafts
    from index.document import scan_corpus

    corpus, _ = scan_corpus(config.corpus)
    drafts = list(list_drafts(config.corpus, corpus, date.today()))
    if options.json:
        for draft in drafts:
            row = {
                "draft": f"{DRAFTS}/{draft.path.name}",
                "class": draft.doc_class or None,
                "source": draft.origin or None,
            }
            print(json.dumps({**row, "problems": [asdict(problem) for problem in draft.problems]}, ensure_ascii=False))
        return OK
    for draft in drafts:
        print(f"{draft.path}  ({draft.doc_class or 'ukjent klasse'}, fra «{draft.origin or 'ukjent fil'}»)")
        ready = [f"  Klart. Sett det fri med: abc import --frigi {draft.path}"]
        print(*(_indent(draft.lacks, _MAX_LISTED) if draft.lacks else ready), sep="\n")
    if not drafts:
        print("Ingen utkast. Hent inn en tekst med: abc import FIL")
    return OK


def _indent(problems: "Sequence[Problem]", most: int) -> Iterator[str]:
    yield f"  Mangler ({len(problems)}):"
    yield from (f"    {problem.file}:{problem.line}: {problem.message}" for problem in problems[:most])
    if len(problems) > most:
        yield f"    … og {len(problems) - most} til (alle med --json)"


def _release(options: argparse.Namespace, config: Config) -> int:
    from assistant.draft.pending import DRAFTS
    from assistant.draft.release import set_free
    from index.document import scan_corpus
    from index.frontmatter import CorpusError

    path: Path = options.frigi
    if path.resolve().parent != (config.corpus / DRAFTS).resolve() or not path.is_file():
        print(f"{path} er ikke et utkast i {config.corpus / DRAFTS}. Se dem med: abc import --liste", file=sys.stderr)
        return FAULT
    corpus, _ = scan_corpus(config.corpus)
    try:
        released = set_free(path, config.corpus, corpus, date.today())
    except CorpusError as error:
        print(*_indent(error.problems, _MAX_SHOWN), sep="\n", file=sys.stderr)
        print("Utkastet er ikke satt fri, og ingenting er endret.", file=sys.stderr)
        return FAULT
    if options.json:
        print(json.dumps(asdict(released), ensure_ascii=False))
        return OK
    for warning in released.warnings:
        print(warning)
    print(f"Satt fri: {config.corpus / released.file}.")
    if released.sources:
        print(f"Lagt til i kilder.yaml: {', '.join(released.sources)}.")
    if released.num_unconfirmed:
        print(f"{released.num_unconfirmed} setninger er fortsatt ubekreftet, og leseren ser det.")
    print("Ta det i bruk med: abc index build")
    return OK


@contextmanager
def _progress() -> "Iterator[Progress]":
    """A bar that is told how many files are done, of how many, and which one is read."""
    from tqdm import tqdm

    with tqdm(desc="Henter inn", unit=" filer", disable=None, leave=False) as bar:

        def progress(done: int, total: int, reading: str) -> None:
            bar.total = total
            bar.set_postfix_str(reading, refresh=False)
            bar.update(done - bar.n)
            bar.refresh()

        yield progress


def _pages(text: str) -> tuple[int, int]:
    found = _PAGES.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        raise ValueError
    return int(found[1]), int(found[2])
