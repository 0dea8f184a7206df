"""docs/add-a-state.md, walked: a data folder in which Indonesia leaves the rest of the world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import coercivity
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import load_table
from tests.data_folders import with_facts, write_rows
from tests.names import SECTORS

PAGE = Path(__file__).resolve().parents[2] / "docs/add-a-state.md"
LIVED = """
import coercivity, json
from coercivity.viz.page_data.map_data import play_json
world = coercivity.World("business-as-usual", months=3)
world.run_for(3)
assert abs(world.balance_error()).max() < 1e-6
use = float(world.firms.run[world.firms.state == world.facts.states.index("Indonesia")].sum())
shown = "Indonesia" in play_json(coercivity.run("japan-2026", months=2), "Indonesia", "2026-01")
print(json.dumps([world.facts.states[-1], use, shown]))
"""
NAMED = {"state": "Indonesia", "government": "Indonesia", "region": "South-East Asia"}


def take_from_the_rest(folder: Path, table: str, column: str, amount: float, **key: str) -> None:
    """A part of what the rest of the world has becomes Indonesia's."""
    (rest,) = load_table(table).where(state="Rest of world", **key)
    assert rest[column] > amount
    left = {**rest, column: rest[column] - amount}
    write_rows(folder, table, left, {**rest, "state": "Indonesia", column: amount})


@pytest.fixture
def indonesia(tmp_path: Path) -> Path:
    """All rows that the page asks for."""
    write_rows(tmp_path, "states", NAMED)
    able = {"capability_2009": 0.05, "capability_2024": 0.1}
    audience = {"audience_trade": 0.004, "audience_sovereignty": 0.02}
    write_rows(tmp_path, "governments", {"government": "Indonesia", **able, **audience})
    leverage = {"counter_leverage": 0.2, "low": 0.1, "high": 0.3}
    write_rows(tmp_path, "counter_leverage", {"government": "Indonesia", **leverage})
    gdp = {"year": 2023, "price_year": 2023, "usd_bn": 1371.2}
    write_rows(tmp_path, "gdp", {"state": "Indonesia", **gdp})
    for start, tonnes in (("2024-01", 60.0), ("2009-01", 40.0)):
        key = {"start": start, "sector": "appliances", "good": "motor_standard"}
        take_from_the_rest(tmp_path, "end_use", "tonnes_per_year", tonnes, **key)
    take_from_the_rest(tmp_path, "value_added", "usd_bn", 1.0, sector="appliances")
    spread = {"multiplier": 1.8, "low": 1.4, "high": 2.2}
    rows = ({"state": "Indonesia", "sector": sector, **spread} for sector in SECTORS)
    write_rows(tmp_path, "multipliers", *rows)
    return tmp_path


def test_a_state_of_which_the_tables_know_nothing_costs_one_line(tmp_path: Path) -> None:
    write_rows(tmp_path, "states", NAMED)
    with pytest.raises(InputError, match="no row for government 'Indonesia'") as caught:
        coercivity.run("business-as-usual", months=1, data=tmp_path)
    assert "docs/add-a-state.md" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_state_is_added_by_rows_alone(indonesia: Path) -> None:
    """Every table of the page is written, the books balance, and the map shows the state."""
    page = PAGE.read_text(encoding="utf-8")
    for path in indonesia.glob("*.csv"):
        assert f"`{path.name}`" in page, f"docs/add-a-state.md does not name {path.name}"
    done = with_facts(indonesia, LIVED)
    assert done.returncode == 0, done.stderr
    last, use, shown = json.loads(done.stdout)
    assert (last, shown) == ("Indonesia", True)
    assert use > 0.0
