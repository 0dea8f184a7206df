"""The printed sheets of a class: a page for each seat and role, one on deals, one to hand in where
there are no phones. Everything of the game comes from its tables; in the language that is spoken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from coercivity.viz.classroom.engine import parliament
from coercivity.viz.classroom.engine.game_state import GAME_RULES, MOST_ROUNDS
from coercivity.viz.classroom.engine.game_tables import (
    Card,
    cards,
    deal_kinds,
    goals,
    prices,
    seats,
)
from coercivity.viz.classroom.engine.market import MARKETS, PURSE
from coercivity.viz.classroom.engine.press import CLAIMS, MOST_HEADLINES, SURE, points
from coercivity.viz.classroom.engine.scoring import price_of_breach
from coercivity.viz.classroom.lessons.lesson_plan import place_name, table, version_sentence
from coercivity.viz.classroom.lessons.texts import values_of
from coercivity.viz.classroom.words.choices_on_cards import choice_name, option
from coercivity.viz.classroom.words.game_text import seat_name
from coercivity.viz.documents.paper_layout import Block, Paper
from coercivity.viz.words.language import language, list_names, numeral, say

BOX: Final = "□"


def sheets(
    lesson_seats: Iterable[str], result: Mapping[str, Any], *, markdown: bool = False
) -> Paper:
    """The sheets of these seats, of the roles, of deals, and to hand in."""
    values = values_of(result, markdown=markdown)
    title = say("Sheets to print")
    blocks = [
        block
        for seat in lesson_seats
        for block in (Block("page", (seat_name(seat),)), *of_seat(seat, values))
    ]
    blocks += [Block("page", (place_name("press"),)), *_press(values)]
    blocks += [Block("page", (place_name("market"),)), *_market()]
    blocks += [Block("page", (say("Parliament"),)), *_parliament()]
    blocks += [Block("page", (say("Deals"),)), *_deals()]
    blocks += [Block("page", (say("To hand in, without phones"),)), *_form(values)]
    return Paper(title, language(), version_sentence(), tuple(blocks))


def of_seat(seat: str, values: Mapping[str, str]) -> tuple[Block, ...]:
    """One seat: who it is, what it wants, its cards, how it decides, how it is scored."""
    who = seats()[seat]
    money = (
        say("Money: USD {sum} million for the whole game.", sum=numeral(f"{who.budget:,.0f}"))
        if who.budget
        else say("Your cards cost nothing.")
    )
    decide = [
        say(
            "Anybody in the team proposes a card with {propose}, and all vote. The captain seals "
            "with {seal}; where your teacher has chosen the majority, more than half press "
            "{ready}.",
            **values,
        ),
        say(
            "At most {moves} cards a round; no card is a move too. Only the captain offers and "
            "accepts deals.",
            **values,
        ),
    ]
    if seat in deal_kinds()[parliament.LICENCES].other:
        decide.append(
            say(
                "Where your parliament has members, a concession needs more of them for it than "
                "against."
            )
        )
    return (
        Block("head", (say("Who you are"),)),
        Block("text", (say(who.who),)),
        Block("head", (say("What you want"),)),
        Block("text", (say(who.aims),)),
        Block("head", (say("Your cards"),)),
        Block("text", (money,)),
        table(
            (say("Card"), say("What it does"), say("Choose"), say("USD million")),
            [_card(card) for card in cards()[seat].values()],
            (1.6, 2.1, 2.4, 1.0),
        ),
        Block("head", (say("How you decide"),)),
        Block("dots", tuple(decide)),
        Block("head", (say("How you are scored"),)),
        table(
            (
                say("Goal of the seat"),
                say("Weight"),
                say("0 points"),
                say("100 points"),
                say("What is counted"),
            ),
            [
                (
                    say(goal.label),
                    numeral(f"{goal.weight:.0%}"),
                    numeral(f"{goal.none:g}"),
                    numeral(f"{goal.full:g}"),
                    f"{say(goal.formula)} ({say(goal.unit)})",
                )
                for goal in goals()[seat]
            ],
            (1.5, 0.85, 0.75, 0.8, 3.2),
        ),
    )


def _card(card: Card) -> tuple[str, ...]:
    """A card in a row: its name, what it does in nine words, boxes to tick, what it costs."""
    chosen = "; ".join(_to_tick(name, found) for name, found in card.choices)
    return f"{BOX} {say(card.label)}", say(card.short), chosen or "–", cost(card)


def _to_tick(name: str, options: Iterable[str]) -> str:
    """What is chosen, with a box for each option that stays beside it."""
    boxes = (f"{BOX}\u00a0{option(one, name)}" for one in options)
    return f"{choice_name(name)}: " + " ".join(boxes)


def cost(card: Card) -> str:
    """What a card costs, from the cheapest to the dearest way to play it."""
    found = [price for _, price in prices(card)]
    low, high = (numeral(f"{one:g}") for one in (min(found), max(found)))
    if not max(found):
        return say("free")
    return low if low == high else say("{low} to {high}", low=low, high=high)


def _press(values: Mapping[str, str]) -> tuple[Block, ...]:
    """A paper: its claims, and its points by how sure it is."""
    stakes = [
        (
            numeral(f"{sure}%"),
            _signed_number(points(sure, True)),
            _signed_number(points(sure, False)),
        )
        for sure in SURE
    ]
    return (
        *_who_you_are_blocks(
            say("You print headlines before the reveal, and score where they come true.")
        ),
        Block("head", (say("How you decide"),)),
        Block(
            "dots",
            (
                say("Decide alone, after asking around. Each paper has its own phone."),
                say(
                    "Choose a claim, say how sure you are, write your headline, press {print}: at "
                    "most {count} a half-year.",
                    **values,
                    count=MOST_HEADLINES,
                ),
            ),
        ),
        Block("head", (say("Your cards"),)),
        table((say("Claim"),), [(f"{BOX} {say(one.label)}",) for one in CLAIMS.values()], (7.1,)),
        Block("head", (say("How you are scored"),)),
        table((say("How sure"), say("If true"), say("If not")), stakes, (2.0, 2.0, 3.1)),
        Block(
            "text",
            (
                say(
                    "Being surer than you are never pays: wrong and sure costs more than it could "
                    "have earned."
                ),
            ),
        ),
    )


def _market() -> tuple[Block, ...]:
    """A trader: the numbers to bet on."""
    return (
        *_who_you_are_blocks(say("You bet play money on the numbers of the coming half-year.")),
        Block("head", (say("How you decide"),)),
        Block(
            "dots",
            (
                say("Decide alone. What you stake moves the odds that all see on the wall."),
                say(
                    "You have {coins} coins for each half-year. Put them on above or below usual; "
                    "the phone shows what is usual.",
                    coins=PURSE,
                ),
            ),
        ),
        Block("head", (say("Your cards"),)),
        table(
            (say("Number"), say("Unit")),
            [(f"{BOX} {say(one.label)}", say(one.unit)) for one in MARKETS.values()],
            (4.6, 2.5),
        ),
        Block("head", (say("How you are scored"),)),
        Block(
            "text",
            (
                say(
                    "Who is right shares the coins of who is wrong, by what was staked. Where a "
                    "number ends as usual, stakes go back."
                ),
            ),
        ),
    )


def _parliament() -> tuple[Block, ...]:
    """A member of a parliament: what a concession is, and what it costs."""
    card, deal = cards()["target"][parliament.CONCESSION], deal_kinds()[parliament.LICENCES]
    return (
        *_who_you_are_blocks(say("Your government's concessions need your vote.")),
        Block("head", (say("How you decide"),)),
        Block(
            "dots",
            (
                say(
                    "Hear your government and others. Vote in each half-year whether it may "
                    "concede to China: yes, no or neither."
                ),
                say(
                    "It may concede with more for it than against. You can change your vote until "
                    "the round closes."
                ),
            ),
        ),
        Block("head", (say("What counts as a concession"),)),
        table(
            (say("Card"), say("What it does")),
            [(say(card.label), say(card.does)), (say(deal.label), say(deal.does))],
            (2.3, 4.8),
        ),
        Block("head", (say("How you are scored"),)),
        Block(
            "text",
            (
                say(
                    "Your score is that of your state, and each concession costs {points} points "
                    "of it.",
                    points=numeral(f"{parliament.price():g}"),
                ),
            ),
        ),
    )


def _who_you_are_blocks(words: str) -> tuple[Block, ...]:
    return Block("head", (say("Who you are"),)), Block("text", (words,))


def _signed_number(value: float) -> str:
    return numeral(f"{value:+.0f}".replace("-", "−"))


def _deals() -> tuple[Block, ...]:
    """The kinds of deals, for all."""
    body = [
        (
            say(kind.label),
            say(
                "{first} (first) and {other}",
                first=list_names(map(seat_name, kind.first)),
                other=list_names(map(seat_name, kind.other)),
            ),
            say(kind.does),
            say(kind.first_must),
            say(kind.other_must),
            "; ".join(_to_tick(name, found) for name, found in kind.choices),
        )
        for kind in deal_kinds().values()
    ]
    heads = (
        say("Deal"),
        say("Between"),
        say("What it does"),
        say("The first must"),
        say("The other must"),
        say("Choose"),
    )
    return (
        table(heads, body, (1.35, 1.05, 1.6, 1.1, 1.1, 0.9)),
        Block(
            "text",
            (
                say(
                    "Where deals bind, a card that breaks one is refused. Where they do not, the "
                    "card stands, the deal ends for both, and whoever broke it loses {points} "
                    "points. A deal that is broken in the round in which it was made has no "
                    "effect. Where China breaks a deal, the concession made for it counts no more.",
                    points=numeral(f"{price_of_breach(GAME_RULES):g}"),
                ),
            ),
        ),
    )


def _form(values: Mapping[str, str]) -> tuple[Block, ...]:
    """Lines to fill in, for a class on paper."""
    heads = (
        say("Round"),
        say("First card, with its choices"),
        say("Second card, with its choices"),
        say("Deals made this round"),
    )
    return (
        Block(
            "text",
            (
                say(
                    "Seat: ________  Fill in a line a round and hand it in. Your teacher enters it "
                    "with {one_screen}.",
                    **values,
                ),
            ),
        ),
        table(
            heads,
            [(str(number), "", "", "") for number in range(1, MOST_ROUNDS + 1)],
            (0.8, 2.2, 2.2, 1.9),
        ),
    )
