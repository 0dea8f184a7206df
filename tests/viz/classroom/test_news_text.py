"""What happened in a class game is said in the language of the page: acts of teams and of governments, plants, rulings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from coercivity.agents.base.phrase import Phrase
from coercivity.viz.classroom.engine import card_acts, deal_acts
from coercivity.viz.classroom.engine.game_state import Deal, Move
from coercivity.viz.classroom.engine.game_tables import (
    GOVERNMENT,
    cards,
    deal_kinds,
    default_choices,
)
from coercivity.viz.classroom.words.game_text import news_in_words
from coercivity.viz.classroom.words.news_text import act_in_words, decision, event_in_words
from coercivity.viz.words.language import speaking
from tests.facts import FACTS

# names that stay, and what the model calls by letters
NAMES: Final = re.compile(
    r"(?<![A-Za-z])(?:Shin-Etsu Chemical|Shin-Etsu|Lynas|NdPr|EU|WTO|SmCo|D1-1)(?![A-Za-z])"
)
HEAT: Final = "Entrant, India magnets, heat resistant"


def decided(who: str, kind: str, why: str, **fields: tuple[object, ...]) -> Phrase:
    """What a government decides, as `model/politics/chancellery.py` says it."""
    sentence = " ".join(
        ["{kind}", *(f"{before} {{{name}}}" for before, name in PARTS if name in fields)]
    )
    what = Phrase.of(sentence, kind=Phrase.name(kind=kind), **fields)
    return Phrase.of("{who} decides: {what} ({why})", who=who, what=what, why=Phrase(why))


PARTS: Final = (("on", "goods"), ("towards", "targets"))
LISTED: Final = decided(
    "China",
    "entity_list",
    "for security",
    goods=(Phrase.name(good="controlled_2025"),),
    targets=("Japan",),
)
OXIDES: Final = tuple(Phrase.name(good=good) for good in ("dysprosium_oxide", "ndpr_oxide"))
QUOTA: Final = "China sets its light mining quota {change} for the half-year"
BUILDS: Final = "{who} begins to build in {state}: {name}"
ENLARGES: Final = "{who} begins to build in {state}: more capacity at {name}"
NO_PLANT: Final = "{who} finds no planned plant left to {what} in {state}"
SHIN: Final = {"who": "Shin-Etsu Chemical", "state": "Japan"}
METAL: Final = "Entrant, Japan metal"
BUSAN: Final = Phrase.text("At Busan both sides pause their latest measures for a year.")
TARIFFS: Final = Phrase.text("The United States adds 10 percent to its tariffs.")
OF_THE_MODEL: Final = (
    ("project begins", Phrase.of("{name} is to be built", name="Lynas")),
    ("project begins", Phrase.of("{name} is to be built", name=HEAT)),
    ("project begins", Phrase.of(BUILDS, name=METAL, **SHIN)),
    ("project begins", Phrase.of(ENLARGES, name="Lynas", **{**SHIN, "state": "Rest of EU"})),
    ("project cancelled", Phrase.of("{name} is given up before it opens", name=METAL)),
    ("plant bankrupt", Phrase.of("{name} is bankrupt", name="Germany magnet smco 2")),
    ("plant mothballed", Phrase.of("{name} is mothballed", name="Lynas")),
    ("plant restarts", Phrase.of("{name} is made ready to run again", name="Lynas")),
    ("no plant left", Phrase.of(NO_PLANT, what=Phrase(FACTS.descriptions["make_metal"]), **SHIN)),
    ("mining_quota", Phrase.of(QUOTA, change="+6%")),
    ("mining_quota", Phrase.of(QUOTA, change="-0%")),
    ("threat lapsed", Phrase.of("A threat by {who} has not been carried out", who="China")),
    (
        "ruling",
        Phrase.of(
            "The WTO rules for {who}: {kind} by {other} has to end",
            who="Japan",
            kind="blanket_ban",
            other="China",
        ),
    ),
    (
        "ruling",
        Phrase.of(
            "The WTO brings {who} no relief: {kind} by {other} stands",
            who="EU",
            kind="licensing",
            other="China",
        ),
    ),
    ("entity_list", LISTED),
    ("loan", decided("Japan", "loan", "it can be borne")),
    ("grant", decided("EU", "grant", "why", goods=OXIDES)),
    ("truce", BUSAN),
    ("licensing", Phrase("{kind}", {"kind": "licensing", "id": "T039"})),
    (
        "firm_stock",
        Phrase.of("{who}: {months} months of stock beyond the habit", who="Lynas", months="3"),
    ),
    ("end of import_tariff", Phrase.of("Ends: {what}", what=TARIFFS)),
    ("end of entity_list", Phrase.of("Ends: {what}", what=LISTED)),
    (
        "end of firm_stock",
        Phrase.of(
            "Ends: {what}",
            what=Phrase.text("Round 1, Shin-Etsu Chemical: Hold more stock (cover: 3)."),
        ),
    ),
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
        left = {text: said for text in texts if english_in(said := act_in_words(text))}
        model = {str(told): event_in_words(told, "China", kind) for kind, told in OF_THE_MODEL}
    assert left == {}
    assert {text: said for text, said in model.items() if english_in(said)} == {}
    with speaking("de"):
        assert [text for text in texts if act_in_words(text) == text] == []
        said = act_in_words("Round 2, China: Dual-use ban (whom: the United States).")
        assert said == "Runde 2, China: Dual-Use-Verbot (wen: die Vereinigten Staaten)"
    assert act_in_words("Round 1, China: Blanket ban (whom: Japan, goods: all).") == (
        "Round 1, China: Blanket ban (whom: Japan, goods: all)."
    )


def test_what_a_government_decides_is_told_in_the_words_of_the_cards() -> None:
    for code, card, chosen in (
        ("en", "List firms by name", "whom: Japan, goods: "),
        ("de", "Firmen namentlich listen", "wen: Japan, Güter: "),
    ):
        with speaking(code):
            told = decision(LISTED) or ("", "", "")
        assert told[:2] == ("China", card)
        assert told[2].startswith(chosen)
    assert [one for _, one in OF_THE_MODEL if decision(one)] == [
        one for _, one in OF_THE_MODEL if one.sentence.startswith("{who} decides")
    ]
    ((card, *_),) = (news_of(LISTED, "China", "")["others"]["China"],)
    assert card["label"] == "List firms by name"


def news_of(told: Phrase, actor: str, kind: str, month: str = "2026-01") -> dict[str, Any]:
    """The news of a round in which one thing happened, as pages have them."""
    line = {"month": month, "text": str(told), "sentence": None, "told": told.to_plain()}
    lines = [{**line, "actor": actor, "kind": kind, "big": False}]
    news: dict[str, Any] = json.loads(news_in_words(json.dumps({"lines": lines, "numbers": []})))
    return news


def test_news_name_no_plant_that_halts_in_a_month_that_is_past() -> None:
    told = Phrase.of("{name} is bankrupt", name="TDK")
    for kind, month, said in (
        ("plant bankrupt", "2026-03", "A plant is bankrupt"),
        ("plant bankrupt", "2039-01", "TDK is bankrupt"),
        ("opens", "2026-03", "TDK is bankrupt"),
    ):
        assert [line["text"] for line in news_of(told, "TDK", kind, month)["lines"]] == [said]


def test_english_is_what_the_table_of_events_has_but_for_names_and_no_change() -> None:
    said = {str(told): event_in_words(told, "China", kind) for kind, told in OF_THE_MODEL}
    assert {text: one for text, one in said.items() if text != one} == {
        f"{HEAT} is to be built": "a new heat-resistant magnet plant in India is to be built",
        f"Shin-Etsu Chemical begins to build in Japan: {METAL}": (
            "Shin-Etsu Chemical begins to build in Japan: a new metal works in Japan"
        ),
        f"{METAL} is given up before it opens": (
            "a new metal works in Japan is given up before it opens"
        ),
        "Germany magnet smco 2 is bankrupt": "SmCo magnet plant 2 in Germany is bankrupt",
        QUOTA.format(change="-0%"): QUOTA.format(change="as it was"),
        "The WTO rules for Japan: blanket_ban by China has to end": (
            "The WTO rules for Japan: blanket ban by China has to end"
        ),
        "Ends: Round 1, Shin-Etsu Chemical: Hold more stock (cover: 3).": (
            "Ends: Round 1, Shin-Etsu Chemical: Hold more stock (stock: 3 months)."
        ),
    }
