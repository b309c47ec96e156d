"""What a backup holds, what came of making one or going back to one, and what can be wrong with one."""

from collections.abc import Mapping
from dataclasses import dataclass

FORMAT = 1  # change it whenever an older program could not read the file


class BackupFault(Exception):
    """A backup can't be made or used; the message is Norwegian sentences on what is wrong and what to do."""


@dataclass(frozen=True)
class Member:
    """One file of a backup, as it must come out again."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Contents:
    """The list of a backup: what made it and when, and each file by its name there.

    `version` is the index version that was in use and `schema` its format; `rows` is what is kept of questions and
    feedback, by table, and empty where nothing was to be kept.
    """

    format: int
    program: str
    created: str
    version: str
    schema: int
    rows: Mapping[str, int]
    members: Mapping[str, Member]

    def of_part(self, part: str) -> dict[str, Member]:
        """The files of `index`, `corpus` or `store`, by their path below it."""
        below = f"{part}/"
        return {name.removeprefix(below): self.members[name] for name in self.members if name.startswith(below)}


@dataclass(frozen=True)
class Restored:
    """What was put back; `rows` is None where the store was left as it is."""

    contents: Contents
    has_corpus: bool
    rows: Mapping[str, int] | None
