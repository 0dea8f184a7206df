"""What the studies make of their worlds, worked out by hand: made-up answers take the place of the
runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.questions import ablation, market_power, relapse
from coercivity.experiments.questions.jobs import Ask
from coercivity.experiments.questions.leverage import CutOff
from coercivity.experiments.worlds.draws import Draw
from coercivity.model.basis.calendar import month_names
from coercivity.model.scenario.scenario import Scenario
from tools.docs.kit import cover, episodes
from tools.docs.kit.cover import Stops

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
    """Kinds of the acts that a study adds to its base."""
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
        return 1000.0 - 50.0 * bans, 200.0 * (
            1.0 + 0.1 * threats if ask.seed == 1 else 1.0 - 0.1 * threats
        )

    answering(market_power, answer)
    rows = {(row["signals"], row["carried_out"]): row for row in market_power.after_signals(DRAWS)}
    assert list(rows) == [
        (0, False),
        (1, False),
        (2, False),
        (3, False),
        (1, True),
        (2, True),
        (3, True),
    ]
    assert rows[0, False]["change"]["median"] == 0.0
    assert rows[3, False]["change"]["median"] == pytest.approx(-30.0)
    assert rows[3, True]["change"]["median"] == pytest.approx(-90.0)
    assert rows[2, True]["sender_cost"]["median"] == 100.0
    assert (rows[2, False]["rivals"]["median"], rows[2, False]["stalled"]) == (
        pytest.approx(0.0),
        0.5,
    )
    assert rows[0, False]["stalled"] == 0.0


def test_without_leverage_to_begin_with_no_change_is_claimed(answering: Any) -> None:
    answering(market_power, lambda ask: cost(0.0) if ask.lever is not None else (1.0, 1.0))
    assert all(row["change"]["median"] is None for row in market_power.after_signals(DRAWS))


def test_the_entry_map_has_a_cell_for_each_hurdle_and_alarm(answering: Any) -> None:
    def answer(ask: Ask) -> Any:
        at = dict(ask.scenario.parameters)
        threats = happens(ask.scenario).count("threat")
        return 0.0, 100.0 * (1.0 + (at["signal_alarm"] - at["hurdle_weight"]) * bool(threats))

    answering(market_power, answer)
    rows = market_power.entry_map(DRAWS, hurdles=(0.0, 1.0), alarms=(0.1, 0.6))
    assert [(row["hurdle_weight"], row["signal_alarm"]) for row in rows] == [
        (0.0, 0.1),
        (0.0, 0.6),
        (1.0, 0.1),
        (1.0, 0.6),
    ]
    assert [round(row["threats"]["median"]) for row in rows] == [10, 60, -90, -40]
    assert [row["stalled"] for row in rows] == [0.0, 0.0, 1.0, 1.0]


def test_leverage_after_an_episode_is_that_over_the_twin_and_has_a_half_life(
    answering: Any,
) -> None:
    lost = {1: 0.8, 2: 0.5, 4: 0.7, 8: 0.9}

    def answer(ask: Ask) -> Any:
        year = (ask.lever - 24) // 12 - 1
        return cost(100.0 * (lost[year] if "blanket_ban" in happens(ask.scenario) else 1.0))

    answering(market_power, answer)
    rows = market_power.after_episode(DRAWS, years=tuple(lost))
    assert [round(row["change"]["median"]) for row in rows] == [-20, -50, -30, -10]
    assert {row["half_life"] for row in rows} == {6.0}  # from the deepest, in year 2, to year 8


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
        return SimpleNamespace(
            cut_offs=[cost(100.0 * (1.0 + extraterritorial_compliance * third_countries))]
        )

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
    def answer(ask: Ask) -> Any:
        bound = "quota" in happens(ask.scenario)
        price = np.array([1.0, 1.0, 3.0, 2.5, 1.5] if bound else [1.0] * 5)
        return {
            f"{prefix}{name}": price
            if not prefix
            else np.full(5, 800.0 if prefix == "exports_" else 60.0)
            for name in market_power.HELD
            for prefix in ("", "share_", "exports_")
        }

    asked = answering(market_power, answer)
    rows = market_power.frozen(DRAWS, years=3)
    light = [row for row in rows if row["element"] == "light"]
    assert [row["power"]["median"] for row in light] == [2.0, 1.5, 0.5]
    assert light[0]["share"]["median"] == 0.0
    assert (light[0]["lasts"]["median"], light[0]["never_halves"]) == (2.0, 0.0)
    weight = asked[0].scenario.parameter_values().quota_weight
    quotas = [act.to_dict() for ask in asked for act in ask.scenario.choices]
    assert len(quotas) == 2 * 2 * 3  # two elements, two draws, three years
    assert {act["tonnes"] for act in quotas} == {0.5 * weight * 800.0}


# ---------------------------------------------------------------- what a rule is worth


def test_a_rule_is_worth_something_where_its_absence_is_large_and_of_one_sign(
    answering: Any,
) -> None:
    def answer(ask: Ask) -> dict[str, float]:
        off = {name for name, on in ask.scenario.mechanisms if not on}
        up = (
            5.0
            if "M2" in off
            else 5.0 * (-1.0) ** ask.seed
            if "M3" in off
            else 0.05
            if "M4" in off
            else 0.0
        )
        return dict.fromkeys(ablation.LABELS, 10.0 + up)

    answering(ablation, answer)
    rows = {(row["scenario"], row["mechanism"]): row for row in ablation.ablate(DRAWS, months=12)}
    assert {scenario for scenario, _ in rows} == {*ablation.SCENARIOS, *ablation.ALONE}
    worth = {
        arm: row["worth"]
        for (scenario, arm), row in rows.items()
        if scenario == ablation.SCENARIOS[0]
    }
    assert (worth["M2"], worth["M3"], worth["M4"], worth["M5"]) == (
        True,
        False,
        False,
        False,
    )  # of both signs; too small; nothing
    row = rows[ablation.SCENARIOS[0], "M2"]
    assert (row["whole"]["median"], row["off"]["median"], row["difference"]["median"]) == (
        10.0,
        15.0,
        5.0,
    )


def test_what_a_channel_does_is_the_whole_less_the_world_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    years = np.arange(2009, 2025)
    done: list[tuple[int, int]] = []

    def share(arm: str, draw: Draw) -> np.ndarray:
        depth = {"whole": 40.0, "no price": 10.0, "no acts": 0.0}.get(arm, 40.0)
        return np.where(
            years < 2018,
            90.0 - depth * (years - 2009) / 9.0,
            90.0 - depth / 2.0 * (years >= 2018) - depth / 2.0 * (years == 2018),
        )

    monkeypatch.setattr(relapse, "share_by_year", share)
    rows = {
        row["arm"]: row for row in relapse.decompose(DRAWS, lambda at, of: done.append((at, of)))
    }
    assert list(rows) == list(relapse.ARMS)
    assert (
        rows["whole"]["fall"]["median"],
        rows["whole"]["relapse"]["median"],
        rows["whole"]["fall_due"]["median"],
    ) == (40.0, 20.0, 0.0)
    assert (rows["no price"]["fall_due"]["median"], rows["no price"]["relapse_due"]["median"]) == (
        30.0,
        15.0,
    )
    assert rows["no memory"]["fall_due"]["median"] == 0.0
    assert done == [(1, 2), (2, 2)]
    assert rows["whole"] == {row["arm"]: row for row in relapse.decompose(DRAWS)}["whole"]


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
    stop = [
        2.0,
        4.0,
        6.0,
        8.0,
        1.0,
        3.0,
        5.0,
        7.0,
        9.0,
    ]  # two months later for each month of cover; sector 2 has one firm
    found = stops(monkeypatch, firms(sector, months, stop), firms(sector, months, [NEVER] * 9))
    assert (found["firms"], found["spearman"], found["slope"]) == (
        8,
        pytest.approx(1.0),
        pytest.approx(2.0),
    )
    assert found["pooled"] < 0.9
    already = firms(
        sector, months, [*stop[:4], *[NEVER] * 5]
    )  # the first sector stops without the ban too
    assert stops(monkeypatch, firms(sector, months, stop), already)["firms"] == 4


def test_too_few_firms_or_one_cover_for_all_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    few = stops(
        monkeypatch,
        firms([0, 0], [1.0, 2.0], [3.0, 4.0]),
        firms([0, 0], [1.0, 2.0], [NEVER, NEVER]),
    )
    assert (few["firms"], few["spearman"], few["slope"], few["pooled"]) == (0, None, None, None)
    same = stops(
        monkeypatch,
        firms([0] * 4, [2.0] * 4, [1.0, 2.0, 3.0, 4.0]),
        firms([0] * 4, [2.0] * 4, [NEVER] * 4),
    )
    assert (same["firms"], same["spearman"], same["slope"], same["pooled"]) == (4, None, None, None)


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
    assert (
        rows["Chinese exports of raw materials, t"]["2009"]["median"] == 18.0
    )  # not what stays at home, no magnets, and not what is smuggled
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


def test_a_stop_that_never_comes_is_later_than_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        episodes,
        "run_worlds",
        lambda scenario, seeds, **more: [Told(1.0, 10), Told(2.0, None), Told(3.0, 20)],
    )
    rows = episodes.bans((1, 2, 3), 1)
    assert [row["scenario"] for row in rows] == list(episodes.BANS)
    assert rows[0]["first_stop_days"] == {"median": 20.0, "low": 10.0, "high": NEVER}
    assert rows[0]["gdp_effect_worst"] == {"median": 2.0, "low": 1.0, "high": 3.0}


def test_a_ban_of_everything_stops_firms_of_japan_that_would_run_without_it() -> None:
    ban, twin = cover._stops(cover._with_ban(), 1), cover._stops(cover._without_ban(), 1)
    assert ban.sector.tolist() == twin.sector.tolist()  # the same firms
    assert ban.cover.tolist() == twin.cover.tolist()
    stopped = np.isfinite(ban.stop)
    assert stopped.sum() > np.isfinite(twin.stop).sum()
    assert ((ban.stop[stopped] >= 0.0) & (ban.stop[stopped] <= 12.0)).all()
