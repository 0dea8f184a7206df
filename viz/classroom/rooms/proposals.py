"""What a team is about to do: cards that its people propose, their votes, and who is ready.

A card is on the team's sheet when more want it than not, the most wanted first, as many as the
rules and the money allow. A sheet is sealed by the captain, or (where the room decides by majority)
as soon as more than half of the team are ready; what is left when the time is up is sealed then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from coercivity import InputError
from coercivity.viz.classroom.engine.game import check_moves
from coercivity.viz.classroom.engine.game_state import MOST_MOVES
from coercivity.viz.classroom.rooms.roles import check_backed
from coercivity.viz.classroom.rooms.state import Person, Proposal, RoomState, Sheet, plain_move

MOST_PROPOSALS: Final = 12  # of a team in a round
MAJORITY: Final = "majority"
CAPTAIN: Final = "captain"
DECIDES: Final = (CAPTAIN, MAJORITY)


def propose(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """Somebody of a team proposes a card, and votes for it."""
    room.wants("brief", "talk")
    person, seat = _of_team(room, event)
    _open(room, seat)
    (move,) = check_moves(room.game, seat, [event.get("move")], room.accepted())
    plain, held = plain_move(move), room.proposals.setdefault(seat, [])
    if len(held) >= MOST_PROPOSALS:
        raise InputError("{count} proposals are enough", "vote on those", count=MOST_PROPOSALS)
    if any(_same_move(one.move, plain) for one in held):
        raise InputError("this card is proposed already", "vote for it")
    room.proposed += 1
    held.append(Proposal(room.proposed, person.number, plain, {person.number: True}))
    room.ready.pop(seat, None)


def vote(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """Somebody of the team is for a proposal, against it, or (None) neither."""
    room.wants("brief", "talk")
    person, seat = _of_team(room, event)
    _open(room, seat)
    proposal, yes = _proposal(room, event, seat), event.get("yes")
    if yes is None:
        proposal.votes.pop(person.number, None)
    elif isinstance(yes, bool):
        proposal.votes[person.number] = yes
    else:
        raise InputError("vote '{value}' is neither yes nor no", "use one of the two", value=yes)
    room.ready.pop(seat, None)


def withdraw(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """A proposal is taken back by whoever made it, or put aside by the captain."""
    room.wants("brief", "talk")
    person, seat = _of_team(room, event)
    _open(room, seat)
    proposal = _proposal(room, event, seat)
    if person.number not in (proposal.by, room.teams[seat].captain):
        raise InputError(
            "a proposal is taken back by whoever made it, or by the captain", "ask one of the two"
        )
    room.proposals[seat].remove(proposal)
    room.ready.pop(seat, None)


def mark_ready(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """Somebody is content with the team's sheet as it stands (or no longer): with more than half of
    the team it is sealed. A change of the sheet asks all again.
    """
    room.wants("talk")
    person, seat = _of_team(room, event)
    _open(room, seat)
    if room.decides != MAJORITY:
        raise InputError("the captain seals in this room", "vote for the cards that you want")
    done = room.ready.setdefault(seat, set())
    if event.get("yes") is False:
        done.discard(person.number)
        return
    done.add(person.number)
    seal_if_ready(room, seat)


def seal_if_ready(room: RoomState, seat: str) -> None:
    """Seal what a team wants where more than half of it are ready, also as somebody leaves."""
    done, team = room.ready.get(seat, set()), room.at(seat)
    if room.phase == "talk" and team and len(done) > len(team) / 2:
        seal_wanted(room, seat)


def asks_majority(room: RoomState, seat: str) -> bool:
    """Whether a majority seals the sheet of a seat: who is alone in a team is one."""
    return room.decides == MAJORITY and len(room.at(seat)) > 1


def wanted_moves(room: RoomState, seat: str) -> list[dict[str, Any]]:
    """The moves that a team wants: those of its proposals that more are for than against, the most
    wanted first and the older before the newer, as far as rules, deals, money and its parliament
    let them stand together.
    """
    order = sorted(
        (one for one in room.proposals.get(seat, ()) if one.balance > 0),
        key=lambda one: (-one.balance, one.number),
    )
    return compatible_moves(room, seat, [one.move for one in order])


def compatible_moves(
    room: RoomState, seat: str, moves: list[dict[str, Any]], paper: bool = False
) -> list[dict[str, Any]]:
    """Of these moves those that can stand on a sheet together, the first ones before the others."""
    chosen: list[dict[str, Any]] = []
    for move in moves:
        if len(chosen) == MOST_MOVES:
            break
        try:
            check_sheet(room, seat, [*chosen, move], paper)
        except InputError:
            continue
        chosen.append(move)
    return chosen


def check_sheet(room: RoomState, seat: str, moves: Any, paper: bool = False) -> list[Any]:
    """The moves of a sheet as they stand in the game. Raises InputError for those that do not fit
    with its rules, deals and money, or (but on paper) that the seat's parliament has not backed.
    What a parliament said stands once the round is closed.
    """
    checked = check_moves(room.game, seat, [] if moves is None else moves, room.accepted())
    plain = [plain_move(move) for move in checked]
    if room.rules > 1:
        _check_breaks(room, plain)
    if not paper and (room.phase != "sealed" or room.rules == 1):
        check_backed(room, seat, plain)
    return plain


def _check_breaks(room: RoomState, moves: list[dict[str, Any]]) -> None:
    """Refuse to break a deal of the same round, which may be taken out and give its number to
    another.
    """
    new = f"D{room.game.played + 1}-"
    for move in moves:
        if str(move.get("deal", "")).startswith(new):
            raise InputError(
                "deal '{value}' is made in this round",
                "break it in a later one",
                value=move["deal"],
            )


def seal_wanted(room: RoomState, seat: str) -> None:
    """Seal what a team wants."""
    room.sheets[seat] = Sheet(wanted_moves(room, seat))
    room.notices.pop(seat, None)
    room.opened.pop(seat, None)
    room.ready.pop(seat, None)


def close(room: RoomState) -> None:
    """The time is up: what teams want and have not sealed is sealed for them. Of a sheet that was
    opened, as it no longer fitted, it is what fits; where a majority seals, it is what the team
    wants now.
    """
    for seat in room.game.seats:
        if seat in room.sheets:
            continue
        opened = room.opened.pop(seat, None)
        if opened and (opened.paper or not asks_majority(room, seat)):
            left = compatible_moves(room, seat, opened.moves, opened.paper)
            if left:
                room.sheets[seat] = Sheet(left, opened.paper)
                continue
        if wanted_moves(room, seat):
            seal_wanted(room, seat)


def forget_person(room: RoomState, person: Person) -> None:
    """Votes of whoever has left count no more; what he proposed stands."""
    for proposal in room.proposals.get(person.place, ()):
        proposal.votes.pop(person.number, None)
    room.ready.get(person.place, set()).discard(person.number)
    for backs in room.backs.values():
        backs.pop(person.number, None)


def _of_team(room: RoomState, event: Mapping[str, Any]) -> tuple[Person, str]:
    person = room.person_of(event)
    if person.place not in room.teams:
        raise InputError(
            "'{value}' is in no team, and teams alone propose",
            "look at the page again",
            value=person.name,
        )
    return person, person.place


def _open(room: RoomState, seat: str) -> None:
    if seat in room.sheets:
        raise InputError(
            "the team's sheet is sealed", "the captain can take it back until the round closes"
        )


def _proposal(room: RoomState, event: Mapping[str, Any], seat: str) -> Proposal:
    for proposal in room.proposals.get(seat, ()):
        if proposal.number == event.get("proposal"):
            return proposal
    raise InputError(
        "proposal '{value}' is not among those of this round",
        "look at the list again",
        value=event.get("proposal"),
    )


def _same_move(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return {**one, "why": ""} == {**other, "why": ""}
