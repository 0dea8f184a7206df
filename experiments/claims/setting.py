"""One setting of a claim's experiment: a draw, perhaps the flip parameter moved, perhaps the
mechanism off; and how it becomes scenarios.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from coercivity.experiments.claims.written_claims import Claim
from coercivity.experiments.questions.acts import act
from coercivity.experiments.questions.shared_runs import Ask
from coercivity.experiments.worlds.draws import Draw
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.parameters import parameters_of
from coercivity.model.scenario.scenario import (
    Scenario,
    load_scenario,
    scenario_from_dict,
    with_changes,
)

BAN: Final = "2026-01"  # the month of the ban; worlds about it begin with it
MONTHS: Final = 48  # to December 2029: three years after a ban of a year


@dataclass(frozen=True)
class Setting:
    """What a claim is tried on. full: whether the numbers beside the metric are wanted too."""

    claim: Claim
    draw: Draw
    moved: float | None = None  # value of the flip parameter
    off: bool = False  # the claim's own mechanism
    full: bool = False
    facts: Facts = field(default_factory=Facts.default)

    def lever(self, name: str, usual: float) -> float:
        """Value of a lever of the scenario (duration_months, case_scale): moved, or as usual."""
        return self.moved if self.moved is not None and self.claim.flip == name else usual

    def scenario(
        self,
        base: Scenario | str,
        months: int = MONTHS,
        choices: Iterable[Mapping[str, Any]] = (),
        governments: Mapping[str, str] | None = None,
        **parameters: float,
    ) -> Scenario:
        """A base as this setting has it: drawn parameters, then the one moved, then the placebo,
        then what the experiment itself sets.
        """
        values = dict(self.draw.parameters)
        if self.moved is not None and self.claim.flip in parameters_of(self.facts):
            values[self.claim.flip] = self.moved
        mechanisms, changed = self.claim.placebo_changes() if self.off else ({}, {})
        return with_changes(
            load_scenario(base, self.facts),
            months=months,
            parameters={**values, **changed, **parameters},
            mechanisms=mechanisms,
            governments=governments,
            choices=choices,
        )

    def without_acts(self, name: str) -> Scenario:
        """A scenario without what China did to Japan (`without_acts`), by the facts of this."""
        return without_acts(name, facts=self.facts)

    def ask(self, scenario: Scenario, reader: Callable[..., Any]) -> Ask:
        """A question to the world of this scenario with the draw's luck."""
        return Ask(scenario, self.draw.seed, reader)

    def lever_ask(self, scenario: Scenario, month: int) -> Ask:
        """What a cut-off of Japan in that month would cost."""
        return Ask(scenario, self.draw.seed, lever=month)


@dataclass(frozen=True)
class Experiment:
    """A claim's experiment: questions to worlds, the metric from the answers (None where
    undefined), and numbers to show beside it.
    """

    asks: Callable[[Setting], dict[str, Ask]]
    value: Callable[[Mapping[str, Any]], float | None]
    beside: Callable[[Mapping[str, Any]], dict[str, float | None]] | None = None


@lru_cache(maxsize=32)
def without_acts(
    name: str, target: str = "Japan", actor: str = "China", facts: Facts | None = None
) -> Scenario:
    """A shipped scenario without what `actor` did to `target` by name, and without what the target
    said to the actor before.
    """
    raw = load_scenario(name, facts).to_dict()
    gone = {
        event["id"]
        for event in raw["events"]
        if (event.get("actor") == actor and event.get("targets") == [target])
        or (event.get("actor") == target and event.get("targets") == [actor])
    }
    raw["events"] = [
        event for event in raw["events"] if event["id"] not in gone and event.get("of") not in gone
    ]
    raw["name"] = f"{name} without acts against {target}"
    return scenario_from_dict(raw, name, facts=facts)


def ban_of_japan(months: float, goods: str = "all") -> dict[str, Any]:
    """Nothing of these goods goes to Japan from the day of the real ban on, for some months."""
    return act("blanket_ban", "2026-01-06", months, actor="China", targets=["Japan"], goods=goods)
