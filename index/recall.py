"""The vectors of the guide's own questions, kept from when the index was built: an answer compares with hundreds."""

from collections.abc import Sequence

from index.embed import Embedder, Vectors
from index.matrix import Matrix, hashes_of


class RecallingEmbedder:
    """An embedder that looks up the questions it knows, and embeds everything else."""

    def __init__(self, embedder: Embedder, questions: Matrix) -> None:
        self._embedder, self._questions = embedder, questions
        self.name, self.fingerprint = embedder.name, embedder.fingerprint
        self.encode_passages, self.encode_tokens = embedder.encode_passages, embedder.encode_tokens

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """As the protocol says."""
        places = self._questions.find(hashes_of(texts))
        new = [row for row, place in enumerate(places) if place < 0]
        made = self._embedder.encode_queries([texts[row] for row in new])
        if len(new) == len(texts):
            return made
        vectors = self._questions.rows(places)
        vectors[new] = made
        return vectors
