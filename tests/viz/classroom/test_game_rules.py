"""The rules of the class game, without a world: tables, moves, money, deals, the journal, the
scenario that a game stands for.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import load_table
from coercivity.model.scenario.scenario import parse_scenario
from coercivity.viz.classroom.engine.card_acts import RULES
from coercivity.viz.classroom.engine.card_menu import menu
from coercivity.viz.classroom.engine.game import (
    SEATS,
    check_deal,
    check_moves,
    new_game,
    open_deals,
    play_round,
    predict,
    scenario_of,
    to_scenario_yaml,
)
from coercivity.viz.classroom.engine.game_json import from_dict, to_dict
from coercivity.viz.classroom.engine.game_specs import GAME_SPECS
from coercivity.viz.classroom.engine.game_state import Game, Move, round_month
from coercivity.viz.classroom.engine.game_tables import (
    GOVERNMENT,
    cards,
    deal_kinds,
    goals,
    price_of_plant,
    prices,
    read_game_table,
    seats,
)
from coercivity.viz.classroom.engine.round_effects import AGAINST, replay_game
from coercivity.viz.classroom.engine.scoring import VALUES

BAN = {"card": "blanket_ban", "whom": "target", "goods": "heavy"}
TRUCE = {"kind": "truce", "first": "exporter", "other": "target", "rounds": 2}
POOL = {"kind": "cost_share", "first": "ally", "other": "bloc", "amount": 300, "stage": "chain"}


def strike(how: str = "tariff") -> dict[str, Any]:
    return {"card": "strike_back", "with": how}


def acts(game: Game, kind: str) -> list[dict[str, Any]]:
    return [act for act in replay_game(game).acts if act["kind"] == kind]


def test_every_card_has_a_rule_every_goal_a_formula_and_the_weights_of_a_seat_add_up() -> None:
    assert {(seat, card) for seat in SEATS for card in cards()[seat]} == set(RULES)
    assert {(seat, goal.goal) for seat in SEATS for goal in goals()[seat]} == set(VALUES)
    assert set(AGAINST) == set(deal_kinds())
    for seat in SEATS:
        assert all(len(card.choices) <= 2 for card in cards()[seat].values())  # on a paper sheet
        assert sum(goal.weight for goal in goals()[seat]) == pytest.approx(1.0)
    for name in GAME_SPECS:
        assert set(read_game_table(name).column("confidence")) == {"assumed"}


def test_a_round_is_half_a_year_and_its_acts_begin_on_its_first_day() -> None:
    game = play_round(play_round(new_game(), {}), {"exporter": [BAN]})
    assert [round_month(number) for number in (1, 2, 8)] == ["2026-01", "2026-07", "2029-07"]
    assert [(act["date"], act["end"], act["actor"]) for act in acts(game, "blanket_ban")] == [
        ("2026-07-01", "2027-06-30", "China")
    ]


def test_every_way_to_play_every_card_is_a_scenario_that_passes_the_checks() -> None:
    for seat in SEATS:
        for card in cards()[seat].values():
            for way, price in prices(card):
                if price <= seats()[seat].budget:
                    game = play_round(
                        new_game(length=1), {seat: [{"card": card.card, **dict(way)}]}
                    )
                    assert len(scenario_of(game).choices) > 0


def refusal(act: Callable[[], Any]) -> str:
    with pytest.raises(InputError) as caught:
        act()
    return str(caught.value)


def test_a_move_against_the_rules_costs_one_clear_message() -> None:
    threats = [{"card": "threat", "whom": whom} for whom in ("ally", "bloc")]
    for seat, moves, words in (
        ("exporter", [{"card": "bomb"}], "card 'bomb' is not known"),
        ("exporter", [{"card": "threat"}], "whom is missing; use one of: target, ally, bloc"),
        ("exporter", [{**BAN, "whom": "<b>me</b>"}], "whom '<b>me</b>' is not known"),
        ("exporter", [BAN, BAN], "stands twice"),
        ("exporter", [BAN, *threats], "3 moves in one round; use at most 2"),
        ("exporter", [{**BAN, "why": "x" * 301}], "has 301 characters; use at most 300"),
        ("exporter", "ban", "is not a list; use [] for nothing"),
        ("emperor", [], "seat 'emperor' is not played"),
        ("exporter", [{"card": "break", "deal": "D1-1"}], "none of China's in force"),
    ):
        sheet: Any = {seat: moves}
        assert words in refusal(lambda sheet=sheet: play_round(new_game(), sheet))
    over = play_round(new_game(length=1), {})
    assert "the game has 1 rounds and is over" in refusal(lambda: play_round(over, {}))


def test_money_is_a_choice() -> None:
    game = play_round(
        new_game(),
        {
            "ally": [
                {"card": "grant", "stage": "chain", "amount": 1500},
                {"card": "tax_credit", "rate": "0.2", "amount": 900},
            ]
        },
    )
    assert replay_game(game).left("ally") == 3000 - 1500 - 900
    with pytest.raises(
        InputError,
        match=(
            "costs USD 1500 million and the United States has 600 million left; choose a smaller "
            "amount"
        ),
    ):
        play_round(game, {"ally": [{"card": "grant", "stage": "mines", "amount": 1500}]})
    spent = play_round(game, {"ally": [{"card": "grant", "stage": "mines", "amount": 600}]})
    grants = [one["refused"] for one in menu(spent, "ally") if one["card"] == "grant"]
    assert grants
    assert all(grants)


def test_a_plant_costs_its_planned_tonnes_at_the_capital_cost_of_the_table() -> None:
    row = load_table("options").where(
        start="2024-01", process="make_magnet_heat_resistant", state="India"
    )[0]
    cost = load_table("capex").where(process="make_magnet_heat_resistant", state="Other")[0]
    assert price_of_plant("make_magnet_heat_resistant", "India", 1.0) == round(
        row["tonnes_per_year"] * cost["usd_per_t_year"] / 1e6
    )


@pytest.mark.parametrize(("rules", "tonnes"), [(2, 7000.0), (3, 3000.0)])
def test_a_plant_costs_what_the_world_of_its_rules_begins(rules: int, tonnes: float) -> None:
    """MP 10X is under way in January 2026; what is planned then is LS Cable's plant."""
    cost = load_table("capex").where(process="make_magnet_heat_resistant", state="United States")[0]
    made = price_of_plant("make_magnet_heat_resistant", "United States", 1.0, rules)
    assert made == round(tonnes * cost["usd_per_t_year"] / 1e6)


def test_a_game_that_cannot_begin_says_why() -> None:
    for changes, words in (
        ({"seats": []}, "seats is empty"),
        ({"seats": ["Mars"]}, "seat 'Mars' is not known"),
        ({"others": "asleep"}, "others 'asleep' is not known"),
        ({"binding": 1}, "binding '1'"),
        ({"length": 9}, "length '9' does not fit"),
        ({"seed": -1}, "seed"),
        ({"title": "x" * 81}, "81 characters"),
    ):
        given: Any = changes
        assert words in refusal(lambda given=given: new_game(**given))


def test_a_binding_deal_refuses_the_move_that_breaks_it_and_names_the_deal() -> None:
    game = play_round(new_game(binding=True), {}, [TRUCE])
    with pytest.raises(
        InputError,
        match=r"'Blanket ban' breaks deal D1-1 \(Truce, to the end of round 2\), and deals bind",
    ):
        play_round(game, {"exporter": [BAN]})
    with pytest.raises(InputError, match="'Strike back' breaks deal D1-1"):
        play_round(game, {"target": [strike()]})
    with pytest.raises(InputError, match="deals bind"):
        play_round(game, {"target": [{"card": "break", "deal": "D1-1"}]})
    with pytest.raises(InputError, match="breaks deal D1-1"):  # in the round of the deal too
        play_round(new_game(binding=True), {"exporter": [BAN]}, [TRUCE])
    with pytest.raises(InputError, match="breaks deal"):
        check_moves(new_game(binding=True), "exporter", [BAN], [TRUCE])
    elsewhere = play_round(
        game, {"exporter": [{**BAN, "whom": "ally"}], "ally": [strike()]}
    )  # who has no part in it is free
    assert acts(elsewhere, "blanket_ban")
    assert (
        "D1-1"
        in next(one for one in menu(game, "target") if one["card"] == "strike_back")["refused"]
    )


def test_a_broken_deal_ends_for_both_and_a_breach_follows() -> None:
    game = play_round(new_game(), {}, [{**TRUCE, "rounds": 4}])
    broken = play_round(game, {"exporter": [BAN], "target": [strike()]})
    assert [(act["date"], act["end"]) for act in acts(broken, "truce")] == [
        ("2026-01-01", "2026-06-30")
    ]
    assert [(act["actor"], act["targets"], act["date"]) for act in acts(broken, "breach")] == [
        ("China", ["Japan"], "2026-07-01")
    ]
    assert open_deals(game)
    assert not open_deals(broken)
    after = play_round(
        broken, {"target": [strike("elsewhere")]}
    )  # the other's obligation has ended with it
    assert len(acts(after, "breach")) == 1


def test_walking_out_of_pooled_support_ends_the_money_and_costs_a_government_its_word() -> None:
    game = play_round(
        play_round(new_game(), {}, [POOL]), {"bloc": [{"card": "break", "deal": "D1-1"}]}
    )
    assert {
        act["end"]
        for act in replay_game(game).acts
        if act["id"].startswith("D1-1-") and act["kind"] in ("grant", "coalition")
    } == {"2026-06-30"}
    assert [(act["actor"], act["targets"]) for act in acts(game, "breach")] == [
        ("EU", ["United States"])
    ]


def test_a_firm_that_breaks_its_word_has_no_breach_in_the_model_but_the_deal_ends() -> None:
    offtake = {"kind": "offtake", "first": "target", "other": "firm", "amount": 300, "rounds": 8}
    game = play_round(
        play_round(new_game(), {}, [offtake]), {"firm": [{"card": "break", "deal": "D1-1"}]}
    )
    assert not acts(game, "breach")
    assert acts(game, "offtake")[0]["end"] == "2026-06-30"
    assert acts(game, "firm_build"), "what is begun stays"


def test_each_deal_makes_its_events_while_it_holds() -> None:
    deals = [
        TRUCE,
        {**TRUCE, "kind": "licences", "other": "bloc"},
        {"kind": "offtake", "first": "ally", "other": "firm", "amount": 100, "rounds": 4},
        POOL,
    ]
    game = play_round(new_game(), {}, deals)
    assert acts(game, "truce")[0]["end"] == "2026-12-31"
    assert acts(game, "concession")[0]["actor"] == "EU"
    assert acts(game, "general_licence")[0]["targets"] == ["EU"]
    assert acts(game, "firm_build")[0]["state"] == "United States"
    assert [act["budget"] for act in acts(game, "grant")] == [300.0, 300.0]
    assert replay_game(game).spent["firm"] == price_of_plant(
        "make_magnet_heat_resistant", "United States", 0.4
    )
    assert len(scenario_of(game).choices) == len(replay_game(game).acts)


def test_pools_that_share_a_member_grow_into_one() -> None:
    game = play_round(new_game(), {"target": [{"card": "coalition"}]}, [POOL])
    game = play_round(game, {}, [{**POOL, "first": "target", "other": "ally", "amount": 100}])
    assert set(acts(game, "coalition")[-1]["members"]) == {
        "Japan",
        "Australia",
        "United States",
        "EU",
    }
    assert scenario_of(game)  # and the checks of a scenario agree


def test_a_deal_that_cannot_be_costs_one_clear_message() -> None:
    two = new_game(seats=["exporter", "ally"])
    made = play_round(new_game(), {}, [TRUCE])
    for game, deal, words in (
        (new_game(), {"kind": "marriage"}, "kind 'marriage' is not known"),
        (new_game(), {**TRUCE, "first": "target"}, "first 'target' is not known"),
        (new_game(), {**TRUCE, "rounds": 3}, "rounds '3' is not known"),
        (new_game(), {**POOL, "other": "ally"}, "is its first party too"),
        (new_game(), {**TRUCE, "x": 1}, "key 'x'"),
        (new_game(), "truce", "is not a deal"),
        (two, TRUCE, "seat 'target' is not played"),
        (made, TRUCE, "holds already"),
    ):
        given: Any = (game, deal)
        assert words in refusal(lambda given=given: check_deal(*given))
    assert check_deal(new_game(), TRUCE).parties == ("exporter", "target")


def test_a_game_is_a_scenario_that_the_command_line_accepts() -> None:
    game = play_round(new_game(seed=7, title="Class 4b: <script>"), {"exporter": [BAN]}, [POOL])
    text = to_scenario_yaml(game)
    assert "--seed 7" in text.splitlines()[0]
    assert parse_scenario(text) == scenario_of(game)
    assert scenario_of(game).title == "Class 4b: <script>"  # text is just text
    for others in ("scripted", "autonomous"):
        alone = new_game(seats=["target"], others=others)
        assert scenario_of(alone).mode_of("China") == others
    assert {name: scenario_of(game).mode_of(name) for name in GOVERNMENT.values()} == dict.fromkeys(
        GOVERNMENT.values(), "played"
    )


def long_game() -> Game:
    game = play_round(
        new_game(seed=3, length=4, binding=False, title="x"),
        {"exporter": [{**BAN, "why": "they <b>started</b>"}]},
        [POOL],
    )
    game = play_round(
        game,
        {
            "bloc": [{"card": "break", "deal": "D1-1"}],
            "firm": [{"card": "stock", "cover": 3, "how_long": "year"}],
        },
    )
    return predict(predict(game, "before", "target", "2026", 2026), "after", "firm", "never", 0)


def test_a_journal_gives_the_same_game() -> None:
    game = long_game()
    assert from_dict(json.loads(json.dumps(to_dict(game)))) == game
    assert hash(from_dict(to_dict(game))) == hash(game)


def test_a_journal_that_was_tampered_with_is_refused() -> None:
    tampered: tuple[tuple[Callable[[Any], Any], str], ...] = (
        (lambda raw: raw.update(extra=1), "key 'extra' is not known"),
        (lambda raw: raw.update(form=2), "form '2' is not known; use 1"),
        (lambda raw: raw["rounds"].extend([{}] * 9), "rounds has 11 entries; use at most 8"),
        (lambda raw: raw["rounds"].extend([{}] * 3), "round 5: round 5 is not played"),
        (lambda raw: raw["rounds"][0].update(moves=[]), "moves '[]' is not a list by seat"),
        (lambda raw: raw["rounds"][0]["moves"]["exporter"][0].update(goods=["all"]), "goods"),
        (lambda raw: raw["rounds"][0]["deals"][0].update(amount=1e9), "amount '1e+09' is not"),
        (lambda raw: raw["predictions"][0].update(number="many"), "number 'many' does not fit"),
        (lambda raw: raw["predictions"][0].update(number=float("nan")), "number 'nan' does not"),
        (lambda raw: raw.update(binding=True), "'Walk out of a deal' breaks deal D1-1"),
    )
    for change, words in tampered:
        raw = json.loads(json.dumps(to_dict(long_game())))
        change(raw)
        assert words in refusal(lambda raw=raw: from_dict(raw))
    for wrong in (None, [], "game", 5, {}):
        assert refusal(lambda wrong=wrong: from_dict(wrong))


ROUND = {"exporter": [{"card": "wider_licensing", "whom": "all", "goods": "light"}]}


@pytest.mark.parametrize("seat", SEATS)
def test_two_cards_in_either_order(seat: str) -> None:
    begun = play_round(new_game(3, SEATS, length=2), ROUND)
    played = 0
    for pair in permutations(cards()[seat].values(), 2):
        moves = [
            {"card": card.card, **{name: options[-1] for name, options in card.choices}}
            for card in pair
        ]
        with contextlib.suppress(InputError):
            scenario_of(play_round(begun, {seat: moves}))
            played += 1
    assert played > len(cards()[seat])


def test_what_is_no_list_or_no_text_is_refused_and_nothing_is_the_same_as_an_empty_list() -> None:
    cases: tuple[tuple[Callable[[], Any], str], ...] = (
        (
            lambda: new_game(1, "target"),
            "seats 'target' is not a list; write for example [exporter,",
        ),
        (
            lambda: play_round(new_game(), {"exporter": [{**BAN, "why": 5}]}),
            "exporter, blanket_ban: why '5' is not text; put it in quotes",
        ),
        (
            lambda: play_round(new_game(), {}, [TRUCE] * 7),
            "deals has 7 entries; use at most 6 a round",
        ),
        (
            lambda: from_dict({**to_dict(new_game()), "rounds": "none"}),
            "rounds 'none' is not a list; use [] for none",
        ),
    )
    for act, words in cases:
        assert words in refusal(act)
    assert from_dict({**to_dict(new_game()), "rounds": None, "predictions": None}) == new_game()
    ban = Move("blanket_ban", (("whom", "target"), ("goods", "heavy")), "so there")
    as_text = {**BAN, "why": "so there"}
    assert play_round(new_game(), {"exporter": [ban]}) == play_round(
        new_game(), {"exporter": [as_text]}
    )
