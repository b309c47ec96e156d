"""Which half of the guide a document belongs to: learned on questions of one half, measured on those of the other."""

import hashlib

TUNING, TEST = "tuning", "test"
_FAMILY_WORDS = 2


def half_of(doc_id: str) -> str:
    """`tuning` or `test`, by family: the folder and the first two words of the name, so that siblings stay together."""
    folder, _, name = doc_id.partition("/")
    family = f"{folder}/{'-'.join(name.split('-')[:_FAMILY_WORDS])}"
    return TUNING if hashlib.sha256(family.encode()).digest()[0] % 2 else TEST
