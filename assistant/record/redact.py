"""What of a text may be kept: never personal data, and nothing of what someone in danger wrote."""

from collections.abc import Iterable

from assistant.crisis import is_crisis
from assistant.screen import screen
from assistant.types import Status

_NEVER = (Status.PERSONAL_DATA, Status.BLOCKED)


def clean(text: str) -> str:
    """The text, screened until nothing more is found: what is left on both sides of a find may make another one."""
    while (screened := screen(text).text) != text:
        text = screened
    return text


def must_forget(status: Status, cleaned: Iterable[str]) -> bool:
    """Whether only the status may be kept: of personal data, of what was blocked, and of a conversation in danger."""
    return status in _NEVER or any(is_crisis(text) for text in cleaned)
