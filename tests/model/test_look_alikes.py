"""What customs cannot tell apart is not sent (decisions 0036 and 0113). Written before the rule.

Standard magnets share a customs line with heat-resistant ones. When those come under licences a
part of the standard ones is not sent in the first three months; nothing waits at the port, and
users order the rest by and by, as their stocks fill. What has another heading is untouched, and
where nobody is licensed all is sent. [Before: a pile at the port, that went out in one month.]
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World
from tests.facts import FACTS, with_rows
from tests.model.lived import act, begun
from tests.names import CHINA, GOOD
from tools.check.invariants import step_and_check

BEGAN = 8
LACKS = "magnet_smco"
RULE = act("licensing", "2024-09-01", targets=["World"], goods=["magnet_heat_resistant"])


@cache
def lived(good: str, hold: float, rule: bool) -> np.ndarray:
    """What leaves China and what waits at its ports by month (t)."""
    parameters, off = {"lookalike_hold": hold}, {"M8": False}
    acts = [RULE] if rule else []
    world = begun("business-as-usual", 20, *acts, parameters=parameters, mechanisms=off)
    found = []
    links = world.links
    rows = (links.exporter == CHINA) & (links.importer != CHINA) & (links.good == GOOD[good])
    for _ in range(20):
        step_and_check(world)
        found.append((links.shipped[rows].sum(), links.pending[rows].sum()))
    return np.array(found)


def shipped(good: str, hold: float = 0.3, rule: bool = True) -> np.ndarray:
    """Exports of China, t a month over the mean of the six months before the rule."""
    found = lived(good, hold, rule)[:, 0]
    return np.asarray(found / found[2:BEGAN].mean())


def test_a_part_of_what_looks_alike_is_not_sent_and_is_ordered_again_by_and_by() -> None:
    """Three tenths of what is to go; who smuggles may take more of what goes."""
    held, free = shipped("magnet_standard"), shipped("magnet_standard", hold=0.0)
    assert lived("magnet_standard", 0.3, True)[BEGAN:, 1].max() == 0.0
    assert held[BEGAN] == pytest.approx(0.7 * free[BEGAN], rel=0.1)
    more = held - free
    missed, first, second = -more[BEGAN : BEGAN + 3].sum(), more[BEGAN + 3], more[BEGAN + 4]
    assert 0.0 < second < first < 0.7 * missed  # a pile would go in one month
    assert held[BEGAN:].sum() == pytest.approx(free[BEGAN:].sum(), rel=0.04)


def test_a_good_without_a_heading_costs_one_message() -> None:
    """Whoever asks for a world in which it needs a licence is told the row and the fix."""
    rows = [dict(row) for row in FACTS.table("headings")]
    for row in rows:
        row.update({"heading": "8505"} if row["good"] == LACKS else {})
    calm = load_scenario("business-as-usual", with_rows("headings", rows))
    scenario = with_changes(calm, months=12, choices=[{**RULE, "goods": [LACKS]}])
    with pytest.raises(InputError) as caught:
        World(scenario, 1)
    assert str(caught.value) == (
        f"headings.csv, row '{LACKS}', column heading: '8505' is no heading; give the customs "
        f"heading of {LACKS}, e.g. 2846.90"
    )


def test_a_good_that_the_headings_leave_out_costs_one_message() -> None:
    rows = [row for row in FACTS.table("headings") if row["good"] != LACKS]
    with pytest.raises(InputError, match=f"headings.csv has no row for good '{LACKS}'"):
        World(load_scenario("business-as-usual", with_rows("headings", rows)), 1)
