"""What a seat is offered for the coming round: its cards and deals, with what is to be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from coercivity.viz.classroom.engine.game_state import Game, Line
from coercivity.viz.classroom.engine.game_tables import (
    SEATS,
    Card,
    DealKind,
    cards,
    check_option,
    deal_kinds,
    default_choices,
    prices,
    words,
)
from coercivity.viz.classroom.engine.phone_summary import begins_with
from coercivity.viz.classroom.engine.round_effects import WALK_OUT, pledge, replay_game

REFUSED: Final = {  # why a card cannot be played
    "dear": "costs at least USD {cost} million, {left} million are left",
    "bound": "would break deal {deal}, and deals bind",
    "binding": "deals bind in this game",
}


def menu(game: Game, seat: str) -> list[dict[str, Any]]:
    """The cards of a seat for the coming round: label, what it does, choices with their options in
    words and price, limits, example; ``refused`` says why a card cannot be played now ('' where it
    can).
    """
    now = replay_game(game)
    own_deals = [
        deal for deal in now.deals if deal.holds(game.played + 1) and seat in deal.deal.parties
    ]
    offers = []
    for card in cards()[check_option(seat, SEATS, "seat")].values():
        breaks = [deal.id for deal in own_deals if card.card in pledge(deal.deal, seat).cards]
        refused = _refusal(card, now.left(seat), breaks if game.binding else [])
        offers.append(_card_on_menu(card, begins_with(game, seat, card), refused))
    if own_deals:
        ids = tuple(deal.id for deal in own_deals)
        refused = Line(REFUSED["binding"]) if game.binding else ""
        walk_out = replace(WALK_OUT, choices=(("deal", ids),))
        offers.append(_card_on_menu(walk_out, {"deal": ids[0]}, refused))
    return offers


def _refusal(card: Card, left: float, binding: list[str]) -> str:
    """Why a card cannot be played: it costs more than is left, or breaks a deal that binds."""
    cheapest = min(cost for _, cost in prices(card))
    if cheapest > left:
        return Line(REFUSED["dear"], cost=f"{cheapest:g}", left=f"{left:g}")
    if binding and not any(name == "whom" for name, _ in card.choices):
        return Line(REFUSED["bound"], deal=binding[0])
    return ""


def refused_words() -> tuple[str, ...]:
    """Why cards cannot be played, in sentences that are not filled in yet."""
    return tuple(REFUSED.values())


def _card_on_menu(card: Card, begins: Mapping[str, str], refused: str) -> dict[str, Any]:
    """A card in words, with its options, those that a sheet begins with, and prices."""
    return {
        "card": card.card,
        "label": card.label,
        "short": card.short,
        "does": card.does,
        "limits": card.limits,
        "choices": _choices_on_menu(card, begins),
        "prices": [{"choices": dict(way), "cost": cost} for way, cost in prices(card)],
        "unit": "USD million",
        "example": card.example,
        "example_date": card.example_date,
        "source": card.source,
        "url": card.url,
        "refused": refused,
    }


def _choices_on_menu(card: Card | DealKind, begins: Mapping[str, str]) -> list[dict[str, Any]]:
    """What is to be chosen of a card or a deal: the options in words, and the one to begin with."""
    return [
        {
            "name": name,
            "label": name.replace("_", " "),
            "options": [{"value": option, "label": words(option)} for option in options],
            "default": begins[name],
        }
        for name, options in card.choices
    ]


def deal_menu(game: Game, seat: str) -> list[dict[str, Any]]:
    """The deals that a seat can be part of, with the seats that are played and could be the other
    party; ``as_first``: whether it would be the first party.
    """
    offers = []
    for kind in deal_kinds().values():
        for as_first, mine, theirs in (
            (True, kind.first, kind.other),
            (False, kind.other, kind.first),
        ):
            partners = [deal for deal in theirs if deal in game.seats and deal != seat]
            if seat in mine and partners and (as_first or kind.first != kind.other):
                offers.append(
                    {
                        "kind": kind.deal,
                        "label": kind.label,
                        "does": kind.does,
                        "as_first": as_first,
                        "partners": partners,
                        "i_must": kind.first_must if as_first else kind.other_must,
                        "they_must": kind.other_must if as_first else kind.first_must,
                        "choices": _choices_on_menu(kind, default_choices(kind)),
                        "example": kind.example,
                        "example_date": kind.example_date,
                        "source": kind.source,
                        "url": kind.url,
                    }
                )
    return offers
