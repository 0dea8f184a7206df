"""A half-year as the wall plays it is what the model, and the news of the phones, say it was."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.model.basis.names import STATES
from coercivity.viz.classroom.engine.debrief import twin
from coercivity.viz.classroom.engine.game import new_game, play_round
from coercivity.viz.classroom.engine.numbers import Asked, value
from coercivity.viz.classroom.engine.pieces import LEAD, ROUND_MONTHS, Game
from coercivity.viz.classroom.engine.reading import read_game
from coercivity.viz.classroom.engine.replay import (
    BUYERS,
    FLOWS,
    FRAMES,
    PRICED_IN,
    STOCK,
    Replay,
    replay,
)
from coercivity.viz.classroom.engine.scoring import score_all
from coercivity.viz.classroom.engine.telling import brief, reveal

CHINA, JAPAN = STATES.index("China"), STATES.index("Japan")
ALL = {"card": "blanket_ban", "whom": "target", "goods": "all"}
TRUCE = {"kind": "truce", "first": "exporter", "other": "target", "rounds": "4"}
BOTH = ("exporter", "target", "firm")


@pytest.fixture(scope="module")
def quiet_game() -> Game:
    return play_round(new_game(3, BOTH, length=2), {})


@pytest.fixture(scope="module")
def banned_game() -> Game:
    return play_round(new_game(3, BOTH, length=2), {"exporter": [ALL]}, [])


@pytest.fixture(scope="module")
def quiet(quiet_game: Game) -> Replay:
    return replay(quiet_game)


@pytest.fixture(scope="module")
def banned(banned_game: Game) -> Replay:
    return replay(banned_game)


def to_japan(of: Replay, group: str) -> np.ndarray:
    return np.asarray(of.flows[group][:, CHINA, JAPAN].sum(axis=-1))


def test_a_ban_on_everything_cuts_what_china_ships_to_japan(banned: Replay, quiet: Replay) -> None:
    for group in FLOWS:  # what is left is smuggled
        assert to_japan(banned, group)[0] == to_japan(quiet, group)[0]  # the month before
        assert to_japan(banned, group)[-1] < 0.25 * to_japan(banned, group)[0]
        assert to_japan(banned, group)[-1] < 0.25 * to_japan(quiet, group)[-1]
    assert banned.chosen == "heavy_oxides"  # what the ban cuts most


def test_lines_stop_where_the_reading_says(banned: Replay, banned_game: Game) -> None:
    read = read_game(banned_game, banned_game.now)
    told = [
        (stop.frame + LEAD - 1, stop.day, stop.name, stop.missing)
        for stop in banned.stops
        if stop.government == "Japan"
    ]
    assert told == read.stops("Japan", LEAD)
    assert told
    for name, states in (("Japan", [JAPAN]), ("United States", [STATES.index("United States")])):
        lines = np.isin(read.user_state, states)
        assert banned.standing[name] == read.down[LEAD - 1 :, lines].sum(axis=1).tolist()
    # on the map: as many stand in each month as the reading counts
    for frame in range(FRAMES):
        on_map = [one for one in banned.lines if one.state == "Japan" and one.stands(frame)]
        assert len(on_map) == banned.standing["Japan"][frame]


def test_users_in_japan_draw_their_stocks_down(banned: Replay, quiet: Replay) -> None:
    assert banned.stock["Japan"][0] == quiet.stock["Japan"][0]
    assert banned.stock["Japan"][-1] < 0.5 * quiet.stock["Japan"][-1]


def test_where_nobody_moves_nothing_is_new(quiet: Replay, quiet_game: Game) -> None:
    same = replay(twin(quiet_game), 1)  # China does nothing new, the same luck
    assert quiet.moves == ()
    assert quiet.broken == ()
    assert quiet.stops == same.stops
    assert quiet.prices == same.prices
    for group in FLOWS:
        assert np.array_equal(quiet.flows[group], same.flows[group])


def test_the_wall_says_what_the_phones_say(banned: Replay, banned_game: Game) -> None:
    told = reveal(banned_game)
    prices = {one["good"]: one for one in told["prices"] if one["state"] == PRICED_IN}
    for good, months in banned.prices.items():
        assert months[-1] == prices[good]["value"]
        assert months[0] == prices[good]["before"]
    news = [line["text"].values for line in told["news"] if "a line at" in line["text"]]
    assert [(one.day, one.name, one.missing) for one in banned.stops] == [
        (line["day"], line["name"], line["missing"]) for line in news
    ]
    opened = [line["text"].values["name"] for line in told["news"] if "opens: " in line["text"]]
    assert [one.name for one in banned.opened] == opened
    facts = {(one["number"], one["good"]): one for one in brief(banned_game, "target")["facts"]}
    assert banned.stock["Japan"][-1] == facts["stock", STOCK]["value"]
    assert banned.stock["Japan"][0] == facts["stock", STOCK]["before"]
    read = read_game(banned_game, banned_game.now)
    for name in BUYERS:
        stopped = [one for one in banned.stops if one.government == name]
        assert len(stopped) == value(Asked("stopped", name), read, banned_game.now)


def test_who_moved_and_who_broke_which_word(banned: Replay) -> None:
    assert [(seat, move.card) for seat, move in banned.moves] == [("exporter", "blanket_ban")]
    game = play_round(new_game(3, BOTH, length=3), {}, [TRUCE])
    broken = replay(play_round(game, {"exporter": [ALL]}))
    assert [(one.by, one.deal.other, one.id) for one in broken.broken] == [
        ("exporter", "target", "D1-1")
    ]
    assert replay(game).broken == ()


def test_an_earlier_round_is_the_replay_of_its_day(banned: Replay, banned_game: Game) -> None:
    later = replay(play_round(banned_game, {}), 1)
    assert later.prices == banned.prices
    assert later.months == banned.months
    assert len(banned.months) == FRAMES == ROUND_MONTHS + 1
    assert (banned.months[0], banned.months[-1]) == ("2025-12", "2026-06")


def test_before_the_first_round_the_months_before_the_game_are_shown(banned: Replay) -> None:
    before = replay(new_game(3, BOTH, length=2))
    assert (before.round, before.months[-1]) == (0, "2025-12")
    assert before.moves == ()
    assert before.stock["Japan"][-1] == banned.stock["Japan"][0]
    assert before.scores == {}


def test_scores_are_those_of_the_seats_that_are_played(banned: Replay, banned_game: Game) -> None:
    assert set(banned.scores) == set(BOTH)
    told = score_all(read_game(banned_game, banned_game.now), banned_game, banned_game.now)
    assert banned.scores == {seat: told[seat]["score"] for seat in BOTH}
