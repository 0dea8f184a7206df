"""What events change in a room: who sits where, the phase and its clock, sheets and offers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coercivity.experiments.game.pieces import Game
from coercivity.model.basis.errors import InputError, shorten
from coercivity.viz.classroom.room_pieces import WORDS, Clock, Member, Offer, Sheet


@dataclass(eq=False)
class RoomState:
    """All that the rules read and change; a room adds who watches and what is kept."""

    code: str
    game: Game
    phase: str = "lobby"
    members: dict[str, Member] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    offers: list[Offer] = field(default_factory=list)
    predictions: dict[tuple[str, str], tuple[str, float | None]] = field(default_factory=dict)
    notices: dict[str, str] = field(default_factory=dict)  # to one seat alone
    clock: Clock = field(default_factory=Clock)
    peeks: bool = False  # the facilitator has opened this round's sealed sheets; all are told
    changed_at: float = 0.0  # when the last event happened
    offered: int = 0  # offers of the whole game, which numbers them
    acts: Counter[str] = field(default_factory=Counter, repr=False)  # of each seat in this round

    def accepted(self) -> list[dict[str, Any]]:
        """Deals that both sides have accepted in this round."""
        return [offer.deal for offer in self.offers if offer.state == "accepted"]

    def seat_of(self, event: Mapping[str, Any], name: str = "seat") -> str:
        """The seat that an event names."""
        seat = event.get(name)
        if seat not in self.game.seats:
            raise InputError(
                f"{name} '{shorten(seat)}' is not played in this room; use one of "
                f"{', '.join(self.game.seats)}"
            )
        return str(seat)

    def wants(self, what: str, *phases: str) -> None:
        """Refuse what does not belong in this phase."""
        if self.phase not in phases:
            raise InputError(
                f"{what}: not now ({WORDS[self.phase]}); wait until "
                f"{' or '.join(WORDS[phase] for phase in phases)}"
            )

    def offer(self, event: Mapping[str, Any]) -> Offer:
        """The offer that an event names."""
        for offer in self.offers:
            if offer.number == event.get("offer"):
                return offer
        raise InputError(
            f"offer '{shorten(event.get('offer'))}' is not among those of this round; look at the "
            "list again"
        )
