"""`abc index …`: see what a build would do, build, look at the versions, compare them, and go back."""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from assistant.build.compare import add_diff, find_version
from assistant.config import Config

if TYPE_CHECKING:
    from assistant.build.outcome import Outcome
    from index.frontmatter import Problem
    from index.plan import Plan

OK, FAULT = 0, 1
_MAX_WARNINGS = 10


def add_command(commands: Any) -> None:
    """Adds `index` with its steps to the commands of the program."""
    index = commands.add_parser("index", help="bygg og bytt indeks", description="Indeksen som svarene hentes fra.")
    steps = index.add_subparsers(dest="step", metavar="STEG", title="steg", required=True)
    build = steps.add_parser(
        "build",
        help="les corpus og bygg en ny versjon",
        description="Viser hva som er endret i corpus, bygger en ny versjon ved siden av den som er i bruk, og bytter.",
    )
    build.add_argument("--dry-run", action="store_true", help="vis bare hva som ville skje")
    build.add_argument("--force", action="store_true", help="bygg alt på nytt, også når mange dokumenter forsvinner")
    build.add_argument("--no-gate", action="store_true", help="bytt uten å prøve versjonen på målesettet")
    build.add_argument("--json", action="store_true", help="skriv resultatet som JSON")
    build.set_defaults(run=_build)
    status = steps.add_parser(
        "status", help="vis versjonen i bruk", description="Viser versjonen i bruk, og prøver den."
    )
    status.add_argument("--json", action="store_true", help="skriv som JSON")
    status.set_defaults(run=_status)
    versions = steps.add_parser("versions", help="vis alle versjoner", description="Viser alle versjoner.")
    versions.add_argument("--json", action="store_true", help="skriv som JSON")
    versions.set_defaults(run=_versions)
    rollback = steps.add_parser(
        "rollback", help="gå tilbake til forrige versjon", description="Bytter til forrige versjon, eller til en annen."
    )
    rollback.add_argument("version", nargs="?", default="", metavar="VERSJON", help="en annen enn den forrige")
    rollback.set_defaults(run=_rollback)
    add_diff(steps)


class _Terminal:
    """Shows a build on the terminal."""

    def planned(self, plan: "Plan", warnings: list["Problem"]) -> None:
        from assistant.build.words import plan_lines

        print(*plan_lines(plan), sep="\n", flush=True)
        for problem in warnings[:_MAX_WARNINGS]:
            print(problem)
        if len(warnings) > _MAX_WARNINGS:
            print(f"… og {len(warnings) - _MAX_WARNINGS} advarsler til. Se alle med: abc validate")

    def measured(self, outcome: "Outcome") -> None:
        from assistant.build.outcome import as_lines

        print(*as_lines(outcome), sep="\n", flush=True)

    @contextmanager
    def progress(self, what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
        from tqdm import tqdm

        with tqdm(desc=what, unit=unit, disable=None, leave=False) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            yield progress


def _build(options: argparse.Namespace, config: Config) -> int:
    from assistant.build.run import Wanted, rebuild

    wanted = Wanted(options.dry_run, options.force, options.no_gate)
    if options.json:
        from assistant.build.result import build_result

        result = build_result(config, wanted)
        print(json.dumps(result.as_json(), ensure_ascii=False))
        return FAULT if result.fault else OK
    outcome = rebuild(config, wanted, _Terminal())
    if outcome is None:
        print("Ingenting er bygd. Bygg med: abc index build")
    elif not outcome.is_new:
        print(f"Ingenting er endret siden versjon {outcome.version}, som er i bruk.")
    else:
        print(
            f"Versjon {outcome.version} er i bruk: {outcome.num_chunks} biter, {outcome.num_reused} gjenbrukt, "
            f"{outcome.seconds:.1f} s."
        )
    return OK


def _status(options: argparse.Namespace, config: Config) -> int:
    from index.embed import load_embedder
    from index.load import find_fault, open_index

    index = open_index(config.index, load_embedder(config.model), chroma_url=config.chroma_url)
    fault = find_fault(index)
    if options.json:
        print(json.dumps({**asdict(index.manifest), "healthy": not fault}, ensure_ascii=False))
    else:
        m = index.manifest
        print(f"Versjon {m.version}, bygd {m.built_at}: {m.num_documents} dokumenter, {m.num_chunks} biter, {m.model}.")
        print(fault or "Indeksen er hel.")
    return FAULT if fault else OK


def _versions(options: argparse.Namespace, config: Config) -> int:
    from index.versions import list_versions, read_pointer

    current = read_pointer(config.index)
    for manifest in list_versions(config.index):
        if options.json:
            print(json.dumps({**asdict(manifest), "current": manifest.version == current}, ensure_ascii=False))
        else:
            mark = "→" if manifest.version == current else " "
            print(f"{mark} {manifest.version}  {manifest.built_at}  {manifest.num_documents} dokumenter")
    return OK


def _rollback(options: argparse.Namespace, config: Config) -> int:
    from index.versions import roll_back

    version = find_version(config.index, options.version) if options.version else ""
    print(f"Versjon {roll_back(config.index, version)} er i bruk igjen.")
    return OK
