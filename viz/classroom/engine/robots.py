"""Simulated people of a class: given what one person in one place may see, what would he or she do
now? Pure: the same view gives the same answer.

Each has a strategy of the seat (engine/strategies.py), most of a team the same one. Luck comes
from counter-based streams named by place and person, with the number of the round as month:

    score of a card = appetite x 0.4^(times that the seat has played it) x (0.4 + u),  u in [0, 1)

A card is wished for from a score of LEAST on. Nobody sees another seat's sheet or talk, and nobody
runs the model: what others did counts once it is revealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final

import numpy as np

from coercivity import InputError
from coercivity.model.basis.luck import uniforms
from coercivity.viz.classroom.engine.card_acts import MEASURES, first_day, measures
from coercivity.viz.classroom.engine.card_menu import deal_menu
from coercivity.viz.classroom.engine.game import (
    check_deal,
    check_moves,
    new_game,
    open_deals,
    play_round,
)
from coercivity.viz.classroom.engine.game_state import (
    LEAD,
    MOST_MOVES,
    MOST_ROUNDS,
    Deal,
    Game,
    Move,
)
from coercivity.viz.classroom.engine.game_tables import (
    GOVERNMENT,
    SEATS,
    cards,
    price_of_card,
    price_of_deal,
)
from coercivity.viz.classroom.engine.market import MARKETS, PURSE
from coercivity.viz.classroom.engine.press import CLAIMS, MOST_HEADLINES
from coercivity.viz.classroom.engine.round_effects import replay_game
from coercivity.viz.classroom.engine.strategies import LIKING, MOODS, Inclination, Mood

LEAST: Final = 0.2  # score from which a card is wished for
AGAIN: Final = 0.4  # what is left of an appetite each time that a card was played
OF_TEAM: Final = 0.6  # chance that a person shares the mood of the team
MOST_WISHES: Final = 4
MOST_OF_PURSE: Final = 0.5  # share of what is left that a seat spends on one card or deal
SEALS_AT: Final = 0.55  # share of the round's clock after which a team is content
BLOWS: Final = ("strike_back", "dispute", "remark")
BETS: Final = 2  # of a trader in a round
Raw = Mapping[str, Any]


@dataclass(frozen=True)
class PendingDeal:
    """A deal that waits for an answer: its number, and who made it."""

    number: int
    by: str
    deal: Raw


@dataclass(frozen=True)
class ProposedCard:
    """A card that somebody of the team proposes: its number, the person, the move, votes."""

    number: int
    by: int
    move: Raw
    votes: Mapping[int, bool]


@dataclass(frozen=True)
class View:
    """What one person sees: the revealed game and the deals of this round, which all see; of the
    team's own affairs and one's own what a phone in that place shows. seed: of the robots' luck.
    """

    seed: int
    person: int
    place: str
    game: Game
    deals: tuple[Raw, ...] = ()  # accepted in this round
    gone: float = 1.0  # share of the round's clock that has gone by
    talk: bool = True  # whether teams talk; else briefs are read
    captain: bool = True
    majority: bool = False  # whether a majority seals
    sealed: bool = False
    ready: bool = False
    proposals: tuple[ProposedCard, ...] = ()
    wanted: tuple[Raw, ...] = ()  # the team's sheet as it stands
    offers: tuple[PendingDeal, ...] = ()  # open ones between this seat and others
    made: int = 0  # offers that this seat has made in this round
    may_concede: bool = True  # whether the parliament of this seat lets it
    ended: bool = False  # whether the debrief is on
    predicted: bool = True  # before the game, or once it has ended after it
    claims: tuple[str, ...] = ()  # of one's own headlines of this round
    bets: tuple[str, ...] = ()  # markets of one's own bets of this round
    voted: bool = False  # in a parliament, in this round


def act(view: View) -> dict[str, Any] | None:
    """The next thing that this person does, as an event of a room (``do`` and its fields), or None
    for now.
    """
    if view.ended and view.place not in MOODS:
        return None
    if view.place == "press":
        return _print(view)
    if view.place == "market":
        return _stake(view)
    if view.place.startswith("board:"):
        return _parliament_vote(view)
    return _of_team(view)


def _of_team(view: View) -> dict[str, Any] | None:
    if view.captain and not view.predicted and (view.ended or not view.game.played):
        when = "after" if view.ended else "before"
        return {"do": "predict", "when": when, "seat": view.place, **prediction(view)}
    if view.ended or view.game.over or view.sealed:
        return None
    if view.captain and view.talk and (said := _deal(view)):
        return said
    if view.person not in [one.by for one in view.proposals] and (move := proposal(view)):
        return {"do": "propose", "move": move}
    for one in view.proposals:
        if view.person not in one.votes:
            return {"do": "vote", "proposal": one.number, "yes": votes_for(view, one.move)}
    if view.talk and view.gone >= SEALS_AT:
        if view.majority and not view.ready:
            return {"do": "ready"}
        if view.captain and not view.majority:
            return {"do": "seal", "seat": view.place, "moves": [dict(one) for one in view.wanted]}
    return None


def _deal(view: View) -> dict[str, Any] | None:
    """What a captain answers to the other seats, or offers them."""
    for one in view.offers:
        if one.by != view.place:
            answer = "accepted" if accepts_deal(view, one.deal) else "declined"
            return {"do": "answer", "by": view.place, "offer": one.number, "answer": answer}
    if not view.made and (deal := offer(view)):
        return {"do": "offer", "by": view.place, "deal": deal}
    return None


# ---------------------------------------------------------------- who somebody is


def luck(view: View, what: str, count: int = 1) -> np.ndarray:
    """Uniform draws of this person for this round."""
    name = f"robots {what} {view.place} {view.person}"
    return uniforms(view.seed, name, view.game.played + 1, count)


def mood(view: View) -> Mood:
    """How somebody is minded: mostly as the team."""
    kinds = MOODS[view.place]
    own = uniforms(view.seed, f"robots mood {view.place} {view.person}", 0, 2)
    team = uniforms(view.seed, f"robots team {view.place}", 0, 1)
    drawn = team[0] if own[0] < OF_TEAM else own[1]
    return kinds[int(drawn * len(kinds))]


def measures_against_seat(game: Game, seat: str) -> int:
    """China's measures of the game that bear on a seat now, of which the papers are full; the
    firm's are Japan's.
    """
    against = GOVERNMENT.get(seat, GOVERNMENT["target"])
    return len(measures(list(replay_game(game).acts), first_day(game.played + 1), against))


def count_last_round(game: Game, *played: str, seat: str = "") -> int:
    """How many of these cards were played in the last round, by one seat or by any."""
    moves = game.rounds[-1].moves if game.rounds else ()
    return sum(move.card in played for who, made in moves for move in made if seat in ("", who))


def appetite(view: View, card: str) -> float:
    """How much somebody is inclined to a card now, by the urge of the mood."""
    urge, game = mood(view).cards.get(card, Inclination()), view.game
    number = game.played + 1
    seat = "target" if card == "remark" else view.place
    now = (
        urge.always
        + urge.hit * bool(measures_against_seat(game, seat))
        + urge.struck * bool(count_last_round(game, *BLOWS))
        + urge.early * (number <= 2)
        + urge.late * (number >= game.length - 1)
    )
    times = sum(move.card == card for one in game.rounds for move in one.of(view.place))
    return float(now * AGAIN**times)


# ---------------------------------------------------------------- cards


def wanted_cards(view: View) -> list[dict[str, Any]]:
    """Cards with their choices that somebody would like the seat to play, best first; the rules
    allow each of them by itself.
    """
    held = list(cards()[view.place])
    drawn = luck(view, "cards", len(held))
    score = {
        card: appetite(view, card) * (0.4 + float(u)) for card, u in zip(held, drawn, strict=True)
    }
    order = sorted((card for card in held if score[card] >= LEAST), key=lambda card: -score[card])
    found = list(_walk_out(view))
    for place, card in enumerate(order):
        if len(found) < MOST_WISHES and (way := _way_to_play(view, card, place)):
            found.append(way)
    return found


def _way_to_play(view: View, card: str, place: int) -> dict[str, Any] | None:
    """A way to play a card that is allowed, not too dear, and no treason for this person."""
    held, left = cards()[view.place][card], _money_left(view)
    ways = list(product(*([(name, one) for one in options] for name, options in held.choices)))
    drawn = luck(view, f"ways {place}", len(ways))
    liked = sorted(
        zip(ways, drawn, strict=True),
        key=lambda pair: -pair[1] * _liking(option for _, option in pair[0]),
    )
    for way, _ in liked:
        move = {"card": card, **dict(way)}
        if price_of_card(held, way) <= MOST_OF_PURSE * left and _is_allowed(view, [move]):
            return move
    return None


def _liking(options: Iterable[str]) -> float:
    liked = 1.0
    for option in options:
        liked *= LIKING.get(option, 1.0)
    return liked


def _walk_out(view: View) -> Iterable[dict[str, Any]]:
    """Seldom somebody wants to walk out of a deal that has held for a while."""
    if view.game.binding:
        return
    for deal in open_deals(view.game):
        mine = (
            view.place in (deal["first"], deal["other"]) and deal["since_round"] < view.game.played
        )
        if mine and luck(view, f"out {deal['id']}")[0] < 0.2 * mood(view).treachery:
            yield {"card": "break", "deal": deal["id"]}
            return


def _money_left(view: View) -> float:
    """The seat's money, less what the deals of this round cost it; USD million."""
    return replay_game(play_round(view.game, {}, view.deals)).left(view.place)


def _is_allowed(view: View, moves: list[dict[str, Any]]) -> bool:
    """Whether the rules allow these moves and this person would stand by them."""
    try:
        game = play_round(view.game, {view.place: moves}, view.deals)
    except InputError:
        return False
    breaks = any(
        (when, who) == (game.played, view.place) for when, who, _ in replay_game(game).breaches
    )
    return not breaks or luck(view, "treason")[0] < mood(view).treachery


def proposal(view: View) -> dict[str, Any] | None:
    """The card that somebody proposes to the team: the best wish whose card nobody has proposed in
    this round, whatever the choices.
    """
    there = [one.move.get("card") for one in view.proposals]
    return next((one for one in wanted_cards(view) if one["card"] not in there), None)


def votes_for(view: View, move: Raw) -> bool:
    """How somebody votes on a proposal of the team."""
    if move.get("card") == "break":
        return bool(luck(view, "vote break")[0] < mood(view).treachery)
    drawn = luck(view, f"vote {move.get('card')}")[0]
    return bool(appetite(view, str(move.get("card"))) + 0.5 * drawn > 0.35)


def sheet(view: View) -> list[dict[str, Any]]:
    """The moves that somebody who plays a seat alone makes."""
    chosen: list[dict[str, Any]] = []
    for one in wanted_cards(view):
        if len(chosen) < MOST_MOVES:
            try:
                check_moves(view.game, view.place, [*chosen, one], view.deals)
            except InputError:
                continue
            chosen.append(one)
    return chosen


# ---------------------------------------------------------------- deals


def offer(view: View) -> dict[str, Any] | None:
    """A deal that somebody offers, allowed and not too dear; None for no wish of one."""
    menu = deal_menu(view.game, view.place)
    drawn = luck(view, "offers", max(1, len(menu)))
    order = sorted(
        range(len(menu)), key=lambda k: -drawn[k] * _deal_inclination(view, menu[k]["kind"])
    )
    for k in order:
        if drawn[k] > _deal_inclination(view, menu[k]["kind"]):
            continue
        pick = luck(view, f"terms {k}", 1 + len(menu[k]["choices"]))
        partner = menu[k]["partners"][int(pick[0] * len(menu[k]["partners"]))]
        first, other = (view.place, partner) if menu[k]["as_first"] else (partner, view.place)
        terms = {
            choice["name"]: choice["options"][int(u * len(choice["options"]))]["value"]
            for choice, u in zip(menu[k]["choices"], pick[1:], strict=True)
        }
        deal = {"kind": menu[k]["kind"], "first": first, "other": other, **terms}
        if _deal_fits(view, deal):
            return deal
    return None


def accepts_deal(view: View, deal: Raw) -> bool:
    """Whether somebody accepts a deal that is offered: liked, not too dear, and not beyond what the
    parliament backs.
    """
    concedes = deal.get("kind") == "licences" and deal.get("other") == view.place
    if (concedes and not view.may_concede) or not _deal_fits(view, deal):
        return False
    keen = _deal_inclination(view, str(deal["kind"])) + 0.2
    return bool(luck(view, f"answer {deal['kind']} {deal['first']} {deal['other']}")[0] < keen)


def _deal_inclination(view: View, kind: str) -> float:
    """How gladly somebody makes a deal of a kind: to give way for licences makes sense to those
    who are hit.
    """
    keen = mood(view).deals.get(kind, 0.05)
    hit = view.place == "exporter" or measures_against_seat(view.game, view.place)
    return keen if kind not in ("truce", "licences") or hit else 0.4 * keen


def _deal_fits(view: View, deal: Raw) -> bool:
    """Whether a deal is allowed beside those of this round, and not too dear for this seat."""
    try:
        made: Deal = check_deal(view.game, deal, view.deals)
    except InputError:
        return False
    return price_of_deal(made).get(view.place, 0.0) <= MOST_OF_PURSE * _money_left(view)


# ---------------------------------------------------------------- press, market, parliament


def beliefs(game: Game) -> dict[str, float]:
    """How likely (0-1) a reader of the news takes each claim of the press to be; assumed."""
    acted, hit = (
        bool(count_last_round(game, *MEASURES, seat="exporter")),
        min(measures_against_seat(game, "target"), 3),
    )
    eased = bool(count_last_round(game, "suspend", "general_licence", seat="exporter"))
    return {
        "measure": 0.4 + 0.3 * acted,
        "lifts": 0.25 + 0.15 * eased,
        "concedes": 0.15 + 0.1 * hit,
        "deal": 0.5,
        "breach": 0.1 + 0.1 * min(len(open_deals(game)), 3),
        "strikes": 0.3 + 0.15 * hit,
        "stops": 0.3 + 0.1 * hit,
        "all_run": 0.5 - 0.1 * hit,
        "begun": 0.5,
        "dy_up": 0.4 + 0.12 * hit,
        "dy_down": 0.45 + 0.2 * eased - 0.1 * hit,
        "ndpr_up": 0.4 + 0.08 * hit,
        "ndpr_down": 0.45 + 0.15 * eased,
    }


def _print(view: View) -> dict[str, Any] | None:
    """The next headline: the likeliest claims as this person sees them, one to three a round; the
    words of the paper are those of the claim.
    """
    count = 1 + int(luck(view, "headlines")[0] * MOST_HEADLINES)
    if len(view.claims) >= count or view.game.over:
        return None
    drawn = luck(view, "beliefs", len(CLAIMS))
    sees = {
        name: beliefs(view.game).get(name, 0.3) + 0.5 * (float(u) - 0.5)
        for name, u in zip(CLAIMS, drawn, strict=True)
    }
    claim = max((name for name in CLAIMS if name not in view.claims), key=lambda name: sees[name])
    sure = 90 if sees[claim] > 0.8 else 75 if sees[claim] > 0.65 else 60
    return {"do": "headline", "claim": claim, "sure": sure, "text": CLAIMS[claim].label}


# markets whose number a measure of China's raises, as everybody thinks
DEARER: Final = ("price_dy", "price_ndpr", "lost")


def _stake(view: View) -> dict[str, Any] | None:
    """The next bet: prices and losses rise after a measure, trade falls; some bet against it."""
    if len(view.bets) >= BETS or view.game.over:
        return None
    names = [name for name in MARKETS if name not in view.bets]
    pick = luck(view, f"bet {len(view.bets)}", 3)
    market = names[int(pick[0] * len(names))]
    hit = bool(measures_against_seat(view.game, "target")) or bool(
        count_last_round(view.game, "threat")
    )
    rises = hit == (market in DEARER)
    coins = 10 * (1 + int(pick[1] * PURSE / 10 / BETS))
    side = "up" if rises == bool(pick[2] < 0.7) else "down"
    return {"do": "bet", "market": market, "side": side, "coins": coins}


def _parliament_vote(view: View) -> dict[str, Any] | None:
    """A member of a parliament votes once a round; the more measures, the readier to give way."""
    if view.voted or view.game.over:
        return None
    ready = 0.3 + 0.15 * min(measures_against_seat(view.game, view.place.removeprefix("board:")), 3)
    return {"do": "back", "yes": bool(luck(view, "back")[0] < ready)}


def prediction(view: View) -> dict[str, Any]:
    """How many months a line in Japan will stand, as somebody guesses; years in which nobody acts
    follow the game, so that it is a guess to its end.
    """
    most = (view.game.months - LEAD) / 2.0
    return {"number": round(2.0 * most * float(luck(view, "predict")[0]) ** 2) / 2.0, "text": ""}


# ---------------------------------------------------------------- a game without a room


def play(
    seed: int, seats: Iterable[str] = SEATS, length: int = MOST_ROUNDS, binding: bool = False
) -> Game:
    """A game that one simulated person plays in every seat; *seed* is that of the world and of
    theirs.
    """
    game = new_game(seed, seats, length=length, binding=binding)
    while not game.over:
        views = [View(seed, k, seat, game) for k, seat in enumerate(game.seats, start=1)]
        agreed: list[Raw] = []
        for view in views:
            deal = offer(replace(view, deals=tuple(agreed)))
            if deal is None:
                continue
            other = deal["other"] if deal["first"] == view.place else deal["first"]
            asked = next(one for one in views if one.place == other)
            if accepts_deal(replace(asked, deals=tuple(agreed)), deal):
                agreed.append(deal)
        moves = {view.place: sheet(replace(view, deals=tuple(agreed))) for view in views}
        game = play_round(game, moves, agreed)
    return game


def cards_played(game: Game) -> set[tuple[str, str]]:
    """Which cards of which seats were played in a game."""
    return {(seat, move.card) for one in game.rounds for seat, made in one.moves for move in made}


__all__ = ["Move", "PendingDeal", "ProposedCard", "View", "act", "cards_played", "play"]
