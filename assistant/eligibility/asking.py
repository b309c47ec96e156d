"""Does a turn ask whether the asker can have a scheme? Not what to use it for, how, when, or with what else."""

import re

from assistant.eligibility.stated import any_of
from assistant.intent import asking

_WE = any_of("""vi|me|jeg|eg|man|we|i|en|et|ein|eit|ei|an?|our|\\w+ (?:vår|vårt|min|mi|mitt)|vår\\w*|min|mitt
|forening\\w*|foreining\\w*|stiftels\\w*|stifting\\w*|enkeltperson\\w*|enk|as|aksjeselskap\\w*|samvirke\\w*|kommune\\w*
|lag|bedrift\\w*|firma\\w*|verksemd\\w*|virksomhet\\w*|organisasjon\\w*|arbeidsgiver\\w*|arbeidsgjevar\\w*|sosiale?
|associations?|foundations?|companies|municipalit\\w+|employers?""")
_GET = any_of("""søke?|søkje|søkja|få|motta|delta|(?:bruke|nytte) (?=\\w*fun)|være med|vere med|kvalifisere
|bli (?:med|(?:godkjent som )?\\S*(?:mottak\\w+|arrangør))|registreres som \\S*mottak\\w+|get|apply|receive|qualify
|join""")
_FIT = any_of("""kvalifisert\\w*|berettiget|berettiga|støtteberettig\\w*|søknadsberettig\\w*|aktuelle?|eligible|entitled
|qualified|allowed to apply""")
_RIGHT = any_of("""rett (?:på|til)|krav på|mulighet til å få|høve til å få|(?:lov|adgang|anledning|høve) til å søkj?e
|a right to|entitled to""")
_ASKS = re.compile(
    "|".join(
        (
            rf"\b(?:kan|kunne|skal|can|could|may) {_WE}\b(?P<between>[^?.!]*?)\b{_GET}\b",
            rf"\b(?:om|whether|if|at) (?:\w+ )?{_WE} (?:\w+ )?(?:kan|can|could) {_GET}\b",
            rf"\b(?:vil|will|would) {_WE} (?:\w+ )?(?:kunne|be able to) {_GET}\b",
            rf"\b(?:mulig|mogleg|possible) (?:for \w+ ?\w* )?(?:å|to) {_GET}\b",
            rf"\bfår {_WE}\b",
            rf"\b(?:har|have|has) {_WE}\b[^?.!]*?\b{_RIGHT}\b",
            rf"\b(?:er|is|are|am) {_WE}\b[^?.!]*?\b(?:{_FIT}|(?:for|too) \w+ (?:til å|to) {_GET})\b",
            rf"\b(?:would|could|can|do|does) {_WE}\b[^?.!]*?\b(?:be eligible|qualify)\b",
            rf"\b(?:oppfyller|oppfyl|innfrir|fyller|kvalifiserer|do) {_WE}\b(?: meet| fulfil)?",
            rf"\b(?:passer|passar|gjelder|gjeld)\b(?P<named>[^?.!]*)\bfor (?:oss|meg|{_WE})\b",
            r", kan (?:vi|me|jeg|eg) det\?",
        )
    ),
    re.I,
)
_QUESTION_WORD = re.compile(
    r"\b"
    + any_of("""hvor|kor|når|hva|kva|hvem|kven|hvordan|korleis|hvilke\\w*|hvilket|kvar|hvorfor|kvifor|how|when|where
|what
|which|who|why|må|skal til""")
    + r"\b",
    re.I,
)
# What is asked for is not the scheme itself but something about the money, the deadline or the answer, or two schemes.
_NOT_THE_SCHEME = re.compile(
    r"\b"
    + any_of("""samtidig\\w*|samstundes|samme tid|i tillegg|kombiner\\w*|både|begge|utsatt|utsett\\w*|utsetj\\w*
|forleng\\w*
|leng[er]re|lenger|lengst|svar|forskudd|forskot|hjelp\\w*|bistand|råd|rettleiing|veiledning|utbetalt|utbetaling\\w*
|betalt
|vite|se|sjå|tilbake|attende|beholde|behalde|mer|meir|flere|fleire|gang(?:er|en)?|igjen|på nytt|innsyn|klage\\w*|avslag
|mal(?:en|er)?|dekket|dekka|dekt|godkjent? vedtekt\\w*|fritak|frist\\w*|utsettelse|lov|på engelsk|feriepenger|utbytt?e
|kontrakt\\w*|revisor|eksempel|eksempler|døme|to ulike|neste år|hvert år|å bruke|til å betale|fri|etter fristen
|(?:til|på) (?:lønn|løn|husleie|husleige|utstyr|reis\\w*|mat|kurs|lokaler?|drift|strøm|bil)|lønn|løn|reise
|same time|combin\\w*|along with|on top|as well as|extension|advance|help|advice|more|again|twice|refund\\w*|paid|rent
|salar\\w+|deadline|answer|template|both|used? (?:it|the|this)""")
    + r"\b",
    re.I,
)
_ASIDE = re.compile(r",| (?:når|hvis|viss|dersom|selv om|sjølv om|som|when|if|although|og hvor|og kor|and how)\b", re.I)


def asks_whether(turn: str) -> bool:
    """Whether the turn asks if the asker, or an organisation like theirs, can have something itself."""
    for sentence in asking(turn):
        match = _ASKS.search(sentence)
        if match is None or _QUESTION_WORD.search(sentence[: match.start()]):
            continue
        wanted = " ".join((match["between"] or "", match["named"] or "", _ASIDE.split(sentence[match.end() :])[0]))
        if not _NOT_THE_SCHEME.search(wanted):
            return True
    return False
