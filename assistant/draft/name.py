"""A title or a question → the name of a file in the guide: small letters and hyphens, without æøå."""

import re
import unicodedata
from collections.abc import Callable
from itertools import chain, count
from pathlib import Path

_MAX = 60
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ð": "d", "þ": "th", "ß": "ss", "ł": "l", "đ": "d", "ŋ": "n"})


def slug_of(name: str) -> str:
    """The name as a file of the guide is named, without `.md`; never empty."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    slug = re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c)))
    return slug.strip("-")[:_MAX].strip("-") or "utkast"


def free_slug(name: str, folder: Path) -> str:
    """`slug_of` the name, with a number where one in `folder` has it already."""
    return first_free(slug_of(name), lambda slug: (folder / f"{slug}.md").exists())


def first_free(name: str, is_taken: Callable[[str], bool]) -> str:
    """The name, or the first of `name-2`, `name-3` … that is not taken."""
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(found for found in names if not is_taken(found))
