"""What a question outside the guide's field is about, by what it looks like: each kind gets a sentence of its own."""

import re
from enum import StrEnum

from assistant.intent import asking


class Outside(StrEnum):
    """Kinds of questions that the guide is not for."""

    TALK = "talk"
    TASK = "task"
    HEALTH = "health"
    CASE = "case"
    GENERAL = "general"

    @property
    def key(self) -> str:
        """The key of the sentence that each gets."""
        return "out_of_scope" if self is Outside.GENERAL else f"out_of_scope_{self}"


_US = "(?:du|dere|dykk|guiden|assistenten|you|the guide)"
_ME = "(?:jeg|vi|eg|me|i|we)"
_MY = "(?:min|mi|mitt|mine|vår|vårt|våre|my|our)"
_CASE = "(?:saken|saka|sak|tvisten|krangelen|konflikten|case|dispute|lawsuit)"
_PAPER = f"(?:{_CASE}|søknaden|klagen|klaga|avslaget|vedtaket|oppsigelsen|oppseiinga|application|appeal|rejection)"
_WRONG = r"(?:u?lovlig|u?lovleg|u?gyldig|u?rett\w*|unlawful|illegal|legal|valid)"

# What each kind looks like, as whole words; the first kind with a match decides.
_LOOKS: dict[Outside, tuple[str, ...]] = {
    Outside.TALK: (
        r"^\W*(?:hvem|kven|hva|kva|who|what) (?:er|are) (?:du|you)(?: for noe| eigentleg| egentlig)?\W*$",
        "(?:er du|are you) (?:(?:et|eit|en|ein|a) )?(?:menneske|ekte|robot|maskin|human|real|chatgpt)",
        "(?:fortell|fortel|tell)(?: meg| me)? (?:en|ein|a) (?:vits|joke)",
        "(?:hvordan har du det|korleis har du det|how are you)",
        "(?:hva|kva|what) (?:kan|can) (?:du|you) (?:hjelpe|svare|gjøre|gjere|help|do|answer)",
    ),
    Outside.TASK: (
        r"python\w*|javascript|java|sql|regex|html|css|essay",
        r"(?:hjelpe?|help) (?:meg|me)\b.{0,12}\b(?:leks\w*|homework)",
        r"(?:skriv|dikt|lag|write|compose)\b.{0,20}\b(?:dikt|vits|sang|rim|eventyr|bryllupstale\w*|song|poem|joke)",
        r"(?:oversett|omset|translate)\b.+\b(?:til|into|to) (?:\w+sk|english|german|french|polish|norwegian|greek)",
        r"kvadratrot\w*|square root|likningen?|likninga|\d+ ?(?:\*|x|ganger|gonger|times) ?\d+",
    ),
    Outside.HEALTH: (
        r"vondt i (?:\w+en|\w+a|\w+et|kne|rygg|hode|mage|hals)|my (?:knee|back|head|stomach|throat) hurts?",
        r"blodtrykk\w*|blood pressure|feber|fever|hodepine|hovudverk|headache|utslett|rash|kvalm|svimmel|dizzy",
        r"symptom\w* (?:på|of)|helseråd|medical advice|(?:hvilken|kva|hva slags|what|which) (?:sykdom|sjukdom|illness)",
        r"paracet\w*|ibux|ibuprofen|antibiotika|antibiotics|insulin|antidepressiva|antidepressants?",
        r"(?:medisin\w*|medicines?|medication|tablett\w*|piller|pills)\b.{0,30}\b(?:ta|tar|bruke|slutte|mot|take|against)",
        r"(?:ta|tar|take)\b.{0,15}\b(?:medisin\w*|medicines?|medication)",
    ),
    Outside.CASE: (
        rf"(?:kan|kunne|vil|can|could|will) {_US}\b.{{0,20}}\b(?:avgjøre|avgjere|bestemme|dømme|decide|judge)",
        "kan de avgjere",
        rf"{_US} (?:behandle|handsame|vurdere|se på|sjå på|assess|review|handle|judge) (?:{_MY} )?{_PAPER}(?: {_MY})?",
        rf"(?:har|am|are) {_ME} (?:rett|right) i (?:{_MY} )?{_CASE}|(?:am|are) {_ME} right\b.*\b{_CASE}",
        rf"{_CASE} {_MY} mot|{_MY} {_CASE} (?:mot|against)|do {_ME} have a case",
        rf"(?:vinner|vinn|taper|tapar|(?:will|can) {_ME} (?:win|lose))\b.*\b(?:{_PAPER}|retten|rettssak\w*|court)",
        rf"(?:bør|burde|should) {_ME} (?:saksøke|saksøkje|anmelde|sue)",
        rf"(?:er|var|is|was|were) (?:{_MY} )?{_PAPER}(?: {_MY})?\b.*\b{_WRONG}",
        rf"(?:får|kjem|kommer|will|do) {_ME} (?:til å få |get )?(?:ja|medhold|a yes)",
    ),
    Outside.GENERAL: (
        r"været|vêret|værmelding\w*|snør|weather|forecast",
        r"(?:vant|vann|won)\b.*\b(?:kampen|cupen|match|cup|league)|cupfinal\w*|landskamp\w*|eliteserien",
        r"champions league|premier league|ol-gull|world cup|lottotall\w*|horoskop|horoscope|netflix",
        r"(?:oppskrift\w* på|recipe for) \w*(?:suppe|kake|boller|brød|gryte|saus|deig|soup|cake|bread)",
        r"til middag|for dinner|flybillett\w*|flights? to|hovedstaden i|hovudstaden i|is the capital of",
        r"stemme på|røyste på|vote for|(?:hva|kva) er klokk[ea]n?|what time is it",
    ),
}
# Words that make what looks like one of them a question about work or support after all.
_UNLESS: dict[Outside, tuple[str, ...]] = {
    Outside.TASK: ("lær kidsa", r"tilskudd\w*", r"tilskot\w*", "grants?"),
    Outside.HEALTH: (
        r"syke?meld\w*|sjukmeld\w*|sykepeng\w*|sjukepeng\w*|egenmelding\w*|eigenmelding\w*|sick (?:leave|pay)",
        r"tilrettelegg\w*|arbeidsgiver\w*|arbeidsgjevar\w*|ansatte?|tilsette?|employ\w*|på jobb(?:en)?",
        r"\w*forsikr\w*|yrkesskad\w*|ringer?|ringje",
        r"tilskudd\w*|tilskot\w*|grants?|funding|prosjekt\w*|taushetsplikt\w*|teieplikt\w*|personvern\w*|opplysning\w*",
    ),
    Outside.CASE: (r"oppfyll\w*|fyller krav\w*|kvalifis\w*|anbud\w*|anbod\w*|konkurranse\w*|tender\w*|qualif\w*",),
    Outside.GENERAL: (
        r"tilskudd\w*|tilskot\w*|grants?|virksomhet\w*|verksemd\w*|kaf[eé]\w*|bedrift\w*|sosial\w*|social|selge|selje",
    ),
}


def _compile(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w)(?:{pattern})(?!\w)" for pattern in patterns) or r"(?!)", re.I)


_COMPILED = [(kind, _compile(looks), _compile(_UNLESS.get(kind, ()))) for kind, looks in _LOOKS.items()]


def find_outside(text: str) -> Outside | None:
    """The kind of question outside the guide's field that the text asks; None where it looks like none.

    What is told before the question decides nothing: a story may hold an illness and ask for a grant.
    """
    asked = " ".join(asking(text))
    return next((kind for kind, looks, unless in _COMPILED if looks.search(asked) and not unless.search(asked)), None)
