"""What the page loads beside its HTML: one style sheet, one script, letters and an icon, all from our own host."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_TYPES = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "letters.woff2": "font/woff2",
    "icon.svg": "image/svg+xml",
}
FOLDER_OF_ADDRESSES = "abc"


@dataclass(frozen=True)
class Asset:
    """A file of the page and its type."""

    content: bytes
    media_type: str


@cache
def read_assets() -> dict[str, Asset]:
    """The files by name; the style sheets of the parts of the page are one file, and so are the scripts."""
    return {name: Asset(_read(name), media_type) for name, media_type in _TYPES.items()}


def _read(name: str) -> bytes:
    own = _FOLDER / name
    parts = sorted(_FOLDER.glob(f"*{own.suffix}"), key=lambda path: (path != own, path.name))
    content = b"\n".join(path.read_bytes() for path in parts)
    return content.replace(b"LETTERS", _versioned("letters.woff2").encode()) if own.suffix == ".css" else content


@cache
def _versioned(name: str) -> str:
    return f"{name}?v={hashlib.sha256(_read(name)).hexdigest()[:12]}"


def address_of(name: str) -> str:
    """Where the page finds a file: another address for other content, so that it can be kept for ever."""
    return f"{FOLDER_OF_ADDRESSES}/{_versioned(name)}"
