"""Corpus → index version: twice is once, little is done again, and a build that fails or dies changes nothing."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import WordSumEmbedder

from index import build as build_steps
from index import plan as plan_steps
from index.build import build_index, build_version
from index.chunk import split_document
from index.dense import PASSAGES, ChromaPassages, read_matrices, texts_of
from index.document import NOTHING, Corpus, read_corpus
from index.keyword import KeywordIndex
from index.load import open_index, probe
from index.matrix import Matrix
from index.plan import plan_build, read_previous
from index.store import VectorStore
from index.types import IndexFault, IndexMismatch, IndexMissing
from index.versions import KEEP, SCHEMA, build_lock, list_versions, read_pointer, roll_back

GUIDE = "guide/aksjekapital.md"
ROOT = Path(__file__).parent.parent


@pytest.fixture
def build(corpus_dir, index_home, embedder):
    """Builds the corpus as it is now."""

    def run(**options):
        return build_index(read_corpus(corpus_dir), index_home, **{"embedder": embedder, **options})

    return run


@pytest.fixture
def edit(corpus_dir):
    """Replaces a text that stands once in a file of the corpus."""

    def replace_once(old, new, file=GUIDE):
        text = (corpus_dir / file).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (corpus_dir / file).write_text(text.replace(old, new), encoding="utf-8")

    return replace_once


@pytest.fixture
def serves(index_home, embedder):
    """Opens the version in use, finds it whole, and gives its name and all that its chunks say."""

    def look():
        index = open_index(index_home, embedder)
        assert probe(index)
        assert index.store.count() == len(index.catalog.chunks) == index.manifest.num_chunks
        assert len(index.questions) == sum(len(chunk.questions) for chunk in index.catalog.chunks) == len(index.owners)
        index.store.close()
        return index.manifest.version, "\n".join(chunk.search_text for chunk in index.catalog.chunks)

    return look


def _told(report):
    """What was added, changed and removed, and how many documents were as before."""
    return report.plan.added, tuple(report.plan.changed), report.plan.removed, report.plan.num_unchanged


def _folders(home):
    return sorted(path.name for path in home.iterdir() if path.is_dir())


# What a build makes


def test_first_build_adds_every_document_and_embeds_every_chunk_once(build, corpus_dir, embedder):
    documents = read_corpus(corpus_dir).documents
    chunks = [chunk for document in documents for chunk in split_document(document)]
    texts = texts_of(chunks)[PASSAGES]
    report = build()
    assert report.plan.added == tuple(document.doc_id for document in documents)
    assert (tuple(report.plan.changed), report.plan.removed, report.plan.num_unchanged) == ((), (), 0)
    assert (report.manifest.num_chunks, report.num_reused) == (len(chunks), 0)
    assert sorted(embedder.seen) == sorted(texts)


def test_opened_index_holds_what_the_corpus_said(built_index, corpus_dir):
    corpus = read_corpus(corpus_dir)
    catalog = built_index.catalog
    assert catalog.documents == tuple(
        replace(d, sections=(), loose_ingress=(), asked=(), unanswered=()) for d in corpus.documents
    )
    assert catalog.chunks == tuple(chunk for document in corpus.documents for chunk in split_document(document))
    assert (catalog.sources, catalog.terms) == (corpus.sources, corpus.terms)
    assert built_index.positions == {chunk.chunk_id: place for place, chunk in enumerate(catalog.chunks)}


def test_manifest_names_what_built_the_version(built_index, embedder):
    manifest = built_index.manifest
    assert (manifest.model, manifest.model_fingerprint) == (embedder.name, embedder.fingerprint)
    assert (manifest.num_documents, manifest.num_chunks) == (7, len(built_index.catalog.chunks))
    assert manifest.version == f"000001-{manifest.corpus[:8]}"


@pytest.mark.parametrize("by_chroma", [False, True])
def test_search_gives_the_nearest_passages_first_with_their_cosine(built_index, embedder, by_chroma):
    chunks = built_index.catalog.chunks
    vectors = embedder.encode_passages([chunk.pooled_text for chunk in chunks])
    dense = built_index.passages
    if by_chroma:
        dense = ChromaPassages(built_index.store, built_index.positions, Matrix.build(vectors[:0], vectors[:0, 0]))
    (found,) = dense.search(vectors[5][None], 4)
    exact = vectors @ vectors[5]
    assert found.cosines.tolist() == pytest.approx(sorted(exact.tolist(), reverse=True)[:4], abs=1e-5)
    assert found.cosines.tolist() == pytest.approx(exact[found.places].tolist(), abs=1e-5)
    assert (found.places[0], dense.fault) == (5, "")


def test_passages_are_compared_one_by_one_while_chroma_cannot_be_used_and_it_is_said_once(
    built_index, embedder, caplog
):
    vectors = embedder.encode_passages([chunk.pooled_text for chunk in built_index.catalog.chunks])
    dense = ChromaPassages(built_index.store, built_index.positions, Matrix.build(vectors, np.arange(len(vectors))))
    assert dense.search(vectors[5][None], 1) and not dense.fault
    built_index.store._client.delete_collection("passages")
    for _ in range(2):
        (found,) = dense.search(vectors[5][None], 1)
        assert (found.places.tolist(), "Chroma kan ikke lese" in dense.fault) == ([5], True)
    assert len(caplog.records) == 1


def test_a_question_leads_to_the_chunk_that_answers_it(built_index, embedder):
    asked = [(place, q.text) for place, chunk in enumerate(built_index.catalog.chunks) for q in chunk.questions]
    nearest = built_index.questions.search(embedder.encode_queries([text for _, text in asked]), 1)
    assert [built_index.owners[found.places[0]] for found in nearest] == [place for place, _ in asked]


def test_progress_counts_up_to_the_number_of_new_chunks(corpus_dir, index_home, embedder):
    steps = []
    previous = read_previous(index_home)
    plan = plan_build(read_corpus(corpus_dir), previous, NOTHING, embedder)
    report = build_version(plan, index_home, embedder, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1] > report.manifest.num_chunks  # the questions are embedded too


# Twice


def test_second_build_of_the_same_does_nothing(build, index_home, embedder):
    first = build()
    before = {path: path.stat().st_mtime_ns for path in index_home.rglob("*") if path.name != "build.lock"}
    embedder.seen.clear()
    second = build()
    assert second.version == first.version
    assert (second.plan.added, tuple(second.plan.changed), second.plan.removed, second.plan.num_unchanged) == (
        (),
        (),
        (),
        7,
    )
    assert second.num_reused == second.manifest.num_chunks == first.manifest.num_chunks
    assert embedder.seen == []
    assert {path: path.stat().st_mtime_ns for path in index_home.rglob("*") if path.name != "build.lock"} == before


def test_forced_build_of_the_same_is_a_new_version(build, serves):
    first = build()
    second = build(force=True)
    assert second.version == first.version.replace("000001", "000002")
    assert serves()[0] == second.version


def test_changed_sentence_embeds_only_its_own_chunk_again(build, edit, embedder):
    first = build()
    embedder.seen.clear()
    edit("Pengene kan brukes i driften.", "Pengene kan ikke brukes i driften.")
    second = build()
    assert (tuple(second.plan.changed), second.plan.added, second.plan.removed, second.plan.num_unchanged) == (
        ("guide/aksjekapital",),
        (),
        (),
        6,
    )
    assert (second.manifest.num_chunks, second.num_reused) == (first.manifest.num_chunks, first.manifest.num_chunks - 1)
    (text,) = embedder.seen
    assert "Pengene kan ikke brukes i driften." in text
    assert second.version.startswith("000002-")


def test_changed_title_embeds_every_chunk_of_that_document_and_no_other(build, edit, embedder):
    build()
    embedder.seen.clear()
    edit("tittel: Aksjekapital", "tittel: Penger i selskapet")
    build()
    assert len(embedder.seen) == 3  # the ingress and two headings
    assert all(text.startswith("Penger i selskapet") for text in embedder.seen)


def test_reused_vectors_stay_with_their_own_chunks(build, edit, index_home, embedder):
    build()
    edit("## Hva er aksjekapital?\n", "## Aller først\n\nNytt avsnitt.[^råd]\n\n## Hva er aksjekapital?\n")
    assert build().num_reused > 0
    index = open_index(index_home, embedder)
    for chunk in index.catalog.chunks:
        (own,) = embedder.encode_passages([chunk.pooled_text])
        assert read_matrices(index.folder)[PASSAGES].rows([index.positions[chunk.chunk_id]])[0] @ own == pytest.approx(
            1
        )
        (found,) = index.store.search(own[None], len(index.positions))
        assert found[chunk.chunk_id] == pytest.approx(1)
    index.store.close()


def test_new_and_removed_documents_are_named(build, corpus_dir, write, document_text):
    build()
    write(corpus_dir / "guide" / "ny.md", document_text())
    (corpus_dir / GUIDE).unlink()
    (corpus_dir / "guide" / "tilskudd-fra-fylket.md").touch()  # a new time, the same text
    report = build()
    assert (report.plan.added, report.plan.removed, tuple(report.plan.changed)) == (
        ("guide/ny",),
        ("guide/aksjekapital",),
        (),
    )
    assert report.plan.num_unchanged == 6


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("kilder.yaml", "publisert: udatert brosjyre", "publisert: brosjyre fra 2025"),
        ("begreper.yaml", "startkapital", "startpenger"),
    ],
)
def test_changed_register_gives_a_new_version_without_embedding_anything(build, edit, serves, embedder, file, old, new):
    first = build()
    embedder.seen.clear()
    edit(old, new, file)
    second = build()
    assert serves()[0] == second.version != first.version
    assert (tuple(second.plan.changed), second.plan.num_unchanged, embedder.seen) == ((), 7, [])


def test_other_model_embeds_everything_again(build, embedder):
    first = build()
    other = type(embedder)(name="ordsum", fingerprint="ordsum-2")
    second = build(embedder=other)
    assert (second.num_reused, len(other.seen)) == (0, first.manifest.num_chunks)
    assert second.version != first.version


def test_other_chunking_is_built_anew_though_the_corpus_is_the_same(build, monkeypatch):
    first = build()
    monkeypatch.setattr("index.plan.CHUNKER", "en annen deling")
    second = build()
    assert second.version == "000002" + first.version.removeprefix("000001")


def test_vectors_of_another_chroma_are_not_reused(build, edit, monkeypatch):
    build()
    edit("tittel: Aksjekapital", "tittel: Penger i selskapet")
    monkeypatch.setattr("index.plan.package_version", lambda name: "0.0.0")
    assert build().num_reused == 0


def test_manifest_that_cannot_be_read_does_not_stop_a_build(build, edit, serves, index_home):
    first = build()
    edit("1. Åpne en konto", "1. Åpne konto")
    second = build()
    (index_home / first.version / "manifest.json").write_text("{", encoding="utf-8")
    edit("1. Åpne konto", "1. Åpne en ny konto")
    third = build()
    assert third.version.startswith("000003-")
    assert serves()[0] == third.version
    assert [manifest.version for manifest in list_versions(index_home)] == [second.version, third.version]


def test_only_the_newest_versions_are_kept(build, edit, index_home):
    edit("1. Åpne en konto", "1. Åpne konto 0")
    versions = [build().version]
    for number in range(KEEP):
        edit(f"Åpne konto {number}", f"Åpne konto {number + 1}")
        versions.append(build().version)
    assert _folders(index_home) == versions[1:]
    assert len(versions) == KEEP + 1


def test_opened_version_answers_as_before_while_the_next_is_built(built_index, build, edit, serves, embedder):
    query = embedder.encode_queries(["Pengene kan brukes i driften."])
    before = built_index.store.search(query, 5)
    edit("Pengene kan brukes i driften.", "Pengene kan ikke brukes i driften.")
    build()
    assert built_index.store.search(query, 5) == before
    assert serves()[0].startswith("000002-")


def test_rolling_back_serves_the_version_before_and_a_build_goes_on_from_there(build, edit, serves, index_home):
    first = build()
    edit("Pengene kan brukes i driften.", "Pengene kan ikke brukes i driften.")
    second = build()
    assert roll_back(index_home) == first.version
    version, text = serves()
    assert version == first.version
    assert "Pengene kan brukes i driften." in text
    third = build()
    assert tuple(third.plan.changed) == ("guide/aksjekapital",)
    assert third.version == second.version.replace("000002", "000003")
    assert "Pengene kan ikke brukes i driften." in serves()[1]


# Refusals


def test_nothing_is_built_of_an_empty_corpus(index_home, embedder):
    with pytest.raises(IndexFault, match="Det er ingen dokumenter å bygge en indeks av") as caught:
        build_index(Corpus((), {}, ()), index_home, embedder, force=True)
    assert "corpus-mappen" in caught.value.remedy
    assert not index_home.exists()


def _remove(corpus_dir, *names):
    for name in names:
        (corpus_dir / name).unlink()


def test_losing_more_than_a_fifth_of_the_documents_needs_force(build, corpus_dir, serves, index_home):
    first = build()
    _remove(corpus_dir, "guide/tilskot-fra-kommunen.md", "historier/kafe-over-asen.md")
    with pytest.raises(IndexFault, match="2 av 7 dokumenter ville forsvinne") as caught:
        build()
    assert "abc index build --force" in caught.value.remedy
    assert serves()[0] == first.version
    assert _folders(index_home) == [first.version]
    report = build(force=True)
    assert report.plan.removed == ("guide/tilskot-fra-kommunen", "historier/kafe-over-asen")
    assert "Tilskotet frå kommunen" not in serves()[1]


def test_losing_exactly_a_fifth_needs_no_force(build, corpus_dir):
    _remove(corpus_dir, "guide/tilskot-fra-kommunen.md", "historier/kafe-over-asen.md")
    build()
    _remove(corpus_dir, "maler/soknad-om-tilskudd.md")
    assert build().plan.removed == ("maler/soknad-om-tilskudd",)  # one of five


def test_build_while_another_runs_is_refused_and_changes_nothing(build, edit, serves, index_home):
    first = build()
    edit("tittel: Aksjekapital", "tittel: Penger i selskapet")
    with build_lock(index_home), pytest.raises(IndexFault, match="En annen bygging av indeksen pågår"):
        build()
    assert serves()[0] == first.version
    assert build().version != first.version


def test_index_of_another_model_is_refused_with_both_named(built_index, index_home, embedder):
    other = type(embedder)(name="annen-modell", fingerprint="annen-1")
    with pytest.raises(IndexMismatch) as caught:
        open_index(index_home, other)
    assert str(caught.value) == (
        "Indeksen er bygd med modellen ordsum (ordsum-1), men annen-modell (annen-1) er valgt."
    )
    assert "abc index build" in caught.value.remedy


def test_index_of_another_schema_is_refused_with_both_named(built_index, index_home, embedder, monkeypatch):
    monkeypatch.setattr("index.versions.SCHEMA", 99)
    with pytest.raises(IndexMismatch, match=f"Indeksen har format {SCHEMA}, programmet leser format 99"):
        open_index(index_home, embedder)


def test_index_of_another_schema_is_built_anew(build, monkeypatch):
    first = build()
    monkeypatch.setattr("index.plan.SCHEMA", 99)
    assert build().version != first.version


def test_probe_finds_a_whole_index_whole(built_index):
    assert probe(built_index)


def test_probe_finds_that_the_vectors_are_gone(built_index, index_home, embedder):
    built_index.store.close()
    shutil.rmtree(index_home / built_index.manifest.version / "chroma")
    index = open_index(index_home, embedder)
    assert not probe(index)
    index.store.close()


@pytest.mark.parametrize("part", ["catalog.json", "keyword"])
def test_version_that_lacks_a_part_is_missing_until_a_forced_build(build, serves, index_home, embedder, part):
    version = build().version
    path = index_home / version / part
    path.rename(index_home / "borte")
    with pytest.raises(IndexMissing, match=f"Kan ikke lese versjonen {version}: ") as caught:
        open_index(index_home, embedder)
    assert caught.value.remedy == "Kjør: abc index build --force"
    again = build(force=True).version
    assert serves()[0] == again != version


def _remove_graph(home):
    """Deletes the folder that Chroma keeps the vectors of a large collection in; the rows of the database stay."""
    for graph in [path for path in home.glob("*/chroma/*") if path.is_dir()]:
        shutil.rmtree(graph)


def test_probe_finds_that_the_vectors_of_a_large_store_are_gone_and_a_later_build_makes_them_again(
    build, edit, serves, corpus_dir, index_home, embedder, write, document_text
):
    body = "".join(f"## Del {n}\n\nSetning {n}.[^råd]\n\n" for n in range(1_001))  # Chroma keeps 1 000 in its log
    write(corpus_dir / "guide" / "stor.md", document_text(body=body))
    build()
    serves()
    _remove_graph(index_home)
    index = open_index(index_home, embedder)
    assert index.store.count() == index.manifest.num_chunks > 1_001
    assert not probe(index)
    index.store.close()
    edit(OLD, NEW)
    report = build()
    assert report.num_reused == report.manifest.num_chunks - 1  # the vectors are not in Chroma alone
    version, text = serves()
    assert (version, NEW in text) == (report.version, True)


def test_fault_of_chroma_is_told_as_ours_with_the_remedy(built_index, embedder):
    store = built_index.store
    chunk_id = built_index.catalog.chunks[0].chunk_id
    query = embedder.encode_queries(["frist"])
    assert store.count()
    store._client.delete_collection("passages")
    for ask in (lambda: store.search(query, 1), lambda: store.find_themselves([chunk_id]), store.count):
        with pytest.raises(IndexFault, match="Chroma kan ikke lese eller skrive vektorene") as caught:
            ask()
        assert caught.value.remedy == "Kjør: abc index build --force"


def test_probe_finds_that_a_chunk_is_gone_though_it_was_not_one_of_those_looked_up(built_index, monkeypatch):
    monkeypatch.setattr("index.load._PROBES", 1)
    last = built_index.catalog.chunks[-1]
    built_index.store.remove([last.chunk_id])
    assert not probe(built_index)


# Failure and death

STEPS = [
    (plan_steps, "_split"),
    (build_steps, "copy_folder"),
    (WordSumEmbedder, "encode_passages"),
    (KeywordIndex, "save"),
    (build_steps, "write_catalog"),
    (build_steps, "write_manifest"),
    (build_steps, "point_to"),
    (build_steps, "remove_old"),  # the pointer has moved by now
]
OLD, NEW = "Pengene kan brukes i driften.", "Pengene kan ikke brukes i driften."


class _CutError(Exception):
    """The power went."""


def _cut(*_, **__):
    raise _CutError


@pytest.mark.parametrize(("owner", "step"), STEPS, ids=[step for _, step in STEPS])
def test_build_cut_off_at_any_step_leaves_a_whole_version_and_can_be_run_again(
    build, edit, serves, index_home, monkeypatch, owner, step
):
    first = build()
    edit(OLD, NEW)
    with monkeypatch.context() as patched, pytest.raises(_CutError):
        patched.setattr(owner, step, _cut)
        build()
    is_switched = step == "remove_old"
    version, text = serves()
    assert (version != first.version) is is_switched
    assert (OLD in text, NEW in text) == (not is_switched, is_switched)
    second = build()
    version, text = serves()
    assert version == second.version != first.version
    assert NEW in text
    assert _folders(index_home) == [manifest.version for manifest in list_versions(index_home)]


def test_build_cut_off_after_half_of_the_vectors_leaves_the_old_version(build, edit, serves, monkeypatch):
    first = build()
    edit(OLD, NEW)
    add = VectorStore.add

    def add_half(store, ids, vectors):
        half = len(ids) // 2
        add(store, ids[:half], vectors[:half])
        raise _CutError

    monkeypatch.setattr(VectorStore, "add", add_half)
    with pytest.raises(_CutError):
        build()
    version, text = serves()
    assert (version, OLD in text, NEW in text) == (first.version, True, False)


def test_build_whose_vectors_did_not_all_arrive_is_refused(build, edit, serves, monkeypatch):
    first = build()
    edit(OLD, NEW)
    monkeypatch.setattr(VectorStore, "count", lambda store: 31)
    with pytest.raises(IndexFault, match="Chroma har 31 av 32 vektorer"):
        build()
    monkeypatch.undo()
    assert serves()[0] == first.version


# One process per step, forked so that the imports are paid for once; each stops for good when it comes to its step.
_HANGS = """
import os, sys, time
from pathlib import Path
from conftest import WordSumEmbedder
from index import build
from index.document import read_corpus

def hang(*args, **kwargs):
    os.write(1, b"hangs\\n")
    time.sleep(60)

corpus, *homes = map(Path, sys.argv[1:])
for home in homes:
    if os.fork() == 0:
        setattr(build, home.name, hang)
        build.build_index(read_corpus(corpus), home, WordSumEmbedder())
time.sleep(60)
"""


def test_build_that_is_killed_leaves_a_whole_version_and_no_lock(build, edit, corpus_dir, index_home, embedder):
    first = build()
    edit(OLD, NEW)
    homes = [index_home.with_name(step) for step in ("write_catalog", "point_to", "remove_old")]
    for home in homes:
        shutil.copytree(index_home, home)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
    command = [sys.executable, "-c", _HANGS, str(corpus_dir), *map(str, homes)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, start_new_session=True) as process:
        try:
            assert [process.stdout.readline() for _ in homes] == [b"hangs\n"] * len(homes)
            for home in homes:
                with pytest.raises(IndexFault, match="En annen bygging av indeksen pågår"):
                    build_index(read_corpus(corpus_dir), home, embedder)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.stdout.read()  # ends when the last of them is gone
    assert [read_pointer(home) == first.version for home in homes] == [True, True, False]
    for home in homes:
        index = open_index(home, embedder)
        assert probe(index)
        index.store.close()
        build_index(read_corpus(corpus_dir), home, embedder)
        index = open_index(home, embedder)
        assert probe(index)
        assert any(NEW in chunk.search_text for chunk in index.catalog.chunks)
        index.store.close()
