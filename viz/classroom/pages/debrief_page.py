"""The debrief of a room: scores, history against its twin with bands of luck, each decision's
what-if, predictions, and the files to take away.

The same for all in the room; beside it each team finds a page of its own, and the facilitator those
of all.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, Final

import solara

from coercivity.viz.classroom.engine.game_histories import DRAWS, History, changes_by_number
from coercivity.viz.classroom.engine.game_state import Game, pack_json
from coercivity.viz.classroom.pages import game_jobs
from coercivity.viz.classroom.pages.ask_histories import Bands, unpack_history, use_bands
from coercivity.viz.classroom.pages.game_files import FILES, gallery_rows, game_file, team_files
from coercivity.viz.classroom.pages.hooks import use_room_view
from coercivity.viz.classroom.pages.page_templates import Debrief, HistoryCharts, Result
from coercivity.viz.classroom.rooms import press_and_market_jobs
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.views import all_predictions, common_view, rounds_view
from coercivity.viz.classroom.words.band_text import (
    ANSWER,
    bands_in_words,
    changes_in_words,
    decision_in_words,
    place_of,
    predictions_in_words,
)
from coercivity.viz.classroom.words.game_text import (
    decisions,
    scores_in_words,
    seat_name,
    twin_in_words,
)
from coercivity.viz.documents.download import pack_file as packed_file
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.screens.streamed_answers import use_many
from coercivity.viz.server.worker_pool import LEVER
from coercivity.viz.words.language import language, say

Plain = dict[str, Any]
GRAVEST: Final = 3  # decisions that are asked about over several histories
LEAST: Final = 0.5  # points that a decision has to move to be among them
OF_SEAT: Final = ("pdf", "html")


@solara.component
def ResultPages(room: Room, version: int, who: str, own: str, bands: Bands) -> None:
    """Buttons, and the file that was asked for. who: a seat, or 'facilitator'; own: the class's
    history as a worker tells it, '' while it is not there; version: that of the room, another one
    draws the page anew.
    """
    (form, mine, quiet, number), set_wanted = solara.use_state(("", (), (), 0))
    leads = who == "facilitator"
    day = solara.use_memo(lambda: dt.date.today().isoformat(), [])
    made = use_job(
        team_files,
        "" if leads else who,
        form,
        pack_json(room.saved()),
        own,
        mine,
        quiet,
        day,
        language(),
        wanted=bool(form) and bool(own),
    )
    ready = bool(form) and not made.busy and not made.problem and made.value is not None

    def take(wanted: str) -> None:
        if wanted in (("zip",) if leads else OF_SEAT):
            set_wanted((wanted, packed_draws(bands.mine), packed_draws(bands.quiet), number + 1))

    count = min(len(bands.mine), len(bands.quiet))
    Result(
        leads=leads,
        rests=say("It rests on the {count} of {of} histories so far.", count=count, of=DRAWS)
        if count < DRAWS
        else "",
        file=made.value if ready else "",
        shown=number if ready else 0,
        busy=bool(form) and (made.busy or not own),
        problem=made.problem,
        event_page=take,
    )


def packed_draws(draws: Mapping[int, History]) -> tuple[tuple[int, str], ...]:
    """Draws as a worker takes them."""
    return tuple((number, draws[number].packed()) for number in sorted(draws))


def _predictions_on_page(room: Room, who: str) -> tuple[list[Plain], bool]:
    """What all predicted, and whether this page shows what came: a team sees it once it has said
    what it predicts after the game, the others (the facilitator's page may be on the projector)
    when all have.
    """
    whole = room.is_told or (who in room.game.seats and who not in room.unsaid)
    return all_predictions(room, whole), whole


@solara.component
def EndPage(room: Room, version: int, who: str = "") -> None:
    """What a class looks at when it has played.

    version: that of the room; another one draws the page anew. who: the seat whose page it is,
    'facilitator', or '' for anybody else.
    """
    (kind, shown), set_wanted = solara.use_state(("", 0))
    every, set_every = solara.use_state(False)
    game = room.game
    told = use_room_view(
        room,
        lambda: (
            pack_json(common_view(room)),
            pack_json(room.saved()),
            *_predictions_on_page(room, who),
        ),
    )
    page, saved, predicted, whole = told or ("", "", [], False)
    scores = use_job(game_jobs.scores, game, priority=LEVER)
    settled = use_job(
        press_and_market_jobs.settled_bets,
        game,
        priority=LEVER,
        wanted=bool(room.headlines or room.bets),
    )
    twin = use_job(game_jobs.against_twin, game, priority=LEVER)
    keys = use_job(game_jobs.decision_keys, game, priority=LEVER)
    own = use_job(game_jobs.class_history_json, game, priority=LEVER)
    moves = json.loads(keys.value) if keys.value else {"all": [], "first": []}
    said = solara.use_memo(lambda: decisions(game), [game, language()])
    moves["all"] = [
        move | ({"text": said[move["key"]]} if move["key"] in said else {}) for move in moves["all"]
    ]
    asked = [move["key"] for move in moves["all"] if every or move["key"] in moves["first"]]
    answers = use_many(game_jobs.decision, [(game, key) for key in asked])
    found = {
        key: json.loads(answers.values[place])
        for place, key in enumerate(asked)
        if place in answers.values
    }
    bands = use_bands(game, gravest(game, moves["first"], found))
    found_rows = press_and_market_jobs.read_settled_bets(settled.settled)
    rows = use_room_view(room, lambda: pack_json(gallery_rows(room, found_rows))) or "[]"
    made = use_job(
        game_file,
        kind,
        saved,
        scores.value or "",
        rows,
        wanted=bool(kind) and bool(scores.value) and not settled.busy,
    )
    ready = bool(kind) and not made.busy and not made.problem and made.value is not None
    file = packed_file(*json.loads(made.value)) if ready else ""

    def take(wanted: str) -> None:
        if wanted in FILES:
            set_wanted((wanted, shown + 1))

    if not page:
        return
    said_twin = twin_in_words(twin.value or "")
    Debrief(
        page=page,
        scores=scores_in_words(scores.value or ""),
        twin=said_twin,
        bands=_bands(own.value, bands),
        decisions=pack_json(
            {
                **moves,
                "changed": _change_of_decisions(found, said_twin, game),
                "asked": asked,
                "over": _change_over_histories(bands, said_twin),
            }
        ),
        rounds=pack_json(rounds_view(game, why=True)),
        predictions=pack_json(
            _predictions(predicted, own.value, bands, said_twin)
            if whole
            else {**predictions_in_words(predicted, None), "nobody": ""}
        ),
        file=file,
        shown=shown if ready else 0,
        busy=scores.busy or twin.busy,
        problem=scores.problem
        or twin.problem
        or keys.problem
        or own.problem
        or answers.problem
        or made.problem,
        event_take=take,
        event_every=lambda _: set_every(True),
    )
    if who == "facilitator" or who in game.seats:
        ResultPages(room=room, version=version, who=who, own=own.value or "", bands=bands)
    HistoryCharts(game=game, whole=True)


def gravest(game: Game, first: list[str], found: dict[str, Any]) -> tuple[str, ...]:
    """The decisions that moved most points in the one history, once all that are asked about at
    first are answered; these are looked at in several histories.
    """
    if not first or any(key not in found for key in first):
        return ()

    def moved(key: str) -> float:
        points = found[key].get("scores", {}) if isinstance(found[key], dict) else {}
        return max((abs(points.get(seat, 0.0)) for seat in game.seats), default=0.0)

    order = sorted((key for key in first if moved(key) >= LEAST), key=lambda key: -moved(key))
    return tuple(order[:GRAVEST])


def _bands(own: str | None, bands: Bands) -> str:
    """What is told of luck; '' while the class's own history is not there."""
    if not own or not own.startswith("{"):
        return ""
    return pack_json(
        bands_in_words(unpack_history(own), bands.mine, bands.quiet, bands.moved, bands.settled)
    )


def _change_of_decisions(found: dict[str, Plain], twin: str, game: Game) -> dict[str, str]:
    """What each decision changed in the one history, by key; none before its numbers are there."""
    rows = json.loads(twin)["rows"] if twin.startswith("{") else None
    if rows is None:
        return {}
    labels = {row["id"]: row["label"] for row in rows}
    here = {row["id"]: row["class"] for row in rows}
    return {key: decision_in_words(one, here, labels, game.seats) for key, one in found.items()}


def _change_over_histories(bands: Bands, twin: str) -> dict[str, str]:
    """What the gravest decisions changed over several histories, by key."""
    rows = json.loads(twin)["rows"] if twin.startswith("{") else []
    labels = {row["id"]: row["label"] for row in rows}
    labels |= {f"end_{seat}": seat_name(seat) for seat in bands.seats}
    told = {
        key: changes_in_words(changes_by_number(bands.mine, draws), labels)
        for key, draws in bands.without.items()
    }
    return told | dict.fromkeys(bands.pending, say("Over several histories: computing …"))


def _predictions(predicted: list[Plain], own: str | None, bands: Bands, twin: str) -> Plain:
    """What was predicted, beside the answer of this game and its band."""
    months = json.loads(twin)["months"] if twin.startswith("{") else ()
    place = (
        place_of(ANSWER, unpack_history(own), bands.mine, bands.quiet)
        if own and own.startswith("{")
        else None
    )
    return predictions_in_words(predicted, place, months)
