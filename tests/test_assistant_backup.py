"""A backup and the way back: the same answers and questions, and nothing half where it can't be."""

import hashlib
import json
import os
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import write_corpus
from faults import FILE, NEW, OLD, QUESTION, Site, small_disk

from assistant.answer import answer
from assistant.cli import FAULT, OK, main
from assistant.feedback.keep import FeedbackStore
from assistant.feedback.types import Feedback, Rating, Reason
from assistant.record.questions import QuestionStore
from assistant.record.types import Asking, Channel
from assistant.types import Status
from index.versions import build_lock, mark_passed, read_installation

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="bare root kan montere et filsystem")
UNMET = "Hva koster det å leie en advokat?"
CONTENTS = "sikkerhetskopi.json"
Abc = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The tiny guide and its first version, made by `abc index build`; only to be copied."""
    site = Site(tmp_path_factory.mktemp("site"))
    write_corpus(site.corpus)
    assert main_in(site, "index", "build", "--no-gate") == OK
    mark_passed(site.index, (site.index / "current").read_text().strip())
    return site


def main_in(site: Site, *arguments: str, store: str = "") -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ABC_CORPUS", str(site.corpus))
        patch.setenv("ABC_INDEX", str(site.index))
        patch.setenv("ABC_STORE", store or str(site.folder / "abc.sqlite"))
        return main(arguments)


@pytest.fixture
def site(built_site: Site, tmp_path: Path) -> Site:
    """The guide with its version, a question that it can't answer and a complaint."""
    site = Site(tmp_path / "site")
    shutil.copytree(built_site.folder, site.folder)
    ask_in(str(site.folder / "abc.sqlite"), site)
    return site


def ask_in(store: str, site: Site) -> None:
    said = replace(answer(site.chat.current(), [UNMET]), status=Status.NO_EVIDENCE)
    QuestionStore(store, 30).add([Asking((UNMET,), said, (), "1", Channel.API)])
    FeedbackStore(store, 30).add(
        Feedback("ab12", QUESTION, Status.ANSWERED, Rating.NOT_HELPFUL, Reason.WRONG, "1", ("a/b",), "nb")
    )


@pytest.fixture
def empty(tmp_path: Path) -> Site:
    """A machine that has nothing."""
    return Site(tmp_path / "new")


@pytest.fixture
def abc(capsys: pytest.CaptureFixture[str]) -> Abc:
    """Runs `abc` in a site; the exit code and all that was said."""

    def run(site: Site, *arguments: object, store: str = "") -> tuple[int, str]:
        code = main_in(site, *map(str, arguments), store=store)
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


@pytest.fixture
def backup(site: Site, abc: Abc) -> Path:
    target = site.folder / "abc.zip"
    assert abc(site, "sikkerhetskopi", target)[0] == OK
    return target


def reports(abc: Abc, site: Site) -> list[tuple[int, str]]:
    """What `abc` answers and tells of what was asked, without what differs from run to run."""
    code, said = abc(site, "ask", QUESTION)
    return [(code, said), abc(site, "gaps", "--json"), abc(site, "tilbakemelding", "--json")]


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in (".lock", ".sqlite3")
    }


def rewritten(source: Path, change: Callable[[str, bytes], Iterator[tuple[zipfile.ZipInfo | str, bytes]]]) -> Path:
    """A backup with each member put through `change`."""
    target = source.with_name("changed.zip")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            for changed, data in change(name, old.read(name)):
                new.writestr(changed, data)
    return target


def is_refused(abc: Abc, site: Site, source: Path, *words: str) -> None:
    """The restore fails with these words, and has left nothing."""
    before = files_in(site.folder)
    code, said = abc(site, "gjenopprett", source)
    assert code == FAULT
    assert [word for word in words if word not in said] == [], said
    assert files_in(site.folder) == before
    assert list(site.folder.rglob("*.new")) == []


# There and back


def test_empty_machine_gets_the_same_answer_questions_and_feedback(
    site: Site, empty: Site, backup: Path, abc: Abc
) -> None:
    code, said = abc(empty, "gjenopprett", backup)
    assert code == OK, said
    assert "1 spørsmål, 1 tilbakemeldinger og 10 filer i corpus" in said
    expected = reports(abc, site)
    assert OLD in expected[0][1]
    assert UNMET in expected[1][1]
    assert QUESTION in expected[2][1]
    assert reports(abc, empty) == expected
    assert files_in(empty.index) == files_in(site.index)
    assert files_in(empty.corpus) == files_in(site.corpus)
    assert abc(empty, "index", "status")[0] == OK
    assert sorted(path.name for path in empty.folder.iterdir()) == ["abc.sqlite", "corpus", "index"]


def test_only_its_owner_can_read_the_backup_and_the_restored_store(empty: Site, backup: Path, abc: Abc) -> None:
    abc(empty, "gjenopprett", backup)
    for path in (backup, empty.folder / "abc.sqlite"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_result_is_told_as_json(site: Site, empty: Site, abc: Abc) -> None:
    target = site.folder / "abc.zip"
    saved = json.loads(abc(site, "sikkerhetskopi", target, "--json")[1])
    restored = json.loads(abc(empty, "gjenopprett", target, "--json")[1])
    assert saved["bytes"] == target.stat().st_size
    assert saved["version"] == restored["version"] == (site.index / "current").read_text().strip()
    assert saved["rows"] == restored["rows"] == {"questions": 1, "feedback": 1}
    assert (restored["corpus"], restored["notes"]) == (True, [])


def test_half_built_versions_stay_behind_and_the_mark_and_the_name_on_a_server_come_along(
    site: Site, empty: Site, abc: Abc
) -> None:
    (site.index / "000009-0123abcd").mkdir()
    (site.index / "000009-0123abcd" / "catalog.json").write_text("{}")
    (site.index / "installation").write_text("0a1b2c3d\n")
    abc(site, "sikkerhetskopi", site.folder / "abc.zip")
    abc(empty, "gjenopprett", site.folder / "abc.zip")
    version = (site.index / "current").read_text().strip()
    assert {path.name for path in empty.index.iterdir()} == {"build.lock", "current", "installation", version}
    assert read_installation(empty.index) == "0a1b2c3d"
    assert (empty.index / version / "passed").exists()


def test_guide_is_left_out_and_left_alone_where_that_is_asked_for(
    site: Site, empty: Site, backup: Path, abc: Abc
) -> None:
    abc(site, "sikkerhetskopi", site.folder / "small.zip", "--uten-corpus")
    assert abc(empty, "gjenopprett", site.folder / "small.zip")[0] == OK
    assert not empty.corpus.exists()
    assert abc(empty, "gjenopprett", backup, "--erstatt", "--uten-corpus")[0] == OK
    assert not empty.corpus.exists()


def test_guide_that_is_the_same_is_not_in_the_way(site: Site, empty: Site, backup: Path, abc: Abc) -> None:
    shutil.copytree(site.corpus, empty.corpus)
    before = (empty.corpus / FILE).stat().st_ino
    assert abc(empty, "gjenopprett", backup)[0] == OK
    assert (empty.corpus / FILE).stat().st_ino == before


def test_what_is_here_is_replaced_only_when_that_is_asked_for(site: Site, backup: Path, abc: Abc) -> None:
    site.edit(NEW)
    abc(site, "index", "build", "--no-gate")
    is_refused(abc, site, backup, "en indeks i", "spørsmål og tilbakemeldinger", "en annen guide", "--erstatt")
    assert NEW in abc(site, "ask", QUESTION)[1]
    code, said = abc(site, "gjenopprett", backup, "--erstatt")
    assert (code, "Start chatten på nytt" in said) == (OK, True)
    assert OLD in abc(site, "ask", QUESTION)[1]
    assert OLD in (site.corpus / FILE).read_text("utf-8")
    assert site.litter() == set()
    assert len(FeedbackStore(str(site.folder / "abc.sqlite"), 30).rows(30)) == 1


def test_running_chat_answers_on_through_a_restore_and_switches(site: Site, backup: Path, abc: Abc) -> None:
    site.edit(NEW)
    abc(site, "index", "build", "--no-gate")
    assert site.chatted() == NEW
    abc(site, "gjenopprett", backup, "--erstatt")
    assert site.chatted() == OLD


def test_what_has_become_too_old_or_is_not_to_be_kept_is_not_put_back(
    empty: Site, backup: Path, abc: Abc, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = (datetime.now(UTC) - timedelta(days=40)).replace(tzinfo=None).isoformat()

    def age(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        yield name, data.replace(json.loads(data)["at"].encode(), long_ago.encode()) if "store/" in name else data

    old = resealed(rewritten(backup, age))
    code, said = abc(empty, "gjenopprett", old)
    assert (code, "2 spørsmål og tilbakemeldinger var for gamle" in said) == (OK, True), said
    assert len(FeedbackStore(str(empty.folder / "abc.sqlite"), 30).rows(30)) == 0
    monkeypatch.setenv("ABC_KEEP_DAYS", "0")
    assert "ikke lagt tilbake" in abc(empty, "gjenopprett", backup, "--erstatt")[1]


def test_backup_of_a_file_is_restored_into_postgresql_and_back(
    site: Site, empty: Site, backup: Path, abc: Abc, postgres: str, tmp_path: Path
) -> None:
    expected = reports(abc, site)[1:]
    code, said = abc(empty, "gjenopprett", backup, store=postgres)
    assert code == OK, said
    assert [abc(empty, command, "--json", store=postgres) for command in ("gaps", "tilbakemelding")] == expected
    ask_in(postgres, site)  # whose numbers go on after those that were put back
    assert abc(empty, "sikkerhetskopi", tmp_path / "two.zip", store=postgres)[0] == OK
    code, said = abc(empty, "gjenopprett", tmp_path / "two.zip")
    assert (code, "en indeks i" in said) == (FAULT, True)
    assert "2 spørsmål, 2 tilbakemeldinger" in abc(empty, "gjenopprett", tmp_path / "two.zip", "--erstatt")[1]
    assert len(FeedbackStore(str(empty.folder / "abc.sqlite"), 30).rows(30)) == 2


def test_index_of_another_format_is_told_of(empty: Site, backup: Path, abc: Abc) -> None:
    def age(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        yield name, json.dumps({**json.loads(data), "schema": 1}).encode() if name == CONTENTS else data

    assert "format 1" in abc(empty, "gjenopprett", rewritten(backup, age))[1]


def test_chroma_server_must_be_given_its_versions_again(
    empty: Site, backup: Path, abc: Abc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ABC_CHROMA_URL", "http://127.0.0.1:9")
    assert "Legg på den det den mangler, med: abc index build" in abc(empty, "gjenopprett", backup)[1]


# Nothing half


def resealed(source: Path) -> Path:
    """A backup whose list has the sizes and checksums of what is in it now."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    contents = json.loads(members.pop(CONTENTS))
    contents["members"] = {
        name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in members.items()
    }
    target = source.with_name("resealed.zip")
    with zipfile.ZipFile(target, "w") as new:
        for name, data in {**members, CONTENTS: json.dumps(contents).encode()}.items():
            new.writestr(name, data)
    return target


@pytest.mark.parametrize("part", [0.0, 0.3, 0.6, 0.999])
def test_backup_that_is_cut_or_damaged_anywhere_is_refused(empty: Site, backup: Path, abc: Abc, part: float) -> None:
    data = backup.read_bytes()
    cut = backup.with_name("cut.zip")
    cut.write_bytes(data[: int(len(data) * part)])
    is_refused(abc, empty, cut, "Sikkerhetskopien er skadet")
    place = int((len(data) - 100) * part) + 50
    cut.write_bytes(data[:place] + bytes(byte ^ 0xFF for byte in data[place : place + 40]) + data[place + 40 :])
    is_refused(abc, empty, cut, "ikkerhetskopi")


def test_member_that_is_not_as_its_checksum_is_refused(empty: Site, backup: Path, abc: Abc) -> None:
    def swap(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        yield name, data.replace(OLD.encode(), b"99 000") if name.endswith(FILE) else data

    is_refused(abc, empty, rewritten(backup, swap), FILE, "ikke slik den var")


@pytest.mark.parametrize(
    "name",
    ["corpus/../../outside.md", "/corpus/outside.md", "outside.md", "corpus", "corpus/a/./b.md", "corpus\\..\\x.md",
     "index/build.lock", "index/000001-zzzzzzzz/x", "index/current"],
)  # fmt: skip
def test_member_that_would_land_elsewhere_is_refused(empty: Site, backup: Path, abc: Abc, name: str) -> None:
    def add(member: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        yield member, data
        if member == CONTENTS:
            yield name, b"x"

    before = set(empty.folder.parent.rglob("*"))
    evil = resealed(rewritten(backup, add))
    is_refused(abc, empty, evil, "Sikkerhetskopien er")
    left = set(empty.folder.parent.rglob("*")) - before - {evil, backup.with_name("changed.zip")}
    assert left == set()


def test_link_in_a_backup_is_refused(empty: Site, backup: Path, abc: Abc) -> None:
    def link(name: str, data: bytes) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
        info = zipfile.ZipInfo(name)
        info.external_attr = (stat.S_IFLNK | 0o777) << 16 if name.endswith(FILE) else 0
        yield info, data

    is_refused(abc, empty, rewritten(backup, link), FILE, "ikke til å stole på")


def test_member_that_is_larger_than_the_list_says_or_not_in_it_is_refused(empty: Site, backup: Path, abc: Abc) -> None:
    def grow(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        yield name, data + b"x" if name.endswith(FILE) else data

    def add(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        yield name, data
        if name == CONTENTS:
            yield "corpus/guide/ny.md", b"x"

    is_refused(abc, empty, rewritten(backup, grow), FILE)
    is_refused(abc, empty, rewritten(backup, add), "andre filer enn den sier")


@pytest.mark.parametrize(
    "rows", [b"[1]\n", b"{}\n", b'{"at": 1}\n', b"\xff\n"], ids=["list", "empty", "wrong", "no text"]
)
def test_questions_that_can_not_be_read_change_nothing(site: Site, backup: Path, abc: Abc, rows: bytes) -> None:
    def spoil(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        yield name, rows if name == "store/questions.jsonl" else data

    evil = resealed(rewritten(backup, spoil))
    site.edit(NEW)
    before = files_in(site.index) | files_in(site.corpus)
    code, said = abc(site, "gjenopprett", evil, "--erstatt")
    assert (code, "Ingenting er endret" in said) == (FAULT, True), said
    assert files_in(site.index) | files_in(site.corpus) == before
    assert site.litter() == set()


def test_store_that_fails_last_leaves_index_and_guide_as_they_were(site: Site, backup: Path, abc: Abc) -> None:
    site.edit(NEW)
    abc(site, "index", "build", "--no-gate")
    (site.folder / "abc.sqlite").write_bytes(b"no database at all, and long enough to be looked at as one" * 40)
    before = files_in(site.index) | files_in(site.corpus)
    code, said = abc(site, "gjenopprett", backup, "--erstatt")
    assert (code, "fila er ingen database" in said) == (FAULT, True), said
    assert files_in(site.index) | files_in(site.corpus) == before
    assert NEW in abc(site, "ask", QUESTION)[1]


def test_file_that_is_no_backup_or_not_there_is_named(empty: Site, tmp_path: Path, abc: Abc) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("x", "y")
    assert abc(empty, "gjenopprett", tmp_path / "other.zip") == (
        FAULT, "Fila er ingen sikkerhetskopi fra abc sikkerhetskopi.\n",
    )  # fmt: skip
    assert "finnes ikke" in abc(empty, "gjenopprett", tmp_path / "none.zip")[1]


def test_backup_overwrites_no_file_unless_asked_to(site: Site, abc: Abc) -> None:
    target = site.folder / "abc.zip"
    target.write_text("mine")
    code, said = abc(site, "sikkerhetskopi", target)
    assert (code, "finnes fra før" in said, target.read_text()) == (FAULT, True, "mine")
    assert abc(site, "sikkerhetskopi", target, "--erstatt")[0] == OK
    assert zipfile.is_zipfile(target)


def test_backup_is_not_made_where_it_would_be_part_of_itself_or_in_no_folder(site: Site, abc: Abc) -> None:
    assert "utenfor indeksen og corpus" in abc(site, "sikkerhetskopi", site.corpus / "abc.zip")[1]
    assert "finnes ikke" in abc(site, "sikkerhetskopi", site.folder / "none" / "abc.zip")[1]


def test_backup_of_no_index_or_of_a_broken_one_says_what_to_do(site: Site, empty: Site, abc: Abc) -> None:
    target = site.folder / "abc.zip"
    assert "abc index build" in abc(empty, "sikkerhetskopi", target)[1]
    assert not empty.folder.exists()
    (site.index / (site.index / "current").read_text().strip() / "catalog.json").write_text("")
    code, said = abc(site, "sikkerhetskopi", target)
    assert (code, "ikke hel" in said, target.exists()) == (FAULT, True, False)


def test_neither_way_is_gone_while_a_build_runs(site: Site, backup: Path, abc: Abc) -> None:
    with build_lock(site.index):
        for arguments in (("sikkerhetskopi", site.folder / "b.zip"), ("gjenopprett", backup, "--erstatt")):
            code, said = abc(site, *arguments)
            assert (code, "En annen bygging" in said) == (FAULT, True)
    assert not (site.folder / "b.zip").exists()


@as_root
def test_full_disk_leaves_neither_half_a_backup_nor_half_an_index(
    site: Site, backup: Path, abc: Abc, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        (disk / "ballast").write_bytes(b"x" * (8 * 2**20 - 64 * 1024))
        code, said = abc(site, "sikkerhetskopi", disk / "abc.zip")
        assert (code, "disken er full" in said) == (FAULT, True), said
        code, said = abc(Site(disk), "gjenopprett", backup)
        assert (code, "ikke plass" in said) == (FAULT, True), said
        assert {path.name for path in disk.rglob("*")} <= {"ballast", "index", "build.lock"}


def test_what_a_killed_restore_left_is_removed_by_the_next(empty: Site, backup: Path, abc: Abc) -> None:
    (empty.index / "restore.new" / "new").mkdir(parents=True)
    assert abc(empty, "gjenopprett", backup)[0] == OK
    assert empty.litter() == set()
