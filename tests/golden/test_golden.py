"""Every shipped scenario gives what it gave when the net was blessed. If it should not: `python -m
tests.golden` explains, `--bless` takes it over.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.golden import blessing
from tests.golden.blessing import Blessed, bless, read_blessed
from tests.golden.cases import CASES, Case
from tests.golden.explain import first_difference
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


def test_a_word_that_changed_is_noticed_on_any_processor(tables: Tables) -> None:
    events = tables["events"].copy()
    events.loc[0, "text"] = "something else"
    assert blessed_of(tables, "another").differences({**tables, "events": events}) == [
        "events.text"
    ]


def test_the_explanation_names_column_month_row_and_both_values(tables: Tables) -> None:
    told = first_difference(tables, changed_by(tables, 1.01))
    assert "prices.paid, row" in told
    assert "month 2024-02" in told
    assert "before" in told
    assert first_difference(tables, tables) == "no difference in any table"


def test_a_blessing_wants_a_reason_and_leaves_whole_files(
    tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blessing, "FOLDER", tmp_path)
    monkeypatch.setattr(blessing, "DIGESTS", tmp_path / "digests.json")
    monkeypatch.setattr(blessing, "SUMS", tmp_path / "sums.npz")
    case = Case("japan-2026", 12)
    with pytest.raises(ValueError, match="to bless wants a reason"):
        bless([(case, tables)], " ")
    assert not list(tmp_path.iterdir())
    bless([(case, tables)], "a rule of sellers")
    assert read_blessed(case).differences(tables) == []
    assert "a rule of sellers" in (tmp_path / "digests.json").read_text(encoding="utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def crash() -> str:
        raise RuntimeError

    monkeypatch.setattr(blessing, "probe", crash)
    with pytest.raises(RuntimeError):
        bless([(case, changed_by(tables, 1.01))], "another")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
