"""A language model may put a follow-up in its own words, and nothing of its own into it."""

from collections.abc import Callable

import pytest

from assistant.answer import Engine, answer, understand_turns
from assistant.conversation.rewrite import rewrite
from assistant.generate import LanguageModel
from assistant.model import Connection, GenerationError
from assistant.types import Intent, Query
from index.embed import Embedder
from index.load import Index

TURNS = ["Hvem kan søke etableringsfondet?", "og når er fristen i 2026?"]
RULE = Query("Når er fristen i 2026 for etableringsfondet?", "nb", Intent.DEADLINE, True)


class FakeLlm(Connection):
    """A connection that says the same to every text, and keeps what it was asked."""

    def __init__(self, says: str) -> None:
        self.says, self.prompts = says, list[str]()

    def ask(self, prompt: Callable[[bool], tuple[str, str]], in_schema: bool = True) -> str:
        self.prompts.append(prompt(in_schema)[1])
        return self.says

    def complete(self, rules: str, text: str) -> str:
        return self.ask(lambda _: (rules, text), in_schema=False)


def test_a_question_made_of_the_conversation_is_taken() -> None:
    llm = FakeLlm("«Når går søknadsfristen for etableringsfondet ut i 2026?»\n")
    query = rewrite(RULE, TURNS, llm.complete)
    assert query.text == "Når går søknadsfristen for etableringsfondet ut i 2026?"
    assert (query.intent, query.is_follow_up) == (Intent.DEADLINE, True)
    assert all(f"- {turn}" in llm.prompts[0] for turn in TURNS)


@pytest.mark.parametrize(
    "says",
    [
        "Når er fristen for etableringsfondet i 2027?",
        "Når er fristen for etableringsfondet på 200 000 kroner?",
        "Når er fristen for etableringsfondet i Oslo?",
        "Når er fristen når en stiftelse søker etableringsfondet?",
        "When is the deadline for etableringsfondet in 2026?",
        "Fristen for etableringsfondet er 15. mai 2026.",
        "Hva er klokka?",
        "Når er fristen for etableringsfondet" + " og" * 40 + "?",
        "",
    ],
)
def test_a_figure_name_form_language_or_matter_of_its_own_is_not_taken(says: str) -> None:
    assert rewrite(RULE, TURNS, FakeLlm(says).complete) == RULE


def test_a_model_that_fails_leaves_the_question_of_the_rules() -> None:
    def complete(rules: str, text: str) -> str:
        raise GenerationError(text)

    assert rewrite(RULE, TURNS, complete) == RULE


def test_only_a_follow_up_is_put_to_the_model(built_index: Index, embedder: Embedder) -> None:
    llm = FakeLlm("Når er søknadsfristen for etableringsfondet?")
    engine = Engine(built_index, embedder, LanguageModel(llm, "prøve"))
    assert understand_turns(engine, TURNS[:1]).text == TURNS[0]
    assert llm.prompts == []
    assert understand_turns(engine, [TURNS[0], "og når er fristen?"]).text == llm.says


def test_the_model_never_sees_personal_data(built_index: Index, embedder: Embedder) -> None:
    llm = FakeLlm("Når er søknadsfristen for etableringsfondet?")
    engine = Engine(built_index, embedder, LanguageModel(llm, "prøve"))
    answer(engine, ["Hvem kan søke etableringsfondet? Ring 41234567", "og når er fristen? kari@example.no"])
    assert llm.prompts
    assert not any("41234567" in prompt or "kari@" in prompt for prompt in llm.prompts)
