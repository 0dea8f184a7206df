"""What press, market and parliaments see of a room, what all see of them, and their pages without a browser."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coercivity.viz.classroom.engine import market, press
from coercivity.viz.classroom.engine.game_state import pack_json
from coercivity.viz.classroom.engine.market import MARKETS
from coercivity.viz.classroom.engine.press import CLAIMS
from coercivity.viz.classroom.pages import class_page
from coercivity.viz.classroom.pages.game_files import gallery_rows
from coercivity.viz.classroom.rooms import press_and_market_jobs
from coercivity.viz.classroom.rooms import role_views as views
from coercivity.viz.classroom.rooms.press_and_market_jobs import SettledRounds, read_settled_bets
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.role_views import board_view
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import WORDS
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
from tests.viz.rendered import Desk, Shown, shown
from tools.check.room_table import steps, to_talk

ROLES = {"Jo": "publish", "Mo": "bet", "Pia": "back"}  # somebody in each role, what they send


def page_of(room: Room, tokens: dict[str, str], name: str) -> Any:
    return shown(class_page.Page, class_page.address(room, tokens[name]))


def own(page: Shown, hears: str) -> Any:
    return json.loads(page.part(hears).own)


def top(page: Shown) -> Any:
    return json.loads(page.part("end").page)


@pytest.mark.parametrize("name", list(ROLES))
def test_each_phase_says_what_a_role_does(desk: Desk, registry: Rooms, name: str) -> None:
    room, tokens, _ = gallery_room(registry)
    said = set()
    with page_of(room, tokens, name) as page:
        for step in ("", "start", "talk", "close", "reveal", "next", "talk", "close", "reveal"):
            if step:
                room.do(step)
            told = own(page, ROLES[name])
            assert told["heading"].endswith(f": {name}")
            assert told["phase"] == room.phase
            assert told["open"] is (room.phase in ("brief", "talk"))
            assert page.part("end").who == PLACES[name]
            said.add((room.phase, top(page)["words"]))
        room.do("finish")
        said.add((room.phase, top(page)["words"]))
        assert own(page, ROLES[name])["phase"] == "debrief"
        assert len(page.parts("every")) == 1  # what the whole class looks back upon
    assert {phase for phase, _ in said} == set(WORDS)
    assert len({words for _, words in said}) >= 5


SENT: dict[str, tuple[dict[str, Any], tuple[tuple[dict[str, Any], str], ...]]] = {
    "Jo": (  # what is good, and what is not with the words that say so
        {"round": 1, "claim": "measure", "sure": 90, "text": "<b>Bans</b>"},
        (
            ({"claim": "gold"}, "“gold” is not known. Reload the page"),
            ({"sure": 99}, "“99” does not fit. Use one of 60, 75, 90"),
            ({"text": "x" * 5000}, "Use at most 90."),
        ),
    ),
    "Mo": (
        {"round": 1, "market": "exports", "side": "up", "coins": 50},
        (
            ({"coins": 101}, "You stake 101 coins, and 100 of 100 are left"),
            ({"side": "left"}, "“left” is not known"),
            ({"market": ["gold"]}, "is not known"),
        ),
    ),
    "Pia": ({"round": 1, "yes": True}, (({"yes": "maybe"}, "is neither yes nor no."),)),
}


@pytest.mark.parametrize("name", list(ROLES))
def test_what_a_role_sends_counts_in_its_round(desk: Desk, registry: Rooms, name: str) -> None:
    room, tokens, _ = gallery_room(registry)
    to_talk(room)
    good, wrong = SENT[name]
    hears = ROLES[name]

    def done() -> list[Any]:
        return [room.headlines, room.bets, [votes for votes in room.backs.values() if votes]]

    with page_of(room, tokens, name) as page:
        part = page.part(hears)
        for fields, says in (*wrong, ({"round": 2}, "This is round 1: look at the page again.")):
            page.tell(hears, {**good, **fields})
            assert says in part.problem
            assert not any(done())
        page.tell(hears, good)
        assert part.problem == ""
        assert any(done())
        if name == "Jo":
            assert own(page, hears)["mine"][0]["text"] == "<b>Bans</b>"  # shown as text
            page.tell(hears, good)
            assert "You have printed this already. Take it back" in part.problem
        if name == "Mo":
            page.tell(hears, {**good, "coins": 100})  # in place of the first one
            assert own(page, hears)["left"] == 0
        kept = str(done())
        room.do("close")
        page.tell(hears, {**good, "claim": "deal"})
        assert "Not now: the round is closed." in part.problem
        assert str(done()) == kept
        steps(room, "reveal next")
        kept = str(done())
        page.tell(hears, good)  # from a page of the round before
        assert "This is round 2: look at the page again." in part.problem
        assert str(done()) == kept


def test_after_the_reveal_what_the_model_says_is_shown_and_a_failure_is_told(
    desk: Desk, registry: Rooms, caplog: pytest.LogCaptureFixture
) -> None:
    room, tokens, who = gallery_room(registry)
    to_talk(room)
    room.do("headline", person=who["Jo"], claim="deal", sure=75, text="")
    room.do("bet", person=who["Mo"], market="exports", side="up", coins=40)
    play(room)
    for name, table in (("Jo", "papers"), ("Mo", "traders")):
        with page_of(room, tokens, name) as page:
            hears = ROLES[name]
            assert page.part(hears).busy
            assert not own(page, hears)["known"]
            desk.answer(
                press_and_market_jobs.settled_bets, settled({1: ({"exports": "up"}, {"deal"})})
            )
            told = own(page, hears)
            assert not page.part(hears).busy
            assert told["known"]
            assert [one["name"] for one in told[table] if one["me"]] == [name]
    with page_of(room, tokens, "Mo") as page:
        desk.answer(press_and_market_jobs.settled_bets, RuntimeError("no world"))
        assert page.part("bet").failed
        assert page.part("bet").problem == ""
        room.do("next")
        assert page.part("bet").failed == ""
        desk.answer(press_and_market_jobs.numbers, NUMBERS)
        assert own(page, "bet")["markets"][0]["value"] == 100.0
    assert "no world" in caplog.text


def test_three_headlines_a_half_year_are_enough(desk: Desk, registry: Rooms) -> None:
    room, tokens, _ = gallery_room(registry)
    to_talk(room)
    good, hears = SENT["Jo"][0], ROLES["Jo"]
    with page_of(room, tokens, "Jo") as page:
        for claim in ("measure", "deal", "stops"):
            page.tell(hears, {**good, "claim": claim})
        page.tell(hears, {**good, "claim": "breach"})
        assert "3 headlines a half-year are enough" in page.part(hears).problem
        assert len(room.headlines) == 3


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


def test_a_member_votes_and_reads_whether_the_state_conceded(registry: Rooms) -> None:
    room, _, who = gallery_room(registry, length=3)
    to_talk(room)

    def told(name: str = "Pia") -> Any:
        return board_view(room, "target", who[name], BRIEF)

    assert (told()["vote"], told()["stands"]) == (None, "As it stands, it may not.")
    room.do("back", person=who["Pia"], yes=True)
    assert (told()["vote"], told("Ole")["vote"]) == (True, None)
    assert (told()["count"], told()["stands"]) == (
        "1 yes, 0 no, 1 neither.",
        "As it stands, it may.",
    )
    room.do("seal", seat="target", person=who["Tokyo"], moves=[{"card": "concession"}])
    assert told()["rounds"] == []
    play(room)
    assert told()["did"] == "Japan gave way to China in public."
    assert told()["score"] == "Your parliament's score so far: 42 of 100"
    assert told()["rounds"] == [{"round": 1, "yes": 1, "no": 0, "mine": "Yes", "conceded": "Yes"}]
    assert told("Ole")["rounds"][0]["mine"] == "Neither"
    assert [one["label"] for one in told()["means"]] == ["Give way", "Licences for a concession"]
    steps(room, "next talk")
    licences = {"kind": "licences", "first": "exporter", "other": "target", "rounds": "2"}
    room.do("back", person=who["Pia"], yes=True)
    room.do("offer", by="exporter", person=who["Beijing"], deal=licences)
    room.do("answer", by="target", person=who["Tokyo"], offer=1, answer="accepted")
    play(room)
    assert told()["did"] == "Japan conceded to China in a deal for licences."
    steps(room, "next talk")
    play(room)
    assert told()["did"] == "Japan conceded nothing."
