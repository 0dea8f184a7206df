"""The world of a game: the acts up to December 2025, and a game's own acts on top as dated
choices.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from coercivity import Scenario
from coercivity.model.scenario.scenario import load_shipped, scenario_from_dict
from coercivity.viz.classroom.engine.game_state import FIRST, START, Game
from coercivity.viz.classroom.engine.game_tables import GOVERNMENT
from coercivity.viz.classroom.engine.round_effects import replay_game

BASE: Final = "japan-2026"
WHY: Final = (
    "A class game. The acts as enacted up to December 2025; no act dated 2026 or later is in it, "
    "also none that was announced before. From January 2026 the "
    "seats that are played decide, in rounds of six months; the follow-up after the last round "
    "leaves in force what is in force."
)


@lru_cache(maxsize=1)
def base_acts() -> tuple[dict[str, Any], ...]:
    """The acts of the base scenario dated before the game's first month, as plain values."""
    return tuple(event.to_dict() for event in load_shipped(BASE).events if event.date < FIRST)


def governments(game: Game) -> dict[str, str]:
    """How each seat's government is led: played where somebody sits, else as the game says; every
    other government is scripted.
    """
    return {
        name: "played" if seat in game.seats else game.others for seat, name in GOVERNMENT.items()
    }


def scenario_of(game: Game, months: int | None = None) -> Scenario:
    """The scenario that a game stands for, to the end of the follow-up or of so many *months* of a
    reading (one month at least). Raises InputError as a file would.
    """
    months = game.months if months is None else months
    return _scenario(game, max(months - game.still, 1))


def before_play(game: Game) -> Scenario:
    """The first month of a world that begins with the game, in which nobody has moved."""
    return _scenario(replace(game, rounds=(), predictions=()), 1)


@lru_cache(maxsize=256)
def _scenario(game: Game, months: int) -> Scenario:
    base = load_shipped(BASE)
    raw: dict[str, Any] = {
        "name": "class-game",
        "title": game.title or "A class game",
        "why": WHY,
        "sources": list(base.sources),
        "start": FIRST if game.still else START,
        "months": months,
        "governments": governments(game),
        "events": list(base_acts()),
        "choices": list(replay_game(game).acts),
    }
    return scenario_from_dict(raw, "game")


def to_scenario_yaml(game: Game) -> str:
    """The scenario file of a game, which ``coercivity run FILE --seed N`` accepts; N is the game's
    seed.
    """
    return (
        f"# seed of the game: {game.seed}; run it with: coercivity run FILE --seed "
        f"{game.seed}\n{scenario_of(game).to_yaml()}"
    )
