"""The pages of press, market and parliament without a browser: what each shows in each phase, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coercivity.viz.classroom.pages import class_page
from coercivity.viz.classroom.pages.role_pages import page_of_role, role_left_error
from coercivity.viz.classroom.rooms import gallery_jobs
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import WORDS
from coercivity.viz.words.refusals import refusal_in_words
from tests.viz.classroom.gallery_room import NUMBERS, PLACES, gallery_room, play, settled
from tests.viz.classroom.room_table import steps, to_talk
from tests.viz.rendered import Desk, Shown, shown

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


@pytest.mark.parametrize("name", list(ROLES))
def test_who_has_left_is_told_and_can_do_nothing(desk: Desk, registry: Rooms, name: str) -> None:
    room, tokens, who = gallery_room(registry)
    to_talk(room)
    draw = page_of_role(PLACES[name])
    assert draw is not None
    with shown(lambda: draw(room=room, seat=PLACES[name], token=tokens[name])) as page:
        part = page.part(ROLES[name])
        room.do("leave", person=who[name])
        assert (page.part("words").words, page.part("words").code) == (
            refusal_in_words(role_left_error()),
            room.code,
        )
        getattr(part, f"vue_{ROLES[name]}")(  # sent before the page was drawn anew
            {"round": 1, "claim": "deal", "sure": 60, "text": "", "yes": True}
            | {"market": "exports", "side": "up", "coins": 10}
        )
        assert (room.headlines, room.bets, room.backs) == ([], [], {})


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
            desk.answer(gallery_jobs.settled_bets, settled({1: ({"exports": "up"}, {"deal"})}))
            told = own(page, hears)
            assert not page.part(hears).busy
            assert told["known"]
            assert [one["name"] for one in told[table] if one["me"]] == [name]
    with page_of(room, tokens, "Mo") as page:
        desk.answer(gallery_jobs.settled_bets, RuntimeError("no world"))
        assert page.part("bet").failed
        assert page.part("bet").problem == ""
        room.do("next")
        assert page.part("bet").failed == ""
        desk.answer(gallery_jobs.numbers, NUMBERS)
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
