"""What a room of the class tells whom, and what pages of a class ask workers for."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from coercivity.viz.classroom.engine import team_briefs
from coercivity.viz.classroom.engine.game import new_game, play_round
from coercivity.viz.classroom.engine.game_state import pack_json
from coercivity.viz.classroom.engine.game_tables import seats
from coercivity.viz.classroom.pages import game_jobs
from coercivity.viz.classroom.rooms import views
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from tools.check.room_table import BAN, TRUCE, Watch, crowd, filled, steps, to_talk

SHARE: dict[str, Any] = {
    "kind": "cost_share",
    "first": "target",
    "other": "ally",
    "amount": "300",
    "stage": "mines",
}
CONCEDE: dict[str, Any] = {"card": "concession"}
STOCK: dict[str, Any] = {"card": "stock", "who_holds": "firms", "cover": "3"}
LOAN: dict[str, Any] = {"card": "loan", "stage": "plants", "amount": "300"}


def room_of(registry: Rooms, *played: str, length: int = 2) -> Room:
    room, _ = registry.make(new_game(3, played, binding=True, length=length), "90")
    for seat in played:
        registry.join(room.code, seat, f"team {seat}")
    return room


def picked(told: dict[str, Any], names: str) -> list[Any]:
    return [told[name] for name in names.split()]


def test_everybody_is_told_of_round_clock_and_seats(registry: Rooms, watch: Watch) -> None:
    room = room_of(registry, "exporter", "target")
    dates = "phase round from to over"
    assert picked(views.common_view(room), dates) == ["lobby", 1, "2026-01", "2026-06", False]
    assert picked(views.common_view(room), "length binding seed lesson") == [2, True, 3, "90"]
    to_talk(room)
    room.do("clock", left=100.0, runs=True)
    watch.time += 30.25
    room.enter("target")
    room.do("seal", seat="exporter", moves=[], paper=True)
    assert views.clock_of(room) == {"left": 69.8, "runs": True}
    assert [
        picked(one, "seat team sealed paper there") for one in views.common_view(room)["seats"]
    ] == [
        ["exporter", "team exporter", True, True, False],
        ["target", "team target", False, False, True],
    ]
    steps(room, "close reveal")
    assert views.common_view(room)["round"] == 1  # that whose outcome is shown
    room.do("next")
    assert picked(views.common_view(room), dates) == ["brief", 2, "2026-07", "2026-12", False]
    steps(room, "talk close reveal finish")
    assert picked(views.common_view(room), "round over") == [2, True]
    assert [one["round"] for one in views.rounds_view(room.game)] == [1, 2]


def test_a_deal_is_told_in_words_with_its_rounds(registry: Rooms) -> None:
    room = room_of(registry, "exporter", "target", length=4)
    to_talk(room)
    room.do("offer", by="target", deal=TRUCE)
    assert views.common_view(room)["agreed"] == []
    room.do("answer", by="exporter", offer=1, answer="accepted")
    (agreed,) = views.common_view(room)["agreed"]
    assert picked(agreed, "label first_name other_name terms state") == [
        *("Truce", "China", "Japan", "rounds: 2", "accepted")
    ]
    assert views.common_view(room)["deals"] == []
    steps(room, "close reveal next")
    (holds,) = views.common_view(room)["deals"]
    assert picked(holds, "id since last terms") == ["D1-1", 1, 2, "rounds: 2"]
    (told,) = views.last_round(room.game)["rounds"]
    assert [deal["label"] for deal in told["deals"]] == ["Truce"]


def test_everybody_is_told_of_a_ban_on_all_users_once_it_is_revealed(registry: Rooms) -> None:
    room = room_of(registry, "exporter", "target", "ally", length=4)
    to_talk(room)
    ban = {"card": "blanket_ban", "whom": "target", "goods": "all"}
    room.do("seal", seat="exporter", moves=[ban], paper=True)
    room.do("close")
    assert views.common_view(room)["barred"] == []  # nobody knows yet
    steps(room, "reveal next")
    assert views.common_view(room)["barred"] == ["target"]


def test_a_broken_deal_is_listed_with_who_broke_it_and_when(registry: Rooms) -> None:
    room, _ = filled(registry, length=3)
    to_talk(room)
    room.do("deal", deal=TRUCE)
    steps(room, "close reveal")
    assert views.common_view(room)["broken"] == []
    to_talk(room)
    room.do("seal", seat="exporter", moves=[BAN])
    room.do("deal", deal={**TRUCE, "kind": "licences"})
    steps(room, "close reveal")
    told = views.common_view(room)
    assert told["deals"] == []
    assert [(one["id"], one["broken"]) for one in told["broken"]] == [
        ("D1-1", "broken by China in round 2"),
        ("D2-1", "broken by China in round 2, at once"),
    ]
    assert [[one["broken"] for one in each["deals"]] for each in views.rounds_view(room.game)] == [
        ["broken by China in round 2"],
        ["broken by China in round 2, at once"],
    ]


def test_money_that_an_accepted_deal_costs_is_no_longer_there(registry: Rooms) -> None:
    room = room_of(registry, "exporter", "target", "ally")
    to_talk(room)
    budget = seats()["target"].budget
    room.do("offer", by="target", deal=SHARE)
    assert picked(views.seat_view(room, "target"), "left budget") == [budget, budget]
    room.do("answer", by="ally", offer=1, answer="accepted")
    assert views.seat_view(room, "target")["left"] == budget - 300.0
    assert views.seat_view(room, "exporter")["left"] == seats()["exporter"].budget
    steps(room, "close reveal next talk close reveal finish")
    assert views.seat_view(room, "target")["left"] == budget - 300.0  # when the game is over too


def test_a_seat_is_warned_before_it_breaks_a_deal_with_what_it_costs(registry: Rooms) -> None:
    room, _ = filled(registry, length=4)
    to_talk(room)
    room.do("deal", deal={**TRUCE, "kind": "licences"})
    (pledge,) = views.seat_view(room, "exporter")["pledges"]
    assert "blanket_ban" in pledge["forbids"]
    at_once = (
        "This breaks the deal Licences for a concession (Japan): nothing of it takes effect, and "
        "you lose 15 points."
    )
    assert pledge["warning"] == at_once
    person = next(one.number for one in room.people.values() if one.place == "exporter")
    room.do("propose", person=person, move=BAN)
    assert views.seat_view(room, "exporter", person)["proposals"][0]["breaks"] == [at_once]
    room.do("seal", seat="exporter", moves=[BAN])
    assert [one["breaks"] for one in views.seat_view(room, "exporter")["told"]] == [[at_once]]
    assert views.seat_view(room, "firm")["pledges"] == []
    room.do("unseal", seat="exporter")
    room.do("seal", seat="exporter", moves=[{"card": "general_licence", "whom": "target"}])
    assert [one["breaks"] for one in views.seat_view(room, "exporter")["told"]] == [[]]
    steps(room, "close reveal")
    told = [
        one for seat in ("exporter", "target") for one in views.seat_view(room, seat)["pledges"]
    ]
    assert [one["warning"] for one in told] == [
        "This breaks the deal Licences for a concession (Japan): it ends, the concession counts no "
        "more, and you lose 15 points.",
        "This breaks the deal Licences for a concession (China): it ends, and you lose 15 points.",
    ]
    for binding, rules, words in (
        (True, 2, "and deals bind: it is refused."),
        (False, 1, "it ends, and your word counts for less."),
    ):
        other, _ = filled(registry, binding=binding)
        other.game = replace(other.game, rules=rules)
        to_talk(other)
        other.do("deal", deal=TRUCE)
        assert views.seat_view(other, "target")["pledges"][0]["warning"].endswith(words)


WHO = (
    ("exporter", "Beijing"),
    ("target", "Tokyo"),
    ("target", "Ann"),
    ("target", "Bob"),
    ("press", "Jo"),
    ("board:target", "Pia"),
)


def talks(registry: Rooms, decides: str = "captain") -> tuple[Room, dict[str, int], dict[str, str]]:
    """A room in its first talk: three people in Japan, one in China, press and parliament."""
    made = crowd(registry, *WHO, decides=decides, seats=("exporter", "target"))
    to_talk(made[0])
    return made


def test_what_a_team_does_is_told_to_nobody_else_and_no_token(registry: Rooms) -> None:
    room, people, tokens = talks(registry)
    room.do("propose", person=people["Ann"], move={**STOCK, "why": "mark-of-a-proposal"})
    room.do("offer", by="target", person=people["Tokyo"], deal=TRUCE)
    sealed = [{**LOAN, "why": "mark-of-a-seal"}]
    room.do("seal", seat="target", person=people["Tokyo"], moves=sealed)
    room.do("predict", when="before", seat="target", text="mark-of-a-thought", number=3)
    marks = ("mark-of-a-proposal", "mark-of-a-seal", "mark-of-a-thought")
    inside = pack_json(views.seat_view(room, "target", people["Ann"]))
    assert all(mark in inside for mark in marks)
    for part in (
        views.common_view(room),
        views.seat_view(room, "exporter", people["Beijing"]),
        views.seat_view(room, "exporter", people["Ann"]),  # a number of another team
        views.seat_view(room, "press", people["Jo"]),
        views.seat_view(room, "board:target", people["Pia"]),
        views.on_paper(room, "target"),
        views.sheets_of(room),
    ):
        told = pack_json(part)
        assert not any(mark in told for mark in (*marks, "Ann"))
    for place, name, offers in (
        *(("target", "Bob", 1), ("exporter", "Beijing", 1)),
        *(("press", "Jo", 0), ("board:target", "Pia", 0)),
    ):
        assert len(views.seat_view(room, place, people[name]).get("offers", [])) == offers
    stranger = views.seat_view(room, "target", people["Beijing"])  # his page is never drawn so
    assert picked(stranger, "you proposals seals") == [None, [], False]
    secrets = (*tokens.values(), *(one.token for one in room.people.values()))
    for one in room.people.values():
        told = pack_json([views.seat_view(room, one.place, one.number), views.common_view(room)])
        assert not any(secret in told for secret in secrets)


def test_a_worker_tells_each_page_only_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    game = new_game(3, ("exporter", "target"), length=1)
    told = {"facts": [1], "notes": [2], "own_acts": [3], "score": 4.5, "secret": "hidden"}
    monkeypatch.setattr(team_briefs, "brief", lambda of, seat: told | {"notes": [of.seed, seat]})
    assert json.loads(game_jobs.brief(game, "target")) == {
        "numbers": [1],
        "notes": [3, "target"],
        "sentences": [None, None],
        "acts": [3],
        "score": 4.5,
    }
    move = {"exporter": [{**BAN, "why": "to be seen"}]}
    played = play_round(new_game(3, ("exporter", "target"), length=2), move, [])
    found = json.loads(game_jobs.decision_keys(play_round(played, {}, [TRUCE])))
    whys = {one["key"]: one["why"] for one in found["all"]}
    assert whys == {"1.exporter.1": "to be seen", "2.deal.1": ""}
    assert set(found["first"]) <= set(whys)


def test_a_proposal_that_is_not_on_the_sheet_is_told_with_the_reason(registry: Rooms) -> None:
    room, people, _ = talks(registry)
    for move in (CONCEDE, STOCK, {"card": "dispute"}, LOAN):
        room.do("propose", person=people["Ann"], move=move)
    told = views.seat_view(room, "target", people["Ann"])["proposals"]
    assert [picked(one, "on kept_off yes") for one in told] == [
        *([False, "board", 1], [True, "", 1], [True, "", 1]),
        [False, "full", 1],  # of two that fit
    ]
