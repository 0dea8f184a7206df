"""Many histories of one setting: what a draw keeps and gives, and what many of them say."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from coercivity.experiments.lab.histories import (
    DRAWS,
    FEWEST,
    DrawnHistory,
    Histories,
    Range,
    Share,
    drawn_scenario,
    first_stop_delay,
    is_soon,
    lab_draws,
    paired_difference,
    range_of,
    run_history,
)
from coercivity.experiments.lab.history import History
from coercivity.experiments.lab.setting import check_setting, quiet_scenario
from coercivity.experiments.worlds.draws import WORLD_SIZE, drawn_parameters
from coercivity.experiments.worlds.idle_at_start import sign_test
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_shipped, with_changes
from coercivity.viz.page_data.lab_charts_of_one_history import drawn_series

SINCE = "2026-01-06"


def one(
    headlines: dict[str, float | None] | None = None,
    whole: bool = True,
    months: int = 25,
    **series: list[float],
) -> DrawnHistory:
    lines = {name.replace("__", "/"): np.array(values) for name, values in series.items()}
    return DrawnHistory(headlines or {}, lines, whole, months)


def many(*drawn_ones: DrawnHistory) -> Histories:
    found = Histories()
    for number, each in enumerate(drawn_ones):
        found.add(number, each)
    return found


# ---------------------------------------------------------------- one draw


def test_a_draw_keeps_what_the_visitor_or_the_scenario_set_and_draws_the_rest() -> None:
    assumptions = {"share_speed": 0.2, "cover_spread": 0.5}
    setting = check_setting(levers={"firms_stock": 3}, assumptions=assumptions)
    asked, names = setting.asked(), {row.name for row in drawn_parameters()}
    assert {"share_speed", "cover_spread"} <= names
    seeds, seen = set(), set()
    for at in range(DRAWS):
        scenario, seed = drawn_scenario(asked, tuple(assumptions), at)
        values = dict(scenario.parameters)
        assert assumptions.items() <= values.items()
        assert set(values) == names
        assert not set(WORLD_SIZE) & set(values)
        for kept in ("events", "choices", "months"):  # the levers are in it
            assert getattr(scenario, kept) == getattr(asked, kept)
        seeds.add(seed)
        seen.add(tuple(values.values()))
    assert len(seeds) == len(seen) == DRAWS
    sets = next(one for one in map(load_shipped, list_scenarios()) if one.parameters)
    assert dict(sets.parameters).items() <= dict(drawn_scenario(sets, (), 0)[0].parameters).items()


def test_two_settings_are_drawn_with_the_same_vectors_and_seeds() -> None:
    here, calm = (
        load_shipped("japan-2026-from-2024"),
        quiet_scenario(load_shipped("japan-2026-from-2024")),
    )
    for at in (0, 7):
        (first, seed), (second, same) = drawn_scenario(here, (), at), drawn_scenario(calm, (), at)
        assert (first.parameters, seed) == (second.parameters, same)
    assert lab_draws() is lab_draws()


def test_a_draw_gives_what_a_whole_run_gives() -> None:
    """And the first two years of it what the whole says of two years."""
    state = "Japan"
    scenario = with_changes(load_shipped("japan-2026-from-2024"), months=50)
    months: list[int] = []

    def read(lines: object) -> dict[str, np.ndarray]:
        return drawn_series(lines, state)  # type: ignore[arg-type]

    asked = (scenario, ("share_speed",), 2, state, SINCE, read)
    found = run_history(*asked, check=lambda: months.append(1))
    history = lived()
    assert found.headlines == history.headlines(SINCE, state)
    whole = drawn_series(history, state)
    assert found.series.keys() == whole.keys()
    for name, values in whole.items():
        assert np.array_equal(found.series[name], values, equal_nan=True), name
    assert (found.whole, len(months)) == (True, 50)
    soon = run_history(*asked, months=49)
    assert not soon.whole
    early = {name: value for name, value in found.headlines.items() if is_soon(name)}
    assert soon.headlines == early
    for name, values in soon.series.items():
        assert np.array_equal(values, whole[name][:49], equal_nan=True), name


@cache
def lived() -> History:
    scenario = with_changes(load_shipped("japan-2026-from-2024"), months=50)
    other, seed = drawn_scenario(scenario, ("share_speed",), 2)
    return History(run_scenario(other, seed))


def test_a_draw_is_packed_and_unpacked_in_single_precision() -> None:
    found = one({"first_stop_days": None, "output_lost_24m": 1.25}, prices__dy=[1.0, math.nan])
    again = DrawnHistory.unpacked(found.packed())
    assert again.months == found.months
    assert again.headlines == found.headlines
    assert np.array_equal(again.series["prices/dy"], [1.0, np.nan], equal_nan=True)
    assert again.whole
    with pytest.raises(ValueError):
        DrawnHistory.unpacked(b"not what was packed")


# ---------------------------------------------------------------- many of them


def test_a_band_is_shown_from_four_draws_on_with_the_right_edges() -> None:
    """Only three draws have the rare one."""
    found = Histories()
    for count in range(1, 12):
        values = [10.0 * (count - 1) + month for month in range(3)]
        found.add(count, one(**dict.fromkeys(("price", "rare")[: 1 + (count > 8)], values)))
        assert len(found) == count
        assert (found.band("price") is None) == (count < FEWEST == 4)
    band = found.band("price")
    assert band is not None
    assert band.tolist() == [[10.0, 11.0, 12.0], [50.0, 51.0, 52.0], [90.0, 91.0, 92.0]]
    assert found.band("rare") is None
    assert found.band("nothing") is None


def test_a_whole_history_takes_the_place_of_its_first_years_and_not_the_other_way() -> None:
    found = many(one({"a": 1.0}, whole=False))
    found.add(0, one({"a": 2.0}))
    found.add(0, one({"a": 3.0}, whole=False))
    assert (found.values("a"), len(found), found.whole) == ({0: 2.0}, 1, 1)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(11, 1.0, 9.0), (20, 2.0, 17.0), (4, 0.0, 3.0)],
)
def test_a_range_leaves_a_tenth_on_each_side(count: int, low: float, high: float) -> None:
    found = range_of([float(value) for value in range(count)])
    assert found == Range(low, (count - 1) / 2.0, high, count)


def test_a_range_counts_infinities_and_no_missing_numbers() -> None:
    assert range_of([1.0, 2.0, 3.0]) is None
    assert range_of([1.0, 2.0, 3.0, math.nan]) is None
    assert range_of([4.0, math.nan, 1.0, 3.0, 2.0]) == Range(1.0, 2.5, 4.0, 4)
    assert range_of([4.0, math.inf, 1.0, 3.0, 2.0]) == Range(1.0, 3.0, math.inf, 5)


def test_stops_are_counted_within_their_days_and_in_whole_histories_without_them() -> None:
    """What is not run says nothing of ever, nor of two years that were not run, stop or none."""

    def stopping(**how: object) -> Histories:
        days = (None, 100.0, 200.0, 900.0)
        return many(*(one({"first_stop_days": day}, **how) for day in days))  # type: ignore[arg-type]

    found, short, late = stopping(), stopping(whole=False), stopping()
    assert found.stops(730) == short.stops(730) == Share(2, 4, 150.0)
    assert (found.stops(), short.stops()) == (Share(3, 4, 200.0), None)
    late.at = 2
    assert stopping(months=23).stops(730) is late.stops(730) is None


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
    found = paired_difference(mine, {number: 100.0 * number for number in range(9)})
    assert found is not None
    assert (found.range.low, found.range.high, found.more, found.less) == (1.0, 1.0, 8, 0)
    assert found.stands_out
    assert paired_difference(mine, {0: 1.0, 1: 2.0, 2: 3.0}) is None  # too few pairs


@pytest.mark.parametrize(
    ("more", "less", "chance"),
    [
        (0, 0, 1.0),
        (6, 0, 2 / 64),
        (15, 5, 2 * 21_700 / 2**20),  # 1 + 20 + 190 + 1140 + 4845 + 15504
        (10, 10, 1.0),
    ],
)
def test_the_sign_test_by_hand(more: int, less: int, chance: float) -> None:
    assert sign_test(more, less) == pytest.approx(chance)


def test_who_stops_sooner_is_seen_where_all_stop_and_where_only_one_does() -> None:
    def stopping(*days: float | None) -> Histories:
        return many(*(one({"first_stop_days": day}) for day in days))

    late = stopping(300.0, 400.0, None, 500.0, 600.0, 700.0)
    soon, never = stopping(*[100.0] * 6), stopping(*[None] * 6)
    for mine, theirs, counts in ((soon, late, (0, 6, True)), (never, never, (0, 0, False))):
        found = first_stop_delay(mine, theirs, 730)
        assert found is not None
        assert (found.more, found.less, found.stands_out) == counts
