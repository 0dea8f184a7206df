"""A half-year as the wall plays it is what the model, and the news of the phones, say it was."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from coercivity.viz.classroom.engine.debrief import twin
from coercivity.viz.classroom.engine.game import new_game, play_round
from coercivity.viz.classroom.engine.game_run import read_game
from coercivity.viz.classroom.engine.game_state import LEAD, ROUND_MONTHS, Game
from coercivity.viz.classroom.engine.numbers import NumberRequest, value
from coercivity.viz.classroom.engine.replay import (
    BUYERS,
    FLOWS,
    FRAMES,
    PRICED_IN,
    STOCK,
    Replay,
    most_cut,
    replay,
)
from coercivity.viz.classroom.engine.scoring import score_all
from coercivity.viz.classroom.engine.team_briefs import brief, reveal
from tests.names import STATES

CHINA, JAPAN, US = (STATES.index(name) for name in ("China", "Japan", "United States"))
ALL = {"card": "blanket_ban", "whom": "target", "goods": "all"}
TRUCE = {"kind": "truce", "first": "exporter", "other": "target", "rounds": "4"}
SEATS = ("exporter", "target", "firm")


@cache
def played(bans: bool) -> Game:
    return play_round(new_game(3, SEATS, length=2), {"exporter": [ALL] * bans})


@cache
def shown(bans: bool) -> Replay:
    return replay(played(bans))


def to_japan(of: Replay, group: str) -> np.ndarray:
    return np.asarray(of.flows[group][:, CHINA, JAPAN].sum(axis=-1))


def test_a_ban_on_everything_cuts_what_china_ships_to_japan_and_makers_live_on_stocks() -> None:
    banned, quiet = shown(True), shown(False)
    for group in FLOWS:  # what is left is smuggled
        assert to_japan(banned, group)[0] == to_japan(quiet, group)[0]  # the month before
        assert to_japan(banned, group)[-1] < 0.25 * to_japan(quiet, group)[-1]
    assert banned.stock["Japan"][0] == quiet.stock["Japan"][0]
    of = NumberRequest("stock", "Japan", "magnet_heat_resistant")
    cut_off, served = (
        value(of, read_game(game, game.now), game.now) for game in (played(True), played(False))
    )
    assert cut_off < 0.85 * served


@pytest.mark.xfail(
    strict=True,
    reason="1.37 months of use beside 1.36: under a ban less is used, and end users order by plan; "
    "tonnes on shelves in place of months of use would mend it",
)
def test_shelves_fill_up_again_after_the_licences_of_2025_under_a_ban_by_less() -> None:
    assert shown(True).stock["Japan"][-1] < shown(False).stock["Japan"][-1]


def test_the_wall_begins_with_the_goods_of_which_the_largest_part_is_gone() -> None:
    """Of 8 t of oxides 2 come no more, of 100 t of magnets 10; more to one does not make up."""
    last = {"heavy_oxides": {JAPAN: 1.0, US: 20.0}, "magnets": {JAPAN: 60.0, US: 30.0}}
    first = {"heavy_oxides": {JAPAN: 3.0, US: 5.0}, "magnets": {JAPAN: 70.0, US: 30.0}}
    flows = {name: np.zeros((2, len(STATES), len(STATES), 1)) for name in first}
    for frame, shipped in enumerate((first, last)):
        for name, to in shipped.items():
            for state, tonnes in to.items():
                flows[name][frame, CHINA, state] = tonnes
    assert most_cut(flows) == "heavy_oxides"
    flows["magnets"][-1, CHINA, US] = 0.0
    assert most_cut(flows) == "magnets"


def test_lines_stop_and_scores_are_where_the_reading_says() -> None:
    banned, game = shown(True), played(True)
    read = read_game(game, game.now)
    told = [
        (stop.frame + LEAD - 1, stop.day, stop.name, stop.missing)
        for stop in banned.stops
        if stop.government == "Japan"
    ]
    assert told == read.stops("Japan", LEAD)
    assert told
    for name, state in (("Japan", JAPAN), ("United States", US)):
        lines = read.user_state == state
        assert banned.standing[name] == read.down[LEAD - 1 :, lines].sum(axis=1).tolist()
    for frame in range(FRAMES):
        on_map = [one for one in banned.lines if one.state == "Japan" and one.stands(frame)]
        assert len(on_map) == banned.standing["Japan"][frame]
    scores = score_all(read, game, game.now)
    assert banned.scores == {seat: scores[seat]["score"] for seat in SEATS}


def test_where_nobody_moves_nothing_is_new() -> None:
    quiet, same = shown(False), replay(twin(played(False)), 1)  # the same luck
    assert quiet.moves == quiet.broken == ()
    assert (quiet.stops, quiet.prices) == (same.stops, same.prices)
    for group in FLOWS:
        assert np.array_equal(quiet.flows[group], same.flows[group])


def test_the_wall_says_what_the_phones_say() -> None:
    banned, game = shown(True), played(True)
    told = reveal(game)
    prices = {one["good"]: one for one in told["prices"] if one["state"] == PRICED_IN}
    for good, months in banned.prices.items():
        assert (months[-1], months[0]) == (prices[good]["value"], prices[good]["before"])
    news = [line["text"].values for line in told["news"] if "a line at" in line["text"]]
    assert [(one.day, one.name, one.missing) for one in banned.stops] == [
        (line["day"], line["name"], line["missing"]) for line in news
    ]
    opened = [line["text"].values["name"] for line in told["news"] if "opens: " in line["text"]]
    assert [one.name for one in banned.opened] == opened
    facts = {(one["number"], one["good"]): one for one in brief(game, "target")["facts"]}
    stock = facts["stock", STOCK]
    assert (banned.stock["Japan"][-1], banned.stock["Japan"][0]) == (
        stock["value"],
        stock["before"],
    )
    read = read_game(game, game.now)
    for name in BUYERS:
        stopped = [one for one in banned.stops if one.government == name]
        assert len(stopped) == value(NumberRequest("stopped", name), read, game.now)


def test_who_moved_and_who_broke_which_word() -> None:
    assert [(seat, move.card) for seat, move in shown(True).moves] == [("exporter", "blanket_ban")]
    game = play_round(new_game(3, SEATS, length=3), {}, [TRUCE])
    broken = replay(play_round(game, {"exporter": [ALL]}))
    told = [(one.by, one.deal.other, one.id) for one in broken.broken]
    assert told == [("exporter", "target", "D1-1")]


def test_an_earlier_round_and_the_months_before_the_game_can_be_shown() -> None:
    banned = shown(True)
    later = replay(play_round(played(True), {}), 1)
    assert (later.prices, later.months) == (banned.prices, banned.months)
    assert len(banned.months) == FRAMES == ROUND_MONTHS + 1
    assert (banned.months[0], banned.months[-1]) == ("2025-12", "2026-06")
    before = replay(new_game(3, SEATS, length=2))
    assert (before.round, before.months[-1], before.moves, before.scores) == (0, "2025-12", (), {})
