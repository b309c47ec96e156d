"""Which texts may become links: whole addresses on the web, and nothing that could leave its attribute."""

import re

_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")


def is_web_address(text: str) -> bool:
    """Whether the text is an address on the web and nothing else."""
    return bool(_ADDRESS.fullmatch(text))
