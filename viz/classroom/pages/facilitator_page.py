"""The facilitator's page, and the one page of one-screen mode: who is there, the clock, paper
sheets, the reveal, news and charts, on to the debrief.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any, Final

import solara

from coercivity import InputError
from coercivity.viz.classroom.engine.game import QUESTION
from coercivity.viz.classroom.engine.game_state import MOST_MOVES, Game, pack_json
from coercivity.viz.classroom.pages import game_jobs
from coercivity.viz.classroom.pages.debrief_page import EndPage
from coercivity.viz.classroom.pages.hooks import (
    ActionRunner,
    of_this_round,
    use_clock,
    use_doing,
    use_room,
    use_room_view,
)
from coercivity.viz.classroom.pages.page_templates import (
    Deals,
    Facilitator,
    HistoryCharts,
    Pick,
    Predict,
    Scores,
    Sheet,
    Top,
    show_brief,
    show_news,
    show_refusal,
)
from coercivity.viz.classroom.pages.qr_code import WayIn
from coercivity.viz.classroom.rooms.place_views import crew, phone_memory
from coercivity.viz.classroom.rooms.recovery import Memory
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.views import (
    choices_of,
    common_view,
    last_round,
    months_in_all,
    on_paper,
    sheets_of,
)
from coercivity.viz.classroom.rooms.wall_views import own_worded_headlines
from coercivity.viz.classroom.words.game_text import seat_name
from coercivity.viz.classroom.words.refusal_text import refusal_in_words
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.server.worker_pool import LEVER
from coercivity.viz.words.language import noted, say

PLAIN: Final = ("start", "talk", "close", "reopen", "reveal", "next", "finish", "peek")
COVER: Final = noted(
    "Freeze or cover the projector while you enter the sheets: the teams should not see each "
    "other's moves."
)
LONGEST: Final = 3000.0  # seconds on the clock


@dataclass(frozen=True)
class LeadView:
    """What the facilitator's page is given of its room, all of one moment."""

    game: Game
    phase: str
    round: int
    page: str
    last: str  # of the round that was revealed last
    sheets: str
    saved: str
    remember: str


def read_lead_view(room: Room, token: str) -> LeadView:
    """What the facilitator's page is given now. The caller holds the room's lock."""
    return LeadView(
        room.game,
        room.phase,
        room.round,
        pack_json({**common_view(room), **_for_lead(room)}),
        pack_json(last_round(room.game)),
        pack_json(sheets_of(room)),
        room.journal.text() if isinstance(room.journal, Memory) else "",
        phone_memory(room, token),
    )


@solara.component
def LeadPage(room: Room, token: str) -> None:
    """The page of whoever leads; without a token it is a one-screen game in this session alone."""
    full = use_room(room, "facilitator")
    told = use_room_view(room, lambda: read_lead_view(room, token))
    doing = use_doing(f"{told.round} {told.phase}" if told else "")
    clock = use_clock(room)
    game, phase = (told.game, told.phase) if told else (room.game, room.phase)
    played = game.played > 0 and phase != "debrief"
    news = use_job(game_jobs.news, game, priority=LEVER, wanted=played)
    if full or told is None:
        show_refusal(full)
        return
    Top(
        page=told.page,
        time=clock,
        who="facilitator",
        remember=told.remember,
        event_end=lambda _: room.tick(),
    )
    if room.code and phase != "debrief":
        WayIn(code=room.code, opened=phase == "lobby", lead=told.remember)
    Facilitator(
        page=told.page,
        sheets=told.sheets,
        saved=told.saved,
        problem=doing.problem("lead"),
        event_act=lambda entries: doing("lead", lambda: lead(room, entries)),
    )
    alone = not room.code
    if alone and (phase == "debrief" or (phase in ("lobby", "brief") and not game.played)):
        _show_predictions(room, doing)
    if phase in ("brief", "talk"):
        PaperBrief(room=room, version=room.version).key(
            f"brief {told.round} {phase}"
        )  # closed again, as all may be looking
    if phase in ("talk", "sealed"):
        Paper(room=room, doing=doing)
    if phase == "debrief":
        EndPage(room=room, version=room.version, who="facilitator")
    elif game.played:
        if phase == "reveal":
            RoundScores(room=room, version=room.version, page=told.page)
        show_news(told.last, news, game)
        HistoryCharts(game=game, whole=False)


@solara.component
def RoundScores(room: Room, version: int, page: str) -> None:
    """What whoever leads reads aloud after a round: the points of all seats, as the wall has them.

    version: that of the room; another one draws it anew. page: what all may see of the room.
    """
    half = use_job(game_jobs.last_half_year, room.game, priority=LEVER)
    Scores(page=page, scores=pack_json(points_of(half.settled)), busy=half.busy)


def points_of(half: str) -> dict[str, float] | None:
    """The points of all seats by seat, from the half-year that the wall plays; None before."""
    return json.loads(half)["scores"] if half.startswith("{") else None


def _for_lead(room: Room) -> dict[str, Any]:
    """What whoever leads sees beside what all do: who is where, on how many pages the room is led,
    what is wrong with its journal.
    """
    return {
        "trouble": refusal_in_words(room.trouble) if room.trouble else "",
        "people": crew(room),
        "unsaid": [seat_name(seat) for seat in room.unsaid]
        if room.phase == "debrief" and not room.is_told
        else [],
        "printed": own_worded_headlines(room),
        "clock": {"runs": room.clock.runs},
        "leads": room.present.get("facilitator", 0),
    }


def _show_predictions(room: Room, doing: ActionRunner) -> None:
    """What is asked before and after the game, of every seat on the one screen."""
    Predict(
        when="after" if room.phase == "debrief" else "before",
        question=say(QUESTION),
        made="",
        seats=pack_json([{"seat": seat, "actor": seat_name(seat)} for seat in room.game.seats]),
        months=months_in_all(room.game),
        problem=doing.problem("predict"),
        event_predict=lambda entries: doing("predict", lambda: predict(room, entries)),
    )


@dataclass(frozen=True)
class PaperView:
    """What the part for paper is given of its room, all of one moment; seat: '' for none."""

    game: Game
    round: int
    seat: str
    waiting: str
    own: str
    page: str


def paper_of(room: Room, chosen: str) -> PaperView:
    """What the part for paper is given now: the seat that is chosen, else the next one without a
    sheet. The caller holds the room's lock.
    """
    waiting = [
        seat for seat in room.game.seats if seat not in room.sheets or room.sheets[seat].paper
    ]
    missing = [seat for seat in waiting if seat not in room.sheets]
    seat = chosen if chosen in waiting else (missing or waiting or [""])[0]
    mine = pack_json(on_paper(room, seat)) if seat else ""
    seats = _to_pick(waiting, room.sheets)
    return PaperView(room.game, room.round, seat, seats, mine, pack_json(common_view(room)))


@solara.component
def Paper(room: Room, doing: ActionRunner) -> None:
    """Sheets and deals that teams hand in on paper."""
    chosen, set_chosen = solara.use_state("")
    opened, set_opened = solara.use_state(False)
    told = use_room_view(room, lambda: paper_of(room, chosen))
    game, seat = (told.game, told.seat) if told else (room.game, "")
    choices = solara.use_memo(
        lambda: pack_json(choices_of(game, seat)) if seat else "", [game, seat]
    )
    if told is None or not seat:
        return
    Pick(
        what=say("Paper sheets"),
        words=say("Hide the paper sheets") if opened else say("Enter a paper sheet or deal"),
        note=say(COVER) if not room.code else "",
        seats=told.waiting,
        chosen=seat,
        opened=opened,
        event_pick=lambda picked: set_chosen(str(picked)),
        event_toggle=lambda _: set_opened(not opened),
    )
    if not opened:
        return
    with solara.Div(classes=["gm-columns"]):
        with solara.Div(classes=["gm-column"]):
            _show_paper_sheet(room, doing, told, choices, set_chosen)
        with solara.Div(classes=["gm-column"]):
            _show_paper_deals(room, doing, told, choices)


def _to_pick(offered: list[str], sealed: Container[str] = ()) -> str:
    """Seats that can be picked, with whom they play and whether their sheet is sealed."""
    return pack_json(
        [{"seat": deal, "actor": seat_name(deal), "sealed": deal in sealed} for deal in offered]
    )


def _show_paper_sheet(
    room: Room, doing: ActionRunner, told: PaperView, choices: str, choose: Callable[[str], None]
) -> None:
    """The sheet of a seat as its team wrote it; once it is sealed the next seat is chosen."""
    seat = told.seat

    def seal(sent: Any) -> None:
        doing("sheet", lambda: on_time(room, "seal", sent, "moves", seat=seat, paper=True))
        choose("")

    def unseal(sent: Any) -> None:
        doing("sheet", lambda: on_time(room, "unseal", sent, seat=seat))
        choose(seat)

    Sheet(
        choices=choices,
        own=told.own,
        place=f"{room.code}/paper/{seat}/{told.round}",
        can=True,
        paper=True,
        most=MOST_MOVES,
        waiting="",
        problem=doing.problem("sheet"),
        event_seal=seal,
        event_unseal=unseal,
    ).key(seat)


def _show_paper_deals(room: Room, doing: ActionRunner, told: PaperView, choices: str) -> None:
    """Deals that two teams made on paper."""

    def drop(sent: Any) -> None:
        doing("deals", lambda: on_time(room, "drop", sent, "offer"))

    Deals(
        page=told.page,
        choices=choices,
        own="",
        seat=told.seat,
        can=True,
        paper=True,
        problem=doing.problem("deals"),
        event_offer=lambda sent: doing("deals", lambda: on_time(room, "deal", sent, "deal")),
        event_answer=drop,
    ).key("deals" + told.seat)


@solara.component
def PaperBrief(room: Room, version: int) -> None:
    """The brief of a seat that has no page of its own, shown to its team alone.

    version: that of the room; another one draws it anew.
    """
    chosen, set_chosen = solara.use_state("")
    opened, set_opened = solara.use_state(False)

    def build() -> tuple[Game, list[str], str, str]:
        without = [seat for seat in room.game.seats if seat not in room.teams]
        seat = chosen if chosen in without else (without or [""])[0]
        return room.game, without, seat, pack_json(on_paper(room, seat)) if seat else ""

    game, without, seat, mine = use_room_view(room, build) or (room.game, [], "", "")
    brief = use_job(game_jobs.brief, game, seat, wanted=bool(seat) and opened)
    if not seat:
        return
    Pick(
        what=say("Briefs"),
        words=say("Hide the brief") if opened else say("Show a team its brief"),
        note=say("For this team alone: let the others look away."),
        chosen=seat,
        seats=_to_pick(without),
        opened=opened,
        event_pick=lambda picked: set_chosen(str(picked)),
        event_toggle=lambda _: set_opened(not opened),
    )
    if opened:
        show_brief(mine, brief, game.played > 0)


def on_time(room: Room, what: str, sent: Any, name: str = "", **fields: Any) -> None:
    """Let something happen with what a page of this round has sent, under a *name*. Raises
    InputError.
    """
    with room.lock:  # no round ends between the look and the act
        given = of_this_round(room, sent)
        if name == "offer":
            given = given.get("offer") if isinstance(given, dict) else None
        room.do(what, **fields, **({name: given} if name else {}))


def predict(room: Room, entries: dict[str, Any]) -> None:
    """Keep what a seat predicts. Raises InputError."""
    room.do(
        "predict",
        when=entries.get("when"),
        seat=entries.get("seat"),
        text=entries.get("text"),
        number=entries.get("number"),
    )


def lead(room: Room, entries: dict[str, Any]) -> None:
    """What the facilitator may let happen. Raises InputError."""
    name = entries.get("name")
    if name in PLAIN:
        room.do(str(name))
    elif name == "free":
        room.do("free", seat=entries.get("seat"))
    elif name == "show":
        room.do("show")
    elif name == "plain":
        fields = {field: entries.get(field) for field in ("round", "author", "claim")}
        room.do("plain", **fields)
    elif name in ("leave", "captain"):
        room.do(str(name), person=entries.get("person"))
    elif name == "clock":
        more = 60.0 if entries.get("more") else 0.0
        left = room.clock.at(room.now()) + more
        room.do(
            "clock",
            left=round(min(left, LONGEST), 1),
            runs=entries.get("runs") is True,
        )
    else:
        raise InputError("that button is not known", "reload the page")
