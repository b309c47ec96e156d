"""A password → the hash that the settings hold, and whether what was typed fits it."""

import hashlib
import hmac
import secrets
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

MIN_CHARS, MAX_CHARS = 12, 1_000
# 64 MiB and 1 s a guess on two busy cores (2026-11-29).
# Source: OWASP Password Storage Cheat Sheet, scrypt with 2^16, 8 and 2.
_COST, _BLOCK, _PARALLEL = 2**16, 8, 2
_MAX_COST = 2**20  # of a hash in the settings: a slip there must not take the machine's memory
_SALT_BYTES, _KEY_BYTES = 16, 32


@dataclass(frozen=True)
class PasswordHash:
    """What is kept of a password."""

    cost: int
    block: int
    parallel: int
    salt: bytes
    key: bytes

    def __repr__(self) -> str:
        return "PasswordHash(…)"  # a log must not hold it

    def __str__(self) -> str:
        # Colons and no `$`, which shells and compose files would read as a variable.
        salt, key = (urlsafe_b64encode(part).decode() for part in (self.salt, self.key))
        return f"scrypt:{self.cost}:{self.block}:{self.parallel}:{salt}:{key}"


def hash_password(password: str) -> PasswordHash:
    """The hash of a password, with a salt of its own."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return PasswordHash(_COST, _BLOCK, _PARALLEL, salt, _derive(password, _COST, _BLOCK, _PARALLEL, salt))


def read_hash(text: str) -> PasswordHash:
    """The hash that `str` wrote. Raises: ValueError for anything else."""
    kind, *numbers, salt, key = text.strip().split(":")
    cost, block, parallel = map(int, numbers)
    if kind != "scrypt" or not 2**14 <= cost <= _MAX_COST or cost & (cost - 1):
        raise ValueError("no scrypt hash, or a cost out of bounds")
    if not 1 <= block <= 16 or not 1 <= parallel <= 16:
        raise ValueError("block or parallelism out of bounds")
    found = PasswordHash(cost, block, parallel, urlsafe_b64decode(salt), urlsafe_b64decode(key))
    if len(found.salt) < _SALT_BYTES or len(found.key) != _KEY_BYTES:
        raise ValueError("the salt or the key is too short")
    return found


def fits(password: str, kept: PasswordHash) -> bool:
    """Whether it is the password; takes as long either way."""
    derived = _derive(password[:MAX_CHARS], kept.cost, kept.block, kept.parallel, kept.salt)
    return hmac.compare_digest(derived, kept.key)


def _derive(password: str, cost: int, block: int, parallel: int, salt: bytes) -> bytes:
    # The same password from any keyboard: some write æ, ø and å as two characters.
    text = unicodedata.normalize("NFKC", password).encode("utf-8", "replace")
    return hashlib.scrypt(
        text, salt=salt, n=cost, r=block, p=parallel, dklen=_KEY_BYTES, maxmem=256 * cost * block
    )  # fmt: skip
