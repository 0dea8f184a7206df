"""After the game: the class's history beside its twin without signal and measure, and what each
decision changed. Same seed throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from coercivity import InputError, __version__
from coercivity.model.basis.calendar import month_names
from coercivity.viz.classroom.engine.game_run import Reading, read_game
from coercivity.viz.classroom.engine.game_state import LEAD, START, Game, Move, Round
from coercivity.viz.classroom.engine.game_tables import SEATS, deal_kinds, seats, words
from coercivity.viz.classroom.engine.numbers import NumberRequest, label, unit, value
from coercivity.viz.classroom.engine.numbers import series as by_month
from coercivity.viz.classroom.engine.round_effects import add_round, replay_game
from coercivity.viz.classroom.engine.scoring import score_all
from coercivity.viz.classroom.engine.team_briefs import in_words

QUESTION: Final = (
    "How many months will a line in Japan stand still on average, from the start of the game to "
    "the end of the years after it?"
)
MOST: Final = 12  # decisions that are asked "what if" at once: each is a run of ten years
NUMBERS: Final[
    Mapping[str, NumberRequest]
] = {  # headline numbers, at the end of the years after the game
    "lost_target": NumberRequest("lost_since", "Japan"),
    "cost_target": NumberRequest("cost_since", "Japan"),
    "lost_ally": NumberRequest("lost_since", "United States"),
    "lost_bloc": NumberRequest("lost_since", "EU"),
    "stood_target": NumberRequest("stood", "Japan"),
    "exports": NumberRequest("exports_since"),
    "place": NumberRequest("place"),
    "outside": NumberRequest("outside"),
    "dependence_target": NumberRequest("dependence", "Japan"),
    "dependence_ally": NumberRequest("dependence", "United States"),
    "dependence_bloc": NumberRequest("dependence", "EU"),
    "price_dy": NumberRequest("price_half", "Japan", "dysprosium_oxide"),
}
HEADLINES: Final = tuple((name, label(asked), unit(asked)) for name, asked in NUMBERS.items())
LINES: Final[Mapping[str, NumberRequest]] = {  # months of the game and its follow-up, by line
    "lost_target": NumberRequest("lost_month", "Japan"),
    "cost_target": NumberRequest("cost_month", "Japan"),
    "price_dy": NumberRequest("price", "Japan", "dysprosium_oxide"),
    "price_ndpr": NumberRequest("price", "Japan", "ndpr_oxide"),
    "dependence": NumberRequest("dependence_month", "Japan"),
}


def headlines(read: Reading) -> dict[str, float]:
    """The headline numbers of a game at the end of the follow-up: sums count from the game's first
    month on.
    """
    return {name: value(asked, read, read.months) for name, asked in NUMBERS.items()}


def twin(game: Game) -> Game:
    """The same game and seed without any move of the exporter; where nobody plays it, China does
    nothing new.
    """
    still = replace(game, others=game.others if "exporter" in game.seats else "scripted")
    return mend(
        still,
        [
            Round(
                tuple((seat, moves) for seat, moves in this_round.moves if seat != "exporter"),
                this_round.deals,
            )
            for this_round in game.rounds
        ],
    )


def decisions(game: Game) -> list[tuple[str, str]]:
    """Every move and deal as (key, words), in the order of play; the key is round.seat.place, or
    round.deal.place.
    """
    choices_made = []
    for number, this_round in enumerate(game.rounds, start=1):
        for place, deal in enumerate(this_round.deals, start=1):
            label = deal_kinds()[deal.kind].label
            choices_made.append(
                (
                    f"{number}.deal.{place}",
                    f"Round {number}: {label}, {words(deal.first)} and {words(deal.other)}",
                )
            )
        for seat in SEATS:
            for place, move in enumerate(this_round.of(seat), start=1):
                choices_made.append(
                    (
                        f"{number}.{seat}.{place}",
                        f"Round {number}, {words(seat)}: {in_words(seat, move)}",
                    )
                )
    return choices_made


def game_without(game: Game, key: str) -> Game:
    """The game without one decision; later moves that no longer make sense (breaking a deal that
    was never made) fall away too. Raises InputError.
    """
    if key not in {name for name, _ in decisions(game)}:
        raise InputError(
            "decision '{value}' is none of this game",
            "use round.seat.place as in its debrief",
            value=key,
        )
    number, who, place = key.split(".")
    rounds = list(game.rounds)
    this_round, position = rounds[int(number) - 1], int(place) - 1
    if who == "deal":
        this_round = replace(
            this_round, deals=this_round.deals[:position] + this_round.deals[position + 1 :]
        )
    else:
        this_round = replace(
            this_round,
            moves=tuple(
                (seat, moves[:position] + moves[position + 1 :] if seat == who else moves)
                for seat, moves in this_round.moves
            ),
        )
    rounds[int(number) - 1] = this_round
    return mend(game, rounds)


def mend(game: Game, rounds: list[Round]) -> Game:
    """A game of these rounds in which deals and moves that the rules now refuse are left out."""
    mended = replace(game, rounds=())
    for this_round in rounds:
        allowed = Round()
        for deal in this_round.deals:
            allowed = _if_allowed(mended, allowed, replace(allowed, deals=(*allowed.deals, deal)))
        for seat, moves in this_round.moves:
            for move in moves:
                allowed = _if_allowed(mended, allowed, _with_move(allowed, seat, move))
        mended = add_round(mended, allowed)
    return mended


def _if_allowed(game: Game, before: Round, wanted: Round) -> Round:
    try:
        add_round(game, wanted)
    except InputError:
        return before
    return wanted


def _with_move(this_round: Round, seat: str, move: Move) -> Round:
    moves_by_seat = dict(this_round.moves)
    return replace(
        this_round,
        moves=tuple({**moves_by_seat, seat: (*moves_by_seat.get(seat, ()), move)}.items()),
    )


@lru_cache(maxsize=256)
def what_if(game: Game, key: str) -> dict[str, Any]:
    """What a decision changed: every seat's score at the end of the follow-up and the headline
    numbers, class minus the game without it. One run.
    """
    other = game_without(game, key)
    real, left = read_game(game), read_game(other)
    scores, scores_left = score_all(real, game, game.months), score_all(left, other, other.months)
    here, there = headlines(real), headlines(left)
    return {
        "key": key,
        "text": dict(decisions(game))[key],
        "scores": {seat: scores[seat]["score"] - scores_left[seat]["score"] for seat in SEATS},
        "headlines": {name: here[name] - there[name] for name in here},
    }


def choose_decisions(game: Game, most: int = MOST) -> tuple[list[str], list[str]]:
    """Keys of the decisions that a debrief asks about, and the words of those that it leaves out:
    China's measures and deals first, then by price.
    """
    order = []
    for place, (key, text) in enumerate(decisions(game)):
        number, who, at = key.split(".")
        move = None if who == "deal" else game.rounds[int(number) - 1].of(who)[int(at) - 1]
        grave = (
            move is None
            or (who == "exporter" and move.card not in ("threat", "general_licence"))
            or move.card in ("concession", "break")
        )
        order.append((0 if grave else 1, place, key, text))
    order.sort()
    taken = sorted(order[:most], key=lambda pair: pair[1])
    return [key for _, _, key, _ in taken], [
        text for _, _, _, text in sorted(order[most:], key=lambda pair: pair[1])
    ]


def idle_months(read: Reading) -> float:
    """The answer to QUESTION."""
    return value(NUMBERS["stood_target"], read, read.months)


def series(read: Reading) -> dict[str, list[float]]:
    """Months of the game and its follow-up, by line."""
    return {name: by_month(asked, read)[LEAD:] for name, asked in LINES.items()}


def history(game: Game) -> dict[str, Any]:
    """The class's history against its twin: months, lines and headline numbers. Two runs."""
    real, still = read_game(game), read_game(twin(game))
    mine, other = series(real), series(still)
    here, there = headlines(real), headlines(still)
    return {
        "months": list(month_names(START, game.months))[LEAD:],
        "lines": [
            {
                "id": name,
                "label": label(asked),
                "unit": unit(asked),
                "class": mine[name],
                "twin": other[name],
            }
            for name, asked in LINES.items()
        ],
        "headlines": [
            {
                "id": name,
                "label": told,
                "unit": of,
                "class": here[name],
                "twin": there[name],
                "difference": here[name] - there[name],
            }
            for name, told, of in HEADLINES
        ],
        "answer": round(idle_months(real), 1),
        "answer_twin": round(idle_months(still), 1),
    }


def debrief(game: Game, most: int = MOST) -> dict[str, Any]:
    """Everything for the talk after the game: history against the twin, what each decision changed
    (at most *most*; the rest is named), predictions.

    {version, seed, question, answer, predictions {before, after}, history, decisions [{key, text,
    scores, headlines}], left_out [text], scores}. A game that is not over is followed as if nobody
    moved any more. Costs 2 + most runs at first; `history` and `what_if` give the parts one by one.
    """
    keys, left_out = choose_decisions(game, most)
    told = history(game)
    return {
        "version": __version__,
        "seed": game.seed,
        "question": QUESTION,
        "answer": told["answer"],
        "predictions": predictions(game),
        "history": told,
        "decisions": [what_if(game, key) for key in keys],
        "left_out": left_out,
        "most": most,
        "scores": score_all(read_game(game), game, game.months),
        "breaches": [
            [when, seats()[by].name, held.id] for when, by, held in replay_game(game).breaches
        ],
    }


def predictions(game: Game) -> dict[str, list[dict[str, Any]]]:
    """Predictions before and after, by seat and without names, in an order that says nothing about
    who wrote them.
    """
    by_time: dict[str, list[dict[str, Any]]] = {"before": [], "after": []}
    for prediction in game.predictions:
        by_time[prediction.when].append(
            {"seat": prediction.seat, "text": prediction.text, "number": prediction.number}
        )
    for told in by_time.values():
        told.sort(
            key=lambda line: (
                SEATS.index(line["seat"]),
                line["number"] is None,
                line["number"] or 0.0,
                line["text"],
            )
        )
    return by_time
