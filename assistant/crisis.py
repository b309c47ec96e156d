"""Signs of a crisis in a question → the public help numbers of the guide, before anything else is looked for."""

import re

from assistant.texts import say
from assistant.types import Draft, Passage
from index.catalog import Catalog
from index.statements import plain

HELP_NUMBERS = "aktorer/hjelpetelefoner"  # the document whose lists are the numbers
_WHOM = r"(?:meg|seg|deg|oss|henne|ho|hun|han|ham|barna|barnet|ungane|ungene|kona|sønnen|dattera|datteren)"
_NO = r"(?:ikke|ikkje)"
_PERSON = r"(?:kvinne|mann|jente|gutt?|bruker|brukar|deltak|gjest|ungdom|kamerat|venn|datter|dotter|sønn|son)\w*"
# Someone's own words, or what happens to someone: always a crisis.
_ACUTE = re.compile(
    r"\b(?:"
    r"(?:ta|tar|tek|tok|tatt|teke) (?:livet (?:sitt|mitt|hennes|hans)"
    r"|(?:sitt|mitt|hennes|hans|eget|eige) (?:eget |eige )?liv)"
    r"|(?:ta|tar|tek|tok|tatt|teke) livet av (?!(?:\w*bedrift|\w*prosjekt|firma|lag|\w*forening|\w*selskap|tilbud"
    r"|ide|idé|ordning|tiltak|motivasjon|virksomhet|verksemd|stiftelse|organisasjon|kreativitet|engasjement)\w*)\w+"
    rf"|(?:(?:vil|orkar?|orker|klarer|klarar|ønsker|ønskjer) {_NO}|{_NO} (?:vil|orkar?|orker|ønsker|ønskjer))"
    r" (?:lenger |lengre )?(?:å )?leve(?! (?:av|på|med|opp))"
    r"|(?:vil|ønsker å|ønskjer å|lyst til å|lyst å) (?:bare |berre )?(?:dø|døy|forsvinne|forsvinna)(?! (?:for|av)\b)"
    rf"|(?:orker|orkar|klarer|klarar) {_NO} (?:mer|meir)(?=\s*(?:[.,!?]|$))"
    rf"|(?:drepe?a?|henge|skyte|drukne|skytte) {_WHOM}(?! (?:på|opp|ut|med)\b)"
    r"|hopp(?:e|er|ar) (?:fra|frå|av|utfor) (?:brua|broen|bruen|taket|balkongen)"
    r"|(?:skader|skadar|kutter|kuttar) (?:seg|meg) (?:selv|sjølv)|(?:kutter|kuttar) (?:seg|meg)(?! (?:ut|løs|ned|vekk))"
    r"|(?:for mange|for mykje|haug med) (?:piller|pillar|tabletter|tablettar)"
    r"|(?:tatt|teke|took|taken) (?:\w+ )?(?:overdose|piller|pillar|tabletter|tablettar|pills)"
    rf"|(?:slår|slær|slo|banker|bankar|kveler|truer|trugar|mishandler|voldtok) {_WHOM}"
    r"(?! (?:på|til|at|sam\w+|opp|ut|ned)\b)"
    r"|(?:truer|trugar|truet) med (?:å (?:drepe|ta|skyte|skade)|kniv|våpen)|tru(?:es|et|a) på livet|redd for livet"
    rf"|(?:puster|pustar) {_NO}|{_NO} (?:puster|pustar)"
    r"|(?:fått|får|har|hatt) (?:hjerteinfarkt|hjarteinfarkt|hjertestans|hjartestans|(?:hjerne)?slag)"
    rf"|{_NO} verdt? å leve|verd å leve|(?:not|isn't|no longer) worth living"
    r"|(?:gjøre|gjere) (?:det )?slutt på (?:alt|det hele|livet)"
    r"|blør (?:kraftig|mye|mykje)"
    r"|end (?:my|her|his|their) (?:own )?li(?:fe|ves)|end it all"
    r"|kill(?:s|ing)? (?:my|her|him|them)sel(?:f|ves)|kill me"
    r"|wants? to die|tak(?:e|es|ing) (?:my|her|his|their) own li(?:fe|ves)|to kill (?:me|her|him|us|them)"
    r"|(?:can't|cannot|can not|don't want to|doesn't want to) (?:go on(?: living)?|live)(?! (?:off|on|with))"
    r"|cut(?:s|ting)? (?:my|her|him|them)sel(?:f|ves)|cut(?:s|ting)? (?:my|her|his|their) (?:wrists?|arms?)"
    r"|(?:beats?|abuses|hits?|raped|stabbed|strangl\w+) (?:me|her|him|the kids|my (?:son|daughter|child\w*))"
    r"|too many pills|not breathing|stopped breathing|overdosed"
    r"|(?:having|had|has) a (?:heart attack|stroke)|bleeding (?:heavily|badly)"
    r")\b",
    re.I,
)
_DANGERS = (
    r"(?:(?:selvmord|sjølvmord)(?:et|s?tank\w+|sfare|s?forsøk\w*)?|suicid\w+|beaten|abused|raped"
    r"|(?:bevisstløs|medvitslaus|unconscious|hjertestans|hjartestans|overdose)(?! (?:av|of))"
    r"|heart attack(?! of)|self-?harm\w*|selvskading|sjølvskading)"
)
_HARMED = (
    r"(?:blir|bli|ble|blei|vart|blitt|vorte) (?:slått|slegen|slege|banka|banket|mishandlet|mishandla|misbrukt|voldtatt"
    r"|valdteken)(?! (?:sammen|saman|konkurs|opp til|ut|på|til|ned|fast)\b)"
)
_THEME = re.compile(rf"\b(?:{_DANGERS}|{_HARMED})\b", re.I)
# The same words are the theme of much social work: then it is a crisis only where it is said of someone.
_WORK = re.compile(
    r"\b(?:\w*tilskudd\w*|\w*tilskot\w*|søke?r?|søkje?r?|søknad\w*|fond\w*|midler|midlar|støtte|støtta|\w*prosjekt\w*"
    r"|tiltak\w*|\w*forebygg\w*|\w*førebygg\w*|\w*kurs\w*|tilbud\w*|tilbod\w*|jobber (?:med|for)|jobbar (?:med|for)"
    r"|arbeide?r? (?:med|mot|for)|arbeidar med|finansier\w*|starte|foredrag|prevent\w*|fund\w*|grants?|projects?"
    r"|work(?:s|ing)? (?:with|against|for|to)|training|courses?|apply)\b",
    re.I,
)
_SOMEONE = (
    r"(?:jeg|eg|han|hun|ho|i|he|she|mannen|kona|(?:en|ein|ei|eit|et|a|one|my|our)"
    rf"(?: (?!som\b|for\b|mot\b|med\b|who\b|with\b)\w+){{1,4}}?|{_PERSON}(?: (?!som\b)\w+){{0,3}}?)"
)
_SAYS = (
    r"(?:har|hadde|er|blir|ble|blei|vart|vil|tenker|tenkjer|snakker|snakkar|sier|seier|prøvde|forsøkte|truer|trugar|fikk"
    r"|fekk|ligger|ligg|has|had|is|was|am|says|feels|thinks|talks|tried|keeps)(?: \w+){0,3}"
)
_SAID_OF_SOMEONE = re.compile(rf"\b{_SOMEONE} (?:{_SAYS} {_DANGERS}|{_HARMED})\b", re.I)


def is_crisis(text: str) -> bool:
    """Whether the text speaks of someone in danger: suicide, violence, acute illness."""
    if _ACUTE.search(text) or _SAID_OF_SOMEONE.search(text):
        return True
    return touches_crisis(text) and not _WORK.search(text)


def touches_crisis(text: str) -> bool:
    """Whether danger to life is what the text is about, be it as the theme of someone's work."""
    return bool(_THEME.search(text))


def help_numbers(language: str, catalog: Catalog) -> list[Draft] | None:
    """The numbers to ring, each quoted from the guide; None where the guide has no such document."""
    chunks = [c for c in catalog.chunks if c.doc_id == HELP_NUMBERS and len(c.heading_path) > 1]
    if not chunks:
        return None
    document = next(d for d in catalog.documents if d.doc_id == HELP_NUMBERS)
    numbers = [
        Draft(plain(document.text[s.start : s.end]), Passage(0, document, chunks[0], 0.0), s, is_item=True)
        for s in chunks[0].statements
    ]
    return [Draft(say(language, "crisis")), *numbers]
