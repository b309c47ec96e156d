"""The registers of the corpus: where facts come from (`kilder.yaml`), what people call things (`begreper.yaml`)."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from index.frontmatter import CorpusError, Problem, as_date, as_text, as_texts, read_text, yaml_problem
from index.statements import parse_period
from index.types import Period


@dataclass(frozen=True)
class Source:
    """A row of `kilder.yaml`; `period` is what its marks mean when they name none."""

    source_id: str
    publisher: str
    title: str
    url: str | None
    published: str
    retrieved: date
    licence: str
    period: Period | None


@dataclass(frozen=True)
class Term:
    """A row of `begreper.yaml`: the official term and everything people say for it."""

    term: str
    others: tuple[str, ...]


def read_sources(folder: Path) -> dict[str, Source]:
    """The rows of `kilder.yaml` by id. Raises: CorpusError."""
    file = "kilder.yaml"
    rows = _read_yaml(folder, file, dict)
    problems: list[Problem] = []
    sources = {}
    for number, (source_id, row) in enumerate(rows.items(), 1):
        try:
            if not re.fullmatch(r"[a-z0-9-]+", str(source_id)):
                raise ValueError("id-en må ha små bokstaver a–z, sifre og bindestrek")
            sources[source_id] = _as_source(str(source_id), row)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            reason = f"mangler {error}" if isinstance(error, KeyError) else str(error)
            problems.append(Problem(file, number, f"kilden «{source_id}»: {reason}"))
    if problems:
        raise CorpusError(problems)
    return sources


def read_terms(folder: Path) -> tuple[Term, ...]:
    """The rows of `begreper.yaml`. Raises: CorpusError."""
    file = "begreper.yaml"
    terms, problems = [], []
    for number, row in enumerate(_read_yaml(folder, file, list), 1):
        try:
            lists = [as_texts(row.get(key) or []) for key in ("forkortelser", "hverdagsord", "nynorsk", "engelsk")]
            terms.append(Term(as_text(row["begrep"]), tuple(word for words in lists for word in words)))
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            reason = "mangler «begrep»" if isinstance(error, KeyError) else str(error)
            problems.append(Problem(file, number, f"begrep nummer {number}: {reason}"))
    if problems:
        raise CorpusError(problems)
    return tuple(terms)


def _as_source(source_id: str, row: dict[str, Any]) -> Source:
    url = row.get("url")
    if url is not None and not re.match(r"https?://", str(url)):
        raise ValueError(f"url «{url}» må begynne med https:// eller http://")
    written = row.get("gjelder")
    return Source(
        source_id,
        as_text(row["utgiver"]),
        as_text(row["tittel"]),
        url,
        str(row["publisert"]),
        as_date(row["hentet"]),
        as_text(row["lisens"]),
        parse_period(str(written)) if written is not None else None,
    )


def _read_yaml(folder: Path, file: str, expected: type) -> Any:
    path = folder / file
    if not path.is_file():
        raise CorpusError([Problem(file, 1, f"fila mangler i {folder}")])
    try:
        rows = yaml.load(read_text(path, file), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise CorpusError([yaml_problem(file, error, 0)]) from None
    if rows is None:
        return expected()
    if not isinstance(rows, expected):
        raise CorpusError([Problem(file, 1, "fila har ikke den formen README-en beskriver")])
    return rows
