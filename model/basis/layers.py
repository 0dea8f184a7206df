"""Folders of tables: the shipped one, and those that facts may lay over it (facts.py).

Which one a process takes where nobody gives facts is chosen by `use_data`, by `coercivity --data`,
or by the environment variable COERCIVITY_DATA, which processes inherit.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from coercivity.model.basis.errors import InputError, Phrase, suggest
from coercivity.model.basis.folder_files import check_files
from coercivity.model.basis.inputs import path_of

VARIABLE: Final = "COERCIVITY_DATA"
SCENARIOS: Final = "scenarios"
MINERALS: Final = "minerals"  # folders that ship beside the tables, known by their names
NOTHING: Final = ""  # what the shipped tables alone are called


class OtherFacts(InputError):
    """Somebody asks for facts that this process does not work with; `data` says which."""

    def __init__(self, data: str, where: str | Phrase = "data") -> None:
        self.data = data
        super().__init__(
            "{asked} is wanted, and this process works with {now}",
            "begin a new one with {call} first, or start it with coercivity --data",
            where=where,
            asked=_facts_phrase(data),
            now=_facts_phrase(active()),
            call=Phrase(f"coercivity.use_data({data!r})" if data else "nothing chosen"),
        )


def _facts_phrase(data: str) -> Phrase:
    """What messages call a choice of data."""
    return Phrase.of("'{value}'", value=data) if data else Phrase("the shipped tables")


def shipped_folder() -> Path:
    """The folder of the shipped tables and scenarios."""
    return Path(str(files("coercivity.model") / "data"))


def list_minerals() -> tuple[str, ...]:
    """Names of the data folders that ship, in alphabetical order."""
    there = shipped_folder() / MINERALS
    return tuple(sorted(path.name for path in there.glob("*") if path.is_dir()))


def name_of_data(data: str | os.PathLike[str] | None, beside: Path | None = None) -> str:
    """What a choice of data is called everywhere: the name of a folder that ships, or the whole
    path of another; empty for the shipped tables alone. *beside*: a folder where a path is looked
    for first. A folder that is gone is that of this process where that has its name: it has moved.
    Raises InputError where there is no such folder, where it holds no table, and where it holds
    what looks like one and is none.
    """
    try:
        return _there(data, beside)
    except InputError:
        if active() and isinstance(data, str) and Path(data).name == Path(active()).name:
            return active()
        raise


def _there(data: str | os.PathLike[str] | None, beside: Path | None = None) -> str:
    """`name_of_data` for a folder that is where it is said to be."""
    if data is None or data == NOTHING:
        return NOTHING
    if isinstance(data, str) and data in list_minerals():
        return data
    path = path_of(data, "data")
    found = [place for place in (beside and beside / path, path) if place and place.is_dir()]
    if not found:
        raise InputError(
            "data '{value}' is no folder and none that ships",
            "give the path of a folder with tables (.csv), or {fix}",
            value=data,
            fix=suggest(data, list_minerals()),
        )
    folder = found[0].resolve()
    minerals = (shipped_folder() / MINERALS).resolve()
    if folder.parent == minerals:
        return folder.name
    check_files(folder, sorted(table.stem for table in shipped_folder().glob("*.csv")))
    return str(folder)


def data_named_in_file(
    raw: object, data: str, where: str | Phrase, beside: Path | None = None
) -> str:
    """The data folder that a file asks for, which has to be *data*, as it is where it asks for
    none. Raises InputError, and OtherFacts for another one.
    """
    if raw is None or raw == data:
        return data
    if not isinstance(raw, str):
        raise InputError(
            "data '{value}' is no folder",
            "write its path, or the name of one that ships: {names}",
            where=where,
            value=raw,
            names=list_minerals() or ("there is none",),
        )
    try:
        wanted = name_of_data(raw, beside)
    except InputError as error:
        raise error.within(where) from None
    if wanted != data:
        raise OtherFacts(wanted, where)
    return wanted


def folder_of(data: str) -> Path:
    """The folder that `name_of_data` has named."""
    return shipped_folder() / MINERALS / data if data in list_minerals() else Path(data)


@lru_cache(maxsize=1)
def active() -> str:
    """What the facts of this process are called; empty for the shipped tables alone. Raises
    InputError where the environment names no folder."""
    return _there(os.environ.get(VARIABLE, NOTHING))


def tables_in(data: str) -> dict[str, bytes]:
    """The tables of a data folder as they are now, by file name; none of the shipped ones."""
    paths = sorted(folder_of(data).glob("*.csv")) if data else ()
    seen = (path for path in paths if not path.name.startswith("."))
    return {path.name: path.read_bytes().replace(b"\r\n", b"\n") for path in seen}


def mark_of(tables: Mapping[str, bytes]) -> str:
    """12 hex digits of tables by file name; empty for none."""
    if not tables:
        return ""
    digest = hashlib.sha256()
    for name, content in tables.items():
        digest.update(f"{name}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:12]
