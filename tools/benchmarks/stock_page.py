"""The same model in Mesa's stock page, four line charts, to measure beside the lab. Needs altair,
which Mesa's page imports: pip install altair.

solara run tools/benchmarks/stock_page.py
"""

from __future__ import annotations

from typing import Any

import mesa
import solara
from mesa.visualization import Slider, SolaraViz, make_plot_component

from coercivity.model.scenario.scenario import load_shipped, with_changes
from coercivity.model.world import World


class StockWorld(World):
    """japan-2026 with one parameter to move, and four reporters."""

    def __init__(self, licence_clock_months: float = 2.0) -> None:
        super().__init__(
            with_changes(
                load_shipped("japan-2026"),
                parameters={"licence_clock_months": licence_clock_months},
            ),
            1,
            record=False,
        )
        self.datacollector = mesa.DataCollector(
            model_reporters={
                name: getattr(self, name) for name in ("price", "output_of", "cover", "distrust")
            }
        )

    def step(self) -> None:
        """A month, and its reporters."""
        super().step()
        self.datacollector.collect(self)
        self.running = self.month < self.scenario.months

    def price(self) -> float:
        """World quote of Dy oxide, USD/kg."""
        return float(self.market.quote[self.facts.good_row["dysprosium_oxide"]])

    def output_of(self) -> float:
        """Run of Japan's end users over their plan."""
        rows = self.firms.is_end & (self.firms.state == self.facts.state_row["Japan"])
        return float(self.firms.run[rows].sum() / self.firms.plan[rows].sum())

    def cover(self) -> float:
        """Months of heat-resistant magnets that Japan's users hold."""
        facts = self.facts
        rows = (self.needs.good == facts.goods.index("magnet_heat_resistant")) & (
            self.firms.state[self.needs.firm] == facts.states.index("Japan")
        )
        return float(self.needs.stock[rows].sum() / self.needs.expected[rows].sum())

    def distrust(self) -> float:
        """Distrust of Japan's firms about China."""
        facts = self.facts
        return float(self.beliefs.distrust[facts.state_row["Japan"], facts.state_row["China"]])


@solara.component
def Page() -> None:
    """A model of its own for each visitor, as the stock page shares one that is made at module
    level.
    """
    model: Any = solara.use_memo(StockWorld, [])
    SolaraViz(
        model,
        components=[
            make_plot_component(name) for name in ("price", "output_of", "cover", "distrust")
        ],
        model_params={"licence_clock_months": Slider("Licence clock", 2.0, 1.0, 4.0, 0.1)},
        play_interval=1,
        name="Coercivity in the stock page",
    )
