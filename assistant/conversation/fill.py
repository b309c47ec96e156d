"""Follow-ups that leave the matter out: the same once more, the part of it that is asked for, or a bare "og"."""

import re

from assistant.conversation.names import Kind
from assistant.conversation.turn import ARTICLE, MAX_FRAGMENT, VERB, Turn, Written, is_topicless, template
from assistant.intent import find_intent
from assistant.texts import say
from assistant.types import Intent
from index.analyse import stem, words

_MAX_BARE = 4  # words of a question that is hardly more than what it asks for
_BARE = {
    "når": Intent.DEADLINE, "when": Intent.DEADLINE, "hvem": Intent.WHO_CAN_APPLY, "kven": Intent.WHO_CAN_APPLY,
    "who": Intent.WHO_CAN_APPLY, "hvor": Intent.APPLICATION, "kvar": Intent.APPLICATION, "kor": Intent.APPLICATION,
    "where": Intent.APPLICATION, "hva": Intent.DEFINITION, "kva": Intent.DEFINITION, "what": Intent.DEFINITION,
}  # fmt: skip
_SAME_AGAIN = re.compile(r"^(?:det|den|der|dette|it|that|there|da|då)?$", re.I)
# Ways of asking for the same in another way, by the text that asks it in full.
_ASKS_AGAIN = (
    ("ask_simple", r".*\b(?:enklere|enklare|simpler|simple|forklar\w*|explain)\b.*|.*\b(?:betyr|tyder) (?:det|dette)"
                   r"|what does (?:that|it|this) mean|(?:jeg|eg) (?:forstår|skjønner|skjønar) (?:ikke|ikkje).*"),
    ("ask_more", r"(?:noen |nokon |any |finnes det |finst det |er det )?(?:flere|fleire|andre|others?|more)"),
    ("ask_general", r"(?:(?:fortell|forteljing|fortel|si|tell me|vis|les)\s+)?(?:litt |noe |noko )?(?:mer|meir|more)"
                    r"(?: om (?:det|dette|den)| about (?:it|that|this))?"),
    ("ask_story", r"(?:(?:kan du )?gi (?:meg |oss )?|har du |have you |give me )?"
                  r"(?:et |eit |an |noen |nokre )?(?:eksemp\w+|døme|examples?)(?: på (?:det|dette)| of (?:it|that))?"),
    ("ask_why", r"(?:hvorfor|kvifor|why)(?: det| ikke| ikkje| not| is that| er det (?:slik|sånn))?"),
)  # fmt: skip
_AGAIN = tuple((key, re.compile(rf"^(?:{pattern})$", re.I)) for key, pattern in _ASKS_AGAIN)
_YES_OR_NO = re.compile(r"^(?:må|kan|skal|får|har|er|bør|trenger|treng|do|does|can|must|is|are|should)\b", re.I)
_ASKS = re.compile(
    r"^(?:hvem|kven|hvor|kor|kvar|når|hvordan|korleis|hvorfor|kvifor|hvilke[nt]?|who|how|when|where|why|which)\b"
    rf"|{_YES_OR_NO.pattern}",
    re.I,
)
_WHY = {"nb": "Hvorfor", "nn": "Kvifor", "en": "Why"}
# What ties a question to its scheme: after applying, after getting, else; and after getting something for a thing.
_JOIN = {"nb": ("på", "fra", "for", "til"), "nn": ("på", "frå", "for", "til"), "en": ("for", "from", "for", "for")}
_BEST = re.compile(
    r"\b(?:hva|kva|hvilken|hvilket|what|which)\b.*\b(?:\w{3,}est|\w+gst|best|lettast|enklast|\w+ast|størst)$", re.I
)
_TO_WHOM = re.compile(r" (?:hos|hjå|til|med|to|with)$", re.I)
_IF = re.compile(r"^(?:(?:hva|kva|what) (?:hvis|om|viss|dersom|if)|hvis|dersom|viss|if)\b", re.I)
_REGARDING = {"nb": "når det gjelder", "nn": "når det gjeld", "en": "regarding"}
_AMOUNT_OF = re.compile(
    r"^(?P<much>hvor mye|kor mykje|how much)\s+(?=må|kan|skal|trenger|treng|bør|do|must|should)", re.I
)


def ask_again(turn: Turn) -> Written | None:
    """«og der?», «flere?», «kan du forklare det enklere?»: the same once more, or more of it."""
    if _SAME_AGAIN.match(turn.rest) and (turn.rest or turn.asks or turn.opens or turn.language != turn.before.language):
        return Written(turn.before.text)
    if turn.names_its_own or len(words(turn.rest)) > 2 * MAX_FRAGMENT:
        return None
    key = next((key for key, pattern in _AGAIN if pattern.match(turn.rest)), None)
    if key == "ask_why" and _YES_OR_NO.match(turn.before.text):
        return Written(f"{_WHY[turn.language]} {turn.before.text[0].lower()}{turn.before.text[1:]}")
    if key is None:
        return None
    intent = {"ask_simple": Intent.DEFINITION, "ask_story": Intent.STORY}.get(key, Intent.GENERAL)
    return Written(say(turn.language, key, topic=turn.topic.text), intent=intent)


def fill_in(turn: Turn) -> Written | None:
    """«når er fristen?», «kor mykje?»: what is asked for, of the topic before."""
    rest, topic = turn.rest, turn.topic
    form_only = bool(turn.named) and all(name.kind in (Kind.FORM, Kind.PLACE) for name in turn.named)
    intent = find_intent(rest)
    if form_only and (topic.kind is not Kind.SCHEME or intent in (Intent.GENERAL, Intent.DEFINITION, Intent.STEPS)):
        return None
    if not rest or not is_topicless(rest, turn.named if form_only else ()):
        return None
    intent = _BARE.get(rest.lower(), intent)
    is_bare = not form_only and len(words(rest)) <= _MAX_BARE and not VERB.search(rest.partition(" ")[2])
    if (is_bare or _TO_WHOM.search(rest)) and intent is not Intent.GENERAL:
        return Written(template(intent, topic, turn.language), intent=intent)
    is_mass = topic.kind is Kind.THING and not ARTICLE.match(topic.text) and not topic.text.startswith("«")
    if is_mass and (much := _AMOUNT_OF.match(rest)):
        return Written(f"{much['much']} {topic.text} {rest[much.end() :]}")
    on, out_of, about, to = _JOIN[turn.language]
    out_of = out_of if topic.kind is Kind.SCHEME else to
    asked = set(map(stem, words(rest)))
    link = on if asked & {"søk", "søkj", "appl", "apply"} else out_of if asked & {"få", "get"} else about
    return Written(f"{rest} {link} {topic.text}")


def attach(turn: Turn) -> Written | None:
    """«og hvem må si fra?», «hvem avgjør?»: tied by its first word or by being so short, and naming nothing known."""
    has_name = any(name.kind is not Kind.GENERIC for name in turn.named)
    is_short = len(words(turn.rest)) <= _MAX_BARE and not turn.names_its_own
    is_tied = bool(
        (turn.opens and VERB.search(turn.rest))
        or (is_short and _ASKS.match(turn.rest) and find_intent(turn.rest) is not Intent.DEFINITION)
        or _BEST.search(turn.rest)
        or _IF.search(turn.rest)
        or _TO_WHOM.search(turn.rest)
    )
    is_tied = is_tied and not has_name and len(words(turn.rest)) <= 2 * MAX_FRAGMENT
    return Written(f"{turn.rest} {_REGARDING[turn.language]} {turn.topic.text}") if is_tied else None
