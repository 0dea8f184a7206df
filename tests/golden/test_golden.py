"""Every shipped scenario gives what it gave when the net was blessed. If it should not: `python -m
tests.golden` explains, `--bless` takes it over.
"""

from __future__ import annotations

import pytest

from tests.golden.blessing import read_blessed
from tests.golden.cases import CASES, Case
from tests.golden.reading import Tables, tables_of


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
    return tables_of(Case("japan-2026-from-2024", 12))
