"""What a target decides: concede, endure, retaliate or go to court (M12). Funding and stockpiling
are in ally.py.
"""

from __future__ import annotations

from coercivity.agents.base.phrase import Phrase
from coercivity.agents.governments.government_view import Act, Choice, View

# months of a measure before a case is brought; 20 months passed from the quota of July 2010 to the
# case of March 2012
PATIENCE = 12
FIRST_TARIFF = 0.25  # as on magnets in 2026


def odds_at_court(framing: str, odds_security: float) -> float:
    """Chance of an enforceable ruling: 0 to 0.2 where national security is pleaded, the reverse
    where the defence is conservation or trade.

    Source: behaviour rules 2.5; all three cases on the quotas of 2009-2011 were won (DS431, DS432,
    DS433).
    """
    return odds_security if framing == "security" else 1.0 - odds_security


def answers(
    view: View,
    act: Act,
    state: int,
    bite: float,
    odds_security: float,
    risk_weight: float,
    at_court: bool,
    struck: bool,
) -> list[Choice]:
    """Every answer to one act, best first; to endure is worth 0. state: of who acts.

    Nobody strikes back twice within a year, and a case is brought once, after a year of the
    measure. Source: behaviour rules 2.2 (concede if loss + pressure > audience cost) and 2.5.
    """
    sender = act.actor
    options = [
        Choice("endure", (sender,), score=0.0, why=Phrase("it can be borne")),
        concede(view, sender),
    ]
    if not struck:
        options.append(retaliate(view, sender, state, bite, risk_weight))
    if act.months >= PATIENCE and not at_court:
        options.append(litigate(act, sender, bite, odds_security))
    return sorted(options, key=lambda choice: (-choice.score, choice.kind))


def concede(view: View, sender: str) -> Choice:
    """Giving way is worth (L3 + L12) / A - 1: loss of the last 3 and of the last 12 months, each
    over the GDP of those months, against the audience cost A (share of GDP), which is high in
    matters of sovereignty."""
    sovereign = bool(max(view.sovereignty[s] for s in list(view.states)) > 0)
    audience = view.audience[1 if sovereign else 0]
    lost = view.loss_share_3 + view.loss_share_12
    score = lost / max(audience, 1e-12) - 1.0
    return Choice("concession", (sender,), score=score, why=Phrase("the loss outweighs the shame"))


def retaliate(view: View, sender: str, state: int, bite: float, risk_weight: float) -> Choice:
    """Striking back is worth c T b - w_r P: own counter-leverage c, tension towards the sender T,
    bite b of the act, against what the sender could do in turn, its power P.

    By a tariff on magnets, or, where these are taxed already or lacking, by an affront.
    """
    leverage = float(max(view.counter_leverage[s] for s in list(view.states)))
    gain = leverage * float(view.tension[state]) * bite - risk_weight * float(
        view.power_under[state]
    )
    taxed = any(mine.kind == "import_tariff" and state in mine.targets for mine in view.acts_by)
    withheld = any(
        good.startswith("magnet") for theirs in view.acts_against for good in theirs.goods
    )
    if taxed or withheld:  # nobody taxes what it lacks
        fields = (("issue", "technology"), ("severity", 0.6))
        why = Phrase("it can strike back elsewhere")
        return Choice("trigger", (sender,), (), fields, 0, gain, why)
    rate, why = (("rate", FIRST_TARIFF),), Phrase("it can strike back")
    return Choice("import_tariff", (sender,), ("magnets",), rate, 0, gain, why)


def litigate(act: Act, sender: str, bite: float, odds_security: float) -> Choice:
    """Going to court is worth (2 p - 1) b, p odds at court, b bite of the act."""
    odds = odds_at_court(act.framing, odds_security)
    why = Phrase.of("{framing} is pleaded, odds {odds}", framing=act.framing, odds=f"{odds:.1f}")
    return Choice("dispute", (sender,), (), (("of", act.id),), 0, (2.0 * odds - 1.0) * bite, why)
