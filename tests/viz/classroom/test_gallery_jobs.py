"""What the model says of press and market: once said it stands, whatever is played later."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from coercivity.viz.classroom.engine import market, press
from coercivity.viz.classroom.engine.market import MARKETS
from coercivity.viz.classroom.engine.press import CLAIMS
from coercivity.viz.classroom.engine.scripts import script
from coercivity.viz.classroom.rooms.gallery_jobs import (
    Settled,
    courses,
    numbers,
    read_settled,
    settled,
)


def test_a_round_once_settled_stays_as_it_was() -> None:
    game = script("concede").game(1)
    first = replace(game, rounds=game.rounds[:1])
    whole, early = read_settled(settled(game)), read_settled(settled(first))
    assert set(whole.outcomes) == set(whole.came) == {1, 2}
    assert (early.outcomes, early.came) == (
        {1: whole.outcomes[1]},
        {1: whole.came[1]},
    )
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


def test_nothing_is_known_before_anything_is_played() -> None:
    assert read_settled("") == Settled()
    game = replace(script("calm").game(1), rounds=())
    assert read_settled(settled(game)) == Settled()
    assert set(json.loads(numbers(game))) == set(MARKETS)
    about = {name for name, claim in CLAIMS.items() if claim.asked}
    assert set(json.loads(courses(game))) == about
