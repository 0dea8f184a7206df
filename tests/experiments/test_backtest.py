"""The backtest: windows and verdicts do what they say, and nothing depends on the sample of a target."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from coercivity.cli import app
from coercivity.experiments.backtest import naive
from coercivity.experiments.backtest.evidence_targets import (
    SAMPLES,
    EvidenceWatch,
    Target,
    check_sample,
    check_target,
    load_evidence,
    run_evidence,
)
from coercivity.experiments.backtest.run_backtest import (
    choose_targets,
    document,
    plan,
    run_survey,
    yearly,
)
from coercivity.experiments.backtest.score import (
    CAP,
    against_naive,
    against_naive_by_kind,
    by_sample,
    is_within_tolerance,
    score,
    to_dict,
)
from coercivity.experiments.worlds.draws import draws
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import load_scenario, with_changes
from tests.experiments.made_targets import EMBARGO, target
from tests.refusal import refusal


def filled(one: Target, series: dict[int, tuple[float, ...]]) -> float | None:
    """The value of a target on a made-up series (month after January 2009: what was read)."""
    watch = EvidenceWatch.__new__(EvidenceWatch)
    watch.targets, watch.start = (one,), "2009-01"
    watch.series = {one.key: {month: np.array(row) for month, row in series.items()}}
    return watch.values()["t"]


def test_statistics_of_a_window() -> None:
    flat = {month: (float(month),) for month in range(36)}
    steps = {month: (10.0 * 2.0 ** (month // 12 % 2),) for month in range(36)}
    start, base = {"first": "2009-01"}, {"base_first": "2009-01", "base_last": "2009-12"}
    three_years = target(statistic="sd_yearly_log", **start, last="2011-12")
    for one, series, value in (
        (target(), flat, 17.5),
        (target(statistic="max"), flat, 23.0),
        (target("raw_exports", statistic="sum", **start, last="2009-03"), flat, 3.0),
        (target(statistic="ratio", **base), flat, 17.5 / 5.5),
        (target(statistic="log_change", **base), flat, math.log(17.5 / 5.5)),
        (three_years, steps, math.sqrt(2.0) * math.log(2.0)),
    ):
        assert filled(one, series) == pytest.approx(value), one.statistic


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


def test_a_run_is_as_long_as_its_targets_need_and_longer_ones_change_nothing() -> None:
    scenario = with_changes(load_scenario(EMBARGO), months=6, parameters={"firms_per_sector": 1})
    short = target(first="2009-06", last="2009-09")
    long = target(id="long", first="2010-06", last="2010-09")
    alone, both = run_evidence(scenario, 3, [short]), run_evidence(scenario, 3, [short, long])
    assert alone["t"] == both["t"]
    assert both["long"] is not None


EVENT: dict[str, Any] = {"before": 80.0, "hit": 0.5, "event": "2010-01"}
DAYS = {"statistic": "first_day", "tolerance_kind": "absolute", "unit": "days"}
STOP = target("first_stop", value=50.0, tolerance=10.0, **DAYS)
SPREAD = np.linspace(-8.0, 8.0, 9)


@pytest.mark.parametrize(
    ("one", "values", "verdict", "median", "error"),
    [
        (target(), 105.0 + SPREAD, "PASS", 105.0, 0.5),
        (target(), 115.0 + SPREAD, "PARTIAL", 115.0, 1.5),
        (target(), 130.0 + SPREAD, "FAIL", 130.0, 3.0),
        (target(), [1e9] * 3, "FAIL", 1e9, CAP),
        # what is undefined lies outside, on the worse side
        (target(), [100.0, 100.0, 100.0, None], "PASS", 100.0, 0.0),
        (target(), [100.0, None, None], "FAIL", None, CAP),
        (target(), [80.0, 81.0, 82.0, 83.0, None], "FAIL", 81.0, 1.9),
        (target(), [100.0, 140.0, 100.0, 140.0, 100.0, None], "PARTIAL", 120.0, 2.0),
        # a median between a day and never is never
        (STOP, [55.0, 45.0, None], "PASS", 55.0, 0.5),
        (STOP, [55.0, None, None], "FAIL", None, CAP),
        (STOP, [*np.linspace(45.0, 55.0, 15), *[None] * 15], "PARTIAL", None, CAP),
    ],
)
def test_verdicts(one: Target, values: Any, verdict: str, median: Any, error: float) -> None:
    found = score(one, list(values))
    assert (found.verdict, found.error) == (verdict, pytest.approx(error))
    assert found.median == (None if median is None else pytest.approx(median))


def test_agreement_is_within_the_tolerance_and_an_undefined_end_of_the_band_is_none() -> None:
    assert is_within_tolerance(target(), 110.0)
    assert not is_within_tolerance(target(), 110.1)
    late = score(STOP, [55.0, 45.0, None])
    assert (late.p95, late.undefined) == (None, 1)
    assert score(STOP, [*np.linspace(45.0, 55.0, 15), *[None] * 15]).p05 is not None
    assert score(target(), [80.0, 81.0, 82.0, 83.0, None]).p05 is None


def test_a_series_has_one_vote_an_episode() -> None:
    """What was fitted has no p."""
    near, far = [90.0], [200.0]
    series = [target(id=f"t{at}", sample="out", last=f"2010-{12 - at}", **EVENT) for at in range(3)]
    other = target(id="other", sample="out", episode="f", **EVENT)

    def said(*scores: Any) -> list[Any]:
        row = against_naive(scores)[0]
        return [row[name] for name in ("targets", "series", "wins", "losses", "p_value")]

    assert said(*(score(one, near) for one in (*series, other))) == [4, 2, 2, 0, 0.25]
    first, *others = series  # the median of the three loses
    mixed = [score(first, near), *(score(one, far) for one in others), score(other, near)]
    assert said(*mixed)[2:] == [1, 1, 0.75]
    assert said(*(score(replace(one, sample="in"), near) for one in series))[2:] == [1, 0, None]


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
    one = target(tolerance_kind=kind, statistic=statistic, value=value, tolerance=tolerance)
    assert one.interval == pytest.approx(interval)
    assert [one.distance(end) for end in interval] == pytest.approx([-1.0, 1.0])


BASE = {"base_first": "2009-01", "base_last": "2009-12"}
FLOW = {"quantity": "raw_exports", "statistic": "sum"}
FADING = 1.0 - 0.5 * float(np.mean(0.5 ** (np.arange(12) / naive.HALF_LIFE)))
DAY = {"quantity": "first_stop", "statistic": "first_day", "unit": "days", "before": None}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (FLOW, {"no_change": 80.0, "proportional": 40.0, "exponential": 80.0 * FADING}),
        ({}, {"proportional": 160.0}),
        ({"statistic": "sd_yearly_log"}, {"proportional": None}),  # of one year
        ({**DAY, "hit": 0.0}, {"proportional": None}),  # nothing is missing: no line stops
        # half of the window lies before the event
        ({**FLOW, "statistic": "mean", "event": "2010-07"}, {"proportional": 60.0}),
        ({"statistic": "log_change"} | BASE, {"no_change": 0.0, "proportional": math.log(2.0)}),
        ({"statistic": "ratio"} | BASE, {"no_change": 1.0, "proportional": 2.0}),
        (DAY, {"no_change": None, "proportional": naive.COVER_MONTHS / 0.5 * naive.DAYS}),
        ({"quantity": "firms_stopped_share", "before": 0.0}, {"proportional": 0.5}),
        ({"hit": None, "event": ""}, {"proportional": None, "exponential": None}),
    ],
)
def test_benchmarks_by_hand(fields: dict[str, Any], said: dict[str, float | None]) -> None:
    found = naive.benchmarks(target(**EVENT | fields))
    assert {name: found[name] for name in said} == pytest.approx(said)


def test_a_benchmark_without_its_columns_says_nothing_and_is_left_out() -> None:
    known, unknown = (target(value=80.0, sample="out", **more) for more in (EVENT, {}))
    scores = [score(known, [90.0]), score(unknown, [80.0])]
    assert set(naive.benchmarks(unknown).values()) == {None}
    rows = {row["benchmark"]: row for row in against_naive(scores) if row["sample"] == "out"}
    assert (rows["no_change"]["losses"], rows["no_change"]["left_out"]) == (1, 1)
    assert (rows["proportional"]["wins"], rows["proportional"]["p_value"]) == (1, 0.5)
    assert rows["proportional"]["model_error"] == pytest.approx(1.25)
    (all_,) = (row for row in by_sample(scores) if row["sample"] == "out")
    assert all_["median_error"] == pytest.approx(0.625)


def test_prices_flows_and_stops_are_told_apart() -> None:
    """A price is won, a flow is lost; nothing else was asked of."""
    price = target(value=70.0, quantity="price_home", sample="out", **EVENT)
    flow = target(value=80.0, quantity="raw_exports", sample="out", **EVENT)
    rows = against_naive_by_kind([score(price, [70.0]), score(flow, [1e9])])
    of_no_change = [row for row in rows if row["benchmark"] == "no_change"]
    told = [(row["kind"], row["wins"], row["losses"]) for row in of_no_change]
    assert told == [("prices", 1, 0), ("flows", 0, 1)]


def test_the_shipped_evidence_can_be_asked_and_judged() -> None:
    targets = load_evidence()
    assert {one.sample for one in targets} == set(SAMPLES)
    assert all(is_within_tolerance(one, one.value) for one in targets)
    plan(targets, draws(1))  # every scenario takes a drawn vector


def test_nothing_depends_on_the_sample_but_the_grouping() -> None:
    share = {"id": "u", "state": "Japan", "partner": "China", "last": "2010-02", "value": 0.8}
    targets = [target(last="2010-03"), target("import_share", **share, **EVENT)]
    moved = [replace(one, sample="out", fit_weight=0.0) for one in targets]
    first, second = (document(run_survey(of, draws(1)))["targets"] for of in (targets, moved))
    assert [{**row, "sample": ""} for row in first] == [{**row, "sample": ""} for row in second]


def test_workers_change_nothing_and_lines_hold_the_record() -> None:
    window = {"first": "2024-02", "last": "2024-03", "statistic": "sum", "value": 9000.0}
    targets = [
        target("magnet_exports", scenario="threat-2019", **window),
        target(id="u", first="2009-02", last="2009-03"),
    ]
    one, two = (run_survey(targets, draws(2), workers=workers, lines=True) for workers in (1, 2))
    assert json.dumps(document(one)) == json.dumps(document(two))
    line = document(one)["lines"][0]
    assert (line["start"], line["step"], len(line["median"])) == ("2024-01", 1, 3)
    assert line["points"][0]["value"] == yearly(targets[0], 9000.0) == 54_000.0
    assert line["p05"][1] <= line["median"][1] <= line["p95"][1]


def checked(one: Target) -> None:
    check_target(Facts.default(), one)
    check_sample(one)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"quantity": "price_hom"}, "did you mean 'price_home'"),
        ({"statistic": "men"}, "statistic 'men' is not known; did you mean 'mean'"),
        ({"statistic": "first_day"}, "use first_day with first_stop, and only there"),
        ({"statistic": "ratio"}, "base_from"),
        ({"statistic": "ratio"} | BASE | {"base_first": "2010-01"}, "do not make a window"),
        ({"last": "2009-01"}, "to '2009-01' is before from '2010-01'"),
        ({"tolerance": 0.0}, "tolerance '0.0' does not fit.*above 0"),
        ({"tolerance_kind": "lg"}, "tolerance_kind 'lg' is not known"),
        ({"value": 0.0}, "has no relative tolerance"),
        ({"sample": "out", "fit_weight": 0.5}, "fit_weight"),
        ({"sample": "in", "last": "2026-03"}, "write out"),
        ({"sample": "out"}, "sample 'out' does not fit to '2010-.*write in or kept_back"),
        ({"sample": "out", "last": "2026-02"}, "sample 'out' does not fit to '2010-"),
        ({"sample": "kept_back", **BASE, "base_last": "2026-01"}, "write out"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_in_one_line(
    fields: dict[str, Any], words: str
) -> None:
    refusal(checked, replace(target(), **fields), match=words)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: choose_targets([], "out", [target()]), "--sample 'out' has no target"),
        (lambda: choose_targets([], "inn"), "--sample 'inn' is not known"),
        (lambda: load_evidence("inn"), "sample 'inn' is not known"),
        (lambda: plan([target(scenario="threat-2019")], draws(1)), "before scenario threat-2019"),
    ],
)
def test_targets_that_are_not_there_cost_one_line(ask: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        ask()


def test_what_a_run_does_not_reach_is_none() -> None:
    short = dict.fromkeys(range(20), (1.0,))
    assert filled(target(), short) is None
    since = {"base_first": "2009-01", "base_last": "2010-12"}
    assert filled(target(statistic="ratio", last="2010-06", **since), short) is None
    never = target("first_stop", statistic="first_day", unit="days")
    assert filled(never, dict.fromkeys(range(36), (math.nan, math.nan))) is None


def test_the_command_prints_one_document() -> None:
    asked = ["backtest", "threat-2019", "--draws", "2", "--workers", "1", "--json"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    one = json.loads(done.stdout)["targets"][0]
    said = {"id", "episode", "sample", "value", "tolerance", "unit", "source", "p05", "p95"}
    assert said | {"median", "verdict", "naive"} <= set(one)
    assert set(one["naive"]) == set(naive.NAMES)
    assert json.dumps(to_dict(score(target(), [None])), allow_nan=False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["nowhere"], "episode 'nowhere'"), (["--draws", "0"], "--draws '0'")],
)
def test_wrong_input_is_one_line_and_exit_code_2(arguments: list[str], words: str) -> None:
    done = CliRunner().invoke(app, ["backtest", *arguments])
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert words in done.stderr


def test_a_stop_that_never_comes_is_not_defined_and_counts_as_the_day_after_the_window() -> None:
    assert filled(STOP, dict.fromkeys(range(12, 24), (math.nan, math.nan))) is None
    assert STOP.never == 365.0
    assert math.isnan(target().never)
