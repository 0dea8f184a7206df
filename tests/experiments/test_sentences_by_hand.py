"""Sentences on indices that were made up: what may be said, and what may not."""

from __future__ import annotations

from coercivity.experiments.sensitivity.indices import Index, Indices
from coercivity.experiments.sensitivity.replications import Luck
from coercivity.experiments.sensitivity.sentences import (
    density_sentences,
    luck_sentence,
    morris_sentences,
    sobol_sentences,
)


def index(measure: str, name: str, value: float, low: float, high: float, other: str = "") -> Index:
    return Index((name, other) if other else (name,), measure, value, low, high)


def sobol(*rows: Index, groups: int = 256) -> Indices:
    return Indices("sobol", 1000, rows, None, groups)


def test_luck_is_said_with_its_interval_or_why_it_cannot_be() -> None:
    assert luck_sentence(None, 1) == "How much of this is luck cannot be said (one seed a point)."
    assert luck_sentence(None, 4) == "How much of this is luck cannot be said (nothing varies)."
    assert luck_sentence(Luck(0.3, 0.2, 0.4, 0.05, 4), 4).endswith(
        "of the variance of single runs."
    )
    assert "over 4 seeds, in which it looks like parameters that act together." in luck_sentence(
        Luck(0.3, 0.2, 0.4, 0.2, 4), 4
    )


def test_few_base_samples_allow_no_statement() -> None:
    assert sobol_sentences("stops", sobol(groups=31)) == [
        "31 base samples are too few for a statement; run at least 32, 256 is a good number."
    ]


def test_interplay_is_said_of_the_leader_only_as_far_as_intervals_allow() -> None:
    firsts = (index("first", "a", 0.2, 0.1, 0.3), index("first", "b", 0.0, 0.0, 0.0))
    said = sobol_sentences(
        "stops",
        sobol(index("total", "a", 0.8, 0.7, 0.9), index("total", "b", 0.02, 0.01, 0.03), *firsts),
    )
    assert "At least 40% of the variance is a at work together with other parameters." in said
    assert "Each of these gives less than 5% of the variance, interplay included: b." in said
    alone = sobol(index("total", "a", 0.8, 0.79, 0.81), index("first", "a", 0.79, 0.78, 0.8))
    assert (
        "a acts by itself: at most 3% of the variance is its interplay with others."
        in sobol_sentences("stops", alone)
    )
    open_ = sobol(index("total", "a", 0.8, 0.7, 0.9), index("first", "a", 0.7, 0.6, 0.8))
    assert len(sobol_sentences("stops", open_)) == 1  # neither can be told


def test_wide_intervals_and_nothing_above_zero_say_so() -> None:
    wide = sobol(index("total", "a", 0.6, 0.2, 0.9), index("first", "a", 0.5, 0.1, 0.8))
    assert (
        "With 256 base samples the intervals are wide: no statement on sizes; run more."
        in sobol_sentences("stops", wide)
    )
    zero = sobol(index("total", "a", 0.02, -0.01, 0.04), index("first", "a", 0.0, -0.1, 0.1))
    assert "no parameter can be said to move 'stops'" in sobol_sentences("stops", zero)[0]


def test_pairs_are_told_at_intervals_widened_for_their_number() -> None:
    totals = (index("total", "a", 0.8, 0.7, 0.9), index("first", "a", 0.7, 0.6, 0.8))
    pairs = (
        index("second", "a", 0.3, 0.2, 0.4, "b"),
        index("second", "a", 0.1, 0.01, 0.2, "c"),
    )  # the second is not sure any more of two
    said = sobol_sentences("stops", sobol(*totals, *pairs))[-1]
    assert said == "Pairs that act together, at intervals widened for 2 pairs: a with b (0.3)."
    none = sobol_sentences(
        "stops", sobol(*totals, pairs[1], index("second", "b", 0.0, -0.1, 0.1, "c"))
    )[-1]
    assert none == "No pair of parameters can be shown to act together (of 2 looked at)."


def test_a_screening_ranks_and_says_which_way() -> None:
    def rows(
        name: str, star: tuple[float, float, float], mean: float, spread: float
    ) -> tuple[Index, ...]:
        return (
            index("mu_star", name, *star),
            index("mu", name, mean, mean, mean),
            index("sigma", name, spread, spread, spread),
        )

    three = (
        *rows("a", (10.0, 9.0, 11.0), -10.0, 1.0),
        *rows("b", (9.5, 9.0, 10.0), 2.0, 20.0),
        *rows("c", (0.1, 0.0, 0.2), 0.0, 0.1),
    )
    found = Indices("morris", 100, three, None, 10)
    said = " ".join(morris_sentences("stops", "days", found))
    assert "How strongly b acts depends on where the other parameters stand" in said
    assert "Nearly always in one direction as it rises: a (down)." in said
    assert "Mean effects below 5% of the largest: c." in said
    zero = Indices("morris", 100, rows("a", (1.0, -1.0, 3.0), 0.0, 1.0), None, 10)
    assert len(morris_sentences("stops", "days", zero)) == 1
    assert morris_sentences("stops", "days", Indices("morris", 100, (), None, 7))[0].startswith(
        "7 trajectories are too few"
    )


def test_what_is_below_pure_luck_is_counted() -> None:
    found = Indices(
        "delta",
        500,
        (index("delta", "a", 0.4, 0.3, 0.5), index("delta", "b", 0.1, 0.05, 0.2)),
        0.15,
        0,
    )
    assert (
        density_sentences("stops", found)[1]
        == "1 of 2 parameters cannot be told from columns of pure luck (up to 0.15 with 500 "
        "points)."
    )
    every = Indices("delta", 500, found.rows[:1], 0.15, 0)
    assert len(density_sentences("stops", every)) == 1
