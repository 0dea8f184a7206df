"""All files of a part from its document: pages, tables as CSV, figures; the same document gives the
same bytes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import PurePosixPath
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.worlds.spreadsheet_cells import cell
from tools.docs.kit.documents import Document
from tools.docs.pages.text import Row, with_quick_warning

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HOME: Final = "tools.docs.pages"
DPI: Final = 110
_IMAGES: Final = re.compile(r"\]\(((?:\.\./)*)images/")


def writer(part: str) -> ModuleType:
    """The module that writes a part: `pages(document)`, `tables(document)` and, where it has any,
    `figures(document)`.
    """
    return import_module(f"{HOME}.{part}")


def pages_of(document: Document) -> dict[str, str]:
    """Pages as the documentation has them: path below `docs/` -> markdown, figures linked below
    `images/`.
    """
    return {
        name: with_quick_warning(text, document)
        for name, text in writer(document["part"]).pages(document).items()
    }


def tables_of(document: Document) -> dict[str, str]:
    """Name -> CSV; nested values become columns of their own."""
    return {
        name: to_csv(rows)
        for name, rows in writer(document["part"]).tables(document).items()
        if rows
    }


def figures_of(
    document: Document, wanted: Callable[[str], bool] = lambda name: True
) -> Iterator[tuple[str, bytes]]:
    """Figures that are wanted, drawn one at a time: path below `images/` -> contents."""
    drawn = getattr(writer(document["part"]), "figures", None)
    for name, draw in drawn(document) if drawn is not None else ():
        if wanted(name):
            yield name, to_bytes(draw(), name)


def files_of(document: Document) -> dict[str, str | bytes]:
    """Everything that a paper folder holds of a part besides its results."""
    files: dict[str, str | bytes] = {
        f"pages/{name}": _IMAGES.sub(r"](../\1figures/", text)
        for name, text in pages_of(document).items()
    }
    files |= {f"tables/{name}.csv": text for name, text in tables_of(document).items()}
    return files | {f"figures/{name}": data for name, data in figures_of(document)}


def to_bytes(figure: Figure, name: str) -> bytes:
    """A figure as the SVG or PNG of this name, without date, version or random ids."""
    from matplotlib import rc_context

    buffer, kind = io.BytesIO(), name.rsplit(".", 1)[1]
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": PurePosixPath(name).stem}):
        figure.savefig(
            buffer,
            format=kind,
            dpi=DPI,
            metadata={"Date": None} if kind == "svg" else {"Software": None},
        )
    return buffer.getvalue()


def to_csv(rows: Iterable[Row]) -> str:
    """Rows as CSV with the columns of all of them, in the order in which they appear."""
    flat = [dict(_flatten_row(row)) for row in rows]
    columns = list(dict.fromkeys(name for row in flat for name in row))
    buffer = io.StringIO()
    out = csv.DictWriter(buffer, columns, lineterminator="\n", restval="")
    out.writeheader()
    out.writerows({name: cell(value) for name, value in row.items()} for row in flat)
    return buffer.getvalue()


def _flatten_row(row: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from _flatten_row(value, f"{start}{name}_")
        elif isinstance(value, (list, tuple)):
            yield f"{start}{name}", " ".join(map(str, value))
        else:
            yield f"{start}{name}", value
