"""A conversation → the question of its last turn, readable on its own: a follow-up borrows what it leaves out.

Each rule sees one way of leaning on the turn before and gives the whole question; where none does, the turn stands
alone. Topic words come from the guide's names, else from the document that answered the question before.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.conversation.fill import ask_again, attach, fill_in
from assistant.conversation.names import Kind, Names
from assistant.conversation.point import point_back
from assistant.conversation.swap import swap
from assistant.conversation.turn import Said, Topic, Turn
from assistant.intent import find_intent
from assistant.language import detect_language, take_wish
from assistant.types import Intent
from index.analyse import words

TitleOf = Callable[[str], str | None]
MAX_TURNS = 20  # a topic older than this is forgotten; each turn costs a millisecond or two
_MAX_LEANING = 15  # words; whoever writes more says what it is about
_OPENERS = r"og|å|men|så|ok|okei|okay|ja|nei|eller|and|but|so|or|also|takk|flott|fint|thanks"
_LEAD = re.compile(
    rf"^\W*(?:(?:{_OPENERS})\b[\s,.!]*)*"
    r"(?P<asks>(?:hva|kva|ka|hvordan er det) med?\b|(?:what|how) about\b|enn\b|da\b|då\b)?\W*",
    re.I,
)
_REPLY = re.compile(r"^\W*(?:ja|nei|jo|jau|yes|no)\b[^?]*$", re.I)  # tells what was asked for, and changes no topic
_OPENS = re.compile(rf"^\W*(?:{_OPENERS})\b", re.I)
_THEN = re.compile(r"\b(?:da|då|then)[\s?.!]*$", re.I)
_TAIL = re.compile(r"[\s,]*\b(?:da|då|then|nå|no|takk|please|egentlig|eigentleg)?[\s?.!]*$", re.I)
_AND = re.compile(r"\s*(?:,|og|eller|and|or|vs\.?|mot)\s*", re.I)
_QUESTION_START = re.compile(
    r"^(?:(?:hva|kva|hvem|kven|hvordan|korleis|hvor|kor|kvar|når|hvorfor|kvifor|hvilke\w*|what|who|how|where|when|why|which"
    r"|er|kan|må|skal|får|har|gjør|gjer|finnes|finst|is|are|can|do|does|must|vi|jeg|eg|me|man|det|we|i|you|en|et|ein|the"
    r"|til|for|om|på|søke|søkje|søker|søkjer|apply|get|å|a)\s+)+",
    re.I,
)


def stand_alone(turns: Sequence[str], names: Names, title_of: TitleOf) -> Said:
    """The last turn as a question that stands alone; `title_of` names what answers a question best."""
    said: Said | None = None
    wished: str | None = None
    for turn in turns[-MAX_TURNS:]:
        text, wish = take_wish(turn)
        wished = wish or wished
        language = wished or detect_language(text, default=said.language if said else "nb")
        leaning = _lean(text, said, names, title_of, language) if said else None
        own = leaning or _own(text if re.search(r"\w", text) else turn, language, names)
        said = replace(own, topic=said.topic or own.topic) if said and _REPLY.match(text) else own
    if said is None:
        raise ValueError("a conversation needs at least one turn")
    return said


def _own(text: str, language: str, names: Names) -> Said:
    return Said(text, language, find_intent(text), _topic_of(text, names))


def _topic_of(text: str, names: Names) -> Topic | None:
    """The name that the text is most about: a scheme before a thing, a thing before a form; the longest."""
    found = [name for name in names.find(text) if name.kind >= Kind.FORM]
    best = max(found, key=lambda name: (name.kind, len(name.text)), default=None)
    if best is None:
        return None
    alike = [name for name in found if name.kind is best.kind]
    between = [text[one.end : other.start] for one, other in pairwise(alike)]
    is_list = bool(between) and all(_AND.fullmatch(words) for words in between)
    return Topic(text[alike[0].start : alike[-1].end] if is_list else best.text, best.kind)


def _lean(text: str, before: Said, names: Names, title_of: TitleOf, language: str) -> Said | None:
    """The turn with what it borrows from the one before, or None where it stands alone."""
    lead = _LEAD.match(text)
    rest = _TAIL.sub("", text[lead.end() :] if lead else text)
    if len(words(rest)) > _MAX_LEANING:
        return None
    named = tuple(names.find(rest) or (names.find(rest.upper()) if len(words(rest)) == 1 else ()))
    before_named = tuple(names.find(before.text))
    topic = before.topic
    if topic is None:
        title = title_of(before.text)
        topic = Topic(f"«{title or _phrase(before.text)}»", Kind.THING)
    asks = bool(lead and lead["asks"] and lead["asks"].lower() not in ("da", "då"))
    turn = Turn(
        rest, asks, bool(_OPENS.match(text) or _THEN.search(text)), language, before, topic, named, before_named
    )
    intent = find_intent(rest)
    for rule in (ask_again, swap, point_back, fill_in, attach):
        if written := rule(turn):
            wanted = find_intent(written.text) if intent is Intent.GENERAL else intent
            about = written.topic or topic
            return Said(_as_question(written.text), language, written.intent or wanted, about, True)
    return None


def _phrase(text: str) -> str:
    """What an earlier question is about, as typed, where it names nothing known: its end."""
    return _QUESTION_START.sub("", text.strip(" ?.!")) or text.strip(" ?.!")


def _as_question(text: str) -> str:
    shown = " ".join(text.split()).rstrip(" ?.!")
    return f"{shown[:1].upper()}{shown[1:]}?"
