"""Open Norwegian text and our guide → training pairs: what a person might write ↔ what answers it."""

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from index.chunk import split_document
from index.document import Document, read_corpus
from index.split import half_of
from index.statements import plain
from index.types import Statement

Ids = npt.NDArray[np.int32]
Pair = tuple[Ids, Ids]

EVERYDAY = Path(__file__).parent / "model" / "everyday.tsv"
MAX_TOKENS = 110
_SECTIONS_PER_TERM = 12
_PER_DOCUMENT = 40  # questions of one document in a batch: neighbours to be told apart
PAIR_TASKS = ("nav", "software", "nynorsk", "gloss", "tatoeba", "neighbours", "own", "terms", "everyday", "swapped")
MIN_NEWS_WORDS = 7  # a shorter sentence has no two halves to match
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


def read_guide(folder: Path, half: str | None = None) -> dict[str, list[Any]]:
    """Pairs from our own guide, or from one half of it: questions, headings, sentences and terms ↔ what they are about.

    `asked` are the questions for a section or a sentence, with what answers them and with each other; those of one
    document stand together, so that a batch can hold neighbours.
    """
    corpus = read_corpus(folder)
    pairs: list[tuple[str, str]] = []
    asked: list[list[tuple[str, str]]] = []
    for document in corpus.documents:
        if half not in (None, half_of(document.doc_id)):
            continue
        short = f"{document.title}. {_join(document, document.ingress)}"
        pairs += [(question, short) for question in document.questions]
        asked.append(_asked_pairs(document))
        pairs += [(_join(document, [statement]), short) for statement in document.statements()]
        for section in document.sections:
            if section.statements and not document.is_copy(section):
                pairs.append((section.headings[-1], f"{document.title}. {_join(document, section.statements)}"))
    return {
        "own": pairs,
        "asked": [rows for rows in asked if rows],
        "terms": [(other, term.term) for term in corpus.terms for other in term.others],
    }


def _asked_pairs(document: Document) -> list[tuple[str, str]]:
    """Each question ↔ the passage that answers it, and ↔ the next question with the same answer."""
    pairs: list[tuple[str, str]] = []
    for chunk in split_document(document):
        said = [plain(document.text[s.start : s.end]) for s in chunk.statements]
        by_answer: dict[int | None, list[str]] = {}
        for question in chunk.questions:
            by_answer.setdefault(question.statement, []).append(question.text)
        for place, questions in by_answer.items():
            answer = chunk.search_text if place is None else f"{document.title}. {said[place]}"
            pairs += [(question, answer) for question in questions]
            pairs += pairwise(questions)
    return pairs


def read_everyday(path: Path = EVERYDAY) -> list[tuple[str, str]]:
    """Our own word list: what people say ↔ the official term."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [(said, official) for said, official, _ in rows]


def swap_everyday(
    law: Sequence[tuple[str, str, str, str]], everyday: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """What people say ↔ a section of law that uses the official term, in the heading's words where its heading does."""
    said: dict[str, list[str]] = {}
    for left, official in everyday:
        said.setdefault(official.lower(), []).append(left)
    by_word: dict[str, list[str]] = {}
    for official in said:
        by_word.setdefault(max(_WORD.findall(official), key=len), []).append(official)
    found: dict[str, list[tuple[str, str]]] = {}
    for heading, title, text, _ in law:
        passage = f"{title}. {heading}. {text}"
        lowered = passage.lower()
        for word in by_word.keys() & set(_WORD.findall(lowered)):
            for official in by_word[word]:
                if official in lowered and len(found.setdefault(official, [])) < _SECTIONS_PER_TERM:
                    found[official].append((heading.lower() if official in heading.lower() else official, passage))
    return [
        (asked.replace(official, left), passage)
        for official, rows in found.items()
        for asked, passage in rows
        for left in said[official]
    ]


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
        "news": [
            r["text"]
            for r in read_rows(data, "avissetninger_cc0")
            if len(r["text"].split()) >= MIN_NEWS_WORDS and clean(r["text"])
        ],
        "dictionary": [(r["en"], r["no"], r["gloss"]) for r in read_rows(data, "ordpar_en_no")],
    }


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
        for task in (task for task in PAIR_TASKS if texts[task]):
            left, right = (encode(text[:700] for text in side) for side in zip(*texts[task], strict=True))
            self.pairs[task] = list(zip(left, right, strict=True))
        self.asked = [
            list(zip(*(encode(text[:700] for text in side) for side in zip(*rows, strict=True)), strict=True))
            for rows in texts["asked"]
        ]
        self.tasks = tuple(task for task, rows in texts.items() if rows)
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
        elif task == "asked":
            pairs = []
            while len(pairs) < size:
                rows = chance.choice(self.asked)
                pairs += chance.sample(rows, min(len(rows), _PER_DOCUMENT))
            pairs = [self._translation(left, right) for left, right in pairs[:size]]
        elif task in ("everyday", "terms", "swapped"):
            pairs = [
                self._asked_word(left, right)
                for left, right in chance.sample(self.pairs[task], min(size, len(self.pairs[task])))
            ]
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

    def _asked_word(self, said: Ids, official: Ids) -> Pair:
        """What people say, half of the time inside a question."""
        if self.random.random() < 0.5:
            said = np.concatenate([self.random.choice(self.starts), said])
        return said[:MAX_TOKENS], official[:MAX_TOKENS]

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
