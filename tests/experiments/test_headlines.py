"""The headline numbers, worked out by hand from a made-up result; read from a world without tables
they are those of its tables, to the last bit.
"""

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
from coercivity.experiments.quantities.outcomes import HeadlineWatch
from coercivity.experiments.worlds.bare_runs import run_headlines
from coercivity.experiments.worlds.headline_tables import compute_headlines
from coercivity.experiments.worlds.run import run_scenario
from coercivity.experiments.worlds.spreads import differences, headline_spreads
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import Scenario, load_scenario, with_changes
from coercivity.model.world import World
from tests.fake_result import fake_result
from tests.names import STATES


@pytest.fixture(scope="module")
def headlines() -> dict[str, float | None]:
    return compute_headlines(fake_result())


def test_the_headlines_of_another_state_name_it_and_no_other() -> None:
    """The exporter's own prices stand once."""
    rows = headline_table(Facts.default(), "United States")
    for row in rows:
        assert "Japan" not in row.label + row.formula
        assert "japan" not in row.id
    ids = [row.id for row in rows]
    assert {f"price_multiple_dy_{state}" for state in ("united_states", "china")} <= set(ids)
    assert set(ids) == set(formulas(Facts.default(), "United States"))
    own = [row.id for row in headline_table(Facts.default(), "China")]
    assert len(own) == len(set(own)) == len(ids) - 4
    assert set(own) == set(formulas(Facts.default(), "China"))


def test_counting_begins_at_a_measure_on_japan_else_on_the_world_else_at_the_start() -> None:
    """The quota on the world is earlier than the ban, and left where the run ends before it."""
    for made, event, day in (
        (fake_result(), "ban", "2025-01-11"),
        (fake_result(months=6), "quota", "2024-01-01"),
        (fake_result(ban=False), None, "2024-01-01"),
    ):
        found = focal_event(made.scenario, made.months)
        assert (found and found.id) == event
        assert focal_date(made.scenario, made.months) == day


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # firms stop at 30, 60, 120 (EV) and 100 days (cars); one before the ban does not count
        ("first_stop_days", 30),
        ("first_stop_days_ev_drivetrains", 30),
        ("first_stop_days_automotive", 100),
        ("first_stop_days_wind", None),
        ("firms_stopped", 4),
        ("firms_stopped_share", 4 / 36),
        ("firms_stopped_share_ev_drivetrains", 3 / 4),
        ("firms_stopped_share_wind", 0),
        ("median_stop_days_ev_drivetrains", 60),  # the second of four
        ("median_stop_days_automotive", None),  # one of four
        ("median_stop_days", None),  # 4 of 36
        # two sectors lose 500 million a month for the 24 months that are left; USD bn
        ("output_lost_24m", 24.0),
        ("output_lost_total", 24.0),
        ("cost_paid_total", 4.8),
        ("made_up_24m", 2.4),
        # the peak over the half year before
        *((f"price_multiple_{good}_japan", 4.0) for good in ("ndpr", "dy", "tb")),
        *((f"price_multiple_{good}_china", 0.5) for good in ("dy", "heat_resistant_magnet")),
        ("dependence_origin_before", 0.75),
        ("dependence_origin_12m", (2 * 0.5 + 0.25) / 3),  # the last of them in the second year
        ("dependence_origin_60m", None),  # the run ends sooner
        ("dependence_separated_end", 0.5),
        ("world_price_dy_end", 16.0),  # median of 20 in Japan and 12 in the United States
        ("china_separation_share_end", 0.6),
    ],
)
def test_a_headline_by_hand(
    headlines: dict[str, float | None], name: str, value: float | None
) -> None:
    assert headlines[name] == (None if value is None else pytest.approx(value))


def test_gdp_effect_in_percent_of_a_year(headlines: dict[str, float | None]) -> None:
    """900 million a month in 2025 and after, over the GDP of 2025; GDP grows, so that the first 12
    months weigh most.
    """
    gdp = monthly_gdp(Facts.default(), "Japan", month_names("2025-01", 12)).sum() / 1e3
    assert 4200 < gdp < 4400
    assert headlines["gdp_effect_12m"] == pytest.approx(-100 * 12 * 0.9 / gdp)
    assert headlines["gdp_effect_worst"] == pytest.approx(headlines["gdp_effect_12m"])


def test_price_multiples_of_two_runs_that_are_compared_are_over_one_price() -> None:
    """Quiet goes from 100 to 300; under a measure that came earlier the price is 400 already, and
    goes to 600: over its own price before each would be the higher the lower it was.
    """
    name = "price_multiple_dy_japan"

    def priced(before: float, after: float) -> Any:
        prices = np.repeat([before, after], 6)[:, None].repeat(len(STATES), axis=1)
        one = SimpleNamespace(facts=Facts.default(), months=month_names("2025-07", 12))
        one.target, one.home_price = "Japan", lambda good: prices
        return one

    def multiples(usual: Any) -> list[float | None]:
        return [headlines_of(run, "2026-01-06", [name], usual)[name] for run in (quiet, banned)]

    quiet, banned = priced(100.0, 300.0), priced(400.0, 600.0)
    assert multiples(None) == [3.0, 1.5]
    assert multiples(banned) == [0.75, 1.5]
    assert usual_prices(banned, "2026-01-06")[name] == 400.0


def test_a_run_that_ends_too_soon_has_no_number_rather_than_a_part_of_it() -> None:
    short = compute_headlines(fake_result(months=20))
    assert short["output_lost_24m"] is None
    assert short["gdp_effect_12m"] is None
    assert short["output_lost_total"] == pytest.approx(8.0)


def test_a_twin_without_measures_is_counted_from_the_same_day() -> None:
    base = compute_headlines(fake_result(ban=False), since="2025-01-11")
    assert base["firms_stopped"] == 0
    assert base["price_multiple_dy_japan"] == pytest.approx(1.0)


def test_spread_and_difference_of_twins() -> None:
    """24 is lost with the first seed, 48 with the second."""
    base, other = (
        [compute_headlines(fake_result(seed=seed, ban=ban)) for seed in (1, 2)]
        for ban in (False, True)
    )
    spreads, apart = headline_spreads(Facts.default(), other), differences(base, other)
    assert spreads["output_lost_total"].median == pytest.approx(36.0)
    assert apart[1]["output_lost_total"] == pytest.approx(48.0)
    assert apart[0]["first_stop_days"] is None


IDS = [row.id for row in headline_table(Facts.default())]


# ---------------------------------------------------------------- from a world without tables


def small(name: str, months: int, **parameters: float) -> Scenario:
    """A shipped scenario with one firm a sector."""
    few = {"firms_per_sector": 1, **parameters}
    return with_changes(load_scenario(name), months=months, parameters=few)


@pytest.mark.parametrize(
    ("name", "months", "seed", "parameters"),
    [
        ("japan-2026-from-2024", 27, 8, {}),
        ("japan-blanket-ban", 64, 2, {}),
        ("truce", 1, 1, {}),
        # sums over more firms round in other places
        ("japan-blanket-ban", 27, 3, {"spare_capacity": 0.2, "firms_per_sector": 3}),
    ],
)
def test_every_headline_is_equal_to_that_of_the_tables(
    name: str, months: int, seed: int, parameters: dict[str, float]
) -> None:
    scenario = small(name, months, **parameters)
    assert run_headlines(scenario, seed) == run_scenario(scenario, seed).headlines()


def test_a_twin_is_counted_from_the_day_of_the_other() -> None:
    scenario, since = small("business-as-usual", 24), "2025-12-01"
    told = compute_headlines(run_scenario(scenario, 1), since)
    assert run_headlines(scenario, 1, since=since) == told


def test_each_headline_alone_reads_all_that_its_formula_needs() -> None:
    """A formula that read more than it declares would fail here."""
    scenario = small("japan-blanket-ban", 36)
    world = World(scenario, 4, record=False)
    watches = {name: HeadlineWatch(world, [name]) for name in IDS}
    for _ in range(scenario.months):
        world.step()
        for watch in watches.values():
            watch.read(world)
    expected = run_scenario(scenario, 4).headlines()
    assert {name: watch.values()[name] for name, watch in watches.items()} == expected
    assert None not in (expected["first_stop_days"], expected["dependence_separated_end"])


def test_a_watch_answers_in_the_order_asked_and_leaves_the_world_alone() -> None:
    scenario, wanted = small("embargo-2010", 6), ["world_price_dy_end", "firms_stopped"]
    watched, plain = World(scenario, 1), World(scenario, 1)
    watch = HeadlineWatch(watched, wanted)
    for _ in range(6):
        watched.step()
        plain.step()
        watch.read(watched)
    assert list(watch.values()) == wanted
    assert watch.values() == watch.values()
    assert (watched.links.weight == plain.links.weight).all()
    read = {"run", "plan", "lacking", "lasts", "sold", "ask", "lane_quoted"}
    assert set(watch.recording.names) == read


@pytest.mark.parametrize(
    ("wanted", "since", "part"),
    [
        (["first_stop_dais"], None, "did you mean 'first_stop_days'?"),
        (None, "2031-01-01", "use a day from 2024-01"),
        (None, "2024-13-01", "is not a date"),
    ],
)
def test_what_cannot_be_answered_is_refused_before_the_run(
    wanted: list[str] | None, since: str | None, part: str
) -> None:
    with pytest.raises(InputError, match=part.replace("?", r"\?")):
        run_headlines(small("japan-2026-from-2024", 24), 1, wanted, since)
