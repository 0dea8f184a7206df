"""What may lie in a data folder: tables under the names of shipped ones, and notes."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from coercivity.model.basis.errors import InputError, shorten, suggest

PATH: Final = 200  # letters of a path in a message

# Files with such an ending are meant as tables; only .csv is read.
MEANT: Final = (".csv", ".tsv", ".tab", ".xls", ".xlsx", ".ods", ".parquet", ".feather")
# Files with such an ending are notes, even under the name of a table.
NOTES: Final = (".md", ".txt", ".rst", ".html", ".pdf", ".py", ".ipynb")


def check_files(folder: Path, tables: Collection[str]) -> None:
    """Raises InputError, one line, for a folder without a table and for a file that looks like a
    table and is none: it would change nothing, and nobody would see it.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise InputError(
            f"data '{shorten(folder, PATH)}' cannot be read ({error.strerror}); give another"
        ) from None
    for path in paths:
        if _is_meant(path, tables) and not _is_table(path, tables):
            raise InputError(f"{shorten(folder.name)}/{shorten(path.name)}: {_fix(path, tables)}")
    if not any(_is_table(path, tables) for path in paths):
        fix = _fix_none(folder, tables)
        raise InputError(f"data '{shorten(folder, PATH)}' holds no table; {fix}")


def _is_table(path: Path, tables: Collection[str]) -> bool:
    return path.suffix == ".csv" and path.stem in tables and path.is_file()


def _is_meant(path: Path, tables: Collection[str]) -> bool:
    """Whether somebody who put it there thinks that it is a table."""
    endings = [ending.lower() for ending in path.suffixes]
    if any(ending in MEANT for ending in endings):
        return True
    named = path.name.split(".")[0].lower() in tables
    return named and not path.is_dir() and not (endings and endings[-1] in NOTES)


def _fix(path: Path, tables: Collection[str]) -> str:
    """Why it is no table, and what to do."""
    name = path.name.split(".")[0].lower()
    if path.suffix.lower() == ".csv" and path.stem.lower() not in tables:
        return f"'{shorten(path.stem)}' is no table; {suggest(path.stem, tables)}"
    if path.suffix == ".csv" and path.stem in tables:
        return "it is no file that can be read; put the table there, or take it away"
    if name not in tables:
        return "it is no table; save it as text with commas under the name of one, or take it away"
    how = "rename it" if path.suffix.lower() == ".csv" else "save it as text with commas under"
    return f"it is no table by this name; {how} {name}.csv"


def _fix_none(folder: Path, tables: Collection[str]) -> str:
    """Where the tables are, or what one is called."""
    below = (path for path in sorted(folder.glob("*/*.csv")) if path.stem in tables)
    for path in below:
        place = f"{path.parent.name}/{path.name}"
        return (
            f"{shorten(place)} lies one folder down: move it up, or give the folder "
            f"'{shorten(path.parent, PATH)}'"
        )
    return (
        "put one there under the name of a shipped one, such as projects.csv (coercivity facts "
        "projects shows its header)"
    )
