"""What each person in a room may see, as plain values for the page: everybody's part, a seat's own
part, the facilitator's part.

A seat's part is built for that seat alone: it holds no other seat's sheet, brief, offer or token.
Tokens are in none of them.
"""

from __future__ import annotations

from typing import Any

from coercivity import InputError
from coercivity.model.basis.calendar import month_index, month_name
from coercivity.viz.classroom.engine.card_menu import deal_menu, menu
from coercivity.viz.classroom.engine.game import (
    QUESTION,
    open_deals,
    play_round,
    read_deal,
)
from coercivity.viz.classroom.engine.game_state import (
    LEAD,
    MOST_MOVES,
    ROUND_MONTHS,
    START,
    Choices,
    Game,
    Move,
    round_month,
)
from coercivity.viz.classroom.engine.game_tables import GOVERNMENT, deal_kinds, seats
from coercivity.viz.classroom.engine.phone_summary import first_cards, first_numbers
from coercivity.viz.classroom.engine.round_effects import (
    DealRecord,
    Pledge,
    pledges,
    replay_game,
    seats_under_ban,
)
from coercivity.viz.classroom.engine.scoring import price_of_breach
from coercivity.viz.classroom.rooms.proposals import asks_majority, wanted_moves
from coercivity.viz.classroom.rooms.roles import check_backed, count, has_board, is_backed
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import Offer, Proposal, is_role
from coercivity.viz.classroom.words.game_text import (
    breaks,
    broken_deal_words,
    card_label,
    deal_on_menu,
    on_menu,
    predicted_words,
    seat_name,
    terms,
)
from coercivity.viz.classroom.words.refusal_text import refusal_in_words
from coercivity.viz.words.language import join_sentences, say

Plain = dict[str, Any]


def months_of(number: int) -> tuple[str, str]:
    """First and last month of a round."""
    first = round_month(number)
    return first, month_name(START, month_index(START, first) + ROUND_MONTHS - 1)


def months_in_all(game: Game) -> int:
    """Months of a game and its follow-up, of which a team predicts how many a line stands."""
    return game.months - LEAD


def common_view(room: Room) -> Plain:
    """What everybody in the room sees, and a projector shows. It changes only when something does
    that all see: neither the clock (`clock_of`) nor the rounds that are over (`last_round`) are in
    it, so that a phone is not sent them at each change of the room.
    """
    game, number = room.game, min(room.round, room.game.length)
    first, last = months_of(max(1, number))
    return {
        "code": room.code,
        "phase": room.phase,
        "round": number,
        "length": game.length,
        "from": first,
        "to": last,
        "binding": game.binding,
        "seed": game.seed,
        "lesson": room.lesson,
        "rehearsal": room.rehearsal,
        "solo": room.solo,
        "peeks": room.peeks,
        "question": say(QUESTION),
        "seats": [
            {
                "seat": seat,
                "actor": seat_name(seat),
                "team": room.teams[seat].name if seat in room.teams else "",
                "taken": seat in room.teams,
                "sealed": seat in room.sheets,
                "paper": seat in room.sheets and room.sheets[seat].paper,
                "there": room.present.get(seat, 0) > 0,
            }
            for seat in game.seats
        ],
        "deals": [
            deal_view(deal["kind"], deal["first"], deal["other"], deal["terms"])
            | {"id": deal["id"], "since": deal["since_round"], "last": deal["last_round"]}
            for deal in open_deals(game)
        ],
        "broken": [held_deal_view(held) for held in replay_game(game).deals if held.broken_in],
        "breach": price_of_breach(game.rules),
        "agreed": [offer_view(offer) for offer in room.offers if offer.state == "accepted"],
        "barred": [] if game.over else seats_under_ban(game),
        "over": game.over,
        "most": MOST_MOVES,
    }


def _by_their_rule(game: Game) -> list[Plain]:
    """The governments without a team that decide by their rule."""
    if game.others != "autonomous":
        return []
    return [
        {"government": government, "actor": seat_name(seat)}
        for seat, government in GOVERNMENT.items()
        if seat not in game.seats
    ]


def clock_of(room: Room) -> Plain:
    """The clock of the room: seconds left, and whether it runs."""
    return {"left": round(room.clock.at(room.now()), 1), "runs": room.clock.runs}


def last_round(game: Game) -> Plain:
    """The last round that is revealed, as the news of a page take it."""
    return {"rounds": rounds_view(game, first=game.played), "others": _by_their_rule(game)}


def rounds_view(game: Game, why: bool = False, first: int = 1) -> list[Plain]:
    """The moves and deals of every round that is revealed, from the *first* on, in words; with the
    reasons that teams wrote down only where asked.
    """
    return [
        {
            "round": number,
            "from": months_of(number)[0],
            "to": months_of(number)[1],
            "moves": [
                {
                    "seat": seat,
                    "actor": seat_name(seat),
                    "moves": [move_view(seat, move, why) for move in this_round.of(seat)],
                }
                for seat in game.seats
            ],
            "deals": [
                held_deal_view(held) for held in replay_game(game).deals if held.since == number
            ],
        }
        for number, this_round in enumerate(game.rounds, start=1)
        if number >= first
    ]


def move_view(seat: str, move: Move, why: bool = False) -> Plain:
    """A move in words."""
    told = {
        "card": move.card,
        "label": card_label(seat, move),
        "terms": terms(move.choices),
    }
    return told | {"why": move.why} if why else told


def deal_view(kind: str, first: str, other: str, choices: Plain) -> Plain:
    """A deal in words."""
    names = {
        "first": first,
        "other": other,
        "first_name": seat_name(first),
        "other_name": seat_name(other),
    }
    return {"kind": kind, "label": say(deal_kinds()[kind].label), **names, "terms": terms(choices)}


def held_deal_view(held: DealRecord) -> Plain:
    """A deal of a round that is played, and who broke it when ('' for nobody)."""
    deal = held.deal
    told = deal_view(deal.kind, deal.first, deal.other, dict(deal.choices))
    return told | {"id": held.id, "broken": broken_deal_words(held)}


def pledges_view(room: Room, seat: str) -> list[Plain]:
    """What deals forbid a seat in this round, with what a page says where a move breaks one."""
    return [
        {
            "id": one.name,
            "forbids": list(one.cards),
            "whom": list(one.whom),
            "warning": breaks(one, seat, room.game),
        }
        for one in _pledges(room, seat)
    ]


def _pledges(room: Room, seat: str) -> list[Pledge]:
    return pledges(room.game, seat, [read_deal(room.game, raw) for raw in room.accepted()])


def _warnings(room: Room, seat: str, raw: Plain) -> list[str]:
    """What a move breaks, in words."""
    move = as_move(raw)
    return [breaks(one, seat, room.game) for one in _pledges(room, seat) if one.is_broken_by(move)]


def offer_view(offer: Offer) -> Plain:
    """An offer in words, with its number and state."""
    deal = offer.deal
    choices = {
        name: value for name, value in deal.items() if name not in ("kind", "first", "other")
    }
    return deal_view(deal["kind"], deal["first"], deal["other"], choices) | {
        "offer": offer.number,
        "by": offer.by,
        "state": offer.state,
    }


def seat_view(room: Room, seat: str, person: int = 0) -> Plain:
    """What one seat alone sees: its sheet, the offers that it made or got, its money, its
    predictions; and, for a person of its team, what the team does. A place that is no seat has no
    part of its own here (role_views.py).
    """
    if is_role(seat):
        return {"seat": seat, **team_view(room, seat, 0)}
    sheet = room.sheets.get(seat)
    return {
        "seat": seat,
        "round": room.round,  # a page sends it back with what is done there
        "actor": seat_name(seat),
        "who": say(seats()[seat].who),
        "aims": say(seats()[seat].aims),
        "team": room.teams[seat].name if seat in room.teams else "",
        "budget": seats()[seat].budget,
        "left": left_with_deals(room, seat),
        "sheet": sheet.moves if sheet else None,
        "paper": bool(sheet and sheet.paper),
        "told": [
            raw_move_view(seat, move) | {"breaks": _warnings(room, seat, move)}
            for move in sheet.moves
        ]
        if sheet
        else [],
        "pledges": pledges_view(room, seat),
        "offers": [offer_view(offer) for offer in room.offers if seat in offer.parties],
        "notice": notice(room, seat),
        "before": prediction_view(room, "before", seat),
        "after": prediction_view(room, "after", seat),
        "numbers_first": list(first_numbers(seat)),
        "boards": parliament_votes(room),
        **team_view(room, seat, person),
    }


def notice(room: Room, seat: str) -> str:
    """What became of a seat's sheet that no longer fits, and why; '' where there is none."""
    if seat not in room.notices:
        return ""
    why = refusal_in_words(room.notices[seat])
    if seat in room.sheets:
        return join_sentences([say("Your sheet is sealed without what no longer fits."), why])
    if room.phase == "sealed":
        return join_sentences([say("Your sheet could not be sealed, as it no longer fits."), why])
    return join_sentences([say("Your sheet is open again, as it no longer fits."), why])


def parliament_votes(room: Room) -> Plain:
    """Parliaments with people in them, by seat: votes for a concession and against it, and whether
    that backs one. Who voted how is not told.
    """
    told = {}
    for seat in room.game.seats:
        if has_board(room, seat):
            yes, no = count(room, seat)
            told[seat] = {"yes": yes, "no": no, "backed": is_backed(room, seat)}
    return told


def team_view(room: Room, seat: str, person: int) -> Plain:
    """What somebody of a team sees of it: who is in it, who seals, what is proposed and how he has
    voted, who is ready. Nothing of that for a person who is not in it.

    seals: whether this person's page seals a sheet. speaks: whether it is the captain's.
    """
    team, you = room.teams.get(seat), room.people.get(person)
    if team is None or you is None or you.place != seat:
        return {
            "you": None,
            "speaks": False,
            "seals": False,
            "members": [],
            "captain": "",
            "away": False,
            "proposals": [],
            "wants": [],
            "ready": None,
        }
    people, speaks = room.at(seat), team.captain == person
    majority = asks_majority(room, seat)
    ready, wants = room.ready.get(seat, set()), wanted_moves(room, seat)
    return {
        "you": {"person": you.number, "name": you.name},
        "speaks": speaks,
        "seals": speaks and not majority,
        "members": [
            {
                "person": one.number,
                "name": one.name,
                "captain": one.number == team.captain,
                "there": room.is_there(one.number),
            }
            for one in people
        ],
        "captain": room.people[team.captain].name,
        "away": not speaks and captain_is_away(room, seat),
        "proposals": [
            proposal_view(room, seat, one, person, wants) for one in _in_order(room, seat)
        ],
        "wants": wants,
        "ready": {
            "you": person in ready,
            "count": len(ready),
            "needed": len(people) // 2 + 1,
        }
        if majority
        else None,
    }


def captain_is_away(room: Room, seat: str) -> bool:
    """Whether no page of a team's captain is open and answers, so that a member may step in."""
    return not room.is_there(room.teams[seat].captain)


def _in_order(room: Room, seat: str) -> list[Proposal]:
    """Proposals of a team, the most wanted first."""
    return sorted(room.proposals.get(seat, ()), key=lambda one: (-one.balance, one.number))


def proposal_view(
    room: Room, seat: str, proposal: Proposal, person: int, wants: list[dict[str, Any]]
) -> Plain:
    """A proposal in words, with its votes, how this person voted, whether it is on the sheet as it
    stands, and what keeps one off that more want than not.
    """
    on = proposal.move in wants
    by = room.people.get(proposal.by)
    votes = list(proposal.votes.values())
    return {
        "proposal": proposal.number,
        "by": by.name if by else "",
        "mine": proposal.by == person,
        "yes": sum(votes),
        "no": len(votes) - sum(votes),
        "vote": proposal.votes.get(person),
        "on": on,
        "kept_off": ""
        if on or proposal.balance <= 0
        else _reason_kept_off(room, seat, proposal, wants),
        "move": proposal.move,
        "breaks": _warnings(room, seat, proposal.move),
        **raw_move_view(seat, proposal.move),
    }


def _reason_kept_off(room: Room, seat: str, proposal: Proposal, wants: list[dict[str, Any]]) -> str:
    """Why a proposal that is wanted is not on the sheet: `board`, `full` or `fit`."""
    try:
        check_backed(room, seat, [proposal.move])
    except InputError:
        return "board"
    return "full" if len(wants) >= MOST_MOVES else "fit"


def on_paper(room: Room, seat: str) -> Plain:
    """What the facilitator needs of a seat whose sheet is entered from paper: nothing that its team
    has done on a page of its own.
    """
    told = seat_view(room, seat)
    if seat in room.sheets and not room.sheets[seat].paper:
        told |= {"sheet": None, "told": []}
    return told | {"offers": [], "notice": "", "before": None, "after": None}


def raw_move_view(seat: str, raw: Plain) -> Plain:
    """A move of a sheet in words."""
    return move_view(seat, as_move(raw), why=True)


def as_move(raw: Plain) -> Move:
    """A move of a sheet."""
    choices: Choices = tuple(
        (name, str(value)) for name, value in raw.items() if name not in ("card", "why")
    )
    return Move(raw["card"], choices, raw.get("why", ""))


def left_with_deals(room: Room, seat: str) -> float:
    """A seat's money, USD million, less what the deals accepted in this round cost it."""
    if room.game.over or not room.accepted():
        return replay_game(room.game).left(seat)
    try:
        return replay_game(play_round(room.game, {}, room.accepted())).left(seat)
    except InputError:
        return replay_game(room.game).left(seat)


def prediction_view(room: Room, when: str, seat: str) -> Plain | None:
    """A seat's prediction, None before it is made; with the months that it is of where the game was
    ended early, as those before and after are not the same then.
    """
    prediction = room.predictions.get((when, seat))
    if prediction is None:
        return None
    text, number = prediction
    told = {"text": text, "number": number, "said": predicted_words(number)}
    if room.cut:
        asked = room.cut if when == "before" else 0
        told["of"] = months_in_all(room.game) + ROUND_MONTHS * asked
    return told


def choices_of(game: Game, seat: str) -> Plain:
    """Cards and deals of a seat for the coming round, and which cards a phone shows first; the same
    for the whole round.

    Neither after the last one.
    """
    if game.over:
        return {"seat": seat, "cards": [], "first": [], "deals": []}
    offered = menu(game, seat)
    refused = {card["card"] for card in offered if card["refused"]}
    return {
        "seat": seat,
        "cards": [on_menu(card) for card in offered],
        "first": list(first_cards(game, seat, refused)),
        "deals": [deal_on_menu(deal) for deal in deal_menu(game, seat)],
    }


def sheets_of(room: Room) -> list[Plain]:
    """For the facilitator: the sheets that came from paper, and all of them once he has chosen to
    look.
    """
    return [
        {
            "seat": seat,
            "actor": seat_name(seat),
            "paper": sheet.paper,
            "moves": [raw_move_view(seat, move) for move in sheet.moves],
            "raw": sheet.moves,
        }
        for seat, sheet in room.sheets.items()
        if sheet.paper or room.peeks
    ]


def all_predictions(room: Room, whole: bool = True) -> list[Plain]:
    """Every seat's predictions before and after, by seat, without team names; for the debrief. Not
    *whole*: while others are still asked, without those after the game.
    """
    return [
        {
            "seat": seat,
            "actor": seat_name(seat),
            "before": prediction_view(room, "before", seat),
            "after": prediction_view(room, "after", seat) if whole else None,
        }
        for seat in room.game.seats
    ]
