"""What the tests of the maintainers' page have alike: the page alone, and a way in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from conftest import WordSumEmbedder
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.config import Config
from assistant.live import LiveEngine
from assistant.maintain.password import hash_password
from assistant.maintain.routes import maintain_routes

PASSWORD = "fire tilfeldige ord på rad"
HASH = str(hash_password(PASSWORD))
SECRET = "0123456789abcdef0123456789abcdef"
HOME, LOGIN = "/vedlikehold", "/vedlikehold/logg-inn"
PROXY = {"X-Remote-User": "kari", "X-Abc-Secret": SECRET}


@contextmanager
def serving_guide(home: Path) -> Iterator[LiveEngine]:
    """An engine on the tiny guide that is built in `home`; it follows the pointer as that of a server does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.live.load_embedder", lambda name: WordSumEmbedder())
        yield LiveEngine(Config(index=home))


def make_client(live: LiveEngine | None = None, config: Config | None = None, **settings: Any) -> TestClient:
    """A browser that does not follow where it is sent, on the page of `live`; nobody is logged in."""
    app = FastAPI()
    config = replace(config or Config(), **settings)
    app.include_router(maintain_routes(cast(LiveEngine, live), config))
    return TestClient(app, follow_redirects=False)


def token_in(html: str) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="skjema" value="(\w+)"', html)
    assert found, html
    return found[1]


def try_password(client: TestClient, password: str = PASSWORD, **headers: str) -> Any:
    """What the form of the page answers to the password."""
    token = token_in(client.get(LOGIN).text)
    return client.post(LOGIN, data={"skjema": token, "passord": password}, headers=headers)


def log_in(client: TestClient) -> TestClient:
    """The same browser, logged in."""
    assert try_password(client).status_code == 303
    return client
