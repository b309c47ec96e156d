"""The address of a Chroma server as it is set → where it is, and the login that a proxy in front of it asks for."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

_PORTS = {"http": 8000, "https": 443}  # Chroma's own, and that of a proxy
_HOST = re.compile(r"[\w.:%-]+")


@dataclass(frozen=True)
class Address:
    """`url` has no login in it, so that it can be shown; `headers` have, and are not."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def read_address(url: str) -> Address:
    """Where the server is: `https://user:password@host/path` logs in with both, `https://token@host` with a token.

    Raises: ValueError, which does not quote what it could not read: that may hold a password.
    """
    try:
        place = urlsplit(url.strip())
        port = place.port or _PORTS[place.scheme]
        host = place.hostname or ""
    except (ValueError, KeyError):
        raise ValueError("the address of a Chroma server begins with http:// or https://") from None
    if not _HOST.fullmatch(host) or place.query or place.fragment:
        raise ValueError("the address of a Chroma server has a host, and nothing after its path")
    shown = f"[{host}]" if ":" in host else host
    return Address(f"{place.scheme}://{shown}:{port}{place.path.rstrip('/')}", _login(place))


def _login(place: SplitResult) -> dict[str, str]:
    user, password = unquote(place.username or ""), unquote(place.password or "")
    if not f"{user}{password}".isprintable():
        raise ValueError("a login has no line breaks")
    if place.password is not None:
        return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}
    if not user.isascii():
        raise ValueError("a token is ASCII")
    return {"Authorization": f"Bearer {user}"} if user else {}
