"""Programmes of public support: whose money, for which plants, how much is left (M10)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray
from coercivity.agents.tables import Firms, Offers
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.goods import processes
from coercivity.model.parts.money import first_of_government
from coercivity.model.parts.world_view import WorldView
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.firm_checks import belongs_to
from coercivity.model.use.exposure import exposure, gdp


def coalitions(acts: tuple[Event, ...]) -> list[set[str]]:
    """Members of each coalition in force; those that share a member are one."""
    groups: list[set[str]] = []
    for act in acts:
        if act.kind == "coalition":
            joined = set(act.get("members"))
            for group in [group for group in groups if group & joined]:
                joined |= group
                groups.remove(group)
            groups.append(joined)
    return groups


def partners(facts: Facts, actor: str, groups: list[set[str]]) -> tuple[str, ...]:
    """The governments that an actor pools its support with, itself among them, in the order of
    GOVERNMENTS.
    """
    members: set[str] = next((group for group in groups if actor in group), {actor})
    return tuple(name for name in facts.governments if name in members)


def cost_shares(seen: WorldView, members: tuple[str, ...]) -> FloatArray:
    """Members of a coalition share costs by what each has at stake: w_s = GDP_s E_s / sum, E
    exposure to the sender (share of GDP). Alone: all of it.

    By state, booked at the state that stands for its government. Source: behaviour rules 3.3 leave
    cost sharing open (Evian, June 2026); assumed.
    """
    facts = seen.facts
    S = len(facts.states)
    if len(members) == 1:
        return cost_of_one_payer(facts, *members)
    rows = [
        facts.state_row[state]
        for name in members
        for state in facts.states_of(name)
        if facts.state_row[state] != facts.china
    ]
    weight = np.zeros(S)
    weight[rows] = (gdp(facts, seen.clock.start) * exposure(seen, (facts.china,))[0][:, 0])[rows]
    if weight.sum() <= 0:
        weight[rows] = np.maximum(gdp(facts, seen.clock.start)[rows], 1e-9)
    shares = np.bincount(first_of_government(facts), weights=weight, minlength=S)
    return np.asarray(shares / shares.sum())


@lru_cache(maxsize=64)
def cost_of_one_payer(facts: Facts, name: str) -> FloatArray:
    """The cost of a government that pays alone, by state."""
    shares = np.zeros(len(facts.states))
    shares[first_of_government(facts)[facts.state_row[facts.states_of(name)[0]]]] = 1.0
    shares.setflags(write=False)
    return shares


@lru_cache(maxsize=64)
def owned_by(firm: str, names: tuple[str, ...]) -> BoolArray:
    """Which rows are plants of an owner (`belongs_to`)."""
    return np.array([belongs_to(firm, name) for name in names])


def firms_covered(
    event: Event, members: tuple[str, ...], *, firms: Firms, offers: Offers
) -> BoolArray:
    """Plants of the stages (for a floor or offtake: sellers of the good) in the hosts; none named:
    in the members' own states. Never in the sender's. A firm that is named alone is supported, with
    all its plants.
    """
    facts = firms.facts
    hosts = event.get("hosts") or [state for name in members for state in facts.states_of(name)]
    place = np.isin(firms.state, [facts.state_row[state] for state in hosts]) & (
        firms.state != facts.china
    )
    if event.get("firm"):
        place &= owned_by(event.get("firm"), firms.names)
    if event.kind in ("price_floor", "offtake"):
        sells = np.zeros(len(firms), dtype=bool)
        sells[offers.firm[offers_of(event, offers=offers)]] = True
        return place & sells
    stage = processes(facts).stage[firms.process]
    return (
        place
        & (firms.process < facts.first_sector)
        & np.isin(stage, [STAGES.index(name) for name in event.get("stages")])
    )


def offers_of(event: Event, *, offers: Offers) -> IntArray:
    """Offers of the goods that a floor or offtake is about; none for other acts."""
    if event.kind not in ("price_floor", "offtake"):
        return np.zeros(0, dtype=np.int64)
    names = (event.get("good"),) if event.kind == "price_floor" else event.goods
    return np.flatnonzero(np.isin(offers.good, [offers.facts.good_row[name] for name in names]))
