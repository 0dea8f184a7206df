"""A net under the rules: numbers of five short runs as they were in 0.4.0, in test_golden/*.csv, to one part in ten million.

A change that is meant to change no number must not change these. A change of behaviour does: read the difference, then write them anew with
`python -m pytest tests/model/test_golden.py --force-regen`. What a rule is stands in its own test; this only tells that something moved.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from pytest_regressions.dataframe_regression import DataFrameRegressionFixture

from coercivity.agents.base.arrays import group_sum
from coercivity.experiments.worlds.run import run
from coercivity.model.basis.goods import STATE
from coercivity.model.basis.names import GOODS
from coercivity.model.basis.table_specs import SPECS
from coercivity.model.scenario.kinds import KINDS
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World

CLOSE = {"rtol": 1e-7, "atol": 1e-10}
YEAR = 12
SUPPORT: list[dict[str, Any]] = [
    {
        "date": "2024-02-01",
        "id": "loan",
        "kind": "loan",
        "actor": "Japan",
        "budget": 800,
        "stages": ["separation"],
        "hosts": ["Australia"],
    },
    {
        "date": "2024-02-01",
        "id": "equity",
        "kind": "equity",
        "actor": "United States",
        "budget": 500,
        "stages": ["magnet"],
    },
    {
        "date": "2024-02-01",
        "id": "credit",
        "kind": "tax_credit",
        "actor": "India",
        "budget": 300,
        "stages": ["mining", "metal"],
    },
    {
        "date": "2024-02-01",
        "id": "floor",
        "kind": "price_floor",
        "actor": "United States",
        "budget": 900,
        "floor": 110,
    },
    {
        "date": "2024-02-01",
        "id": "offtake",
        "kind": "offtake",
        "actor": "Japan",
        "budget": 400,
        "tonnes": 600,
        "goods": "oxides",
    },
    {
        "date": "2024-02-01",
        "id": "stock",
        "kind": "stockpile",
        "actor": "South Korea",
        "budget": 300,
        "cover": 3,
    },
    {
        "date": "2024-03-01",
        "id": "pool",
        "kind": "coalition",
        "actor": "United States",
        "members": ["United States", "Japan", "EU"],
    },
    {"date": "2024-03-01", "id": "habit", "kind": "firm_stock", "states": ["Japan"], "cover": 3},
    {
        "date": "2024-03-01",
        "id": "away",
        "kind": "firm_supplier",
        "states": ["Germany"],
        "strength": 0.5,
    },
    {
        "date": "2024-03-01",
        "id": "plant",
        "kind": "firm_build",
        "firm": "Shin-Etsu Chemical",
        "process": "make_magnet_heat_resistant",
        "state": "India",
    },
    {
        "date": "2024-09-01",
        "end": "2025-02-28",
        "id": "mine",
        "kind": "mine_closure",
        "state": "Myanmar",
        "good": "heavy_concentrate",
        "share": 0.6,
    },
    {
        "date": "2025-03-01",
        "end": "2025-08-31",
        "id": "fire",
        "kind": "plant_fire",
        "state": "Japan",
        "process": "make_magnet_standard",
        "share": 0.5,
    },
    {
        "date": "2024-06-01",
        "end": "2025-05-31",
        "id": "quota",
        "kind": "quota",
        "actor": "China",
        "tonnes": 30000,
    },
    {
        "date": "2024-06-01",
        "id": "duty",
        "kind": "export_duty",
        "actor": "China",
        "goods": "oxides",
        "rate": 0.1,
    },
    {
        "date": "2025-06-01",
        "id": "halt",
        "kind": "customs_halt",
        "actor": "China",
        "targets": ["EU"],
        "end": "2025-07-31",
    },
    {
        "date": "2025-01-10",
        "id": "case",
        "kind": "dispute",
        "actor": "Japan",
        "targets": ["China"],
        "of": "duty",
    },
    {
        "date": "2025-01-10",
        "id": "lists",
        "kind": "entity_list",
        "actor": "China",
        "targets": ["EU"],
        "share": 0.3,
        "sectors": ["aerospace_defence"],
    },
]
RUNS: dict[str, tuple[str, int, int, list[dict[str, Any]]]] = {
    "japan-2026": ("japan-2026", 1, 36, []),
    "embargo-2010": ("embargo-2010", 2, 36, []),
    "governments-decide": ("governments-decide-2024", 3, 36, []),
    "friend-shoring": ("friend-shoring-together", 4, 48, []),
    "every-instrument": ("business-as-usual", 5, 36, SUPPORT),
}


def numbers(world: World) -> dict[str, float]:
    """A world in some hundred numbers: by good, by stage, by state, by payment, and the sum of every column of the four tables."""
    firms, needs, offers, links = world.firms, world.needs, world.offers, world.links
    found: dict[str, float] = {}

    def add(name: str, values: Any, labels: Any) -> None:
        found.update(
            {f"{name} {label}": float(value) for label, value in zip(labels, values, strict=True)}
        )

    abroad = links.exporter != links.importer
    add("quote", world.market.quote, GOODS)
    add("made", group_sum(offers.made, offers.good, len(GOODS)), GOODS)
    add("crossed a border", group_sum(world.links.shipped * abroad, links.good, len(GOODS)), GOODS)
    add("held by users", group_sum(needs.stock, needs.good, len(GOODS)), GOODS)
    add("hoarded", world.supply.hoard, GOODS)
    add("in reserve", world.support.reserve.sum(axis=0), GOODS)
    add(
        "tension towards",
        sum(government.tension for government in world.politics.governments),
        STATE,
    )
    add("remembered of", sum(government.memory for government in world.politics.governments), STATE)
    add("alarm", world.beliefs.alarm.sum(axis=1), STATE)
    add("distrust", world.beliefs.distrust.sum(axis=1), STATE)
    add("lost in", group_sum(world.firms.loss_gone, firms.state, len(STATE)), STATE)
    add("being built in", group_sum(world.works.pipeline.building, firms.state, len(STATE)), STATE)
    for table, values in (("firms", firms), ("needs", needs), ("offers", offers), ("links", links)):
        columns = [
            name for name in values.columns if np.issubdtype(getattr(values, name).dtype, np.number)
        ]
        add(
            table,
            [
                np.where(np.isfinite(column := getattr(values, name)), column, 0.0).sum()
                for name in columns
            ],
            columns,
        )
    add(
        "government",
        [
            sum(getattr(g, name) for g in world.politics.governments)
            for name in ("capability", "budget", "spent")
        ],
        ("capability", "budget", "spent"),
    )
    return found


@pytest.mark.parametrize("name", RUNS)
def test_the_numbers_of_a_short_run_stay(
    name: str, dataframe_regression: DataFrameRegressionFixture
) -> None:
    scenario, seed, months, acts = RUNS[name]
    world = World(with_changes(load_scenario(scenario), months=months, choices=acts), seed)
    columns: dict[str, dict[str, float]] = {}
    for month in range(1, months + 1):
        world.step()
        if month % YEAR == 0 or month == 1:
            columns[f"month {month}"] = numbers(world)
    frame = pd.DataFrame(columns)
    paid = pd.Series(world.money.by_kind, dtype=float).add_prefix("paid: ")
    told = (
        pd.Series([kind for _, _, kind, _ in world.ledger.events])
        .value_counts()
        .add_prefix("told: ")
        .astype(float)
    )
    last = frame.columns[-1]
    frame = pd.concat([frame, pd.concat([paid, told]).sort_index().rename(last).to_frame()])
    frame.insert(0, "number", frame.index)
    dataframe_regression.check(frame.reset_index(drop=True), default_tolerance=CLOSE)


@pytest.mark.parametrize("name", ["japan-2026", "every-instrument"])
def test_the_tables_of_a_short_run_stay(
    name: str, dataframe_regression: DataFrameRegressionFixture
) -> None:
    """Rows of every table and the sum of every column of numbers; headlines."""
    scenario, seed, months, acts = RUNS[name]
    result = run(with_changes(load_scenario(scenario), months=months, choices=acts), seed)
    found: dict[str, float] = {}
    for table in result.tables:
        frame = result.table(table)
        found[f"{table}: rows"] = float(len(frame))
        found |= {
            f"{table}: {column}": float(frame[column].sum())
            for column in frame.select_dtypes("number").columns
        }
    found |= {
        f"headline {one}": float("nan") if value is None else value
        for one, value in result.headlines().items()
    }
    dataframe_regression.check(
        pd.DataFrame({"number": list(found), "sum": list(found.values())}), default_tolerance=CLOSE
    )


def test_what_tables_and_events_may_hold_stays(
    dataframe_regression: DataFrameRegressionFixture,
) -> None:
    """The kind, range and default of every column of model/data and of every field of every kind of event."""
    rows: list[dict[str, Any]] = [
        {
            "of": table,
            "name": one.name,
            "kind": one.kind,
            "low": one.low,
            "high": one.high,
            "options": len(one.options),
            "may be": f"blank {one.blank}",
        }
        for table, spec in SPECS.items()
        for one in spec.columns
    ]
    for name, kind in KINDS.items():
        rows.append(
            {
                "of": name,
                "name": "",
                "kind": kind.goods,
                "low": 0.0,
                "high": 0.0,
                "options": 0,
                "may be": f"targets {kind.targets!r}, actor {kind.actor}, end {kind.end}, towards {kind.towards}",
            }
        )
        rows += [
            {
                "of": name,
                "name": key,
                "kind": one.check,
                "low": one.low,
                "high": one.high,
                "options": len(one.options),
                "may be": f"required {one.required}, default {one.default if not isinstance(one.default, tuple) else len(one.default)}",
            }
            for key, one in kind.fields.items()
        ]
    dataframe_regression.check(pd.DataFrame(rows), default_tolerance={"rtol": 0.0, "atol": 0.0})
