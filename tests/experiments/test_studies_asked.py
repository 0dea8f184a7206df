"""What the studies ask of which worlds, and public money and hazards worked out by hand: made-up results take the place of the runs."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.agents.governments import sender
from coercivity.experiments.questions import (
    ablation,
    friend_shoring,
    hazards,
    market_power,
    relapse,
)
from coercivity.experiments.questions import grant_or_floor as grants
from coercivity.experiments.questions.jobs import Ask
from coercivity.experiments.worlds.draws import Draw
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.goods import goods
from coercivity.model.basis.names import CHINA, ELEMENTS, GOODS, PROCESS, STATES
from tests.experiments.test_studies_by_hand import Told, answering, cost, happens
from tests.facts import FACTS
from tools.docs.kit import episodes

__all__ = ["answering"]  # the fixture
DRAW = Draw((("cover_spread", 1.5),), 7)
JAPAN, FRANCE = STATES.index("Japan"), STATES.index("France")


# ---------------------------------------------------------------- market power


def test_signals_are_asked_with_leverage_and_with_exports_in_one_world_each(answering: Any) -> None:
    asked = answering(
        market_power, lambda ask: cost(100.0) if ask.lever is not None else (1.0, 1.0)
    )
    rows = market_power.after_signals([DRAW])
    assert len(asked) == 2 * 7
    assert {one.scenario.months for one in asked} == {73}
    assert [one.lever for one in asked] == [72, None] * 7
    assert {one.seed for one in asked} == {7}
    assert {one.scenario.parameters for one in asked} == {DRAW.parameters}
    assert [one.reader for one in asked[1::2]] == [market_power.sender_and_rivals] * 7
    assert [len(happens(one.scenario)) for one in asked[::2]] == [0, 1, 2, 3, 2, 4, 6]
    assert {row["worlds"] for row in rows} == {1}


def test_rivals_stall_where_they_lose_more_than_half_a_percent(answering: Any) -> None:
    def stalled(rivals: float) -> float:
        answering(
            market_power,
            lambda ask: (
                cost(1.0)
                if ask.lever is not None
                else (0.0, rivals if happens(ask.scenario) else 100.0)
            ),
        )
        return float(market_power.after_signals([DRAW])[1]["stalled"])

    assert (stalled(99.4), stalled(99.6), stalled(100.6)) == (1.0, 0.0, 0.0)


def test_the_entry_map_asks_each_cell_with_no_threat_three_threats_and_three_bans(
    answering: Any,
) -> None:
    asked = answering(market_power, lambda ask: (0.0, 100.0 + 10.0 * len(happens(ask.scenario))))
    rows = market_power.entry_map([DRAW])
    assert [(row["hurdle_weight"], row["signal_alarm"]) for row in rows] == [
        (hurdle, alarm) for hurdle in (0.0, 0.33, 0.67, 1.0) for alarm in (0.1, 0.35, 0.6)
    ]
    assert [len(happens(one.scenario)) for one in asked[:3]] == [0, 3, 6]
    assert {one.scenario.months for one in asked} == {73}
    assert dict(asked[0].scenario.parameters) == {
        "cover_spread": 1.5,
        "hurdle_weight": 0.0,
        "signal_alarm": 0.1,
    }
    assert (rows[0]["threats"]["median"], rows[0]["carried_out"]["median"]) == (
        pytest.approx(30.0),
        pytest.approx(60.0),
    )
    assert (rows[0]["stalled"], rows[0]["worlds"]) == (0.0, 1)


def test_an_episode_is_a_year_without_what_is_controlled_and_is_asked_about_years_later(
    answering: Any,
) -> None:
    asked = answering(market_power, lambda ask: cost(50.0 if happens(ask.scenario) else 100.0))
    rows = market_power.after_episode([DRAW])
    assert [row["years_after"] for row in rows] == [1, 2, 3, 4, 6, 8]
    assert {row["change"]["median"] for row in rows} == {-50.0}
    assert [one.lever for one in asked] == 2 * [24 + 12 * (1 + year) for year in (1, 2, 3, 4, 6, 8)]
    assert {one.scenario.months for one in asked} == {24 + 12 * 9 + 1}
    (ban,) = asked[0].scenario.choices
    assert (ban.kind, ban.date, ban.end, ban.targets) == (
        "blanket_ban",
        "2026-01-06",
        "2027-01-05",
        ("Japan",),
    )
    assert not happens(asked[6].scenario)


def test_frozen_quotas_are_half_of_the_twins_exports_of_the_year_before_at_the_quotas_weight(
    answering: Any,
) -> None:
    """In the third year from January 2024 on: the year before has 800 t, of which half, at a weight of 1.25, are 500."""

    def answer(ask: Ask) -> Any:
        exports = np.array([600.0, 800.0, 700.0])
        held = {
            name: {"": np.array([1.0, 1.0, 3.0 if happens(ask.scenario) else 1.0])}
            for name in market_power.HELD
        }
        return {
            name: value
            for element, of in held.items()
            for name, value in (
                (element, of[""]),
                (f"share_{element}", 10.0 * of[""]),
                (f"exports_{element}", exports),
            )
        }

    asked = answering(market_power, answer)
    rows = market_power.frozen([Draw((("quota_weight", 1.25),), 7)], years=1)
    quotas = [act for one in asked for act in one.scenario.choices]
    assert [(act.date, act.end, dict(act.fields)["tonnes"]) for act in quotas] == [
        ("2026-01-01", "2026-12-31", 500.0)
    ] * 2
    assert [set(act.goods) for act in quotas] == [
        {"ndpr_oxide", "ndpr_metal"},
        {"dysprosium_oxide", "terbium_oxide"},
    ]
    assert {one.scenario.months for one in asked} == {36}
    assert [
        (row["element"], row["year"], row["power"]["median"], row["share"]["median"])
        for row in rows
    ] == [
        ("light", 1, 2.0, 20.0),
        ("heavy", 1, 2.0, 20.0),
    ]
    assert (rows[0]["never_halves"], rows[0]["lasts"]["median"]) == (1.0, None)


def test_third_countries_are_asked_at_one_date_of_one_scenario(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Any] = []

    def leverage(*args: Any, **fields: Any) -> Any:
        seen.append((args, fields))
        return SimpleNamespace(cut_offs=[replace(cost(100.0), gdp_share=0.2, exports_lost=7.0)])

    monkeypatch.setattr(market_power, "leverage", leverage)
    rows = market_power.third_countries([1, 2])
    assert {args for args, _ in [((a[0], a[1], tuple(a[2])), f) for a, f in seen]} == {
        ("licensing-2025", "2026-01", (1, 2))
    }
    assert [fields for _, fields in seen] == [
        {},
        *(
            {"third_countries": True, "extraterritorial_compliance": share}
            for share in (0.0, 0.5, 1.0)
        ),
    ]
    assert {name: rows[0][name]["median"] for name in list(rows[0])[2:]} == {
        "output_lost": 75.0,
        "cost_paid": 25.0,
        "gdp_share": 0.2,
        "sales_lost": 2.0,
        "exports_lost": 7.0,
    }


# ---------------------------------------------------------------- relapse and ablation


def test_the_fall_is_looked_for_to_2018_and_each_year_stands_in_its_column(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whole: 90 in 2009, 60 in 2018, 50 in 2020 (too late to be the low), 75 at the end; without prices nothing falls."""
    whole = np.full(16, 90.0)
    whole[3], whole[6], whole[9], whole[11], whole[15] = 80.0, 70.0, 60.0, 50.0, 75.0
    monkeypatch.setattr(
        relapse,
        "share_by_year",
        lambda arm, draw: np.full(16, 90.0) if arm == "no price" else whole,
    )
    rows = {row["arm"]: row for row in relapse.decompose([DRAW])}
    one = rows["whole"]
    assert {name: one[name]["median"] for name in ("fall", "relapse", "left", "lowest_year")} == {
        "fall": 30.0,
        "relapse": 15.0,
        "left": -15.0,
        "lowest_year": 2018.0,
    }
    assert [one[year]["median"] for year in ("2009", "2012", "2015", "2018", "2024")] == [
        90.0,
        80.0,
        70.0,
        60.0,
        75.0,
    ]
    assert one["path"] == whole.tolist()
    assert (rows["no price"]["fall_due"]["median"], rows["no price"]["left_due"]["median"]) == (
        30.0,
        -15.0,
    )
    assert one["worlds"] == 1


def test_an_ablation_asks_each_scenario_whole_and_with_each_rule_off(answering: Any) -> None:
    asked = answering(ablation, lambda ask: dict.fromkeys(ablation.LABELS, 1.0))
    rows = ablation.ablate([DRAW])
    off = [
        (one.scenario.name, [name for name, on in one.scenario.mechanisms if not on])
        for one in asked
    ]
    assert [rule for name, rule in off if name == "friend-shoring-together"] == [[], ["M10"]]
    assert [rule for name, rule in off if name == "governments-decide-2024"] == [[], ["M12"]]
    assert [rule for name, rule in off if name == "business-as-usual"] == [
        [],
        *([f"M{k}"] for k in (2, 3, 4, 5, 7, 9, 11, 13, 14)),
    ]
    assert {one.scenario.months for one in asked} == {120}
    assert {(one.seed, one.scenario.parameters) for one in asked} == {(7, DRAW.parameters)}
    assert not any(row["worth"] for row in rows)


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
    answering(
        ablation,
        lambda ask: dict.fromkeys(
            ablation.LABELS,
            10.0 + (gaps[ask.seed] if any(not on for _, on in ask.scenario.mechanisms) else 0.0),
        ),
    )
    rows = ablation.ablate([Draw((), seed) for seed in range(5)], months=12)
    assert {row["worth"] for row in rows} == {worth}
    assert {row["worlds"] for row in rows} == {5}


def test_episodes_are_run_as_long_as_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []

    def run(scenario: str, seeds: Any, workers: int, months: int | None = None) -> list[Told]:
        asked.append((scenario, tuple(seeds), workers, months))
        return [Told(1.0), Told(2.0)]

    monkeypatch.setattr(episodes, "run_worlds", run)
    monkeypatch.setattr(episodes, "cover_and_stop", lambda seeds: list(seeds))
    found = episodes.build(SimpleNamespace(worlds=2, workers=3, quick=False))  # type: ignore[arg-type]
    assert asked == [
        ("embargo-2010", (1, 2), 3, None),
        ("threat-2019", (1, 2), 3, 48),
        ("business-as-usual", (1, 2), 3, 48),
        *((name, (1, 2), 3, 96) for name in episodes.BANS),
    ]
    assert (found["seeds"], found["years"][0], found["years"][-1]) == (2, "2009", "2015")
    assert found["cover"] == [1, 2, 3, 4]
    quick = episodes.build(SimpleNamespace(worlds=2, workers=3, quick=True))  # type: ignore[arg-type]
    assert quick["cover"] == [1]
    assert {row["change"] for row in found["threat"]} == {0.0}
    assert len(found["embargo"]) == 7


# ---------------------------------------------------------------- what public money buys

SINCE = "2024-03"
MINES = PROCESS["mine_light"]
SEPARATES = PROCESS["separate_heavy"]
METAL = PROCESS["make_metal"]
PRESS = friend_shoring.PRESSES[0]
NDPR = goods(FACTS).content[:, ELEMENTS.index("NdPr")]


class Bought:
    """A run of four firms in Japan, one at each stage of the chain, and a fifth in China; each month the first four pass so many t of NdPr oxide."""

    def __init__(
        self, passes: list[list[float]], months: int = 30, paid: Any = (), **fields: Any
    ) -> None:
        self.months = month_names("2024-01", months)
        self.seed = fields.get("seed", 1)
        self.scenario = SimpleNamespace(start="2024-01", facts=FACTS)
        oxide, metal = GOODS.index("ndpr_oxide"), GOODS.index("ndpr_metal")
        concentrate = GOODS.index("light_concentrate")
        of = SimpleNamespace(
            names=("mine", "separator", "metal maker", "press", "in China"),
            firm_state=np.array([JAPAN, JAPAN, FRANCE, JAPAN, CHINA]),
            firm_process=np.array([MINES, SEPARATES, METAL, PRESS, MINES]),
            offer_firm=np.array([0, 1, 2, 4]),
            offer_good=np.array([concentrate, oxide, metal, concentrate]),
            need_firm=np.array([3, 4]),
            need_good=np.array([metal, metal]),
        )
        flows = np.array(passes, dtype=float)  # months x 4
        flows = np.vstack([flows, np.repeat(flows[-1:], months - len(flows), axis=0)])
        made = np.column_stack(
            [flows[:, :3] / NDPR[[concentrate, oxide, metal]], np.full(months, 99.0)]
        )
        used = np.column_stack([flows[:, 3] / NDPR[metal], np.full(months, 99.0)])
        self.spent = paid

        class Records(dict):  # type: ignore[type-arg]
            structure = of

        self.records: Any = Records(made=made, used=used, **fields.get("records", {}))

    def table(self, name: str) -> pd.DataFrame:
        assert name == "spending"
        return pd.DataFrame(
            list(self.spent), columns=["month", "payer", "payee", "kind", "usd_million"]
        )


def of_japan(month: str, kind: str, amount: float, back: bool = False) -> tuple[Any, ...]:
    who = ("a firm", "government of Japan") if back else ("government of Japan", "a firm")
    return (month, *who, kind, amount)


TWIN = Bought([[10.0, 8.0, 6.0, 4.0]])
SPENT = (
    of_japan("2024-03", "grant", 100.0),
    of_japan("2025-03", "loan", 50.0),
    of_japan("2025-03", "loan_repayment", 20.0, back=True),
    of_japan("2025-03", "sale", 999.0),
    ("2025-03", "a firm", "a firm", "grant", 999.0),
    of_japan("2026-06", "grant", 7.0),
)


def test_each_stage_passes_its_own_tonnes_outside_the_sender() -> None:
    found = friend_shoring.outside(TWIN)  # type: ignore[arg-type]
    assert {stage: float(flow[0]) for stage, flow in found.items()} == {
        "mining": pytest.approx(10.0),
        "separation": pytest.approx(8.0),
        "metal": pytest.approx(6.0),
        "magnet": pytest.approx(4.0),
    }


def test_money_out_and_back_is_that_of_governments_and_of_programmes() -> None:
    paid, back = friend_shoring.public_money(Bought([[1.0] * 4], paid=SPENT))  # type: ignore[arg-type]
    assert (paid[2], paid[14], paid[29], paid.sum()) == (100.0, 50.0, 7.0, 157.0)
    assert (back[14], back.sum()) == (20.0, 20.0)


def test_tonnes_are_those_of_the_scarcest_stage_year_by_year_from_the_first_support() -> None:
    """Presses are 1 t a month behind in the first year from March 2024 (-12 t), 1 t ahead later (12 t, and 4 t in four months); all others are 2 t ahead."""
    more = [[12.0, 10.0, 8.0, 3.0]] * 14 + [[12.0, 10.0, 8.0, 5.0]]
    found = friend_shoring.tonnes_secured(Bought(more, paid=SPENT), TWIN)  # type: ignore[arg-type]
    assert found.yearly == pytest.approx((-12.0, 12.0, 4.0))
    assert found.tonnes == pytest.approx(4.0)
    assert found.by_stage == {
        "mining": pytest.approx(56.0),
        "separation": pytest.approx(56.0),
        "metal": pytest.approx(56.0),
        "magnet": pytest.approx(4.0),
    }
    assert found.first_month == "2025-03"
    assert (found.paid, found.returned) == (157.0, 20.0)
    rate = 1.0 + friend_shoring.DISCOUNT
    assert found.cost == pytest.approx(100.0 + 30.0 / rate + 7.0 / rate ** (27 / 12))
    assert found.cost_per_tonne == pytest.approx(1000.0 * found.cost / 4.0)
    short = friend_shoring.tonnes_secured(Bought(more, paid=SPENT), TWIN, years=1)  # type: ignore[arg-type]
    assert (short.yearly, short.paid) == (pytest.approx((-12.0,)), 100.0)
    later = friend_shoring.tonnes_secured(
        Bought(more, paid=SPENT),
        TWIN,
        since="2025-03",
        discount=0.0,  # type: ignore[arg-type]
    )
    assert (later.yearly, later.paid, later.cost) == (pytest.approx((12.0, 4.0)), 57.0, 37.0)


def test_a_stage_has_passed_the_twin_above_a_hundredth_of_it() -> None:
    """A year of the twin's scarcest stage is 12 x 4 t, of which a hundredth is 0.48 t."""

    def first(extra: float) -> str | None:
        more = Bought([[99.0, 99.0, 99.0, 4.0 + extra / 12.0]], months=24)
        twin = Bought([[10.0, 8.0, 6.0, 4.0]], months=24)
        return friend_shoring.tonnes_secured(more, twin, since="2024-01").first_month  # type: ignore[arg-type]

    assert (first(0.47), first(0.49)) == (None, "2024-01")


def test_nothing_secured_or_paid_has_no_price_and_other_luck_is_no_twin() -> None:
    without = friend_shoring.tonnes_secured(TWIN, TWIN)  # type: ignore[arg-type]
    assert (without.tonnes, without.paid, without.cost_per_tonne) == (0.0, 0.0, None)
    more = friend_shoring.tonnes_secured(Bought([[20.0] * 4]), TWIN)  # type: ignore[arg-type]
    assert (more.tonnes > 0.0, more.cost_per_tonne) == (True, None)
    with pytest.raises(InputError, match="seed 2 and twin seed 1 are no twins"):
        friend_shoring.tonnes_secured(Bought([[1.0] * 4], seed=2), TWIN)  # type: ignore[arg-type]


def test_a_dollar_is_traced_to_the_run_of_its_plant() -> None:
    """The separator is paid 30 and returns 10 from the third month on, and runs 1 t a month more than its twin from the fifth."""
    months = 16
    paid, back, run = (np.zeros((months, 5)) for _ in range(3))
    paid[2, 1], paid[3, 3], back[5, 1] = 30.0, 40.0, 10.0
    run[:] = 2.0
    twin_run = run.copy()
    run[4:, 1] = 3.0
    run[3, 1] = 2.0 + 0.0099 * 2.0  # a hundredth is luck
    records = {"support_paid": paid, "support_back": back, "run": run}
    nothing = {"support_paid": 0.0 * paid, "support_back": 0.0 * back, "run": twin_run}
    more, twin = (Bought([[1.0] * 4], months, records=each) for each in (records, nothing))
    assert friend_shoring.trace(more, twin) == [  # type: ignore[arg-type]
        {
            "firm": "press",
            "state": "Japan",
            "stage": "magnet",
            "paid": 40.0,
            "returned": 0.0,
            "extra_t_per_year": 0.0,
            "first_month": None,
            "first_paid": "2024-04",
        },
        {
            "firm": "separator",
            "state": "Japan",
            "stage": "separation",
            "paid": 30.0,
            "returned": 10.0,
            "extra_t_per_year": pytest.approx(12.0),
            "first_month": "2024-05",
            "first_paid": "2024-03",
        },
    ]
    paid[2, 1] = 0.0  # who only returned money was never paid
    assert [row["first_paid"] for row in friend_shoring.trace(more, twin)] == ["2024-04", None]  # type: ignore[arg-type]


@pytest.fixture
def arms(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What `compare_arms` is asked for, in place of its worlds."""
    asked: list[Any] = []
    monkeypatch.setattr(friend_shoring, "compare_arms", lambda *args: asked.append(args) or [])
    return asked


def test_equal_money_pays_half_of_the_same_total_for_different_stages(arms: list[Any]) -> None:
    friend_shoring.equal_money()
    ((base, events, seeds, since, after, months, workers),) = arms
    assert (base, list(seeds), since, after, months, workers) == (
        "japan-2026",
        [0, 1, 2, 3],
        "2026-01-01",
        (5, 10),
        180,
        1,
    )
    stages = {name: [one.get("stages") for one in acts] for name, acts in events.items()}
    assert stages == {
        "nothing": [],
        "mines": [None, ["mining"]],
        "separation": [None, ["separation"]],
        "both": [None, ["mining", "separation"]],
        "chain": [None, ["mining", "separation", "metal", "magnet"]],
    }
    pool, money = events["mines"]
    assert pool == {
        "date": "2026-01-01",
        "id": "pool",
        "kind": "coalition",
        "actor": "United States",
        "members": ["United States", "EU", "Japan"],
    }
    assert money == {
        "date": "2026-01-01",
        "id": "money",
        "kind": "grant",
        "actor": "United States",
        "budget": 5000.0,
        "stages": ["mining"],
        "share": 0.5,
        "hosts": list(friend_shoring.FRIENDS),
    }


def test_alone_each_member_spends_its_part_at_home_and_together_the_same_in_a_pool(
    arms: list[Any],
) -> None:
    friend_shoring.alone_or_together(total=900.0, workers=2)
    ((_, events, _, since, after, months, workers),) = arms
    assert list(events) == ["nothing", "alone", "together"]
    assert [(one["actor"], one["budget"], one["id"]) for one in events["alone"]] == [
        ("United States", 300.0, "money-United States"),
        ("EU", 300.0, "money-EU"),
        ("Japan", 300.0, "money-Japan"),
    ]
    assert not any("hosts" in one for one in events["alone"])
    assert events["together"] == [friend_shoring.coalition(), *events["alone"]]
    assert (since, after, months, workers) == ("2026-01-01", (5, 10), 180, 2)


def test_a_floor_is_sought_by_halves_until_it_does_what_the_grant_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A floor of L USD/kg brings L t, the grant 55 t: ends 0 and 200, then 100, 50, 75, 62.5: the nearest of these to 55 is 50, 9% less."""
    levels: list[float] = []

    def run(scenario: Any, seeds: Any, workers: int = 1) -> list[Any]:
        floors = [dict(act.fields) for act in scenario.choices if act.kind == "price_floor"]
        levels.extend(one["floor"] for one in floors)
        grants = [act for act in scenario.choices if act.kind == "grant"]
        tonnes = floors[0]["floor"] if floors else 55.0 if grants else 0.0
        return [SimpleNamespace(tonnes=tonnes, acts=scenario.choices) for _ in seeds]

    def secured(one: Any, twin: Any, since: str) -> Any:
        assert (twin.tonnes, since) == (0.0, "2026-01-01")
        stages = dict.fromkeys(friend_shoring.CHAIN, 3.0) | {"separation": one.tonnes}
        return friend_shoring.Secured(1, 3.0, stages, (3.0,), None, 10.0, 0.0, 9.0)

    monkeypatch.setattr(grants, "run_worlds", run)
    monkeypatch.setattr(grants, "tonnes_secured", secured)
    rows = {
        (row["arm"], row["quantity"]): row["median"]
        for row in grants.grant_or_floor(seeds=(1, 2), steps=4)
    }
    assert levels == [0.0, 200.0, 100.0, 50.0, 75.0, 62.5]
    assert rows["price_floor", "floor_level"] == 50.0
    assert rows["price_floor", "reached"] == 1.0
    assert rows["price_floor", "gap"] == pytest.approx(50.0 / 55.0 - 1.0)
    assert rows["price_floor", "equal"] == 1.0
    assert (rows["grant", "tonnes_separation"], rows["grant", "tonnes_secured"]) == (55.0, 3.0)
    assert (rows["grant", "paid"], rows["grant", "public_cost"]) == (10.0, 9.0)
    assert rows["grant", "cost_per_tonne"] == pytest.approx(3000.0)
    levels.clear()
    out = {
        (row["arm"], row["quantity"]): row["median"]
        for row in grants.grant_or_floor(seeds=(1,), high=40.0)
    }
    assert levels == [0.0, 40.0]  # the ends do not enclose what the grant does
    assert (out["price_floor", "reached"], out["price_floor", "equal"]) == (0.0, 0.0)
    levels.clear()
    grants.grant_or_floor(seeds=(1,))
    assert len(levels) == 2 + 10


def test_dependence_before_a_month_is_the_mean_of_the_year_before_it() -> None:
    months = month_names("2024-01", 30)
    keys = ("Japan", "China", "separated_in", "value", "all")
    rows = [(month, *keys, 0.01 * at) for at, month in enumerate(months)]
    rows += [(months[14], *keys[:3], "tonnes", "all", 9.0), (months[14], "France", *keys[1:], 9.0)]
    columns = ["month", "state", "supplier", "basis", "measure", "group", "share"]
    told: Any = SimpleNamespace(
        table=lambda _: pd.DataFrame(rows, columns=columns),
        scenario=SimpleNamespace(start="2024-01", facts=FACTS),
    )
    assert friend_shoring.dependence(told, 24) == pytest.approx(0.01 * (12 + 23) / 2)
    assert friend_shoring.dependence(told, 2) == pytest.approx(0.005)
    assert friend_shoring.dependence(told, 0) is None


# ---------------------------------------------------------------- hazards


def test_triggers_of_the_span_alone_are_scripted_with_their_source() -> None:
    rows = [row for row in load_table("triggers") if "2010-01" <= row["date"][:7] <= "2012-12"]
    found = hazards.trigger_events("2010-01", "2012-12")
    assert [(one["date"], one["actor"], one["targets"], one["severity"]) for one in found] == [
        (row["date"], row["provoker"], [row["provoked"]], row["severity"]) for row in rows
    ]
    assert len(found) > 2
    first = rows[0]["date"][:7]
    assert hazards.trigger_events(first, first)
    assert all(one["source"] for one in found)
    scenario = hazards.decide_scenario("2009-01", 36, "2011-12", ("China", "Japan"))
    assert (scenario.name, scenario.start, scenario.months) == ("triggers-2009", "2009-01", 36)
    assert dict(scenario.governments) == {"China": "autonomous", "Japan": "autonomous"}
    assert hazards.decide_scenario("2009-01", 36, "2011-12", name="mine").name == "mine"


def test_a_ratio_adds_half_a_case_to_each_count() -> None:
    """2 of 10 months after a trigger, 1 of 100 without: (2.5 / 11) / (1.5 / 101)."""
    counts = {"after": 2.0, "months_after": 10.0, "without": 1.0, "months_without": 100.0}
    assert hazards.ratio_of(counts) == (
        pytest.approx(0.2),
        pytest.approx(0.01),
        pytest.approx(2.5 / 11.0 / (1.5 / 101.0)),
    )


def test_the_record_counts_measures_once_each_and_antimony_as_tied_to_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    triggers = [
        ("2023-12-20", "Japan", "T1", "licensing"),
        ("2024-02-10", "Japan", "T2", "licensing"),
        ("2024-02-20", "Japan", "T2", "licensing"),
        ("2024-03-01", "Japan", "T3", "threat"),
        ("2024-12-01", "Japan", "T4", "licensing"),
        ("2025-01-01", "Japan", "T2", "licensing"),
        ("2024-05-01", "Japan", "", ""),
    ]
    tables = {
        "triggers": [
            dict(zip(("date", "provoker", "measure", "instrument"), row, strict=True))
            for row in triggers
        ],
        "timeline": [
            {"id": name, "date": date}
            for name, date in (
                ("T1", "2024-01-05"),
                ("T2", "2024-04-05"),
                ("T3", "2024-03-05"),
                ("T4", "2025-02-05"),
            )
        ],
    }
    monkeypatch.setattr(hazards, "load_table", tables.__getitem__)
    found = hazards.record_panel("2024-01", 12)
    # triggers in February (twice), March, May and December: months 1-4, 4-6 and 11 are after one
    assert found["months_after"] == 7.0
    assert (found["after"], found["without"]) == (1.0, 1.0)  # April; antimony, in August
    assert hazards.record_panel("2024-01", 7)["without"] == 0.0


def mood(**weights: float) -> sender.Temper:
    return replace(hazards.default_temper(), **weights)


@pytest.fixture
def weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that weighs a licence at 0.1 and a ban at its weight of the future; doing nothing always comes first."""

    def candidates(view: Any, of: sender.Temper, *_: Any) -> list[Any]:
        options = [("nothing", 9.0), ("ban", of.weight_future), ("licence", 0.1)]
        found = [SimpleNamespace(kind=kind, score=score) for kind, score in options]
        return sorted(found, key=lambda option: -option.score)

    monkeypatch.setattr(hazards.sender, "candidates", candidates)


def case(name: str, instrument: str, in_sample: bool = True) -> hazards.Case:
    view: Any = None
    return hazards.Case(name, "Japan", instrument, in_sample, view, 0, ())


@pytest.mark.usefixtures("weighed")
def test_the_rule_is_asked_for_its_best_given_that_it_acts() -> None:
    assert hazards.predicted(case("a", ""), mood(weight_future=0.2)) == "ban"
    assert hazards.predicted(case("a", ""), mood(weight_future=0.0)) == "licence"
    assert [
        option.kind for option in hazards.options_of(case("a", ""), mood(weight_future=0.2))
    ] == [
        "ban",
        "licence",
    ]


@pytest.mark.usefixtures("weighed")
def test_a_likelihood_is_a_logit_at_a_spread_of_a_twentieth() -> None:
    """Scores of 0.2 and 0.1 are 4 and 2 spreads: a ban has e^4 / (e^4 + e^2)."""
    of = mood(weight_future=0.2)
    ban = 1.0 / (1.0 + math.exp(-2.0))
    assert hazards.likelihood([case("a", "ban")], of) == pytest.approx(math.log(ban))
    both = [case("a", "ban"), case("b", "licence")]
    assert hazards.likelihood(both, of) == pytest.approx(math.log(ban) + math.log(1.0 - ban))
    never = hazards.likelihood([case("a", "quota")], of)
    assert never == pytest.approx(math.log(1e-12) - math.log(1.0 + math.exp(-2.0)))


@pytest.mark.usefixtures("weighed")
def test_a_case_is_told_by_the_weights_of_the_others_and_a_later_one_by_all() -> None:
    """Bans ask for a large weight of the future, licences for none. Left out, the one licence is told by bans alone."""
    found = [case("a", "ban"), case("b", "ban"), case("c", "licence"), case("d", "ban", False)]
    rows = hazards.leave_one_out(found, mood())
    assert [row["documented"] for row in rows] == ["ban", "ban", "licence", "ban"]
    assert {row["constant"] for row in rows} == {"ban"}
    assert rows[2]["weight_future"] == 0.3  # the largest on the grid
    assert rows[2]["rule"] == "ban"
    assert [row["in_sample"] for row in rows] == [True, True, True, False]
    whole = hazards.fit(found[:3], mood())
    assert rows[3]["weight_future"] == whole.weight_future
    assert hazards.fit([found[2]], mood()).weight_future == 0.0


def test_the_report_pools_worlds_and_counts_gains_over_the_constant_guess(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []

    def panels(start: str, months: int, last: str, seeds: Any) -> list[dict[str, float]]:
        asked.append((start, months, last, len(seeds)))
        base = {"months_after": 10.0, "months_without": 100.0, "without": 0.0}
        return [{**base, "after": float(count)} for count in (1, 2, 6)]

    guesses = [
        {"in_sample": True, "documented": "ban", "rule": "ban", "constant": "licence"},
        {"in_sample": True, "documented": "ban", "rule": "ban", "constant": "ban"},
        {"in_sample": True, "documented": "licence", "rule": "ban", "constant": "ban"},
        {"in_sample": False, "documented": "licence", "rule": "ban", "constant": "licence"},
    ]
    record = {"months_after": 20.0, "months_without": 50.0, "without": 1.0, "after": 4.0}
    monkeypatch.setattr(hazards, "model_panel", panels)
    monkeypatch.setattr(hazards, "record_panel", lambda *_: record)
    monkeypatch.setattr(hazards, "cases", list)
    monkeypatch.setattr(hazards, "leave_one_out", lambda *_: guesses)
    rows = {row["id"]: row for row in hazards.report()}
    assert asked == [("2009-01", 192, "2024-12", 16), ("2024-01", 30, "2026-06", 16)]
    pooled = {"after": 9.0, "months_after": 30.0, "without": 0.0, "months_without": 300.0}
    ratio = rows["hazard-ratio-2009"]
    assert ratio["value"] == pytest.approx(hazards.ratio_of(pooled)[2])
    assert ratio["record"] == pytest.approx(hazards.ratio_of(record)[2])
    assert (ratio["passes"], ratio["cases"]) == (ratio["value"] > float(ratio["threshold"]), 9.0)
    level = rows["hazard-level-2024"]  # 1, 2 and 6 in the worlds: 1.1 to 5.6; the record has 5
    assert (level["value"], level["record"], level["passes"], level["cases"]) == (
        2.0,
        5.0,
        True,
        5.0,
    )
    loo, out = rows["instrument-loo"], rows["instrument-out"]
    assert (loo["value"], loo["record"], loo["cases"]) == (1.0, 2.0, 3.0)
    assert (out["value"], out["record"], out["cases"], out["passes"]) == (-1.0, 0.0, 1.0, False)
