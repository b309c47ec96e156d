"""Our embedding and retriever at work in ordinary LlamaIndex programs."""

import asyncio
from collections.abc import Iterator

import numpy as np
import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import ResponseMode, get_response_synthesizer
from llama_index.core.schema import QueryBundle, TextNode

from assistant.answer import Engine
from assistant.llamaindex import AbcEmbedding, AbcRetriever
from assistant.retrieve import retrieve
from assistant.understand import understand
from index.embed import Embedder
from index.load import Index
from index.statements import plain

QUESTION = "Hvor mye aksjekapital må vi ha?"


@pytest.fixture
def engine(built_index: Index, embedder: Embedder) -> Iterator[Engine]:
    return Engine(built_index, embedder)


def test_retriever_finds_what_our_own_retrieval_finds_in_its_order(engine: Engine) -> None:
    nodes = AbcRetriever(engine, limit=4).retrieve(QUESTION)
    hits = retrieve(engine.index, engine.embedder, understand([QUESTION]), 4).hits
    assert [(node.node_id, node.score) for node in nodes] == [(hit.chunk.chunk_id, hit.score) for hit in hits]
    assert len(nodes) == 4


def test_retrieved_nodes_carry_true_offsets_and_where_they_stand(engine: Engine) -> None:
    texts = {document.doc_id: document.text for document in engine.index.catalog.documents}
    nodes = AbcRetriever(engine).retrieve(QUESTION)
    assert nodes[0].metadata["doc_id"] == "guide/aksjekapital"
    assert nodes[0].metadata["class"] == "veiledning"
    for found in nodes:
        quoted = texts[found.metadata["doc_id"]][found.node.start_char_idx : found.node.end_char_idx]
        assert found.text == plain(quoted)
        assert found.metadata["heading_path"]


def test_retriever_drives_a_query_engine(engine: Engine) -> None:
    synthesizer = get_response_synthesizer(llm=MockLLM(), response_mode=ResponseMode.COMPACT)
    program = RetrieverQueryEngine(AbcRetriever(engine, limit=2), response_synthesizer=synthesizer)
    response = program.query(QUESTION)
    assert len(response.source_nodes) == 2
    assert "30 000 kroner" in str(response)  # the mock model repeats the prompt, which holds what was retrieved


def test_retriever_answers_an_async_program(engine: Engine) -> None:
    nodes = asyncio.run(AbcRetriever(engine, limit=1).aretrieve(QueryBundle(QUESTION)))
    assert [node.metadata["doc_id"] for node in nodes] == ["guide/aksjekapital"]


def test_embedding_gives_the_vectors_of_its_embedder(embedder: Embedder) -> None:
    embedding = AbcEmbedding(embedder)
    texts = ["aksjekapital er penger", "fristen er ute"]
    expected = embedder.encode_passages(texts)
    assert embedding.model_name == "ordsum"
    np.testing.assert_array_equal(np.array(embedding.get_text_embedding_batch(texts), np.float32), expected)
    np.testing.assert_array_equal(np.array(embedding.get_query_embedding(texts[0]), np.float32), expected[0])
    np.testing.assert_array_equal(
        np.array(asyncio.run(embedding.aget_query_embedding(texts[0])), np.float32), expected[0]
    )
    assert all(isinstance(value, float) for value in embedding.get_text_embedding(texts[0]))


def test_embedding_serves_a_vector_store_index_as_a_retriever(embedder: Embedder) -> None:
    texts = ["Kapitalen er minst 30 000 kroner.", "Fristen er 1. mars.", "Styret velges av årsmøtet."]
    nodes = [TextNode(id_=str(place), text=text) for place, text in enumerate(texts)]
    program = VectorStoreIndex(nodes, embed_model=AbcEmbedding(embedder)).as_retriever(similarity_top_k=1)
    for place, text in enumerate(texts):
        [found] = program.retrieve(text)
        assert (found.node_id, found.score) == (str(place), pytest.approx(1.0, abs=1e-6))
