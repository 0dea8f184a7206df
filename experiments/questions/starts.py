"""The start of the model against the facts: month 0, and the same quantities after 24 months
without events or luck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coercivity.experiments.worlds.run import finish
from coercivity.model.basis.facts import Facts, load_table
from coercivity.model.basis.goods import processes
from coercivity.model.scenario.scenario import Scenario, load_scenario, scenario_from_dict
from coercivity.model.start.balanced import balanced_start

if TYPE_CHECKING:
    from coercivity.model.results.records import Records
    from coercivity.model.world import World

LATER: Final = 24
QUIET: Final = dict.fromkeys(("demand_noise_sector", "demand_noise_state"), 0.0)
DUTIES_FROM: Final = {
    "2009-01": "embargo-2010"
}  # export duties that were in force in the first month belong to the start
NOT_GROWING: Final = (
    "share",
    "dependence",
    "price",
)  # quantities that have no reason to move with demand: judged after 24 months too
NO_FACT, SHOWN = "no fact", "shown"


@dataclass(frozen=True)
class Month:
    """One month of a quiet run, looked at in yearly terms (t/y, shares in %)."""

    records: Records
    at: int

    def made(self, names: str, state: str = "") -> float:
        """Output of goods (a good or a group), t/y; of the world without a state."""
        structure = self.records.structure
        return self._sum(
            self.records["made"],
            structure.offer_good,
            names,
            structure.firm_state[structure.offer_firm],
            state,
        )

    def used(self, names: str, state: str, but_not: tuple[str, ...] = ()) -> float:
        """Use of goods by the firms of a state, t/y, without the processes named."""
        structure = self.records.structure
        counted = ~np.isin(
            structure.firm_process[structure.need_firm],
            [self.records.facts.process_row[name] for name in but_not],
        )
        return self._sum(
            self.records["used"] * counted,
            structure.need_good,
            names,
            structure.firm_state[structure.need_firm],
            state,
        )

    def traded(
        self,
        names: str,
        exporter: tuple[str, ...] = (),
        importer: tuple[str, ...] = (),
        value: bool = False,
    ) -> float:
        """Trade across a border, t/y (value: USD 1000 a year free on board), from any of `exporter`
        to any of `importer`, not within either.
        """
        structure, r, facts = self.records.structure, self.records, self.records.facts
        amount = r["lane_tonnes"][self.at] * (np.nan_to_num(r.fob[self.at]) if value else 1.0)
        lanes = np.isin(
            structure.good, [facts.good_row[good] for good in facts.expand_goods(names)]
        ) & (structure.exporter != structure.importer)
        sellers, buyers = (
            [facts.state_row[s] for s in exporter],
            [facts.state_row[s] for s in importer],
        )
        if sellers:
            lanes &= np.isin(structure.exporter, sellers)
        if buyers:
            lanes &= np.isin(structure.importer, buyers) & ~np.isin(structure.exporter, buyers)
        return 12.0 * float(amount[lanes].sum())

    def price(self, good: str) -> float:
        """China's home price, USD/kg: asking prices by what is sold."""
        structure, r, facts = self.records.structure, self.records, self.records.facts
        rows = (structure.offer_good == facts.good_row[good]) & (
            structure.firm_state[structure.offer_firm] == facts.state_row["China"]
        )
        return float(np.average(r["ask"][self.at, rows], weights=r["sold"][self.at, rows]))

    def run_share(self, process: str, state: str) -> float:
        """A state's share of the world's run of a process, %."""
        facts = self.records.facts
        structure, run = self.records.structure, self.records["run"][self.at]
        rows = structure.firm_process == facts.process_row[process]
        return 100.0 * float(
            run[rows & (structure.firm_state == facts.state_row[state])].sum() / run[rows].sum()
        )

    def _sum(
        self, values: np.ndarray, good: np.ndarray, names: str, states: np.ndarray, state: str
    ) -> float:
        facts = self.records.facts
        rows = np.isin(
            good,
            [facts.good_row[one] for name in names.split("+") for one in facts.expand_goods(name)],
        )
        if state and state != "World":
            rows &= np.isin(states, [facts.state_row[one] for one in facts.states_of(state)])
        return 12.0 * float(values[self.at, rows].sum())


def start_report(start: str) -> list[dict[str, Any]]:
    """Rows {id, quantity, model, fact, tolerance, unit, verdict, source, after_24, verdict_24} for
    a start.

    verdict: PASS or FAIL within the tolerance; 'shown' where a fact has no tolerance, 'no fact'
    where there is none. verdict_24 judges what has no reason to grow with demand (shares,
    dependence, prices) by the same fact; else ''. After the targets of targets_start.csv come the
    factors that were solved for, and the margin of every kind of firm that runs, with price, input
    cost and conversion in words.
    """
    from coercivity.model.world import World

    world = World(quiet_scenario(start), 1, collect=False)
    solved, margins = list(solved_rows(start)), list(margin_rows(world))
    for _ in range(LATER + 1):
        world.step()
    records = finish(world).records
    assert records is not None
    first, later = Month(records, 0), Month(records, LATER)
    rows = []
    for row in load_table("targets_start").where(start=start):
        model, after = quantity(row["id"], first), quantity(row["id"], later)
        judged = row["id"].split(".")[0] in NOT_GROWING
        rows.append(
            {
                "id": row["id"],
                "quantity": row["quantity"],
                "model": model,
                "fact": row["fact"],
                "tolerance": _tolerance(row),
                "unit": row["unit"],
                "verdict": verdict(model, row),
                "source": row["source"],
                "after_24": after,
                "verdict_24": verdict(after, row) if judged else "",
            }
        )
    return rows + solved + margins


def quiet_scenario(start: str) -> Scenario:
    """A scenario in which nothing happens and nobody has luck; export duties of the first month
    stand.
    """
    duties = []
    if start in DUTIES_FROM:
        script = load_scenario(DUTIES_FROM[start]).events
        began = [
            event
            for event in script
            if event.kind == "export_duty" and event.month_index(start) <= 0
        ]
        in_force = [event for event in began if not event.end or event.end >= f"{start}-01"]
        duties = [
            {key: value for key, value in event.to_dict().items() if key != "end"}
            for event in in_force
        ]
    return scenario_from_dict(
        {
            "name": "quiet",
            "title": "Nothing happens",
            "start": start,
            "months": LATER + 1,
            "parameters": QUIET,
            "events": duties,
        },
        "quiet scenario",
    )


def quantity(name: str, month: Month) -> float | None:
    """The model's value of one id of targets_start.csv; None for an id that the model has no
    quantity for.
    """
    kind, _, rest = name.partition(".")
    parts = rest.split(".")
    if kind == "price":
        if parts[0] == "magnet_export":
            return month.traded("magnets", ("China",), value=True) / month.traded(
                "magnets", ("China",)
            )
        return month.price(parts[0]) if parts[0] in Facts.default().goods else None
    rules: dict[str, Callable[[], float | None]] = {
        "mine_output": lambda: month.made("light_concentrate+heavy_concentrate", parts[0]),
        "ndpr_output": lambda: month.made("ndpr_oxide", parts[0]),
        "share": lambda: _share(month, parts),
        "dependence": lambda: _dependence(month, parts),
        "exports": lambda: month.traded(
            {"raw": "raw_materials"}.get(parts[0], parts[0]), (parts[1],), tuple(parts[2:])
        ),
        "imports": lambda: (
            month.traded("oxides", (parts[1],), (parts[0],))
            + month.traded("metals", (parts[1],), (parts[0],))
        ),
        "use": lambda: _use(month, parts),
    }
    return rules[kind]() if kind in rules else None


def _share(month: Month, parts: list[str]) -> float | None:
    stage, state = parts
    if stage == "separation_heavy":
        return month.run_share("separate_heavy", state)
    goods_made = {
        "mining": "light_concentrate+heavy_concentrate",
        "separation": "ndpr_oxide",
        "all_stages": "oxides",
        "metal": "ndpr_metal",
        "magnet": "magnet_standard+magnet_heat_resistant",
        "assembly": "motors",
    }
    return (
        100.0 * month.made(goods_made[stage], state) / month.made(goods_made[stage])
        if stage in goods_made
        else None
    )


def _dependence(month: Month, parts: list[str]) -> float | None:
    """China's (or another's) share of imports of oxides and metal, in %, of a state or of the EU as
    one.
    """
    facts = month.records.facts
    buyers = facts.states_of(parts[0])
    names: tuple[str, ...] = ("oxides", "metals")
    if parts[1] in facts.elements:
        names = (
            facts.good_groups["oxides"][facts.elements.index(parts[1])],
            *(("metals",) if parts[1] == "NdPr" else ()),
        )
    supplier = parts[2] if len(parts) > 2 else "China"
    bought = sum(month.traded(name, (), buyers) for name in names)
    return (
        100.0 * sum(month.traded(name, (supplier,), buyers) for name in names) / bought
        if bought > 0
        else None
    )


def _use(month: Month, parts: list[str]) -> float | None:
    """Tonnes used in a state: magnets by its factories; one element's oxide; or all oxides and
    metal, metal makers' oxide counted as the metal it becomes.
    """
    facts = month.records.facts
    if parts[0] == "magnets":
        return month.used("magnets", parts[1])
    if parts[1] in facts.elements:
        return month.used(facts.good_groups["oxides"][facts.elements.index(parts[1])], parts[0])
    return month.used("oxides+metals", parts[0], ("make_metal",))


def verdict(model: float | None, row: Any) -> str:
    """PASS, FAIL, 'shown' or 'no fact' for a row of targets_start.csv."""
    if row["fact"] is None:
        return NO_FACT
    if row["tolerance"] is None or row["tolerance_kind"] == "none" or model is None:
        return SHOWN
    room = (
        row["tolerance"] * abs(row["fact"])
        if row["tolerance_kind"] == "relative"
        else row["tolerance"]
    )
    return "PASS" if abs(model - row["fact"]) <= room * (1.0 + 1e-9) else "FAIL"


def _tolerance(row: Any) -> str:
    if row["tolerance"] is None or row["tolerance_kind"] == "none":
        return ""
    return (
        f"{100 * row['tolerance']:g}%"
        if row["tolerance_kind"] == "relative"
        else f"{row['tolerance']:g} points"
    )


def _row(
    name: str, what: str, model: float, unit: str, fact: float | None = None, source: str = ""
) -> dict[str, Any]:
    return {
        "id": name,
        "quantity": what,
        "model": model,
        "fact": fact,
        "tolerance": "",
        "unit": unit,
        "verdict": NO_FACT if fact is None else SHOWN,
        "source": source,
        "after_24": None,
        "verdict_24": "",
    }


def solved_rows(start: str) -> Iterator[dict[str, Any]]:
    """What was solved for so that the first month balances: one factor on magnet use, Dy and Tb per
    heat-resistant magnet, and uses that gave way.
    """
    facts = Facts.default()
    accounts, table = balanced_start(Facts.default(), start), processes(Facts.default()).inputs
    yield _row(
        "solved.magnet_use",
        "factor on all uses of NdFeB magnets, so that NdPr use equals NdPr supply",
        accounts.magnet_factor,
        "factor",
        1.0,
        "model",
    )
    hot = facts.process_row["make_magnet_heat_resistant"]
    for good in ("dysprosium_oxide", "terbium_oxide"):
        content = 100.0 * float(accounts.inputs[hot, facts.good_row[good]])
        what = f"{good.replace('_', ' ')} in a heat-resistant magnet, so that use equals supply"
        yield _row(
            f"solved.content.{good}",
            what,
            content,
            "% by weight",
            100.0 * float(table[hot, facts.good_row[good]]),
            "model/data/recipes.csv",
        )
    factors = dict.fromkeys(
        facts.expand_goods(("magnet_standard", "magnet_heat_resistant", "motors")),
        accounts.magnet_factor,
    )
    listed = load_table("end_use").where(start=start)
    for good in facts.goods:
        fact = sum(row["tonnes_per_year"] for row in listed if row["good"] == good) * factors.get(
            good, 1.0
        )
        tonnes_of_use = 12.0 * sum(
            tonnes for _, _, g, tonnes in accounts.end_use if facts.goods[g] == good
        )
        if fact > 0 and abs(tonnes_of_use / fact - 1.0) > 1e-6:
            what = (
                f"end use of {good.replace('_', ' ')} that the ores can serve, over the use listed"
            )
            yield _row(
                f"solved.use.{good}",
                what,
                tonnes_of_use / fact,
                "factor",
                1.0,
                "model/data/end_use.csv",
            )


def margin_rows(world: World) -> Iterator[dict[str, Any]]:
    """The margin of every kind of firm that runs at the start, by process and state (mean weighted
    by run), with the reason in words.
    """
    facts = world.facts
    firms, needs, offers = world.firms, world.needs, world.offers
    count = len(firms)
    revenue = np.bincount(offers.firm, weights=offers.yields * offers.base_price, minlength=count)
    bought = np.bincount(needs.firm, weights=needs.coefficient * needs.paid, minlength=count)
    for process in range(facts.first_sector):
        for state in range(len(facts.states)):
            rows = (firms.process == process) & (firms.state == state) & (firms.base_run > 0)
            if not rows.any():
                continue
            earned, inputs, work = (
                float(np.average(v[rows], weights=firms.base_run[rows]))
                for v in (revenue, bought, firms.conversion)
            )
            margin = 100.0 * (earned / max(inputs + work, 1e-9) - 1.0)
            why = (
                f"earns {earned:.2f}, inputs {inputs:.2f}, conversion {work:.2f} USD per kg of run"
            )
            name = facts.processes[process]
            yield _row(
                f"margin.{name}.{facts.states[state]}",
                f"margin of {name.replace('_', ' ')} in {facts.states[state]}: {why}",
                margin,
                "%",
            )
