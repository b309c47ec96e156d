"""An unexpected error → what may stand in the log."""

import traceback


def without_words(error: Exception) -> str:
    """The kind of the error and where it happened, not its message: that may quote the question."""
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"
