"""News of acts: how grave they are to whom, and what is still believed of those before the start
(M7).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.governments.sender import SIGNALS
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.politics.alarm_and_distrust import SEVERITY
from coercivity.model.politics.threats import BYSTANDER_ALARM
from coercivity.model.scenario.event import Event

# acts that keep goods from buyers, who remember them; bans on technology, duties, quotas that renew
# the one before, and rules on what third states sell are known and in every price
HOLDING = ("licensing", "dual_use_ban", "entity_list", "blanket_ban", "customs_halt", "cut")


def severity_of(event: Event) -> float:
    """How grave an act is (0-1): of its kind (`SEVERITY`), of a cut times its share, of a signal
    its own.
    """
    if event.kind in SIGNALS:
        return float(event.get("severity"))
    return SEVERITY.get(event.kind, 0.0) * (event.get("share") if event.kind == "cut" else 1.0)


def weight_of_news(
    event: Event, severity: float, credibility: FloatArray, *, facts: Facts, p: Parameters
) -> FloatArray:
    """Weight of an act by importer (0-1): a measure's is k s for targets and b k s for bystanders,
    a signal's a c s for targets alone; none at home.

    k measure_alarm, a signal_alarm, s severity (`severity_of`), b the part of
    bystanders (BYSTANDER_ALARM), c credibility of the sender.
    """
    own = [facts.state_row[state] for state in facts.states_of(event.actor)]
    targets = [facts.state_row[state] for state in event.target_states()] if event.targets else []
    weight = np.zeros(len(facts.states))
    if event.kind in SIGNALS:
        weight[targets] = p.signal_alarm * credibility[own[0]] * severity
    else:
        weight[:] = p.measure_alarm * severity * BYSTANDER_ALARM
        weight[targets] = p.measure_alarm * severity
    weight[own] = 0.0
    return weight


def remember_acts(
    beliefs: Beliefs, script: tuple[Event, ...], start: str, *, p: Parameters
) -> None:
    """What firms believe at the start of acts before it that hold goods back, and of signals: each
    was news in its month, and has faded since.

    b <- b 2^(-1/h) a month, b <- b + w (1 - b) with news of weight w (`weight_of_news`).
    """
    news: dict[int, list[Event]] = {}
    for event in script:
        month = month_index(start, event.date[:7])
        if month < 0 and event.kind in (*HOLDING, *SIGNALS):
            news.setdefault(month, []).append(event)
    for month in range(min(news, default=0), 0):
        for event in news.get(month, ()):
            severity = severity_of(event)
            weight = weight_of_news(event, severity, beliefs.credibility, facts=p.facts, p=p)
            goods = [p.facts.good_row[good] for good in event.goods]
            beliefs.news(p.facts.state_row[p.facts.states_of(event.actor)[0]], weight, goods)
        beliefs.fade(p)
