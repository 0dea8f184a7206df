"""The chain from mine to product: who sent how much of the rare earths to whom, from which stage to
which, separated where, month by month.

Computed afterwards from recorded flows. One unit from end to end: tonnes of rare-earth oxide (t
REO) of the elements asked for. Concentrate, oxide and metal count with their content; a magnet
counts with what went into magnets of its kind in the world in the month in which it was shipped, so
that thrifting of heavy rare earths is seen; a motor counts with its magnet. A shipment is split
between the stages of its destination in proportion to what each of them used of the good in that
month, as the border counts states and not stages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.goods import goods, processes
from coercivity.model.results.records import Records, by_group
from coercivity.model.results.separation_tracer import heavy_threads, is_separated, separated_in
from coercivity.model.results.trade_tables import drop_dust

T = len(STAGES)
MAGNETS: Final = ("standard", "heat_resistant", "smco")
MOTORS: Final = ("standard", "heat_resistant")
END: Final = STAGES.index("end_use")


@dataclass(frozen=True, eq=False)
class Chain:
    """Flows between stages of places, t REO a month: `tonnes` is months x flows; the others say
    what each flow is.

    source, target: stage x places + place; separated: the place of separation, or `places` for what
    is not separated yet. balance: by name months x (stages x places), t REO: bought, used and made
    by the firms of a stage in a place, and sent.
    """

    places: int
    source: IntArray
    target: IntArray
    separated: IntArray
    tonnes: FloatArray
    balance: Mapping[str, FloatArray]

    def through(self, place: int) -> FloatArray:
        """Months x flows: the part of each flow that ends with the firms of one place, at whatever
        stage they buy it, t REO.

        What a stage of another place passes on is taken from all that it receives alike: kept part
        of a flow = kept part of its target's shipments (1 where the target is in the place, 0 for
        the end use of another). A stage at a time, from the last.
        """
        kept = np.zeros((len(self.tonnes), T * self.places))
        kept[:, np.arange(T) * self.places + place] = 1.0
        out = np.zeros_like(self.tonnes)
        for stage in range(END, 0, -1):
            into = np.flatnonzero(self.target // self.places == stage)
            out[:, into] = self.tonnes[:, into] * kept[:, self.target[into]]
            for node in range((stage - 1) * self.places, stage * self.places):
                if node % self.places == place:
                    continue
                leaving = np.flatnonzero(self.source == node)
                total, mine = self.tonnes[:, leaving].sum(axis=1), out[:, leaving].sum(axis=1)
                kept[:, node] = np.divide(mine, total, out=np.zeros_like(total), where=total > 0)
        return out


def chain(
    records: Records, elements: Sequence[str] | None = None, place: Sequence[int] | None = None
) -> Chain:
    """The chain of some elements, or all, between places; `place` gives the place of each state,
    from 0, else each is one.
    """
    facts = records.facts
    S, G = len(facts.states), len(facts.goods)
    elements = facts.elements if elements is None else elements
    place = range(S) if place is None else place
    structure, months = records.structure, records.months
    wanted = [facts.elements.index(element) for element in elements]
    where, places = np.asarray(place, dtype=np.int64), max(place) + 1
    contents = content(records)
    shares = drop_dust(separated_in(records))
    tonnes = records["lane_tonnes"]
    joined = np.zeros((S, places))
    joined[np.arange(S), where] = 1.0
    firm_stage = processes(facts).stage[structure.firm_process]
    made_at, used_by = goods(facts).stage, _use(records, firm_stage)
    nodes = T * places
    flows: dict[tuple[int, int], FloatArray] = {}  # (source x nodes + target, separated) -> months
    for good in range(G):
        lanes = np.flatnonzero(structure.good == good)
        if not len(lanes) or not contents[:, good, wanted].any():
            continue
        # months x exporters x (places + 1): t REO a tonne
        by_place = _by_separation(facts, good, wanted, contents, shares, joined)
        sent = tonnes[:, lanes, None] * by_place[:, structure.exporter[lanes]]
        for stage in np.flatnonzero(used_by[:, :, good].any(axis=(0, 2))):
            part = sent * used_by[:, stage, good][:, structure.importer[lanes], None]
            source = made_at[good] * places + where[structure.exporter[lanes]]
            code = source * nodes + stage * places + where[structure.importer[lanes]]
            found, at_code = np.unique(code, return_inverse=True)
            for separated in np.flatnonzero(part.any(axis=(0, 1))):
                sums = by_group(part[:, :, separated], at_code, len(found))
                for at, key in enumerate(found):
                    flows[int(key), int(separated)] = (
                        flows.get((int(key), int(separated)), np.zeros(months)) + sums[:, at]
                    )
    keys = sorted(key for key, values in flows.items() if values.any())
    codes = np.array([key for key, _ in keys], dtype=np.int64)
    moved = np.array([flows[key] for key in keys]).reshape(len(keys), months).T
    source = codes // nodes
    target = codes % nodes
    parted = np.array([key for _, key in keys], dtype=np.int64)
    balance = _balance(records, contents[:, :, wanted].sum(axis=2), where, places)
    balance |= {"bought": by_group(moved, target, nodes), "sent": by_group(moved, source, nodes)}
    return Chain(places, source, target, parted, moved, balance)


def content(records: Records) -> FloatArray:
    """Months x goods x elements: t REO in a tonne shipped in a month. Magnets hold what was used
    for all magnets of their kind in the month.
    """
    facts = records.facts
    G = len(facts.goods)
    structure = records.structure
    per_tonne = np.repeat(goods(facts).content[None], records.months, axis=0).copy()
    for kind in MAGNETS:
        good, process = facts.good_row[f"magnet_{kind}"], facts.process_row[f"make_magnet_{kind}"]
        needs = np.flatnonzero(structure.firm_process[structure.need_firm] == process)
        used = (
            by_group(records["used"][:, needs], structure.need_good[needs], G)
            @ goods(facts).content
        )
        output = records["made"][:, (structure.offer_good == good)].sum(axis=1)
        for month in range(records.months):
            if output[month] > 1e-9:
                per_tonne[month, good] = used[month] / output[month]
            elif month:
                per_tonne[month, good] = per_tonne[month - 1, good]
    for kind in MOTORS:
        motor, magnet = facts.good_row[f"motor_{kind}"], facts.good_row[f"magnet_{kind}"]
        per_tonne[:, motor] = per_tonne[:, magnet]
    return per_tonne


def _by_separation(
    facts: Facts,
    good: int,
    wanted: Sequence[int],
    contents: FloatArray,
    shares: FloatArray,
    joined: FloatArray,
) -> FloatArray:
    """Months x exporters x (places + 1): t REO of the elements in a tonne of a good, by where they
    were separated; the last is not yet.
    """
    months, places = len(contents), joined.shape[1]
    out = np.zeros((months, len(facts.states), places + 1))
    if not is_separated(facts, good):
        out[:, :, places] = contents[:, good, wanted].sum(axis=1)[:, None]
        return out
    own = heavy_threads(facts) if facts.goods[good] == "magnet_heat_resistant" else {}
    for element in wanted:
        thread = own.get(element, good)
        out[:, :, :places] += contents[:, good, element][:, None, None] * (
            shares[:, thread] @ joined
        )
    return out


def _use(records: Records, firm_stage: IntArray) -> FloatArray:
    """Months x stages x goods x states: the part of what a state used of a good that a stage of it
    used.

    Where nothing was used in a month, that of the start; where nothing was used then either (a
    plant that opens later), that of the whole run, else of the number of firms that would use it.
    """
    facts = records.facts
    S, G = len(facts.states), len(facts.goods)
    structure = records.structure
    firm = structure.need_firm
    key = (firm_stage[firm] * G + structure.need_good) * S + structure.firm_state[firm]
    used = by_group(records["used"], key, T * G * S).reshape(-1, T, G, S)
    weights = (structure.base_use, records["used"].sum(axis=0), np.ones(len(key)))
    for usual in (group_sum(weight, key, T * G * S).reshape(T, G, S) for weight in weights):
        used = np.where((used.sum(axis=1) <= 1e-9)[:, None], usual[None], used)
    total = used.sum(axis=1, keepdims=True)
    return np.divide(used, total, out=np.zeros_like(used), where=total > 0)


def _balance(
    records: Records, contents: FloatArray, where: IntArray, places: int
) -> dict[str, FloatArray]:
    """What the firms of each stage and place used and made, t REO: months x (stages x places)."""
    structure, nodes = records.structure, T * places
    node = (
        processes(records.facts).stage[structure.firm_process] * places
        + where[structure.firm_state]
    )
    return {
        "used": by_group(
            records["used"] * contents[:, structure.need_good], node[structure.need_firm], nodes
        ),
        "made": by_group(
            records["made"] * contents[:, structure.offer_good], node[structure.offer_firm], nodes
        ),
    }
