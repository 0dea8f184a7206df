"""Many histories of one setting: what a draw keeps and gives, and what many of them say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coercivity.experiments.lab.histories import (
    DRAWS,
    FEWEST,
    Drawn,
    Histories,
    Range,
    Share,
    apart,
    band_of,
    drawn,
    drawn_scenario,
    is_soon,
    lab_draws,
    range_of,
    sooner,
)
from coercivity.experiments.lab.history import History
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.setting import checked, quiet
from coercivity.experiments.worlds.draws import WORLD_SIZE, drawn_parameters
from coercivity.experiments.worlds.run import run_scenario
from coercivity.experiments.worlds.standing import sign_test
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import Scenario, load_shipped, with_changes
from coercivity.viz.drawn.lab_charts import drawn_series

SINCE = "2026-01-06"


def one(
    headlines: dict[str, float | None] | None = None,
    whole: bool = True,
    months: int = 25,
    **series: list[float],
) -> Drawn:
    lines = {name.replace("__", "/"): np.array(values) for name, values in series.items()}
    return Drawn(headlines or {}, lines, whole, months)


def many(*drawn_ones: Drawn) -> Histories:
    found = Histories()
    for number, each in enumerate(drawn_ones):
        found.add(number, each)
    return found


# ---------------------------------------------------------------- one draw


def test_a_draw_keeps_what_the_visitor_set_and_draws_the_rest() -> None:
    setting = checked(
        levers={"firms_stock": 3}, assumptions={"share_speed": 0.2, "cover_spread": 0.5}
    )
    asked, fixed = setting.asked(), tuple(name for name, _ in setting.assumptions)
    names = {row.name for row in drawn_parameters()}
    assert {"share_speed", "cover_spread"} <= names
    seen = []
    for at in range(DRAWS):
        scenario, seed = drawn_scenario(asked, fixed, at)
        values = dict(scenario.parameters)
        assert (values["share_speed"], values["cover_spread"]) == (0.2, 0.5)
        assert set(values) == names
        assert not set(WORLD_SIZE) & set(values)
        assert (scenario.events, scenario.choices, scenario.months) == (
            asked.events,
            asked.choices,
            asked.months,
        )  # the levers are in it
        seen.append((seed, tuple(value for name, value in values.items() if name not in fixed)))
    assert len({seed for seed, _ in seen}) == DRAWS
    assert len({values for _, values in seen}) == DRAWS


def test_a_draw_keeps_what_the_scenario_sets_itself() -> None:
    scenario = next(
        scenario for scenario in map(load_shipped, list_scenarios()) if scenario.parameters
    )
    other, _ = drawn_scenario(scenario, (), 0)
    assert dict(scenario.parameters).items() <= dict(other.parameters).items()


def test_two_settings_are_drawn_with_the_same_vectors_and_seeds() -> None:
    here, calm = load_shipped("japan-2026"), quiet(load_shipped("japan-2026"))
    for at in (0, 7):
        (first, seed), (second, same) = drawn_scenario(here, (), at), drawn_scenario(calm, (), at)
        assert (first.parameters, seed) == (second.parameters, same)
    assert lab_draws() is lab_draws()


@pytest.mark.parametrize("state", ["Japan", "Germany", "China"])
def test_a_draw_gives_what_a_whole_run_gives(state: str) -> None:
    scenario: Scenario = with_changes(load_shipped("japan-2026"), months=50)
    months: list[int] = []

    def read(lines: object) -> dict[str, np.ndarray]:
        return drawn_series(lines, state)  # type: ignore[arg-type]

    found = drawn(
        scenario,
        ("share_speed",),
        2,
        state,
        SINCE,
        read,
        check=lambda: months.append(1),
    )
    other, seed = drawn_scenario(scenario, ("share_speed",), 2)
    history = History(run_scenario(other, seed))
    assert found.headlines == history.headlines(SINCE, state)
    whole = drawn_series(history, state)
    assert found.series.keys() == whole.keys()
    for name, values in whole.items():
        assert np.array_equal(found.series[name], values, equal_nan=True), name
    assert (found.whole, len(months)) == (True, 50)

    soon = drawn(scenario, ("share_speed",), 2, state, SINCE, read, months=49)
    assert not soon.whole
    assert soon.headlines == {
        name: value for name, value in found.headlines.items() if is_soon(name)
    }
    for name, values in soon.series.items():
        assert np.array_equal(values, whole[name][:49], equal_nan=True), name


def test_what_two_years_say_of_a_stop_is_whether_it_comes_within_them() -> None:
    """The first two years of a run say what the whole says of two years."""
    scenario = load_shipped("japan-2026")
    since = story_day(scenario)
    early = drawn(scenario, (), 1, "Japan", since, lambda lines: {}, months=49).headlines
    late = drawn(
        with_changes(scenario, months=80), (), 1, "Japan", since, lambda lines: {}
    ).headlines
    for name, value in early.items():
        then = late[name]
        if name == "first_stop_days" and then is not None and then > 724:
            then = None
        assert value == then, name
    assert any(name.endswith("_24m") for name in early)


def test_a_draw_is_packed_and_unpacked_in_single_precision() -> None:
    found = one({"first_stop_days": None, "output_lost_24m": 1.25}, prices__dy=[1.0, math.nan])
    again = Drawn.unpacked(found.packed())
    assert again.months == found.months
    assert again.headlines == found.headlines
    assert np.array_equal(again.series["prices/dy"], [1.0, np.nan], equal_nan=True)
    assert again.whole
    with pytest.raises(ValueError):
        Drawn.unpacked(b"not what was packed")


# ---------------------------------------------------------------- many of them


def test_a_band_is_shown_from_four_draws_on_with_the_right_edges() -> None:
    found = Histories()
    for count in range(1, 12):
        values = [10.0 * (count - 1) + month for month in range(3)]
        series = {"price": values, "rare": values} if count > 8 else {"price": values}
        found.add(count, one(**series))
        assert len(found) == count
        assert (found.band("price") is None) == (count < FEWEST == 4)
    band = found.band("price")
    assert band is not None
    assert band.tolist() == [[10.0, 11.0, 12.0], [50.0, 51.0, 52.0], [90.0, 91.0, 92.0]]
    assert found.band("rare") is None  # only three draws have it
    assert found.band("nothing") is None


def test_a_month_that_too_few_draws_have_has_no_band() -> None:
    """Four histories of two years and three whole ones: the band ends with the two years."""
    short = [one(price=[1.0, 2.0], whole=False) for _ in range(4)]
    whole = [one(price=[3.0, 4.0, 5.0]) for _ in range(3)]
    band = many(*short, *whole).band("price")
    assert band is not None
    assert np.isfinite(band[:, :2]).all()
    assert np.isnan(band[:, 2]).all()


@given(
    stack=arrays(
        float,
        (9, 5),
        elements=st.one_of(st.sampled_from([np.nan, np.inf]), st.floats(-1e6, 1e6, width=32)),
    )
)
def test_eight_of_ten_draws_that_have_the_month_lie_in_the_band(stack: np.ndarray) -> None:
    found = band_of(stack)
    for month in range(stack.shape[1]):
        known = stack[~np.isnan(stack[:, month]), month]
        if len(known) < FEWEST:
            assert np.isnan(found[:, month]).all()
        else:
            low, middle, high = found[:, month]
            assert middle == pytest.approx(np.median(known), rel=1e-9, abs=1e-6)
            assert {low, high} <= {*known}
            assert np.sum((low <= known) & (known <= high)) >= 0.8 * len(known)


def test_a_whole_history_takes_the_place_of_its_first_years_and_not_the_other_way() -> None:
    found = many(one({"a": 1.0}, whole=False))
    found.add(0, one({"a": 2.0}))
    found.add(0, one({"a": 3.0}, whole=False))
    assert (found.values("a"), len(found), found.whole) == ({0: 2.0}, 1, 1)


def test_who_reads_meanwhile_sees_what_was_there() -> None:
    found = many(one({"a": 1.0}))
    seen = found.drawn
    found.add(1, one({"a": 2.0}))
    assert list(seen) == [0]
    assert (list(found.drawn), found.heard) == ([0, 1], 2)


def test_a_range_leaves_a_tenth_on_each_side() -> None:
    for count, low, high in (
        (11, 1.0, 9.0),
        (20, 2.0, 17.0),
        (12, 1.0, 10.0),
        (9, 0.0, 8.0),
        (4, 0.0, 3.0),
    ):
        found = range_of([float(value) for value in range(count)])
        assert found is not None
        assert (found.low, found.middle, found.high) == (low, (count - 1) / 2.0, high)
        assert found.of == count
    assert range_of([1.0, 2.0, 3.0]) is None


def test_a_range_counts_infinities_and_no_missing_numbers() -> None:
    assert range_of([1.0, 2.0, 3.0, math.nan]) is None
    assert range_of([4.0, math.nan, 1.0, 3.0, 2.0]) == Range(1.0, 2.5, 4.0, 4)
    assert range_of([4.0, math.inf, 1.0, 3.0, 2.0]) == Range(1.0, 3.0, math.inf, 5)
    assert range_of([4.0, -math.inf, 1.0, math.nan, 2.0]) == Range(-math.inf, 1.5, 4.0, 4)


def test_stops_are_counted_within_their_days_and_in_whole_histories_without_them() -> None:
    days = [None, 100.0, 200.0, 900.0]
    found = many(*(one({"first_stop_days": day}) for day in days))
    assert found.stops(730) == Share(2, 4, 150.0)
    assert found.stops() == Share(3, 4, 200.0)
    short = many(*(one({"first_stop_days": day}, whole=False) for day in days))
    assert short.stops(730) == Share(2, 4, 150.0)
    assert short.stops() is None  # what is not run says nothing of ever
    too_short = many(*(one({"first_stop_days": day}, months=23) for day in days))
    assert too_short.stops(730) is None  # nor of two years that were not run, stop or none
    late = many(*(one({"first_stop_days": day}) for day in days))
    late.at = 2
    assert late.stops(730) is None


def test_peak_and_mean_are_of_the_years_counted_and_the_usual_of_the_half_year_before() -> None:
    line = [9.0, *[2.0] * 6, 3.0, 8.0, 5.0, 50.0]
    found = many(*(one(price=line) for _ in range(4)), one(price=line[:8]))
    found.at = 7
    peaks = found.peaks("price", months=3)
    assert peaks == dict.fromkeys(range(4), 8.0)  # what is too short says nothing
    assert found.means("price", months=2) == dict.fromkeys(range(4), 5.5)
    assert found.usual("price") == dict.fromkeys(range(5), 2.0)
    assert found.usual("price", 1) == dict.fromkeys(range(5), 2.0)
    assert found.peaks("nothing") == found.usual("nothing") == {}
    found.at = 0
    assert found.peaks("price", months=3) == found.usual("price") == dict.fromkeys(range(5), 9.0)


# ---------------------------------------------------------------- against the twin


def test_a_difference_is_taken_history_by_history() -> None:
    """Far apart between histories, and yet the same difference in each: it stands out."""
    mine = {number: 100.0 * number + 1.0 for number in range(8)}
    found = apart(mine, {number: 100.0 * number for number in range(9)})
    assert found is not None
    assert (found.range.low, found.range.high, found.more, found.less) == (1.0, 1.0, 8, 0)
    assert found.stands_out
    assert apart(mine, {0: 1.0, 1: 2.0, 2: 3.0}) is None  # too few pairs


def test_a_difference_that_coins_would_often_make_does_not_stand_out() -> None:
    mine = {number: (-1.0) ** number for number in range(20)}
    found = apart(mine, dict.fromkeys(range(20), 0.0))
    assert found is not None
    assert (found.more, found.less, found.stands_out) == (10, 10, False)


@pytest.mark.parametrize(
    ("more", "less", "chance"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),
        (5, 0, 2 / 32),
        (6, 0, 2 / 64),
        (0, 6, 2 / 64),
        (15, 5, 2 * 21_700 / 2**20),  # 1 + 20 + 190 + 1140 + 4845 + 15504
        (10, 10, 1.0),
    ],
)
def test_the_sign_test_by_hand(more: int, less: int, chance: float) -> None:
    assert sign_test(more, less) == pytest.approx(chance)


def test_who_stops_sooner_is_seen_where_all_stop_and_where_only_one_does() -> None:
    late = many(
        *(one({"first_stop_days": day}) for day in (300.0, 400.0, None, 500.0, 600.0, 700.0))
    )
    soon = many(*(one({"first_stop_days": 100.0}) for _ in range(6)))
    found = sooner(soon, late, 730)
    assert found is not None
    assert (found.less, found.stands_out) == (6, True)
    both_never = many(*(one({"first_stop_days": None}) for _ in range(6)))
    same = sooner(both_never, both_never, 730)
    assert same is not None
    assert (same.more, same.less, same.stands_out) == (0, 0, False)
