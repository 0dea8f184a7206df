"""A small, made-up Result with every table, so that what reads results can be tested without
running the model.

Japan has four firms in each sector. China's ban begins in month 12 (January 2025): prices jump,
three of the four EV-drivetrain firms and one car maker stop, dependence falls. The numbers are
round on purpose: a test can work its answer out by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from coercivity.experiments.worlds.headline_tables import compute_headlines
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.scenario.scenario import Scenario
from tests.facts import FACTS
from tests.names import GOODS, SECTORS, STAGES

STATES = ("China", "Japan", "United States")
BAN = {
    "date": "2025-01-11",
    "id": "ban",
    "kind": "blanket_ban",
    "actor": "China",
    "targets": ["Japan"],
    "goods": "heavy_oxides",
    "text": "China bans heavy rare earths to Japan.",
    "source": "https://example.org/act",
}
QUOTA = {
    "date": "2024-01-01",
    "end": "2024-12-31",
    "id": "quota",
    "kind": "quota",
    "actor": "China",
    "targets": ["World"],
    "tonnes": 100.0,
    "text": "A quota.",
}
UNITS = {
    "prices": {"home": "USD/kg"},
    "macro": {"output_lost": "USD million a month"},
    "output": {"tonnes": "t a month"},
}


def fake_scenario(months: int = 36, ban: bool = True, name: str = "fake-ban") -> Scenario:
    """A scenario with a quota on the world and, after a year, a ban on Japan."""
    events = (
        (event_from_dict(FACTS, QUOTA, "fake", 1), event_from_dict(FACTS, BAN, "fake", 2))
        if ban
        else ()
    )
    return Scenario(
        name=name,
        start="2024-01",
        title="A <made-up> ban" if ban else "Nothing happens",
        why="To test what reads results.",
        sources=("Act no. 1 https://example.org/source", "a note"),
        months=months,
        events=events,
        facts=FACTS,
    )


@dataclass(frozen=True, eq=False)
class FakeResult:
    """Looks like a Result; its tables are made by the functions below."""

    scenario: Scenario
    seed: int = 1
    version: str = "0.0.0"
    parameter_hash: str = "0123456789ab"
    world: str = "World"
    records: None = None
    _cache: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)

    @property
    def facts(self) -> Facts:
        return self.scenario.facts

    @property
    def months(self) -> tuple[str, ...]:
        return month_names(self.scenario.start, self.scenario.months)

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(TABLES)

    def table(self, name: str) -> pd.DataFrame:
        if name not in self._cache:
            columns, rows = TABLES[name]
            frame = pd.DataFrame(rows(self), columns=columns.split())
            frame.attrs["units"] = UNITS.get(name, {})
            self._cache[name] = frame
        return self._cache[name].copy()

    def headlines(self) -> dict[str, float | None]:
        return compute_headlines(self)

    @property
    def ban_at(self) -> int:
        """Month of the ban; beyond the last month without one."""
        return 12 if any(event.id == "ban" for event in self.scenario.events) else 10**6


def _prices(result: FakeResult) -> Iterable[tuple[Any, ...]]:
    """10 USD/kg everywhere; in the third month of the ban Japan pays 40, after it 20; China's home
    price halves.
    """
    for at, month in enumerate(result.months):
        japan = 40.0 if at == result.ban_at + 2 else 20.0
        later = {"Japan": japan, "China": 5.0, "United States": 12.0}
        for state in STATES:
            home = later[state] if at >= result.ban_at else 10.0
            for good in GOODS:
                yield month, state, good, home, home * 1.1, home, home


HIT = ("automotive", "ev_drivetrains")


def _output(result: FakeResult) -> Iterable[tuple[Any, ...]]:
    for at, month in enumerate(result.months):
        banned = at >= result.ban_at
        china, others = (60.0, 30.0) if banned else (80.0, 10.0)
        made = {"China": china, "Japan": 10.0, "United States": others}
        for state in STATES:
            for stage in STAGES[:-1]:
                yield month, state, stage, "", "ndpr_oxide", made[state], 100.0
            for sector in SECTORS:
                hit = banned and state == "Japan" and sector in HIT
                able = 100.0 + 2.0 * result.seed
                tonnes = able - 60.0 * hit
                yield month, state, "end_use", sector, "magnet_heat_resistant", tonnes, able


SHARES = {"last_origin": (0.75, 0.5, 0.25), "separated_in": (0.9, 0.7, 0.5)}


def _dependence(result: FakeResult) -> Iterable[tuple[Any, ...]]:
    """Japan: 0.75 by origin and 0.9 by place of separation before, 0.5 and 0.7 in the first year of
    the ban, 0.25 and 0.5 after it.
    """
    for at, month in enumerate(result.months):
        phase = 0 if at < result.ban_at else 1 if at < result.ban_at + 12 else 2
        for state in ("Japan", "United States"):
            for basis, shares in SHARES.items():
                for measure in ("tonnes", "value"):
                    for group in ("all", "Dy"):
                        yield month, state, "China", basis, measure, group, shares[phase]


def _macro(result: FakeResult) -> Iterable[tuple[Any, ...]]:
    """In each of the two hit sectors: from the ban on USD 500 million lost a month, 100 paid, 50
    made up.
    """
    for at, month in enumerate(result.months):
        for sector in SECTORS:
            hit = at >= result.ban_at and sector in HIT
            flows = (500.0 * result.seed, 100.0, 50.0, -450.0) if hit else (0.0,) * 4
            yield month, "Japan", sector, *flows


def _stoppages(result: FakeResult) -> Iterable[tuple[Any, ...]]:
    if result.ban_at >= len(result.months):
        return
    first = ("Japan ev_drivetrains 0", "Japan", "ev_drivetrains", "end_use")
    yield *first, "2024-06-01", "2024-06-03", 0.1  # before the ban: not counted
    days = enumerate(("2025-02-10", "2025-03-12", "2025-05-11"))
    evs = [("ev_drivetrains", number, day) for number, day in days]
    for sector, number, day in [*evs, ("automotive", 0, "2025-04-21")]:
        firm = (f"Japan {sector} {number}", "Japan", sector, "end_use")
        yield *firm, day, None, 0.6
        yield *firm, "2025-08-01", "2025-08-09", 0.2  # a second stop of the same firm


def _firms(result: FakeResult) -> Iterable[tuple[Any, ...]]:
    for sector in SECTORS:
        for number in range(4):
            yield f"Japan {sector} {number}", "Japan", "end_use", sector, 1.0 + number


def _stocks(result: FakeResult) -> Iterable[tuple[Any, ...]]:
    for at, month in enumerate(result.months):
        cover = 1.0 if at >= result.ban_at else 3.0
        for stage in STAGES:
            yield month, "Japan", stage, "magnet_heat_resistant", 100.0, cover


def _events(result: FakeResult) -> Iterable[tuple[Any, ...]]:
    for event in result.scenario.events:
        yield event.date[:7], event.actor, event.kind, event.text
    if result.ban_at < len(result.months):
        told = "a line at a Japanese EV-drivetrain maker stops: no heat-resistant magnets"
        yield "2025-02", "Japan ev_drivetrains 0", "stop", told


def _each_month(*values: Any) -> Callable[[FakeResult], Iterable[tuple[Any, ...]]]:
    return lambda result: [(month, *values) for month in result.months]


TABLES: dict[str, tuple[str, Callable[[FakeResult], Iterable[tuple[Any, ...]]]]] = {
    "prices": ("month state good home export quoted paid", _prices),
    "trade": (
        "month origin separated_in destination good tonnes",
        _each_month("China", "China", "Japan", "ndpr_oxide", 10.0),
    ),
    "output": ("month state stage sector good tonnes potential_tonnes", _output),
    "stocks": ("month state stage good tonnes cover_months", _stocks),
    "dependence": ("month state supplier basis measure group share", _dependence),
    "capacity": (
        "month state stage built building cancelled",
        _each_month("Japan", "magnet", 1000.0, 100.0, 0.0),
    ),
    "licences": (
        "month exporter importer good applied pending approved shipped under_licence filed granted "
        "refused returned unanswered refused_tonnes returned_tonnes passed_over_tonnes",
        _each_month("China", "Japan", "terbium_oxide", 3, 2, 1, 1, 1, 3, 1, 0, 1, 2, 0, 1, 0),
    ),
    "policy": (
        "month actor kind targets goods state_of",
        _each_month("China", "blanket_ban", "Japan", "terbium_oxide", "in force"),
    ),
    "spending": ("month payer payee kind usd_million", lambda r: []),
    "leaks": ("month route good tonnes via to", lambda r: []),
    "macro": ("month state sector output_lost cost_paid made_up gdp_effect", _macro),
    "stoppages": ("firm state sector stage first_day last_day output_lost_share", _stoppages),
    "decisions": (
        "month actor saw chose rejected",
        _each_month("China", "tension 0.5", "nothing", "a ban"),
    ),
    "events": ("month actor kind text", _events),
    "firms": ("firm state stage sector cover_months", _firms),
}


@cache
def fake_result(months: int = 36, seed: int = 1, ban: bool = True) -> FakeResult:
    """A finished run, made once for all tests."""
    return FakeResult(fake_scenario(months, ban), seed)


def fake_run_worlds(
    scenario: Any,
    seeds: Iterable[int],
    *,
    progress: Callable[[int, int], None] | None = None,
    **_: Any,
) -> tuple[FakeResult, ...]:
    """Stands in for ``coercivity.experiments.worlds.run.run_worlds``: the fake ban under whatever
    scenario is asked for.
    """
    from coercivity.model.scenario.scenario import load_scenario

    asked, seeds = load_scenario(scenario), list(seeds)
    results = []
    for done, seed in enumerate(seeds, start=1):
        results.append(FakeResult(asked, seed))
        if progress:
            progress(done, len(seeds))
    return tuple(results)
