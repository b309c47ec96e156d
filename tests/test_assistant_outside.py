"""Questions that are not for the guide are known by what they look like; those that only look so are let in."""

import pytest

from assistant.outside import Outside, find_outside
from assistant.texts import LANGUAGES, say

OUTSIDE = {
    Outside.TALK: [
        "Hvem er du?", "Kven er du eigentleg?",
        "er du et menneske?", "Are you human?", "Fortell en vits", "how are you today?",
    ],
    Outside.TASK: [
        "Hvordan lager jeg en løkke i Python?", "Skriv et dikt om vinteren", "Write a poem about autumn",
        "Oversett «god dag» til fransk", "Translate this letter into Polish", "Hva er 14 * 19?",
        "Kan du hjelpe meg med leksa i historie?", "Hva er kvadratroten av 81?",
    ],
    Outside.HEALTH: [
        "Jeg har vondt i kneet, hva bør jeg gjøre?", "Eg har vondt i ryggen, kva bør eg gjere?", "my knee hurts",
        "En deltaker har høyt blodtrykk, hva bør han ta?", "Hvilken medisin bør en deltaker bruke mot angst?",
        "Kan en deltaker ta paracet og ibux samtidig?", "Hva er symptomene på ADHD?",
        "Bør han slutte å ta medisinen sin?", "What medication should she take?", "Hva er symptomer på utbrenthet?",
        "Is a fever of 39 dangerous?", "Can you give medical advice?", "Kva sjukdom har deltakaren vår?",
    ],
    Outside.CASE: [
        "Kan dere avgjøre om vi får tilskudd?", "Kan du bestemme om søknaden er god nok?",
        "Kan de avgjere om me får tilskot?", "Can you decide whether we get the grant?",
        "Har jeg rett i saken min mot kommunen?", "Har vi rett i konflikten med Nav?",
        "Vinner vi i retten hvis vi går videre?", "Will we win the case against the municipality?",
        "Bør jeg saksøke arbeidsgiveren?", "Should we sue the municipality?", "Do we have a case?",
        "Er oppsigelsen min ulovlig?", "Var avslaget vårt ugyldig?", "Kan dere vurdere søknaden vår?",
        "Kan du se på saken min?", "Får vi ja på søknaden?", "Kommer vi til å få medhold?",
        "Am I right in my dispute with the tax office?",
    ],
    Outside.GENERAL: [
        "Hvordan blir været i Skien på lørdag?", "Korleis blir vêret i helga?", "What is the weather like in Larvik?",
        "Hvem vant cupfinalen?", "Gi meg en oppskrift på fiskesuppe", "Hva er hovedstaden i Peru?",
        "Hvem bør jeg stemme på?", "Hva bør jeg se på Netflix?", "cheap flights to Rome", "What time is it?",
    ],
}  # fmt: skip
INSIDE = [
    "Fastlegen skriver sykmelding for en ansatt, hva må vi gjøre?",
    "Hvilken rettslig form bør vi velge?",
    "En ansatt har vondt i ryggen, hva må vi tilrettelegge?",
    "Eg har ein tilsett med feber, må eg betale sjukepengar?",
    "Har jeg rett til dagpenger når jeg starter firma?",
    "Har vi rett på momskompensasjon?",
    "Hvem avgjør om vi får tilskudd?",
    "Kan kommunen avgjøre klagen selv?",
    "Hvordan klager vi på et avslag?",
    "Når er en oppsigelse ugyldig?",
    "Er det lov å ansette midlertidig?",
    "Kan dere vurdere om vi oppfyller kravene til momskompensasjon?",
    "Hvordan vinner vi et anbud?",
    "How do we win a public tender?",
    "Hva er Lær Kidsa Koding?",
    "Finnes det tilskudd til å lære barn Python?",
    "Hvordan regner vi ut feriepenger?",
    "Hvor finner jeg en mal for søknad?",
    "Skriv opp alle kravene til ideelt AS",
    "Lag en liste over tilskudd i Vestfold",
    "Må vi ha legeattest fra deltakerne?",
    "Hva kan vi spørre om helse på jobbintervju?",
    "Finnes det tilskudd til prosjekter om psykisk helse?",
    "Kan vi få grants for a project on fever in children?",
    "Hei! Hvem kan søke tilskudd til sosialt entreprenørskap?",
    "Takk, og når er fristen?",
    "Hvem er dere til for?",
    "Må vi ha visum for en ansatt i kafeen?",
    "Selge pizza fra kafeen: trenger vi mva?",
    "Hva skjer hvis en deltaker blir syk på jobb?",
    "Er vedtekter ulovlige uten utbytteforbud?",
    "Kven kan søkje om tilskot?",
    "Can a foundation apply for the grant?",
    "Har en ansatt rett til lønn under permittering?",
    "Kva gjer vi når kommunen seier nei?",
    "Hvem kan hjelpe oss med en tvist om anskaffelser?",
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in OUTSIDE.items() for text in texts])
def test_a_question_outside_the_field_is_known_by_its_kind(kind: Outside, text: str) -> None:
    assert find_outside(text) is kind


@pytest.mark.parametrize("text", INSIDE)
def test_a_question_that_only_looks_so_is_let_in(text: str) -> None:
    assert find_outside(text) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_has_a_sentence_of_its_own(language: str) -> None:
    assert len({say(language, kind.key) for kind in Outside}) == len(Outside)
