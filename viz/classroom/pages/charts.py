"""The lab's charts for a game: its history so far, or with the years after it, over the twin in
which China does nothing new.
"""

from __future__ import annotations

from typing import Final

import solara

from coercivity.viz.classroom.engine.pieces import Game, round_month
from coercivity.viz.classroom.pages import game_jobs
from coercivity.viz.classroom.pages.parts import Charts
from coercivity.viz.classroom.rooms.views import packed
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.words.language import language, say

STATES_SHOWN: Final = ("Japan", "United States", "Germany", "France", "China")


@solara.component
def History(game: Game, whole: bool) -> None:
    """Four charts of one state."""
    state, set_state = solara.use_state(STATES_SHOWN[0])
    line = use_job(game_jobs.charts, game, state, whole, language())
    ghost = use_job(game_jobs.twin, game, state, whole, wanted=not line.busy)
    Charts(
        page=line.settled,
        ghost=ghost.settled if not line.busy else "",
        state=state,
        states=packed([[name, say(name)] for name in STATES_SHOWN]),
        until=round_month(game.played + 1),
        heading=say("The whole history") if whole else say("So far"),
        twin_words=say("China does nothing new"),
        busy=line.busy,
        problem=line.problem,
        event_look=lambda choice: set_state(choice if choice in STATES_SHOWN else state),
    )
