"""What a standard set of cuts costs, as ranges over the collection of parameter vectors.

    python -m tools.docs.cuts --run [DRAWS]
        runs every cut with each draw, writes docs/results/cuts.json and docs/cuts.md
    python -m tools.docs.cuts
        writes the page again (part of `make docs`)

China lets a share less of everything out from January 2026 on; the loss is output missing in the
targets, less what is made up, until a year after the cut, beyond the twin with the same draw.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.worlds.draws import Draw, draws
from coercivity.experiments.worlds.ensemble import with_vector
from coercivity.model.basis.calendar import days_in_month, month_name
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World
from tools.docs.stamp import stamp, stamp_line

DOCS = Path(__file__).resolve().parents[2] / "docs"
FIGURES, PAGE = DOCS / "results" / "cuts.json", DOCS / "cuts.md"
CALM, BEGINS, AFTER = "business-as-usual", 2026, 12
DEPTHS, LENGTHS = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0), (3, 12, 60)
TARGETS = {"World": "all abroad", "Japan": "Japan"}
DEEPEST = "World 0.8 60"  # the cut whose range is taken apart
SEEDS = (1, 2, 3)  # of the shipped vector
Task = tuple[Draw | None, int]


def name_of(target: str, depth: float, months: int) -> str:
    """A cut as the figures name it."""
    return f"{target} {depth:g} {months}"


CUTS = {name_of(*cut): cut for cut in product(TARGETS, DEPTHS, LENGTHS)}


def calm_world(draw: Draw | None, seed: int) -> World:
    """A calm world on the eve of the cut, with a draw or the shipped vector and this seed."""
    scenario = load_scenario(CALM)
    calm = 12 * (BEGINS - int(scenario.start[:4]))
    scenario = with_changes(scenario, months=calm + max(LENGTHS) + AFTER)
    scenario = with_vector(scenario, draw) if draw else scenario
    world = World(scenario, draw.seed if draw else seed, record=False, collect=False)
    for _ in range(calm):
        world.step()
    return world


def missing_output(world: World, states: list[str], months: int) -> float:
    """Output that is missing in these states over some months, USD bn."""
    firms, facts = world.firms, world.facts
    rows = firms.is_end & np.isin(firms.state, [facts.state_row[name] for name in states])
    lost = 0.0
    for _ in range(months):
        world.step()
        lost += float(((firms.plan - firms.run) * firms.value_added)[rows].sum())
    return lost / 1e3


def losses(task: Task) -> dict[str, float]:
    """Loss of every cut in one draw, USD bn: worlds part where the cut begins."""
    calm = calm_world(*task)
    twins: dict[tuple[str, int], float] = {}
    out = {}
    for name, (target, depth, months) in CUTS.items():
        states = [s for s in calm.facts.states if s != "China"] if target == "World" else [target]
        whole = months + AFTER
        if (target, months) not in twins:
            twins[target, months] = missing_output(calm.fork(), states, whole)
        hit = calm.fork()
        hit.enact(act_of(hit, target, depth, months))
        out[name] = missing_output(hit, states, whole) - twins[target, months]
    return out


def act_of(world: World, target: str, depth: float, months: int) -> Event:
    """China lets so much less out for so many months, from this month on."""
    last = month_name(world.start_name, world.month + months - 1)
    raw = {
        "date": f"{month_name(world.start_name, world.month)}-01",
        "end": f"{last}-{days_in_month(last):02d}",
        "id": "cut",
        "kind": "cut",
        "actor": "China",
        "targets": [target],
        "goods": "all",
        "share": depth,
    }
    return event_from_dict(world.facts, raw, "cuts", 1)


def drivers(chosen: list[Draw], loss: FloatArray) -> list[tuple[str, float]]:
    """The five parameters with which the loss moves most over the draws: rank correlation."""
    names = sorted({name for draw in chosen for name, _ in draw.parameters})
    values = np.array([[dict(draw.parameters)[name] for name in names] for draw in chosen])
    found = []
    for name, column in zip(names, values.T, strict=True):
        if np.ptp(column) > 0.0:
            found.append((name, float(spearmanr(column, loss).statistic)))
    return sorted(found, key=lambda one: -abs(one[1]))[:5]


def loss_text(billions: float) -> str:
    """USD bn in the page's form: no decimals that luck has written."""
    return f"{billions:,.0f}" if abs(billions) >= 10.0 else f"{billions + 0.0:.1f}"


def write_page(figures: dict[str, Any]) -> str:
    """The page: a row for each cut, then what decides the deepest."""
    lines = [
        "# What a standard set of cuts costs",
        "",
        "<!-- made by tools/docs/cuts.py; do not edit here -->",
        stamp_line(figures["made_with"]),
        "",
        "What these worlds lose hangs most on how much of a sector's output needs rare earths "
        "(`dependent_scale`), which is assumed and which no target of the record feels: the "
        "dollars are that assumption's, their order and the shape over depth and length are the "
        "model's.",
        "",
        f"China lets a share less of everything out from January {BEGINS} on. The loss is output "
        "missing in the targets until a year after the cut ends, less what is made up, beyond the "
        f"twin with the same draw, USD bn. {figures['draws']} draws of the collection; the shipped "
        f"vector is a mean of {len(SEEDS)} seeds, in bold where it lies inside the middle half.",
        "",
        "| targets | share | months | median | middle half | middle 80% | shipped |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, (target, depth, months) in CUTS.items():
        row = figures["cuts"][name]
        low, first, middle, third, high = map(loss_text, row["quantiles"])
        shipped = loss_text(row["shipped"])
        if row["quantiles"][1] <= row["shipped"] <= row["quantiles"][3]:
            shipped = f"**{shipped}**"
        lines.append(
            f"| {TARGETS[target]} | {depth:.0%} | {months} | {middle} | {first} to {third} "
            f"| {low} to {high} | {shipped} |"
        )
    target, depth, months = CUTS[DEEPEST]
    inside = sum(line.endswith("** |") for line in lines)
    lines += [
        "",
        f"The shipped vector lies inside the middle half in {inside} of {len(CUTS)} cuts and below "
        "it in most others: what the record to 2024 keeps stops more easily "
        "([0107](decisions/0107-the-record-to-2024-prefers-what-fails-in-2025.md)).",
        "",
        f"Over the draws the loss of an {depth:.0%} cut of {TARGETS[target]} for {months} months "
        "moves most with (rank correlation):",
        "",
        *(f"- `{name}`: {found:+.2f}" for name, found in figures["drivers"]),
    ]
    return "\n".join(lines) + "\n"


def survey(count: int) -> dict[str, Any]:
    """Every cut with so many draws, and with the shipped vector."""
    made_with, chosen = stamp(), draws(count)
    tasks: list[Task] = [(None, seed) for seed in SEEDS]
    tasks += [(draw, draw.seed) for draw in chosen]
    with ProcessPoolExecutor(2) as pool:
        found = list(pool.map(losses, tasks))
    shipped, drawn = found[: len(SEEDS)], found[len(SEEDS) :]
    cuts = {
        name: {
            "quantiles": np.quantile([one[name] for one in drawn], (0.1, 0.25, 0.5, 0.75, 0.9)),
            "shipped": float(np.mean([one[name] for one in shipped])),
        }
        for name in CUTS
    }
    most = drivers(chosen, np.array([one[DEEPEST] for one in drawn]))
    return {"made_with": made_with, "draws": count, "cuts": cuts, "drivers": most}


def main(arguments: list[str]) -> None:
    """Run what is asked for, then write the page."""
    if "--run" in arguments:
        count = int(next((one for one in arguments if one.isdigit()), "60"))
        text = json.dumps(survey(count), indent=1, default=lambda array: array.tolist())
        FIGURES.write_text(text + "\n", encoding="utf-8")
    PAGE.write_text(write_page(json.loads(FIGURES.read_text())), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
