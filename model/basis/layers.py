"""Folders of tables: the shipped one, and those that facts may lay over it (facts.py).

Which one a process takes where nobody gives facts is chosen by `use_data`, by `coercivity --data`,
or by the environment variable COERCIVITY_DATA, which processes inherit. What the folder holds is
marked when its tables are first read; where it has changed since, nothing is run any more.
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
            asked=_facts_said(data),
            now=_facts_said(active()),
            call=Phrase(f"coercivity.use_data({data!r})" if data else "nothing chosen"),
        )


def _facts_said(data: str) -> Phrase:
    """What messages call a choice of data."""
    return Phrase.of("'{value}'", value=data) if data else Phrase("the shipped tables")


def shipped_folder() -> Path:
    """The folder of the shipped tables and scenarios."""
    return Path(str(files("coercivity.model") / "data"))


def list_minerals() -> tuple[str, ...]:
    """Names of the data folders that ship, in alphabetical order."""
    there = shipped_folder() / MINERALS
    return tuple(sorted(path.name for path in there.glob("*") if path.is_dir()))


def named(data: str | os.PathLike[str] | None, beside: Path | None = None) -> str:
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
    """`named` for a folder that is where it is said to be."""
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


def data_asked(raw: object, data: str, where: str | Phrase, beside: Path | None = None) -> str:
    """The data folder that a file asks for, which has to be *data*, as it is where it asks for
    none. Raises InputError, and OtherFacts for another one.
    """
    if raw is None:
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
        wanted = named(raw, beside)
    except InputError as error:
        raise error.within(where) from None
    if wanted != data:
        raise OtherFacts(wanted, where)
    return wanted


def folder_of(data: str) -> Path:
    """The folder that `named` has named."""
    return shipped_folder() / MINERALS / data if data in list_minerals() else Path(data)


def use_data(data: str | os.PathLike[str] | None) -> None:
    """Lay the tables of a folder over the shipped ones, in this process and those that it starts.

    data: the name of a folder that ships ('gallium-germanium'), or the path of one of your own; ""
    for the shipped tables alone. It has to come first: before a scenario is loaded or a world is
    made. Raises InputError, one line, for what is no folder and where it comes too late.
    """
    chosen = named(data)
    if overlay_digest.cache_info().currsize:  # tables have been read
        if chosen != active():
            raise OtherFacts(chosen)
        return
    os.environ[VARIABLE] = chosen
    for read in (active, overlay_tables):
        read.cache_clear()


@lru_cache(maxsize=1)
def active() -> str:
    """What the facts of this process are called; empty for the shipped tables alone. Raises
    InputError where the environment names no folder."""
    return _there(os.environ.get(VARIABLE, NOTHING))


@lru_cache(maxsize=1)
def overlay_digest() -> str:
    """12 hex digits of all tables that are laid over the shipped ones; empty without any."""
    return mark_of(overlay_tables())


@lru_cache(maxsize=1)
def overlay_tables() -> dict[str, bytes]:
    """The tables that are laid over the shipped ones, by file name, as they were when this process
    read them.
    """
    return tables_in(active())


def digest_of(data: str) -> str:
    """12 hex digits of the tables that a data folder holds now; empty for the shipped tables."""
    return mark_of(tables_in(data))


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


def check_as_read() -> None:
    """Raise InputError where the data folder of this process has changed since it was read."""
    if active() and digest_of(active()) != overlay_digest():
        raise InputError(
            "data '{value}' has changed since this process read it",
            "begin a new one (in a notebook: restart its kernel)",
            value=active(),
        )
