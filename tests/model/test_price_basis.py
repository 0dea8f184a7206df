"""Losses and GDP stand at the prices of one year and grow side by side (decision 0022).

Each test was written before the rule and says what would refute it.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from coercivity.experiments.quantities.headlines import monthly_gdp
from coercivity.experiments.worlds.headline_tables import compute_headlines
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.csv_tables import read_table
from coercivity.model.basis.facts import Facts, load_table
from coercivity.model.basis.layers import shipped_folder
from coercivity.model.use.demand import growth_path
from coercivity.model.use.gdp import gdp, gdp_path
from coercivity.model.use.macro import PRICED, dependent_value_added
from tests.facts import FACTS
from tests.fake_result import FakeResult, fake_scenario
from tests.names import SPECS, STATE
from tests.refusal import refusal

JAPAN = STATE["Japan"]


@pytest.mark.parametrize("name", ["gdp", "value_added"])
def test_a_row_at_other_prices_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    """Refuted by a table that reads: a share of GDP would then mix dollars of two years."""
    text = (shipped_folder() / f"{name}.csv").read_text("utf-8").splitlines(keepends=True)
    place = text[0].split(",").index("price_year")
    cells = text[1].split(",")
    cells[place] = "2018"
    path = tmp_path / f"{name}.csv"
    path.write_text("".join([text[0], ",".join(cells), *text[2:]]), "utf-8")
    refusal(read_table, path, SPECS[name], match=rf"{name}.csv row 2, column price_year: '?2018")


def test_a_share_drifts_by_what_the_sector_grows_beyond_gdp_and_by_nothing_else() -> None:
    """Both starts meet in 2024, and between two months the log of the share moves by G - g."""
    months = 181
    share = (
        dependent_value_added(FACTS, "2009-01")
        * np.exp(growth_path(FACTS, "2009-01", months))
        / gdp_path(FACTS, "2009-01", months)[:, :, None]
    )
    now = dependent_value_added(FACTS, PRICED) / gdp_path(FACTS, PRICED, 1)[0][:, None]
    np.testing.assert_allclose(share[-1], now, rtol=1e-9)


def test_gdp_passes_through_its_table_and_grows_on() -> None:
    """By hand: what is told of 2019 stands at its end; later months grow as 2023 to 2026 do."""
    told = {
        int(row["year"]): row["usd_bn"] * 1000.0 / 12.0
        for row in load_table("gdp").where(state="Japan")
    }
    path = gdp_path(FACTS, "2009-01", 360)[:, JAPAN]
    for year, level in told.items():
        assert path[(year + 1 - 2009) * 12] == pytest.approx(level), year
    assert path[-1] > told[2026] > told[2023]
    yearly = math.log(told[2026] / told[2023]) / 3.0
    assert math.log(path[340] / path[328]) == pytest.approx(yearly)
    np.testing.assert_allclose(gdp_path(FACTS, "2024-01", 100)[:, JAPAN], path[180:280])


def test_a_state_without_a_row_has_its_value_added_times_the_median_ratio() -> None:
    known = [STATE[state] for state in {row["state"] for row in load_table("gdp")}]
    value, rest = dependent_value_added(FACTS).sum(axis=1), STATE["Russia"]
    assert rest not in known
    for start in ("2009-01", "2024-01"):
        ratio = np.exp(np.median(np.log(gdp(FACTS, start)[known] / value[known])))
        assert gdp(FACTS, start)[rest] == pytest.approx(value[rest] * ratio)


def test_a_loss_in_percent_is_the_loss_over_the_gdp_of_the_same_months() -> None:
    """A loss of 1% of each month's GDP is 1%, whenever it falls; refuted where GDP is that of an
    earlier year.
    """
    scenario = fake_scenario(months=36)
    result = FakeResult(scenario, 1)
    months = month_names(scenario.start, scenario.months)
    per_month = dict(
        zip(months, -0.01 * monthly_gdp(Facts.default(), "Japan", months), strict=True)
    )
    table = result.table("macro").copy()
    counted = table[table["state"] == "Japan"].groupby("month", observed=True)["sector"].count()
    table["gdp_effect"] = [
        per_month[month] / counted[month] if state == "Japan" else 0.0
        for month, state in zip(table["month"], table["state"], strict=True)
    ]

    class Losing(FakeResult):
        def table(self, name: str):  # type: ignore[no-untyped-def]
            return table if name == "macro" else super().table(name)

    found = compute_headlines(Losing(scenario, 1))
    assert found["gdp_effect_12m"] == pytest.approx(-1.0)
    assert found["gdp_effect_worst"] == pytest.approx(-1.0)
