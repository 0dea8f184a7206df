"""What a coercer decides: whether a matter comes up, which instrument of the ladder, and what it
gives back (M12).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.base.phrase import Phrase
from coercivity.agents.governments.government_view import Act, Choice, View

SIGNALS = ("remark", "threat", "review")
LEAST_POWER = 0.01  # below it a state is out of reach
SUSPENDED = 12  # months of a first suspension, as in November 2025
# how far a carried-out or a lapsed threat moves credibility (share; assumed; 0.05 to 0.5)
CREDIBILITY_STEP = 0.25
# rise of the log odds that a measure comes up with full legal and institutional capability (log
# odds; cases to December 2024, triggers.csv; experiments/questions/hazards.py; weakly identified; 0
# to 6)
HAZARD_CAPABILITY = 3.4
# rise of those log odds with the log of power over the state (log odds per log; assumed; 0 to 1)
HAZARD_POWER = 0.3
# cost of every rung skipped on the ladder of instruments (per rung; cases to December 2024,
# experiments/questions/hazards.py; 0 to 0.1)
LADDER_INERTIA = 0.02


@dataclass(frozen=True)
class Instrument:
    """A rung of the ladder: what it puts at risk, costs and stirs up (0-1 each), and the capability
    it needs.
    """

    kind: str
    rung: int
    bite: float  # share of the target's dependence that it puts at risk
    lost_sales: float  # share of the sales in its goods that the sender gives up
    alarm: float  # how far it spreads distrust
    strikes_back: float  # how far it invites retaliation
    least_capability: float
    most_capability: float
    world: bool  # names no country: falls on all
    months: int  # how long it is meant to last, 0: open
    pause: int  # months after which a matter that was answered so comes up again, 0: never
    goods: tuple[str, ...]  # groups of goods it may cover, () where it has none


@dataclass(frozen=True)
class Temper:
    """The weights of a government's rule: those that a run may set, and those of this module."""

    hazard_base: float
    hazard_trigger: float
    hazard_capability: float
    hazard_power: float
    weight_future: float
    weight_retaliation: float
    ladder_inertia: float


def provocation(view: View) -> FloatArray:
    """The gravest of what each state did to it in the last two months: political triggers and
    controls of its own (0-1).
    """
    return np.asarray(np.maximum(view.trigger, view.rival_control))


def comes_up(view: View, temper: Temper) -> FloatArray:
    """Chance this month that a measure against each state comes up for decision.

    Pr = 1 / (1 + exp(-z)),  z = a0 + a1 provocation + a3 K + a4 ln(power) - self cost;  self cost =
    w_r counter-leverage + w_f rival capacity under way.
    Source: behaviour rules 1.4 (trigger rule); a0, a1, a3 estimated on the cases to December 2024
    (triggers.csv), a4 assumed.
    """
    strong = view.power > LEAST_POWER
    strong[list(view.states)] = False
    if not strong.any():
        return np.zeros(len(strong))
    cost = (
        temper.weight_retaliation * view.counter_leverage
        + temper.weight_future * view.rival_building
    )
    z = (
        temper.hazard_base
        + temper.hazard_trigger * provocation(view)
        + temper.hazard_capability * view.capability
        - cost
    )
    z = z + temper.hazard_power * np.log(np.maximum(view.power, LEAST_POWER))
    chance = 1.0 / (1.0 + np.exp(-z))
    return np.asarray(np.where(strong, chance, 0.0))


def comes_up_again(
    view: View, ladder: Sequence[Instrument], name: str, targets: Sequence[int]
) -> bool:
    """Whether a matter that the sender has answered in words comes up again.

    Once, when the time of the last words is over (months = pause of their rung), unless the
    target gave way. Words leave a matter open: they are followed by a deed, by graver words or
    by nothing, whatever is worth most then. After a measure nothing comes up by itself, and
    nobody is left alone either: the chance was estimated on all months. See decision 0038.
    """
    if name in view.gave_way:
        return False
    said = [act for act in view.signals if set(act.targets) & set(targets)]
    if not said:
        return False
    last = min(said, key=lambda act: (act.months, act.id))
    return any(tool.kind == last.kind and tool.pause == last.months for tool in ladder)


def framing(capability: float) -> str:
    """With laws to act under, a measure is for national security; without, for conservation, or it
    is denied. Source: official_framing in the timeline.
    """
    return "security" if capability >= 0.4 else "conservation"


def instrument_worth(
    view: View, temper: Temper, tool: Instrument, group: str, targets: Sequence[int], highest: int
) -> float:
    """What one instrument on one group of goods is worth to the sender now.

    U = T sqrt(P_g b) - w_f (r_g l + e a) - w_r c s^2 - i max(0, rung - highest - 1)
    Pressure has diminishing returns in politics and the answer to it rises with its square
    (docs/decisions/0010: the likeliest of four forms). T tension, P_g power over the target through
    goods g, b bite (a threat's x credibility), r_g share of the sender's exports that go there (to
    all for a rule that names nobody), l lost sales, e rival capacity under way plus distrust
    abroad, a alarm, c counter-leverage, s how far it strikes back, i inertia of the ladder, highest
    rung used against the target so far. Source: behaviour rules 1.1, 1.10 (U = political gain -
    future share - retaliation); Drezner 1999.
    """
    rows = list(targets)
    size = view.gdp[rows] / view.gdp[rows].sum()
    power_by, sales_by = view.segments[group]
    tension, power = float(view.tension[rows] @ size), float(power_by[rows] @ size)
    sales = float(sales_by.sum() if tool.world else sales_by[rows].sum())
    bite = tool.bite * (view.credibility if tool.kind == "threat" else 1.0)
    others = [s for s in range(len(view.gdp)) if s not in view.states]
    entry = view.rival_building + float(np.average(view.distrust[others], weights=view.gdp[others]))
    gain = tension * float(np.sqrt(power * bite))
    future = temper.weight_future * (sales * tool.lost_sales + entry * tool.alarm)
    struck = (
        temper.weight_retaliation * float(view.counter_leverage[rows] @ size) * tool.strikes_back**2
    )
    return gain - future - struck - temper.ladder_inertia * max(0, tool.rung - highest - 1)


def own_acts_against(view: View, targets: Sequence[int]) -> list[Act]:
    """The sender's own acts in force that fall on any of these states, oldest first."""
    wanted = set(targets)
    return sorted(
        (act for act in view.acts_by if wanted & set(act.targets)),
        key=lambda act: (-act.months, act.id),
    )


def candidates(
    view: View,
    temper: Temper,
    ladder: Sequence[Instrument],
    name: str,
    targets: Sequence[int],
    precedent: int = 0,
    standing: tuple[str, ...] = (),
) -> list[Choice]:
    """Every instrument open to the sender against one government, best first, with "nothing" among
    them.

    Nothing costs credibility while a threat is open: U_0 = - step x credibility. precedent,
    standing: a rung used and kinds in force on goods outside the model.
    """
    in_force = [act.kind for act in own_acts_against(view, targets)]
    sent = {act.kind for act in view.signals if set(act.targets) & set(targets)}
    paused = {act.kind for act in view.suspended if set(act.targets) & set(targets)}
    stands = {*standing, *sent, *in_force, *paused}
    threatened = any(state in view.open_threats for state in targets)
    used = [*sent, *in_force, *(["threat"] if threatened else [])]
    rungs = {tool.kind: tool.rung for tool in ladder}
    highest = max([precedent, 0, *(rungs.get(kind, 0) for kind in used)])
    cost = -CREDIBILITY_STEP * view.credibility if threatened else 0.0
    options = [Choice("nothing", (name,), score=cost, why=Phrase("no measure"))]
    why = Phrase.of("for {framing}", framing=framing(view.capability))
    for tool in ladder:
        if not is_open(view, tool, stands, quiet=threatened or bool(in_force)):
            continue
        for group in tool.goods or ("all",):
            score = instrument_worth(view, temper, tool, group, targets, highest)
            whom, goods = ("World",) if tool.world else (name,), (group,) if tool.goods else ()
            options.append(Choice(tool.kind, whom, goods, _fields(tool), tool.months, score, why))
    return sorted(options, key=lambda choice: (-choice.score, choice.kind, choice.goods))


def is_open(view: View, tool: Instrument, stands: set[str], quiet: bool) -> bool:
    """Whether the sender has the capability for an instrument and the target does not feel it yet.

    An act already in force on the target is no choice (lists of firms grow); nor is a signal while
    a threat or any measure stands (quiet), nor an act of a kind that is suspended for the target,
    nor a signal of a kind that was sent to it within a year.
    """
    if not tool.least_capability <= view.capability <= tool.most_capability:
        return False
    if tool.kind in SIGNALS and quiet:
        return False
    return tool.kind not in stands or tool.kind == "entity_list"


def _fields(tool: Instrument) -> tuple[tuple[str, object], ...]:
    if tool.kind == "entity_list":
        return (("list", "control"), ("sectors", ("aerospace_defence",)), ("share", 0.2))
    if tool.kind in SIGNALS:
        return (("severity", {"remark": 0.3, "threat": 0.5, "review": 0.4}[tool.kind]),)
    return ()


def give_back(
    view: View,
    temper: Temper,
    ladder: Sequence[Instrument],
    name: str,
    targets: Sequence[int],
    foremost: bool,
) -> Choice | None:
    """On a deal the newest open measure is suspended for a year and the oldest, the base, stays:
    Sev' = max(Sev_base, Sev - d). None when none is due.

    A deal is due when the target gave way, or when the newest measure costs more than it is worth
    (U < 0 without inertia). A rule that names no country is given back only when it has lost its
    worth against the target that matters most (foremost). What was suspended before and has come
    back is given up for good. See decision 0038.
    Source: behaviour rules 1.8; the rules of October 2025 were suspended after three weeks, the
    licensing of April stayed.
    """
    in_force = [
        act
        for act in own_acts_against(view, targets)
        if act.open_end and act.kind not in ("export_duty", "quota", "technology_ban")
    ]
    if len(in_force) < 2:
        return None
    newest = min(in_force, key=lambda act: (act.months, act.id))
    tool = next((tool for tool in ladder if tool.kind == newest.kind), None)
    if tool is None or newest.months < 1 or (tool.world and not foremost):
        return None
    group = next((g for g in tool.goods if g in view.segments), "all")
    score = instrument_worth(view, temper, tool, group, targets, tool.rung)
    if name not in view.gave_way and score >= 0.0:
        return None
    why = (
        Phrase.of("{who} gave way", who=name)
        if name in view.gave_way
        else Phrase.of("{kind} costs more than it is worth", kind=newest.kind)
    )
    whom = ("World",) if tool.world else (name,)
    months = 0 if newest.id in view.returned else SUSPENDED
    return Choice("suspension", whom, (), (("of", newest.id),), months, -score, why)
