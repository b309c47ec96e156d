"""The shipped embedding, trained from open Norwegian text: `python -m index.train --data FOLDER`.

A static embedding (one vector per WordPiece token, a text is the mean of its tokens) learned with in-batch negatives
(InfoNCE, van den Oord et al. 2018) and a Matryoshka term (Kusupati et al. 2022) on pairs cut from the files that
`MODEL_CARD.md` lists. Needs the extra `models` (torch). Same seed, same machine, same model.
"""

import argparse
import gzip
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as functional
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from tqdm import trange

from index.document import Document, read_corpus
from index.embed import MODEL_DIR, save_static_model
from index.split import TUNING, half_of
from index.statements import plain
from index.types import Statement

Ids = npt.NDArray[np.int32]
Pair = tuple[Ids, Ids]

VOCABULARY = 32_000
DIMENSIONS = 384
STEPS = 1_700
BATCH = 1_024
LEARNING_RATE = 0.02
WARM_UP = 100
TEMPERATURE = 20.0  # the scale of the cosine; 20 is the usual choice for normalised InfoNCE
MAX_TOKENS = 110
MATRYOSHKA = ((1.0, DIMENSIONS), (0.3, DIMENSIONS // 4))
# Share of batches per kind of pair. Measured 2026-11-23 on held-out questions (never on our own evaluation).
TASKS = {
    "own": 0.10,
    "terms": 0.04,
    "law": 0.46, "guide": 0.12, "gloss": 0.12, "nynorsk": 0.11, "software": 0.08,
    "nav": 0.06, "dictionary": 0.05, "news": 0.04, "neighbours": 0.01, "tatoeba": 0.01,
}  # fmt: skip
QUESTION_STARTS = (
    "Hva er", "Hva gjelder for", "Hva sier reglene om", "Hvordan", "Hvordan fungerer", "Hvem kan få", "Hvem har", "Når",
    "Hvor", "Kan jeg få", "Kan vi", "Hva er kravene til", "Hva betyr", "Hvilke regler gjelder for", "Jeg lurer på",
    "Hvor mye", "Hvor lenge", "Må jeg", "Har jeg rett til", "Kva er", "Korleis", "Kven kan få", "Kor mykje",
    "Kan eg få", "Kva seier reglane om", "Når må eg", "What is", "What are the rules for", "How do I", "Who can get",
    "Can I get", "When",
)  # fmt: skip
_SENTENCE_END = re.compile(r"(?<=[a-zæøå)]{2}[.!?;:])\s+(?=[A-ZÆØÅ(])")
_AMENDING = re.compile(r"^(Midlertidig forskrift|Forskrift|Lov) om ")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Section:
    """One section of a law or a guide as token ids; `heading_nn` and `title_nn` are nynorsk forms where known."""

    heading: Ids
    title: Ids
    sentences: tuple[Ids, ...]
    needs_title: bool
    heading_nn: Ids | None
    title_nn: Ids | None


def read_rows(data: Path, name: str) -> Iterator[dict[str, Any]]:
    """Rows of one gzipped JSON Lines file."""
    with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def shingles(text: str, size: int = 8) -> set[str]:
    """Runs of `size` lower-cased words."""
    words = _WORD.findall(text.lower())
    return {" ".join(words[i : i + size]) for i in range(len(words) - size + 1)}


def read_guide(folder: Path) -> dict[str, list[Any]]:
    """Pairs from the tuning half of our own guide: questions, headings, sentences and terms ↔ what they are about."""
    corpus = read_corpus(folder)
    pairs: list[tuple[str, str]] = []
    for document in corpus.documents:
        if half_of(document.doc_id) != TUNING:
            continue
        short = f"{document.title}. {_join(document, document.ingress)}"
        pairs += [(question, short) for question in document.questions]
        pairs += [(_join(document, [statement]), short) for statement in document.statements()]
        for section in document.sections:
            if section.statements and not document.is_copy(section):
                pairs.append((section.headings[-1], f"{document.title}. {_join(document, section.statements)}"))
    return {"own": pairs, "terms": [(other, term.term) for term in corpus.terms for other in term.others]}


def _join(document: Document, statements: Iterable[Statement]) -> str:
    return " ".join(plain(document.text[s.start : s.end]) for s in statements)


def read_texts(data: Path, benchmarks: Path | None) -> dict[str, list[Any]]:
    """Every kind of training text by task; texts that share eight words in a row with a benchmark are left out."""
    held_out: set[str] = set()
    if benchmarks is not None:
        for name, fields in (("norquad_contexts", ("text",)), ("ntrex_nob_nno_eng", ("nob", "nno", "eng"))):
            for line in (benchmarks / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                held_out.update(*(shingles(row[field]) for field in fields))

    def clean(text: str) -> bool:
        return held_out.isdisjoint(shingles(text))

    law = list(read_rows(data, "lover_forskrifter"))
    guides = [r for n in ("offentlige_veiledninger", "libreoffice_hjelp") for r in read_rows(data, n)]
    nav = [
        (r[a], r[b])
        for r in read_rows(data, "nav_nb_nn_en")
        for a, b in (("nb", "nn"), ("nb", "en"), ("nn", "en"))
        if r.get(a) and r.get(b)
    ]
    software = []
    for row in read_rows(data, "programvare_en_nb_nn"):
        if row["src"].startswith("LibreOffice"):  # the other source is GPL
            software.append((row["en"], row["nb"]))
            software += [(row["nn"], row["nb"]), (row["en"], row["nn"])] if row.get("nn") else []
    treebank = [r["text"] for r in read_rows(data, "ud_setninger")]
    gloss = (list(r.values())[:2] for r in read_rows(data, "engelske_ordglosser"))
    return {
        "law": [(r["heading"], r["short"] or _AMENDING.sub("", r["title"]), r["text"], r["doc"]) for r in law],
        "guide": [(r["heading"], r["title"] or "", r["text"], "") for r in guides if r["heading"] and clean(r["text"])],
        "nav": nav,
        "software": software,
        "nynorsk": [(r["nn"], r["nb"]) for r in read_rows(data, "nynorsk_maskinoversatt") if clean(r["nb"])],
        "gloss": [(en, nb) for en, nb in gloss if clean(nb)],
        "tatoeba": [(r["nb"], r["en"]) for r in read_rows(data, "tatoeba_nb_en")],
        "neighbours": [p for p in pairwise(treebank) if min(map(len, p)) > 30 and clean(p[0])],
        "news": [r["text"] for r in read_rows(data, "avissetninger_cc0") if len(r["text"].split()) >= 7],
        "dictionary": [(r["en"], r["no"], r["gloss"]) for r in read_rows(data, "ordpar_en_no")],
    }


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


class Sampler:
    """Random training pairs by task, from texts encoded once."""

    def __init__(self, texts: dict[str, list[Any]], tokenizer: Tokenizer, seed: int) -> None:
        self.random = random.Random(seed)
        self.mask = np.random.default_rng(seed)

        def encode(lines: Iterable[str]) -> list[Ids]:
            lines = list(lines)
            return [np.array(e.ids, np.int32) for e in tokenizer.encode_batch(lines, add_special_tokens=False)]

        self.starts = encode(QUESTION_STARTS)
        nynorsk = {bokmal: nynorsk for nynorsk, bokmal in texts["nynorsk"]}
        self.sections = {task: _encode_sections(texts[task], nynorsk, encode) for task in ("law", "guide")}
        by_law: dict[str, list[Section]] = {}
        for row, section in zip(texts["law"], self.sections["law"], strict=True):
            by_law.setdefault(row[3], []).append(section)
        self.laws = list(by_law.values())
        self.pairs: dict[str, list[Pair]] = {}
        for task in ("nav", "software", "nynorsk", "gloss", "tatoeba", "neighbours", "own", "terms"):
            left, right = (encode(text[:700] for text in side) for side in zip(*texts[task], strict=True))
            self.pairs[task] = list(zip(left, right, strict=True))
        self.news = encode(texts["news"])
        words = texts["dictionary"]
        self.dictionary = list(
            zip(encode(r[0] for r in words), (encode(r[1]) for r in words), encode(r[2] for r in words), strict=True)
        )

    def batch(self, task: str, size: int) -> list[Pair]:
        """Up to `size` pairs of one task; half of the law batches hold many sections of the same law."""
        chance = self.random
        if task == "law" and chance.random() < 0.5:
            pairs: list[Pair] = []
            while len(pairs) < size:
                law = chance.choice(self.laws)
                pairs += [self._section_pair(s) for s in chance.sample(law, min(len(law), 24))]
            pairs = pairs[:size]
        elif task in self.sections:
            sections = self.sections[task]
            pairs = [self._section_pair(s) for s in chance.sample(sections, min(size, len(sections)))]
        elif task == "news":
            pairs = [self._halves(ids) for ids in chance.sample(self.news, min(size, len(self.news)))]
        elif task == "dictionary":
            pairs = [self._word_pair(*row) for row in chance.sample(self.dictionary, min(size, len(self.dictionary)))]
        else:
            rows = chance.sample(self.pairs[task], min(size, len(self.pairs[task])))
            pairs = [self._translation(left, right) for left, right in rows]
        return [(a, b) for a, b in pairs if len(a) and len(b)]

    def _section_pair(self, section: Section) -> Pair:
        chance = self.random
        sentences = list(section.sentences)
        if chance.random() < 0.30 and len(sentences) > 1:  # one sentence ↔ the rest (inverse cloze)
            query = sentences.pop(chance.randrange(len(sentences)))
            if chance.random() < 0.15:
                sentences.append(query)
            if len(query) > 6 and chance.random() < 0.5:
                query = self._thin(query, chance.uniform(0.4, 0.9))
            return query, np.concatenate(sentences)[:MAX_TOKENS]
        heading, title = section.heading, section.title
        if chance.random() < 0.3:
            heading = section.heading if section.heading_nn is None else section.heading_nn
            title = section.title if section.title_nn is None else section.title_nn
        parts = [heading]
        if section.needs_title or chance.random() < 0.55:
            parts.append(title)
        if chance.random() < 0.3:
            parts.reverse()
        if chance.random() < 0.5:
            parts.insert(0, chance.choice(self.starts))
        if len(sentences) > 3 and chance.random() < 0.3:
            sentences = chance.sample(sentences, max(2, len(sentences) // 2))
        context = chance.choices(
            ([section.heading], [section.title, section.heading], [section.title], []), (0.25, 0.15, 0.1, 0.5)
        )[0]
        return np.concatenate(parts), np.concatenate([*context, *sentences])[:MAX_TOKENS]

    def _halves(self, ids: Ids) -> Pair:
        cut = self.random.randrange(max(1, len(ids) // 3), max(2, 2 * len(ids) // 3))
        return ids[:cut], ids[cut:]

    def _word_pair(self, english: Ids, norwegian: Sequence[Ids], gloss: Ids) -> Pair:
        use_word = self.random.random() < 0.6 or not len(gloss)
        return (english if use_word else gloss), self.random.choice(norwegian)

    def _translation(self, left: Ids, right: Ids) -> Pair:
        if self.random.random() < 0.5:
            left, right = right, left
        if len(left) > 8 and self.random.random() < 0.3:
            left = self._thin(left, 0.7)
        return left[:MAX_TOKENS], right[:MAX_TOKENS]

    def _thin(self, ids: Ids, keep: float) -> Ids:
        """A random part of the tokens, as in a keyword query; the whole where too little would be left."""
        kept = ids[self.mask.random(len(ids)) < keep]
        return kept if len(kept) >= 3 else ids


def _encode_sections(
    rows: list[tuple[str, str, str, str]], nynorsk: dict[str, str], encode: Callable[[Iterable[str]], list[Ids]]
) -> list[Section]:
    names = sorted({name[:160] for row in rows for name in row[:2]})
    ids = dict(zip(names, encode(names), strict=True))
    known = [name for name in names if name in nynorsk]
    ids_nn = dict(zip(known, encode(nynorsk[name] for name in known), strict=True))
    common = Counter(row[0] for row in rows)
    split = [[s for s in _SENTENCE_END.split(row[2]) if len(s) > 15][:12] or [row[2]] for row in rows]
    flat = iter(encode(sentence for sentences in split for sentence in sentences))
    return [
        Section(
            ids[heading[:160]],
            ids[title[:160]],
            tuple(next(flat) for _ in sentences),
            common[heading] > 2,
            ids_nn.get(heading[:160]),
            ids_nn.get(title[:160]),
        )
        for (heading, title, _, _), sentences in zip(rows, split, strict=True)
    ]


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
    table = torch.nn.EmbeddingBag(num_tokens, DIMENSIONS, mode="mean", sparse=True)
    torch.nn.init.normal_(table.weight, std=0.1)
    optimizer = torch.optim.SparseAdam(table.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.99), eps=1e-6)

    def rate(step: int) -> float:
        cosine = 0.5 * (1 + np.cos(np.pi * step / steps)) * 0.98 + 0.02
        return min(1.0, (step + 1) / WARM_UP) * float(cosine)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)

    def pool(texts: Sequence[Ids]) -> torch.Tensor:
        lengths = np.cumsum([0] + [len(ids) for ids in texts[:-1]])
        pooled: torch.Tensor = table(
            torch.from_numpy(np.concatenate(texts).astype(np.int64)), torch.from_numpy(lengths)
        )
        return pooled

    progress = trange(steps, desc="Trener", unit="steg")
    for _ in progress:
        pairs = sampler.batch(chance.choices(list(TASKS), list(TASKS.values()))[0], BATCH)
        loss = contrast(pool([a for a, _ in pairs]), pool([b for _, b in pairs]))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()  # type: ignore[no-untyped-call]
        schedule.step()
        progress.set_postfix(loss=f"{loss.item():.2f}")
    weights: npt.NDArray[np.float32] = table.weight.detach().numpy()
    return weights


def main() -> None:
    """Trains, and writes the model folder."""
    parser = argparse.ArgumentParser(prog="python -m index.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the training files of MODEL_CARD.md")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="our own guide; half of it is learned from")
    parser.add_argument("--benchmarks", type=Path, help="folder whose texts must not be trained on")
    parser.add_argument("--out", type=Path, default=MODEL_DIR)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started = time.perf_counter()
    texts = read_texts(options.data, options.benchmarks) | read_guide(options.corpus)
    tokenizer = train_tokenizer(texts, options.seed)
    sampler = Sampler(texts, tokenizer, options.seed)
    weights = fit(sampler, tokenizer.get_vocab_size(), options.steps, options.seed)
    save_static_model(options.out, weights, tokenizer)
    print(f"{options.out}: {len(weights)} × {DIMENSIONS}, {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
