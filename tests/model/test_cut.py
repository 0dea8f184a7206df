"""The act `cut` lets a share of the trade of the year before through (decisions 0036 and 0081).

A cut of 60% to Japan leaves 40% of what went there in the year before, whatever is ordered; others
and other goods are untouched; none of it and all of it are no act and a ban.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from coercivity.model.basis.calendar import month_name
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.goods import CHINA, GOOD, STATE
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World
from tests.helpers import step_and_check

JAPAN, KOREA = STATE["Japan"], STATE["South Korea"]
BEGAN = 8


def cut(share: float, kind: str = "cut") -> dict[str, Any]:
    raw = {"kind": kind, "date": "2024-09-01", "actor": "China", "targets": ["Japan"]}
    more = {"share": share} if kind == "cut" else {}
    return raw | {"goods": ["magnet_heat_resistant"], "id": "cut"} | more


@cache
def shipped(share: float | None, importer: int = JAPAN, kind: str = "cut") -> np.ndarray:
    """Heat-resistant magnets from China, t a month, as a part of the six months before."""
    acts = [] if share is None else [cut(share, kind)]
    raw = with_changes(
        load_scenario("business-as-usual"), months=16, choices=acts, mechanisms={"M8": False}
    )
    world, found = World(raw, 1, record=False, collect=False), []
    links = world.links
    rows = (links.exporter == CHINA) & (links.importer == importer)
    rows &= links.good == GOOD["magnet_heat_resistant"]
    for _ in range(16):
        step_and_check(world)
        found.append(links.shipped[rows].sum())
    return np.array(found) / np.mean(found[2:BEGAN])


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_cut_leaves_the_rest_of_usual_trade_whatever_is_ordered(share: float) -> None:
    found = shipped(share)[BEGAN:]
    assert found.max() < (1.0 - share) * 1.1
    assert found[:4].mean() > (1.0 - share) * 0.8


def test_a_cut_of_nothing_is_no_act_and_of_all_a_ban() -> None:
    assert shipped(0.0)[BEGAN : BEGAN + 3].mean() > 0.9
    assert shipped(1.0)[BEGAN:].max() == 0.0
    np.testing.assert_allclose(shipped(1.0)[BEGAN:], shipped(0.0, kind="blanket_ban")[BEGAN:])


def test_a_cut_that_grows_to_all_bars_its_lanes_for_who_re_sells() -> None:
    """A half, then all: whoever re-sells goods past it knows the lane as barred from then on."""
    world = World("business-as-usual", seed=3, record=False, collect=False)
    for more in (
        {"id": "half", "date": "2024-02-01", "end": "2024-07-31", "share": 0.5},
        {"id": "all", "date": "2024-08-01", "share": 1.0},
    ):
        raw = {**cut(0.5), **more}
        world.enact(event_from_dict(raw, "test", 1, {}))

    def barred() -> bool:
        fence = world.leaks.fence(world.border)
        china = fence.authors.index(CHINA)
        return bool(fence.barred[china, JAPAN, GOOD["magnet_heat_resistant"]])

    for _ in range(6):
        world.step()
    assert not barred()
    world.step()
    world.step()
    assert barred()


START, YEAR = "2024-01", 12
# goods in which Japan buys of China every month, raw and made
TRADED = ("magnet_heat_resistant", "magnet_standard", "ndpr_oxide", "yttrium_oxide")


class Lane:
    """What Japan asks of China, and what goes straight there (t), by month from a year before the
    start, which is as the start's tables have it.
    """

    def __init__(self, good: str, acts: list[dict[str, Any]], seed: int = 1, M8: bool = True):
        raw = with_changes(
            load_scenario("business-as-usual"), months=120, choices=acts, mechanisms={"M8": M8}
        )
        self.world = World(raw, seed, record=False, collect=False)
        links, border = self.world.links, self.world.border
        self.rows = (links.exporter == CHINA) & (links.importer == JAPAN)
        self.rows &= links.good == GOOD[good]
        (channel,) = set(border.channel[self.rows].tolist())
        self.asked = [float(border.normal[channel])] * YEAR
        self.went = list(self.asked)

    def live(self, months: int) -> None:
        for _ in range(months):
            step_and_check(self.world)
            links, smuggling = self.world.links, self.world.leaks.smuggling
            went = links.shipped.copy()
            if smuggling is not None:
                rows, smuggled = smuggling
                sent = np.minimum(went[rows] / np.maximum(links.allowed[rows], 1e-300), 1.0)
                went[rows] -= smuggled * sent
            self.asked.append(float(links.orders[self.rows].sum()))
            self.went.append(float(went[self.rows].sum()))


def against_japan(begins: int, share: float, goods: Any, **more: Any) -> dict[str, Any]:
    return cut(share) | {"date": f"{month_name(START, begins)}-01", "goods": goods} | more


def ends(month: int) -> str:
    """The last day before a month of the run."""
    return f"{month_name(START, month - 1)}-28"


# no shrinking: the message names the case, and a smaller one takes minutes
@settings(max_examples=15, phases=[Phase.explicit, Phase.generate])
@given(
    share=st.floats(0.05, 0.95),
    good=st.sampled_from(TRADED),
    alone=st.booleans(),
    begins=st.integers(0, 30),
    leaks=st.booleans(),
    seed=st.integers(1, 99),
)
def test_never_more_goes_than_the_rest_of_what_was_asked_in_the_year_before(
    share: float, good: str, alone: bool, begins: int, leaks: bool, seed: int
) -> None:
    """Who has lost another source, or orders in a panic, gets no more; leaks apart."""
    act = against_japan(begins, share, [good] if alone else "all")
    lane = Lane(good, [act], seed, leaks)
    lane.live(begins + 30)
    usual = np.mean(lane.asked[begins : begins + YEAR])
    assert max(lane.went[YEAR + begins :]) <= (1.0 - share) * usual * (1.0 + 1e-9)


def test_others_are_not_cut() -> None:
    calm, beside = shipped(None, KOREA), shipped(0.9, KOREA)
    assert beside[BEGAN:].sum() > 0.95 * calm[BEGAN:].sum()


@pytest.mark.parametrize("share", [-0.1, 1.2])
def test_a_cut_beyond_all_is_refused_with_the_fix(share: float) -> None:
    with pytest.raises(InputError, match="share") as found:
        event_from_dict(cut(share), "test", 1)
    assert str(share) in str(found.value)
