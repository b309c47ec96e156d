"""Vectors of questions → groups of those that ask for the same: agglomerative, by average cosine."""

import numpy as np

from index.embed import Vectors, normalise

# 30 made-up questions, each in five wordings (bokmål twice, nynorsk, English, keywords), a third of them near another:
# of pairs put together 84 % ask for the same, and 86 % of those that do are together; without taking the common
# direction away 78 and 80 % at the best threshold (29 November 2026).
ALIKE_FROM = 0.35


def without_common(vectors: Vectors, usual: Vectors) -> Vectors:
    """The vectors without the direction that all questions share, which is the mean of many `usual` ones; unit norm."""
    return normalise(vectors - usual.mean(axis=0))


def group_alike(vectors: Vectors, alike_from: float = ALIKE_FROM) -> list[list[int]]:
    """Places in `vectors` (unit norm), group by group; each place is in one group.

    The two groups with the highest average cosine between their members become one, as long as it is at least
    `alike_from`. Takes memory for the square of the number of vectors.
    """
    groups = [[place] for place in range(len(vectors))]
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -np.inf)
    best = cosines.argmax(axis=1) if len(groups) else np.zeros(0, np.intp)
    while len(groups) > 1:
        one = int(cosines[np.arange(len(groups)), best].argmax())
        other = int(best[one])
        if cosines[one, other] < alike_from:
            break
        sizes = len(groups[one]), len(groups[other])
        merged = np.average(cosines[[one, other]], axis=0, weights=sizes)
        merged[[one, other]] = -np.inf
        cosines[one] = cosines[:, one] = merged
        cosines[other] = cosines[:, other] = -np.inf
        groups[one] += groups[other]
        groups[other] = []
        # Averages never bring two groups nearer than the nearer of the parts: only rows that looked here look again.
        for row in np.flatnonzero((best == one) | (best == other)):
            best[row] = cosines[row].argmax()
        best[one] = merged.argmax()
    return [group for group in groups if group]
