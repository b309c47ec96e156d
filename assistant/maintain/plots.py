"""Counts → bars as SVG, drawn by the server; letters keep their size on any screen, for lengths are in percent."""

from collections.abc import Sequence
from datetime import date
from html import escape

from markupsafe import Markup

_ROW, _BAR, _BAR_TOP = 44, 14, 24  # pixels of a row: its name above its bar
_ROOM = 82  # percent of the width for the longest bar; the number stands beside it
_HEIGHT, _FOOT = 120, 22


def bars(title: str, rows: Sequence[tuple[str, int]]) -> Markup:
    """A bar for each row, the name above it and the number beside it."""
    most = max((count for _, count in rows), default=0) or 1
    parts = []
    for place, (name, count) in enumerate(rows):
        top, width = place * _ROW, _ROOM * count / most
        parts.append(
            f'<text x="0" y="{top + 17}">{escape(name)}</text>'
            f'<rect x="0" y="{top + _BAR_TOP}" width="{width:.2f}%" height="{_BAR}" rx="3"/>'
            f'<text x="{width:.2f}%" dx="8" y="{top + _BAR_TOP + 12}" class="number">{spaced(count)}</text>'
        )
    return _figure(title, len(rows) * _ROW, parts)


def columns(title: str, rows: Sequence[tuple[date, int]]) -> Markup:
    """A column for each day, the first and the last day below, and the highest number on top."""
    most = max((count for _, count in rows), default=0)
    width = 100 / max(1, len(rows))
    parts = [
        f'<rect x="{place * width + width * 0.1:.2f}%" y="{20 + _HEIGHT * (1 - count / most):.1f}"'
        f' width="{width * 0.8:.2f}%" height="{_HEIGHT * count / most:.1f}"/>'
        for place, (_, count) in enumerate(rows)
        if count
    ]
    foot = _HEIGHT + 20
    parts.append(f'<line x1="0" x2="100%" y1="{foot}" y2="{foot}"/>')
    if rows:
        first, last = rows[0][0], rows[-1][0]
        parts.append(f'<text x="0" y="{foot + 17}">{first.day}.{first.month}.</text>')
        parts.append(f'<text x="100%" y="{foot + 17}" text-anchor="end">{last.day}.{last.month}.</text>')
        parts.append(f'<text x="0" y="14" class="number">Mest på en dag: {spaced(most)}</text>')
    return _figure(title, foot + _FOOT, parts)


def spaced(number: int) -> str:
    """The number as it is written in Norwegian: `3\N{NO-BREAK SPACE}980`."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def _figure(title: str, height: int, parts: Sequence[str]) -> Markup:
    frame = f'<svg class="plot" role="img" width="100%" height="{height}"><title>{escape(title)}</title>'
    return Markup(f"{frame}{''.join(parts)}</svg>")  # noqa: S704 - names are escaped above, the rest are numbers
