"""Games that a class is likely to play, written down as scripts, and what the model answers: the
figures in the lessons come from here.

document = run_scripts(seeds=(1, 2, 3, 4, 5))      tools/docs/lessons.py writes it to
docs/results/lessons.json and into the lessons
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from coercivity import __version__
from coercivity.model.basis.luck import read_seeds
from coercivity.viz.classroom.engine.debrief import HEADLINES, headlines
from coercivity.viz.classroom.engine.game import new_game, play_round
from coercivity.viz.classroom.engine.game_run import read_game
from coercivity.viz.classroom.engine.game_state import LEAD, Game
from coercivity.viz.classroom.engine.game_tables import SEATS, check_option
from coercivity.viz.classroom.engine.numbers import HALF, NumberRequest, value
from coercivity.viz.classroom.engine.scoring import scores

Card = dict[str, Any]
Moves = Mapping[int, Mapping[str, list[Card]]]  # round -> seat -> cards
Deals = Mapping[int, list[Card]]

TRIO: Final = ("exporter", "target", "firm")


@dataclass(frozen=True)
class Script:
    """A game that somebody is likely to play: its lesson, its rounds and seats, who does what in
    which round.
    """

    id: str
    lesson: str
    label: str
    length: int
    moves: Moves = field(default_factory=dict)
    deals: Deals = field(default_factory=dict)
    seats: tuple[str, ...] = SEATS

    def game(self, seed: int) -> Game:
        """The game played to its end."""
        game = new_game(seed, self.seats, length=self.length)
        for number in range(1, self.length + 1):
            game = play_round(game, self.moves.get(number, {}), self.deals.get(number, []))
        return game


def _ban(whom: str = "target", goods: str = "heavy") -> Card:
    return {"card": "blanket_ban", "whom": whom, "goods": goods}


def _moves_by_round(
    rounds: Iterable[int], moves: Callable[[int], Mapping[str, list[Card]]]
) -> Moves:
    return {number: moves(number) for number in rounds}


_STOCK: Final = {"card": "stock", "who_holds": "firms"}
_CONCEDE: Final = {"card": "concession"}
_LIFT: Final = {"card": "suspend", "which": "newest", "how_long": "for_good"}
_STEER: Final = {"card": "steer", "strength": "half", "how_long": "end"}
_ELSEWHERE: Final = {"card": "strike_back", "with": "elsewhere"}
_PLANT: Final = {"card": "build_magnets", "where": "India", "size": "full"}
_POOL: Final = {
    "kind": "cost_share",
    "first": "ally",
    "other": "bloc",
    "amount": 600,
    "stage": "chain",
}
_TRUCE: Final = {"kind": "truce", "first": "exporter", "other": "target", "rounds": 4}
_LICENCES: Final = {"kind": "licences", "first": "exporter", "other": "target", "rounds": 4}


def _bans(*rounds: int) -> Moves:
    """A ban of heavy elements to Japan, begun in each of these rounds."""
    return {number: {"exporter": [_ban()]} for number in rounds}


def _merge_moves(base: Moves, *more: Moves) -> Moves:
    """Moves of several scripts in one."""
    by_round: dict[int, dict[str, list[Card]]] = {}
    for moves in (base, *more):
        for number, by_seat in moves.items():
            for seat, cards_played in by_seat.items():
                by_round.setdefault(number, {}).setdefault(seat, []).extend(cards_played)
    return by_round


_HAWK: Final = _bans(1, 3, 5, 7)
_SUPPORT: Final[Moves] = {
    1: {
        "ally": [
            {"card": "grant", "stage": "chain", "amount": 1500},
            {"card": "tax_credit", "rate": "0.2", "amount": 900},
        ],
        "bloc": [
            {"card": "grant", "stage": "chain", "amount": 1000},
            {"card": "tax_credit", "rate": "0.2", "amount": 600},
        ],
        "target": [{"card": "loan", "stage": "chain", "amount": 600}],
    },
}

SCRIPTS: Final = (
    Script("calm", "30", "Nobody moves", 2, seats=TRIO),
    Script(
        "threat",
        "30",
        "China threatens and does nothing",
        2,
        {1: {"exporter": [{"card": "threat", "whom": "target"}]}},
        seats=TRIO,
    ),
    Script(
        "dual",
        "30",
        "China bans dual-use goods",
        2,
        {1: {"exporter": [{"card": "dual_use_ban", "whom": "target"}]}},
        seats=TRIO,
    ),
    Script(
        "ban",
        "30",
        "China bans heavy elements for a year",
        2,
        {1: {"exporter": [_ban()]}},
        seats=TRIO,
    ),
    Script(
        "ban_all",
        "30",
        "China bans everything for a year",
        2,
        {1: {"exporter": [_ban(goods="all")]}},
        seats=TRIO,
    ),
    Script(
        "panic",
        "30",
        "The ban, then Japan's firms buy three months ahead",
        2,
        {1: {"exporter": [_ban()]}, 2: {"target": [{**_STOCK, "cover": 3}]}},
        seats=TRIO,
    ),
    Script(
        "concede",
        "30",
        "The ban, then Japan gives way and China lifts it",
        2,
        {1: {"exporter": [_ban()]}, 2: {"target": [_CONCEDE], "exporter": [_LIFT]}},
        seats=TRIO,
    ),
    Script(
        "ban_late",
        "30",
        "The ban comes in the second round",
        2,
        {2: {"exporter": [_ban()]}},
        seats=TRIO,
    ),
    Script(
        "prepared",
        "30",
        "Japan's firms hold a month more, then the ban comes",
        2,
        {1: {"target": [{**_STOCK, "cover": 1}]}, 2: {"exporter": [_ban()]}},
        seats=TRIO,
    ),
    Script(
        "steered",
        "30",
        "Japan steers buyers away, then the ban comes",
        2,
        {1: {"target": [_STEER]}, 2: {"exporter": [_ban()]}},
        seats=TRIO,
    ),
    Script(
        "firm_stock",
        "30",
        "The firm holds three months more, then the ban comes",
        2,
        {
            1: {"firm": [{"card": "stock", "cover": 3, "how_long": "end"}]},
            2: {"exporter": [_ban()]},
        },
        seats=TRIO,
    ),
    Script(
        "firm_away",
        "30",
        "The firm turns half away from China, then the ban comes",
        2,
        {
            1: {"firm": [{"card": "supplier", "strength": "half", "how_long": "end"}]},
            2: {"exporter": [_ban()]},
        },
        seats=TRIO,
    ),
    Script("calm6", "90", "Nobody moves", 6),
    Script(
        "dove",
        "90",
        "China suspends its own measures for good",
        6,
        {1: {"exporter": [{"card": "suspend", "which": "all", "how_long": "for_good"}]}},
    ),
    Script("hawk", "90", "China bans heavy elements to Japan throughout", 6, _bans(1, 3, 5)),
    Script(
        "struck",
        "90",
        "The same, and all three strike back elsewhere, twice",
        6,
        _merge_moves(
            _bans(1, 3, 5),
            {
                number: {seat: [_ELSEWHERE] for seat in ("target", "ally", "bloc")}
                for number in (2, 4)
            },
        ),
    ),
    Script(
        "truce",
        "90",
        "A ban that China lifts, and a truce of four rounds that holds",
        6,
        _merge_moves(_bans(1), {2: {"exporter": [_LIFT]}}),
        {2: [_TRUCE]},
    ),
    Script(
        "broken",
        "90",
        "The same truce, broken by China after a year",
        6,
        _merge_moves(_bans(1, 4), {2: {"exporter": [_LIFT]}}),
        {2: [_TRUCE]},
    ),
    Script(
        "licences",
        "90",
        "A ban that China lifts, and licences for a concession",
        6,
        _merge_moves(_bans(1), {2: {"exporter": [_LIFT]}}),
        {2: [_LICENCES]},
    ),
    Script(
        "hasty",
        "90",
        "China bans throughout, Japan stocks six months at once and strikes back",
        6,
        _merge_moves(
            _bans(1, 3, 5), {1: {"target": [{**_STOCK, "cover": 6}]}, 2: {"target": [_ELSEWHERE]}}
        ),
    ),
    Script("calm8", "180", "Nobody moves", 8),
    Script("hawk8", "180", "China bans heavy elements to Japan throughout", 8, _HAWK),
    Script(
        "blanket8",
        "180",
        "China bans everything to Japan throughout",
        8,
        _moves_by_round(range(1, 9, 2), lambda number: {"exporter": [_ban(goods="all")]}),
    ),
    Script(
        "three8",
        "180",
        "China bans heavy elements to Japan, the United States and the EU in turn",
        8,
        _moves_by_round(
            range(1, 9),
            lambda number: {"exporter": [_ban(), _ban("ally")] if number % 2 else [_ban("bloc")]},
        ),
    ),
    Script(
        "support8",
        "180",
        "The same as the second, and everybody promises support at once",
        8,
        _merge_moves(_HAWK, _SUPPORT),
    ),
    Script(
        "pool8",
        "180",
        "The same as the second, the United States and the EU pool USD 600 million each",
        8,
        _HAWK,
        {1: [_POOL]},
    ),
    Script(
        "firm8",
        "180",
        "The same as the second, and the firm builds in India and Malaysia",
        8,
        _merge_moves(
            _HAWK,
            {1: {"firm": [_PLANT, {"card": "build_metal", "where": "Malaysia", "size": "full"}]}},
        ),
    ),
    Script(
        "away8",
        "180",
        "The same as the second, and the firm turns away from China altogether",
        8,
        _merge_moves(
            _HAWK, {1: {"firm": [{"card": "supplier", "strength": "all", "how_long": "end"}]}}
        ),
    ),
    Script(
        "offtake8",
        "180",
        "The same as the second, and Washington buys what the firm's plant there does not sell",
        8,
        _HAWK,
        {1: [{"kind": "offtake", "first": "ally", "other": "firm", "amount": 300, "rounds": 8}]},
    ),
)


def script(name: str) -> Script:
    """The script with this id. Raises InputError."""
    by_id = {known.id: known for known in SCRIPTS}
    return by_id[check_option(name, by_id, "script")]


def run_script(script_played: Script, seeds: Iterable[int]) -> dict[str, Any]:
    """A script in several worlds: every number as the value of each seed, in their order."""
    values: dict[str, list[float]] = {}
    for seed in seeds:
        game = script_played.game(seed)
        told = scores(game)
        numbers = {f"now_{seat}": told["now"][seat]["score"] for seat in SEATS} | {
            f"end_{seat}": told["follow_up"][seat]["score"] for seat in SEATS
        }
        read = read_game(game)
        motors = NumberRequest("motors", "Japan")
        stock = NumberRequest("stock", "Japan", "dysprosium_oxide")
        numbers |= headlines(read) | {
            "motors_2026": sum(value(motors, read, LEAD + months) for months in (HALF, 2 * HALF)),
            "stock_january": value(stock, read, LEAD),
            "stock_july": value(stock, read, LEAD + HALF),
        }
        for name, found in numbers.items():
            values.setdefault(name, []).append(float(f"{found:.5g}"))
    return {
        "label": script_played.label,
        "lesson": script_played.lesson,
        "rounds": script_played.length,
        "numbers": values,
    }


def run_scripts(
    seeds: Iterable[int] = (1, 2, 3, 4, 5), wanted: Iterable[str] = ()
) -> dict[str, Any]:
    """All scripts (or those *wanted*) with the version and the seeds that made them, as plain
    values.
    """
    chosen = read_seeds(seeds)
    names = list(wanted) or [known.id for known in SCRIPTS]
    units = {name: unit for name, _, unit in HEADLINES}
    return {
        "version": __version__,
        "seeds": chosen,
        "units": units,
        "scripts": {name: run_script(script(name), chosen) for name in names},
    }
