"""What the figures of a run draw, number by number: median, band, twin, months, measures, limits; from tables of a few rows each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.figures.runs import (
    BLUE,
    FIGURES,
    GREEN,
    ORANGE,
    PURPLE,
    RED,
    as_worlds,
    cover_figure,
    dependence_figure,
    loss_figure,
    output_figure,
    prices_figure,
)
from tests.fake_result import FakeResult, fake_result, fake_scenario

MONTHS = ("2024-11", "2024-12", "2025-01", "2025-02")
NAN = float("nan")


@dataclass
class Told:
    """A finished run of which a test tells the tables that a figure reads."""

    frames: dict[str, pd.DataFrame]
    months: tuple[str, ...] = MONTHS
    seed: int = 1
    scenario: Scenario = field(default_factory=lambda: fake_scenario(36, ban=False))
    asked: list[str] = field(default_factory=list)

    @property
    def facts(self) -> Facts:
        return self.scenario.facts

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(self.frames)

    def table(self, name: str) -> pd.DataFrame:
        self.asked.append(name)
        return self.frames[name]


def priced(japan: Any, home: Any = (10.0,) * 4, export: Any = (10.0,) * 4) -> Told:
    """Dy oxide has these prices, all else nothing."""
    rows = [
        (month, state, "dysprosium_oxide", at_home, out)
        for state, at_homes in (("China", home), ("Japan", japan))
        for month, at_home, out in zip(MONTHS, at_homes, export, strict=True)
    ]
    return Told(
        {"prices": pd.DataFrame(rows, columns=["month", "state", "good", "home", "export"])}
    )


def ys(ax: Axes) -> list[list[float]]:
    return [list(map(float, line.get_ydata())) for line in ax.lines]


def lines(ax: Axes) -> dict[str, tuple[list[float], list[float], str]]:
    """Of each line with a name: where, how high, which colour."""
    return {
        str(line.get_label()): (
            list(map(float, line.get_xdata())),
            list(map(float, line.get_ydata())),
            str(line.get_color()),
        )
        for line in ax.lines
        if not str(line.get_label()).startswith("_")
    }


# ---------------------------------------------------------------- median, band, twin


def test_prices_have_a_line_for_each_place_they_are_paid_at() -> None:
    figure = prices_figure(priced([20.0, 30.0, NAN, 40.0], [9.0, 8.0, 7.0, 6.0], [11.0] * 4))
    ndpr, dy, magnet = figure.axes
    assert lines(dy) == {
        "at home in China": ([0.0, 1.0, 2.0, 3.0], [9.0, 8.0, 7.0, 6.0], BLUE),
        "for export from China": ([0.0, 1.0, 2.0, 3.0], [11.0] * 4, ORANGE),
        "in Japan": ([0.0, 1.0, 3.0], [20.0, 30.0, 40.0], RED),  # no price, no point
    }
    assert (ys(ndpr), ys(magnet)) == ([], [])
    assert [ax.get_title(loc="left") for ax in figure.axes] == [
        "NdPr oxide",
        "Dy oxide",
        "Heat-resistant magnet",
    ]
    assert [ax.get_ylabel() for ax in figure.axes] == ["USD/kg", "", ""]
    assert figure.get_suptitle() == "Prices"


def test_a_peak_fifteen_times_the_lowest_price_turns_the_axis_into_a_logarithm() -> None:
    def dy(japan: float) -> Axes:
        return prices_figure(priced([japan, 20.0, 20.0, 20.0])).axes[1]

    assert dy(150.0).get_yscale() == "linear"
    assert dy(150.0).get_ylim()[0] == 0.0
    assert dy(151.0).get_yscale() == "log"
    free = priced([200.0] * 4, home=[0.0] * 4)
    assert (
        prices_figure(free).axes[1].get_yscale() == "linear"
    )  # nothing stands on a logarithm of 0


def test_several_worlds_are_their_median_and_the_band_between_their_twentieths() -> None:
    """Worlds with 10, 20 and 60: the median is 20, a twentieth of the way in lies 11 and 56."""
    worlds = [priced([value] * 4) for value in (60.0, 10.0, 20.0)]
    ax = prices_figure(worlds).axes[1]
    assert lines(ax)["in Japan"][1] == [20.0] * 4
    band = ax.collections[-1].get_paths()[0].get_extents()
    assert (band.y0, band.y1) == pytest.approx((11.0, 56.0))
    assert (band.x0, band.x1) == (0.0, 3.0)
    assert not prices_figure(worlds[0]).axes[1].collections  # one world has no band


def test_a_month_counts_the_worlds_in_which_it_has_a_price() -> None:
    worlds = [priced([10.0, NAN, NAN, 10.0]), priced([20.0, 30.0, NAN, NAN])]
    at, middle, _ = lines(prices_figure(worlds).axes[1])["in Japan"]
    assert (at, middle) == ([0.0, 1.0, 3.0], [15.0, 30.0, 10.0])


def test_the_twin_is_dashed_without_a_name_and_counts_for_the_scale() -> None:
    ax = prices_figure(priced([20.0] * 4), priced([200.0] * 4)).axes[1]
    dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
    assert [list(line.get_ydata()) for line in dashed] == [[10.0] * 4, [10.0] * 4, [200.0] * 4]
    assert {str(line.get_label())[0] for line in dashed} == {"_"}
    assert ax.get_yscale() == "log"
    assert list(lines(ax)) == ["at home in China", "for export from China", "in Japan"]
    thick, thin = ax.lines[1].get_linewidth(), ax.lines[0].get_linewidth()
    assert (thick, thin) == (1.6, 1.0)


def test_a_table_is_built_once_for_a_figure() -> None:
    one = priced([20.0] * 4)
    prices_figure(one)
    assert one.asked == ["prices"]


def test_one_result_stands_for_itself() -> None:
    one = fake_result()
    assert as_worlds(one) == (one,)
    assert as_worlds([one, one]) == (one, one)


# ---------------------------------------------------------------- what each figure reads


def test_output_is_what_is_made_in_japan_over_what_could_be() -> None:
    """Two goods of one sector: 30 and 10 of 40 and 60 are 40%; a month that could make nothing has no point."""
    rows = [
        ("2024-11", "Japan", "end_use", "automotive", 30.0, 40.0),
        ("2024-11", "Japan", "end_use", "automotive", 10.0, 60.0),
        ("2024-12", "Japan", "end_use", "automotive", 5.0, 0.0),
        ("2025-01", "Japan", "end_use", "automotive", 45.0, 90.0),
        ("2025-01", "Japan", "magnet", "automotive", 45.0, 45.0),
        ("2025-01", "China", "end_use", "automotive", 90.0, 90.0),
    ]
    columns = ["month", "state", "stage", "sector", "tonnes", "potential_tonnes"]
    figure = output_figure(Told({"output": pd.DataFrame(rows, columns=columns)}))
    cars, *others = figure.axes
    (line,) = cars.lines
    assert (list(line.get_xdata()), list(line.get_ydata())) == ([0, 2], [40.0, 50.0])
    assert not any(ax.lines for ax in others)
    assert len(figure.axes) == 9
    assert [ax.get_ylabel() for ax in figure.axes] == [""] * 3 + ["% of potential output"] + [
        ""
    ] * 5
    assert {ax.get_ylim() for ax in figure.axes} == {(0.0, 105.0)}
    assert figure.get_suptitle() == "Output in Japan"
    assert not figure.legends


def test_cover_is_all_stocks_over_all_use() -> None:
    """60 t that last 3 months and 20 t that last 1 month: 80 t over a use of 20 + 20 a month are 2 months. Who uses nothing is left out."""
    rows = [
        ("2024-11", "Japan", "ndpr_oxide", 60.0, 3.0),
        ("2024-11", "Japan", "ndpr_oxide", 20.0, 1.0),
        ("2024-11", "Japan", "ndpr_oxide", 99.0, 0.0),
        ("2024-12", "Japan", "ndpr_oxide", 99.0, 0.0),
        ("2024-11", "China", "ndpr_oxide", 10.0, 9.0),
        ("2024-12", "Japan", "motor_heat_resistant", 10.0, 0.5),
    ]
    columns = ["month", "state", "good", "tonnes", "cover_months"]
    figure = cover_figure(Told({"stocks": pd.DataFrame(rows, columns=columns)}))
    (ax,) = figure.axes
    assert lines(ax) == {
        "NdPr oxide": ([0.0], [2.0], BLUE),
        "heat-resistant motors": ([1.0], [0.5], PURPLE),
    }
    assert (ax.get_ylabel(), ax.get_ylim()[0]) == ("months of use in stock", 0.0)
    assert figure.get_suptitle() == "Months of cover in Japan"


def test_dependence_is_chinas_share_in_percent_by_either_basis() -> None:
    keys = ("month", "state", "supplier", "basis", "measure", "group", "share")
    row = ("2024-11", "Japan", "China", "last_origin", "tonnes", "all", 0.25)
    others = (
        ("2024-12", "Japan", "China", "separated_in", "tonnes", "Dy", 0.75),
        (*row[:4], "value", "all", 0.9),
        ("2024-11", "Japan", "Vietnam", *row[3:6], 0.9),
        ("2024-11", "France", *row[2:6], 0.9),
    )
    figure = dependence_figure(Told({"dependence": pd.DataFrame([row, *others], columns=keys)}))
    shipped, separated = figure.axes
    assert lines(shipped) == {"all rare earths": ([0.0], [25.0], BLUE)}
    assert lines(separated) == {"Dy": ([1.0], [75.0], RED)}
    assert shipped.get_title(loc="left") == "by where it was shipped from"
    assert separated.get_title(loc="left") == "by where it was separated"
    assert {ax.get_ylim() for ax in figure.axes} == {(0.0, 105.0)}
    assert [ax.get_ylabel() for ax in figure.axes] == ["% from China", ""]


def test_losses_are_added_up_over_sectors_and_months_in_billions() -> None:
    """USD million a month: 1000 + 500, nothing known, 500, 2000 are 1.5, 1.5, 2 and 4 billion so far."""
    rows = [
        ("2024-11", "Japan", 1000.0, 10.0, 0.0),
        ("2024-11", "Japan", 500.0, 10.0, 0.0),
        ("2025-01", "Japan", 500.0, 20.0, 100.0),
        ("2025-02", "Japan", 2000.0, 0.0, 200.0),
        ("2025-02", "China", 9000.0, 0.0, 0.0),
    ]
    columns = ["month", "state", "output_lost", "cost_paid", "made_up"]
    figure = loss_figure(Told({"macro": pd.DataFrame(rows, columns=columns)}))
    (ax,) = figure.axes
    drawn = lines(ax)
    assert drawn["output lost"] == ([0.0, 1.0, 2.0, 3.0], [1.5, 1.5, 2.0, 4.0], RED)
    assert drawn["extra cost paid"][1:] == (pytest.approx([0.02, 0.02, 0.04, 0.04]), ORANGE)
    assert drawn["made up later"][1:] == (pytest.approx([0.0, 0.0, 0.1, 0.3]), GREEN)
    assert ax.get_ylabel() == "USD bn since the start"
    assert figure.get_suptitle() == "What it costs Japan"
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == list(drawn)


# ---------------------------------------------------------------- months and measures


def ticks(figure: Figure) -> list[tuple[int, str]]:
    ax = figure.axes[-1]
    places = ax.get_xticks()
    return [
        (int(at), text.get_text()) for at, text in zip(places, ax.get_xticklabels(), strict=True)
    ]


@pytest.mark.parametrize(
    ("months", "name", "expected"),
    [
        (1, "loss", [(0, "2024-01")]),
        (8, "loss", [(at, f"2024-0{at + 1}") for at in (0, 2, 4, 6)]),
        (
            23,
            "loss",
            [(0, "2024-01"), (5, "2024-06"), (10, "2024-11"), (15, "2025-04"), (20, "2025-09")],
        ),
        (24, "loss", [(0, "2024"), (12, "2025")]),
        (192, "loss", [(24 * k, str(2024 + 2 * k)) for k in range(8)]),
        (192, "prices", [(36 * k, str(2024 + 3 * k)) for k in range(6)]),
    ],
)
def test_short_runs_name_months_and_long_ones_years(
    months: int, name: str, expected: list[tuple[int, str]]
) -> None:
    """Two years or more: years, of sixteen of them every second where there is one panel, every third in a row of three."""
    figure = FIGURES[name](fake_result(months=months, ban=False))
    assert ticks(figure) == expected
    assert figure.axes[0].get_xlim() == (-0.5, max(1, months - 1))


def test_measures_against_japan_by_name_are_dotted() -> None:
    """The ban of January 2025 is; the quota on the whole world is not, and nothing is where nothing happens."""
    for name in FIGURES:
        for ax in FIGURES[name](fake_result()).axes:
            dotted = [line for line in ax.lines if line.get_linestyle() == ":"]
            assert [list(line.get_xdata()) for line in dotted] == [[12, 12]]
    calm = FIGURES["loss"](fake_result(ban=False))
    assert not [line for line in calm.axes[0].lines if line.get_linestyle() == ":"]


def test_a_measure_after_the_last_month_is_not_drawn() -> None:
    short = FakeResult(fake_scenario(12))
    assert short.months == month_names("2024-01", 12)
    assert not [
        line for line in FIGURES["loss"](short).axes[0].lines if line.get_linestyle() == ":"
    ]


def test_known_values_of_a_made_up_ban_are_those_in_the_figures() -> None:
    """10 USD/kg before; in the third month of the ban Japan pays 40, after it 20, and China's own price is 5."""
    japan = np.array(lines(prices_figure(fake_result()).axes[1])["in Japan"][1])
    assert (japan[11], japan[14], japan[35]) == (10.0, 40.0, 20.0)
    china = lines(prices_figure(fake_result()).axes[1])
    assert (china["at home in China"][1][20], china["for export from China"][1][20]) == (5.0, 5.5)
