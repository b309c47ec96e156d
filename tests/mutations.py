"""Ways to make a sentence of the guide wrong: each changes one thing that a reader would act on."""

import random
import re
from collections.abc import Callable

MONTHS = [
    "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
    "desember",
]  # fmt: skip
Mutation = Callable[[str, random.Random], str | None]


def _replace(pattern: str, change: Callable[[re.Match[str], random.Random], str]) -> Mutation:
    """A mutation that changes one of the places where the pattern stands."""

    def mutate(text: str, rng: random.Random) -> str | None:
        places = list(re.finditer(pattern, text))
        if not places:
            return None
        place = rng.choice(places)
        return text[: place.start()] + change(place, rng) + text[place.end() :]

    return mutate


def _other(words: list[str]) -> Callable[[re.Match[str], random.Random], str]:
    return lambda match, rng: rng.choice([word for word in words if word.lower() != match[0].lower()])


def _swapped(**pairs: str) -> Callable[[re.Match[str], random.Random], str]:
    both = pairs | {other: word for word, other in pairs.items()}
    return lambda match, _: both[match[0]]


MUTATIONS: dict[str, Mutation] = {
    "figure × 10": _replace(r"\d+(?= 000 kroner)", lambda m, _: f"{m[0]}0"),
    "figure + 1": _replace(
        r"\b\d{1,2}(?= (?:ansatte|prosjekter|uker|medlemmer|prosent))", lambda m, _: str(int(m[0]) + 1)
    ),
    "number word": _replace(r"\bto\b(?= år)", _other(["tre", "fire", "fem"])),
    "year": _replace(r"\b20\d\d\b", lambda m, rng: str(int(m[0]) + rng.choice([-3, -1, 1, 3]))),
    "year added": _replace(r"(?<=1\. juni)(?=\.)", lambda m, rng: f" {rng.choice([2021, 2024])}"),
    "month": _replace(rf"\b(?:{'|'.join(MONTHS)})\b", _other(MONTHS)),
    "day": _replace(r"\b\d{1,2}(?=\. [a-z])", lambda m, _: str(int(m[0]) % 28 + 1)),
    "ikke dropped": _replace(r" ikke\b", lambda m, _: ""),
    "ikke added": _replace(r"\b(?:kan|må|skal|bør|får)\b(?! ikke)", lambda m, _: f"{m[0]} ikke"),
    "bare dropped": _replace(r"\bBare ideelle\b", lambda m, _: "Ideelle"),
    "condition dropped": _replace(r" hvis [^,]+", lambda m, _: ""),
    "section": _replace(r"§ \d+(?:-\d+)?", lambda m, rng: rng.choice(["§ 3-2", "§ 4-1", "§ 41"])),
    "law": _replace(r"\b(?:aksje|stiftelses)loven\b", _other(["aksjeloven", "stiftelsesloven", "skatteloven"])),
    "unit": _replace(r"\bkroner\b", lambda m, _: "euro"),
    "percentage point": _replace(r"\bprosent\b", lambda m, _: "prosentpoeng"),
    "time unit": _replace(r"\b(?:uker|år|måned)\b", _other(["uker", "år", "dager", "timer"])),
    "organisation": _replace(
        r"\b(?:Bufdir|Innovasjon Norge|IMDi|Skatteetaten)\b",
        _other(["Bufdir", "Husbanken", "IMDi", "NAV", "Kavlifondet"]),
    ),
    "form": _replace(
        r"\b(?:[Ff]oreninger|[Ss]tiftelser|[Aa]ksjeselskap|kommuner)\b",
        _other(["foreninger", "samvirkeforetak", "fylkeskommuner"]),
    ),
    "limit": _replace(r"\b(?:minst|høyst)\b", _swapped(minst="høyst")),
    "limit over": _replace(r"\b(?:inntil|over|mer enn)\b", lambda m, _: {"inntil": "minst"}.get(m[0], "under")),
    "limit dropped": _replace(r"\b(?:inntil|høyst) ", lambda m, _: ""),
    "direction": _replace(r"\b(?:fra|før)\b(?= \d)", lambda m, _: {"fra": "til", "før": "etter"}[m[0]]),
    "modal": _replace(r"\b(?:kan|må|skal|bør)\b", lambda m, _: {"kan": "må"}.get(m[0], "kan")),
    "values exchanged": lambda text, _: (
        re.sub(r"(\d+)( 000 kroner.*?)(\d+)( 000 kroner)", r"\3\2\1\4", text) if text.count("000 kroner") == 2 else None
    ),
    "wrong holder": lambda text, _: "Aksjeselskap må ha 100 000 kroner." if "100 000" in text else None,
    "counted": _replace(
        r"\b(?:ansatte|medlemmer|prosjekter)\b(?=,| og| får| etter)", _other(["kommuner", "kontorer", "biler"])
    ),
}
