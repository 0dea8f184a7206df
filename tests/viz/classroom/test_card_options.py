"""Options of cards and deals have their units, wherever they are read."""

from __future__ import annotations

import pytest

from coercivity.viz.classroom.engine import card_acts
from coercivity.viz.classroom.engine.game import deal_menu, menu, new_game
from coercivity.viz.classroom.engine.game_state import Move
from coercivity.viz.classroom.engine.game_tables import SEATS
from coercivity.viz.classroom.lessons.sheets import sheets
from coercivity.viz.classroom.lessons.texts import load_results
from coercivity.viz.classroom.rooms.views import move_view
from coercivity.viz.classroom.words.game_text import deal_on_menu, on_menu
from coercivity.viz.classroom.words.news_text import event_in_words
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
    (act,) = card_acts.of_move(seat, move, 1, 1, [], 8)
    return event_in_words(act["text"])


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


def test_no_choice_is_a_bare_number() -> None:
    game = new_game(1, list(SEATS))
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
