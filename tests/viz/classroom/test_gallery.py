"""What press, market and parliaments of a class are scored by: proper, and zero in sum."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine import market, parliament, press
from coercivity.viz.classroom.engine.example_games import script
from coercivity.viz.classroom.engine.game import new_game, play_round
from coercivity.viz.classroom.engine.game_run import read_game
from coercivity.viz.classroom.engine.game_state import MOST_ROUNDS
from coercivity.viz.classroom.engine.game_tables import GOVERNMENT
from coercivity.viz.classroom.engine.market import MARKETS, PURSE, SIDES, Bet, Outcome
from coercivity.viz.classroom.engine.press import CLAIMS, SURE, Headline
from coercivity.viz.classroom.engine.round_effects import replay_game
from coercivity.viz.classroom.engine.typical_course import STEPS, course, step_between
from coercivity.viz.classroom.rooms.press_and_market_jobs import (
    numbers,
    read_settled_bets,
    settled_bets,
)

BETS = st.lists(
    st.builds(
        Bet,
        round=st.integers(1, 2),
        person=st.integers(1, 4),
        market=st.sampled_from(list(MARKETS)),
        side=st.sampled_from(SIDES),
        coins=st.integers(1, PURSE),
    ),
    max_size=12,
)
SIDES_RIGHT = st.fixed_dictionaries({name: st.sampled_from(("", *SIDES)) for name in MARKETS})


def found(sides: Mapping[str, str]) -> dict[str, Outcome]:
    return {name: Outcome(1.0, 1.5, 2.0, side) for name, side in sides.items()}


def right(**sides: str) -> dict[str, Outcome]:
    return found(dict.fromkeys(MARKETS, "") | sides)


@given(BETS, SIDES_RIGHT)
def test_what_traders_win_the_house_loses(bets: list[Bet], sides: dict[str, str]) -> None:
    for number in (1, 2):
        won = market.gains(bets, number, found(sides))
        assert sum(won.values()) + market.house(bets, number, found(sides)) == pytest.approx(0.0)
        alone = [bet for bet in bets if bet.round == number]
        assert market.gains(alone, number, found(sides)) == won  # rounds do not mix
    both = [market.gains(bets, number, found(sides)) for number in (1, 2)]
    for person, coins in market.sums(bets, {1: found(sides), 2: found(sides)}).items():
        assert coins == pytest.approx(sum(one.get(person, 0.0) for one in both))
    assert not any(market.sums(bets, {}).values())  # nothing is known yet, nothing is won


@given(BETS, st.sampled_from(list(MARKETS)), st.sampled_from(SIDES), st.integers(1, PURSE))
def test_a_last_bet_pays_what_was_said(bets: list[Bet], name: str, side: str, coins: int) -> None:
    told = market.payout_of_bet(market.pools(bets, 1)[name], side, coins)
    mine = Bet(1, 9, name, side, coins)
    won = market.gains([*bets, mine], 1, right(**{name: side}))
    assert won[9] == pytest.approx(told - coins)
    assert told > coins  # who is right always gets more back than he put in
    other = next(one for one in SIDES if one != side)
    assert market.gains([*bets, mine], 1, right(**{name: other}))[9] == -coins
    assert market.gains([*bets, mine], 1, right())[9] == 0.0


def test_a_purse_is_that_of_one_person_and_one_round() -> None:
    others = [Bet(1, 1, "exports", "up", 60), Bet(1, 2, "bought", "up", 100)]
    market.check_bet(Bet(1, 1, "bought", "down", 40), others)
    market.check_bet(Bet(2, 1, "bought", "down", 100), others)
    with pytest.raises(InputError, match="you stake 41 coins, and 40 of 100 are left"):
        market.check_bet(Bet(1, 1, "bought", "down", 41), others)
    wrong: tuple[Any, ...] = (PURSE + 1, -1, 2.5, True, "10", None)
    for coins in wrong:
        with pytest.raises(InputError, match="coins"):
            market.check_bet(Bet(1, 1, "exports", "up", coins), [])


@pytest.mark.parametrize("name", list(MARKETS))
def test_a_number_is_off_its_course_only_out_of_its_dead_band(name: str) -> None:
    one = MARKETS[name]
    for usual in (0.0, 40.0, 900.0):
        band = one.dead * max(usual, 1.0)
        assert market.side_of(one, usual, usual + 1.01 * band) == "up"
        assert market.side_of(one, usual, usual - 1.01 * band) == "down"
        assert market.side_of(one, usual, usual + 0.99 * band) == ""
        assert market.side_of(one, usual, usual) == ""


def test_bets_and_claims_are_about_more_or_less_than_usual() -> None:
    game = script("ban").game(1)
    read = read_game(game, game.now)
    for number in (1, 2):
        found = market.outcomes(game, number, read)
        came = press.came_true(game, number, read)
        for claim, name in (("dy", "price_dy"), ("ndpr", "price_ndpr")):
            one = found[name]
            step = STEPS[MARKETS[name].asked][number - 1]
            assert one.usual == pytest.approx(one.before * step)
            assert one.side == market.side_of(MARKETS[name], one.usual, one.after)
            assert came[f"{claim}_up"] == (one.after > one.usual)
            assert came[f"{claim}_down"] == (one.after < one.usual)


def test_a_step_leads_to_where_a_number_went() -> None:
    for asked in STEPS:
        step = step_between(asked, 40.0, 90.0)
        assert step == (50.0 if asked.number == "lost" else 2.25)
    lost = next(asked for asked in STEPS if asked.number == "lost")
    assert course(lost, 0.0, 2) == STEPS[lost][1] > 0.0  # from nothing
    assert course(lost, 10.0, MOST_ROUNDS) == 0.0  # no less than nothing is lost


def test_what_is_shown_before_a_half_year_is_what_it_is_settled_by() -> None:
    game = script("ban").game(1)
    first = replace(game, rounds=game.rounds[:1])
    settled = market.outcomes(game, 2)
    for name, (now, usual) in market.market_numbers(first).items():
        assert (now, usual) == pytest.approx((settled[name].before, settled[name].usual))
    shown = press.courses(first)
    assert set(shown) == {"begun", "dy_up", "dy_down", "ndpr_up", "ndpr_down"}
    assert shown["dy_up"] == pytest.approx(settled["price_dy"].usual)
    asked = {one.asked for one in (*MARKETS.values(), *CLAIMS.values()) if one.asked}
    assert asked == set(STEPS)
    assert {len(steps) for steps in STEPS.values()} == {MOST_ROUNDS}


@given(st.floats(0.0, 1.0))
def test_the_best_that_a_paper_can_print_is_what_it_believes(chance: float) -> None:
    expected = {
        sure: chance * press.points(sure, True) + (1 - chance) * press.points(sure, False)
        for sure in SURE
    }
    best = max(expected, key=lambda sure: expected[sure])
    nearest = min(abs(sure / 100 - chance) for sure in SURE)
    assert abs(best / 100 - chance) == pytest.approx(nearest)
    for sure in SURE:  # a coin is not worth printing
        assert -press.points(sure, False) > press.points(sure, True) > 0.0


def test_points_are_summed_over_the_rounds_that_are_known() -> None:
    printed = [
        Headline(1, 7, "deal", 75, ""),
        Headline(1, 7, "breach", 60, ""),
        Headline(2, 7, "deal", 90, ""),
        Headline(2, 3, "deal", 90, ""),
    ]
    no = dict.fromkeys(CLAIMS, False)
    assert press.sums(printed, {}) == {3: 0.0, 7: 0.0}
    assert press.sums(printed, {1: no | {"deal": True}}) == pytest.approx({3: 0.0, 7: 75.0 - 44.0})
    assert press.sums(printed, {1: no | {"deal": True}, 2: no}) == pytest.approx(
        {3: -224.0, 7: 31.0 - 224.0}
    )


def game_of_concessions() -> Any:
    seats = ("exporter", "target", "ally")
    deal = {"kind": "licences", "first": "exporter", "other": "ally", "rounds": 1}
    game = play_round(new_game(3, seats, length=3), {"target": [{"card": "concession"}]})
    game = play_round(game, {}, [deal])
    return play_round(game, {"target": [{"card": "dispute"}]})


def test_a_concession_is_one_by_the_card_or_in_a_deal_as_the_model_is_told() -> None:
    game = game_of_concessions()
    told = {
        (number, seat): parliament.ways_conceded(game, number, seat)
        for number in (1, 2, 3)
        for seat in ("target", "ally")
    }
    assert {key: how for key, how in told.items() if how} == {
        (1, "target"): ("card",),
        (2, "ally"): ("deal",),
    }
    for seat in ("target", "ally", "bloc"):
        acts = [
            act
            for act in replay_game(game).acts
            if act["kind"] == "concession" and act.get("actor") == GOVERNMENT[seat]
        ]
        assert parliament.count_concessions(game, seat) == len(acts)


def test_every_parliament_minds_a_concession_as_much_as_japan_does() -> None:
    game = game_of_concessions()
    assert parliament.price() == 10.0
    for seat in ("target", "ally", "bloc"):
        assert parliament.score(game, seat, 50.0) == 50.0  # the state's own score counts it
    older = replace(game, rules=1)  # when only Japan's did
    assert parliament.score(older, "target", 50.0) == 50.0
    assert parliament.score(older, "ally", 50.0) == 40.0
    assert parliament.score(older, "bloc", 50.0) == 50.0  # made none


def test_a_round_once_settled_stays_as_it_was() -> None:
    game = script("concede").game(1)
    first = replace(game, rounds=game.rounds[:1])
    whole, early = read_settled_bets(settled_bets(game)), read_settled_bets(settled_bets(first))
    assert set(whole.outcomes) == set(whole.came) == {1, 2}
    assert (early.outcomes, early.came) == ({1: whole.outcomes[1]}, {1: whole.came[1]})
    assert whole.outcomes[1] == market.outcomes(first, 1)
    assert whole.came[2] == press.came_true(game, 2)
    assert set(whole.came[1]) == set(CLAIMS)
    assert [whole.came[n]["measure"] for n in (1, 2)] == [True, False]
    assert [whole.came[n]["concedes"] for n in (1, 2)] == [False, True]
    assert [whole.came[n]["lifts"] for n in (1, 2)] == [False, True]
    today = json.loads(numbers(first))
    for name in MARKETS:
        after, coming = whole.outcomes[1][name].after, whole.outcomes[2][name]
        assert today[name] == pytest.approx([after, coming.usual])
        assert coming.before == pytest.approx(after)
