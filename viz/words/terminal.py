"""What the command line prints: summaries and tables on standard output, a progress bar on standard
error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from coercivity.model.basis.errors import shorten
from coercivity.viz.words.summary import Summary

WIDTH_WITHOUT_TERMINAL: Final = 120
GAP: Final = 3  # between two columns
ROOM: Final = 30  # letters a line that a column of sentences needs
_VERDICT_STYLE: Final = {"ok": "green", "pass": "green", "miss": "bold red", "fail": "bold red"}


def console() -> Console:
    """Return a console on standard output, wide enough for tables where that is a file."""
    return Console(
        width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL,
        highlight=False,
        soft_wrap=False,
    )


def print_summary(summary: Summary) -> None:
    """Print the summary of a run or a comparison."""
    out = console()
    out.print(Text(summary.title, style="bold"))
    for line in (summary.why, summary.measure, summary.ranges):
        if line:
            out.print(Text(line))
    for section in summary.sections:
        out.print()
        out.print(Text(section.title, style="bold"))
        out.print(
            _table(
                section.columns,
                section.rows,
                right=range(1, len(section.columns)),
                show_header=any(section.columns),
            )
        )
        if section.note:
            out.print(Text(f"  {section.note}"))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> None:
    """Print rows below column heads; columns of numbers stand to the right."""
    rows = [list(row) for row in rows]
    numeric = [
        column
        for column in range(len(columns))
        if rows
        and all(isinstance(row[column], (int, float)) or row[column] in (None, "") for row in rows)
    ]
    out = console()
    if title:
        out.print(Text(title, style="bold"))
    out.print(_table(columns, [[text(value) for value in row] for row in rows], right=numeric))


def print_facts(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> None:
    """Print rows below column heads where all columns but the widest fit on the screen and leave it
    ROOM, else each row as a block of lines `column: value`, without what is empty.
    """
    rows = [list(row) for row in rows]
    cells = [[text(value) for value in row] for row in rows]
    wide = [
        max([len(name), *(len(row[at]) for row in cells)]) + GAP for at, name in enumerate(columns)
    ]
    out = console()
    if sum(wide) - max(wide) + min(max(wide), ROOM) <= out.width:
        print_table(columns, rows, title)
        return
    if title:
        out.print(Text(title, style="bold"))
    for row in cells:
        out.print()
        for at, (name, cell) in enumerate(zip(columns, row, strict=True)):
            if cell:
                out.print(Text(f"{name}: {cell}", style="" if at else "bold"))


def print_starts(rows: Iterable[Mapping[str, Any]], title: str) -> None:
    """Print the start of the model against the facts, at once and after 24 months without events; a
    miss stands out.

    Margins come in words below.
    """
    columns = (
        "quantity",
        "model",
        "fact",
        "tolerance",
        "unit",
        "verdict",
        "after_24",
        "verdict_24",
        "source",
    )
    out = console()
    table = _table(
        [column.replace("_24", " 24 months") for column in columns], (), right=(1, 2, 3, 6)
    )
    listed = list(rows)
    for row in listed:
        if not str(row.get("id", "")).startswith("margin."):
            cells = [Text(text(row.get(column))) for column in columns[:-1]] + [
                Text(shorten(str(row.get("source") or ""), 22))
            ]
            for place in (5, 7):
                verdict = cells[place].plain.lower()
                cells[place].stylize(_VERDICT_STYLE.get(verdict, "dim"))
            table.add_row(*cells)
    out.print(Text(title, style="bold"))
    out.print(table)
    margins = [row for row in listed if str(row.get("id", "")).startswith("margin.")]
    if margins:
        out.print(Text("Margins of the firms that run", style="bold"))
    for row in margins:
        quantity = str(row["quantity"]).removeprefix("margin of ")
        out.print(
            Text(f"  {float(row['model']):+5.0f}%  {quantity}", overflow="ellipsis", no_wrap=True)
        )


def print_lines(lines: Iterable[str]) -> None:
    """Print plain lines."""
    out = console()
    for line in lines:
        out.print(Text(line))


def text(value: Any) -> str:
    """Return a value as a cell shows it: at most four significant digits, thousands apart, nothing
    for None.
    """
    if value is None or value == "" or value != value:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return str(value)


def _table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    right: Iterable[int] = (),
    show_header: bool = True,
) -> Table:
    table = Table(box=SIMPLE, show_header=show_header, pad_edge=False, header_style="dim")
    right = set(right)
    for index, column in enumerate(columns):
        table.add_column(
            Text(column), justify="right" if index in right else "left", overflow="fold"
        )
    for row in rows:
        table.add_row(*(Text(value) for value in row))
    return table


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function (done, total) that moves a bar on standard error, or None where that is no
    terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def move(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield move
