"""The shipped embedding, trained from open Norwegian text: `python -m index.train --data FOLDER`.

A static embedding (one vector per WordPiece token, a text is the mean of its tokens) learned with in-batch negatives
(InfoNCE, van den Oord et al. 2018) and a Matryoshka term (Kusupati et al. 2022) on the pairs of `index/pairs.py`; its
data are listed in `MODEL_CARD.md`. Needs the extra `models` (torch). The same seed, texts and tokenizer give the same
model; a tokenizer trained anew differs a little each time, since its library breaks ties at random.
"""

import argparse
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as functional
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from tqdm import trange

from index.embed import MODEL_DIR, save_static_model
from index.pairs import Sampler, read_everyday, read_guide, read_texts, swap_everyday
from index.split import TEST, TUNING

VOCABULARY = 32_000
DIMENSIONS = 448
STEPS = 1_700
BATCH = 1_024
LEARNING_RATE = 0.02
WARM_UP = 100
TEMPERATURE = 20.0  # the scale of the cosine; 20 is the usual choice for normalised InfoNCE
MATRYOSHKA = ((1.0, DIMENSIONS), (0.3, DIMENSIONS // 4))
# Share of batches per kind of pair. Measured 2026-11-23 on held-out questions (never on our own evaluation).
TASKS = {
    "own": 0.04, "asked": 0.22, "terms": 0.04, "everyday": 0.04, "swapped": 0.08,
    "law": 0.32, "guide": 0.12, "gloss": 0.12, "nynorsk": 0.11, "software": 0.08,
    "nav": 0.06, "dictionary": 0.05, "news": 0.04, "neighbours": 0.01, "tatoeba": 0.01,
}  # fmt: skip


def train_tokenizer(texts: dict[str, list[Any]], seed: int) -> Tokenizer:
    """A lower-casing WordPiece tokenizer that keeps æ, ø, å and digits whole."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=60))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.BertPreTokenizer(), pre_tokenizers.Digits(individual_digits=False)]
    )
    law = [f"{heading} {title} {text}" for heading, title, text, _ in texts["law"]]
    random.Random(seed).shuffle(law)  # law is sub-sampled so that it does not drown everyday words
    other = [f"{heading} {title} {text}" for heading, title, text, _ in texts["guide"]] + texts["news"]
    for task in ("nav", "software", "nynorsk", "tatoeba", "neighbours"):
        other += [text for pair in texts[task] for text in pair]
    other += [" ".join((english, *norwegian, gloss)) for english, norwegian, gloss in texts["dictionary"]]
    trainer = trainers.WordPieceTrainer(
        vocab_size=VOCABULARY, special_tokens=["[PAD]", "[UNK]"], min_frequency=3, limit_alphabet=200
    )
    tokenizer.train_from_iterator(law[:55_000] + other, trainer=trainer)
    return tokenizer


def contrast(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """InfoNCE both ways: each row of `left` must find its own row of `right` in the batch, and back."""
    loss = torch.zeros(())
    labels = torch.arange(len(left))
    for weight, width in MATRYOSHKA:
        a, b = (functional.normalize(side[:, :width], dim=1) for side in (left, right))
        scores = a @ b.T * TEMPERATURE
        loss = loss + weight * 0.5 * (
            functional.cross_entropy(scores, labels) + functional.cross_entropy(scores.T, labels)
        )
    return loss


def fit(sampler: Sampler, num_tokens: int, steps: int, seed: int) -> npt.NDArray[np.float32]:
    """Trained token vectors, `(num_tokens, DIMENSIONS)` float32."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    table = torch.nn.Parameter(torch.randn(num_tokens, DIMENSIONS) * 0.1)
    # Dense and fused: twice as fast as SparseAdam here, and better, since momentum goes on for tokens out of the batch.
    optimizer = torch.optim.Adam([table], lr=LEARNING_RATE, betas=(0.9, 0.99), eps=1e-6, fused=True)

    def rate(step: int) -> float:
        cosine = 0.5 * (1 + np.cos(np.pi * step / steps)) * 0.98 + 0.02
        return min(1.0, (step + 1) / WARM_UP) * float(cosine)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    table.grad = torch.zeros_like(table)
    shares = {task: share for task, share in TASKS.items() if task in sampler.tasks}
    progress = trange(steps, desc="Trener", unit="steg")
    for _ in progress:
        pairs = sampler.batch(chance.choices(list(shares), list(shares.values()))[0], BATCH)
        texts = [a for a, _ in pairs] + [b for _, b in pairs]
        tokens, places = np.unique(np.concatenate(texts).astype(np.int64), return_inverse=True)
        used = torch.from_numpy(tokens)
        rows = table.detach()[used].requires_grad_()  # only the batch's rows take part, so the backward pass is small
        lengths = np.cumsum([0] + [len(ids) for ids in texts[:-1]])
        pooled = functional.embedding_bag(torch.from_numpy(places), rows, torch.from_numpy(lengths), mode="mean")
        loss = contrast(pooled[: len(pairs)], pooled[len(pairs) :])
        loss.backward()  # type: ignore[no-untyped-call]
        if rows.grad is None:
            raise RuntimeError("the loss did not reach the token vectors")
        table.grad.zero_().index_copy_(0, used, rows.grad)
        optimizer.step()
        schedule.step()
        progress.set_postfix(loss=f"{loss.item():.2f}")
    weights: npt.NDArray[np.float32] = table.detach().numpy()
    return weights


def main() -> None:
    """Trains, and writes the model folder."""
    parser = argparse.ArgumentParser(prog="python -m index.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the training files of MODEL_CARD.md")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="our own guide")
    parser.add_argument("--benchmarks", type=Path, help="folder whose texts must not be trained on")
    parser.add_argument("--tokenizer", type=Path, help="use this tokenizer.json instead of training one")
    parser.add_argument("--out", type=Path, default=MODEL_DIR)
    parser.add_argument("--half", choices=(TUNING, TEST), help="learn from this half of the guide alone")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started = time.perf_counter()
    texts = read_texts(options.data, options.benchmarks) | read_guide(options.corpus, options.half)
    everyday = read_everyday()
    texts |= {"everyday": everyday, "swapped": swap_everyday(texts["law"], everyday)}
    tokenizer = (
        Tokenizer.from_file(str(options.tokenizer)) if options.tokenizer else train_tokenizer(texts, options.seed)
    )
    sampler = Sampler(texts, tokenizer, options.seed)
    weights = fit(sampler, tokenizer.get_vocab_size(), options.steps, options.seed)
    save_static_model(options.out, weights, tokenizer)
    print(f"{options.out}: {len(weights)} × {DIMENSIONS}, {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
