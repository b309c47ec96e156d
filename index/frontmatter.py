"""The YAML head of a document, read value by value, with the line and a Norwegian sentence for what is wrong."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from index.statements import make_statement, split_statements
from index.types import Period, Statement

CARD_FIELDS = {
    "forvalter": "Hvem forvalter ordningen",
    "hjemmel": "Hjemmel",
    "status": "Status",
    "hvem_kan_søke": "Hvem kan søke",
    "krav": "Krav",
    "beløp": "Beløp",
    "frister": "Søknadsfrister",
    "søknad": "Slik søker dere",
    "rapportering": "Rapportering",
    "varighet": "Varighet",
    "egenandel": "Egenandel",
    "kombinasjon": "Kombinasjon med andre ordninger",
    "dekker_ikke": "Hva støtten ikke dekker",
}
FORMS = (
    "enkeltpersonforetak", "aksjeselskap", "forening", "stiftelse", "samvirkeforetak", "ansvarlig selskap", "kommune",
    "arbeidsgiver", "privatperson",
)  # fmt: skip
AUDIENCES = ("gründer", "nav", "kommune", "støttespiller")
PHASES = ("idé", "oppstart", "drift", "vekst")
STATUSES = ("åpen", "stengt", "ukjent")
UNKNOWN_VALUE = "Ikke kjent"  # a value of a card that says nothing


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where; `message` is a Norwegian sentence. Errors stop a build, warnings do not."""

    file: str
    line: int
    message: str
    is_error: bool = True

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {'feil' if self.is_error else 'advarsel'}: {self.message}"


class CorpusError(Exception):
    """The corpus can't be read; `problems` says what and where."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class CardValue:
    """One value of a scheme's card, with what a program may filter on."""

    field: str
    statement: Statement
    forms: tuple[str, ...] = ()
    status: str | None = None
    kroner: int | None = None
    deadline: date | None = None


def read_text(path: Path, file: str) -> str:
    """The file as text with `\\n` line ends. Raises: CorpusError naming the first byte that is not UTF-8."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8").replace("\r\n", "\n").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"fila er ikke gyldig UTF-8 (byte {error.start}); lagre den som UTF-8 i editoren"
        raise CorpusError([Problem(file, line, message)]) from None


def yaml_problem(file: str, error: yaml.YAMLError, line_offset: int) -> Problem:
    """What YAML found wrong, as a sentence; `line_offset` is the lines above the YAML."""
    mark = getattr(error, "problem_mark", None)
    line = (mark.line + 1 if mark else 1) + line_offset
    reason = getattr(error, "problem", None) or str(error)
    return Problem(file, line, f"ugyldig YAML ({reason}); sjekk innrykk, kolon og anførselstegn")


class FrontMatter:
    """The YAML between the `---` lines, read value by value; what is wrong is gathered in `problems`."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.problems: list[Problem] = []
        end = text.find("\n---", 3)
        if not text.startswith("---\n") or end < 0:
            raise CorpusError([Problem(file, 1, "fila må begynne med et YAML-hode mellom to linjer med ---")])
        self.body_start = text.find("\n", end + 1) + 1 or len(text)
        loader = yaml.CSafeLoader(text[4 : end + 1])
        try:
            root = loader.get_single_node()
            if not isinstance(root, yaml.MappingNode):
                raise CorpusError([Problem(file, 2, "YAML-hodet må være en liste med «felt: verdi»")])
            self.values: dict[str, Any] = loader.construct_document(root)
        except yaml.YAMLError as error:
            raise CorpusError([yaml_problem(file, error, 1)]) from None
        except ValueError as error:  # a date that the calendar does not have
            raise CorpusError([Problem(file, 1, f"YAML-hodet har en verdi som ikke kan leses ({error})")]) from None
        self.nodes = {key.value: value for key, value in root.value}
        for key in repeated_keys(root):
            self.complain(key, f"feltet «{key}» står to ganger")

    def complain(self, key: str, message: str) -> None:
        node = self.nodes.get(key)
        self.problems.append(Problem(self.file, node.start_mark.line + 2 if node else 1, message))

    def read(self, key: str, check: Callable[[Any], Any], default: Any = None) -> Any:
        if key not in self.values:
            if default is None:
                self.complain(key, f"feltet «{key}» mangler")
            return default
        try:
            return check(self.values[key])
        except ValueError as error:
            self.complain(key, f"feltet «{key}»: {error}")
            return default

    def refuse_unknown(self, card: bool) -> None:
        known = {
            "id", "tittel", "ingress", "spørsmål", "stikkord", "målgruppe", "fase", "sted", "gjelder",
            "sist_kontrollert", "kontrolleres_igjen", "eier",
        }  # fmt: skip
        for key in self.values:
            if key not in known and not (card and key == "kort"):
                self.complain(key, f"ukjent felt «{key}»; se README.md i corpus-mappen")

    def read_ingress(
        self, periods: Mapping[str, Period | None]
    ) -> tuple[tuple[Statement, ...], tuple[tuple[int, int], ...]]:
        if not self.read("ingress", as_text):
            return (), ()
        start, end = self._span(self.nodes["ingress"], "ingress")
        statements, loose = [], []
        for left, right, bodies in split_statements(self.text, start, end):
            if not bodies:
                loose.append((left, right))
                continue
            try:
                statements.append(make_statement(left, right, bodies, periods))
            except ValueError as error:
                self.complain("ingress", f"feltet «ingress»: {error}")
        return tuple(statements), tuple(loose)

    def read_card(self, periods: Mapping[str, Period | None]) -> tuple[CardValue, ...]:
        card = self.read("kort", as_mapping)
        if card is None:
            return ()
        nodes = {key.value: value for key, value in self.nodes["kort"].value}
        for field in [*(f for f in CARD_FIELDS if f not in card), *(f for f in card if f not in CARD_FIELDS)]:
            self.complain(
                "kort", f"kortet {'mangler feltet' if field in CARD_FIELDS else 'har et ukjent felt:'} «{field}»"
            )
        values = []
        for field in (f for f in CARD_FIELDS if f in card):
            if not isinstance(card[field], list) or not card[field]:
                self.complain("kort", f"kort.{field} må være en liste med «- verdi: …»")
                continue
            for row, node in zip(card[field], nodes[field].value, strict=True):
                try:
                    values.append(self._card_value(field, row, node, periods))
                except (ValueError, AttributeError, KeyError, TypeError) as error:
                    reason = f"mangler {error}" if isinstance(error, KeyError) else str(error)
                    line = node.start_mark.line + 2
                    self.problems.append(Problem(self.file, line, f"kort.{field}: {reason}"))
        return tuple(values)

    def _card_value(
        self, field: str, row: dict[str, Any], node: yaml.MappingNode, periods: Mapping[str, Period | None]
    ) -> CardValue:
        extra = {"hvem_kan_søke": "former", "status": "status", "beløp": "kroner", "frister": "dato"}.get(field)
        if unknown := set(row) - {"verdi", "kilde", extra}:
            raise ValueError(f"ukjent felt «{sorted(unknown)[0]}»")
        nodes = {key.value: value for key, value in node.value}
        as_text(row["verdi"])
        start, end = self._span(nodes["verdi"], f"kort.{field}")
        kroner = row.get("kroner")
        if kroner is not None and type(kroner) is not int:
            raise ValueError(f"kroner må være et helt tall, ikke «{kroner}»")
        if field == "status" and row.get("status") not in STATUSES:
            raise ValueError(f"status må være en av {', '.join(STATUSES)}")
        return CardValue(
            field,
            make_statement(start, end, as_some_texts(row["kilde"]), periods),
            forms=one_of(FORMS)(row["former"]) if "former" in row else (),
            status=row.get("status"),
            kroner=kroner,
            deadline=as_date(row["dato"]) if "dato" in row else None,
        )

    def _span(self, node: yaml.ScalarNode, name: str) -> tuple[int, int]:
        """Where the value stands in the file; a value that YAML has rewritten can't be quoted, so it is refused."""
        quoted = 1 if node.style in ('"', "'") else 0
        start, end = node.start_mark.index + 4 + quoted, node.end_mark.index + 4 - quoted
        if self.text[start:end] != node.value:
            raise_line = node.start_mark.line + 2
            self.problems.append(
                Problem(self.file, raise_line, f'{name}: skriv verdien på én linje i doble anførselstegn, uten \\ og "')
            )
        return start, end


def as_text(value: Any) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"må være tekst, fant «{value}»")
    return value


def as_texts(value: Any) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(value, list) or not all(isinstance(item, str | int | float) for item in value):
        raise ValueError(f"må være en liste med tekster, fant «{value}»")
    if any(isinstance(item, bool) for item in value):
        raise ValueError(f"har et ord som YAML leser som ja eller nei; sett det i anførselstegn: {value}")
    return tuple(str(item) for item in value)


def as_some_texts(value: Any) -> tuple[str, ...]:
    """A list of texts with at least one in it."""
    if not (texts := as_texts(value)):
        raise ValueError("må ha minst én tekst")
    return texts


def repeated_keys(node: yaml.MappingNode) -> list[str]:
    """The keys that stand more than once: YAML would silently keep the last."""
    counts = Counter(key.value for key, _ in node.value)
    return [key for key, count in counts.items() if count > 1]


def as_mapping(value: Any) -> dict[str, Any]:
    """Fields by name."""
    if not isinstance(value, dict):
        raise ValueError(f"må ha felter under seg, fant «{value}»")
    return value


def as_date(value: Any) -> date:
    """A date, as YAML read it or as ISO text."""
    try:
        return value if isinstance(value, date) and not isinstance(value, datetime) else date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"må være en dato på formen 2026-11-23, fant «{value}»") from None


def as_period(value: Any) -> Period:
    """The `fra` and `til` of a mapping."""
    row = as_mapping(value)
    if set(row) - {"fra", "til"}:
        raise ValueError("kan bare ha «fra» og «til»")
    start, end = (None if row.get(key) is None else as_date(row[key]) for key in ("fra", "til"))
    if start and end and start > end:
        raise ValueError(f"slutter ({end}) før den begynner ({start})")
    return Period(start, end)


def one_of(allowed: tuple[str, ...]) -> Callable[[Any], tuple[str, ...]]:
    """A check that every text of a list is one of `allowed`."""

    def check(value: Any) -> tuple[str, ...]:
        for item in (values := as_texts(value)):
            if item not in allowed:
                raise ValueError(f"«{item}» er ikke en av {', '.join(allowed)}")
        return values

    return check
