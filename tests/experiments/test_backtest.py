"""The backtest: what is read from a world equals the tables, windows and verdicts do what they say, and nothing depends on the sample of a target."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from coercivity.cli import app
from coercivity.experiments.backtest import naive
from coercivity.experiments.backtest.evidence import (
    SAMPLES,
    EvidenceWatch,
    Target,
    check_target,
    load_evidence,
    run_evidence,
    targets_of,
)
from coercivity.experiments.backtest.score import (
    CAP,
    against_naive,
    agrees,
    by_sample,
    score,
    to_dict,
)
from coercivity.experiments.backtest.survey import (
    choose_targets,
    document,
    plan,
    run_survey,
    yearly,
)
from coercivity.experiments.quantities.record_target import TARGETS, Key
from coercivity.experiments.worlds.draws import draws
from coercivity.experiments.worlds.run import finish
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.names import GOOD_GROUPS, STATES
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World

SMALL = {"firms_per_sector": 1}
UNITS = {"level": "USD/kg", "flow": "t", "share": "share", "stop": "share"}


def target(quantity: str = "price_home", **fields: Any) -> Target:
    """A target to try things on: NdPr oxide at home in China, mean of 2010, 100 +- 10 %."""
    given: dict[str, Any] = {
        "id": "t",
        "episode": "e",
        "sample": "in",
        "scenario": "embargo-2010",
        "quantity": quantity,
        "state": "China",
        "partner": "",
        "good": "ndpr_oxide" if quantity.startswith("price") else "",
        "first": "2010-01",
        "last": "2010-12",
        "statistic": "mean",
        "value": 100.0,
        "tolerance": 0.1,
        "tolerance_kind": "relative",
        "unit": UNITS[TARGETS[quantity].kind],
    }
    return Target(**(given | fields))


READ = (  # scenario, quantity, state, partner, good
    ("embargo-2010", "price_home", "China", "", "ndpr_oxide"),
    ("embargo-2010", "price_home", "Germany", "", "dysprosium_oxide"),
    ("embargo-2010", "price_export", "China", "", "dysprosium_oxide"),
    ("embargo-2010", "price_export", "China", "", "lanthanum_oxide"),
    ("embargo-2010", "import_share", "Japan", "China", ""),
    ("embargo-2010", "import_share", "Japan", "China", "dysprosium_oxide"),
    ("embargo-2010", "raw_imports", "Japan", "", ""),
    ("embargo-2010", "raw_exports", "China", "", ""),
    ("embargo-2010", "smuggled", "China", "", ""),
    ("embargo-2010", "magnet_exports", "China", "", ""),
    ("embargo-2010", "mine_output", "World", "", ""),
    ("embargo-2010", "capacity", "China", "", "magnet"),
    ("embargo-2010", "separation_share", "China", "", ""),
    ("embargo-2010", "magnet_share", "China", "", ""),
    ("embargo-2010", "quota_use", "China", "", ""),
    ("embargo-2010", "export_unit_value", "China", "", ""),
    ("embargo-2010", "illegal_share", "China", "", ""),
    ("embargo-2010", "intensity", "Japan", "", ""),
    ("japan-blanket-ban", "output_lost", "Japan", "", ""),
    ("japan-blanket-ban", "first_stop", "Japan", "", ""),
    ("japan-blanket-ban", "firms_stopped_share", "Japan", "", ""),
    ("licensing-2025", "approvals", "China", "", ""),
    ("licensing-2025", "magnet_imports", "United States", "China", ""),
    ("licensing-2025", "price_export", "China", "", "yttrium_oxide"),
)
MONTHS = {"embargo-2010": 24, "japan-blanket-ban": 32, "licensing-2025": 20}


@cache
def lived(scenario: str) -> tuple[Result, EvidenceWatch]:
    """A small world that recorded under a watch of everything in READ."""
    last = month_names(load_scenario(scenario).start, MONTHS[scenario])[-1]
    targets = [
        target(
            quantity,
            id=f"{quantity} {state} {good}",
            scenario=scenario,
            state=state,
            partner=partner,
            good=good,
            last=last,
            first=last[:5] + "01",
            statistic="first_day" if quantity == "first_stop" else "mean",
        )
        for of, quantity, state, partner, good in READ
        if of == scenario
    ]
    world = World(
        with_changes(load_scenario(scenario), months=MONTHS[scenario], parameters=SMALL), 1
    )
    watch = EvidenceWatch(world, targets, whole=True)
    for _ in range(MONTHS[scenario]):
        world.step()
        watch.read(world)
    return finish(world), watch


def months(
    scenario: str, quantity: str, state: str = "China", partner: str = "", good: str = ""
) -> np.ndarray:
    """What was read: months x numbers."""
    _, watch = lived(scenario)
    return np.array(
        [row for _, row in sorted(watch.series[Key(quantity, state, partner, good)].items())]
    )


def table(scenario: str, name: str, value: str, **where: Any) -> np.ndarray:
    """A column of a table by month, summed over the rows that fit; zero in a month without rows."""
    result, _ = lived(scenario)
    frame = result.table(name)
    for column, wanted in where.items():
        frame = frame[
            frame[column].astype(str).isin([wanted] if isinstance(wanted, str) else wanted)
        ]
    sums = frame.groupby(frame["month"].astype(str))[value].sum(min_count=1)
    return np.asarray(sums.reindex(list(result.months)).to_numpy(dtype=float))


ABROAD = tuple(state for state in STATES if state != "China")
OXIDES, MAGNETS = GOOD_GROUPS["oxides"], GOOD_GROUPS["magnets"]
RAW = (*OXIDES, *GOOD_GROUPS["metals"])
NDFEB = ("magnet_standard", "magnet_heat_resistant")
ORES = ("light_concentrate", "heavy_concentrate")


@pytest.mark.parametrize(
    ("state", "good"), [("China", "ndpr_oxide"), ("Germany", "dysprosium_oxide")]
)
def test_prices_at_home_are_those_of_the_table(state: str, good: str) -> None:
    """Germany sells no dysprosium: there its buyers' quote counts."""
    assert months("embargo-2010", "price_home", state, good=good)[:, 0] == pytest.approx(
        table("embargo-2010", "prices", "home", state=state, good=good)
    )


@pytest.mark.parametrize(
    ("scenario", "good"),
    [
        ("embargo-2010", "dysprosium_oxide"),
        ("embargo-2010", "lanthanum_oxide"),
        ("licensing-2025", "yttrium_oxide"),
    ],
)
def test_export_prices_are_those_of_the_table(scenario: str, good: str) -> None:
    assert months(scenario, "price_export", good=good)[:, 0] == pytest.approx(
        table(scenario, "prices", "export", state="China", good=good)
    )


@pytest.mark.parametrize(("good", "group"), [("", "all"), ("dysprosium_oxide", "Dy")])
def test_import_shares_are_those_of_the_table(good: str, group: str) -> None:
    read = months("embargo-2010", "import_share", "Japan", "China", good)
    known = table(
        "embargo-2010",
        "dependence",
        "share",
        state="Japan",
        supplier="China",
        basis="last_origin",
        measure="tonnes",
        group=group,
    )
    imported = read[:, 1] > 1e-9
    assert (read[imported, 0] / read[imported, 1]) == pytest.approx(np.nan_to_num(known[imported]))


def test_exports_are_the_tonnes_of_trade_without_what_is_smuggled() -> None:
    shipped = table("embargo-2010", "trade", "tonnes", origin="China", destination=ABROAD, good=RAW)
    leaked = np.nan_to_num(
        table("embargo-2010", "leaks", "tonnes", route="smuggled", via="China", good=RAW)
    )
    every = np.nan_to_num(table("embargo-2010", "leaks", "tonnes", route="smuggled", via="China"))
    assert leaked.sum() > 0
    assert months("embargo-2010", "smuggled")[:, 0] == pytest.approx(every, abs=1e-6)
    halted = slice(
        20, 23
    )  # the halt at the ports: a tonne smuggled past it is counted as smuggled past the quota too, but cannot leave twice
    exports = months("embargo-2010", "raw_exports")[:, 0]
    assert np.delete(exports, halted) == pytest.approx(
        np.delete(shipped - leaked, halted), abs=1e-6
    )
    assert np.all(
        ((shipped - leaked)[halted] - 1e-6 <= exports[halted])
        & (exports[halted] <= shipped[halted])
    )


@pytest.mark.parametrize(
    ("scenario", "quantity", "state", "partner", "where"),
    [
        ("embargo-2010", "raw_imports", "Japan", "", {"destination": "Japan", "good": RAW}),
        (
            "embargo-2010",
            "magnet_exports",
            "China",
            "",
            {"origin": "China", "destination": ABROAD, "good": MAGNETS},
        ),
        (
            "licensing-2025",
            "magnet_imports",
            "United States",
            "China",
            {"origin": "China", "destination": "United States", "good": MAGNETS},
        ),
    ],
)
def test_tonnes_are_those_of_trade(
    scenario: str, quantity: str, state: str, partner: str, where: dict[str, Any]
) -> None:
    known = table(scenario, "trade", "tonnes", **where)
    if quantity == "raw_imports":
        known = known - table(scenario, "trade", "tonnes", origin="Japan", **where)
    assert months(scenario, quantity, state, partner)[:, 0] == pytest.approx(known, abs=1e-9)


@pytest.mark.parametrize(
    ("quantity", "column", "state", "good"),
    [
        ("mine_output", 0, None, ORES),
        ("separation_share", 0, "China", OXIDES),
        ("separation_share", 1, None, OXIDES),
        ("magnet_share", 0, "China", NDFEB),
        ("illegal_share", 1, "China", ORES),
    ],
)
def test_output_is_that_of_the_table(
    quantity: str, column: int, state: str | None, good: tuple[str, ...]
) -> None:
    where = {"stage": ("mining", "separation", "metal", "magnet"), "good": good} | (
        {"state": state} if state else {}
    )
    read = months("embargo-2010", quantity, "World" if quantity == "mine_output" else "China")
    assert read[:, column] == pytest.approx(table("embargo-2010", "output", "tonnes", **where))


def test_capacity_losses_and_licences_are_those_of_the_tables() -> None:
    assert months("embargo-2010", "capacity", good="magnet")[:, 0] == pytest.approx(
        table("embargo-2010", "capacity", "built", state="China", stage="magnet")
    )
    lost = months("japan-blanket-ban", "output_lost", "Japan")[:, 0]
    assert lost.sum() > 0
    assert 1000.0 * lost == pytest.approx(
        table("japan-blanket-ban", "macro", "output_lost", state="Japan")
    )
    for column, name in enumerate(("granted", "filed", "unanswered")):
        known = np.nan_to_num(
            table("licensing-2025", "licences", name, exporter="China", importer=ABROAD)
        )
        assert months("licensing-2025", "approvals")[:, column] == pytest.approx(known, abs=1e-6)


def test_stops_are_those_of_the_table() -> None:
    """First day and share of end users whose line begins to stand in the last year, of seven or so months under the ban."""
    result, watch = lived("japan-blanket-ban")
    found = watch.values()
    origin = f"{result.months[-1][:4]}-01-01"
    rows = result.table("stoppages").query(
        "state == 'Japan' and stage == 'end_use' and first_day >= @origin"
    )
    firms = result.table("firms").query("state == 'Japan' and stage == 'end_use'")
    assert len(rows)
    assert (
        found["first_stop Japan "]
        == (pd.to_datetime(rows["first_day"]).min() - pd.Timestamp(origin)).days
    )
    assert found["firms_stopped_share Japan "] == pytest.approx(rows["firm"].nunique() / len(firms))


def test_shares_that_no_table_has_stay_within_bounds() -> None:
    use, value, illegal = (
        months("embargo-2010", name) for name in ("quota_use", "export_unit_value", "illegal_share")
    )
    assert use[:12, 1].sum() == pytest.approx(21_728 + 28_417)  # the quota of 2009
    assert 0 < use[:12, 0].sum() <= use[:12, 1].sum()
    assert value[:, 1] == pytest.approx(months("embargo-2010", "raw_exports")[:, 0])
    low, high = (
        table("embargo-2010", "prices", "export", state="China", good=good)
        for good in ("cerium_oxide", "terbium_oxide")
    )
    assert np.all((0.5 * low < value[:, 0] / value[:, 1]) & (value[:, 0] / value[:, 1] < high))
    assert np.all((illegal[:, 0] >= 0) & (illegal[:, 0] < illegal[:, 1]))
    assert months("embargo-2010", "intensity", "Japan")[0, 0] == pytest.approx(1.0, abs=0.02)


def filled(one: Target, series: dict[int, tuple[float, ...]]) -> float | None:
    """The value of a target on a made-up series (month after January 2009: what was read)."""
    watch = EvidenceWatch.__new__(EvidenceWatch)
    watch.targets, watch.start = (one,), "2009-01"
    watch.series = {one.key: {month: np.array(row) for month, row in series.items()}}
    return watch.values()["t"]


def test_statistics_of_a_window() -> None:
    flat = {month: (float(month),) for month in range(36)}
    assert filled(target(), flat) == pytest.approx(17.5)
    assert filled(target(statistic="max"), flat) == 23.0
    assert (
        filled(target("raw_exports", statistic="sum", first="2009-01", last="2009-03"), flat) == 3.0
    )
    base = {"base_first": "2009-01", "base_last": "2009-12"}
    assert filled(target(statistic="ratio", **base), flat) == pytest.approx(17.5 / 5.5)
    assert filled(target(statistic="log_change", **base), flat) == pytest.approx(
        math.log(17.5 / 5.5)
    )
    steps = {month: (10.0 * 2.0 ** (month // 12 % 2),) for month in range(36)}
    assert filled(
        target(statistic="sd_yearly_log", first="2009-01", last="2011-12"), steps
    ) == pytest.approx(math.sqrt(2.0) * math.log(2.0))


def test_a_share_is_a_sum_over_a_sum_and_its_unit_decides_the_scale() -> None:
    rows = {12: (1.0, 2.0), 13: (0.0, 8.0)}
    one = target("import_share", first="2010-01", last="2010-02", unit="%")
    assert filled(one, rows) == pytest.approx(10.0)
    assert filled(replace(one, unit="share"), rows) == pytest.approx(0.1)
    assert filled(replace(one, statistic="max"), rows) == pytest.approx(50.0)


def test_approvals_count_what_waited_before_the_window() -> None:
    """Approved 3 and 1 of 4 that waited and 2 that came: after the first month 1 + 2 wait less nothing."""
    rows = {12: (3.0, 0.0, 1.0), 13: (1.0, 2.0, 2.0)}
    assert filled(target("approvals", first="2010-01", last="2010-02"), rows) == pytest.approx(
        4.0 / 6.0
    )


def test_what_a_run_does_not_reach_is_none() -> None:
    assert filled(target(), dict.fromkeys(range(20), (1.0,))) is None
    assert (
        filled(target("import_share"), dict.fromkeys(range(36), (0.0, 0.0))) is None
    )  # nothing imported
    assert filled(target(first="2008-01"), dict.fromkeys(range(36), (1.0,))) is None


def test_a_run_is_as_long_as_its_targets_need_and_longer_ones_change_nothing() -> None:
    scenario = with_changes(load_scenario("embargo-2010"), months=6, parameters=SMALL)
    short, long = (
        target(first="2009-06", last="2009-09"),
        target(id="long", first="2010-06", last="2010-09"),
    )
    alone, both = run_evidence(scenario, 3, [short]), run_evidence(scenario, 3, [short, long])
    assert alone["t"] == both["t"]
    assert both["long"] is not None


def test_verdicts() -> None:
    one = target()
    spread = np.linspace(-8.0, 8.0, 9)
    assert score(one, list(105.0 + spread)).verdict == "PASS"
    assert score(one, list(115.0 + spread)).verdict == "PARTIAL"
    assert score(one, list(130.0 + spread)).verdict == "FAIL"
    assert score(one, list(115.0 + spread)).error == pytest.approx(1.5)
    assert score(one, [1e9] * 3).error == CAP
    assert agrees(one, 110.0)
    assert not agrees(one, 110.1)


def test_undefined_values_count_as_outside() -> None:
    one, stop = (
        target(),
        target(
            "first_stop",
            statistic="first_day",
            value=50.0,
            tolerance=10.0,
            tolerance_kind="absolute",
            unit="days",
        ),
    )
    assert score(one, [100.0, 100.0, 100.0, None]).verdict == "PASS"
    assert score(one, [100.0, None, None]).verdict == "FAIL"
    assert (
        score(one, [100.0, 140.0, 100.0, 140.0, 100.0, None]).verdict == "PARTIAL"
    )  # the median passes only if the undefined one lies low
    never = score(stop, [55.0, None, None])
    assert (never.verdict, never.median, never.error) == ("FAIL", None, CAP)
    late = score(stop, [55.0, 45.0, None])
    assert (late.verdict, late.median, late.p95, late.undefined) == ("PASS", 55.0, None, 1)


def test_half_of_the_draws_without_a_stop_are_no_agreement() -> None:
    """A median between a day and never is never: the error is the cap, and the band reaches from the days to never."""
    stop = target(
        "first_stop",
        statistic="first_day",
        value=50.0,
        tolerance=10.0,
        tolerance_kind="absolute",
        unit="days",
    )
    half = score(stop, [*np.linspace(45.0, 55.0, 15), *[None] * 15])
    assert (half.verdict, half.median, half.p95, half.error) == ("PARTIAL", None, None, CAP)
    assert half.p05 is not None
    early = score(
        stop, [*[20.0] * 25, *[None] * 5]
    )  # too early, but the band reaches over the record
    assert (early.verdict, early.median, early.error) == ("PARTIAL", 20.0, 3.0)


def test_the_error_takes_the_worse_side_of_what_is_undefined() -> None:
    one = target()
    mixed = score(
        one, [100.0, 140.0, 100.0, 140.0, 100.0, None]
    )  # 100 if it lies low, 120 if it lies high
    assert (mixed.verdict, mixed.median, mixed.p95) == ("PARTIAL", 120.0, None)
    assert mixed.error == pytest.approx(2.0)
    low = score(
        one, [80.0, 81.0, 82.0, 83.0, None]
    )  # beyond all numbers it would reach over the record; the worse side does not
    assert (low.verdict, low.p05, low.median) == ("FAIL", None, 81.0)
    assert score(one, [100.0, None]).error == CAP


def test_the_model_passes_by_its_verdict_and_not_by_its_error() -> None:
    """A target that fails though its median is near, as where most draws are undefined, is no pass."""
    known = target(value=100.0, **EVENT)
    said = [score(known, [105.0]), score(known, [115.0, 105.0, 118.0])]
    rows = {
        row["benchmark"]: row for row in against_naive([replace(said[0], verdict="FAIL"), said[1]])
    }
    assert (rows["no_change"]["model_pass"], rows["no_change"]["targets"]) == (0, 2)


def test_a_series_has_one_vote_an_episode() -> None:
    """Three rows of one series are one win, and the same series in another episode is another; what was fitted has no p."""
    near, far = [90.0], [200.0]
    series = [target(id=f"t{at}", sample="out", last=f"2010-{12 - at}", **EVENT) for at in range(3)]
    other = target(id="other", sample="out", episode="f", **EVENT)
    scores = [score(one, near) for one in (*series, other)]
    row = against_naive(scores)[0]
    assert (row["benchmark"], row["targets"], row["series"], row["wins"], row["p_value"]) == (
        "no_change",
        4,
        2,
        2,
        0.25,
    )
    mixed = [
        score(series[0], near),
        score(series[1], far),
        score(series[2], far),
        score(other, near),
    ]  # the median of the three loses
    assert [against_naive(mixed)[0][name] for name in ("wins", "losses", "p_value")] == [1, 1, 0.75]
    fitted = [score(replace(one, sample="in"), near) for one in series]
    assert (against_naive(fitted)[0]["wins"], against_naive(fitted)[0]["p_value"]) == (1, None)


def test_benchmarks_that_say_the_same_count_once() -> None:
    still = target(
        sample="out", **EVENT | {"hit": 0.0}
    )  # nothing is taken away, so nothing changes in any of them
    one = score(still, [100.0])
    rows = {row["benchmark"]: row for row in against_naive([one])}
    assert [
        (rows[name]["targets"], rows[name]["same"], rows[name]["left_out"]) for name in naive.NAMES
    ] == [(1, 0, 0), (0, 1, 0), (0, 1, 0)]
    assert all(
        said is not None for said in one.naive.values()
    )  # the target's own row still says what each says


def test_what_the_start_is_balanced_to_is_judged_by_itself() -> None:
    scores = [score(target(id=sample, sample=sample, **EVENT), [100.0]) for sample in SAMPLES]
    groups = {row["sample"]: row["targets"] for row in by_sample(scores)}
    assert groups == {"in": 1, "kept_back": 1, "out": 1, "all": 3, "start": 1}
    assert {row["sample"] for row in against_naive(scores)} == {"in", "kept_back", "out"}
    assert [row["sample"] for row in by_sample(scores[-1:])] == ["start"]
    assert against_naive(scores[-1:]) == []


def test_what_a_scenario_sets_wins_over_a_draw() -> None:
    (task,) = plan(
        [target(scenario="civilian-unaffected", first="2024-01", last="2024-02")], draws(1)
    )
    drawn = dict(draws(1)[0].parameters)
    assert drawn["over_compliance"] > 0
    assert dict(task.scenario.parameters) == drawn | {"over_compliance": 0}


@pytest.mark.parametrize(
    ("kind", "statistic", "value", "tolerance", "interval"),
    [
        ("absolute", "mean", 50.0, 5.0, (45.0, 55.0)),
        ("relative", "mean", 50.0, 0.1, (45.0, 55.0)),
        ("log", "mean", 50.0, math.log(2.0), (25.0, 100.0)),
        ("log", "log_change", -0.2, 0.3, (-0.5, 0.1)),
    ],
)
def test_tolerances(
    kind: str, statistic: str, value: float, tolerance: float, interval: tuple[float, float]
) -> None:
    """The value of a log_change is a log already: there a tolerance in logs is added, not multiplied."""
    one = target(tolerance_kind=kind, statistic=statistic, value=value, tolerance=tolerance)
    assert one.interval == pytest.approx(interval)
    assert [one.distance(end) for end in interval] == pytest.approx([-1.0, 1.0])


EVENT: dict[str, Any] = {"before": 80.0, "hit": 0.5, "event": "2010-01"}


def test_benchmarks_of_flows_and_prices() -> None:
    said = naive.benchmarks(target("raw_exports", statistic="sum", **EVENT))
    fading = np.mean(0.5 ** (np.arange(12) / naive.HALF_LIFE))
    assert said == pytest.approx(
        {"no_change": 80.0, "proportional": 40.0, "exponential": 80.0 * (1.0 - 0.5 * fading)}
    )
    assert naive.benchmarks(target(**EVENT))["proportional"] == pytest.approx(160.0)
    assert naive.benchmarks(target(**EVENT | {"hit": 1.0}))["proportional"] == pytest.approx(
        80.0 * naive.PRICE_BOUND
    )
    half = target(
        "raw_exports", **EVENT | {"event": "2010-07"}
    )  # half of the window lies before the event
    assert naive.benchmarks(half)["proportional"] == pytest.approx(60.0)


def test_benchmarks_of_changes_and_stops() -> None:
    change = target(statistic="log_change", base_first="2009-01", base_last="2009-12", **EVENT)
    assert naive.benchmarks(change)["no_change"] == 0.0
    assert naive.benchmarks(change)["proportional"] == pytest.approx(math.log(2.0))
    stop = target("first_stop", statistic="first_day", unit="days", **EVENT | {"before": None})
    assert naive.benchmarks(stop)["proportional"] == pytest.approx(
        naive.COVER_MONTHS / 0.5 * naive.DAYS
    )
    assert naive.benchmarks(stop)["no_change"] is None
    days = naive.benchmarks(stop)["exponential"]
    assert days is not None
    eaten = (
        0.5
        * naive.HALF_LIFE
        / math.log(2.0)
        * (1.0 - 2.0 ** (-days / naive.DAYS / naive.HALF_LIFE))
    )
    assert eaten == pytest.approx(naive.COVER_MONTHS)  # by then the fading gap has eaten the stock
    assert naive.benchmarks(replace(stop, hit=0.1))["exponential"] is None  # it fades before
    assert naive.benchmarks(target("firms_stopped_share", **EVENT | {"before": 0.0}))[
        "proportional"
    ] == pytest.approx(0.5)


def test_a_benchmark_without_its_columns_says_nothing_and_is_left_out() -> None:
    known, unknown = target(id="a", value=80.0, **EVENT), target(id="b", value=80.0)
    scores = [
        score(replace(one, sample="out"), [value])
        for one, value in ((known, 90.0), (unknown, 80.0))
    ]
    assert naive.benchmarks(unknown) == {
        "no_change": None,
        "proportional": None,
        "exponential": None,
    }
    rows = {row["benchmark"]: row for row in against_naive(scores) if row["sample"] == "out"}
    assert (rows["no_change"]["losses"], rows["no_change"]["left_out"]) == (1, 1)
    assert (rows["proportional"]["wins"], rows["proportional"]["p_value"]) == (1, 0.5)
    assert rows["proportional"]["model_error"] == pytest.approx(1.25)
    assert next(row for row in by_sample(scores) if row["sample"] == "out")[
        "median_error"
    ] == pytest.approx(0.625)


def test_the_shipped_evidence_can_be_asked_and_judged() -> None:
    targets = load_evidence()
    assert {one.sample for one in targets} == set(SAMPLES)
    for one in targets:
        start = load_scenario(one.scenario).start
        assert min(month for month in (one.first, one.base_first) if month) >= start, one.id
        assert agrees(one, one.value)
        assert (one.sample == "out") == (one.last > "2024-12"), one.id
    plan(targets, draws(1))  # every scenario takes a drawn vector


def test_nothing_depends_on_the_sample_but_the_grouping() -> None:
    targets = [
        target(last="2010-03"),
        target(
            "import_share",
            id="u",
            state="Japan",
            partner="China",
            last="2010-02",
            value=0.8,
            **EVENT,
        ),
    ]
    moved = [replace(one, sample="out", fit_weight=0.0) for one in targets]
    first, second = (document(run_survey(of, draws(1)))["targets"] for of in (targets, moved))
    assert [{**row, "sample": ""} for row in first] == [{**row, "sample": ""} for row in second]


def test_workers_change_nothing_and_lines_hold_the_record() -> None:
    targets = [
        target(
            "magnet_exports",
            scenario="threat-2019",
            first="2024-02",
            last="2024-03",
            statistic="sum",
            value=9000.0,
        ),
        target(id="u", first="2009-02", last="2009-03"),
    ]
    one, two = (run_survey(targets, draws(2), workers=workers, lines=True) for workers in (1, 2))
    assert json.dumps(document(one)) == json.dumps(document(two))
    line = document(one)["lines"][0]
    assert (line["start"], line["step"], len(line["median"])) == ("2024-01", 1, 3)
    assert line["points"][0]["value"] == yearly(targets[0], 9000.0) == 54_000.0
    assert line["p05"][1] <= line["median"][1] <= line["p95"][1]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"quantity": "price_hom"}, "did you mean 'price_home'"),
        ({"statistic": "median"}, "statistic 'median'"),
        ({"state": "Japn"}, "Japn"),
        ({"last": "2009-01"}, "before from"),
        ({"statistic": "ratio"}, "base_from"),
        ({"tolerance": 0.0}, "above 0"),
        ({"statistic": "first_day"}, "first_stop"),
        ({"sample": "out", "fit_weight": 0.5}, "fit_weight"),
        ({"good": "ndpr"}, "ndpr"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_in_one_line(
    fields: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words) as caught:
        check_target(
            Facts.default(),
            target(**{"quantity": "price_home"} | fields)
            if fields.get("quantity", "price_home") in TARGETS
            else replace(target(), **fields),
        )
    assert "\n" not in str(caught.value)


def test_names_of_episodes_and_samples() -> None:
    episode = load_evidence()[0].episode
    assert {one.episode for one in choose_targets([episode])} == {episode}
    for given, words in (
        (([episode[:-1] + "x"], None), "did you mean"),
        (([], "inn"), "--sample 'inn'"),
        ((["threat-2019"], "out"), "has no target"),
    ):
        with pytest.raises(InputError, match=words):
            choose_targets(*given)
    assert all(one.scenario == "threat-2019" for one in targets_of("threat-2019"))


def test_a_target_before_its_scenario_is_refused_before_anything_runs() -> None:
    with pytest.raises(InputError, match="begins before scenario threat-2019"):
        plan([target(scenario="threat-2019")], draws(1))


def test_the_command_prints_one_document() -> None:
    done = CliRunner().invoke(
        app, ["backtest", "threat-2019", "--draws", "2", "--workers", "1", "--json"]
    )
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    one = found["targets"][0]
    assert {
        "id",
        "episode",
        "sample",
        "value",
        "tolerance",
        "unit",
        "source",
        "p05",
        "median",
        "p95",
        "verdict",
        "naive",
    } <= set(one)
    assert set(one["naive"]) == set(naive.NAMES)
    assert one["verdict"] in ("PASS", "PARTIAL", "FAIL")
    assert json.dumps(to_dict(score(target(), [None])), allow_nan=False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "episode 'nowhere'"),
        (["--draws", "0"], "--draws '0'"),
        (["--workers", "x"], "--workers 'x'"),
        (["--sample", "test"], "--sample 'test'"),
        (["--figures", "README.md/x"], "--figures"),
    ],
)
def test_wrong_input_is_one_line_and_exit_code_2(
    arguments: list[str], words: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "README.md").write_text("a file", encoding="utf-8")
    done = CliRunner().invoke(app, ["backtest", *arguments])
    assert done.exit_code == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
