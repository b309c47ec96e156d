"""`abc`: every command, with help and errors in Norwegian. Heavy imports wait until a command needs them."""

import argparse
import errno
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any, NoReturn

from assistant.backup.command import add_command as add_backup
from assistant.build.command import add_command as add_build
from assistant.config import Config, ConfigError, read_config
from assistant.draft.command import add_command as add_import
from assistant.feedback.command import add_command as add_feedback
from assistant.fresh.command import add_command as add_fresh
from assistant.gaps.command import add_command as add_gaps
from assistant.lookup.command import add_command as add_lookup
from assistant.maintain.command import add_command as add_password

OK, FAULT, USAGE, NO_ANSWER = 0, 1, 2, 3
_MAX_SHOWN = 20  # corpus errors that a build lists before it points to `abc validate`


_USAGE_ERRORS = (
    (re.compile(r"arguments are required: (.+)"), "mangler {}"),
    (re.compile(r"invalid choice: '([^']*)'"), "ukjent kommando «{}»"),
    (re.compile(r"unrecognized arguments: (.+)"), "ukjent argument {}"),
    (re.compile(r"argument ([^:]+): expected"), "{} mangler en verdi"),
    (re.compile(r"argument ([^:]+): invalid"), "{} har en ugyldig verdi"),
)
_FILE_ERRORS = {
    errno.ENOENT: "finnes ikke",
    errno.EACCES: "kan ikke leses eller skrives; sjekk rettighetene",
    errno.EISDIR: "er en mappe",
    errno.ENOSPC: "kan ikke skrives, for disken er full",
    errno.EROFS: "kan ikke skrives, for disken er skrivebeskyttet",
}


class _Parser(argparse.ArgumentParser):
    """Argparse that speaks Norwegian."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "add_help": False, "allow_abbrev": False})
        self._positionals.title, self._optionals.title = "argumenter", "valg"
        self.add_argument("-h", "--help", "--hjelp", action="help", help="vis denne hjelpen")

    def error(self, message: str) -> NoReturn:
        for pattern, norwegian in _USAGE_ERRORS:
            if found := pattern.search(message):
                message = norwegian.format(found[1])
                break
        self.exit(USAGE, f"Feil bruk: {message}.\nSe hjelpen: {self.prog} --help\n")

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "bruk:", 1)


def build_parser() -> argparse.ArgumentParser:
    """The commands and their flags."""
    parser = _Parser(prog="abc", description="ABC-assistenten: svar fra guiden for sosiale entreprenører, med kilder.")
    commands = parser.add_subparsers(dest="command", metavar="KOMMANDO", title="kommandoer", required=True)

    serve = commands.add_parser("serve", help="start chatten i nettleseren", description="Starter chatten.")
    serve.add_argument("--host", help="adressen det lyttes på (127.0.0.1)")
    serve.add_argument("--port", type=int, help="porten det lyttes på (7860)")
    serve.add_argument("--watch", action="store_true", help="bygg på nytt hver gang en fil i corpus lagres")
    serve.set_defaults(run=_serve)

    ask = commands.add_parser("ask", help="still et spørsmål", description="Svarer på ett spørsmål, eller på en fil.")
    ask.add_argument("question", nargs="?", metavar="SPØRSMÅL", help="spørsmålet, i anførselstegn")
    ask.add_argument("--batch", type=Path, metavar="FIL", help='JSON Lines med {"id", "turns", "filters"} per linje')
    ask.add_argument("--json", action="store_true", help="skriv hele svaret som JSON, én linje per svar")
    ask.add_argument("--form", default="", metavar="FORM", help="organisasjonsformen deres, for eksempel forening")
    ask.add_argument("--sted", default="", metavar="STED", help="fylket eller kommunen deres, for eksempel Vestfold")
    ask.add_argument("--fase", default="", metavar="FASE", help="fasen dere er i, for eksempel oppstart")
    ask.add_argument("--explain", action="store_true", help="vis hvorfor hvert treff kom, i stedet for svaret")
    ask.set_defaults(run=_ask)

    add_lookup(commands)

    add_build(commands)

    validate = commands.add_parser("validate", help="finn feil i corpus", description="Leser corpus og melder feil.")
    validate.add_argument("files", nargs="*", metavar="FIL", help="vis bare feil i disse filene")
    validate.add_argument(
        "--mot", type=Path, metavar="MAPPE", help="meld setninger som er kopiert fra tekster i mappen"
    )
    validate.add_argument("--status", action="store_true", help="skriv STATUS.md i corpus-mappen på nytt")
    validate.set_defaults(run=_validate)

    add_import(commands)
    add_fresh(commands)
    add_feedback(commands)
    add_password(commands)
    add_gaps(commands)
    add_backup(commands)

    version = commands.add_parser("version", help="vis versjonen", description="Viser versjonen.")
    version.set_defaults(run=_version)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit status: 0 done, 1 a fault, 2 wrong use, 3 no answer in the guide."""
    # Two BLAS threads on small vectors cost more than they give: 8.0 ms against 0.4 ms a search (2026-11-23).
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    options = build_parser().parse_args(arguments)
    run: Callable[[argparse.Namespace, Config], int] = options.run
    try:
        with _norwegian_errors():
            return run(options, read_config())
    except _Stop as stop:
        print(stop, file=sys.stderr)
        return FAULT
    except KeyboardInterrupt:
        print("Avbrutt.", file=sys.stderr)
        return FAULT
    except BrokenPipeError:  # `abc … | head` has read what it wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


class _Stop(Exception):
    """A fault, as the lines the user reads."""


@contextmanager
def _norwegian_errors() -> Iterator[None]:
    """Turns the faults we know into what the user reads; anything else is a bug and rises."""
    try:
        yield
    except ConfigError as error:
        raise _Stop(str(error)) from None
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        reason = _FILE_ERRORS.get(error.errno or 0, f"kan ikke brukes ({error.strerror or error})")
        raise _Stop(f"{error.filename or 'Fila'} {reason}.") from None
    except Exception as error:
        from index.frontmatter import CorpusError
        from index.types import IndexFault

        if isinstance(error, CorpusError):
            count = len(error.problems)
            lines = [str(problem) for problem in error.problems[:_MAX_SHOWN]]
            lines.append(f"{count} feil i corpus. Ingenting er endret. Se alle med: abc validate")
            raise _Stop("\n".join(lines)) from None
        if isinstance(error, IndexFault):
            raise _Stop(f"{error} {error.remedy}") from None
        raise


def _serve(options: argparse.Namespace, config: Config) -> int:
    from assistant.server import PortTaken, open_port, serve

    config = replace(config, host=options.host or config.host, port=options.port or config.port)
    started = time.perf_counter()
    try:
        listener = open_port(config.host, config.port)
    except PortTaken as error:
        raise _Stop(str(error)) from None

    def announce() -> None:
        seconds = time.perf_counter() - started
        address = f"http://{config.host}:{config.port}"
        print(f"Chatten er klar på {address} (startet på {seconds:.1f} s). Stopp med Ctrl+C.", flush=True)
        if options.watch:
            print(
                f"Følger {config.corpus}: lagre en fil, så bygges guiden på nytt, og siden viser hva som er endret. "
                "Målesettet prøves ikke her; kjør abc index build før guiden publiseres.",
                flush=True,
            )

    serve(config, listener, announce, is_watched=options.watch)
    return OK


def _ask(options: argparse.Namespace, config: Config) -> int:
    if (options.question is None) == (options.batch is None):
        raise _Stop("Oppgi enten et spørsmål i anførselstegn eller --batch FIL.")
    from assistant.live import LiveEngine
    from assistant.types import Status

    chosen = {"form": options.form, "place": options.sted, "phase": options.fase}
    if any(chosen.values()) and (options.batch is not None or options.explain):
        raise _Stop("--form, --sted og --fase gjelder svaret på ett spørsmål; i en fil står «filters» på hver linje.")
    if options.batch is not None:
        from assistant.batch import answer_lines

        worst = OK
        for result in answer_lines(options.batch.read_bytes(), LiveEngine(config)):
            worst = FAULT if result.status is Status.ERROR else worst
            _show(result.as_json(), options.json)
        return worst
    if options.explain:
        from assistant.explain import as_lines, explain

        explanation = explain(LiveEngine(config).current(), [options.question])
        as_json = json.dumps(explanation.as_json(), ensure_ascii=False)
        print(as_json if options.json else "\n".join(as_lines(explanation)))
        return OK
    from assistant.answer import answer
    from assistant.choices import FilterError, read_filters

    engine = LiveEngine(config).current()
    try:
        filters = read_filters(chosen, engine.index.catalog)
    except FilterError as error:
        raise _Stop(str(error)) from None
    result = answer(engine, [options.question], filters=filters)
    _show(result.as_json(), options.json)
    return OK if result.status in (Status.ANSWERED, Status.PARTIAL) else NO_ANSWER


def _show(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        line = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
        print(line, flush=True)
        return
    if answer["understood"]:
        print(f"({answer['understood']})\n")
    print(answer["text"], flush=True)
    if any(answer["filters"].values()):
        from assistant.choices import filter_names
        from assistant.texts import say
        from assistant.types import Filters

        names = filter_names(Filters(**answer["filters"]), answer["language"])
        print(f"({say(answer['language'], 'filters_used', names=' · '.join(names))})")
    if answer["receipt"] and answer["receipt"]["note"]:
        print(f"({answer['receipt']['note']})")
    for citation in answer["citations"]:
        sources = "; ".join(f"{s['publisher']}: {s['title']}" for s in citation["sources"]) or "ubekreftet"
        place = " › ".join([citation["title"], *citation["heading_path"][1:]])
        print(f"[{citation['n']}] {place} ({citation['class']}). {sources}. Kontrollert {citation['checked']}.")
    if answer["follow_ups"]:
        from assistant.texts import say

        print(f"\n{say('nb', 'ask_next')}:", *answer["follow_ups"], sep="\n  ")


def _validate(options: argparse.Namespace, config: Config) -> int:
    from index.lint import lint

    wanted = {Path(name).resolve() for name in options.files}
    problems = lint(config.corpus, date.today(), options.mot)
    shown = [p for p in problems if not wanted or (config.corpus / p.file).resolve() in wanted]
    for problem in shown:
        print(problem)
    errors = sum(problem.is_error for problem in shown)
    print(f"{errors} feil, {len(shown) - errors} advarsler.")
    if options.status and not errors:
        from index.document import read_corpus
        from index.status import describe_status

        target = config.corpus / "STATUS.md"
        target.write_text(describe_status(read_corpus(config.corpus), date.today()), encoding="utf-8")
        print(f"Skrev {target}.")
    return FAULT if errors else OK


def _version(_: argparse.Namespace, __: Config) -> int:
    print(f"abc {package_version('abc-assistenten')}")
    return OK
