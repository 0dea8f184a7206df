"""Why plants that could be built were not: at every look at a project its value, its hurdle and
what bound first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from coercivity.agents.firms.investor import BEGIN, Appraisal
from coercivity.agents.firms.roles import Everyone
from coercivity.agents.tables import OPTION
from coercivity.experiments.worlds.run import Source, scenario_to_run
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.goods import processes
from coercivity.model.basis.luck import read_seeds
from coercivity.model.world import World

TOO_SOON: Final = "not yet decidable"
NO_MARGIN: Final = "no margin"
NO_DEMAND: Final = "no addressable demand"
BELOW: Final = "V/I below the hurdle"
BEGUN: Final = "begun"
REASONS: Final = (TOO_SOON, NO_MARGIN, NO_DEMAND, BELOW, BEGUN)
NUMBERS: Final = ("price", "cost", "floor", "ore", "margin", "use", "outlay", "value", "hurdle")
LABELS: Final = (
    "plant",
    "state",
    "process",
    "price",
    "cost",
    "floor",
    "ore",
    "margin",
    "use",
    "outlay",
    "V/I",
    "hurdle",
    *REASONS,
)


@dataclass(frozen=True)
class Refusal:
    """One look at one project. Price, cost, floor and the ore of its own mine in USD/kg of run; use
    is a part of capacity; outlay in USD million per t/month, after overrun and gifts.
    """

    month: str
    seed: int
    plant: str
    state: str
    process: str
    stage: str
    tonnes: float  # a year, of run
    price: float
    cost: float
    floor: float
    ore: float
    margin: float
    use: float
    outlay: float
    value: float
    hurdle: float
    bound: str

    def as_dict(self) -> dict[str, Any]:
        """Its columns by name."""
        return dict(vars(self))


def what_bound(
    margin: float, use: float, value: float, hurdle: float, *, may: bool, begun: bool
) -> str:
    """What stopped a project first, in the order in which a builder would see it."""
    if begun:
        return BEGUN
    if not may:
        return TOO_SOON
    if margin <= 0.0:
        return NO_MARGIN
    if use <= 0.0:
        return NO_DEMAND
    return BELOW if value <= hurdle else BEGUN


class AskedWorld(World):
    """A world that keeps what holders of options saw in the months in which they looked. It lives
    the same history as any other.
    """

    looks: list[Refusal]

    def ask(self, actors: Everyone, decision: str) -> None:
        """Let firms decide; whoever weighs a project is asked what it sees."""
        if decision != "weigh_project" or actors is not self.everyone:
            super().ask(actors, decision)
            return
        firms, month = self.firms, self.clock.month
        options = firms.option_rows
        idle = (firms.status[options] == OPTION) & (self.works.pipeline.building[options] <= 0.0)
        due = options[idle & (firms.decision_month[options] == month % 12)]
        seen = self._look(due) if len(due) else None
        super().ask(actors, decision)
        if seen is not None:
            self.looks += self._told(due, seen)

    def _look(self, rows: np.ndarray) -> Appraisal:
        """The appraisal that these holders are about to make, with the luck of the month."""
        return self.everyone.appraise(
            rows,
            self.clock.normals("investor", len(self.firms))[rows],
            works=self.works,
            beliefs=self.beliefs,
            politics=self.politics,
            support=self.support,
            p=self.p,
        )

    def _told(self, rows: np.ndarray, seen: Appraisal) -> Iterable[Refusal]:
        """One line a holder."""
        firms, name = self.firms, month_names(self.start_name, self.clock.month + 1)[-1]
        for k, row in enumerate(rows.tolist()):
            numbers = {field: float(values[k]) for field, values in seen._asdict().items()}
            yield Refusal(
                month=name,
                seed=self.seed,
                plant=firms.names[row],
                state=self.facts.states[firms.state[row]],
                process=self.facts.processes[firms.process[row]],
                stage=STAGES[processes(self.facts).stage[firms.process[row]]],
                tonnes=12.0 * float(firms.option_size[row]),
                **numbers,
                bound=what_bound(
                    numbers["margin"],
                    numbers["use"],
                    numbers["value"],
                    numbers["hurdle"],
                    may=bool(firms.option_from[row] <= self.clock.month),
                    begun=bool(firms.project[row] == BEGIN),
                ),
            )


def why_not(
    scenario: Source, seeds: Iterable[int] = (1,), *, months: int | None = None
) -> list[Refusal]:
    """Every look at a project in these worlds, in the order of seeds and months."""
    asked, looks = scenario_to_run(scenario, months), list[Refusal]()
    for seed in read_seeds(seeds):
        world = AskedWorld(asked, seed, record=False, collect=False)
        world.looks = []
        world.run_model()
        looks += world.looks
    return looks


def by_plant(facts: Facts, looks: Sequence[Refusal]) -> list[dict[str, Any]]:
    """One row a plant, by stage: how often it was looked at, what bound how often, and the medians
    of what was seen once it could be decided.
    """
    rows = []
    for plant in dict.fromkeys(look.plant for look in looks):
        own = [look for look in looks if look.plant == plant]
        asked = [look for look in own if look.bound != TOO_SOON] or own

        def middle(name: str, of: Sequence[Refusal] = asked) -> float:
            return float(np.median([getattr(look, name) for look in of]))

        rows.append(
            {
                "plant": plant,
                "state": own[0].state,
                "stage": own[0].stage,
                "process": own[0].process,
                "tonnes": own[0].tonnes,
                "looks": len(own),
                **{name: middle(name) for name in NUMBERS},
                **{reason: sum(look.bound == reason for look in own) for reason in REASONS},
            }
        )
    return sorted(
        rows, key=lambda row: (STAGES.index(row["stage"]), facts.process_row[row["process"]])
    )


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """A row of `by_plant` as a table shows it, under LABELS."""
    return (
        row["plant"],
        row["state"],
        row["process"],
        *(f"{row[name]:.2f}" for name in NUMBERS),
        *(str(row[reason]) for reason in REASONS),
    )
