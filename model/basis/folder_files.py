"""What may lie in a data folder: tables under the names of shipped ones, and notes."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from coercivity.model.basis.errors import InputError, Phrase, suggest

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
            "data '{value}' cannot be read ({reason})",
            "give another",
            value=folder,
            reason=error.strerror,
        ) from None
    for path in paths:
        if _is_meant(path, tables) and not _is_table(path, tables):
            raise _no_table(path, tables)
    if not any(_is_table(path, tables) for path in paths):
        raise InputError("data '{value}' holds no table", _fix_none(folder, tables), value=folder)


def _is_table(path: Path, tables: Collection[str]) -> bool:
    return path.suffix == ".csv" and path.stem in tables and path.is_file()


def _is_meant(path: Path, tables: Collection[str]) -> bool:
    """Whether somebody who put it there thinks that it is a table."""
    endings = [ending.lower() for ending in path.suffixes]
    if any(ending in MEANT for ending in endings):
        return True
    named = path.name.split(".")[0].lower() in tables
    return named and not path.is_dir() and not (endings and endings[-1] in NOTES)


def _no_table(path: Path, tables: Collection[str]) -> InputError:
    """Why a file is no table, and what to do."""
    name = path.name.split(".")[0].lower()
    where = Phrase.of("{folder}/{file}", folder=path.parent.name, file=path.name)
    if path.suffix.lower() == ".csv" and path.stem.lower() not in tables:
        fix = suggest(path.stem, tables)
        return InputError("'{value}' is no table", fix, where=where, value=path.stem)
    if path.suffix == ".csv" and path.stem in tables:
        return InputError(
            "it is no file that can be read", "put the table there, or take it away", where=where
        )
    if name not in tables:
        return InputError(
            "it is no table",
            "save it as text with commas under the name of one, or take it away",
            where=where,
        )
    return InputError(
        "it is no table by this name",
        "rename it {file}"
        if path.suffix.lower() == ".csv"
        else "save it as text with commas under {file}",
        where=where,
        file=f"{name}.csv",
    )


def _fix_none(folder: Path, tables: Collection[str]) -> Phrase:
    """Where the tables are, or what one is called."""
    below = (path for path in sorted(folder.glob("*/*.csv")) if path.stem in tables)
    for path in below:
        return Phrase.of(
            "{file} lies one folder down: move it up, or give the folder '{value}'",
            file=f"{path.parent.name}/{path.name}",
            value=path.parent,
        )
    return Phrase(
        "put one there under the name of a shipped one, such as projects.csv (coercivity facts "
        "projects shows its header)"
    )
