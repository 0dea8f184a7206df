"""Acts of firms: more stock, turning away, a plant; and a government that breaks its word. Signs
were written down before the first run.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from coercivity.agents.firms import buyer
from coercivity.model.plants.building import LEADS
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World
from tests.model.lived import act, begun, lived
from tests.model.quantities import JAPAN
from tests.model.test_determinism import assert_same
from tests.names import CHINA, PROCESS, STATE
from tests.refusal import refusal
from tools.check.invariants import step_and_check

CALM = "business-as-usual"
STOCK = act("firm_stock", actor="", states=["Japan"], cover=6)
AWAY = act("firm_supplier", actor="", states=["Japan"], away_from="China", strength=0.8)
HOT = "make_magnet_heat_resistant"
PLANT = act("firm_build", actor="", firm="Shin-Etsu Chemical", process=HOT, state="India")
BREACH = act("breach", targets=["United States"], severity=0.8)
ALL = [STOCK, AWAY, PLANT, BREACH]
INDIAN = "Entrant, India magnets, heat resistant"


@cache
def told(world: World) -> list[tuple[int, str, str, str]]:
    """What happened, in English."""
    return [(*row, str(phrase)) for *row, phrase in world.ledger.events]  # type: ignore[misc]


def calm(months: int) -> World:
    """A recorded world without any act, to look at."""
    return lived(CALM, months, record=True)


def acted(months: int, *acts: dict[str, Any], **more: Any) -> World:
    return lived(CALM, months, *acts, record=True, **more)


def cover_of(world: World, rows: np.ndarray) -> float:
    """Mean months of expected use that the needs in use of some firms have in stock."""
    needs = world.needs
    mine = rows[needs.firm] & (needs.expected > 1e-9)
    return float((needs.stock[mine] / needs.expected[mine]).mean())


def test_the_extra_stock_comes_beside_the_habit_and_is_run_down_when_the_act_ends() -> None:
    plain, stocked = begun(CALM, 48), begun(CALM, 48, {**STOCK, "end": "2025-12-31"})
    japan = plain.firms.is_end & (plain.firms.state == JAPAN)
    gap = []
    for _ in range(48):
        plain.step()
        stocked.step()
        gap.append(cover_of(stocked, japan) - cover_of(plain, japan))
    assert max(abs(value) for value in gap[:2]) == 0.0
    assert 4.0 < gap[23] < 7.0
    assert abs(gap[47]) < 1.0


def test_nobody_starves_who_has_no_other_supplier() -> None:
    """At strength 1 a need with no qualified supplier elsewhere orders all of it in China."""
    world = begun(CALM, 14, {**AWAY, "strength": 1.0})
    for _ in range(14):
        step_and_check(world)
    links, needs = world.links, len(world.needs)
    elsewhere = np.bincount(links.need, links.qualified * (links.exporter != CHINA), needs)
    bound = (elsewhere == 0) & (world.firms.state[world.needs.firm] == JAPAN)
    assert bound.any()
    assert (np.bincount(links.need, links.share, needs)[bound] > 1 - 1e-9).all()
    assert (np.bincount(links.need, links.orders, needs)[bound] > 0).any()


def test_a_fiftieth_of_the_pull_stays() -> None:
    for strength, left in ((0.0, 1.0), (0.4, 0.6), (0.98, 0.02), (1.0, 0.02)):
        assert buyer.turned_away(strength) == pytest.approx(left)


def test_a_plant_opens_in_its_host_after_its_lead_time() -> None:
    world = begun(CALM, 70, PLANT, record=True)
    row = world.firms.names.index(INDIAN)
    assert world.firms.state[row] == STATE["India"]
    assert world.firms.process[row] == PROCESS[HOT]
    spent, opened = 0.0, -1
    for month in range(70):
        step_and_check(world)
        spent += float(world.firms.outlay[row])
        assert month > 1 or world.works.pipeline.building[row] == 0.0
        if opened < 0 and world.firms.capacity[row] > 0:
            opened = month
    line = f"Shin-Etsu Chemical begins to build in India: {INDIAN}"
    assert (2, "Shin-Etsu Chemical", "project begins", line) in told(world)
    lead = LEADS["magnet"] * world.p.lead_scale
    assert 2 + lead <= opened <= 2 + lead * 2.5**0.5 + 1
    size = world.firms.option_size[row]
    # enlarged since, as its orders ask
    assert world.firms.capacity[row] >= size * world.firms.reach[row] * (1.0 - 1e-9)
    assert spent >= 0.9 * world.firms.capex[row] * size  # paid for, whether it runs or not


ENLARGED = [
    ("Shin-Etsu Chemical", "Japan", "Shin-Etsu Chemical"),
    ("TDK", "Japan", "TDK"),
    ("", "Japan", "Shin-Etsu Chemical"),
    ("TDK", "Vietnam", "Shin-Etsu Vietnam"),
]


@pytest.mark.parametrize(("firm", "state", "plant"), ENLARGED)
def test_where_none_is_planned_a_running_plant_is_enlarged(
    firm: str, state: str, plant: str
) -> None:
    """Its own, else the largest, by the median of the generic entrants."""
    plain, more = calm(3), acted(3, {**PLANT, "firm": firm, "state": state})
    row = plain.firms.names.index(plant)
    building = [world.works.pipeline.building[row] for world in (plain, more)]
    assert building[1] - building[0] == pytest.approx(1500.0 / 12.0)
    line = f"{firm or 'A firm'} begins to build in {state}: more capacity at {plant}"
    assert (2, firm or "firms", "project begins", line) in told(more)


@pytest.mark.parametrize(
    ("process", "state", "name"),
    [
        (HOT, "United States", "in United States: LS Cable (Chesapeake)"),
        ("separate_heavy", "Malaysia", "in Malaysia: more capacity at"),
    ],
)
def test_what_is_under_way_when_a_world_begins_is_no_plant_that_is_left_to_begin(
    process: str, state: str, name: str
) -> None:
    """January 2026: MP 10X and Lynas' second line are decided and stand with 0 t in options.csv."""
    plant = act("firm_build", "2026-01-01", actor="", process=process, state=state)
    plain, built = begun("licences-2026", 2), begun("licences-2026", 2, plant)
    for world in (plain, built):
        world.step()
    lines = [line for *_, kind, line in told(built) if kind == "project begins"]
    assert sum(name in line for line in lines) == 1
    assert built.works.pipeline.building.sum() > plain.works.pipeline.building.sum() + 10.0


def test_where_others_have_begun_what_was_planned_it_is_enlarged() -> None:
    """The first builder takes the only planned plant; the second adds to it."""
    second = {**PLANT, "id": "second", "firm": "TDK", "date": "2024-05-01"}
    first, both = acted(6, PLANT), acted(6, PLANT, second)
    row = first.firms.names.index(INDIAN)
    building = [world.works.pipeline.building[row] for world in (first, both)]
    assert building[1] - building[0] == pytest.approx(1500.0 / 12.0)
    line = f"TDK begins to build in India: more capacity at {INDIAN}"
    assert (4, "TDK", "project begins", line) in told(both)


@pytest.mark.parametrize(("what", "mechanism"), [(AWAY, "M3"), (PLANT, "M9"), (BREACH, "M7")])
def test_off_means_absent(what: dict[str, Any], mechanism: str) -> None:
    off = {mechanism: False, "M12": False}  # tension is M12's
    assert_same(acted(9, mechanisms=off), acted(9, what, mechanisms=off))


def test_all_acts_at_once_keep_every_tonne_and_every_dollar() -> None:
    late = ({**one, "date": "2026-06-01"} for one in ALL)
    world = begun("japan-blanket-ban", 60, *late, seed=2)
    for _ in range(60):
        step_and_check(world)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        (
            {**STOCK, "firm": "Shin Etsu Chemical"},
            "firm 'Shin Etsu Chemical' is not a firm of 2024-01; did you mean 'Shin-Etsu Chemical'",
        ),
        (
            {**AWAY, "away_from": "Japan"},
            "away_from 'Japan' is one of the states whose firms turn away; write another state",
        ),
        (
            {**PLANT, "state": "Russia"},
            "state 'Russia' has no plant of make_magnet_heat_resistant, planned or running, in a "
            "world of 2024-01; use one of: United",
        ),
        ({**PLANT, "date": "2023-11-01"}, "date '2023-11-01' is before the first month 2024-01"),
    ],
)
def test_a_mistake_costs_one_clear_line(what: dict[str, Any], message: str) -> None:
    assert message in refusal(with_changes, load_scenario(CALM), choices=[what])
