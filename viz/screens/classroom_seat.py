"""One seat's page: its brief, its sheet, its deals, what happened. Everything on it is built for this seat alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import solara

from coercivity.experiments.game.game import QUESTION
from coercivity.experiments.game.pieces import MOST_MOVES
from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.room import Room
from coercivity.viz.classroom.room_pieces import WORDS
from coercivity.viz.classroom.room_views import (
    choices_of,
    common,
    own,
    packed,
    told_prediction,
    years_of,
)
from coercivity.viz.screens.classroom_end import EndPage
from coercivity.viz.screens.classroom_hooks import use_doing, use_room
from coercivity.viz.screens.classroom_parts import Brief, Deals, News, Predict, Sheet, Top
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.server import game_jobs
from coercivity.viz.server.engine import LEVER

GONE = "The facilitator has freed this seat. Join again with the code."


@solara.component
def SeatPage(room: Room, seat: str, token: str) -> None:
    """The page of a team."""
    mine = seat in room.members and room.who(token) == seat
    full = use_room(room, seat, mine)
    doing = use_doing()
    game, phase = room.game, room.phase
    brief = use_job(game_jobs.brief, game, seat, wanted=mine and phase != "debrief")
    news = use_job(
        game_jobs.news, game, priority=LEVER, wanted=mine and game.played > 0 and phase != "debrief"
    )
    choices = solara.use_memo(lambda: packed(choices_of(game, seat)), [game, seat])
    skipped, set_skipped = solara.use_state(False)
    if not mine or full:
        solara.v.Html(
            tag="p", class_="cv-problem", attributes={"role": "alert"}, children=[full or GONE]
        )
        return

    def do(part: str, what: str, /, **fields: Any) -> None:
        def act() -> None:
            if room.who(token) != seat:
                raise InputError(GONE)
            room.do(what, **fields)

        doing(part, act)

    def answer(given: dict[str, Any]) -> None:
        do("deals", "answer", by=seat, offer=given.get("offer"), answer=given.get("answer"))

    def predict(given: dict[str, Any]) -> None:
        do(
            "predict",
            "predict",
            when=given.get("when"),
            seat=seat,
            text=given.get("text"),
            number=given.get("number"),
        )

    page, private = packed(common(room)), packed(own(room, seat))
    remember = packed(
        {"code": room.code, "query": "/class?" + urlencode({"room": room.code, "seat": token})}
    )
    Top(page=page, who=seat, remember=remember, event_end=lambda _: room.tick())
    when = "after" if phase == "debrief" else "before"
    made = told_prediction(room, when, seat)
    if phase in ("lobby", "debrief") or (phase == "brief" and not game.played):
        Predict(
            when=when,
            question=QUESTION,
            made=packed(made) if made else "",
            seats="[]",
            years=packed(years_of(game)),
            problem=doing.problem("predict"),
            event_predict=predict,
        )
    if phase == "debrief":
        if made or skipped:
            EndPage(room=room, version=room.version)
        else:
            solara.Button(
                "Show the debrief without one",
                on_click=lambda: set_skipped(True),
                classes=["cv-button", "cv-plain"],
                text=True,
            )
        return
    if phase == "reveal":
        News(
            page=page,
            news=news.value or "" if not news.busy else "",
            busy=news.busy,
            problem=news.problem,
        )
    told = brief.value or "" if not brief.busy else ""
    if phase in ("talk", "sealed"):
        with solara.Div(classes=["gm-columns"]):
            with solara.Div(classes=["gm-column"]):
                Sheet(
                    choices=choices,
                    own=private,
                    place=f"{room.code}/{seat}/{room.round}",
                    can=phase == "talk",
                    paper=False,
                    most=MOST_MOVES,
                    waiting=f"Not now: {WORDS[phase]}.",
                    problem=doing.problem("sheet"),
                    event_seal=lambda moves: do("sheet", "seal", seat=seat, moves=moves),
                    event_unseal=lambda _: (
                        do("sheet", "unseal", seat=seat) if room.phase == "talk" else None
                    ),
                )
            with solara.Div(classes=["gm-column"]):
                Deals(
                    page=page,
                    choices=choices,
                    own=private,
                    seat=seat,
                    can=phase == "talk",
                    paper=False,
                    problem=doing.problem("deals"),
                    event_offer=lambda deal: do("deals", "offer", by=seat, deal=deal),
                    event_answer=answer,
                )
                Brief(
                    own=private,
                    brief=told,
                    played=game.played > 0,
                    busy=brief.busy,
                    problem=brief.problem,
                )
    else:
        Brief(
            own=private, brief=told, played=game.played > 0, busy=brief.busy, problem=brief.problem
        )
    if phase != "reveal" and game.played:
        News(
            page=page,
            news=news.value or "" if not news.busy else "",
            busy=news.busy,
            problem=news.problem,
        )
