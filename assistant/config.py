"""Settings, read once from the environment (`ABC_…`); an unknown `ABC_` name is refused."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from index.address import read_address
from index.types import SHIPPED_MODEL

_PREFIX = "ABC_"
_ROOT = Path(__file__).parent.parent


_READERS: dict[type, Callable[[str], object]] = {str: str, int: int, type(_ROOT): Path}


class ConfigError(Exception):
    """A setting is unknown or can't be read; the message is a Norwegian sentence."""


@dataclass(frozen=True)
class Config:
    """What can be set, with what holds when it is not; the name in the environment is `ABC_` and the field's name."""

    corpus: Path = _ROOT / "corpus"
    index: Path = _ROOT / "var" / "index"
    model: str = SHIPPED_MODEL
    # A Chroma server that has the passages of every version; empty is the folder of the index. A login for a proxy in
    # front of it is part of the address: https://user:password@host, or https://token@host.
    chroma_url: str = ""
    host: str = "127.0.0.1"
    port: int = 7860
    concurrency: int = 64
    # "ollama:MODEL" or "openai:MODEL"; empty is the extractive composer.
    llm: str = ""
    llm_url: str = ""
    llm_key: str = ""
    llm_timeout_s: int = 60
    # Feedback: the path of an SQLite file or a database's URL, and for how many days it is kept; 0 keeps none.
    store: str = str(_ROOT / "var" / "abc.sqlite")
    keep_days: int = 30
    # Whom users can write to about the guide: free text, an e-mail address or an address on the web.
    contact: str = ""
    # The maintainers' page: a hash from `abc passord`, or the header in which a reverse proxy names who is logged in,
    # beside a secret that only the proxy knows. With neither there is no page.
    admin_hash: str = ""
    admin_header: str = ""
    admin_secret: str = ""
    # On the open web: the names that the server answers to beside loopback and `host`, and the addresses of the proxies
    # before it whose word on who asks is taken; both with commas between.
    hosts: str = ""
    proxies: str = ""
    # Answers a minute for one address; 0 sets no limit.
    rate: int = 3000
    # Addresses beside loopback that may read /metrikk, with commas between; "json" writes the log as JSON lines.
    metrics: str = ""
    log: str = ""

    def __repr__(self) -> str:
        """The settings without what is secret."""
        return f"Config(corpus={self.corpus}, index={self.index}, model={self.model}, llm={self.llm or 'none'})"


def read_config(environment: Mapping[str, str] = os.environ) -> Config:
    """The settings of this process. Raises: ConfigError."""
    known = {f"{_PREFIX}{f.name.upper()}": f for f in fields(Config)}
    values: dict[str, object] = {}
    for name, value in environment.items():
        if not name.startswith(_PREFIX):
            continue
        if name not in known:
            raise ConfigError(f"Ukjent innstilling {name}. Kjente innstillinger: {', '.join(sorted(known))}.")
        field = known[name]
        try:
            values[field.name] = _READERS[type(field.default)](value)
        except ValueError:
            raise ConfigError(f"Innstillingen {name} må være et helt tall, men er «{value}».") from None
    config = Config(**values)  # type: ignore[arg-type]
    if config.chroma_url:
        _check_address(config.chroma_url)
    return config


def _check_address(url: str) -> None:
    try:
        read_address(url)
    except ValueError:  # never the value itself: it may hold a password
        raise ConfigError(
            "Innstillingen ABC_CHROMA_URL må være en adresse som http://chroma:8000 eller "
            "https://bruker:passord@vert.no, men kan ikke leses som det."
        ) from None
