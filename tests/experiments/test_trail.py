"""What a history keeps to say why is what its tables say, and comes back from its bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np
import pytest

from coercivity.experiments.lab.causal_trail import Fund, Trail
from coercivity.experiments.lab.histories import SOON, DrawnHistory, drawn_scenario, run_history
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.setting import check_setting
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.calendar import month_index
from coercivity.model.parts.programme import CAPEX
from coercivity.model.results.result import Result
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import Scenario, with_changes
from coercivity.model.world import World
from tests.names import GOODS, PROCESSES, SECTORS, STATES

LEVERS = {"japan_stockpile": 4, "allies_money": 2000, "allies_floor": 110, "allies_tariff": 25}
LIVED = "japan-2026-from-2024"  # two years before the measure
SETTING = check_setting(scenario=LIVED, levers=LEVERS)
DAY = story_day(SETTING.shipped)
SCENARIO = with_changes(SETTING.asked(), months=66)
AT = month_index(SCENARIO.start, DAY)
STATE = "Japan"
DRAW = 1  # a history in which some plant that was begun opens


@cache
def kept() -> DrawnHistory:
    return run_history(SCENARIO, (), DRAW, STATE, DAY, lambda lines: {})


@cache
def trail() -> Trail:
    found = kept().trail
    assert found is not None
    return found


@cache
def whole() -> Result:
    return run_scenario(*drawn_scenario(SCENARIO, (), DRAW))


def test_plants_are_those_of_the_events() -> None:
    months, names = whole().months, set(whole().table("firms")["firm"].astype(str))
    events = whole().table("events").astype({"month": str, "actor": str})
    begun = events[(events["kind"] == "project begins") & events["actor"].isin(names)]
    found = [(months[one.begun], one.name) for one in trail().plants]
    assert len(found) > 5
    assert sorted(found) == sorted(zip(begun["month"], begun["actor"], strict=True))
    ends = events[events["kind"].isin(("project cancelled", "plant bankrupt"))]
    known = set(zip(ends["month"], ends["actor"], strict=True))
    ended = [(months[one.ended], one.name) for one in trail().plants if one.ended is not None]
    assert ended
    assert set(ended) <= known


def test_public_money_is_that_of_the_spending_table() -> None:
    paid = whole().table("spending").astype({"kind": str, "payer": str, "month": str})
    public = paid[paid["payer"].str.startswith("government of")]
    for kind in ("grant", "price_floor"):
        total = float(public[public["kind"] == kind]["usd_million"].sum())
        spent = sum(one.whole for one in trail().funds if one.kind == kind)
        assert spent >= total * 0.999  # what is promised to a plant counts before it is paid
        if kind == "price_floor":
            assert spent == pytest.approx(total, rel=1e-3)
    lever = next(one for one in trail().funds if one.act.startswith("lever-allies_floor"))
    assert (lever.budget, lever.begins) == (2500.0, AT)
    assert lever.soon <= lever.whole


def test_the_stockpile_is_that_of_the_stocks() -> None:
    stocks = whole().table("stocks").astype({"state": str, "stage": str, "good": str})
    months = list(whole().months)
    for store in trail().stores:
        held = (stocks["state"] == STATE) & (stocks["stage"] == "reserve")
        rows = stocks[held & (stocks["good"] == store.good)]
        line = np.zeros(len(months))
        line[[months.index(str(month)) for month in rows["month"]]] = rows["tonnes"]
        line = line[: AT + SOON]
        assert store.most == pytest.approx(line.max(), rel=1e-3)
        assert store.gone == (line[AT] < 0.1 * line[: AT + 1].max())
        out = np.maximum(-np.diff(line, prepend=line[0]), 0.0)[AT:]
        assert store.given == pytest.approx(out.sum(), rel=1e-3, abs=1e-6)
    assert {"magnet_heat_resistant", "dysprosium_oxide"} <= {one.good for one in trail().stores}


def test_stops_are_those_of_the_stoppages() -> None:
    table = whole().table("stoppages").fillna({"last_day": ""}).astype(str)
    months = list(whole().months)
    users = table[(table["state"] == STATE) & table["sector"].isin(SECTORS)]
    seen = []
    columns = (users[name] for name in ("sector", "first_day", "last_day", "missing"))
    for sector, day, last, good in zip(*columns, strict=True):
        first = months.index(day[:7])
        past = months.index(last[:7]) + 1 if last[:7] in months else len(months)
        stands = min(past, AT + SOON) - max(first, AT)
        if stands > 0:
            seen.append((sector, first, good, stands))
    assert len(seen) > 3
    assert sorted(seen) == sorted(tuple(one) for one in trail().stops)
    ends = table[table["sector"].isin(SECTORS)]
    stopped: dict[str, int] = {}
    for state, day in zip(ends["state"], ends["first_day"], strict=True):
        if AT <= (month := months.index(day[:7])) < AT + SOON:
            stopped[state] = min(month, stopped.get(state, month))
    assert trail().stopped == stopped


def test_answers_and_re_sales_are_those_of_their_tables() -> None:
    months = whole().months[AT : AT + SOON]
    table = whole().table("licences").astype({"month": str, "exporter": str, "importer": str})
    lane = (table["exporter"] == "China") & (table["importer"] == STATE)
    rows = table[lane & table["month"].isin(months)]
    assert rows["filed"].sum() > 10
    for name, value in zip(("filed", "granted", "refused"), trail().office, strict=True):
        assert value == pytest.approx(rows[name].sum(), rel=1e-3)
    leaks = whole().table("leaks").astype({"month": str, "route": str, "to": str})
    route = (leaks["route"] == "third_country") & (leaks["to"] == STATE)
    sold = leaks[route & leaks["month"].isin(months)]
    assert trail().resold == pytest.approx(sold["tonnes"].sum(), rel=1e-3, abs=1e-3)
    paid = whole().table("spending").astype({"month": str, "kind": str})
    taxed = paid[(paid["kind"] == "import_tariff") & paid["month"].isin(months)]
    assert trail().tariffs == pytest.approx(taxed["usd_million"].sum(), rel=1e-3)
    assert trail().tariffs > 0.0


def test_a_later_value_of_a_lever_in_its_own_month_is_another_act() -> None:
    moved = check_setting(
        scenario=LIVED,
        levers={"allies_money": 2000, "allies_floor": 110},
        changes=[("2026-01", "allies_money", 10000), ("2026-01", "allies_floor", 140)],
    )

    def funds(of: Scenario) -> dict[str, Fund]:
        short = with_changes(of, months=AT + 2)
        found = run_history(short, (), 0, STATE, DAY, lambda lines: {}).trail
        assert found is not None
        return {one.act: one for one in found.funds if one.act.startswith("lever-")}

    mine, twin = funds(moved.asked()), funds(moved.base())
    assert mine.keys() == twin.keys()
    assert {mine[act].kind for act in mine} == {"grant", "price_floor"}
    assert all(mine[act].terms != twin[act].terms for act in mine)


# ---------------------------------------------------------------- governments that choose

TERMS: Final = ("share", "rate", "floor")  # numbers of an act


@dataclass
class Seen:
    """A world month by month: quotes, and of each act what it has spent, promises by plant and pays
    for; plants with an option, by name.
    """

    spent: dict[str, list[float]] = field(default_factory=dict)
    promised: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    covered: dict[str, set[str]] = field(default_factory=dict)
    terms: dict[str, Event] = field(default_factory=dict)
    open: dict[str, list[bool]] = field(default_factory=dict)
    quotes: list[dict[str, float]] = field(default_factory=list)
    options: dict[str, tuple[str, str]] = field(default_factory=dict)


@cache
def seen(of: Scenario, number: int) -> Seen:
    scenario, seed = drawn_scenario(of, (), number)
    world, found = World(scenario, seed, record=False, collect=False), Seen()
    firms, names = world.firms, world.firms.names
    for row in firms.option_rows.tolist():
        found.options[names[row]] = STATES[firms.state[row]], PROCESSES[firms.process[row]]
    for month in range(of.months):
        world.step()
        found.quotes.append(dict(zip(GOODS, world.market.quote.tolist(), strict=True)))
        for act, one in world.support.programmes.items():
            found.terms[act] = one.event
            to = {names[row]: one.promised[row] for row in np.flatnonzero(one.promised).tolist()}
            for kept, value in (
                (found.spent, one.spent),
                (found.promised, to),
                (found.open, one.open),
            ):
                none = type(value)()
                line = kept.setdefault(act, [])
                line.extend([none] * (month - len(line)) + [value])
            found.covered[act] = {names[row] for row in np.flatnonzero(one.covered)}
    world.let_go()
    return found


def test_plants_open_when_their_capacity_is_there() -> None:
    found, result = trail(), whole()
    assert result.records is not None
    names = result.records.structure.names
    opened = []
    for one in found.plants:
        end = result.records["capacity"][:, names.index(one.name)] > 0
        there = np.flatnonzero(end[one.begun : one.ended]) + one.begun
        opened.append(int(there[0]) if len(there) else None)
    assert [one.opened for one in found.plants] == opened
    assert any(opened)
    assert all(one.opened is None or one.opened > one.begun for one in found.plants)


def test_plants_are_promised_what_the_acts_promise() -> None:
    held = seen(SCENARIO, DRAW)
    for one in trail().plants:
        promised = {
            act: months[one.begun][one.name]
            for act, months in held.promised.items()
            if one.begun < len(months) and months[one.begun].get(one.name, 0.0) > 0.005
        }
        assert one.promised == pytest.approx(promised, rel=1e-3)
    assert any(one.promised for one in trail().plants)


def test_acts_are_those_of_the_world() -> None:
    of, found, held, until = SCENARIO, trail(), seen(SCENARIO, DRAW), AT + SOON
    assert {one.act for one in found.funds} == held.terms.keys()
    for one in found.funds:
        event = held.terms[one.act]
        assert (one.kind, one.actor) == (event.kind, event.actor)
        assert one.begins == event.month_index(of.start)
        assert one.budget == event.get("budget")
        assert set(one.terms) >= {one.budget, *(event.get(name, one.budget) for name in TERMS)}
        capital = one.kind in CAPEX
        most = [
            spent + capital * sum(to.values())
            for spent, to in zip(held.spent[one.act], held.promised[one.act], strict=True)
        ]
        assert one.whole == pytest.approx(max(most), rel=1e-3, abs=1e-6)
        assert one.soon == pytest.approx(max(most[:until]), rel=1e-3, abs=1e-6)
        paid = [month for month, spent in enumerate(held.spent[one.act]) if spent > 0.005]
        assert one.first == (paid[0] if paid else None)
        places = {held.options[name] for name in held.covered[one.act] & {*held.options}}
        assert set(one.covers) == places
        below = [
            quotes[event.get("good")] < event.get("floor")
            for quotes, is_open in zip(held.quotes, held.open[one.act], strict=True)
            if one.kind == "price_floor" and is_open
        ]
        assert one.below == sum(below)
    assert any(one.first is None for one in found.funds)
    assert any(one.below for one in found.funds)
    assert sum(bool(one.covers) for one in found.funds) > 8


def test_a_stockpile_that_is_filled_after_the_measure_is_not_gone_before_it() -> None:
    later = check_setting(scenario=LIVED, changes=[("2026-03", "japan_stockpile", 4)])
    asked = with_changes(later.asked(), months=AT + 24)
    found = run_history(asked, (), DRAW, STATE, DAY, lambda lines: {}).trail
    assert found is not None
    assert any(one.most > 1.0 for one in found.stores)
    assert not any(one.gone for one in found.stores)
