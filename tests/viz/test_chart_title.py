"""What stands above a chart of many histories: a difference to the twin, not what stood already."""

from __future__ import annotations

import numpy as np

from coercivity.experiments.lab.histories import Histories
from coercivity.viz.words.chart_words import chart_title
from tests.viz.test_briefing import histories


def test_the_worst_month_is_what_the_measure_takes_and_not_what_stood_already() -> None:
    mine, twin = histories(5.0), histories(5.0)
    for held, later in ((mine, 0.6), (twin, 0.8)):
        for one in held.drawn.values():
            line = np.full(180, 0.5)
            line[12:] = later
            one.series["output/all"] = line  # type: ignore[index]
    said = chart_title("output", "all", mine, "Japan", twin, "without the measure")
    assert said == (
        "In the worst month of two years makers in Japan make 20 points less of what they plan "
        "than without the measure"
    )
    assert chart_title("output", "all", mine, "Japan", Histories(at=24), "without it") == ""
