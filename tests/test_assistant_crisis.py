"""Someone in danger: the help numbers come first, quoted, and only then."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answer import Engine, answer
from assistant.crisis import is_crisis
from assistant.types import Status
from index.build import build_index
from index.document import read_corpus
from index.embed import Embedder
from index.load import open_index

NUMBERS = (
    "## Hva de kan hjelpe med\n\n- Ring 113 når liv er i fare.[^lov-om-fond]\n"
    "- Ring 116 117 til legevakt.[^lov-om-fond]\n"
)


@pytest.mark.parametrize(
    "text",
    [
        "En deltaker sier at han vil ta livet sitt i kveld",
        "ho seier ho ikkje orkar leve lenger, kva gjer eg",
        "En deltaker sier at hun ikke orker å leve lenger",
        "han orker ikke å leve",
        "Hun vil ikke leve mer",
        "han seier at han ikkje vil leve",
        "en gutt sier han vil gjøre slutt på alt",
        "A participant told me she wants to end her life tonight. Who do I ring?",
        "hun har selvmordstanker",
        "han slår henne, hva gjør vi",
        "en av gjestene puster ikke",
    ],
)
def test_words_of_danger_are_seen(text: str) -> None:
    assert is_crisis(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kan vi søke tilskudd til selvmordsforebygging?",
        "Hvordan slår vi sammen to foreninger?",
        "Does the fund support work against domestic abuse?",
        "Hva er fristen?",
        "Vi orker ikke mer papirarbeid",
        "Hvordan gjør vi slutt på avtalen?",
        "Kva får eg vite når eg slår ho opp i registeret?",
    ],
)
def test_ordinary_work_is_no_crisis(text: str) -> None:
    assert not is_crisis(text)


def test_the_numbers_are_the_whole_answer_each_with_its_source(
    corpus_dir: Path,
    index_home: Path,
    embedder: Embedder,
    write: Callable[[Path, str], Path],
    document_text: Callable[..., str],
) -> None:
    write(corpus_dir / "aktorer" / "hjelpetelefoner.md", document_text(title="Hjelpetelefoner", body=NUMBERS))
    build_index(read_corpus(corpus_dir), index_home, embedder)
    index = open_index(index_home, embedder)
    result = answer(Engine(index, embedder), ["Han sier at han vil ta livet sitt. Når er fristen hos fylket?"])
    index.store.close()
    assert result.status is Status.ANSWERED
    assert [citation.quote for citation in result.citations] == [
        "Ring 113 når liv er i fare.",
        "Ring 116 117 til legevakt.",
    ]
    assert result.text.startswith("Det kan stå om liv.")
    assert "1. mars" not in result.text
