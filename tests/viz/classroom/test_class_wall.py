"""The wall of a class without a browser: what it shows in each phase, what it keeps to itself, and that its numbers are those of the phones."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from coercivity.viz.classroom.engine import numbers
from coercivity.viz.classroom.engine.game import new_game, play_round
from coercivity.viz.classroom.engine.game_run import read_game
from coercivity.viz.classroom.engine.game_state import Game
from coercivity.viz.classroom.engine.market import Outcome
from coercivity.viz.classroom.lessons.texts import texts
from coercivity.viz.classroom.pages import class_page, game_jobs
from coercivity.viz.classroom.pages import qr_code as way_in
from coercivity.viz.classroom.rooms.press_and_market_jobs import SettledRounds
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.wall_views import best_of_round, upcoming_game
from coercivity.viz.classroom.words.wall_text import (
    half_year_in_words,
    loss_in_words,
    loss_without_in_words,
)
from coercivity.viz.server.phone_addresses import Reach
from tests.viz.rendered import Desk, shown
from tools.check.room_table import BAN, TRUCE, crowd, steps

SEATS = ("exporter", "target", "firm")
THREAT = {"card": "threat", "whom": "target"}
STOCK = {"card": "stock", "cover": "3", "how_long": "year"}
FRAMES = 7


WHO = (
    ("exporter", "Beijing"),
    ("target", "Tokyo"),
    ("target", "Ann"),
    ("press", "Jo"),
    ("market", "Mo"),
    ("board:target", "Pia"),
)


def wall(page: Any) -> Any:
    return page.part("half")


def told(page: Any) -> dict[str, Any]:
    return dict(json.loads(wall(page).page))


def half(**fields: Any) -> dict[str, Any]:
    """A half-year in round numbers."""
    buyers = ("Japan", "United States", "EU")
    return {
        "round": 1,
        "months": [f"2025-{month:02}" for month in range(6, 6 + FRAMES)],
        "map": {"states": ["China", "Japan"], "firms": [], "groups": [], "chosen": "magnets"},
        "from_china": {"magnets": {name: [100.0] * FRAMES for name in buyers}},
        "stock": {name: [1.0] * FRAMES for name in buyers},
        "standing": {name: [0] * FRAMES for name in buyers},
        "prices": {"dysprosium_oxide": [200.0, *[1234.5] * 6], "ndpr_oxide": [50.0] * FRAMES},
        "stops": [],
        "opened": [],
        "broken": [],
        "scores": {"exporter": 40.0, "target": 20.0, "firm": 10.0},
        **fields,
    }


def test_the_code_opens_the_wall_and_a_wrong_one_the_door(desk: Desk, registry: Rooms) -> None:
    room, _, _ = crowd(registry, *WHO)
    with shown(class_page.Page, f"/class?room={room.code.lower()}&wall=1") as page:
        assert told(page)["code"] == room.code
        assert room.present["wall"] == 1
    assert room.present["wall"] == 0
    with shown(class_page.Page, "/class?room=AAAAAA&wall=1") as page:
        assert page.parts("half") == []
        assert page.part("look").problem


def test_the_lobby_shows_who_comes_by_place_and_alone_has_a_code_for_cameras(
    desk: Desk, registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _, _ = crowd(registry, *WHO)
    seen = Reach(("http://192.0.2.7:8765",))
    monkeypatch.setattr(way_in, "reach", lambda origin: seen)
    with shown(class_page.Page, f"/class?room={room.code}&wall=1") as page:
        there = {one["name"]: one["people"] for one in told(page)["places"]}
        assert there == {
            "China": ["Beijing"],
            "Japan": ["Tokyo", "Ann"],
            "Shin-Etsu Chemical": [],
            "Press": ["Jo"],
            "Market": ["Mo"],
            "Parliament of Japan": ["Pia"],
        }
        registry.join(room.code, "firm", "Magnets")
        assert ["Magnets"] in [one["people"] for one in told(page)["places"]]
        assert desk.asked == []
        page.tell("see", "http://192.0.2.7:8765")
        (way,) = json.loads(wall(page).reach)["ways"]
        assert way["link"] == f"http://192.0.2.7:8765/class?room={room.code}"
        room.do("start")
        assert wall(page).reach == ""


def test_talk_shows_deals_papers_odds_and_who_has_sealed(desk: Desk, registry: Rooms) -> None:
    room, who, _ = crowd(registry, *WHO)
    desk.known[game_jobs.last_half_year] = json.dumps(half(round=0))
    steps(room, "start talk")
    with shown(class_page.Page, f"/class?room={room.code}&wall=1") as page:
        room.do("headline", person=who["Jo"], claim="measure", sure=90, text="<b>China</b> acts")
        room.do("bet", person=who["Mo"], market="price_dy", side="up", coins=60)
        room.do("seal", seat="exporter", person=who["Beijing"], moves=[BAN])
        room.do("offer", by="exporter", person=who["Beijing"], deal=TRUCE)
        assert told(page)["agreed"] == []  # what is on the table is between two seats
        room.do("answer", by="target", person=who["Tokyo"], offer=1, answer="declined")
        room.do("deal", deal=TRUCE | {"rounds": "4"})
        seen = told(page)
        assert seen["headlines"] == [{"text": "<b>China</b> acts", "sure": 90}]
        (odds,) = seen["odds"]
        assert (odds["market"], odds["chance"], odds["coins"]) == ("price_dy", 0.8, 60)
        assert [one["first_name"] for one in seen["agreed"]] == ["China"]
        assert {one["seat"]: one["sealed"] for one in seen["seats"]} == {
            "exporter": "exporter" in room.sheets,
            "target": False,
            "firm": False,
        }
        assert json.loads(wall(page).half)["round"] == 0
        room.clock.left = 0.0
        page.tell("end")
        assert told(page)["phase"] == "sealed"


def test_a_closed_round_is_computed_ahead_of_its_reveal(desk: Desk, registry: Rooms) -> None:
    room, who, _ = crowd(registry, *WHO)
    steps(room, "start talk")
    with shown(class_page.Page, f"/class?room={room.code}&wall=1") as page:
        room.do("seal", seat="exporter", person=who["Beijing"], moves=[BAN])
        desk.answer(game_jobs.last_half_year, json.dumps(half(round=0)))
        room.do("close")
        (ahead,) = desk.waiting(game_jobs.last_half_year)
        assert ahead.args == (play_round(room.game, {"exporter": [BAN]}),)
        desk.answer(game_jobs.last_half_year, json.dumps(half()))
        assert wall(page).half == ""  # before the reveal the page has nothing of it
        room.do("seal", seat="firm", moves=[STOCK], paper=True)  # which comes late
        assert upcoming_game(room) == desk.waiting(game_jobs.last_half_year)[-1].args[0]
        room.do("unseal", seat="firm")
        room.do("reveal")
        assert room.game == ahead.args[0]  # the engine has kept the answer
        assert wall(page).busy
        desk.answer(game_jobs.last_half_year, json.dumps(half()))
        assert json.loads(wall(page).half)["round"] == 1
        assert not wall(page).busy


def test_the_debrief_shows_what_came_and_what_moved_it(desk: Desk, registry: Rooms) -> None:
    room, who, _ = crowd(registry, *WHO)
    room.do("predict", when="before", seat="target", text="", number=7)
    steps(room, "start talk")
    room.do("seal", seat="exporter", person=who["Beijing"], moves=[BAN, THREAT])
    room.do("seal", seat="firm", moves=[STOCK], paper=True)
    steps(room, "close reveal finish show")
    desk.known[game_jobs.last_half_year] = json.dumps(half())
    by_key = {
        "1.exporter.1": {"target": -12.0, "exporter": 3.2},
        "1.exporter.2": {"target": 0.2},  # hardly a point
        "1.firm.1": {"firm": 20.0},
    }
    desk.known[game_jobs.decision_keys] = json.dumps({"all": [], "first": list(by_key)})
    with shown(class_page.Page, f"/class?room={room.code}&wall=1") as page:
        asked = [one.args for one in desk.waiting(game_jobs.decision)]
        assert asked == [(room.game, key) for key in by_key]
        assert wall(page).ended == ""
        desk.answer(game_jobs.against_twin, json.dumps({"rows": [], "months": [7.5, 2.0]}))
        said = [one["before"] and one["before"]["said"] for one in told(page)["predictions"]]
        assert said == [None, "7 months", None]
        assert json.loads(wall(page).ended) == {"answer": "7.5 months"}
        scores = {"exporter": {"now": 36.0, "later": 38.4, "twin": 0.0, "goals": []}}
        desk.answer(game_jobs.scores, json.dumps(scores))
        assert json.loads(wall(page).ended)["points"] == {"exporter": [36.0, 38.4]}
        answers = [json.dumps({"scores": by_key[key], "headlines": {}}) for key in by_key]
        desk.answer(game_jobs.decision, *answers)
        moved = json.loads(wall(page).ended)["moved"]
        assert [one["points"] for one in moved] == [
            "Shin-Etsu Chemical +20",
            "Japan −12 and China +3",
        ]
        assert moved[1]["text"].startswith("Round 1, China: Dual-use ban")


def test_who_was_right_is_told_by_name(registry: Rooms) -> None:
    room, who, _ = crowd(registry, *WHO)
    steps(room, "start talk")
    room.do("headline", person=who["Jo"], claim="measure", sure=90, text="")
    room.do("bet", person=who["Mo"], market="price_dy", side="up", coins=40)
    steps(room, "close reveal")
    right = SettledRounds({1: {"price_dy": Outcome(1.0, 1.5, 2.0, "up")}}, {1: {"measure": True}})
    won = {"press": ["Jo", 96], "market": ["Mo", 13]}  # 40 of 80 coins and 20 on the other side
    assert best_of_round(room, right) == won
    assert best_of_round(room, SettledRounds()) == {"press": None, "market": None}
    room.do("leave", person=who["Jo"])
    assert best_of_round(room, right)["press"] == ["Somebody who has left", 96]


def test_a_reveal_says_what_chinas_new_steps_cost(desk: Desk, registry: Rooms) -> None:
    room, who, _ = crowd(registry, *WHO)
    steps(room, "start talk")
    room.do("seal", seat="exporter", person=who["Beijing"], moves=[BAN])
    found = {"moved": True, "lost": {"Japan": [7516.2, 6113.4], "EU": [1.0, 1.0]}}
    with shown(class_page.Page, f"/class?room={room.code}&wall=1") as page:
        room.do("close")
        assert len(desk.waiting(game_jobs.without_steps)) == 1  # computed ahead, and kept back
        desk.answer(game_jobs.without_steps, json.dumps(found))
        assert wall(page).lost == ""
        room.do("reveal")
        desk.answer(game_jobs.without_steps, json.dumps(found))
        assert wall(page).lost == (
            "In the half-year Japan loses output of USD 7,516 million; without China's new steps "
            "it would be 6,113."
        )
    assert "China has taken no new step" in loss_in_words(json.dumps(found | {"moved": False}))
    assert loss_without_in_words(json.dumps(found)) == "without China's new steps: 6,113"
    assert (
        loss_without_in_words(json.dumps(found | {"moved": False}))
        == loss_without_in_words("")
        == ""
    )


def banned() -> Game:
    """A game in which China bans all."""
    ban = {"card": "blanket_ban", "whom": "target", "goods": "all"}
    return play_round(new_game(3, SEATS, length=2), {"exporter": [ban]})


@pytest.fixture(scope="module")
def revealed() -> tuple[dict[str, Any], dict[str, Any]]:
    """The half-year on the wall and the news on the phones, of one game in which China bans all."""
    return json.loads(game_jobs.last_half_year(banned())), json.loads(game_jobs.news(banned()))


def test_what_was_lost_is_on_the_phones_too(
    revealed: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    found = json.loads(game_jobs.without_steps(banned()))
    tiles = {
        one["state"]: one["value"] for one in revealed[1]["numbers"] if one["number"] == "lost"
    }
    assert {state: here for state, (here, _) in found["lost"].items()} == tiles
    nobody = json.loads(game_jobs.without_steps(play_round(new_game(3, SEATS, length=2), {})))
    assert (found["moved"], nobody["moved"]) == (True, False)
    assert {state: there for state, (_, there) in found["lost"].items()} == {
        state: here for state, (here, _) in nobody["lost"].items()
    }
    here, there = found["lost"]["Japan"]
    assert here > there


def test_the_opening_says_how_many_makers_run_as_the_model_has_it() -> None:
    openings = [text for text in texts() if text.startswith(("It is January", "Four years, eight"))]
    assert len(openings) == 3
    games = [new_game(seed, SEATS, length=2) for seed in range(1, 6)]
    standing = [
        json.loads(game_jobs.last_half_year(game))["standing"]["Japan"][-1] for game in games
    ]
    for text in openings:
        said = re.search(r"All (\d+) makers that the model follows in Japan run", text)
        assert said
        assert int(said[1]) == numbers.makers(read_game(games[0], games[0].now), "Japan")
    assert max(standing) == 0


def test_three_sentences_say_lines_trade_and_prices() -> None:
    cut = {"magnets": {"Japan": [100.0, *[2.0] * 6], "EU": [50.0] * FRAMES}}
    hard = half(standing={"Japan": [0, 2], "EU": [1, 1]}, from_china=cut)
    assert json.loads(half_year_in_words(json.dumps(hard)))["sentences"] == [
        "No line in Japan, the United States or the EU stops anew. Lines that stand: 1 when the half-"
        "year begins, 3 when it ends.",
        "China ships 2 t of magnets a month to Japan; before it was 100 t.",
        "In Japan a kilogram of dysprosium oxide costs USD 1,234 (before: 200), of NdPr oxide USD 50 (before: 50).",
    ]
