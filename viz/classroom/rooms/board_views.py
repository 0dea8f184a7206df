"""What a parliament may see of a room, as plain values for its page: of a state it knows what the
state's own brief tells the public.
"""

from __future__ import annotations

import json
from typing import Any, Final

from coercivity.viz.classroom.engine import parliament
from coercivity.viz.classroom.engine.table import GOVERNMENT, cards, deal_kinds
from coercivity.viz.classroom.rooms.boards import CONCEDES, CONCEDES_IN, count, is_backed
from coercivity.viz.classroom.rooms.gallery_views import OPEN, name_of
from coercivity.viz.classroom.rooms.pieces import BOARD
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.words.game_text import fact_said
from coercivity.viz.words.language import Name, numeral, say

Plain = dict[str, Any]
# numbers of a state's brief that its statistics office would publish
PUBLISHED: Final = ("down", "lost", "dependence")


def board_told(room: Room, seat: str, person: int, brief: str) -> Plain:
    """What a member of a parliament sees: the question, the count, his vote, what a concession
    means, and what his state did. brief: of the seat (game_jobs.brief), '' while it is computed.
    """
    state, number = Name(GOVERNMENT[seat]), room.round
    told = json.loads(brief) if brief else None
    for_it, against = count(room, seat)
    members = len(room.at(BOARD + seat))
    return {
        "heading": say(
            "Parliament of {state:the}: {name}", state=state, name=name_of(room, person)
        ),
        "phase": room.phase,
        "round": number,
        "open": room.phase in OPEN,
        "about": [
            say(
                "You sit in the parliament of {state:the}. Your government can concede to China "
                "only with more of you for it than against.",
                state=state,
            ),
            say(
                "Your score is that of your state, and each concession costs {points} points of "
                "it.",
                points=numeral(f"{parliament.price():g}"),
            ),
        ],
        "question": say("May {state:the} concede to China in this half-year?", state=state),
        "vote": room.backs.get(seat, {}).get(person),
        "count": say(
            "{yes} yes, {no} no, {rest} neither.",
            yes=for_it,
            no=against,
            rest=members - for_it - against,
        ),
        "stands": say("As it stands, it may.")
        if is_backed(room, seat)
        else say("As it stands, it may not."),
        "means": _means(room, seat),
        "numbers": [
            {name: one[name] for name in ("id", "label", "unit", "value", "before")}
            for one in map(fact_said, told["numbers"] if told else ())
            if one["id"] in PUBLISHED
        ],
        "score": _score_said(room, seat, told) if told and room.game.played else "",
        "did": _did(room, seat, number) if room.phase == "reveal" else "",
        "rounds": [_vote_of(room, seat, person, one) for one in range(1, room.game.played + 1)],
    }


def _means(room: Room, seat: str) -> list[Plain]:
    """How the state could concede, and what that does."""
    found = []
    card, deal = cards()[seat].get(CONCEDES), deal_kinds()[CONCEDES_IN]
    if card:
        found.append({"label": say(card.label), "does": say(card.does)})
    if seat in deal.other and set(deal.first) & set(room.game.seats):
        found.append({"label": say(deal.label), "does": say(deal.does)})
    return found


def _score_said(room: Room, seat: str, told: Plain) -> str:
    score = parliament.score(room.game, seat, told["score"]["score"])
    return say("Your parliament's score so far: {score} of 100", score=numeral(f"{score:.0f}"))


def _did(room: Room, seat: str, number: int) -> str:
    """Whether a concession was made in a round that is played."""
    state, how = Name(GOVERNMENT[seat]), parliament.concedes(room.game, number, seat)
    if "card" in how:
        return say("{state:the} gave way to China in public.", state=state)
    if how:
        return say("{state:the} conceded to China in a deal for licences.", state=state)
    return say("{state:the} conceded nothing.", state=state)


def _vote_of(room: Room, seat: str, person: int, number: int) -> Plain:
    """What a parliament voted in a round that is played, and what the state did."""
    votes = room.voted.get((number, seat), {})
    return {
        "round": number,
        "yes": sum(votes.values()),
        "no": len(votes) - sum(votes.values()),
        "mine": _voted(votes.get(person)),
        "conceded": _voted(bool(parliament.concedes(room.game, number, seat))),
    }


def _voted(yes: bool | None) -> str:
    if yes is None:
        return say("Neither")
    return say("Yes") if yes else say("No")
