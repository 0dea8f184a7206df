"""What happened in a class game is said in the language of the page: acts of teams and of governments, plants, rulings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

import pytest

from coercivity.viz.classroom.engine import acts, deals, debrief
from coercivity.viz.classroom.engine.numbers import AFTER_A_STOP, Asked
from coercivity.viz.classroom.engine.pieces import Deal, Move
from coercivity.viz.classroom.engine.table import (
    GOVERNMENT,
    cards,
    deal_kinds,
    default_choices,
)
from coercivity.viz.classroom.words.game_text import (
    brief_said,
    fact_said,
    news_said,
    number_hint,
    twin_said,
)
from coercivity.viz.classroom.words.news_text import decision, happening
from coercivity.viz.words.language import speaking

# names that stay, and what the model calls by letters
NAMES: Final = re.compile(
    r"(?<![A-Za-z])(?:Shin-Etsu Chemical|Shin-Etsu|Lynas|NdPr|EU|WTO|SmCo|D1-1)(?![A-Za-z])"
)
OF_THE_MODEL: Final = (
    ("JS Link Kuantan project begins", "Lynas is to be built"),
    ("project begins", "Entrant, India magnets, heat resistant is to be built"),
    ("project begins", "Shin-Etsu Chemical begins to build in Japan: Entrant, Japan metal"),
    (
        "project begins",
        "Shin-Etsu Chemical begins to build in Rest of EU: more capacity at Lynas",
    ),
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
                    yield from (act["text"] for act in acts.of_move(seat, move, 1, 1, [], 8))
    for kind in deal_kinds().values():
        for first in kind.first:
            for other in kind.other:
                if first != other:
                    deal = Deal(kind.deal, first, other, tuple(default_choices(kind).items()))
                    yield from (act["text"] for act in deals.of_deal(deal, "D1-1", 1, 2, []))
                    breach = deals.breach("D1-1", deal, first, 2) if first in GOVERNMENT else None
                    yield from [breach["text"]] if breach else []


def english_in(said: str) -> list[str]:
    """Words in Latin letters that are nobody's name."""
    return re.findall(r"[A-Za-z]{2,}", NAMES.sub("", said))


def test_every_act_of_the_game_is_said() -> None:
    texts = set(of_the_game())
    assert len(texts) > 80
    with speaking("ja"):
        left = {text: said for text in texts if english_in(said := happening(text))}
    assert left == {}
    with speaking("de"):
        assert [text for text in texts if happening(text) == text] == []


@pytest.mark.parametrize(("kind", "text"), OF_THE_MODEL)
def test_what_the_model_tells_is_said(kind: str, text: str) -> None:
    with speaking("ja"):
        said = happening(text, "China", kind)
    assert english_in(said) == []


def test_it_is_said_whole() -> None:
    text = "Round 2, China: Dual-use ban (whom: the United States)."
    with speaking("de"):
        said = happening(text)
        ends = happening("Ends: " + text)
        whose = happening("Round 1: China breaks its word to the EU (cost share).")
    assert said == "Runde 2, China: Dual-Use-Verbot (wen: die Vereinigten Staaten)"
    assert ends == f"Endet: {said}"
    assert "(cost share)" not in whose


DECIDED: Final = "China decides: entity list on controlled 2025 towards Japan (for security)"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", ("China", "List firms by name", "whom: Japan, goods: controlled 2025")),
        (
            "de",
            ("China", "Firmen namentlich listen", "wen: Japan, Güter: was China seit April 2025"),
        ),
    ],
)
def test_what_a_government_decides_is_told_in_the_words_of_the_cards(
    code: str, said: tuple[str, str, str]
) -> None:
    with speaking(code):
        who, card, chosen = decision(DECIDED) or ("", "", "")
    assert (who, card) == said[:2]
    assert chosen.startswith(said[2][:20])
    assert decision("Lynas is to be built") is None


def test_the_news_name_what_the_others_did() -> None:
    line = {"month": "2026-01", "text": DECIDED, "sentence": None, "actor": "China", "kind": ""}
    told = json.loads(news_said(json.dumps({"lines": [{**line, "big": False}], "numbers": []})))
    ((card, *_),) = (told["others"]["China"],)
    assert card["label"] == "List firms by name"


def test_in_english_it_stays_as_the_model_has_it() -> None:
    text = "Round 1, China: Blanket ban (whom: Japan, goods: all)."
    assert happening(text, "China", "blanket_ban") == text
    assert happening("Germany magnet smco 2 is bankrupt") == (
        "SmCo magnet plant 2 in Germany is bankrupt"
    )


def test_the_news_and_the_brief_say_it() -> None:
    text = "Round 1, Japan: Cheap loans for plants (stage: plants, amount: 300)."
    line = {"month": "2026-01", "text": text, "sentence": None, "actor": "Japan", "kind": "loan"}
    news = json.dumps({"lines": [{**line, "big": False}], "numbers": []})
    score = {"score": 1.0, "goals": []}
    brief = json.dumps(
        {"numbers": [], "notes": [], "sentences": [], "acts": [text], "score": score}
    )
    with speaking("de"):
        (told,) = json.loads(news_said(news))["lines"]
        (act,) = json.loads(brief_said(brief))["acts"]
    assert told["text"] == act
    assert act.startswith("Runde 1, Japan: ")
    assert "Cheap loans" not in act


def test_output_lost_says_that_it_counts_after_a_stop_too() -> None:
    numbers = ("lost", "lost_since")
    for name in numbers:
        with speaking("de"):
            assert number_hint(Asked(name, "Japan")).startswith("auch in den Monaten nach")
    fact = {"number": "lost", "state": "Japan", "good": "", "count": 0}
    assert fact_said(fact)["hint"] == AFTER_A_STOP
    assert number_hint(Asked("price", "Japan", "ndpr_oxide")) == ""
    twin = {"rows": [{"id": name} for name in debrief.NUMBERS], "months": [None, None]}
    rows = json.loads(twin_said(json.dumps(twin)))["rows"]
    assert {row["hint"] for row in rows if row["label"].startswith("Output lost")} == {AFTER_A_STOP}
    pages = Path(str(files("coercivity.viz.classroom"))) / "pages"
    for name in ("brief", "news", "market", "wall", "debrief"):
        assert "one.hint" in (pages / f"{name}.vue").read_text(encoding="utf-8"), name
