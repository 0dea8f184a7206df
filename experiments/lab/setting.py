"""What a visitor of the lab has set, and the two scenarios that follow: the one that is asked
about, and its twin without what was set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from coercivity.experiments.lab.acts import Act, check_acts, with_acts
from coercivity.experiments.lab.apply_levers import apply_levers
from coercivity.experiments.lab.levers import (
    all_levers,
    check_lever,
    check_month,
    find_lever,
)
from coercivity.experiments.lab.own_rows import with_tables
from coercivity.experiments.lab.own_scenario import MAX_FIRMS, too_many_firms
from coercivity.experiments.worlds.twin import without_measure
from coercivity.model.basis.errors import InputError, Phrase, shorten, unknown_value_error
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.luck import check_seed
from coercivity.model.basis.parameters import check_value, load_parameters
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import (
    Scenario,
    load_shipped,
    scenario_from_dict,
    scenario_place,
    with_changes,
)

DEFAULT_SCENARIO: Final = "japan-2026"
MOST_CHANGES: Final = 40


@dataclass(frozen=True)
class LabSetting:
    """A scenario, a seed, a state to look at, and what was moved: levers (id, value), assumptions
    (parameter, value), later changes (month, lever, value); and acts that the visitor wrote.
    """

    scenario: str = DEFAULT_SCENARIO
    seed: int = 1
    state: str = "Japan"
    levers: tuple[tuple[str, float], ...] = ()
    assumptions: tuple[tuple[str, float], ...] = ()
    changes: tuple[tuple[str, str, float], ...] = ()
    own: Scenario | None = None
    acts: tuple[Act, ...] = ()

    @property
    def shipped(self) -> Scenario:
        """The scenario before anything is moved: an uploaded one, or a shipped one."""
        return self.own or load_shipped(self.scenario)

    def asked(self) -> Scenario:
        """The scenario that runs. Raises InputError where the levers contradict it."""
        return _scenario_of(self)

    def base_setting(self) -> LabSetting | None:
        """The setting of the twin: without the later changes, else without the levers and acts of
        one's own, else with the shipped assumptions, else with the shipped tables. None where
        nothing was moved.
        """
        if self.changes:
            return replace(self, changes=())
        if self.levers or self.acts:
            return replace(self, levers=(), acts=())
        if self.assumptions:
            return replace(self, assumptions=())
        return self.with_shipped_numbers()

    def with_shipped_numbers(self) -> LabSetting | None:
        """The same setting, all that was moved in it too, with the shipped rows of every table:
        what rows of one's own change is the difference. None where there are none.
        """
        return self.with_own(with_tables(self.own, ())) if self.own and self.own.tables else None

    def with_own(self, own: Scenario) -> LabSetting:
        """The setting of another scenario of the visitor's own; a shipped one is none of these."""
        shipped = own.name in list_scenarios() and own == load_shipped(own.name)
        return replace(self, scenario=own.name, own=None if shipped else own)

    def base(self) -> Scenario:
        """The twin's scenario; where nothing was moved, the same world without the measure that the
        scenario is about, or where it is about none, in which nothing new happens.
        """
        other = self.base_setting()
        return other.asked() if other is not None else _scenario_without_measure(self.shipped)

    def set_last(self) -> tuple[tuple[str, float], ...]:
        """The levers (id, value) in which the setting differs from its twin: those of the later
        changes where there are any; an act of one's own counts as a lever of the name of its kind.
        """
        own = tuple((act.kind, 1.0) for act in self.acts)
        return tuple(change[1:] for change in self.changes) or (*self.levers, *own)

    def base_without(self) -> str:
        """What the twin goes without: changes, levers, acts, both ("levers and acts"), assumptions
        or own rows of tables; '' where nothing was moved.
        """
        if self.levers and self.acts and not self.changes:
            return "levers and acts"
        moved = ("changes", "levers", "acts", "assumptions")
        rows = "tables" if self.shipped.tables else ""
        return next((name for name in moved if getattr(self, name)), rows)


@lru_cache(maxsize=512)
def _scenario_of(setting: LabSetting) -> Scenario:
    """Made once: a page asks for it many times while it draws."""
    scenario = setting.shipped
    if setting.assumptions:
        scenario = with_changes(scenario, parameters=dict(setting.assumptions))
    return with_acts(apply_levers(scenario, dict(setting.levers), setting.changes), setting.acts)


@lru_cache(maxsize=128)
def _scenario_without_measure(scenario: Scenario) -> Scenario:
    return without_measure(scenario) or quiet_scenario(scenario)


@lru_cache(maxsize=128)
def quiet_scenario(scenario: Scenario) -> Scenario:
    """The scenario in which nothing happens that was not in force when it began: no measures,
    signals, support, shocks or cases of demand; nobody decides.
    """
    raw = scenario.to_dict()
    raw["events"] = [
        event.to_dict()
        for event in scenario.events
        if event.date[:7] < scenario.start and event.kind not in ("suspension", "dispute")
    ]
    raw["choices"], raw["governments"] = [], {}
    raw["name"] = f"{scenario.name[:60]}-quiet"
    return scenario_from_dict(raw, Phrase.of("{place}, quiet", place=scenario_place(scenario)))


def check_setting(
    *,
    scenario: str = DEFAULT_SCENARIO,
    seed: object = 1,
    state: str = "Japan",
    levers: Mapping[str, object] | Iterable[tuple[str, object]] = (),
    assumptions: Mapping[str, object] | Iterable[tuple[str, object]] = (),
    changes: Iterable[tuple[object, object, object]] = (),
    own: Scenario | None = None,
    acts: Iterable[object] = (),
) -> LabSetting:
    """The setting, each of its parts checked before anything runs; what stands at rest is left out.
    Raises InputError, one line.
    """
    if own is None:
        _check_known(scenario, "scenario", list_scenarios())
    _check_known(state, "state", Facts.default().states)
    number = _read_seed(seed)
    base_scenario = own or load_shipped(scenario)
    moved = dict(check_lever(name, value) for name, value in dict(levers).items())
    wanted = _read_assumptions(dict(assumptions))
    shipped = base_scenario.parameter_values().to_dict()
    return LabSetting(
        scenario=base_scenario.name if own is not None else scenario,
        seed=check_seed(number),
        state=state,
        levers=tuple(
            sorted((name, value) for name, value in moved.items() if value != find_lever(name).rest)
        ),
        assumptions=tuple(
            sorted((name, value) for name, value in wanted.items() if value != shipped[name])
        ),
        changes=_read_changes(base_scenario, changes),
        own=own,
        acts=check_acts(base_scenario, acts),
    )


def replace_checked(setting: LabSetting, **changed: Any) -> LabSetting:
    """The setting with some of its parts changed, all of it checked anew. Raises InputError."""
    fields = {name: getattr(setting, name) for name in setting.__dataclass_fields__}
    return check_setting(**{**fields, **changed})


def _check_known(name: str, what: str, names: Sequence[str]) -> None:
    """Raise InputError for a name that is not among those there are."""
    if name not in names:
        raise unknown_value_error(what, name, names)


def _read_seed(seed: object) -> int:
    """The seed as somebody typed it. Raises InputError where it is no whole number that fits."""
    text = shorten(seed)
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < 2**32):
        raise InputError(
            "{field} '{value}' is not a whole number from {low} to {high}",
            "write for example {example}",
            field="seed",
            value=text,
            low=0,
            high=2**32 - 1,
            example="1",
        )
    return int(text)


def _read_assumptions(assumptions: Mapping[str, object]) -> dict[str, float]:
    """Parameters and their values, checked. Raises InputError for a world too large for a page,
    too.
    """
    table = load_parameters()
    wanted = {name: check_value(table, name, value) for name, value in assumptions.items()}
    if wanted.get("firms_per_sector", 0) > MAX_FIRMS:
        raise too_many_firms(wanted["firms_per_sector"])
    return wanted


def _read_changes(
    base: Scenario, changes: Iterable[tuple[object, object, object]]
) -> tuple[tuple[str, str, float], ...]:
    """Later changes by month and order of the levers; of two at one month the last one counts.
    Raises InputError.
    """
    later = [
        (check_month(base, month), *check_lever(name, value)) for month, name, value in changes
    ]
    if len(later) > MOST_CHANGES:
        raise InputError(
            "changes: {count} are too many",
            "use at most {high}",
            count=len(later),
            high=MOST_CHANGES,
        )
    order = list(all_levers())
    unique = {(month, name): value for month, name, value in later}
    return tuple(
        sorted(
            ((month, name, value) for (month, name), value in unique.items()),
            key=lambda change: (change[0], order.index(change[1])),
        )
    )
