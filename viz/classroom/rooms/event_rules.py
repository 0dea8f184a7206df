"""What may happen in a room, one rule an event: each checks the event, then changes the room.

Raises InputError, and then nothing has changed.

lobby -> brief -> talk -> sealed -> reveal -> brief ... -> debrief
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from coercivity import InputError
from coercivity.model.basis.errors import Phrase
from coercivity.viz.classroom.engine.game import (
    check_deal,
    play_round,
    predict,
    scenario_of,
)
from coercivity.viz.classroom.engine.game_json import from_dict, to_dict
from coercivity.viz.classroom.rooms import people, proposals, roles
from coercivity.viz.classroom.rooms.state import Clock, Offer, RoomState, Sheet

Rule = Callable[[RoomState, Mapping[str, Any], float], None]
LONGEST_CLOCK: Final = 3600.0
REOPENED: Final = 120.0  # seconds that teams have at least when a round is opened again
MOST_OFFERS: Final = 8  # a seat and round
ANSWERED: Final = {
    "accepted": Phrase("the offer is accepted already"),
    "declined": Phrase("the offer is declined already"),
    "withdrawn": Phrase("the offer is withdrawn already"),
}
NEXT: Final = {
    "start": ("lobby", "brief"),
    "talk": ("brief", "talk"),
    "close": ("talk", "sealed"),
    "reopen": ("sealed", "talk"),
}


def _move_on(name: str) -> Rule:
    before, after = NEXT[name]

    def rule(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
        room.wants(before)
        left = room.clock.at(moment)
        if name == "close":
            proposals.close(room)
        room.phase = after
        if name == "talk":
            room.clock = Clock(room.clock.left, moment, not room.solo)
        elif name == "reopen":
            room.clock = Clock(max(REOPENED, left), moment, True)
            room.peeks = False
        else:
            room.clock = Clock(left, moment, False)
        if name == "reopen" and room.rules > 1:
            _reopen(room)  # somebody may have come to a parliament, or left it, meanwhile
            _recheck(room)

    return rule


def _clock(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    room.wants("brief", "talk")
    left, runs = event.get("left"), event.get("runs")
    if (
        isinstance(left, bool)
        or not isinstance(left, (int, float))
        or not 0.0 <= left <= LONGEST_CLOCK
    ):
        raise InputError(
            "clock '{value}' does not fit",
            "use {low} to {high} seconds",
            value=left,
            low=0,
            high=f"{LONGEST_CLOCK:g}",
        )
    room.clock = Clock(float(left), moment, runs is True and room.phase == "talk")


def _seal(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    paper = event.get("paper") is True
    room.wants(*(("talk", "sealed") if paper else ("talk",)))
    seat = room.seat_of(event)
    if paper and seat in room.sheets and not room.sheets[seat].paper:
        raise InputError(
            "the team has sealed a sheet itself", "it stands, unless the team takes it back"
        )
    people.check_speaker(room, event, seat)
    if event.get("person") is not None and proposals.asks_majority(room, seat):
        raise InputError(
            "a majority seals in this room", "propose cards, vote, and say when you are ready"
        )
    plain = proposals.check_sheet(room, seat, event.get("moves"), paper)
    if room.solo:  # there is nobody to wait for
        _play(room, {seat: plain})
        return
    room.sheets[seat] = Sheet(plain, paper)
    room.notices.pop(seat, None)
    room.opened.pop(seat, None)


def _unseal(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    theirs = event.get("person") is not None  # a team's own sheet stands once the round is closed
    room.wants(*(("talk",) if theirs else ("talk", "sealed")))
    seat = room.seat_of(event)
    if seat not in room.sheets:
        raise InputError("no sheet is sealed", "look at the page again")
    people.check_speaker(room, event, seat)
    del room.sheets[seat]


def _offer(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    room.wants("talk")
    by = room.seat_of(event, "by")
    people.check_speaker(room, event, by)
    raw = event.get("deal")
    if not isinstance(raw, Mapping) or by not in (raw.get("first"), raw.get("other")):
        raise InputError("{seat} is no party of that deal", "offer one of your own", seat=by)
    deal = check_deal(room.game, raw, room.accepted())
    if sum(offer.by == by for offer in room.offers) >= MOST_OFFERS:
        raise InputError(
            "{count} offers in one round are enough", "wait for the next round", count=MOST_OFFERS
        )
    plain = {"kind": deal.kind, "first": deal.first, "other": deal.other, **dict(deal.choices)}
    if any(offer.deal == plain and offer.state == "open" for offer in room.offers):
        raise InputError(
            "this offer is on the table already", "wait for the answer, or withdraw it"
        )
    room.offered += 1
    room.offers.append(Offer(room.offered, by, plain))


def _answer(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    room.wants("talk")
    seat, offer, answer = room.seat_of(event, "by"), room.offer(event), event.get("answer")
    if seat not in offer.parties or answer not in ("accepted", "declined", "withdrawn"):
        raise InputError("that offer is not yours to answer", "look at the list again")
    if (offer.by == seat) != (answer == "withdrawn"):
        raise InputError("an offer is answered by the other side", "who made it can withdraw it")
    if offer.state != "open":
        raise InputError(ANSWERED[offer.state], "look at the list again")
    people.check_speaker(room, event, seat)
    if answer == "accepted":
        check_deal(room.game, offer.deal, room.accepted())
        roles.check_deal_backed(room, offer.deal)
    offer.state = str(answer)
    if answer == "accepted":
        _recheck(room)


def _paper_deal(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """A deal that two teams made on paper, entered by the facilitator; or taken out again."""
    room.wants("talk", "sealed")
    deal = check_deal(room.game, event.get("deal"), room.accepted())
    room.offered += 1
    plain = {"kind": deal.kind, "first": deal.first, "other": deal.other, **dict(deal.choices)}
    room.offers.append(Offer(room.offered, deal.first, plain, "accepted", paper=True))
    _recheck(room)


def _drop_deal(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    room.wants("talk", "sealed")
    offer = room.offer(event)
    offer.state = "withdrawn"
    if room.rules > 1:
        _recheck(room)


def _recheck(room: RoomState) -> None:
    """A new deal may forbid what a party has sealed, or use up its money, and a parliament may take
    its backing back: such a sheet is open again, and its team alone is told. Once the round is
    closed, when nobody can seal, what still fits stays on it.
    """
    for seat, sheet in list(room.sheets.items()):
        try:
            proposals.check_sheet(room, seat, sheet.moves, sheet.paper)
        except InputError as error:
            del room.sheets[seat]
            room.notices[seat] = error
            if room.rules == 1:
                continue
            if room.phase == "sealed":
                left = proposals.compatible_moves(room, seat, sheet.moves, sheet.paper)
                if left:
                    room.sheets[seat] = Sheet(left, sheet.paper)
            else:
                room.opened[seat] = sheet


def _reveal(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    room.wants("sealed")
    _play(room, {seat: sheet.moves for seat, sheet in room.sheets.items()})


def _play(room: RoomState, moves: Mapping[str, Any]) -> None:
    """The sheets take effect, and all may see them. Raises InputError, and nothing has changed."""
    game = play_round(room.game, moves, room.accepted())
    scenario_of(
        game
    )  # what the model would refuse is refused here, while the sheets can still be changed
    room.game, room.phase, room.peeks = game, "reveal", False
    room.sheets, room.offers, room.notices, room.opened = {}, [], {}, {}
    room.voted |= {(game.played, seat): votes for seat, votes in room.backs.items()}
    room.proposals, room.ready, room.backs = {}, {}, {}
    room.acts.clear()
    room.weight.clear()


def _start_next_round(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    room.wants("reveal")
    if room.game.over:
        raise InputError("all rounds are played", "go on to the debrief")
    room.phase, room.clock = "brief", Clock(room.seconds, moment, False)


def _finish(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    room.wants("reveal")
    if (
        not room.game.over
    ):  # it ends earlier than planned: what was to hold to its end holds to here
        room.cut = room.game.length - room.game.played
        room.game = from_dict({**to_dict(room.game), "length": room.game.played})
    room.phase = "debrief"


def _peek(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    room.wants("talk", "sealed")
    room.peeks = True


def _back_and_recheck(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    roles.back_concession(room, event, moment)
    _reopen(room)
    _recheck(room)


def _reopen(room: RoomState) -> None:
    """Open accepted deals again whose concession a parliament no longer backs; those on paper
    stand.
    """
    if room.rules < 3 or room.phase != "talk":
        return
    for offer in room.offers:
        if offer.state == "accepted" and not offer.paper:
            try:
                roles.check_deal_backed(room, offer.deal)
            except InputError:
                offer.state = "open"


def _board_changes(rule: Rule) -> Rule:
    """Who comes to a parliament has to be asked, and who leaves it has no vote: while teams talk a
    sheet is looked at again.
    """

    def changed(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
        rule(room, event, moment)
        if room.rules > 1 and room.phase == "talk":
            _reopen(room)
            _recheck(room)

    return changed


def _predict(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    seat, when = room.seat_of(event), event.get("when")
    if when == "before" and (room.game.played or room.phase not in ("lobby", "brief", "talk")):
        raise InputError(
            "the prediction before the game is closed, as the first round is over",
            "look at the debrief: there you predict again",
        )
    if event.get("person") is not None and room.person_of(event).place != seat:
        raise InputError("a team predicts for its own seat", "look at the page again")
    if when == "after":
        room.wants("debrief")
        if event.get("person") is not None and room.rules > 1:
            _check_unseen(room, seat)
    predicted = predict(
        replace(room.game, predictions=()),
        str(when),
        seat,
        event.get("text") or "",
        event.get("number"),
    ).predictions[-1]
    room.predictions[predicted.when, seat] = (predicted.text, predicted.number)


def _check_unseen(room: RoomState, seat: str) -> None:
    """Refuse a team's prediction after the game once it has seen the answer, which it does when it
    has predicted or has looked without.
    """
    if room.shown or seat in room.passed or ("after", seat) in room.predictions:
        raise InputError(
            "the prediction after the game stands, as the answer is shown", "look at the page again"
        )


def _pass_prediction(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """A team looks at the debrief without predicting again; its captain says so."""
    room.wants("debrief")
    seat = room.seat_of(event)
    people.check_speaker(room, event, seat)
    room.passed.add(seat)


def _show(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """The facilitator goes on: what came of the question is shown, whoever has not predicted."""
    room.wants("debrief")
    room.shown = True


def _restart(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """The server came back: the clock stands where it was when something last happened."""
    room.clock = Clock(room.clock.at(room.changed_at), moment, False)


RULES: Final[dict[str, Rule]] = {
    **{name: _move_on(name) for name in NEXT},
    "join": _board_changes(people.join),
    "leave": _board_changes(people.leave),
    "captain": people.captain,
    "free": people.free_seat,
    "propose": proposals.propose,
    "vote": proposals.vote,
    "withdraw": proposals.withdraw,
    "ready": proposals.mark_ready,
    "back": _back_and_recheck,
    "headline": roles.headline,
    "unprint": roles.take_back_headline,
    "plain": roles.blank_headline,
    "bet": roles.bet,
    "clock": _clock,
    "seal": _seal,
    "unseal": _unseal,
    "offer": _offer,
    "answer": _answer,
    "deal": _paper_deal,
    "drop": _drop_deal,
    "reveal": _reveal,
    "next": _start_next_round,
    "finish": _finish,
    "peek": _peek,
    "predict": _predict,
    "pass": _pass_prediction,
    "show": _show,
    "restart": _restart,
}
