"""Columns under agents: a relation is a set of equally long NumPy arrays, and an agent is a row of
one.

A rule is written once for the whole column; an agent's attribute reads and writes its row. A row is
an identity: rows are never swapped or removed, so two worlds that began alike keep the same rows
for the same firms.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from coercivity.agents.base.arrays import Unpickled


def nearest_hint(name: str, options: Iterable[str], cutoff: float = 0.6) -> str:
    """What somebody may have meant, as the next words of a message; empty where nothing is
    near.
    """
    close = difflib.get_close_matches(name, list(options), n=1, cutoff=cutoff)
    return f"did you mean '{close[0]}'? " if close else ""


class Declared:
    """A column as its table declares it: unit, meaning, the symbol of the rules.

    kind: "column", one value a row; "rows", an index of rows that is looked up often, of any
    length; "label", names by row, not an array.
    """

    def __init__(self, unit: str, meaning: str, symbol: str = "", kind: str = "column") -> None:
        self.unit, self.meaning, self.symbol, self.kind = unit, meaning, symbol, kind
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, table: Any, owner: type | None = None) -> Any:
        """What the table holds under this name stands in its own dictionary and is found first."""
        if table is None:
            return self
        raise AttributeError(
            f"column '{self.name}' of {type(table).__name__} has not been filled yet"
        )


def column(unit: str, meaning: str, symbol: str = "") -> Any:
    """Declare a column: one value a row."""
    return Declared(unit, meaning, symbol)


def flag(meaning: str) -> Any:
    """Declare a column of true or false."""
    return Declared("true or false", meaning)


def rows(meaning: str) -> Any:
    """Declare an index of rows that is looked up often; it never changes in place and is shared by
    copies.
    """
    return Declared("rows", meaning, kind="rows")


def label(meaning: str) -> Any:
    """Declare names by row."""
    return Declared("text", meaning, kind="label")


class Table(Unpickled):
    """Equally long columns, given by keyword; `table.name` is the array itself.

    A subclass declares its columns. Other names, and arrays of another length, are refused with
    AttributeError and ValueError. facts: whose states, goods and other names the columns number;
    copies share them.
    """

    facts: Any
    declared: ClassVar[dict[str, Declared]] = {}
    as_long: ClassVar[set[str]] = set()  # names that hold one value a row
    plain: ClassVar[frozenset[str]] = frozenset()  # those of them that are arrays

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Declared)}
        if twice := set(own) & set(cls.declared):
            raise TypeError(
                f"{cls.__name__} declares column '{min(twice)}' a second time; keep one declaration"
            )
        cls.declared = {**cls.declared, **own}
        cls.as_long = {name for name, column in cls.declared.items() if column.kind != "rows"}
        cls.plain = frozenset(n for n, column in cls.declared.items() if column.kind == "column")

    def __init__(self, *, facts: Any = None, **columns: Any) -> None:
        lengths = {len(values) for values in columns.values()}
        if len(lengths) > 1:
            raise ValueError(f"columns of one table differ in length: {sorted(lengths)}")
        vars(self).update(count=lengths.pop() if lengths else 0, facts=facts)
        self.add_columns(**columns)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def __setattr__(self, name: str, value: Any) -> None:
        values = self.__dict__
        if name in self.as_long:
            if len(value) != values["count"]:
                raise ValueError(f"column {name} has {len(value)} rows, the table has {self.count}")
        elif name not in self.declared:
            raise self.unknown(name)
        values[name] = value

    def unknown(self, name: str) -> AttributeError:
        """What is said of a column that nobody has declared."""
        return AttributeError(
            f"{type(self).__name__} has no column '{name}'; "
            f"{nearest_hint(name, self.declared)}columns "
            "are declared with unit and meaning in agents/tables.py"
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that are filled."""
        return tuple(name for name in vars(self) if name in self.plain)

    def __len__(self) -> int:
        return self.__dict__["count"]

    def add_columns(self, **columns: Any) -> None:
        """Fill further columns."""
        for name, values in columns.items():
            setattr(self, name, values)

    def lock(self) -> Self:
        """Make all columns read-only, for a table that many share; its copies are writable."""
        for name in self.columns:
            getattr(self, name).setflags(write=False)
        return self

    def copy(self) -> Self:
        """A table with columns of its own; indices of rows and names are shared."""
        other = type(self).__new__(type(self))
        vars(other).update(vars(self))
        for name in self.columns:
            vars(other)[name] = getattr(self, name).copy()
        return other


class Column:
    """Descriptor: `agent.stock` is row `agent.row` of column `stock` of the model's table
    `table_name`.
    """

    def __init__(self, table_name: str) -> None:
        self.table_name, self.column = table_name, ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.column = name

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        if agent is None:
            return self
        return getattr(getattr(agent.model, self.table_name), self.column)[agent.row].item()

    def __set__(self, agent: Any, value: float) -> None:
        getattr(getattr(agent.model, self.table_name), self.column)[agent.row] = value
