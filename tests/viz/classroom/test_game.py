"""The class game in its world: readings against the tables, moves that matter, briefs that keep
secrets, the debrief's arithmetic.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine import debrief as after_game
from coercivity.viz.classroom.engine.game import (
    SEATS,
    Game,
    brief,
    new_game,
    play_round,
    predict,
    reveal,
    scenario_of,
    scores,
)
from coercivity.viz.classroom.engine.game_run import read_game, rows_of
from coercivity.viz.classroom.engine.game_state import LEAD
from coercivity.viz.classroom.engine.game_tables import cards
from coercivity.viz.classroom.engine.round_effects import replay_game
from tests.names import STATES, states_of

BAN = {"card": "blanket_ban", "whom": "target", "goods": "heavy", "why": "a secret reason"}


def played(
    moves: dict[str, list[dict[str, Any]]], deals: tuple[dict[str, Any], ...] = (), length: int = 1
) -> Game:
    game = play_round(new_game(length=length), moves, deals)
    while not game.over:
        game = play_round(game, {})
    return game


@cache
def banned() -> Game:
    """One round in which China bans heavy elements to Japan and Japan's firms hold more stock."""
    return played(
        {
            "exporter": [BAN],
            "target": [{"card": "stock", "who_holds": "firms", "cover": 1, "why": "hush"}],
        }
    )


@cache
def quiet() -> Game:
    return played({})


def test_readings_equal_the_tables_of_the_same_run() -> None:
    game = banned()
    read, result = read_game(game), run_scenario(scenario_of(game), game.seed)
    macro = result.table("macro")
    for government in ("Japan", "United States", "EU"):
        rows = (
            macro[macro["state"].isin(states_of(government))]
            .groupby("month", observed=True)[["output_lost", "cost_paid"]]
            .sum()
        )
        np.testing.assert_allclose(
            read.of("lost", government)[LEAD:], rows["output_lost"].to_numpy(), rtol=1e-9, atol=1e-9
        )
        np.testing.assert_allclose(
            read.of("cost", government)[LEAD:], rows["cost_paid"].to_numpy(), rtol=1e-9, atol=1e-9
        )
    stops = result.table("stoppages")
    stops = stops[
        (stops["stage"] == "end_use")
        & (stops["state"] == "Japan")
        & (stops["first_day"] >= "2026-01-01")
    ]
    first = stops.groupby("firm", observed=True)["first_day"].min()
    assert {name: day for _, day, name, _ in read.stops("Japan", LEAD)} == first.to_dict()
    capacity = result.table("capacity")
    last = capacity[
        (capacity["month"] == result.months[-1]) & (capacity["stage"] == "magnet")
    ].set_index("state")
    for state in ("China", "Japan", "United States"):
        assert read["capacity"][-1, STATES.index(state), 3] == pytest.approx(
            last.loc[state, "built"], abs=1e-6
        )


def test_a_game_up_to_now_is_the_beginning_of_the_whole_game() -> None:
    game = play_round(
        play_round(new_game(), {"exporter": [BAN]}),
        {"ally": [{"card": "grant", "stage": "chain", "amount": 600}]},
    )
    part, whole = read_game(game, game.now), read_game(game, game.now + 12)
    for name, values in part.series.items():
        np.testing.assert_array_equal(values, whole[name][: game.now], err_msg=name)


ALONE = {  # what has to be there for a card to matter, beside nothing: see its limits
    ("exporter", "general_licence"): {"exporter": [{"card": "dual_use_ban", "whom": "target"}]},
    ("target", "concession"): {"exporter": [{"card": "dual_use_ban", "whom": "target"}]},
    **{
        (seat, card): {"exporter": [{"card": "dual_use_ban", "whom": seat}]}
        for seat, card in (
            *(("ally", "remark"), ("bloc", "remark")),
            *((seat, "dispute") for seat in ("target", "ally", "bloc")),
        )
    },
    ("target", "coalition"): {
        "ally": [{"card": "tax_credit", "rate": "0.2", "amount": 900}],
        "target": [{"card": "loan", "stage": "mines", "amount": 600}],
    },
}
LATE = {"price_floor": LEAD + 36, "stockpile": None}  # what they pay for comes years later
BEST = {
    "suspend": {"which": "all", "how_long": "for_good"},
    "general_licence": {"whom": "all"},
    "strike_back": {"with": "tariff"},
    "build_magnets": {"where": "United States"},  # in India another begins in that month
}


@pytest.mark.parametrize(
    ("seat", "card"), [(seat, card) for seat in SEATS for card in cards()[seat]]
)
def test_every_card_moves_something_in_the_world(seat: str, card: str) -> None:
    most = {
        name: BEST.get(card, {}).get(name, options[-1])
        for name, options in cards()[seat][card].choices
    }
    if card.startswith("build"):
        most["size"] = "part"
    before = ALONE.get((seat, card), {})
    moves = {**before, seat: [*before.get(seat, []), {"card": card, **most}]}
    months = LATE.get(card, LEAD + 6)
    with_it, without = (
        read_game(play_round(new_game(length=1), one), months) for one in (moves, before)
    )
    changed = [
        name
        for name in with_it.series
        if not np.array_equal(with_it[name], without[name], equal_nan=True)
    ]
    assert changed, f"{seat} {card} changes nothing"


def test_a_ban_on_japan_costs_output_and_trust_and_does_not_hit_the_ban_s_author() -> None:
    real, still = read_game(banned()), read_game(quiet())
    assert real.of("lost", "Japan")[LEAD:].sum() > 2 * still.of("lost", "Japan")[LEAD:].sum()
    assert real["distrust"][-1, rows_of("Japan")[0]] > still["distrust"][-1, rows_of("Japan")[0]]
    first, then = scores(quiet())["follow_up"], scores(banned())["follow_up"]
    assert then["target"]["score"] < first["target"]["score"]


def test_money_that_is_never_drawn_is_not_spent_but_a_strike_is() -> None:
    strike = {"card": "strike_back", "with": "elsewhere"}
    floor = {"card": "price_floor", "good": "ndpr", "amount": 500}
    now = replay_game(play_round(new_game(length=1), {"target": [strike], "ally": [floor]}))
    assert (now.spent["target"], now.fixed["target"]) == (100.0, 100.0)
    assert (now.spent["ally"], now.fixed["ally"]) == (500.0, 0.0)


def test_empty_seats_may_follow_their_rule_and_what_they_do_counts() -> None:
    game = new_game(seed=2, seats=["exporter"], others="autonomous", length=4)
    for _ in range(4):
        game = play_round(game, {"exporter": [{**BAN, "goods": "all"}]})
    decided = [
        event
        for event in read_game(game).events
        if event[0] >= LEAD
        and event[1] in ("Japan", "United States", "EU")
        and "decides" in str(event[3])
    ]
    assert decided
    assert scores(game)["over"]


def test_a_brief_is_private_json_with_units_and_a_value_of_half_a_year_before() -> None:
    game = play_round(
        new_game(length=2),
        {
            "exporter": [BAN],
            "firm": [{"card": "stock", "cover": 3, "how_long": "year", "why": "psst"}],
        },
    )
    told = {seat: brief(game, seat) for seat in SEATS}
    dates = {"round": 2, "rounds": 2, "first_day": "2026-07-01", "last_day": "2026-12-31"}
    for seat, one in told.items():
        assert json.loads(json.dumps(one, allow_nan=False)) == one | dates
        assert all(fact["unit"] and fact["label"] for fact in one["facts"])
        assert one["score"]["seat"] == seat
    assert told["firm"]["budget"] == {
        "total": 600.0,
        "promised": 96.0,
        "left": 504.0,
        "unit": "USD million",
    }
    own = {seat: {fact["id"] for fact in one["facts"]} for seat, one in told.items()}
    assert "queue_target" in own["exporter"]
    assert not any(
        "queue_target" in own[seat] or "tied_up" in own[seat] for seat in ("target", "ally", "bloc")
    )
    assert "sold" in own["firm"]
    assert not any(
        "secret" in json.dumps(told[seat]) or "psst" in json.dumps(told[seat])
        for seat in ("target", "ally", "bloc")
    )
    assert "Hold more stock" not in json.dumps(told["exporter"])


def test_news_are_public_and_keep_the_reasons_to_themselves() -> None:
    told = reveal(banned())
    text = json.dumps(told, allow_nan=False)
    assert "secret" not in text
    assert "hush" not in text
    assert [one["moves"] for one in told["moves"] if one["seat"] == "exporter"] == [
        ["Blanket ban (whom: Japan, goods: heavy elements and their magnets)"]
    ]
    assert all("2026-01" <= line["month"] <= "2026-06" for line in told["news"])
    assert any("stops" in line["text"] for line in told["news"])
    before = reveal(new_game())
    assert (before["round"], before["moves"], before["news"]) == (0, [], [])


TRUCE = {"kind": "truce", "first": "exporter", "other": "target", "rounds": 4}


def test_a_decision_is_taken_out_with_what_hangs_on_it() -> None:
    walks_out = {"target": [{"card": "break", "deal": "D1-1"}]}
    game = play_round(play_round(new_game(length=3), {}, [TRUCE]), walks_out)
    told = reveal(game)
    assert [one["by"] for one in told["deals_broken"]] == ["target"]
    assert any("breaks its word" in line["text"] for line in told["news"])
    game = play_round(game, {}, [TRUCE])  # made anew after it was broken
    left = after_game.game_without(game, "2.target.1")
    assert not left.rounds[1].moves
    assert not left.rounds[2].deals, "it would hold already"
    assert not after_game.game_without(game, "1.deal.1").rounds[1].moves, "nothing to walk out of"


def test_what_a_decision_changed_is_the_difference_of_two_games() -> None:
    game = banned()
    told = after_game.what_if(game, "1.exporter.1")
    other = played({"target": [{"card": "stock", "who_holds": "firms", "cover": 1}]})
    for seat in SEATS:
        assert told["scores"][seat] == pytest.approx(
            scores(game)["follow_up"][seat]["score"] - scores(other)["follow_up"][seat]["score"]
        )
    assert told["headlines"]["lost_target"] > 0
    with pytest.raises(InputError, match="is none of this game"):
        after_game.what_if(game, "9.exporter.1")


def test_a_debrief_caps_the_questions_names_the_rest_and_keeps_no_names() -> None:
    game = predict(
        predict(predict(banned(), "before", "target", "b", 7.5), "before", "target", "a", 2),
        "after",
        "firm",
        "",
        0,
    )
    told = after_game.debrief(game, most=1)
    still = after_game.twin(game)
    assert (still.seed, [seat for one in still.rounds for seat, _ in one.moves]) == (1, ["target"])
    assert [one["key"] for one in told["decisions"]] == ["1.exporter.1"]
    assert told["left_out"] == ["Round 1, Japan: Build up stocks (who holds: the firms, cover: 1)"]
    assert told["predictions"] == {
        "before": [
            {"seat": "target", "text": "a", "number": 2.0},
            {"seat": "target", "text": "b", "number": 7.5},
        ],
        "after": [{"seat": "firm", "text": "", "number": 0.0}],
    }
    assert told["answer"] == told["history"]["answer"]
    assert told["answer"] > told["history"]["answer_twin"] > 0
    assert told["answer"] == round(after_game.idle_months(read_game(game)), 1)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    (lost,) = (one for one in told["history"]["headlines"] if one["id"] == "lost_target")
    (line,) = (one for one in told["history"]["lines"] if one["id"] == "lost_target")
    assert lost["class"] == pytest.approx(sum(line["class"]) / 1e3)


def test_a_broken_word_is_believed_less_and_feared_more() -> None:
    kept, broken = (
        play_round(play_round(new_game(length=2), {}, [TRUCE]), moves)
        for moves in ({}, {"exporter": [{"card": "break", "deal": "D1-1"}]})
    )
    one, other = read_game(kept, LEAD + 8), read_game(broken, LEAD + 8)
    assert other.credibility[-1] < one.credibility[-1]
    assert (
        other["alarm"][LEAD + 6, rows_of("Japan")[0]] > one["alarm"][LEAD + 6, rows_of("Japan")[0]]
    )
    assert other["tension"][-1, rows_of("Japan")[0]] > one["tension"][-1, rows_of("Japan")[0]]
