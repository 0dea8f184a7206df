"""A government: what it can see, what it can choose, and what it remembers (M12). Its rules are in sender.py, target.py, ally.py, office.py and supply.py.

A government is scripted (dated acts only), autonomous (its rule decides) or played (its choices are written in the scenario).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.mesa import BaseAgent, BaseModel


class Government(BaseAgent):
    """A government: its name, how it is led in this run, its tension towards each state and its memory of being coerced by each (0-1)."""

    def __init__(self, model: BaseModel, name: str, mode: str, states: int) -> None:
        super().__init__(model)
        self.name = name
        self.mode = mode
        self.tension = np.zeros(states)
        self.memory = np.zeros(states)
        self.capability = 0.0  # legal and institutional means, 0-1; only rises
        self.budget = 0.0  # USD million left for support
        self.spent = 0.0
        self.last_measure = np.full(
            states, -999
        )  # month of its last own measure against each state
        self.busy_until = np.full(
            states, -999
        )  # month until which each state is left alone after a measure

    def take_over(self, other: Government) -> None:
        """The state of mind of the same government in another world."""
        self.tension, self.memory = other.tension.copy(), other.memory.copy()
        self.last_measure, self.busy_until = other.last_measure.copy(), other.busy_until.copy()
        self.capability, self.budget, self.spent = other.capability, other.budget, other.spent

    def cool(self, half_life: float) -> None:
        """Tension fades: h <- h 2^(-1/half-life)."""
        self.tension *= 0.5 ** (1.0 / half_life)

    def remember(self, states: list[int], weight: float) -> None:
        """Being coerced leaves a memory that fades: m <- m + w (1 - m)."""
        self.memory[states] += weight * (1.0 - self.memory[states])

    def forget(self, half_life: float) -> None:
        """m <- m 2^(-1/half-life). Source: behaviour rules 2.4, half-life of 3 to 5 years."""
        self.memory *= 0.5 ** (1.0 / half_life)

    def learn(self, step: float) -> None:
        """Capability only rises: K <- K + step (1 - K). Source: behaviour rules 1.2."""
        self.capability += step * (1.0 - self.capability)

    def provoke(self, targets: list[int], weight: float) -> None:
        """An act of weight w towards states closes that part of the gap to open hostility (w > 0), or takes it away (w < 0, a truce)."""
        for state in targets:
            gap = 1.0 - self.tension[state] if weight > 0 else self.tension[state]
            self.tension[state] += weight * gap
