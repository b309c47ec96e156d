"""Rules of a card → what the page shows of them: their words, and once for those that share them, sources and age."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby

from markupsafe import Markup

from assistant.describe import describe_span
from assistant.lookup.card import Rule, SourceLine
from assistant.lookup.past import Change, describe_change
from assistant.texts import say
from assistant.types import SourceRef
from assistant.ui.origins import render_source
from index.frontmatter import UNKNOWN_VALUE
from index.types import ADVICE, Period


@dataclass(frozen=True)
class Told:
    """A rule on the page, and the id that its words have there."""

    rule: Rule
    at: str

    @property
    def can_refer(self) -> bool:
        """Whether a source can be referred to."""
        return can_refer(self.rule)


@dataclass(frozen=True)
class Group:
    """Rules in a row that rest on the same: each source as a link with its period, and what to be careful with.

    `change` and `mark` tell on which days they hold, where that is asked. `is_blank` where the guide says "not known"
    and no more: its field has said so, and the sources are where it does not stand.
    """

    told: tuple[Told, ...]
    sources: tuple[tuple[Markup, str], ...]
    flags: tuple[str, ...]
    is_blank: bool
    change: str = ""
    mark: str = ""


def can_refer(rule: Rule) -> bool:
    """Whether the rule has a source that can be referred to."""
    return any(source.id != ADVICE for source in rule.sources)


class Grouper:
    """Groups rules for one page in one language; each rule gets an id that no other rule there has."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._numbers = count(1)

    def group(self, rules: Sequence[Rule], change: Change | None = None) -> tuple[Group, ...]:
        """The rules in their order, those next to each other with the same sources and age together."""
        return tuple(self._group(some, change) for some in _alike(rules))

    def _group(self, rules: Sequence[Rule], change: Change | None) -> Group:
        first = rules[0]
        is_stale = first.stale and change is not Change.ONLY_THEN  # which says the same
        flags = [say(self.language, "source_stale")] if is_stale else []
        flags += [] if first.confirmed else [say(self.language, "source_unconfirmed")]
        return Group(
            tuple(Told(rule, f"regel-{next(self._numbers)}") for rule in rules),
            tuple(self._source(source, rules) for source in first.sources),
            tuple(flags),
            first.text == UNKNOWN_VALUE,
            change.name.lower() if change else "",
            describe_change(change, self.language) if change else "",
        )

    def _source(self, source: SourceLine, rules: Sequence[Rule]) -> tuple[Markup, str]:
        named = SourceRef(source.id, source.publisher, source.title, source.url)
        html = render_source(named, [rule.text for rule in rules], self.language)
        period = describe_span(Period(source.valid_from, source.valid_to, source.undated), self.language)
        return Markup(html), period  # noqa: S704 - escaped where it is made


def _alike(rules: Sequence[Rule]) -> Iterator[list[Rule]]:
    """The rules in runs that rest on the same; a line that opens a list or a paragraph opens a run."""
    number_of_leads = 0

    def origin(rule: Rule) -> object:
        nonlocal number_of_leads
        number_of_leads += bool(rule.lead)
        return rule.sources, rule.stale, rule.confirmed, rule.text == UNKNOWN_VALUE, number_of_leads

    for _, some in groupby(rules, key=origin):
        yield list(some)
