"""What a history keeps to say why is what its tables say, and comes back from its bytes."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from coercivity.experiments.lab.histories import SOON, Drawn, drawn, drawn_scenario
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.setting import checked
from coercivity.experiments.lab.trail import Trail
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.names import SECTORS
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import with_changes

LEVERS = {"japan_stockpile": 4, "allies_money": 2000, "allies_floor": 110, "allies_tariff": 25}
SETTING = checked(levers=LEVERS)
DAY = story_day(SETTING.shipped)
SCENARIO = with_changes(SETTING.asked(), months=60)
AT = month_index(SCENARIO.start, DAY)
STATE = "Japan"
DRAW = 3


@cache
def kept() -> Drawn:
    return drawn(SCENARIO, (), DRAW, STATE, DAY, lambda lines: {})


@cache
def whole() -> Result:
    return run_scenario(*drawn_scenario(SCENARIO, (), DRAW))


def trail() -> Trail:
    found = kept().trail
    assert found is not None
    return found


def test_a_trail_comes_back_from_its_bytes() -> None:
    again = Drawn.unpacked(kept().packed())
    assert again.trail == trail()
    assert len(trail().packed()) < 10_000
    assert Drawn.unpacked(Drawn({}, {}, True, 60).packed()).trail is None


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
        rows = stocks[
            (stocks["state"] == STATE)
            & (stocks["stage"] == "reserve")
            & (stocks["good"] == store.good)
        ]
        line = np.zeros(len(months))
        line[[months.index(str(month)) for month in rows["month"]]] = rows["tonnes"]
        line = line[: AT + SOON]
        assert store.most == pytest.approx(line.max(), rel=1e-3)
        assert store.then == pytest.approx(line[AT], rel=1e-3, abs=1e-6)
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
    assert min(first for _, first, _, _ in seen) < AT  # some stood already
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
    rows = table[
        (table["exporter"] == "China") & (table["importer"] == STATE) & table["month"].isin(months)
    ]
    assert rows["filed"].sum() > 10
    for name, value in zip(("filed", "granted", "refused"), trail().office, strict=True):
        assert value == pytest.approx(rows[name].sum(), rel=1e-3)
    leaks = whole().table("leaks").astype({"month": str, "route": str, "to": str})
    sold = leaks[
        (leaks["route"] == "third_country") & (leaks["to"] == STATE) & leaks["month"].isin(months)
    ]
    assert trail().resold == pytest.approx(sold["tonnes"].sum(), rel=1e-3, abs=1e-3)
    paid = whole().table("spending").astype({"month": str, "kind": str})
    taxed = paid[(paid["kind"] == "import_tariff") & paid["month"].isin(months)]
    assert trail().tariffs == pytest.approx(taxed["usd_million"].sum(), rel=1e-3)
    assert trail().tariffs > 0.0


def test_two_years_alone_keep_what_they_hold() -> None:
    soon = drawn(SCENARIO, (), DRAW, STATE, DAY, lambda lines: {}, months=AT + SOON + 1)
    assert soon.trail is not None
    mine, far = soon.trail, trail()
    assert mine.months == AT + SOON + 1
    assert (mine.stores, mine.stops, mine.office) == (far.stores, far.stops, far.office)
    assert (mine.resold, mine.tariffs, mine.stopped) == (far.resold, far.tariffs, far.stopped)
    begun = [one for one in far.plants if one.begun < mine.months]
    assert [one.name for one in mine.plants] == [one.name for one in begun]
    assert [one.soon for one in mine.funds] == [
        one.soon for one in far.funds if one.begins < mine.months
    ]
