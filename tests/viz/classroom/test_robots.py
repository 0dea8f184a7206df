"""Simulated people: what they do is legal, differs from one to the other, and is like a class."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from coercivity.viz.classroom.engine import robots
from coercivity.viz.classroom.engine.game import check_deal, check_moves, new_game, scenario_of
from coercivity.viz.classroom.engine.game_state import Game
from coercivity.viz.classroom.engine.game_tables import SEATS
from coercivity.viz.classroom.engine.market import MARKETS, Bet, check_bet
from coercivity.viz.classroom.engine.press import CLAIMS, Headline, check_headline
from coercivity.viz.classroom.engine.round_effects import replay_game

SEEDS = range(1, 6)


@cache
def game_of(seed: int) -> Game:
    return robots.play(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_game_of_eight_rounds_is_one_that_the_model_takes(seed: int) -> None:
    game = game_of(seed)
    assert game.over
    assert all(any(one.of(seat) for one in game.rounds) for seat in SEATS)
    for number in (1, 4, 8):
        scenario_of(replace(game, rounds=game.rounds[:number]))


def test_the_same_seed_is_the_same_game_and_another_one_another() -> None:
    assert robots.play(3) == game_of(3)
    assert len({game_of(seed).rounds for seed in SEEDS}) == len(SEEDS)


def test_no_deal_is_broken_where_deals_bind() -> None:
    assert not any(replay_game(robots.play(seed, binding=True)).breaches for seed in range(1, 4))


@pytest.mark.parametrize("seat", SEATS)
def test_what_is_proposed_and_offered_is_allowed(seat: str) -> None:
    for seed in SEEDS:
        for number in (0, 3, 7):
            game = replace(game_of(seed), rounds=game_of(seed).rounds[:number])
            view = robots.View(seed, 5, seat, game)
            for move in robots.wanted_cards(view):
                check_moves(game, seat, [move])
            if deal := robots.offer(view):
                check_deal(game, deal)


def test_a_team_proposes_votes_and_seals_what_it_wants() -> None:
    view = robots.View(1, 2, "target", new_game(1), gone=0.1, captain=False)
    said = robots.act(view)
    assert said is not None
    assert said["do"] == "propose"
    other = {"card": "dispute"}
    there = (
        robots.ProposedCard(1, 2, said["move"], {2: True}),
        robots.ProposedCard(2, 3, other, {3: True}),
    )
    said_next = robots.act(replace(view, proposals=there))
    assert said_next is not None
    assert (said_next["do"], said_next["proposal"]) == ("vote", 2)
    voted = (there[0], replace(there[1], votes={3: True, 2: False}))
    assert robots.act(replace(view, proposals=voted)) is None  # the captain seals
    leads = replace(view, proposals=voted, captain=True, wanted=(said["move"],), made=1, gone=1.0)
    assert robots.act(leads) == {"do": "seal", "seat": "target", "moves": [said["move"]]}
    assert robots.act(replace(leads, sealed=True)) is None
    assert robots.act(replace(leads, majority=True)) == {"do": "ready"}


def test_an_offer_is_answered_once_and_never_beyond_the_parliament() -> None:
    deal = {"kind": "licences", "first": "exporter", "other": "target", "rounds": "2"}
    answers = set()
    for seed in SEEDS:
        view = robots.View(
            seed, 1, "target", new_game(1), offers=(robots.PendingDeal(4, "exporter", deal),)
        )
        said = robots.act(view)
        assert said is not None
        assert (said["do"], said["offer"]) == ("answer", 4)
        answers.add(said["answer"])
        assert not robots.accepts_deal(replace(view, may_concede=False), deal)
    assert answers == {"accepted", "declined"}


def test_the_press_prints_and_traders_bet_within_their_rules() -> None:
    claims, markets = set(), set()
    for person in range(1, 31):
        view, printed, bets = robots.View(1, person, "press", game_of(1)), [], []
        game = replace(game_of(1), rounds=game_of(1).rounds[:2])
        view = replace(view, game=game)
        while said := robots.act(view):
            one = Headline(3, person, said["claim"], said["sure"], said["text"])
            check_headline(one, printed)
            printed.append(one)
            view = replace(view, claims=(*view.claims, said["claim"]))
        trader = replace(view, place="market")
        while said := robots.act(trader):
            bet = Bet(3, person, said["market"], said["side"], said["coins"])
            check_bet(bet, bets)
            bets.append(bet)
            trader = replace(trader, bets=(*trader.bets, said["market"]))
        assert 1 <= len(printed) <= 3
        assert len(bets) == 2
        claims |= {one.claim for one in printed}
        markets |= {one.market for one in bets}
    assert len(claims) >= len(CLAIMS) / 2
    assert markets == set(MARKETS)


def test_who_has_no_team_does_nothing_after_the_game_and_treachery_is_voted_on() -> None:
    ended = robots.View(1, 2, "press", game_of(1), ended=True)
    assert robots.act(ended) is None
    votes = set()
    for seed in range(1, 40):
        walk_out = robots.ProposedCard(1, 3, {"card": "break", "deal": "D1-1"}, {3: True})
        view = robots.View(seed, 2, "target", new_game(1), gone=0.1, captain=False)
        own = robots.ProposedCard(2, 2, robots.wanted_cards(view)[0], {2: True})
        said = robots.act(replace(view, proposals=(walk_out, own)))
        if said is not None and said["do"] == "vote":
            votes.add(said["yes"])
    assert votes == {True, False}
