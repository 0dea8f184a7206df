"""What happened in a class game is said in the language of the page: acts of teams and of governments, plants, rulings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from coercivity.viz.classroom.engine import card_acts, deal_acts
from coercivity.viz.classroom.engine.game_state import Deal, Move
from coercivity.viz.classroom.engine.game_tables import (
    GOVERNMENT,
    cards,
    deal_kinds,
    default_choices,
)
from coercivity.viz.classroom.words.game_text import news_in_words
from coercivity.viz.classroom.words.news_text import decision, event_in_words
from coercivity.viz.words.language import speaking

# names that stay, and what the model calls by letters
NAMES: Final = re.compile(
    r"(?<![A-Za-z])(?:Shin-Etsu Chemical|Shin-Etsu|Lynas|NdPr|EU|WTO|SmCo|D1-1)(?![A-Za-z])"
)
OF_THE_MODEL: Final = (
    ("JS Link Kuantan project begins", "Lynas is to be built"),
    ("project begins", "Entrant, India magnets, heat resistant is to be built"),
    ("project begins", "Shin-Etsu Chemical begins to build in Japan: Entrant, Japan metal"),
    ("project begins", "Shin-Etsu Chemical begins to build in Rest of EU: more capacity at Lynas"),
    ("project cancelled", "Entrant, India metal is given up before it opens"),
    ("plant bankrupt", "Germany magnet smco 2 is bankrupt"),
    ("plant mothballed", "Lynas is mothballed"),
    ("plant restarts", "Lynas is made ready to run again"),
    ("no plant left", "Shin-Etsu Chemical finds no planned plant left to make metal in Japan"),
    ("mining_quota", "China sets its light mining quota +6% for the half-year"),
    ("mining_quota", "China sets its light mining quota +0% for the half-year"),
    ("threat lapsed", "A threat by China has not been carried out"),
    ("ruling", "The WTO rules for Japan: blanket_ban by China has to end"),
    ("ruling", "The WTO brings EU no relief: licensing by China stands"),
    ("entity_list", "China decides: entity list on controlled 2025 towards Japan (for security)"),
    ("loan", "Japan decides: loan (it can be borne)"),
    ("coalition", "EU decides: grant on dysprosium oxide, NdPr oxide (why)"),
    ("truce", "At Busan both sides pause their latest measures for a year."),
    ("end of import_tariff", "Ends: The United States adds 10 percent to its tariffs."),
    ("end of firm_stock", "Ends: Round 1, Shin-Etsu Chemical: Hold more stock (cover: 3)."),
)


def of_the_game() -> Iterator[str]:
    """The texts of the acts of every card with every option, of every deal and of a broken one."""
    for seat, held in cards().items():
        for card in held.values():
            usual = default_choices(card)
            for name, options in card.choices or (("", ("",)),):
                for option in options:
                    chosen = {**usual, name: option} if name else usual
                    move = Move(card.card, tuple(chosen.items()))
                    yield from (act["text"] for act in card_acts.of_move(seat, move, 1, 1, [], 8))
    for kind in deal_kinds().values():
        for first in kind.first:
            for other in kind.other:
                if first != other:
                    deal = Deal(kind.deal, first, other, tuple(default_choices(kind).items()))
                    yield from (act["text"] for act in deal_acts.of_deal(deal, "D1-1", 1, 2, []))
                    breach = (
                        deal_acts.breach("D1-1", deal, first, 2) if first in GOVERNMENT else None
                    )
                    yield from [breach["text"]] if breach else []


def english_in(said: str) -> list[str]:
    """Words in Latin letters that are nobody's name."""
    return re.findall(r"[A-Za-z]{2,}", NAMES.sub("", said))


def test_every_act_of_the_game_and_of_the_model_is_said() -> None:
    texts = set(of_the_game())
    assert len(texts) > 80
    with speaking("ja"):
        left = {text: said for text in texts if english_in(said := event_in_words(text))}
        model = {text: event_in_words(text, "China", kind) for kind, text in OF_THE_MODEL}
    assert left == {}
    assert {text: said for text, said in model.items() if english_in(said)} == {}
    with speaking("de"):
        assert [text for text in texts if event_in_words(text) == text] == []
        said = event_in_words("Round 2, China: Dual-use ban (whom: the United States).")
        assert said == "Runde 2, China: Dual-Use-Verbot (wen: die Vereinigten Staaten)"
    assert event_in_words("Round 1, China: Blanket ban (whom: Japan, goods: all).") == (
        "Round 1, China: Blanket ban (whom: Japan, goods: all)."
    )


DECIDED: Final = "China decides: entity list on controlled 2025 towards Japan (for security)"


def test_what_a_government_decides_is_told_in_the_words_of_the_cards() -> None:
    for code, card, chosen in (
        ("en", "List firms by name", "whom: Japan, goods: "),
        ("de", "Firmen namentlich listen", "wen: Japan, Güter: "),
    ):
        with speaking(code):
            told = decision(DECIDED) or ("", "", "")
        assert told[:2] == ("China", card)
        assert told[2].startswith(chosen)
    assert decision("Lynas is to be built") is None
    line = {"month": "2026-01", "text": DECIDED, "sentence": None, "actor": "China", "kind": ""}
    news = json.loads(news_in_words(json.dumps({"lines": [{**line, "big": False}], "numbers": []})))
    ((card, *_),) = (news["others"]["China"],)
    assert card["label"] == "List firms by name"
