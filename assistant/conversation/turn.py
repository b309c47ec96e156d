"""A turn of a conversation on its way to a question that stands alone, and the words that tell what it lacks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.conversation.names import Kind, Named
from assistant.texts import say
from assistant.types import Intent
from index.analyse import words

MAX_FRAGMENT = 6  # words of a follow-up that is no sentence
# Words that could stand in a question about anything.
_WORDS = """
myke my d tid tida tar tek ganger gonger gang flere fleire alle noensinne times time all
hva hvem hvordan hvor hvorfor hvilke hvilken hvilket når kva kven korleis kvar kor kvifor er blir blei vert kan må
skal får har vi jeg eg me dere de den det dette denne disse der då da så og også óg òg for til i på om med av fra frå
hos hjå som en et ein eit ei noe noko noen nokon mye mykje mange lenge lang langt høy høyt høg høgt stor stort få gi
gir ha være vere søke søkje søker søkjer søkt sende sender levere lage gjøre gjere gjør betale betaler betalar brukes
brukast gjelder gjeld varer varar koster kostar krav kravene krava vilkår vilkårene frist fristen frister fristane
beløp beløpet prosent sats satsen satser egenandel egenandelen eigendel eigendelen rapport rapportere rapportering
rapporteringen varighet hjemmel hjemmelen svar ja nei ikke ikkje etterpå først fyrst behandlingstid behandlingstiden
saksbehandlingstid utbetalt utbetaling utbetalingen nå no krever krev finnes finst egentlig eigentleg mulig mogleg lov
bare berre vite trenger treng nok selv sjølv penger pengar kroner what who how where why when which much many long is
are was do does did can could must should we i you us it that this they them there the a an to for of from in on at
with and or get apply need have has be deadline amount fee requirements requirement rules report reporting money
required then any own contribution last
"""
_TOPICLESS = frozenset(_WORDS.split())
VERB = re.compile(
    r"\b(?:er|var|blir|vert|kan|må|skal|får|har|vil|bør|gjelder|gjeld|koster|kostar|trenger|treng|finnes|finst|søker"
    r"|søkjer|betyr|tyder|krever|krev|gjør|gjer|varer|varar|skjer|is|are|do|does|did|can|must|should|will|have|has|need"
    r"|hvilke\w*|hvem|hvordan|korleis|hvor|hvorfor|kvifor|kven|when|who|how|why|which|where)\b",
    re.I,
)
ARTICLE = re.compile(r"^(?:en|et|ei|ein|eit|a|an|the)\s+", re.I)


@dataclass(frozen=True)
class Topic:
    """What a conversation is about."""

    text: str
    kind: Kind


@dataclass(frozen=True)
class Said:
    """A turn that stands alone, what it is about and asks for; `topic` is None where it names nothing known."""

    text: str
    language: str
    intent: Intent
    topic: Topic | None
    is_follow_up: bool = False


@dataclass(frozen=True)
class Turn:
    """A turn on its way to stand alone: `rest` is without what only ties it to `before`.

    `asks` is such a tie ("hva med"), `opens` a weaker one ("og"); `named` are the names in `rest`, `named_before` those
    in the question before.
    """

    rest: str
    asks: bool
    opens: bool
    language: str
    before: Said
    topic: Topic
    named: tuple[Named, ...]
    named_before: tuple[Named, ...]

    @property
    def names_its_own(self) -> bool:
        """Whether it names a matter of its own; a form or a place may belong to the matter before."""
        return any(name.kind >= Kind.THING for name in self.named)


@dataclass(frozen=True)
class Written:
    """A question that stands alone, with its topic and intent where they are not the ones before."""

    text: str
    topic: Topic | None = None
    intent: Intent | None = None


def is_topicless(text: str, named: Sequence[Named]) -> bool:
    """Whether every word could stand in a question about anything, those of the forms and places named left out."""
    ours = {word for name in named if name.kind in (Kind.FORM, Kind.PLACE) for word in words(name.text)}
    return all(word in _TOPICLESS or word in ours for word in words(text)) and not (ours and set(words(text)) <= ours)


def template(intent: Intent, topic: Topic, language: str) -> str:
    """The whole question of a kind about a topic."""
    key = f"ask_{intent.value}"
    if intent is Intent.AMOUNT and topic.kind is not Kind.SCHEME:
        key += "_form" if topic.kind is Kind.FORM else "_thing"
    return say(language, key, topic=topic.text)
