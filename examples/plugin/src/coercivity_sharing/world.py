"""A world of one's own: separation plants outside China keep a reserve."""

from __future__ import annotations

from coercivity import EndUser, Maker, Miner, Processor, World

MOST = 0.7  # of capacity


class Careful(Processor):
    """A separation plant outside China that keeps three tenths of its capacity in reserve."""

    def plan_run(self) -> None:
        """Run as planned, but outside China at no more than a part of the capacity."""
        super().plan_run()
        if self.state_name != "China":
            self.wish = min(self.wish, MOST * self.capacity)


class Coalition(World):
    """The world with careful separators."""

    kinds = (Miner, Careful, Maker, EndUser)
