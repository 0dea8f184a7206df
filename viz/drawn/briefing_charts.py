"""The charts of a briefing as pictures that can stand alone, with title, unit, legend, source and
licence in them, and the numbers that are drawn as CSV.
"""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Final

import numpy as np

from coercivity.experiments.worlds.cells import cell, comment
from coercivity.viz.words.briefing import Briefing, Chart

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, GREY, INK = "#0067a5", "#555555", "#1d2127"
SIZE: Final = (3.3, 2.45)  # inches, as it stands in a page
LARGE: Final = (7.2, 4.4)  # inches, as it stands alone or on a slide
LEFT, WIDE = 0.02, 0.92  # of a picture's width: where words begin, and how far they go
LINE: Final = 1.25  # from line to line, of the letters' size
DEFLATED: Final = zipfile.ZIP_DEFLATED
FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)  # of every file in an archive, so that bytes do not move


def chart_figure(chart: Chart, size: tuple[float, float] = SIZE) -> Figure:
    """A chart with all its words in it; what to be careful of only where it is large, as small ones
    stand beside that. Letters keep their size whatever the picture's.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    from coercivity.viz.figures.runs import STYLE

    scale, large = 100.0 if chart.share else 1.0, size[0] > SIZE[0]
    title, small, least = (13.0, 9.0, 7.5) if large else (8.5, 6.5, 5.2)
    with rc_context({**STYLE, "font.size": small}):
        figure = Figure(figsize=size)
        point = 1.0 / 72 / size[1]  # of the picture's height
        top = 1.0 - 2 * point
        for words, points, weight, colour in (
            (chart.title, title, "bold", INK),
            (chart.below, small, "normal", GREY),
        ):
            for text in wrapped(words, points, weight, size[0] * WIDE):
                top -= LINE * points * point
                figure.text(LEFT, top, text, fontsize=points, weight=weight, color=colour)
        foot = f"{chart.note} {chart.source}" if large and chart.note else chart.source
        source = wrapped(foot, least, "normal", size[0] * WIDE)
        for number, text in enumerate(reversed(source)):
            height = (4 + number * LINE * least) * point
            figure.text(LEFT, height, text, fontsize=least, color=GREY)
        low = (4 + LINE * least * len(source) + 2.4 * small) * point
        high = top - 2.4 * small * point
        ax = figure.add_axes((0.12 if not large else 0.07, low, 0.85, high - low))
        months = np.arange(len(chart.months))
        edge, middle, upper = np.asarray(chart.band, dtype=float) * scale
        ax.fill_between(months, edge, upper, color=BLUE, alpha=0.18, linewidth=0, label="8 of 10")
        ax.plot(months, middle, color=BLUE, linewidth=1.6, label="middle")
        if chart.ghost is not None:
            ghost = np.asarray(chart.ghost, dtype=float)[: len(months)] * scale
            dashes = (0, (4, 3))
            at = months[: len(ghost)]
            ax.plot(at, ghost, color=GREY, linewidth=1.0, linestyle=dashes, label=chart.twin)
        known = np.concatenate([edge, *([] if chart.ghost is None else [ghost])])
        lowest = float(np.nanmin(known)) if np.isfinite(known).any() else 0.0
        # a loss of a tenth is seen where the axis begins near it
        near = scale > 1.0 and lowest > 50.0
        ax.set_ylim(bottom=np.floor(lowest / 10.0 - 0.5) * 10.0 if near else 0.0)
        years = [k for k, month in enumerate(chart.months) if month.endswith("-01")]
        each = max(1, len(years) // (10 if large else 6))
        ax.set_xticks(years[::each], [chart.months[k][:4] for k in years[::each]])
        ax.tick_params(labelsize=small, length=2, pad=2)
        ax.margins(x=0)
        ax.legend(
            fontsize=small,
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            ncols=3,
            borderpad=0.1,
            borderaxespad=0.2,
            handlelength=1.6,
            handletextpad=0.5,
            columnspacing=1.0,
        )
    return figure


def wrapped(text: str, points: float, weight: str, inches: float) -> list[str]:
    """A text in lines that are no wider than this, by the widths of its letters."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    font = FontProperties(size=points, weight=weight)

    def wide(line: str) -> float:
        return float(TextPath((0, 0), line, prop=font).get_extents().width) / 72

    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and wide(longer) > inches:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def chart_png(chart: Chart, dpi: int = 220, size: tuple[float, float] = SIZE) -> bytes:
    """The chart as a PNG: the same bytes for the same numbers."""
    stream = io.BytesIO()
    chart_figure(chart, size).savefig(stream, format="png", dpi=dpi, metadata={"Software": None})
    return stream.getvalue()


def chart_svg(chart: Chart, size: tuple[float, float] = LARGE) -> bytes:
    """The chart as an SVG, letters as letters: the same bytes for the same numbers."""
    from matplotlib import rc_context

    stream = io.BytesIO()
    figure = chart_figure(chart, size)
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": chart.id}):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def chart_csv(chart: Chart) -> str:
    """The numbers of a chart, a row a month; title, unit, source and licence stand before them."""
    stream = io.StringIO()
    for words in (chart.title, chart.below, chart.note, chart.source):
        if words:
            stream.write(f"# {comment(words)}\n")
    writer = csv.writer(stream, lineterminator="\n")
    columns = ["low, 1 of 10 below", "middle", "high, 1 of 10 above"]
    lines = [*np.asarray(chart.band, dtype=float)]
    if chart.ghost is not None:
        columns.append(f"middle {chart.twin}")
        lines.append(np.asarray(chart.ghost, dtype=float))
    unit = "share" if chart.share else chart.unit
    writer.writerow(["month", *(cell(f"{column} ({unit})") for column in columns)])
    for at, month in enumerate(chart.months):
        known = [line[at] if at < len(line) else np.nan for line in lines]
        writer.writerow([month, *("" if np.isnan(one) else f"{one:.6g}" for one in known)])
    return stream.getvalue()


def same_bytes(data: bytes) -> bytes:
    """An archive with the same files and no time of the day in it."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as held,
        zipfile.ZipFile(stream, "w", DEFLATED) as archive,
    ):
        for one in held.infolist():
            archive.writestr(zipfile.ZipInfo(one.filename, FIRST_DAY), held.read(one), DEFLATED)
    return stream.getvalue()


def charts_zip(held: Briefing) -> bytes:
    """The charts of a briefing in one archive: each as PNG, SVG and CSV."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", DEFLATED) as archive:
        for chart in held.charts:
            files = {
                "png": chart_png(chart, size=LARGE),
                "svg": chart_svg(chart),
                "csv": chart_csv(chart).encode(),
            }
            for ending, data in files.items():
                archive.writestr(zipfile.ZipInfo(f"{chart.id}.{ending}", FIRST_DAY), data, DEFLATED)
    return stream.getvalue()
