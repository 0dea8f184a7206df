"""The rules of play: walks through a game's rounds, lets acts and deals take effect, refuses what
is against the rules.

Nothing here runs the world; the outcome is a list of dated acts for a scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from coercivity.experiments.game import acts, deals
from coercivity.experiments.game.pieces import Deal, Game, Move, Round
from coercivity.experiments.game.prices import price_of_deal, price_of_move
from coercivity.experiments.game.table import SEATS, Card, cards, deal_kinds, seats, words
from coercivity.model.basis.errors import InputError

AGAINST: Final = {  # cards that each kind of deal forbids: to its first party, to the other
    "truce": (
        ("threat", "wider_licensing", "dual_use_ban", "entity_list", "blanket_ban"),
        ("strike_back", "dispute", "remark"),
    ),
    "licences": (
        ("threat", "wider_licensing", "dual_use_ban", "entity_list", "blanket_ban"),
        ("strike_back", "dispute", "remark"),
    ),
    "cost_share": ((), ()),
    "offtake": ((), ()),
}


WALK_OUT: Final = Card(  # which every party of a deal holds
    seat="",
    card="break",
    label="Walk out of a deal",
    does=(
        "The deal and what the other side owes under it end; a government's word counts for less."
    ),
    choices=(),
    cost=0.0,
    cost_by="",
    cost_rate=0.0,
    limits="Refused where deals bind.",
    example="The controls of 9 October end the London framework",
    example_date="2025-10-09",
    source="T043 and T050",
    url="n/a",
    short="End a deal before its time.",
)


@dataclass
class Held:
    """A deal and its life: rounds from which and to which it holds; who broke it and when (0:
    nobody).
    """

    id: str
    deal: Deal
    since: int
    last: int
    broken_by: str = ""
    broken_in: int = 0

    def holds(self, number: int) -> bool:
        """Whether it is in force when the moves of a round are made."""
        return self.since <= number <= self.last and not (
            self.broken_in and number >= self.broken_in
        )


@dataclass
class Standing:
    """Where a game stands: acts so far, deals, money promised, and what became of each move."""

    game: Game
    acts: list[dict[str, Any]] = field(default_factory=list)
    deals: list[Held] = field(default_factory=list)
    spent: dict[str, float] = field(default_factory=lambda: dict.fromkeys(SEATS, 0.0))
    breaches: list[tuple[int, str, Held]] = field(default_factory=list)
    fixed: dict[str, float] = field(
        default_factory=lambda: dict.fromkeys(SEATS, 0.0)
    )  # spent at once, not drawn from a programme

    def left(self, seat: str) -> float:
        """Budget left, USD million."""
        return seats()[seat].budget - self.spent[seat]

    def pay(self, seat: str, amount: float, what: str) -> None:
        """Promise money. Raises InputError where the seat has not so much."""
        if amount > self.left(seat) + 1e-9:
            raise InputError(
                f"{what} costs USD {amount:g} million and {words(seat)} has "
                f"{self.left(seat):g} million left; choose a smaller amount"
            )
        self.spent[seat] += amount

    def close(self, held: Held, by: str, number: int) -> None:
        """A deal ends early because one side broke it: its acts end the day before the round
        begins, a breach follows.
        """
        held.broken_by, held.broken_in = by, number
        deals.end_deal(self.acts, held.id, number)
        self.breaches.append((number, by, held))
        breach = deals.breach(held.id, held.deal, by, number)
        if breach:
            self.acts.append(breach)


@lru_cache(maxsize=256)
def standing(game: Game) -> Standing:
    """Where a game stands after its last round; do not change it. Raises InputError where a move or
    deal is against the rules.
    """
    state = Standing(game)
    for number, this_round in enumerate(game.rounds, start=1):
        play(state, this_round, number)
    return state


def play(state: Standing, this_round: Round, number: int) -> None:
    """One round: new deals begin, then the moves of all seats, in the order of SEATS; what breaks a
    deal is refused or ends it.
    """
    for place, deal in enumerate(this_round.deals, start=1):
        begin_deal(state, deal, number, place)
    before = [held for held in state.deals if held.holds(number)]
    breaking: list[tuple[Held, str]] = []
    for seat in SEATS:
        for move in this_round.of(seat):
            breaking += [(held, seat) for held in broken_by(before, seat, move, state.game.binding)]
    for held, seat in breaking:
        if not held.broken_in:
            state.close(held, seat, number)
    for seat in SEATS:
        for place, move in enumerate(this_round.of(seat), start=1):
            make_move(state, seat, move, number, place)


def begin_deal(state: Standing, deal: Deal, number: int, place: int) -> None:
    """A deal takes effect at once; both sides promise what it costs them. Raises InputError where
    the same deal holds already.
    """
    label = deal_kinds()[deal.kind].label
    for held in state.deals:
        if (
            held.deal.kind == deal.kind
            and set(held.deal.parties) == set(deal.parties)
            and held.holds(number)
        ):
            raise InputError(
                f"deal '{label}' of {words(deal.first)} and {words(deal.other)} holds "
                f"already ({held.id}); wait until it ends"
            )
    name = f"D{number}-{place}"
    last = min(number + int(deal.get("rounds") or state.game.length) - 1, state.game.length)
    for seat, amount in price_of_deal(deal).items():
        state.pay(seat, amount, f"deal '{label}'")
        state.fixed[seat] += amount * (seat == "firm")
    state.deals.append(Held(name, deal, number, last))
    new = deals.of_deal(deal, name, number, last, state.acts)
    state.acts += new


def broken_by(held_now: list[Held], seat: str, move: Move, binding: bool) -> list[Held]:
    """The deals that a move breaks. Raises InputError in a binding game, and where ``break`` names
    no deal of the seat.
    """
    mine = [held for held in held_now if seat in held.deal.parties]
    if move.card == "break":
        broken = [trace for trace in mine if trace.id == move.get("deal")]
        if not broken:
            names = ", ".join(trace.id for trace in mine) or "none"
            raise InputError(
                f"break: deal '{move.get('deal')}' is none of {words(seat)}'s in force; in "
                f"force: {names}"
            )
    else:
        broken = [trace for trace in mine if forbids(trace.deal, seat, move)]
    if broken and binding:
        deal = deal_kinds()[broken[0].deal.kind]
        raise InputError(
            f"move '{label_of(seat, move)}' breaks deal {broken[0].id} ({deal.label}, to the end "
            f"of round {broken[0].last}), and deals bind in this game; "
            "choose another move"
        )
    return broken


def forbids(deal: Deal, seat: str, move: Move) -> bool:
    """Whether a deal forbids a move to one of its parties: new measures of the exporter count when
    they are aimed at the other one (or at all).
    """
    if seat == deal.first:
        return move.card in AGAINST[deal.kind][0] and move.get("whom") in (deal.other, "all")
    return move.card in AGAINST[deal.kind][1]


def label_of(seat: str, move: Move) -> str:
    """The label of a move's card."""
    return WALK_OUT.label if move.card == "break" else cards()[seat][move.card].label


def make_move(state: Standing, seat: str, move: Move, number: int, place: int) -> None:
    """A card takes effect: its price is promised, its acts begin on the first day of the round."""
    if move.card == "break":
        return
    card = cards()[seat][move.card]
    price = price_of_move(seat, move)
    state.pay(seat, price, f"{words(seat)}: move '{card.label}'")
    new = acts.of_move(seat, move, number, place, state.acts, state.game.length)
    if move.card.startswith("build") or not (seat == "firm" or any("budget" in act for act in new)):
        state.fixed[seat] += price
    state.acts += new


def after(game: Game, this_round: Round) -> Game:
    """The game with one more round, checked. Raises InputError."""
    longer = replace(game, rounds=(*game.rounds, this_round))
    standing(longer)
    return longer


def open_deals(game: Game) -> list[Mapping[str, Any]]:
    """Deals in force for the coming round, as plain values."""
    coming = game.played + 1
    return [
        {
            "id": deal.id,
            "kind": deal.deal.kind,
            "label": deal_kinds()[deal.deal.kind].label,
            "first": deal.deal.first,
            "other": deal.deal.other,
            "terms": dict(deal.deal.choices),
            "since_round": deal.since,
            "last_round": deal.last,
        }
        for deal in standing(game).deals
        if deal.holds(coming)
    ]
