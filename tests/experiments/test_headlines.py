"""The headline numbers, worked out by hand from a made-up result."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.quantities.headlines import (
    focal_date,
    focal_event,
    formulas,
    headline_table,
    headlines_of,
    monthly_gdp,
    usual_prices,
)
from coercivity.experiments.worlds.headline_tables import compute_headlines
from coercivity.experiments.worlds.spreads import differences, headline_spreads, spread
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.names import STATES
from tests.fake_result import FakeResult, fake_result, fake_scenario


@pytest.fixture(scope="module")
def headlines() -> dict[str, float | None]:
    return compute_headlines(fake_result())


def test_table_and_functions_name_the_same_headlines() -> None:
    rows = headline_table(Facts.default())
    assert len(rows) == len(formulas(Facts.default()))
    assert {row.id for row in rows} == set(formulas(Facts.default()))
    assert all(row.label and row.formula and row.unit for row in rows)


def test_the_headlines_of_another_state_name_it_and_no_other() -> None:
    for row in headline_table(Facts.default(), "United States"):
        assert "Japan" not in row.label + row.formula
        assert "japan" not in row.id
    ids = [row.id for row in headline_table(Facts.default(), "United States")]
    assert "price_multiple_dy_united_states" in ids
    assert "price_multiple_dy_china" in ids
    assert set(ids) == set(formulas(Facts.default(), "United States"))
    own = [row.id for row in headline_table(Facts.default(), "China")]
    assert len(own) == len(set(own)) == len(ids) - 4  # the exporter's own prices stand once
    assert set(own) == set(formulas(Facts.default(), "China"))


def test_counting_begins_at_the_first_measure_that_names_japan() -> None:
    """The quota on the world is earlier, but a measure against Japan by name wins."""
    result = fake_result()
    event = focal_event(result.scenario, result.months)
    assert event is not None
    assert event.id == "ban"
    assert focal_date(result.scenario, result.months) == "2025-01-11"


def test_counting_begins_at_a_measure_on_the_world_else_at_the_start() -> None:
    shorter = fake_result(months=6)
    assert (
        focal_date(shorter.scenario, shorter.months) == "2024-01-01"
    )  # the ban is beyond the end; the quota is left
    nothing = fake_result(ban=False)
    assert focal_event(nothing.scenario, nothing.months) is None
    assert focal_date(nothing.scenario, nothing.months) == "2024-01-01"


def test_stops_are_counted_in_days_from_the_measure(headlines: dict[str, float | None]) -> None:
    """Firms at 30, 60, 120 (EV) and 100 days (cars); a stop before the ban and second stops do not
    count.
    """
    assert headlines["first_stop_days"] == 30
    assert headlines["first_stop_days_ev_drivetrains"] == 30
    assert headlines["first_stop_days_automotive"] == 100
    assert headlines["first_stop_days_wind"] is None
    assert headlines["firms_stopped"] == 4


def test_a_median_stop_needs_half_of_the_firms(headlines: dict[str, float | None]) -> None:
    assert headlines["median_stop_days_ev_drivetrains"] == 60  # the second of four
    assert headlines["median_stop_days_automotive"] is None  # one of four
    assert headlines["median_stop_days"] is None  # 4 of 36
    assert headlines["firms_stopped_share"] == pytest.approx(4 / 36)
    assert headlines["firms_stopped_share_ev_drivetrains"] == pytest.approx(3 / 4)
    assert headlines["firms_stopped_share_wind"] == 0


def test_money_in_usd_bn(headlines: dict[str, float | None]) -> None:
    """Two sectors lose 500 million a month for the 24 months that are left."""
    assert headlines["output_lost_24m"] == pytest.approx(24.0)
    assert headlines["output_lost_total"] == pytest.approx(24.0)
    assert headlines["cost_paid_total"] == pytest.approx(4.8)
    assert headlines["made_up_24m"] == pytest.approx(2.4)


def test_gdp_effect_in_percent_of_a_year(headlines: dict[str, float | None]) -> None:
    """900 million a month in 2025 and after, over the GDP of 2025; GDP grows, so that the first 12
    months weigh most.
    """
    gdp = monthly_gdp(Facts.default(), "Japan", month_names("2025-01", 12)).sum() / 1e3
    assert 4200 < gdp < 4400
    assert headlines["gdp_effect_12m"] == pytest.approx(-100 * 12 * 0.9 / gdp)
    assert headlines["gdp_effect_worst"] == pytest.approx(headlines["gdp_effect_12m"])


def test_price_multiples_compare_the_peak_with_the_half_year_before(
    headlines: dict[str, float | None],
) -> None:
    for good in ("ndpr", "dy", "tb", "heat_resistant_magnet"):
        assert headlines[f"price_multiple_{good}_japan"] == pytest.approx(4.0)
        assert headlines[f"price_multiple_{good}_china"] == pytest.approx(0.5)


def test_price_multiples_of_two_runs_that_are_compared_are_over_one_price() -> None:
    """Quiet goes from 100 to 300; under a measure that came earlier the price is 400 already, and
    goes to 600: over its own price before each would be the higher the lower it was.
    """

    def priced(before: float, after: float) -> Any:
        months = month_names("2025-07", 12)
        prices = np.full((12, len(STATES)), before)
        prices[6:] = after
        return SimpleNamespace(
            facts=Facts.default(), months=months, target="Japan", home_price=lambda good: prices
        )

    quiet, banned = priced(100.0, 300.0), priced(400.0, 600.0)

    def multiple(run: Any, usual: Any) -> float | None:
        name = "price_multiple_dy_japan"
        return headlines_of(run, "2026-01-06", [name], usual)[name]

    assert [multiple(run, None) for run in (quiet, banned)] == [3.0, 1.5]
    assert [multiple(run, banned) for run in (quiet, banned)] == [0.75, 1.5]
    assert usual_prices(banned, "2026-01-06")["price_multiple_dy_japan"] == 400.0


def test_dependence_before_after_and_at_the_end(headlines: dict[str, float | None]) -> None:
    assert headlines["dependence_origin_before"] == pytest.approx(0.75)
    assert headlines["dependence_origin_12m"] == pytest.approx(
        (2 * 0.5 + 0.25) / 3
    )  # months 10 to 12, the last already in the second year
    assert headlines["dependence_origin_60m"] is None  # the run ends sooner
    assert headlines["dependence_separated_end"] == pytest.approx(0.5)


def test_the_world_at_the_end(headlines: dict[str, float | None]) -> None:
    assert headlines["world_price_dy_end"] == pytest.approx(
        16.0
    )  # median of 20 in Japan and 12 in the United States
    assert headlines["china_separation_share_end"] == pytest.approx(0.6)


def test_a_run_that_ends_too_soon_has_no_number_rather_than_a_part_of_it() -> None:
    short = compute_headlines(fake_result(months=20))
    assert short["output_lost_24m"] is None
    assert short["gdp_effect_12m"] is None
    assert short["output_lost_total"] == pytest.approx(8.0)


def test_every_number_is_finite_or_none() -> None:
    for months in (1, 3, 13, 36):
        for value in compute_headlines(fake_result(months=months)).values():
            assert value is None or math.isfinite(value)


def test_a_twin_without_measures_is_counted_from_the_same_day() -> None:
    base = compute_headlines(fake_result(ban=False), since="2025-01-11")
    assert base["firms_stopped"] == 0
    assert base["price_multiple_dy_japan"] == pytest.approx(1.0)


def test_without_a_list_of_firms_shares_are_unknown() -> None:
    class Silent(FakeResult):
        @property
        def tables(self) -> tuple[str, ...]:
            return tuple(name for name in super().tables if name != "firms")

    headlines = compute_headlines(Silent(fake_scenario()))
    assert headlines["firms_stopped_share"] is None
    assert headlines["median_stop_days_ev_drivetrains"] is None
    assert headlines["first_stop_days_ev_drivetrains"] == 30


def test_spread_over_worlds() -> None:
    assert spread([1.0, 2.0, None, 3.0]).median == 2.0
    assert spread([None, None]).median is None
    days = spread([10.0, 20.0, None], "days")  # in one world of three nothing stops
    assert (days.median, days.p05, days.p95) == (20.0, 10.0, None)


def test_spread_and_difference_of_twins() -> None:
    base = [compute_headlines(fake_result(seed=seed, ban=False)) for seed in (1, 2)]
    other = [compute_headlines(fake_result(seed=seed)) for seed in (1, 2)]
    assert headline_spreads(Facts.default(), other)["output_lost_total"].median == pytest.approx(
        36.0
    )  # 24 with the first seed, 48 with the second
    assert differences(base, other)[1]["output_lost_total"] == pytest.approx(48.0)
    assert differences(base, other)[0]["first_stop_days"] is None
