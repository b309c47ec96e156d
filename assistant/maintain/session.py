"""Who is logged in: a random token in a cookie, of which only a hash is kept, and the token that each form carries."""

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

IDLE_S, LONGEST_S = 30 * 60, 8 * 3_600
MAX_OPEN = 50
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


@dataclass(frozen=True)
class _Session:
    opened: float
    used: float


class Sessions:
    """The sessions of this process; a restart ends them all."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: dict[str, _Session] = {}
        self._key = secrets.token_bytes(32)

    def open(self) -> str:
        """The token of a new session; beyond `MAX_OPEN` the one that was used longest ago ends."""
        self._drop_expired()
        if len(self._open) >= MAX_OPEN:
            del self._open[min(self._open, key=lambda name: self._open[name].used)]
        token, now = new_token(), self._clock()
        self._open[_name(token)] = _Session(now, now)
        return token

    def is_open(self, token: str) -> bool:
        """Whether the token is of a session that has not expired, which is then used now."""
        self._drop_expired()
        found = self._open.get(_name(token))
        if found:
            self._open[_name(token)] = replace(found, used=self._clock())
        return found is not None

    def close(self, token: str) -> None:
        """Ends the session."""
        self._open.pop(_name(token), None)

    def form_token(self, kind: str, of: str) -> str:
        """What a form must carry that comes from `of`, a token of a cookie or a name from a proxy: `kind` says which.

        Without the kind, a cookie that is set to a name would be given the token of that name's forms.
        """
        return hmac.new(self._key, f"{kind}:{of}".encode(), hashlib.sha256).hexdigest()

    def _drop_expired(self) -> None:
        now = self._clock()
        self._open = {
            name: session
            for name, session in self._open.items()
            if now - session.used < IDLE_S and now - session.opened < LONGEST_S
        }


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether `new_token` could have made it."""
    return bool(_TOKEN.fullmatch(text))


def _name(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
