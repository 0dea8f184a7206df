"""Friend-shoring: what public money buys in tonnes outside the sender, when, and at what cost
(M10).

Every question runs worlds with the same seeds as their no-policy twins. Answers are lists of rows
with the 5th percentile, median and 95th over seeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.quantities.headlines import EXPORTER, FOCUS
from coercivity.experiments.questions.leverage import cut_off, long_enough
from coercivity.experiments.worlds.class_loading import as_loaded
from coercivity.experiments.worlds.processes import map_tasks
from coercivity.experiments.worlds.run import (
    Source,
    count_workers,
    finish,
    scenario_to_run,
)
from coercivity.model.basis.calendar import month_index, month_name
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.goods import goods
from coercivity.model.basis.luck import read_seeds
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import Scenario, with_changes
from coercivity.model.world import World

CHAIN: Final = (
    "mining",
    "separation",
    "metal",
    "magnet",
)  # assembly is a use of magnets, not a stage that every tonne passes
OUT: Final = ("grant", "loan", "equity", "tax_credit", "price_floor", "offtake", "stockpile")
BACK: Final = ("loan_repayment", "public_dividend", "price_ceiling", "stockpile_sale")
MEMBERS: Final = ("United States", "EU", "Japan")
FRIENDS: Final = (
    *("Japan", "United States", "Germany", "France", "Rest of EU", "United Kingdom"),
    *("South Korea", "India", "Australia", "Malaysia", "Vietnam", "Brazil", "Canada"),
    "Rest of world",
)
# USD million; the defaults of every question
TOTAL, SINCE, BASE = 3000.0, "2026-01-01", "japan-2026"
CEILING: Final = 150.0  # USD/kg, as in the contract of 2026 between JARE and Lynas (T069)
DISCOUNT: Final = 0.03  # per year; social discount rate of public money (assumed)
EQUAL: Final = 0.1  # share within which two results are called equal
SHARE: Final = 0.5  # part of the capital cost that a programme of these questions pays
CREDIT: Final = 0.25  # part of the cost of a tonne that a tax credit of these questions pays
WHEN: Final = (3, 5, 10)  # years after the first money in which tonnes are told
NOTHING: Final = 1e-6  # tonnes below which nothing was secured
Row = dict[str, Any]


@dataclass(frozen=True)
class SecuredSupply:
    """What one programme or several bought in one world against its twin."""

    seed: int
    by_year: Mapping[str, tuple[float, ...]]  # t/year of the element's oxide at each stage
    first_month: (
        str | None
    )  # first month of the year in which the scarcest stage passed 1% of the twin's
    paid: float  # USD million, not discounted
    returned: float
    cost: float  # USD million, discounted and net

    @property
    def by_stage(self) -> dict[str, float]:
        """Cumulated to year 10, at each stage."""
        return {stage: float(sum(gaps)) for stage, gaps in self.by_year.items()}

    @property
    def yearly(self) -> tuple[float, ...]:
        """At the scarcest stage, year by year."""
        return tuple(min(gaps) for gaps in zip(*self.by_year.values(), strict=True))

    @property
    def tonnes(self) -> float:
        """The same, cumulated to year 10."""
        return float(sum(self.yearly))

    @property
    def cost_per_tonne(self) -> float | None:
        """USD thousand per tonne; None where nothing was secured or nothing was paid."""
        return 1000.0 * self.cost / self.tonnes if self.tonnes > NOTHING and self.paid > 0 else None


def press_rows(facts: Facts) -> list[int]:
    """Rows of the processes that press magnets."""
    return [facts.process_row[p] for p in facts.processes if facts.process_stage[p] == "magnet"]


def tonnes_outside_sender(result: Result, element: str = "NdPr") -> dict[str, FloatArray]:
    """Tonnes a month of an element (t of oxide) that pass each stage outside the sender: mined,
    separated, reduced to metal, pressed into magnets.

    Dy and Tb enter magnets as oxide here, so their chain has no metal stage.
    """
    records = result.records
    if records is None:
        raise InputError("this run did not record", "run it with record=True")
    facts, structure = result.scenario.facts, records.structure
    content = goods(facts).content[:, facts.elements.index(element)]
    abroad, process = structure.firm_state != facts.china, structure.firm_process
    output = records["made"] * content[structure.offer_good]
    seller = structure.offer_firm

    def by(first: str, last: str) -> FloatArray:
        rows = (
            abroad[seller]
            & (process[seller] >= facts.process_row[first])
            & (process[seller] <= facts.process_row[last])
        )
        return np.asarray(output[:, rows].sum(axis=1), dtype=np.float64)

    pressed = abroad[structure.need_firm] & np.isin(process[structure.need_firm], press_rows(facts))
    stages = {
        "mining": by("mine_light", "mine_heavy"),
        "separation": by("separate_light", "separate_heavy"),
        "metal": by("make_metal", "make_metal"),
        "magnet": np.asarray(
            (records["used"][:, pressed] * content[structure.need_good[pressed]]).sum(axis=1),
            dtype=np.float64,
        ),
    }
    return {stage: flow for stage, flow in stages.items() if stage != "metal" or element == "NdPr"}


def public_money(result: Result) -> tuple[FloatArray, FloatArray]:
    """USD million a month that governments paid for support, and that came back to them
    (repayments, dividends, ceilings, sales from stockpiles).
    """
    table, months = result.table("spending"), {name: k for k, name in enumerate(result.months)}
    found = []
    for kinds, side in ((OUT, "payer"), (BACK, "payee")):
        rows = table[
            table["kind"].isin(kinds) & table[side].astype(str).str.startswith("government of")
        ]
        sums = np.zeros(len(months))
        np.add.at(
            sums,
            [months[name] for name in rows["month"].astype(str)],
            rows["usd_million"].to_numpy(dtype=float),
        )
        found.append(sums)
    return found[0], found[1]


def tonnes_secured(
    scenario: Result,
    twin: Result,
    element: str = "NdPr",
    since: str | None = None,
    years: int = 10,
    discount: float = DISCOUNT,
) -> SecuredSupply:
    """Tonnes secured: t/year delivered outside the sender at every stage, above the no-policy twin,
    cumulated to year 10, and their public cost.

    secured = sum_years min_stages (Q_scenario - Q_twin);  cost = sum_t (paid_t - returned_t) (1 +
    d)^(-t/12), t in months since the first support, paid and returned above what the twin's own
    acts of support pay. Q t/year of the element outside the sender. A year in which a stage falls
    behind the twin counts against it. A pure function of two results.
    """
    if (scenario.seed, scenario.months) != (twin.seed, twin.months):
        raise InputError(
            "seed {seed} and twin seed {other} are no twins",
            "give two runs with the same seed and the same months",
            seed=scenario.seed,
            other=twin.seed,
        )
    paid, back = (
        mine - twins for mine, twins in zip(public_money(scenario), public_money(twin), strict=True)
    )
    first = (
        month_index(scenario.months[0], since)
        if since
        else int(np.argmax(paid > 0))
        if (paid > 0).any()
        else 0
    )
    last = min(first + 12 * years, len(scenario.months))
    tonnes, other = tonnes_outside_sender(scenario, element), tonnes_outside_sender(twin, element)
    spans = [(a, min(a + 12, last)) for a in range(first, last, 12)]
    gaps = {
        stage: tuple(float((tonnes[stage] - other[stage])[a:b].sum()) for a, b in spans)
        for stage in tonnes
    }
    least = np.min(list(gaps.values()), axis=0)
    scale = min(float(flow[first:last].sum()) for flow in other.values()) / max(len(spans), 1)
    passed = np.flatnonzero(least > 0.01 * scale)
    weight = (1.0 + discount) ** (-np.arange(last - first) / 12.0)
    return SecuredSupply(
        scenario.seed,
        gaps,
        scenario.months[spans[int(passed[0])][0]] if len(passed) else None,
        float(paid[first:last].sum()),
        float(back[first:last].sum()),
        float(((paid - back)[first:last] * weight).sum()),
    )


def trace(scenario: Result, twin: Result) -> list[Row]:
    """Every dollar to its plants: firm, state, stage, USD million paid and returned above what they
    got in the twin, extra run in the last year (t/year), the first month above the twin and the
    first in which it got more (None for who only returned more).
    """
    records, other = scenario.records, twin.records
    if records is None or other is None:
        raise InputError("these runs did not record", "run them with record=True")
    facts, structure = scenario.scenario.facts, records.structure
    more, less = (records[name] - other[name] for name in ("support_paid", "support_back"))
    paid, back = more.sum(axis=0), less.sum(axis=0)
    extra = records["run"] - other["run"]
    rows = []
    for firm in np.flatnonzero(
        (np.abs(paid) + np.abs(back) > 0) & (structure.firm_process < facts.first_sector)
    ):
        above = np.flatnonzero(
            extra[:, firm] > 0.01 * max(float(other["run"][:, firm].mean()), 1e-6)
        )
        rows.append(
            {
                "firm": structure.names[firm],
                "state": facts.states[structure.firm_state[firm]],
                "stage": facts.process_stage[facts.processes[structure.firm_process[firm]]],
                "paid": float(paid[firm]),
                "returned": float(back[firm]),
                "extra_t_per_year": float(12.0 * extra[-12:, firm].mean()),
                "first_month": scenario.months[above[0]] if len(above) else None,
                "first_paid": scenario.months[int(np.argmax(more[:, firm] > 0))]
                if (more[:, firm] > 0).any()
                else None,
            }
        )
    return sorted(rows, key=lambda row: -row["paid"])


def programme(
    kind: str,
    actor: str,
    budget: float,
    ident: str,
    since: str = SINCE,
    hosts: Sequence[str] = (),
    **fields: Any,
) -> Row:
    """One act of support as a scenario writes it."""
    raw: Row = {
        "date": since,
        "id": ident,
        "kind": kind,
        "actor": actor,
        "budget": budget,
        **fields,
    }
    return {**raw, "hosts": list(hosts)} if hosts else raw


def coalition(members: Sequence[str] = MEMBERS, since: str = SINCE) -> Row:
    """The act by which members pool their support."""
    return {
        "date": since,
        "id": "pool",
        "kind": "coalition",
        "actor": members[0],
        "members": list(members),
    }


def equal_money(
    base: Source = BASE,
    total: float = TOTAL,
    seeds: Iterable[int] = range(4),
    *,
    members: Sequence[str] = MEMBERS,
    hosts: Sequence[str] = FRIENDS,
    since: str = SINCE,
    after: Sequence[int] = (5, 10),
    months: int = 180,
    workers: int = 1,
) -> list[Row]:
    """The same money for mines, separation, metal and magnets, or the whole chain, as grants; for
    metal and magnets half as grants and half by the tonne; and nothing: dependence of the focus
    state and the loss of a 12-month cut-off after 5 and 10 years, tonnes and USD thousand per
    tonne.
    """
    arms: dict[str, tuple[str, ...]] = {
        "mines": CHAIN[:1],
        "separation": CHAIN[1:2],
        "magnets": CHAIN[2:],
        "chain": CHAIN,
    }

    def money(kind: str, stages: Sequence[str], budget: float, **fields: Any) -> Row:
        return programme(
            kind, members[0], budget, kind, since, hosts, stages=list(stages), **fields
        )

    pool = coalition(members, since)
    events: dict[str, list[Row]] = {"nothing": []}
    for name, stages in arms.items():
        events[name] = [pool, money("grant", stages, total, share=SHARE)]
    grant = money("grant", CHAIN[2:], total / 2.0, share=SHARE)
    credit = money("tax_credit", CHAIN[2:], total / 2.0, rate=CREDIT)
    events["magnets, half by the tonne"] = [pool, grant, credit]
    return compare_arms(base, events, seeds, since, after, months, workers)


def alone_or_together(
    base: Source = BASE,
    total: float = TOTAL,
    seeds: Iterable[int] = range(4),
    *,
    members: Sequence[str] = MEMBERS,
    since: str = SINCE,
    after: Sequence[int] = (5, 10),
    months: int = 180,
    workers: int = 1,
) -> list[Row]:
    """The same total spent by each member for itself in its own states, or pooled and open to each
    other's plants, at all stages of the chain.
    """
    each = [
        programme(
            "grant",
            name,
            total / len(members),
            f"money-{name}",
            since,
            stages=list(CHAIN),
            share=SHARE,
        )
        for name in members
    ]
    return compare_arms(
        base,
        {"nothing": [], "alone": each, "together": [coalition(members, since), *each]},
        seeds,
        since,
        after,
        months,
        workers,
    )


def compare_arms(
    base: Source,
    arms: Mapping[str, Sequence[Row]],
    seeds: Iterable[int],
    since: str,
    after: Sequence[int],
    months: int,
    workers: int = 1,
) -> list[Row]:
    """Run every arm with the same seeds; the first arm is the twin. One row an arm and quantity:
    p05, median, p95, worlds.
    """
    scenario, chosen = scenario_to_run(base, months), read_seeds(seeds)
    first = month_index(scenario.start, since)
    cuts = tuple(first + 12 * year for year in after if 0 < first + 12 * year <= months)
    variants = [with_changes(scenario, choices=events) for events in arms.values()]
    tasks = [
        (long_enough(run_of_arm, max(cuts)) if cuts else run_of_arm, months, seed, cuts)
        for run_of_arm in variants
        for seed in chosen
    ]
    lives = map_tasks(as_loaded(live, variants), tasks, count_workers(workers, len(tasks)))
    twins, rows = lives[: len(chosen)], []
    for k, name in enumerate(arms):
        mine = lives[k * len(chosen) : (k + 1) * len(chosen)]
        bought = [
            tonnes_secured(run_of_arm, twin, since=since)
            for (run_of_arm, _), (twin, _) in zip(mine, twins, strict=True)
        ]
        for year, cut in zip(after, cuts, strict=False):
            rows.append(
                row(
                    name,
                    f"dependence_{year}y",
                    "share 0-1",
                    [dependence(result, cut) for result, _ in mine],
                )
            )
        for year, place in zip(after, range(len(cuts)), strict=False):
            rows.append(
                row(
                    name,
                    f"cut_off_loss_{year}y",
                    "USD million",
                    [losses[place] for _, losses in mine],
                )
            )
        rows += answer(name, bought)
    return rows


def answer(name: str, bought: Sequence[SecuredSupply]) -> list[Row]:
    """Rows of what was bought: tonnes, money, and money per tonne (null where nothing was
    secured).
    """
    return [
        row(
            name,
            "tonnes_secured",
            "t NdPr oxide to year 10",
            [secured.tonnes for secured in bought],
        ),
        *(
            row(
                name,
                f"tonnes_{stage}",
                "t NdPr oxide to year 10, this stage alone",
                [secured.by_stage[stage] for secured in bought],
            )
            for stage in CHAIN
        ),
        *(
            row(
                name,
                f"{stage}_in_year_{year}",
                "t NdPr oxide a year",
                [secured.by_year[stage][year - 1] for secured in bought],
            )
            for stage in CHAIN
            for year in WHEN
            if year <= min(len(secured.yearly) for secured in bought)
        ),
        row(name, "paid", "USD million", [secured.paid for secured in bought]),
        row(
            name,
            "public_cost",
            "USD million, discounted and net",
            [secured.cost for secured in bought],
        ),
        row(name, "cost_per_tonne", "USD thousand", [secured.cost_per_tonne for secured in bought]),
    ]


def row(arm: str, quantity: str, unit: str, values: Sequence[float | None]) -> Row:
    """p05, median and p95 over the worlds in which a quantity is defined; null where it is in
    none.
    """
    known = np.array([value for value in values if value is not None], dtype=float)
    low, median, high = (
        (float(v) for v in np.quantile(known, (0.05, 0.5, 0.95)))
        if len(known)
        else (None, None, None)
    )
    return {
        "arm": arm,
        "quantity": quantity,
        "unit": unit,
        "p05": low,
        "median": median,
        "p95": high,
        "worlds": len(known),
    }


def live(task: tuple[Scenario, int, int, tuple[int, ...]]) -> tuple[Result, tuple[float, ...]]:
    """One world for some months, with the loss (USD million) that a cut-off of the focus state
    would cause at each of the months `cuts`.
    """
    scenario, months, seed, cuts = task
    world, losses = World(scenario, seed, collect=False), []
    for month in range(months + 1):
        if month in cuts:
            losses.append(cut_off(world, EXPORTER, FOCUS).loss)
        if month < months:
            world.step()
    return finish(world), tuple(losses)


def dependence(result: Result, month: int) -> float | None:
    """The focus state's dependence on the sender in the year before a month: mean share of its
    imports by value, by place of separation (0-1).
    """
    table = result.table("dependence")
    wanted = {month_name(result.scenario.start, m) for m in range(max(month - 12, 0), month)}
    rows = (
        (table["state"] == FOCUS)
        & (table["supplier"] == EXPORTER)
        & (table["basis"] == "separated_in")
        & (table["measure"] == "value")
    )
    share = table.loc[
        rows & (table["group"] == "all") & table["month"].isin(wanted), "share"
    ].to_numpy(dtype=float)
    return float(np.nanmean(share)) if np.isfinite(share).any() else None
