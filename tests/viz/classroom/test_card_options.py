"""Options of cards and deals have their units, wherever they are read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from coercivity.viz.classroom.engine import acts
from coercivity.viz.classroom.engine.game import deal_menu, menu, new_game
from coercivity.viz.classroom.engine.pieces import Move
from coercivity.viz.classroom.engine.table import SEATS
from coercivity.viz.classroom.lessons.sheets import sheets
from coercivity.viz.classroom.lessons.texts import load_results
from coercivity.viz.classroom.rooms.views import told_move
from coercivity.viz.classroom.words.game_text import deal_on_menu, move_words, on_menu
from coercivity.viz.classroom.words.news_text import happening
from coercivity.viz.words.language import speaking

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
    (act,) = acts.of_move(seat, move, 1, 1, [], 8)
    return happening(act["text"])


def of_the_phone(seat: str, move: Move) -> str:
    return str(told_move(seat, move)["terms"])


@pytest.mark.parametrize("code", SAID)
@pytest.mark.parametrize("words", [of_the_phone, move_words, of_the_news])
def test_numbers_that_are_chosen_have_units(code: str, words: Callable[[str, Move], str]) -> None:
    stock, rate, amount = SAID[code]
    with speaking(code):
        held, paid = words("target", STOCK), words("bloc", CREDIT)
    assert stock in plain(held)
    assert rate in plain(paid)
    assert amount in plain(paid)


@pytest.mark.parametrize("code", SAID)
def test_no_choice_is_a_bare_number(code: str) -> None:
    game = new_game(1, list(SEATS))
    with speaking(code):
        offered = [on_menu(one) for seat in SEATS for one in menu(game, seat)]
        offered += [deal_on_menu(one) for seat in SEATS for one in deal_menu(game, seat)]
        labels = [
            one["label"]
            for card in offered
            for choice in card["choices"]
            if choice["name"] != "rounds"  # its name says what is counted
            for one in choice["options"]
        ]
    assert len(labels) > 100
    assert [label for label in labels if label.replace(".", "").isdecimal()] == []


@pytest.mark.parametrize("code", SAID)
def test_printed_sheets_have_the_units(code: str) -> None:
    with speaking(code):
        paper = sheets(SEATS, load_results())
    cells = [cell for block in paper.blocks for row in block.rows for cell in row]
    printed = plain("\n".join(cells))
    for words in SAID[code]:
        assert f"□ {words.split(':')[-1].split('：')[-1].strip()}" in printed
    assert "□ 0.2" not in printed
