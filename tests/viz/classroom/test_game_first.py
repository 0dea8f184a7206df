"""What a phone shows of a seat first, and the choices that a sheet begins with."""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import load_table
from coercivity.viz.classroom.engine import game_tables, phone_summary
from coercivity.viz.classroom.engine.game import (
    check_deal,
    check_moves,
    deal_menu,
    menu,
    new_game,
    play_round,
)
from coercivity.viz.classroom.engine.game_tables import (
    SEATS,
    cards,
    deal_kinds,
    default_choices,
    price_of_card,
    seats,
)

BAN = {"card": "dual_use_ban", "whom": "target"}


def test_what_a_sheet_begins_with_can_be_played_and_paid_from_the_first_round_on() -> None:
    for seat in SEATS:
        for card in cards()[seat].values():
            begins = default_choices(card)
            (move,) = check_moves(new_game(length=1), seat, [{"card": card.card, **begins}])
            assert dict(move.choices) == begins
            assert price_of_card(card, move.choices) <= seats()[seat].budget


def test_a_default_that_is_no_option_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [dict(row) for row in load_table("game_cards")]
    rows[0]["default_1"] = "japan"
    monkeypatch.setattr(game_tables, "load_table", lambda _: rows)
    with pytest.raises(InputError, match=r"game_cards.csv, exporter threat: default of whom"):
        cards.__wrapped__()


def test_deals_begin_with_terms_that_can_be_offered() -> None:
    game = new_game()
    for kind in deal_kinds().values():
        other = next(one for one in kind.other if one != kind.first[0])
        deal = {"kind": kind.deal, "first": kind.first[0], "other": other, **default_choices(kind)}
        assert check_deal(game, deal).kind == kind.deal
    assert default_choices(deal_kinds()["truce"]) == {"rounds": "2"}


def begun(game: Any, seat: str, card: str) -> dict[str, str]:
    """What the menu of a round begins a card with."""
    (one,) = [one for one in menu(game, seat) if one["card"] == card]
    return {choice["name"]: choice["default"] for choice in one["choices"]}


def test_the_menu_begins_with_what_the_money_and_the_players_allow() -> None:
    assert begun(new_game(), "target", "stock") == {"who_holds": "firms", "cover": "3"}
    assert begun(new_game(), "exporter", "threat") == {"whom": "target"}
    without_japan = new_game(seats=("exporter", "bloc"))
    assert begun(without_japan, "exporter", "threat") == {"whom": "bloc"}
    floor = {"card": "price_floor", "good": "ndpr", "amount": "500"}
    loan = {"card": "loan", "stage": "mines", "amount": "600"}
    poor = play_round(new_game(), {"target": [floor, loan]})  # 400 of 1500 are left
    assert begun(poor, "target", "price_floor") == {"good": "ndpr", "amount": "200"}
    assert begun(poor, "target", "loan") == {"stage": "plants", "amount": "300"}
    (share,) = [one for one in deal_menu(new_game(), "target") if one["kind"] == "cost_share"]
    assert [choice["default"] for choice in share["choices"]] == ["300", "plants"]


def test_three_cards_come_first_by_the_priority_of_the_table() -> None:
    game = new_game()
    assert {seat: phone_summary.first_cards(game, seat) for seat in SEATS} == {
        "exporter": ("dual_use_ban", "threat", "general_licence"),
        "target": ("stock", "steer", "loan"),
        "ally": ("grant", "stockpile", "price_floor"),
        "bloc": ("grant", "stockpile", "price_floor"),
        "firm": ("stock", "supplier", "build_magnets"),
    }
    for seat in SEATS:
        priorities = [card.priority for card in cards()[seat].values()]
        assert sorted(priorities) == list(range(1, len(priorities) + 1))


def test_what_was_done_to_a_seat_brings_its_answers_forward() -> None:
    struck = play_round(new_game(), {"exporter": [BAN]})
    assert phone_summary.first_cards(struck, "target") == ("concession", "strike_back", "stock")
    assert phone_summary.first_cards(struck, "ally") == ("grant", "stockpile", "price_floor")
    everybody = play_round(
        new_game(), {"exporter": [{"card": "wider_licensing", "whom": "all", "goods": "light"}]}
    )
    assert phone_summary.first_cards(everybody, "bloc")[0] == "strike_back"
    given = play_round(new_game(), {"target": [{"card": "concession"}]})
    assert phone_summary.first_cards(given, "exporter") == (
        "general_licence",
        "suspend",
        "dual_use_ban",
    )
    refused = phone_summary.first_cards(struck, "target", {"concession", "stock"})
    assert refused == ("strike_back", "steer", "loan")
    calm = play_round(struck, {})
    assert phone_summary.first_cards(calm, "target") == (
        "stock",
        "steer",
        "loan",
    )  # the last round alone


def test_numbers_follow_the_weights_of_a_seat_s_goals() -> None:
    assert phone_summary.first_numbers("target") == (
        "lost",
        "credibility",
        "cost",
        "dependence",
        "down",
    )
    assert phone_summary.first_numbers("ally")[:2] == ("lost", "building")
    assert phone_summary.first_numbers("firm")[:3] == ("made", "earned", "tied_up")
    assert phone_summary.first_numbers("exporter")[:2] == ("credibility", "rivals_magnet")
    for seat in SEATS:
        assert len(phone_summary.first_numbers(seat)) >= phone_summary.NUMBERS
