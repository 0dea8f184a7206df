"""The balanced start: facts of one month made into accounts that add up, state by state
(docs/sources.md D.5).

Mine output and end uses are facts; the tonnes between follow from the recipes. Two things are
solved so that the first month is an equilibrium: a common factor on magnet use that makes NdPr use
equal NdPr supply, and the Dy and Tb content of a heat-resistant magnet. Both are printed by
`coercivity starts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.goods import processes
from coercivity.model.basis.overlay import NO_ROWS, OwnRows, table_of
from coercivity.model.start.completeness import (
    MAGNETS,
    check_made,
    check_magnets,
    check_names,
    check_prices,
    check_runs,
)
from coercivity.model.start.ras import ras

MONTHS = 12.0
# gravity seed where no fact speaks: assumed, only the shape before balancing
HOME_BIAS, REGION_BIAS = (20.0, 3.0)
NEAR = (
    {"China", "Japan", "South Korea", "Taiwan", "Vietnam", "Thailand", "Malaysia", "Myanmar"},
    {"United States", "Canada", "Brazil"},
    {"EU", "United Kingdom", "Russia"},  # EU: all its states
    {"India"},
    {"Australia"},
    {"Rest of world"},
)
# where light separators also finish Sm/Gd/Eu, Dy, Tb and Y at both starts (Sm oxide 99% Chinese,
# facts: stage_shares)
HEAVY_LINES = ("China",)
EndUses = list[tuple[int, int, int, float]]  # state, sector, good, t/month
Shares = Mapping[tuple[str, str], dict[str, float]]  # of a good and a destination, by origin
NOTHING_HELD: Shares = MappingProxyType({})
HEAVY_ONLY = ("seg_oxide", "dysprosium_oxide", "terbium_oxide", "yttrium_oxide")


@dataclass(frozen=True)
class Start:
    """Accounts of the first month, t/month. Arrays: run processes x states; output and use goods x
    states; flow goods x origins x destinations.
    """

    facts: Facts
    name: str
    run: FloatArray
    output: FloatArray
    use: FloatArray
    flow: FloatArray
    price: FloatArray
    inputs: FloatArray
    end_use: tuple[tuple[int, int, int, float], ...]
    magnet_factor: float
    potential: FloatArray


def plant_outputs(facts: Facts, process: int, state: int) -> FloatArray:
    """Outputs per t of run of one process in one state: light separators without a heavy line leave
    the heavies in their residue.
    """
    out = processes(facts).outputs[process].copy()
    if process == facts.process_row["separate_light"] and facts.states[state] not in HEAVY_LINES:
        out[[facts.good_row[good] for good in HEAVY_ONLY]] = 0.0
    return out


def _gravity(facts: Facts, output: FloatArray, use: FloatArray) -> FloatArray:
    seed = np.outer(output, use)
    for region in NEAR:
        rows = [facts.state_row[state] for name in region for state in facts.states_of(name)]
        seed[np.ix_(rows, rows)] *= REGION_BIAS
    seed[np.diag_indices(len(facts.states))] *= HOME_BIAS / REGION_BIAS
    return seed


def _flow(
    facts: Facts,
    good: int,
    output: FloatArray,
    use: FloatArray,
    prior: Shares,
    held: Shares = NOTHING_HELD,
) -> FloatArray:
    """Trade of one good: facts on a destination's purchases first, gravity for the rest, balanced
    by RAS. Shares that a scenario's own rows hold stay as they are; the rest is balanced around
    them.
    """
    S = len(facts.states)
    seed = _gravity(facts, output, use)
    for destination in range(S):
        known = prior.get((facts.goods[good], facts.states[destination]))
        if not known or use[destination] <= 0:
            continue
        column = seed[:, destination].copy()
        fixed = np.zeros(S, dtype=bool)
        shares = np.zeros(S)
        for origin, share in known.items():
            if output[facts.state_row[origin]] > 0:
                fixed[facts.state_row[origin]] = True
                shares[facts.state_row[origin]] = share
        column[fixed] = 0.0
        rest = max(1.0 - shares.sum(), 0.0)
        if column.sum() > 0 and rest > 1e-9:
            shares += rest * column / column.sum()
        seed[:, destination] = (
            shares / shares.sum() * use[destination] if shares.sum() > 0 else seed[:, destination]
        )
    # every pair stays possible, so that totals can be met
    seed += 1e-9 * np.outer(output > 0, use) * (1.0 if seed.sum() > 0 else 0.0)
    if use.sum() <= 0:
        return np.zeros((S, S))
    kept = _fixed_trade(facts, good, use, prior, held)
    if not kept.any():
        return ras(seed, output, use)
    seed[kept > 0] = 1e-9 * np.outer(output, use)[kept > 0]
    rest = (output - kept.sum(axis=1)).clip(0.0), (use - kept.sum(axis=0)).clip(0.0)
    return kept + ras(seed, *rest)


def _fixed_trade(
    facts: Facts, good: int, use: FloatArray, prior: Shares, held: Shares
) -> FloatArray:
    """Trade of one good that a scenario's own rows fix, t/month, origins x destinations."""
    S = len(facts.states)
    kept = np.zeros((S, S))
    for destination in range(S):
        buyer = facts.goods[good], facts.states[destination]
        whole = max(sum(prior.get(buyer, {}).values()), 1.0)
        for origin, share in held.get(buyer, {}).items():
            kept[facts.state_row[origin], destination] = share / whole * use[destination]
    return kept


def balanced_start(facts: Facts, name: str, own: OwnRows = NO_ROWS) -> Start:
    """Accounts for start `name` ('2009-01' or '2024-01'), with a scenario's own rows over the
    shipped tables. Cached, read-only. Raises InputError for a broken table."""
    return _balance_start(facts, name, own)


@lru_cache(maxsize=4)
def _balance_start(facts: Facts, name: str, own: OwnRows) -> Start:
    check_names(facts)
    run = _runs(facts, name, own)
    price = _prices(facts, name, own)
    ends = _end_uses(facts, name, own)
    inputs = processes(facts).inputs.copy()
    potential = _potential(facts, run)
    ends, factor = _fit_magnets(facts, name, ends, inputs, potential)
    use = _use(facts, name, ends, run, inputs)
    check_prices(facts, name, price, use)
    ends, output = _finish(facts, ends, use, run, potential)
    flow = _flows(facts, name, own, output, use)
    for array in (run, output, use, flow, price, inputs, potential):
        array.setflags(write=False)
    return Start(facts, name, run, output, use, flow, price, inputs, tuple(ends), factor, potential)


def _runs(facts: Facts, name: str, own: OwnRows) -> FloatArray:
    """What processes run by state, t/month; separators take in what the mines of the world dig."""
    run, p = np.zeros((len(facts.processes), len(facts.states))), facts.process_row
    for row in table_of(facts, "stage_output", own).where(start=name):
        run[p[row["process"]], facts.state_row[row["state"]]] += row["tonnes_per_year"] / MONTHS
    check_runs(facts, name, run)
    for mine, plant in facts.ore_mines.items():
        run[p[plant]] *= run[p[mine]].sum() / run[p[plant]].sum()
    return run


def _prices(facts: Facts, name: str, own: OwnRows) -> FloatArray:
    """Prices by good, USD/kg."""
    price = np.zeros(len(facts.goods))
    for row in table_of(facts, "prices_start", own).where(start=name):
        price[facts.good_row[row["good"]]] = row["usd_per_kg"]
    return price


def _end_uses(facts: Facts, name: str, own: OwnRows) -> EndUses:
    """End uses as the facts have them."""
    return [
        (
            facts.state_row[r["state"]],
            facts.sector_row[r["sector"]],
            facts.good_row[r["good"]],
            r["tonnes_per_year"] / MONTHS,
        )
        for r in table_of(facts, "end_use", own).where(start=name)
    ]


def _potential(facts: Facts, run: FloatArray) -> FloatArray:
    """What separators could finish of what they take in, t/month by good and state."""
    S, G = len(facts.states), len(facts.goods)
    potential = np.zeros((G, S))
    for plant in facts.joint:
        for state in range(S):
            potential[:, state] += run[facts.process_row[plant], state] * plant_outputs(
                facts, facts.process_row[plant], state
            )
    return potential


def _fit_magnets(
    facts: Facts, name: str, ends: EndUses, inputs: FloatArray, potential: FloatArray
) -> tuple[EndUses, float]:
    """(end uses, factor): magnet use is scaled so that NdPr use equals NdPr supply, and the Dy and
    Tb content of a heat-resistant magnet is set in `inputs` so that theirs does.

    f = (supply of NdPr oxide - direct use) / (NdPr metal use x oxide per metal);
    c = supply / (f hot).
    """
    G = len(facts.goods)
    p = facts.process_row
    world = {g: sum(t for _, _, good, t in ends if good == g) for g in range(G)}
    kinds = [[facts.good_row[good] for good in goods] for goods in MAGNETS]
    standard, hot = (sum(world[good] for good in goods) for goods in kinds)
    check_magnets(name, (standard, hot))
    magnets = set().union(*kinds)
    metal, oxide = facts.good_row["ndpr_metal"], facts.good_row["ndpr_oxide"]
    metal_use = (
        standard * inputs[p["make_magnet_standard"], metal]
        + hot * inputs[p["make_magnet_heat_resistant"], metal]
    )
    direct = world[oxide]  # glass and capacitors take the oxide itself
    factor = float((potential[oxide].sum() - direct) / (metal_use * inputs[p["make_metal"], oxide]))
    hot *= factor
    for heavy in (facts.good_row["dysprosium_oxide"], facts.good_row["terbium_oxide"]):
        inputs[p["make_magnet_heat_resistant"], heavy] = potential[heavy].sum() / hot
    return [(s, k, g, t * factor if g in magnets else t) for s, k, g, t in ends], factor


def _use(facts: Facts, name: str, ends: EndUses, run: FloatArray, inputs: FloatArray) -> FloatArray:
    """Use by good and state, t/month, from the last process of the chain up: makers run (stored in
    `run`) what the world uses of their product, each state its share; mines whose ore holds several
    products, and those who separate it, run as the facts have them."""
    S, G = len(facts.states), len(facts.goods)
    use = np.zeros((G, S))
    for place, _, good, tonnes in ends:
        use[good, place] += tonnes
    for process in reversed(range(len(facts.processes))):
        if facts.processes[process] not in (*facts.joint, *facts.ore_mines):
            (made,) = np.flatnonzero(processes(facts).outputs[process])
            check_made(facts, name, process, run, use)
            run[process] *= use[made].sum() / max(run[process].sum(), 1e-300)
        use += inputs[process][:, None] * run[process][None, :]
    return use


def _finish(
    facts: Facts, ends: EndUses, use: FloatArray, run: FloatArray, potential: FloatArray
) -> tuple[EndUses, FloatArray]:
    """(end uses, output by good and state, t/month): separators finish what is used of each oxide;
    where more is wanted than the ores hold, use gives way, and `starts` shows it."""
    S, G = len(facts.states), len(facts.goods)
    output = np.zeros((G, S))
    for good in facts.oxides:
        finish = use[good].sum() / max(potential[good].sum(), 1e-12)
        if finish > 1.0 + 1e-9:
            ends = [(s, k, g, t / finish if g == good else t) for s, k, g, t in ends]
            use[good] /= finish
        output[good] = potential[good] * min(finish, 1.0)
    for step in range(len(facts.processes)):
        if facts.processes[step] not in facts.joint:
            output[np.flatnonzero(processes(facts).outputs[step])[0]] += run[step]
    return ends, output


def _flows(
    facts: Facts, name: str, own: OwnRows, output: FloatArray, use: FloatArray
) -> FloatArray:
    """Trade by good, origin and destination, t/month."""
    G = len(facts.goods)
    prior: dict[tuple[str, str], dict[str, float]] = {}
    for fact in table_of(facts, "trade_prior", own).where(start=name):
        prior.setdefault((fact["good"], fact["destination"]), {})[fact["origin"]] = fact["share"]
    held: dict[tuple[str, str], dict[str, float]] = {}
    for row in map(dict, dict(own).get("trade_prior", ())):
        buyer = row["good"], row["destination"]
        held.setdefault(buyer, {})[row["origin"]] = prior[buyer][row["origin"]]
    return np.array([_flow(facts, good, output[good], use[good], prior, held) for good in range(G)])
