"""Every sentence of ours that a user can meet, per language: one YAML file each, all with the same keys."""

from functools import cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent
LANGUAGES = ("nb", "nn", "en")


@cache
def load_texts(language: str) -> dict[str, str]:
    """The texts of one language by key."""
    data = (_FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
    texts: dict[str, str] = yaml.load(data, Loader=yaml.CSafeLoader)
    return texts


def say(language: str, key: str, **values: object) -> str:
    """The text for `key`, with `{names}` filled in. Raises: KeyError for an unknown key."""
    return load_texts(language)[key].format(**values)
