"""A world of one's own: separation plants that keep a reserve while anybody is alarmed."""

from __future__ import annotations

from coercivity import EndUser, Maker, Miner, Processor, World

MOST = 0.8  # of capacity, at full alarm


class Careful(Processor):
    """A separation plant that holds capacity back for its own state's customers."""

    def plan_run(self) -> None:
        """Run as planned, but the less of the capacity the more alarm there is at home."""
        super().plan_run()
        alarm = float(self.model.beliefs.exporter_alarm[self.state])
        self.wish = min(self.wish, self.capacity * (1.0 - (1.0 - MOST) * alarm))


class Coalition(World):
    """The world with careful separators."""

    kinds = (Miner, Careful, Maker, EndUser)
