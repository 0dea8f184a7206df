"""The tables of a result hold what the run recorded: every column, every month, finite numbers, and
sums that add up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from coercivity.experiments.worlds.run import finish, run
from coercivity.model.basis.errors import InputError
from coercivity.model.results.result import TABLES, Result
from coercivity.model.scenario.scenario import scenario_from_dict
from coercivity.model.world import World
from tests.helpers import live

if TYPE_CHECKING:
    import pandas as pd

MONTHS = 24
COLUMNS = {
    "prices": "month state good home export quoted paid",
    "trade": "month origin separated_in destination good tonnes",
    "output": "month state stage sector good tonnes potential_tonnes",
    "stocks": "month state stage good tonnes cover_months",
    "dependence": "month state supplier basis measure group share",
    "capacity": "month state stage built building cancelled",
    "licences": (
        "month exporter importer good applied pending approved shipped under_licence filed granted "
        "refused returned unanswered refused_tonnes returned_tonnes passed_over_tonnes"
    ),
    "policy": "month actor kind targets goods state_of",
    "spending": "month payer payee kind usd_million",
    "leaks": "month route good tonnes via to",
    "macro": (
        "month state sector output_lost cost_paid made_up gdp_effect linkage investment_postponed"
    ),
    "stoppages": "firm state sector stage first_day last_day output_lost_share",
    "decisions": "month actor saw chose rejected",
    "events": "month actor kind text",
    "firms": "firm state stage sector process size cover_months watched",
}
MAY_BE_NULL = {
    *(("prices", column) for column in ("home", "export", "quoted", "paid")),
    *(("stocks", "cover_months"), ("dependence", "share"), ("stoppages", "last_day")),
    ("firms", "cover_months"),
}
OF_EVERY_MONTH = {*COLUMNS} - {"policy", "leaks", "stoppages", "decisions", "events", "firms"}


def act(kind: str, date: str, actor: str = "China", **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "date": date, "actor": actor, **fields}


BAN = {
    "name": "ban",
    "start": "2024-01",
    "months": MONTHS,
    "events": [
        act("threat", "2024-03-01", targets=["Japan"]),
        act("licensing", "2024-05-01", end="2025-06-30", id="licences"),
        act("blanket_ban", "2024-07-01", targets=["Japan"], goods="all"),
        act("import_tariff", "2024-07-01", "United States", targets=["China"], goods="magnets")
        | {"rate": 0.25},
        act("export_duty", "2024-01-01", goods="oxides", rate=0.1),
        act("quota", "2024-01-01", end="2024-12-31", goods="raw_materials", tonnes=20000),
    ],
}


@pytest.fixture(scope="module")
def lived() -> tuple[World, dict[str, np.ndarray]]:
    """The world after its months, and what its links did month by month."""
    world = World(scenario_from_dict(BAN, "ban"), 3)
    return world, live(world, MONTHS)


@pytest.fixture(scope="module")
def world(lived: tuple[World, dict[str, np.ndarray]]) -> World:
    return lived[0]


@pytest.fixture(scope="module")
def of_links(lived: tuple[World, dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return lived[1]


@pytest.fixture(scope="module")
def result(world: World) -> Result:
    return finish(world)


@pytest.fixture(scope="module")
def tables(result: Result) -> dict[str, pd.DataFrame]:
    return {name: result.table(name) for name in result.tables}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_agreed_columns_units_finite_numbers_and_every_month(
    result: Result, tables: dict[str, pd.DataFrame], name: str
) -> None:
    frame, wanted = tables[name], COLUMNS[name].split()
    assert list(frame.columns)[: len(wanted)] == wanted
    assert len(frame)
    numbers = frame.select_dtypes("number")
    assert set(numbers.columns) <= set(frame.attrs["units"])
    assert not np.isinf(numbers.to_numpy()).any()
    with_null = {column for column in frame.columns if frame[column].isna().any()}
    assert {(name, column) for column in with_null} <= MAY_BE_NULL
    assert with_null <= set(frame.attrs.get("notes", {})) | {"home"}
    if name in OF_EVERY_MONTH:
        assert tuple(frame["month"].astype(str).drop_duplicates()) == result.months
        named = [c for c in frame.columns if c != "month" and frame[c].dtype == "category"]
        assert not frame.duplicated(["month", *named]).any()
        assert (frame.groupby(named, observed=True).size() == MONTHS).all()


def test_nothing_is_negative_but_the_gdp_effect_and_orders_won_back(
    tables: dict[str, pd.DataFrame],
) -> None:
    """Suppliers win orders back while a line makes up for what it missed, but never more of them
    than they had lost before.
    """
    for name, frame in tables.items():
        numbers = frame.select_dtypes("number").drop(
            columns=["gdp_effect", "linkage"], errors="ignore"
        )
        assert not (numbers < -1e-9).any(axis=None), name
    macro = tables["macro"]
    so_far = macro.groupby(["state", "sector"], observed=True)["linkage"].cumsum()
    assert (macro["linkage"] < 0).any()
    assert (so_far > -1e-6).all()


def test_trade_adds_up_to_what_was_shipped(
    of_links: dict[str, np.ndarray], tables: dict[str, pd.DataFrame]
) -> None:
    shipped = of_links["shipped"]
    by_month = tables["trade"].groupby("month", observed=True)["tonnes"].sum()
    assert by_month.to_numpy() == pytest.approx(shipped.sum(axis=1), rel=1e-12)


def test_a_frame_belongs_to_whoever_asks(result: Result) -> None:
    mine = result.table("macro")
    mine.loc[:, "output_lost"] = -1.0
    assert (result.table("macro")["output_lost"] >= 0).all()


def test_an_unknown_table_and_a_run_without_record_cost_one_line(result: Result) -> None:
    with pytest.raises(InputError, match="table 'price' is not known; did you mean 'prices'"):
        result.table("price")
    blind = run("business-as-usual", months=1, record=False)
    assert blind.tables == ()
    with pytest.raises(InputError, match="record=True"):
        blind.table("prices")
