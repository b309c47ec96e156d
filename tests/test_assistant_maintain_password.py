"""The maintainers' password: the hash of it, and the command that makes one."""

import unicodedata
from getpass import GetPassWarning

import pytest

from assistant.cli import FAULT, OK, main
from assistant.maintain.password import PasswordHash, fits, hash_password, read_hash

PASSWORD = "blåbær på sølvfat"


@pytest.fixture(scope="module")
def kept() -> PasswordHash:
    return hash_password(PASSWORD)


def test_only_the_password_fits_its_hash(kept: PasswordHash) -> None:
    assert fits(PASSWORD, kept)
    assert not fits(PASSWORD + " ", kept)
    assert not fits("", kept)


def test_letters_typed_as_two_characters_are_the_same_password(kept: PasswordHash) -> None:
    typed = unicodedata.normalize("NFD", PASSWORD)
    assert typed != PASSWORD
    assert fits(typed, kept)


def test_the_hash_is_read_back_and_shows_nothing_in_a_log(kept: PasswordHash) -> None:
    assert read_hash(str(kept)) == kept
    assert "$" not in str(kept)
    assert repr(kept) == "PasswordHash(…)"


def test_two_hashes_of_a_password_have_nothing_in_common(kept: PasswordHash) -> None:
    other = hash_password(PASSWORD)
    assert other.salt != kept.salt
    assert other.key != kept.key


@pytest.mark.parametrize(
    "text",
    [
        "hemmelig",
        "scrypt:65536:8:2:YWJj:YWJj",
        "scrypt:3:8:2:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "scrypt:1073741824:8:2:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "scrypt:65536:8:2:blåbær:AAAA",
        "bcrypt:65536:8:2:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ],
)
def test_what_is_no_hash_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_hash(text)


def type_in(monkeypatch: pytest.MonkeyPatch, *typed: str) -> None:
    answers = iter(typed)
    monkeypatch.setattr("assistant.maintain.command.getpass", lambda _: next(answers))


def test_the_command_prints_a_hash_that_the_password_fits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, PASSWORD, PASSWORD)
    assert main(["passord"]) == OK
    printed = capsys.readouterr()
    assert fits(PASSWORD, read_hash(printed.out))
    assert PASSWORD not in printed.out + printed.err


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [(PASSWORD, "noe annet enn det", "ikke like"), ("kort", "kort", "mellom 12 og 1000 tegn")],
)
def test_the_command_refuses_what_is_typed_wrong_or_too_short(
    first: str, second: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, first, second)
    assert main(["passord"]) == FAULT
    printed = capsys.readouterr()
    assert told in printed.err
    assert printed.out == ""


def test_where_a_password_would_be_shown_the_command_asks_for_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def show(_: str) -> str:
        import warnings

        warnings.warn("Can not control echo on the terminal.", GetPassWarning, stacklevel=2)
        return PASSWORD

    monkeypatch.setattr("assistant.maintain.command.getpass", show)
    assert main(["passord"]) == FAULT
    assert "i en terminal" in capsys.readouterr().err
