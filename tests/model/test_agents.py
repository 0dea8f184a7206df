"""Firms as agents: one decides with the bits of all, shows what it has by name, and may follow a
rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import pytest

from coercivity.agents.firms.end_user import EndUser
from coercivity.agents.firms.firm import Firm
from coercivity.agents.firms.maker import Maker
from coercivity.agents.firms.miner import Miner
from coercivity.agents.firms.processor import Processor
from coercivity.agents.firms.roles import Everyone
from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World

SCENARIO = with_changes(load_scenario("japan-blanket-ban"), months=48)
KINDS = (Miner, Processor, Maker, EndUser)


@pytest.fixture(scope="module")
def grown() -> World:
    """A world two years after a ban, with plants closed, failing and under way."""
    world = World(SCENARIO, 1, record=False)
    world.run_for(36)
    return world


def state(world: World) -> Iterator[tuple[str, Any]]:
    for name in ("firms", "needs", "offers", "links"):
        table = getattr(world, name)
        yield from ((f"{name}.{column}", getattr(table, column)) for column in table.columns)


def before(grown: World, decision: str) -> World:
    """A world in which a month has come as far as the decision."""
    world = grown.fork()
    verbs: dict[str, tuple[str, ...]] = {"plan_run": ("arrive", "govern", "sense", "plan_use")}
    verbs |= {"post_prices": ("license",), "document_use": ("clear", "ship", "produce")}
    verbs |= {"review": ("adapt",)}
    for name in Everyone.DECISIONS:
        for verb in verbs.get(name, ()):
            getattr(world, verb)()
        if name == decision:
            return world
        if name in ("plan_run", "order"):
            world.hear(world.everyone, name)
    raise ValueError(decision)


@pytest.mark.parametrize("decision", Everyone.DECISIONS)
def test_agents_one_by_one_decide_with_the_bits_of_all(grown: World, decision: str) -> None:
    together, alone, by_kind = (before(grown, decision) for _ in range(3))
    start = dict(state(together.fork()))
    together.hear(together.everyone, decision)
    for kind in KINDS:
        alone.agents_by_type[kind].do(decision)
        by_kind.hear(by_kind.actors.by_kind[KINDS.index(kind)], decision)
    moved = 0
    for (name, all_at_once), (_, each), (_, kinds) in zip(
        state(together), state(alone), state(by_kind), strict=True
    ):
        np.testing.assert_array_equal(all_at_once, each, err_msg=name)
        np.testing.assert_array_equal(all_at_once, kinds, err_msg=name)
        moved += not np.array_equal(all_at_once, start[name])
    assert moved, f"{decision} moved nothing here: the world is too calm to tell"


def test_a_firm_tells_what_it_is_and_has_by_name(grown: World) -> None:
    lynas = next(a for a in grown.agents_by_type[Processor] if a.name.startswith("Lynas"))
    assert (lynas.state_name, lynas.process_name) == ("Malaysia", "separate_light")
    assert {"ndpr_oxide", "lanthanum_oxide"} <= set(lynas.stock) == set(lynas.price)
    assert list(lynas.inputs) == list(lynas.orders) == ["light_concentrate"]
    rows = np.flatnonzero(grown.offers.firm == lynas.row)
    assert sum(lynas.stock.values()) == pytest.approx(grown.offers.stock[rows].sum())
    suppliers = lynas.suppliers("light_concentrate")
    assert sum(suppliers.values()) == pytest.approx(1.0)
    assert all(isinstance(firm, Miner) for firm in suppliers)
    assert lynas.suppliers("motor_standard") == {}
    assert lynas.customers
    assert {type(firm) for firm in lynas.customers} == {Maker, EndUser}
    assert all(lynas in firm.suppliers() for firm in lynas.customers)
    assert lynas.decided["run"] == lynas.wish > 0.0
    assert set(lynas.decided["ask"]) == set(lynas.price)
    assert grown.firm(lynas.name) is lynas
    with pytest.raises(InputError, match="firm 'Lynax' is not known; "):
        grown.firm("Lynax")


class Cautious(Processor):
    """A separation plant that never runs beyond half its capacity."""

    def plan_run(self) -> None:
        super().plan_run()
        self.wish = min(self.wish, 0.5 * self.capacity)


class CautiousWorld(World):
    kinds: ClassVar[tuple[type[Firm], ...]] = (Miner, Cautious, Maker, EndUser)


def test_a_subclass_decides_by_its_own_rule_and_the_others_do_not_notice() -> None:
    own, plain = CautiousWorld(SCENARIO, 3, record=False), World(SCENARIO, 3, record=False)
    for world in (own, plain):
        for verb in ("arrive", "govern", "sense", "plan_use", "order"):
            getattr(world, verb)()
    separators = plain.processors.rows
    assert (plain.firms.wish[separators] > 0.5 * plain.firms.capacity[separators]).sum() > 10
    np.testing.assert_array_equal(
        own.firms.wish[separators],
        np.minimum(plain.firms.wish[separators], 0.5 * own.firms.capacity[separators]),
    )
    others = np.setdiff1d(plain.everyone.rows, separators)
    np.testing.assert_array_equal(own.firms.wish[others], plain.firms.wish[others])
    for verb in ("license", "clear", "ship", "produce", "adapt", "invest", "settle"):
        getattr(own, verb)()
    assert abs(own.balance_error()).max() < 1e-6
    assert type(own.fork().firm(int(separators[0]))) is Cautious


def test_every_decision_can_be_asked_of_all_before_the_first_month() -> None:
    world, kinds = (World(SCENARIO, 3, record=False) for _ in range(2))
    for decision in Everyone.DECISIONS:
        world.ask(world.everyone, decision)
        for actors in kinds.actors.by_kind:
            kinds.ask(actors, decision)
        np.testing.assert_array_equal(world.firms.wish, kinds.firms.wish)
    with pytest.raises(InputError, match="decision 'plan_runs' is not known; did you mean"):
        world.ask(world.everyone, "plan_runs")


def test_a_removed_firm_is_not_asked_for_its_own_rule() -> None:
    asked: list[str] = []

    class Stubborn(Processor):
        def plan_run(self) -> None:
            asked.append(self.name)

    class StubbornWorld(World):
        kinds: ClassVar[tuple[type[Firm], ...]] = (Miner, Stubborn, Maker, EndUser)

    world = StubbornWorld("japan-2026-from-2024", months=4, firms_per_sector=1, record=False)
    gone, *others = (world.firm(int(row)) for row in world.processors.rows)
    gone.remove()
    world.close_for_good(gone.row)  # a second time is no second bankruptcy
    assert len(world.works.closing) == 1
    for verb in ("arrive", "govern", "sense", "plan_use", "order"):
        getattr(world, verb)()
    assert asked == [firm.name for firm in others]


def test_names_that_nobody_has_cost_one_line() -> None:
    world = World("japan-2026-from-2024", months=1, firms_per_sector=1, record=False)
    for which in (-1, len(world.firms)):
        with pytest.raises(InputError, match=f"firm {which} is not known; rows of world.firms go"):
            world.firm(which)
    with pytest.raises(InputError, match="good 'light_concentrat' is not known; did you mean"):
        world.firm(int(world.makers.rows[0])).suppliers("light_concentrat")
    with pytest.raises(InputError, match="government 'Japn' is not known; did you mean 'Japan'"):
        world.government("Japn")
