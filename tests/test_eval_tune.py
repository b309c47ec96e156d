"""What is learned: the signal that points to what is right, and the refusal that follows the nearest questions."""

import numpy as np

from eval.tune import _learn_softmax


def test_the_signal_that_points_to_the_right_one_gets_the_weight() -> None:
    chance = np.random.default_rng(1)
    cuts = []
    for _ in range(40):
        right = np.arange(10) == chance.integers(10)
        cuts.append((np.column_stack([right + chance.normal(0, 0.1, 10), chance.normal(0, 1, 10)]), right))
    telling, noise = _learn_softmax(cuts)
    assert telling > 0.2 > abs(noise) * 5
