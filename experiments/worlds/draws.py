"""Draws of parameter vector and seed together: the collection that every band and every verdict is
computed over.

Where a collection of vectors drawn from what the record leaves is shipped
(``model/data/collection.csv``), the parameters of a draw are those of one member of it, so that
what the record ties together stays together. A parameter that the collection does not hold, and all
of them while none is shipped, is a Latin hypercube over the documented ranges, densest at the
shipped values: it spreads what is not known, it does not say what fits.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.model.basis.csv_tables import read_table
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.layers import shipped_folder
from coercivity.model.basis.luck import uniforms
from coercivity.model.basis.parameters import (
    Parameter,
    ParameterTable,
    load_parameters,
    parameters_of,
)
from coercivity.model.basis.table_specs import Column, Spec

# what is measured stays at its value, and what only says how a thing is counted
DRAWN: Final = ("assumed", "estimated", "calibrated")
WORLD_SIZE: Final = ("firms_per_sector",)  # how finely the world is cut is no belief about it
FIRST_SEED: Final = 1000
COLLECTION: Final = "collection.csv"


@dataclass(frozen=True)
class Draw:
    """One parameter vector (sorted by name), the seed that it is run with, and the member of the
    collection that it holds ('' without one).
    """

    parameters: tuple[tuple[str, float], ...]
    seed: int
    member: str = ""


@dataclass(frozen=True, eq=False)
class Collection:
    """Vectors drawn from what the record leaves: ids of its members, names of the parameters,
    values (members x names).
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    values: FloatArray
    table: ParameterTable | None = None  # None: that of this process

    @property
    def calibrated(self) -> tuple[str, ...]:
        """Names of the parameters that move what the record holds most (status calibrated): of
        these the shipped value is a member's.
        """
        table = self.table or load_parameters()
        return tuple(name for name in self.names if table[name].status == "calibrated")


def collection(path: Path | None = None) -> tuple[tuple[str, ...], FloatArray]:
    """Names of the parameters and the shipped vectors (members x names); both empty while none is
    shipped.

    Raises InputError for a file that names an unknown parameter or holds a value out of range.
    """
    vectors = load_collection(path)
    return vectors.names, vectors.values


def load_collection(path: Path | None = None, facts: Facts | None = None) -> Collection:
    """The collection in a CSV file (column id, then one column a parameter); the shipped
    one without a path. facts: whose parameters they are, those of this process unless given.
    """
    known = parameters_of(facts or Facts.default())
    path = shipped_folder() / COLLECTION if path is None else path
    if not path.is_file():
        return Collection((), (), np.empty((0, 0)))
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        header = [cell.strip() for cell in next(csv.reader(stream), [])]
    names = tuple(name for name in header if name != "id")
    rows = [known[name] for name in names]
    spec = Spec(
        (Column("id"), *(Column(row.name, "number", low=row.low, high=row.high) for row in rows)),
        ("id",),
    )
    table = read_table(path, spec)
    return Collection(
        table.column("id"),
        names,
        np.array([[row[name] for name in names] for row in table], dtype=float).reshape(
            len(table), len(names)
        ),
        known,
    )


def drawn_parameters(facts: Facts | None = None) -> tuple[Parameter, ...]:
    """Parameters that a draw moves: status assumed, estimated or calibrated, without those of world
    size and those with no range. facts: those of this process unless given.
    """
    return tuple(
        row
        for row in parameters_of(facts or Facts.default())
        if row.status in DRAWN and row.name not in WORLD_SIZE and row.high > row.low
    )


def draws(
    count: int, design_seed: int = 0, *, fitted: bool = True, facts: Facts | None = None
) -> list[Draw]:
    """A Latin hypercube of `count` vectors, each with a seed of its own, on top of the members of
    the collection where one is shipped (fitted).

    Each parameter has one value in each of `count` equally likely slices of a triangular
    distribution from low to high with its mode at the shipped value; slices are shuffled apart.
    Whole-number steps are not needed: only the size of the world is a whole number. Members of the
    collection are shuffled and each is used equally often (to one). Raises InputError for count <
    1.
    """
    count = check_count(count)
    rows, known = drawn_parameters(facts), load_collection(facts=facts)
    values = np.empty((count, len(rows)))
    for number, row in enumerate(rows):
        within = uniforms(design_seed, f"draw {row.name}", 0, count)
        slices = np.argsort(uniforms(design_seed, f"slice {row.name}", 0, count), kind="stable")
        values[:, number] = triangular((slices + within) / count, row.low, row.value, row.high)
    free = [_draw(rows, values[at], FIRST_SEED + design_seed * 10_000 + at) for at in range(count)]
    return (
        [
            _from_member(draw, known, member)
            for draw, member in zip(free, members(count, len(known.ids), design_seed), strict=True)
        ]
        if known.ids and fitted
        else free
    )


def members(count: int, size: int, design_seed: int = 0) -> list[int]:
    """Which member of a collection of `size` each of `count` draws holds: one shuffle of all after
    another, so that uses differ by one at most.
    """
    shuffles = [
        np.argsort(uniforms(design_seed, "member", turn, size), kind="stable")
        for turn in range(-(-count // size))
    ]
    return [int(member) for member in np.concatenate(shuffles)[:count]]


def corners(count: int, design_seed: int = 0, *, facts: Facts | None = None) -> list[Draw]:
    """Hostile draws: every parameter at its low or at its high, by the toss of a coin, whatever the
    record says. What holds in these too may be built in.
    """
    count = check_count(count)
    rows = drawn_parameters(facts)
    coin = np.array([uniforms(design_seed, f"corner {row.name}", 0, count) < 0.5 for row in rows]).T
    values = np.where(coin, [row.low for row in rows], [row.high for row in rows])
    return [
        _draw(rows, values[number], FIRST_SEED + 5_000 + design_seed * 10_000 + number)
        for number in range(count)
    ]


def triangular(uniform: FloatArray, low: float, mode: float, high: float) -> FloatArray:
    """Inverse of the triangular distribution: F(mode) = (mode - low) / (high - low)."""
    width = high - low
    peak = (mode - low) / width
    left = low + np.sqrt(uniform * width * (mode - low))
    right = high - np.sqrt((1.0 - uniform) * width * (high - mode))
    return np.clip(np.where(uniform < peak, left, right), low, high)


def triangular_share(value: FloatArray, low: float, mode: float, high: float) -> FloatArray:
    """The distribution itself, F(value): the way back from `triangular`."""
    value, width = np.clip(value, low, high), high - low
    left = (value - low) ** 2 / (width * max(mode - low, np.finfo(float).tiny))
    right = 1.0 - (high - value) ** 2 / (width * max(high - mode, np.finfo(float).tiny))
    return np.asarray(np.where(value < mode, left, right))


def check_count(count: int) -> int:
    """Return the number of draws. Raises InputError unless it is a whole number from 1 to
    10,000.
    """
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= 10_000:
        raise InputError(
            "draws '{value}' does not fit", "use a whole number from 1 to 10000", value=count
        )
    return count


def _draw(rows: tuple[Parameter, ...], values: FloatArray, seed: int) -> Draw:
    named = [(row.name, float(value)) for row, value in zip(rows, values, strict=True)]
    return Draw(tuple(sorted(named)), seed)


def _from_member(draw: Draw, known: Collection, member: int) -> Draw:
    calibrated = dict(zip(known.names, known.values[member].tolist(), strict=True))
    return Draw(
        tuple(sorted({**dict(draw.parameters), **calibrated}.items())), draw.seed, known.ids[member]
    )
