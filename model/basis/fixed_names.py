"""The names that no table gives: mechanisms, kinds of acts that are over at once, and the two names
that stand for many states. Nothing here has a value or a behaviour.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from coercivity.model.basis.name_specs import STAGES as STAGES

EU: Final = "EU"
WORLD: Final = "World"

DESCRIBED: Final = (  # one line on each, for help texts and the reference page
    ("M1", "production: fixed proportions, losses, utilisation, ramp-up"),
    ("M3", "sourcing: suppliers chosen on cost, risk and relationship; qualification takes time"),
    ("M5", "prices look ahead: a stock and a believed flow must last; a gap where a border holds"),
    ("M6", "export controls: quotas, duties, licensing, bans, lists, suspensions"),
    ("M7", "signals: remarks, threats and reviews move beliefs before anything binds"),
    ("M8", "leakage: third countries, assemblies, smuggling, enforcement"),
    ("M9", "capacity and place: where and when plants are built, mothballed, restarted"),
    ("M10", "friend-shoring: grants, loans, price floors, offtake, stockpiles, tariffs"),
    ("M11", "adaptation in use: leaner grades, redesign, diffusion, recycling"),
    ("M12", "geopolitics: tension, triggers, escalation, bargaining, memory"),
    ("M13", "the exporter's supply policy: production quotas, orders, illegal mining"),
    ("M14", "macroeconomy: stopped lines, cost paid, output made up later"),
    ("M15", "demand: growth and noise by sector and state"),
    ("M16", "shocks: mine closure, war at the mine, plant fire"),
)
MECHANISMS: Final[tuple[str, ...]] = tuple(mechanism for mechanism, _ in DESCRIBED)
Switches = Mapping[str, bool]  # by mechanism: whether it acts

# Kinds of acts that are over once they have happened: never in force, so they have no end and there
# is nothing to stop.
MOMENTS: Final[tuple[str, ...]] = (
    "remark",
    "threat",
    "review",
    "trigger",
    "concession",
    "breach",
    "supply_order",
    "firm_build",
)
