"""The firms of a start: named plants, the rest of each state's stage total, planned plants, end
users with different stocks, and options to build.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.agents.tables import Firms, Needs, Offers
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.csv_tables import Row
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.goods import goods, processes
from coercivity.model.basis.luck import uniforms
from coercivity.model.basis.overlay import NO_ROWS, OwnRows, table_of
from coercivity.model.basis.parameters import Parameters
from coercivity.model.start.balanced import Start, balanced_start, plant_outputs
from coercivity.model.start.completeness import check_integrated

FEW_CHINA = {"mine_light": 1, "mine_heavy": 2, "separate_light": 2, "separate_heavy": 2}
# "rest of" firms per process where several plants are known to exist: assumed
REST_CHINA, REST_JAPAN, REST_OTHER = (6, 3, 2)
# military part of the orders of firms outside aerospace and defence (share; assumed: defence is
# below 5% of use; 0 to 0.1)
MILITARY_SHARE = 0.02


@dataclass
class Population:
    """Tables of a new world: firms, needs (firm x input), offers (firm x output), and who there is,
    which worlds of one start share.
    """

    firms: Firms
    needs: Needs
    offers: Offers
    census: Census


@dataclass(frozen=True, eq=False)
class Census:
    """Who there is at a start, whatever parameters and luck: names, build plans, options, and
    columns that no draw and no parameter changes.

    Made once in a process and read-only. Rows: plants that run, planned plants, end users (groups x
    count), options, planned plants that a scenario adds.
    """

    firms: Firms  # state, process, sector, base_run, conversion, size
    needs: Needs  # firm, good, coefficient
    offers: Offers  # firm, good, yields
    names: tuple[str, ...]
    builds: tuple[tuple[int, int, float], ...]  # (firm, month of first tonne, t/month of run)
    # (firm, first month of decision, t/month of run, kind) of plants that nobody has decided to
    # build
    options: tuple[tuple[int, int, float, str], ...]
    running: int  # the first rows
    users: slice
    groups: tuple[tuple[int, int], ...]  # state and sector of end users, count firms each
    limits: FloatArray  # low, median and high months of cover x firms
    added: int  # the first row of plants that a scenario adds to the shipped ones
    lent: frozenset[str]  # names of plants under way that a state lends to


def _plants(start: Start, own: OwnRows = NO_ROWS) -> list[tuple[int, int, str, float]]:
    """(process, state, name, run t/month) of every plant that runs at the start."""
    facts = start.facts
    named: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for row in table_of(facts, "firms", own).where(start=start.name):
        named.setdefault((row["process"], row["state"]), []).append((row["firm"], row["share"]))
    plants = []
    for process, process_name in enumerate(facts.processes):
        for state, state_name in enumerate(facts.states):
            total = start.run[process, state]
            if total <= 0:
                continue
            known = named.get((process_name, state_name), [])
            rest = 1.0 - sum(share for _, share in known)
            plants += [(process, state, name, share * total) for name, share in known]
            if rest > 0.004:
                several = {"China": REST_CHINA, "Japan": REST_JAPAN}.get(state_name, REST_OTHER)
                if process_name in FEW_CHINA:
                    several = FEW_CHINA[process_name] if state_name == "China" else 1
                weights = 0.7 ** np.arange(several)
                label = (
                    process_name.replace("make_", "")
                    .replace("separate_", "separation, ")
                    .replace("mine_", "mining, ")
                    .replace("_", " ")
                )
                label = f"{'Rest of ' if known else ''}{state_name} {label}"
                for k, w in enumerate(weights / weights.sum()):
                    name = f"{label} {k + 1}" if several > 1 else label
                    plants.append((process, state, name, rest * total * w))
    return plants


def _covers(facts: Facts, own: OwnRows) -> dict[tuple[str, str], tuple[float, float, float]]:
    return {
        (row["kind"], row["state"]): (row["months_low"], row["months_median"], row["months_high"])
        for row in table_of(facts, "cover", own)
    }


def _limits(
    covers: dict[tuple[str, str], tuple[float, float, float]], kind: str, state: str
) -> tuple[float, float, float]:
    return covers.get((kind, state), covers.get((kind, "All"), (1.0, 1.5, 3.0)))


def _cover(limits: FloatArray, quantile: FloatArray, spread: float) -> FloatArray:
    """Months of cover at quantiles of log-normals through low (5%), median and high (95%), each
    side with its own spread.
    """
    low, median, high = limits
    # logistic-like normal score
    spread_of = np.sqrt(
        np.maximum(-1.6 * np.log(np.maximum(4.0 * quantile * (1.0 - quantile), 1e-6)), 0.0)
    )
    z = np.where(quantile < 0.5, -1.0, 1.0) * spread_of
    side = np.log(
        np.where(quantile < 0.5, median / np.maximum(low, 0.02), np.maximum(high, median) / median)
    )
    return np.clip(median * np.exp(spread * side * z / 1.645), 0.05, 24.0)


class _Rows:
    """Columns that grow by blocks of rows."""

    def __init__(self, *columns: str) -> None:
        self.blocks: dict[str, list[FloatArray | IntArray | float]] = {name: [] for name in columns}
        self.counts: list[int] = []

    def add(self, count: int, *values: FloatArray | IntArray | float) -> None:
        """One block of `count` rows; a column gets an array in every block, or in every block a
        plain value that holds for all its rows.
        """
        self.counts.append(count)
        for blocks, value in zip(self.blocks.values(), values, strict=True):
            blocks.append(value)

    def _column(self, name: str) -> np.ndarray:
        blocks = self.blocks[name]
        return (
            np.concatenate(blocks)
            if isinstance(blocks[0], np.ndarray)
            else np.repeat(np.array(blocks), self.counts)
        )

    def columns(
        self, whole: frozenset[str] = frozenset({"state", "process", "sector", "firm", "good"})
    ) -> dict[str, np.ndarray]:
        """All blocks as columns; those named in `whole` are whole numbers."""
        return {
            name: self._column(name).astype(np.int64 if name in whole else np.float64)
            for name in self.blocks
        }


def build_population(
    start: Start, parameters: Parameters, seed: int, own: OwnRows = NO_ROWS
) -> Population:
    """Firms, needs and offers of `start`. Stock covers are drawn from stream 'cover', stratified so
    that every sector has long and short ones.
    """
    facts = parameters.facts
    p, count = parameters, round(parameters.firms_per_sector)
    who = census(facts, start.name, count, own)
    of = who.firms
    defence = of.sector == facts.sectors.index("aerospace_defence")
    firms = Firms(
        facts=p.facts,
        state=of.state.copy(),
        process=of.process.copy(),
        sector=of.sector.copy(),
        capacity=np.full(len(of), 1.0 + p.overtime),  # of end users; plants are sized later
        base_run=of.base_run.copy(),
        conversion=of.conversion.copy(),
        military=np.where(defence, p.military_share_defence, MILITARY_SHARE),
        size=of.size.copy(),
    )
    quantile = np.full(len(of), 0.5)
    quantile[: who.running] = 0.1 + 0.8 * uniforms(seed, "cover", 0, who.running)
    luck = uniforms(seed, "end_use_cover", 0, (len(who.groups), 3))
    order = np.array(
        [uniforms(seed, f"order{sector}", state, count) for state, sector in who.groups]
    ).argsort(axis=1)
    quantile[who.users] = ((order + 0.15 + 0.7 * luck[:, :1]) / count).ravel()
    needs = who.needs.copy()
    needs.add_columns(
        cover=p.cover_scale * _cover(who.limits, quantile, p.cover_spread)[needs.firm]
    )
    offers = who.offers.copy()
    offers.add_columns(cover=goods(facts).shelf[offers.good] * p.shelf_scale)
    return Population(firms, needs, offers, who)


class _PopulationRoll:
    """The roll of a start while it is written: firms by blocks, what they need and offer."""

    def __init__(self, start: Start, own: OwnRows) -> None:
        self.facts = facts = start.facts
        self.start, self.covers = start, _covers(facts, own)
        self.costs = {
            (row["process"], row["state"]): row["usd_per_kg"]
            for row in table_of(facts, "conversion_cost", own)
        }
        self.firms = _Rows("state", "process", "sector", "base_run", "conversion", "size")
        self.needs = _Rows("firm", "good", "coefficient")
        self.offers = _Rows("firm", "good", "yields")
        self.names: list[str] = []
        self.limits: list[tuple[float, float, float]] = []

    def add(
        self,
        process: int,
        state: int,
        of_names: list[str],
        run: float,
        inputs: FloatArray,
        outputs: FloatArray,
        size: FloatArray,
    ) -> int:
        """Firms of one process in one state, alike but for name, inputs (firms x goods) and size;
        returns the row of the first."""
        facts = self.facts
        first, many = len(self.names), len(of_names)
        self.names.extend(of_names)
        kind = (*facts.processes, *facts.sectors)[process]
        places = (facts.states[state], "Other", "All")
        conversion = next((self.costs[kind, at] for at in places if (kind, at) in self.costs), 0.0)
        self.firms.add(
            many, state, process, max(process - facts.first_sector, -1), run, conversion, size
        )
        row, good = inputs.nonzero()
        self.needs.add(len(row), first + row, good, inputs[row, good])
        good = outputs.nonzero()[0]
        for k in range(many if len(good) else 0):
            self.offers.add(len(good), first + k, good, outputs[good])
        self.limits.extend([_limits(self.covers, kind, facts.states[state])] * many)
        return first

    def add_plant(
        self, process: int, state: int, name: str, run: float, outputs: FloatArray
    ) -> int:
        """A plant by its recipe; returns its row."""
        inputs = self.start.inputs[process][None, :]
        return self.add(process, state, [name], run, inputs, outputs, np.ones(1))

    def add_planned(self, row: Row) -> int:
        """A plant that does not run yet: a row without capacity."""
        facts = self.facts
        process, state = facts.process_row[row["process"]], facts.state_row[row["state"]]
        outputs = (
            processes(facts).outputs[process]
            if row["process"] == "separate_heavy"
            else plant_outputs(facts, process, state)
        )
        return self.add_plant(process, state, row["name"], 0.0, outputs)

    def add_builds(self, rows: Iterable[Row]) -> tuple[tuple[int, int, float], ...]:
        """Plants under way at this start: row, month of the first tonne, t/month of run."""
        return tuple(
            (
                self.add_planned(row),
                month_index(self.start.name, row["first_month"]),
                row["tonnes_per_year"] / 12.0,
            )
            for row in rows
            if row["start"] == self.start.name
        )

    def add_users(self, count: int) -> tuple[tuple[int, int], ...]:
        """`count` end users per state and sector, each 0.6 times the one before it (four sizes that
        return); returns states and sectors."""
        facts = self.facts
        recipes: dict[tuple[int, int], FloatArray] = {}
        for state, sector, good, tonnes in self.start.end_use:
            recipes.setdefault((state, sector), np.zeros(len(facts.goods)))[good] += tonnes
        sizes = 0.6 ** np.arange(min(count, 4)).astype(float)
        sizes = np.resize(sizes, count) / np.resize(sizes, count).sum()
        nothing, groups = np.zeros(len(facts.goods)), tuple(sorted(recipes))
        for state, sector in groups:
            label = f"{facts.states[state]} {facts.sectors[sector].replace('_', ' ')}"
            members = [f"{label} {k + 1}" for k in range(count)]
            inputs = sizes[:, None] * recipes[state, sector]
            self.add(facts.first_sector + sector, state, members, 1.0, inputs, nothing, sizes)
        return groups


def census(facts: Facts, start_name: str, count: int, own: OwnRows = NO_ROWS) -> Census:
    """Who there is at the start of this name, with `count` end users per state and sector, and a
    scenario's own rows over the shipped tables. Cached, read-only."""
    return _census(facts, start_name, count, own)


@lru_cache(maxsize=4)
def _census(facts: Facts, start_name: str, count: int, own: OwnRows) -> Census:
    start, projects = balanced_start(facts, start_name, own), table_of(facts, "projects", own)
    roll, plants = _PopulationRoll(start, own), _plants(start, own)
    for process, state, name, run in plants:
        roll.add_plant(process, state, name, run, plant_outputs(facts, process, state))
    shipped = projects.rows[: len(projects) - projects.added]
    builds = roll.add_builds(shipped)
    first_user = len(roll.names)
    groups = roll.add_users(count)
    users = slice(first_user, len(roll.names))
    # options come last, so that the luck of all others does not depend on them
    options = tuple(
        (
            roll.add_planned(row),
            max(month_index(start_name, row["from_month"]), 0),
            row["tonnes_per_year"] / 12.0,
            row["kind"],
        )
        for row in table_of(facts, "options", own).where(start=start_name)
    )
    # and behind them what a scenario adds, for the same reason
    added = len(roll.names)
    builds += roll.add_builds(projects.rows[len(shipped) :])
    check_integrated(facts, start_name, roll.names)
    return Census(
        Firms(facts=facts, **roll.firms.columns()).lock(),
        Needs(facts=facts, **roll.needs.columns()).lock(),
        Offers(facts=facts, **roll.offers.columns()).lock(),
        tuple(roll.names),
        builds,
        options,
        len(plants),
        users,
        groups,
        np.array(roll.limits).T,
        added,
        frozenset(row["name"] for row in projects.where(start=start_name) if row["patient"]),
    )
