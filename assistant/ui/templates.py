"""The HTML templates of the page, found beside this file; what is put into one is escaped."""

from functools import cache

from jinja2 import Environment, PackageLoader


@cache
def templates() -> Environment:
    """Where templates are found by file name."""
    return Environment(loader=PackageLoader("assistant.ui", "."), autoescape=True, trim_blocks=True, lstrip_blocks=True)
