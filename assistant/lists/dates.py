"""Schemes by their deadlines: those to come, and apart from them those that are known only for an earlier year."""

from collections.abc import Iterable
from datetime import date

from assistant.lists.window import Window
from index.deadlines import deadlines_of
from index.document import Document
from index.types import Statement

Due = tuple[date, Document, Statement]


def split_deadlines(documents: Iterable[Document], window: Window, today: date) -> tuple[list[Due], list[Due]]:
    """The first deadline of each within the window, by date; of the others the last one that is past, by day of year.

    A window with an end takes only those earlier deadlines that fell within it in their own year.
    """
    coming: list[Due] = []
    earlier: list[Due] = []
    for document in documents:
        dated = deadlines_of(document, today)
        if due := next(((day, s) for day, s in dated if window.has(day)), None):
            coming.append((due[0], document, due[1]))
        elif past := [(day, s) for day, s in dated if day < today and (window.end is None or window.had(day))]:
            earlier.append((past[-1][0], document, past[-1][1]))
    coming.sort(key=lambda row: (row[0], row[1].title))
    earlier.sort(key=lambda row: (row[0].month, row[0].day, row[1].title))
    return coming, earlier
