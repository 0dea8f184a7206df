"""The class game, from its start to its end: the functions that a room, a one-screen page and a
test use alike.

    game = new_game(seed=1)
    game = play_round(game, {"exporter": [{"card": "threat", "whom": "target"}]}, [])
    brief(game, "target")   reveal(game)   scores(game)   debrief(game)   to_dict(game)
    to_scenario_yaml(game)

A Game is data and never changes; each function works the rest out again by running the scenario
that the game stands for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from coercivity import InputError
from coercivity.model.basis.errors import Phrase
from coercivity.model.basis.inputs import without_controls
from coercivity.model.basis.luck import check_seed
from coercivity.viz.classroom.engine.debrief import QUESTION, debrief, history, what_if
from coercivity.viz.classroom.engine.game_scenario import scenario_of, to_scenario_yaml
from coercivity.viz.classroom.engine.game_state import (
    GAME_RULES,
    MOST_DEALS,
    MOST_MOVES,
    MOST_ROUNDS,
    TEXT,
    Deal,
    Game,
    Move,
    Prediction,
    Round,
    round_month,
)
from coercivity.viz.classroom.engine.game_tables import (
    SEATS,
    cards,
    check_choices,
    check_keys,
    check_option,
    deal_kinds,
    nearest,
    place_of,
)
from coercivity.viz.classroom.engine.round_effects import (
    add_round,
    open_deals,
)
from coercivity.viz.classroom.engine.scoring import scores
from coercivity.viz.classroom.engine.team_briefs import brief, reveal

OTHERS: Final = ("scripted", "autonomous")
MOST_PREDICTED: Final = 10_000  # months; games saved earlier hold years

__all__ = [
    "QUESTION",
    "SEATS",
    "Deal",
    "Game",
    "Move",
    "Prediction",
    "Round",
    "brief",
    "check_deal",
    "check_moves",
    "debrief",
    "history",
    "new_game",
    "open_deals",
    "play_round",
    "predict",
    "reveal",
    "round_month",
    "scenario_of",
    "scores",
    "to_scenario_yaml",
    "what_if",
]


def new_game(
    seed: int = 1,
    seats: Iterable[str] = SEATS,
    others: str = "scripted",
    binding: bool = False,
    length: int = MOST_ROUNDS,
    title: str = "",
    rules: int = GAME_RULES,
) -> Game:
    """A game before its first round. Raises InputError.

    seats: those with a team. others: what governments of empty seats do, scripted (nothing new) or
    autonomous (their rule decides); an empty firm follows the model's rules. binding: whether a
    move that breaks a deal is refused; else it stands and costs credibility. length: rounds of six
    months, 1 to 8. rules: GAME_RULES, or older ones of a saved game.
    """
    if isinstance(seats, str) or not isinstance(seats, Iterable):
        raise InputError(
            "{choice} '{value}' is not a list",
            "write for example {example}",
            choice="seats",
            value=seats,
            example="[exporter, target]",
        )
    chosen = {check_option(seat, SEATS, "seat") for seat in seats}
    if not chosen:
        raise InputError("seats is empty", "name at least one seat, for example target")
    if not isinstance(binding, bool):
        raise InputError(
            "binding '{value}' is neither true nor false", "use true or false", value=binding
        )
    if isinstance(length, bool) or not isinstance(length, int) or not 1 <= length <= MOST_ROUNDS:
        raise InputError(
            "length '{value}' does not fit",
            "use a whole number of rounds from {low} to {high}",
            value=length,
            low=1,
            high=MOST_ROUNDS,
        )
    return Game(
        check_seed(seed),
        tuple(seat for seat in SEATS if seat in chosen),
        check_option(others, OTHERS, "others"),
        binding,
        length,
        _text(title, "title", 80),
        rules=_rules(rules),
    )


def play_round(game: Game, moves: Mapping[str, Iterable[Any]], deals: Iterable[Any] = ()) -> Game:
    """The game after one more round. moves: {seat: cards that it plays}, sealed and made at once;
    deals: those that both sides accepted in the talk before.

    A move is {"card": id, choice: option, ..., "why": text}, a deal {"kind": id, "first": seat,
    "other": seat, choice: option, ...}. A seat that is not in *moves* does nothing. Raises
    InputError for a move against the rules, beyond the budget, or (binding) against a deal; the old
    game still stands.
    """
    if game.over:
        raise InputError(
            "round {number} is not played: the game has {count} rounds and is over",
            "start a new game",
            number=game.played + 1,
            count=game.length,
        )
    if not isinstance(moves, Mapping):
        raise InputError(
            "moves '{value}' is not a list by seat",
            "write {example}",
            value=moves,
            example="{exporter: [...], target: [...]}",
        )
    for seat in moves:
        _check_played(game, seat, Phrase("moves"))
    moves_read = tuple(
        (seat, read_moves(seat, moves[seat])) for seat in game.seats if seat in moves
    )
    if isinstance(deals, (str, Mapping)) or not isinstance(deals, Iterable):
        raise InputError(
            "{choice} '{value}' is not a list", "use [] for none", choice="deals", value=deals
        )
    agreed = tuple(read_deal(game, deal) for deal in deals)
    if len(agreed) > MOST_DEALS:
        raise InputError(
            "deals has {count} entries",
            "use at most {high} a round",
            count=len(agreed),
            high=MOST_DEALS,
        )
    return add_round(
        game, Round(tuple((seat, played) for seat, played in moves_read if played), agreed)
    )


def check_moves(
    game: Game, seat: str, raw: Iterable[Any], deals: Iterable[Any] = ()
) -> tuple[Move, ...]:
    """The moves of one seat for the coming round, checked by themselves and against *deals*
    accepted in this round; for a sealed sheet. Raises InputError.
    """
    play_round(game, {seat: raw}, deals)
    return read_moves(seat, raw)


def check_deal(game: Game, raw: Any, deals: Iterable[Any] = ()) -> Deal:
    """A deal that somebody wants to offer, checked beside *deals* that are already accepted. Raises
    InputError.
    """
    deal = read_deal(game, raw)
    play_round(game, {}, [*deals, deal])
    return deal


def read_moves(seat: str, raw: Iterable[Any]) -> tuple[Move, ...]:
    """Moves of a seat from plain values. Raises InputError naming seat, card, field, value and
    fix.
    """
    where = place_of(seat)
    if isinstance(raw, (str, Mapping)) or not isinstance(raw, Iterable):
        raise InputError(
            "{choice} '{value}' is not a list",
            "use [] for nothing",
            where=where,
            choice="moves",
            value=raw,
        )
    moves_read = tuple(_move(seat, one) for one in raw)
    if len(moves_read) > MOST_MOVES:
        raise InputError(
            "{count} moves in one round",
            "use at most {high}",
            where=where,
            count=len(moves_read),
            high=MOST_MOVES,
        )
    if len({(move.card, move.choices) for move in moves_read}) < len(moves_read):
        raise InputError(
            "move '{card}' stands twice",
            "play it once a round",
            where=where,
            card=moves_read[0].card,
        )
    return moves_read


def _move(seat: str, raw: Any) -> Move:
    if isinstance(raw, Move):
        raw = {"card": raw.card, **dict(raw.choices), "why": raw.why}
    if not isinstance(raw, Mapping):
        raise InputError(
            "move '{value}' is not a move",
            "write for example {example}",
            where=place_of(seat),
            value=raw,
            example=f"{{card: {next(iter(cards()[seat]))}}}",
        )
    name = check_option(raw.get("card"), (*cards()[seat], "break"), "card", place_of(seat))
    where = place_of(seat, name)
    choices = (("deal", ()),) if name == "break" else cards()[seat][name].choices
    check_keys(raw, ("card", "why", *(choice for choice, _ in choices)), where)
    made = (
        (("deal", _text(raw.get("deal"), "deal", 8, where)),)
        if name == "break"
        else check_choices(raw, choices, where)
    )
    return Move(name, made, _text(raw.get("why"), "why", TEXT, where))


def read_deal(game: Game, raw: Any) -> Deal:
    """A deal from plain values, between two seats that are played. Raises InputError."""
    if isinstance(raw, Deal):
        raw = {"kind": raw.kind, "first": raw.first, "other": raw.other, **dict(raw.choices)}
    if not isinstance(raw, Mapping):
        raise InputError(
            "deal '{value}' is not a deal",
            "write for example {example}",
            value=raw,
            example="{kind: truce, first: exporter, other: target, rounds: 2}",
        )
    name = check_option(raw.get("kind"), deal_kinds(), "kind", Phrase("deal"))
    kind, where = deal_kinds()[name], Phrase.of("deal {card}", card=name)
    check_keys(raw, ("kind", "first", "other", *(choice for choice, _ in kind.choices)), where)
    first, other = (
        check_option(raw.get("first"), kind.first, "first", where),
        check_option(raw.get("other"), kind.other, "other", where),
    )
    if first == other:
        raise InputError(
            "other '{seat}' is its first party too", "name another seat", where=where, seat=other
        )
    for seat in (first, other):
        _check_played(game, seat, where)
    return Deal(name, first, other, check_choices(raw, kind.choices, where))


def _check_played(game: Game, seat: str, where: Phrase) -> None:
    """Refuse a seat that nobody plays."""
    if seat not in game.seats:
        fix = nearest(seat, game.seats)
        raise InputError("seat '{value}' is not played", fix, where=where, value=seat)


def predict(game: Game, when: str, seat: str, text: str = "", number: float | None = None) -> Game:
    """The game with one more prediction, before or after it, in words and as a number (the answer
    to QUESTION). Raises InputError.
    """
    where = Phrase("prediction")
    if number is not None and (
        isinstance(number, bool)
        or not isinstance(number, (int, float))
        or not 0.0 <= number <= MOST_PREDICTED
    ):
        raise InputError(
            "number '{value}' does not fit",
            "use a number from {low} to {high}, or none",
            where=where,
            value=number,
            low=0,
            high=MOST_PREDICTED,
        )
    prediction = Prediction(
        check_option(when, ("before", "after"), "when", where),
        check_option(seat, game.seats, "seat", where),
        _text(text, "text", TEXT, where),
        None if number is None else float(number),
    )
    if len(game.predictions) >= 400:
        raise InputError("{count} are in already", "start a new game", where=where, count=400)
    return replace(game, predictions=(*game.predictions, prediction))


def _rules(rules: object) -> int:
    if isinstance(rules, bool) or not isinstance(rules, int) or not 1 <= rules <= GAME_RULES:
        raise InputError(
            "rules '{value}' are not known",
            "use a whole number from {low} to {high}",
            value=rules,
            low=1,
            high=GAME_RULES,
        )
    return rules


def _text(value: object, choice: str, limit: int, where: str | Phrase = "") -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(
            "{choice} '{value}' is not text",
            "put it in quotes",
            where=where,
            choice=choice,
            value=value,
        )
    text = " ".join(
        without_controls(value).split()
    )  # half an emoji, as a browser cuts it, is no fault of who typed it
    if len(text) > limit:
        raise InputError(
            "{choice} '{value}' has {count} characters",
            "use at most {high}",
            where=where,
            choice=choice,
            value=text,
            count=len(text),
            high=limit,
        )
    return text
