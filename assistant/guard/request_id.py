"""A name for each request, for the response, the log and the receipt: the caller's own where it is sane, else ours."""

import re
from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

from starlette.types import Scope

from assistant.types import Answer

HEADER = "x-request-id"
_NAME = HEADER.encode()
_SANE = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")  # nothing that could break a line of a log


def name_request(scope: Scope) -> str:
    """The name, which from now on is the only one in the request's own headers: whoever reads them finds it."""
    given = [value for name, value in scope["headers"] if name == _NAME]
    name = given[0] if len(given) == 1 and _SANE.fullmatch(given[0]) else uuid4().hex.encode()
    scope["headers"] = [*(pair for pair in scope["headers"] if pair[0] != _NAME), (_NAME, name)]
    return name.decode()


def sign(result: Answer, headers: Mapping[str, str]) -> Answer:
    """The answer with the name of its request in its receipt."""
    if result.receipt is None:
        return result
    return replace(result, receipt=replace(result.receipt, request=headers.get(HEADER, "")))
