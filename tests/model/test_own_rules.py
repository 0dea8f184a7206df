"""Classes of somebody's own: what would be ignored is refused when it is written or made, and what
no firm can have does not go on to a result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import pytest

from coercivity.agents.firms.end_user import EndUser
from coercivity.agents.firms.firm import Firm
from coercivity.agents.firms.maker import Maker
from coercivity.agents.firms.miner import Miner
from coercivity.agents.firms.plant import Plants
from coercivity.agents.firms.processor import Processor, Processors
from coercivity.agents.information import Market, Parameters, Support, Switches
from coercivity.experiments.worlds.run import run
from coercivity.model.basis.errors import InputError
from coercivity.model.world import World
from tests.refusal import refusal


def made(own: type[Firm], months: int = 2) -> World:
    """A small world with one's own separation plants."""

    class Own(World):
        kinds: ClassVar[tuple[type[Firm], ...]] = (Miner, own, Maker, EndUser)

    return Own("japan-2026-from-2024", months=months, firms_per_sector=1, record=False)


def set_of(name: str, rule: Callable[..., Any], base: type = Processors) -> type[Firm]:
    """Separation plants whose set has one rule of its own."""
    many: Any = type("MySet", (base,), {name: rule})
    return type("Mine", (Processor,), {"many": many})


@pytest.mark.parametrize("value", [float("nan"), -1.0, 1e13])
def test_an_agent_s_rule_that_leaves_nonsense_costs_one_line(value: float) -> None:
    class Wild(Processor):
        def plan_run(self) -> None:
            super().plan_run()
            if self.name.startswith("Lynas"):
                self.wish = value

    with pytest.raises(InputError, match=r"Wild\.plan_run left firms\.wish of Lynas") as told:
        made(Wild).step()
    assert "\n" not in str(told.value)


def test_a_rule_of_the_set_is_asked_by_kind_whatever_it_decides() -> None:
    def post_prices(self: Any, *, market: Market, support: Support, on: Switches) -> None:
        Processors.post_prices(self, market=market, support=support, on=on)
        self.offers.ask = 2.0 * self.offers.ask

    own, plain = made(set_of("post_prices", post_prices)), made(Processor)
    for world in (own, plain):
        for verb in ("arrive", "govern", "sense", "plan_use", "order", "license", "clear"):
            getattr(world, verb)()
    mine = np.isin(own.offers.firm, own.processors.rows)
    np.testing.assert_array_equal(own.offers.ask[mine], 2.0 * plain.offers.ask[mine])
    np.testing.assert_array_equal(own.offers.ask[~mine], plain.offers.ask[~mine])


class Left(Processor):
    """A separation plant."""


class Ahead(Processor):
    def plan_run(self, *, p: Parameters) -> None:  # type: ignore[override]
        """A decision that takes something."""


class Typo(Processor):
    def plan_runs(self) -> None:
        """A decision that nobody calls."""


class Hasty(Processors):
    def plan_run(self, p: Parameters) -> None:  # type: ignore[override]
        """A decision of a set that forgets the star."""


class Misspelt(Processors):
    def post_price(self, *, p: Parameters) -> None:
        """A decision of a set that nobody calls."""


class Aimless(Plants):
    """Plants that never say what they aim at."""


def own(name: str, **attributes: Any) -> type[Processor]:
    return type(name, (Processor,), attributes)


@pytest.mark.parametrize(
    ("kinds", "message"),
    [
        ((Miner, Left), "has 2 classes; give 4, in the order Miner, Processor, Maker, EndUser"),
        (Left, "give 4 classes, in the order"),
        ((Miner, int, Maker, EndUser), "is no class of firms; write class MyProcessor"),
        ((Miner, own("Setless", many=int), Maker, EndUser), "is no class of sets of firms"),
        ((Left, Miner, Maker, EndUser), "Left stands where Miner belongs"),
        ((Miner, Ahead, Maker, EndUser), r"Ahead\.plan_run takes 'p'; write def plan_run\(self\)"),
        ((Miner, Typo, Maker, EndUser), "method 'plan_runs' .* did you mean 'plan_run'"),
        (
            (Miner, own("Nearly", many=Aimless), Maker, EndUser),
            "Aimless, the set of Nearly, has no",
        ),
        (
            (Miner, own("Hurried", many=Hasty), Maker, EndUser),
            r"Hasty\.plan_run takes 'p' before the star",
        ),
        (
            (Miner, own("Wrong", many=Misspelt), Maker, EndUser),
            "Misspelt has .* did you mean 'post_prices'",
        ),
    ],
)
def test_kinds_that_do_not_fit_cost_one_line(kinds: Any, message: str) -> None:
    own = type("Own", (World,), {"kinds": kinds})
    refusal(own, "japan-2026-from-2024", match=message, months=1, firms_per_sector=1)


def test_a_verb_that_is_nearly_one_of_the_month_is_refused_when_it_is_written() -> None:
    with pytest.raises(InputError, match="method 'licence' that nobody calls; did you mean 'lice"):

        class _British(World):
            def licence(self) -> None:
                """Nobody calls it."""


def test_a_step_that_does_nothing_costs_one_line() -> None:
    class Still(World):
        def step(self) -> None:
            """Nothing."""

    with pytest.raises(InputError, match=r"Still\.step did not end the month; call super\(\)"):
        run("japan-2026-from-2024", months=2, world=Still)
    with pytest.raises(InputError, match="did not end the month"):
        Still("japan-2026-from-2024", months=2).run_model()


def test_a_month_that_is_not_recorded_costs_one_line() -> None:
    class Silent(World):
        def write_down(self) -> None:
            self.clock.month += 1

    with pytest.raises(InputError, match=r"Silent\.write_down: 0 of 1 months are on record"):
        run("japan-2026-from-2024", months=2, world=Silent)


def test_a_column_of_whole_numbers_does_not_cut_the_fractions_of_later_months() -> None:
    class Whole(World):
        def produce(self) -> None:
            super().produce()
            if self.clock.month == 0:
                self.needs.paid = np.rint(self.needs.paid).astype(int)

    world = Whole("japan-2026-from-2024", months=2, firms_per_sector=1)
    world.step()
    with pytest.raises(TypeError, match="column paid was int64 and is float64; keep it float64"):
        world.step()
    assert {len(column) for column in world.ledger.arrays().values()} == {1}


def test_a_method_of_ones_own_that_is_like_no_rule_is_left_alone() -> None:
    class Talker(Processor):
        def gossip(self) -> str:
            return self.name

    world = made(Talker, 1)
    assert world.firm(int(world.processors.rows[0])).gossip()
