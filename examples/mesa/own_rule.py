"""A rule of one's own: separation plants outside China keep a reserve of capacity; run, compared
and swept.

    python examples/mesa/own_rule.py

Only the class is new. Every other decision, the market and the books are those of the model. What
it should do, said before it was run: less is separated elsewhere, so a year after the measure Japan
depends more on what was separated in China.
"""

import tempfile
from pathlib import Path

from coercivity import EndUser, Maker, Miner, Processor, World, compare, run, sweep

MOST = 0.7  # of capacity
DEPENDS = "dependence_separated_12m"


class Careful(Processor):
    """A separation plant outside China that keeps three tenths of its capacity in reserve."""

    def plan_run(self) -> None:
        """Run as planned, but outside China at no more than a part of the capacity."""
        super().plan_run()
        if self.state_name != "China":
            self.wish = min(self.wish, MOST * self.capacity)


class CarefulWorld(World):
    """The world with careful separators."""

    kinds = (Miner, Careful, Maker, EndUser)


if __name__ == "__main__":
    plain = run("japan-2026", seed=1, months=40)
    result = run("japan-2026", seed=1, months=40, world=CarefulWorld)
    print(result.provenance()["world"])
    for one in (plain, result):
        print(f"{DEPENDS} of {one.world}: {one.headlines()[DEPENDS]:.2f}")

    twins = compare("licences-2026", "japan-2026", range(2), months=40, world=CarefulWorld)
    print(twins.headlines()[DEPENDS]["difference"])

    design = {
        "scenario": "japan-2026",
        "months": 40,
        "seeds": 1,
        "method": "grid",
        "parameters": {"licence_clock_months": [2, 4]},
        "outcomes": [DEPENDS],
        "world": CarefulWorld,
    }
    with tempfile.TemporaryDirectory() as folder:
        print(sweep(design, Path(folder) / "sweep", workers=1).done, "runs of the sweep done")
