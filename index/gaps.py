"""The questions that the guide is known not to answer, found by words and meaning; few enough to compare with each."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.analyse import stems
from index.embed import Embedder, Vectors
from index.postings import Postings
from index.spoken import Spoken, analyse_words, post

_VECTORS, _STEMS = "vectors.npy", "stems"


class GapIndex:
    """BM25 and vectors over one list of questions; answers are in the order the questions were given."""

    def __init__(self, postings: Postings, vectors: Vectors) -> None:
        self._postings, self._vectors = postings, vectors

    @classmethod
    def build(cls, questions: Sequence[str], embedder: Embedder) -> "GapIndex":
        """An index held in memory."""
        known: dict[str, int] = {}
        spoken = Spoken.read(questions, known)
        postings = post(spoken, *analyse_words([*known], stems), len(questions))
        return cls(postings, embedder.encode_queries(questions))

    @classmethod
    def load(cls, folder: Path) -> "GapIndex":
        """The index that `save` wrote to `folder`."""
        vectors = np.load(folder / _VECTORS)
        return cls(Postings.load(folder / _STEMS, len(vectors)), vectors)

    def save(self, folder: Path) -> None:
        """Writes words and vectors under `folder`."""
        self._postings.save(folder / _STEMS)
        np.save(folder / _VECTORS, self._vectors)

    def likeness(self, wordings: Sequence[str], vector: Vectors) -> npt.NDArray[np.float32]:
        """`(n,)` float32, at most 2: for each question the share of the best wording that it covers, and its cosine."""
        likeness: Vectors = np.max([self._postings.score(stems(wording)) for wording in wordings], axis=0)
        likeness += self._vectors @ vector
        return likeness
