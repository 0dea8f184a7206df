"""What the studies make of their worlds, worked out by hand: made-up answers take the place of the
runs.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.questions import ablation, market_power, relapse
from coercivity.experiments.questions.leverage import CutOff
from coercivity.experiments.questions.shared_runs import Ask
from coercivity.experiments.worlds.draws import Draw
from coercivity.model.basis.calendar import month_names
from coercivity.model.scenario.scenario import Scenario
from tools.docs.kit import episodes
from tools.docs.kit import stock_cover as cover
from tools.docs.kit.stock_cover import Stops

DRAWS = (Draw((), 1), Draw((), 2))


def cost(loss: float) -> CutOff:
    return CutOff(
        seed=1,
        month="2030-01",
        sender="China",
        target="Japan",
        output_lost=0.75 * loss,
        cost_paid=0.25 * loss,
        made_up=0.0,
        gdp_share=0.1,
        exports_lost=5.0,
        sales_lost=2.0,
        share_separation=0.0,
        share_magnets=0.0,
    )


def happens(scenario: Scenario) -> list[str]:
    return [act.kind for act in scenario.choices]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, Callable[[Ask], Any]], list[Ask]]:
    """Answer every ask of a module by a function, and return what was asked."""

    def answer(module: Any, by: Callable[[Ask], Any]) -> list[Ask]:
        asked: list[Ask] = []

        def all_of(asks: Sequence[Ask], workers: int, progress: Any) -> list[Any]:
            asked.extend(asks)
            return [by(one) for one in asks]

        monkeypatch.setattr(module, "answer_all", all_of)
        return asked

    return answer


# ---------------------------------------------------------------- market power


def test_signals_are_counted_against_the_twin_without_any(answering: Any) -> None:
    def answer(ask: Ask) -> Any:
        threats, bans = (happens(ask.scenario).count(kind) for kind in ("threat", "blanket_ban"))
        if ask.lever is not None:
            return cost(100.0 - 10.0 * threats - 20.0 * bans)
        return 1000.0 - 50.0 * bans, 200.0 * (1.0 + (1.5 - ask.seed) * 0.2 * threats)

    asked = answering(market_power, answer)
    rows = {(row["signals"], row["carried_out"]): row for row in market_power.after_signals(DRAWS)}
    assert {one.scenario.months for one in asked} == {73}
    assert [one.lever for one in asked] == [72, None] * 2 * 7
    assert list(rows) == [(n, done) for done in (False, True) for n in range(done, 4)]
    told = {key: (row["change"]["median"], row["stalled"]) for key, row in rows.items()}
    assert told[0, False] == (0.0, 0.0)
    assert told[3, False] == (pytest.approx(-30.0), 0.5)
    assert told[3, True][0] == pytest.approx(-90.0)
    assert rows[2, True]["sender_cost"]["median"] == 100.0
    assert rows[2, False]["rivals"]["median"] == pytest.approx(0.0)


def test_rivals_stall_where_they_lose_more_than_half_a_percent(answering: Any) -> None:
    def stalled(rivals: float) -> float:
        def answer(ask: Ask) -> Any:
            if ask.lever is not None:
                return cost(1.0)
            return 0.0, rivals if happens(ask.scenario) else 100.0

        answering(market_power, answer)
        return float(market_power.after_signals(DRAWS[:1])[1]["stalled"])

    assert (stalled(99.4), stalled(99.6), stalled(100.6)) == (1.0, 0.0, 0.0)


def test_the_entry_map_has_a_cell_for_each_hurdle_and_alarm(answering: Any) -> None:
    def answer(ask: Ask) -> Any:
        at = dict(ask.scenario.parameters)
        threats = happens(ask.scenario).count("threat")
        return 0.0, 100.0 * (1.0 + (at["signal_alarm"] - at["hurdle_weight"]) * bool(threats))

    asked = answering(market_power, answer)
    rows = market_power.entry_map(DRAWS, hurdles=(0.0, 1.0), alarms=(0.1, 0.6))
    assert [len(happens(one.scenario)) for one in asked[:3]] == [0, 3, 6]
    assert {one.scenario.months for one in asked} == {73}
    cells = [(row["hurdle_weight"], row["signal_alarm"]) for row in rows]
    assert cells == [*itertools.product((0.0, 1.0), (0.1, 0.6))]
    assert [round(row["threats"]["median"]) for row in rows] == [10, 60, -90, -40]
    assert [row["stalled"] for row in rows] == [0.0, 0.0, 1.0, 1.0]


def test_leverage_after_an_episode_is_that_over_the_twin_and_has_a_half_life(
    answering: Any,
) -> None:
    lost = {1: 0.8, 2: 0.5, 4: 0.7, 8: 0.9}

    def answer(ask: Ask) -> Any:
        year = (ask.lever - 24) // 12 - 1
        return cost(100.0 * (lost[year] if "blanket_ban" in happens(ask.scenario) else 1.0))

    asked = answering(market_power, answer)
    rows = market_power.after_episode(DRAWS, years=tuple(lost))
    assert [round(row["change"]["median"]) for row in rows] == [-20, -50, -30, -10]
    assert {row["half_life"] for row in rows} == {6.0}  # from the deepest, in year 2, to year 8
    (ban,) = asked[0].scenario.choices
    assert (ban.date, ban.end, ban.targets) == ("2026-01-06", "2027-01-05", ("Japan",))


def test_a_rule_that_reaches_third_countries_is_asked_at_each_compliance(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def leverage(
        scenario: str,
        at: str,
        seeds: Any,
        third_countries: bool = False,
        extraterritorial_compliance: float = 0.0,
    ) -> Any:
        assert (scenario, at) == ("licensing-2025", "2026-01")
        loss = 100.0 * (1.0 + extraterritorial_compliance * third_countries)
        return SimpleNamespace(cut_offs=[cost(loss)])

    monkeypatch.setattr(market_power, "leverage", leverage)
    rows = market_power.third_countries((1,))
    assert [(row["rule"], row["compliance"], row["output_lost"]["median"]) for row in rows] == [
        (False, None, 75.0),
        (True, 0.0, 75.0),
        (True, 0.5, 112.5),
        (True, 1.0, 150.0),
    ]


def test_frozen_exports_are_half_of_the_twins_and_power_lasts_until_half_is_left(
    answering: Any,
) -> None:
    """Half of 800 t at a quota's weight of 1.01 are 404 t."""

    def answer(ask: Ask) -> Any:
        bound = "quota" in happens(ask.scenario)
        price = np.array([1.0, 1.0, 3.0, 2.5, 1.5] if bound else [1.0] * 5)
        level = {"share_": np.full(5, 60.0), "exports_": np.full(5, 800.0), "": price}
        return {f"{of}{name}": level[of] for name in market_power.HELD for of in level}

    asked = answering(market_power, answer)
    rows = market_power.frozen([Draw((), 7)], years=3)
    light = [row for row in rows if row["element"] == "light"]
    assert [row["power"]["median"] for row in light] == [2.0, 1.5, 0.5]
    assert light[0]["share"]["median"] == 0.0
    assert (light[0]["lasts"]["median"], light[0]["never_halves"]) == (2.0, 0.0)
    quotas = [act for ask in asked for act in ask.scenario.choices]
    assert [act.date for act in quotas] == ["2026-01-01", "2027-01-01", "2028-01-01"] * 2
    assert {dict(act.fields)["tonnes"] for act in quotas} == {404.0}


# ---------------------------------------------------------------- what a rule is worth


@pytest.mark.parametrize(
    ("gaps", "worth"),
    [
        ([1.0] * 5, True),
        ([1.0] * 4 + [-1.0], True),
        ([1.0] * 3 + [-1.0] * 2, False),
        ([-1.0] * 4 + [0.0], True),
        ([0.99] * 5, False),
    ],
)
def test_a_rule_is_worth_something_from_four_worlds_in_five_and_a_tenth_on(
    answering: Any, gaps: list[float], worth: bool
) -> None:
    def answer(ask: Ask) -> dict[str, float]:
        is_off = any(not on for _, on in ask.scenario.mechanisms)
        return dict.fromkeys(ablation.LABELS, 10.0 + is_off * gaps[ask.seed])

    asked = answering(ablation, answer)
    rows = ablation.ablate([Draw((), seed) for seed in range(5)], months=12)
    assert {one.scenario.months for one in asked} == {12}
    assert {row["worth"] for row in rows} == {worth}
    found = [rows[0][name]["median"] for name in ("whole", "off", "difference")]
    assert found == pytest.approx([10.0, 10.0 + sorted(gaps)[2], sorted(gaps)[2]])


def test_what_a_channel_does_is_the_whole_less_the_world_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whole: 90 in 2009, 60 in 2018, 50 in 2020 (too late to be the low), 75 at the end; without
    prices nothing falls.
    """
    whole = np.full(16, 90.0)
    whole[3], whole[6], whole[9], whole[11], whole[15] = 80.0, 70.0, 60.0, 50.0, 75.0

    def share(arm: str, draw: Draw) -> np.ndarray:
        return np.full(16, 90.0) if arm == "no price" else whole

    done: list[tuple[int, int]] = []
    monkeypatch.setattr(relapse, "share_by_year", share)
    rows = {
        row["arm"]: row for row in relapse.decompose(DRAWS, lambda at, of: done.append((at, of)))
    }
    assert (list(rows), done) == (list(relapse.ARMS), [(1, 2), (2, 2)])
    names = ("fall", "relapse", "left", "lowest_year", "2009", "2012", "2018", "2024")
    found = [rows["whole"][name]["median"] for name in names]
    assert found == [30.0, 15.0, -15.0, 2018.0, 90.0, 80.0, 60.0, 75.0]
    due = {arm: (rows[arm]["fall_due"]["median"], rows[arm]["left_due"]["median"]) for arm in rows}
    assert (due["whole"], due["no price"], due["no memory"]) == ((0, 0), (30.0, -15.0), (0, 0))


# ---------------------------------------------------------------- cover and the first stop


def stops(monkeypatch: pytest.MonkeyPatch, ban: Stops, twin: Stops) -> dict[str, Any]:
    def of(scenario: Scenario, seed: int) -> Stops:
        return ban if any(event.kind == "blanket_ban" for event in scenario.events) else twin

    monkeypatch.setattr(cover, "_stops", of)
    return cover.cover_and_stop((1,))


def firms(sector: list[int], months: list[float], stop: list[float]) -> Stops:
    return Stops(np.array(sector), np.array(months), np.array(stop))


NEVER = float("inf")


def test_more_cover_is_compared_within_sectors_and_only_where_the_ban_stops_a_firm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sector = [0, 0, 0, 0, 1, 1, 1, 1, 2]
    months = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 1.0]
    stop = [2.0, 4.0, 6.0, 8.0, 1.0, 3.0, 5.0, 7.0, 9.0]
    found = stops(monkeypatch, firms(sector, months, stop), firms(sector, months, [NEVER] * 9))
    assert (found["firms"], found["spearman"], found["slope"]) == pytest.approx((8, 1.0, 2.0))
    assert found["pooled"] < 0.9
    already = firms(sector, months, [*stop[:4], *[NEVER] * 5])  # sector 0 stops without the ban
    assert stops(monkeypatch, firms(sector, months, stop), already)["firms"] == 4


# ---------------------------------------------------------------- episodes


class Told:
    """A result with the rows that the episodes read."""

    def __init__(self, level: float, first: int | None = 30) -> None:
        self.level, self.first = level, first
        self.months = month_names("2009-01", 13)
        self.scenario = SimpleNamespace(start="2009-01")

    def table(self, name: str) -> pd.DataFrame:
        months = ["2009-01", "2009-02", "2010-01"]
        if name == "leaks":
            return pd.DataFrame(
                [("2009-02", "smuggled", "ndpr_oxide", 2.0, "China", "Japan")],
                columns=["month", "route", "good", "tonnes", "via", "to"],
            )
        if name == "prices":
            goods = ["ndpr_oxide", "dysprosium_oxide", "lanthanum_oxide", "magnet_heat_resistant"]
            rows = [
                (month, state, good, self.level, 2 * self.level)
                for month in months
                for state in ("China", "Japan")
                for good in goods
            ]
            return pd.DataFrame(rows, columns=["month", "state", "good", "home", "export"])
        if name == "trade":
            rows = [
                (month, "China", there, good, 10.0)
                for month in months
                for there in ("China", "Japan")
                for good in ("ndpr_oxide", "magnet_standard")
            ]
            rows += [(month, "Vietnam", "Japan", "ndpr_oxide", 5.0) for month in months[1:]]
            return pd.DataFrame(rows, columns=["month", "origin", "destination", "good", "tonnes"])
        keys = ("Japan", "China", "last_origin", "tonnes", "all")
        rows = [(month, *keys, 0.5 + 0.1 * at) for at, month in enumerate(months)] + [
            (months[0], "Japan", "China", "separated_in", "tonnes", "all", 0.9)
        ]
        return pd.DataFrame(
            rows, columns=["month", "state", "supplier", "basis", "measure", "group", "share"]
        )

    def headlines(self) -> dict[str, float | None]:
        return {**dict.fromkeys(episodes.NAMES, self.level), "first_stop_days": self.first}


def test_episodes_are_read_from_the_tables_by_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        episodes, "run_worlds", lambda scenario, seeds, **more: [Told(1.0), Told(3.0)]
    )
    rows = {row["label"]: row["values"] for row in episodes.embargo((1, 2), 1)}
    share = rows["Japan's imports from China, % by tonnage"]
    assert (share["2009"]["median"], share["2010"]["median"]) == (
        pytest.approx(80.0),  # 20 of 25 t, smuggled ones too: Japan's customs count them
        pytest.approx(100.0 * 10.0 / 15.0),
    )
    assert share["2011"] == {"median": None, "low": None, "high": None}
    # not what stays at home, no magnets, and not what is smuggled
    assert rows["Chinese exports of raw materials, t"]["2009"]["median"] == 18.0
    assert rows["NdPr oxide for export, USD/kg"]["2009"] == {"median": 4.0, "low": 2.0, "high": 6.0}
    assert rows["NdPr oxide at home, USD/kg"]["2009"]["median"] == 2.0


def test_a_threat_moves_prices_by_its_largest_yearly_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        episodes,
        "run_worlds",
        lambda scenario, seeds, **more: [
            Told(1.0),
            Told(1.2 if scenario == "threat-2019" else 1.0),
        ],
    )
    assert [(row["good"], round(row["change"], 6)) for row in episodes.threat((1, 2), 1)] == [
        (good, 20.0) for good in episodes.THREAT_GOODS
    ]


def test_a_ban_of_everything_stops_firms_of_japan_that_would_run_without_it() -> None:
    ban, twin = cover._stops(cover._with_ban(), 1), cover._stops(cover._without_ban(), 1)
    assert ban.sector.tolist() == twin.sector.tolist()  # the same firms
    assert ban.cover.tolist() == twin.cover.tolist()
    stopped = np.isfinite(ban.stop)
    assert stopped.sum() > np.isfinite(twin.stop).sum()
    assert ((ban.stop[stopped] >= 0.0) & (ban.stop[stopped] <= 12.0)).all()
