"""A game to plain values and back, with every check: journals and uploads come through here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from coercivity.experiments.game.game import new_game, play_round, predict
from coercivity.experiments.game.pieces import MOST_ROUNDS, Game
from coercivity.model.basis.errors import InputError, shorten, suggest
from coercivity.model.results.result import model_version

FORM: Final = 1  # of what is written here
KEYS: Final = (
    "form",
    "version",
    "seed",
    "seats",
    "others",
    "binding",
    "length",
    "title",
    "rounds",
    "predictions",
    "rules",
)


def to_dict(game: Game) -> dict[str, Any]:
    """A game as JSON can hold it, with the version of the model that it was played on."""
    return {
        "form": FORM,
        "version": model_version(),
        "seed": game.seed,
        "seats": list(game.seats),
        "others": game.others,
        "binding": game.binding,
        "length": game.length,
        "title": game.title,
        "rules": game.rules,
        "rounds": [
            {
                "moves": {
                    seat: [
                        {
                            "card": move.card,
                            **dict(move.choices),
                            **({"why": move.why} if move.why else {}),
                        }
                        for move in moves
                    ]
                    for seat, moves in entry.moves
                },
                "deals": [
                    {
                        "kind": deal.kind,
                        "first": deal.first,
                        "other": deal.other,
                        **dict(deal.choices),
                    }
                    for deal in entry.deals
                ],
            }
            for entry in game.rounds
        ],
        "predictions": [
            {"when": entry.when, "seat": entry.seat, "text": entry.text, "number": entry.number}
            for entry in game.predictions
        ],
    }


def from_dict(raw: object) -> Game:
    """The game in plain values, played again under all rules. Raises InputError for anything that
    does not fit, naming field, value and fix.
    """
    _keys(raw, KEYS, "game")
    assert isinstance(raw, Mapping)
    if raw.get("form") != FORM:
        raise InputError(f"game: form '{shorten(raw.get('form'))}' is not known; use {FORM}")
    game = new_game(
        raw.get("seed", 1),
        raw.get("seats") or (),
        raw.get("others", "scripted"),
        raw.get("binding", False),
        raw.get("length", MOST_ROUNDS),
        raw.get("title") or "",
        raw.get("rules", 1),
    )
    for number, entry in enumerate(_list(raw.get("rounds"), "game: rounds", MOST_ROUNDS), start=1):
        _keys(entry, ("moves", "deals"), f"round {number}")
        try:
            game = play_round(game, entry.get("moves", {}), entry.get("deals", ()))
        except InputError as error:
            raise InputError(f"round {number}: {error}") from None
    for entry in _list(raw.get("predictions"), "game: predictions", 400):
        _keys(entry, ("when", "seat", "text", "number"), "prediction")
        game = predict(
            game, entry.get("when"), entry.get("seat"), entry.get("text"), entry.get("number")
        )
    return game


def _keys(raw: object, allowed: tuple[str, ...], where: str) -> None:
    if not isinstance(raw, Mapping):
        raise InputError(
            f"{where}: '{shorten(raw)}' is not a list of keys and values; write "
            f"{allowed[0]}: ... and so on"
        )
    for key in raw:
        if key not in allowed:
            raise InputError(f"{where}: key '{shorten(key)}' is not known; {suggest(key, allowed)}")


def _list(value: object, where: str, most: int) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f"{where} '{shorten(value)}' is not a list; use [] for none")
    if len(value) > most:
        raise InputError(f"{where} has {len(value)} entries; use at most {most}")
    return value
