"""Fan charts and the table of an ensemble, drawn from made-up runs whose numbers can be worked out by hand."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest

from coercivity.experiments.quantities.headlines import headline_table
from coercivity.experiments.quantities.series import series_table
from coercivity.experiments.worlds.draws import Draw
from coercivity.experiments.worlds.ensemble import Ensemble
from coercivity.experiments.worlds.variance import Shares
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.facts import Facts
from coercivity.viz.figures.ensemble_figures import UNTOLD, caption, ensemble_figures, fan_figure
from coercivity.viz.words.ensemble_summary import (
    COLUMNS,
    TWIN_COLUMNS,
    ensemble_lines,
    ensemble_rows,
    share_cells,
    share_note,
    table_of,
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


@pytest.mark.parametrize("name", ["prices", "output", "dependence", "cover", "loss"])
def test_each_figure_has_a_fan_and_a_strip_for_every_series(name: str) -> None:
    figure = fan_figure(made_up(), name)
    chosen = [row for row in series_table(Facts.default()) if row.figure == name]
    assert len(figure.axes) == 2 * len(chosen)
    figure.savefig(io.BytesIO(), format="png", dpi=30)


def test_the_fan_shows_median_range_and_one_member() -> None:
    figure = fan_figure(made_up(seeds=1), "prices")
    fan = figure.axes[0]
    member, median = (line.get_ydata() for line in fan.lines[:2])
    assert np.isnan(median[0])
    assert median[1:] == pytest.approx(10.05, abs=0.06)
    assert member[1:] == pytest.approx(0.0)
    outer, inner = (collection.get_paths()[0].get_extents() for collection in fan.collections[:2])
    assert (outer.y0, outer.y1) == pytest.approx((1.0, 19.0), abs=0.11)
    assert (inner.y0, inner.y1) == pytest.approx((5.0, 15.0), abs=0.11)


def test_the_strip_says_what_gives_the_width_or_that_it_cannot_be_told() -> None:
    strip = fan_figure(made_up(), "prices").axes[1]
    assert len(strip.collections) == 2
    assert not strip.texts
    untold = fan_figure(made_up(seeds=1), "prices").axes[1]
    assert untold.texts[0].get_text() == UNTOLD
    assert made_up().parameter_share("price_dy_japan")[1:] == pytest.approx(1.0, abs=1e-3)


def test_the_caption_counts_draws_and_worlds() -> None:
    assert caption(made_up()).startswith("21 draws of parameter vector and seed, 42 worlds")


def test_differences_are_drawn_where_there_is_a_twin() -> None:
    assert sorted(ensemble_figures(made_up())) == [
        "cover",
        "dependence",
        "loss",
        "output",
        "prices",
    ]
    drawn = ensemble_figures(made_up(twin=True))
    assert len(drawn) == 10
    assert drawn["loss-difference"]().axes[0].get_ylabel() == "USD bn"
    assert drawn["output-difference"]().axes[0].get_ylabel() == "points of plan"


def test_the_table_gives_median_range_and_shares() -> None:
    columns, rows = table_of(made_up())
    assert columns == COLUMNS
    cells = dict(
        zip(
            columns,
            next(row for row in rows if row[0].startswith("Firms in Japan that stop")),
            strict=True,
        )
    )
    assert (cells["median"], cells["p05"], cells["p95"], cells["luck"]) == ("10", "1", "20", "0%")
    assert cells["parameters"].startswith("100% (100 to 100)")
    assert not [row for row in rows if row[0].startswith("Cars")]  # sectors are left to the data


def test_a_comparison_has_both_medians_and_the_difference() -> None:
    columns, rows = table_of(made_up(twin=True))
    assert columns == TWIN_COLUMNS
    cells = dict(
        zip(
            columns,
            next(row for row in rows if row[0].startswith("Firms in Japan that stop")),
            strict=True,
        )
    )
    assert (cells["base"], cells["scenario"], cells["difference"]) == ("5", "10", "+5")
    assert "against" in ensemble_lines(made_up(twin=True))[0]


def test_one_seed_a_vector_says_that_nothing_can_be_told() -> None:
    found = made_up(seeds=1)
    assert "--replications 2" in share_note(found)
    assert {row[-2:] for row in ensemble_rows(found)} == {("–", "–")}
    assert "no collection" in " ".join(ensemble_lines(found))


def test_without_series_there_is_nothing_to_draw() -> None:
    assert ensemble_figures(replace(made_up(), series={})) == {}


def test_the_day_from_which_headlines_count_is_marked_where_it_is_in_the_run() -> None:
    inside, before = (
        fan_figure(replace(made_up(), since=day), "prices").axes[0].lines
        for day in ("2025-01-11", "2020-01-01")
    )
    assert len(inside) == len(before) + 1
    assert inside[-1].get_xdata()[0] == 12


def test_the_note_says_whose_variance_is_shared_and_where_vectors_come_from() -> None:
    assert "variance of each headline" in share_note(made_up())
    assert "variance of the difference" in share_note(made_up(twin=True))
    found = made_up()
    members = tuple(replace(draw, member=f"m{at % 3}") for at, draw in enumerate(found.draws))
    assert "3 members of the collection" in " ".join(ensemble_lines(replace(found, draws=members)))


def test_what_the_calibrated_parameters_explain_is_said_where_it_can_be_told() -> None:
    shares = Shares(
        parameters=0.8,
        low=0.7,
        high=0.9,
        luck=0.2,
        calibrated=0.25,
        rest=0.55,
        vectors=21,
        replications=2,
    )
    assert share_cells(shares) == ("80% (70 to 90), calibrated 25%", "20%")
    assert share_cells(replace(shares, calibrated=None)) == ("80% (70 to 90)", "20%")
