"""Follow-ups that name another thing: the question before, about that."""

import re

from assistant.conversation.names import Kind
from assistant.conversation.turn import ARTICLE, MAX_FRAGMENT, VERB, Topic, Turn, Written, is_topicless, template
from assistant.language import detect_language
from assistant.lists.schemes import find_form
from assistant.texts import say
from assistant.types import Intent
from index.analyse import words

_MAX_BARE = 3  # words of a bare name
_PREPOSITION = re.compile(r"^(?:for|i|på|hos|hjå|til|fra|frå|som|ved|med|av|om|in|at|from|as|to|with|about)\s+", re.I)
_SUBJECT = re.compile(r"(?<=\w )\b(?:vi|jeg|eg|me|man|ein|du|dere|we|i|you)\b", re.I)
_OBJECT = re.compile(r"\b(?:til|for|på|om) (?P<thing>[\wæøå-]+)(?=[\s?.!]*$)", re.I)
_NEUTER = re.compile(r"(?:as|enk|sa|da|ans|selskap|foretak|føretak|lag|samvirke|fond|tilskudd|tilskot)$", re.I)
_PLURAL = re.compile(r"\w{3,}(?:er|ar|ene|ane|ns|ies)$|.+(?<!as)(?<!us)(?<!ss)s$")


def swap(turn: Turn) -> Written | None:
    """«hva med en stiftelse?», «og i Vestfold?»: the question before, about another thing."""
    thing = _PREPOSITION.sub("", turn.rest)
    if not thing or len(words(thing)) > MAX_FRAGMENT or VERB.search(thing) or is_topicless(thing, turn.named):
        return None
    kind = max((name.kind for name in turn.named), default=Kind.FORM if find_form(thing) else None)
    has_tie = turn.asks or turn.opens or thing != turn.rest
    if not has_tie and (kind in (None, Kind.GENERIC) or len(words(thing)) > _MAX_BARE):
        return None
    before = turn.before
    olds = [name for name in turn.named_before if _gives_way(name.kind, kind)]
    if old := max(olds, key=lambda name: (name.kind, len(name.text)), default=None):
        new = _in_place_of(old.text, thing, before.language)
        return Written(before.text[: old.start] + new + before.text[old.end :], _new_topic(turn, new, kind))
    if kind is Kind.PLACE:
        return Written(f"{before.text.rstrip(' ?.!')} {'in' if before.language == 'en' else 'i'} {thing}")
    if kind is Kind.FORM:
        who = _in_place_of("en", thing, before.language)
        if subject := _SUBJECT.search(before.text):
            return Written(before.text[: subject.start()] + who + before.text[subject.end() :])
        return Written(f"{before.text.rstrip(' ?.!')} for {who}")
    if kind is Kind.SCHEME or (kind is Kind.THING and turn.topic.kind is not Kind.SCHEME and before.topic):
        topic = Topic(thing, kind)
        return Written(template(before.intent, topic, turn.language), topic, before.intent)
    last = _OBJECT.search(before.text)
    if last and last["thing"].lower() not in turn.topic.text.lower():
        return Written(before.text[: last.start("thing")] + thing + before.text[last.end("thing") :])
    return Written(say(turn.language, "ask_rest", rest=thing, topic=turn.topic.text), intent=Intent.GENERAL)


def _gives_way(old: Kind, new: Kind | None) -> bool:
    """Whether the new takes the place of the old; a thing asked about with a scheme is a detail of the scheme."""
    return old is new or (old, new) == (Kind.THING, Kind.SCHEME)


def _new_topic(turn: Turn, thing: str, kind: Kind | None) -> Topic | None:
    """The thing as topic, unless it only says for whom or where the topic before is asked about."""
    if kind is None or kind < Kind.FORM or (kind is Kind.FORM and turn.topic.kind > Kind.FORM):
        return None
    return Topic(thing, kind)


def _in_place_of(old: str, thing: str, language: str) -> str:
    """The thing as it stands where `old` stood: with an article where that had one, and in the question's language."""
    bare = ARTICLE.sub("", thing)
    if language != "en" and detect_language(thing) == "en":
        bare = find_form(bare) or bare
    elif bare != thing:
        return thing
    if not ARTICLE.match(f"{old} ") or _PLURAL.search(bare):
        return bare
    if language == "en":
        return f"{'an' if bare[0].lower() in 'aeiou' else 'a'} {bare}"
    is_neuter = bool(_NEUTER.search(bare))
    if language == "nn":
        return f"{'eit' if is_neuter else 'ei' if bare.endswith('ing') else 'ein'} {bare}"
    return f"{'et' if is_neuter else 'en'} {bare}"
