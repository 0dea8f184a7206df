"""What is expected of borders and of supply, at points reckoned by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.tables import Offers
from coercivity.model.parts.border import MEASURES, Spell
from coercivity.model.parts.expectations import chain_of
from coercivity.model.trade.expectations import (
    Use,
    believe,
    believed_draw,
    believed_flow,
    believed_supply,
    note_what_passed,
    use_at_usual_prices,
)
from tests.facts import FACTS
from tests.helpers import floats as a
from tests.model.small_chain import CAPACITY, METAL, ORE, OXIDE, Chain
from tests.names import GOOD

ACTED = ("licensed", "cut", "banned", "halted")


def border(**measures: Any) -> Any:
    """Trade at home and four channels, under these measures."""
    laid = {m: a(*measures.get(m, np.zeros(5))) for m in ACTED}
    return SimpleNamespace(size=5, at_the_end=lambda *names: np.array([laid[m] for m in names]))


def beliefs() -> Any:
    """What is believed before any act."""
    return SimpleNamespace(
        passes=np.ones(5),
        said=np.ones(5),
        since=np.full(5, np.inf),
        passed=np.ones(5),
    )


def renew(expected: Any, acts: Any) -> list[float]:
    """What is believed to pass a month later, at a first answer of 0.6 and half a gap a month."""
    believe(expected, border=acts, first_share=0.6, speed=0.5)
    return expected.passes.tolist()


ACTS = border(licensed=(0, 1, 0, 1, 0), banned=(0, 0, 1, 0, 0), cut=(0, 0, 0, 0.5, 0))


def test_on_the_day_of_an_act_beliefs_jump_to_what_it_says() -> None:
    """A licence: to the first answer; a ban: nothing; half cut and under licence: half of the first
    answer; whatever passed the month before.
    """
    expected = beliefs()
    expected.passed[:] = 0.9
    assert renew(expected, ACTS) == pytest.approx([1.0, 0.6, 0.0, 0.3, 1.0])
    assert expected.since.tolist() == [np.inf, 0.0, 0.0, 0.0, np.inf]
    shut = renew(beliefs(), border(halted=(0, 1, 0, 0, 0), licensed=(0, 1, 1, 0, 0)))
    assert shut == pytest.approx([1.0, 0.0, 0.6, 1.0, 1.0])


def test_beliefs_follow_what_passed_and_are_free_again_when_the_act_ends() -> None:
    """0.6, then half-way to the 0.2 that passed: 0.4, 0.3. More than all is not believed. Once
    nothing holds, half of the gap to one in a month, whatever passed; and a new act is new.
    """
    expected = beliefs()
    renew(expected, ACTS)
    expected.passed = a(0.0, 0.2, 7.0, 0.3, 0.0)
    assert renew(expected, ACTS) == pytest.approx([1.0, 0.4, 0.5, 0.3, 1.0])
    assert renew(expected, ACTS)[1] == pytest.approx(0.3)
    assert expected.since[1] == 2.0
    assert renew(expected, border())[1] == pytest.approx(0.65)
    assert np.isinf(expected.since).all()
    assert renew(expected, ACTS)[1] == 0.6


def test_a_ban_that_follows_licences_is_believed_on_its_day() -> None:
    expected = beliefs()
    licence, ban = (0, 1, 0, 0, 0), (0, 1, 0, 0, 0)
    renew(expected, border(licensed=licence))
    assert renew(expected, border(licensed=licence))[1] > 0.6
    assert renew(expected, border(licensed=licence, banned=ban))[1] == 0.0


def test_a_halt_that_begins_within_a_month_is_believed_in_it() -> None:
    """Nine days of September 2010: nothing is believed to pass to Japan at its end, and since then;
    one that has ended by the last day is over.
    """
    world = Chain()
    border, at = world.border, world.oxide
    nobody = np.zeros(len(world.firms), dtype=bool)
    before, halt = (Spell(part, border.measures.copy(), nobody, nobody) for part in (0.7, 0.3))
    halt.measures[MEASURES.index("halted"), at] = 1.0
    border.lay_mean((before, halt))
    believe(world.expected, border=border, first_share=0.6, speed=0.5)
    assert (world.expected.passes[at], world.expected.since[at]) == (0.0, 0.0)
    border.lay_mean((halt, before))
    believe(world.expected, border=border, first_share=0.6, speed=0.5)
    assert np.isinf(world.expected.since[at])


def test_what_passed_is_counted_by_channel() -> None:
    """6 of 9 t to Japan; no orders tell nothing."""
    world = Chain()
    world.links.allowed = a(9.0, 6.0, 6.0, 3.0, 0.0)
    note_what_passed(world.expected, border=world.border, links=world.links)
    assert world.expected.passed[world.oxide] == pytest.approx(2.0 / 3.0)


def test_a_closed_border_across_which_nobody_orders_is_not_believed_to_be_open() -> None:
    world = Chain()
    expected, at = world.expected, world.oxide
    world.border.banned[at] = 1.0
    for orders in (9.0, 0.0):
        world.links.orders[2], world.links.allowed[2] = orders, 0.0
        believe(expected, border=world.border, first_share=0.6, speed=0.5)
        note_what_passed(expected, border=world.border, links=world.links)
    believe(expected, border=world.border, first_share=0.6, speed=0.5)
    assert expected.passes[at] == 0.0


def use(world: Chain) -> Use:
    return use_at_usual_prices(world.expected.chain, world.tables)


def test_stages_run_from_the_mines_down() -> None:
    stages = [s for s in Chain().expected.chain.stages if len(s.firms)]
    assert [s.firms.tolist() for s in stages] == [[0, 1], [2, 3], [4], [5]]
    assert [s.needs.tolist() for s in stages] == [[], [0, 1], [2], [3]]
    assert [s.links.tolist() for s in stages] == [[], [0, 1], [2, 3], [4]]
    assert stages[1].first.tolist() == [0, 1]
    assert stages[2].first.tolist() == [0]
    sides = Chain().expected.chain.sides
    assert sides.tolist() == [2 * ORE + 1, 2 * ORE, 2 * OXIDE + 1, 2 * OXIDE, 2 * METAL]


def test_use_at_usual_prices_is_what_plans_call_for_up_the_chain() -> None:
    """10 cars at 0.8 t over 0.8; 1.2 t of oxide a tonne of metal; half of the ore is oxide."""
    found = use(Chain())
    assert found.need == pytest.approx([18.0, 6.0, 12.0, 10.0])
    assert found.run == pytest.approx([18.0, 6.0, 18.0, 6.0, 10.0, 10.0])


def test_use_at_usual_prices_knows_no_swing_of_orders_or_of_what_is_left_out() -> None:
    """Whatever is ordered, held or made this month; what is designed out counts, as in a recipe,
    and what is left out when it has become usual.
    """
    world, usual = Chain(), use(Chain())
    world.links.orders = world.links.orders * a(9.0, 0.1, 3.0, 0.0, 5.0)
    world.needs.stock, world.firms.run = np.zeros(4), np.zeros(6)
    world.needs.swap[3], world.needs.coefficient[3] = 0.5, 0.5
    np.testing.assert_allclose(use(world).need, usual.need)
    world.needs.usual_swap[3] = 0.5
    np.testing.assert_allclose(use(world).need, usual.need / 2.0)
    world.needs.usual_swap[3] = 0.0
    world.needs.coefficient[3] = 0.25
    np.testing.assert_allclose(use(world).need, usual.need / 2.0)


def test_a_separator_runs_for_the_value_of_what_is_asked_of_it() -> None:
    """15 USD of lanthanum and 25 of oxide in a tonne of ore: for 9 t of oxide alone 450 / 40."""
    world = Chain()
    columns = {n: getattr(world.offers, n) for n in ("firm", "good", "yields", "base_price")}
    more = {"firm": 2, "good": GOOD["lanthanum_oxide"], "yields": 3.0, "base_price": 5.0}
    offers = Offers(**{n: np.append(columns[n], more[n]) for n in columns}, facts=FACTS)
    chain = chain_of(firms=world.firms, needs=world.needs, offers=offers, links=world.links)
    found = use_at_usual_prices(chain, world.tables._replace(offers=offers))
    assert found.run[2] == pytest.approx(450.0 / 40.0)
    assert found.run[3] == pytest.approx(6.0)


def supply(world: Chain, *capacity: float, horizon: float = 10.0) -> tuple[Any, Any]:
    """(share that is believed to come by need, run that is believed possible by firm)."""
    given = a(*capacity) if capacity else a(*CAPACITY)
    known, tables, wanted = world.expected, world.tables, use(world)
    draw = believed_draw(known, wanted, tables)
    can, able = believed_supply(known, wanted, given, tables, draw=draw, horizon=horizon)
    return believed_flow(known, can, tables, draw=draw), able


def test_where_nothing_is_short_all_comes_and_plants_can_run_at_capacity() -> None:
    flow, able = supply(Chain())
    assert flow.tolist() == [1.0] * 4
    assert able.tolist() == list(CAPACITY)


def test_what_may_not_pass_is_lacking_down_to_the_user() -> None:
    """Half of three quarters passes: 0.625 of the oxide, so of the metal, so of the cars."""
    world = Chain()
    world.lets_pass(0.5)
    flow, able = supply(world)
    assert flow == pytest.approx([1.0, 1.0, 0.625, 0.625])
    assert able == pytest.approx([18.0, 6.0, 18.0, 6.0, 6.25, 6.25])


def test_what_a_mine_cannot_dig_is_lacking_down_to_the_user() -> None:
    """Half of China's ore: half of its oxide, of which three quarters come from there; the same
    where the mine stands for half of the month.
    """
    wanted = [0.5, 1.0, 0.625, 0.625]
    assert supply(Chain(), 9.0, *CAPACITY[1:])[0] == pytest.approx(wanted)
    world = Chain()
    world.firms.available[0] = 0.5
    flow, able = supply(world)
    assert flow == pytest.approx(wanted)
    assert able == pytest.approx([9.0, 6.0, 9.0, 6.0, 6.25, 6.25])


def test_ore_that_is_just_enough_is_no_step() -> None:
    """A hair less or more ore than 18 t moves what plants can run by as much; a fifth more ore than
    18 t, or 9 in 10 of it, is what they can run of it.
    """
    wide = [100.0 * tonnes for tonnes in CAPACITY[2:]]
    runs = [supply(Chain(), dug, 6.0, *wide)[1][2] for dug in (17.99, 18.01, 21.6, 16.2)]
    assert runs == pytest.approx([17.99, 18.01, 21.6, 16.2])


def test_a_stock_beyond_the_usual_is_spread_over_the_time_that_is_looked_ahead() -> None:
    """45 t more of China's oxide are 4.5 a month over ten months, what the mine leaves it short;
    over twenty half of that. A stock below the usual takes nothing from what comes.
    """
    world = Chain()
    world.offers.stock[2] += 45.0
    assert supply(world, 9.0, *CAPACITY[1:])[0] == pytest.approx([0.5, 1.0, 1.0, 1.0])
    longer = supply(world, 9.0, *CAPACITY[1:], horizon=20.0)[0]
    assert longer[2] == pytest.approx(0.75 * 0.75 + 0.25)
    world.offers.stock[2] = 0.0
    assert supply(world)[0].tolist() == [1.0] * 4


def test_sellers_on_one_side_of_the_border_stand_in_for_one_another_and_not_across_it() -> None:
    """America digs twice as much, 12 t beside China's 9: 21 of the 24 t of ore that are used, for
    whoever stands on its side of the border.
    """
    twice = 9.0, 12.0, 18.0, 12.0, 10.0, 10.0
    assert supply(Chain(), *twice)[0][2] == pytest.approx(0.625)
    world = Chain()
    world.firms.inside = np.zeros(6, dtype=bool)
    parts = {name: getattr(world, name) for name in ("firms", "needs", "offers", "links")}
    world.expected.chain = chain_of(**parts)
    assert supply(world, *twice)[0] == pytest.approx([0.875] * 4)


def test_of_what_comes_along_comes_what_plants_have_lately_made() -> None:
    """Nobody runs a plant for it: oxide as a by-product of separators that run at half."""
    world = Chain()
    world.offers.lead[2:4] = 0.0
    assert supply(world)[0].tolist() == [1.0] * 4
    world.expected.runs = world.expected.runs * 0.5
    assert supply(world)[0] == pytest.approx([1.0, 1.0, 0.5, 0.5])


@pytest.mark.parametrize("row", [0, 1, 2, 3, 4])
def test_less_of_anything_never_brings_more_to_the_user(row: int) -> None:
    found = []
    for part in (1.0, 0.7, 0.4, 0.1, 0.0):
        capacity = np.array(CAPACITY)
        capacity[row] *= part
        found.append(supply(Chain(), *capacity)[0][3])
    assert found[0] == 1.0
    assert (np.diff(found) < 0.0).all()
