"""What kind of answer a question wants, and what only looks like it."""

import pytest

from assistant.intent import find_intent, is_small_talk
from assistant.types import Intent

WANTED = """
STORY|Har dere et eksempel på en kafé som fikk det til?
STORY|Fortell om noen som har lyktes med å ansette ungdom
STORY|Any examples of social enterprises in Norway?
STORY|Kva erfaringar frå Danmark finst?
DEADLINE|Når må vi levere årsregnskapet?
DEADLINE|Når går søknadsfristen ut?
DEADLINE|When do we apply?
DEADLINE|Når åpner søknaden?
DEADLINE|Når må vi senest søke?
DEADLINE|Kva er fristane i vår?
OWN_SHARE|Hvor mye må vi betale selv?
OWN_SHARE|Teller dugnad som egeninnsats?
OWN_SHARE|Do we need our own contribution?
DURATION|Hvor lang tid tar det å få svar?
DURATION|Hvor lenge varer lønnstilskuddet?
DURATION|How many years can we get support?
DURATION|Kor mange månader varer prøvetida?
DURATION|Hvor mye tid tar det å stifte et AS?
AMOUNT|Hva koster det å registrere et AS?
AMOUNT|Hva er satsen for arbeidsgiveravgift?
AMOUNT|Kor stor kan støtta bli?
AMOUNT|How much share capital do we need?
AMOUNT|Er det gratis å registrere en forening?
AMOUNT|Hva er prisen på domenenavn?
AMOUNT|What is the registration fee?
REPORTING|Må vi levere rapport?
REPORTING|What do we have to report?
COMBINATION|Kan AFT kombineres med lønnstilskudd?
COMBINATION|Kan vi få støtte samtidig med lån?
NOT_COVERED|Hva dekker ordningen ikke?
NOT_COVERED|Kva kan midlane ikkje brukast til?
NOT_COVERED|What is not covered?
LEGAL_BASIS|Hvilken lov gjelder for stiftelser?
LEGAL_BASIS|Kva paragraf står det i?
LEGAL_BASIS|Which law applies?
ADMINISTRATOR|Hvem er det som behandler søknaden?
ADMINISTRATOR|Hvem står bak Frifond?
ADMINISTRATOR|Kven avgjer saka?
ADMINISTRATOR|Who runs the scheme?
REQUIREMENTS|Hva kreves for å få politiattest?
REQUIREMENTS|Kva vilkår gjeld?
REQUIREMENTS|What are the conditions?
WHO_CAN_APPLY|Hvem kan søke?
WHO_CAN_APPLY|Kven får tilskot?
WHO_CAN_APPLY|Who is eligible?
WHO_CAN_APPLY|Can a foundation apply?
WHO_CAN_APPLY|Kan en stiftelse få støtte?
WHO_CAN_APPLY|Gjelder ordningen for oss?
APPLICATION|Hvordan søker vi?
APPLICATION|Hvem søker vi hos?
APPLICATION|Where do I apply?
APPLICATION|Kvar sender vi søknaden?
STEPS|Hvordan stifter vi en forening?
STEPS|How do we start an association?
STEPS|Korleis kjem vi i gang?
DEFINITION|Hva er SROI?
DEFINITION|Kva tyder effektkjede?
DEFINITION|What is a social enterprise?
DEFINITION|Forklar dobbel bunnlinje
LIST|Hvilke tilskudd finnes for barn?
LIST|Kva slags støtte finst?
LIST|Which grants exist?
GENERAL|Må vi ha styre?
GENERAL|Kan en ansatt være frivillig?
GENERAL|Do we need a board?
"""
NOT_WANTED = """
STORY|Må vi legge ved vedlegg, for eksempel budsjett?
STORY|Hva gjør en erfaringskonsulent?
STORY|Fortell meg om Frifond
STORY|Må vi ha erfaring for å søke?
DEADLINE|Når må vi ha revisor?
DEADLINE|Når regnes noen som ansatt?
DEADLINE|Når får vi svar?
AMOUNT|Hva er en innsatsgruppe?
AMOUNT|Hvem fikk Nobelprisen?
AMOUNT|Hva er satsingen til Gjensidigestiftelsen?
AMOUNT|Kan vi tilby sunt kosthold?
AMOUNT|Hvordan jobber vi med prissetting?
WHO_CAN_APPLY|Hvem kan hjelpe oss i gang?
WHO_CAN_APPLY|Who can help us?
WHO_CAN_APPLY|Hvem har ansvaret i styret?
"""


@pytest.mark.parametrize("row", WANTED.strip().splitlines())
def test_the_kind_of_answer_is_seen_as_people_ask_for_it(row: str) -> None:
    name, text = row.split("|")
    assert find_intent(text) is Intent[name]


@pytest.mark.parametrize("row", NOT_WANTED.strip().splitlines())
def test_a_word_that_only_looks_like_a_kind_of_answer_is_none(row: str) -> None:
    name, text = row.split("|")
    assert find_intent(text) is not Intent[name]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Når er søknadsfristen?", Intent.DEADLINE),
        ("What is the deadline for the fund?", Intent.DEADLINE),
        ("Hvor mye kan en forening få?", Intent.AMOUNT),
        ("Kor mykje pengar kan laget få?", Intent.AMOUNT),
        ("How much can an association get?", Intent.AMOUNT),
        ("Hvem kan søke fondet?", Intent.WHO_CAN_APPLY),
        ("Kven kan søkje fondet?", Intent.WHO_CAN_APPLY),
        ("Hvilke krav stiller fylket?", Intent.REQUIREMENTS),
        ("What are the requirements?", Intent.REQUIREMENTS),
        ("Hvor lenge varer støtten?", Intent.DURATION),
        ("Må vi levere rapport etterpå?", Intent.REPORTING),
        ("Kan støtten kombineres med lån?", Intent.COMBINATION),
        ("Hva dekkes ikke av fondet?", Intent.NOT_COVERED),
        ("Hvor stor egenandel er det?", Intent.OWN_SHARE),
        ("Hva er hjemmelen for fondet?", Intent.LEGAL_BASIS),
        ("Hvem forvalter fondet?", Intent.ADMINISTRATOR),
        ("Hvordan søker man på fondet?", Intent.APPLICATION),
        ("Hvordan stifter man et aksjeselskap?", Intent.STEPS),
        ("Hva er et samvirkeforetak?", Intent.DEFINITION),
        ("Hvilke tilskudd finnes?", Intent.LIST),
        ("Fortell om en kafé som har lyktes", Intent.STORY),
        ("Takk for hjelpen", Intent.GENERAL),
    ],
)
def test_intent_is_the_kind_of_answer_that_is_wanted(text: str, intent: Intent) -> None:
    assert find_intent(text) is intent


@pytest.mark.parametrize("text", ["Hei!", "tusen takk for hjelpen", "ok", "Takk skal du ha 🙂", "thank you very much"])
def test_greetings_and_thanks_are_small_talk(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize("text", ["Hei, hvem kan søke?", "ok, og fristen?", "det", "?", "Hva er takk?"])
def test_what_asks_for_something_is_no_small_talk(text: str) -> None:
    assert not is_small_talk(text)
