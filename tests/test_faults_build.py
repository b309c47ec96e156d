"""Faults for real: a build that is killed, starved or misled leaves the old version serving, and the next one works."""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from conftest import write_corpus
from faults import FILE, NEW, OLD, Ran, Site, drop_powers, filled, kill, read_only, small_disk, wait_until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="bare root kan montere et filsystem")


@pytest.fixture(scope="module")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The tiny guide and its first version, made by `abc index build`; only to be copied."""
    site = Site(tmp_path_factory.mktemp("site"))
    write_corpus(site.corpus)
    ran = site.build()
    assert ran.code == 0, ran.said
    return site


def copy_of(built: Site, folder: Path) -> Site:
    """The guide with its first version and a chat running on it; the guide says 45 000 now, not 30 000."""
    site = Site(folder)
    shutil.copytree(built.folder, site.folder, symlinks=True, dirs_exist_ok=True)
    assert site.chatted() == OLD
    site.edit(NEW)
    return site


@pytest.fixture
def site(built_site: Site, tmp_path: Path) -> Site:
    return copy_of(built_site, tmp_path / "site")


def is_told(ran: Ran, *words: str) -> None:
    """The command failed with these words and no traceback."""
    assert ran.code == 1, ran
    said = ran.said.lower()
    assert [word for word in words if word.lower() not in said] == [], ran.said
    assert [word for word in ("Traceback", "panicked", "Error", "rror:") if word in ran.said] == [], ran.said


def old_serves(site: Site) -> None:
    """The version from before the fault answers, for one who asks anew and in the chat that was running."""
    assert (site.asked(), site.chatted()) == (OLD, OLD)


def next_build_works(site: Site, amount: str = NEW) -> None:
    """The next build serves what the guide says now, is whole, and has removed what was left behind."""
    ran = site.build()
    assert ran.code == 0, ran.said
    assert (site.asked(), site.chatted(), site.litter()) == (amount, amount, set())
    assert site.abc("index", "status").said.endswith("Indeksen er hel.\n")


# Killed


def test_build_killed_at_twenty_moments_leaves_one_whole_version_and_the_next_works(site: Site) -> None:
    started = time.perf_counter()
    assert site.build().code == 0
    duration = time.perf_counter() - started
    moments = random.Random(8)
    served, cut_off = NEW, 0
    for number in range(20):
        amount = f"{50 + number} 000"
        site.edit(amount)
        process = site.start("index", "build", "--no-gate")
        time.sleep((number + moments.random()) / 20 * duration)
        kill(process)
        before_switch = site.asked()
        assert before_switch == site.chatted()
        assert before_switch in (served, amount)
        cut_off += before_switch == served
        if number % 4 == 3:
            next_build_works(site, amount)
            served = amount
        else:
            served = before_switch
    assert cut_off  # else every moment was too late


# Room


@pytest.fixture
def full(built_site: Site, tmp_path: Path) -> Iterator[tuple[Site, Path]]:
    """The guide with its index on a small file system of its own, and the file system."""
    with small_disk(tmp_path / "disk") as disk:
        (tmp_path / "site").mkdir()
        (disk / "index").mkdir()
        (tmp_path / "site" / "index").symlink_to(disk / "index")
        site = Site(tmp_path / "site")
        shutil.copytree(built_site.index, site.index, dirs_exist_ok=True)
        shutil.copytree(built_site.corpus, site.corpus)
        assert site.chatted() == OLD
        yield site, disk


@as_root
def test_full_disk_stops_the_build_wherever_it_comes(full: tuple[Site, Path]) -> None:
    site, disk = full
    before = os.statvfs(disk)
    site.edit("40 000")
    next_build_works(site, "40 000")
    after = os.statvfs(disk)
    needed = (before.f_bavail - after.f_bavail) * after.f_bsize
    served = "40 000"
    for number, share in enumerate((0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95)):
        amount = f"{50 + number} 000"
        site.edit(amount)
        with filled(disk, free_bytes=int(share * needed)):
            is_told(site.build(), "disken er full")
            assert (site.asked(), site.chatted(), site.litter()) == (served, served, set())
    next_build_works(site, amount)


@as_root
def test_disk_without_room_for_another_file_stops_the_build_at_each_of_the_last(full: tuple[Site, Path]) -> None:
    site, disk = full
    before = os.statvfs(disk).f_ffree
    site.edit("40 000")
    next_build_works(site, "40 000")
    needed = before - os.statvfs(disk).f_ffree
    site.edit(NEW)
    for missing in (1, 2, 3, 4, 5, 10, needed):
        with filled(disk, free_files=needed - missing):
            is_told(site.build(), "disken er full")
            assert (site.asked(), site.chatted(), site.litter()) == ("40 000", "40 000", set())
    next_build_works(site)


@pytest.mark.parametrize("kilobytes", [8, 128])
def test_build_that_may_not_write_so_large_a_file_is_told_so(site: Site, kilobytes: int) -> None:
    limit = (kilobytes * 1024,) * 2
    is_told(site.build(before=partial(resource.setrlimit, resource.RLIMIT_FSIZE, limit)), "kan ikke")
    assert site.litter() == set()
    old_serves(site)
    next_build_works(site)


# Rights


def test_folder_that_may_not_be_written_is_named_and_the_old_version_answers(site: Site) -> None:
    with read_only(site.index):
        is_told(site.build(before=drop_powers), str(site.index), "sjekk rettighetene")
        assert site.abc("ask", "Hvor mye aksjekapital må vi ha?", before=drop_powers).code == 0
        old_serves(site)
    next_build_works(site)


@as_root
def test_read_only_disk_is_named_and_the_old_version_answers(site: Site) -> None:
    subprocess.run(["mount", "--bind", site.index, site.index], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", site.index], check=True)
        is_told(site.build(), str(site.index), "skrivebeskyttet")
        old_serves(site)
    finally:
        subprocess.run(["umount", "--lazy", site.index], check=True)
    next_build_works(site)


def test_folder_that_may_not_be_read_is_named(site: Site) -> None:
    site.index.chmod(0o000)
    try:
        is_told(site.abc("ask", "Hva?", before=drop_powers), str(site.index), "sjekk rettighetene")
        is_told(site.build(before=drop_powers), str(site.index), "sjekk rettighetene")
    finally:
        site.index.chmod(0o755)
    next_build_works(site)


# Two at once


def test_second_of_two_builds_is_refused_and_the_first_ends_well(site: Site) -> None:
    before = set(site.index.iterdir())
    first = site.start("index", "build", "--no-gate")
    wait_until(lambda: any(path.is_dir() for path in set(site.index.iterdir()) - before))
    os.kill(first.pid or 0, signal.SIGSTOP)
    is_told(site.build(), "En annen bygging av indeksen pågår.", "prøv igjen")
    old_serves(site)
    os.kill(first.pid or 0, signal.SIGCONT)
    assert site.end(first).code == 0
    assert (site.asked(), site.chatted(), site.litter()) == (NEW, NEW, set())


# A version that is damaged


def lose(*parts: str) -> Callable[[Path], None]:
    """Deletes files or folders of a version, by pattern."""

    def damage(version: Path) -> None:
        for path in [found for part in parts for found in version.glob(part)]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return damage


def rewrite(change: Callable[[bytes], bytes], *parts: str) -> Callable[[Path], None]:
    """Puts other files in place of those of a version, by pattern; what has one open keeps the one it opened."""

    def damage(version: Path) -> None:
        for path in [found for part in parts for found in version.glob(part)]:
            data = path.read_bytes()
            path.unlink()
            path.write_bytes(change(data))

    return damage


def halved(data: bytes) -> bytes:
    return data[: len(data) // 2]


def garbled(data: bytes) -> bytes:
    return (b"ikke det som sto her" * (len(data) // 20 + 1))[: len(data)]


def emptied(_: bytes) -> bytes:
    return b""


_DATABASE, _VECTORS = "chroma/chroma.sqlite3", "vectors/passages.npy"
DAMAGE = {
    "no vector folder": lose("chroma"),
    "no graph": lose("chroma/*-*"),
    "no words": lose("keyword"),
    "nothing but the manifest": lose("chroma", "keyword", "gaps", "vectors", "catalog.json"),
    "half a database": rewrite(halved, _DATABASE),
    "garbled database": rewrite(garbled, _DATABASE),
    "empty database": rewrite(emptied, _DATABASE),
    "half of the vectors": rewrite(halved, _VECTORS),
    "garbled vectors": rewrite(garbled, _VECTORS),
    "empty vectors": rewrite(emptied, _VECTORS),
    "no hashes": lose("vectors/questions-hashes.npy"),
    "half a catalog": rewrite(halved, "catalog.json"),
    "garbled catalog": rewrite(garbled, "catalog.json"),
    "half a manifest": rewrite(halved, "manifest.json"),
    "garbled manifest": rewrite(garbled, "manifest.json"),
    "no manifest": lose("manifest.json"),
    "half of the words": rewrite(halved, "keyword/stems/*"),
    "garbled gaps": rewrite(garbled, "gaps/*.npy"),
    "no gaps": lose("gaps"),
    "garbled suggestions": rewrite(garbled, "askable.json"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damaged_version_is_told_of_and_replaced_by_the_next_build(site: Site, damage: Callable[[Path], None]) -> None:
    damage(site.index / (site.index / "current").read_text().strip())
    ran = site.abc("ask", "Hvor mye aksjekapital må vi ha?")
    if ran.code:
        is_told(ran, "Kjør: abc index build")
    else:
        assert OLD in ran.said
    assert site.chatted() == OLD
    next_build_works(site)


@pytest.mark.parametrize(
    "damage",
    [lose("chroma"), lose("keyword"), rewrite(halved, "catalog.json"), rewrite(emptied, "vectors/passages.npy")],
    ids=["no vectors", "no words", "half the catalog", "empty vectors"],
)
def test_damaged_version_of_the_guide_as_it_is_is_built_anew(site: Site, damage: Callable[[Path], None]) -> None:
    site.edit(OLD)
    damage(site.index / (site.index / "current").read_text().strip())
    next_build_works(site, OLD)


# The pointer


@pytest.mark.parametrize(
    "written",
    [b"000009-0123abcd\n", b"", b"\n", b"../borte\n", b"/tmp\n", b".\n", b"\xff\xe5\n", b"000001", b"build.lock\n"],
    ids=["missing", "empty", "blank", "above", "absolute", "itself", "no text", "half", "a file"],
)
def test_pointer_to_no_version_is_told_of_and_the_next_build_points_anew(site: Site, written: bytes) -> None:
    (site.index / "current").write_bytes(written)
    is_told(site.abc("ask", "Hva?"), "Kjør: abc index build")
    assert site.chatted() == OLD
    next_build_works(site)


def test_pointer_leads_to_no_version_outside_the_index(site: Site) -> None:
    version = (site.index / "current").read_text().strip()
    elsewhere = site.folder / "elsewhere"
    shutil.copytree(site.index / version, elsewhere)
    manifest = json.loads((elsewhere / "manifest.json").read_text("utf-8"))
    (elsewhere / "manifest.json").write_text(json.dumps({**manifest, "version": "../elsewhere"}), "utf-8")
    (site.index / "current").write_text("../elsewhere\n")
    is_told(site.abc("ask", "Hva?"), "«../elsewhere»", "Kjør: abc index build")
    next_build_works(site)
    assert elsewhere.is_dir()


def test_lost_pointer_is_found_again_by_rolling_back_and_by_a_build_of_the_same_guide(site: Site) -> None:
    site.edit(OLD)
    for step in ("rollback", "build"):
        (site.index / "current").write_text("000009-0123abcd\n")
        ran = site.abc("index", step)
        assert ran.code == 0, ran
        assert (site.asked(), site.chatted(), site.litter()) == (OLD, OLD, set())


def test_build_after_a_lost_pointer_still_refuses_to_lose_the_guide(site: Site) -> None:
    (site.index / "current").write_text("000009-0123abcd\n")
    lose("maler/*", "historier/*", "aktorer/*")(site.corpus)
    is_told(site.build(), "3 av 7 dokumenter ville forsvinne", "abc index build --force")
    assert site.chatted() == OLD
    assert site.build("--force").code == 0
    next_build_works(site)


def test_version_built_anew_after_the_running_chat_refused_it_is_served(site: Site) -> None:
    assert site.build().code == 0
    rewrite(halved, "manifest.json")(site.index / (site.index / "current").read_text().strip())
    assert site.chatted() == OLD
    next_build_works(site)


# The clock


def test_clock_set_back_changes_neither_the_order_of_versions_nor_which_is_used(site: Site) -> None:
    first = (site.index / "current").read_text().strip()
    set_built(site.index / first, "2999-01-01T00:00:00+00:00")
    next_build_works(site)
    second = (site.index / "current").read_text().strip()
    set_built(site.index / second, "1970-01-01T00:00:00+00:00")
    site.edit("60 000")
    next_build_works(site, "60 000")
    said = site.abc("index", "versions").said
    places = [said.index(version) for version in (first, second, (site.index / "current").read_text().strip())]
    assert places == sorted(places)
    assert site.abc("index", "rollback").code == 0
    assert (site.asked(), site.chatted()) == (NEW, NEW)
    for amount in ("61 000", "62 000"):
        site.edit(amount)
        next_build_works(site, amount)
    assert not (site.index / second).exists()  # the oldest by number but for the last that passed


def set_built(version: Path, moment: str) -> None:
    """Has the manifest say so, and the files as well."""
    file = version / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "built_at": moment}), "utf-8")
    seconds = datetime.fromisoformat(moment).timestamp()
    for path in version.rglob("*"):
        os.utime(path, (seconds, seconds))


# The corpus


def test_fifth_of_the_guide_may_go_and_no_more(site: Site) -> None:
    lose("maler/*", "historier/*")(site.corpus)
    is_told(site.build(), "2 av 7 dokumenter ville forsvinne", "abc index build --force")
    old_serves(site)
    assert site.litter() == set()
    assert site.build("--force").code == 0
    assert (site.asked(), site.chatted()) == (NEW, NEW)
    lose("aktorer/*")(site.corpus)  # one of five
    site.edit("60 000")
    next_build_works(site, "60 000")


def lose_corpus(corpus: Path) -> None:
    shutil.rmtree(corpus)


def put_file_in_place(corpus: Path) -> None:
    shutil.rmtree(corpus)
    corpus.write_text("ikke en mappe")


SPOIL = {
    "corpus lost": (lose_corpus, "mappen", "finnes ikke"),
    "corpus a file": (put_file_in_place, "mappe"),
    "no documents": (lose("guide", "ordninger", "historier", "maler", "aktorer"), "fant ingen dokumenter"),
    "sources lost": (lose("kilder.yaml"), "kilder.yaml", "mangler"),
    "sources garbled": (rewrite(lambda data: data + b"\n  : [", "kilder.yaml"), "kilder.yaml:", "ugyldig YAML"),
    "sources no text": (rewrite(lambda data: data + b"\xff", "kilder.yaml"), "kilder.yaml:", "UTF-8"),
    "sources emptied": (rewrite(emptied, "kilder.yaml"), "lov-om-fond"),
    "document halved": (rewrite(halved, "ordninger/*.md"), "ordninger/etableringsfondet.md"),
    "document emptied": (rewrite(emptied, "guide/aksjekapital.md"), "guide/aksjekapital.md"),
    "document with null bytes": (rewrite(lambda data: bytes(len(data)), "guide/aksjekapital.md"), "aksjekapital.md"),
}


@pytest.mark.parametrize("spoil", SPOIL.values(), ids=SPOIL)
def test_spoilt_corpus_is_told_of_and_nothing_is_changed(site: Site, spoil: tuple) -> None:
    damage, *words = spoil
    kept = shutil.copytree(site.corpus, site.folder / "kept")
    damage(site.corpus)
    ran = site.build()
    assert ran.code == 1
    assert not [word for word in words if word not in ran.said], ran.said
    assert "Traceback" not in ran.said
    old_serves(site)
    assert site.litter() == set()
    shutil.rmtree(site.corpus) if site.corpus.is_dir() else site.corpus.unlink(missing_ok=True)
    kept.rename(site.corpus)
    next_build_works(site)


def test_file_that_may_not_be_read_is_named(site: Site) -> None:
    (site.corpus / FILE).chmod(0o000)
    is_told(site.build(before=drop_powers), FILE, "sjekk rettighetene")
    (site.corpus / FILE).chmod(0o644)
    old_serves(site)
    next_build_works(site)


# The corpus while it is read


def on_open(of: Path, times: int, do: Callable[[], object]) -> None:
    """In this process: does it when the file is about to be read, so many times."""
    left = [do] * times

    def hook(event: str, arguments: tuple) -> None:
        if event == "open" and left and arguments[0] == str(of):
            left.pop()()

    sys.addaudithook(hook)


def change_two(corpus: Path) -> None:
    """As an editor who saves two files at once."""
    Site(corpus.parent).edit("60 000")
    (corpus / "maler/soknad-om-tilskudd.md").unlink()


def test_version_holds_the_guide_as_it_lay_at_one_moment(site: Site) -> None:
    # When the last document is read, the first is changed and another removed.
    save = partial(change_two, site.corpus)
    ran = site.build(before=partial(on_open, site.corpus / "ordninger/etableringsfondet.md", 1, save))
    assert "fjernet: 1\n  maler/soknad-om-tilskudd" in ran.said
    next_build_works(site, "60 000")


def test_build_holds_the_guide_as_it_was_read_and_the_next_what_was_written_meanwhile(site: Site) -> None:
    before = set(site.index.iterdir())
    process = site.start("index", "build", "--no-gate")
    wait_until(lambda: any(path.is_dir() for path in set(site.index.iterdir()) - before))
    os.kill(process.pid or 0, signal.SIGSTOP)
    site.edit("60 000")
    lose("maler/*")(site.corpus)
    os.kill(process.pid or 0, signal.SIGCONT)
    assert site.end(process).code == 0
    assert (site.asked(), site.chatted()) == (NEW, NEW)
    ran = site.build()
    assert "endret: 1\n  guide/aksjekapital" in ran.said
    assert "fjernet: 1\n  maler/soknad-om-tilskudd" in ran.said
    next_build_works(site, "60 000")


def add_line(file: Path) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.write("\nDette er et råd.[^råd]\n")


def test_corpus_that_never_lies_still_is_told_of(site: Site) -> None:
    restless = site.corpus / "aktorer/as-nav-kontor.md"
    text = restless.read_text("utf-8")
    ran = site.build(before=partial(on_open, site.corpus / FILE, 100, partial(add_line, restless)))
    is_told(ran, "filer endres mens de leses", "prøv igjen")
    old_serves(site)
    restless.write_text(text, "utf-8")
    next_build_works(site)


def test_file_that_goes_while_the_corpus_is_read_is_not_in_the_version(site: Site) -> None:
    gone = site.corpus / "maler/soknad-om-tilskudd.md"
    ran = site.build(before=partial(on_open, site.corpus / FILE, 1, gone.unlink))
    assert "fjernet: 1\n  maler/soknad-om-tilskudd" in ran.said
    next_build_works(site)


def test_file_that_comes_while_the_corpus_is_read_is_in_the_version(site: Site) -> None:
    new = site.corpus / "guide/aa-ny.md"
    copy = partial(new.write_text, (site.corpus / "guide/tilskudd-fra-fylket.md").read_text("utf-8"), "utf-8")
    assert "lagt til: 1\n  guide/aa-ny" in site.build(before=partial(on_open, site.corpus / FILE, 1, copy)).said
    next_build_works(site)
