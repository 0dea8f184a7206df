"""What the figures of a run draw, number by number: median, band, twin, months, measures, limits; from tables of a few rows each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pytest
from matplotlib.axes import Axes

from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.figures.runs import (
    BLUE,
    FIGURES,
    GREEN,
    ORANGE,
    PURPLE,
    RED,
    cover_figure,
    loss_figure,
    output_figure,
    prices_figure,
)
from tests.fake_result import fake_result, fake_scenario

MONTHS = ("2024-11", "2024-12", "2025-01", "2025-02")


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


def test_several_worlds_are_their_median_and_the_band_between_their_twentieths() -> None:
    """Worlds with 10, 20 and 60: the median is 20, a twentieth of the way in lies 11 and 56."""
    worlds = [priced([value] * 4) for value in (60.0, 10.0, 20.0)]
    ax = prices_figure(worlds).axes[1]
    assert lines(ax)["in Japan"][1] == [20.0] * 4
    band = ax.collections[-1].get_paths()[0].get_extents()
    assert (band.y0, band.y1) == pytest.approx((11.0, 56.0))
    assert (band.x0, band.x1) == (0.0, 3.0)
    assert not prices_figure(worlds[0]).axes[1].collections  # one world has no band


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


def test_measures_against_japan_by_name_are_dotted() -> None:
    """The ban of January 2025 is; the quota on the whole world is not, and nothing is where nothing happens."""
    for name in FIGURES:
        for ax in FIGURES[name](fake_result()).axes:
            dotted = [line for line in ax.lines if line.get_linestyle() == ":"]
            assert [list(line.get_xdata()) for line in dotted] == [[12, 12]]
    calm = FIGURES["loss"](fake_result(ban=False))
    assert not [line for line in calm.axes[0].lines if line.get_linestyle() == ":"]
