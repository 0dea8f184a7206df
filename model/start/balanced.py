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
from coercivity.model.basis.goods import (
    GOOD,
    JOINT,
    ORE_MINES,
    OXIDES,
    PROCESS,
    SECTOR,
    STATE,
    processes,
)
from coercivity.model.basis.names import EU_STATES, GOODS, PROCESSES, STATES
from coercivity.model.basis.overlay import NO_ROWS, OwnRows, table_of
from coercivity.model.start.complete import check_made, check_names, check_prices
from coercivity.model.start.ras import ras

S, G = len(STATES), len(GOODS)
MONTHS = 12.0
HOME_BIAS, REGION_BIAS = (
    20.0,
    3.0,
)  # gravity seed where no fact speaks: assumed, only the shape before balancing
NEAR = (
    {"China", "Japan", "South Korea", "Taiwan", "Vietnam", "Thailand", "Malaysia", "Myanmar"},
    {"United States", "Canada", "Brazil"},
    {*EU_STATES, "United Kingdom", "Russia"},
    {"India"},
    {"Australia"},
    {"Rest of world"},
)
# where light separators also finish Sm/Gd/Eu, Dy, Tb and Y at both starts (Sm oxide 99% Chinese,
# facts: stage_shares)
HEAVY_LINES = ("China",)
MAGNETS = ("magnet_standard", "magnet_heat_resistant", "motor_standard", "motor_heat_resistant")
EndUses = list[tuple[int, int, int, float]]  # state, sector, good, t/month
Shares = Mapping[tuple[str, str], dict[str, float]]  # of a good and a destination, by origin
NOTHING_HELD: Shares = MappingProxyType({})
HEAVY_ONLY = ("seg_oxide", "dysprosium_oxide", "terbium_oxide", "yttrium_oxide")


@dataclass(frozen=True)
class Start:
    """Accounts of the first month, t/month. Arrays: run processes x states; output and use goods x
    states; flow goods x origins x destinations.
    """

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


def plant_outputs(process: int, state: int) -> FloatArray:
    """Outputs per t of run of one process in one state: light separators without a heavy line leave
    the heavies in their residue.
    """
    out = processes().outputs[process].copy()
    if process == PROCESS["separate_light"] and STATES[state] not in HEAVY_LINES:
        out[[GOOD[good] for good in HEAVY_ONLY]] = 0.0
    return out


def _gravity(output: FloatArray, use: FloatArray) -> FloatArray:
    seed = np.outer(output, use)
    for region in NEAR:
        rows = [STATE[state] for state in region]
        seed[np.ix_(rows, rows)] *= REGION_BIAS
    seed[np.diag_indices(S)] *= HOME_BIAS / REGION_BIAS
    return seed


def _flow(
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
    seed = _gravity(output, use)
    for destination in range(S):
        known = prior.get((GOODS[good], STATES[destination]))
        if not known or use[destination] <= 0:
            continue
        column = seed[:, destination].copy()
        fixed = np.zeros(S, dtype=bool)
        shares = np.zeros(S)
        for origin, share in known.items():
            if output[STATE[origin]] > 0:
                fixed[STATE[origin]] = True
                shares[STATE[origin]] = share
        column[fixed] = 0.0
        rest = max(1.0 - shares.sum(), 0.0)
        if column.sum() > 0 and rest > 1e-9:
            shares += rest * column / column.sum()
        seed[:, destination] = (
            shares / shares.sum() * use[destination] if shares.sum() > 0 else seed[:, destination]
        )
    seed += (
        1e-9 * np.outer(output > 0, use) * (1.0 if seed.sum() > 0 else 0.0)
    )  # every pair stays possible, so that totals can be met
    if use.sum() <= 0:
        return np.zeros((S, S))
    kept = _held(good, use, prior, held)
    if not kept.any():
        return ras(seed, output, use)
    seed[kept > 0] = 1e-9 * np.outer(output, use)[kept > 0]
    rest = (output - kept.sum(axis=1)).clip(0.0), (use - kept.sum(axis=0)).clip(0.0)
    return kept + ras(seed, *rest)


def _held(good: int, use: FloatArray, prior: Shares, held: Shares) -> FloatArray:
    """Trade of one good that a scenario's own rows fix, t/month, origins x destinations."""
    kept = np.zeros((S, S))
    for destination in range(S):
        buyer = GOODS[good], STATES[destination]
        whole = max(sum(prior.get(buyer, {}).values()), 1.0)
        for origin, share in held.get(buyer, {}).items():
            kept[STATE[origin], destination] = share / whole * use[destination]
    return kept


def balanced_start(name: str, own: OwnRows = NO_ROWS) -> Start:
    """Accounts for start `name` ('2009-01' or '2024-01'), with a scenario's own rows over the
    shipped tables. Cached, read-only. Raises InputError for a broken table."""
    return _balanced(name, own)


@lru_cache(maxsize=4)
def _balanced(name: str, own: OwnRows) -> Start:
    check_names()
    run, price, ends = _runs(name, own), _prices(name, own), _end_uses(name, own)
    inputs = processes().inputs.copy()
    potential = _potential(run)
    ends, factor = _fit_magnets(ends, inputs, potential)
    use = _use(name, ends, run, inputs)
    check_prices(name, price, use)
    ends, output = _finish(ends, use, run, potential)
    flow = _flows(name, own, output, use)
    for array in (run, output, use, flow, price, inputs, potential):
        array.setflags(write=False)
    return Start(name, run, output, use, flow, price, inputs, tuple(ends), factor, potential)


def _runs(name: str, own: OwnRows) -> FloatArray:
    """What processes run by state, t/month; separators take in what the mines of the world dig."""
    run, p = np.zeros((len(PROCESSES), S)), PROCESS
    for row in table_of("stage_output", own).where(start=name):
        run[p[row["process"]], STATE[row["state"]]] += row["tonnes_per_year"] / MONTHS
    for mine, plant in ORE_MINES.items():
        run[p[plant]] *= run[p[mine]].sum() / run[p[plant]].sum()
    return run


def _prices(name: str, own: OwnRows) -> FloatArray:
    """Prices by good, USD/kg."""
    price = np.zeros(G)
    for row in table_of("prices_start", own).where(start=name):
        price[GOOD[row["good"]]] = row["usd_per_kg"]
    return price


def _end_uses(name: str, own: OwnRows) -> EndUses:
    """End uses as the facts have them."""
    return [
        (STATE[r["state"]], SECTOR[r["sector"]], GOOD[r["good"]], r["tonnes_per_year"] / MONTHS)
        for r in table_of("end_use", own).where(start=name)
    ]


def _potential(run: FloatArray) -> FloatArray:
    """What separators could finish of what they take in, t/month by good and state."""
    potential = np.zeros((G, S))
    for plant in JOINT:
        for state in range(S):
            potential[:, state] += run[PROCESS[plant], state] * plant_outputs(PROCESS[plant], state)
    return potential


def _fit_magnets(ends: EndUses, inputs: FloatArray, potential: FloatArray) -> tuple[EndUses, float]:
    """(end uses, factor): magnet use is scaled so that NdPr use equals NdPr supply, and the Dy and
    Tb content of a heat-resistant magnet is set in `inputs` so that theirs does.

    f = (supply of NdPr oxide - direct use) / (NdPr metal use x oxide per metal);
    c = supply / (f hot).
    """
    p, magnets = PROCESS, [GOOD[name] for name in MAGNETS]
    world = {g: sum(t for _, _, good, t in ends if good == g) for g in range(G)}
    standard = world[GOOD["magnet_standard"]] + world[GOOD["motor_standard"]]
    hot = world[GOOD["magnet_heat_resistant"]] + world[GOOD["motor_heat_resistant"]]
    metal, oxide = GOOD["ndpr_metal"], GOOD["ndpr_oxide"]
    metal_use = (
        standard * inputs[p["make_magnet_standard"], metal]
        + hot * inputs[p["make_magnet_heat_resistant"], metal]
    )
    direct = world[oxide]  # glass and capacitors take the oxide itself
    factor = float((potential[oxide].sum() - direct) / (metal_use * inputs[p["make_metal"], oxide]))
    hot *= factor
    for heavy in (GOOD["dysprosium_oxide"], GOOD["terbium_oxide"]):
        inputs[p["make_magnet_heat_resistant"], heavy] = potential[heavy].sum() / hot
    return [(s, k, g, t * factor if g in magnets else t) for s, k, g, t in ends], factor


def _use(name: str, ends: EndUses, run: FloatArray, inputs: FloatArray) -> FloatArray:
    """Use by good and state, t/month, from the last process of the chain up: makers run (stored in
    `run`) what the world uses of their product, each state its share; mines whose ore holds several
    products, and those who separate it, run as the facts have them."""
    use = np.zeros((G, S))
    for place, _, good, tonnes in ends:
        use[good, place] += tonnes
    for process in reversed(range(len(PROCESSES))):
        if PROCESSES[process] not in (*JOINT, *ORE_MINES):
            (made,) = np.flatnonzero(processes().outputs[process])
            check_made(name, process, run, use)
            run[process] *= use[made].sum() / max(run[process].sum(), 1e-300)
        use += inputs[process][:, None] * run[process][None, :]
    return use


def _finish(
    ends: EndUses, use: FloatArray, run: FloatArray, potential: FloatArray
) -> tuple[EndUses, FloatArray]:
    """(end uses, output by good and state, t/month): separators finish what is used of each oxide;
    where more is wanted than the ores hold, use gives way, and `starts` shows it."""
    output = np.zeros((G, S))
    for good in OXIDES:
        finish = use[good].sum() / max(potential[good].sum(), 1e-12)
        if finish > 1.0 + 1e-9:
            ends = [(s, k, g, t / finish if g == good else t) for s, k, g, t in ends]
            use[good] /= finish
        output[good] = potential[good] * min(finish, 1.0)
    for step in range(len(PROCESSES)):
        if PROCESSES[step] not in JOINT:
            output[np.flatnonzero(processes().outputs[step])[0]] += run[step]
    return ends, output


def _flows(name: str, own: OwnRows, output: FloatArray, use: FloatArray) -> FloatArray:
    """Trade by good, origin and destination, t/month."""
    prior: dict[tuple[str, str], dict[str, float]] = {}
    for fact in table_of("trade_prior", own).where(start=name):
        prior.setdefault((fact["good"], fact["destination"]), {})[fact["origin"]] = fact["share"]
    held: dict[tuple[str, str], dict[str, float]] = {}
    for row in map(dict, dict(own).get("trade_prior", ())):
        buyer = row["good"], row["destination"]
        held.setdefault(buyer, {})[row["origin"]] = prior[buyer][row["origin"]]
    return np.array([_flow(good, output[good], use[good], prior, held) for good in range(G)])
