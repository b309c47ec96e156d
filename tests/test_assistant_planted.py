"""Sentences of the guide, each made wrong in one way, told by a model behind a server: none may reach the user.

Each model answer carries the bad sentences of one passage and one good one, so that few requests try many cases.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from conftest import WordSumEmbedder, make_text, write_corpus
from model_server import ModelServer
from mutations import MUTATIONS

from assistant.answer import Engine, answer
from assistant.config import Config
from assistant.generate import LanguageModel, load_generator
from index.build import build_index
from index.document import read_corpus
from index.load import Index, open_index

TODAY = date(2026, 3, 1)
SEED = 20261129
# A passage for every kind of mistake; each stands in a document of its own, whose question finds it.
FACTS = (
    "Sparetilskuddet gir inntil 40 000 kroner til foreninger og inntil 90 000 kroner til stiftelser.",
    "Søknadsfristen for sparetilskuddet er 15. januar 2024, og svaret kommer før 1. mai 2024.",
    "Sparetilskuddet kan ikke brukes til gjeld, og søkeren må betale 10 prosent selv.",
    "Bufdir krever minst 3 ansatte og høyst 5 prosjekter etter aksjeloven § 3-1.",
    "Ordningen gjelder fra 2021, og Innovasjon Norge må svare innen 8 uker.",
    "Aksjeselskap må ha 30 000 kroner i kapital og stiftelser 100 000 kroner, etter stiftelsesloven § 14.",
    "Foreninger kan søke hvis de har en skriftlig plan, men kommuner kan ikke søke.",
    "Skatteetaten skal få rapporten senest 31. mars 2025, og den varer i to år.",
    "Bare ideelle foreninger med over 20 medlemmer får støtte på 5 000 kroner per måned.",
    "Den 1. april 2025 fikk 12 kommuner og 4 stiftelser til sammen 2,5 millioner kroner fra Husbanken.",
    "Dersom omsetningen er over 50 000 kroner på tolv måneder, skal foreningen registreres, men ikke før.",
    "Nav kan gi tilskudd i inntil 6 måneder, og kommunen må betale minst 25 prosent av kostnadene.",
    "Fristen er 15. september 2022 for kommuner og 1. oktober 2023 for fylkeskommuner.",
    "IMDi bør godkjenne endringer som gjelder mer enn 15 prosent av budsjettet før 1. juni.",
)
UNRELATED = "Ås Nav-kontor veileder om arbeidstrening."


@dataclass(frozen=True)
class Planted:
    """A bad sentence, as the model writes it with its mark, and the way in which it is bad."""

    sentence: str
    kind: str
    mark: str


def plant(fact: str, rng: random.Random) -> list[Planted]:
    """Every way to make one fact wrong, several times where chance can choose; and the right words, wrongly cited."""
    bad = {}
    for kind, mutate in MUTATIONS.items():
        for _ in range(8):
            changed = mutate(fact, rng)
            if changed and changed != fact:
                bad[changed] = Planted(changed, kind, "[1]")
    wrong = [Planted(other, "wrong passage", "[1]") for other in (*FACTS, UNRELATED) if other != fact]
    return [*bad.values(), *wrong, Planted(fact, "uncited", ""), Planted(fact, "passage not there", "[77]")]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """The tiny guide and a document per fact; a made-up word in its question makes sure that it is found."""
    folder, embedder = tmp_path_factory.mktemp("guide"), WordSumEmbedder()
    corpus = write_corpus(folder / "corpus")
    for number, fact in enumerate(FACTS):
        text = make_text(f"Sak {word(number)}", f"{fact}[^lov-om-fond]", f"Hva gjelder {word(number)}?", word(number))
        (corpus / f"guide/sak-{number}.md").write_text(text, encoding="utf-8")
    build_index(read_corpus(corpus), folder / "index", embedder)
    index = open_index(folder / "index", embedder)
    yield index
    index.store.close()


def word(number: int) -> str:
    return f"kvasselbrum{'abcdefghijklmn'[number] * 3}"


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    server = ModelServer()
    server.piece = 200
    yield server
    server.close()


@pytest.fixture
def model(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> LanguageModel:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return load_generator(Config(llm="openai:prøve", llm_url=f"{server.url}/v1", llm_timeout_s=20))


PLANTED = [plant(fact, random.Random(f"{SEED} {fact}")) for fact in FACTS]


def test_there_are_enough_cases_of_every_kind() -> None:
    kinds = Counter(case.kind for cases in PLANTED for case in cases)
    assert set(kinds) == {*MUTATIONS, "wrong passage", "uncited", "passage not there"}
    assert sum(kinds.values()) >= 300


@pytest.mark.parametrize("number", range(len(FACTS)))
def test_no_planted_sentence_reaches_the_user_and_all_are_counted(
    index: Index, server: ModelServer, model: LanguageModel, number: int
) -> None:
    fact, cases = FACTS[number], PLANTED[number]
    lines = [f"- {case.sentence} {case.mark}" for case in cases]
    server.reply = "\n".join([*lines, f"- {fact} [1]"])
    result = answer(Engine(index, WordSumEmbedder(), model), [f"Hva gjelder {word(number)}?"], TODAY)
    assert f'<utdrag nr="1">{fact}</utdrag>' in server.requests[-1][1]["messages"][-1]["content"]
    assert result.receipt.generator.startswith("openai:prøve")
    said = [line.removeprefix("- ").removesuffix(" [1]") for line in result.text.splitlines() if line.startswith("- ")]
    leaked = [case for case in cases if case.sentence in said and case.sentence != fact]
    assert leaked == []
    assert said == [fact]
    assert result.receipt.removed == len(cases)
