"""What press, market and parliaments see of a room, what all see of them, and their export."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine import market, press
from coercivity.viz.classroom.engine.game_state import pack_json
from coercivity.viz.classroom.engine.market import MARKETS
from coercivity.viz.classroom.engine.press import CLAIMS
from coercivity.viz.classroom.pages.game_files import gallery_rows
from coercivity.viz.classroom.rooms import role_views as views
from coercivity.viz.classroom.rooms.gallery_jobs import SettledRounds, read_settled_bets
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.role_views import board_view
from coercivity.viz.classroom.rooms.room import Room
from tests.viz.classroom.gallery_room import (
    COURSES,
    NUMBERS,
    brief,
    gallery_room,
    play,
    secrets,
    settled,
)
from tests.viz.classroom.room_table import steps, to_talk

BRIEF = brief("down", "lost", "waiting", "motors")


def busy_room(registry: Rooms) -> tuple[Room, dict[str, int]]:
    """A room in which papers have printed and traders have bet."""
    room, _, who = gallery_room(registry)
    to_talk(room)
    room.do("headline", person=who["Jo"], claim="measure", sure=90, text="<b>Bans</b> & more")
    room.do("headline", person=who["Kim"], claim="stops", sure=60, text="")
    room.do("headline", person=who["Jo"], claim="deal", sure=75, text="")
    room.do("bet", person=who["Lu"], market="price_dy", side="up", coins=60)
    room.do("bet", person=who["Mo"], market="price_dy", side="down", coins=20)
    room.do("bet", person=who["Mo"], market="exports", side="up", coins=80)
    return room, who


def test_headlines_and_odds_of_this_round_are_public(registry: Rooms) -> None:
    room, _ = busy_room(registry)
    told = views.public_gallery(room)
    assert [(one["paper"], one["text"], one["sure"]) for one in told["headlines"]] == [
        ("Jo", "<b>Bans</b> & more", 90),
        ("Kim", CLAIMS["stops"].label, 60),
        ("Jo", CLAIMS["deal"].label, 75),
    ]
    odds = {one["market"]: one for one in told["odds"]}
    assert set(odds) == set(MARKETS)
    assert odds["price_dy"]["chance"] == pytest.approx((20 + 60) / (40 + 80))
    assert odds["price_dy"]["coins"] == 80
    assert odds["bought"]["chance"] == 0.5
    play(room)
    assert views.public_gallery(room)["headlines"] == told["headlines"]  # the round just played
    room.do("next")
    later = views.public_gallery(room)
    assert later["headlines"] == []
    assert {one["chance"] for one in later["odds"]} == {0.5}
    assert {one["coins"] for one in later["odds"]} == {0}


def test_nothing_of_a_team_is_in_what_a_role_sees(registry: Rooms) -> None:
    room, who = busy_room(registry)
    words = secrets(room, who)
    told = board_view(room, "target", who["Pia"], BRIEF)
    assert [one["id"] for one in told["numbers"]] == ["down", "lost"]  # what is published
    text = pack_json(
        [
            told,
            views.public_gallery(room),
            *(
                views.press_view(room, who[name], COURSES, SettledRounds())
                for name in ("Jo", "Kim")
            ),
            *(
                views.market_view(room, who[name], NUMBERS, SettledRounds())
                for name in ("Mo", "Lu")
            ),
        ]
    )
    for word in (*words, "only for the team", "an act of the team", "waiting", "motors"):
        assert word not in text, word


def test_a_paper_sees_its_claims_its_headlines_and_what_they_can_earn(registry: Rooms) -> None:
    room, who = busy_room(registry)
    told = views.press_view(room, who["Jo"], COURSES, SettledRounds())
    assert told["open"]
    assert told["left"] == 1
    assert {one["id"] for one in told["claims"]} == set(CLAIMS) - {"measure", "deal"}
    usual = {one["id"]: one["usual"] for one in told["claims"] if one["usual"]}
    assert set(usual) == set(json.loads(COURSES))
    assert (usual["dy_up"], usual["ndpr_down"]) == ("> 640 USD/kg", "< 640 USD/kg")
    assert [one["text"] for one in told["mine"]] == ["<b>Bans</b> & more", CLAIMS["deal"].label]
    assert [one["paper"] for one in told["others"]] == ["Kim"]
    assert [one["stakes"] for one in told["sure"]] == [
        "+36 if true, −44 if not",
        "+75 if true, −125 if not",
        "+96 if true, −224 if not",
    ]
    assert told["papers"] == []
    assert told["until"] == "True by the end of June 2026"


def test_after_the_reveal_a_paper_reads_what_came_true_and_where_it_stands(registry: Rooms) -> None:
    room, who = busy_room(registry)
    play(room)
    waiting = views.press_view(room, who["Jo"], COURSES, SettledRounds())
    assert not waiting["known"]
    assert waiting["papers"] == []
    assert "points" not in waiting["mine"][0]
    known = read_settled_bets(settled({1: ({}, {"measure"})}))
    told = views.press_view(room, who["Jo"], COURSES, known)
    assert [(one["came"], one["points"]) for one in told["mine"]] == [
        (True, "+96"),
        (False, "−125"),
    ]
    assert [
        (one["place"], one["name"], one["printed"], one["right"], one["sum"], one["me"])
        for one in told["papers"]
    ] == [(1, "Jo", 2, 1, "−29", True), (2, "Kim", 1, 0, "−44", False)]
    steps(room, "next talk")
    play(room)
    assert (
        views.press_view(room, who["Jo"], COURSES, known)["mine"] == []
    )  # printed nothing in this one
    room.do("finish")
    assert (
        views.press_view(room, who["Jo"], COURSES, known)["mine"] == told["mine"]
    )  # of the whole game
    room.do("leave", person=who["Kim"])
    assert views.press_view(room, who["Jo"], COURSES, known)["papers"][1]["name"] == views.LEFT


def test_a_trader_sees_odds_his_bet_and_what_another_one_would_pay(registry: Rooms) -> None:
    room, who = busy_room(registry)
    told = views.market_view(room, who["Mo"], NUMBERS, SettledRounds())
    assert told["left"] == 0
    by_id = {one["id"]: one for one in told["markets"]}
    dy = by_id["price_dy"]
    assert (dy["value"], dy["usual"]) == (100.0, 90.0)
    assert (dy["mine"]["side"], dy["mine"]["coins"]) == ("down", 20)
    assert dy["rises"] == "Above: 67%"
    # a bet of his replaces the one that stands: 10 on up beside 80 there and 20 of the house
    assert dy["pays"]["up"][0] == {"coins": 10, "back": round(10 * (80 + 20 + 10) / 90)}
    assert dy["pays"]["up"][2] is None  # he has not so many
    assert dy["pays"]["down"][3] == {"coins": 20, "back": round(20 * (80 + 20 + 20) / 40)}
    assert by_id["bought"]["pays"]["up"] == [None] * 4


def test_what_is_told_of_a_bet_is_what_it_earns(registry: Rooms) -> None:
    room, who = busy_room(registry)
    play(room)
    known = read_settled_bets(settled({1: ({"price_dy": "down", "exports": "up"}, set())}))
    told = views.market_view(room, who["Mo"], NUMBERS, known)
    by_id = {one["id"]: one for one in told["markets"]}
    assert by_id["price_dy"]["mine"]["gain"] == f"+{20 * 120 / 40 - 20:.0f}"
    assert by_id["exports"]["mine"]["gain"] == f"+{80 * 120 / 100 - 80:.0f}"
    assert (by_id["price_dy"]["verdict"], by_id["bought"]["verdict"]) == ("below usual", "as usual")
    assert told["sum"] == "In this half-year: +56 coins"
    assert [(one["name"], one["sum"], one["staked"]) for one in told["traders"]] == [
        ("Mo", "+56", 100),
        ("Lu", "−60", 60),
    ]


def test_a_member_votes_and_reads_whether_the_state_conceded(registry: Rooms) -> None:
    room, _, who = gallery_room(registry)
    to_talk(room)

    def told(name: str = "Pia") -> Any:
        return board_view(room, "target", who[name], BRIEF)

    assert (told()["vote"], told()["stands"]) == (None, "As it stands, it may not.")
    room.do("back", person=who["Pia"], yes=True)
    assert (told()["vote"], told("Ole")["vote"]) == (True, None)
    assert told()["count"] == "1 yes, 0 no, 1 neither."
    assert told()["stands"] == "As it stands, it may."
    room.do("seal", seat="target", person=who["Tokyo"], moves=[{"card": "concession"}])
    assert told()["rounds"] == []
    room.do("close")
    with pytest.raises(InputError, match="not now"):
        room.do("back", person=who["Pia"], yes=False)
    room.do("reveal")
    assert told()["did"] == "Japan gave way to China in public."
    assert told()["score"] == "Your parliament's score so far: 42 of 100"
    assert told()["rounds"] == [{"round": 1, "yes": 1, "no": 0, "mine": "Yes", "conceded": "Yes"}]
    assert told("Ole")["rounds"][0]["mine"] == "Neither"
    means = [one["label"] for one in told()["means"]]
    assert means == ["Give way", "Licences for a concession"]
    room.do("next")
    assert (told()["vote"], told()["did"]) == (None, "")
    room.do("talk")
    play(room)
    assert told()["did"] == "Japan conceded nothing."


def test_points_and_gains_of_the_export_are_those_of_the_rules(registry: Rooms) -> None:
    room, _ = busy_room(registry)
    play(room)
    known = read_settled_bets(settled({1: ({"price_dy": "up", "exports": "down"}, {"stops"})}))
    rows = gallery_rows(room, known)
    points, gains = ([row for row in rows if row[0] == kind] for kind in ("points", "gain"))
    assert [row[2:] for row in points] == [
        ("press 1", "measure", -224.0, "not true"),
        ("press 2", "stops", 36.0, "true"),
        ("press 1", "deal", -125.0, "not true"),
    ]
    assert sum(row[4] for row in points) == pytest.approx(
        sum(press.sums(room.headlines, known.came).values())
    )
    assert sum(row[4] for row in gains) == pytest.approx(
        sum(market.gains(room.bets, 1, known.outcomes[1]).values()), abs=0.1
    )
    assert {row[5] for row in gains} == {"up", "down"}
    room.do("next")
    assert gallery_rows(room, known) == rows
