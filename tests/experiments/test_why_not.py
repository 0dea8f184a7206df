"""Why plants were not built, and which money moves tonnes."""

from __future__ import annotations

import pytest

from coercivity.experiments.questions.money_moves import MovedTonnes, money_moves
from coercivity.experiments.questions.why_not import (
    BEGUN,
    BELOW,
    LABELS,
    NO_DEMAND,
    NO_MARGIN,
    REASONS,
    TOO_SOON,
    AskedWorld,
    by_plant,
    cells,
    what_bound,
    why_not,
)
from coercivity.model.basis.facts import Facts
from coercivity.model.world import World


@pytest.mark.parametrize(
    ("margin", "use", "value", "may", "begun", "bound"),
    [
        (-1.0, 0.0, -1.0, False, False, TOO_SOON),
        (-1.0, 0.0, -1.0, True, False, NO_MARGIN),
        (1.0, 0.0, 0.0, True, False, NO_DEMAND),
        (1.0, 0.5, 1.0, True, False, BELOW),
        (1.0, 0.5, 2.0, True, True, BEGUN),
    ],
)
def test_what_bound_first(
    margin: float, use: float, value: float, may: bool, begun: bool, bound: str
) -> None:
    assert what_bound(margin, use, value, 1.4, may=may, begun=begun) == bound


def test_every_look_is_told_and_asking_changes_nothing() -> None:
    looks = why_not("japan-2026", (1,), months=27)
    assert {look.bound for look in looks} <= set(REASONS)
    for look in looks:
        assert look.margin == pytest.approx(look.price - look.cost + look.floor + look.ore)
    rows = by_plant(Facts.default(), looks)
    assert sum(row["looks"] for row in rows) == len(looks)
    assert {len(cells(row)) for row in rows} == {len(LABELS)}
    asked, plain = AskedWorld("japan-2026", 1, months=27), World("japan-2026", 1, months=27)
    asked.looks = []
    for world in (asked, plain):
        world.run_model()
    assert (asked.firms.capacity == plain.firms.capacity).all()
    assert (asked.offers.ask == plain.offers.ask).all()
    begun = {look.plant for look in asked.looks if look.bound == BEGUN}
    told = {event["about"] for event in _begun(asked)}
    assert begun == told


def _begun(world: World) -> list[dict[str, str]]:
    return [{"about": row[1]} for row in world.ledger.events if row[2] == "project begins"]


@pytest.mark.slow
def test_money_moves_tonnes_and_pairs_move_more() -> None:
    """By 2035 NdPr separated outside China, above the twin: a floor, a credit and an offtake each
    beyond luck, the pairs of a grant with them too, and with a floor more than either. A grant
    alone pays for plants whose margin is about nothing: it opens mines and little else.
    """
    moved: dict[str, MovedTonnes] = {
        one.arm: one
        for one in money_moves(
            seeds=range(1, 7),
            arms={
                name: tuple(name.split(" + "))
                for name in ("grant", "floor", "credit", "grant + floor", "grant + credit")
            },
        )
    }
    for arm in ("floor", "credit", "grant + floor", "grant + credit"):
        assert moved[arm].beyond_luck("separation"), moved[arm]
    assert moved["grant"].beyond_luck("mining")
    pair = moved["grant + floor"].tonnes["separation"]
    assert pair > max(moved[name].tonnes["separation"] for name in ("grant", "floor"))
