"""Our embedding and retriever as LlamaIndex's own classes, for any LlamaIndex program."""

from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.answer import Engine
from assistant.retrieve import retrieve
from assistant.understand import understand
from index.embed import Embedder
from index.statements import plain


class AbcEmbedding(BaseEmbedding):
    """An `Embedder` as a LlamaIndex embedding; vectors have unit norm."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder, **kwargs: Any) -> None:
        super().__init__(model_name=embedder.name, **kwargs)
        self._embedder = embedder

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(value) for value in self._embedder.encode_queries([query])[0]]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(value) for value in self._embedder.encode_passages([text])[0]]


class AbcRetriever(BaseRetriever):
    """Hybrid retrieval over an index version; nodes carry true offsets into their document, and the fused score."""

    def __init__(self, engine: Engine, limit: int = 10) -> None:
        super().__init__()
        self._engine, self._limit = engine, limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        engine = self._engine
        query = understand([query_bundle.query_str])
        return [
            NodeWithScore(
                score=hit.score,
                node=TextNode(
                    id_=hit.chunk.chunk_id,
                    text=plain(engine.index.documents[hit.chunk.doc_id].text[hit.chunk.start : hit.chunk.end]),
                    start_char_idx=hit.chunk.start,
                    end_char_idx=hit.chunk.end,
                    metadata={
                        "doc_id": hit.chunk.doc_id,
                        "class": hit.chunk.doc_class,
                        "heading_path": list(hit.chunk.heading_path),
                    },
                ),
            )
            for hit in retrieve(engine.index, engine.embedder, query, self._limit).hits
        ]
