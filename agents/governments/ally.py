"""What an ally or target decides about money: fund plants, fill a stockpile, join a coalition
(M10). Concessions and retaliation are in target.py.

It weighs what a cut by the sender would cost it, as it sees it, against public money. Every score
is (value - cost) / (value + cost), from -1 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coercivity.agents.base.phrase import Phrase
from coercivity.agents.governments.government_view import Choice, View

HORIZON = 10.0  # years over which support is weighed, as in the definition of tonnes secured
FIRST_STEP = ("loan", "grant")  # 2011-24
SECOND_STEP = ("equity", "price_floor", "offtake")  # from July 2025
# months of the first step before the second without a loss; assumed (loans and grants came years
# before equity and floors)
STEP_MONTHS = 24
MONTHS = 120  # for which support is promised
PAUSE = 12  # months between two programmes of one government: a budget a year
STAGES = ("separation", "metal", "magnet")
FLOOR, CEILING = 110.0, 150.0  # USD/kg NdPr, T048 and T069
OFFTAKE_TONNES = 100.0  # t a year of Dy and Tb; assumed
COVER = (2.0, 6.0)  # months: 60 days by default, up to 180 for high risk (behaviour rules 2.3)


@dataclass(frozen=True)
class Terms:
    """How an ally reckons: chance of a cut in a year at full threat, part of the exposure that one
    programme removes, its budget as a share of GDP, and the part of a coalition's value that
    reaches those outside.
    """

    cut_chance: float
    effect: float
    budget: float
    spill: float


@dataclass(frozen=True)
class Pact:
    """A coalition that could be joined: its members, their GDP and what they have at stake (USD
    million a year), the public money it has left, and what the joiner would pay more a year for
    what it uses (price wedge x use, USD million).
    """

    id: str
    members: tuple[str, ...]
    gdp: float
    at_stake: float
    budget: float
    wedge: float = 0.0


def threat(view: View, sender: int) -> float:
    """How likely a cut seems (0-1): the sender's tension towards it, or its memory of having been
    coerced, whichever is larger: T = max(h, m).
    """
    return float(max(view.tension_from[sender], view.memory[sender]))


def at_risk(view: View, terms: Terms, sender: int) -> float:
    """What a cut costs a year on average (USD million): p T E GDP; p chance of a cut, T threat, E
    exposure (share of GDP) to the sender.
    """
    return terms.cut_chance * threat(view, sender) * float(view.exposure[sender]) * own_gdp(view)


def own_gdp(view: View) -> float:
    """GDP of its states (USD million a year)."""
    return float(sum(view.gdp[state] for state in view.states))


def score(value: float, cost: float) -> float:
    """(value - cost) / (value + cost): 0 where it just pays, -1 to 1."""
    return (value - cost) / max(value + cost, 1e-12)


def respond(view: View, terms: Terms, sender: int, pacts: Sequence[Pact] = ()) -> list[Choice]:
    """Every use of public money, best first, and doing nothing at 0.

    fund       V = HORIZON x p T E GDP x effect against the budget B = b GDP; loans and grants
    first, then equity, a floor and offtake stockpile  V = HORIZON x p T E GDP x cover / 12 against
    half a budget
    coalition  V = HORIZON x p T E GDP x effect x (pool / B of the pool) x (1 - spill) against its
    share of the pool and the price wedge
    Source: behaviour rules 2.3, 3.1, 3.3 and 3.4.
    """
    options = [Choice("nothing", score=0.0, why=Phrase("no money for it"))]
    running = {act.kind: act.months for act in view.acts_by}
    support = (*FIRST_STEP, *SECOND_STEP, "stockpile")
    if all(running[kind] >= PAUSE for kind in support if kind in running):
        options += fund(view, terms, sender, running)
        options += stockpile(view, terms, sender, running)
    options += [join(view, terms, sender, pact) for pact in pacts if view.name not in pact.members]
    return sorted(options, key=lambda choice: (-choice.score, choice.kind))


def fund(view: View, terms: Terms, sender: int, running: dict[str, int]) -> list[Choice]:
    """The next instruments of the progression, each with a year's budget. What is cheaper to
    promise comes first; each later one is worth a little less.

    The second step opens after two years of the first, or once lines have stood still (loss in the
    last 12 months).
    """
    budget = terms.budget * own_gdp(view)
    value = HORIZON * at_risk(view, terms, sender) * terms.effect
    tried = max((running.get(kind, 0) for kind in FIRST_STEP), default=0) >= STEP_MONTHS
    steps = (*FIRST_STEP, *SECOND_STEP) if tried or view.loss_share_12 > 1e-5 else FIRST_STEP
    why = Phrase.of("USD {sum} million at risk that it could remove", sum=f"{value:,.0f}")
    options = []
    for place, kind in enumerate(kind for kind in steps if kind not in running):
        goods = ("dysprosium_oxide", "terbium_oxide") if kind == "offtake" else ()
        worth = score(value * 0.95**place, budget)
        options.append(Choice(kind, (), goods, terms_of(kind, budget), MONTHS, worth, why))
    return options


def terms_of(kind: str, budget: float) -> tuple[tuple[str, Any], ...]:
    """Fields of an act of support."""
    if kind == "price_floor":
        return (("budget", budget), ("ceiling", CEILING), ("floor", FLOOR))
    if kind == "offtake":
        return (("budget", budget), ("tonnes", OFFTAKE_TONNES))
    return (("budget", budget), ("stages", STAGES))


def stockpile(view: View, terms: Terms, sender: int, running: dict[str, int]) -> list[Choice]:
    """Months of its firms' use, more the graver the threat: S* = 2 + 4 T; where it has none yet."""
    if "stockpile" in running:
        return []
    months = COVER[0] + (COVER[1] - COVER[0]) * threat(view, sender)
    cost = 0.5 * terms.budget * own_gdp(view)
    value = HORIZON * at_risk(view, terms, sender) * min(months / 12.0, 1.0)
    return [
        Choice(
            "stockpile",
            (),
            ("heavy_oxides", "ndpr_oxide"),
            (("budget", cost), ("cover", round(months, 1))),
            120,
            score(value, cost),
            Phrase.of("{months} months of use", months=f"{months:.1f}"),
        )
    ]


def join(view: View, terms: Terms, sender: int, pact: Pact) -> Choice:
    """Join if security value x what only members get - cost > 0. New plants sell to all, so most of
    the value comes without joining: free riding.

    cost = w x pool + HORIZON x price wedge x use;  w its share of what all members then have at
    stake.
    Source: behaviour rules 3.3 (Evian, June 2026: cost sharing unresolved).
    """
    stake = float(view.exposure[sender]) * own_gdp(view)
    share = stake / max(stake + pact.at_stake, 1e-12)
    programmes = pact.budget / max(terms.budget * pact.gdp, 1e-12)
    risk, removed = at_risk(view, terms, sender), min(terms.effect * programmes, 1.0)
    value = HORIZON * risk * removed * (1.0 - terms.spill)
    cost = share * pact.budget + HORIZON * pact.wedge
    members = (("members", (*pact.members, view.name)),)
    why = Phrase.of(
        "pays {share} of the pool, {anyway} of its value comes anyway",
        share=f"{share:.0%}",
        anyway=f"{terms.spill:.0%}",
    )
    return Choice("coalition", (), (), members, 0, score(value, cost), why)
