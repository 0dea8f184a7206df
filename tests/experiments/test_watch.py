"""The watch reads what the tables would have said, without recording."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.experiments.quantities.watch import Watch
from coercivity.experiments.worlds.run import finish
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World
from tests.names import SECTORS

MONTHS = 36  # a year of the ban of everything


@pytest.fixture(scope="module")
def both():  # type: ignore[no-untyped-def]
    """A recorded run under a watch: its trace and its result."""
    world = World(with_changes(load_scenario("japan-blanket-ban"), months=MONTHS), 2)
    watch = Watch(world)
    for _ in range(MONTHS):
        world.step()
        watch.read(world)
    return watch.trace(world), finish(world)


@pytest.mark.parametrize(
    "name", ["output_lost", "cost_paid", "made_up", "gdp_effect", "investment_postponed"]
)
# type: ignore[no-untyped-def]
def test_losses_are_those_of_the_macro_table(both, name: str) -> None:
    trace, result = both
    rows = result.table("macro").query("state == 'Japan'").astype({"month": str, "sector": str})
    table = rows.pivot(index="month", columns="sector", values=name)[list(SECTORS)].to_numpy()
    np.testing.assert_allclose(trace[name], table, rtol=1e-9, atol=1e-9)


# type: ignore[no-untyped-def]
def test_exports_are_what_the_spending_table_says_importers_pay_at_the_border(both) -> None:
    trace, result = both
    rows = result.table("spending").astype({"month": str, "payer": str, "payee": str, "kind": str})
    paid = rows[
        rows["kind"].isin(["sale", "border_premium"])
        & rows["payee"].str.endswith(" in China")
        & ~rows["payer"].str.endswith(" in China")
    ]
    months = list(result.months)
    for name, of in (
        ("exports", paid),
        ("exports_to_target", paid[paid["payer"].str.endswith(" in Japan")]),
    ):
        table = of.groupby("month")["usd_million"].sum().reindex(months, fill_value=0.0).to_numpy()
        assert paid.loc[paid["kind"] == "border_premium", "usd_million"].sum() > 0.0
        np.testing.assert_allclose(trace[name][:, 0], table, rtol=1e-9, atol=1e-9)


def test_dependence_is_that_of_the_table(both) -> None:  # type: ignore[no-untyped-def]
    trace, result = both
    rows = result.table("dependence").query(
        "state == 'Japan' and supplier == 'China' and basis == 'last_origin' and measure == "
        "'tonnes' and group == 'all'"
    )
    watched = trace["raw_from_sender"].sum(axis=1) / np.maximum(
        trace["raw_imports"].sum(axis=1), 1e-12
    )
    np.testing.assert_allclose(watched, rows["share"].to_numpy(), rtol=1e-9)


def test_lines_stand_when_the_stoppages_table_says_so(both) -> None:  # type: ignore[no-untyped-def]
    trace, result = both
    rows = (
        result.table("stoppages")
        .query("state == 'Japan' and stage == 'end_use'")
        .astype({"firm": str})
    )
    first, last = (
        [day[:7] for day in rows["first_day"]],
        [day[:7] if isinstance(day, str) else result.months[-1] for day in rows["last_day"]],
    )
    table = [
        sum(start <= month <= end for start, end in zip(first, last, strict=True))
        for month in result.months
    ]
    assert max(table) > 0
    assert trace.stood.sum(axis=1).tolist() == table
