"""Facts: who and what there is, and the tables of numbers, as a value.

The curated tables of ``model/data``, with those of a data folder laid over them (table_merging.py).
Each has a specification in ``table_specs``: columns, types, allowed values, ranges, key. Every row
keeps its source and its confidence.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache, wraps
from pathlib import Path
from types import MappingProxyType
from typing import Any, Concatenate, Final, ParamSpec, Self, TypeVar

from coercivity.model.basis.csv_tables import Table, parse_table, read_table
from coercivity.model.basis.errors import InputError, Phrase, unknown_value_error
from coercivity.model.basis.fact_names import Names
from coercivity.model.basis.inputs import is_name
from coercivity.model.basis.layers import (
    VARIABLE,
    OtherFacts,
    active,
    folder_of,
    mark_of,
    name_of_data,
    shipped_folder,
    tables_in,
)
from coercivity.model.basis.name_specs import NAME_SPECS
from coercivity.model.basis.table_columns import Spec
from coercivity.model.basis.table_merging import find_likes, key_of, like_starts, merge_tables
from coercivity.model.basis.table_specs import table_specs

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
NO_TABLES: Final[Mapping[str, Table]] = MappingProxyType({})
MOST: Final = 8  # data folders, or states of one, whose facts are at hand
_loaded: dict[tuple[str, str], Facts] = {}
RECORDS: Final = MappingProxyType(  # tables that no rule reads, and what to write instead
    {
        "plants": Phrase.of(
            "write a new plant under '{new}', and one that runs already under '{output}' and "
            "'{firms}'",
            new="projects",
            output="stage_output",
            firms="firms",
        )
    }
)


class Facts(Names):
    """The states, goods and other names, and the tables, of one data folder laid over the shipped
    ones. Tables are read when first asked for.

    Read-only: copies and worlds share it, and it is pickled by its folder and the mark of what that
    held. data: what the folder is called, empty for the shipped tables alone; mark: 12 hex digits
    of the tables that are not as shipped, empty without any; files: those of the folder, by name.
    """

    def __init__(
        self, data: str, files: Mapping[str, bytes], tables: Mapping[str, Table] = NO_TABLES
    ) -> None:
        self.data, self.files, self._given = data, files, tables
        self._mark = mark_of(files)  # of the folder
        self.mark = _mark_of(self._mark, tables) if tables else self._mark
        said = hashlib.sha256(f"{data} {self.mark}".encode())
        self._hash = int(said.hexdigest()[:15], 16)  # the same in every process
        self._own: dict[tuple[str, Spec], Table] = {}
        self._tables: dict[str, Table] = dict(tables)
        self.kept: dict[Any, Any] = {}  # what was made of these facts alone (`cached_by_facts`)
        super().__init__(lambda name: self._read(name, NAME_SPECS[name]))
        self.specs = table_specs(self)

    @staticmethod
    def load(data: str | os.PathLike[str] | None = None) -> Facts:
        """The facts of a data folder as it is now, by its name or path; without one, the shipped
        tables. The same folder with the same tables is the same object. Raises InputError, one
        line, for what is no folder.
        """
        name = name_of_data(data)
        return _load(name, tables_in(name))

    @staticmethod
    def default() -> Facts:
        """The facts that a process takes where nobody gives others: those of `use_data`, `--data`
        or COERCIVITY_DATA as they were when first asked for, else the shipped ones.
        """
        return _default()

    def with_table(self, table: Table) -> Self:
        """The same facts but for one table, which has been checked; others are shared."""
        made = type(self)(self.data, self.files, {**self._given, table.name: table})
        if table.name not in NAME_SPECS:
            made._tables = {**self._tables, **made._tables}
        return made

    def table(self, name: str) -> Table:
        """Return the table *name*, read and checked once: the shipped one, with the rows of a data
        folder in place of those with the same key and behind them. Raises InputError for an unknown
        name, and for a broken row of this table or of any of the data folder.
        """
        if (table := self._tables.get(name)) is None:
            if not is_name(name, self.specs):
                raise unknown_value_error("table", name, list_tables())
            _ = self._checked
            table = self._tables[name] = self._read(name, self.specs[name])
        return table

    @cached_property
    def _checked(self) -> bool:
        """All tables of the data folder, read before the first table is given out. Raises
        InputError, one line, for a broken row of any of them, also of one that nobody asks for, and
        for a row that takes the place of a shipped one that nothing rests on.
        """
        if self.data:
            _ = self._likes
            for name in sorted(self.specs):
                own = self._read_own(name, self.specs[name])
                if own is not None and name in RECORDS:
                    _check_record(own, name, self.specs[name])
        return True

    @property
    def folder(self) -> Path | None:
        """The folder that is laid over the shipped one."""
        return folder_of(self.data) if self.data else None

    def _read(self, name: str, spec: Spec) -> Table:
        """The table *name* of all folders, each checked against *spec*."""
        if name in self._given:
            return self._given[name]
        shipped = table = read_table(shipped_folder() / f"{name}.csv", spec)
        own = self._read_own(name, spec)
        if own is not None:
            table = merge_tables(table, own, spec)
        if name == "starts" or "start" not in spec.key:
            return table
        return like_starts(table, spec, len(shipped), self._likes)

    def _read_own(self, name: str, spec: Spec) -> Table | None:
        """A table of the data folder, read and checked once; None where it has none."""
        content = self.files.get(f"{name}.csv")
        if content is None or self.folder is None:
            return None
        if (name, spec) not in self._own:
            file = f"{self.folder.name}/{name}.csv"
            self._own[name, spec] = parse_table(content, name, spec, file)
        return self._own[name, spec]

    @cached_property
    def _likes(self) -> Mapping[str, tuple[str, ...]]:
        return find_likes(self._read("starts", NAME_SPECS["starts"]))

    @cached_property
    def _made_by(self) -> dict[str, list[str]]:
        """Goods by the process that makes them."""
        made: dict[str, list[str]] = {}
        for row in self.table("recipes").where(role="output"):
            made.setdefault(row["process"], []).append(row["good"])
        return made

    @cached_property
    def joint(self) -> tuple[str, ...]:
        """Processes that make several goods at once, from an ore whose worth is theirs."""
        return tuple(p for p in self.processes if len(self._made_by.get(p, ())) > 1)

    @cached_property
    def oxides(self) -> tuple[int, ...]:
        """Rows of the goods that joint processes make."""
        made = {self.good_row[good] for process in self.joint for good in self._made_by[process]}
        return tuple(sorted(made))

    @cached_property
    def plant_of(self) -> Mapping[str, str]:
        """By ore, the joint process that works it up."""
        return {
            row["good"]: row["process"]
            for row in self.table("recipes").where(role="input")
            if row["process"] in self.joint
        }

    @cached_property
    def ore_mines(self) -> Mapping[str, str]:
        """By mine of these ores, who works up what it digs."""
        return {
            row["process"]: self.plant_of[row["good"]]
            for row in self.table("recipes").where(role="output")
            if row["good"] in self.plant_of
        }

    def __eq__(self, other: object) -> bool:
        """Whether they are of the same folder with the same tables."""
        return self is other or (
            isinstance(other, Facts) and (self.data, self.mark) == (other.data, other.mark)
        )

    def __hash__(self) -> int:
        return self._hash

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _known: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        plain = {  # what is read-only cannot be pickled
            name: replace(table, rows=tuple(map(dict, table.rows)))
            for name, table in self._given.items()
        }
        return _unpickle_facts, (self.data, self._mark, plain)

    def __repr__(self) -> str:
        return f"<Facts {self.data or 'as shipped'}{f', {self.mark}' if self.mark else ''}>"


def _load(data: str, files: Mapping[str, bytes]) -> Facts:
    """The facts that are there already for these tables, else new ones."""
    key = data, mark_of(files)
    facts = _loaded.pop(key, None)
    _loaded[key] = Facts(data, files) if facts is None else facts  # what is used stays longest
    if len(_loaded) > MOST:
        _loaded.pop(next(iter(_loaded)))
    return _loaded[key]


@lru_cache(maxsize=1)
def _default() -> Facts:
    return _load(active(), tables_in(active()))


def use_data(data: str | os.PathLike[str] | None) -> None:
    """Lay the tables of a folder over the shipped ones, in this process and those that it starts.

    data: the name of a folder that ships ('gallium-germanium'), or the path of one of your own; ""
    for the shipped tables alone. It has to come first: before a scenario is loaded or a world is
    made. Raises InputError, one line, for what is no folder and where it comes too late.
    """
    chosen = name_of_data(data)
    if not _default.cache_info().currsize:
        os.environ[VARIABLE] = chosen
        active.cache_clear()
    elif chosen != active():
        raise OtherFacts(chosen)


def check_as_read() -> None:
    """Raise InputError where the data folder of this process has changed since it was read."""
    facts = Facts.default()
    if facts.data and mark_of(tables_in(facts.data)) != facts.mark:
        raise InputError(
            "data '{value}' has changed since this process read it",
            "begin a new one (in a notebook: restart its kernel)",
            value=facts.data,
        )


def _mark_of(mark: str, tables: Mapping[str, Table]) -> str:
    """The mark of facts with tables that somebody gives."""
    rows = [(name, list(map(dict, tables[name].rows))) for name in sorted(tables)]
    return hashlib.sha256(f"{mark} {rows!r}".encode()).hexdigest()[:12]


def _unpickle_facts(data: str, mark: str, tables: Mapping[str, Table]) -> Facts:
    """Facts as they come out of a pickle. Raises InputError where the folder has changed."""
    if (data, mark) in _loaded:
        facts = _loaded[data, mark]
    elif mark_of(files := tables_in(data)) == mark:
        facts = _load(data, files)
    else:
        raise InputError(
            "data '{value}' has changed since this result was made", "run it again", value=data
        )
    for table in tables.values():
        facts = facts.with_table(replace(table, rows=tuple(map(MappingProxyType, table.rows))))
    return facts


def cached_by_facts(
    function: Callable[Concatenate[Facts, Given], Answer],
) -> Callable[Concatenate[Facts, Given], Answer]:
    """A function of facts (and plain values) whose answers the facts keep."""

    @wraps(function)
    def kept(facts: Facts, *given: Given.args, **by: Given.kwargs) -> Answer:
        key = (function, *given, *by.items()) if given or by else function
        try:
            answer: Answer = facts.kept[key]
        except KeyError:
            answer = facts.kept[key] = function(facts, *given, **by)
        return answer

    return kept


def list_tables() -> tuple[str, ...]:
    """Return the names of the tables with a specification and a shipped file, sorted."""
    specs = Facts.default().specs
    return tuple(sorted(name for name in specs if (shipped_folder() / f"{name}.csv").is_file()))


def load_table(name: str) -> Table:
    """Return a table of this process. Raises InputError for a wrong name or a broken row."""
    return Facts.default().table(name)


def _check_record(own: Table, name: str, spec: Spec) -> None:
    """Raises InputError for a row of a table of records that changes a shipped one."""
    shipped = {key_of(row, spec) for row in read_table(shipped_folder() / f"{name}.csv", spec)}
    for number, row in enumerate(own):
        if key_of(row, spec) in shipped:
            raise InputError(
                "'{value}' ships, and to change it here changes nothing: table {name} lists what "
                "is known of {name} and no rule reads it",
                RECORDS[name],
                where=own.place(number),
                value=row[spec.key[0]],
                name=name,
            )
