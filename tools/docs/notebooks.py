"""Runs the notebooks of docs/notebooks for the site. Their source is a Python file in cells
(`# %%`), which any editor, ruff and a diff can read; what it shows stands in runs/notebooks and not
in the repository. Run by `make docs`.

    python -m tools.docs.notebooks               runs those whose source or code has changed since
    python -m tools.docs.notebooks --write DIR   writes them as .ipynb, not run, to open in Jupyter

`tools/docs/notebook_pages.py` makes pages of what was run.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
ROOT: Final = DOCS.parent
SOURCES: Final = DOCS / "notebooks"
RUN: Final = ROOT / "runs" / "notebooks"
ROOMS: Final = ("agents", "api", "experiments", "model", "viz")
LIMIT: Final = 600  # seconds for one cell, on a machine that has other work too
BACKEND: Final = "MPLBACKEND"
MARK: Final = "coercivity"  # under this key a notebook that was run says of what
CELL: Final = re.compile(r"^# %%(?: \[(markdown)\])?.*$", flags=re.MULTILINE)


def sources() -> list[Path]:
    """The notebooks in their order."""
    return sorted(SOURCES.glob("*.py"))


def cells(text: str) -> Iterator[tuple[str, str]]:
    """(kind, source) of each cell: markdown without its comment signs, or code."""
    marks = [*CELL.finditer(text), None]
    for mark, following in pairwise(marks):
        assert mark is not None
        body = text[mark.end() : following.start() if following else len(text)].strip("\n")
        if mark[1]:
            yield "markdown", re.sub(r"^# ?", "", body, flags=re.MULTILINE)
        else:
            yield "code", body


def notebook(path: Path) -> dict[str, Any]:
    """A source as a notebook (nbformat 4.5) that was not run; the same source gives the same."""
    made = []
    for number, (kind, source) in enumerate(cells(path.read_text(encoding="utf-8")), start=1):
        cell: dict[str, Any] = {
            "cell_type": kind,
            "id": f"cell-{number}",
            "metadata": {},
            "source": source,
        }
        if kind == "code":
            cell |= {"execution_count": None, "outputs": []}
        made.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": made,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def code_behind() -> str:
    """16 hex digits of all code and tables that a notebook may call."""
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in (".py", ".csv", ".yaml") and path.is_file():
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def stamp(path: Path, code: str) -> str:
    """What a run of this source by this code is marked with."""
    return hashlib.sha256(f"{code} {path.read_text(encoding='utf-8')}".encode()).hexdigest()[:16]


def ran(path: Path) -> dict[str, Any] | None:
    """The notebook as it was run last of this source, by whatever code; None where it was not."""
    try:
        held = json.loads((RUN / f"{path.stem}.ipynb").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    same = [cell["source"] for cell in held["cells"]] == [
        cell["source"] for cell in notebook(path)["cells"]
    ]
    return held if same else None


def execute(path: Path) -> dict[str, Any]:
    """Run a notebook in an empty folder and return it with what it shows. Raises CellExecutionError
    where a cell fails.
    """
    import nbformat
    from nbclient import NotebookClient

    made = nbformat.from_dict(notebook(path))
    with TemporaryDirectory() as folder, TemporaryDirectory(prefix="nb") as sockets:
        place = {"metadata": {"path": folder}}
        client = NotebookClient(made, timeout=LIMIT, kernel_name="python3", resources=place)
        if sys.platform != "win32":  # by files of ours, and not by ports that others reach
            kernel = client.create_kernel_manager()
            kernel.transport, kernel.ip = "ipc", f"{sockets}/k"
        # where the shell names a backend, figures go there and not into the cell
        client.execute(env={name: value for name, value in os.environ.items() if name != BACKEND})
    return json.loads(nbformat.writes(made, split_lines=False))


def bring_up_to_date() -> None:
    """Run what is not of this source and this code, and keep it."""
    code = code_behind()
    RUN.mkdir(parents=True, exist_ok=True)
    for path in sources():
        held = ran(path)
        if held and held["metadata"].get(MARK) == stamp(path, code):
            continue
        began = time.monotonic()
        shown = execute(path)
        shown["metadata"][MARK] = stamp(path, code)
        text = json.dumps(shown, indent=1, ensure_ascii=False) + "\n"
        (RUN / f"{path.stem}.ipynb").write_text(text, encoding="utf-8")
        print(f"{path.stem}: run in {time.monotonic() - began:.0f} s")


def write(folder: Path) -> None:
    """Write all of them, not run, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sources():
        text = json.dumps(notebook(path), indent=1, ensure_ascii=False) + "\n"
        (folder / f"{path.stem}.ipynb").write_text(text, encoding="utf-8")
        print(folder / f"{path.stem}.ipynb")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"] and len(sys.argv) == 3:
        write(Path(sys.argv[2]))
    elif len(sys.argv) == 1:
        bring_up_to_date()
    else:
        sys.exit(__doc__)
