"""What a build came to, for a program to read: the JSON that `abc index build --json` prints."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from assistant.build.difference import describe
from assistant.build.outcome import Outcome
from assistant.build.run import Wanted, rebuild
from assistant.config import Config
from index.difference import compare_catalogs
from index.frontmatter import CorpusError, Problem
from index.plan import Plan
from index.types import BuildRuns, IndexFault


class End(StrEnum):
    """How a build ended."""

    BUILT = "built"  # a new version is in use
    UNCHANGED = "unchanged"  # the version in use is of these files
    PLANNED = "planned"  # only the plan was wanted
    BUSY = "busy"  # another build runs
    FAILED = "failed"


@dataclass(frozen=True)
class Counts:
    """How many documents the build adds, changes, removes and leaves."""

    added: int
    changed: int
    removed: int
    unchanged: int


@dataclass(frozen=True)
class Result:
    """What came of a build; what it did not come to is empty.

    `version` is the one in use afterwards, and `seconds` is until it was. `changes` are lines in bokmål, one per change
    from the version before, and `problems` what is wrong with the texts: errors where they stopped the build, else
    warnings; `measured` is what the gate found. `fault` says what went wrong, `remedy` what to do.
    """

    end: End
    version: str = ""
    num_chunks: int = 0
    num_reused: int = 0
    seconds: float = 0.0
    counts: Counts | None = None
    changes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    measured: Outcome | None = None
    fault: str = ""
    remedy: str = ""

    def as_json(self) -> dict[str, Any]:
        """The record as plain JSON values."""
        data: dict[str, Any] = _results().dump_python(self, mode="json")
        return data


def read_result(text: str) -> Result:
    """The result that a line of JSON is. Raises: ValueError."""
    return _results().validate_json(text)


@cache
def _results() -> TypeAdapter[Result]:
    return TypeAdapter(Result)


class _Gathered:
    """Keeps what a build tells before it is made."""

    def __init__(self) -> None:
        self.seen: dict[str, Any] = {}

    def planned(self, plan: Plan, warnings: list[Problem]) -> None:
        before = plan.previous.catalog if plan.previous else None
        self.seen = {
            "counts": Counts(len(plan.added), len(plan.changed), len(plan.removed), plan.num_unchanged),
            "changes": tuple(describe(compare_catalogs(before, plan.catalog))) if before else (),
            "problems": tuple(warnings),
        }

    def measured(self, outcome: Outcome) -> None:
        self.seen["measured"] = outcome

    @contextmanager
    def progress(self, what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
        yield lambda done, total: None


def build_result(config: Config, wanted: Wanted) -> Result:
    """What `rebuild` came to, its faults too; a file that can't be read or written rises."""
    told = _Gathered()
    try:
        outcome = rebuild(config, wanted, told)
    except CorpusError as error:
        fault = f"{len(error.problems)} feil i corpus. Ingenting er endret."
        return Result(End.FAILED, problems=tuple(error.problems), fault=fault, remedy="Rett dem og bygg igjen.")
    except IndexFault as error:
        end = End.BUSY if isinstance(error, BuildRuns) else End.FAILED
        return Result(end, fault=str(error), remedy=error.remedy, **told.seen)
    if outcome is None:
        return Result(End.PLANNED, **told.seen)
    end = End.BUILT if outcome.is_new else End.UNCHANGED
    return Result(end, outcome.version, outcome.num_chunks, outcome.num_reused, outcome.seconds, **told.seen)
