"""Who may see the maintainers' page: whoever is logged in, or whom a reverse proxy vouches for. By default nobody."""

import hmac
import re
from dataclasses import dataclass

from starlette.requests import Request

from assistant.config import Config, ConfigError
from assistant.maintain.lockout import Lockout
from assistant.maintain.password import PasswordHash, read_hash
from assistant.maintain.session import Sessions, is_token

COOKIE = "abc_vedlikehold"
SECRET_HEADER = "X-Abc-Secret"  # noqa: S105 - where a proxy puts it
MIN_SECRET = 32
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_SECRET = re.compile(r"[!-~]+")  # what every proxy can send


@dataclass(frozen=True)
class Visitor:
    """Somebody who is let in: what their forms carry, and their session, None where a proxy vouches for them."""

    form_token: str
    session: str | None


class Access:
    """The ways in that the settings give, and who has used them.

    A header that a stranger can send proves nothing, and neither does an address: uvicorn takes the client's from
    another header, and everything on the machine shares 127.0.0.1. So the proxy shows a secret beside the name.
    It is asked in the event loop only, one request at a time: what it holds has no locks.

    Raises: ConfigError for settings that can't hold.
    """

    def __init__(self, config: Config) -> None:
        self.password = _read_password(config.admin_hash)
        self.sessions, self.lockout = Sessions(), Lockout()
        self._header, self._secret = config.admin_header, config.admin_secret
        _check_header(self._header, self._secret)

    @property
    def is_on(self) -> bool:
        """Whether there is a way in at all; where there is none, there is no page."""
        return bool(self.password or self._header)

    def visitor(self, request: Request) -> Visitor | None:
        """Who sends the request, if they are let in."""
        if name := self._vouched_for(request):
            return Visitor(self.sessions.form_token("proxy", name), None)
        token = cookie_of(request)
        if self.password and token and self.sessions.is_open(token):
            return Visitor(self.sessions.form_token("cookie", token), token)
        return None

    def _vouched_for(self, request: Request) -> str:
        """The name in the proxy's header, or nothing: a header that comes twice is partly a stranger's."""
        if not self._header:
            return ""
        names, shown = request.headers.getlist(self._header), request.headers.getlist(SECRET_HEADER)
        if len(names) != 1 or len(shown) != 1:
            return ""
        is_proxy = hmac.compare_digest(shown[0].encode(), self._secret.encode())
        return names[0].strip() if is_proxy else ""


def cookie_of(request: Request) -> str:
    """The token in the cookie, or nothing where it is none of ours."""
    token = request.cookies.get(COOKIE, "")
    return token if is_token(token) else ""


def _read_password(text: str) -> PasswordHash | None:
    if not text:
        return None
    try:
        return read_hash(text)
    except ValueError:  # never the value itself
        raise ConfigError("Innstillingen ABC_ADMIN_HASH er ingen hash fra abc passord. Lag en ny med den.") from None


def _check_header(header: str, secret: str) -> None:
    if not header and not secret:
        return
    if not _HEADER.fullmatch(header):
        raise ConfigError("Innstillingen ABC_ADMIN_HEADER må være navnet på en header, for eksempel X-Remote-User.")
    if len(secret) < MIN_SECRET or not _SECRET.fullmatch(secret):
        raise ConfigError(
            f"ABC_ADMIN_HEADER krever ABC_ADMIN_SECRET: minst {MIN_SECRET} tilfeldige tegn (a–z, sifre og tegn uten "
            f"mellomrom), som proxyen sender i {SECRET_HEADER}. Lag en med: openssl rand -hex 32"
        )
