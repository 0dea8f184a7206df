"""Acts on goods that nobody knows, sells or can cut further: each is refused in one line with the
field, the value and the fix.
"""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.model.basis.names import GOODS, GOVERNMENTS, WORLD
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.quota_checks import sold_in
from coercivity.model.scenario.scenario import Scenario, scenario_from_dict
from coercivity.model.world import World
from tests.facts import FACTS

QUOTA = {"kind": "quota", "end": "2024-12-31", "tonnes": 100.0}
CUT = {"kind": "cut", "targets": ["Japan"], "goods": ["ndpr_oxide"]}


def asked(act: dict[str, Any], start: str = "2024-01", key: str = "events") -> Scenario:
    act = {"date": "2024-03-01" if start == "2024-01" else "2009-03-01", "id": "act", **act}
    act.setdefault("actor", "China")
    return scenario_from_dict({"name": "test", "start": start, "months": 12, key: [act]})


def refusal(act: dict[str, Any], **more: Any) -> str:
    with pytest.raises(InputError) as caught:
        asked(act, **more)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("share", [1.01, 1.5, 150, -0.1, "130%", float("nan")])
def test_a_cut_is_a_share(share: object) -> None:
    assert refusal({**CUT, "share": share}).endswith(
        f"(act): share '{share}' does not fit; use a number from 0 to 1"
    )
    assert asked({**CUT, "share": 1.0}).events[0].get("share") == 1.0


@pytest.mark.parametrize("kind", ["licensing", "quota", "cut"])
def test_a_good_that_is_not_known_is_refused(kind: str) -> None:
    act = {**(QUOTA if kind == "quota" else {"share": 0.5} if kind == "cut" else {}), "kind": kind}
    says = refusal({**act, "goods": ["samarium_oxide"]})
    assert says.startswith("scenario, event 1 (act): goods 'samarium_oxide' is not known; did you")


@pytest.mark.parametrize(
    ("actor", "goods", "start", "fix"),
    [
        ("Japan", ["heavy_concentrate"], "2024-01", "name some of lanthanum_oxide"),
        ("United Kingdom", "oxides", "2024-01", "name some of ndpr_metal, magnet_standard"),
        ("Malaysia", ["light_concentrate"], "2009-01", "name some of heavy_concentrate"),
    ],
)
def test_a_quota_on_what_nobody_sells_is_refused(
    actor: str, goods: object, start: str, fix: str
) -> None:
    act = {**QUOTA, "actor": actor, "goods": goods}
    if start == "2009-01":
        act["end"] = "2009-12-31"
    says = refusal(act, start=start)
    assert says.startswith("scenario, event act: goods '")
    assert f"': nobody in {actor} sells any in a world of {start}, so a quota there " in says
    assert fix in says


def test_a_quota_without_goods_is_one_on_raw_materials() -> None:
    assert "nobody in Taiwan sells any" in refusal({**QUOTA, "actor": "Taiwan"})
    assert asked({**QUOTA, "actor": "Japan"}).events


def test_a_choice_of_a_player_is_asked_the_same() -> None:
    act = {**QUOTA, "actor": "Japan", "goods": ["heavy_concentrate"]}
    assert "nobody in Japan sells any" in refusal(act, key="choices")


@pytest.mark.parametrize(
    ("name", "start"), [("embargo-2010", "2009-01"), ("japan-2026", "2024-01")]
)
def test_whatever_leaves_a_state_can_be_limited(name: str, start: str) -> None:
    """No quota is refused that would bind a lane."""
    border = World(name, 1, record=False, collect=False).border
    for actor in GOVERNMENTS:
        for good in set(GOODS) - set(sold_in(actor, FACTS, start, 3)):
            quota = Event(
                "2024-03-01",
                "quota",
                "act",
                actor=actor,
                targets=(WORLD,),
                goods=(good,),
                facts=FACTS,
            )
            assert not len(border.bound_by(quota)), (actor, good)
    assert sold_in("China", FACTS, start, 3) == GOODS
