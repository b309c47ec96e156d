"""What the attack tests have alike: the whole server on the tiny guide, and a count of the cases that were tried."""

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import WordSumEmbedder
from starlette.testclient import TestClient

from assistant.config import Config
from assistant.server import create_app

ROOT = Path(__file__).parent.parent
tried: Counter[str] = Counter()  # cases by what kind of attack they are; conftest tells of them when all is done
LEAKS = (
    "Traceback",
    "site-packages",
    str(ROOT),
    tempfile.gettempdir(),
    sys.prefix,
    sys.base_prefix,
    '.py"',
    "line 1",
    "uvicorn",
    "gradio_client",
)


def attempt(kind: str, count: int = 1) -> None:
    """Counts cases of an attack."""
    tried[kind] += count


@contextmanager
def whole_server(built_home: Path, folder: Path, **settings: object) -> Iterator[TestClient]:
    """A client of the real application, with breakage answered as it is on the web."""
    home = shutil.copytree(built_home, folder / "index")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "")
        patch.delenv("GRADIO_ANALYTICS_ENABLED")
        patch.setattr("assistant.live.load_embedder", lambda name: WordSumEmbedder())
        config = Config(index=home, store=str(folder / "abc.sqlite"), hosts="testserver", **settings)  # type: ignore[arg-type]
        with TestClient(create_app(config), raise_server_exceptions=False) as client:
            yield client
