"""Text → unit vectors: the shipped static model with numpy alone, or any sentence-transformers model by name."""

import hashlib
import json
from collections.abc import Sequence, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from index.types import SHIPPED_MODEL, IndexMismatch

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]

MODEL_DIR = Path(__file__).parent / "model"
_NO_TOKEN = -1  # stands in for the tokens of a text without any
_TINY = 1e-6
_KEPT = 20_000  # texts whose tokens are remembered: some 10 MB
_WEIGHTS, _TOKENIZER, _CONFIG = "model.safetensors", "tokenizer.json", "config.json"


@dataclass(frozen=True)
class Tokens:
    """The tokens of several texts, one after the other.

    `vectors` is `(different tokens, dim)` float32, unit norm, and `places` `(n,)` which of them each token has;
    `weights` `(n,)` says how much each token matters, and `starts` where each text begins. A text without known tokens
    has one zero vector.
    """

    vectors: Vectors
    places: npt.NDArray[np.intp]
    weights: Vectors
    starts: npt.NDArray[np.intp]


class Embedder(Protocol):
    """What turns text into vectors; `fingerprint` changes whenever the vectors would."""

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """`(n, dim)` float32, unit norm; a text without known tokens is the zero vector."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """As `encode_passages`, for what people ask."""
        ...

    def encode_tokens(self, texts: Sequence[str]) -> Tokens:
        """A vector for each token of each text, for `match_tokens`."""
        ...


class StaticEmbedder:
    """The mean of a text's token vectors, read from an int8 table with one float16 scale per row.

    Gives the vectors of a sentence-transformers `StaticEmbedding` (to 1e-6) without importing torch.
    """

    def __init__(self, folder: Path = MODEL_DIR) -> None:
        config = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
        self.name: str = config["name"]
        self.fingerprint: str = config["fingerprint"]
        tensors = load_file(folder / _WEIGHTS)
        self._rows: npt.NDArray[np.int8] = tensors["rows"]
        self._scales: Vectors = tensors["scales"].astype(np.float32)
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
        self._ids: dict[str, list[int]] = {}

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        found = self._tokenize(texts)
        with_tokens = [row for row, ids in enumerate(found) if ids]
        vectors = np.zeros((len(texts), self._rows.shape[1]), np.float32)
        if with_tokens:
            ids = [found[row] for row in with_tokens]
            flat = np.concatenate(ids)
            # The sum has the direction of the mean, and only that is left when it is normalised.
            vectors[with_tokens] = np.add.reduceat(self._rows[flat] * self._scales[flat], _starts(ids), axis=0)
        return normalise(vectors)

    encode_queries = encode_passages

    def encode_tokens(self, texts: Sequence[str]) -> Tokens:
        """As the protocol says; a token weighs what it adds to the mean, the length of its vector."""
        ids = [own or [_NO_TOKEN] for own in self._tokenize(texts)]
        different, places = np.unique(np.concatenate(ids), return_inverse=True)  # texts on one matter share most tokens
        vectors = self._rows[different] * self._scales[different]
        vectors[different == _NO_TOKEN] = 0
        lengths: Vectors = np.linalg.norm(vectors, axis=1)
        vectors /= np.where(lengths == 0, 1, lengths)[:, np.newaxis]
        return Tokens(vectors, places, lengths[places], _starts(ids))

    def _tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """The tokens of each text; those of the latest texts are kept, since the guide's come again and again."""
        known = self._ids
        new = [text for text in dict.fromkeys(texts) if text not in known]
        encodings = self._tokenizer.encode_batch_fast(new, add_special_tokens=False)
        found = {text: encoding.ids for text, encoding in zip(new, encodings, strict=True)}
        if len(known) + len(found) > _KEPT:
            self._ids = found  # a new one: another thread may be reading the old
        else:
            known.update(found)
        return [found[text] if text in found else known[text] for text in texts]


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by name or folder; its own query and passage prompts are used."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import SentenceTransformer  # seconds of import, only for those who ask for it

        self.name = name
        self._model = SentenceTransformer(name)
        sample = np.asarray(self._model.encode(["aksjekapital", "Hvem kan søke?"]), np.float32)
        self.fingerprint = hashlib.sha256(name.encode() + sample.round(4).tobytes()).hexdigest()[:16]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return normalise(np.asarray(self._model.encode_document(list(texts)), np.float32))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return normalise(np.asarray(self._model.encode_query(list(texts)), np.float32))

    def encode_tokens(self, texts: Sequence[str]) -> Tokens:
        """As the protocol says, every token weighing the same."""
        found = self._model.encode(list(texts), output_value="token_embeddings", convert_to_numpy=False)
        rows = [np.asarray(tokens.cpu(), np.float32) for tokens in found]
        vectors = np.concatenate(rows)
        return Tokens(normalise(vectors), np.arange(len(vectors)), np.ones(len(vectors), np.float32), _starts(rows))


def match_tokens(query: Tokens, texts: Tokens) -> Vectors:
    """`(number of texts,)` float32 in [-1, 1]: how well each text has something near every token of one query.

    Source: the MaxSim of ColBERT (Khattab and Zaharia 2020), as a mean weighted by what each query token matters.
    """
    # Texts on one matter share most tokens: each different one is compared once, a quarter of them (2026-11-29).
    cosines = (query.vectors @ texts.vectors.T)[np.ix_(query.places, texts.places)]
    nearest = np.maximum.reduceat(cosines, texts.starts, axis=1)
    matched: Vectors = query.weights @ nearest / max(float(query.weights.sum()), _TINY)
    return matched


def _starts(texts: Sequence[Sized]) -> npt.NDArray[np.intp]:
    """Where each of the texts begins when they stand one after the other."""
    return np.cumsum([0, *map(len, texts)])[:-1]


def load_embedder(name: str = SHIPPED_MODEL) -> Embedder:
    """The shipped model for its own name, else the sentence-transformers model of that name.

    Raises:
        IndexMismatch: sentence-transformers is not installed, or finds no model of that name.
    """
    if name == SHIPPED_MODEL:
        return StaticEmbedder()
    try:
        return SentenceTransformerEmbedder(name)
    except ImportError as error:
        raise IndexMismatch(
            f"Modellen «{name}» krever tilleggspakkene «models», som ikke er installert.",
            'Kjør: pip install -e ".[models]", eller bruk den innebygde modellen.',
        ) from error
    except (OSError, ValueError) as error:  # what sentence-transformers raises for a name it can't find or read
        raise IndexMismatch(
            f"Fant ikke modellen «{name}».", f"Rett ABC_MODEL, eller bruk den innebygde ({SHIPPED_MODEL})."
        ) from error


def as_sentence_transformer(folder: Path = MODEL_DIR) -> "SentenceTransformer":
    """The shipped model as an ordinary `SentenceTransformer`, for other programs and for comparison."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    tensors = load_file(folder / _WEIGHTS)
    weights = tensors["rows"] * tensors["scales"].astype(np.float32)
    tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
    return SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=weights), Normalize()], device="cpu"
    )


def save_static_model(folder: Path, weights: Vectors, tokenizer: Tokenizer) -> None:
    """Writes int8 rows with one float16 scale each, the tokenizer, and a fingerprint of both."""
    folder.mkdir(parents=True, exist_ok=True)
    scales = np.maximum(np.abs(weights).max(axis=1, keepdims=True) / 127, _TINY).astype(np.float16)
    rows = np.clip(np.round(weights / scales.astype(np.float32)), -127, 127).astype(np.int8)
    save_file({"rows": rows, "scales": scales}, folder / _WEIGHTS)
    tokenizer.save(str(folder / _TOKENIZER), pretty=False)
    config = {"name": SHIPPED_MODEL, "dimensions": weights.shape[1], "fingerprint": fingerprint_files(folder)}
    (folder / _CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def fingerprint_files(folder: Path) -> str:
    """Sixteen hex digits over the weights and the tokenizer."""
    digest = hashlib.sha256()
    for name in (_WEIGHTS, _TOKENIZER):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]


def normalise(vectors: Vectors) -> Vectors:
    """Rows of length one; zero rows stay zero."""
    norms: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
    norms[norms == 0] = 1
    return vectors / norms
