"""The log as lines of JSON, where it is asked for: what happened, when, to which request; no question, no address."""

import json
import logging
from datetime import UTC, datetime

from assistant.guard.watch import access_log

JSON = "json"


class JsonLines(logging.Formatter):
    """One object a line. Of an exception only its kind: what it says may quote a question."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "logger": record.name}
        fields = getattr(record, "fields", None)
        line |= fields if fields is not None else {"message": record.getMessage()}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)


def start_log(form: str) -> None:
    """Sets up logging for a server; in any other form than `json` only what is wrong is written, as text."""
    if form != JSON:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    access_log.setLevel(logging.INFO)
