"""Why plants were not built."""

from __future__ import annotations

import pytest

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
    looks = why_not("japan-2026-from-2024", (1,), months=27)
    assert {look.bound for look in looks} <= set(REASONS)
    for look in looks:
        assert look.margin == pytest.approx(look.price - look.cost + look.floor + look.ore)
    rows = by_plant(Facts.default(), looks)
    assert sum(row["looks"] for row in rows) == len(looks)
    assert {len(cells(row)) for row in rows} == {len(LABELS)}
    asked, plain = (
        AskedWorld("japan-2026-from-2024", 1, months=27),
        World("japan-2026-from-2024", 1, months=27),
    )
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
