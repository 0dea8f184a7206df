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
from coercivity.viz.classroom.words.band_text import predictions_in_words
from coercivity.viz.server import lab_jobs
from tests.viz.classroom.room_table import BAN, TRUCE, Watch, crowd, filled, steps, to_talk

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


def test_everybody_is_told_of_a_ban_once_it_is_revealed(registry: Rooms) -> None:
    room = room_of(registry, "exporter", "target", "ally", length=4)
    to_talk(room)
    room.do("seal", seat="exporter", moves=[BAN], paper=True)
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


def test_a_member_is_told_who_is_there_and_who_speaks(registry: Rooms) -> None:
    room, people, _ = talks(registry)
    room.enter("target", people["Ann"])
    told = views.seat_view(room, "target", people["Ann"])
    assert [picked(one, "name captain there") for one in told["members"]] == [
        ["Tokyo", True, False],
        ["Ann", False, True],
        ["Bob", False, False],
    ]
    assert told["you"] == {"person": people["Ann"], "name": "Ann"}
    flags = "captain speaks seals away ready"
    assert picked(told, flags) == ["Tokyo", False, False, True, None]
    room.enter("target", people["Tokyo"])
    captain = views.seat_view(room, "target", people["Tokyo"])
    assert picked(captain, flags) == ["Tokyo", True, True, False, None]


def test_a_proposal_is_told_with_its_votes_and_whether_it_is_on_the_sheet(registry: Rooms) -> None:
    room, people, _ = talks(registry)
    room.do("propose", person=people["Ann"], move={**STOCK, "why": "for calm"})
    room.do("propose", person=people["Bob"], move=CONCEDE)
    room.do("vote", person=people["Bob"], proposal=1, yes=True)
    room.do("vote", person=people["Tokyo"], proposal=2, yes=False)
    told = views.seat_view(room, "target", people["Bob"])
    first, second = told["proposals"]
    assert picked(first, "by mine yes no vote") == ["Ann", False, 2, 0, True]
    assert picked(first, "label why on kept_off") == ["Build up stocks", "for calm", True, ""]
    assert picked(second, "mine yes no on") == [True, 1, 1, False]
    assert told["wants"] == [{**STOCK, "why": "for calm"}]
    room.do("vote", person=people["Tokyo"], proposal=2, yes=True)
    proposals = views.seat_view(room, "target", people["Ann"])["proposals"]
    (kept,) = [one for one in proposals if one["proposal"] == 2]
    assert picked(kept, "vote on kept_off") == [None, False, "board"]
    room.do("back", person=people["Pia"], yes=True)
    assert CONCEDE in views.seat_view(room, "target", people["Ann"])["wants"]
    room.do("propose", person=people["Ann"], move=LOAN)
    full = views.seat_view(room, "target", people["Ann"])["proposals"][-1]
    assert picked(full, "on kept_off") == [False, "full"]


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


def test_charts_reach_to_the_coming_round_or_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    game = play_round(new_game(3, ("exporter", "target"), length=2), {"exporter": [BAN]}, [])
    asked: list[tuple[int, bool, int, str, str]] = []

    def told(scenario: Any, seed: int, state: str, since: str, code: str = "en") -> str:
        bans = any(event.kind == "dual_use_ban" for event in scenario.events)
        asked.append((scenario.months, bans, seed, state, since))
        return "charts"

    monkeypatch.setattr(lab_jobs, "history", told)
    monkeypatch.setattr(lab_jobs, "twin", told)
    for job in (game_jobs.charts, game_jobs.twin):
        assert job(game, "Japan", False) == job(game, "Japan", True) == "charts"
    assert [one[0] for one in asked] == [30, 84, 30, 84]
    assert {one[1] for one in asked[2:]} == {False}
    assert {one[2:] for one in asked} == {(3, "Japan", "2026-01-01")}


def test_after_an_early_end_predictions_say_of_how_many_months(registry: Rooms) -> None:
    room, _ = filled(registry, length=6)
    room.do("predict", when="before", seat="target", text="long", number=20)
    steps(room, "start talk close reveal")
    asked = views.months_in_all(room.game)
    room.do("finish")
    room.do("predict", when="after", seat="target", text="", number=25)
    left = views.months_in_all(room.game)
    assert left == asked - 30
    (told,) = [one for one in views.all_predictions(room) if one["seat"] == "target"]
    (row,) = predictions_in_words([told], None)["seats"]
    assert row["before"]["said"] == f"20 months (of {asked})"
    assert row["after"]["said"] == f"25 months (of {left})"
