"""Versions on disk: the pointer, the way back, what is kept, and what is said when something is missing."""

import json
from dataclasses import replace

import pytest

from index.load import open_index
from index.types import IndexFault, IndexMissing
from index.versions import (
    KEEP,
    SCHEMA,
    Manifest,
    build_lock,
    list_versions,
    point_to,
    read_manifest,
    read_pointer,
    remove_old,
    roll_back,
    write_manifest,
)

MANIFEST = Manifest(
    version="000001-aaaaaaaa", schema=SCHEMA, corpus="aa", chunker="c", model="m", model_fingerprint="f", chromadb="1",
    num_documents=1, num_chunks=2, built_at="2026-06-01T12:00:00+02:00",
)  # fmt: skip


@pytest.fixture
def add_version(index_home):
    """Makes a version that is a manifest and nothing else, and points to it."""

    def add(version):
        (index_home / version).mkdir(parents=True)
        write_manifest(index_home / version, replace(MANIFEST, version=version))
        point_to(index_home, version)

    return add


def _folders(home):
    return sorted(path.name for path in home.iterdir() if path.is_dir())


def test_pointer_is_one_line_with_the_version_in_use(index_home, add_version):
    add_version("000001-aaaaaaaa")
    add_version("000002-bbbbbbbb")
    assert read_pointer(index_home) == "000002-bbbbbbbb"
    assert (index_home / "current").read_text(encoding="utf-8") == "000002-bbbbbbbb\n"
    assert [path.name for path in index_home.glob("current*")] == ["current"]


def test_manifest_comes_back_as_it_was_written(index_home, add_version):
    add_version("000001-aaaaaaaa")
    assert read_manifest(index_home, "000001-aaaaaaaa") == MANIFEST


def test_versions_are_listed_oldest_first_without_what_was_never_finished(index_home, add_version):
    for version in ("000010-cccccccc", "000002-aaaaaaaa", "000009-bbbbbbbb"):
        add_version(version)
    (index_home / "000011-dddddddd" / "chroma").mkdir(parents=True)
    assert [manifest.version for manifest in list_versions(index_home)] == [
        "000002-aaaaaaaa",
        "000009-bbbbbbbb",
        "000010-cccccccc",
    ]


def test_version_whose_manifest_cannot_be_read_is_skipped(index_home, add_version):
    for version in ("000001-aaaaaaaa", "000002-bbbbbbbb", "000003-cccccccc"):
        add_version(version)
    (index_home / "000002-bbbbbbbb" / "manifest.json").write_text("{", encoding="utf-8")
    assert [manifest.version for manifest in list_versions(index_home)] == ["000001-aaaaaaaa", "000003-cccccccc"]
    assert roll_back(index_home) == "000001-aaaaaaaa"


def test_folder_that_is_not_named_as_a_version_is_none(index_home, add_version):
    for version in ("000001-aaaaaaaa", "kopi", "000002-bbbbbbbb.bak", "000003-kopi"):
        add_version(version)
    assert [manifest.version for manifest in list_versions(index_home)] == ["000001-aaaaaaaa"]


def test_manifest_is_replaced_in_one_step_that_readers_never_see_half_done(index_home, add_version):
    add_version("000001-aaaaaaaa")
    folder = index_home / "000001-aaaaaaaa"
    with (folder / "manifest.json").open(encoding="utf-8") as reader:
        write_manifest(folder, replace(MANIFEST, num_chunks=3))
        assert json.load(reader)["num_chunks"] == 2  # still the file that it opened
    assert read_manifest(index_home, "000001-aaaaaaaa").num_chunks == 3
    assert [path.name for path in folder.iterdir()] == ["manifest.json"]


def test_rolling_back_twice_goes_two_versions_back_and_then_no_further(index_home, add_version):
    for version in ("000001-aaaaaaaa", "000002-bbbbbbbb", "000003-cccccccc"):
        add_version(version)
    assert roll_back(index_home) == read_pointer(index_home) == "000002-bbbbbbbb"
    assert roll_back(index_home) == read_pointer(index_home) == "000001-aaaaaaaa"
    with pytest.raises(IndexMissing, match="ingen eldre versjon enn «000001-aaaaaaaa»"):
        roll_back(index_home)
    assert read_pointer(index_home) == "000001-aaaaaaaa"


def test_rolling_back_deletes_nothing(index_home, add_version):
    add_version("000001-aaaaaaaa")
    add_version("000002-bbbbbbbb")
    roll_back(index_home)
    assert _folders(index_home) == ["000001-aaaaaaaa", "000002-bbbbbbbb"]


def test_the_newest_versions_are_kept(index_home, add_version):
    names = [f"{number:06d}-aaaaaaaa" for number in range(1, KEEP + 3)]
    for name in names:
        add_version(name)
    remove_old(index_home)
    assert _folders(index_home) == names[-KEEP:]


def test_version_in_use_is_kept_however_old(index_home, add_version):
    names = [f"{number:06d}-aaaaaaaa" for number in range(1, KEEP + 3)]
    for name in names:
        add_version(name)
    point_to(index_home, names[0])
    remove_old(index_home)
    assert _folders(index_home) == [names[0], *names[-KEEP:]]


def test_what_a_build_that_was_cut_off_left_behind_is_removed(index_home, add_version):
    add_version("000001-aaaaaaaa")
    (index_home / "000002-bbbbbbbb" / "chroma").mkdir(parents=True)
    remove_old(index_home)
    assert _folders(index_home) == ["000001-aaaaaaaa"]


def test_what_is_not_named_as_a_version_is_left_alone(index_home, add_version):
    add_version("000001-aaaaaaaa")
    for name in ("notater", "000002-bbbbbbbb.bak", "000003-kopi", "9-cccccccc"):
        (index_home / name / "chroma").mkdir(parents=True)
    (index_home / "000004-dddddddd").touch()  # a file
    before = sorted(path.name for path in index_home.iterdir())
    remove_old(index_home)
    assert sorted(path.name for path in index_home.iterdir()) == before


def test_lock_is_held_by_one_at_a_time_and_let_go_after_a_failure(index_home):
    with pytest.raises(ZeroDivisionError), build_lock(index_home):
        with pytest.raises(IndexFault, match="En annen bygging av indeksen pågår") as caught, build_lock(index_home):
            pass
        assert caught.value.remedy == "Vent til den er ferdig, og prøv igjen."
        raise ZeroDivisionError
    with build_lock(index_home):
        pass


# What is said when something is missing


def test_missing_index_is_named_with_its_folder_and_the_remedy(index_home, embedder):
    with pytest.raises(IndexMissing, match="Det er ikke bygd noen indeks i ") as caught:
        open_index(index_home, embedder)
    assert str(index_home) in str(caught.value)
    assert "abc index build" in caught.value.remedy


def test_pointer_to_a_missing_version_is_named_with_the_version(index_home, add_version, embedder):
    add_version("000001-aaaaaaaa")
    point_to(index_home, "000009-ffffffff")
    with pytest.raises(IndexMissing, match="peker på versjon «000009-ffffffff», som ikke finnes"):
        open_index(index_home, embedder)


def test_empty_pointer_is_a_missing_version(index_home, embedder):
    index_home.mkdir()
    (index_home / "current").touch()
    with pytest.raises(IndexMissing, match="peker på versjon «»"):
        open_index(index_home, embedder)


def test_pointer_that_is_no_text_is_named_with_its_path_and_the_remedy(index_home, add_version, embedder):
    add_version("000001-aaaaaaaa")
    (index_home / "current").write_bytes(b"\xff\xe5\n")
    with pytest.raises(IndexMissing) as caught:
        open_index(index_home, embedder)
    assert str(caught.value) == f"Fila {index_home / 'current'} er ødelagt."
    assert "abc index build" in caught.value.remedy


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", json.dumps({"version": "000001-aaaaaaaa"}), json.dumps({**MANIFEST.__dict__, "ukjent": 1})],
    ids=["empty", "cut", "list", "no fields", "one field", "unknown field"],
)
def test_corrupt_manifest_is_named_with_its_path(index_home, add_version, embedder, text):
    add_version("000001-aaaaaaaa")
    path = index_home / "000001-aaaaaaaa" / "manifest.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(IndexMissing, match="Kan ikke lese ") as caught:
        open_index(index_home, embedder)
    assert str(path) in str(caught.value)
