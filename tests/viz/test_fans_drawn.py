"""What fans, their strips and the figure of a claim draw, number by number; and how an ensemble is told in a table. Numbers to work out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from coercivity.experiments.quantities.headlines import headline_table
from coercivity.experiments.quantities.series import series_table
from coercivity.experiments.worlds.ensemble import Ensemble
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.facts import Facts
from coercivity.viz.figures.claim_figures import claim_figure
from coercivity.viz.figures.ensemble_figures import caption, draw_shares, fan_figure, name_of
from coercivity.viz.figures.runs import BLUE, GREEN, GREY, ORANGE, RED
from coercivity.viz.words.ensemble_summary import (
    ensemble_lines,
    ensemble_rows,
    share_cells,
    share_note,
    told,
)
from tests.viz.test_ensemble_figures import made_up


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


# ---------------------------------------------------------------- a fan


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


def test_shares_are_drawn_in_percent() -> None:
    ax = fan(by_hand("dependence_origin", [0.5], [0.7], [0.9]), "dependence_origin")
    assert set(ax.lines[1].get_ydata()) == {70.0}
    assert ax.get_ylabel() == "%"
    output = fan(by_hand("output", [0.5], [0.7], [0.9]), "output")
    assert set(output.lines[1].get_ydata()) == {70.0}
    assert output.get_ylabel() == "% of plan"
    cover = fan(by_hand("cover_ndpr_oxide", [2.0], [3.0], [4.0]), "cover_ndpr_oxide")
    assert (set(cover.lines[1].get_ydata()), cover.get_ylabel()) == ({3.0}, "months")


def test_a_difference_has_a_line_at_zero_and_is_told_in_points() -> None:
    found = by_hand("dependence_origin", [-0.2], [-0.1], [0.0], kind="difference")
    ax = fan(found, "dependence_origin", "difference")
    assert ax.get_ylabel() == "points"
    levels = [line.get_ydata() for line in ax.lines]
    assert set(levels[1]) == {-10.0}
    assert list(levels[2]) == [0.0, 0.0]
    alone = fan(by_hand("dependence_origin", [0.2]), "dependence_origin")
    assert not [line for line in alone.lines if list(line.get_ydata()) == [0.0, 0.0]]


def test_a_figure_says_which_world_it_shows() -> None:
    found = made_up(twin=True)
    titles = [
        fan_figure(found, "loss", kind).get_suptitle()
        for kind in ("scenario", "base", "difference")
    ]
    assert titles == [
        f"What it costs Japan since the start: {words}"
        for words in ("fake-ban", "fake-calm", "fake-ban less fake-calm, run by run")
    ]
    assert fan_figure(found, "loss").get_supxlabel() == caption(found)


@pytest.mark.parametrize(
    ("figure", "grid"),
    [
        ("prices", (4, 2)),
        ("output", (4, 5)),
        ("dependence", (2, 2)),
        ("cover", (4, 3)),
        ("loss", (2, 3)),
    ],
)
def test_strips_stand_below_their_fans(figure: str, grid: tuple[int, int]) -> None:
    axes = fan_figure(made_up(), figure).axes
    places = [ax.get_subplotspec() for ax in axes]
    assert places[0].get_gridspec().get_geometry() == grid  # type: ignore[union-attr]
    for top, strip in zip(places[::2], places[1::2], strict=True):
        assert top is not None
        assert strip is not None
        assert strip.rowspan.start == top.rowspan.start + 1
        assert strip.colspan == top.colspan
    starts = [(spec.rowspan.start, spec.colspan.start) for spec in places[::2] if spec]
    assert starts == [
        (2 * (at // grid[1]), at % grid[1]) for at in range(len(starts))
    ]  # line by line


def test_series_are_named_in_words() -> None:
    named = {row.id: name_of(Facts.default(), row) for row in series_table(Facts.default())}
    assert named["price_dy_china"] == "Dy oxide, China"
    assert named["output"] == "All sectors"
    assert named["output_wind"] == "Wind turbines"
    assert named["dependence_separated"] == "By where it was separated"


def marks(found: Ensemble) -> tuple[list[tuple[int, str]], list[str]]:
    top, strip = fan_figure(found, "loss").axes[:2]
    shown = [
        (int(at), text.get_text())
        for at, text in zip(strip.get_xticks(), strip.get_xticklabels(), strict=True)
    ]
    assert list(top.get_xticks()) == list(strip.get_xticks())
    assert top.get_xlim() == strip.get_xlim() == (-0.5, max(1, len(found.months) - 1))
    return shown, [text.get_text() for text in top.get_xticklabels()]


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (1, [(0, "2024-01")]),
        (9, [(0, "2024-01"), (2, "2024-03"), (4, "2024-05"), (6, "2024-07"), (8, "2024-09")]),
        (47, [(0, "2024-01"), (11, "2024-12"), (22, "2025-11"), (33, "2026-10"), (44, "2027-09")]),
        (48, [(0, "2024"), (12, "2025"), (24, "2026"), (36, "2027")]),
        (120, [(0, "2024"), (24, "2026"), (48, "2028"), (72, "2030"), (96, "2032")]),
    ],
)
def test_strips_carry_the_months_and_fans_the_marks(
    months: int, expected: list[tuple[int, str]]
) -> None:
    """From four years on years, some four of them."""
    found = made_up()
    values = found.series["scenario"][:, :, :1].repeat(months, axis=2)
    found = replace(
        found,
        months=month_names("2024-01", months),
        series={"scenario": values},
        since="1999-01-01",
    )
    shown, above = marks(found)
    assert shown == expected
    assert set(above) == {""}


# ---------------------------------------------------------------- the strip


class Told:
    """An ensemble of which only the parameters' share of the variance is known."""

    def __init__(self, share: list[float], replications: int = 2) -> None:
        self.share, self.replications = np.array(share), replications

    def parameter_share(self, name: str, kind: str) -> np.ndarray:
        return self.share


def strip(share: list[float], replications: int = 2) -> Axes:
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    found: Any = Told(share, replications)
    draw_shares(ax, found, series_table(Facts.default())[0])
    return ax


def test_parameters_lie_below_and_luck_above_them_up_to_all() -> None:
    ax = strip([0.25, 0.25, 0.25])
    assert edges(ax) == [(0.0, 25.0), (25.0, 100.0)]
    below, above = (to_hex(one.get_facecolor()[0]) for one in ax.collections)
    assert (below, above) == (to_hex(BLUE), to_hex(GREY))
    assert ax.get_ylim() == (0.0, 100.0)
    assert list(ax.get_yticks()) == [0, 100]
    assert not ax.texts


def test_months_without_a_share_stay_empty_and_one_seed_a_vector_is_told() -> None:
    extents = strip([float("nan"), 0.5, 0.5, float("nan")]).collections[0].get_paths()[0]
    assert (extents.get_extents().x0, extents.get_extents().x1) == (1.0, 2.0)
    assert [text.get_position() for text in strip([0.5, 0.5], replications=1).texts] == [(0.5, 0.5)]


def test_the_caption_says_how_many_seeds_a_vector_has_or_that_one_tells_nothing() -> None:
    assert "(blue parameters, grey luck; 2 seeds a vector)" in caption(made_up())
    assert "one seed a vector: what gives the width cannot be told" in caption(made_up(seeds=1))


# ---------------------------------------------------------------- the table


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
    assert [row.id for row in told(found)] == ["first_stop_days", "cost_paid_24m"]


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


def test_lines_count_draws_seeds_and_worlds() -> None:
    head, draws, vectors, since = ensemble_lines(made_up())
    assert head == "A <made-up> ban"
    assert draws == (
        "21 draws of parameter vector and seed, 2 seeds each: 42 worlds, 2024-01 to 2026-06."
    )
    assert vectors.startswith("Vectors: parameters over their documented ranges (no collection")
    assert since.startswith("Headlines count from 2025-01-11; the median,")
    one = ensemble_lines(with_headlines({"first_stop_days": [1.0]}))[1]
    assert one.startswith("1 draw of parameter vector and seed, one seed each: 1 worlds, ")
    twin = ensemble_lines(made_up(twin=True))
    assert twin[0] == "A <made-up> ban, against Nothing happens"
    assert twin[1].startswith(
        "21 draws of parameter vector and seed, 2 seeds each: 42 worlds and a twin of each"
    )


def test_the_note_names_what_the_shares_are_of() -> None:
    assert "shares of the variance of each headline" in share_note(made_up())
    assert "shares of the variance of the difference" in share_note(made_up(twin=True))
    assert "shares" not in share_note(made_up(seeds=1))


def test_a_share_that_is_not_known_is_a_dash() -> None:
    shares = made_up().shares("first_stop_days", "scenario")
    known = replace(shares, parameters=0.8, luck=0.2, low=0.7, high=0.9, calibrated=None)
    assert share_cells(known) == ("80% (70 to 90)", "20%")
    assert share_cells(replace(known, low=None, high=None)) == ("80% (0 to 0)", "20%")
    assert share_cells(replace(known, luck=None)) == ("–", "–")
    assert share_cells(replace(known, parameters=None)) == ("–", "–")


# ---------------------------------------------------------------- a claim


def finding(**fields: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "id": "C0",
        "claim": "a claim",
        "unit": "share",
        "support": 0.75,
        "worlds": 4,
        "low": 50.0,
        "high": None,
        "flips_at": 15.0,
        "turns_on": "cover",
        "flip_unit": "months",
        "evidence": {
            "main": [40.0, 0.0, None, 100.0, 60.0],
            "placebo": [20.0],
            "corner": [],
            "scan": [[0.0, [10.0, 30.0]], [10.0, [None]], [20.0, [70.0]]],
        },
    }
    return given | fields


def test_values_of_each_kind_stand_side_by_side_with_their_median() -> None:
    """Eight values from 0 to 100: the 4th and 96th percentile are 2.8 and 91.6; 8% of 88.8 on either side. What lies beyond stands at the edge."""
    figure = claim_figure(finding())
    left, right = figure.axes
    low, high = 2.8 - 0.08 * 88.8, 91.6 + 0.08 * 88.8
    draws, off, corners = (line for line in left.lines if line.get_marker() == "o")
    assert list(draws.get_xdata()) == pytest.approx([-0.18, -0.06, 0.06, 0.18])
    assert list(draws.get_ydata()) == pytest.approx([0.0, 40.0, 60.0, high])
    assert (list(off.get_xdata()), list(off.get_ydata())) == ([1.0], [20.0])
    assert not len(corners.get_xdata())
    assert [to_hex(line.get_color()) for line in (draws, off, corners)] == [
        to_hex(colour) for colour in (BLUE, ORANGE, GREY)
    ]
    medians = [one.get_segments()[0].tolist() for one in left.collections]  # type: ignore[attr-defined]
    assert medians == [
        [[pytest.approx(-0.28), 50.0], [pytest.approx(0.28), 50.0]],
        [[pytest.approx(0.72), 20.0], [pytest.approx(1.28), 20.0]],
    ]
    assert left.get_ylim() == right.get_ylim() == pytest.approx((low, high))
    assert left.get_xlim() == (-0.6, 2.6)
    assert [tick.get_text() for tick in left.get_xticklabels()] == [
        "draws",
        "mechanism off",
        "corners of the ranges",
    ]
    assert left.get_title(loc="left") == "holds in 75% of 4 draws"
    assert left.get_ylabel() == "metric, share"
    assert figure.get_suptitle() == "C0: a claim"


def test_along_the_parameter_stand_median_and_range_where_anything_is_known() -> None:
    right = claim_figure(finding()).axes[1]
    middle = right.lines[-2]
    assert (list(middle.get_xdata()), list(middle.get_ydata())) == ([0.0, 20.0], [20.0, 70.0])
    assert right.collections[0].get_paths()[0].get_extents().y0 == pytest.approx(11.0)
    flip = right.lines[-1]
    assert (list(flip.get_xdata()), to_hex(flip.get_color())) == ([15.0, 15.0], to_hex(RED))
    assert right.get_title(loc="left") == "flips at 15"
    assert right.get_xlabel() == "cover (months)"
    still = claim_figure(finding(flips_at=None)).axes[1]
    assert still.get_title(loc="left") == "does not flip"
    assert len(still.lines) == len(right.lines) - 1


@pytest.mark.parametrize(
    ("low", "high", "span"),
    [(50.0, None, (50.0, 98.704)), (None, 40.0, (-4.304, 40.0)), (30.0, 40.0, (30.0, 40.0))],
)
def test_green_is_where_the_claim_holds(
    low: float | None, high: float | None, span: tuple[float, float]
) -> None:
    """An end that is open reaches to the edge of the figure."""
    for ax in claim_figure(finding(low=low, high=high)).axes:
        (green,) = ax.patches
        bottom, top = green.get_y(), green.get_y() + green.get_height()  # type: ignore[attr-defined]
        assert (bottom, top) == pytest.approx(span)
        lines = [
            line.get_ydata()[0] for line in ax.lines if to_hex(line.get_color()) == to_hex(GREEN)
        ]
        assert lines == [mark for mark in (low, high) if mark is not None]


def test_the_threshold_is_in_the_figure_however_far_away() -> None:
    low, high = claim_figure(finding(low=200.0)).axes[0].get_ylim()
    assert (low, high) == pytest.approx((2.8 - 0.08 * 197.2, 200.0 + 0.08 * 197.2))
    nothing = {"main": [], "placebo": [], "corner": [], "scan": []}
    flat = claim_figure(finding(low=0.0, evidence=nothing)).axes[0]
    assert flat.get_ylim() == (-1.0, 1.0)
