"""The registers of the corpus: where facts come from (`kilder.yaml`), what people call things (`begreper.yaml`)."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from index.frontmatter import (
    CorpusError,
    Problem,
    as_date,
    as_mapping,
    as_text,
    as_texts,
    read_text,
    repeated_keys,
    yaml_problem,
)
from index.statements import parse_period
from index.types import Period

REGISTERS = _SOURCES, _TERMS = ("kilder.yaml", "begreper.yaml")
_WORD_LISTS = ("forkortelser", "hverdagsord", "nynorsk", "engelsk")


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


def read_sources(folder: Path) -> tuple[dict[str, Source], list[Problem]]:
    """The rows of `kilder.yaml` by id, and what is wrong with the others."""
    file = _SOURCES
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    try:
        rows, node = _read_yaml(folder, file, dict)
    except CorpusError as error:
        return sources, error.problems
    problems += [Problem(file, 1, f"kilden «{source_id}» står to ganger") for source_id in repeated_keys(node)]
    for (source_id, row), (key, _) in zip(rows.items(), _unique(node), strict=True):
        try:
            if not re.fullmatch(r"[a-z0-9-]+", str(source_id)):
                raise ValueError("id-en må ha små bokstaver a–z, sifre og bindestrek")
            sources[source_id] = _as_source(str(source_id), as_mapping(row))
        except (ValueError, KeyError) as error:
            reason = f"mangler {error}" if isinstance(error, KeyError) else str(error)
            problems.append(Problem(file, key.start_mark.line + 1, f"kilden «{source_id}»: {reason}"))
    return sources, problems


def read_terms(folder: Path) -> tuple[tuple[Term, ...], list[Problem]]:
    """The rows of `begreper.yaml`, and what is wrong with the others."""
    file = _TERMS
    terms: list[Term] = []
    problems: list[Problem] = []
    try:
        rows, node = _read_yaml(folder, file, list)
    except CorpusError as error:
        return (), error.problems
    for row, row_node in zip(rows, node.value, strict=True):
        try:
            _refuse_unknown(as_mapping(row), {"begrep", *_WORD_LISTS})
            others = tuple(word for key in _WORD_LISTS for word in as_texts(row.get(key) or []))
            terms.append(Term(as_text(row["begrep"]), others))
        except (ValueError, KeyError) as error:
            reason = f"mangler {error}" if isinstance(error, KeyError) else str(error)
            problems.append(Problem(file, row_node.start_mark.line + 1, f"begrep: {reason}"))
    return tuple(terms), problems


def _unique(node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
    """The pairs of a mapping in order, the last where a key is repeated, as YAML reads them."""
    last = {key.value: (key, value) for key, value in node.value}
    return list(last.values())


def _refuse_unknown(row: dict[str, Any], known: set[str]) -> None:
    if unknown := sorted(set(row) - known):
        raise ValueError(f"ukjent felt «{unknown[0]}»")


def _as_source(source_id: str, row: dict[str, Any]) -> Source:
    _refuse_unknown(row, {"utgiver", "tittel", "url", "publisert", "hentet", "lisens", "gjelder", "merknad"})
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


def _read_yaml(folder: Path, file: str, expected: type) -> tuple[Any, Any]:
    """The rows of a register and the YAML node they were read from. Raises: CorpusError."""
    path = folder / file
    if not path.is_file():
        raise CorpusError([Problem(file, 1, f"fila mangler i {folder}")])
    loader = yaml.CSafeLoader(read_text(path, file))
    try:
        node = loader.get_single_node()
        rows = expected() if node is None else loader.construct_document(node)
    except yaml.YAMLError as error:
        raise CorpusError([yaml_problem(file, error, 0)]) from None
    except ValueError as error:  # a date that the calendar does not have
        raise CorpusError([Problem(file, 1, f"fila har en verdi som ikke kan leses ({error})")]) from None
    if not isinstance(rows, expected):
        raise CorpusError([Problem(file, 1, "fila har ikke den formen README-en beskriver")])
    return rows, node or (yaml.MappingNode("", []) if expected is dict else yaml.SequenceNode("", []))
