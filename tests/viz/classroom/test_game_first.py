"""What a phone shows of a seat first, the choices that a sheet begins with, their units and their prices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from coercivity.viz.classroom.engine import card_acts, phone_summary
from coercivity.viz.classroom.engine.card_menu import deal_menu, menu
from coercivity.viz.classroom.engine.game import (
    check_deal,
    check_moves,
    new_game,
    play_round,
)
from coercivity.viz.classroom.engine.game_state import Deal, Move
from coercivity.viz.classroom.engine.game_tables import (
    SEATS,
    cards,
    deal_kinds,
    default_choices,
    price_of_card,
    price_of_deal,
    price_of_move,
    seats,
)
from coercivity.viz.classroom.lessons.sheets import sheets
from coercivity.viz.classroom.lessons.texts import load_results
from coercivity.viz.classroom.rooms.views import move_view
from coercivity.viz.classroom.words.news_text import act_in_words
from coercivity.viz.words.language import speaking

BAN = {"card": "dual_use_ban", "whom": "target"}


def test_what_a_sheet_begins_with_can_be_played_and_paid_from_the_first_round_on() -> None:
    for seat in SEATS:
        for card in cards()[seat].values():
            begins = default_choices(card)
            (move,) = check_moves(new_game(length=1), seat, [{"card": card.card, **begins}])
            assert dict(move.choices) == begins
            assert price_of_card(card, move.choices) <= seats()[seat].budget


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


STOCK = Move("stock", (("who_holds", "firms"), ("cover", "3")))
CREDIT = Move("tax_credit", (("rate", "0.2"), ("amount", "600")))
SAID = {
    "en": ("stock: 3 months", "rate: 20%", "amount: USD 600 million"),
    "de": ("Vorrat: 3 Monate", "Satz: 20 %", "Betrag: 600 Mio. USD"),
    "ja": ("在庫：3カ月", "補助率：20%", "金額：6億ドル"),
}


def plain(said: str) -> str:
    """With spaces that may break."""
    return said.replace("\u00a0", " ")


def of_the_news(seat: str, move: Move) -> str:
    (act,) = card_acts.of_move(seat, move, 1, 1, [], 8)
    return act_in_words(act["text"])


@pytest.mark.parametrize("code", SAID)
def test_numbers_that_are_chosen_have_units_on_phones_in_news_and_on_paper(code: str) -> None:
    stock, rate, amount = SAID[code]
    with speaking(code):
        for words in (lambda seat, move: str(move_view(seat, move)["terms"]), of_the_news):
            assert stock in plain(words("target", STOCK))
            assert rate in plain(words("bloc", CREDIT))
            assert amount in plain(words("bloc", CREDIT))
        paper = sheets(SEATS, load_results())
    printed = plain("\n".join(cell for block in paper.blocks for row in block.rows for cell in row))
    for said in SAID[code]:
        assert f"□ {said.split(':')[-1].split('：')[-1].strip()}" in printed
    assert "□ 0.2" not in printed


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
