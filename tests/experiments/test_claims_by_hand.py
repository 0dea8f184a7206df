"""The numbers of the claims from answers made by hand: each metric, where it is undefined, and its
units (worlds reckon in USD million, claims in bn).
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.claims import (
    EXPERIMENTS,
    bans_on_japan,
    readers,
    record_and_demand,
    sender_gain,
)
from coercivity.experiments.claims.setting import BAN, MONTHS, Setting
from coercivity.experiments.claims.written_claims import choose_claims
from coercivity.experiments.quantities.dependence import dependence, yearly_dependence
from coercivity.experiments.quantities.headlines import monthly_gdp
from coercivity.experiments.quantities.watch import Trace
from coercivity.experiments.worlds.draws import draws
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.facts import Facts
from tests.names import GOODS, SECTOR, SECTORS, STAGES

NDPR, DYSPROSIUM = GOODS.index("ndpr_oxide"), GOODS.index("dysprosium_oxide")
FROM_2024 = 24  # the month of the ban in a world that begins in January 2024


def trace(
    events: tuple[tuple[int, str, str, str], ...] = (), start: str = "2024-01", **series: Any
) -> Trace:
    """A trace with these series alone."""
    found = {name: np.asarray(values, dtype=float) for name, values in series.items()}
    return Trace(start, found, np.zeros((0, 0)), np.zeros(0), events)


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


def flow(months: int = MONTHS, **at_ban: float) -> dict[str, np.ndarray]:
    """Flows of a world that begins with the ban, USD million: each once, in its month."""
    found = {
        name: np.zeros(months)
        for name in ("output_lost", "cost_paid", "made_up", "to_target", "investment_postponed")
    }
    for name, value in at_ban.items():
        found[name][0] = value
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


def test_a_plant_stops_when_it_runs_below_half_of_the_twins_first_half_year() -> None:
    free = np.ones((12, 4)) * [10.0, 10.0, 0.4, 10.0]
    free[6:] = 99.0
    ban = np.zeros((12, 4))
    ban[:2, 0] = [6.0, 4.0]
    ban[:, 1] = 6.0
    found = bans_on_japan.press_months({"ban": ban, "free": free})
    np.testing.assert_allclose(found, [1.4, 48.0, 0.0])


def test_the_ban_falls_in_january_2026_wherever_a_world_begins() -> None:
    assert readers.ban_month(trace()) == FROM_2024
    assert readers.ban_month(trace(start=BAN)) == 0


def test_the_first_event_of_a_kind_from_a_month_on() -> None:
    one = trace(
        events=(
            (3, "Japan", "concession", ""),
            (30, "EU", "concession", ""),
            (31, "Japan", "ban", ""),
            (33, "Japan", "concession", ""),
        )
    )
    assert readers.months_until_event(one, "concession", "Japan", FROM_2024) == 9.0
    assert readers.months_until_event(one, "concession", since=FROM_2024) == 6.0
    assert readers.months_until_event(one, "concession") == 3.0
    assert readers.months_until_event(one, "concession", since=30) == 0.0
    assert math.isnan(readers.months_until_event(one, "concession", "China"))


def test_japan_gives_way_and_its_dependence_is_that_of_the_year_around_month_sixty() -> None:
    series = {
        "raw_from_sender": monthly(66, m54=30.0, m65=10.0, m53=99.0),
        "raw_imports": monthly(66, m54=60.0, m65=40.0, m53=99.0),
    }
    gave_way = trace(((4, "Japan", "concession", ""),), BAN, **series)
    assert readers.months_until_concession(gave_way) == (4.0, pytest.approx(40.0))


def test_flows_sum_over_sectors_and_leave_defence_out_of_what_is_civil() -> None:
    """Sectors count two years from the ban."""
    count, months, defence = len(SECTORS), 30, SECTOR["aerospace_defence"]
    gap = np.zeros((months, count))
    gap[0], gap[23], gap[24] = np.arange(count), 1.0, 100.0
    money = ("output_lost", "cost_paid", "made_up", "investment_postponed")
    series = dict.fromkeys(money, np.ones((months, count)))
    exports = {"exports": np.full((months, 1), 5.0), "exports_to_target": np.full((months, 1), 2.0)}
    found = readers.flows(trace((), BAN, gdp_effect=gap, planned=gap + 1.0, **series, **exports))
    assert found["output_lost"][0] == count
    assert found["civil_gdp"][0] == count * (count - 1) / 2 - defence
    assert found["civil_planned"][0] == count * (count - 1) / 2 - defence + count - 1
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


def test_tonnes_made_outside_are_ndpr_and_dysprosium_from_the_month_of_the_ban() -> None:
    made = np.zeros((40, len(GOODS)))
    made[23], made[24], made[28], made[29] = 1000.0, 1.0, 1.0, 1000.0
    assert readers.made_outside(trace(made_outside=made), 5) == 4.0
    assert readers.made_outside(trace(start="2025-03", made_outside=made[14:]), 5) == 4.0


# ---------------------------------------------------------------- values from answers, USD million


def instruments(aimed: float, cost_aimed: float, blunt: float, cost_blunt: float) -> dict[str, Any]:
    """Losses imposed (half of them as cost) and sales to the target lost by the two instruments."""
    return {
        "targeted": flow(output_lost=aimed / 2, cost_paid=aimed / 2, to_target=-cost_aimed),
        "blunt": flow(output_lost=blunt / 2, cost_paid=blunt / 2, to_target=-cost_blunt),
        "free": flow(),
    }


def losing(**losses: float) -> dict[str, Any]:
    """What a cut-off costs in each arm."""
    return {arm: SimpleNamespace(loss=loss) for arm, loss in losses.items()}


def leaking(lax: float, strict: float) -> dict[str, Any]:
    """A ban with no and with full enforcement: what is lost, a quarter of it as cost."""
    found = {f"free {share}": {**flow(), "leaked": 900.0} for share in (0, 1)}
    for share, lost, leaked in ((0, lax, 40.0), (1, strict, 0.0)):
        found[f"ban {share}"] = {
            **flow(output_lost=lost * 0.75, cost_paid=lost * 0.25),
            "leaked": leaked,
        }
    return found


def against_free(**at_ban: float) -> dict[str, Any]:
    return {"ban": flow(**at_ban), "free": flow()}


def conceding(gave_way: float, banned: float, free: float) -> dict[str, Any]:
    return {"ban": (gave_way, banned), "free": (math.nan, free)}


def civil(gap: float, **at_ban: float) -> dict[str, Any]:
    """Half a year of a gap in civil output, of 50 a month."""
    effect = np.zeros(MONTHS)
    effect[:6] = gap
    planned = {"civil_gdp": np.zeros(MONTHS), "civil_planned": np.full(MONTHS, 50.0)}
    return {"ban": {"civil_gdp": effect, **flow(**at_ban)}, "free": {**planned, **flow()}}


def pressing(*stops: int) -> dict[str, Any]:
    """Magnet plants that run at ten, under the ban up to a month."""
    free = np.full((MONTHS, len(stops)), 10.0)
    month = np.arange(MONTHS)[:, None]
    return {"ban": free * (month < np.array(stops, dtype=int)), "free": free}


NEVER = math.nan
CASES = dict.fromkeys(record_and_demand.CASES, 1100.0)
LEVERAGE = losing(**{"none": 8000.0, "threats": 10_000.0, "carried out": 4000.0})
MONEY = losing(none=2000.0, mines=1900.0, separation=1500.0, both=1600.0)
CAPACITY = {
    "ban": np.array([[1.0, 1.0, 1.0], [2.0, 4.0, 3.0]]),
    "free": np.array([[1.0, 1.0, 2.0], [1.0, 2.0, 2.0]]),
}
PATH = np.array([90.0 - year for year in range(10)] + [np.nan] + [62.0 + at for at in range(5)])
FLAT = np.full(13, 60.0)  # from 2026 to 2038
BOOM = FLAT * np.array([1.0] * 3 + [1.03, 1.04, 1.06] + [1.07] * 3 + [1.5, 1.1, 1.1, 1.2])


def extra(early: float, late: float) -> dict[str, float]:
    return {"none": 100.0, "early": early, "late": late, "early paid": 400.0, "late paid": 300.0}


@pytest.mark.parametrize(
    ("claim", "answers", "value"),
    [
        ("C1", civil(-2.0), 2.0),  # 12 of 600
        ("C1", civil(2.0), 0.0),  # better than the twin is no loss
        # a concession within three years against ten points of dependence
        ("C2", conceding(36.0, 60.0, 60.0), 1.0),
        ("C2", conceding(37.0, 60.0, 60.0), 0.0),
        ("C2", conceding(36.0, 50.0, 60.0), 0.0),
        ("C2", conceding(NEVER, 50.0, 60.0), -1.0),
        ("C2", conceding(NEVER, 50.1, 60.0), 0.0),
        ("C3", {"path": PATH}, 66.0),
        ("C3", {"path": np.array([60.0, np.nan])}, None),
        ("C4", pressing(1, 2, 5, MONTHS), 2.0),
        ("C4", pressing(), None),
        ("C5", against_free(output_lost=3.0, cost_paid=1.0), 0.75),
        ("C5", against_free(output_lost=3.0, cost_paid=-1.0), 1.0),
        ("C5", against_free(output_lost=-3.0, cost_paid=0.5), 0.0),
        ("C5", against_free(), None),
        ("C8", MONEY, 20.0),
        ("C8", {**MONEY, **losing(none=0.0)}, None),
        ("C9", CAPACITY, 100.0 * ((2.0 + 2.0 + 1.5) / 3.0 - 1.0)),
        ("C10", {"security": (60.0, 4.0), "conservation": (35.0, 2.5)}, 25.0),
        ("C11", LEVERAGE, 25.0),
        ("C11", losing(none=0.0, threats=10_000.0), None),
        # each of four cases adds 100, all together 600: 200 more than the sum, of 1,000
        ("C12", losing(none=1000.0, **CASES, all=1600.0), 20.0),
        ("C12", losing(none=0.0, **CASES, all=1600.0), None),
        ("C13", instruments(3000.0, 500.0, 8000.0, 4000.0), 3.0),
        ("C13", instruments(0.5, 0.5, 0.5, 0.5), 1.0),
        ("C13", instruments(3000.0, 0.0, 8000.0, 4000.0), None),
        ("C14", {"boom": (BOOM, 7.5), "free": (FLAT, 5.0)}, 50.0),
        ("C15", extra(130.0, 110.0), 3.0),
        ("C15", extra(100.5, 150.0), 0.0),
        ("C15", extra(130.0, 100.5), None),
        ("C15", extra(101.0, 101.0), 1.0),
        ("C15", extra(90.0, 90.0), 0.0),
        ("C16", leaking(2000.0, 3000.0), 50.0),
        ("C16", leaking(0.0, 3000.0), None),
        ("C16", leaking(0.5, 1.0), 100.0),
    ],
)
def test_the_value_of_a_claim(claim: str, answers: dict[str, Any], value: float | None) -> None:
    assert value_of(claim, answers) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("claim", "answers", "told"),
    [
        ("C1", civil(-2.0, output_lost=2500.0, cost_paid=500.0, made_up=250.0), [2.5, 0.5, 0.25]),
        ("C2", conceding(40.0, 45.0, 60.0), [0.0, 40.0, 1.0, 15.0]),
        ("C2", conceding(NEVER, 45.0, 60.0), [0.0, None, 1.0, 15.0]),
        # 2009, 2012 and so on to 2024, the lowest and its year
        ("C3", {"path": np.arange(60.0, 76.0)}, [60.0, 63.0, 66.0, 69.0, 72.0, 75.0, 60.0, 2009.0]),
        ("C4", pressing(1, 2, 5, MONTHS), [1.0, 48.0, 0.25]),
        ("C9", CAPACITY, [-100.0 / 6.0, 500.0 / 6.0]),
        ("C10", {"security": (60.0, 4.0), "conservation": (35.0, 2.5)}, [60.0, 35.0, 1.5]),
        ("C11", LEVERAGE, [8.0, -50.0]),
        ("C13", instruments(3000.0, 500.0, 8000.0, 4000.0), [3.0, 0.5, 8.0, 4.0, 0.0]),
        # in 2030, 2035 and 2038, the first year 5% above, what is lost more
        ("C14", {"boom": (BOOM, 7.5), "free": (FLAT, 5.0)}, [4.0, 50.0, 20.0, 2031.0, 2.5]),
        ("C15", extra(130.0, 110.0), [30.0, 10.0, 400.0, 300.0]),
        ("C16", leaking(2000.0, 3000.0), [2.0, 3.0, 40.0, 0.0]),
    ],
)
def test_what_stands_beside_a_claim(
    claim: str, answers: dict[str, Any], told: list[float | None]
) -> None:
    assert list(beside(claim, answers).values()) == [
        None if one is None else pytest.approx(one) for one in told
    ]


def test_losses_and_money_beside_a_claim_are_in_billions_and_millions() -> None:
    found = MONEY | {f"{arm} paid": 1800.0 for arm in ("mines", "separation", "both")}
    told = beside("C8", found)
    assert told["loss without support, USD bn"] == pytest.approx(2.0)
    assert told["taken up by both, USD million"] == 1800.0
    told = beside("C12", losing(none=1000.0, **CASES, all=1600.0))
    assert told["loss without cases, USD bn"] == pytest.approx(1.0)
    assert told["ev adds, USD bn"] == pytest.approx(0.1)
    assert told["all adds, USD bn"] == pytest.approx(0.6)


def test_c10_reads_months_and_a_loss_in_billions_from_the_measure_on() -> None:
    series = {
        "output_lost": monthly(sender_gain.COURT, m23=9e9, m24=1500.0, m119=500.0),
        "cost_paid": monthly(sender_gain.COURT, m24=500.0),
    }
    ended = trace(((FROM_2024 + 30, "China", "end of licensing", ""),), **series)
    assert sender_gain.months_until_lifted(ended) == (30.0, pytest.approx(2.5))
    assert (
        sender_gain.months_until_lifted(trace(**series))[0] == sender_gain.COURT - FROM_2024 == 96.0
    )


# ---------------------------------------------------------------- what is counted, and over what


def test_c13_counts_sales_over_the_year_of_the_measure_and_losses_over_three() -> None:
    found = instruments(0.0, 0.0, 0.0, 0.0)
    found["blunt"]["to_target"][11], found["blunt"]["to_target"][12] = -7.0, -1000.0
    found["blunt"]["output_lost"][35], found["blunt"]["output_lost"][36] = 5.0, 1000.0
    assert sender_gain.gain(found, "blunt") == (5.0, 7.0)


def test_a_case_is_scaled_in_its_growth_up_to_two() -> None:
    once, half, most = (
        [
            float(event["growth"])
            for event in record_and_demand.scale_demand(Facts.default(), "ev", scale)
        ]
        for scale in (1.0, 0.5, 1e6)
    )
    assert half == pytest.approx([growth / 2 for growth in once])
    assert set(most) == {2.0}


def test_c14_counts_output_lost_and_cost_paid_and_c16_what_leaks_in_the_year_of_the_ban() -> None:
    price = np.full((12, len(GOODS)), 60.0)
    one = trace(world_price=price, output_lost=[[1500.0]], cost_paid=[[500.0]])
    assert record_and_demand.price_and_loss(one)[1] == pytest.approx(2.0)
    came = monthly(48, m0=1.0, m11=2.0, m12=100.0)
    lost = {"output_lost": np.ones((48, 3)), "cost_paid": np.zeros((48, 3))}
    found = record_and_demand.bite(trace((), BAN, **lost, raw_from_sender=came))
    assert (found["leaked"], found["output_lost"][0]) == (3.0, 3.0)


def test_the_worst_year_is_twelve_months_in_a_row_from_the_ban_on() -> None:
    gap = np.zeros(60)
    gap[10:22], gap[22] = -1.0, -0.5
    assert bans_on_japan.worst_year(gap) == -12.0
    assert bans_on_japan.worst_year(gap, np.full(60, 2.0)) == pytest.approx(-0.5)


def sectors(lost: np.ndarray) -> dict[str, Any]:
    """Losses by sector, of ten planned in each."""
    planned = {"sector_gap": 0.0 * lost, "sector_planned": 0.0 * lost + 10.0}
    return {"ban": {"sector_gap": -lost}, "free": {"facts": Facts.default(), **planned}}


def test_c6_counts_the_named_sectors_among_the_five_that_lose_most() -> None:
    """Nobody is ranked where nobody loses more than a trifle."""
    lost, named = np.zeros(len(SECTOR)), [SECTOR[name] for name in bans_on_japan.NAMED]
    for trifle in (0.0, 1e-6):
        lost[named[0]] = trifle
        assert value_of("C6", sectors(lost)) is None
    lost[named] = [5.0, 4.0, 3.0, 0.0, 0.0]
    lost[[at for at in range(len(SECTOR)) if at not in named][:2]] = 2.0
    assert value_of("C6", sectors(lost)) == 3.0
    assert beside("C6", sectors(lost))["automotive: share of output lost"] == pytest.approx(0.5)


def test_c7_is_the_worst_year_in_percent_of_gdp_and_tells_billions() -> None:
    effect, gdp = np.zeros(MONTHS), monthly_gdp(Facts.default(), "Japan", month_names(BAN, MONTHS))
    assert 3e6 < gdp[:12].sum() < 6e6  # USD million: Japan's GDP is some USD 4,000 bn
    effect[:12] = -gdp[:12] / 100.0
    found = {
        name: {"facts": Facts.default(), "gdp_effect": series, **flow(investment_postponed=worth)}
        for name, series, worth in (("ban", effect, 1500.0), ("free", effect * 0, 0.0))
    }
    assert value_of("C7", found) == pytest.approx(-1.0)
    assert beside("C7", found)["investment postponed in 36 months, USD bn"] == pytest.approx(1.5)


def test_a_lever_moves_only_where_it_is_the_claims_own() -> None:
    claim, draw = choose_claims(["C5"])[0], draws(1)[0]
    moved = Setting(claim, draw, moved=0.0)
    assert claim.flip == "duration_months"
    assert moved.lever("duration_months", 12.0) == 0.0
    assert moved.lever("case_scale", 1.0) == 1.0
    assert Setting(claim, draw).lever("duration_months", 12.0) == 12.0


# ---------------------------------------------------------------- levers


def test_what_the_experiment_sets_wins_over_what_is_moved_and_that_over_what_is_drawn() -> None:
    claim, draw = choose_claims(["C1"])[0], draws(1)[0]

    def flipped(setting: Setting, **sets: float) -> float:
        return getattr(setting.scenario("japan-2026", **sets).parameter_values(), claim.flip)

    moved = Setting(claim, draw, moved=claim.flip_high)
    assert flipped(moved) == claim.flip_high
    assert flipped(moved, **{claim.flip: claim.flip_low}) == claim.flip_low
    off = Setting(claim, draw, off=True).scenario("japan-2026")
    assert off.parameter_values().over_compliance == 0.0
