"""Figures by size → a Markdown table, and a page with the curves."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from matplotlib.axes import Axes

from eval.report import as_figure, as_page

Figures = Mapping[str, float]
PLOTS = {
    "Milliseconds a question": ("retrieve ms p50", "retrieve ms p95", "answer ms p50"),
    "Milliseconds to find the nearest passages": ("full ms p50", "sketch ms p50", "chroma ms p50"),
    "Found of the nearest": ("sketch recall@10", "sketch recall@60", "chroma recall@10", "chroma recall@60"),
    "Quality with the haystack around": (
        "section recall@5",
        "section nDCG@10",
        "document recall@5",
        "document nDCG@10",
    ),
    "Seconds to build": ("build s", "read s", "vectors s", "chroma s", "keyword s"),
    "Megabytes": ("disk MB", "build peak MB", "serve peak MB"),
}


def as_table(measured: Sequence[Figures]) -> str:
    """A row for each figure, a column for each size."""
    lines = [f"| {' | '.join(row)} |" for row in _rows(measured)]
    return "\n".join([lines[0], f"|---|{'---|' * len(measured)}", *lines[1:]])


def _rows(measured: Sequence[Figures]) -> Iterator[tuple[str, ...]]:
    for name in measured[0]:
        yield name, *(f"{own[name]:,.0f}" if own[name] >= 1000 else f"{own[name]:.3g}" for own in measured)


def write_plots(measured: Sequence[Figures], path: Path) -> Path:
    """Writes a page with one plot for each of `PLOTS`."""
    path.write_text(
        as_page("Growth", [as_figure(name, _curves(measured, PLOTS[name])) for name in PLOTS]), encoding="utf-8"
    )
    return path


def _curves(measured: Sequence[Figures], names: Sequence[str]) -> Callable[[Axes], None]:
    def draw(axes: Axes) -> None:
        for name in names:
            axes.plot([own["chunks"] for own in measured], [own[name] for own in measured], "o-", label=name)
        axes.set_xscale("log")
        axes.set_xlabel("chunks")
        axes.set_ylim(bottom=0)
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)

    return draw
