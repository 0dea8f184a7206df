"""What carrying out a threat, letting it lapse, or breaking a promise does to the credibility of
who made it (M7).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.phrase import Phrase
from coercivity.agents.governments.sender import CREDIBILITY_STEP
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.politics import Politics
from coercivity.model.scenario.event import Event

# months after which a threat that was not carried out has lapsed (assumed, 6 to 24)
THREAT_LAPSES = 12
# alarm of states that a measure does not target, relative to the target's (share; assumed; 0 to 1)
BYSTANDER_ALARM = 0.4


def carry_out(beliefs: Beliefs, politics: Politics, sender: int, targets: list[int]) -> None:
    """A measure that follows a threat makes the sender's next threat more credible: c <- c + step
    (1 - c).
    """
    standing_threats = [
        t for t in politics.threats if not (t[0] == sender and set(t[1]) & set(targets))
    ]
    if len(standing_threats) < len(politics.threats):
        beliefs.credibility[sender] += CREDIBILITY_STEP * (1.0 - beliefs.credibility[sender])
        politics.threats = standing_threats


def break_word(beliefs: Beliefs, event: Event, targets: list[int], *, p: Parameters) -> None:
    """A broken promise costs credibility and is news like a measure of its severity, to firms in
    the targets and, less, to those of bystanders.

    c <- c (1 - step v);  w = k v for targets, b k v for others. v severity (0-1), step
    CREDIBILITY_STEP, k measure_alarm, b BYSTANDER_ALARM. Not weighed by credibility, for it is a
    deed. The form is assumed. Tension rises by 0.6 v: at v 0.5, the default, as after a threat
    (TENSION).
    """
    facts = p.facts
    severity = event.get("severity")
    own = [facts.state_row[state] for state in facts.states_of(event.actor)]
    beliefs.credibility[own] *= 1.0 - CREDIBILITY_STEP * severity
    weight = np.full(len(facts.states), p.measure_alarm * severity * BYSTANDER_ALARM)
    weight[targets] = p.measure_alarm * severity
    weight[own] = 0.0
    for state in own:
        beliefs.news(state, weight)


def lapse_threats(beliefs: Beliefs, politics: Politics, ledger: Ledger, *, clock: Clock) -> None:
    """A threat that is not carried out within its horizon costs credibility: c <- c - step c."""
    for threat in [t for t in politics.threats if clock.month - t[2] >= THREAT_LAPSES]:
        beliefs.credibility[threat[0]] *= 1.0 - CREDIBILITY_STEP
        politics.threats.remove(threat)
        who = politics.facts.states[threat[0]]
        told = Phrase.of("A threat by {who} has not been carried out", who=who)
        ledger.event(clock.month, who, "threat lapsed", told)
