"""A briefing laid out as a file: a Word document of two pages, or one HTML page that prints on two;
pictures stand inside, and nothing is asked of any server.
"""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coercivity.viz.words.briefing import Briefing, Chart

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PROPERTY: Final = 255  # characters that a property of a Word file may have
WIDTH: Final = 6.6  # inches of text on a page
BLUE, GREY = "#0067a5", "#555555"
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def chart_figure(chart: Chart, width: float = 3.2, height: float = 1.75) -> Figure:
    """A chart with its title, unit, legend and source in it, so that it can stand alone."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    from coercivity.viz.figures.runs import STYLE

    scale = 100.0 if chart.share else 1.0
    with rc_context({**STYLE, "font.size": 7.5, "axes.titlesize": 8.5}):
        figure = Figure(figsize=(width, height), layout="constrained")
        ax = figure.subplots()
        at = np.arange(len(chart.months))
        low, middle, high = np.asarray(chart.band, dtype=float) * scale
        ax.fill_between(at, low, high, color=BLUE, alpha=0.18, linewidth=0, label="8 of 10")
        ax.plot(at, middle, color=BLUE, linewidth=1.6, label="middle of the histories")
        if chart.ghost is not None:
            ghost = np.asarray(chart.ghost, dtype=float)[: len(at)] * scale
            ax.plot(
                at[: len(ghost)],
                ghost,
                color=GREY,
                linewidth=1.0,
                linestyle=(0, (4, 3)),
                label=chart.twin,
            )
        ax.set_ylim(bottom=0.0)
        ax.set_title(chart.title)
        ax.set_ylabel(chart.unit, fontsize=6.5)
        years = [k for k, month in enumerate(chart.months) if month.endswith("-01")]
        each = max(1, len(years) // 5)
        ax.set_xticks(years[::each], [chart.months[k][:4] for k in years[::each]])
        ax.margins(x=0)
        ax.legend(fontsize=6, loc="best")
        figure.supxlabel(chart.source, fontsize=5.5, color=GREY, x=0.99, ha="right")
    return figure


def chart_png(chart: Chart, dpi: int = 220) -> bytes:
    """The chart as a PNG: the same bytes for the same numbers."""
    stream = io.BytesIO()
    chart_figure(chart).savefig(stream, format="png", dpi=dpi, metadata={"Software": None})
    return stream.getvalue()


# ---------------------------------------------------------------- Word


def briefing_docx(held: Briefing) -> bytes:
    """The briefing as a Word document."""
    from docx import Document
    from docx.shared import Inches, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.27), Inches(11.69)
    section.left_margin = section.right_margin = Inches((8.27 - WIDTH) / 2)
    section.top_margin = section.bottom_margin = Inches(0.6)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10)
    normal.paragraph_format.space_after = Pt(4)
    properties = document.core_properties
    properties.title, properties.author = held.title[:PROPERTY], "Coercivity"

    document.add_heading(held.title, level=1)
    document.add_paragraph(held.question).runs[0].italic = True
    _table(
        document,
        ("What is set", "Shipped", "Here"),
        [(row.what, row.shipped, row.here) for row in held.changes]
        or [("Nothing: the scenario as shipped", "", "")],
    )
    document.add_heading("Answer", level=2)
    for sentence in held.told.sentences:
        document.add_paragraph(sentence, style="List Bullet")
    _table(
        document,
        ("Number", "Here", held.twin.capitalize(), "Difference", "How sure"),
        [(row.what, row.here, row.twin, row.apart, row.how) for row in held.sure],
    )
    if held.why:
        document.add_heading("Why", level=2)
        document.add_paragraph(held.why_of).runs[0].italic = True
        for sentence in held.why:
            document.add_paragraph(sentence, style="List Bullet")
    document.add_heading("Charts", level=2)
    for chart in held.charts:
        document.add_picture(io.BytesIO(chart_png(chart)), width=Inches(WIDTH * 0.62))
        document.add_paragraph(chart.caption).runs[0].font.size = Pt(8)
    if held.misses:
        document.add_heading("What the model got wrong about this", level=2)
        for sentence in held.misses:
            document.add_paragraph(sentence, style="List Bullet")
    document.add_heading("Limits", level=2)
    for sentence in held.limits:
        document.add_paragraph(sentence, style="List Bullet")
    document.add_paragraph(f"{held.made} {held.citation}").runs[0].font.size = Pt(8)
    if held.link:
        document.add_paragraph(f"The same again: {held.link}").runs[0].font.size = Pt(8)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _table(document: Any, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """A table with a head that reads as one."""
    from docx.shared import Pt

    table = document.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
    for place, cells in enumerate((heads, *rows)):
        row = table.rows[0] if place == 0 else table.add_row()
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(0)
                for run in paragraph.runs:
                    run.font.size = Pt(9)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


# ---------------------------------------------------------------- HTML


def briefing_html(held: Briefing) -> str:
    """The briefing as one HTML page."""
    from importlib.resources import files

    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    page = (files("coercivity.viz.words") / "briefing.html").read_text(encoding="utf-8")
    pictures = [
        (chart, base64.b64encode(chart_png(chart)).decode("ascii")) for chart in held.charts
    ]
    return environment.from_string(page).render(held=held, pictures=pictures)
