"""Questions → answers → what was right in them."""

import re
from collections.abc import Iterator

from assistant.answer import Engine, answer
from assistant.types import Answer, Status
from assistant.verify import MARK, is_supported
from eval.questions import Question
from index.statements import plain, split_sentences

_MARKED = re.compile(r"\[(\d+)\]")
_FRAME = re.compile(r"^[-\s]*(?:\*\*.+?:\*\* )?")  # of an item: its dash, and the name in bold that leads it
_CELL = re.compile(r"(?<!\\)\|")  # the border of a table's cell
_LIST = "list"


def score_answer(engine: Engine, question: Question) -> tuple[Answer, dict[str, float]]:
    """The answer, and each metric that applies to it by name."""
    result = answer(engine, question.turns)
    answered = result.status in (Status.ANSWERED, Status.PARTIAL)
    measures = {
        "decided": float(answered != question.must_refuse),
        "verified": float(all(citation.verified for citation in result.citations)),
        "fallbacks": float(bool(result.receipt and result.receipt.note)),
        "answer ms": result.receipt.timings_ms["total"] if result.receipt else 0.0,
    }
    if answered:
        measures["citation precision"] = citation_precision(result)
    if question.must_refuse:
        return result, measures
    said = MARK.sub("", result.text)
    stated = [fact for fact in question.facts if re.search(fact, said, re.IGNORECASE)]
    measures["facts"] = len(stated) / len(question.facts)
    measures["words"] = float(len(said.split()))
    measures["direct"] = float(any(re.search(fact, _opening(result.text), re.IGNORECASE) for fact in question.facts))
    if question.type == _LIST:
        measures["complete"] = float(len(stated) == len(question.facts))
    if stated:
        quotes = [plain(citation.quote) for citation in result.citations]
        held = [fact for fact in stated if any(re.search(fact, quote, re.IGNORECASE) for quote in quotes)]
        measures["citation recall"] = len(held) / len(stated)
    return result, measures


def citation_precision(result: Answer) -> float:
    """The share of marked sentences that the quotes they point to bear out, read anew from the finished text."""
    quotes = {citation.n: citation.quote for citation in result.citations}
    text = result.text
    for warning in result.warnings:  # these point to citations, but say nothing that they quote
        text = text.replace(warning, "")
    checked = [
        is_supported(sentence, " ".join(quotes.get(number, "") for number in numbers))
        for sentence, numbers in marked_sentences(text)
    ]
    return sum(checked) / len(checked) if checked else 0.0


def marked_sentences(text: str) -> Iterator[tuple[str, list[int]]]:
    """Each sentence of an answer that ends in marks, with their numbers; the name of an item or a row is no part."""
    for line in text.splitlines():
        cursor = 0
        for found in re.finditer(r"(?:\s*\[\d+\])+", line):
            sentence = _FRAME.sub("", _CELL.split(line[cursor : found.start()])[-1]).replace("\\|", "|")
            cursor = found.end()
            if sentence.strip():
                yield sentence, [int(number) for number in _MARKED.findall(found[0])]


def _opening(text: str) -> str:
    """The first sentence of an answer; where that opens a list, the list with it."""
    first, _, rest = text.partition("\n\n")
    if first.rstrip().endswith(":"):
        return f"{first} {rest.partition(chr(10) * 2)[0]}"
    return first if first.startswith("- ") else split_sentences(MARK.sub("", first))[0] if first else ""
