"""Rooms of the class game: phases, tokens, deals, sheets, predictions, and what each seat may see."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.journal import from_dict, to_dict
from coercivity.viz.classroom.engine.pieces import packed
from coercivity.viz.classroom.pages.game_files import table
from coercivity.viz.classroom.rooms import room as room_module
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.tokens import LETTERS, clean_name, digest, new_code, read_code
from coercivity.viz.classroom.rooms.views import (
    all_predictions,
    captain_is_away,
    choices_of,
    common,
    last_round,
    on_paper,
    own,
    sheets_of,
    told_rounds,
)
from tests.viz.classroom.room_table import (
    BAN,
    TRUCE,
    Watch,
    again,
    close_all,
    filled,
    open_registry,
    to_talk,
)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def registry(tmp_path: Path, watch: Watch) -> Iterator[Rooms]:
    yield open_registry(tmp_path / "rooms", watch)
    close_all()


# ---------------------------------------------------------------- phases and the clock


def test_a_game_goes_from_the_lobby_to_the_debrief(registry: Rooms) -> None:
    room, _ = filled(registry)
    seen = [room.phase]
    for step in ("start", "talk", "close", "reveal", "next", "talk", "close", "reveal", "finish"):
        room.do(step)
        seen.append(room.phase)
    assert seen == [
        "lobby",
        "brief",
        "talk",
        "sealed",
        "reveal",
        "brief",
        "talk",
        "sealed",
        "reveal",
        "debrief",
    ]
    assert (room.game.played, room.game.over) == (2, True)


@pytest.mark.parametrize("step", ["talk", "close", "reopen", "reveal", "next", "finish", "peek"])
def test_a_step_out_of_its_phase_is_refused_and_changes_nothing(registry: Rooms, step: str) -> None:
    room, _ = filled(registry)
    with pytest.raises(InputError, match="not now"):
        room.do(step)
    assert (room.phase, room.game.played) == ("lobby", 0)


def test_no_ninth_round(registry: Rooms) -> None:
    room, _ = filled(registry, length=1)
    to_talk(room)
    room.do("close")
    room.do("reveal")
    with pytest.raises(InputError, match="all rounds are played"):
        room.do("next")


def test_a_game_may_end_early_and_is_then_as_long_as_it_was_played(registry: Rooms) -> None:
    room, _ = filled(registry, length=8)
    to_talk(room)
    room.do("close")
    room.do("reveal")
    room.do("finish")
    assert (room.game.length, room.game.over, room.phase) == (1, True, "debrief")


def test_the_round_closes_when_its_time_is_up_and_not_before(registry: Rooms, watch: Watch) -> None:
    room, _ = filled(registry)
    to_talk(room)
    watch.time += 300
    room.tick()
    assert (room.phase, room.clock.at(watch())) == ("talk", 60.0)
    room.do("clock", left=120.0, runs=False)  # the facilitator gives a minute and pauses
    watch.time += 1000
    room.tick()
    assert room.phase == "talk"
    room.do("clock", left=120.0, runs=True)
    watch.time += 121
    room.tick()
    assert room.phase == "sealed"
    room.do("reopen")
    assert (room.phase, room.clock.at(watch())) == ("talk", 120.0)


# ---------------------------------------------------------------- who


def test_a_token_opens_its_own_seat_and_no_other(registry: Rooms) -> None:
    room, tokens = filled(registry)
    assert {room.who(token) for token in tokens.values()} == {
        "facilitator",
        "exporter",
        "target",
        "firm",
    }
    assert all(room.who(token) == who for who, token in tokens.items())
    assert len(set(tokens.values())) == 4
    assert all(len(token) == 32 for token in tokens.values())
    for wrong in (
        "",
        "0" * 32,
        tokens["target"][:-1],
        room.at("target")[0].token,
        room.facilitator,
    ):
        assert room.who(wrong) == ""


def test_a_seat_is_its_team_s_until_it_is_freed(registry: Rooms) -> None:
    room, tokens = filled(registry)
    _, member = registry.join(room.code, "target", "Thieves", "Ann")
    assert (room.who(member), room.teams["target"].name) == ("target", "Tokyo")
    with pytest.raises(InputError, match="seat 'bloc' is not played in this room"):
        registry.join(room.code, "bloc", "Brussels")
    room.do("free", seat="target")
    assert room.who(tokens["target"]) == room.who(member) == ""
    _, token = registry.join(room.code.lower(), "target", "Kyoto")
    assert (room.who(token), room.teams["target"].name) == ("target", "Kyoto")


def test_codes_have_no_look_alikes_and_forgive_small_letters() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) > 195
    assert not set("".join(codes)) & set("AEIOU0123456789LQSV")
    code = codes.pop()
    assert read_code(f" {code[:3].lower()} {code[3:]} ") == code
    for wrong in ("", "ABCDEF", code + "B", "../../x", None, 7):
        with pytest.raises(InputError, match="is not a room's code"):
            read_code(wrong)
    assert len(LETTERS) == 16


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  Team \n Tokyo ", "Team Tokyo"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a\u202eb\x00c\u200b", "abc"),
        ("東京", "東京"),
    ],
)
def test_a_team_name_is_plain_text_on_one_line(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.parametrize("given", ["", "  \u200b", "x" * 31, None])
def test_a_name_that_is_none_is_refused(given: Any) -> None:
    with pytest.raises(InputError, match=r"^name "):
        clean_name(given)


# ---------------------------------------------------------------- sheets and deals


def test_a_sheet_can_be_changed_until_the_round_closes(registry: Rooms) -> None:
    room, _ = filled(registry)
    to_talk(room)
    room.do("seal", seat="exporter", moves=[BAN])
    room.do("unseal", seat="exporter")
    room.do("seal", seat="exporter", moves=[{"card": "threat", "whom": "target"}])
    assert set(room.sheets) == {"exporter"}
    room.do("close")
    with pytest.raises(InputError, match="not now"):
        room.do("seal", seat="target", moves=[])
    room.do("seal", seat="target", moves=[], paper=True)  # the facilitator enters a missing sheet
    with pytest.raises(InputError, match="has sealed a sheet itself"):
        room.do("seal", seat="exporter", moves=[], paper=True)
    room.do("reveal")
    assert [move.card for move in room.game.rounds[0].of("exporter")] == ["threat"]


@pytest.mark.parametrize(
    "moves",
    [
        [{"card": "tariff"}],
        [{"card": "dual_use_ban"}],
        [BAN, BAN],
        [BAN] * 9,
        "BAN",
        [{**BAN, "why": "x" * 400}],
        [{**BAN, "__class__": "x"}],
        [[["deep"]]],
        [{**BAN, "why": " " * 50_000}],
        [float("nan")],
        {"card": "threat"},
    ],
)
def test_a_sheet_against_the_rules_is_refused_in_one_line(registry: Rooms, moves: Any) -> None:
    room, _ = filled(registry)
    to_talk(room)
    with pytest.raises(InputError) as refused:
        room.do("seal", seat="exporter", moves=moves)
    assert "\n" not in str(refused.value)
    assert not room.sheets
    assert len(again(registry).get(room.code).sheets) == 0


def test_an_offer_is_answered_by_the_other_side_alone(registry: Rooms) -> None:
    room, _ = filled(registry)
    to_talk(room)
    room.do("offer", by="target", deal=TRUCE)
    number = room.offers[0].number
    for by, answer in (
        ("target", "accepted"),
        ("exporter", "withdrawn"),
        ("firm", "accepted"),
        ("exporter", "maybe"),
    ):
        with pytest.raises(InputError, match=r"offer is (not yours|answered by)|withdraw it"):
            room.do("answer", by=by, offer=number, answer=answer)
    room.do("answer", by="exporter", offer=number, answer="accepted")
    with pytest.raises(InputError, match="accepted already"):
        room.do("answer", by="exporter", offer=number, answer="declined")
    with pytest.raises(InputError, match="is no party"):
        room.do("offer", by="firm", deal={**TRUCE, "rounds": "1"})
    assert room.accepted() == [TRUCE]


def test_declined_and_withdrawn_offers_bind_nobody(registry: Rooms) -> None:
    room, _ = filled(registry)
    to_talk(room)
    room.do("offer", by="target", deal=TRUCE)
    room.do("answer", by="exporter", offer=1, answer="declined")
    room.do("offer", by="exporter", deal=TRUCE)
    room.do("answer", by="exporter", offer=2, answer="withdrawn")
    room.do("close")
    room.do("reveal")
    assert room.game.rounds[0].deals == ()


def test_where_deals_bind_a_sheet_that_breaks_a_new_one_is_open_again_and_its_team_alone_is_told(
    registry: Rooms,
) -> None:
    room, _ = filled(registry, binding=True)
    to_talk(room)
    room.do("seal", seat="exporter", moves=[BAN])
    room.do("offer", by="target", deal=TRUCE)
    room.do("answer", by="exporter", offer=1, answer="accepted")
    assert "exporter" not in room.sheets
    assert "no longer fits. Move “Dual-use ban” breaks deal D1-1" in own(room, "exporter")["notice"]
    assert own(room, "target")["notice"] == ""
    with pytest.raises(InputError, match="deals bind"):
        room.do("seal", seat="exporter", moves=[BAN])


def test_where_deals_can_be_broken_the_sheet_stands_and_the_deal_ends(registry: Rooms) -> None:
    room, _ = filled(registry, binding=False)
    to_talk(room)
    room.do("offer", by="target", deal=TRUCE)
    room.do("answer", by="exporter", offer=1, answer="accepted")
    room.do("seal", seat="exporter", moves=[BAN])
    room.do("close")
    room.do("reveal")
    assert common(room)["deals"] == []


def test_a_paper_deal_can_be_entered_and_taken_out(registry: Rooms) -> None:
    room, _ = filled(registry)
    to_talk(room)
    room.do("deal", deal=TRUCE)
    room.do("drop", offer=1)
    assert room.accepted() == []
    room.do("deal", deal=TRUCE)
    room.do("close")
    room.do("reveal")
    assert [deal.kind for deal in room.game.rounds[0].deals] == ["truce"]


# ---------------------------------------------------------------- what each may see


def everything(room: Room, seat: str) -> str:
    """All that is sent to one seat's page from the room."""
    told = [common(room), own(room, seat), choices_of(room.game, seat), last_round(room.game)]
    return packed(told)


def test_a_seat_gets_no_other_seats_sheet_offer_reason_prediction_or_token(registry: Rooms) -> None:
    room, tokens = filled(registry)
    room.do("predict", when="before", seat="exporter", text="hidden-prediction", number=2027)
    to_talk(room)
    room.do("offer", by="exporter", deal=TRUCE)
    room.do("seal", seat="exporter", moves=[{**BAN, "why": "hidden-reason"}])
    mine, others = (
        everything(room, "exporter"),
        [everything(room, seat) for seat in ("target", "firm")],
    )
    for secret in ("hidden-reason", "hidden-prediction", "Dual-use ban"):
        assert secret in mine
        assert not any(secret in text for text in others)
    assert "Truce" in packed(own(room, "target")["offers"])
    assert own(room, "firm")["offers"] == []
    assert common(room)["agreed"] == []
    for text in (mine, *others, packed(sheets_of(room)), packed(common(room))):
        assert not any(token in text or digest(token) in text for token in tokens.values())


def test_the_facilitator_sees_a_sheet_only_after_choosing_to_and_everybody_is_told(
    registry: Rooms,
) -> None:
    room, _ = filled(registry)
    to_talk(room)
    room.do("seal", seat="exporter", moves=[BAN])
    room.do("seal", seat="target", moves=[], paper=True)
    assert [sheet["seat"] for sheet in sheets_of(room)] == ["target"]
    assert common(room)["peeks"] is False
    room.do("peek")
    assert {sheet["seat"] for sheet in sheets_of(room)} == {"exporter", "target"}
    assert common(room)["peeks"] is True
    room.do("close")
    room.do("reveal")
    to_talk(room)
    assert common(room)["peeks"] is False  # of that round only


def test_entering_paper_sheets_shows_nothing_of_what_a_team_does_on_its_own_page(
    registry: Rooms,
) -> None:
    room, _ = filled(registry)
    room.do("predict", when="before", seat="target", text="hidden-prediction", number=2027)
    to_talk(room)
    room.do("offer", by="target", deal=TRUCE)
    room.do("seal", seat="exporter", moves=[{**BAN, "why": "hidden-reason"}])
    room.do("seal", seat="firm", moves=[], paper=True)
    for seat in ("exporter", "target"):
        told = on_paper(room, seat)
        assert (told["offers"], told["sheet"], told["told"]) == ([], None, [])
        assert "hidden" not in packed(told)
    assert on_paper(room, "firm")["sheet"] == []


def test_reasons_are_told_at_the_debrief_and_not_before(registry: Rooms) -> None:
    room, _ = filled(registry, length=1)
    to_talk(room)
    room.do("seal", seat="exporter", moves=[{**BAN, "why": "hidden-reason"}])
    room.do("close")
    room.do("reveal")
    assert "hidden-reason" not in everything(room, "target")
    assert "Dual-use ban" in everything(room, "target")
    assert "hidden-reason" in packed(told_rounds(room.game, why=True))


def test_what_is_exported_has_no_names_and_no_formulas(registry: Rooms) -> None:
    room, tokens = filled(registry, length=1)
    room.do("predict", when="before", seat="firm", text="=cmd()", number=2)
    to_talk(room)
    room.do("seal", seat="exporter", moves=[{**BAN, "why": "@why"}])
    room.do("close")
    room.do("reveal")
    room.do("finish")
    room.do("predict", when="after", seat="firm", text="later", number=7.5)
    saved = room.saved()
    assert [(one["when"], one["number"]) for one in saved["predictions"]] == [
        ("before", 2.0),
        ("after", 7.5),
    ]
    assert to_dict(from_dict(saved)) == saved
    score = {"now": 1.0, "later": None, "twin": 2.0, "goals": []}
    text = table(saved, {"exporter": score})
    assert "'=cmd()" in text
    assert "'@why" in text
    for secret in ("Beijing", "Tokyo", "Magnets", *tokens.values()):
        assert secret not in text + json.dumps(saved) + packed(all_predictions(room))


# ---------------------------------------------------------------- predictions


def test_predictions_are_kept_in_their_time_and_can_be_changed(registry: Rooms) -> None:
    room, _ = filled(registry, length=1)
    room.do("predict", when="before", seat="firm", text="a", number=2)
    room.do("predict", when="before", seat="firm", text="b", number=7.5)
    told = {"text": "b", "number": 7.5, "said": "7.5 months"}
    assert own(room, "firm")["before"] == told
    with pytest.raises(InputError, match="not now"):
        room.do("predict", when="after", seat="firm", text="", number=1)
    to_talk(room)
    room.do("close")
    room.do("reveal")
    with pytest.raises(InputError, match="closed"):
        room.do("predict", when="before", seat="firm", text="c", number=1)


# ---------------------------------------------------------------- watching


def test_whoever_watches_is_told_once_and_leaves_nothing_behind(registry: Rooms) -> None:
    room, _ = filled(registry)
    waiting = room.watch(room.version)
    assert not waiting.done()
    gone = room.watch(room.version)
    room.forget(gone)
    room.do("start")
    assert waiting.result(timeout=1) == room.version
    assert gone.cancelled()
    assert room._watchers == set()
    assert room.watch(room.version - 1).done()  # who comes late is told at once


def test_pages_of_one_seat_take_no_place_of_another_and_none_of_the_facilitator(
    registry: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _ = filled(registry)
    monkeypatch.setattr(room_module, "MOST_PAGES", 3)
    captain = room.enter("target", 2)
    pages = [room.enter("target", 9) for _ in range(4)]  # of somebody else in the team
    assert str(room.gave_way("target", 9, pages[0])).startswith("3 pages of this place are open")
    assert [room.gave_way("target", 9, one) for one in pages[1:]] == [None, None, None]
    assert room.gave_way("target", 2, captain) is None
    assert (room.present["target"], room.there[9], room.there[2]) == (4, 3, 1)
    room.leave("target", 9, pages[0])  # which has given way already
    assert room.there[9] == 3
    room.leave("target", 9, pages[1])
    assert (room.present["target"], room.there[9]) == (3, 2)


def test_who_has_lost_the_connection_is_not_there(registry: Rooms) -> None:
    room, _ = filled(registry)
    captain, online = room.teams["target"].captain, [True]
    room.enter("target", captain, lambda: online[0])
    assert room.is_there(captain)
    assert not captain_is_away(room, "target")
    online[0] = False  # no page has closed
    assert captain_is_away(room, "target")
    room.enter("target", captain)  # back on another phone
    assert not captain_is_away(room, "target")


def test_presence_follows_the_pages(registry: Rooms) -> None:
    room, _ = filled(registry)
    room.enter("target")
    room.enter("target")
    room.leave("target")
    assert [one["there"] for one in common(room)["seats"]] == [False, True, False]
    room.leave("target")
    assert not any(one["there"] for one in common(room)["seats"])
