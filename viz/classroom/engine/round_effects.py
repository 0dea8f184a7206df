"""The rules of play: walks through a game's rounds, lets acts and deals take effect, refuses what
is against the rules.

Nothing here runs the world; the outcome is a list of dated acts for a scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from coercivity import InputError
from coercivity.model.basis.errors import Phrase
from coercivity.viz.classroom.engine import card_acts, deal_acts
from coercivity.viz.classroom.engine.game_state import GAME_RULES, Deal, Game, Move, Round
from coercivity.viz.classroom.engine.game_tables import (
    GOVERNMENT,
    SEATS,
    Card,
    cards,
    deal_kinds,
    price_of_deal,
    price_of_move,
    seats,
    words,
)

ON_EVERYBODY: Final = ("blanket_ban",)  # civilian users have licences under the other bans
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
        "The deal and what the other side owes under it end. It costs you points, and a "
        "government's word counts for less."
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
class DealRecord:
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


@dataclass(frozen=True)
class Pledge:
    """What a deal forbids a seat: cards, aimed at whom (empty: at anybody), and what becomes void
    where it breaks the deal: nothing | all | concession. name: '' for a deal of this round.
    """

    name: str
    deal: Deal
    cards: tuple[str, ...]
    whom: tuple[str, ...]
    voids: str

    def is_broken_by(self, move: Move) -> bool:
        """Whether a move breaks the deal."""
        if move.card == "break":
            return bool(self.name) and move.get("deal") == self.name
        return move.card in self.cards and (not self.whom or move.get("whom") in self.whom)


@dataclass
class GameState:
    """Where a game stands: acts so far, deals, money promised, and what became of each move."""

    game: Game
    acts: list[dict[str, Any]] = field(default_factory=list)
    deals: list[DealRecord] = field(default_factory=list)
    spent: dict[str, float] = field(default_factory=lambda: dict.fromkeys(SEATS, 0.0))
    breaches: list[tuple[int, str, DealRecord]] = field(default_factory=list)
    fixed: dict[str, float] = field(
        default_factory=lambda: dict.fromkeys(SEATS, 0.0)
    )  # spent at once, not drawn from a programme

    def left(self, seat: str) -> float:
        """Budget left, USD million."""
        return seats()[seat].budget - self.spent[seat]

    def pay(self, seat: str, amount: float, card: Phrase, where: str | Phrase = "") -> None:
        """Promise money for a card or a deal. Raises InputError where the seat has not so much."""
        if amount > self.left(seat) + 1e-9:
            raise InputError(
                "{card} costs USD {amount} million and {who} has {more} million left",
                "choose a smaller amount",
                where=where,
                card=card,
                amount=f"{amount:g}",
                who=Phrase(words(seat)),
                more=f"{self.left(seat):g}",
            )
        self.spent[seat] += amount

    def close(self, held: DealRecord, by: str, number: int) -> None:
        """A deal ends early because one side broke it: its acts end the day before the round
        begins, a breach follows. Of a deal of the same round nothing takes effect.
        """
        held.broken_by, held.broken_in = by, number
        if number == held.since and self.game.rules > 1:
            self.undo(held)
        else:
            deal_acts.end_deal(self.acts, held.id, number)
        self.breaches.append((number, by, held))
        breach = deal_acts.breach(held.id, held.deal, by, number)
        if breach:
            self.acts.append(breach)

    def undo(self, held: DealRecord) -> None:
        """Take back all acts of a deal, and the money promised for it."""
        self.acts = [act for act in self.acts if not act["id"].startswith(f"{held.id}-")]
        for seat, amount in price_of_deal(held.deal, self.game.rules).items():
            self.spent[seat] -= amount
            self.fixed[seat] -= amount * (seat == "firm")

    def concedes_in_deal(self, number: int, seat: str) -> bool:
        """Whether a seat conceded to China in a deal of a round; not where nothing of the deal took
        effect, as it was broken at once.
        """
        return any(
            held.since == number
            and held.deal.kind == "licences"
            and held.deal.other == seat
            and (held.broken_in != number or self.game.rules == 1)
            for held in self.deals
        )

    @property
    def voided(self) -> list[tuple[int, str]]:
        """Concessions that count no more, as China broke the deal that they were made for: the
        round of the breach, and the seat that had conceded.
        """
        return [
            (number, held.deal.other)
            for number, by, held in self.breaches
            if self.game.rules > 1
            and held.deal.kind == "licences"
            and by == held.deal.first
            and number > held.since
        ]


@lru_cache(maxsize=256)
def replay_game(game: Game) -> GameState:
    """Where a game stands after its last round; do not change it. Raises InputError where a move or
    deal is against the rules.
    """
    state = GameState(game)
    for number, this_round in enumerate(game.rounds, start=1):
        play(state, this_round, number)
    return state


def play(state: GameState, this_round: Round, number: int) -> None:
    """One round: new deals begin, then the moves of all seats, in the order of SEATS; what breaks a
    deal is refused or ends it.
    """
    for place, deal in enumerate(this_round.deals, start=1):
        begin_deal(state, deal, number, place)
    before = [held for held in state.deals if held.holds(number)]
    breaking: list[tuple[DealRecord, str]] = []
    for seat in SEATS:
        for move in this_round.of(seat):
            breaking += [(held, seat) for held in broken_by(before, seat, move, state.game.binding)]
    for held, seat in breaking:
        if not held.broken_in:
            state.close(held, seat, number)
    for seat in SEATS:
        for place, move in enumerate(this_round.of(seat), start=1):
            make_move(state, seat, move, number, place)


def begin_deal(state: GameState, deal: Deal, number: int, place: int) -> None:
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
                "deal '{card}' of {who} and {other} holds already ({deal})",
                "wait until it ends",
                card=Phrase(label),
                who=Phrase(words(deal.first)),
                other=Phrase(words(deal.other)),
                deal=held.id,
            )
    name = f"D{number}-{place}"
    last = min(number + int(deal.get("rounds") or state.game.length) - 1, state.game.length)
    for seat, amount in price_of_deal(deal, state.game.rules).items():
        state.pay(seat, amount, Phrase.of("deal '{label}'", label=label))
        state.fixed[seat] += amount * (seat == "firm")
    state.deals.append(DealRecord(name, deal, number, last))
    new = deal_acts.of_deal(deal, name, number, last, state.acts)
    state.acts += new


def broken_by(held_now: list[DealRecord], seat: str, move: Move, binding: bool) -> list[DealRecord]:
    """The deals that a move breaks. Raises InputError in a binding game, and where ``break`` names
    no deal of the seat.
    """
    mine = [held for held in held_now if seat in held.deal.parties]
    if move.card == "break":
        broken = [trace for trace in mine if trace.id == move.get("deal")]
        if not broken:
            raise InputError(
                "deal '{value}' is none of {who}'s in force",
                "in force: {names}",
                where=Phrase.of("{card}", card=WALK_OUT.card),
                value=move.get("deal"),
                who=Phrase(words(seat)),
                names=tuple(trace.id for trace in mine) or ("none",),
            )
    else:
        broken = [trace for trace in mine if pledge(trace.deal, seat).is_broken_by(move)]
    if broken and binding:
        deal = deal_kinds()[broken[0].deal.kind]
        raise InputError(
            "move '{card}' breaks deal {deal} ({kind_of_deal}, to the end of round {count}), "
            "and deals bind in this game",
            "choose another move",
            card=Phrase(label_of(seat, move)),
            deal=broken[0].id,
            kind_of_deal=Phrase(deal.label),
            count=broken[0].last,
        )
    return broken


def pledge(deal: Deal, seat: str, name: str = "", rules: int = GAME_RULES) -> Pledge:
    """What a deal forbids one of its parties. Measures of the exporter count when they are aimed at
    the other one, or at all.
    """
    first = seat == deal.first
    voids = "nothing"
    if rules > 1:
        conceded = first and deal.kind == "licences"
        voids = "all" if not name else "concession" if conceded else "nothing"
    forbidden = AGAINST[deal.kind][0 if first else 1]
    return Pledge(name, deal, forbidden, (deal.other, "all") if first else (), voids)


def pledges(game: Game, seat: str, agreed: Iterable[Deal] = ()) -> list[Pledge]:
    """What deals forbid a seat in the coming round: those in force, then those agreed in it."""
    held = [one for one in replay_game(game).deals if one.holds(game.played + 1)]
    found = [(one.deal, one.id) for one in held] + [(deal, "") for deal in agreed]
    return [pledge(deal, seat, name, game.rules) for deal, name in found if seat in deal.parties]


def label_of(seat: str, move: Move) -> str:
    """The label of a move's card."""
    return WALK_OUT.label if move.card == "break" else cards()[seat][move.card].label


def make_move(state: GameState, seat: str, move: Move, number: int, place: int) -> None:
    """A card takes effect: its price is promised, its acts begin on the first day of the round."""
    if move.card == "break":
        return
    card = cards()[seat][move.card]
    price = price_of_move(seat, move, state.game.rules)
    label = Phrase.of("move '{label}'", label=card.label)
    state.pay(seat, price, label, Phrase(words(seat)))
    new = card_acts.of_move(seat, move, number, place, state.acts, state.game.length)
    if move.card.startswith("build") or not (seat == "firm" or any("budget" in act for act in new)):
        state.fixed[seat] += price
    state.acts += new


def add_round(game: Game, this_round: Round) -> Game:
    """The game with one more round, checked. Raises InputError."""
    longer = replace(game, rounds=(*game.rounds, this_round))
    replay_game(longer)
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
        for deal in replay_game(game).deals
        if deal.holds(coming)
    ]


def seats_under_ban(game: Game) -> list[str]:
    """Seats of governments against which a ban of the game on all users is in force, and not
    suspended, as the coming round begins: licences let nothing through to them.
    """
    day, in_force = card_acts.first_day(game.played + 1), list(replay_game(game).acts)
    resting = {
        act["of"]
        for act in in_force
        if act["kind"] == "suspension" and act["date"] <= day <= act.get("end", "9999")
    }
    return [
        seat
        for seat in game.seats
        if seat in GOVERNMENT
        and any(
            act["kind"] in ON_EVERYBODY and act["id"] not in resting
            for act in card_acts.measures(in_force, day, GOVERNMENT[seat])
        )
    ]
