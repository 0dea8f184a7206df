"""The table of dependence: what share of its imports a state takes from each supplier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.goods import goods
from coercivity.model.results.frames import frame
from coercivity.model.results.records import Records, by_group
from coercivity.model.results.separation_tracer import heavy_threads, separated_in, threads

if TYPE_CHECKING:
    import pandas as pd


BASES, MEASURES = ("last_origin", "separated_in"), ("tonnes", "value")


def groups_of(facts: Facts) -> tuple[str, ...]:
    """What dependence is told of: all elements, and one by one."""
    return ("all", *facts.elements)


@cached_by_facts
def raw_goods(facts: Facts) -> tuple[int, ...]:
    """Rows of the oxides and metals."""
    return tuple(
        facts.good_row[name]
        for name in (*facts.good_groups["oxides"], *facts.good_groups["metals"])
    )


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
    facts = records.facts
    S = len(facts.states)
    length, traced = len(months), separated_in(records)
    # month, state, basis, measure, group, supplier
    bought = np.zeros((length, S, len(BASES), len(MEASURES), len(groups_of(facts)), S))
    for m, of in enumerate(MEASURES):
        bought[:, :, 0, m] = by_last_origin(records, of, groups_of(facts))
        bought[:, :, 1, m] = by_separation(records, of, traced)
    share, ever = shares(bought)
    state, basis, measure, of_group, supplier = np.nonzero(ever)
    rows = len(state)
    return frame(
        {
            "month": (np.repeat(np.arange(length), rows), months),
            "state": (np.tile(state, length), facts.states),
            "supplier": (np.tile(supplier, length), facts.states),
            "basis": (np.tile(basis, length), BASES),
            "measure": (np.tile(measure, length), MEASURES),
            "group": (np.tile(of_group, length), groups_of(facts)),
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
    facts = records.facts
    S = len(facts.states)
    structure = records.structure
    element_of = goods(facts).content.argmax(axis=1)[structure.good]
    raw, flow = np.isin(structure.good, raw_goods(facts)), _across_borders(records, measure)
    bought = np.zeros((len(flow), S, len(groups), S))
    for g, group in enumerate(groups):
        chosen = raw if group == "all" else raw & (element_of == facts.elements.index(group))
        bought[:, :, g] = by_group(
            flow * chosen, structure.importer * S + structure.exporter, S * S
        ).reshape(len(flow), S, S)
    return bought


def by_separation(records: Records, measure: str, traced: FloatArray) -> FloatArray:
    """What a state imports by the place of separation, t of oxide equivalent or USD 1000: months x
    states x groups x suppliers.

    traced: as `separated_in` gives it.
    """
    facts = records.facts
    S, G = len(facts.states), len(facts.goods)
    structure, flow = records.structure, _across_borders(records, measure)
    pairs = np.zeros((len(flow), G, S, S))  # good, importer, exporter
    pairs[:, structure.good, structure.importer, structure.exporter] = flow
    bought = np.zeros((len(flow), S, len(groups_of(facts)), S))
    parts = contents(records)
    origins = {
        thread: pairs[:, threads(facts)[thread][0]] @ traced[:, thread]
        for thread in sorted({part.thread for part in parts})
    }
    for part in parts:
        bought[:, :, 1 + part.element] += (
            part.value if measure == "value" else part.content
        ) * origins[part.thread]
    bought[:, :, 0] = bought[:, :, 1:].sum(axis=2)
    return bought


def _across_borders(records: Records, measure: str) -> FloatArray:
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
    facts = records.facts
    E = len(facts.elements)
    structure, table = records.structure, goods(facts).content
    at_home = structure.firm_state[structure.offer_firm] == facts.china
    offers_of = [(structure.offer_good == raw_goods(facts)[0] + e) & at_home for e in range(E)]
    price = np.array([structure.base_price[rows].mean() for rows in offers_of])
    parts = [
        Part(g, e, float(table[g, e]), 1.0)
        for g in raw_goods(facts)
        for e in range(E)
        if table[g, e] > 0
    ]
    for good, process in (
        (facts.good_row[f"magnet_{kind}"], facts.process_row[f"make_magnet_{kind}"])
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
            thread = heavy_threads(facts).get(int(e), good)
            parts.append(
                Part(thread, int(e), float(content_of_unit[e]), float(worth[e] / worth.sum()))
            )
    return tuple(parts)
