"""A sensitivity analysis by hand: sentences, boxes and corners at the edges of their rules."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.sensitivity import sentences as say
from coercivity.experiments.sensitivity.analysis import (
    analyse_outcome,
    choose_methods,
    choose_outcomes,
    corner_points,
    usable_points,
)
from coercivity.experiments.sensitivity.corner import (
    Condition,
    Corner,
    CornerBound,
    find_corner,
    read_corner,
)
from coercivity.experiments.sensitivity.indices import Index, Indices
from coercivity.experiments.sensitivity.prim import (
    Box,
    bounds_of,
    find_box,
    measure,
    paste,
    peeling_trajectory,
    quasi_p,
)
from coercivity.experiments.sensitivity.replications import Luck
from coercivity.experiments.sensitivity.sample import Sample
from coercivity.experiments.sensitivity.tornado import Swing, Tornado
from coercivity.model.basis.errors import InputError
from tests.experiments.test_sensitivity import sample as made

# ---------------------------------------------------------------- words


def index(measure: str, name: str, value: float, low: float, high: float, other: str = "") -> Index:
    return Index((name, other) if other else (name,), measure, value, low, high)


def sobol(*rows: Index, groups: int = 256) -> Indices:
    return Indices("sobol", 1000, rows, None, groups)


def most(*rows: Index, floor: float = 0.0) -> str:
    return say._largest_effect_sentence("stops", rows, "total effect", floor)


def test_one_moves_it_most_only_where_no_other_interval_reaches_its_own() -> None:
    a, b = index("total", "a", 0.6, 0.5, 0.7), index("total", "b", 0.3, 0.2, 0.49)
    assert "a moves 'stops' most (total effect 0.6, 95% interval 0.5 to 0.7)" in most(a, b)
    touches = replace(b, high=0.5)
    assert "most is one of a and b, no statement on their order" in most(a, touches)
    others = [replace(touches, of=(name,)) for name in "bcde"]
    assert "one of a, b, c and d, no statement" in most(a, *others[:3])
    assert "no statement that it moves it most: the intervals of 4 others" in most(a, *others)


def test_nothing_moves_it_where_the_largest_is_not_above_the_floor() -> None:
    zero = index("total", "a", 0.1, 0.0, 0.2)
    assert "no parameter can be said to move 'stops'" in most(zero)
    assert most(zero).endswith("is not told from zero.")
    assert "told from" not in most(replace(zero, low=0.01))
    luck = index("pawn", "a", 0.3, 0.2, 0.4)
    assert most(luck, floor=0.2).endswith("is not told from luck (up to 0.2).")
    assert "most (" in most(luck, floor=0.19)


def test_luck_is_stated_with_its_interval_or_not_at_all_and_in_means_above_a_tenth() -> None:
    tenth, more = (say.luck_sentence(Luck(0.3, 0.2, 0.4, left, 8), 8) for left in (0.1, 0.11))
    assert tenth.endswith("gives 30% (95% interval 20% to 40%) of the variance of single runs.")
    assert "and 11% of that of means over 8 seeds" in more
    assert "cannot be said (one seed a point)" in say.luck_sentence(None, 1)


def test_sizes_are_told_where_the_largest_interval_is_narrower_than_half() -> None:
    def said(high: float) -> list[str]:
        total = index("total", "a", 0.5, 0.4, high)
        return say.sobol_sentences(
            "stops", sobol(total, index("first", "a", 0.1, 0.0, 0.2), groups=32)
        )

    assert any("intervals are wide" in line for line in said(0.9))
    assert not any("intervals are wide" in line for line in said(0.89))
    assert say.sobol_sentences("stops", sobol(groups=31))[0].startswith(
        "31 base samples are too few"
    )


def test_small_effects_are_below_a_twentieth_of_the_variance_whole_interval() -> None:
    def said(high: float) -> str:
        rows = (
            index("total", "a", 0.8, 0.7, 0.9),
            index("first", "a", 0.8, 0.6, 0.9),
            index("total", "c", 0.02, 0.01, 0.01),
            index("first", "c", 0.0, 0.0, 0.0),
            index("total", "b", 0.03, 0.0, high),
            index("first", "b", 0.0, 0.0, 0.0),
        )
        return say.sobol_sentences("stops", sobol(*rows))[-1]

    assert said(0.049) == (
        "Each of these gives less than 5% of the variance, interplay included: b and c."
    )
    assert said(0.05).endswith("included: c.")


def test_pairs_are_named_largest_first_four_at_most() -> None:
    rows = [index("total", "a", 0.8, 0.7, 0.9), index("first", "a", 0.8, 0.6, 0.9)]
    pairs = [index("second", "a", 0.1 + k / 100, 0.09, 0.2, f"p{k}") for k in range(6)]
    assert say.sobol_sentences("stops", sobol(*rows, *pairs))[-1] == (
        "Pairs that act together, at intervals widened for 6 pairs: "
        "a with p5 (0.15); a with p4 (0.14); a with p3 (0.13); a with p2 (0.12)."
    )


def screening(
    *rows: tuple[str, tuple[float, float, float], float, float], groups: int = 10
) -> list[str]:
    found: list[Index] = []
    for name, star, mean, spread in rows:
        found += [
            index("mu_star", name, *star),
            index("mu", name, mean, math.nan, math.nan),
            index("sigma", name, spread, math.nan, math.nan),
        ]
    return say.morris_sentences("stops", "days", Indices("morris", 100, tuple(found), None, groups))


def test_a_screening_says_what_depends_what_goes_one_way_and_what_is_small() -> None:
    lead = ("a", (10.0, 9.0, 11.0), 9.1, 10.1)
    said = screening(lead)
    assert said[0].endswith(
        "most (mean effect of a move across its range 10 days, 95% interval 9 to 11)."
    )
    assert said[1].startswith("How strongly a acts depends on where the other parameters stand")
    assert said[2] == "Nearly always in one direction as it rises: a (up)."
    assert len(screening(("a", (10.0, 9.0, 11.0), 9.0, 10.0))) == 1  # at the marks nothing is said
    both = screening(lead, ("b", (10.0, 9.0, 11.0), -9.5, 12.0))
    assert both[1].startswith("How strongly a and b act depends")
    assert both[2].endswith("a (up) and b (down).")
    small = [(f"s{k}", (0.1, 0.0, 0.449), 0.0, 0.0) for k in range(5)]
    assert screening(lead, small[0])[-1].startswith("Mean effects below 5% of the largest: s0. ")
    assert screening(lead, *small)[-1].startswith(
        "Mean effects below 5% of the largest: 5 of 6 parameters."
    )
    assert len(screening(lead, ("s", (0.1, 0.0, 0.45), 0.0, 0.0))) == len(said)
    assert screening(lead, groups=7)[0].startswith(
        "7 trajectories are too few for a statement; run at least 8"
    )
    assert len(screening(lead, groups=8)) == 3


def swing(name: str, low: float, high: float, band: float = 0.125) -> Swing:
    return Swing(name, 1.0, 2.0, low, (low - band, low + band), high, (high - band, high + band))


def shifts(*swings: Swing) -> list[str]:
    return say.tornado_sentences("stops", "days", Tornado(30.0, 8, swings))


def test_a_tornado_says_which_end_of_which_parameter_shifts_it_and_by_how_much() -> None:
    assert shifts(swing("a", -5.0, 2.0), swing("b", 0.0, 1.0))[0] == (
        "From a base of 30 days, a at 1 shifts 'stops' by -5 days (-5.12 to -4.88 over 8 worlds), "
        "more than any other parameter moved alone."
    )
    (none,) = shifts(swing("a", 0.05, 0.05))
    assert "no parameter moved alone shifts 'stops' in one direction in 5% to 95%" in none


def test_a_corner_is_told_with_its_shares_and_weak_bounds() -> None:
    bounds = (CornerBound("a", "low", 0.25, 0.01, 0.5), CornerBound("b", "high", 2.0, 0.2, 0.49))
    found = Corner("x > 1", 40, 10, bounds, 0.6, 0.8, 0.2, 0.5, 0.7, 0.05)
    first, _, weak = say.corner_sentences(found)
    assert "in 80% of those with a at least 0.25 and b at most 2" in first
    assert weak.startswith("No weight on the bound of b (high): fewer than half")


def test_a_tornado_makes_no_statement_on_the_most_where_another_band_reaches_as_far() -> None:
    first, near = swing("a", -5.0, 2.0), swing("b", 4.75, 0.0)
    assert "this is the most: the band of b reaches as far." in shifts(first, near)[0]
    assert "more than any other" in shifts(first, swing("b", 4.74, 0.0))[0]
    many = (replace(near, parameter=f"b{k}") for k in range(5))
    assert "the band of 5 others reaches as far" in shifts(first, *many)[0]


# ---------------------------------------------------------------- boxes

LINE = np.column_stack([np.arange(20.0), np.zeros(20)])


def box(low: float, high: float, hit: np.ndarray, points: np.ndarray = LINE) -> Box:
    limits = np.array([[low, high], *([[-np.inf, np.inf]] * (points.shape[1] - 1))])
    return measure(limits, points, hit)


def test_a_bound_is_tested_against_the_box_without_it() -> None:
    """Three hits or more of four at a density of one half: 5/16."""
    hit = np.array([1, 1, 1, 0, 1, 0, 0, 0], dtype=bool)
    found = box(-np.inf, 3, hit, LINE[:8])
    assert quasi_p(found, LINE[:8], hit) == {(0, 1): pytest.approx(5 / 16)}


def test_peeling_takes_a_twentieth_from_the_side_that_leaves_most_hits() -> None:
    hit = np.arange(20) >= 15
    path = peeling_trajectory(LINE, hit)
    lows = [float(limits[0, 0]) for limits in path]
    assert lows[:11] == [-np.inf, 2.0, 4.0, 6.0, 8.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0]
    assert all(limits[0, 1] == np.inf for limits in path[:11])
    found = find_box(LINE, hit)
    assert bounds_of(found) == [(0, 0)]
    assert (found.limits[0, 0], found.lift) == (15.0, 1.0)


def test_bounds_move_outwards_while_that_helps() -> None:
    hit = (LINE[:, 0] >= 5) & (LINE[:, 0] <= 14)
    grown = paste(box(8, 9, hit), LINE, hit)
    assert grown.limits[0].tolist() == [5.0, 14.0]
    assert paste(grown, LINE, hit).limits[0].tolist() == [5.0, 14.0]
    whole = box(-np.inf, np.inf, hit)
    assert paste(whole, LINE, hit).limits.tolist() == whole.limits.tolist()


# ---------------------------------------------------------------- corners


def test_conditions_are_joined_by_and() -> None:
    found = read_corner("a>0.3 and b <= -2e3&c<1", ["a", "b", "c"])
    assert list(map(str, found)) == ["a > 0.3", "b <= -2000", "c < 1"]
    values = np.array([0.2, 0.3, 0.4, np.nan])
    assert [Condition("a", sign, 0.3).met(values).tolist() for sign in ("<", "<=", ">", ">=")] == [
        [True, False, False, False],
        [True, True, False, False],
        [False, False, True, False],
        [False, True, True, False],
    ]


def test_a_corner_needs_ten_points_that_meet_it_and_ten_that_do_not() -> None:
    points = np.random.default_rng(1).random((60, 2))

    def hits(count: int) -> np.ndarray:
        return np.asarray(np.argsort(np.argsort(-points[:, 0])) < count)

    assert find_corner(["a", "b"], points, hits(10)).hits == 10
    assert find_corner(["a", "b"], points, hits(50)).hits == 50
    for count in (9, 51):
        with pytest.raises(InputError, match=rf"holds in {count} of 60 points; a corner needs 10"):
            find_corner(["a", "b"], points, hits(count), "x > 1")
    with pytest.raises(InputError, match="59 points are too few"):
        find_corner(["a", "b"], points[:59], hits(20)[:59])


def test_shuffles_that_are_as_good_are_counted_and_end_belief_above_a_twentieth(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of 99 shuffled targets k give a box as good: (1 + k) of 100, believed up to five."""
    points = np.random.default_rng(1).random((60, 1))
    hit = points[:, 0] > 0.5
    real = find_box(points, hit)
    module = find_corner.__module__

    def corner(as_good: int) -> Corner:
        calls = iter([real, *([real] * as_good), *([replace(real, lift=real.lift - 0.1)] * 99)])
        monkeypatch.setattr(f"{module}.find_box", lambda *_: next(calls))
        monkeypatch.setattr(f"{module}._halves", lambda *_: (0.5, 0.6, {(0, 0): 10}))
        return find_corner(["a"], points, hit)

    assert (corner(4).as_good, corner(4).found) == (0.05, True)
    assert (corner(5).as_good, corner(5).found) == (0.06, False)
    assert corner(4).bounds[0].again == 0.5
    assert (corner(4).held_out_coverage, corner(4).held_out_density) == (0.5, 0.6)


# ---------------------------------------------------------------- the whole of it


def sample(
    values: Any, method: str = "lhs", outcome: str = "output_lost_24m", **fields: Any
) -> Sample:
    """Points x seeds of one outcome; the only parameter is the number of the point."""
    runs = np.asarray(values, dtype=float)
    problem = {"names": ["p"], "bounds": [[0.0, 1.0]], "num_vars": 1}
    given = {"values": {outcome: runs}, "problem": problem, "days": 100.0, "months": 36}
    points = {"points": np.arange(float(len(runs)))[:, None]}
    return made(method, runs, **(points | given | fields))


def test_each_design_has_its_method_and_only_whole_ones_want_every_run() -> None:
    gap = np.ones((4, 2), dtype=bool)
    gap[1, 0] = False
    usual = {"sobol": "sobol", "morris": "morris", "oat": "tornado", "lhs": "pawn", "list": "pawn"}
    for design, method in usual.items():
        assert choose_methods(sample(np.ones((4, 2)), design)) == (method,)
    assert choose_methods(sample(np.ones((4, 2)), "sobol"), "delta") == ("delta",)
    assert choose_methods(sample(np.ones((4, 2)), "lhs", there=gap)) == ("pawn",)
    missing = r"^1 of 8 runs are missing, and morris needs them all.+began it$"
    with pytest.raises(InputError, match=missing):
        choose_methods(sample(np.ones((4, 2)), "morris", there=gap))
    with pytest.raises(InputError, match=r"or use --method pawn on what there is$"):
        choose_methods(sample(np.ones((4, 2)), "sobol", there=gap))


@pytest.mark.parametrize(
    ("changes", "ask", "words"),
    [
        ({"problem": {"names": ()}}, choose_methods, "the sweep moves no parameter"),
        ({"values": {}}, choose_outcomes, "the sweep holds no outcome"),
        ({}, lambda one: choose_outcomes(one, ["output_lst_24m"]), "mean 'output_lost_24m'"),
        ({"method": "oat"}, lambda one: corner_points(one, ()), "--corner needs points spread"),
    ],
)
def test_a_sweep_without_parameters_outcomes_or_spread_points_is_refused(
    changes: dict[str, Any], ask: Callable[[Sample], object], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        ask(replace(sample(np.ones((4, 2))), **changes))


def test_groups_with_an_undefined_point_are_counted() -> None:
    values = np.arange(22.0)[:, None]
    values[-1] = math.nan
    one = sample(values, "morris", samples=11, points=np.array([[0.0], [1.0]] * 11))
    found = analyse_outcome(one, "output_lost_24m", "morris")
    assert found.notes[-1].startswith("1 of 11 groups of points that belong together hold an undef")
    assert found.indices is not None
    assert (found.indices.points, found.indices.groups) == (20, 10)


def test_densities_take_points_with_a_run_and_of_sobol_the_two_that_were_drawn() -> None:
    there = np.ones((8, 2), dtype=bool)
    there[1], there[3, 0] = False, False
    usable = usable_points(sample(np.ones((8, 2)), there=there), "pawn")
    assert usable.tolist() == [True, False, *[True] * 6]
    of_sobol = sample(np.ones((8, 2)), "sobol", samples=2)
    assert np.flatnonzero(usable_points(of_sobol, "pawn")).tolist() == [0, 3, 4, 7]
    assert usable_points(of_sobol, "sobol").all()


def test_a_finding_has_median_and_tails_of_point_means_and_says_what_is_missing() -> None:
    values = np.arange(101.0)[:, None] + [-1.0, 1.0]
    there = np.ones((101, 2), dtype=bool)
    there[50] = False
    found = analyse_outcome(sample(values, there=there, lost=~there), "output_lost_24m", "pawn")
    assert (found.median, found.refused) == (50.0, "")
    assert (found.p05, found.p95) == (pytest.approx(4.95), pytest.approx(95.05))
    assert found.notes == ("2 of 202 runs are missing; this is what 100 points say",)
    assert (found.unit, found.method) == ("USD bn", "pawn")
    assert found.indices is not None
    assert found.indices.points == 100
    assert found.luck is not None
    assert found.sentences[-1].startswith("Luck alone (the seed)")


def test_delta_gives_way_where_more_than_a_fifth_of_the_points_share_a_value() -> None:
    values = np.arange(100.0)
    values[:21] = 200.0
    found = analyse_outcome(sample(values[:, None]), "output_lost_24m", "delta")
    assert found.refused.startswith("more than 20% of the points share one value")
    values[0] = 300.0
    assert not analyse_outcome(sample(values[:, None]), "output_lost_24m", "delta").refused


def test_a_corner_counts_a_point_where_at_least_half_of_its_known_worlds_meet_it() -> None:
    nan = math.nan
    values = [[2.0, 2.0], [2.0, 0.0], [0.0, 0.0], [2.0, nan], [nan, 0.0], [nan, nan]]
    points, hit, notes = corner_points(sample(values), [Condition("output_lost_24m", ">", 1.0)])
    assert points[:, 0].tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert hit.tolist() == [True, True, False, True, False]
    assert notes == [
        "1 points in which it is undefined are left out",
        "a point counts when the condition holds in at least half of its worlds; in 20% of the "
        "points worlds differ, which is luck",
    ]
    one_seed = corner_points(sample([[2.0], [0.0]]), [Condition("output_lost_24m", ">", 1.0)])
    assert one_seed[2] == []


def test_a_stop_that_never_comes_is_later_than_any_and_a_failed_run_is_not_known() -> None:
    nan = math.nan
    lost = np.array([[False, False], [True, False], [True, True]])
    days = sample([[nan, nan], [nan, 10.0], [nan, nan]], outcome="first_stop_days", lost=lost)
    points, hit, _ = corner_points(days, [Condition("first_stop_days", ">", 50.0)])
    assert (points[:, 0].tolist(), hit.tolist()) == ([0.0, 1.0], [True, False])
    both = [Condition("first_stop_days", ">", 5.0), Condition("first_stop_days", "<", 50.0)]
    assert corner_points(days, both)[1].tolist() == [False, True]
