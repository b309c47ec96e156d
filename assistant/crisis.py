"""Signs of a crisis in a question → the public help numbers of the guide, before anything else is looked for."""

import re

from assistant.texts import say
from assistant.types import Draft, Passage
from index.catalog import Catalog
from index.statements import plain

HELP_NUMBERS = "aktorer/hjelpetelefoner"  # the document whose lists are the numbers
_SIGNS = re.compile(
    r"\b(?:"
    r"(?:ta|tar|tek|tok) (?:livet (?:av|sitt|mitt|hennes|hans)|(?:sitt|mitt|hennes|hans|eget|eige) (?:eget )?liv)"
    r"|(?:selvmord|sjølvmord)(?:et|stank\w+|sfare)?|(?:vil (?:ikke|ikkje)|(?:ikke|ikkje) vil) leve"
    r"|(?:ikke|ikkje) ork(?:er|ar|e|a) (?:å )?leve|ork(?:er|ar|e|a) (?:ikke|ikkje) (?:å )?leve"
    r"|(?:gjøre|gjere) (?:det )?slutt på (?:alt|det hele|livet)|(?:vil|ønsker å|ønskjer å) dø"
    r"|end (?:my|her|his|their) (?:own )?li(?:fe|ves)|kill(?:ing)? (?:my|her|him|them)sel(?:f|ves)|suicid\w+"
    r"|wants? to die|tak(?:e|ing) (?:my|her|his|their) own li(?:fe|ves)"
    r"|blir (?:slått|slege|banka|banket|mishandlet|mishandla|misbrukt|voldtatt|valdteken)"
    r"|(?:slår|slær|banker|bankar|kveler|truer|trugar) (?:meg|henne|ho|han|ham|barna|ungane|ungene)(?! opp\b)"
    r"|(?:is|am|are|being|gets?) (?:beaten|abused|raped|hit) |(?:beats|abuses|hits) (?:me|her|him|them|the kids)"
    r"|puster (?:ikke)|pustar ikkje|bevisstløs|medvitslaus|hjertestans|hjartestans|overdose"
    r"|not breathing|unconscious|heart attack|overdosed"
    r")\b",
    re.I,
)


def is_crisis(text: str) -> bool:
    """Whether the text speaks of someone in danger: suicide, violence, acute illness."""
    return bool(_SIGNS.search(text))


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
