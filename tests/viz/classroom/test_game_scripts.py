"""How scripts of the lessons are told over worlds, and what cards and deals cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coercivity.viz.classroom.engine import example_games as played
from coercivity.viz.classroom.engine.game_state import LEAD, Deal, Move
from coercivity.viz.classroom.engine.game_tables import SEATS, price_of_deal, price_of_move
from tests.viz.classroom.test_game_by_hand import DY, JAPAN, by_month, reading


def test_a_script_is_told_over_worlds_to_five_digits(monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert played.median_and_range([3.0, 1.0, 2.0]) == (2.0, 1.0, 3.0)


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
    terms = (("amount", "600"), ("stage", "chain"))
    shared, truce, offtake = (
        Deal("cost_share", "ally", "bloc", terms),
        Deal("truce", "exporter", "target", (("rounds", "4"),)),
        Deal("offtake", "target", "ally", (("amount", "100"), ("rounds", "4"))),
    )
    assert price_of_deal(shared) == {"ally": 600.0, "bloc": 600.0}
    assert price_of_deal(truce) == {}
    assert price_of_deal(offtake) == {"target": 100.0}
    from_firm = replace(offtake, other="firm")
    assert set(price_of_deal(from_firm)) == {"target", "firm"}
