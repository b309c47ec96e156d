"""Two to four schemes side by side as HTML: whether they combine on top, then field by field what each card says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from assistant.lookup.card import Card, Rule
from assistant.lookup.compare import LEAST, MOST, Comparison, Line, Pair
from assistant.lookup.receipt import describe_unknown, tell_version
from assistant.texts import load_texts, say
from assistant.ui.addresses import COMPARE, bare_id, compare_address, list_address, scheme_address
from assistant.ui.passage import guide_language
from assistant.ui.rules import Group, Grouper
from assistant.ui.scheme import status_of
from assistant.ui.templates import templates
from index.versions import Manifest


@dataclass(frozen=True)
class _Column:
    """A scheme of the comparison; `without` is the address of the rest, or of the only other card."""

    title: str
    address: str
    state: str
    status: tuple[str, str]
    without: str
    remove: str


@dataclass(frozen=True)
class _Cell:
    title: str
    note: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class _Row:
    label: str
    differs: bool
    cells: tuple[_Cell, ...]


def render_comparison(
    compared: Comparison,
    cards: Sequence[Card],
    schemes: Sequence[tuple[str, str]],
    manifest: Manifest,
    language: str,
    today: date,
) -> str:
    """The comparison of the cards, in the page's language; `schemes` are the id and title of all that can be added."""
    grouper = Grouper(language)
    rows = [_row(line, cards, grouper) for line in compared.lines]
    others = [(bare_id(doc_id), title) for doc_id, title in schemes if doc_id not in compared.ids]
    counted = say(language, "compare_counted", differs=sum(row.differs for row in rows), count=len(rows))
    return (
        templates()
        .get_template("compare.html")
        .render(
            t=load_texts(language),
            guide=Markup(guide_language(language)),  # noqa: S704 - ours
            columns=[_column(card, compared.ids, language, today) for card in cards],
            pairs=[_pair(pair, compared, grouper) for pair in compared.pairs],
            rows=rows,
            counted=counted,
            ids=[bare_id(doc_id) for doc_id in compared.ids],
            others=others if len(cards) < MOST else [],
            action=f"{list_address(language)}/{COMPARE}",
            version=tell_version(manifest, language, today),
        )
    )


def _column(card: Card, ids: Sequence[str], language: str, today: date) -> _Column:
    rest = [other for other in ids if other != card.id]
    without = compare_address(language, rest) if len(rest) >= LEAST else scheme_address(language, rest[0])
    remove = say(language, "compare_remove", title=card.title)
    status = status_of(card, language, today)
    return _Column(card.title, scheme_address(language, card.id), card.status, status, without, remove)


def _row(line: Line, cards: Sequence[Card], grouper: Grouper) -> _Row:
    cells = (
        _Cell(
            card.title,
            describe_unknown(field, card.checked, grouper.language),
            grouper.group([value.rule for value in field.values]),
        )
        for card, field in zip(cards, line.cells, strict=True)
    )
    return _Row(say(grouper.language, f"card_{line.name}"), line.differs, tuple(cells))


def _pair(pair: Pair, compared: Comparison, grouper: Grouper) -> tuple[list[str], list[tuple[str, tuple[Group, ...]]]]:
    """The titles of two schemes, and what the card of each says of the other."""
    said = {cell_id: _said_by(cell_id, pair, compared) for cell_id in (pair.first, pair.second)}
    titles = dict(zip(compared.ids, compared.titles, strict=True))
    told = [(titles[doc_id], grouper.group(rules)) for doc_id, rules in said.items() if rules]
    return [titles[pair.first], titles[pair.second]], told


def _said_by(doc_id: str, pair: Pair, compared: Comparison) -> list[Rule]:
    own = {value.rule.id for line in compared.lines for value in line.cells[compared.ids.index(doc_id)].values}
    return [rule for rule in pair.rules if rule.id in own]
