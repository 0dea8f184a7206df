"""Every shipped scenario gives what it gave when the net was blessed. If it should not: `python -m
tests.golden` explains, `--bless` takes it over.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.golden.blessing import Blessed, read_blessed
from tests.golden.cases import CASES, Case
from tests.golden.reading import Tables, columns, digest, sums, tables_of


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_shipped_scenario_is_as_it_was_blessed(case: Case) -> None:
    tables, blessed = tables_of(case), read_blessed(case)
    changed = blessed.differences(tables)
    months = {name: blessed.first_month(name, tables) for name in changed}
    assert not changed, (
        f"{len(changed)} columns of {case.name} differ, with the first month: {months}; python -m "
        f"tests.golden {case.name}"
    )


@pytest.fixture(scope="module")
def tables() -> Tables:
    return tables_of(Case("japan-2026", 12))


def blessed_of(tables: Tables, probe: str) -> Blessed:
    found = list(columns(tables))
    kept = {
        name: sums(column, table)[0] for name, column, table in found if column.dtype == np.float64
    }
    return Blessed(12, probe, {name: digest(column) for name, column, _ in found}, kept)


def changed_by(tables: Tables, factor: float) -> Tables:
    prices = tables["prices"].copy()
    row = int(np.flatnonzero((prices["month"] == "2024-02") & (prices["paid"] > 1.0))[0])
    prices.loc[row, "paid"] *= factor
    return {**tables, "prices": prices}


def test_the_last_bit_of_one_number_is_noticed_where_it_was_blessed(tables: Tables) -> None:
    from tests.golden.reading import probe

    assert blessed_of(tables, probe()).differences(changed_by(tables, 1.0 + 4e-16)) == [
        "prices.paid"
    ]


def test_another_processor_may_round_and_may_not_differ(tables: Tables) -> None:
    elsewhere = blessed_of(tables, "another")
    assert elsewhere.differences(changed_by(tables, 1.0 + 4e-16)) == []
    assert elsewhere.differences(changed_by(tables, 1.01)) == ["prices.paid"]
    assert elsewhere.first_month("prices.paid", changed_by(tables, 1.01)) == 1
