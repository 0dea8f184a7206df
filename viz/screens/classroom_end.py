"""The debrief of a room: scores, history against its twin, each decision's what-if, predictions,
and the files to take away.

The same for all in the room.
"""

from __future__ import annotations

import json

import solara

from coercivity.viz.classroom.game_files import FILES, game_file
from coercivity.viz.classroom.room import Room
from coercivity.viz.classroom.room_views import all_predictions, common, packed, told_rounds
from coercivity.viz.drawn import take_away
from coercivity.viz.screens.classroom_charts import History
from coercivity.viz.screens.classroom_parts import Debrief
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.screens.many import use_many
from coercivity.viz.server import game_jobs
from coercivity.viz.server.engine import LEVER
from coercivity.viz.words.game_text import decisions, scores_said, twin_said
from coercivity.viz.words.language import language


@solara.component
def EndPage(room: Room, version: int) -> None:
    """What a class looks at when it has played.

    version: that of the room; another one draws the page anew.
    """
    (kind, shown), set_wanted = solara.use_state(("", 0))
    every, set_every = solara.use_state(False)
    game = room.game
    scores = use_job(game_jobs.scores, game, priority=LEVER)
    twin = use_job(game_jobs.against_twin, game, priority=LEVER)
    keys = use_job(game_jobs.decision_keys, game, priority=LEVER)
    moves = json.loads(keys.value) if keys.value else {"all": [], "first": []}
    said = solara.use_memo(lambda: decisions(game), [game, language()])
    moves["all"] = [
        move | ({"text": said[move["key"]]} if move["key"] in said else {}) for move in moves["all"]
    ]
    asked = [move["key"] for move in moves["all"] if every or move["key"] in moves["first"]]
    answers = use_many(game_jobs.decision, [(game, key) for key in asked])
    changed = {
        key: json.loads(answers.values[place])
        for place, key in enumerate(asked)
        if place in answers.values
    }
    made = use_job(
        game_file,
        kind,
        packed(room.saved()),
        scores.value or "",
        wanted=bool(kind) and bool(scores.value),
    )
    ready = bool(kind) and not made.busy and not made.problem and made.value is not None
    file = take_away.packed(*json.loads(made.value)) if ready else ""

    def take(wanted: str) -> None:
        if wanted in FILES:
            set_wanted((wanted, shown + 1))

    Debrief(
        page=packed(common(room)),
        scores=scores_said(scores.value or ""),
        twin=twin_said(twin.value or ""),
        decisions=packed({**moves, "changed": changed, "asked": asked}),
        rounds=packed(told_rounds(game, why=True)),
        predictions=packed(all_predictions(room)),
        file=file,
        shown=shown if ready else 0,
        busy=scores.busy or twin.busy,
        problem=scores.problem or twin.problem or keys.problem or answers.problem or made.problem,
        event_take=take,
        event_every=lambda _: set_every(True),
    )
    History(game=game, whole=True)
