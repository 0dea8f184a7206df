"""The firms of a start: named plants, the rest of each state's stage total, planned plants, end users with different stocks, and options to build."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coercivity.agents.columns import FloatArray, IntArray, Table
from coercivity.model.calendar import month_index
from coercivity.model.facts import Row, load_table
from coercivity.model.goods import FIRST_SECTOR, PROCESS, STATE, processes
from coercivity.model.luck import uniforms
from coercivity.model.names import GOODS, PROCESSES, SECTORS, STATES
from coercivity.model.parameters import Parameters
from coercivity.model.start import Start, plant_outputs

FEW_CHINA = {"mine_light": 1, "mine_heavy": 2, "separate_light": 2, "separate_heavy": 2}
REST_CHINA, REST_JAPAN, REST_OTHER = 6, 3, 2  # "rest of" firms per process where several plants are known to exist: assumed
FEW = ("mine_light", "mine_heavy", "separate_light", "separate_heavy")


@dataclass
class Population:
    """Tables of a new world: firms, needs (firm x input), offers (firm x output), and the firms' names, build plans and options."""

    firms: Table
    needs: Table
    offers: Table
    names: list[str]
    builds: list[tuple[int, int, float]]  # (firm, month of first tonne, t/month of run)
    options: list[tuple[int, int, float, str]]  # (firm, first month of decision, t/month of run, kind) of plants that nobody has decided to build


def _plants(start: Start) -> list[tuple[int, int, str, float]]:
    """(process, state, name, run t/month) of every plant that runs at the start."""
    named: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for row in load_table("firms").where(start=start.name):
        named.setdefault((row["process"], row["state"]), []).append((row["firm"], row["share"]))
    plants = []
    for process, process_name in enumerate(PROCESSES):
        for state, state_name in enumerate(STATES):
            total = start.run[process, state]
            if total <= 0:
                continue
            known = named.get((process_name, state_name), [])
            rest = 1.0 - sum(share for _, share in known)
            plants += [(process, state, name, share * total) for name, share in known]
            if rest > 0.004:
                few = FEW_CHINA.get(process_name, 1) if state_name == "China" else 1
                count = few if process_name in FEW else {"China": REST_CHINA, "Japan": REST_JAPAN}.get(state_name, REST_OTHER)
                weights = 0.7 ** np.arange(count)
                label = process_name.replace("make_", "").replace("separate_", "separation, ").replace("mine_", "mining, ").replace("_", " ")
                plants += [
                    (process, state, f"{'Rest of ' if known else ''}{state_name} {label}{f' {k + 1}' if count > 1 else ''}", rest * total * w)
                    for k, w in enumerate(weights / weights.sum())
                ]
    return plants


def _covers() -> dict[tuple[str, str], tuple[float, float, float]]:
    return {(row["kind"], row["state"]): (row["months_low"], row["months_median"], row["months_high"]) for row in load_table("cover")}


def _limits(covers: dict[tuple[str, str], tuple[float, float, float]], kind: str, state: str) -> tuple[float, float, float]:
    return covers.get((kind, state), covers.get((kind, "All"), (1.0, 1.5, 3.0)))


def _cover(limits: list[tuple[float, float, float]], quantile: FloatArray, spread: float) -> FloatArray:
    """Months of cover at quantiles of log-normals through low (5%), median and high (95%), each side with its own spread; one row of limits each."""
    low, median, high = np.array(limits).T.reshape((3, -1) + (1,) * (quantile.ndim - 1))
    spread_of = np.sqrt(np.maximum(-1.6 * np.log(np.maximum(4.0 * quantile * (1.0 - quantile), 1e-6)), 0.0))  # logistic-like normal score
    z = np.where(quantile < 0.5, -1.0, 1.0) * spread_of
    side = np.log(np.where(quantile < 0.5, median / np.maximum(low, 0.02), np.maximum(high, median) / median))
    return np.clip(median * np.exp(spread * side * z / 1.645), 0.05, 24.0)


class _Rows:
    """Columns that grow by blocks of rows."""

    def __init__(self, *columns: str) -> None:
        self.blocks: dict[str, list[FloatArray | IntArray | float]] = {name: [] for name in columns}
        self.counts: list[int] = []

    def add(self, count: int, *values: FloatArray | IntArray | float) -> None:
        """One block of `count` rows; a column gets an array in every block, or in every block a plain value that holds for all its rows."""
        self.counts.append(count)
        for blocks, value in zip(self.blocks.values(), values, strict=True):
            blocks.append(value)

    def _column(self, name: str) -> np.ndarray:
        blocks = self.blocks[name]
        return np.concatenate(blocks) if isinstance(blocks[0], np.ndarray) else np.repeat(np.array(blocks), self.counts)

    def table(self, whole: frozenset[str] = frozenset({"state", "process", "sector", "firm", "good"})) -> Table:
        """All blocks as one table; the columns named in `whole` are whole numbers."""
        return Table(**{name: self._column(name).astype(np.int64 if name in whole else np.float64) for name in self.blocks})


def build_population(start: Start, parameters: Parameters, seed: int) -> Population:
    """Firms, needs and offers of `start`. Stock covers are drawn from stream 'cover', stratified so that every sector has long and short ones."""
    p = parameters
    covers = _covers()
    costs = {(row["process"], row["state"]): row["usd_per_kg"] for row in load_table("conversion_cost")}
    firms = _Rows("state", "process", "sector", "capacity", "base_run", "conversion", "military", "size")
    needs, offers = _Rows("firm", "good", "coefficient", "cover"), _Rows("firm", "good", "yields")
    names: list[str] = []
    builds: list[tuple[int, int, float]] = []
    options: list[tuple[int, int, float, str]] = []

    def add_firms(
        process: int, state: int, of_names: list[str], run: float, capacity: float, inputs: FloatArray, outputs: FloatArray, cover: FloatArray, size: FloatArray
    ) -> int:
        """Firms of one process in one state, alike but for name, inputs (firms x goods), cover and size; returns the row of the first."""
        first, count = len(names), len(of_names)
        names.extend(of_names)
        kind = (*PROCESSES, *SECTORS)[process]
        sector = process - FIRST_SECTOR
        conversion = costs.get((kind, STATES[state]), costs.get((kind, "Other"), costs.get((kind, "All"), 0.0)))
        defence = sector == SECTORS.index("aerospace_defence")
        firms.add(count, state, process, max(sector, -1), capacity, run, conversion, p.military_share_defence if defence else p.military_share, size)
        row, good = inputs.nonzero()
        needs.add(len(row), first + row, good, inputs[row, good], cover[row])
        good = outputs.nonzero()[0]
        for k in range(count if len(good) else 0):
            offers.add(len(good), first + k, good, outputs[good])
        return first

    one = np.ones(1)
    plants = _plants(start)
    luck = uniforms(seed, "cover", 0, len(plants))
    plant_covers = _cover([_limits(covers, PROCESSES[process], STATES[state]) for process, state, _, _ in plants], 0.1 + 0.8 * luck, p.cover_spread)
    for (process, state, name, run), cover in zip(plants, plant_covers[:, None], strict=True):
        outputs = plant_outputs(process, state)
        add_firms(process, state, [name], run, run * (1.0 + p.spare_capacity), start.inputs[process][None, :], outputs, cover, one)

    def add_planned(row: Row) -> int:
        """A plant that does not run yet: a row without capacity."""
        process, state = PROCESS[row["process"]], STATE[row["state"]]
        outputs = processes().outputs[process] if row["process"] == "separate_heavy" else plant_outputs(process, state)
        cover = _cover([_limits(covers, row["process"], row["state"])], 0.5 * one, p.cover_spread)
        return add_firms(process, state, [row["name"]], 0.0, 0.0, start.inputs[process][None, :], outputs, cover, one)

    for row in load_table("projects").where(start=start.name):
        builds.append((add_planned(row), month_index(start.name, row["first_month"]), row["tonnes_per_year"] / 12.0))

    recipes: dict[tuple[int, int], FloatArray] = {}
    for state, sector, good, tonnes in start.end_use:
        recipes.setdefault((state, sector), np.zeros(len(GOODS)))[good] += tonnes
    count = round(p.firms_per_sector)
    luck = uniforms(seed, "end_use_cover", 0, (len(recipes), 3))
    sizes = 0.6 ** np.arange(min(count, 4)).astype(float)
    sizes = np.resize(sizes, count) / np.resize(sizes, count).sum()
    nothing, groups = np.zeros(len(GOODS)), sorted(recipes.items())
    order = np.array([uniforms(seed, f"order{sector}", state, count) for (state, sector), _ in groups]).argsort(axis=1)
    limits = [_limits(covers, SECTORS[sector], STATES[state]) for (state, sector), _ in groups]
    user_covers = _cover(limits, (order + 0.15 + 0.7 * luck[:, :1]) / count, p.cover_spread)
    for ((state, sector), recipe), cover in zip(groups, user_covers, strict=True):
        label = f"{STATES[state]} {SECTORS[sector].replace('_', ' ')}"
        members = [f"{label} {k + 1}" for k in range(count)]
        add_firms(FIRST_SECTOR + sector, state, members, 1.0, 1.0 + p.overtime, sizes[:, None] * recipe, nothing, cover, sizes)

    for row in load_table("options").where(start=start.name):  # last, so that the luck of all others does not depend on them
        options.append((add_planned(row), max(month_index(start.name, row["from_month"]), 0), row["tonnes_per_year"] / 12.0, row["kind"]))
    return Population(firms.table(), needs.table(), offers.table(), names, builds, options)
