"""How deep an episode cuts, by hand: a line of 10 t a month that an act of its thirteenth month
takes to 2, 2, 4, 6, 8 and then 10 again.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.paper import depths
from coercivity.experiments.paper.depths import EPISODES, cut, sent
from coercivity.model.scenario.scenario import load_scenario

LINE = np.array([10.0] * 12 + [2.0, 2.0, 4.0, 6.0, 8.0] + [10.0] * 19)


def test_depth_first_year_and_recovery_of_a_line() -> None:
    """(2 + 2 + 4 + 6 + 8 + 7 x 10) / 120; months 16 to 18 (8, 10, 10) are the first three whose
    mean is nine tenths: four months after the act.
    """
    assert cut(LINE, 12, 12) == pytest.approx((0.2, 92.0 / 120.0, 4.0))


def test_what_is_usual_may_lie_before_an_earlier_act() -> None:
    """Counted from the sixteenth month (6, 8, 10 ...) against the first twelve."""
    assert cut(LINE, 15, 12) == pytest.approx((0.6, 114.0 / 120.0, 1.0))


def test_what_never_falls_is_back_at_once_and_what_stays_away_never() -> None:
    assert cut(np.full(36, 5.0), 12, 12) == pytest.approx((1.0, 1.0, 0.0))
    assert cut(np.array([10.0] * 12 + [3.0] * 24), 12, 12) == pytest.approx((0.3, 0.3, np.inf))


class Told:
    """A result with rows of trade."""

    scenario = load_scenario("licensing-2025")

    def table(self, name: str) -> pd.DataFrame:
        if name == "leaks":
            return pd.DataFrame(
                [
                    ("2024-02", "smuggled", "magnet_standard", 2.0, "China", "India"),
                    ("2024-02", "third_country", "magnet_standard", 4.0, "Japan", "India"),
                ],
                columns=["month", "route", "good", "tonnes", "via", "to"],
            )
        assert name == "trade"
        rows = [
            ("2024-01", "China", "Japan", "magnet_standard", 3.0),
            ("2024-01", "China", "Japan", "magnet_smco", 1.0),
            ("2024-02", "China", "Japan", "magnet_standard", 5.0),
            ("2024-02", "China", "India", "magnet_standard", 7.0),
            ("2024-02", "China", "China", "magnet_standard", 99.0),  # at home
            ("2024-02", "Japan", "India", "magnet_standard", 99.0),  # of another exporter
            ("2024-02", "China", "India", "ndpr_oxide", 99.0),  # no magnet
        ]
        return pd.DataFrame(rows, columns=["month", "origin", "destination", "good", "tonnes"])


def test_what_is_sent_is_counted_by_destination_or_good_without_what_is_smuggled() -> None:
    magnets = ("magnet_standard", "magnet_smco")
    by_destination = sent(Told(), magnets, "destination", 3)  # type: ignore[arg-type]
    by_good = sent(Told(), magnets, "good", 3)  # type: ignore[arg-type]
    assert {key: line.tolist() for key, line in by_destination.items()} == {
        "India": [0.0, 5.0, 0.0],
        "Japan": [4.0, 5.0, 0.0],
    }
    assert {key: line.tolist() for key, line in by_good.items()} == {
        "magnet_smco": [1.0, 0.0, 0.0],
        "magnet_standard": [3.0, 10.0, 0.0],
    }


def test_rows_stand_by_what_is_hit_most_and_crumbs_are_left_out() -> None:
    worlds = [
        {"Japan": LINE * scale, "India": LINE * 0 + 10.0, "Fiji": LINE * 1e-4} for scale in (1, 2)
    ]
    twins = [{"Japan": LINE * 0 + 15.0 * scale} for scale in (1, 2)]
    rows = depths._ranked(worlds, twins, 12, 12, 0.02)
    assert [row["of"] for row in rows] == ["Japan", "India"]
    assert rows[0]["depth"] == pytest.approx({"median": 0.2, "low": 0.2, "high": 0.2})
    assert [row["twin"] for row in rows] == pytest.approx([1.5, 0.0])


def test_episodes_begin_with_an_act_of_the_exporter() -> None:
    for one in EPISODES:
        assert sum(depths._imposed(one).values()) > 0
        assert any(
            event.actor == "China" and event.date.startswith(one.since)
            for event in load_scenario(one.scenario).events
        ), one.name
