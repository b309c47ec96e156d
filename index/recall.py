"""The vectors of the guide's own questions, kept from when the index was built: an answer compares with hundreds."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.embed import Embedder, Vectors

_FILE = "questions.npy"


def write_vectors(folder: Path, vectors: Vectors) -> None:
    """Writes the vectors of all questions of a version, in the order of its chunks."""
    np.save(folder / _FILE, vectors)


def read_vectors(folder: Path) -> Vectors:
    """What `write_vectors` wrote, read from disk where it is used."""
    vectors: Vectors = np.load(folder / _FILE, mmap_mode="r")
    return vectors


class RecallingEmbedder:
    """An embedder that looks up the questions it knows, and embeds everything else."""

    def __init__(self, embedder: Embedder, questions: Sequence[str], vectors: Vectors) -> None:
        if len(questions) != len(vectors):
            raise ValueError(f"{len(questions)} questions, but {len(vectors)} vectors")
        self._embedder, self._vectors = embedder, vectors
        self._places = {question: place for place, question in enumerate(questions)}
        self.name, self.fingerprint = embedder.name, embedder.fingerprint
        self.encode_passages, self.encode_tokens = embedder.encode_passages, embedder.encode_tokens

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """As the protocol says."""
        places = [self._places.get(text, -1) for text in texts]
        new = [row for row, place in enumerate(places) if place < 0]
        made = self._embedder.encode_queries([texts[row] for row in new])
        if len(new) == len(texts):
            return made
        vectors: Vectors = self._vectors[places]
        vectors[new] = made
        return vectors
