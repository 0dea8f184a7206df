"""The charts of a briefing as pictures that can stand alone, with title, unit, legend, source and
licence in them, and the numbers that are drawn as CSV. Where a picture has no letters for its words
(`fonts.py`), they stand beside it.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from coercivity.experiments.worlds.spreadsheet_cells import cell, comment
from coercivity.viz.documents.download import archive
from coercivity.viz.documents.fonts import PLAIN, WIDE, family_for, has_all_glyphs, is_square
from coercivity.viz.words.briefing import Briefing, Chart
from coercivity.viz.words.language import SOURCE, say, speaking

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, GREY, INK = "#0067a5", "#555555", "#1d2127"
SIZE: Final = (3.3, 2.45)  # inches, as it stands in a page
BARE: Final = (3.3, 1.85)  # without its words
LARGE: Final = (7.2, 4.4)  # inches, as it stands alone or on a slide
LEFT, ACROSS = 0.02, 0.92  # of a picture's width: where words begin, and how far they go
LINE: Final = 1.25  # from line to line, of the letters' size


def legend_of(chart: Chart) -> tuple[str, ...]:
    """What band, line and dashed line are, in the chart's language."""
    with speaking(chart.language):
        return say("8 of 10"), chart.line or say("middle"), chart.twin


def words_of(chart: Chart) -> tuple[str, ...]:
    """All words of a chart."""
    return chart.title, chart.below, chart.note, chart.source, *legend_of(chart)


class ChartedDocument(Protocol):
    """A document with charts."""

    @property
    def charts(self) -> tuple[Chart, ...]:
        """They."""
        ...


def has_words_beside(held: ChartedDocument) -> bool:
    """Whether the words of a document's charts stand beside them, as text: where pictures have no
    letters for them.
    """
    return not all(has_all_glyphs(words_of(chart)) for chart in held.charts)


def in_page(held: ChartedDocument) -> list[tuple[Chart, bytes, tuple[float, float]]]:
    """The charts of a document as pictures for a page, with their sizes."""
    beside = has_words_beside(held)
    size, family = (BARE, "") if beside else (SIZE, PLAIN)
    return [(chart, chart_png(chart, size=size, family=family), size) for chart in held.charts]


def chart_figure(chart: Chart, size: tuple[float, float] = SIZE, family: str = PLAIN) -> Figure:
    """A chart with all its words in it; what to be careful of only where it is large, as small ones
    stand beside that. Letters keep their size whatever the picture's. family: the font, '' for a
    picture without words.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    from coercivity.viz.figures.run_figures import STYLE

    large = size[0] > SIZE[0]
    title, small, least = (13.0, 9.0, 7.5) if large else (8.5, 6.5, 5.2)
    style = {**STYLE, "font.size": small, "font.family": [family or PLAIN]}
    with rc_context(style):
        figure = Figure(figsize=size)
        point = 1.0 / 72 / size[1]  # of the picture's height
        top, foot = 1.0 - 2 * point, ""
        if family:
            foot = f"{chart.note} {chart.source}" if large and chart.note else chart.source
            for words, points, weight, colour in (
                (chart.title, title, "bold", INK),
                (chart.below, small, "normal", GREY),
            ):
                for text in wrap_text(words, points, weight, size[0] * ACROSS):
                    top -= LINE * points * point
                    figure.text(LEFT, top, text, fontsize=points, weight=weight, color=colour)
        source = wrap_text(foot, least, "normal", size[0] * ACROSS) if foot else []
        for number, text in enumerate(reversed(source)):
            height = (4 + number * LINE * least) * point
            figure.text(LEFT, height, text, fontsize=least, color=GREY)
        low = (4 + LINE * least * len(source) + 2.4 * small) * point
        columns = legend_columns(chart, small, 0.85 * size[0])
        above = 2.4 + 1.25 * (-(-3 // columns) - 1) if family else 0.8  # lines of the legend
        high = top - above * small * point
        ax = figure.add_axes((0.12 if not large else 0.07, low, 0.85, high - low))
        _lines(ax, chart, small)
        each = max(1, len(_years(chart)) // (10 if large else 6))
        at = _years(chart)[::each]
        ax.set_xticks(at, [chart.months[k][:4] for k in at])
        if family:
            _legend(ax, chart, small, columns)
    return figure


def _lines(ax: Any, chart: Chart, small: float) -> None:
    """Band, middle, and the twin's middle."""
    scale = 100.0 if chart.share else 1.0
    months = np.arange(len(chart.months))
    edge, middle, upper = np.asarray(chart.band, dtype=float) * scale
    band, line, twin = legend_of(chart)
    ax.fill_between(months, edge, upper, color=BLUE, alpha=0.18, linewidth=0, label=band)
    ax.plot(months, middle, color=BLUE, linewidth=1.6, label=line)
    known = [edge]
    if chart.ghost is not None:
        ghost = np.asarray(chart.ghost, dtype=float)[: len(months)] * scale
        known.append(ghost)
        dashes = (0, (4, 3))
        at = months[: len(ghost)]
        ax.plot(at, ghost, color=GREY, linewidth=1.0, linestyle=dashes, label=twin)
    values = np.concatenate(known)
    lowest = float(np.nanmin(values)) if np.isfinite(values).any() else 0.0
    near = chart.share and lowest > 50.0  # a loss of a tenth is seen where the axis begins near it
    ax.set_ylim(bottom=np.floor(lowest / 10.0 - 0.5) * 10.0 if near else 0.0)
    ax.tick_params(labelsize=small, length=2, pad=2)
    ax.margins(x=0)


def _years(chart: Chart) -> list[int]:
    return [k for k, month in enumerate(chart.months) if month.endswith("-01")]


def legend_columns(chart: Chart, small: float, inches: float) -> int:
    """Columns in which the legend's words stand beside each other within a width."""
    handle = 2.6 * small / 72  # a line and the space around it
    wide = [handle + width_of(words, small, "normal") for words in legend_of(chart)]
    return 3 if sum(wide) <= inches else 2 if max(wide[:2]) + wide[2] <= inches else 1


def _legend(ax: Any, chart: Chart, small: float, columns: int) -> None:
    """What is what, above the lines."""
    ax.legend(
        fontsize=small,
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=columns,
        borderpad=0.1,
        borderaxespad=0.2,
        handlelength=1.6,
        handletextpad=0.5,
        labelspacing=0.2,
        columnspacing=1.0,
    )


_PIECES: Final = re.compile(rf"\s*(?:[{WIDE}][、。，．・：；）」』〕％]*|[^\s{WIDE}]+)")


def wrap_text(text: str, points: float, weight: str, inches: float) -> list[str]:
    """A text in lines that are no wider than this; behind a letter that fills a square a line may
    end.
    """
    lines = [""]
    for piece in _PIECES.findall(text):
        longer = f"{lines[-1]}{piece}".strip()
        if lines[-1] and width_of(longer, points, weight) > inches:
            lines.append(piece.strip())
        else:
            lines[-1] = longer
    return lines


def width_of(line: str, points: float, weight: str) -> float:
    """Inches of a line, by the widths of its letters; those that fill a square are as wide as they
    are high.
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    rest = "".join(letter for letter in line if not is_square(letter)).strip()
    font = FontProperties(family=PLAIN, size=points, weight=weight)
    drawn = TextPath((0, 0), rest, prop=font).get_extents().width if rest else 0.0
    return (float(drawn) + sum(map(is_square, line)) * points) / 72


def chart_png(
    chart: Chart, dpi: int = 220, size: tuple[float, float] = SIZE, family: str = PLAIN
) -> bytes:
    """The chart as a PNG: the same bytes for the same numbers. family: as in `chart_figure`."""
    stream = io.BytesIO()
    figure = chart_figure(chart, size, family)
    figure.savefig(stream, format="png", dpi=dpi, metadata={"Software": None})
    return stream.getvalue()


def chart_svg(chart: Chart, size: tuple[float, float] = LARGE) -> bytes:
    """The chart as an SVG, letters as letters, so that whoever looks at it needs no font of ours:
    the same bytes for the same numbers.
    """
    from matplotlib import rc_context

    stream = io.BytesIO()
    family = family_for(words_of(chart), chart.language) or PLAIN
    with warnings.catch_warnings(), rc_context({"svg.fonttype": "none", "svg.hashsalt": chart.id}):
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure = chart_figure(chart, size, family)
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def stand_alone_png(chart: Chart, english: Chart | None) -> bytes:
    """The chart as a large PNG with its words; in English, with a word on that, where this computer
    has no letters for its language.
    """
    family = family_for(words_of(chart), chart.language)
    if family or english is None:
        return chart_png(chart, size=LARGE, family=family)
    from babel import Locale

    tongue = Locale.parse(chart.language).get_display_name(SOURCE)
    why = (
        f"In English, as the computer that drew this has no letters for {tongue}; the SVG beside "
        f"it is in {tongue}."
    )
    return chart_png(replace(english, note=f"{english.note} {why}".strip()), size=LARGE)


def chart_csv(chart: Chart) -> str:
    """The numbers of a chart, a row a month; title, unit, source and licence stand before them."""
    stream = io.StringIO()
    for words in (chart.title, chart.below, chart.note, chart.source):
        if words:
            stream.write(f"# {comment(words)}\n")
    writer = csv.writer(stream, lineterminator="\n")
    lines = [*np.asarray(chart.band, dtype=float)]
    with speaking(chart.language):
        line = chart.line or say("middle")
        columns = [say("low, at most 1 of 10 below"), line, say("high, at most 1 of 10 above")]
        if chart.ghost is not None:
            columns.append(say("middle {twin}", twin=chart.twin))
            lines.append(np.asarray(chart.ghost, dtype=float))
        unit = say("share") if chart.share else chart.unit
        heads = [say("{column} ({unit})", column=column, unit=unit) for column in columns]
        writer.writerow([cell(say("month")), *map(cell, heads)])
    for at, month in enumerate(chart.months):
        known = [line[at] if at < len(line) else np.nan for line in lines]
        writer.writerow([month, *("" if np.isnan(one) else f"{one:.6g}" for one in known)])
    return stream.getvalue()


def same_bytes(data: bytes) -> bytes:
    """An archive with the same files and no time of the day in it."""
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        return archive((one.filename, held.read(one)) for one in held.infolist())


def charts_zip(held: Briefing, english: Briefing | None = None) -> bytes:
    """The charts of a briefing in one archive: each as PNG, SVG and CSV. english: the same
    briefing, for pictures whose words cannot be drawn.
    """
    plain = {chart.id: chart for chart in english.charts} if english else {}
    return archive(
        (f"{chart.id}.{ending}", data)
        for chart in held.charts
        for ending, data in (
            ("png", stand_alone_png(chart, plain.get(chart.id))),
            ("svg", chart_svg(chart)),
            ("csv", chart_csv(chart).encode()),
        )
    )
