"""What press, market and parliaments see of a room, what all see of them, and their export."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine import market, press
from coercivity.viz.classroom.engine.market import MARKETS
from coercivity.viz.classroom.engine.pieces import packed
from coercivity.viz.classroom.engine.press import CLAIMS
from coercivity.viz.classroom.pages.game_files import gallery_rows
from coercivity.viz.classroom.rooms import role_views as views
from coercivity.viz.classroom.rooms.gallery_jobs import Settled, read_settled
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.role_views import board_told
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import BOARD, MARKET, PRESS, WORDS
from tests.viz.classroom.gallery_room import (
    COURSES,
    NUMBERS,
    PLACES,
    brief,
    gallery_room,
    play,
    secrets,
    settled,
)
from tests.viz.classroom.room_table import Watch, close_all, open_registry, to_talk

BRIEF = brief("down", "lost", "waiting", "motors")


@pytest.fixture
def registry() -> Rooms:
    return Rooms(None, Watch())


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


# ---------------------------------------------------------------- what all may see


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
    for person, place in PLACES.items():
        seen = [views.public_gallery(room)]
        if place == PRESS:
            seen.append(views.press_told(room, who[person], COURSES, Settled()))
        elif place == MARKET:
            seen.append(views.market_told(room, who[person], NUMBERS, Settled()))
        elif place.startswith(BOARD):
            seen.append(board_told(room, "target", who[person], BRIEF))
        text = packed(seen)
        for word in words:
            assert word not in text, (place, word)


def test_a_parliament_reads_of_the_brief_what_is_published(registry: Rooms) -> None:
    room, _, who = gallery_room(registry)
    to_talk(room)
    told = board_told(room, "target", who["Pia"], BRIEF)
    assert [one["id"] for one in told["numbers"]] == ["down", "lost"]
    text = packed(told)
    for private in ("only for the team", "an act of the team", "waiting", "motors"):
        assert private not in text


# ---------------------------------------------------------------- press


def test_a_paper_sees_its_claims_its_headlines_and_what_they_can_earn(registry: Rooms) -> None:
    room, who = busy_room(registry)
    told = views.press_told(room, who["Jo"], COURSES, Settled())
    assert told["open"]
    assert told["left"] == 1
    assert {one["id"] for one in told["claims"]} == set(CLAIMS) - {"measure", "deal"}
    usual = {one["id"]: one["usual"] for one in told["claims"] if one["usual"]}
    assert set(usual) == set(json.loads(COURSES))
    assert (usual["dy_up"], usual["ndpr_down"]) == ("> 640 USD/kg", "< 640 USD/kg")
    early = views.press_told(room, who["Jo"], "", Settled())
    assert not any(one["usual"] for one in early["claims"])
    assert [one["text"] for one in told["mine"]] == ["<b>Bans</b> & more", CLAIMS["deal"].label]
    assert [one["paper"] for one in told["others"]] == ["Kim"]
    assert [one["stakes"] for one in told["sure"]] == [
        "+36 if true, −44 if not",
        "+75 if true, −125 if not",
        "+96 if true, −224 if not",
    ]
    assert told["papers"] == []
    assert told["until"] == "True by the end of June 2026"


def test_after_the_reveal_a_paper_reads_what_came_true_and_where_it_stands(
    registry: Rooms,
) -> None:
    room, who = busy_room(registry)
    play(room)
    waiting = views.press_told(room, who["Jo"], COURSES, Settled())
    assert not waiting["known"]
    assert waiting["papers"] == []
    assert "points" not in waiting["mine"][0]
    known = read_settled(settled({1: ({}, {"measure"})}))
    told = views.press_told(room, who["Jo"], COURSES, known)
    assert [(one["came"], one["points"]) for one in told["mine"]] == [
        (True, "+96"),
        (False, "−125"),
    ]
    assert [
        (one["place"], one["name"], one["printed"], one["right"], one["sum"], one["me"])
        for one in told["papers"]
    ] == [(1, "Jo", 2, 1, "−29", True), (2, "Kim", 1, 0, "−44", False)]
    room.do("next")
    room.do("talk")
    play(room)
    assert (
        views.press_told(room, who["Jo"], COURSES, known)["mine"] == []
    )  # printed nothing in this one
    room.do("finish")
    assert (
        views.press_told(room, who["Jo"], COURSES, known)["mine"] == told["mine"]
    )  # of the whole game
    room.do("leave", person=who["Kim"])
    assert views.press_told(room, who["Jo"], COURSES, known)["papers"][1]["name"] == views.LEFT


# ---------------------------------------------------------------- market


def test_a_trader_sees_odds_his_bet_and_what_another_one_would_pay(registry: Rooms) -> None:
    room, who = busy_room(registry)
    told = views.market_told(room, who["Mo"], NUMBERS, Settled())
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
    waiting = views.market_told(room, who["Mo"], "", Settled())
    assert {one["value"] for one in waiting["markets"]} == {None}


def test_what_is_told_of_a_bet_is_what_it_earns(registry: Rooms) -> None:
    room, who = busy_room(registry)
    play(room)
    known = read_settled(settled({1: ({"price_dy": "down", "exports": "up"}, set())}))
    told = views.market_told(room, who["Mo"], NUMBERS, known)
    by_id = {one["id"]: one for one in told["markets"]}
    assert by_id["price_dy"]["mine"]["gain"] == f"+{20 * 120 / 40 - 20:.0f}"
    assert by_id["exports"]["mine"]["gain"] == f"+{80 * 120 / 100 - 80:.0f}"
    assert (by_id["price_dy"]["verdict"], by_id["bought"]["verdict"]) == (
        "below usual",
        "as usual",
    )
    assert told["sum"] == "In this half-year: +56 coins"
    assert [(one["name"], one["sum"], one["staked"]) for one in told["traders"]] == [
        ("Mo", "+56", 100),
        ("Lu", "−60", 60),
    ]


# ---------------------------------------------------------------- parliaments


def test_a_member_votes_and_reads_whether_the_state_conceded(registry: Rooms) -> None:
    room, _, who = gallery_room(registry)
    to_talk(room)

    def told(name: str = "Pia") -> Any:
        return board_told(room, "target", who[name], BRIEF)

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
    room.do("next")
    assert (told()["vote"], told()["did"]) == (None, "")
    room.do("talk")
    play(room)
    assert told()["did"] == "Japan conceded nothing."


def test_a_parliament_is_told_how_its_state_could_concede(registry: Rooms) -> None:
    room, _, who = gallery_room(registry)
    assert [one["label"] for one in board_told(room, "target", who["Pia"], "")["means"]] == [
        "Give way",
        "Licences for a concession",
    ]
    assert [one["label"] for one in board_told(room, "ally", who["Pia"], "")["means"]] == [
        "Licences for a concession"
    ]


# ---------------------------------------------------------------- every phase


@pytest.mark.parametrize("place", [PRESS, MARKET, "board:target"])
def test_every_phase_says_what_to_do(place: str) -> None:
    role = "board:" if place.startswith(BOARD) else place
    assert set(views.NOW[role]) == set(WORDS)


# ---------------------------------------------------------------- the export


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    close_all()


def test_rows_of_the_export_are_the_events_of_the_journal_without_names(folder: Path) -> None:
    registry = open_registry(folder, Watch())
    room, who = busy_room(registry)
    room.do("unprint", person=who["Jo"], claim="deal")
    room.do("bet", person=who["Lu"], market="price_dy", side="up", coins=30)
    room.do("bet", person=who["Mo"], market="exports", side="up", coins=0)
    play(room)
    to_talk(room)
    room.do("headline", person=who["Kim"], claim="deal", sure=75, text="Peace")
    room.do("leave", person=who["Jo"])
    events = [one for one in _events(folder, room.code) if one["do"] in ("headline", "bet")]
    assert len(events) == 9
    rows = gallery_rows(room)
    assert rows == [
        ("headline", 1, "press 1", "measure", 90, "<b>Bans</b> & more"),
        ("headline", 1, "press 2", "stops", 60, CLAIMS["stops"].label),
        ("bet", 1, "trader 1", "price_dy", "down", 20),
        ("bet", 1, "trader 2", "price_dy", "up", 30),
        ("headline", 2, "press 2", "deal", 75, "Peace"),
    ]
    assert _from_events(_events(folder, room.code), who) == set(rows)
    names = {name for name, place in PLACES.items() if place in (PRESS, MARKET)}
    assert not [row for row in rows if names & set(map(str, row))]


def test_points_and_gains_of_the_export_are_those_of_the_rules(registry: Rooms) -> None:
    room, _ = busy_room(registry)
    play(room)
    known = read_settled(settled({1: ({"price_dy": "up", "exports": "down"}, {"stops"})}))
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


def _events(folder: Path, code: str) -> list[dict[str, Any]]:
    """The events of a room, as its journal has them."""
    lines = (folder / f"{code}.jsonl").read_text(encoding="utf-8").splitlines()
    return [event for event in map(json.loads, lines) if event.get("do")]


def _from_events(events: list[dict[str, Any]], who: dict[str, int]) -> set[tuple[Any, ...]]:
    """The same rows, worked out from the events alone."""
    numbers = {
        place: sorted(number for name, number in who.items() if PLACES[name] == place)
        for place in (PRESS, MARKET)
    }
    printed: dict[Any, Any] = {}
    staked: dict[Any, Any] = {}
    round_now = 1
    for event in events:
        person = event.get("person")
        match event["do"]:
            case "next":
                round_now += 1
            case "headline":
                printed[round_now, person, event["claim"]] = (event["sure"], event["text"])
            case "unprint":
                del printed[round_now, person, event["claim"]]
            case "bet":
                staked[round_now, person, event["market"]] = (event["side"], event["coins"])
    headlines = {
        ("headline", number, f"press {1 + numbers[PRESS].index(person)}", claim, sure, text)
        for (number, person, claim), (sure, words) in printed.items()
        for text in [words or CLAIMS[claim].label]
    }
    bets = {
        ("bet", number, f"trader {1 + numbers[MARKET].index(person)}", name, side, coins)
        for (number, person, name), (side, coins) in staked.items()
        if coins
    }
    return headlines | bets
