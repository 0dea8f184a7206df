"""Somebody in a class who forges what his page sends: he sees nothing of others, changes nothing of others, and reads one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ipyvue
import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game_state import pack_json
from coercivity.viz.classroom.pages import class_page
from coercivity.viz.classroom.pages.game_files import gallery_rows
from coercivity.viz.classroom.pages.seat_page import SeatPage
from coercivity.viz.classroom.rooms import room_lookup
from coercivity.viz.classroom.rooms.rate_limit import Brake
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import MOST_ACTS, MOST_OF_ONE, Room
from coercivity.viz.classroom.rooms.views import seat_view
from coercivity.viz.classroom.rooms.wall_views import wall_of
from coercivity.viz.screens.template import trouble
from tests.viz.rendered import Desk, Shown, shown
from tools.check.room_table import BAN, TRUCE, again, crowd, state, steps

SEATS = ("exporter", "target", "firm")
PEOPLE = (  # place, name: the first in a seat is its captain
    ("exporter", "Beijing"),
    ("exporter", "Bo"),
    ("target", "Tokyo"),
    ("target", "Tia"),
    ("target", "Tom"),
    ("firm", "Fay"),
    ("press", "Pia"),
    ("market", "Max"),
    ("board:target", "Dora"),
)
WHO = ("facilitator", *(name for _, name in PEOPLE))
PLACE = {"facilitator": "facilitator", **{name: place for place, name in PEOPLE}}
SECRETS = {  # words -> the place whose people may read them
    "zq-ban": "exporter",
    "zq-stock": "target",
    "zq-prop": "firm",
    "zq-guess": "target",
}
DEEP: Any = []
for _ in range(3000):
    DEEP = [DEEP]
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    float("nan"),
    float("inf"),
    10**400,
    "",
    "x" * 100_000,
    "<img src=x onerror=alert(1)>",
    "\ud800\u202e\x00",
    [],
    [None],
    [{"card": None}],
    {},
    {"card": ["threat"], "move": {"card": {}}, "claim": {}, "market": [], "side": {}},
    DEEP,
    {"deal": DEEP, "moves": DEEP, "offer": DEEP, "name": DEEP, "text": DEEP, "number": DEEP},
)


@pytest.fixture(autouse=True)
def patient_door(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_lookup, "WRONG", (Brake(10_000, 60.0, what="wrong codes"),))


def full(registry: Rooms) -> tuple[Room, dict[str, str]]:
    """A room with somebody in every place, in the middle of its first round."""
    room, number, tokens = crowd(registry, *PEOPLE, seats=SEATS)
    for one in room.people.values():
        room.enter(one.place, one.number)  # so that nobody may step in for a captain
    room.do(
        "predict", person=number["Tokyo"], when="before", seat="target", text="zq-guess", number=3
    )
    steps(room, "start talk")
    room.do("offer", person=number["Beijing"], by="exporter", deal=TRUCE)
    room.do("seal", person=number["Beijing"], seat="exporter", moves=[{**BAN, "why": "zq-ban"}])
    room.do("propose", person=number["Tia"], move={"card": "concession", "why": "zq-stock"})
    supplier = {"card": "supplier", "strength": "half", "how_long": "year", "why": "zq-prop"}
    room.do("propose", person=number["Fay"], move=supplier)
    room.do("headline", person=number["Pia"], claim="measure", sure=60, text="Soon")
    room.do("bet", person=number["Max"], market="price_dy", side="up", coins=30)
    room.do("back", person=number["Dora"], yes=True)
    return room, tokens


def theirs(room: Room, who: str) -> str:
    """Everything in a room that is not the affair of this person (of the team, where it is one)."""
    place, number = PLACE[who], next((n for n, one in room.people.items() if one.name == who), 0)
    mine = [one.number for one in room.offers if place in one.parties]

    def of_others(by_seat: Any, told: Callable[[Any], Any]) -> dict[str, Any]:
        return {seat: told(one) for seat, one in by_seat.items() if seat != place}

    said = [*room.headlines, *room.bets]
    told: list[Any] = [
        sorted(
            (one.number, one.place, one.token)
            for one in room.people.values()
            if one.number != number
        ),
        of_others(room.teams, lambda team: [team.name, team.captain]),
        of_others(room.sheets, lambda sheet: [sheet.moves, sheet.paper]),
        of_others(room.proposals, lambda held: [[p.number, p.move, p.votes] for p in held]),
        [[one.number, one.state] for one in room.offers if one.number not in mine],
        [str(one) for one in said if one.person != number],
        [
            [seat, n, yes]
            for seat, votes in room.backs.items()
            for n, yes in votes.items()
            if n != number
        ],
        [[str(key), said] for key, said in room.predictions.items() if key[1] != place],
        [room.game.played, room.phase, room.peeks, room.clock.runs, room.clock.left],
    ]
    return json.dumps(told, sort_keys=True, default=str)


@contextmanager
def page_of(room: Room, token: str) -> Iterator[Shown]:
    with shown(class_page.Page, class_page.address(room, token)) as page:
        yield page


def widgets(page: Shown) -> list[Any]:
    return list(page._rendering.find(ipyvue.VueTemplate).widgets)


def handlers(page: Shown) -> list[str]:
    """Names of all events that the parts of a page hear."""
    return sorted({name for one in widgets(page) for name in dir(one) if name.startswith("vue_")})


def seen(page: Shown) -> str:
    """All texts that the page has been given."""
    told = [
        str(getattr(one, name))
        for one in widgets(page)
        for name in one.trait_names()
        if name in one.keys and name not in ("template", "css", "methods", "data")
    ]
    return "\n".join([*told, *page.texts()])


def send(page: Shown, handler: str, given: Any) -> list[str]:
    """Let the page hear an event, as a browser would; what it says of it."""
    for one in widgets(page):
        if hear := getattr(one, handler, None):
            hear(given)
    said = [one.problem for one in widgets(page) if one.has_trait("problem") and one.problem]
    return [*said, *([trouble.value] if trouble.value else [])]


def check_said(said: list[str]) -> None:
    for line in said:
        assert "\n" not in line
        assert "Traceback" not in line
        assert len(line) < 1000


@pytest.mark.parametrize("who", WHO)
def test_nobody_is_given_what_is_private_to_others(registry: Rooms, who: str) -> None:
    room, tokens = full(registry)
    with page_of(room, tokens[who]) as page:
        told = seen(page)
        assert room.code in told  # it is the page, and not the door
        for words, place in SECRETS.items():
            if PLACE[who] != place:
                assert words not in told, (who, words)
        if PLACE[who] not in ("exporter", "target"):
            assert '"state":"open"' not in told
        for name, token in tokens.items():
            assert (token in told) <= (name == who), (who, name)
        for one in room.people.values():
            assert one.token not in told
        assert room.facilitator not in told


def test_the_wall_is_given_nothing_private_and_takes_no_orders(registry: Rooms) -> None:
    room, tokens = full(registry)
    before = state(room)
    with shown(class_page.Page, f"/class?room={room.code}&wall=1") as page:
        told = seen(page)
        for words in (*SECRETS, '"state":"open"', *tokens.values()):
            assert words not in told
        for handler in handlers(page):
            if handler in ("vue_join", "vue_make", "vue_rehearse", "vue_solo"):
                continue  # the door's, which makes rooms
            for given in (*ODD, *(forge(room) for forge in FORGED)):
                check_said(send(page, handler, given))
        assert state(room) == before
        room.do("close")
        told = seen(page)
        assert not any(words in told for words in ("dual_use_ban", "concession", *SECRETS))


@pytest.mark.parametrize("who", ["Tokyo", "Bo", "Pia"])
def test_the_token_of_another_place_opens_no_seat(registry: Rooms, who: str) -> None:
    room, tokens = full(registry)
    for seat in {*SEATS} - {PLACE[who]}:
        with shown(lambda seat=seat: SeatPage(room=room, seat=seat, token=tokens[who])) as page:
            assert handlers(page) == []  # a sentence, and no event to send
            assert all(words not in seen(page) for words in (*SECRETS, '"open"'))


def opens(room: Room, token: object) -> str:
    """What a page says where an address opens nothing; '' where it opens a place."""
    with shown(class_page.Page, class_page.address(room, token)) as page:  # type: ignore[arg-type]
        assert all(words not in seen(page) for words in SECRETS)
        if not page.parts("look"):
            return ""
        said = page.part("look").problem
        check_said([said])
        return str(said)


def test_tokens_that_are_guessed_or_of_another_room_open_nothing(registry: Rooms) -> None:
    room, tokens = full(registry)
    other, others = full(registry)
    before = state(room), state(other)
    digests = [one.token for one in room.people.values()]
    wrong = [
        *others.values(),
        *digests,
        "0" * 32,
        "facilitator",
        "target",
        "1",
        "None",
        tokens["Tia"].upper()[:-1],
        tokens["Tia"] + "0",
    ]
    for token in wrong:
        said = opens(room, token)
        assert said, token
    assert (state(room), state(other)) == before


@pytest.mark.parametrize("how", ["leave", "free"])
def test_an_old_token_and_an_open_page_do_nothing(registry: Rooms, how: str) -> None:
    room, tokens = full(registry)
    number = room.known(tokens["Tokyo"])[1]
    with page_of(room, tokens["Tokyo"]) as page:
        sheet = page.part("seal") if page.parts("seal") else None
        room.do("leave", person=number) if how == "leave" else room.do("free", seat="target")
        before = state(room)
        if sheet is not None:
            sheet.vue_seal({"round": room.round, "given": []})
        assert state(room) == before
        assert all(words not in seen(page) for words in SECRETS)
    assert "opens no seat" in opens(room, tokens["Tokyo"])


FORGED: tuple[Callable[[Room], dict[str, Any]], ...] = (
    lambda room: {"person": room.teams["exporter"].captain, "seat": "exporter", "by": "exporter"},
    lambda room: {"person": room.teams["target"].captain, "seat": "target", "by": "target"},
    lambda room: {"person": None, "paper": True, "seat": "exporter", "moves": [], "yes": True},
    lambda room: {"name": "close", "do": "close", "what": "close", "absent": True, "by": 0},
    lambda room: {"name": "reveal", "do": "reveal", "token": "0" * 64, "robot": True},
    lambda room: {"name": "free", "seat": "exporter", "card": "threat", "whom": "ally"},
    lambda room: {"offer": 1, "answer": "withdrawn", "proposal": 2, "vote": True, "yes": False},
    lambda room: {"when": "before", "seat": "firm", "text": "mine", "number": 1},
    lambda room: {"claim": "measure", "sure": 90, "text": "forged", "person": 7},
    lambda room: {"market": "price_dy", "side": "down", "coins": 100, "person": 8},
    lambda room: {"name": "peek", "place": "facilitator", "who": "facilitator", "at": 0},
)


@pytest.mark.parametrize("who", ["Beijing", "Tia", "Fay", "Pia", "Max", "Dora"])
def test_forged_fields_change_nothing_of_others(registry: Rooms, who: str) -> None:
    room, tokens = full(registry)
    before, number = theirs(room, who), room.known(tokens[who])[1]
    captains = {seat: team.captain for seat, team in room.teams.items()}
    with page_of(room, tokens[who]) as page:
        for handler in handlers(page):
            for forge in FORGED:
                sent = {"round": room.round, "given": forge(room), **forge(room)}
                check_said(send(page, handler, sent))
                assert theirs(room, who) == before, (handler, forge(room))
    if number in room.people and captains.get(PLACE[who]) != number:  # nor his own captain's
        assert room.teams.get(PLACE[who], None) is None or (
            room.teams[PLACE[who]].captain == captains[PLACE[who]]
        )
        assert [one.number for one in room.offers if one.state != "open"] == []
        assert room.sheets.get(PLACE[who]) is None or PLACE[who] == "exporter"


@pytest.mark.parametrize("who", ["facilitator", "Beijing", "Tia", "Pia", "Max", "Dora"])
def test_odd_values_are_answered_and_break_nothing(
    registry: Rooms, who: str, tmp_path: Path
) -> None:
    room, tokens = full(registry)
    with page_of(room, tokens[who]) as page:
        for handler in handlers(page):
            for odd in (*ODD, *({"round": room.round, "given": one} for one in ODD)):
                before = theirs(room, who)
                check_said(send(page, handler, odd))
                if who != "facilitator":
                    assert theirs(room, who) == before, (handler, str(odd)[:40])
    room.settle()
    back = again(registry).get(room.code)  # the journal holds nothing that cannot be replayed
    restarts = int(room.clock.runs)
    assert back.events == room.events + restarts
    for seat in SEATS:
        assert seat_view(back, seat) == seat_view(room, seat)
    assert (back.headlines, back.bets, back.backs) == (room.headlines, room.bets, room.backs)
    assert list((tmp_path / "rooms").glob("*damaged*")) == []


def test_odd_values_at_the_door_make_no_room(registry: Rooms) -> None:
    room, _ = full(registry)
    before = state(room)
    with shown(class_page.Page, f"/class?room={room.code}") as page:
        for handler in handlers(page):
            for odd in (
                *ODD,
                {"code": room.code, "seat": DEEP, "name": {}},
                {"code": room.code, "seat": "facilitator", "name": "x"},
            ):
                check_said(send(page, handler, odd))
    assert state(room) == before
    assert len(registry) == 1


def numbers(room: Room) -> dict[str, int]:
    return {one.name: one.number for one in room.people.values()}


NOT_HIS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Tia", "seal", {"seat": "target", "moves": []}),
    ("Beijing", "seal", {"seat": "target", "moves": []}),
    ("Bo", "unseal", {"seat": "exporter"}),
    ("Tokyo", "unseal", {"seat": "exporter"}),
    ("Tia", "answer", {"by": "target", "offer": 1, "answer": "accepted"}),
    ("Fay", "answer", {"by": "target", "offer": 1, "answer": "accepted"}),
    ("Fay", "answer", {"by": "firm", "offer": 1, "answer": "accepted"}),
    ("Bo", "offer", {"by": "exporter", "deal": {**TRUCE, "rounds": "1"}}),
    ("Fay", "offer", {"by": "exporter", "deal": {**TRUCE, "rounds": "1"}}),
    ("Beijing", "vote", {"proposal": 1, "yes": True}),
    ("Fay", "withdraw", {"proposal": 1}),
    ("Tom", "withdraw", {"proposal": 1}),
    ("Pia", "propose", {"move": {"card": "concession"}}),
    ("Max", "headline", {"claim": "deal", "sure": 60, "text": "x"}),
    ("Pia", "bet", {"market": "price_dy", "side": "up", "coins": 1}),
    ("Tokyo", "back", {"yes": True}),
    ("Tia", "captain", {"by": 4}),
    ("Fay", "predict", {"when": "before", "seat": "target", "text": "x", "number": 1}),
    ("Tokyo", "ready", {}),
)


def test_who_does_not_speak_for_a_place_does_nothing_there(registry: Rooms) -> None:
    room, _ = full(registry)
    before = state(room), pack_json([one.votes for one in room.proposals["target"]])
    for who, what, fields in NOT_HIS:
        with pytest.raises(InputError) as refused:
            room.do(what, person=numbers(room)[who], **fields)
        check_said([str(refused.value)])
        now = state(room), pack_json([one.votes for one in room.proposals["target"]])
        assert now == before, (who, what)


def test_a_person_is_a_whole_number_of_somebody_there(registry: Rooms) -> None:
    room, _ = full(registry)
    before = state(room)
    for what, fields in (
        ("seal", {"seat": "exporter", "moves": []}),
        ("propose", {"move": {"card": "threat", "whom": "target"}}),
        ("leave", {}),
        ("captain", {"absent": True}),
        ("bet", {"market": "price_dy", "side": "up", "coins": 1}),
    ):
        for person in (True, 1.0, "1", 99, -1, 0, [1], {"person": 1}):
            with pytest.raises(InputError, match="is not in this room"):
                room.do(what, person=person, **fields)
    assert state(room) == before


def test_odd_values_in_events_are_refused_by_the_rules(registry: Rooms) -> None:
    room, _ = full(registry)
    before = state(room)
    for odd in ODD[1:]:
        for what, fields in events_of(numbers(room), odd):
            try:
                room.do(what, **fields)
            except InputError as error:
                check_said([str(error)])
            assert state(room) == before, (what, str(fields)[:60])


def events_of(who: dict[str, int], odd: Any) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Events of a room with an odd value in each of their fields."""
    return (
        ("propose", {"person": who["Tia"], "move": odd}),
        ("vote", {"person": who["Tom"], "proposal": odd, "yes": "maybe"}),
        ("vote", {"person": who["Tom"], "proposal": 1, "yes": [odd]}),
        ("headline", {"person": who["Pia"], "claim": odd, "sure": odd, "text": "x"}),
        ("headline", {"person": who["Pia"], "claim": "deal", "sure": odd, "text": "x"}),
        ("bet", {"person": who["Max"], "market": odd, "side": odd, "coins": odd}),
        ("bet", {"person": who["Max"], "market": "price_dy", "side": "up", "coins": [odd]}),
        ("back", {"person": who["Dora"], "yes": [odd]}),
        ("offer", {"person": who["Tokyo"], "by": "target", "deal": odd}),
        ("answer", {"person": who["Tokyo"], "by": "target", "offer": odd, "answer": odd}),
        ("seal", {"person": who["Tokyo"], "seat": odd, "moves": odd}),
        ("seal", {"person": who["Fay"], "seat": "firm", "moves": {"0": odd}}),
        ("join", {"seat": odd, "name": odd, "token": odd}),
        ("clock", {"left": [odd], "runs": odd}),
        ("captain", {"person": odd, "by": odd}),
        ("free", {"seat": odd}),
    )


def test_nobody_fills_the_room_with_what_he_does(registry: Rooms) -> None:
    room, _ = full(registry)
    tom = numbers(room)["Tom"]
    for number in range(MOST_ACTS):
        room.do("vote", person=tom, proposal=1, yes=bool(number % 2))
    with pytest.raises(InputError, match="changes of one hand"):
        room.do("vote", person=tom, proposal=1, yes=True)
    room.do("vote", person=numbers(room)["Tokyo"], proposal=1, yes=True)  # others go on


def test_nobody_fills_the_journal_with_what_nobody_sees(registry: Rooms) -> None:
    room, _ = full(registry)
    who = numbers(room)
    blank = "Hi" + " " * 15_700
    with pytest.raises(InputError, match="too many at once"):
        room.do("headline", person=who["Pia"], claim="deal", sure=60, text=blank)
    text, most = "Hi" + " " * 5_000, MOST_OF_ONE // 5_000
    for _ in range(most):
        room.do("headline", person=who["Pia"], claim="deal", sure=60, text=text)
        room.do("unprint", person=who["Pia"], claim="deal")
    with pytest.raises(InputError, match="characters of one hand"):
        room.do("headline", person=who["Pia"], claim="deal", sure=60, text=text)
    room.do("vote", person=who["Tokyo"], proposal=1, yes=True)  # others go on
    steps(room, "close reveal next")
    room.do("headline", person=who["Pia"], claim="deal", sure=60, text="Hi")  # a new round


def test_the_facilitator_takes_the_words_of_a_headline_off(registry: Rooms) -> None:
    room, tokens = full(registry)
    who = numbers(room)
    room.do("headline", person=who["Pia"], claim="deal", sure=60, text="An insult")
    room.do("leave", person=who["Pia"])
    assert "An insult" in pack_json(wall_of(room))
    with page_of(room, tokens["facilitator"]) as page:
        printed = json.loads(page.part("act").page)["printed"]
        (mine,) = [one for one in printed if one["text"] == "An insult"]
        part = page.part("act")
        part.vue_act({"name": "plain", **{key: mine[key] for key in ("round", "author", "claim")}})
        assert all(one["text"] != "An insult" for one in json.loads(part.page)["printed"])
    assert "An insult" not in pack_json([wall_of(room), [list(one) for one in gallery_rows(room)]])
    assert [one.claim for one in room.headlines][-1] == "deal"  # it is scored as before
    assert again(registry).get(room.code).headlines == room.headlines
    with pytest.raises(InputError, match="no words of its own"):
        room.do("plain", round=1, author=who["Pia"], claim="deal")
