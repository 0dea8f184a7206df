"""The names that facts give: states, governments, goods, elements, sectors, processes and starts.

Order matters: columns of arrays, rows of tables and colours of charts follow these tuples; goods
and processes stand in the order of their stages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from coercivity.model.basis.csv_tables import Table
from coercivity.model.basis.errors import InputError, suggest, unknown_value_error
from coercivity.model.basis.fixed_names import DESCRIBED, EU, STAGES, WORLD
from coercivity.model.basis.inputs import is_name


class Names:
    """Who and what there is, by the tables that *read* gives by name.

    A state is a place, a government decides; the European Union decides for its members.
    `good_row` and its like give the row of a name; end uses follow the processes and are named by
    their sector.
    """

    def __init__(self, read: Callable[[str], Table]) -> None:
        states, goods, sectors, processes = map(read, ("states", "goods", "sectors", "processes"))
        self.states: tuple[str, ...] = states.column("state")
        self._government_of = {str(row["state"]): str(row["government"]) for row in states}
        self.governments: tuple[str, ...] = tuple(dict.fromkeys(states.column("government")))
        self.government_by_state = tuple(self._government_of[s] for s in self.states)
        self.members: Mapping[str, tuple[str, ...]] = MappingProxyType(
            {
                name: tuple(s for s in self.states if self._government_of[s] == name)
                for name in self.governments
            }
        )
        self.eu_states = self.members[EU]
        self.elements: tuple[str, ...] = read("elements").column("element")
        self.good_stage = MappingProxyType(_by_stage(goods, "good"))
        self.goods: tuple[str, ...] = tuple(self.good_stage)
        # short words that may stand wherever goods are listed
        self.good_groups: Mapping[str, tuple[str, ...]] = MappingProxyType(
            {"all": self.goods, **_groups(read("groups"), self.goods)}
        )
        self.sectors: tuple[str, ...] = sectors.column("sector")
        self.sector_labels = MappingProxyType(_words_by(sectors, "sector", "label"))
        self.process_stage = MappingProxyType(_by_stage(processes, "process"))
        self.processes: tuple[str, ...] = tuple(self.process_stage)
        self.starts: tuple[str, ...] = tuple(sorted(read("starts").column("start")))
        # one line on every name that needs one, for help texts, tooltips and the reference page
        self.descriptions: Mapping[str, str] = MappingProxyType(
            {
                **_words_by(goods, "good", "description"),
                **_words_by(sectors, "sector", "description"),
                **_words_by(processes, "process", "description"),
                **dict(DESCRIBED),
                "mining": "ore to concentrate",
                "separation": "concentrate to separated oxides",
                "metal": "oxide to metal and alloy",
                "magnet": "metal and heavy oxides to magnets",
                "assembly": "magnets to motors and assemblies",
                "end_use": "what contains them: vehicles, turbines, chips",
            }
        )
        self.good_row = _rows(self.goods)
        self.state_row = _rows(self.states)
        self.sector_row = _rows(self.sectors)
        self.process_row = _rows((*self.processes, *self.sectors))
        self.first_sector = len(self.processes)
        self.china = self.state_row["China"]
        # Elements are followed from the mine to metal; a magnet's content is booked when it is
        # pressed.
        self.element_goods = tuple(
            row
            for good, row in self.good_row.items()
            if self.good_stage[good] in ("mining", "separation", "metal")
        )

    def government_of(self, state: str) -> str:
        """Return the government that decides for *state*. Raises InputError if unknown."""
        if not is_name(state, self.states):
            raise unknown_value_error("state", state, self.states)
        return self._government_of[state]

    def states_of(self, target: str, actor: str = "") -> tuple[str, ...]:
        """Return the states that *target* stands for: a state, a government, or "World", which is
        everyone but *actor*.

        Raises InputError for a name that is none of these.
        """
        if target == WORLD:
            own = self.states_of(actor) if actor else ()
            return tuple(state for state in self.states if state not in own)
        if is_name(target, self.states):
            return (target,)
        if is_name(target, self.members):
            return self.members[target]
        known = tuple(dict.fromkeys((*self.states, *self.governments, WORLD)))
        raise unknown_value_error("target", target, known)

    def expand_goods(self, names: str | Iterable[str]) -> tuple[str, ...]:
        """Return goods for goods and groups, in order, once. Raises InputError if unknown."""
        wanted: set[str] = set()
        several = isinstance(names, Iterable) and not isinstance(names, str)
        for name in names if several else (names,):
            if is_name(name, self.good_groups):
                wanted.update(self.good_groups[name])
            elif is_name(name, self.goods):
                wanted.add(name)
            else:
                raise unknown_value_error("good", name, (*self.goods, *self.good_groups))
        return tuple(good for good in self.goods if good in wanted)


def _rows(names: Iterable[str]) -> Mapping[str, int]:
    return MappingProxyType({name: row for row, name in enumerate(names)})


def _by_stage(table: Table, column: str) -> dict[str, str]:
    """Stage by name, along the chain."""
    stages = {str(row[column]): str(row["stage"]) for row in table}
    return dict(sorted(stages.items(), key=lambda one: STAGES.index(one[1])))


def _words_by(table: Table, name: str, column: str) -> dict[str, str]:
    return {str(row[name]): str(row[column]) for row in table}


def _groups(table: Table, goods: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Goods by group, in the order of *goods*. Raises InputError for one of no good."""
    groups: dict[str, set[str]] = {}
    for number, row in enumerate(table):
        if row["good"] not in goods:
            raise InputError(
                "'{value}' is not known",
                suggest(row["good"], goods),
                where=table.place(number, "good"),
                value=row["good"],
            )
        groups.setdefault(str(row["group"]), set()).add(str(row["good"]))
    return {name: tuple(g for g in goods if g in members) for name, members in groups.items()}
