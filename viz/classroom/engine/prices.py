"""What cards and deals cost, in USD million: the money that a seat promises when it plays them."""

from __future__ import annotations

from itertools import product

from coercivity.model.basis.facts import load_table
from coercivity.viz.classroom.engine.pieces import START, Choices, Deal, Move
from coercivity.viz.classroom.engine.table import BUILDS, OFFTAKE_PLANT, PART, Card, cards


def price_of_move(seat: str, move: Move) -> float:
    """What a card costs with its choices."""
    return 0.0 if move.card == "break" else price_of_card(cards()[seat][move.card], move.choices)


def price_of_card(card: Card, choices: Choices) -> float:
    """cost + cost_rate x the choice that cost_by names; a plant costs its capital cost: tonnes x
    share x USD per t (options.csv, capex.csv).
    """
    chosen = dict(choices)
    if card.cost_by == "plant":
        return price_of_plant(BUILDS[card.card], chosen["where"], PART[chosen["size"]])
    return card.cost + (card.cost_rate * float(chosen[card.cost_by]) if card.cost_by else 0.0)


def price_of_plant(process: str, state: str, share: float) -> float:
    """Capital cost of a share of the first plant of this process that is planned in a state, to the
    next million; overruns come on top in the world.
    """
    planned = load_table("options").where(start=START, process=process, state=state)
    row = next(row for row in planned if row["kind"] != "sister")
    cost = {
        one["state"]: one["usd_per_t_year"]
        for one in load_table("capex")
        if one["process"] == process
    }
    return float(round(row["tonnes_per_year"] * share * cost.get(state, cost["Other"]) / 1e6))


def prices(card: Card) -> list[tuple[Choices, float]]:
    """Every way to play a card with its price."""
    ways = product(*([(name, option) for option in options] for name, options in card.choices))
    return [(way, price_of_card(card, way)) for way in ways]


def price_of_deal(deal: Deal) -> dict[str, float]:
    """What a deal costs each side."""
    amount = float(deal.get("amount") or 0.0)
    if deal.kind == "cost_share":
        return dict.fromkeys(deal.parties, amount)
    if deal.kind != "offtake":
        return {}
    process, state = OFFTAKE_PLANT[deal.first]
    plant = {"firm": price_of_plant(process, state, PART["part"])} if deal.other == "firm" else {}
    return {deal.first: amount, **plant}
