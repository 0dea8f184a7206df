"""Would a practitioner believe it? Figures of whole runs against the targets of targets.csv, and
what must hold of the same runs; what is not met is an expected failure, and fails once it is met.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.worlds.run import run
from coercivity.model.results.dependence_table import by_last_origin, by_separation, separated_in
from coercivity.model.results.records import Records
from tests.names import CHINA, STATE
from tools.docs.believed import core, money_and_stops
from tools.docs.believed.measures import CALM, FIGURES, prices, ran
from tools.docs.believed.table import TARGETS, Target

SEEDS = (1, 2, 3)
SLOW = {core.__name__, money_and_stops.__name__}  # some minutes together
DYSPROSIUM, NDPR = "dysprosium_oxide", "ndpr_oxide"


def judged(target: Target) -> object:
    """A target as a case; one that is not met must fail."""
    missed = pytest.mark.xfail(
        strict=True,
        raises=AssertionError,
        reason="not met by prices that look ahead (0091)",
    )
    marks = [] if target.met else [missed]
    if FIGURES[target.figure].__module__ in SLOW:
        marks.append(pytest.mark.slow)
    return pytest.param(target, id=target.figure, marks=marks)


def test_every_figure_has_a_target_and_a_source() -> None:
    assert [target.figure for target in TARGETS] == list(FIGURES)
    assert all(target.source and target.low <= target.high for target in TARGETS)


@pytest.mark.parametrize("target", [judged(target) for target in TARGETS])
def test_figure(target: Target) -> None:
    value = FIGURES[target.figure]()
    assert target.low <= value <= target.high, (
        f"{FIGURES[target.figure].__doc__} {value:.4g} {target.unit}, "
        f"wanted {target.low:g} to {target.high:g}; source: {target.source}"
    )


# ---------------------------------------------------------------- calm
# The record is that of monthly means of Chinese daily quotes before tax, January 2013 to July 2024
# (0.75 Nd + 0.25 Pr; record.csv has their years): 7% of months lie within 3% of the price a year
# before.

SIX = range(1, 7)


too_calm = pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="calm worlds are too calm: plants have room, and demand's luck hardly moves prices; "
    "0.05 between worlds where the record has 0.35",
)


def calm(seed: int, good: str = NDPR) -> np.ndarray:
    """Price of an oxide inside the exporter by month (USD/kg) in a world without acts to the end
    of 2039.
    """
    return prices(ran(CALM, seed), good, "China", "home", months=192).to_numpy()


@too_calm
def test_neodymium_does_not_stand_still() -> None:
    """At most twice the share of the record (0.15) of months cost what they did a year before: else
    something other than users and mines sets the price.
    """
    logs = [np.log(calm(seed)) for seed in SIX]
    shares = [(np.abs(log[12:] - log[:-12]) < np.log(1.03)).mean() for log in logs]
    assert np.mean(shares) <= 0.15, np.round(shares, 2)


def test_neodymium_rises_no_faster_than_on_record() -> None:
    """Nd oxide rose most within nine months to March 2021: 2.44 times."""
    assert max((calm(seed)[9:] / calm(seed)[:-9]).max() for seed in SIX) <= 2.44


@too_calm
@pytest.mark.parametrize("good", [NDPR, DYSPROSIUM])
def test_luck_and_not_a_bound_tells_worlds_apart(good: str) -> None:
    """Yearly prices of the last four years differ between worlds by a sixth or more (sd of logs):
    half of what a year differs from the mean of all on record (0.35; NdPr, 2013-24).
    """
    last = np.log([calm(seed, good)[-48:].reshape(4, 12).mean(axis=1) for seed in SIX])
    assert last.std(axis=0, ddof=1).mean() >= 0.17


@pytest.mark.parametrize("name", ["Lynas Malaysia (Kuantan)", "MP Materials separation"])
def test_incumbents_run_near_capacity_in_calm(name: str) -> None:
    """Above two thirds of what they could on a mean over ten years."""
    use = []
    for seed in SEEDS:
        records = ran(CALM, seed).records
        assert records is not None
        run = np.asarray(records["run"])[:120, records.structure.names.index(name)]
        could = np.asarray(records["capacity"])[:120, records.structure.names.index(name)]
        use.append(run.mean() / could.mean())
    assert np.mean(use) > 0.67, use


# ---------------------------------------------------------------- on whom Japan depends
# Bands were set with the question (decision 0023), before the rules.


@cache
def separated(name: str) -> np.ndarray:
    """China's share of what Japan imports, by place of separation and year: mean over seeds."""
    found = []
    for seed in SEEDS:
        records = ran(name, seed).records
        assert records is not None
        bought = by_separation(records, "tonnes", separated_in(records))[:, STATE["Japan"], 0]
        years = bought.reshape(-1, 12, bought.shape[-1]).sum(axis=1)
        found.append(years[:, CHINA] / years.sum(axis=1))
    return np.mean(found, axis=0)


def test_under_the_measures_of_2026_dependence_does_not_rise_above_its_start() -> None:
    share = separated("japan-2026")
    assert (share[1:10] < share[0]).all(), np.round(share, 3)


def test_under_the_measures_of_2026_dependence_settles_at_half_or_more() -> None:
    """0.5 to 0.7 within a decade of the measure."""
    share = separated("japan-2026")
    assert 0.5 <= share[6:10].mean() <= 0.7, np.round(share, 3)


def test_without_measures_it_stays_about_where_it_is() -> None:
    share = separated(CALM)
    assert ((share[:11] > 0.6) & (share[:11] < 0.8)).all(), np.round(share, 3)


# ---------------------------------------------------------------- a good that may not leave
# is not scarce at home (M5, M13, decision 0043): in five worlds of six, to the end of 2030.


@pytest.mark.parametrize(("good", "months", "most"), [(DYSPROSIUM, 12, 2.0), (NDPR, 9, 2.44)])
def test_what_may_not_leave_does_not_double_at_home(good: str, months: int, most: float) -> None:
    """Dysprosium costs at most twice what it did a year before, for licences take customers from an
    exporter that has all of its own ore; Nd as on record.
    """
    name = "japan-2026"
    worlds = [ran(name, seed) if seed in SEEDS else run(name, seed, months=60) for seed in SIX]
    paid = [prices(one, good, "China", "home", months=60).to_numpy() for one in worlds]
    rises = [float((one[months:] / one[:-months]).max()) for one in paid]
    assert sum(found <= most for found in rises) >= 5, np.round(rises, 2)


@cache
def after_2010(seed: int) -> Records:
    records = ran("embargo-2010", seed).records
    assert records is not None
    return records


def test_japan_turns_away_after_2010_and_comes_back_slowly() -> None:
    """Record: 81.6, 68, ... 60, ... 58, ... 72. At least 10 points off by 2013-15, below the start
    through 2020 and in the end. Refuted by a share that is back at its start within the decade.
    """
    flows = [by_last_origin(after_2010(s), "tonnes", ("all",))[:, STATE["Japan"], 0] for s in SEEDS]
    years = [flow.reshape(-1, 12, flow.shape[-1]).sum(axis=1) for flow in flows]
    share = np.mean([year[:, CHINA] / year.sum(axis=1) for year in years], axis=0)
    assert share[4:7].mean() < share[0] - 0.10, np.round(share, 3)
    assert (share[7:12] < share[0]).all(), np.round(share, 3)
    assert share[14] < share[0], np.round(share, 3)


def test_lynas_lives_through_the_years_after_2013() -> None:
    """It separates in every year from 2014 on; Lynas cut output and never closed for long."""
    for seed in SEEDS:
        row = after_2010(seed).structure.names.index("Lynas Malaysia (Kuantan)")
        run = np.asarray(after_2010(seed)["run"])[:, row].reshape(-1, 12).sum(axis=1)
        assert (run[5:15] > 1000.0).all(), (seed, np.round(run))


# ---------------------------------------------------------------- what those abroad bid
# for a good that a border holds back follows what stands still without it (M5, decision 0034).

LIVED = "japan-2026-from-2024"
AFTER = {"licensing-2025": ("2025-04", "2026-03"), LIVED: ("2026-01", "2026-12")}
CASES = [(name, seed) for name in AFTER for seed in SEEDS]
IN_ONE_WORLD = pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="1.23 (yttrium) and 1.45 (mixed oxides) beside NdPr's 1.59 and 1.61, as swings of "
    "demand move NdPr as well (0101) and what is cheap is licensed by the end of 2025 (0112); an "
    "office that lets raw materials wait longer would mend it",
)
RISES = [
    pytest.param(
        *case,
        good,
        marks=[IN_ONE_WORLD]
        * ((*case, good) in ((LIVED, 1, "yttrium_oxide"), (LIVED, 3, "seg_oxide"))),
    )
    for case in CASES
    for good in ("yttrium_oxide", "seg_oxide")
]


def over_the_months_before(column: pd.Series, name: str) -> float:
    """The most of a year under licences over the mean of the months before them."""
    by_month = column.set_axis(column.index.astype(str))
    first, last = AFTER[name]
    return float(by_month[first:last].max() / by_month["2025-01":"2025-03"].mean())


def rise(name: str, seed: int, good: str) -> float:
    """Of China's export price."""
    return over_the_months_before(prices(ran(name, seed), good, "China", "export"), name)


def gap(name: str, seed: int, good: str) -> float:
    """Of the ratio of China's export and home prices."""
    export, home = (prices(ran(name, seed), good, "China", of) for of in ("export", "home"))
    return over_the_months_before(export / home, name)


@pytest.mark.parametrize(("name", "seed", "good"), RISES)
def test_what_is_cheap_against_its_use_rises_most_abroad(name: str, seed: int, good: str) -> None:
    """By a half more than NdPr, which no act of 2025 names; refuted if a few USD/kg do not move
    while lines stand for them.
    """
    assert rise(name, seed, good) > 1.5 * rise(name, seed, NDPR)


def missed(reason: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(strict=True, raises=AssertionError, reason=reason)


LESS_THAN_DYSPROSIUM = missed(
    "yttrium's 10.1, 1.9 and 4.9 times beside dysprosium's 10.7, 8.5 and 7.6: who could do "
    "with less dysprosium within a quarter, and an office that lets raw materials wait, would "
    "mend it"
)


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        pytest.param(*case, marks=[LESS_THAN_DYSPROSIUM] * (at in (2, 3, 5)))
        for at, case in enumerate(CASES)
    ],
)
def test_the_gap_is_wider_for_what_is_cheap_against_its_use(name: str, seed: int) -> None:
    """Yttrium costs a fiftieth of what its users bear and dysprosium a twelfth."""
    assert gap(name, seed, "yttrium_oxide") > gap(name, seed, DYSPROSIUM)


MORE_THAN_ANTIMONY = missed(
    "9.9 to 10.7 times in the dearest month of 2025, 7.6 to 8.7 in worlds of 2026, over a home "
    "price below the usual one (0113): who could do with less within a quarter would mend it"
)


@MORE_THAN_ANTIMONY
@pytest.mark.parametrize(("name", "seed"), CASES)
def test_the_gap_of_dysprosium_is_of_the_order_of_antimonys(name: str, seed: int) -> None:
    """1.75 times after three and a half months."""
    assert 1.3 < gap(name, seed, DYSPROSIUM) < 6.0


@pytest.mark.parametrize(("name", "seed"), [*CASES, *(("japan-2026", seed) for seed in SEEDS)])
def test_the_exporters_traders_take_three_quarters_of_the_premium(name: str, seed: int) -> None:
    """The rest goes to those who sell on: in the first three years."""
    result = ran(name, seed)
    spent, end = result.table("spending"), result.months[36]
    spent = spent[(spent.kind == "border_premium") & (spent.month.astype(str) < end)]
    home = spent[spent.payee.astype(str).str.endswith("in China")]
    assert home.usd_million.sum() > 0.75 * spent.usd_million.sum() > 0.0
