"""The pages of press, market and parliament without a browser: what each shows in each phase, what
it refuses, and how many words stand before the first decision.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import ipyvue
import pytest

from coercivity.viz.classroom.pages import class_page, game_jobs
from coercivity.viz.classroom.pages.roles import page_of_role, role_gone
from coercivity.viz.classroom.rooms import codes, gallery_jobs
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import WORDS
from coercivity.viz.words.in_template import sentences
from coercivity.viz.words.refusals import in_words
from tests.viz.classroom.gallery_room import (
    NUMBERS,
    PLACES,
    brief,
    gallery_room,
    play,
    secrets,
    settled,
)
from tests.viz.classroom.room_table import Watch, to_talk
from tests.viz.rendered import Desk, Shown, shown

MOST_WORDS = 150
PAGES = Path(class_page.__file__).parent
ROLES = {"Jo": "publish", "Mo": "bet", "Pia": "back"}  # somebody in each role, what they send
TEMPLATES = {"Jo": "press", "Mo": "market", "Pia": "board"}


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Rooms:
    one = Rooms(None, Watch())
    for module in (class_page, codes):
        monkeypatch.setattr(module, "rooms", lambda: one)
    return one


def page_of(room: Room, tokens: dict[str, str], name: str) -> Any:
    return shown(class_page.Page, class_page.address(room, tokens[name]))


def own(page: Shown, hears: str) -> Any:
    return json.loads(page.part(hears).own)


def top(page: Shown) -> Any:
    return json.loads(page.part("end").page)


def everything(page: Shown) -> str:
    """All that the page has been given."""
    parts = page._rendering.find(ipyvue.VueTemplate).widgets
    return "\n".join(
        str(getattr(part, name)) for part in parts for name in part.trait_names() if name != "comm"
    )


# ---------------------------------------------------------------- each phase


@pytest.mark.parametrize("name", list(ROLES))
def test_a_role_opens_its_own_page_and_each_phase_says_what_is_done(
    desk: Desk, registry: Rooms, name: str
) -> None:
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


@pytest.mark.parametrize("name", list(ROLES))
def test_a_role_is_given_nothing_of_a_team(desk: Desk, registry: Rooms, name: str) -> None:
    room, tokens, who = gallery_room(registry)
    to_talk(room)
    words = secrets(room, who)
    with page_of(room, tokens, name) as page:
        room.do("close")  # drawn with all that was done
        for word in words:
            assert word not in everything(page), word
        assert f": {name}" in everything(page)  # its own part is among what was looked through


@pytest.mark.parametrize("name", list(ROLES))
def test_few_words_stand_before_the_first_decision(desk: Desk, registry: Rooms, name: str) -> None:
    """Counted from above: all texts of the template, whatever the phase, and all that is given for
    it, but for what is folded away, stands in a list to choose from, or tells of rounds before. A button
    that each number has is counted once here, and as it is seen in test_gallery_browser.py.
    """
    room, tokens, _ = gallery_room(registry)
    room.do("start")
    with page_of(room, tokens, name) as page:
        if name == "Mo":
            desk.answer(gallery_jobs.numbers, NUMBERS)
        if name == "Pia":
            desk.answer(game_jobs.brief, BRIEF)
        told = own(page, ROLES[name])
        for folded in ("about", "claims", "enough"):
            told.pop(folded, None)
        given = [*_texts(told), *_texts(_of_top(top(page)))]
    template = (PAGES / f"{TEMPLATES[name]}.vue").read_text(encoding="utf-8")
    template = re.sub(
        r'<table v-if="[^"]*" class="cv-table gl-ranks">(?s:.*?)</table>', "", template
    )
    counted = sum(len(_words(text)) for text in (*given, *sentences(template)))
    assert 30 < counted <= MOST_WORDS


BRIEF = brief("down", "lost", "cost", "dependence", "waiting")


def _of_top(page: Any) -> Any:
    """What the top shows of the room."""
    seats = [[one["actor"], one["team"], "not sealed yet"] for one in page["seats"]]
    return [
        page["words"],
        "You are Pia (Parliament of Japan).",
        "Round 1 of 2: January 2026 to June 2026",
        "6:00 the clock stands",
        seats,
    ]


def _texts(value: Any, key: str = "") -> list[str]:
    """All texts in a value, but for names of the code."""
    if isinstance(value, str):
        return [] if key in ("id", "phase", "side", "claim") else [value]
    if isinstance(value, dict):
        return [text for name, one in value.items() for text in _texts(one, name)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return []


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9][\w'’.,%/-]*", re.sub(r"\{\w+\}", "", text))


# ---------------------------------------------------------------- what is done


def test_a_paper_prints_takes_back_and_reads_why_not(desk: Desk, registry: Rooms) -> None:
    room, tokens, _ = gallery_room(registry)
    to_talk(room)
    with page_of(room, tokens, "Jo") as page:
        part = page.part("publish")
        good = {"round": 1, "claim": "measure", "sure": 90, "text": "<b>Bans</b>"}
        for wrong, says in (
            ({**good, "claim": "gold"}, "“gold” is not known. Reload the page"),
            ({**good, "claim": None}, "is not known"),
            ({**good, "sure": 99}, "“99” does not fit. Use one of 60, 75, 90"),
            ({**good, "text": "x" * 5000}, "Use at most 90."),
            ({**good, "round": 2}, "This is round 1: look at the page again."),
            ("no fields at all", "This is round 1: look at the page again."),
        ):
            page.tell("publish", wrong)
            assert says in part.problem
            assert room.headlines == []
        page.tell("publish", good)
        assert part.problem == ""
        assert own(page, "publish")["mine"][0]["text"] == "<b>Bans</b>"  # shown as text
        page.tell("publish", good)
        assert "You have printed this already. Take it back" in part.problem
        page.tell("unprint", {"round": 1, "claim": "measure"})
        assert (part.problem, room.headlines) == ("", [])
        for claim in ("measure", "deal", "stops"):
            page.tell("publish", {**good, "claim": claim})
        assert own(page, "publish")["left"] == 0
        page.tell("publish", {**good, "claim": "breach"})
        assert "3 headlines a half-year are enough" in part.problem
        room.do("close")
        page.tell("unprint", {"round": 1, "claim": "deal"})
        assert "Not now: the round is closed." in part.problem
        assert len(room.headlines) == 3
        room.do("reveal")
        room.do("next")
        page.tell("publish", good)  # from a page of the round before
        assert "This is round 2: look at the page again." in part.problem
        assert len(room.headlines) == 3


def test_a_trader_bets_within_his_purse_and_not_from_an_old_page(
    desk: Desk, registry: Rooms
) -> None:
    room, tokens, _ = gallery_room(registry)
    to_talk(room)
    with page_of(room, tokens, "Mo") as page:
        part = page.part("bet")
        good = {"round": 1, "market": "exports", "side": "up", "coins": 50}
        for wrong, says in (
            ({**good, "coins": 101}, "You stake 101 coins, and 100 of 100 are left"),
            ({**good, "coins": "50"}, "does not fit"),
            ({**good, "side": "left"}, "“left” is not known"),
            ({**good, "market": ["gold"]}, "is not known"),
            ({**good, "round": 0}, "This is round 1: look at the page again."),
        ):
            page.tell("bet", wrong)
            assert says in part.problem
            assert room.bets == []
        page.tell("bet", good)
        assert (part.problem, own(page, "bet")["left"]) == ("", 50)
        page.tell("bet", {**good, "coins": 100})  # in place of the first one
        assert own(page, "bet")["left"] == 0
        page.tell("bet", {**good, "coins": 0})
        assert own(page, "bet")["left"] == 100
        page.tell("bet", good)
        room.do("close")
        page.tell("bet", {**good, "coins": 10})
        assert "Not now: the round is closed." in part.problem
        room.do("reveal")
        room.do("next")
        page.tell("bet", good)
        assert "This is round 2: look at the page again." in part.problem
        assert [(one.round, one.coins) for one in room.bets] == [(1, 50)]


def test_a_member_votes_until_the_round_closes(desk: Desk, registry: Rooms) -> None:
    room, tokens, who = gallery_room(registry)
    room.do("start")
    with page_of(room, tokens, "Pia") as page:
        part = page.part("back")
        for yes in (True, False, None):
            page.tell("back", {"round": 1, "yes": yes})
            assert own(page, "back")["vote"] is yes
        page.tell("back", {"round": 1, "yes": "maybe"})
        assert "Vote “maybe” is neither yes nor no." in part.problem
        room.do("talk")
        page.tell("back", {"round": 1, "yes": True})
        room.do("close")
        page.tell("back", {"round": 1, "yes": False})
        assert "Not now: the round is closed." in part.problem
        assert room.backs["target"] == {who["Pia"]: True}


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
            in_words(role_gone()),
            room.code,
        )
        getattr(part, f"vue_{ROLES[name]}")(  # sent before the page was drawn anew
            {"round": 1, "claim": "deal", "sure": 60, "text": "", "yes": True}
            | {"market": "exports", "side": "up", "coins": 10}
        )
        assert (room.headlines, room.bets, room.backs) == ([], [], {})


# ---------------------------------------------------------------- what the model says


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
            desk.answer(gallery_jobs.settled, settled({1: ({"exports": "up"}, {"deal"})}))
            told = own(page, hears)
            assert not page.part(hears).busy
            assert told["known"]
            assert [one["name"] for one in told[table] if one["me"]] == [name]
    with page_of(room, tokens, "Mo") as page:
        desk.answer(gallery_jobs.settled, RuntimeError("no world"))
        assert page.part("bet").failed
        assert page.part("bet").problem == ""
        room.do("next")
        assert page.part("bet").failed == ""
        desk.answer(gallery_jobs.numbers, NUMBERS)
        assert own(page, "bet")["markets"][0]["value"] == 100.0
    assert "no world" in caplog.text
