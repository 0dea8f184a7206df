"""The table of dependence: what share of its imports a state takes from each supplier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray
from coercivity.model.basis.goods import CHINA, GOOD, PROCESS, goods
from coercivity.model.basis.names import ELEMENTS, GOOD_GROUPS, GOODS, STATES
from coercivity.model.results.frames import frame
from coercivity.model.results.records import Records, by_group
from coercivity.model.results.tracer import DY_IN_MAGNETS, TB_IN_MAGNETS, THREADS, separated_in

if TYPE_CHECKING:
    import pandas as pd

S, G, E = len(STATES), len(GOODS), len(ELEMENTS)
BASES, MEASURES, GROUPS = ("last_origin", "separated_in"), ("tonnes", "value"), ("all", *ELEMENTS)
RAW = tuple(GOOD[name] for name in (*GOOD_GROUPS["oxides"], *GOOD_GROUPS["metals"]))


@dataclass(frozen=True)
class Part:
    """An element in a good: the thread that follows it, t of oxide equivalent per t of good, and
    its part of the good's value (0-1).
    """

    thread: int
    element: int
    content: float
    value: float


def dependence(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """Share of what a state imports that comes from each supplier (0-1), by last origin and by
    place of separation.

    last_origin: oxides and metal that cross the border, as customs count them (t of product, or
    value delivered). separated_in: oxides, metal and magnets by the place where their rare earths
    were separated (t of oxide equivalent, or value delivered, a magnet's by the value of the oxides
    in it); own separation that comes back counts for the state itself. group: all, or one element.
    """
    length, traced = len(months), separated_in(records)
    bought = np.zeros(
        (length, S, len(BASES), len(MEASURES), len(GROUPS), S)
    )  # month, state, basis, measure, group, supplier
    for m, of in enumerate(MEASURES):
        bought[:, :, 0, m] = by_last_origin(records, of, GROUPS)
        bought[:, :, 1, m] = by_separation(records, of, traced)
    share, ever = shares(bought)
    state, basis, measure, of_group, supplier = np.nonzero(ever)
    rows = len(state)
    return frame(
        {
            "month": (np.repeat(np.arange(length), rows), months),
            "state": (np.tile(state, length), STATES),
            "supplier": (np.tile(supplier, length), STATES),
            "basis": (np.tile(basis, length), BASES),
            "measure": (np.tile(measure, length), MEASURES),
            "group": (np.tile(of_group, length), GROUPS),
            "share": share[:, ever].reshape(-1),
        },
        {"share": "0-1"},
        {
            "share": (
                "null in a month in which the state imports nothing of the group; suppliers "
                "that never reach 0.01% are left out"
            )
        },
    )


def by_last_origin(records: Records, measure: str, groups: Sequence[str]) -> FloatArray:
    """What a state imports as customs count it, t of product or USD 1000: months x states x groups
    x suppliers.
    """
    structure = records.structure
    element_of = goods().content.argmax(axis=1)[structure.good]
    raw, flow = np.isin(structure.good, RAW), _across(records, measure)
    bought = np.zeros((len(flow), S, len(groups), S))
    for g, group in enumerate(groups):
        chosen = raw if group == "all" else raw & (element_of == ELEMENTS.index(group))
        bought[:, :, g] = by_group(
            flow * chosen, structure.importer * S + structure.exporter, S * S
        ).reshape(len(flow), S, S)
    return bought


def by_separation(records: Records, measure: str, traced: FloatArray) -> FloatArray:
    """What a state imports by the place of separation, t of oxide equivalent or USD 1000: months x
    states x GROUPS x suppliers.

    traced: as `separated_in` gives it.
    """
    structure, flow = records.structure, _across(records, measure)
    pairs = np.zeros((len(flow), G, S, S))  # good, importer, exporter
    pairs[:, structure.good, structure.importer, structure.exporter] = flow
    bought = np.zeros((len(flow), S, len(GROUPS), S))
    parts = contents(records)
    origins = {
        thread: pairs[:, THREADS[thread][0]] @ traced[:, thread]
        for thread in sorted({part.thread for part in parts})
    }
    for part in parts:
        bought[:, :, 1 + part.element] += (
            part.value if measure == "value" else part.content
        ) * origins[part.thread]
    bought[:, :, 0] = bought[:, :, 1:].sum(axis=2)
    return bought


def _across(records: Records, measure: str) -> FloatArray:
    return np.asarray(
        records[f"lane_{measure}"] * (records.structure.exporter != records.structure.importer)
    )


def shares(bought: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Share of each supplier (last axis; NaN in a month without imports), and where it ever counts
    (without the axis of months).
    """
    total = bought.sum(axis=-1, keepdims=True)
    share = np.divide(bought, total, out=np.full(bought.shape, np.nan), where=total > 1e-9)
    return share, np.asarray(np.nanmax(np.where(np.isnan(share), 0.0, share), axis=0) > 1e-4)


def contents(records: Records) -> tuple[Part, ...]:
    """Elements in oxides, metal and magnets; magnets by the recipes of the start (thrifting since
    then is not followed here).
    """
    structure, table = records.structure, goods().content
    price = np.array([_start_price(records, RAW[0] + e) for e in range(E)])
    parts = [Part(g, e, float(table[g, e]), 1.0) for g in RAW for e in range(E) if table[g, e] > 0]
    for good, process in (
        (GOOD[f"magnet_{kind}"], PROCESS[f"make_magnet_{kind}"])
        for kind in ("standard", "heat_resistant", "smco")
    ):
        rows = structure.firm_process[structure.need_firm] == process
        content_of_unit = np.zeros(E)
        for need in np.unique(structure.need_good[rows]):
            content_of_unit += (
                float(structure.recipe[rows & (structure.need_good == need)].mean()) * table[need]
            )
        worth = content_of_unit * price
        for e in np.flatnonzero(content_of_unit):
            thread = {ELEMENTS.index("Dy"): DY_IN_MAGNETS, ELEMENTS.index("Tb"): TB_IN_MAGNETS}.get(
                int(e), good
            )
            parts.append(
                Part(thread, int(e), float(content_of_unit[e]), float(worth[e] / worth.sum()))
            )
    return tuple(parts)


def _start_price(records: Records, good: int) -> float:
    structure = records.structure
    return float(
        structure.base_price[
            (structure.offer_good == good) & (structure.firm_state[structure.offer_firm] == CHINA)
        ].mean()
    )
