"""The way in to the maintainers' page: a password or a proxy's word, and nothing for anybody else."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from maintain_page import (
    HASH,
    HOME,
    LOGIN,
    PASSWORD,
    PROXY,
    SECRET,
    log_in,
    make_client,
    serving_guide,
    token_in,
    try_password,
)
from starlette.testclient import TestClient

import assistant.maintain.session as session
from assistant.config import Config, ConfigError
from assistant.live import LiveEngine
from assistant.maintain.lockout import ADDRESS, MAX_ADDRESSES, TOGETHER, Lockout
from assistant.maintain.session import IDLE_S, LONGEST_S, MAX_OPEN, Sessions

HEADER = {"admin_header": "X-Remote-User", "admin_secret": SECRET}


class Clock:
    """A clock that stands still until it is moved."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def live(built_home: Path) -> Iterator[LiveEngine]:
    with serving_guide(built_home) as live:
        yield live


@pytest.fixture(scope="module")
def config(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Settings of a tiny guide, with no way in."""
    return Config(corpus=built_home.parent / "corpus", index=built_home, store=str(tmp_path_factory.mktemp("s") / "s"))


@pytest.fixture
def client(live: LiveEngine, config: Config) -> TestClient:
    return make_client(live, config, admin_hash=HASH)


def inside(client: TestClient, **headers: str) -> bool:
    """Whether the browser is let in; else it is sent to the form, and sees nothing."""
    response = client.get(HOME, headers=headers)
    if response.status_code == 303:
        assert response.headers["location"] == "vedlikehold/logg-inn"
        assert response.content == b""
        return False
    assert response.status_code == 200
    return True


def test_with_no_way_in_set_there_is_no_page() -> None:
    client = make_client()
    for path in (HOME, LOGIN, f"{HOME}/stil.css"):
        assert client.get(path).status_code == 404
    assert client.post(LOGIN, data={"passord": ""}).status_code == 404


def test_the_right_password_lets_in_and_logging_out_ends_it(client: TestClient) -> None:
    assert not inside(client)
    log_in(client)
    assert inside(client)
    kept = dict(client.cookies)
    token = token_in(client.get(HOME).text)
    assert client.post(f"{HOME}/logg-ut", data={"skjema": token}).headers["location"] == "../vedlikehold/logg-inn"
    assert not inside(client)
    client.cookies.update(kept)  # the server ended it: the old cookie is worth nothing
    assert not inside(client)


@pytest.mark.parametrize(
    "password", ["", "feil passord her", pytest.param(HASH, id="the hash"), PASSWORD.upper(), "x" * 5_000]
)
def test_a_wrong_password_does_not_and_is_in_no_log_and_no_page(
    password: str, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        response = try_password(client, password)
    assert response.status_code == 403
    assert "Passordet er feil" in response.text
    assert not inside(client)
    assert len(password) < 12 or password not in response.text + caplog.text


def test_the_cookie_can_neither_be_read_by_scripts_nor_sent_from_elsewhere(client: TestClient) -> None:
    cookie = try_password(client).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/vedlikehold" in cookie
    assert "Secure" not in cookie
    client.cookies.clear()
    client.base_url = "https://testserver"
    assert "Secure" in try_password(client).headers["set-cookie"]


def test_logging_in_gives_another_cookie_than_anybody_can_have_set(client: TestClient) -> None:
    client.get(LOGIN)
    before = client.cookies["abc_vedlikehold"]
    log_in(client)
    assert client.cookies["abc_vedlikehold"] != before
    client.cookies.set("abc_vedlikehold", before, path=HOME, domain="testserver.local")
    assert not inside(client)


@pytest.mark.parametrize("token", [None, "", "feil", "ørken"])
def test_without_its_token_the_form_is_not_read(token: str | None, client: TestClient) -> None:
    client.get(LOGIN)
    fields = {"passord": PASSWORD} | ({} if token is None else {"skjema": token})
    response = client.post(LOGIN, data=fields)
    assert response.status_code == 403
    assert "stått åpen for lenge" in response.text
    assert not inside(client)


def test_the_token_of_another_browser_is_worth_nothing(client: TestClient) -> None:
    token = token_in(client.get(LOGIN).text)
    client.cookies.clear()
    assert client.post(LOGIN, data={"skjema": token, "passord": PASSWORD}).status_code == 403
    client.get(LOGIN)
    assert client.post(LOGIN, data={"skjema": token, "passord": PASSWORD}).status_code == 403


def test_a_form_on_another_site_can_not_log_in_or_out(client: TestClient) -> None:
    assert try_password(client, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    log_in(client)
    token = token_in(client.get(HOME).text)
    client.post(f"{HOME}/logg-ut", data={"skjema": token}, headers={"Sec-Fetch-Site": "same-site"})
    client.post(f"{HOME}/logg-ut")
    assert inside(client)


def test_after_some_wrong_passwords_even_the_right_one_has_to_wait(client: TestClient) -> None:
    for _ in range(ADDRESS.free):
        assert try_password(client, "feil passord her").status_code == 403
    response = try_password(client)
    assert response.status_code == 429
    assert 0 < int(response.headers["retry-after"]) <= ADDRESS.first_s
    assert re.search(r"Vent \d+ sekunder", response.text)
    assert not inside(client)


def test_the_wait_doubles_ends_and_is_forgotten_when_it_goes_well() -> None:
    clock = Clock()
    lockout = Lockout(clock)
    for failures in range(1, ADDRESS.free):
        assert lockout.begin("192.0.2.1") == failures
        assert lockout.wait_s("192.0.2.1") == 0
        clock.now += 10
        assert lockout.wait_s("192.0.2.1") == 0
    waits = []
    for _ in range(12):
        lockout.begin("192.0.2.1")
        waits.append(lockout.wait_s("192.0.2.1"))
        clock.now += waits[-1]
        assert lockout.wait_s("192.0.2.1") == 0
    assert waits[:4] == [15, 30, 60, 120]
    assert waits[-1] == ADDRESS.longest_s
    lockout.begin("192.0.2.1")
    assert lockout.wait_s("192.0.2.2") == 0
    lockout.succeed("192.0.2.1")
    assert lockout.wait_s("192.0.2.1") == 0
    assert lockout.begin("192.0.2.1") == 1


def test_many_addresses_together_wait_but_not_one_that_has_been_in() -> None:
    clock = Clock()
    lockout = Lockout(clock)
    lockout.begin("192.0.2.9")
    lockout.succeed("192.0.2.9")
    for number in range(TOGETHER.free + 20):
        lockout.begin(f"198.51.100.{number}")
    assert lockout.wait_s("203.0.113.1") == TOGETHER.longest_s
    assert lockout.wait_s("192.0.2.9") == 0
    clock.now += TOGETHER.longest_s
    assert lockout.wait_s("203.0.113.1") == 0


def test_an_ipv6_network_is_one_place_and_a_mapped_address_is_its_own() -> None:
    lockout = Lockout(Clock())
    for number in range(ADDRESS.free):
        lockout.begin(f"2001:db8::{number}")
    assert lockout.wait_s("2001:db8::ffff") > 0
    assert lockout.wait_s("2001:db8:0:1::1") == 0
    for _ in range(ADDRESS.free):
        lockout.begin("::ffff:192.0.2.1")
    assert lockout.wait_s("192.0.2.1") > 0
    assert lockout.wait_s("::ffff:192.0.2.2") == 0


def test_addresses_without_end_take_no_memory_without_end() -> None:
    lockout = Lockout(Clock())
    for number in range(MAX_ADDRESSES + 100):
        lockout.begin(f"address {number}")
    assert len(lockout._failed) == MAX_ADDRESSES
    assert lockout.wait_s("anybody") == TOGETHER.longest_s


def test_a_session_ends_when_it_is_not_used_and_at_last_in_any_case() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    token = sessions.open()
    clock.now += IDLE_S
    assert not sessions.is_open(token)
    token, opened = sessions.open(), clock.now
    while clock.now + IDLE_S - 1 < opened + LONGEST_S:
        clock.now += IDLE_S - 1
        assert sessions.is_open(token)
    clock.now = opened + LONGEST_S
    assert not sessions.is_open(token)


def test_sessions_are_few_and_the_server_keeps_no_token() -> None:
    sessions = Sessions(Clock())
    tokens = [sessions.open() for _ in range(MAX_OPEN + 1)]
    assert [sessions.is_open(token) for token in tokens].count(True) == MAX_OPEN
    assert not set(tokens) & set(sessions._open)


def test_an_expired_session_lets_nobody_in(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    log_in(client)
    monkeypatch.setattr(session, "IDLE_S", 0)
    assert not inside(client)


@pytest.mark.parametrize("path", [LOGIN, HOME, f"{HOME}/stil.css"])
def test_nothing_of_it_is_kept_framed_or_run(path: str, client: TestClient) -> None:
    log_in(client)
    headers = client.get(path).headers
    assert headers["cache-control"] == "no-store"
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_whom_the_proxy_vouches_for_is_let_in(live: LiveEngine, config: Config) -> None:
    client = make_client(live, config, **HEADER)
    assert inside(client, **PROXY)
    assert not client.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Remote-User": "kari"},
        {"X-Remote-User": "kari", "X-Abc-Secret": ""},
        {"X-Remote-User": "kari", "X-Abc-Secret": SECRET[:-1]},
        {"X-Remote-User": "kari", "X-Abc-Secret": SECRET + "x", "X-Forwarded-For": "127.0.0.1"},
        {"X-Abc-Secret": SECRET},
        {"X-Remote-User": " ", "X-Abc-Secret": SECRET},
    ],
)
def test_a_stranger_who_sends_the_header_is_not(headers: dict[str, str]) -> None:
    assert not inside(make_client(**HEADER), **headers)


def test_a_header_that_comes_twice_is_partly_a_strangers() -> None:
    client = make_client(**HEADER)
    twice = [("X-Remote-User", "mallory"), *PROXY.items()]
    assert client.get(HOME, headers=twice).status_code == 303
    assert client.get(HOME, headers=[("X-Abc-Secret", "x" * 32), *PROXY.items()]).status_code == 303


def test_with_only_a_proxy_there_is_no_password_to_guess() -> None:
    client = make_client(**HEADER)
    page = client.get(LOGIN)
    assert page.status_code == 403
    assert "<form" not in page.text
    assert client.post(LOGIN, data={"passord": PASSWORD}).status_code == 403


def test_a_cookie_with_the_name_of_a_user_gets_no_token_of_that_users_forms(live: LiveEngine, config: Config) -> None:
    client = make_client(live, config, admin_hash=HASH, **HEADER)
    of_user = token_in(client.get(HOME, headers=PROXY).text)
    for name in ("kari", "proxy:kari"):
        client.cookies.set("abc_vedlikehold", name)
        assert token_in(client.get(LOGIN).text) != of_user


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"admin_hash": "hemmelig-passord"}, "ABC_ADMIN_HASH"),
        ({"admin_header": "X-Remote-User"}, "ABC_ADMIN_SECRET"),
        ({"admin_header": "X-Remote-User", "admin_secret": "for-kort"}, "ABC_ADMIN_SECRET"),
        ({"admin_header": "X-Remote-User", "admin_secret": "ø" * 32}, "ABC_ADMIN_SECRET"),
        ({"admin_header": "X Remote\n", "admin_secret": SECRET}, "ABC_ADMIN_HEADER"),
        ({"admin_secret": SECRET}, "ABC_ADMIN_HEADER"),
    ],
)
def test_settings_that_can_not_hold_are_refused_without_being_shown(settings: dict[str, str], name: str) -> None:
    with pytest.raises(ConfigError, match=name) as raised:
        make_client(**settings)
    assert not any(value in str(raised.value) for value in settings.values() if value != "X-Remote-User")


def test_the_settings_show_no_secret() -> None:
    shown = repr(Config(admin_hash=HASH, admin_header="X-Remote-User", admin_secret=SECRET))
    assert HASH not in shown
    assert SECRET not in shown


def test_on_the_whole_server_the_page_is_there_only_when_a_way_in_is_set(
    built_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from conftest import WordSumEmbedder

    from assistant.server import create_app

    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "")
    monkeypatch.setattr("assistant.live.load_embedder", lambda name: WordSumEmbedder())
    without = TestClient(create_app(Config(index=built_home, hosts="testserver")), follow_redirects=False)
    assert without.get(HOME).status_code == 404
    assert without.get(LOGIN).status_code == 404
    with_one = TestClient(
        create_app(Config(index=built_home, hosts="testserver", admin_hash=HASH)), follow_redirects=False
    )
    assert with_one.get(HOME).status_code == 303
    assert "Logg inn" in with_one.get(LOGIN).text
