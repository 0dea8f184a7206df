"""A rule of one's own: separation plants that keep a reserve of capacity while anybody is alarmed;
run, compared and swept.

    python examples/mesa/own_rule.py

Only the class is new. Every other decision, the market and the books are those of the model.
"""

import tempfile
from pathlib import Path

from coercivity import EndUser, Maker, Miner, Processor, World, compare, run, sweep

MOST = 0.8  # of capacity, at full alarm


class Careful(Processor):
    """A separation plant that holds capacity back for its own state's customers."""

    def plan_run(self) -> None:
        """Run as planned, but the less of the capacity the more alarm there is at home."""
        super().plan_run()
        alarm = float(self.model.beliefs.exporter_alarm[self.state])
        self.wish = min(self.wish, self.capacity * (1.0 - (1.0 - MOST) * alarm))


class CarefulWorld(World):
    """The world with careful separators."""

    kinds = (Miner, Careful, Maker, EndUser)


if __name__ == "__main__":
    result = run("japan-2026", seed=1, months=36, world=CarefulWorld)
    print(result.provenance()["world"], result.headlines()["price_multiple_dy_japan"])

    twins = compare("business-as-usual", "japan-2026", range(2), months=36, world=CarefulWorld)
    print(twins.headlines()["price_multiple_dy_japan"]["difference"])

    design = {
        "scenario": "japan-2026",
        "months": 36,
        "seeds": 1,
        "method": "grid",
        "parameters": {"licence_clock_months": [2, 4]},
        "outcomes": ["price_multiple_dy_japan"],
        "world": CarefulWorld,
    }
    with tempfile.TemporaryDirectory() as folder:
        print(sweep(design, Path(folder) / "sweep", workers=1).done, "runs of the sweep done")
