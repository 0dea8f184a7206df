"""Fan charts and the table of an ensemble, drawn from made-up runs whose numbers can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.quantities.headlines import headline_table
from coercivity.experiments.quantities.series import series_table
from coercivity.experiments.worlds.draws import Draw
from coercivity.experiments.worlds.ensemble import Ensemble
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.viz.figures.by_name import ensemble_figure, ensemble_plots
from coercivity.viz.figures.ensemble_figures import ensemble_figures
from coercivity.viz.words.ensemble_summary import (
    ensemble_lines,
    ensemble_rows,
    headlines_worth_telling,
    share_cells,
    share_note,
)
from coercivity.viz.words.summary import label_of
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


def test_one_seed_a_vector_says_that_nothing_can_be_told() -> None:
    found = made_up(seeds=1)
    assert "--replications 2" in share_note(found)
    assert {row[-2:] for row in ensemble_rows(found)} == {("–", "–")}
    assert "no collection" in " ".join(ensemble_lines(found))


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
    labels = {row.id: label_of(row) for row in headline_table(Facts.default())}
    rows = {row[0]: row[1:4] for row in ensemble_rows(found)}
    assert rows[labels["first_stop_days"]] == ("30 days", "30 days", "never")
    assert rows[labels["dependence_origin_12m"]] == ("60%", "51%", "69%")
    lost = with_headlines({"output_lost_24m": [1.0, 2.0, 3.0]})
    assert ensemble_rows(lost)[0][0].endswith(", USD bn")


def test_what_gives_the_width_is_told_with_several_seeds() -> None:
    assert "shares of the variance of each headline" in share_note(made_up())
    assert "shares of the variance of the difference" in share_note(made_up(twin=True))
    shares = replace(made_up().shares("first_stop_days"), parameters=0.8, low=0.7, high=0.9)
    told = share_cells(replace(shares, luck=0.2, calibrated=0.5))
    assert told == ("80% (70 to 90), calibrated 50%", "20%")


def test_figures_are_named_by_what_was_kept_and_refused_where_nothing_was() -> None:
    nothing = replace(made_up(), series={})
    assert (ensemble_figures(nothing), ensemble_plots(nothing)) == ({}, ())
    with pytest.raises(
        InputError, match=r"plot 'prices' cannot be drawn: no series were kept; ask"
    ):
        ensemble_figure(nothing)
    twin = made_up(twin=True)
    assert [name for name in ensemble_figures(twin) if "-" in name] == [
        name for name in ensemble_plots(twin) if name.endswith("-difference")
    ]
    late = ensemble_figure(replace(twin, since="2040-01-01"), "prices-difference")
    assert "fake-ban less fake-calm, run by run" in late.get_suptitle()
    dotted = [line for line in late.axes[0].lines if line.get_linestyle() == ":"]
    assert dotted == []  # the day lies beyond the run
