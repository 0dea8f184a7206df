"""The record of licences in 2023 and 2024 told by the model: the share of usual trade that was let
through, by metal, destination and months since the rule (decisions 0048 and 0052).

The world has none of these metals; a rule on three powders stands for each, in a world that begins
a year before it, with an office as old as China's was then and the triggers of `triggers.csv` from
that year to the end of 2024. The shares are those of `licence_outcomes.csv` without the months
before a rule, the embargo of 2010 (no office), antimony's first month (half of it lies before the
rule) and rows without a base; none of anything is none of it, so that a quantity of zero needs no
base. Of 102 rows 56 are left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.facts import Facts, load_table
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World

POWDERS: Final = ("dysprosium_oxide", "terbium_oxide", "yttrium_oxide")
BEGAN: Final = 12  # months before the rule; it comes in January 2025
RULES: Final = {  # month in force, day, months for which the office had licensed metals
    "gallium-germanium-2023": ("2023-08", 1, 0),
    "graphite-2023": ("2023-12", 1, 4),
    "antimony-2024": ("2024-09", 15, 13),
}
SEEN_IN: Final = {"Netherlands": "Rest of EU", "Belgium": "Rest of EU"}


class Row(NamedTuple):
    """A recorded share over some months since a rule, of one or of all destinations."""

    case: str
    good: str
    to: str
    since: int
    months: int
    share: float


@cache
def record_rows() -> tuple[Row, ...]:
    """Rows of the record that say what share of usual trade came through."""
    found = []
    for row in load_table("licence_outcomes").rows:
        share = 0.0 if row["quantity"] == 0.0 else row["share_of_base"]
        begun = 1 if row["case"] == "antimony-2024" else 0
        if row["case"] in RULES and row["since"] >= begun and share is not None:
            since, months = int(row["since"]), int(row["months"])
            found.append(Row(row["case"], row["good"], row["destination"], since, months, share))
    return tuple(found)


def months_of(case: str) -> int:
    """Months since the rule that the record of a case reaches."""
    return max(row.since + row.months for row in record_rows() if row.case == case)


def acts(case: str) -> list[dict[str, Any]]:
    """The rule in January 2025, and the triggers of those years as far from it as they were."""
    began, day, _ = RULES[case]
    later = month_index(began, "2025-01")
    rule = {"kind": "licensing", "actor": "China", "targets": ["World"], "goods": list(POWDERS)}
    found = [rule | {"date": f"2025-01-{day:02d}", "id": "rule"}]
    for row in load_table("triggers"):
        date = _shift_date(row["date"], later)
        if row["provoked"] == "China" and row["date"] < "2025" and "2024-01" <= date < "2026-07":
            trigger = {"kind": "trigger", "actor": row["provoker"], "targets": ["China"]}
            found.append(trigger | {"date": date, "severity": row["severity"], "id": row["id"]})
    return found


def simulate_exports(case: str, seed: int, parameters: Mapping[str, float]) -> FloatArray:
    """Tonnes that left China by month of the rule and importer, and in a usual month in the last
    row.
    """
    scenario = with_changes(
        load_scenario("business-as-usual"),
        months=BEGAN + months_of(case),
        choices=acts(case),
        parameters=dict(parameters),
    )
    world = World(scenario, seed, record=False, collect=False)
    links, facts = world.links, world.facts
    crosses = (links.exporter == facts.china) & (links.importer != facts.china)
    held = np.flatnonzero(crosses & np.isin(links.good, [facts.good_row[name] for name in POWDERS]))
    shipped = []
    for month in range(BEGAN + months_of(case)):
        if month == BEGAN:  # as old as it was then
            world.border.open_office(facts.china, len(links), BEGAN - RULES[case][2])
        world.step()
        shipped.append(np.bincount(links.importer[held], links.shipped[held], len(facts.states)))
    return np.array([*shipped[BEGAN:], np.mean(shipped[2:BEGAN], axis=0)])


def predicted_share(row: Row, histories: Sequence[FloatArray]) -> float:
    """Predicted share of a row, mean over histories of its case (`simulate_exports`)."""
    facts = Facts.default()
    months = slice(row.since, row.since + row.months)
    if row.to == "all":
        columns = list(range(len(facts.states)))
    else:
        columns = [facts.state_row[name] for name in facts.states_of(SEEN_IN.get(row.to, row.to))]
    found = [history[:, columns].sum(axis=1) for history in histories]
    return float(np.mean([tonnes[months].mean() / tonnes[-1] for tonnes in found]))


def miss(rows: Sequence[Row], given: Sequence[float]) -> float:
    """Mean absolute error, each month weighing as one."""
    error = np.abs(np.array([row.share for row in rows]) - given)
    return float(np.average(error, weights=[row.months for row in rows]))


def all_destination_rows() -> list[Row]:
    """What all destinations got together."""
    return [row for row in record_rows() if row.to == "all"]


def single_destination_rows() -> list[Row]:
    """What one destination got."""
    return [row for row in record_rows() if row.to != "all"]


def _shift_date(date: str, months: int) -> str:
    month = month_index("2000-01", date[:7]) + months
    day = f"-{min(int(date[8:]), 28):02d}" if date[7:] else ""
    return f"{2000 + month // 12}-{month % 12 + 1:02d}{day}"
