"""The names that everything else uses: states, governments, goods, elements, stages, sectors,
processes, mechanisms.

Order matters: columns of arrays, rows of tables and colours of charts follow these tuples. They are
read once from the tables of ``model/data`` and of a data folder laid over them (layers.py); goods
and processes stand in the order of their stages. Nothing here has a value or a behaviour.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from coercivity.model.basis.csv_tables import Table
from coercivity.model.basis.errors import InputError, suggest, unknown
from coercivity.model.basis.inputs import is_name
from coercivity.model.basis.laid import read_laid
from coercivity.model.basis.name_specs import NAME_SPECS, STAGES


def _named(name: str) -> Table:
    return read_laid(name, NAME_SPECS[name])


def _by_stage(table: Table, column: str) -> dict[str, str]:
    """Stage by name, along the chain."""
    found = {str(row[column]): str(row["stage"]) for row in table}
    return dict(sorted(found.items(), key=lambda one: STAGES.index(one[1])))


def _described(table: Table, column: str) -> dict[str, str]:
    return {str(row[column]): str(row["description"]) for row in table}


_STATES, _GOODS, _SECTORS, _PROCESSES = map(_named, ("states", "goods", "sectors", "processes"))

STATES: Final[tuple[str, ...]] = tuple(_STATES.column("state"))
_GOVERNMENT_OF: Final = {str(row["state"]): str(row["government"]) for row in _STATES}

EU: Final = "EU"
WORLD: Final = "World"

# A state is a place, a government decides; the European Union decides for its members. Order of
# first appearance.
GOVERNMENTS: Final[tuple[str, ...]] = tuple(dict.fromkeys(_STATES.column("government")))
MEMBERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        government: tuple(s for s in STATES if _GOVERNMENT_OF[s] == government)
        for government in GOVERNMENTS
    }
)
EU_STATES: Final[tuple[str, ...]] = MEMBERS[EU]

ELEMENTS: Final[tuple[str, ...]] = tuple(_named("elements").column("element"))

GOOD_STAGE: Final[Mapping[str, str]] = MappingProxyType(_by_stage(_GOODS, "good"))
GOODS: Final[tuple[str, ...]] = tuple(GOOD_STAGE)


def _groups() -> dict[str, tuple[str, ...]]:
    """Goods by group, in the order of GOODS. Raises InputError for one of no good."""
    table, found = _named("groups"), dict[str, set[str]]()
    for number, row in enumerate(table):
        if row["good"] not in GOODS:
            raise InputError(
                "'{value}' is not known",
                suggest(row["good"], GOODS),
                where=table.place(number, "good"),
                value=row["good"],
            )
        found.setdefault(str(row["group"]), set()).add(str(row["good"]))
    return {name: tuple(g for g in GOODS if g in goods) for name, goods in found.items()}


# Short words that may stand wherever goods are listed.
GOOD_GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"all": GOODS, **_groups()})

SECTORS: Final[tuple[str, ...]] = tuple(_SECTORS.column("sector"))
SECTOR_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {str(row["sector"]): str(row["label"]) for row in _SECTORS}
)

PROCESS_STAGE: Final[Mapping[str, str]] = MappingProxyType(_by_stage(_PROCESSES, "process"))
PROCESSES: Final[tuple[str, ...]] = tuple(PROCESS_STAGE)  # end use is named by its sector

_MECHANISMS: Final = (
    ("M1", "production: fixed proportions, losses, utilisation, ramp-up"),
    ("M2", "stocks and orders: order up to a target cover that rises with perceived risk"),
    ("M3", "sourcing: suppliers chosen on cost, risk and relationship; qualification takes time"),
    ("M4", "rationing: home, contract and strategic customers first"),
    ("M5", "prices: posted by sellers, home and export prices part when a border binds"),
    ("M6", "export controls: quotas, duties, licensing, bans, lists, suspensions"),
    ("M7", "signals: remarks, threats and reviews move beliefs before anything binds"),
    ("M8", "leakage: third countries, assemblies, smuggling, enforcement"),
    ("M9", "capacity and place: where and when plants are built, mothballed, restarted"),
    ("M10", "friend-shoring: grants, loans, price floors, offtake, stockpiles, tariffs"),
    ("M11", "adaptation in use: thrifting, substitution, innovation, recycling"),
    ("M12", "geopolitics: tension, triggers, escalation, bargaining, memory"),
    ("M13", "the exporter's supply policy: production quotas, state purchases, illegal mining"),
    ("M14", "macroeconomy: stopped lines, cost paid, output made up later"),
    ("M15", "demand: growth and noise by sector and state"),
    ("M16", "shocks: mine closure, war at the mine, plant fire"),
)
MECHANISMS: Final[tuple[str, ...]] = tuple(mechanism for mechanism, _ in _MECHANISMS)
Switches = Mapping[str, bool]  # by mechanism: whether it acts

STARTS: Final[tuple[str, ...]] = tuple(sorted(_named("starts").column("start")))

# One line on every name that needs one, for help texts, tooltips and the reference page.
DESCRIPTIONS: Final = MappingProxyType(
    {
        **_described(_GOODS, "good"),
        **_described(_SECTORS, "sector"),
        **_described(_PROCESSES, "process"),
        **dict(_MECHANISMS),
        "mining": "ore to concentrate",
        "separation": "concentrate to separated oxides",
        "metal": "oxide to metal and alloy",
        "magnet": "metal and heavy oxides to magnets",
        "assembly": "magnets to motors and assemblies",
        "end_use": "what contains them: vehicles, turbines, chips",
    }
)


def government_of(state: str) -> str:
    """Return the government that decides for *state* (EU for Germany, France and Rest of EU).
    Raises InputError if unknown.
    """
    if not is_name(state, STATES):
        raise unknown("state", state, STATES)
    return _GOVERNMENT_OF[state]


# Kinds of acts that are over once they have happened: never in force, so they have no end and there
# is nothing to stop.
MOMENTS: Final[tuple[str, ...]] = (
    "remark",
    "threat",
    "review",
    "trigger",
    "concession",
    "breach",
    "firm_build",
)


def states_of(target: str, actor: str = "") -> tuple[str, ...]:
    """Return the states that *target* stands for: a state, a government, or "World", which is
    everyone but *actor*.

    Raises InputError for a name that is none of these.
    """
    if target == WORLD:
        own = states_of(actor) if actor else ()
        return tuple(state for state in STATES if state not in own)
    if is_name(target, STATES):
        return (target,)
    if is_name(target, MEMBERS):
        return MEMBERS[target]
    known = tuple(dict.fromkeys((*STATES, *GOVERNMENTS, WORLD)))
    raise unknown("target", target, known)


def expand_goods(names: str | Iterable[str]) -> tuple[str, ...]:
    """Return goods for *names*, which may be goods or groups, each once and in the order of GOODS.
    Raises InputError if unknown.
    """
    wanted: set[str] = set()
    for name in names if isinstance(names, Iterable) and not isinstance(names, str) else (names,):
        if is_name(name, GOOD_GROUPS):
            wanted.update(GOOD_GROUPS[name])
        elif is_name(name, GOODS):
            wanted.add(name)
        else:
            raise unknown("good", name, (*GOODS, *GOOD_GROUPS))
    return tuple(good for good in GOODS if good in wanted)
