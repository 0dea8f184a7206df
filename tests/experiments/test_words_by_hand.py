"""What a firm and a corner are said to do, from made-up months and boxes; and what claims make of
flows that are worked out by hand.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.claims import supply
from coercivity.experiments.paper.cover import _stops, _with_ban, _without_ban
from coercivity.experiments.questions.firm_words import _chose
from coercivity.experiments.sensitivity.discovery import Bound, Corner
from coercivity.experiments.sensitivity.sentences import corner_sentences
from coercivity.experiments.worlds.draws import Draw


def month(**fields: Any) -> Any:
    return SimpleNamespace(
        **{
            "status": 1,
            "needs": [],
            "papers": (),
            "plan": 10.0,
            "run": 10.0,
            "capacity": 12.0,
            "built": 0.0,
            **fields,
        }
    )


@pytest.mark.parametrize(
    ("fields", "maker", "says"),
    [
        ({"status": 0}, True, ["Builds; nothing runs yet."]),
        ({"status": 2}, True, ["The plant stands: mothballed."]),
        ({"status": 3}, True, ["The plant stands: its owner is bankrupt."]),
        ({"run": 0.0}, True, ["The line stands: no capacity."]),
        ({"run": 5.0}, True, ["Runs at 50% of what it wants to; no more capacity."]),
        (
            {"run": 1.25, "plan": 1.25},
            False,
            ["Runs as planned, at 1.25 times the output of the start."],
        ),
    ],
)
def test_what_a_firm_chose_in_a_month(fields: dict[str, Any], maker: bool, says: list[str]) -> None:
    assert _chose(month(**fields), maker) == says


def test_a_maker_that_builds_says_how_much_more_a_year() -> None:
    said = _chose(month(built=1.0), True)
    assert said[-1].startswith("Begins to build 12")
    assert _chose(month(built=1.0), False)[-1] == _chose(month(), False)[-1]


def corner(*bounds: Bound) -> Corner:
    return Corner("firms_stopped>3", 40, 10, bounds, 0.6, 0.8, 0.2, 0.5, 0.7, 0.05)


def test_a_corner_says_which_bounds_bear_no_weight() -> None:
    said = corner_sentences(
        corner(Bound("a", "low", 0.25, 0.01, 0.9), Bound("b", "high", 2.0, 0.2, 0.4))
    )
    assert "80% of those with a at least 0.25 and b at most 2" in said[0]
    assert said[-1].startswith("No weight on the bound of b (high)")
    assert len(corner_sentences(corner(Bound("a", "low", 0.25, 0.01, 0.9)))) == 2
    assert "no statement" in corner_sentences(corner())[0]


def test_a_ban_of_everything_stops_firms_of_japan_that_would_run_without_it() -> None:
    ban, twin = _stops(_with_ban(), 1), _stops(_without_ban(), 1)
    assert ban.sector.tolist() == twin.sector.tolist()  # the same firms
    assert ban.cover.tolist() == twin.cover.tolist()
    stopped = np.isfinite(ban.stop)
    assert stopped.sum() > np.isfinite(twin.stop).sum()
    assert ((ban.stop[stopped] >= 0.0) & (ban.stop[stopped] <= 12.0)).all()


def test_losses_by_severity_are_above_the_twin_and_medians_over_draws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []

    def answers(asks: Any, workers: int) -> list[Any]:
        asked.extend(asks)
        size = len(asks) // 2
        scales = {"output_lost": 10.0, "cost_paid": 5.0, "made_up": 1.0}
        return [
            {name: np.full(200, 1.0 + (at % size) * scale) for name, scale in scales.items()}
            for at in range(len(asks))
        ]

    monkeypatch.setattr(supply, "answer_all", answers)
    monkeypatch.setattr(supply, "_share_stopped", lambda pair: None)
    rows = supply.split_by_severity((Draw((), 1), Draw((), 2)))
    assert [row["severity"] for row in rows][:2] == [
        "dual-use ban and lists, as enacted",
        "controlled goods barred, 1 months",
    ]
    assert [row["output_lost"] for row in rows] == pytest.approx(
        [0.36 * at for at in range(1, len(rows) + 1)]
    )
    assert [row["cost_paid"] for row in rows] == pytest.approx(
        [0.18 * at for at in range(1, len(rows) + 1)]
    )
    assert {row["output share"] for row in rows} == {0.0}
    assert len(asked) == 2 * (1 + len(rows))
