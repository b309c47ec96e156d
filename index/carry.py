"""Versions that were built → the Chroma server, where it has not got them: it is new, or has lost them."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np

from index.catalog import read_catalog
from index.dense import PASSAGES, read_matrices
from index.store import BUILD_S, VectorStore, on_server
from index.versions import SCHEMA, list_versions


def carry_versions(home: Path, url: str, progress: Callable[[int, int], None] = lambda done, total: None) -> list[str]:
    """The names of the versions that were put there; `build_lock` must be held.

    A collection of another size than its version is one that was cut off or lost, and is made anew. Raises: IndexFault.
    """
    known, carried = on_server(home, url), []
    versions = [manifest for manifest in list_versions(home) if manifest.schema == SCHEMA]
    for done, manifest in enumerate(versions, 1):
        folder = home / manifest.version
        with closing(VectorStore(folder, url, BUILD_S)) as store:
            if manifest.version not in known or store.count() != manifest.num_chunks:
                carried += [manifest.version] if _carry(folder, store) else []
        progress(done, len(versions))
    return carried


def _carry(folder: Path, store: VectorStore) -> bool:
    """Whether the files of the version could be read, and so were put on the server."""
    try:
        ids = [chunk.chunk_id for chunk in read_catalog(folder).chunks]
        passages = read_matrices(folder)[PASSAGES]
    except (OSError, EOFError, ValueError, KeyError):
        return False
    store.fill(ids, passages.rows(np.arange(len(ids))))
    return True
