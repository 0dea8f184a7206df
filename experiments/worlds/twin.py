"""The twin of a run: the same world with the same luck without the measure that the headlines are
about, and what is lost against it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from coercivity.experiments.quantities.headlines import (
    EXPORT_CONTROLS,
    FOCUS,
    MEASURES,
    Source,
    focal_event,
    formulas,
    headlines_of,
)
from coercivity.experiments.worlds.headline_tables import FinishedRun, TableSource
from coercivity.experiments.worlds.spreads import differences
from coercivity.model.basis.calendar import month_names
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import Scenario, scenario_from_dict

if TYPE_CHECKING:
    from coercivity.agents.base.arrays import FloatArray


def measures_in_question(scenario: Scenario, focus: str = FOCUS) -> tuple[Event, ...]:
    """The focal measure and the later ones of its author against the focus, by name if the first
    was by name, in order of date; () where a script has no measure.
    """
    months = month_names(scenario.start, scenario.months)
    first = focal_event(scenario, months, focus)
    if first is None or first.kind not in MEASURES:
        return ()
    by_name = focus in first.targets
    found = (
        event
        for event in (*scenario.events, *scenario.choices)
        if event.kind in MEASURES
        and event.actor == first.actor
        and first.date <= event.date
        and event.date[:7] <= months[-1]
        and focus in (event.targets if by_name else event.target_states())
    )
    return tuple(sorted(found, key=lambda event: (event.date, event.id)))


def without_measure(scenario: Scenario, focus: str = FOCUS) -> Scenario | None:
    """The scenario without its measures in question and what refers to them; None where a script
    has none.

    Signals, what others do and what came before stay: the difference is that of the measure.
    """
    gone = {event.id for event in measures_in_question(scenario, focus)}
    if not gone:
        return None
    raw = without_acts(scenario, gone)
    raw["name"] = f"{scenario.name[:55]}-without"
    return scenario_from_dict(
        raw, f"scenario {scenario.name} without its measure", facts=scenario.facts
    )


def without_acts(scenario: Scenario, ids: Collection[str]) -> dict[str, Any]:
    """The scenario as a dict, without the acts of these ids and what refers to them."""
    raw, gone = scenario.to_dict(), set(ids)
    listed = [event for key in ("events", "choices") for event in raw.get(key, ())]
    while more := {event["id"] for event in listed if event.get("of") in gone} - gone:
        gone |= more
    for key in ("events", "choices"):
        raw[key] = [event for event in raw.get(key, ()) if event["id"] not in gone]
    return raw


def without_export_controls(scenario: Scenario, exporter: str) -> Scenario:
    """The twin's scenario: without any export control, whoever laid it, and what refers to it; an
    exporter's government that decides for itself takes no act. All else stays, signals and what
    others do too, as in `without_measure`.
    """
    acts = (*scenario.events, *scenario.choices)
    raw = without_acts(scenario, {act.id for act in acts if act.kind in EXPORT_CONTROLS})
    government = scenario.facts.government_of(exporter)
    if scenario.mode_of(government) == "autonomous":
        raw["governments"] = {**raw["governments"], government: "scripted"}
    raw["name"] = f"{scenario.name[:50]}-uncontrolled"
    return scenario_from_dict(
        raw, f"scenario {scenario.name} without export controls", facts=scenario.facts
    )


def measure_before(
    scenario: Scenario, months: Sequence[str], since: str, good: str, focus: str = FOCUS
) -> Event | None:
    """The export control under which the months before the count lie, whose prices are the usual
    ones that a multiple is of: begun after the first month of the run, against the focus, on this
    good, in force in one of the six months and not suspended in all of them. Of several the first
    that is in force to the end; None where there is none.
    """
    at = list(months).index(since[:7])
    base = months[max(0, at - 6) : at]
    if not base:
        return None
    acts = (*scenario.events, *scenario.choices)
    paused = {
        act.get("of")
        for act in acts
        if act.kind == "suspension" and act.date[:7] <= base[0] and _is_in_force(act, base[-1])
    }
    found = [
        act
        for act in acts
        if act.kind in EXPORT_CONTROLS
        and months[0] < act.date[:7] <= base[-1]
        and _is_in_force(act, base[0])
        and good in act.goods
        and focus in act.target_states()
        and act.id not in paused
    ]
    return min(found, key=lambda act: (not _is_in_force(act, base[-1]), act.date), default=None)


def _is_in_force(act: Event, month: str) -> bool:
    """Whether an act has not ended before a month."""
    return not act.end or act.end[:7] >= month


class _TwinDifference:
    """A run of which every flow is that above its twin's; what is no flow is the run's own."""

    def __init__(self, source: Source, twin: Source) -> None:
        self._source, self._twin, self.months = source, twin, source.months

    def flow(self, of: str) -> FloatArray:
        return self._source.flow(of) - self._twin.flow(of)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)


def against_twin(
    run: FinishedRun, twin: FinishedRun, since: str, target: str = FOCUS
) -> dict[str, float | None]:
    """Every headline of a run against its twin, both seen from a target state and counted from the
    day *since*.

    A headline of a flow is that of the flow above the twin's, so that the worst year is the worst
    of the difference; any other is the run's less the twin's, None where one is not defined.
    """
    mine, other = TableSource(run, target), TableSource(twin, target)
    (apart,) = differences([headlines_of(other, since)], [headlines_of(mine, since)])
    flows = [
        name for name, rule in formulas(run.facts, target).items() if rule.reads[0][0] == "flow"
    ]
    return {**apart, **headlines_of(_TwinDifference(mine, other), since, flows)}


def against_twins(
    runs: Sequence[FinishedRun], twins: Sequence[FinishedRun], since: str, target: str = FOCUS
) -> list[Mapping[str, float | None]]:
    """`against_twin` for each pair, in the order of the seeds."""
    return [against_twin(run, twin, since, target) for run, twin in zip(runs, twins, strict=True)]
