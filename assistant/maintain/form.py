"""What a form of the maintainers' page sends: its fields, and whether our own page sent it."""

import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from assistant.feedback.receive import read_body

TOKEN_FIELD = "skjema"  # noqa: S105 - the name of the field
_MAX_FIELDS = 10


async def read_form(request: Request, max_bytes: int) -> dict[str, str]:
    """The fields; none where the body is longer, or is no form."""
    if (body := await read_body(request, max_bytes)) is None:
        return {}
    try:
        text = body.decode("ascii")
        return dict(parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=_MAX_FIELDS))
    except ValueError:
        return {}


def has_token(request: Request, fields: Mapping[str, str], expected: str) -> bool:
    """Whether the form carries the token, and no page elsewhere sent it."""
    is_ours = request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
    return is_ours and hmac.compare_digest(fields.get(TOKEN_FIELD, "").encode(), expected.encode())
