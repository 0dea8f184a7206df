"""Whom a ban of China's bars, so that licences let nothing through to him."""

from __future__ import annotations

from typing import Final

from coercivity.viz.classroom.engine.acts import first_day, measures
from coercivity.viz.classroom.engine.pieces import Game
from coercivity.viz.classroom.engine.standing import standing
from coercivity.viz.classroom.engine.table import GOVERNMENT

BANS: Final = ("dual_use_ban", "blanket_ban")


def barred(game: Game) -> list[str]:
    """Seats of governments against which a ban of the game is in force, and not suspended, as the
    coming round begins.
    """
    day, acts = first_day(game.played + 1), list(standing(game).acts)
    resting = {
        act["of"]
        for act in acts
        if act["kind"] == "suspension" and act["date"] <= day <= act.get("end", "9999")
    }
    return [
        seat
        for seat in game.seats
        if seat in GOVERNMENT
        and any(
            act["kind"] in BANS and act["id"] not in resting
            for act in measures(acts, day, GOVERNMENT[seat])
        )
    ]
