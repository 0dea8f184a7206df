"""Rooms of the class game: phases, tokens, deals, sheets, predictions, and what each seat may see."""

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game_state import pack_json
from coercivity.viz.classroom.rooms import room as room_module
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.tokens import clean_name, new_code, read_code
from coercivity.viz.classroom.rooms.views import (
    captain_is_away,
    common_view,
    last_round,
    on_paper,
    rounds_view,
    seat_view,
    sheets_of,
)
from tools.check.room_table import BAN, TRUCE, Watch, filled, steps, to_talk


def test_no_step_from_lobby_to_debrief_is_taken_out_of_its_phase(registry: Rooms) -> None:
    room, _ = filled(registry)
    legal = ("start", "talk", "close", "reveal", "next", "talk", "close", "reveal", "finish")
    also = {"reveal": {"finish"}, "sealed": {"reopen", "peek"}, "talk": {"peek"}}
    seen = []
    for step in legal:
        seen.append(room.phase)
        for wrong in {*legal, "reopen", "peek"} - {step, "start"} - also.get(room.phase, set()):
            if (room.phase, wrong) != ("reveal", "next"):  # the last round is played
                with pytest.raises(InputError, match="not now"):
                    room.do(wrong)
        room.do(step)
    assert seen == ["lobby", *["brief", "talk", "sealed", "reveal"] * 2]
    assert (room.phase, room.game.played, room.game.over) == ("debrief", 2, True)
    short, _ = filled(registry, length=1)
    steps(short, "start talk close reveal")
    with pytest.raises(InputError, match="all rounds are played"):
        short.do("next")
    early, _ = filled(registry, length=8)
    steps(early, "start talk close reveal finish")
    assert (early.game.length, early.game.over) == (1, True)  # as long as it was played


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


def test_a_token_opens_its_own_seat_and_no_other_until_the_seat_is_freed(registry: Rooms) -> None:
    room, tokens = filled(registry)
    assert all(room.who(token) == who for who, token in tokens.items())
    assert len(set(tokens.values())) == 4
    digests = (room.at("target")[0].token, room.facilitator)
    for wrong in ("", "0" * 32, tokens["target"][:-1], *digests):
        assert room.who(wrong) == ""
    _, member = registry.join(room.code, "target", "Thieves", "Ann")
    assert (room.who(member), room.teams["target"].name) == ("target", "Tokyo")
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


def test_a_name_is_plain_text_on_one_line() -> None:
    for given, kept in (
        ("  Team \n Tokyo ", "Team Tokyo"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a\u202eb\x00c\u200b", "abc"),
        ("東京", "東京"),
    ):
        assert clean_name(given) == kept
    for wrong in ("", "  \u200b", "x" * 31, None):
        with pytest.raises(InputError, match=r"^name "):
            clean_name(wrong)


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
    with pytest.raises(InputError, match="not now"):
        room.do("unseal", seat="exporter", person=room.teams["exporter"].captain)
    room.do("seal", seat="target", moves=[], paper=True)  # the facilitator enters a missing sheet
    with pytest.raises(InputError, match="has sealed a sheet itself"):
        room.do("seal", seat="exporter", moves=[], paper=True)
    room.do("reveal")
    assert [move.card for move in room.game.rounds[0].of("exporter")] == ["threat"]


def test_an_offer_is_answered_by_the_other_side_alone(registry: Rooms) -> None:
    room, _ = filled(registry)
    to_talk(room)
    room.do("offer", by="target", deal=TRUCE)
    for by, answer in (
        ("target", "accepted"),
        ("exporter", "withdrawn"),
        ("firm", "accepted"),
        ("exporter", "maybe"),
    ):
        with pytest.raises(InputError, match=r"offer is (not yours|answered by)|withdraw it"):
            room.do("answer", by=by, offer=1, answer=answer)
    room.do("answer", by="exporter", offer=1, answer="accepted")
    with pytest.raises(InputError, match="accepted already"):
        room.do("answer", by="exporter", offer=1, answer="declined")
    with pytest.raises(InputError, match="is no party"):
        room.do("offer", by="firm", deal={**TRUCE, "rounds": "1"})
    assert room.accepted() == [TRUCE]


def test_accepted_offers_and_paper_deals_alone_bind(registry: Rooms) -> None:
    room, _ = filled(registry)
    to_talk(room)
    room.do("offer", by="target", deal=TRUCE)
    room.do("answer", by="exporter", offer=1, answer="declined")
    room.do("offer", by="exporter", deal=TRUCE)
    room.do("answer", by="exporter", offer=2, answer="withdrawn")
    room.do("deal", deal=TRUCE)
    room.do("drop", offer=3)
    assert room.accepted() == []
    steps(room, "close reveal")
    assert room.game.rounds[0].deals == ()
    to_talk(room)
    room.do("deal", deal=TRUCE)
    steps(room, "close reveal")
    assert [deal.kind for deal in room.game.rounds[1].deals] == ["truce"]


def test_where_deals_bind_a_sheet_that_breaks_one_is_open_again(registry: Rooms) -> None:
    room, _ = filled(registry, binding=True)
    to_talk(room)
    room.do("seal", seat="exporter", moves=[BAN])
    room.do("offer", by="target", deal=TRUCE)
    room.do("answer", by="exporter", offer=1, answer="accepted")
    assert "exporter" not in room.sheets
    assert (
        "no longer fits. Move “Dual-use ban” breaks deal D1-1"
        in seat_view(room, "exporter")["notice"]
    )
    assert seat_view(room, "target")["notice"] == ""
    with pytest.raises(InputError, match="deals bind"):
        room.do("seal", seat="exporter", moves=[BAN])


def test_who_leads_sees_a_sheet_by_choice_and_all_are_told(registry: Rooms) -> None:
    room, _ = filled(registry)
    to_talk(room)
    room.do("seal", seat="exporter", moves=[BAN])
    room.do("seal", seat="target", moves=[], paper=True)
    assert [sheet["seat"] for sheet in sheets_of(room)] == ["target"]
    assert common_view(room)["peeks"] is False
    room.do("peek")
    assert {sheet["seat"] for sheet in sheets_of(room)} == {"exporter", "target"}
    assert common_view(room)["peeks"] is True
    steps(room, "close reveal")
    to_talk(room)
    assert common_view(room)["peeks"] is False  # of that round only


def test_entering_paper_shows_nothing_of_a_team_s_own_page(registry: Rooms) -> None:
    room, _ = filled(registry)
    room.do("predict", when="before", seat="target", text="hidden-prediction", number=2027)
    to_talk(room)
    room.do("offer", by="target", deal=TRUCE)
    room.do("seal", seat="exporter", moves=[{**BAN, "why": "hidden-reason"}])
    room.do("seal", seat="firm", moves=[], paper=True)
    for seat in ("exporter", "target"):
        told = on_paper(room, seat)
        assert (told["offers"], told["sheet"], told["told"]) == ([], None, [])
        assert "hidden" not in pack_json(told)
    assert on_paper(room, "firm")["sheet"] == []


def test_reasons_are_told_at_the_debrief_and_not_before(registry: Rooms) -> None:
    room, _ = filled(registry, length=1)
    to_talk(room)
    room.do("seal", seat="exporter", moves=[{**BAN, "why": "hidden-reason"}])
    steps(room, "close reveal")
    before = pack_json([common_view(room), seat_view(room, "target"), last_round(room.game)])
    assert "hidden-reason" not in before
    assert "Dual-use ban" in before
    assert "hidden-reason" in pack_json(rounds_view(room.game, why=True))


def test_predictions_are_kept_in_their_time_and_can_be_changed(registry: Rooms) -> None:
    room, _ = filled(registry, length=1)
    for text, number in (("a", 2), ("b", 7.5)):
        room.do("predict", when="before", seat="firm", text=text, number=number)
    assert seat_view(room, "firm")["before"] == {"text": "b", "number": 7.5, "said": "7.5 months"}
    with pytest.raises(InputError, match="not now"):
        room.do("predict", when="after", seat="firm", text="", number=1)
    steps(room, "start talk close reveal")
    with pytest.raises(InputError, match="closed"):
        room.do("predict", when="before", seat="firm", text="c", number=1)


def test_whoever_watches_is_told_once_and_leaves_nothing_behind(registry: Rooms) -> None:
    room, _ = filled(registry)
    waiting, gone = room.watch(room.version), room.watch(room.version)
    assert not waiting.done()
    room.forget(gone)
    room.do("start")
    assert waiting.result(timeout=1) == room.version
    assert gone.cancelled()
    assert room._watchers == set()
    assert room.watch(room.version - 1).done()  # who comes late is told at once


def test_pages_of_one_take_no_other_s(registry: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_who_is_there_follows_pages_and_connections(registry: Rooms) -> None:
    room, _ = filled(registry)
    captain, online = room.teams["target"].captain, [True]
    room.enter("target", captain, lambda: online[0])
    assert not captain_is_away(room, "target")
    online[0] = False  # no page has closed
    assert captain_is_away(room, "target")
    room.enter("target", captain)  # back on another phone
    assert not captain_is_away(room, "target")
    room.leave("target", captain)
    assert [one["there"] for one in common_view(room)["seats"]] == [False, True, False]
    room.leave("target", captain)
    assert not any(one["there"] for one in common_view(room)["seats"])
