"""The act `cut` lets a share of the trade of the year before through (decisions 0036 and 0081)."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from coercivity.model.basis.calendar import days_in_month, month_name
from coercivity.model.trade.cut import base_tonnage
from tests.model.lived import act, begun
from tests.names import CHINA, GOOD, STATE
from tools.check.invariants import step_and_check

JAPAN, KOREA = STATE["Japan"], STATE["South Korea"]
BEGAN = 8


def cut(share: float, kind: str = "cut") -> dict[str, Any]:
    raw = act(kind, "2024-09-01", targets=["Japan"], goods=["magnet_heat_resistant"])
    return raw | ({"share": share} if kind == "cut" else {})


@cache
def shipped(share: float | None, importer: int = JAPAN, kind: str = "cut") -> np.ndarray:
    """Heat-resistant magnets from China, t a month, as a part of the six months before."""
    acts = [] if share is None else [cut(share, kind)]
    world = begun("business-as-usual", 16, *acts, mechanisms={"M8": False})
    found = []
    links = world.links
    rows = (links.exporter == CHINA) & (links.importer == importer)
    rows &= links.good == GOOD["magnet_heat_resistant"]
    for _ in range(16):
        step_and_check(world)
        found.append(links.shipped[rows].sum())
    return np.array(found) / np.mean(found[2:BEGAN])


def test_a_cut_leaves_the_rest_of_usual_trade_whatever_is_ordered_and_others_are_not_cut() -> None:
    for share in (0.3, 0.9):
        found = shipped(share)[BEGAN:]
        assert found.max() < (1.0 - share) * 1.1
        assert found[:4].mean() > (1.0 - share) * 0.8
    calm, beside = shipped(None, KOREA), shipped(0.9, KOREA)
    assert beside[BEGAN:].sum() > 0.95 * calm[BEGAN:].sum()


def test_a_cut_of_nothing_is_no_act_and_of_all_a_ban() -> None:
    assert shipped(0.0)[BEGAN : BEGAN + 3].mean() > 0.9
    assert shipped(1.0)[BEGAN:].max() == 0.0
    np.testing.assert_allclose(shipped(1.0)[BEGAN:], shipped(0.0, kind="blanket_ban")[BEGAN:])


def test_a_cut_that_grows_to_all_bars_its_lanes_for_who_re_sells() -> None:
    """A half, then all: whoever re-sells goods past it knows the lane as barred from then on."""
    half = {**cut(0.5), "id": "half", "date": "2024-02-01", "end": "2024-07-31"}
    world = begun("business-as-usual", 9, half, {**cut(1.0), "date": "2024-08-01"}, seed=3)
    found = []
    for _ in range(9):
        world.step()
        fence = world.leaks.fence(world.border)
        china = fence.authors.index(CHINA) if fence.authors else None
        hot = GOOD["magnet_heat_resistant"]
        found.append(china is not None and bool(fence.barred[china, JAPAN, hot]))
    assert found == [False] * 7 + [True] * 2


START, YEAR = "2024-01", 12
ROUNDING = 1.0 + 1e-9


class Lane:
    """What Japan asks of China and what goes straight there (t), from a year before the start."""

    def __init__(self, good: str, acts: list[dict[str, Any]]) -> None:
        self.world = begun("business-as-usual", 120, *acts, mechanisms={"M8": False})
        links, border = self.world.links, self.world.border
        self.rows = (links.exporter == CHINA) & (links.importer == JAPAN)
        self.rows &= links.good == GOOD[good]
        (self.channel,) = set(border.channel[self.rows].tolist())
        self.asked = [float(border.normal[self.channel])] * YEAR
        self.went = list(self.asked)

    def live(self, months: int) -> None:
        for _ in range(months):
            step_and_check(self.world)
            links = self.world.links
            self.asked.append(float(links.orders[self.rows].sum()))
            self.went.append(float(links.shipped[self.rows].sum()))

    @property
    def base(self) -> float:
        """What a cut is a part of (t)."""
        return float(base_tonnage(self.world.border)[self.channel])

    def usual(self, begins: int) -> float:
        """Mean of what was asked in the twelve months before one of the run."""
        return float(np.mean(self.asked[begins : begins + YEAR]))


def against_japan(begins: int, share: float, goods: object, **more: str) -> dict[str, Any]:
    return cut(share) | {"date": f"{month_name(START, begins)}-01", "goods": goods} | more


def ends(month: int) -> str:
    """The last day before a month of the run."""
    last = month_name(START, month - 1)
    return f"{last}-{days_in_month(last)}"


def test_a_cut_that_follows_while_another_stands_has_the_same_base() -> None:
    first = against_japan(6, 0.5, "all", end=ends(30))
    lane = Lane("magnet_heat_resistant", [first, against_japan(24, 0.2, "all", id="later")])
    lane.live(6)
    base = lane.base
    assert base == pytest.approx(lane.usual(6), rel=0.05)
    lane.live(42)
    assert lane.base == pytest.approx(base)
    assert max(lane.went[YEAR + 6 : YEAR + 30]) <= 0.5 * base * ROUNDING
    assert max(lane.went[YEAR + 30 :]) <= 0.8 * base * ROUNDING


def test_months_under_a_cut_are_no_base_for_the_next() -> None:
    """Nine of twelve are under the first: those of the year before count in their place."""
    first = against_japan(12, 0.9, "all", end=ends(24))
    lane = Lane("magnet_standard", [first, against_japan(27, 0.5, "all", id="later")])
    lane.live(48)
    went = np.minimum(lane.went, lane.asked)
    base = (went[YEAR + 3 : YEAR + 12].sum() + went[YEAR + 24 : YEAR + 27].sum()) / YEAR
    assert max(lane.went[YEAR + 12 : YEAR + 24]) < 0.2 * base
    assert lane.base == pytest.approx(base)
    assert max(lane.went[YEAR + 27 :]) <= 0.5 * base * ROUNDING
