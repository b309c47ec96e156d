"""A conversation is sent and a file comes back; what is no conversation is refused in Norwegian."""

import json
from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.answer import Engine, answer
from assistant.export.routes import MAX_BYTES, MAX_PARTS, MAX_TURNS, export_routes
from assistant.texts import say
from index.embed import Embedder
from index.load import Index

QUESTION = "Hvem kan søke etableringsfondet?"


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    app.include_router(export_routes())
    return TestClient(app)


@pytest.fixture
def turn(built_index: Index, embedder: Embedder) -> dict[str, object]:
    """A question and its answer as the page holds them."""
    found = answer(Engine(built_index, embedder), [QUESTION], date(2026, 3, 1))
    return {"question": QUESTION, "answer": found.as_json()}


def changed(turn: Mapping[str, object], **changes: object) -> dict[str, object]:
    """The turn with some of its answer changed."""
    return {**turn, "answer": {**turn["answer"], **changes}}  # type: ignore[dict-item]


def conversation(turns: Sequence[object], language: str = "nb") -> dict[str, object]:
    return {"language": language, "turns": list(turns)}


def test_a_conversation_comes_back_as_markdown_under_a_name_with_the_date(
    client: TestClient, turn: dict[str, object]
) -> None:
    response = client.post("/samtale.md", json=conversation([turn]))
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
    assert (
        response.headers["content-disposition"] == f'attachment; filename="abc-samtale-{date.today().isoformat()}.md"'
    )
    assert response.text.startswith("# Samtale med ABC for sosiale entreprenører\n")
    assert f"## {QUESTION}\n" in response.text
    assert all(f"«{citation['quote']}»" in response.text for citation in turn["answer"]["citations"])  # type: ignore[index]


def test_a_conversation_comes_back_as_a_word_file(client: TestClient, turn: dict[str, object]) -> None:
    response = client.post("/samtale.docx", json=conversation([turn, turn], "en"))
    assert response.status_code == 200
    assert response.headers["content-type"].endswith("wordprocessingml.document")
    assert response.headers["content-disposition"].endswith('.docx"')
    assert response.content.startswith(b"PK")


def test_the_page_decides_the_language_of_the_frame(client: TestClient, turn: dict[str, object]) -> None:
    assert "## Kjelder" in client.post("/samtale.md", json=conversation([turn], "nn")).text


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '{"language": "nb"}',
        '{"language": "nb", "turns": []}',
        '{"language": "nb", "turns": [{"question": "Hva?"}]}',
        '{"language": "nb", "turns": [{"question": "Hva?", "answer": {}}]}',
        '{"language": "nb", "turns": [{"question": "\\ud800", "answer": {"id": "1", "status": "error", "text": "x", '
        '"language": "nb"}}]}',
    ],
)
@pytest.mark.parametrize("path", ["/samtale.md", "/samtale.docx"])
def test_what_is_no_conversation_is_refused_in_norwegian(client: TestClient, path: str, body: str) -> None:
    response = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()) == (422, {"error": say("nb", "export_unreadable")})


def test_a_language_or_class_that_we_have_no_words_for_is_refused(client: TestClient, turn: dict[str, object]) -> None:
    citations = [{**citation, "class": "vits"} for citation in turn["answer"]["citations"]]  # type: ignore[index]
    for wrong in (
        conversation([turn], "fr"),
        conversation([changed(turn, language="fr")]),
        conversation([changed(turn, citations=citations)]),
        conversation([changed(turn, status="vet ikke")]),
        conversation([turn] * (MAX_TURNS + 1)),
    ):
        assert client.post("/samtale.docx", json=wrong).status_code == 422


def test_a_form_on_another_site_cannot_make_a_file(client: TestClient, turn: dict[str, object]) -> None:
    body = json.dumps(conversation([turn]))
    response = client.post("/samtale.md", content=body, headers={"Content-Type": "text/plain"})
    assert (response.status_code, response.json()) == (415, {"error": say("nb", "export_unreadable")})


@pytest.mark.parametrize(
    "text", ["x" * MAX_BYTES, "a\n" * MAX_PARTS + "\n", "| a " * MAX_PARTS + "|", "[1]" * MAX_PARTS]
)
def test_what_is_too_big_is_refused_in_norwegian(client: TestClient, turn: dict[str, object], text: str) -> None:
    response = client.post("/samtale.docx", json=conversation([changed(turn, text=text)]))
    assert (response.status_code, response.json()) == (413, {"error": say("nb", "export_too_big")})


def test_other_kinds_of_file_do_not_exist(client: TestClient, turn: dict[str, object]) -> None:
    assert client.post("/samtale.pdf", json=conversation([turn])).status_code == 404
    assert client.get("/samtale.md").status_code == 405


def test_marks_and_lines_that_make_no_sense_break_nothing(client: TestClient, turn: dict[str, object]) -> None:
    for text in (
        "",
        "[0]",
        "[1]–[9999]",
        "[3]–[1]",
        "| |",
        "|  |\n| --- |",
        "| a | b |\n| - |\n| c |",
        "- ",
        "- **:** ",
        "\x00\x1b",
    ):
        for path in ("/samtale.md", "/samtale.docx"):
            assert client.post(path, json=conversation([changed(turn, text=text)])).status_code == 200, (path, text)
