"""Many histories of one game's decisions: a ban stands out from luck, what nobody moved does not,
and one history lies in the band as often as it should.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from coercivity.viz.classroom.engine import game_histories
from coercivity.viz.classroom.engine.debrief import HEADLINES, game_without, headlines
from coercivity.viz.classroom.engine.game import Game, new_game, play_round, predict, scores
from coercivity.viz.classroom.engine.game_histories import (
    History,
    Place,
    bare_game,
    bare_twin,
    changes_by_number,
    place_numbers,
)
from coercivity.viz.classroom.engine.game_run import read_game
from coercivity.viz.classroom.engine.game_tables import SEATS, goals

BAN = {"card": "blanket_ban", "whom": "target", "goods": "all", "why": "a reason"}
PAIRS = 6  # the fewest of which a difference is told
IDS = [name for name, _, _ in HEADLINES]


@cache
def banned() -> Game:
    return play_round(new_game(7, ("exporter", "target", "firm"), length=1), {"exporter": [BAN]})


@cache
def drawn(game: Game, number: int) -> History:
    return game_histories.play_in_draw(game, number)


def draws(game: Game, count: int) -> dict[int, History]:
    return {number: drawn(game, number) for number in range(count)}


def made(**values: float) -> History:
    return History(values, {})


@pytest.mark.slow
def test_a_blanket_ban_parts_a_game_from_its_twin_in_output_lost_more_than_luck_would() -> None:
    game = bare_game(banned())
    found = place_numbers(
        game_histories.class_history(banned()), draws(game, PAIRS), draws(bare_twin(game), PAIRS)
    )
    lost = found["lost_target"]
    assert lost.own is not None
    assert lost.own.stands_out
    assert (lost.own.more, lost.own.less) == (PAIRS, 0)
    assert lost.quiet is not None
    assert lost.luck is not None
    assert lost.luck.middle > lost.quiet.middle
    assert game_without(game, "1.exporter.1") == bare_twin(game)  # it is all that China did


def test_a_history_says_what_debrief_and_scores_say_of_the_same_run() -> None:
    game, own = banned(), game_histories.class_history(banned())
    read = read_game(game)
    assert {name: own.values[name] for name in IDS} == pytest.approx(headlines(read), rel=1e-5)
    told = scores(game)
    for seat in SEATS:
        assert own.values[f"now_{seat}"] == pytest.approx(told["now"][seat]["score"], rel=1e-5)
        assert own.values[f"end_{seat}"] == pytest.approx(
            told["follow_up"][seat]["score"], rel=1e-5
        )
        for goal in told["follow_up"][seat]["goals"]:
            assert own.values[f"{seat}.{goal['goal']}"] == pytest.approx(goal["value"], rel=1e-5)
        assert len(own.lines[seat]) == game.months - 24
    assert len(own.values) == len(IDS) + 2 * len(SEATS) + sum(map(len, goals().values()))


def test_a_draw_is_the_same_again_and_another_one_is_another() -> None:
    game = bare_game(banned())
    assert game_histories.play_in_draw(game, 0) == drawn(game, 0)
    assert drawn(game, 1).values != drawn(game, 0).values
    assert History.unpacked(drawn(game, 0).packed()) == drawn(game, 0)


def test_what_a_draw_depends_on_is_neither_seed_nor_words() -> None:
    game = banned()
    other = predict(replace(game, seed=8, title="ours"), "before", "target", "long", 3)
    assert bare_game(other) == bare_game(game)
    assert bare_game(game).rounds[0].of("exporter")[0].why == ""
    quiet = bare_game(play_round(new_game(7, ("exporter", "target"), length=1), {}))
    assert bare_twin(quiet) == quiet  # and so the draws are the same questions
    more = play_round(replace(game, length=2), {"exporter": [BAN]})
    assert bare_game(more) != bare_game(game)


def test_one_history_among_its_own_decisions_is_in_their_band_in_a_known_share() -> None:
    luck = np.random.default_rng(5)
    for _ in range(20):
        mine = {n: made(lost=value) for n, value in enumerate(luck.lognormal(size=20).tolist())}
        within = [place_numbers(one, mine, {})["lost"] for one in mine.values()]
        assert sum(lies_within(place) for place in within) == 16
        assert {place.inside for place in within} == {16}
        assert sorted(place.below for place in within) == list(range(20))


def lies_within(place: Place) -> bool:
    assert place.luck is not None
    return place.luck.low <= place.value <= place.luck.high


def test_a_number_that_stands_alone_has_neither_band_nor_difference() -> None:
    one = made(lost=3.0)
    assert place_numbers(one, {}, {})["lost"] == Place(3.0, None, 0, 0, 0, None, None)
    few = {n: made(lost=float(n)) for n in range(5)}
    same = place_numbers(one, few | {5: one}, few | {5: one})["lost"].own
    assert same is not None
    assert (same.more, same.less, same.stands_out) == (0, 0, False)
    place = place_numbers(one, few, few)["lost"]
    assert place.luck is not None
    assert place.own is None  # of fewer than six pairs no difference is told
    assert (place.below, place.above) == (3, 1)
    assert changes_by_number({}, {}) == {}
    assert changes_by_number(few, few) == {}
