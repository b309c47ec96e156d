"""What kind of answer a question wants."""

import re

from assistant.types import Intent
from index.analyse import words

_WE = r"(?:vi|jeg|eg|me|man|en|dere|du|we|i)"
# In order: the first kind with a match decides. A pattern is what such a question looks like, as whole words.
_INTENTS: tuple[tuple[Intent, tuple[str, ...]], ...] = (
    (
        Intent.CONTACT,
        (
            rf"(?:hvem|kven|ka|who|whom) (?:kan|bør|can|should|do|could) {_WE} (?:\w+ )?(?:spørre?|ringe?"
            r"|gå til|kontakte?|snakke? (?:med|til|om)|henvende?|vende|be om hjelp|søkje hjelp|ask|contact|call"
            r"|talk to|turn to)",
            r"(?:hvem|kven|who) (?:kan|can) (?:hjelpe|rettleie|veilede|help|advise)|(?:hvem|kven) (?:henvender|vender)",
            rf"(?:hvor|kor|kvar|where) (?:kan|får|can) {_WE} (?:få |find |get )?(?:hjelp|råd|veiledning|rettleiing"
            r"|help|advice)",
        ),
    ),
    (
        Intent.STORY,
        (
            r"(?<!for )(?<!til )eksemp(?:el|elet|ler|lar)|døme(?! på)|histori(?:e|en|a|er|ene|ar)|example\w*",
            r"erfaring(?:er|ar|ene|ane) (?:fra|frå|med|hos)|fortell? (?:meg |oss )?om (?:en|et|ein|eit|noen|andre)",
            r"stor(?:y|ies)|andre som har|noen som har|nokon som har|anyone who has|others who have",
        ),
    ),
    (
        Intent.DEADLINE,
        (
            r"\w*frist(?:en|er|ene|ar|ane)?|deadlines?|siste dag\w*|søkedato|seinast|senest|seinest|innen når|by when",
            rf"når (?:må|kan|skal|bør) {_WE} (?:\w+ ){{0,3}}(?:søke?|søkje|levere?|sende?|registrere|betale|ha sendt)",
            r"(?:når|when) (?:må|skal|bør|must|should) .{3,60}(?:sendt|levert|inne|søkt|betalt|sent|submitted|paid)",
            r"når (?:åpner|stenger|opnar|stengjer)|when (?:do|must|should|can) (?:we|i) (?:apply|send|submit|file|pay)",
        ),
    ),
    (
        Intent.OWN_SHARE,
        (
            r"egenandel\w*|eigendel\w*|eget bidrag|betale (?:selv|sjølv)|e[gi]+enfinansiering|e[gi]+eninnsats",
            r"own (?:contribution|share|funding)|co-?financ\w+|match(?:ing)? funding",
        ),
    ),
    (
        Intent.DURATION,
        (
            r"(?:hvor|kor) (?:lenge|lang tid|mye tid|mykje tid)|varighet\w*|how long|how much time",
            r"(?:hvor|kor) mange (?:år|måneder|månader|uker|veker|dager|dagar)|how many (?:years|months|weeks|days)",
        ),
    ),
    (
        Intent.AMOUNT,
        (
            r"(?:hvor|kor) (?:my[ek]\w*|mykje|stor\w*|høye?|høgt?)|how (?:much|high)|\w*beløp\w*|prosent|maks\w*",
            r"(?!\w*innsats)\w*sats(?:en|er|ene|ar|ane)?|(?:hvor|kor) mange (?:kroner|penger|pengar|tusen)|gratis",
            r"gebyr\w*|fees?|kost(?:er|ar|nad\w*|e)|costs?|pris(?:en|er|ene|ar|ane)?|prices?",
        ),
    ),
    (Intent.REPORTING, (r"rapport\w*|revisor\w*|regnskap til|rekneskap til|report\w*",)),
    (Intent.COMBINATION, (r"kombiner\w*|samtidig (?:med|som)|samstundes (?:med|som)|i tillegg til|combin\w*",)),
    (
        Intent.NOT_COVERED,
        (
            r"dekk(?:es|er|jer|ast) (?:\w+ )?(?:ikke|ikkje)|(?:ikke|ikkje) (?:bruk(?:es|ast) til|dekt|dekket|dekkes)",
            r"not (?:cover|pay for|use[d]? for)\w*|excluded",
        ),
    ),
    (
        Intent.LEGAL_BASIS,
        (
            r"\w*hjemmel\w*|hjemla|(?:hvilken|hvilke|kva|which|what) (?:lov|lover|forskrift|law|laws|regulations?)",
            r"(?:hvilke[nt]?|kva) paragraf\w*|legal basis",
        ),
    ),
    (
        Intent.ADMINISTRATOR,
        (
            r"(?:hvem|kven) (?:er det som )?(?:forvalt\w+|behandl\w+|handsam\w+|avgjør|avgjer|bestemmer|deler ut"
            r"|lyser ut|står bak)|who (?:decides|runs|administers|manages|hands out)",
        ),
    ),
    (
        Intent.REQUIREMENTS,
        (r"krav\w*|vilkår\w*|kriteri\w*|betingelse\w*|kreve[rs]?|krevst|requirement\w*|conditions?|criteria",),
    ),
    (
        Intent.WHO_CAN_APPLY,
        (
            r"(?:hvem|kven) (?:kan|får|har)(?! (?:hjelpe?|hjelpa|svare?|gi|gje|vi|jeg|eg|ansvar\w*|start\w*)\b)",
            r"who (?:can|may) (?:apply|get|receive)|who (?:gets|qualifies)|is eligible|are eligible|eligib\w+|qualify",
            r"can (?:we|an? (?:\w+ )?\w+) (?:apply|get)",
            r"(?:kan|får|har) (?:vi|jeg|me|eg|dere|en|et|ein|eit|vår) .*(?:søke?|søkje|få|rett til|motta)",
            r"gjeld(?:er)? .*(?:oss|meg)",
        ),
    ),
    (
        Intent.APPLICATION,
        (
            r"(?:hvordan|korleis|hvor|kor|kvar) .*søk\w*|(?:hvem|kven) søk\w+ .*|(?:how|where) .*apply|søknadsskjema",
            r"(?:hva|kva) må .*søknad\w*",
        ),
    ),
    (Intent.STEPS, (r"hvordan|korleis|steg|fr[ae]mgangsmåte|how (?:do|can|to)",)),
    (
        Intent.DEFINITION,
        (
            r"(?:hva|kva) (?:er|betyr|menes|meiner|tyder|står|vil det si)|what (?:is|are|does|do)|defin\w+",
            r"forklar|explain|meaning of",
        ),
    ),
    (Intent.LIST, (r"hvilke|kva for|kva slags|which|list\w*|alle|oversikt",)),
)
_COMPILED = tuple((intent, re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.I)) for intent, patterns in _INTENTS)
_WANTS_LIST = re.compile(
    r"\b(?:alle|alt|hele|heile|all|every|whole|full|complete)\b.{0,40}\b(?:liste\w*|lista|punkt\w*|steg\w*|krav\w*|list"
    r"|steps?|points?|items?|requirements?|things|saman|sammen)\b"
    r"|\b(?:hvilke|kva for|kva|hva slags|which|what) (?:steg|punkt\w*|krav|papir\w*|dokument\w*|vedlegg|opplysning\w*"
    r"|ting|steps|documents|papers|requirements|conditions|items|points|things|boxes)\b"
    r"|\b(?:hva|kva|what) (?:må|skal|bør|must|should|has to|needs to) (?:\w+ ){0,5}"
    r"(?:inneholde|innehalde|stå|(?:være|vere|ha) med|dekke|svare på|include|contain|be in|cover)\b"
    r"|\b(?:skriv|ram[sz]) opp\b|\blist (?:up|out|all|the)\b|\bstegene\b|\bstega\b|\bpunktvis\b",
    re.I,
)

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_SMALL_TALK_WORDS = """
hei heia heisann hallo hello hi hey there god dag morgen kveld morn good morning evening afternoon alle takk tusen mange
for hjelpen hjelpa svaret skal du ha
ok okei okay greit fint flott bra supert topp kult perfekt ja nei thanks thank you very much a lot great good nice bye
hade deg igjen
"""
_SMALL_TALK = frozenset(_SMALL_TALK_WORDS.split())


def find_intent(text: str) -> Intent:
    """What kind of answer the question wants; `GENERAL` where no pattern says."""
    return next((intent for intent, pattern in _COMPILED if pattern.search(text)), Intent.GENERAL)


def wants_list(text: str) -> bool:
    """Whether the question asks for all of something: every step, point or requirement."""
    return bool(_WANTS_LIST.search(text))


def split_typed(text: str) -> list[str]:
    """The sentences of what a person typed, by their last mark: unlike in the guide, no capital need follow."""
    return [sentence for sentence in _SENTENCE.split(text) if sentence]


def asking(text: str) -> list[str]:
    """The sentences that ask; all of them where none ends in a question mark."""
    said = split_typed(text)
    return [sentence for sentence in said if sentence.endswith("?")] or said


def is_small_talk(text: str) -> bool:
    """Whether the text only greets, thanks or says goodbye."""
    said = words(text)
    return bool(said) and set(said) <= _SMALL_TALK
