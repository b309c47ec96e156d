"""Follow-ups that point at the matter with a pronoun or a definite noun: the topic, where that stands."""

import re

from assistant.conversation.names import Kind
from assistant.conversation.turn import Turn, Written

# Pronouns that point back, where they stand as people use them so; "det" is often no more than a filler.
_END = r"(?=\s*(?:,?\s*(?:da|då|også|óg|too|as well|then))?[\s?.!]*$)"
_IT = r"(?P<it>det|den|dette|denne|disse|dei|dem|de|it|that|this|they|them|han|ho)"
_MATTER = 3  # of the patterns below, how many point back even where the turn names a matter of its own
_POINTS_BACK = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"\b(?:kan|må|får|skal) (?P<it>det|den|dette|de|dei)(?= \w+(?:es|as|ast)\b)",
        r"\b(?:gjelder|gjeld) (?P<it>det|den|dette|de)\b(?! (?:å|at)\b)",
        rf"\b{_IT}{_END}",
        r"\b(?:varer|varar|dekker|dekkjer|koster|kostar) (?P<it>det|den|dette|de)\b(?! (?:å|at)\b)",
        r"\b(?:kan|må|får|skal|vil|har|gir|gjør) (?P<it>det|den|dette|de|dei)\b"
        r"(?! (?:være|vere|som|å|at|hende|finnes|finnast|unge|frivillige|ansatte|tilsette|nye|andre|fleste|små"
        r"|eldre)\b)",
        r"\ber (?P<it>det|den|dette)\b(?= (?:gratis|dyrt|billig|vanskel[ie]g|bind[ea]nde|åpen|åpent|ope|stengt"
        r"|skattefri\w*|skatteplikt\w*|frivillig|obligatorisk|påkrevd|for (?:oss|alle))\b)",
        r"\b(?:om|på|av|med|fra|frå|til|for|få|bruke|kombinere) (?P<it>det|den|dette)\b"
        r"(?! (?:er|å|at|som|nye|første)\b)",
        r"\b(?P<it>they|them)\b",
        r"\b(?:use|about|for|from|with|of|get|combine) (?P<it>it)\b",
        r"\b(?P<it>it)\b(?!.*\bto \w)(?! (?:is |be )?(?:possible|legal|allowed|ok|necessary)\b)",
    )
)
_THERE = re.compile(rf"\b(?P<it>der|there){_END}", re.I)
_AT = {"nb": "hos", "nn": "hos", "en": "at"}
# Whoever names the matter first and points at it later in the same sentence points at nothing before.
_OWN_ANTECEDENT = re.compile(r"[,.?!] |\b(?:og|and|men|but|hvis|dersom|når|if|when)\b.+", re.I)
# Parts of a scheme that a follow-up names alone, and the word that ties each to the scheme.
_PARTS = {
    "nb": {"pengene": "fra", "midlene": "fra", "søknaden": "om", "rapporten": "for", "beløpet": "fra"},
    "nn": {"pengane": "frå", "midlane": "frå", "søknaden": "om", "rapporten": "for", "beløpet": "frå"},
    "en": {"the money": "from", "the funds": "from", "the application": "for", "the report": "for"},
}
_WHOLE = re.compile(
    r"\b(?:(?:denne|dette|den|det|disse) )?(?:ordninga|ordningen|tilskuddet|tilskotet|støtten|støtta|stønaden)\b"
    r"(?! (?:fra|frå|til|for|om|som)\b)"
    r"|\b(?:the|this|that) (?:grant|scheme|support|funding)\b(?! (?:from|for|of|to)\b)",
    re.I,
)
_THIS = re.compile(
    r"\b(?:denne|dette|disse|den|det) (?:ordningen|tiltaket|avtalen|avtala|formen|forma|planen|loven|lova|typen)\b"
    r"|\b(?:this|that) (?:scheme|grant|form|agreement|plan|law|type)\b",
    re.I,
)
_DEFINITE = re.compile(r"\b(?P<stem>[a-zæøå]{3,}?)(?:en|et|a)\b(?! (?:fra|frå|til|for|om|som|av|i|på)\b)", re.I)


def point_back(turn: Turn) -> Written | None:
    """«gjelder det oss også?», «kan vi bruke pengene til mat?»: the topic where the pronoun stands."""
    rest, topic = turn.rest, turn.topic
    if found := _THIS.search(rest) or (_WHOLE.search(rest) if topic.kind is Kind.SCHEME else None):
        return Written(rest[: found.start()] + topic.text + rest[found.end() :])
    if not turn.names_its_own or topic.kind is Kind.SCHEME:
        for part, link in _PARTS[turn.language].items() if topic.kind is Kind.SCHEME else ():
            if found := re.search(rf"\b{part}\b(?! (?:fra|frå|om|for|from) \w)", rest, re.I):
                return Written(f"{rest[: found.end()]} {link} {topic.text}{rest[found.end() :]}")
    for found in () if turn.names_its_own else _DEFINITE.finditer(rest):
        ends = (found["stem"].lower(), f"{found['stem'].lower()}e")
        if topic.text.lower().endswith(ends) and topic.text.lower() not in ends:
            return Written(rest[: found.start()] + topic.text + rest[found.end() :])
    for pattern in (_THERE, *(_POINTS_BACK[:_MATTER] if turn.names_its_own else _POINTS_BACK)):
        found = pattern.search(rest)
        if found is None or (turn.named and _OWN_ANTECEDENT.search(rest[turn.named[0].end : found.start()])):
            continue
        if re.search(r"\bdo $", rest[: found.start("it")], re.I):  # what was many is now one
            rest = f"{rest[: found.start('it') - 1]}es{rest[found.start('it') - 1 :]}"
            found = pattern.search(rest) or found
        at = f"{_AT[turn.language]} " if pattern is _THERE else ""
        return Written(f"{rest[: found.start('it')]}{at}{topic.text}{rest[found.end('it') :]}")
    return None
