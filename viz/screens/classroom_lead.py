"""The facilitator's page, and the one page of one-screen mode: who is there, the clock, paper
sheets, the reveal, news and charts, on to the debrief.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container
from typing import Any, Final

import solara

from coercivity.experiments.game.game import QUESTION
from coercivity.experiments.game.pieces import MOST_MOVES
from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.room import Room
from coercivity.viz.classroom.room_places import crew, remembered
from coercivity.viz.classroom.room_recovery import Memory
from coercivity.viz.classroom.room_views import (
    choices_of,
    common,
    months_in_all,
    on_paper,
    packed,
    sheets_of,
)
from coercivity.viz.screens.classroom_charts import History
from coercivity.viz.screens.classroom_end import EndPage
from coercivity.viz.screens.classroom_hooks import Doing, use_doing, use_room
from coercivity.viz.screens.classroom_parts import (
    Deals,
    Lead,
    Pick,
    Predict,
    Scores,
    Sheet,
    Top,
    show_brief,
    show_news,
    show_refusal,
)
from coercivity.viz.screens.classroom_way import WayIn
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.server import game_jobs, wall_jobs
from coercivity.viz.server.engine import LEVER
from coercivity.viz.words.game_text import seat_name
from coercivity.viz.words.language import noted, say
from coercivity.viz.words.refusals import in_words

PLAIN: Final = ("start", "talk", "close", "reopen", "reveal", "next", "finish", "peek")
COVER: Final = noted(
    "Freeze or cover the projector while you enter the sheets: the teams should not see each "
    "other's moves."
)
LONGEST: Final = 3000.0  # seconds on the clock


@solara.component
def LeadPage(room: Room, token: str) -> None:
    """The page of whoever leads; without a token it is a one-screen game in this session alone."""
    full = use_room(room, "facilitator")
    doing = use_doing(f"{room.round} {room.phase}")
    game, phase = room.game, room.phase
    told = game.played > 0 and phase != "debrief"
    news = use_job(game_jobs.news, game, priority=LEVER, wanted=told)
    if full:
        show_refusal(full)
        return
    page = packed({**common(room), **_for_lead(room)})
    remember = remembered(room, token)
    Top(page=page, who="facilitator", remember=remember, event_end=lambda _: room.tick())
    if room.code and phase != "debrief":
        WayIn(code=room.code, opened=phase == "lobby", lead=remember)
    Lead(
        page=page,
        sheets=packed(sheets_of(room)),
        saved=room.journal.text() if isinstance(room.journal, Memory) else "",
        problem=doing.problem("lead"),
        event_act=lambda entries: doing("lead", lambda: lead(room, entries)),
    )
    alone = not room.code
    if alone and (phase == "debrief" or (phase in ("lobby", "brief") and not game.played)):
        _show_predictions(room, doing)
    if phase in ("brief", "talk"):
        PaperBrief(room=room, version=room.version).key(
            f"brief {room.round} {phase}"
        )  # closed again, as all may be looking
    if phase in ("talk", "sealed"):
        Paper(room=room, doing=doing)
    if phase == "debrief":
        EndPage(room=room, version=room.version, who="facilitator")
    elif game.played:
        if phase == "reveal":
            RoundScores(room=room, version=room.version, page=page)
        show_news(page, news)
        History(game=game, whole=False)


@solara.component
def RoundScores(room: Room, version: int, page: str) -> None:
    """What whoever leads reads aloud after a round: the points of all seats, as the wall has them.

    version: that of the room; another one draws it anew. page: what all may see of the room.
    """
    half = use_job(wall_jobs.half, room.game, priority=LEVER)
    Scores(page=page, scores=packed(points_of(half.settled)), busy=half.busy)


def points_of(half: str) -> dict[str, float] | None:
    """The points of all seats by seat, from the half-year that the wall plays; None before."""
    return json.loads(half)["scores"] if half.startswith("{") else None


def _for_lead(room: Room) -> dict[str, Any]:
    """What whoever leads sees beside what all do: who is where, on how many pages the room is led,
    what is wrong with its journal.
    """
    return {
        "trouble": in_words(room.trouble) if room.trouble else "",
        "people": crew(room),
        "leads": room.present.get("facilitator", 0),
    }


def _show_predictions(room: Room, doing: Doing) -> None:
    """What is asked before and after the game, of every seat on the one screen."""
    Predict(
        when="after" if room.phase == "debrief" else "before",
        question=say(QUESTION),
        made="",
        seats=packed([{"seat": seat, "actor": seat_name(seat)} for seat in room.game.seats]),
        months=months_in_all(room.game),
        problem=doing.problem("predict"),
        event_predict=lambda entries: doing("predict", lambda: predict(room, entries)),
    )


@solara.component
def Paper(room: Room, doing: Doing) -> None:
    """Sheets and deals that teams hand in on paper."""
    waiting = [
        seat for seat in room.game.seats if seat not in room.sheets or room.sheets[seat].paper
    ]
    chosen, set_chosen = solara.use_state("")
    missing = [seat for seat in waiting if seat not in room.sheets]
    seat = chosen if chosen in waiting else (missing or waiting or [""])[0]
    opened, set_opened = solara.use_state(False)
    choices = solara.use_memo(
        lambda: packed(choices_of(room.game, seat)) if seat else "", [room.game, seat]
    )
    if not seat:
        return
    Pick(
        what=say("Paper sheets"),
        words=say("Hide the paper sheets") if opened else say("Enter a paper sheet or deal"),
        note=say(COVER) if not room.code else "",
        seats=_to_pick(waiting, room.sheets),
        chosen=seat,
        opened=opened,
        event_pick=lambda picked: set_chosen(str(picked)),
        event_toggle=lambda _: set_opened(not opened),
    )
    if not opened:
        return
    with solara.Div(classes=["gm-columns"]):
        with solara.Div(classes=["gm-column"]):
            _show_paper_sheet(room, doing, seat, choices, set_chosen)
        with solara.Div(classes=["gm-column"]):
            _show_paper_deals(room, doing, seat, choices)


def _to_pick(offered: list[str], sealed: Container[str] = ()) -> str:
    """Seats that can be picked, with whom they play and whether their sheet is sealed."""
    return packed(
        [{"seat": deal, "actor": seat_name(deal), "sealed": deal in sealed} for deal in offered]
    )


def _show_paper_sheet(
    room: Room, doing: Doing, seat: str, choices: str, choose: Callable[[str], None]
) -> None:
    """The sheet of a seat as its team wrote it; once it is sealed the next seat is chosen."""

    def seal(moves: list[Any]) -> None:
        doing("sheet", lambda: room.do("seal", seat=seat, moves=moves, paper=True))
        choose("")

    def unseal(_: Any) -> None:
        doing("sheet", lambda: room.do("unseal", seat=seat))
        choose(seat)

    Sheet(
        choices=choices,
        own=packed(on_paper(room, seat)),
        place=f"{room.code}/paper/{seat}/{room.round}",
        can=True,
        paper=True,
        most=MOST_MOVES,
        waiting="",
        problem=doing.problem("sheet"),
        event_seal=seal,
        event_unseal=unseal,
    ).key(seat)


def _show_paper_deals(room: Room, doing: Doing, seat: str, choices: str) -> None:
    """Deals that two teams made on paper."""

    def drop(entries: dict[str, Any]) -> None:
        doing("deals", lambda: room.do("drop", offer=entries.get("offer")))

    Deals(
        page=packed(common(room)),
        choices=choices,
        own="",
        seat=seat,
        can=True,
        paper=True,
        problem=doing.problem("deals"),
        event_offer=lambda deal: doing("deals", lambda: room.do("deal", deal=deal)),
        event_answer=drop,
    ).key("deals" + seat)


@solara.component
def PaperBrief(room: Room, version: int) -> None:
    """The brief of a seat that has no page of its own, shown to its team alone.

    version: that of the room; another one draws it anew.
    """
    without = [seat for seat in room.game.seats if seat not in room.teams]
    chosen, set_chosen = solara.use_state("")
    opened, set_opened = solara.use_state(False)
    seat = chosen if chosen in without else (without or [""])[0]
    brief = use_job(game_jobs.brief, room.game, seat, wanted=bool(seat) and opened)
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
        show_brief(packed(on_paper(room, seat)), brief, room.game.played > 0)


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
        raise InputError("that button is not known; reload the page")
