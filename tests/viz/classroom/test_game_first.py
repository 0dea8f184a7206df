"""What a phone shows of a seat first, and the choices that a sheet begins with."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import load_table
from coercivity.viz.classroom.engine import first, table
from coercivity.viz.classroom.engine.game import (
    check_deal,
    check_moves,
    deal_menu,
    menu,
    new_game,
    play_round,
)
from coercivity.viz.classroom.engine.table import (
    SEATS,
    cards,
    deal_kinds,
    default_choices,
    goals,
    price_of_card,
    seats,
)

BAN = {"card": "dual_use_ban", "whom": "target"}
# options that are ordered, the weakest first: the form that nobody chooses who knows the card
WEAKEST = {
    "cover": "1",
    "strength": ("fifth", "mild"),
    "rate": "0.1",
    "size": "part",
    "how_long": "year",
    "which": "newest",
    "goods": "heavy",
}
EVERY_CARD = [(seat, card) for seat in SEATS for card in cards()[seat]]


# ---------------------------------------------------------------- what a sheet begins with


@pytest.mark.parametrize(("seat", "card"), EVERY_CARD)
def test_what_a_sheet_begins_with_can_be_played_and_paid_from_the_first_round_on(
    seat: str, card: str
) -> None:
    begins = default_choices(cards()[seat][card])
    game = new_game(length=1)
    (move,) = check_moves(game, seat, [{"card": card, **begins}])
    assert dict(move.choices) == begins
    assert price_of_card(cards()[seat][card], move.choices) <= seats()[seat].budget


def weakest(name: str, options: tuple[str, ...]) -> str:
    """The weakest of ordered options, '' where they have no order."""
    if name == "amount":
        return min(options, key=float)
    known = WEAKEST.get(name, "")
    return next((one for one in options if one in (known if known else ())), "")


@pytest.mark.parametrize(("seat", "card"), EVERY_CARD)
def test_no_card_begins_in_its_weakest_form(seat: str, card: str) -> None:
    one = cards()[seat][card]
    begins = default_choices(one)
    ordered = {
        name: weakest(name, options) for name, options in one.choices if weakest(name, options)
    }
    assert not ordered or any(begins[name] != least for name, least in ordered.items())


def test_the_middle_of_three_amounts_or_months_is_begun_with() -> None:
    """A default that is not the plain middle has its reason in the note of its row."""
    rows = [(row, f"{row['seat']} {row['card']}") for row in load_table("game_cards")]
    rows += [(row, row["deal"]) for row in load_table("game_deals")]
    for row, where in rows:
        for place in (1, 2):
            options = row[f"options_{place}"].split("|")
            middle = options[len(options) // 2] if len(options) == 3 else None
            if row[f"choice_{place}"] and row[f"default_{place}"] != middle:
                assert "; default: " in row["note"], where


def test_a_default_that_is_no_option_is_refused_with_the_row_and_the_options(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [dict(row) for row in load_table("game_cards")]
    rows[0]["default_1"] = "japan"
    monkeypatch.setattr(table, "load_table", lambda _: rows)
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


@pytest.mark.parametrize("seat", SEATS)
def test_an_offer_names_who_does_what_to_whom(seat: str) -> None:
    """A page calls the seat itself 'You' and its partner 'The other side': no duty may say so."""
    for one in deal_menu(new_game(), seat):
        told = " ".join((one["does"], one["i_must"], one["they_must"]))
        assert not re.search(r"the other side|both sides hold", told, flags=re.IGNORECASE)


def test_a_truce_says_what_each_side_gives_and_that_measures_stay() -> None:
    does = deal_kinds()["truce"].does
    assert re.match(r"China .*\. In return that state .*\. Measures in force stay\.$", does)
    assert "licences first" in does


# ---------------------------------------------------------------- three cards


def test_three_cards_come_first_by_the_priority_of_the_table() -> None:
    game = new_game()
    assert {seat: first.first_cards(game, seat) for seat in SEATS} == {
        "exporter": ("dual_use_ban", "threat", "general_licence"),
        "target": ("stock", "steer", "loan"),
        "ally": ("grant", "stockpile", "price_floor"),
        "bloc": ("grant", "stockpile", "price_floor"),
        "firm": ("stock", "supplier", "build_magnets"),
    }
    for seat in SEATS:
        priorities = [card.priority for card in cards()[seat].values()]
        assert sorted(priorities) == list(range(1, len(priorities) + 1))


def test_what_was_done_to_a_seat_brings_its_answers_forward_and_leaves_one_card_of_its_own() -> (
    None
):
    struck = play_round(new_game(), {"exporter": [BAN]})
    assert first.first_cards(struck, "target") == ("concession", "strike_back", "stock")
    assert first.first_cards(struck, "ally") == ("grant", "stockpile", "price_floor")
    everybody = play_round(
        new_game(),
        {"exporter": [{"card": "wider_licensing", "whom": "all", "goods": "light"}]},
    )
    assert first.first_cards(everybody, "bloc")[0] == "strike_back"
    given = play_round(new_game(), {"target": [{"card": "concession"}]})
    assert first.first_cards(given, "exporter") == ("general_licence", "suspend", "dual_use_ban")
    calm = play_round(struck, {})
    assert first.first_cards(calm, "target") == ("stock", "steer", "loan")  # the last round alone


def test_a_card_that_is_refused_is_not_among_the_first() -> None:
    struck = play_round(new_game(), {"exporter": [BAN]})
    assert first.first_cards(struck, "target", {"concession", "stock"}) == (
        "strike_back",
        "steer",
        "loan",
    )


def test_cards_that_are_answered_are_cards_of_other_seats() -> None:
    for seat in SEATS:
        others = {card for other in SEATS if other != seat for card in cards()[other]}
        for card in cards()[seat].values():
            assert set(card.answers) <= others, (seat, card.card)


# ---------------------------------------------------------------- two numbers


def test_numbers_follow_the_weights_of_a_seat_s_goals() -> None:
    assert first.first_numbers("target") == ("lost", "credibility", "cost", "dependence", "down")
    assert first.first_numbers("ally")[:2] == ("lost", "building")
    assert first.first_numbers("firm")[:3] == ("made", "earned", "tied_up")
    assert first.first_numbers("exporter")[:2] == ("credibility", "rivals_magnet")
    for seat in SEATS:
        assert len(first.first_numbers(seat)) >= first.NUMBERS


def test_a_heavier_goal_brings_its_number_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    heavy = tuple(replace(goal, weight=float(k)) for k, goal in enumerate(goals()["target"]))
    monkeypatch.setattr(first, "goals", lambda: {"target": heavy})
    assert first.first_numbers("target") == ("credibility", "dependence", "cost", "lost", "down")


# ---------------------------------------------------------------- few words


def test_a_card_says_what_it_does_in_nine_words_and_a_seat_who_it_is_in_fifty() -> None:
    for seat in SEATS:
        assert len(f"{seats()[seat].who} {seats()[seat].aims}".split()) <= 50
        for card in cards()[seat].values():
            assert 4 <= len(card.short.split()) <= 9, card.short
