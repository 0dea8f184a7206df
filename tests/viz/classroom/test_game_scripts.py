"""The scripts of the lessons move by move, how they are told over worlds, and what cards and deals
cost.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coercivity.viz.classroom.engine import scripts as played
from coercivity.viz.classroom.engine.game import new_game, play_round
from coercivity.viz.classroom.engine.pieces import LEAD, Move
from coercivity.viz.classroom.engine.scripts import SCRIPTS
from coercivity.viz.classroom.engine.table import SEATS, price_of_deal, price_of_move
from tests.viz.classroom.test_game_by_hand import DY, JAPAN, by_month, reading

HAWK = [f"{number} exporter blanket_ban target heavy" for number in (1, 3, 5, 7)]
STRIKES = [
    f"{number} {seat} strike_back elsewhere"
    for number in (2, 4)
    for seat in ("target", "ally", "bloc")
]
LIFTED = ["1 exporter blanket_ban target heavy", "2 exporter suspend newest for_good"]

# lesson, rounds, what is played: round, seat, card and its choices; deals
LINES: dict[str, tuple[str, int, list[str]]] = {
    "calm": ("30", 2, []),
    "threat": ("30", 2, ["1 exporter threat target"]),
    "dual": ("30", 2, ["1 exporter dual_use_ban target"]),
    "ban": ("30", 2, HAWK[:1]),
    "ban_all": ("30", 2, ["1 exporter blanket_ban target all"]),
    "panic": ("30", 2, [HAWK[0], "2 target stock firms 3"]),
    "concede": ("30", 2, [*LIFTED, "2 target concession"]),
    "ban_late": ("30", 2, ["2 exporter blanket_ban target heavy"]),
    "prepared": ("30", 2, ["1 target stock firms 1", "2 exporter blanket_ban target heavy"]),
    "steered": ("30", 2, ["1 target steer half end", "2 exporter blanket_ban target heavy"]),
    "firm_stock": ("30", 2, ["1 firm stock 3 end", "2 exporter blanket_ban target heavy"]),
    "firm_away": ("30", 2, ["1 firm supplier half end", "2 exporter blanket_ban target heavy"]),
    "calm6": ("90", 6, []),
    "dove": ("90", 6, ["1 exporter suspend all for_good"]),
    "hawk": ("90", 6, HAWK[:3]),
    "struck": ("90", 6, [*HAWK[:3], *STRIKES]),
    "truce": ("90", 6, [*LIFTED, "2 deal truce exporter target 4"]),
    "broken": (
        "90",
        6,
        [*LIFTED, "4 exporter blanket_ban target heavy", "2 deal truce exporter target 4"],
    ),
    "licences": ("90", 6, [*LIFTED, "2 deal licences exporter target 4"]),
    "hasty": ("90", 6, [*HAWK[:3], "1 target stock firms 6", "2 target strike_back elsewhere"]),
    "calm8": ("180", 8, []),
    "hawk8": ("180", 8, HAWK),
    "blanket8": ("180", 8, [line.replace("heavy", "all") for line in HAWK]),
    "three8": (
        "180",
        8,
        [
            *HAWK,
            *(line.replace("target", "ally") for line in HAWK),
            *(f"{number} exporter blanket_ban bloc heavy" for number in (2, 4, 6, 8)),
        ],
    ),
    "support8": (
        "180",
        8,
        [
            *HAWK,
            "1 ally grant chain 1500",
            "1 ally tax_credit 0.2 900",
            "1 bloc grant chain 1000",
            "1 bloc tax_credit 0.2 600",
            "1 target loan chain 600",
        ],
    ),
    "pool8": ("180", 8, [*HAWK, "1 deal cost_share ally bloc 600 chain"]),
    "firm8": (
        "180",
        8,
        [*HAWK, "1 firm build_magnets India full", "1 firm build_metal Malaysia full"],
    ),
    "away8": ("180", 8, [*HAWK, "1 firm supplier all end"]),
    "offtake8": ("180", 8, [*HAWK, "1 deal offtake ally firm 300 8"]),
}


def test_no_script_is_missing() -> None:
    assert [one.id for one in SCRIPTS] == list(LINES)


@pytest.mark.parametrize("name", LINES)
def test_a_script_plays_what_its_label_says(name: str) -> None:
    lesson, rounds, lines = LINES[name]
    game = played.script(name).game(3)
    made = [
        f"{number} {seat} {move.card} {' '.join(option for _, option in move.choices)}".strip()
        for number, one in enumerate(game.rounds, start=1)
        for seat, moves in one.moves
        for move in moves
    ]
    made += [
        f"{number} deal {deal.kind} {deal.first} {deal.other} "
        f"{' '.join(term for _, term in deal.choices)}"
        for number, one in enumerate(game.rounds, start=1)
        for deal in one.deals
    ]
    assert sorted(made) == sorted(lines)
    assert (played.script(name).lesson, game.length, game.played, game.seed) == (
        lesson,
        rounds,
        rounds,
        3,
    )
    assert game.seats == (("exporter", "target", "firm") if lesson == "30" else SEATS)


def test_a_script_is_run_in_several_worlds_and_told_to_five_digits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cover = np.arange(float(LEAD + 24))
    down = np.zeros((LEAD + 24, 3), dtype=bool)
    down[22:27, 0], down[30:32, 1] = True, True
    read = reading(
        down=down,
        stock={(JAPAN, DY): cover},
        use={(JAPAN, DY): 1.0},
        motors={JAPAN: by_month(m23=9.0, m24=1.0, m35=2.0, m36=9.0)},
    )
    told = {
        when: {seat: {"score": at + k / 3.0} for k, seat in enumerate(SEATS)}
        for when, at in (("now", 0.0), ("follow_up", 10.0))
    }
    monkeypatch.setattr(played, "read_game", lambda of: read)
    monkeypatch.setattr(played, "scores", lambda of: told)
    found = played.run_script(played.script("calm"), (1, 2))
    numbers = found["numbers"]
    assert (found["label"], found["lesson"], found["rounds"]) == ("Nobody moves", "30", 2)
    assert numbers["now_target"] == [0.33333, 0.33333]
    assert numbers["end_exporter"] == [10.0, 10.0]
    assert numbers["motors_2026"] == [3.0, 3.0]
    assert (numbers["stock_january"], numbers["stock_july"]) == ([23.0] * 2, [29.0] * 2)
    assert numbers["stood_target"] == [2.5, 2.5]
    every = played.run_scripts((4,), ["calm", "threat"])
    assert (every["seeds"], list(every["scripts"])) == ([4], ["calm", "threat"])
    assert every["units"]["lost_target"] == "USD bn"
    assert played.middle([3.0, 1.0, 2.0]) == (2.0, 1.0, 3.0)


# ---------------------------------------------------------------- prices


def test_a_card_costs_its_price_its_rate_or_its_plant() -> None:
    assert price_of_move("exporter", Move("threat", (("whom", "target"),))) == 0.0
    assert price_of_move("firm", Move("stock", (("cover", "3"), ("how_long", "end")))) == 96.0
    assert price_of_move("target", Move("break", (("deal", "D1-1"),))) == 0.0
    half, whole = (
        price_of_move("firm", Move("build_metal", (("where", "Malaysia"), ("size", size))))
        for size in ("part", "full")
    )
    assert half == pytest.approx(0.4 * whole, abs=1.0)


def test_a_shared_cost_is_paid_by_both_and_a_truce_by_nobody() -> None:
    game = play_round(
        new_game(),
        {},
        [
            {
                "kind": "cost_share",
                "first": "ally",
                "other": "bloc",
                "amount": 600,
                "stage": "chain",
            },
            {"kind": "truce", "first": "exporter", "other": "target", "rounds": 4},
            {"kind": "offtake", "first": "target", "other": "ally", "amount": 100, "rounds": 4},
        ],
    )
    shared, truce, offtake = game.rounds[0].deals
    assert price_of_deal(shared) == {"ally": 600.0, "bloc": 600.0}
    assert price_of_deal(truce) == {}
    assert price_of_deal(offtake) == {"target": 100.0}
    from_firm = replace(offtake, other="firm")
    assert set(price_of_deal(from_firm)) == {"target", "firm"}
