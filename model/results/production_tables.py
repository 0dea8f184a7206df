"""Tables of production: output, stocks, capacity, macro and firms."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.goods import goods, processes
from coercivity.model.results.frames import ever_positive, frame, tall_rows
from coercivity.model.results.records import Records, by_group, ratio
from coercivity.model.use.macro import PARTS, dependent_value_added

if TYPE_CHECKING:
    import pandas as pd

T = len(STAGES)
NO_SECTOR = ""
STORES = (*STAGES, "reserve")


def output(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """Tonnes that makers turn out, and tonnes that end users build in, by state, stage, sector (end
    use only) and good.

    potential_tonnes: makers at full capacity; end users at their plan, had no part been missing.
    Overtime can lift an end use above it.
    """
    facts = records.facts
    S, G, K = len(facts.states), len(facts.goods), len(facts.sectors)
    structure = records.structure
    tonnes_made, possible = made_and_possible(records)
    at_end = structure.firm_sector[structure.need_firm] >= 0
    firm, good = structure.need_firm[at_end], structure.need_good[at_end]
    user = (structure.firm_state[firm] * K + structure.firm_sector[firm]) * G + good
    used = records["used"][:, at_end]
    intended = (
        _intensity(used, records["run"][:, firm], structure.recipe[at_end])
        * records["plan"][:, firm]
    )
    built, planned = by_group(used, user, S * K * G), by_group(intended, user, S * K * G)
    month, key = tall_rows(len(months), S * G, ever_positive(possible) | ever_positive(tonnes_made))
    month_end, key_end = tall_rows(len(months), S * K * G, ever_positive(planned))
    every = np.concatenate([month, month_end])
    order = np.argsort(every, kind="stable")

    def both(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        return np.concatenate([first, second])[order]

    end = np.full(len(key_end), STAGES.index("end_use"))
    return frame(
        {
            "month": (every[order], months),
            "state": (both(key // G, key_end // (G * K)), facts.states),
            "stage": (both(goods(facts).stage[key % G], end), STAGES),
            "sector": (both(np.full(len(key), K), key_end // G % K), (*facts.sectors, NO_SECTOR)),
            "good": (both(key % G, key_end % G), facts.goods),
            "tonnes": both(tonnes_made[month, key], built[month_end, key_end]),
            "potential_tonnes": both(possible[month, key], planned[month_end, key_end]),
        },
        {"tonnes": "t a month", "potential_tonnes": "t a month"},
        {"sector": "'' for makers", "tonnes": "motors in t of contained magnet"},
    )


def made_and_possible(records: Records) -> tuple[FloatArray, FloatArray]:
    """What makers turn out, and what they would at full capacity: t, months x (states x goods)."""
    facts = records.facts
    S, G = len(facts.states), len(facts.goods)
    structure = records.structure
    maker = structure.firm_state[structure.offer_firm] * G + structure.offer_good
    return by_group(records["made"], maker, S * G), by_group(
        records["capacity"][:, structure.offer_firm] * structure.yields, maker, S * G
    )


def _intensity(used: FloatArray, run: FloatArray, recipe: FloatArray) -> FloatArray:
    """Tonnes per unit of activity in each month; of an idle line, that of its last run."""
    ran = run > 1e-9
    last = np.maximum.accumulate(np.where(ran, np.arange(1, len(run) + 1)[:, None], 0), axis=0)
    known = np.vstack([recipe[None, :], np.where(ran, used / np.where(ran, run, 1.0), 0.0)])
    return np.take_along_axis(known, last, axis=0)


def stocks(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """Tonnes in stock at the end of the month by state, stage of the firm that holds them, and
    good; cover_months: over expected monthly use.

    A good at its own stage is for sale there, at a later stage it waits to be used. Stage
    `reserve` is what governments hold.
    """
    facts = records.facts
    stores = [
        _at_firms(records, len(months)),
        _in_reserves(facts, records["reserve"], len(months)),
    ]
    joined = [np.concatenate(parts) for parts in zip(*stores, strict=True)]
    order = np.argsort(joined[0], kind="stable")
    month, state, where, good, tonnes, months_held = (values[order] for values in joined)
    return frame(
        {
            "month": (month, months),
            "state": (state, facts.states),
            "stage": (where, STORES),
            "good": (good, facts.goods),
            "tonnes": tonnes,
            "cover_months": months_held,
        },
        {"tonnes": "t", "cover_months": "months of expected use"},
        {
            "cover_months": (
                "null for goods that are for sale and for reserves: nobody uses them there"
            )
        },
    )


class StockColumns(NamedTuple):
    """What is in stock, one row a month and place."""

    month: IntArray
    state: IntArray
    store: IntArray  # place in STORES
    good: IntArray
    tonnes: FloatArray
    cover: FloatArray  # months, NaN where nobody uses it


def _at_firms(records: Records, months: int) -> StockColumns:
    """Stocks of firms: what waits to be used, and what is for sale."""
    facts = records.facts
    S, G = len(facts.states), len(facts.goods)
    structure = records.structure
    stage = processes(facts).stage[structure.firm_process]
    holder = (
        structure.firm_state[structure.need_firm] * T + stage[structure.need_firm]
    ) * G + structure.need_good
    seller = (
        structure.firm_state[structure.offer_firm] * T + goods(facts).stage[structure.offer_good]
    ) * G + structure.offer_good
    waiting, expected = (
        by_group(records[name], holder, S * T * G) for name in ("need_stock", "expected")
    )
    for_sale = by_group(records["offer_stock"], seller, S * T * G)
    # a milligram left by rounding is no cover
    cover = ratio(np.where(waiting < 1e-9, 0.0, waiting), expected)
    inputs = np.isin(np.arange(S * T * G), holder)
    month, key = tall_rows(months, S * T * G, inputs | ever_positive(for_sale))
    tonnes = (waiting + for_sale)[month, key]
    return StockColumns(month, key // (T * G), key // G % T, key % G, tonnes, cover[month, key])


def _in_reserves(facts: Facts, tonnes: FloatArray, months: int) -> StockColumns:
    """What the reserves of other governments hold, months x (states x goods)."""
    S, G = len(facts.states), len(facts.goods)
    month, place = tall_rows(months, S * G, ever_positive(tonnes))
    where = np.full(len(month), STORES.index("reserve"))
    return StockColumns(
        month, place // G, where, place % G, tonnes[month, place], np.full(len(month), np.nan)
    )


def capacity(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """Capacity by state and stage (t a year of what the stage is measured in: separation in t of
    concentrate fed, motors in t of magnet).

    built: in place; building: announced and not open yet; cancelled: given up in the month, or
    announced beyond what was built.
    """
    facts = records.facts
    S = len(facts.states)
    structure = records.structure
    producing = structure.firm_process < facts.first_sector
    group = structure.firm_state * T + processes(facts).stage[structure.firm_process]
    built, building, cancelled = (
        by_group(records[name] * producing, group, S * T) * 12.0
        for name in ("capacity", "building", "cancelled")
    )
    building[building < 1e-6] = 0.0  # what opening by twelfths leaves over
    numbers = {"built": built, "building": building, "cancelled": cancelled}
    month, key = tall_rows(len(months), S * T, ever_positive(built) | ever_positive(building))
    return frame(
        {
            "month": (month, months),
            "state": (key // T, facts.states),
            "stage": (key % T, STAGES),
            **{name: values[month, key] for name, values in numbers.items()},
        },
        dict.fromkeys(numbers, "t a year"),
    )


def macro(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """What missing parts cost, by state and end-use sector, USD million a month.

    output_lost: value added of output that customers took elsewhere for good; made_up: that of
    overtime that caught up; gdp_effect: value added of actual less planned output, timing included;
    cost_paid: inputs paid above their price of the start. Apart from
    these, linkage: value added that suppliers of stopped lines lose, less what they win back;
    investment_postponed: investment put off for fear of measures.
    """
    facts = records.facts
    S, K = len(facts.states), len(facts.sectors)
    structure = records.structure
    numbers = {name: flow(records, name) for name in PARTS}
    end = structure.firm_sector >= 0
    month, key = tall_rows(
        len(months),
        S * K,
        np.isin(np.arange(S * K), structure.firm_state[end] * K + structure.firm_sector[end]),
    )
    return frame(
        {
            "month": (month, months),
            "state": (key // K, facts.states),
            "sector": (key % K, facts.sectors),
            **{n: v[month, key] for n, v in numbers.items()},
        },
        dict.fromkeys(numbers, "USD million a month"),
    )


def flow(records: Records, name: str) -> FloatArray:
    """One of the numbers of the table macro, USD million: months x (states x sectors)."""
    facts = records.facts
    S, K = len(facts.states), len(facts.sectors)
    of = records.structure
    values, firm = flow_by_firm(records, name)
    group = of.firm_state * K + np.maximum(of.firm_sector, 0)
    return by_group(values, group[firm], S * K)


def flow_by_firm(records: Records, name: str) -> tuple[FloatArray, IntArray]:
    """A number of the table macro, or what end users plan (`planned`), before it is added up: USD
    million, months x rows, and the firm of each row.
    """
    of = records.structure
    end = of.firm_sector >= 0
    if name == "cost_paid":
        # t x USD/kg = USD 1000
        extra = (
            records["used"]
            * np.maximum(records["paid"] - records["reference"], 0.0)
            * end[of.need_firm]
            / 1000.0
        )
        return extra, of.need_firm
    every = np.arange(len(of.names))
    if name in ("linkage", "investment_postponed"):
        return records[name.removeprefix("investment_")], every
    worth = dependent_value_added(records.facts, records.start, records.parameters.dependent_scale)
    sector = np.maximum(of.firm_sector, 0)
    value = np.where(end, worth[of.firm_state, sector], 0.0) * of.firm_size
    if name == "gdp_effect":
        return (records["run"] - records["plan"]) * value, every
    return records[{"output_lost": "gone", "planned": "plan"}.get(name, name)] * value, every


def firms(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """Every firm, whether it stops or not: state, stage, sector ('' for makers), process, size
    (share of its sector), stock cover it aims at, and the largest part of it that was ever on a
    watch list.
    """
    facts = records.facts
    structure = records.structure
    count = len(structure.names)
    cover = ratio(
        group_sum(structure.need_cover, structure.need_firm, count),
        group_sum(np.ones(len(structure.need_firm)), structure.need_firm, count),
    )
    names = (*facts.processes, *facts.sectors)
    return frame(
        {
            "firm": (np.arange(count), structure.names),
            "state": (structure.firm_state, facts.states),
            "stage": (processes(facts).stage[structure.firm_process], STAGES),
            "sector": (
                np.where(structure.firm_sector < 0, len(facts.sectors), structure.firm_sector),
                (*facts.sectors, NO_SECTOR),
            ),
            "process": (structure.firm_process, names),
            "size": structure.firm_size,
            "cover_months": cover,
            "watched": records["watched"].max(axis=0, initial=0.0),
        },
        {
            "size": "share of the sector in the state; 1 for makers",
            "cover_months": "months of use in calm times",
            "watched": "share of the firm",
        },
        {
            "cover_months": "null for mines, which buy nothing",
            "watched": "a firm here stands for many, some of them named on a list of those watched",
        },
    )
