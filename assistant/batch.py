"""Questions in JSON Lines → one answer per line, in order."""

import json
from collections.abc import Iterator
from dataclasses import replace

from assistant.answer import answer
from assistant.choices import FilterError, read_filters
from assistant.live import LiveEngine
from assistant.types import Answer, Status


def answer_lines(data: bytes, live: LiveEngine) -> Iterator[Answer]:
    """The answer to the last of `turns` on each line, narrowed by its `filters`, under the line's own `id`.

    A line that can't be read gets an answer with status `error` that says why; empty lines are passed over.
    """
    for number, line in enumerate(data.splitlines(), 1):
        if line.strip():
            yield _answer_line(line, number, live)


def _answer_line(line: bytes, number: int, live: LiveEngine) -> Answer:
    question_id = f"linje {number}"
    try:
        row = json.loads(line)
        question_id = str(row["id"])
        turns = row["turns"]
        if not isinstance(turns, list) or not turns or not all(isinstance(turn, str) for turn in turns):
            raise ValueError("«turns» må være en liste med minst én tekst")
        engine = live.current()
        filters = read_filters(row.get("filters") or {}, engine.index.catalog)
        return replace(answer(engine, turns, filters=filters), id=question_id)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        reason = "linjen er ikke gyldig JSON med «id» og «turns»"
        if isinstance(error, KeyError):
            reason = f"mangler {error}"
        elif type(error) in (ValueError, FilterError):  # our own words; those of the JSON reader are English
            reason = str(error).rstrip(".")
        return Answer(question_id, Status.ERROR, f"Kan ikke lese linje {number}: {reason}.", "nb")
