"""What a target of the record is: a series about a state, a partner and a good, declared once with
its unit, its words and the columns of a month that it is read from (`target_catalogue.py` has the
readers).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray
from coercivity.model.basis.facts import Facts
from coercivity.model.world import World

OUTSIDE: Final = "Outside "
Month = Mapping[str, np.ndarray]  # columns of one month, by name (recording.py)
Reader = Callable[[Month], FloatArray]


class Key(NamedTuple):
    """What one series is about."""

    quantity: str
    state: str = ""
    partner: str = ""
    good: str = ""


@dataclass(frozen=True)
class RecordTarget:
    """kind: level (mean of months), flow (summed over months), share (one sum over another) or stop
    (spells of single lines). columns: what is read of a month.

    make: a function of a world and a key, which looks rows up once and returns what reads them
    after a month: one number for a level or a flow, part and whole for a share (three numbers for
    approvals), a column of firms for a stop.
    """

    kind: str
    unit: str
    words: str
    columns: tuple[str, ...]
    make: Callable[[World, Key], Reader]


TARGETS: Final[dict[str, RecordTarget]] = {}
Make = Callable[[World, Key], Reader]


def target(kind: str, unit: str, *columns: str) -> Callable[[Make], Make]:
    """Declares a function as a target of the record: its name, the first paragraph of its docstring
    as words, and these columns of a month.
    """

    def declare(make: Make) -> Make:
        words = " ".join((make.__doc__ or "").split("\n\n")[0].split())
        TARGETS[make.__name__] = RecordTarget(kind, unit, words, columns, make)
        return make

    return declare


def over_window(kind: str, rows: FloatArray) -> float:
    """What months x numbers of a reader come to over a window: the mean of a level, the sum of a
    flow, one sum over another of a share (NaN without a whole).

    Three numbers are granted, filed and open at the end of the month: granted over what was there
    to be decided.
    """
    if kind == "level":
        return float(rows[:, 0].mean())
    if kind == "flow":
        return float(rows[:, 0].sum())
    part = float(rows[:, 0].sum())
    whole = (
        float(rows[:, 1].sum())
        if rows.shape[1] == 2
        else float(rows[0, 2] + rows[0, 0] + rows[1:, 1].sum())
    )
    return part / whole if whole > 1e-9 else float("nan")


def places(facts: Facts, name: str) -> IntArray:
    """Rows of the states that a name stands for; everyone without one. Raises InputError for an
    unknown name.
    """
    if name.startswith(OUTSIDE):
        inside = facts.states_of(name.removeprefix(OUTSIDE))
        return np.array([at for at, state in enumerate(facts.states) if state not in inside])
    return np.array([facts.state_row[state] for state in facts.states_of(name or "World")])


def rows_of_goods_named(facts: Facts, names: str, default: str = "all") -> IntArray:
    """Rows of the goods that a name, a group or several of them joined by "+" stand for. Raises
    InputError for an unknown name.
    """
    goods = facts.expand_goods((names or default).split("+"))
    return np.array([facts.good_row[good] for good in goods])


def is_among(values: IntArray, chosen: IntArray, size: int) -> BoolArray:
    """Which of the values (0 to size - 1) are chosen; several times faster than np.isin for the
    long columns of links.
    """
    known = np.zeros(size, dtype=bool)
    known[chosen] = True
    return known[values]
