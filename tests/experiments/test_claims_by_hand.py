"""The numbers of the claims from answers made by hand: each metric, where it is undefined, and its
units (worlds reckon in USD million, claims in bn).
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.claims import EXPERIMENTS, cases, power, readers, supply, support
from coercivity.experiments.claims.setting import BAN, Setting, ban_of_japan
from coercivity.experiments.claims.table import choose_claims
from coercivity.experiments.claims.verdict import Evidence, flip, judge
from coercivity.experiments.quantities.dependence import dependence, yearly_dependence
from coercivity.experiments.quantities.headlines import monthly_gdp
from coercivity.experiments.quantities.watch import Trace
from coercivity.experiments.questions.acts import act, signal_acts
from coercivity.experiments.questions.jobs import Ask, gather
from coercivity.experiments.worlds.draws import Draw, draws
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.names import GOODS, SECTOR, SECTORS, STAGES
from coercivity.model.scenario.scenario import load_scenario, with_changes

NDPR, DYSPROSIUM = GOODS.index("ndpr_oxide"), GOODS.index("dysprosium_oxide")


def trace(
    events: tuple[tuple[int, str, str, str], ...] = (), press_run: Any = None, **series: Any
) -> Trace:
    """A trace with these series alone."""
    found = {name: np.asarray(values, dtype=float) for name, values in series.items()}
    return Trace(
        "2024-01",
        found,
        np.zeros((0, 0)) if press_run is None else np.asarray(press_run, dtype=float),
        np.zeros(0),
        events,
    )


def monthly(months: int, columns: int = 1, at: int = 0, **values: float) -> np.ndarray:
    """A series of zeros with one column at a value in months m24, m25 and so on."""
    found = np.zeros((months, columns))
    for month, value in values.items():
        found[int(month[1:]), at] = value
    return found


def value_of(claim: str, found: dict[str, Any]) -> float | None:
    return EXPERIMENTS[claim].value(found)


def beside(claim: str, found: dict[str, Any]) -> dict[str, float | None]:
    reader = EXPERIMENTS[claim].beside
    assert reader is not None
    return reader(found)


def lever(loss: float) -> SimpleNamespace:
    """What a cut-off costs, USD million."""
    return SimpleNamespace(loss=loss)


def flow(months: int = 72, **at_ban: float) -> dict[str, np.ndarray]:
    """Flows of a world, USD million: each once, in the month of the ban."""
    found = {
        name: np.zeros(months)
        for name in ("output_lost", "cost_paid", "made_up", "to_target", "investment_postponed")
    }
    for name, value in at_ban.items():
        found[name][BAN] = value
    return found


# ---------------------------------------------------------------- what is read from a trace


def test_dependence_is_a_share_in_percent_of_the_months_asked_for() -> None:
    one = trace(
        raw_from_sender=monthly(36, m11=9.0, m12=30.0, m23=30.0, m24=9.0),
        raw_imports=monthly(36, m11=9.0, m12=50.0, m23=30.0, m24=18.0),
    )
    assert dependence(one, 12) == pytest.approx(75.0)
    assert dependence(one, 24, 1) == pytest.approx(50.0)
    assert math.isnan(dependence(one, 0, 6))
    np.testing.assert_allclose(yearly_dependence(one), [100.0, 75.0, 50.0])


def test_a_plant_stops_when_it_runs_below_half_of_its_half_year_before() -> None:
    """Plants: stops half-way through the second month; runs through at 60%; too small to be one;
    stops at once (its strong months are too long ago).
    """
    run = np.ones((BAN + 6, 4)) * [10.0, 10.0, 0.4, 10.0]
    run[: BAN - 6] = 99.0
    run[BAN:, 0] = [6.0, 4.0, 0.0, 0.0, 0.0, 0.0]
    run[BAN:, 1] = 6.0
    run[BAN:, 3] = 0.0
    np.testing.assert_allclose(readers.press_months(trace(press_run=run)), [1.4, 48.0, 0.0])


def test_the_first_event_of_a_kind_from_a_month_on() -> None:
    one = trace(
        events=(
            (3, "Japan", "concession", ""),
            (30, "EU", "concession", ""),
            (31, "Japan", "ban", ""),
            (33, "Japan", "concession", ""),
        )
    )
    assert readers.when(one, "concession", "Japan", BAN) == 9.0
    assert readers.when(one, "concession", since=BAN) == 6.0
    assert readers.when(one, "concession") == 3.0
    assert readers.when(one, "concession", since=30) == 0.0
    assert math.isnan(readers.when(one, "concession", "China"))


def test_japan_gives_way_and_its_dependence_five_years_on() -> None:
    """Sixty months after the ban: the year from month 54 after it, the sixtieth in its middle."""
    series = {
        "raw_from_sender": monthly(BAN + 66, m78=30.0, m89=10.0, m77=99.0),
        "raw_imports": monthly(BAN + 66, m78=60.0, m89=40.0, m77=99.0),
    }
    assert readers.conceded(trace(((BAN + 4, "Japan", "concession", ""),), **series)) == (
        4.0,
        pytest.approx(40.0),
    )


def test_flows_sum_over_sectors_and_leave_defence_out_of_what_is_civil() -> None:
    count, months = len(SECTORS), BAN + 30
    gap = np.zeros((months, count))
    gap[BAN] = np.arange(count)
    gap[BAN + 23] = 1.0
    gap[BAN + 24] = 100.0  # after the two years
    gap[BAN - 1] = 100.0  # before the ban
    series = dict.fromkeys(
        ("output_lost", "cost_paid", "made_up", "investment_postponed"), np.ones((months, count))
    )
    exports = {"exports": np.full((months, 1), 5.0), "exports_to_target": np.full((months, 1), 2.0)}
    found = readers.flows(trace(gdp_effect=gap, planned=gap + 1.0, **series, **exports))
    assert found["output_lost"][0] == count
    assert found["civil_gdp"][BAN] == count * (count - 1) / 2 - SECTOR["aerospace_defence"]
    assert (
        found["civil_planned"][BAN]
        == count * (count - 1) / 2 - SECTOR["aerospace_defence"] + count - 1
    )
    np.testing.assert_allclose(found["sector_gap"], np.arange(count) + 1.0)
    np.testing.assert_allclose(found["sector_planned"], np.arange(count) + 1.0 + 24.0)
    assert (found["exports"][0], found["to_target"][0]) == (5.0, 2.0)


def test_capacity_outside_is_what_stands_and_what_is_being_built() -> None:
    stands, building = np.zeros((24, len(STAGES))), np.zeros((24, len(STAGES)))
    for place, stage in enumerate(("separation", "metal", "magnet"), start=1):
        stands[:, STAGES.index(stage)], building[:, STAGES.index(stage)] = 100.0 * place, 10.0
    stands[11] += 1.0
    one = trace(capacity_outside=stands, building_outside=building)
    np.testing.assert_allclose(readers.rivals(one, 3), [110.0, 210.0, 310.0])
    np.testing.assert_allclose(
        readers.rival_path(one), [[111.0, 211.0, 311.0], [110.0, 210.0, 310.0]]
    )


def test_tonnes_made_outside_are_ndpr_and_dysprosium_in_the_months_asked_for() -> None:
    made = np.zeros((40, len(GOODS)))
    made[9], made[10], made[14], made[15] = 1000.0, 1.0, 1.0, 1000.0
    assert readers.made_outside(trace(made_outside=made), 10, 5) == 4.0


def test_money_paid_and_yearly_prices() -> None:
    assert readers.support_paid(trace(support=[[1.0], [2.5]])) == 3.5
    price = np.zeros((30, len(GOODS)))
    price[:12, NDPR], price[12:24, NDPR], price[24:, NDPR] = (
        60.0,
        [50.0, 70.0] * 6,
        999.0,
    )  # half a year is no year
    price[:, DYSPROSIUM] = 300.0
    np.testing.assert_allclose(readers.yearly_price(trace(world_price=price)), [60.0, 60.0])
    np.testing.assert_allclose(
        readers.yearly_price(trace(world_price=price), "dysprosium_oxide"), [300.0, 300.0]
    )


# ---------------------------------------------------------------- power.py: C2, C10, C11, C13


@pytest.mark.parametrize(
    ("gave_way", "banned", "free", "value"),
    [
        (36.0, 60.0, 60.0, 1.0),
        (37.0, 60.0, 60.0, 0.0),
        (36.0, 50.0, 60.0, 0.0),
        (math.nan, 50.0, 60.0, -1.0),
        (math.nan, 50.1, 60.0, 0.0),
    ],
)
def test_c2_counts_a_concession_in_three_years_against_ten_points_of_dependence(
    gave_way: float, banned: float, free: float, value: float
) -> None:
    assert value_of("C2", {"ban": (gave_way, banned), "free": (math.nan, free)}) == value


def test_c2_beside() -> None:
    found = beside("C2", {"ban": (40.0, 45.0), "free": (math.nan, 60.0)})
    assert list(found.values()) == [0.0, 40.0, 1.0, 15.0]
    assert (
        beside("C2", {"ban": (math.nan, 45.0), "free": (math.nan, 60.0)})[
            "months until it gives way"
        ]
        is None
    )


def test_c10_reads_months_and_a_loss_in_billions_from_the_measure_on() -> None:
    """2,000 million lost and 500 paid after the measure are 2.5 bn; what was lost before it does
    not count.
    """
    series = {
        "output_lost": monthly(power.COURT, m23=9e9, m24=1500.0, m119=500.0),
        "cost_paid": monthly(power.COURT, m24=500.0),
    }
    assert power.lifted(trace(((BAN + 30, "China", "end of licensing", ""),), **series)) == (
        30.0,
        pytest.approx(2.5),
    )
    assert power.lifted(trace(**series))[0] == power.COURT - BAN == 96.0
    found = {"security": (60.0, 4.0), "conservation": (35.0, 2.5)}
    assert value_of("C10", found) == 25.0
    assert list(beside("C10", found).values()) == [60.0, 35.0, pytest.approx(1.5)]


def test_c11_signals_come_a_year_apart_and_are_carried_out_two_months_later_for_three() -> None:
    assert [one["date"] for one in signal_acts(2, carried_out=False)] == [
        "2025-01-15",
        "2026-01-15",
    ]
    acts = signal_acts(1, carried_out=True)
    assert [one["kind"] for one in acts] == ["threat", "blanket_ban"]
    assert (acts[0]["severity"], acts[1]["date"], acts[1]["end"]) == (
        1.0,
        "2025-03-01",
        "2025-05-31",
    )


def test_c11_is_the_change_of_leverage_in_percent_and_tells_it_in_billions() -> None:
    found = {"none": lever(8000.0), "threats": lever(10_000.0), "carried out": lever(4000.0)}
    assert value_of("C11", found) == pytest.approx(25.0)
    assert list(beside("C11", found).values()) == [pytest.approx(8.0), pytest.approx(-50.0)]
    assert value_of("C11", {**found, "none": lever(0.0)}) is None
    assert power.change({"none": lever(1.0), "threats": lever(3.0)}, "threats") == pytest.approx(
        200.0
    )


def instruments(aimed: float, cost_aimed: float, blunt: float, cost_blunt: float) -> dict[str, Any]:
    """USD million: losses imposed (half of them as cost) and sales to the target lost by the two
    instruments.
    """
    return {
        "targeted": flow(output_lost=aimed / 2, cost_paid=aimed / 2, to_target=-cost_aimed),
        "blunt": flow(output_lost=blunt / 2, cost_paid=blunt / 2, to_target=-cost_blunt),
        "free": flow(),
    }


def test_c13_compares_what_a_dollar_of_lost_sales_imposes() -> None:
    assert power.gain(instruments(3000.0, 500.0, 8000.0, 4000.0), "targeted") == (3000.0, 500.0)
    assert value_of("C13", instruments(3000.0, 500.0, 8000.0, 4000.0)) == pytest.approx(6.0 / 2.0)
    for undefined in (
        instruments(3000.0, 0.0, 8000.0, 4000.0),
        instruments(3000.0, 500.0, 0.0, 4000.0),
        instruments(3000.0, 500.0, 8000.0, 0.0),
    ):
        assert value_of("C13", undefined) is None
    assert value_of("C13", instruments(0.5, 0.5, 0.5, 0.5)) == pytest.approx(1.0)


def test_c13_tells_losses_and_sales_in_billions() -> None:
    found = beside("C13", instruments(3000.0, 500.0, 8000.0, 4000.0))
    assert found["loss imposed, targeted, USD bn"] == pytest.approx(3.0)
    assert found["sales lost, targeted, USD bn"] == pytest.approx(0.5)
    assert found["loss imposed, blunt, USD bn"] == pytest.approx(8.0)
    assert found["sales lost, blunt, USD bn"] == pytest.approx(4.0)
    undefined = "targeted costs no sales (1), so that the ratio is undefined"
    assert found[undefined] == 0.0
    assert beside("C13", instruments(3000.0, 0.0, 8000.0, 4000.0))[undefined] == 1.0


def test_c13_counts_sales_over_the_year_of_the_measure_and_losses_over_three() -> None:
    found = instruments(0.0, 0.0, 0.0, 0.0)
    found["blunt"]["to_target"][BAN + 11], found["blunt"]["to_target"][BAN + 12] = -7.0, -1000.0
    found["blunt"]["output_lost"][BAN + 35], found["blunt"]["output_lost"][BAN + 36] = 5.0, 1000.0
    found["blunt"]["output_lost"][BAN - 1] = 1000.0
    assert power.gain(found, "blunt") == (5.0, 7.0)


# ---------------------------------------------------------------- cases.py: C3, C12, C14, C16


def test_c3_reads_the_last_year_and_the_lowest() -> None:
    path = np.array(
        [90.0 - year for year in range(10)] + [np.nan] + [62.0 + year for year in range(5)]
    )
    assert value_of("C3", {"path": path}) == 66.0
    assert value_of("C3", {"path": np.array([60.0, np.nan])}) is None
    found = beside("C3", {"path": path})
    assert (found["2009, %"], found["2012, %"], found["2024, %"]) == (90.0, 87.0, 66.0)
    assert (found["lowest, %"], found["year of the lowest"]) == (62.0, 2020.0)


def test_c12_is_what_all_cases_add_beyond_the_sum_of_each() -> None:
    """None 1,000; each of four adds 100; together they add 600: 200 more than the sum, 20% of what
    is lost without any.
    """
    found = {
        "none": lever(1000.0),
        **{case: lever(1100.0) for case in cases.CASES},
        "all": lever(1600.0),
    }
    assert value_of("C12", found) == pytest.approx(20.0)
    told = beside("C12", found)
    assert told["loss without cases, USD bn"] == pytest.approx(1.0)
    assert told["ev adds, USD bn"] == pytest.approx(0.1)
    assert told["all adds, USD bn"] == pytest.approx(0.6)
    assert value_of("C12", {**found, "none": lever(0.0)}) is None


def test_a_case_is_scaled_in_its_growth_up_to_two() -> None:
    once = [float(event["growth"]) for event in cases.scaled(Facts.default(), "ev", 1.0)]
    assert [
        float(event["growth"]) for event in cases.scaled(Facts.default(), "ev", 0.5)
    ] == pytest.approx([growth / 2 for growth in once])
    assert {event["growth"] for event in cases.scaled(Facts.default(), "ev", 1e6)} == {2.0}


def test_c14_compares_the_dearest_year_and_tells_losses_in_billions() -> None:
    prices = np.full(15, 60.0)
    boom = prices * np.array([1.0] * 5 + [1.03, 1.04, 1.06] + [1.07] * 3 + [1.5, 1.1, 1.1, 1.2])
    found = {"boom": (boom, 7.5), "free": (prices, 5.0)}
    assert value_of("C14", found) == pytest.approx(50.0)
    told = beside("C14", found)
    assert list(told.values()) == [
        pytest.approx(4.0),
        pytest.approx(50.0),
        pytest.approx(20.0),
        2031.0,
        pytest.approx(2.5),
    ]
    assert (
        beside("C14", {"boom": (prices, 5.0), "free": (prices, 5.0)})[
            "first year 5% above the twin"
        ]
        is None
    )
    one = trace(
        world_price=np.full((12, len(GOODS)), 60.0), output_lost=[[1500.0]], cost_paid=[[500.0]]
    )
    assert cases.price_and_loss(one)[1] == pytest.approx(2.0)


def test_c16_compares_a_leaking_ban_with_a_tight_one() -> None:
    def world(lost: float, leaked: float) -> dict[str, Any]:
        return {**flow(output_lost=lost * 0.75, cost_paid=lost * 0.25), "leaked": leaked}

    found = {
        "ban 0": world(2000.0, 40.0),
        "ban 1": world(3000.0, 0.0),
        "free 0": world(0.0, 900.0),
        "free 1": world(0.0, 900.0),
    }
    assert value_of("C16", found) == pytest.approx(50.0)
    assert list(beside("C16", found).values()) == [
        pytest.approx(2.0),
        pytest.approx(3.0),
        40.0,
        0.0,
    ]
    assert value_of("C16", {**found, "ban 0": world(0.0, 40.0)}) is None
    assert value_of(
        "C16", {**found, "ban 0": world(0.5, 40.0), "ban 1": world(1.0, 0.0)}
    ) == pytest.approx(100.0)


def test_what_leaks_is_counted_over_the_year_of_the_ban() -> None:
    came = monthly(48, m23=100.0, m24=1.0, m35=2.0, m36=100.0)
    one = trace(output_lost=np.ones((48, 3)), cost_paid=np.zeros((48, 3)), raw_from_sender=came)
    found = cases.bite(one)
    assert found["leaked"] == 3.0
    assert found["output_lost"][0] == 3.0


# ---------------------------------------------------------------- supply.py: C1, C4 to C7


def test_the_worst_year_is_twelve_months_in_a_row_from_the_ban_on() -> None:
    gap = np.zeros(60)
    gap[:BAN] = -100.0
    gap[BAN + 10 : BAN + 22], gap[BAN + 22] = -1.0, -0.5
    assert supply.worst_year(gap) == -12.0
    assert supply.worst_year(gap, np.full(60, 2.0)) == pytest.approx(-0.5)


def test_c1_is_the_worst_civil_year_in_percent() -> None:
    civil = np.zeros(72)
    civil[BAN : BAN + 6] = -2.0
    found = {
        "ban": {"civil_gdp": civil, **flow(output_lost=2500.0, cost_paid=500.0, made_up=250.0)},
        "free": {"civil_gdp": np.zeros(72), "civil_planned": np.full(72, 50.0), **flow()},
    }
    assert value_of("C1", found) == pytest.approx(2.0)  # 12 of 600
    assert list(beside("C1", found).values()) == [
        pytest.approx(2.5),
        pytest.approx(0.5),
        pytest.approx(0.25),
    ]
    assert (
        value_of("C1", {"ban": found["free"], "free": {**found["free"], "civil_gdp": civil}}) == 0.0
    )  # better than the twin is no loss


def test_c4_is_the_median_plant() -> None:
    found = {"ban": np.array([1.0, 2.0, 5.0, 48.0])}
    assert value_of("C4", found) == 2.0
    assert list(beside("C4", found).values()) == [1.0, 48.0, 0.25]
    assert value_of("C4", {"ban": np.zeros(0)}) is None


def test_c5_is_the_part_of_the_loss_that_is_output() -> None:
    assert value_of(
        "C5", {"ban": flow(output_lost=3.0, cost_paid=1.0), "free": flow()}
    ) == pytest.approx(0.75)
    assert value_of("C5", {"ban": flow(output_lost=3.0, cost_paid=-1.0), "free": flow()}) == 1.0
    assert value_of("C5", {"ban": flow(output_lost=-3.0, cost_paid=0.5), "free": flow()}) == 0.0
    assert value_of("C5", {"ban": flow(), "free": flow()}) is None


def test_c6_counts_the_named_sectors_among_the_five_that_lose_most() -> None:
    count = len(SECTOR)
    lost = np.zeros(count)
    named = [SECTOR[name] for name in supply.NAMED]
    lost[named] = [5.0, 4.0, 3.0, 0.0, 0.0]
    others = [at for at in range(count) if at not in named][:2]
    lost[others] = 2.0
    found = {
        "ban": {"sector_gap": -lost},
        "free": {
            "facts": Facts.default(),
            "sector_gap": np.zeros(count),
            "sector_planned": np.full(count, 10.0),
        },
    }
    assert value_of("C6", found) == 3.0
    assert beside("C6", found)["automotive: share of output lost"] == pytest.approx(0.5)
    assert value_of("C6", {**found, "ban": found["free"]}) is None


def test_c7_is_the_worst_year_in_percent_of_gdp_and_tells_billions() -> None:
    effect, gdp = np.zeros(72), monthly_gdp(Facts.default(), "Japan", month_names("2024-01", 72))
    effect[BAN : BAN + 12] = -gdp[BAN : BAN + 12] / 100.0
    found = {
        name: {"facts": Facts.default(), "gdp_effect": series, **flow(investment_postponed=worth)}
        for name, series, worth in (("ban", effect, 1500.0), ("free", effect * 0, 0.0))
    }
    assert value_of("C7", found) == pytest.approx(-1.0)
    assert beside("C7", found)["investment postponed in 36 months, USD bn"] == pytest.approx(1.5)
    assert 3e6 < gdp[:12].sum() < 6e6  # USD million: Japan's GDP is some USD 4,000 bn


# ---------------------------------------------------------------- support.py: C8, C9, C15


def test_c8_compares_what_equal_money_avoids() -> None:
    found: dict[str, Any] = {
        "none": lever(2000.0),
        "mines": lever(1900.0),
        "separation": lever(1500.0),
        "both": lever(1600.0),
    }
    found |= {f"{arm} paid": 1800.0 for arm in ("mines", "separation", "both")}
    assert value_of("C8", found) == pytest.approx(20.0)
    told = beside("C8", found)
    assert told["loss without support, USD bn"] == pytest.approx(2.0)
    assert told["taken up by both, USD million"] == 1800.0
    assert value_of("C8", {**found, "none": lever(0.0)}) is None
    assert support.avoided({"none": lever(1.0), "mines": lever(0.5)}, "mines") == pytest.approx(
        50.0
    )


def test_c9_is_how_much_more_stands_after_five_years_on_average_over_stages() -> None:
    found = {
        "ban": np.array([[1.0, 1.0, 1.0], [2.0, 4.0, 3.0]]),
        "free": np.array([[1.0, 1.0, 2.0], [1.0, 2.0, 2.0]]),
    }
    assert value_of("C9", found) == pytest.approx(100.0 * ((2.0 + 2.0 + 1.5) / 3.0 - 1.0))
    assert beside("C9", found) == {
        "more at the end of 2024, %": pytest.approx(-100.0 / 6.0),
        "more at the end of 2025, %": pytest.approx(500.0 / 6.0),
    }


@pytest.mark.parametrize(
    ("early", "late", "value"),
    [
        (130.0, 110.0, 3.0),
        (100.5, 150.0, 0.0),
        (130.0, 100.5, None),
        (101.0, 101.0, 1.0),
        (90.0, 90.0, 0.0),
    ],
)
def test_c15_is_the_ratio_of_extra_tonnes(early: float, late: float, value: float | None) -> None:
    found = {"none": 100.0, "early": early, "late": late, "early paid": 400.0, "late paid": 300.0}
    assert value_of("C15", found) == (None if value is None else pytest.approx(value))
    assert list(beside("C15", found).values()) == [early - 100.0, late - 100.0, 400.0, 300.0]


def test_a_grant_pays_half_and_both_arms_get_half_of_the_money_each() -> None:
    assert support.grant(["mining"], 500.0, 36)["share"] == 0.5
    assert support.grant(["mining"], 500.0, 36)["end"] == "2029-01-05"
    setting = Setting(choose_claims(["C8"])[0], draws(1)[0], full=True)
    both = support.equal_money(setting)["both"].scenario
    assert sorted(
        dict(event.fields).get("budget", 0.0)
        for event in both.choices
        if event.id.startswith("money-for")
    ) == [1000.0, 1000.0]


# ---------------------------------------------------------------- dates, levers and verdicts


@pytest.mark.parametrize(
    ("months", "end"),
    [
        (1, "2026-02-05"),
        (12, "2027-01-05"),
        (13, "2027-02-05"),
        (0.2, "2026-02-05"),
        (1.6, "2026-03-05"),
    ],
)
def test_an_act_stays_in_force_for_whole_months(months: float, end: str) -> None:
    assert ban_of_japan(months)["end"] == end
    assert "end" not in act("blanket_ban", "2026-01-06")


def test_a_lever_moves_only_where_it_is_the_claims_own() -> None:
    claim, draw = choose_claims(["C5"])[0], draws(1)[0]
    moved = Setting(claim, draw, moved=0.0)
    assert claim.flip == "duration_months"
    assert moved.lever("duration_months", 12.0) == 0.0
    assert moved.lever("case_scale", 1.0) == 1.0
    assert Setting(claim, draw).lever("duration_months", 12.0) == 12.0


def test_what_the_experiment_sets_wins_over_what_is_moved_and_drawn() -> None:
    claim, draw = choose_claims(["C1"])[0], draws(1)[0]
    moved = Setting(claim, draw, moved=claim.flip_high)
    assert getattr(moved.scenario("japan-2026").parameter_values(), claim.flip) == claim.flip_high
    assert (
        getattr(
            moved.scenario("japan-2026", **{claim.flip: claim.flip_low}).parameter_values(),
            claim.flip,
        )
        == claim.flip_low
    )


def test_levers_and_readers_of_one_world_share_a_task() -> None:
    short = with_changes(load_scenario("business-as-usual"), months=2)
    (task,) = gather([Ask(short, 1, len), Ask(short, 1, lever=1), Ask(short, 1, lever=0)])
    assert [whose for whose, _ in task.readers] == [0]
    assert task.levers == ((1, 1), (2, 0))


def test_the_flip_is_on_the_straight_line_and_needs_both_sides_clear() -> None:
    claim = choose_claims(["C5"])[0]  # holds at 0.5 or more
    yes, no = [0.9], [0.1]
    assert flip(claim, {0.0: no * 5, 10.0: no * 4 + yes, 20.0: yes * 4 + no}) == (
        pytest.approx(15.0),
        True,
    )
    assert flip(claim, {0.0: yes * 4 + no, 8.0: no * 4 + yes}) == (pytest.approx(4.0), True)
    assert flip(claim, {0.0: no * 3 + yes * 2, 10.0: yes * 5}) == (pytest.approx(10.0 / 6.0), False)
    assert flip(claim, {0.0: yes, 10.0: yes}) == (None, False)


def test_a_finding_tells_the_median_and_the_tails() -> None:
    claim = choose_claims(["C5"])[0]
    main = [number / 100.0 for number in range(101)]
    found = judge(claim, Evidence([*main, None], [0.2, 0.4, None], [0.0], {0.0: main}))
    assert (found.value, found.p05, found.p95) == (
        pytest.approx(0.5),
        pytest.approx(0.05),
        pytest.approx(0.95),
    )
    assert found.placebo == pytest.approx(0.3)
    assert found.support == pytest.approx(51 / 101)
    assert found.worlds == 102


def test_losses_by_severity_are_above_the_twin_and_medians_over_draws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []

    def answers(asks: Any, workers: int) -> list[Any]:
        asked.extend(asks)
        size = len(asks) // 2
        scales = {"output_lost": 10.0, "cost_paid": 5.0, "made_up": 1.0}
        return [
            {name: np.full(200, 1.0 + (at % size) * scale) for name, scale in scales.items()}
            for at in range(len(asks))
        ]

    monkeypatch.setattr(supply, "answer_all", answers)
    monkeypatch.setattr(supply, "_share_stopped", lambda pair: None)
    rows = supply.split_by_severity((Draw((), 1), Draw((), 2)))
    assert [row["severity"] for row in rows][:2] == [
        "dual-use ban and lists, as enacted",
        "controlled goods barred, 1 months",
    ]
    assert [row["output_lost"] for row in rows] == pytest.approx(
        [0.36 * at for at in range(1, len(rows) + 1)]
    )
    assert [row["cost_paid"] for row in rows] == pytest.approx(
        [0.18 * at for at in range(1, len(rows) + 1)]
    )
    assert {row["output share"] for row in rows} == {0.0}
    assert len(asked) == 2 * (1 + len(rows))
