"""Fan charts and the table of an ensemble, drawn from made-up runs whose numbers can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from coercivity.experiments.quantities.headlines import headline_table
from coercivity.experiments.quantities.series import series_table
from coercivity.experiments.worlds.draws import Draw
from coercivity.experiments.worlds.ensemble import Ensemble
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.facts import Facts
from coercivity.viz.figures.ensemble_figures import UNTOLD, fan_figure
from coercivity.viz.figures.runs import BLUE, ORANGE
from coercivity.viz.words.ensemble_summary import (
    ensemble_lines,
    ensemble_rows,
    headlines_worth_telling,
    share_note,
)
from tests.fake_result import fake_scenario

MONTHS = 30
VECTORS = 21


def made_up(seeds: int = 2, twin: bool = False) -> Ensemble:
    """Run i of 21 vectors has the value i in every headline and series; seeds differ by nothing but 0.1 in odd vectors."""
    value = np.arange(VECTORS, dtype=float)[:, None] + 0.1 * (
        np.arange(VECTORS)[:, None] % 2
    ) * np.arange(seeds)
    headlines = np.repeat(value[:, :, None], len(headline_table(Facts.default())), axis=2)
    series = np.broadcast_to(
        value[:, :, None, None], (*value.shape, MONTHS, len(series_table(Facts.default())))
    ).copy()
    series[:, :, 0, :] = np.nan  # a month in which nothing is defined
    kinds = {"scenario": 1.0, **({"base": 0.5, "difference": 0.5} if twin else {})}
    months = month_names("2024-01", MONTHS)
    return Ensemble(
        scenario=fake_scenario(MONTHS),
        base=fake_scenario(MONTHS, ban=False, name="fake-calm") if twin else None,
        design_seed=0,
        draws=tuple(Draw((("over_compliance", 0.5),), 1000 + at) for at in range(VECTORS)),
        calibrated_names=(),
        seeds=1000 + np.arange(VECTORS * seeds).reshape(VECTORS, seeds),
        since="2025-01-11",
        months=months,
        version="0",
        headlines={kind: by * headlines for kind, by in kinds.items()},
        series={kind: by * series for kind, by in kinds.items()},
    )


def test_the_strip_says_what_gives_the_width_or_that_it_cannot_be_told() -> None:
    strip = fan_figure(made_up(), "prices").axes[1]
    assert len(strip.collections) == 2
    assert not strip.texts
    untold = fan_figure(made_up(seeds=1), "prices").axes[1]
    assert untold.texts[0].get_text() == UNTOLD
    assert made_up().parameter_share("price_dy_japan")[1:] == pytest.approx(1.0, abs=1e-3)


def test_one_seed_a_vector_says_that_nothing_can_be_told() -> None:
    found = made_up(seeds=1)
    assert "--replications 2" in share_note(found)
    assert {row[-2:] for row in ensemble_rows(found)} == {("–", "–")}
    assert "no collection" in " ".join(ensemble_lines(found))


def by_hand(name: str, *runs: list[float], kind: str = "scenario", **fields: Any) -> Ensemble:
    """As many draws of one seed as there are runs; the named series has these values in its first months, the last of them ever after."""
    found = made_up(seeds=1, twin=kind != "scenario")
    at = [row.id for row in series_table(Facts.default())].index(name)
    series = found.series[kind][: len(runs)].copy()
    for place, values in enumerate(runs):
        series[place, 0, :, at] = [*values, *[values[-1]] * (series.shape[2] - len(values))]
    return replace(
        found,
        draws=found.draws[: len(runs)],
        seeds=found.seeds[: len(runs)],
        series={**found.series, kind: series},
        **fields,
    )


def fan(found: Ensemble, name: str, kind: str = "scenario") -> Axes:
    (figure,) = {row.figure for row in series_table(Facts.default()) if row.id == name}
    chosen = [row.id for row in series_table(Facts.default()) if row.figure == figure]
    return fan_figure(found, figure, kind).axes[2 * chosen.index(name)]


def edges(ax: Axes) -> list[tuple[float, float]]:
    """Lowest and highest place of each band."""
    extents = [one.get_paths()[0].get_extents() for one in ax.collections]
    return [(round(one.y0, 9), round(one.y1, 9)) for one in extents]


def test_five_runs_make_a_fan_with_their_quarters_inside_and_the_first_as_a_line() -> None:
    """Runs at 40, 0, 10, 20 and 30: quarters at 10 and 30, twentieths at 2 and 38, median 20."""
    ax = fan(by_hand("cost_paid_so_far", [40.0], [0.0], [10.0], [20.0], [30.0]), "cost_paid_so_far")
    assert edges(ax) == [(2.0, 38.0), (10.0, 30.0)]
    member, median, *_ = ax.lines
    assert (set(member.get_ydata()), to_hex(member.get_color())) == ({40.0}, to_hex(ORANGE))
    assert (set(median.get_ydata()), to_hex(median.get_color())) == ({20.0}, to_hex(BLUE))
    assert list(median.get_xdata()) == list(range(30))
    assert ax.get_ylabel() == "USD bn"
    assert ax.get_title(loc="left") == "Extra cost paid"


def with_headlines(values: dict[str, list[float | None]], **others: Any) -> Ensemble:
    """One run a value; headlines that are not named are never defined."""
    count = max(map(len, values.values()))
    found = made_up(seeds=1)
    table = np.full((count, 1, len(headline_table(Facts.default()))), np.nan)
    for at, row in enumerate(headline_table(Facts.default())):
        for run, value in enumerate(values.get(row.id, [])):
            table[run, 0, at] = np.nan if value is None else value
    return replace(
        found,
        draws=found.draws[:count],
        seeds=found.seeds[:count],
        headlines={"scenario": table},
        **others,
    )


def test_rows_are_headlines_that_say_something_and_no_sectors() -> None:
    found = with_headlines(
        {
            "first_stop_days": [30.0] * 3,
            "output_lost_24m": [0.0] * 3,
            "cost_paid_24m": [0.0, 0.0, 9.0],
            "first_stop_days_wind": [30.0] * 3,
        }
    )
    assert [row.id for row in headlines_worth_telling(found)] == [
        "first_stop_days",
        "cost_paid_24m",
    ]


def test_cells_have_their_unit_and_say_never_of_days_alone() -> None:
    found = with_headlines(
        {"first_stop_days": [30.0, 30.0, None], "dependence_origin_12m": [0.5, 0.6, 0.7]}
    )
    rows = {row[0]: row[1:4] for row in ensemble_rows(found)}
    days, share = (
        next(words for name, words in rows.items() if name.startswith(label))
        for label in (
            next(
                row.label for row in headline_table(Facts.default()) if row.id == "first_stop_days"
            ),
            next(
                row.label
                for row in headline_table(Facts.default())
                if row.id == "dependence_origin_12m"
            ),
        )
    )
    assert days == ("30 days", "30 days", "never")
    assert share == ("60%", "51%", "69%")
    lost = with_headlines({"output_lost_24m": [1.0, 2.0, 3.0]})
    assert ensemble_rows(lost)[0][0].endswith(", USD bn")
    assert not ensemble_rows(found)[0][0].endswith(", days")
