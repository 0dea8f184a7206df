"""What deals become: dated acts while both seats keep them, their end when one is broken, and the
breach that follows. Who may break what, and how long a deal holds: round_effects.py.
"""

from __future__ import annotations

from typing import Final

from coercivity.viz.classroom.engine.card_acts import (
    FIRMS,
    HEAVY,
    HOSTS,
    STAGES,
    Act,
    first_day,
    last_day,
    pool,
)
from coercivity.viz.classroom.engine.game_state import Deal
from coercivity.viz.classroom.engine.game_tables import GOVERNMENT, OFFTAKE_PLANT, PART, words

SAID: Final = {  # what an act of a deal is, in its text
    "truce": "both sides hold back",
    "concession": "a concession",
    "general_licence": "general licences",
    "coalition": "support is pooled",
    "grant": "money for plants",
    "firm_build": "a plant",
    "offtake": "what stays unsold is bought",
}


def of_deal(deal: Deal, name: str, number: int, last: int, before: list[Act]) -> list[Act]:
    """The acts of a deal while it holds, from its first round to its last."""
    promised = _acts_of_deal(deal, number, last_day(last), before)
    for k, act in enumerate(promised, start=1):
        act.update(
            date=first_day(number),
            id=f"{name}-{k}",
            text=(
                f"Round {number}, deal {name} of {words(deal.first)} and {words(deal.other)}: "
                f"{SAID[act['kind']]}."
            ),
        )
    return promised


def _acts_of_deal(deal: Deal, number: int, end: str, before: list[Act]) -> list[Act]:
    """What both parties of a deal do, by the kind of the deal."""
    first, other = GOVERNMENT.get(deal.first, ""), GOVERNMENT.get(deal.other, "")
    if deal.kind == "truce":
        return [{"kind": "truce", "actor": first, "targets": [other], "end": end}]
    if deal.kind == "licences":
        return _licences_for_concession(first, other, end)
    if deal.kind == "cost_share":
        pooled = pool(before, number, [first, other], end)
        return [pooled, *(_half_of_a_grant(deal, who, end) for who in (first, other))]
    if deal.other == "firm":
        return _plant_for_offtake(deal, first, end)
    return [_offtake(deal, first, HEAVY, HOSTS[deal.other], 200.0, end)]


def _licences_for_concession(first: str, other: str, end: str) -> list[Act]:
    """One concedes, the other lets its goods pass with a general licence."""
    return [
        {"kind": "concession", "actor": other, "targets": [first]},
        {
            "kind": "general_licence",
            "actor": first,
            "targets": [other],
            "goods": "controlled_2025",
            "end": end,
        },
    ]


def _half_of_a_grant(deal: Deal, who: str, end: str) -> Act:
    """What one of two that share a cost pays."""
    return {
        "kind": "grant",
        "actor": who,
        "stages": STAGES[deal.get("stage")],
        "share": 0.5,
        "budget": float(deal.get("amount")),
        "end": end,
    }


def _plant_for_offtake(deal: Deal, buyer: str, end: str) -> list[Act]:
    """The firm builds a plant at home with the buyer, who takes what it makes."""
    process, home = OFFTAKE_PLANT[deal.first]
    goods = HEAVY if process == "separate_heavy" else ["magnet_heat_resistant"]
    return [
        {
            "kind": "firm_build",
            "firm": FIRMS[0][0],
            "process": process,
            "state": home,
            "share": PART["part"],
        },
        _offtake(deal, buyer, goods, [home], 1000.0, end),
    ]


def _offtake(
    deal: Deal, buyer: str, goods: list[str], hosts: list[str], tonnes: float, end: str
) -> Act:
    """A government buys what plants of some states make."""
    return {
        "kind": "offtake",
        "actor": buyer,
        "goods": goods,
        "hosts": hosts,
        "tonnes": tonnes,
        "budget": float(deal.get("amount")),
        "end": end,
    }


def end_deal(acts: list[Act], name: str, number: int) -> None:
    """The acts of a deal that was broken end on the day before a round; what was made and done with
    (a concession, a plant begun) stays.
    """
    day = last_day(number - 1)
    for place, act in reversed(list(enumerate(acts))):
        if act["id"].startswith(f"{name}-") and act.get("end", "") > day:
            if act["date"] > day:
                del acts[place]
            else:
                acts[place] = {**act, "end": day}


def breach(name: str, deal: Deal, by: str, number: int) -> Act | None:
    """The act that follows when a government breaks a deal; a firm's broken word is no act of the
    model.
    """
    if by not in GOVERNMENT:
        return None
    other = deal.other if by == deal.first else deal.first
    hit = [GOVERNMENT[other]] if other in GOVERNMENT else ["Japan"]
    if hit == [GOVERNMENT[by]]:
        return None
    text = (
        f"Round {number}: {words(by)} breaks its word to {words(other)} "
        f"({deal.kind.replace('_', ' ')})."
    )
    return {
        "date": first_day(number),
        "end": last_day(number, 1),
        "id": f"{name}-breach",
        "kind": "breach",
        "actor": GOVERNMENT[by],
        "targets": hit,
        "severity": 0.5,
        "text": text,
    }
