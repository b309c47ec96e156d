"""Document → chunks that follow the headings, with true offsets; LlamaIndex carries the text through."""

import hashlib
from collections.abc import Sequence
from typing import Any

from llama_index.core import Document as LlamaDocument
from llama_index.core.node_parser import NodeParser
from llama_index.core.schema import BaseNode, NodeRelationship, TextNode

from index.document import COPY_HEADING, Document
from index.frontmatter import CARD_FIELDS
from index.statements import Block, find_blocks, nest_heading, plain
from index.types import INGRESS, Asked, Chunk, Statement

MAX_CHARS = 1_400  # about 200 words: a section that one screen shows
_ID_DIGITS = 16


class HeadingNodeParser(NodeParser):
    """Splits Markdown under its headings; a long section is cut between blocks, never inside one.

    Every node has `start_char_idx` and `end_char_idx` with `text[start:end] == node.text`, the nodes of a document
    leave no gap between them, and `metadata["heading_path"]` holds the headings above, outermost first.
    """

    max_chars: int = MAX_CHARS

    def _parse_nodes(self, nodes: Sequence[BaseNode], show_progress: bool = False, **kwargs: Any) -> list[BaseNode]:
        return [part for node in nodes for part in self._split(node)]

    def _split(self, node: BaseNode) -> list[TextNode]:
        text = node.get_content()
        body_start = _body_start(text)
        title = str(node.metadata.get("title", ""))
        above = [(1, title)] if title else []
        path: tuple[str, ...] = (title,) if title else ()
        # Each cut opens a new chunk: every heading, and every block that would make its chunk too long.
        cuts: list[tuple[int, tuple[str, ...]]] = [(body_start, path)]
        for block in find_blocks(text, body_start):
            if block.kind == "heading":
                above = nest_heading(
                    above, max(2, block.level) if title else block.level, text[block.start : block.end]
                )
                path = tuple(heading for _, heading in above)
                line = text.rfind("\n", 0, block.start) + 1
                if text[cuts[-1][0] : line].strip():
                    cuts.append((line, path))
                else:
                    cuts[-1] = (cuts[-1][0], path)
            elif block.end - cuts[-1][0] > self.max_chars and _opens_line(text, block, cuts[-1][0]):
                cuts.append((text.rfind("\n", 0, block.start) + 1, path))
        ends = [start for start, _ in cuts[1:]] + [len(text)]
        source = node.as_related_node_info()  # hashes the whole document, so once for all of its parts
        return [
            TextNode(
                text=text[start:end],
                start_char_idx=start,
                end_char_idx=end,
                metadata={"heading_path": list(headings)},
                relationships={NodeRelationship.SOURCE: source},
            )
            for (start, headings), end in zip(cuts, ends, strict=True)
            if text[start:end].strip()
        ]

    def _postprocess_parsed_nodes(
        self, nodes: list[BaseNode], parent_doc_map: dict[str, LlamaDocument]
    ) -> list[BaseNode]:
        # The base class looks the text up again by string search, which drifts where a section repeats.
        offsets = [(node.start_char_idx, node.end_char_idx) for node in nodes if isinstance(node, TextNode)]
        nodes = super()._postprocess_parsed_nodes(nodes, parent_doc_map)
        for node, (start, end) in zip(nodes, offsets, strict=True):
            if isinstance(node, TextNode):
                node.start_char_idx, node.end_char_idx = start, end
        return nodes


def _body_start(text: str) -> int:
    """Where the Markdown begins, after a YAML head if there is one."""
    end = text.find("\n---", 3) if text.startswith("---\n") else -1
    return text.find("\n", end + 1) + 1 if end >= 0 else 0


def _opens_line(text: str, block: Block, start: int) -> bool:
    """A cut may go before this block: it opens a line of its own, and more than a heading stands before it."""
    line = text.rfind("\n", 0, block.start) + 1
    before = [row for row in text[start:line].split("\n") if row.strip() and not row.startswith("#")]
    return block.kind in ("paragraph", "item", "code") and not text[line].isspace() and bool(before)


def split_document(document: Document) -> list[Chunk]:
    """The chunks of one document: its short answer, each field of its card, and its sections."""
    source = LlamaDocument(id_=document.doc_id, text=document.text, metadata={"title": document.title})
    chunks = [_chunk(document, 0, INGRESS, (document.title,), document.ingress, _cover(document.ingress))]
    for field, label in CARD_FIELDS.items():
        values = [value.statement for value in document.card if value.field == field]
        if values:
            chunks.append(_chunk(document, len(chunks), field, (document.title, label), values, _cover(values)))
    statements = [s for section in document.sections for s in section.statements]
    for node in HeadingNodeParser(include_prev_next_rel=False).get_nodes_from_documents([source]):
        if not isinstance(node, TextNode) or node.start_char_idx is None or node.end_char_idx is None:
            continue
        start, end = node.start_char_idx, node.end_char_idx
        inside = [s for s in statements if start <= s.start < end]
        path = tuple(node.metadata["heading_path"])
        chunks.append(_chunk(document, len(chunks), path[-1], path, inside, (start, end)))
    return chunks


def _cover(statements: Sequence[Statement]) -> tuple[int, int]:
    return (statements[0].start, statements[-1].end) if statements else (0, 0)


def _chunk(
    document: Document,
    ordinal: int,
    section: str,
    headings: tuple[str, ...],
    statements: Sequence[Statement],
    span: tuple[int, int],
) -> Chunk:
    name = "\n".join((document.doc_id, *headings, str(ordinal)))
    is_first = ordinal == 0
    return Chunk(
        chunk_id=hashlib.sha256(name.encode()).hexdigest()[:_ID_DIGITS],
        doc_id=document.doc_id,
        doc_class=document.doc_class,
        section=section,
        heading_path=headings,
        start=span[0],
        end=span[1],
        statements=tuple(statements),
        search_text=_search_text(document, headings, statements, span, is_first),
        questions=_questions(document, section, statements, is_first),
    )


def _questions(document: Document, section: str, statements: Sequence[Statement], is_first: bool) -> tuple[Asked, ...]:
    """The questions for the section as a whole, and those for a sentence that stands in this chunk."""
    asked = [Asked(question) for question in document.questions] if is_first else []
    said = [plain(document.text[s.start : s.end]) for s in statements]
    for row in document.asked:
        if row.section != section:
            continue
        is_lost = all(not sentence.startswith(row.opening) for sentence in document.said_in(section))
        if is_lost or not row.opening:  # a sentence that is written anew leaves its questions to the section
            asked += [Asked(question) for question in row.questions]
        else:
            place = next((i for i, sentence in enumerate(said) if sentence.startswith(row.opening)), None)
            asked += [Asked(question, place) for question in row.questions if place is not None]
    return tuple(asked)


def _search_text(
    document: Document, headings: Sequence[str], statements: Sequence[Statement], span: tuple[int, int], is_first: bool
) -> str:
    """What is embedded and matched of the text itself: title, headings and body; first of all the keywords."""
    text = document.text
    is_copy = document.doc_class == "mal" and COPY_HEADING in headings[1:2]
    body = plain(text[slice(*span)]) if is_copy else " ".join(plain(text[s.start : s.end]) for s in statements)
    parts = [". ".join(heading.rstrip(".?") for heading in headings), body]
    if is_first:
        parts.append(", ".join(document.keywords))
    return "\n".join(part for part in parts if part)
