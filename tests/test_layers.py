"""Imports point one way, and each big library lives in the files that are named for it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("index", "assistant", "eval")  # each may import itself and those before it
HOMES = {
    "chromadb": {"index/store.py", "index/server.py"},
    "llama_index": {"index/chunk.py", "assistant/model.py", "assistant/llamaindex.py"},
    "pdfplumber": {"assistant/draft/pdf.py"},
    "sqlalchemy": {"assistant/record/database.py", "assistant/record/tables.py"},
    "limits": {"assistant/guard/rate.py"},
    "prometheus_client": {"assistant/guard/metrics.py"},
    "watchfiles": {"assistant/build/watch.py"},
    "gradio": {"assistant/server.py", "assistant/ui/"},
    "sentence_transformers": {"index/embed.py"},
    "torch": {"index/train.py"},
}
PEER = "eval/peers.py"  # another program to compare with, written straight on the libraries; nobody imports it
# Imported only where they are asked for: seconds of import, or an extra that may not be installed.
LAZY = {"sentence_transformers", "torch", "gradio"}
EAGER_HOMES = {"index/train.py", "assistant/ui/"}  # themselves imported only where they are asked for


def _files() -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))


def _imports(node: ast.AST) -> Iterator[str]:
    """The full name of every module that the tree imports, wherever it does."""
    for part in ast.walk(node):
        if isinstance(part, ast.Import):
            yield from (alias.name for alias in part.names)
        elif isinstance(part, ast.ImportFrom):
            assert part.level == 0, "relative imports hide which package is meant"
            yield from (f"{part.module}.{alias.name}" for alias in part.names)


def _imports_at_the_top(tree: ast.Module) -> Iterator[str]:
    """Those that importing the module itself runs: not in a function, and not under `if TYPE_CHECKING`."""
    for node in tree.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield from _imports(node)


@cache
def _parse(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text(encoding="utf-8"))


def _is_at_home(file: str, homes: set[str]) -> bool:
    return any(file == home or (home.endswith("/") and file.startswith(home)) for home in homes)


def test_every_package_has_files_to_look_at():
    assert {file.split("/")[0] for file in _files()} == set(LAYERS)
    assert len(_files()) > 30


@pytest.mark.parametrize("file", _files())
def test_file_imports_only_its_own_layer_and_those_below(file):
    allowed = LAYERS[: LAYERS.index(file.split("/")[0]) + 1]
    ours = {name.split(".")[0] for name in _imports(_parse(file))} & set(LAYERS)
    assert ours <= set(allowed)


@pytest.mark.parametrize("library", HOMES)
def test_library_is_imported_only_at_home(library):
    users = {file for file in _files() if library in {name.split(".")[0] for name in _imports(_parse(file))}}
    assert {file for file in users - {PEER} if not _is_at_home(file, HOMES[library])} == set()
    assert {home for home in HOMES[library] if not any(_is_at_home(file, {home}) for file in users)} == set()


@pytest.mark.parametrize("file", [file for file in _files() if not _is_at_home(file, EAGER_HOMES)])
def test_importing_a_file_imports_no_slow_or_optional_library(file):
    top = {name.split(".")[0] for name in _imports_at_the_top(_parse(file))}
    assert top & LAZY == set()


@pytest.mark.parametrize("file", _files())
def test_no_file_imports_training_the_interface_or_the_peer_at_its_top(file):
    lazy = ("index.train", "eval.peers") + (() if file.startswith("assistant/ui/") else ("assistant.ui",))
    assert [name for name in _imports_at_the_top(_parse(file)) if name.startswith(lazy)] == []


def test_corpus_holds_texts_only():
    assert [path.name for path in (ROOT / "corpus").rglob("*") if path.suffix in (".py", ".sh", ".js")] == []
