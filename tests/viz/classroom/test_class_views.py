"""What a room of the class tells whom, value by value, and what pages of a class ask workers for."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from coercivity.viz.classroom.engine.game import new_game, play_round
from coercivity.viz.classroom.engine.pieces import packed
from coercivity.viz.classroom.engine.table import seats
from coercivity.viz.classroom.pages import game_jobs
from coercivity.viz.classroom.rooms import views
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.words.band_text import predictions_said
from tests.viz.classroom.room_table import BAN, TRUCE, Watch, filled, to_talk

SHARE: dict[str, Any] = {
    "kind": "cost_share",
    "first": "target",
    "other": "ally",
    "amount": "300",
    "stage": "mines",
}


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def registry(watch: Watch) -> Rooms:
    return Rooms(None, watch)


# ---------------------------------------------------------------- what a room tells whom


def room_of(registry: Rooms, *played: str, length: int = 2) -> Room:
    room, _ = registry.make(new_game(3, played, binding=True, length=length), "90")
    for seat in played:
        registry.join(room.code, seat, f"team {seat}")
    return room


def test_everybody_is_told_of_round_clock_and_seats(registry: Rooms, watch: Watch) -> None:
    room = room_of(registry, "exporter", "target")
    told = views.common(room)
    assert {name: told[name] for name in ("phase", "round", "length", "from", "to")} == {
        "phase": "lobby",
        "round": 1,
        "length": 2,
        "from": "2026-01",
        "to": "2026-06",
    }
    assert (told["binding"], told["seed"], told["lesson"], told["over"], told["most"]) == (
        True,
        3,
        "90",
        False,
        2,
    )
    to_talk(room)
    room.do("clock", left=100.0, runs=True)
    watch.time += 30.25
    room.enter("target")
    room.do("seal", seat="exporter", moves=[], paper=True)
    told = views.common(room)
    assert views.clock_of(room) == {"left": 69.8, "runs": True}
    assert [
        (one["seat"], one["team"], one["sealed"], one["paper"], one["there"])
        for one in told["seats"]
    ] == [
        ("exporter", "team exporter", True, True, False),
        ("target", "team target", False, False, True),
    ]
    room.do("close")
    room.do("reveal")
    assert views.common(room)["round"] == 1  # that whose outcome is shown
    room.do("next")
    told = views.common(room)
    assert (told["round"], told["from"], told["to"]) == (2, "2026-07", "2026-12")
    for step in ("talk", "close", "reveal", "finish"):
        room.do(step)
    told = views.common(room)
    rounds = views.told_rounds(room.game)
    assert (told["round"], told["over"], [one["round"] for one in rounds]) == (
        2,
        True,
        [1, 2],
    )


def test_a_deal_is_told_in_words_with_its_rounds(registry: Rooms) -> None:
    room = room_of(registry, "exporter", "target", length=4)
    to_talk(room)
    room.do("offer", by="target", deal=TRUCE)
    assert views.common(room)["agreed"] == []
    room.do("answer", by="exporter", offer=1, answer="accepted")
    (agreed,) = views.common(room)["agreed"]
    assert agreed == {
        "kind": "truce",
        "label": "Truce",
        "first": "exporter",
        "other": "target",
        "first_name": seats()["exporter"].name,
        "other_name": seats()["target"].name,
        "terms": "rounds: 2",
        "offer": 1,
        "by": "target",
        "state": "accepted",
    }
    assert views.common(room)["deals"] == []
    room.do("close")
    room.do("reveal")
    room.do("next")
    (holds,) = views.common(room)["deals"]
    assert (holds["id"], holds["since"], holds["last"], holds["terms"]) == (
        "D1-1",
        1,
        2,
        "rounds: 2",
    )
    (told,) = views.last_round(room.game)["rounds"]
    assert [deal["label"] for deal in told["deals"]] == ["Truce"]
    assert (told["round"], told["from"], told["to"]) == (1, "2026-01", "2026-06")


def test_everybody_is_told_against_whom_a_ban_is_in_force(registry: Rooms) -> None:
    """Licences that are promised to him let nothing through: two who bargain have to know."""
    room = room_of(registry, "exporter", "target", "ally", length=4)
    to_talk(room)
    assert views.common(room)["barred"] == []
    room.do("seal", seat="exporter", moves=[BAN], paper=True)
    room.do("close")
    assert views.common(room)["barred"] == []  # nobody knows yet
    room.do("reveal")
    room.do("next")
    assert views.common(room)["barred"] == ["target"]


def test_money_that_an_accepted_deal_costs_is_no_longer_there(registry: Rooms) -> None:
    room = room_of(registry, "exporter", "target", "ally")
    to_talk(room)
    budget = seats()["target"].budget
    assert views.own(room, "target")["left"] == views.own(room, "target")["budget"] == budget
    room.do("offer", by="target", deal=SHARE)
    assert views.own(room, "target")["left"] == budget  # nobody has accepted it
    room.do("answer", by="ally", offer=1, answer="accepted")
    assert views.own(room, "target")["left"] == budget - 300.0
    assert views.own(room, "exporter")["left"] == seats()["exporter"].budget
    for step in ("close", "reveal", "next", "talk", "close", "reveal", "finish"):
        room.do(step)
    assert views.own(room, "target")["left"] == budget - 300.0  # when the game is over too


def test_a_seat_is_told_of_itself_and_of_offers_to_it(registry: Rooms) -> None:
    room = room_of(registry, "exporter", "target", "firm")
    to_talk(room)
    room.do("seal", seat="exporter", moves=[{**BAN, "why": "because"}])
    room.do("offer", by="target", deal=TRUCE)
    told = views.own(room, "exporter")
    seat = seats()["exporter"]
    assert {name: told[name] for name in ("actor", "who", "aims", "team", "paper", "notice")} == {
        "actor": seat.name,
        "who": seat.who,
        "aims": seat.aims,
        "team": "team exporter",
        "paper": False,
        "notice": "",
    }
    (move,) = told["told"]
    assert (move["card"], move["label"], move["why"]) == ("dual_use_ban", "Dual-use ban", "because")
    assert move["terms"]
    assert not move["terms"].startswith((" ", "("))
    assert [one["state"] for one in told["offers"]] == ["open"]
    assert views.own(room, "firm")["offers"] == []
    assert views.own(room, "firm")["told"] == []


def test_a_seat_is_warned_before_it_breaks_a_deal_with_what_it_costs(registry: Rooms) -> None:
    room, _ = filled(registry, length=4)
    to_talk(room)
    room.do("deal", deal={**TRUCE, "kind": "licences"})
    (pledge,) = views.own(room, "exporter")["pledges"]
    assert "blanket_ban" in pledge["forbids"]
    assert (pledge["id"], pledge["whom"]) == ("", ["target", "all"])
    at_once = (
        "This breaks the deal Licences for a concession (Japan): nothing of it takes effect, and "
        "you lose 15 points."
    )
    assert pledge["warning"] == at_once
    person = next(one.number for one in room.people.values() if one.place == "exporter")
    room.do("propose", person=person, move=BAN)
    assert views.own(room, "exporter", person)["proposals"][0]["breaks"] == [at_once]
    room.do("seal", seat="exporter", moves=[BAN])
    assert [one["breaks"] for one in views.own(room, "exporter")["told"]] == [[at_once]]
    assert views.own(room, "firm")["pledges"] == []
    room.do("unseal", seat="exporter")
    room.do("seal", seat="exporter", moves=[{"card": "general_licence", "whom": "target"}])
    assert [one["breaks"] for one in views.own(room, "exporter")["told"]] == [[]]
    room.do("close")
    room.do("reveal")
    told = {seat: views.own(room, seat)["pledges"] for seat in ("exporter", "target")}
    assert [one["warning"] for one in (*told["exporter"], *told["target"])] == [
        "This breaks the deal Licences for a concession (Japan): it ends, the concession counts no "
        "more, and you lose 15 points.",
        "This breaks the deal Licences for a concession (China): it ends, and you lose 15 points.",
    ]


def test_where_deals_bind_and_in_a_game_of_before_the_warning_says_so(registry: Rooms) -> None:
    for binding, rules, words in (
        (True, 2, "and deals bind: it is refused."),
        (False, 1, "it ends, and your word counts for less."),
    ):
        room, _ = filled(registry, binding=binding)
        room.game = replace(room.game, rules=rules)
        to_talk(room)
        room.do("deal", deal=TRUCE)
        assert views.own(room, "target")["pledges"][0]["warning"].endswith(words)


def test_a_broken_deal_is_listed_with_who_broke_it_and_when(registry: Rooms) -> None:
    room, _ = filled(registry, length=3)
    to_talk(room)
    room.do("deal", deal=TRUCE)
    room.do("close")
    room.do("reveal")
    assert views.common(room)["broken"] == []
    to_talk(room)
    room.do("seal", seat="exporter", moves=[BAN])
    room.do("deal", deal={**TRUCE, "kind": "licences"})
    room.do("close")
    room.do("reveal")
    told = views.common(room)
    assert told["deals"] == []
    assert [(one["id"], one["broken"]) for one in told["broken"]] == [
        ("D1-1", "broken by China in round 2"),
        ("D2-1", "broken by China in round 2, at once"),
    ]
    assert [[one["broken"] for one in each["deals"]] for each in views.told_rounds(room.game)] == [
        ["broken by China in round 2"],
        ["broken by China in round 2, at once"],
    ]


def test_predictions_of_all_stand_side_by_side(registry: Rooms) -> None:
    room = room_of(registry, "exporter", "target")
    room.do("predict", when="before", seat="target", text="long", number=2.5)
    assert views.all_predictions(room) == [
        {"seat": "exporter", "actor": seats()["exporter"].name, "before": None, "after": None},
        {
            "seat": "target",
            "actor": seats()["target"].name,
            "before": {"text": "long", "number": 2.5, "said": "2.5 months"},
            "after": None,
        },
    ]


def test_after_the_last_round_there_is_nothing_to_choose() -> None:
    game = play_round(new_game(3, ("exporter", "target"), length=1), {}, ())
    assert views.choices_of(game, "exporter") == {
        "seat": "exporter",
        "cards": [],
        "first": [],
        "deals": [],
    }
    fresh = views.choices_of(new_game(3, ("exporter", "target"), length=1), "exporter")
    assert fresh["first"] == ["dual_use_ban", "threat", "general_licence"]
    assert set(fresh["first"]) < {one["card"] for one in fresh["cards"]}
    assert all(one["short"] for one in fresh["cards"])
    assert fresh["deals"]


# ---------------------------------------------------------------- a team of several


CONCEDE: dict[str, Any] = {"card": "concession"}
STOCK: dict[str, Any] = {"card": "stock", "who_holds": "firms", "cover": "3"}
LOAN: dict[str, Any] = {"card": "loan", "stage": "plants", "amount": "300"}


def crowd(registry: Rooms, decides: str = "captain") -> tuple[Room, dict[str, int], dict[str, str]]:
    """A room in its first talk: three people in Japan, one in China, press and parliament; numbers
    of persons and tokens by their names.
    """
    game = new_game(3, ("exporter", "target"), length=2)
    room, _ = registry.make(game, decides=decides, roles=("press", "market", "board:target"))
    tokens = {}
    for place, name in (
        ("exporter", "Beijing"),
        ("target", "Tokyo"),
        ("target", "Ann"),
        ("target", "Bob"),
        ("press", "Jo"),
        ("board:target", "Pia"),
    ):
        tokens[name] = registry.join(room.code, place, name)[1]
    to_talk(room)
    return room, {one.name: one.number for one in room.people.values()}, tokens


def test_a_member_is_told_who_is_there_and_who_speaks(registry: Rooms) -> None:
    room, people, _ = crowd(registry)
    room.enter("target", people["Ann"])
    told = views.own(room, "target", people["Ann"])
    assert told["members"] == [
        {"person": people["Tokyo"], "name": "Tokyo", "captain": True, "there": False},
        {"person": people["Ann"], "name": "Ann", "captain": False, "there": True},
        {"person": people["Bob"], "name": "Bob", "captain": False, "there": False},
    ]
    assert told["you"] == {"person": people["Ann"], "name": "Ann"}
    assert (told["captain"], told["speaks"], told["seals"], told["away"], told["ready"]) == (
        "Tokyo",
        False,
        False,
        True,
        None,
    )
    room.enter("target", people["Tokyo"])
    assert not views.own(room, "target", people["Ann"])["away"]
    captain = views.own(room, "target", people["Tokyo"])
    assert (captain["speaks"], captain["seals"], captain["away"]) == (True, True, False)


def test_a_proposal_is_told_with_its_votes_and_whether_it_is_on_the_sheet(
    registry: Rooms,
) -> None:
    room, people, _ = crowd(registry)
    room.do("propose", person=people["Ann"], move={**STOCK, "why": "for calm"})
    room.do("propose", person=people["Bob"], move=CONCEDE)
    room.do("vote", person=people["Bob"], proposal=1, yes=True)
    room.do("vote", person=people["Tokyo"], proposal=2, yes=False)
    told = views.own(room, "target", people["Bob"])
    first, second = told["proposals"]
    assert (first["by"], first["mine"], first["yes"], first["no"], first["vote"]) == (
        "Ann",
        False,
        2,
        0,
        True,
    )
    assert (first["label"], first["why"], first["on"], first["kept_off"]) == (
        "Build up stocks",
        "for calm",
        True,
        "",
    )
    assert (second["mine"], second["yes"], second["no"], second["on"]) == (True, 1, 1, False)
    assert told["wants"] == [{**STOCK, "why": "for calm"}]
    room.do("vote", person=people["Tokyo"], proposal=2, yes=True)
    (kept,) = [
        one for one in views.own(room, "target", people["Ann"])["proposals"] if one["proposal"] == 2
    ]
    assert (kept["vote"], kept["on"], kept["kept_off"]) == (None, False, "board")
    room.do("back", person=people["Pia"], yes=True)
    assert CONCEDE in views.own(room, "target", people["Ann"])["wants"]
    room.do("propose", person=people["Ann"], move=LOAN)
    full = views.own(room, "target", people["Ann"])["proposals"][-1]
    assert (full["on"], full["kept_off"]) == (False, "full")
    room.do("leave", person=people["Ann"])
    assert views.own(room, "target", people["Bob"])["proposals"][0]["by"] in ("", "Bob")


def test_a_majority_is_told_how_many_are_ready_and_how_many_are_needed(registry: Rooms) -> None:
    room, people, _ = crowd(registry, "majority")
    room.do("ready", person=people["Ann"])
    told = {name: views.own(room, "target", people[name]) for name in ("Tokyo", "Ann", "Bob")}
    assert [told[name]["ready"]["you"] for name in told] == [False, True, False]
    assert [(one["ready"]["count"], one["ready"]["needed"]) for one in told.values()] == [
        (1, 2)
    ] * 3
    assert not any(one["seals"] for one in told.values())


def test_who_is_alone_in_a_team_seals_in_either_mode_and_has_no_votes(registry: Rooms) -> None:
    for decides in ("captain", "majority"):
        room, people, _ = crowd(registry, decides)
        told = views.own(room, "exporter", people["Beijing"])
        assert (told["seals"], told["ready"], len(told["members"])) == (True, None, 1)
        room.do("seal", seat="exporter", person=people["Beijing"], moves=[BAN])
        assert room.sheets["exporter"].moves == [BAN]


def test_a_parliament_is_told_by_its_votes_and_not_by_who_cast_them(registry: Rooms) -> None:
    room, people, _ = crowd(registry)
    told = views.own(room, "target", people["Ann"])["boards"]
    assert told == {"target": {"yes": 0, "no": 0, "backed": False}}
    room.do("back", person=people["Pia"], yes=True)
    for seat, name in (("target", "Ann"), ("exporter", "Beijing")):
        assert views.own(room, seat, people[name])["boards"] == {
            "target": {"yes": 1, "no": 0, "backed": True}
        }
    room.do("leave", person=people["Pia"])
    assert views.own(room, "target", people["Ann"])["boards"] == {}


def busy_crowd(registry: Rooms) -> tuple[Room, dict[str, int], dict[str, str]]:
    """A room in which the team of Japan has done all that is its own, with marks to look for."""
    room, people, tokens = crowd(registry)
    room.do("propose", person=people["Ann"], move={**STOCK, "why": "mark-of-a-proposal"})
    room.do("vote", person=people["Bob"], proposal=1, yes=False)
    room.do(
        "seal", seat="target", person=people["Tokyo"], moves=[{**LOAN, "why": "mark-of-a-seal"}]
    )
    room.do("predict", when="before", seat="target", text="mark-of-a-thought", number=3)
    return room, people, tokens


def test_what_a_team_does_is_in_nobody_else_s_part(registry: Rooms) -> None:
    room, people, _ = busy_crowd(registry)
    marks = ("mark-of-a-proposal", "mark-of-a-seal", "mark-of-a-thought")
    inside = packed(views.own(room, "target", people["Ann"]))
    assert all(mark in inside for mark in marks)
    others = [
        views.common(room),
        views.own(room, "exporter", people["Beijing"]),
        views.own(room, "exporter", people["Ann"]),  # a number of another team
        views.own(room, "press", people["Jo"]),
        views.own(room, "board:target", people["Pia"]),
        views.on_paper(room, "target"),
        views.sheets_of(room),
    ]
    for part in others:
        told = packed(part)
        assert not any(mark in told for mark in marks)
        assert "Ann" not in told
    for place, name in (("press", "Jo"), ("board:target", "Pia")):
        part = views.own(room, place, people[name])
        assert (part["proposals"], part["wants"], part["members"]) == ([], [], [])
    stranger = views.own(room, "target", people["Beijing"])  # his page is never drawn so
    assert (stranger["you"], stranger["proposals"], stranger["seals"]) == (None, [], False)


def test_offers_are_in_the_parts_of_their_two_parties_alone(registry: Rooms) -> None:
    room, people, _ = crowd(registry)
    room.do("offer", by="target", person=people["Tokyo"], deal=TRUCE)
    for seat, name, told in (
        ("target", "Bob", 1),
        ("exporter", "Beijing", 1),
        ("press", "Jo", 0),
        ("board:target", "Pia", 0),
    ):
        part = views.own(room, seat, people[name])
        assert len(part.get("offers", [])) == told
    assert views.common(room)["agreed"] == []


def test_no_part_of_anybody_holds_a_token(registry: Rooms) -> None:
    room, _, tokens = busy_crowd(registry)
    digests = [one.token for one in room.people.values()]
    for one in room.people.values():
        told = packed([views.own(room, one.place, one.number), views.common(room)])
        assert not any(secret in told for secret in (*tokens.values(), *digests))


# ---------------------------------------------------------------- what pages of a class ask workers for


def test_a_worker_tells_each_page_only_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    from coercivity.viz.classroom.engine import telling

    game = new_game(3, ("exporter", "target"), length=1)
    told = {"facts": [1], "notes": [2], "own_acts": [3], "score": 4.5, "secret": "hidden"}
    monkeypatch.setattr(telling, "brief", lambda of, seat: told | {"notes": [of.seed, seat]})
    assert json.loads(game_jobs.brief(game, "target")) == {
        "numbers": [1],
        "notes": [3, "target"],
        "sentences": [None, None],
        "acts": [3],
        "score": 4.5,
    }
    monkeypatch.setattr(
        telling,
        "reveal",
        lambda _: {
            "deals_broken": [{"text": "broken"}],
            "news": [
                {"month": "2026-02", "actor": "a", "kind": "k", "text": "a plant stops", "more": 1}
            ],
            "losses": ["a"],
            "prices": ["b", "c"],
        },
    )
    assert json.loads(game_jobs.news(game)) == {
        "lines": [
            {"month": "", "text": "broken", "sentence": None, "actor": "", "kind": "", "big": True},
            {
                "month": "2026-02",
                "text": "a plant stops",
                "sentence": None,
                "actor": "a",
                "kind": "k",
                "big": False,
            },
        ],
        "numbers": ["a", "b", "c"],
    }


def test_decisions_come_with_the_reasons_that_teams_wrote_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from coercivity.viz.classroom.engine import debrief

    game = play_round(
        new_game(3, ("exporter", "target"), length=2),
        {"exporter": [{**BAN, "why": "to be seen"}]},
        [],
    )
    game = play_round(game, {}, [TRUCE])
    found = json.loads(game_jobs.decision_keys(game))
    whys = {one["key"]: one["why"] for one in found["all"]}
    assert whys == {"1.exporter.1": "to be seen", "2.deal.1": ""}
    assert set(found["first"]) <= set(whys)
    monkeypatch.setattr(debrief, "what_if", lambda of, key: {"key": key, "played": of.played})
    assert json.loads(game_jobs.decision(game, "1.exporter.1")) == {
        "key": "1.exporter.1",
        "played": 2,
    }


def test_scores_stand_beside_those_years_later_and_without_signals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from coercivity.viz.classroom.engine import debrief, reading, scoring

    game = new_game(3, ("exporter", "target"), length=1)
    now = {"score": 1.0, "goals": ["g"]}
    follow: dict[str, Any] = {"target": {"score": 2.0}}
    monkeypatch.setattr(
        scoring,
        "scores",
        lambda of: {"now": {"exporter": now, "target": now}, "follow_up": follow},
    )
    monkeypatch.setattr(debrief, "twin", lambda of: of)
    monkeypatch.setattr(reading, "read_game", lambda of: ("read", of))
    monkeypatch.setattr(
        scoring,
        "score_all",
        lambda read, of, months: (
            {seat: {"score": float(months)} for seat in of.seats} if read == ("read", of) else {}
        ),
    )
    assert json.loads(game_jobs.scores(game)) == {
        "exporter": {"now": 1.0, "later": None, "twin": 78.0, "goals": ["g"]},
        "target": {"now": 1.0, "later": 2.0, "twin": 78.0, "goals": ["g"]},
    }
    monkeypatch.setattr(
        debrief,
        "history",
        lambda of: {"headlines": ["row"], "answer": 7.9, "answer_twin": 0.0, "seed": of.seed},
    )
    assert json.loads(game_jobs.against_twin(game)) == {
        "rows": ["row"],
        "months": [7.9, 0.0],
        "answer": "7.9 months",
        "answer_twin": "0 months",
    }


def test_charts_of_a_game_reach_to_the_coming_round_or_to_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from coercivity.viz.server import jobs

    game = play_round(new_game(3, ("exporter", "target"), length=2), {"exporter": [BAN]}, [])
    asked: list[tuple[Any, ...]] = []

    def told(scenario: Any, seed: int, state: str, since: str, code: str = "en") -> str:
        bans = sum(event.kind == "dual_use_ban" for event in scenario.events)
        asked.append((scenario.months, bans > 0, seed, state, since))
        return "charts"

    monkeypatch.setattr(jobs, "history", told)
    monkeypatch.setattr(jobs, "twin", told)
    for job in (game_jobs.charts, game_jobs.twin):
        assert job(game, "Japan", False) == job(game, "Japan", True) == "charts"
    with_ban = asked[0][1]
    assert asked == [
        (30, with_ban, 3, "Japan", "2026-01-01"),
        (84, with_ban, 3, "Japan", "2026-01-01"),
        (30, False, 3, "Japan", "2026-01-01"),
        (84, False, 3, "Japan", "2026-01-01"),
    ]


def test_after_an_early_end_predictions_say_of_how_many_months(registry: Rooms) -> None:
    room, _ = filled(registry, length=6)
    room.do("predict", when="before", seat="target", text="long", number=20)
    for step in ("start", "talk", "close", "reveal"):
        room.do(step)
    asked = views.months_in_all(room.game)
    room.do("finish")
    room.do("predict", when="after", seat="target", text="", number=25)
    left = views.months_in_all(room.game)
    assert left == asked - 30
    (told,) = [one for one in views.all_predictions(room) if one["seat"] == "target"]
    (row,) = predictions_said([told], None)["seats"]
    assert row["before"]["said"] == f"20 months (of {asked})"
    assert row["after"]["said"] == f"25 months (of {left})"
