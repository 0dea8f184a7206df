"""A game to plain values and back, with every check: journals and uploads come through here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from coercivity import InputError, __version__
from coercivity.model.basis.errors import Phrase
from coercivity.viz.classroom.engine.game import new_game, play_round, predict
from coercivity.viz.classroom.engine.game_state import MOST_ROUNDS, Game
from coercivity.viz.classroom.engine.game_tables import check_keys

FORM: Final = 1  # of what is written here
GAME: Final = Phrase("game")
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
        "version": __version__,
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
    raw = check_keys(raw, KEYS, GAME)
    if raw.get("form") != FORM:
        raise InputError(
            "form '{value}' is not known",
            "use {number}",
            where=GAME,
            value=raw.get("form"),
            number=FORM,
        )
    game = new_game(
        raw.get("seed", 1),
        raw.get("seats") or (),
        raw.get("others", "scripted"),
        raw.get("binding", False),
        raw.get("length", MOST_ROUNDS),
        raw.get("title") or "",
        raw.get("rules", 1),
    )
    for number, entry in enumerate(_list(raw, "rounds", MOST_ROUNDS), start=1):
        place = Phrase.of("round {number}", number=number)
        check_keys(entry, ("moves", "deals"), place)
        try:
            game = play_round(game, entry.get("moves", {}), entry.get("deals", ()))
        except InputError as error:
            raise error.within(place) from None
    for entry in _list(raw, "predictions", 400):
        check_keys(entry, ("when", "seat", "text", "number"), Phrase("prediction"))
        game = predict(
            game, entry.get("when"), entry.get("seat"), entry.get("text"), entry.get("number")
        )
    return game


def _list(raw: Mapping[str, Any], name: str, most: int) -> list[Any]:
    value = raw.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(
            "{choice} '{value}' is not a list",
            "use [] for none",
            where=GAME,
            choice=name,
            value=value,
        )
    if len(value) > most:
        raise InputError(
            "{choice} has {count} entries",
            "use at most {high}",
            where=GAME,
            choice=name,
            count=len(value),
            high=most,
        )
    return value
