"""Chunks follow the headings; every offset is true, and nothing of the body falls between two chunks."""

import json
from itertools import pairwise

import pytest
from llama_index.core.schema import Document as LlamaDocument
from llama_index.core.schema import NodeRelationship, TextNode

from index.chunk import MAX_CHARS, HeadingNodeParser, split_document
from index.document import parse_document, read_corpus
from index.types import Asked, Period

PERIODS = {"lov-om-fond": Period()}


def _body_chunks(document):
    """The chunks of the body: those after the ingress and the card."""
    body = document.text.index("\n---\n", 4)
    return [chunk for chunk in split_document(document) if chunk.start > body]


def _nodes(text, **settings):
    return HeadingNodeParser(**settings).get_nodes_from_documents([LlamaDocument(text=text)])


# Offsets


def test_every_statement_of_every_chunk_lies_within_the_chunk(corpus_dir):
    for document in read_corpus(corpus_dir).documents:
        for chunk in split_document(document):
            assert all(chunk.start <= s.start < s.end <= chunk.end for s in chunk.statements)


def test_every_statement_of_a_document_is_in_exactly_one_chunk(corpus_dir):
    for document in read_corpus(corpus_dir).documents:
        expected = [*document.ingress, *(value.statement for value in document.card)]
        expected += [statement for section in document.sections for statement in section.statements]
        found = [statement for chunk in split_document(document) for statement in chunk.statements]
        assert found == expected


def test_body_chunks_of_every_document_leave_no_gap(corpus_dir):
    for document in read_corpus(corpus_dir).documents:
        chunks = _body_chunks(document)
        assert document.text[: chunks[0].start].endswith("---\n")
        assert all(before.end == after.start for before, after in pairwise(chunks))
        assert chunks[-1].end == len(document.text)


def test_repeated_sentences_and_sections_keep_each_their_own_place(document_text):
    body = "## Frist\n\nSøk nå.[^råd] Søk nå.[^råd]\n\n" * 3
    text = document_text(body=body)
    chunks = _body_chunks(parse_document(text, "guide/a.md", PERIODS))
    starts = [i for i in range(len(text)) if text.startswith("## Frist", i)]
    assert [chunk.start for chunk in chunks[1:]] == starts[1:]
    places = [statement.start for chunk in chunks for statement in chunk.statements]
    assert places == [i for i in range(len(text)) if text.startswith("Søk nå.", i)]


def test_sentence_of_the_ingress_that_stands_again_in_the_body_keeps_both_places(document_text):
    text = document_text(ingress="Søk nå.[^råd]", body="## Frist\n\nSøk nå.[^råd]\n")
    first, *_, last = split_document(parse_document(text, "guide/a.md", PERIODS))
    assert (first.start, last.statements[0].start) == (text.index("Søk nå."), text.rindex("Søk nå."))


# What a document is split into


def test_first_chunk_is_the_ingress_with_questions_and_keywords(corpus_dir):
    (document,) = (d for d in read_corpus(corpus_dir).documents if d.doc_id == "guide/aksjekapital")
    first = split_document(document)[0]
    assert first.heading_path == ("Aksjekapital",)
    assert document.text[first.start : first.end] == "Et aksjeselskap må ha minst 30 000 kroner i aksjekapital."
    assert first.search_text == (
        "Aksjekapital\nEt aksjeselskap må ha minst 30 000 kroner i aksjekapital.\naksjekapital, innskudd"
    )
    assert first.questions == (Asked("Hvor mye aksjekapital må vi ha?"),)
    assert first.section_id == "guide/aksjekapital#ingress"


def test_chunks_of_a_document_follow_its_headings(corpus_dir):
    (document,) = (d for d in read_corpus(corpus_dir).documents if d.doc_id == "guide/aksjekapital")
    _, *body = split_document(document)
    assert [chunk.heading_path for chunk in body] == [
        ("Aksjekapital", "Hva er aksjekapital?"),
        ("Aksjekapital", "Når må pengene være på konto?"),
    ]
    assert body[0].search_text == (
        "Aksjekapital. Hva er aksjekapital\nAksjekapital er pengene eierne skyter inn i selskapet. "
        "Pengene kan brukes i driften."
    )


def test_each_field_of_a_card_is_a_chunk_under_its_label(corpus_dir):
    (scheme,) = (d for d in read_corpus(corpus_dir).documents if d.doc_class == "regel")
    chunks = split_document(scheme)
    demands = next(chunk for chunk in chunks if chunk.heading_path == ("Etableringsfondet", "Krav"))
    assert [scheme.text[s.start : s.end] for s in demands.statements] == [
        "Etableringsfondet krever en skriftlig plan.",
        "Etableringsfondet krever et regnskap.",
    ]
    assert len(chunks) == 1 + 13 + 2  # the ingress, the fields of the card, two headings


def test_subheading_is_a_chunk_under_both_headings(corpus_dir):
    (scheme,) = (d for d in read_corpus(corpus_dir).documents if d.doc_class == "regel")
    assert split_document(scheme)[-1].heading_path == ("Etableringsfondet", "Slik behandles søknaden", "Klage")


def test_text_to_copy_can_be_searched_though_it_has_no_statements(corpus_dir):
    (template,) = (d for d in read_corpus(corpus_dir).documents if d.doc_class == "mal")
    copy = split_document(template)[-1]
    assert copy.statements == ()
    assert "Vi søker om 40 000 kroner." in copy.search_text


def test_sentence_without_mark_is_not_searched_outside_text_to_copy(document_text):
    text = document_text(body="## A\n\nMed merke.[^råd] Uten merke.\n")
    assert split_document(parse_document(text, "guide/a.md", PERIODS))[-1].search_text == "Prøve. A\nMed merke."


def test_chunk_ids_differ_even_where_headings_and_text_repeat(document_text):
    text = document_text(body="## Frist\n\nSøk nå.[^råd]\n\n" * 3)
    chunks = split_document(parse_document(text, "guide/a.md", PERIODS))
    assert len({chunk.chunk_id for chunk in chunks}) == len(chunks) == 4


def test_chunk_id_stays_when_only_the_text_under_the_heading_changes(document_text):
    def last(body):
        return split_document(parse_document(document_text(body=body), "guide/a.md", PERIODS))[-1]

    before, after = last("## Frist\n\nSøk nå.[^råd]\n"), last("## Frist\n\nVent litt.[^råd]\n")
    assert before.chunk_id == after.chunk_id
    assert before.search_text != after.search_text


# Long sections


def test_long_section_is_cut_between_paragraphs_and_every_part_keeps_its_heading(document_text):
    paragraph = "Dette er en setning om frister.[^råd] " * 12  # about 450 characters
    text = document_text(body="## Lang\n\n" + f"{paragraph}\n\n" * 8)
    document = parse_document(text, "guide/a.md", PERIODS)
    chunks = _body_chunks(document)
    assert len(chunks) == 3  # three paragraphs fit in MAX_CHARS, so 3 + 3 + 2
    assert {chunk.heading_path for chunk in chunks} == {("Prøve", "Lang")}
    assert all(chunk.end - chunk.start <= MAX_CHARS for chunk in chunks)
    assert all(text[chunk.start :].startswith("Dette er") for chunk in chunks[1:])


def test_long_list_is_never_cut_in_the_middle_of_an_item():
    item = "- " + "ord " * 20 + "\n  og en linje til\n"
    text = "## Krav\n\n" + item * 60
    nodes = _nodes(text)
    assert len(nodes) > 2
    assert "".join(node.text for node in nodes) == text
    assert all(node.text.startswith("- ord") for node in nodes[1:])
    assert all(node.text.endswith("og en linje til\n") for node in nodes)


@pytest.mark.parametrize("bullet", ["- ", "1. "])
def test_item_of_several_paragraphs_is_never_cut_between_them(bullet):
    indent = " " * len(bullet)
    item = f"{bullet}Først dette.\n\n{indent}Så dette.\n\n{indent}- Og dette.\n\n{indent}Til slutt dette.\n\n"
    assert [node.text for node in _nodes(item * 3, max_chars=20)] == [item] * 3


def test_heading_is_never_left_alone_though_its_first_paragraph_is_longer_than_a_chunk():
    long = "ord " * 20
    text = f"## A\n\n{long}\n\n## B\n\n{long}\n\n{long}\n"
    assert [node.text for node in _nodes(text, max_chars=20)] == [
        f"## A\n\n{long}\n\n",
        f"## B\n\n{long}\n\n",
        f"{long}\n",
    ]


def test_numbered_list_is_cut_in_front_of_the_number():
    text = "## Steg\n\n" + "".join(f"{n}. {'ord ' * 30}\n" for n in range(1, 31))
    nodes = _nodes(text)
    assert len(nodes) > 2
    assert all(node.text[0].isdigit() for node in nodes[1:])


def test_table_is_never_cut_however_long():
    table = "| År | Beløp |\n|---|---|\n" + "| 2021 | 500 kroner |\n" * 200
    (node,) = _nodes(f"## Satser\n\n{table}")
    assert node.text.endswith(table)


def test_paragraph_longer_than_a_chunk_stays_whole():
    paragraph = "ord " * MAX_CHARS
    (node,) = _nodes(f"{paragraph}\n")
    assert node.text == f"{paragraph}\n"


def test_max_chars_decides_how_long_a_chunk_may_be():
    text = "En.\n\nTo.\n\nTre.\n"
    assert [node.text for node in _nodes(text, max_chars=1000)] == [text]
    assert [node.text for node in _nodes(text, max_chars=5)] == ["En.\n\n", "To.\n\n", "Tre.\n"]


# As LlamaIndex sees it


@pytest.mark.parametrize(
    "text",
    [
        "Bare tekst.\n",
        "# Tittel\n\nÆrlig tekst.\n\n## Å gå\n\nTekst.\n\n## Å gå\n\nTekst.\n",
        "\n\nFørst tekst.\n\n# Så en tittel\n\n- a\n- a\n\n> sitat\n\n```\n# ikke en tittel\n```\n",
        "Tittel\n======\n\nTekst\n\nUnder\n-----\n\nTekst uten linjeskift til slutt",
    ],
)
def test_plain_markdown_without_front_matter_is_split_with_true_offsets_and_no_gap(text):
    nodes = _nodes(text)
    assert "".join(node.text for node in nodes) == text
    for node in nodes:
        assert text[node.start_char_idx : node.end_char_idx] == node.text


def test_headings_above_a_node_are_in_its_metadata_outermost_first():
    text = "Innledning.\n\n# Guide\n\n## A\n\nx\n\n### A1\n\ny\n\n## B\n\nz\n"
    assert [node.metadata["heading_path"] for node in _nodes(text)] == [
        [],
        ["Guide"],
        ["Guide", "A"],
        ["Guide", "A", "A1"],
        ["Guide", "B"],
    ]


def test_headings_nest_by_level_in_plain_markdown_without_a_title():
    text = "## A\n\nx\n\n#### A1\n\ny\n\n### A2\n\nz\n\n# B\n\nx\n\n### B1\n\ny\n\n# C\n\nz\n"
    assert [node.metadata["heading_path"] for node in _nodes(text)] == [
        ["A"],
        ["A", "A1"],
        ["A", "A2"],
        ["B"],
        ["B", "B1"],
        ["C"],
    ]


def test_headings_of_a_document_nest_by_level_under_its_title_in_sections_and_chunks_alike(document_text):
    body = "".join(f"{mark} {name}\n\nTekst.[^råd]\n\n" for mark, name in [("##", "A"), ("####", "A1"), ("###", "A2")])
    document = parse_document(document_text(body=f"{body}# B\n\nTekst.[^råd]\n"), "guide/a.md", PERIODS)
    paths = [("Prøve", "A"), ("Prøve", "A", "A1"), ("Prøve", "A", "A2"), ("Prøve", "B")]
    assert [section.headings for section in document.sections] == paths
    assert [chunk.heading_path for chunk in _body_chunks(document)] == paths


def test_title_in_the_metadata_stands_above_every_heading():
    document = LlamaDocument(text="## A\n\nx\n\n## B\n\ny\n", metadata={"title": "Guide"})
    nodes = HeadingNodeParser().get_nodes_from_documents([document])
    assert [node.metadata["heading_path"] for node in nodes] == [["Guide", "A"], ["Guide", "B"]]


def test_hash_inside_a_code_block_is_no_heading():
    (node,) = _nodes("Tekst.\n\n```\n# ikke en tittel\n```\n")
    assert node.metadata["heading_path"] == []


def test_front_matter_is_left_out_of_the_nodes():
    (node,) = _nodes("---\ntittel: A\n---\n\nTekst.\n")
    assert node.text.strip() == "Tekst."
    assert node.start_char_idx == len("---\ntittel: A\n---\n")


@pytest.mark.parametrize("text", ["", "\n\n  \n", "---\ntittel: A\n---\n"])
def test_document_without_text_gives_no_nodes(text):
    assert _nodes(text) == []


def test_documents_of_a_directory_reader_are_split_each_with_its_own_file_and_neighbours(tmp_path, write):
    files = [write(tmp_path / name, "# Likt\n\nSøk nå.\n\n# Likt\n\nSøk nå.\n") for name in ("a.md", "b.md")]
    documents = [
        LlamaDocument(text=path.read_text(encoding="utf-8"), metadata={"file_path": str(path), "file_name": path.name})
        for path in files
    ]
    nodes = HeadingNodeParser()(documents)  # as a step of an IngestionPipeline
    assert [(node.metadata["file_name"], node.start_char_idx) for node in nodes] == [
        ("a.md", 0), ("a.md", 17), ("b.md", 0), ("b.md", 17),
    ]  # fmt: skip
    assert all(isinstance(node, TextNode) and node.metadata["heading_path"] == ["Likt"] for node in nodes)
    assert [node.ref_doc_id for node in nodes] == [d.doc_id for d in documents for _ in range(2)]
    assert nodes[0].next_node.node_id == nodes[1].node_id
    assert NodeRelationship.NEXT not in nodes[1].relationships
    assert len({node.node_id for node in nodes}) == 4


def test_node_survives_the_trip_through_json():
    (node,) = _nodes("# Å\n\nSøk nå.\n")
    again = TextNode.from_dict(json.loads(json.dumps(node.to_dict())))
    assert (again.text, again.start_char_idx, again.end_char_idx) == (node.text, 0, len("# Å\n\nSøk nå.\n"))
    assert again.metadata == {"heading_path": ["Å"]}
